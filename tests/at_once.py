"""Many people press at the same moment: a thread and a connection for each."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, connections, transaction

from wayhome.lib.refusal import Refused

DONE = "done"


@contextmanager
def beside(act: Callable[[], Any]) -> Iterator[None]:
    """In a transaction: do what is inside, let `act` come to wait for it, commit; then both are
    done.
    """
    faults: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as fault:
            faults.append(fault)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        yield
        thread.start()
        _until_it_waits()
    thread.join(60)
    assert not faults, faults


def _until_it_waits() -> None:
    until = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
            time.sleep(0.02)
    raise AssertionError("nothing waits")


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
