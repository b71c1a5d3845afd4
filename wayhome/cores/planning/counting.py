"""Days by counts: who travels on which day, with vehicles and escorts counted instead of named.

A boolean for each vehicle has no useful bound, since vehicles of one kind can be exchanged. Here a
family has a day; a region and a day have counts: how many vehicles of a size, on which route, with
how many escorts of a kind. Every plan that keeps all rules is also a solution here, so that the
bound holds for plans. The contrary is not so: packing.py finds out. docs/methods/planning.md,
section 5.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from .choices import Choices
from .greedy import Promised
from .ledger import DAY_MINUTES, Ledger
from .problem import Escort, Family, Route


@dataclass(frozen=True)
class Counted:
    """A solution of the counts: days of families, convoys and escorts, and what none undercuts.

    `convoys`: how many, by day, route and seats. `escorts`: by day, region and number of the kind.
    """

    days: Mapping[str, date]
    convoys: Mapping[tuple[date, str, int], int]
    escorts: Mapping[tuple[date, str, int], int]
    bound: int
    ended: str


Need = tuple[frozenset[str], bool]  # languages of a family, and whether it needs a woman


@dataclass(frozen=True)
class Kind:
    """Escorts who are alike: whom they suit, and how long they may be on duty."""

    suited: frozenset[Need]
    minutes: int


def suits(escort: Escort, family: Family) -> bool:
    """Whether they have a language, and the family needs no woman or she is one."""
    has_words = bool(escort.languages & family.languages)
    return has_words and (escort.sex == "F" or not family.woman_escort)


class Counts:
    """The model of the counts."""

    def __init__(self, choices: Choices) -> None:
        self.choices, self.problem = choices, choices.problem
        self.model = cp_model.CpModel()
        self.travels: dict[tuple[str, date], Any] = {}
        self.convoys: dict[tuple[date, str, int], Any] = {}
        self.escorts: dict[tuple[date, str, int], Any] = {}
        self.loads: dict[tuple[date, str], Any] = {}
        self.beds: dict[tuple[date, str], Any] = {}
        self.leaving: dict[tuple[date, frozenset[str], str], Any] = {}
        self._let_families_choose()
        for day in self.problem.days:
            for region, families in self._by_region(day).items():
                self._seat(day, region, families)
            self._cross(day)
            self._leave(day)
        self._rest()
        self._sleep()

    # Families

    def _let_families_choose(self) -> None:
        for family in self.problem.families:
            mine = []
            for day in self.choices.days(family):
                mine.append(self.model.new_bool_var(""))
                self.travels[family.id, day] = mine[-1]
            self.model.add_at_most_one(mine)

    def _by_region(self, day: date) -> dict[str, list[Family]]:
        found: dict[str, list[Family]] = defaultdict(list)
        for family in self._on[day]:
            found[family.region].append(family)
        return found

    @cached_property
    def _on(self) -> dict[date, list[Family]]:
        """Who might travel on each day."""
        found: dict[date, list[Family]] = {day: [] for day in self.problem.days}
        for code, day in self.travels:
            found[day].append(self.problem.family[code])
        return found

    def _sum(self, day: date, families: Iterable[Family], of: Callable[[Family], int]) -> Any:
        families = list(families)
        return cp_model.LinearExpr.weighted_sum(
            [self.travels[one.id, day] for one in families], [of(one) for one in families]
        )

    # Vehicles and escorts

    @cached_property
    def kinds(self) -> dict[Kind, list[Escort]]:
        """Escorts who are alike for these families."""
        families = {(one.languages, one.woman_escort): one for one in self.problem.families}
        found: dict[Kind, list[Escort]] = {}
        for one in self.problem.escorts:
            suited = frozenset(need for need, family in families.items() if suits(one, family))
            found.setdefault(Kind(suited, one.minutes), []).append(one)
        return found

    def is_free(self, escort: Escort, day: date) -> bool:
        is_free = escort.free is None or day in escort.free
        return is_free and not self.choices.closed("escort", escort.id, day)

    def _seat(self, day: date, region: str, families: list[Family]) -> None:
        """Enough vehicles of the region set out, each with an escort."""
        smallest = min(families, key=lambda one: one.size)
        routes, _ = self.choices.routes_on(smallest, day)
        vehicles, _ = self.choices.vehicles_on(smallest, day)
        sizes = Counter(one.seats for one in vehicles)
        for route in routes:
            self._load(day, route, sizes)
        for seats, number in sizes.items():
            here = [self.convoys[day, route.id, seats] for route in routes]
            self.model.add(sum(here) <= number)
        loads = [self.loads[day, one.id] for one in routes]
        self.model.add(sum(loads) == self._sum(day, families, lambda one: one.size))
        self._escort(day, region, routes, families)
        self._suit(day, region, max(sizes), families)
        self._hold(day, routes, families)

    def _load(self, day: date, route: Route, sizes: Mapping[int, int]) -> None:
        """How many vehicles of each size take a route, and how many persons: there are seats."""
        for seats, number in sizes.items():
            self.convoys[day, route.id, seats] = self.model.new_int_var(0, number, "")
        places = self.problem.crossing[route.crossing].places
        self.loads[day, route.id] = self.model.new_int_var(0, places, "")
        here = self._convoys(day, [route])
        room = sum(min(seats, places) * one for seats, one in here)
        self.model.add(self.loads[day, route.id] <= room)

    def _convoys(self, day: date, routes: Iterable[Route]) -> list[tuple[int, Any]]:
        """The counts of vehicles on these routes, each with its seats."""
        sizes = {one.seats for one in self.problem.vehicles}
        keys = [(day, route.id, seats) for route in routes for seats in sizes]
        return [(key[2], self.convoys[key]) for key in keys if key in self.convoys]

    def _escort(
        self, day: date, region: str, routes: Iterable[Route], families: Iterable[Family]
    ) -> None:
        """As many escorts go to the region as vehicles set out, on duty for its shortest route."""
        shortest = min(one.minutes for one in routes)
        for place, (kind, escorts) in enumerate(self.kinds.items()):
            free = sum(self.is_free(one, day) for one in escorts)
            if free and kind.minutes >= shortest:
                self.escorts[day, region, place] = self.model.new_int_var(0, free, "")
        serving = [one for key, one in self.escorts.items() if key[:2] == (day, region)]
        self.model.add(sum(serving) == sum(one for _, one in self._convoys(day, routes)))

    def _suit(self, day: date, region: str, seats: int, families: list[Family]) -> None:
        """Those whom only some kinds of escort suit go with such escorts.

        For each family one such escort at least: that follows for whole numbers, and not for the
        fractions by which the solver bounds, which would send out a third of an escort.
        """
        for need in dict.fromkeys((one.languages, one.woman_escort) for one in families):
            kinds = [n for n, kind in enumerate(self.kinds) if need in kind.suited]
            if len(kinds) == len(self.kinds):
                continue
            those = [one for one in families if (one.languages, one.woman_escort) == need]
            serving = sum(self.escorts.get((day, region, place), 0) for place in kinds)
            self.model.add(self._sum(day, those, lambda one: one.size) <= seats * serving)
            for one in those:
                self.model.add(self.travels[one.id, day] <= serving)

    def _hold(self, day: date, routes: Iterable[Route], families: list[Family]) -> None:
        """A family is not split: of those of n and more, a vehicle takes seats // n."""
        here = self._convoys(day, routes)
        for least in sorted({one.size for one in families} - {1}):
            those = [one for one in families if one.size >= least]
            places = sum(seats // least * one for seats, one in here)
            self.model.add(self._sum(day, those, lambda one: 1) <= places)

    def _rest(self) -> None:
        """In days so near each other that nobody serves on two of them, each escort serves once."""
        for place, (kind, escorts) in enumerate(self.kinds.items()):
            length = self._days_apart(kind)
            for first in self.problem.days:
                window = [first + timedelta(days=n) for n in range(length)]
                serving = [one for key, one in self.escorts.items()
                           if key[2] == place and key[0] in window]  # fmt: skip
                free = sum(any(self.is_free(one, day) for day in window) for one in escorts)
                self.model.add(sum(serving) <= free)

    def _days_apart(self, kind: Kind) -> int:
        """How many days lie at least between two duties, were both by the best of the routes."""
        routes = [one for one in self.problem.routes if one.minutes <= kind.minutes]
        if not routes:
            return 1
        night = max(one.leaves for one in routes) - min(one.arrives for one in routes)
        lacking = self.problem.rest_minutes - night
        return max(1, -(-lacking // DAY_MINUTES))

    # Crossings, beds, exits

    def _cross(self, day: date) -> None:
        through: dict[str, list[Any]] = defaultdict(list)
        for route in self.problem.routes:
            if (day, route.id) in self.loads:
                through[route.crossing].append(self.loads[day, route.id])
        for crossing, loads in through.items():
            self.model.add(sum(loads) <= self.problem.crossing[crossing].places)

    def _leave(self, day: date) -> None:
        """All who arrive on a day leave together later, each by an exit that is theirs."""
        by_exits: dict[frozenset[str], list[Family]] = defaultdict(list)
        for family in self._on[day]:
            by_exits[self.choices.chosen_exits(family)].append(family)
        out: dict[str, list[Any]] = defaultdict(list)
        for chosen, families in by_exits.items():
            smallest = min(families, key=lambda one: self.problem.persons[one.id])
            for way in self.choices.exits_on(smallest, day)[0]:
                one = self.leaving[day, chosen, way.id] = self.model.new_int_var(0, way.places, "")
                out[way.id].append(one)
            mine = [self.leaving.get((day, chosen, one.id), 0) for one in self.problem.exits]
            self.model.add(sum(mine) == self._persons(day, families))
        for way in self.problem.exits:
            self.model.add(sum(out[way.id]) <= max(0, way.left(self.problem.leaves_on(day))))

    def _sleep(self) -> None:
        for day, families in self._on.items():
            if not families:
                continue
            smallest = min(families, key=lambda one: self.problem.persons[one.id])
            for shelter in self.choices.shelters_on(smallest, day)[0]:
                self.beds[day, shelter.id] = self.model.new_int_var(0, shelter.places, "")
            here = [one for (on, _), one in self.beds.items() if on == day]
            self.model.add(sum(here) == self._persons(day, families))
        for shelter in self.problem.shelters:
            for night in sorted({*self.problem.days, *shelter.taken}):
                asleep = [self.beds[day, shelter.id] for day in self._arrived(night)
                          if (day, shelter.id) in self.beds]  # fmt: skip
                self.model.add(sum(asleep) <= max(0, shelter.left(night)))

    def _arrived(self, night: date) -> list[date]:
        """The days of arrival of those who sleep here this night."""
        return [day for day in self.problem.days if 0 <= (night - day).days < self.problem.nights]

    def _persons(self, day: date, families: Iterable[Family]) -> Any:
        return self._sum(day, families, lambda one: self.problem.persons[one.id])

    # Plans and their counts

    def values(self, ledger: Ledger) -> NDArray[np.float64]:
        """What a plan makes of each variable."""
        found = np.zeros(len(self.model.proto.variables))
        days = ledger.days
        for (code, day), variable in self.travels.items():
            found[variable.index] = days.get(code) == day
        for variables, values in zip(self._groups, self._counted(ledger), strict=True):
            for key, variable in variables.items():
                found[variable.index] = values[key]
        return found

    @property
    def _groups(self) -> tuple[Mapping[Any, Any], ...]:
        return (self.convoys, self.escorts, self.loads, self.beds, self.leaving)

    def _counted(self, ledger: Ledger) -> tuple[Counter[Any], ...]:
        """What the plan makes of each group of counts."""
        convoys, escorts, loads, beds, leaving = found = tuple(Counter[Any]() for _ in range(5))
        for day, under_way in ledger.convoys.items():
            for one in under_way.values():
                convoys[day, one.route.id, one.vehicle.seats] += 1
                escorts[day, one.route.region, self.kind_of[one.escort.id]] += 1
        for trip in ledger.placed.values():
            family, persons = self.problem.family[trip.family], self.problem.persons[trip.family]
            loads[trip.day, trip.route] += family.size
            beds[trip.day, trip.shelter] += persons
            leaving[trip.day, self.choices.chosen_exits(family), trip.exit] += persons
        return found

    @cached_property
    def kind_of(self) -> dict[str, int]:
        return {one.id: n for n, those in enumerate(self.kinds.values()) for one in those}

    def promised(self, promised: Promised) -> list[Any]:
        """The variables of the promised days that can still be had."""
        return [self.travels[code, one.day] for code, one in promised.items()
                if (code, one.day) in self.travels]  # fmt: skip

    def keep(self, days: list[Any], number: int) -> None:
        """Allow only what keeps so many of these days."""
        self.model.add(sum(days) >= number)

    @cached_property
    def most(self) -> int:
        """What the plan without a single day costs."""
        return sum(self.problem.cost(one, None) for one in self.problem.families)

    @cached_property
    def saved(self) -> dict[tuple[str, date], int]:
        """What it saves, as a number below 0, that a family has a day."""
        problem = self.problem
        never = {one.id: problem.cost(one, None) for one in problem.families}
        return {
            (code, day): problem.cost(problem.family[code], day) - never[code]
            for code, day in self.travels
        }
