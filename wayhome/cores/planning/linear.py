"""The counts as a linear program, and as one in whole numbers: both by HiGHS.

What the linear program costs, no plan undercuts; it takes half a second for five hundred families,
of whom it sends a hundred in parts. It says of each day of each family by how much a plan with that
day costs more, at least: so a search in whole numbers may leave out days that cost too much, and
takes seconds. docs/methods/planning.md, section 5.
"""

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from .counting import Counted, Counts
from .problem import Family
from .searching import SEED, Limits, Progress, Watch, solved

EXACT_WITHIN = 1e-6  # the solver's numbers are floats: so much of a bound is given away
IN_WHOLE = 1000  # costs are thousandths; the solver is given whole ones, which it can scale
NEAR_ENOUGH = 0.0005  # of the cost: seating the families costs more
HALF_A_THOUSANDTH = 0.0005
NODES = 20  # of the search tree, for each unit of effort
Vector = NDArray[np.float64]


@dataclass(frozen=True)
class Relaxed:
    """What no plan undercuts; when each family travels, in days after the first; and what more.

    `more` has, for each variable of the counts, by how much it raises the cost at least, for each
    one of it; in thousandths.
    """

    bound: int
    after_days: dict[str, float]
    more: Vector

    def order(self, families: tuple[Family, ...]) -> list[Family]:
        """The families, first those who travel first."""
        return sorted(families, key=lambda one: (self.after_days[one.id], one.id))


class Program:
    """Rows, columns and costs of the counts as they are now. Costs in thousandths."""

    def __init__(self, counts: Counts, costs: Mapping[Any, int], offset: int = 0) -> None:
        self.counts = counts
        proto = counts.model.proto
        domains = [list(one.domain) for one in proto.variables]
        self.costs = np.zeros(len(domains))
        for variable, cost in costs.items():
            self.costs[variable.index] = cost
        self._lp = highspy.HighsLp()
        self._lp.offset_ = offset / IN_WHOLE
        self._lp.num_col_ = len(domains)
        self._lp.col_cost_ = self.costs / IN_WHOLE
        self._lp.col_lower_ = np.array([one[0] for one in domains], float)
        self.most = np.array([one[-1] for one in domains], float)
        self._add_rows([row for one in proto.constraints if (row := _row(one))])

    def _add_rows(self, rows: list[tuple[float, float, list[int], list[int]]]) -> None:
        lp, matrix = self._lp, self._lp.a_matrix_
        lp.num_row_ = len(rows)
        lp.row_lower_ = np.array([least for least, *_ in rows], float)
        lp.row_upper_ = np.array([most for _, most, *_ in rows], float)
        matrix.format_ = highspy.MatrixFormat.kRowwise
        matrix.num_col_, matrix.num_row_ = lp.num_col_, lp.num_row_
        ends = np.cumsum([0, *(len(places) for *_, places, _ in rows)])
        matrix.start_ = ends.astype(np.int32)
        matrix.index_ = np.array([one for *_, places, _ in rows for one in places], np.int32)
        matrix.value_ = np.array([one for *_, factors in rows for one in factors], float)

    def solver(self, *, whole: bool, left_out: NDArray[np.bool_] | None = None) -> highspy.Highs:
        """HiGHS with this program, in whole numbers or not; of what is left out there is none."""
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        self._lp.integrality_ = [kind] * self._lp.num_col_
        self._lp.col_upper_ = self.most if left_out is None else np.where(left_out, 0, self.most)
        solver = highspy.Highs()
        solver.silent()
        solver.setOptionValue("random_seed", SEED)
        solver.passModel(self._lp)
        return solver

    def relaxed(self, seconds: float) -> Relaxed | None:
        """The linear program's answer, if it is found in time."""
        solver = self.solver(whole=False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("time_limit", seconds)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        found = solver.getSolution()
        bound = least_of(solver.getInfo().objective_function_value)
        more = np.array(found.col_dual) * IN_WHOLE
        return Relaxed(bound, self._after_days(np.array(found.col_value)), more)

    def _after_days(self, values: Vector) -> dict[str, float]:
        """The average day of each family; what is left of it travels after the last day."""
        problem = self.counts.problem
        first = problem.days[0]
        never = (problem.days[-1] - first).days + problem.objective.unplaced_days
        after = {one.id: float(never) for one in problem.families}
        for (code, day), one in self.counts.travels.items():
            after[code] -= float(values[one.index]) * (never - (day - first).days)
        return after


class WholeSearch:
    """A search in whole numbers, done when this is made; as `Search`, by HiGHS."""

    def __init__(
        self,
        program: Program,
        limits: Limits,
        watch: Watch,
        left_out: NDArray[np.bool_],
        start: Vector,
    ) -> None:
        self.program, self._limits, self._watch = program, limits, watch
        self._begun = time.perf_counter()
        self.is_whole = not left_out.any()
        self._solver = program.solver(whole=True, left_out=left_out)
        self._limit()
        self._solver.HandleUserInterrupt = True
        self._solver.cbMipImprovingSolution += self._tell
        begin = highspy.HighsSolution()
        begin.col_value = start
        self._solver.setSolution(begin)
        self.asked = solved(self._solver.run, self._solver.cancelSolve, watch)

    def _limit(self) -> None:
        set_to, limits = self._solver.setOptionValue, self._limits
        set_to("threads", limits.workers)
        set_to("mip_abs_gap", HALF_A_THOUSANDTH)
        set_to("mip_rel_gap", limits.gap if self.is_whole else max(NEAR_ENOUGH, limits.gap))
        if limits.seconds is None:
            set_to("mip_max_nodes", math.ceil(limits.effort * NODES))
        else:
            set_to("time_limit", max(0.01, limits.seconds))

    def _tell(self, event: Any) -> None:
        out = event.data_out
        objective = round(out.objective_function_value * IN_WHOLE)
        bound = least_of(out.mip_dual_bound) if self.is_whole else 0
        self._watch.hear(Progress(time.perf_counter() - self._begun, objective, bound))

    @property
    def found(self) -> bool:
        status = self._solver.getInfo().primal_solution_status
        return bool(status == highspy.SolutionStatus.kSolutionStatusFeasible)

    @property
    def objective(self) -> int:
        return round(float(self._solver.getInfo().objective_function_value) * IN_WHOLE)

    @property
    def least(self) -> int:
        """What no solution undercuts, if nothing was left out."""
        return least_of(self._solver.getInfo().mip_dual_bound)

    @property
    def ended(self) -> str:
        """What ended the search."""
        if self._solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
            return "proven" if self.is_whole and self.objective <= self.least else "gap"
        if self.asked:
            return "asked"
        return "effort" if self._limits.seconds is None else "seconds"

    @property
    def values(self) -> Vector:
        """The whole number of each variable."""
        found: Vector = np.rint(np.array(self._solver.getSolution().col_value))
        return found

    def counted(self, bound: int) -> Counted:
        """What was found, with what is known that no plan undercuts."""
        values = self.values

        def of(variables: Mapping[Any, Any]) -> dict[Any, int]:
            return {key: int(values[one.index]) for key, one in variables.items()
                    if values[one.index]}  # fmt: skip

        counts = self.program.counts
        days: dict[str, date] = dict(of(counts.travels).keys())
        return Counted(days, of(counts.convoys), of(counts.escorts), bound, self.ended)


def least_of(value: float) -> int:
    """A bound in whole ones as thousandths, of which every cost is a whole number."""
    if not math.isfinite(value):
        return 0
    return max(0, math.ceil((value - EXACT_WITHIN * abs(value)) * IN_WHOLE - EXACT_WITHIN))


def _row(constraint: Any) -> tuple[float, float, list[int], list[int]] | None:
    """One constraint as least, most, places and factors; others follow from variables' bounds."""
    if constraint.has_linear():
        least, *_, most = list(constraint.linear.domain)
        places, factors = list(constraint.linear.vars), list(constraint.linear.coeffs)
    elif constraint.has_at_most_one():
        least, most = cp_model.INT_MIN, 1
        places = list(constraint.at_most_one.literals)
        factors = [1] * len(places)
    else:
        return None
    return (
        -highspy.kHighsInf if least == cp_model.INT_MIN else least,
        highspy.kHighsInf if most == cp_model.INT_MAX else most,
        places,
        factors,
    )
