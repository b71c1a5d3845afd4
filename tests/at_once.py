"""Many people press at the same moment: a thread and a connection for each."""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from wayhome.lib.refusal import Refused

DONE = "done"


def all_at_once(acts: Sequence[Callable[[], Any]], what: str = "") -> Counter[str]:
    """Call all at once; count how each came out: "done", or the code of the refusal.

    Whatever is no ordinary refusal is counted under its class: a test wants none of those.
    """
    ready, came = threading.Barrier(len(acts)), []

    def one(act: Callable[[], Any]) -> None:
        try:
            connections["default"].ensure_connection()
            ready.wait(timeout=30)
            act()
            came.append(DONE)
        except Refused as refused:
            came.append(refused.refusal.code)
        except BaseException as fault:
            came.append(f"{type(fault).__name__}: {fault}"[:200])
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    outcome = Counter(came)
    told = ", ".join(f"{number} {how}" for how, number in outcome.most_common())
    print(f"{what or 'press'}, {len(acts)} at once: {told}")
    return outcome
