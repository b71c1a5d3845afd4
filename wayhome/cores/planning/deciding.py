"""Who travels on which day: as many promises as can be kept, then least waiting. By counts."""

import math
import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .counting import Counted, Counts
from .greedy import Promised
from .ledger import Ledger
from .linear import IN_WHOLE, Program, Relaxed, WholeSearch
from .searching import Limits, Watch

# Days that raise the cost by more than this share of it are left out; then by more; then none is.
TOO_DEAR = (0.0005, 0.004, math.inf)
FEW = 3_000  # days of families: so many are searched without leaving any out
NEAR_ENOUGH = 0.002  # of the bound: what is left is lost or won by seating


def waiting(counts: Counts) -> Program:
    """The program of what the plan costs."""
    costs = {variable: counts.saved[key] for key, variable in counts.travels.items()}
    return Program(counts, costs, counts.most)


def most_promises(
    counts: Counts, promised: Promised, ledger: Ledger, limits: Limits, watch: Watch
) -> int:
    """How many promised days any plan can keep, at most; as many as were found are kept from here.

    `ledger` is a plan at hand. Of other days none is looked at: whoever cannot travel as promised
    takes nothing from the others by not travelling at all.
    """
    days, start = counts.promised(promised), counts.values(ledger)
    kept = at_most = round(float(sum(start[one.index] for one in days)))
    if kept < len(days):
        program = Program(counts, dict.fromkeys(days, -IN_WHOLE), len(days) * IN_WHOLE)
        others = np.zeros(len(start), dtype=bool)
        others[[one.index for one in counts.travels.values()]] = True
        others[[one.index for one in days]] = False
        search = WholeSearch(program, limits, watch.quiet(), others, start)
        at_most = len(days) - math.ceil(search.least / IN_WHOLE)
        if search.found:
            kept = max(kept, len(days) - round(search.objective / IN_WHOLE))
    counts.keep(days, kept)
    return max(kept, at_most)


def decided(
    program: Program,
    answer: Relaxed,
    ledger: Ledger,
    promised: Promised,
    limits: Limits,
    watch: Watch,
) -> Counted | None:
    """The days with least waiting that were found within the limits, if any were.

    `program` is that of waiting, `ledger` a plan at hand. First few days are searched, those that
    the linear program finds near the best; if what comes of it is not near enough to its bound,
    more of them.
    """
    counts = program.counts
    begun, start = time.perf_counter(), counts.values(ledger)
    kept = start > 0
    kept[[one.index for one in counts.promised(promised)]] = True
    best: WholeSearch | None = None
    bound = answer.bound
    for share in TOO_DEAR:
        left_out = _too_dear(counts, answer, share) & ~kept
        search = WholeSearch(program, _left(limits, begun), watch, left_out, start)
        if search.is_whole:
            bound = max(bound, search.least)
        if search.found and (best is None or search.objective <= best.objective):
            best, start = search, search.values
        if best is None or search.is_whole or search.ended != "gap":
            break
        if best.objective - bound <= max(NEAR_ENOUGH, limits.gap) * bound:
            break
    return None if best is None else best.counted(bound)


def _too_dear(counts: Counts, answer: Relaxed, share: float) -> NDArray[np.bool_]:
    """The days of families that raise the cost by so much; none, where there are few."""
    found = np.zeros(len(answer.more), dtype=bool)
    if len(counts.travels) > FEW:
        days = [one.index for one in counts.travels.values()]
        found[days] = answer.more[days] > share * answer.bound
    return found


def _left(limits: Limits, begun: float) -> Limits:
    if limits.seconds is None:
        return limits
    return replace(limits, seconds=limits.seconds - (time.perf_counter() - begun))
