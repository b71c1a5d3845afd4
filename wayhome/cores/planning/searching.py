"""One search by CP-SAT: its limits, how it tells its progress, and how it ended."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from ortools.sat.python import cp_model

POLL_SECONDS = 0.1  # so long may pass before a search hears that it is to stop
SEED = 20220302


@dataclass(frozen=True)
class Limits:
    """When to stop. `effort` is CP-SAT's deterministic time: the same wherever it is counted.

    Without `seconds` the same problem gives the same plan on every machine with this version of
    OR-tools; with it, how fast the machine is has a say.
    """

    seconds: float | None = None
    effort: float = 10.0
    gap: float = 0.0
    workers: int = 2

    def share(self, part: float) -> "Limits":
        """Part of the time and effort."""
        seconds = None if self.seconds is None else self.seconds * part
        return replace(self, seconds=seconds, effort=self.effort * part)


@dataclass(frozen=True)
class Progress:
    """How far a search has come. Costs in thousandths, of the best plan and of the bound."""

    seconds: float
    objective: int
    bound: int


@dataclass(frozen=True)
class Watch:
    """Who hears of progress, and who may end the search before its limits."""

    hear: Callable[[Progress], None] = lambda progress: None
    stop: Callable[[], bool] = lambda: False

    def quiet(self) -> "Watch":
        return replace(self, hear=lambda progress: None)


def solved(solve: Callable[[], object], end: Callable[[], object], watch: Watch) -> bool:
    """Solve; whether it was asked to stop, and then by `end`.

    The solver has a thread of its own, so that this one hears who wants it to stop.
    """
    asked, solving = False, threading.Thread(target=solve)
    solving.start()
    try:
        while solving.is_alive():
            solving.join(POLL_SECONDS)
            if watch.stop():
                asked = True
                end()
    except KeyboardInterrupt:
        end()
        solving.join()
        raise
    return asked


class Search:
    """A search, done when this is made."""

    def __init__(self, model: cp_model.CpModel, limits: Limits, watch: Watch) -> None:
        self._solver = cp_model.CpSolver()
        self._limits, self._watch = limits, watch
        self._limit()
        self._status: Any = cp_model.UNKNOWN
        self.asked = solved(lambda: self._solve(model), self._solver.stop_search, watch)

    def _limit(self) -> None:
        parameters, limits = self._solver.parameters, self._limits
        parameters.num_workers = limits.workers
        parameters.random_seed = SEED
        parameters.relative_gap_limit = limits.gap
        parameters.catch_sigint_signal = False
        if limits.seconds is None:
            parameters.max_deterministic_time = limits.effort
            parameters.interleave_search = True  # the same steps in the same order
        else:
            parameters.max_time_in_seconds = max(0.01, limits.seconds)

    def _solve(self, model: cp_model.CpModel) -> None:
        self._status = self._solver.solve(model, _Telling(self._tell))

    def _tell(self, seconds: float, objective: float, bound: float) -> None:
        self._watch.hear(Progress(seconds, round(objective), math.ceil(bound - 1e-6)))

    @property
    def found(self) -> bool:
        return self._status in (cp_model.OPTIMAL, cp_model.FEASIBLE)

    @property
    def objective(self) -> float:
        return self._solver.objective_value

    @property
    def bound(self) -> float:
        return self._solver.best_objective_bound

    @property
    def least(self) -> int:
        """What no solution undercuts, where the objective is made least."""
        return math.ceil(self.bound - 1e-6)

    def value(self, variable: Any) -> int:
        return int(self._solver.value(variable))

    @property
    def ended(self) -> str:
        """What ended the search."""
        if self._status == cp_model.OPTIMAL and self.objective <= self.least:
            return "proven"
        if self.found and self.objective - self.bound <= self._limits.gap * abs(self.objective):
            return "gap"
        if self.asked:
            return "asked"
        return "effort" if self._limits.seconds is None else "seconds"


class _Telling(cp_model.CpSolverSolutionCallback):
    def __init__(self, tell: Callable[[float, float, float], None]) -> None:
        super().__init__()
        self._tell = tell

    def on_solution_callback(self) -> None:
        self._tell(self.wall_time, self.objective_value, self.best_objective_bound)
