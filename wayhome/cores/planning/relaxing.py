"""The counts without whole numbers: a linear program, whose parts of families say who goes first.

Solved in a second by GLOP. What it costs, no plan undercuts; and the day on which a family travels
on average, half on Monday and half on Thursday, is a better order than its urgency alone.
"""

import math
from dataclasses import dataclass
from datetime import date

from ortools.linear_solver import pywraplp
from ortools.sat.python import cp_model

from .counting import Counts
from .problem import Family

EXACT_WITHIN = 1e-6  # GLOP's numbers are floats: so much of the bound is given away
MILLISECONDS = 1000


@dataclass(frozen=True)
class Relaxed:
    """What no plan undercuts, and when each family travels, in days after the first."""

    bound: int
    after_days: dict[str, float]

    def order(self, families: tuple[Family, ...]) -> list[Family]:
        """The families, first those who travel first."""
        return sorted(families, key=lambda one: (self.after_days[one.id], one.id))


def relaxed(counts: Counts, seconds: float) -> Relaxed | None:
    """The linear program's answer, if it is found in time."""
    solver = pywraplp.Solver.CreateSolver("GLOP")
    solver.SetTimeLimit(max(1, int(seconds * MILLISECONDS)))
    proto = counts.model.proto
    variables = []
    for one in proto.variables:
        domain = list(one.domain)
        variables.append(solver.NumVar(domain[0], domain[-1], ""))
    for constraint in proto.constraints:
        _add(solver, variables, constraint)
    objective = solver.Objective()
    objective.SetMinimization()
    for key, saved in counts.saved.items():
        objective.SetCoefficient(variables[counts.travels[key].index], saved)
    objective.SetOffset(counts.most)
    if solver.Solve() != pywraplp.Solver.OPTIMAL:
        return None
    found = {key: variables[one.index].solution_value() for key, one in counts.travels.items()}
    return Relaxed(_bound(objective.Value()), _after_days(counts, found))


def _add(solver: pywraplp.Solver, variables: list[pywraplp.Variable], constraint: object) -> None:
    """One constraint; others than sums follow from the bounds of the variables."""
    if constraint.has_linear():  # type: ignore[attr-defined]
        linear = constraint.linear  # type: ignore[attr-defined]
        least, *_, most = list(linear.domain)
        terms = list(zip(linear.vars, linear.coeffs, strict=True))
    elif constraint.has_at_most_one():  # type: ignore[attr-defined]
        least, most = cp_model.INT_MIN, 1
        terms = [(one, 1) for one in constraint.at_most_one.literals]  # type: ignore[attr-defined]
    else:
        return
    row = solver.Constraint(
        -solver.infinity() if least == cp_model.INT_MIN else least,
        solver.infinity() if most == cp_model.INT_MAX else most,
    )
    for place, factor in terms:
        row.SetCoefficient(variables[place], factor)


def _bound(value: float) -> int:
    return math.floor(value - EXACT_WITHIN * abs(value))


def _after_days(counts: Counts, found: dict[tuple[str, date], float]) -> dict[str, float]:
    """The average day of each family; what is left of it travels after the last day."""
    problem = counts.problem
    first = problem.days[0]
    never = (problem.days[-1] - first).days + problem.objective.unplaced_days
    after = {one.id: float(never) for one in problem.families}
    for (code, day), share in found.items():
        after[code] -= share * (never - (day - first).days)
    return after
