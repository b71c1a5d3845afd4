"""`python -m tools.bench_planning`: how good plans are, and how soon, on invented problems.

Each problem is planned by first come, first served; greedily; and within the seconds of a search.
Then its busiest crossing is closed for ten days, and it is planned anew with the days of the plan
as promises. All of it in one run, and all plans are checked by the checker. Beside the clock stands
what the processors really gave: a machine with others at work gives less.
"""

import argparse
import json
import os
import platform
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from wayhome.cores.planning import (
    Limits,
    Plan,
    Problem,
    first_come_first_served,
    plan,
    plan_at_once,
    read_problem,
    read_promises,
)
from wayhome.cores.planning.choices import Choices
from wayhome.cores.planning.greedy import greedy
from wayhome.cores.planning_trials.checking import faults_of
from wayhome.cores.planning_trials.invented import invented

CLOSED_DAYS = 10


@dataclass
class Row:
    """One plan of one problem."""

    what: str
    placed: int
    waiting: float
    bound: float | None
    seconds: float
    processor: float
    kept: str = ""

    def cells(self) -> list[str]:
        gap = "" if self.bound is None else f"{100 * (1 - self.bound / self.waiting):.2f} %"
        bound = "" if self.bound is None else f"{self.bound:,.0f}"
        return [
            *(self.what, str(self.placed), f"{self.waiting:,.0f}", bound, gap),
            *(f"{self.seconds:.1f}", f"{self.processor:.1f}", self.kept),
        ]


class Clock:
    """Seconds on the wall and of the processors."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def spent(self) -> tuple[float, float]:
        return time.perf_counter() - self._wall, time.process_time() - self._processor


def measured(numbers: tuple[int, int, int], seed: int, limits: Limits, again: Limits) -> list[Row]:
    """The rows of one problem."""
    document = invented(*numbers, seed)
    problem = read_problem(document)
    clock = Clock()
    served = greedy(Choices(problem), {}, first_come_first_served(problem))
    rows = [Row("first come, first served", len(served.placed), served.cost / 1000, None,
                *clock.spent())]  # fmt: skip
    clock = Clock()
    rows.append(_row("greedy", document, plan_at_once(problem), clock))
    clock = Clock()
    best = plan(problem, limits)
    rows.append(_row("improved", document, best, clock))
    rows.append(_anew(document, best, again))
    return rows


def _row(what: str, document: Any, found: Plan, clock: Clock) -> Row:
    spent = clock.spent()
    if faults := faults_of(document, json.loads(json.dumps(found.as_dict()))):
        raise SystemExit(f"{what}: {faults[0]}")
    kept = found.promises
    return Row(
        *(what, len(found.assignments), found.objective / 1000, found.bound / 1000, *spent),
        kept=f"{kept.kept} of {kept.made}, {kept.at_most} at most" if kept else "",
    )


def _anew(document: Any, found: Plan, limits: Limits) -> Row:
    """Close the busiest crossing for some days in the middle, and plan again."""
    first = found.assignments[len(found.assignments) // 2].day
    last = first + timedelta(days=CLOSED_DAYS - 1)
    busy = Counter(one.crossing for one in found.assignments if first <= one.day <= last)
    closed = {"crossing": busy.most_common(1)[0][0], "days": [[str(first), str(last)]]}
    shut = document | {"closures": [*document["closures"], closed]}
    problem: Problem = read_problem(shut)
    clock = Clock()
    again = plan(problem, limits, read_promises(found.as_dict(), problem))
    return _row("planned anew", shut, again, clock)


HEADING = (
    *("plan", "families with a day", "waiting", "at least", "gap"),
    *("seconds", "of a processor", "promises kept"),
)


def table(rows: list[Row]) -> str:
    """A table as docs/ has it."""
    lines = [list(HEADING), ["---"] * len(HEADING), *(one.cells() for one in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--families", type=int, default=500)
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--crossings", type=int, default=4)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--again", type=float, default=5, help="seconds for planning anew")
    parser.add_argument("--effort", type=float, help="instead of seconds: a search of this effort")
    chosen = parser.parse_args()
    limits, again = Limits(seconds=chosen.seconds), Limits(seconds=chosen.again)
    if chosen.effort:
        limits, again = Limits(effort=chosen.effort), Limits(effort=chosen.effort / 6)
    numbers = (chosen.families, chosen.days, chosen.crossings)
    print(f"{numbers[0]} families, {numbers[1]} days, {numbers[2]} crossings; Python "
          f"{platform.python_version()}, {os.cpu_count()} processors, "
          f"load {os.getloadavg()[0]:.1f}")  # fmt: skip
    for seed in chosen.seeds:
        print(f"\nSeed {seed}:\n\n{table(measured(numbers, seed, limits, again))}", flush=True)


if __name__ == "__main__":
    main()
