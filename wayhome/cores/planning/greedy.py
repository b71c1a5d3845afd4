"""Plans at hand at once: one family after the other, each on the first day that is left."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from .choices import Choices
from .ledger import Ledger
from .plan import Assignment
from .problem import Family, Problem

Promised = Mapping[str, Assignment]
MOST_ROUNDS = 5  # of bringing forward; each but the last has brought somebody forward


def most_urgent_first(problem: Problem) -> list[Family]:
    """By what a day of waiting costs for each seat that they need."""

    def urgency(one: Family) -> tuple[float, Any, str]:
        waited = (problem.days[0] - one.since).days
        over = problem.objective.over_cap if waited >= problem.objective.cap_days else 0
        return (-(one.weight + over) / one.size, one.since, one.id)

    return sorted(problem.families, key=urgency)


def first_come_first_served(problem: Problem) -> list[Family]:
    """By how long they have waited: what one would do without a plan, to compare with."""
    return sorted(problem.families, key=lambda one: (one.since, one.id))


def greedy(
    choices: Choices,
    promised: Promised | None = None,
    order: Sequence[Family] | None = None,
) -> Ledger:
    """A plan in which promises come first, then families in this order, or by urgency."""
    ledger, urgent = Ledger(choices), most_urgent_first(choices.problem)
    keep(ledger, promised or {})
    fill(ledger, urgent if order is None else order)
    bring_forward(ledger, urgent, promised or {})
    return ledger


def keep(ledger: Ledger, promised: Promised) -> None:
    """Enter what was promised as it was; then, on its day at least, what no longer is to be had."""
    for one in promised.values():
        if ledger.fits(one):
            ledger.enter(one)
    for code, one in promised.items():
        if code not in ledger.placed:
            ledger.place(ledger.problem.family[code], one.day)


def fill(ledger: Ledger, families: Iterable[Family]) -> None:
    """Give each family that has none the first day that is left."""
    for family in families:
        if family.id not in ledger.placed:
            any(ledger.place(family, day) for day in ledger.choices.days(family))


def bring_forward(ledger: Ledger, families: Sequence[Family], promised: Promised) -> None:
    """Let nobody wait for a day where a better one has room. The promised day is the best."""
    for _ in range(MOST_ROUNDS):
        moved = [one for one in families if _brought_forward(ledger, one, promised)]
        fill(ledger, families)
        if not moved:
            return


def _brought_forward(ledger: Ledger, family: Family, promised: Promised) -> bool:
    had = ledger.placed.get(family.id)
    better = _better_days(ledger, family, had, promised.get(family.id))
    if not better:
        return False
    if had:
        ledger.take_out(family.id)
    if any(ledger.place(family, day) for day in better):
        return True
    if had:
        ledger.enter(had)
    return False


def _better_days(
    ledger: Ledger, family: Family, had: Assignment | None, was: Assignment | None
) -> list[date]:
    if had and was and had.day == was.day:
        return []
    first = [was.day] if was and ledger.choices.of(family, was.day) else []
    return first + [day for day in ledger.choices.days(family) if had is None or day < had.day]
