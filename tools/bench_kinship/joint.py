"""Joint identification on events of the schema wayhome-dvi/1: the time of who is who.

Ours are the reference events of the tests. Events of others are measured where their files are.
The peer is dvir, where R has it.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tools.bench_kinship.measured import Measured
from tools.bench_kinship.peers import DVIR
from wayhome.cores.kinship.events import read_event
from wayhome.cores.kinship.files import read_document
from wayhome.cores.kinship.joint import Joint, identify

OURS = Path(__file__).parents[2] / "tests" / "cores" / "kinship" / "reference" / "dvi"
MILLISECONDS = {"planecrash": 100.0}  # to be reached, by the code of the event
RUNS = 3  # of which the fastest is told
AGREES = 1e-8  # between logarithms, where the frequencies have fifteen digits


def measured(others: Sequence[Path], *, with_peer: bool = False) -> Iterator[Measured]:
    """Every event, from its document to all posteriors."""
    for path in (*sorted(OURS.glob("*.json")), *others):
        yield of_event(path, with_peer=with_peer)


def of_event(path: Path, *, with_peer: bool = False) -> Measured:
    document, _ = read_document(path)
    spent = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        found = identify(read_event(document))
        spent.append((time.perf_counter() - begun) * 1000)
    _check(document, found)
    event = found.event
    what = f"who is who in {event.id}, {len(event.remains)} remains × {len(event.missing)} missing"
    reach = MILLISECONDS.get(event.id)
    peer = _of_peer(document, found) if with_peer else None
    return Measured(f"{what}, {_how(found)}", min(spent), "ms", reach, {DVIR.name: peer})


def _of_peer(document: dict[str, Any], found: Joint) -> float | None:
    """The milliseconds of the peer on the same event; None where it gives up."""
    try:
        [[_, best, seconds]] = DVIR.answers(document)
    except RuntimeError:
        return None
    if abs(found.rows[0].log_likelihood - float(best)) > AGREES:
        raise SystemExit(
            f"{found.event.id}: the best way has {found.rows[0].log_likelihood}, dvir {best}"
        )
    return float(seconds) * 1000


def _how(found: Joint) -> str:
    ways = "ways beyond counting" if found.ways is None else f"{found.ways:,} ways"
    return f"{ways}, exact" if found.exact else f"{ways}, {found.left_out:.1g} left out"


def _check(document: dict[str, Any], found: Joint) -> None:
    """A wrong answer is not worth its time."""
    if "expected" not in document:
        return
    best = document["expected"]["joint_top"][0]["loglik"]
    if abs(found.rows[0].log_likelihood - best) > AGREES:
        raise SystemExit(
            f"{found.event.id}: the best way has {found.rows[0].log_likelihood}, expected {best}"
        )
