"""Everything named: the exact model, for few families or few days at once.

It says who is in which vehicle with which escort, in which shelter, and leaves by which exit,
beside what a ledger holds. It is exact, and grows with families × days × vehicles × escorts.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Any

from ortools.sat.python import cp_model

from .choices import Choice
from .ledger import Ledger, rested
from .plan import Assignment
from .problem import Escort, Family, Route, Vehicle
from .searching import Limits, Search, Watch

MOST_CHOICES = 60_000  # family, day, vehicle and escort named together; beyond, it takes long


class Naming:
    """The exact model of some families, each with the days that it may have."""

    def __init__(self, ledger: Ledger, days_of: Mapping[str, Sequence[date]]) -> None:
        self.ledger, self.problem = ledger, ledger.problem
        self.model = cp_model.CpModel()
        self.rides: dict[tuple[str, date, str], Any] = {}
        self.takes: dict[tuple[date, str, str], Any] = {}
        self.serves: dict[tuple[date, str, str], Any] = {}
        self.beds: dict[tuple[str, date, str], Any] = {}
        self.leaves: dict[tuple[str, date, str], Any] = {}
        self._choices: dict[tuple[str, date], Choice] = {}
        for code, days in days_of.items():
            self._let_choose(self.problem.family[code], days)
        for day in sorted({day for _, day in self._choices}):
            self._set_out(day)
        self._rest()
        self._sleep()
        self._go()

    def _new(self) -> Any:
        return self.model.new_bool_var("")

    # Families

    def _let_choose(self, family: Family, days: Sequence[date]) -> None:
        mine = []
        for day in days:
            if choice := self.ledger.choices.of(family, day):
                self._choices[family.id, day] = choice
                mine += self._let_ride(family, day, choice)
        self.model.add_at_most_one(mine)

    def _let_ride(self, family: Family, day: date, choice: Choice) -> list[Any]:
        rides = [self.rides.setdefault((family.id, day, one.id), self._new())
                 for one in choice.vehicles]  # fmt: skip
        beds = [self.beds.setdefault((family.id, day, one.id), self._new())
                for one in choice.shelters]  # fmt: skip
        leaves = [self.leaves.setdefault((family.id, day, one.id), self._new())
                  for one in choice.exits]  # fmt: skip
        self.model.add(sum(beds) == sum(rides))
        self.model.add(sum(leaves) == sum(rides))
        return rides

    # Convoys

    def _set_out(self, day: date) -> None:
        here: dict[str, list[Family]] = defaultdict(list)
        for code, on in self._choices:
            if on == day:
                family = self.problem.family[code]
                here[family.region].append(family)
        loads: dict[str, list[Any]] = defaultdict(list)
        for families in here.values():
            choices = [self._choices[one.id, day] for one in families]
            for vehicle in _each(one for choice in choices for one in choice.vehicles):
                self._drive(day, vehicle, families, choices, loads)
        for crossing, through in loads.items():
            places = self.problem.crossing[crossing].places - self.ledger.crossed(day, crossing)
            self.model.add(sum(through) <= places)
        self._serve_one_each(day)

    def _drive(
        self,
        day: date,
        vehicle: Vehicle,
        families: list[Family],
        choices: list[Choice],
        loads: dict[str, list[Any]],
    ) -> None:
        """One vehicle of a day: its route, its escort, and who is in it."""
        under_way = self.ledger.convoys.get(day, {}).get(vehicle.id)
        if under_way:
            routes, escorts = [under_way.route], [under_way.escort]
        else:
            routes = _each(one for choice in choices for one in choice.routes)
            escorts = _each(one for choice in choices for one in choice.escorts)
        for route in routes:
            self.takes[day, vehicle.id, route.id] = self._new()
        for escort in escorts:
            self.serves[day, vehicle.id, escort.id] = self._new()
        takes = {one: self.takes[day, vehicle.id, one.id] for one in routes}
        serves = {one: self.serves[day, vehicle.id, one.id] for one in escorts}
        self.model.add_at_most_one(takes.values())
        self.model.add(sum(serves.values()) == sum(takes.values()))
        if not under_way:
            self._forbid_pairs(day, takes, serves)
        seats = under_way.seats if under_way else vehicle.seats
        self._fill(day, vehicle, seats, families, takes, serves, loads)

    def _forbid_pairs(
        self, day: date, takes: Mapping[Route, Any], serves: Mapping[Escort, Any]
    ) -> None:
        for route, taken in takes.items():
            for escort, serving in serves.items():
                if not self.ledger.can_serve(escort, day, route):
                    self.model.add_bool_or(~taken, ~serving)

    def _fill(
        self,
        day: date,
        vehicle: Vehicle,
        seats: int,
        families: list[Family],
        takes: Mapping[Route, Any],
        serves: Mapping[Escort, Any],
        loads: dict[str, list[Any]],
    ) -> None:
        inside = [one for one in families if (one.id, day, vehicle.id) in self.rides]
        rides = {one: self.rides[one.id, day, vehicle.id] for one in inside}
        load = sum(one.size * ride for one, ride in rides.items())
        self.model.add(load <= seats * sum(takes.values()))
        for family, ride in rides.items():
            choice = self._choices[family.id, day]
            self.model.add(ride <= sum(serves[one] for one in serves if one in choice.escorts))
            self.model.add(ride <= sum(takes[one] for one in takes if one in choice.routes))
        for route, taken in takes.items():
            through = self.model.new_int_var(0, seats, "")
            self.model.add(through >= load - seats * (1 - taken))
            loads[route.crossing].append(through)

    def _serve_one_each(self, day: date) -> None:
        by_escort: dict[str, list[Any]] = defaultdict(list)
        for (on, vehicle, escort), serving in self.serves.items():
            if on == day and vehicle not in self.ledger.convoys.get(day, {}):
                by_escort[escort].append(serving)
        for those in by_escort.values():
            self.model.add_at_most_one(those)

    def _rest(self) -> None:
        """No escort has two duties without rest between them."""
        duties: dict[str, dict[date, dict[str, list[Any]]]] = defaultdict(dict)
        for (day, vehicle, escort), serving in self.serves.items():
            if vehicle in self.ledger.convoys.get(day, {}):
                continue  # the ledger has seen to it
            for (on, by, route), taken in self.takes.items():
                if on == day and by == vehicle:
                    on_duty = self._new()
                    self.model.add_bool_or(on_duty, ~taken, ~serving)
                    duties[escort].setdefault(day, {}).setdefault(route, []).append(on_duty)
        for days in duties.values():
            for (day, mine), (other_day, others) in combinations(sorted(days.items()), 2):
                self._rest_between(day, mine, other_day, others)

    def _rest_between(
        self,
        day: date,
        mine: Mapping[str, list[Any]],
        other_day: date,
        others: Mapping[str, list[Any]],
    ) -> None:
        route, least = self.problem.route, self.problem.rest_minutes
        for one, duties in mine.items():
            tired = [
                duty
                for other, those in others.items()
                if not rested(least, (day, route[one]), (other_day, route[other]))
                for duty in those
            ]
            for duty in duties if tired else ():
                self.model.add(sum(tired) <= 1 - duty)

    # Beds and exits

    def _sleep(self) -> None:
        asleep: dict[tuple[date, str], list[Any]] = defaultdict(list)
        for (code, day, shelter), bed in self.beds.items():
            for night in self.ledger.choices.nights(day):
                asleep[night, shelter].append(self.problem.persons[code] * bed)
        places = {one.id: one.places for one in self.problem.shelters}
        for (night, shelter), those in asleep.items():
            left = places[shelter] - self.ledger.asleep(night, shelter)
            self.model.add(sum(those) <= left)

    def _go(self) -> None:
        gone: dict[tuple[date, str], list[Any]] = defaultdict(list)
        for (code, day, way), leaving in self.leaves.items():
            gone[self.problem.leaves_on(day), way].append(self.problem.persons[code] * leaving)
        places = {one.id: one.places for one in self.problem.exits}
        for (day, way), those in gone.items():
            self.model.add(sum(those) <= places[way] - self.ledger.gone(day, way))

    # Solving

    def solve(
        self, limits: Limits, watch: Watch, promised: Mapping[str, date]
    ) -> tuple[list[Assignment], Search]:
        """Assignments with most promised days kept, then with least waiting."""
        self.model.maximize(
            sum(self._worth(key, promised) * one for key, one in self.rides.items())
        )
        search = Search(self.model, limits, watch.quiet())
        if not search.found:
            return [], search
        found = [key for key, one in self.rides.items() if search.value(one)]
        return [self._assignment(*key, search) for key in found], search

    def _worth(self, key: tuple[str, date, str], promised: Mapping[str, date]) -> int:
        family, day = self.problem.family[key[0]], key[1]
        worth = self.problem.cost(family, None) - self.problem.cost(family, day)
        return worth + (self._more_than_all if promised.get(family.id) == day else 0)

    @property
    def _more_than_all(self) -> int:
        codes = {code for code, _ in self._choices}
        return 1 + sum(self.problem.cost(self.problem.family[code], None) for code in codes)

    def _assignment(self, code: str, day: date, vehicle: str, search: Search) -> Assignment:
        def chosen(among: Mapping[tuple[Any, ...], Any], *key: object) -> str:
            return next(
                str(last) for (*first, last), one in among.items()
                if first == list(key) and search.value(one)
            )  # fmt: skip

        route = chosen(self.takes, day, vehicle)
        return Assignment(
            *(code, day, self.problem.route[route].crossing, vehicle),
            *(chosen(self.serves, day, vehicle), route),
            *(chosen(self.beds, code, day), chosen(self.leaves, code, day)),
        )


def _each(items: Any) -> list[Any]:
    """Each item once, in order."""
    return list(dict.fromkeys(items))


def size_of(ledger: Ledger, days_of: Mapping[str, Sequence[date]]) -> int:
    """How much would be named: what the model's size goes with."""
    total = 0
    for code, days in days_of.items():
        for day in days:
            if choice := ledger.choices.of(ledger.problem.family[code], day):
                total += len(choice.vehicles) * len(choice.escorts)
    return total
