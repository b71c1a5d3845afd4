"""What each family could be given on each day, if it were alone; and what bars the other days.

Everything here follows from one family and one day. What others have taken is in ledger.py.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any, TypeVar

from .problem import (
    LEAST_BAGGAGE_KG,
    Escort,
    Exit,
    Family,
    Problem,
    Route,
    Shelter,
    Vehicle,
)
from .reading import Periods

# The rules by which a day is barred or taken, in the order in which they are told.
RULES = (
    *("days", "free", "same_day", "fit", "route", "closed", "danger", "opens", "places"),
    *("vehicle", "seats", "escort", "language", "woman_escort", "hours", "rest"),
    *("shelter", "papers", "baggage", "exit"),
)
NOTHING: frozenset[str] = frozenset()
Item = TypeVar("Item")
Left = tuple[tuple[Item, ...], frozenset[str]]  # what passed, or by which rules all else fell


@dataclass(frozen=True)
class Choice:
    """All that a family could be given on a day."""

    routes: tuple[Route, ...]
    vehicles: tuple[Vehicle, ...]
    escorts: tuple[Escort, ...]
    shelters: tuple[Shelter, ...]
    exits: tuple[Exit, ...]


def left_of(items: Sequence[Item], none: str, bars: Callable[[Item], Iterable[str]]) -> Left[Item]:
    """Those that no rule bars; where none is left, the rules, or `none` if there were no items."""
    barred = [frozenset(bars(item)) for item in items]
    left = tuple(item for item, rules in zip(items, barred, strict=True) if not rules)
    if left:
        return left, NOTHING
    return (), frozenset.union(NOTHING, *barred) or frozenset({none})


class Choices:
    """The choices of every family on every day, worked out once each."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self._known: dict[Hashable, Any] = {}
        self._closures = _by(((one.kind, one.code), one.days) for one in problem.closures)
        self._dangers = _by((one.area, one.days) for one in problem.dangers)
        self._routes_of = _by((one.region, one) for one in problem.routes)
        self._vehicles_of = _by((one.region, one) for one in problem.vehicles)

    def of(self, family: Family, day: date) -> Choice | None:
        """What the family could be given, or None if a rule bars the day."""
        return self._asked(family, day)[0]

    def bars(self, family: Family, day: date) -> frozenset[str]:
        """The rules that bar the day for the family, whatever the others do."""
        return self._asked(family, day)[1]

    def days(self, family: Family) -> list[date]:
        """The days that no rule bars."""
        found: list[date] = self._once(
            ("days", family.id), lambda: [day for day in self.problem.days if self.of(family, day)]
        )
        return found

    def _asked(self, family: Family, day: date) -> tuple[Choice | None, frozenset[str]]:
        found: tuple[Choice | None, frozenset[str]] = self._once(
            (family.id, day), lambda: self._work_out(family, day)
        )
        return found

    def _once(self, key: Hashable, make: Callable[[], Any]) -> Any:
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]

    def _work_out(self, family: Family, day: date) -> tuple[Choice | None, frozenset[str]]:
        routes, no_route = self.routes_on(family, day)
        vehicles, no_vehicle = self.vehicles_on(family, day)
        escorts, no_escort = self.escorts_on(family, day)
        if routes and escorts:
            shortest = min(route.minutes for route in routes)
            escorts, no_escort = left_of(
                escorts, "escort", lambda one: ["hours"] if one.minutes < shortest else []
            )
        shelters, no_shelter = self.shelters_on(family, day)
        exits, no_exit = self.exits_on(family, day)
        bars = self._persons_on(family, day)
        bars |= no_route | no_vehicle | no_escort | no_shelter | no_exit
        if bars:
            return None, bars
        return Choice(routes, vehicles, escorts, shelters, exits), NOTHING

    def _persons_on(self, family: Family, day: date) -> frozenset[str]:
        captives = self.problem.captives_of[family.id]
        found = [
            ("days", day not in self.problem.day_set),
            ("free", day not in family.free),
            ("same_day", any(day not in one.free for one in captives)),
            ("fit", any(day not in one.fit for one in captives)),
        ]
        return frozenset(rule for rule, is_so in found if is_so)

    def routes_on(self, family: Family, day: date) -> Left[Route]:
        key = ("routes", family.region, family.size, day)
        found: Left[Route] = self._once(key, lambda: self._routes(family, day))
        return found

    def _routes(self, family: Family, day: date) -> Left[Route]:
        def bars(route: Route) -> Iterable[str]:
            crossing = self.problem.crossing[route.crossing]
            if self.closed("route", route.id, day) or self.closed("crossing", crossing.id, day):
                yield "closed"
            if self._dangerous(route.areas, (day,)):
                yield "danger"
            if not crossing.opens <= route.crosses <= crossing.closes:
                yield "opens"
            if crossing.places < family.size:
                yield "places"

        return left_of(self._routes_of.get(family.region, ()), "route", bars)

    def vehicles_on(self, family: Family, day: date) -> Left[Vehicle]:
        key = ("vehicles", family.region, family.size, day)
        found: Left[Vehicle] = self._once(key, lambda: self._vehicles(family, day))
        return found

    def _vehicles(self, family: Family, day: date) -> Left[Vehicle]:
        def bars(vehicle: Vehicle) -> Iterable[str]:
            if day not in vehicle.days:
                yield "vehicle"
            elif self.closed("vehicle", vehicle.id, day):
                yield "closed"
            elif vehicle.seats < family.size:
                yield "seats"

        return left_of(self._vehicles_of.get(family.region, ()), "vehicle", bars)

    def escorts_on(self, family: Family, day: date) -> Left[Escort]:
        key = ("escorts", family.languages, family.woman_escort, day)
        found: Left[Escort] = self._once(key, lambda: self._escorts(family, day))
        return found

    def _escorts(self, family: Family, day: date) -> Left[Escort]:
        def bars(escort: Escort) -> Iterable[str]:
            if escort.free is not None and day not in escort.free:
                yield "escort"
            if self.closed("escort", escort.id, day):
                yield "closed"
            if not escort.languages & family.languages:
                yield "language"
            if family.woman_escort and escort.sex != "F":
                yield "woman_escort"

        return left_of(self.problem.escorts, "escort", bars)

    def shelters_on(self, family: Family, day: date) -> Left[Shelter]:
        persons = self.problem.persons[family.id]
        found: Left[Shelter] = self._once(
            ("shelters", persons, day), lambda: self._shelters(persons, day)
        )
        return found

    def _shelters(self, persons: int, day: date) -> Left[Shelter]:
        nights = self.nights(day)

        def bars(shelter: Shelter) -> Iterable[str]:
            if any(self.closed("shelter", shelter.id, night) for night in nights):
                yield "closed"
            if self._dangerous(shelter.areas, nights):
                yield "danger"
            if any(shelter.left(night) < persons for night in nights):
                yield "shelter"

        return left_of(self.problem.shelters, "shelter", bars)

    def exits_on(self, family: Family, day: date) -> Left[Exit]:
        persons, chosen = self.problem.persons[family.id], self.chosen_exits(family)
        found: Left[Exit] = self._once(
            ("exits", persons, chosen, day), lambda: self._exits(persons, chosen, day)
        )
        return found

    def _exits(self, persons: int, chosen: frozenset[str], day: date) -> Left[Exit]:
        """What is wrong with an exit that is not theirs says nothing to them."""
        leaves = self.problem.leaves_on(day)
        theirs = [one for one in self.problem.exits if one.id in chosen]

        def bars(way: Exit) -> Iterable[str]:
            if self.closed("exit", way.id, leaves):
                yield "closed"
            if self._dangerous(way.areas, (leaves,)):
                yield "danger"
            if way.baggage_kg < LEAST_BAGGAGE_KG:
                yield "baggage"
            if way.left(leaves) < persons:
                yield "exit"

        return left_of(theirs, "papers" if self.problem.exits else "exit", bars)

    def chosen_exits(self, family: Family) -> frozenset[str]:
        """The exits by which every captive of the family may leave."""
        found = frozenset(one.id for one in self.problem.exits)
        for captive in self.problem.captives_of[family.id]:
            found &= found if captive.exits is None else captive.exits
        return found

    @cached_property
    def open_to(self) -> Counter[str]:
        """How many families may leave by each exit."""
        return Counter(
            code for one in self.problem.families for code in sorted(self.chosen_exits(one))
        )

    def nights(self, day: date) -> list[date]:
        """The nights that those who arrive on a day spend at the destination."""
        return [day + timedelta(days=n) for n in range(self.problem.nights)]

    def closed(self, kind: str, code: str, day: date) -> bool:
        """Whether something is closed on a day."""
        return any(day in days for days in self._closures.get((kind, code), ()))

    def _dangerous(self, areas: Iterable[str], days: Iterable[date]) -> bool:
        spans: list[Periods] = [one for area in areas for one in self._dangers.get(area, ())]
        return any(day in one for one in spans for day in days)


def _by(pairs: Iterable[tuple[Any, Item]]) -> dict[Any, list[Item]]:
    found: dict[Any, list[Item]] = {}
    for key, value in pairs:
        found.setdefault(key, []).append(value)
    return found
