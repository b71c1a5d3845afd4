"""Why this day, and why no day: the rules that stand against each day that would be better."""

from collections.abc import Iterable
from datetime import date

from .choices import RULES
from .greedy import Promised
from .ledger import Ledger
from .plan import Assignment, Barred, Broken, Promises, Unplaced
from .problem import Family


def why(ledger: Ledger) -> dict[str, tuple[Barred, ...]]:
    """For each family with a day: by which rules it does not travel on the days before.

    Rules of the family itself, and of what is open on the day, would stand in any plan. All others
    say what the other families of this plan have taken.
    """
    found = {}
    for code, had in list(ledger.placed.items()):
        family = ledger.problem.family[code]
        ledger.take_out(code)
        earlier = [day for day in ledger.problem.days if day < had.day]
        found[code] = barred_days(ledger, family, earlier)
        ledger.enter(had)
    return found


def unplaced(ledger: Ledger) -> tuple[Unplaced, ...]:
    """The families without a day, each with the rules that bar it."""
    left = (one for one in ledger.problem.families if one.id not in ledger.placed)
    return tuple(_unplaced(ledger, one) for one in left)


def _unplaced(ledger: Ledger, family: Family) -> Unplaced:
    reasons = barred_days(ledger, family, ledger.problem.days)
    return Unplaced(family.id, in_order(rule for one in reasons for rule in one.rules), reasons)


def barred_days(ledger: Ledger, family: Family, days: Iterable[date]) -> tuple[Barred, ...]:
    """The days that are barred or taken, those with the same rules together."""
    found: dict[tuple[str, ...], list[date]] = {}
    for day in days:
        _, rules = ledger.find(family, day)
        if rules:
            found.setdefault(in_order(rules), []).append(day)
    return tuple(Barred(rules, tuple(those)) for rules, those in found.items())


def in_order(rules: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(rules), key=RULES.index))


def promises(ledger: Ledger, promised: Promised, at_most: int) -> Promises:
    """Which promised days are kept, and by which rules the others are not."""
    broken, changed = [], []
    for code, was in promised.items():
        now = ledger.placed.get(code)
        if now is None or now.day != was.day:
            broken.append(Broken(was, now, _rules_against(ledger, was)))
        elif now != was:
            changed.append((was, now))
    kept = len(promised) - len(broken)
    return Promises(len(promised), kept, at_most, tuple(broken), tuple(changed))


def _rules_against(ledger: Ledger, was: Assignment) -> tuple[str, ...]:
    """Why a family cannot travel on the day that it was promised."""
    now = ledger.take_out(was.family) if was.family in ledger.placed else None
    _, rules = ledger.find(ledger.problem.family[was.family], was.day)
    if now:
        ledger.enter(now)
    return in_order(rules)
