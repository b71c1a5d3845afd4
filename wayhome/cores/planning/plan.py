"""A plan: who travels when, how, and by which way out; who does not yet, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from .problem import SCHEMA, Problem
from .reading import THOUSAND, At

PLAN_KEYS = ("schema", "assignments", "unplaced", "objective", "bound", "gap", "seconds")
MORE_PLAN_KEYS = ("method", "ended", "moved", "promises", "rests_on")
ASSIGNMENT_KEYS = (*("family", "day", "crossing", "vehicle", "escort", "route", "shelter", "exit"),)


@dataclass(frozen=True)
class Assignment:
    """One family's day, and all that it was given."""

    family: str
    day: date
    crossing: str
    vehicle: str
    escort: str
    route: str
    shelter: str
    exit: str

    def as_dict(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in ASSIGNMENT_KEYS} | {"day": self.day.isoformat()}


@dataclass(frozen=True)
class Barred:
    """Some days, and the rules by which a family does not travel on them."""

    rules: tuple[str, ...]
    days: tuple[date, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"rules": list(self.rules), "days": [day.isoformat() for day in self.days]}


@dataclass(frozen=True)
class Unplaced:
    """A family without a day, and what stands against each of them."""

    family: str
    rules: tuple[str, ...]
    why: tuple[Barred, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "family": self.family,
            "rules": list(self.rules),
            "why": [one.as_dict() for one in self.why],
        }


@dataclass(frozen=True)
class Broken:
    """A promise that could not be kept: what was promised, what is given, and by which rules."""

    was: Assignment
    now: Assignment | None
    rules: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "family": self.was.family,
            "was": {"day": self.was.day.isoformat(), "crossing": self.was.crossing},
            "now": self.now and {"day": self.now.day.isoformat(), "crossing": self.now.crossing},
            "rules": list(self.rules),
        }


@dataclass(frozen=True)
class Promises:
    """What became of the days of an earlier plan.

    A promise is a family's day. `at_most` bounds how many of them any plan can keep; `changed` are
    families who keep their day and are given something else on it: what, of old and new.
    """

    made: int
    kept: int
    at_most: int
    broken: tuple[Broken, ...]
    changed: tuple[tuple[Assignment, Assignment], ...]

    def as_dict(self) -> dict[str, Any]:
        return {
            "made": self.made,
            "kept": self.kept,
            "kept_at_most": self.at_most,
            "broken": [one.as_dict() for one in self.broken],
            "changed": [_change(was, now) for was, now in self.changed],
        }


def _change(was: Assignment, now: Assignment) -> dict[str, Any]:
    old, new = was.as_dict(), now.as_dict()
    what = {key: [old[key], new[key]] for key in ASSIGNMENT_KEYS if old[key] != new[key]}
    return {"family": was.family, **what}


@dataclass(frozen=True)
class Plan:
    """A plan of a problem. Costs in thousandths of a weighted day.

    No plan costs less than `bound` (with as many promises kept as here, if there were any).
    `method`: greedy or improved. `ended`: what ended the search: proven, gap, effort, seconds,
    asked, none. `moved`: families for whom the counts had a day, and seats, escorts or beds had
    none; they travel on another.
    """

    assignments: tuple[Assignment, ...]
    unplaced: tuple[Unplaced, ...]
    objective: int
    bound: int
    seconds: float = 0.0
    method: str = "greedy"
    ended: str = "none"
    moved: tuple[str, ...] = ()
    promises: Promises | None = None
    why: Mapping[str, tuple[Barred, ...]] = field(default_factory=dict)

    @property
    def days(self) -> dict[str, date]:
        """The day of each family that has one."""
        return {one.family: one.day for one in self.assignments}

    @property
    def gap(self) -> float:
        """How far the plan may be from the best one, as a share of what it costs."""
        return (self.objective - self.bound) / self.objective if self.objective else 0.0

    def as_dict(self) -> dict[str, Any]:
        """The plan as its file has it, docs/methods/planning.md, section 3."""
        return {
            "schema": SCHEMA,
            "assignments": [
                one.as_dict() | {"why": [x.as_dict() for x in self.why.get(one.family, ())]}
                for one in self.assignments
            ],
            "unplaced": [one.as_dict() for one in self.unplaced],
            "objective": self.objective / THOUSAND,
            "bound": self.bound / THOUSAND,
            "gap": round(self.gap, 6),
            "seconds": round(self.seconds, 3),
            "method": self.method,
            "ended": self.ended,
            "moved": list(self.moved),
            "promises": self.promises and self.promises.as_dict(),
        }


def read_promises(document: Any, problem: Problem) -> dict[str, Assignment]:
    """The assignments of an earlier plan, by family. Raises MalformedProblem.

    Who is no longer to be planned is not looked for; nor is a day that has gone by. What else the
    plan names may be gone too: a bus that broke down is a reason for planning anew.
    """
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    at.knows(PLAN_KEYS, MORE_PLAN_KEYS)
    found: dict[str, Assignment] = {}
    for one in at.get("assignments"):
        one.knows(ASSIGNMENT_KEYS, ("why",))
        codes = {key: one.get(key).text() for key in ASSIGNMENT_KEYS if key != "day"}
        if codes["family"] in found:
            raise one.get("family").wrong("each family once")
        found[codes["family"]] = Assignment(day=one.get("day").day(), **codes)
    return {code: one for code, one in found.items() if code in problem.family}
