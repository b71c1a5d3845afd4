"""Who travels on which day, so that waiting is least. Method: docs/methods/planning.md."""

from .faults import MalformedProblem, PlanningError
from .greedy import first_come_first_served
from .plan import Assignment, Barred, Broken, Plan, Promises, Unplaced, read_promises
from .problem import Problem, read_problem
from .reading import parsed_document
from .searching import Limits, Progress, Watch
from .solving import plan, plan_at_once

__all__ = [
    "Assignment",
    "Barred",
    "Broken",
    "Limits",
    "MalformedProblem",
    "Plan",
    "PlanningError",
    "Problem",
    "Progress",
    "Promises",
    "Unplaced",
    "Watch",
    "first_come_first_served",
    "parsed_document",
    "plan",
    "plan_at_once",
    "read_problem",
    "read_promises",
]
