"""A plan as it is being made: what is taken, what is left, and what a family could still be given.

Nothing is entered that breaks a rule. docs/methods/planning.md, section 4.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from .choices import NOTHING, Choice, Choices
from .plan import Assignment
from .problem import Escort, Exit, Family, Route, Shelter, Vehicle

DAY_MINUTES = 24 * 60


@dataclass
class Convoy:
    """A vehicle on its way on one day, with its escort and the families in it."""

    vehicle: Vehicle
    route: Route
    escort: Escort
    seats: int
    families: set[str] = field(default_factory=set)


class Ledger:
    """All assignments so far, and what they use."""

    def __init__(self, choices: Choices) -> None:
        self.choices = choices
        self.problem = choices.problem
        self.placed: dict[str, Assignment] = {}
        self.convoys: dict[date, dict[str, Convoy]] = {}
        self.duties: dict[str, dict[date, Route]] = {one.id: {} for one in self.problem.escorts}
        self._crossed: Counter[tuple[date, str]] = Counter()
        self._beds = _taken(self.problem.shelters)
        self._gone = _taken(self.problem.exits)

    @property
    def days(self) -> dict[str, date]:
        return {code: one.day for code, one in self.placed.items()}

    @property
    def cost(self) -> int:
        return self.problem.total(self.days)

    def crossed(self, day: date, crossing: str) -> int:
        """How many persons cross there on a day."""
        return self._crossed[day, crossing]

    def asleep(self, night: date, shelter: str) -> int:
        """How many persons have a bed there for a night, with those of other plans."""
        return self._beds[night, shelter]

    def gone(self, day: date, way: str) -> int:
        """How many persons leave by an exit on a day, with those of other plans."""
        return self._gone[day, way]

    # What a family could be given

    def place(self, family: Family, day: date) -> bool:
        """Enter the family on this day, if anything is left for it."""
        found, _ = self.find(family, day)
        if found:
            self.enter(found)
        return found is not None

    def find(self, family: Family, day: date) -> tuple[Assignment | None, frozenset[str]]:
        """What is left for a family on a day; or the rules by which nothing is."""
        choice = self.choices.of(family, day)
        if choice is None:
            return None, self.choices.bars(family, day)
        shelter, exit = self._shelter(family, day, choice), self._exit(family, day, choice)
        convoy, full = self._convoy(family, day, choice)
        if shelter and exit and convoy:
            return _assignment(family, day, convoy, shelter, exit), NOTHING
        taken = [("shelter", not shelter), ("exit", not exit)]
        return None, full | {rule for rule, is_so in taken if is_so}

    def _shelter(self, family: Family, day: date, choice: Choice) -> Shelter | None:
        """The fullest shelter that has room for all nights."""
        persons, nights = self.problem.persons[family.id], self.choices.nights(day)

        def left(one: Shelter) -> int:
            return one.places - max(self._beds[night, one.id] for night in nights)

        fits = [(left(one), one.id, one) for one in choice.shelters if left(one) >= persons]
        return min(fits)[2] if fits else None

    def _exit(self, family: Family, day: date, choice: Choice) -> Exit | None:
        """Of the exits that have room the one by which fewest may leave, and the fullest."""
        persons, leaves = self.problem.persons[family.id], self.problem.leaves_on(day)

        def left(one: Exit) -> int:
            return one.places - self._gone[leaves, one.id]

        open_to = self.choices.open_to
        fits = [(open_to[one.id], left(one), one.id, one) for one in choice.exits
                if left(one) >= persons]  # fmt: skip
        return min(fits)[3] if fits else None

    def _convoy(
        self, family: Family, day: date, choice: Choice
    ) -> tuple[Convoy | None, frozenset[str]]:
        """The fullest convoy that has room, or a new one; or the rules by which there is none."""
        routes = [one for one in choice.routes if self._room_at(one, day) >= family.size]
        if not routes:
            return None, frozenset({"places"})
        under_way = self.convoys.get(day, {})
        here = [under_way[one.id] for one in choice.vehicles if one.id in under_way]
        roomy = sorted(
            (one for one in here if one.seats >= family.size and one.route in routes),
            key=lambda one: (one.seats, one.vehicle.id),
        )
        for one in roomy:
            if one.escort in choice.escorts:
                return one, NOTHING
        vehicles = [one for one in choice.vehicles if one.id not in under_way]
        opened = self._new_convoy(day, choice, routes, vehicles) if vehicles else None
        if found := opened or self._with_another_escort(day, choice, roomy):
            return found, NOTHING
        return None, self._why_no_convoy(day, choice, bool(vehicles or roomy))

    def _new_convoy(
        self, day: date, choice: Choice, routes: Iterable[Route], vehicles: Iterable[Vehicle]
    ) -> Convoy | None:
        """The largest vehicle by the least crowded route, with the escort easiest to spare."""
        vehicle = min(vehicles, key=lambda one: (-one.seats, one.id))
        escorts = sorted(choice.escorts, key=lambda one: self._to_spare(one, day))
        for route in sorted(
            routes, key=lambda one: (-self._room_at(one, day), one.minutes, one.id)
        ):
            for escort in escorts:
                if self.can_serve(escort, day, route):
                    return Convoy(vehicle, route, escort, vehicle.seats)
        return None

    def _with_another_escort(
        self, day: date, choice: Choice, roomy: Iterable[Convoy]
    ) -> Convoy | None:
        """A convoy that could take the family, were its escort one who suits everybody in it."""
        for one in roomy:
            aboard = [self.choices.of(self.problem.family[code], day) for code in one.families]
            for escort in sorted(choice.escorts, key=lambda one: self._to_spare(one, day)):
                suits_all = all(other and escort in other.escorts for other in aboard)
                if suits_all and self.can_serve(escort, day, one.route):
                    return replace(one, escort=escort)
        return None

    def _why_no_convoy(self, day: date, choice: Choice, has_seats: bool) -> frozenset[str]:
        if not has_seats:
            return frozenset({"seats"})
        idle = any(day not in self.duties[one.id] for one in choice.escorts)
        return frozenset({"rest" if idle else "escort"})

    def _to_spare(self, escort: Escort, day: date) -> tuple[bool, int, date, str]:
        """Men first, who speak most, longest at rest."""
        last = max((one for one in self.duties[escort.id] if one < day), default=date.min)
        return (escort.sex == "F", -len(escort.languages), last, escort.id)

    def can_serve(self, escort: Escort, day: date, route: Route) -> bool:
        """Whether the route is short enough, and rest lies between it and every other duty."""
        if escort.minutes < route.minutes:
            return False
        return all(
            rested(self.problem.rest_minutes, (day, route), duty)
            for duty in self.duties[escort.id].items()
        )

    def _room_at(self, route: Route, day: date) -> int:
        return self.problem.crossing[route.crossing].places - self._crossed[day, route.crossing]

    # Entering and taking out

    def fits(self, wanted: Assignment) -> bool:
        """Whether exactly this can be entered."""
        problem, day = self.problem, wanted.day
        family = problem.family[wanted.family]
        choice = self.choices.of(family, day)
        if choice is None or not _names(choice, wanted):
            return False
        route, vehicle = problem.route[wanted.route], problem.vehicle[wanted.vehicle]
        escort = problem.escort[wanted.escort]
        convoy = self.convoys.get(day, {}).get(vehicle.id)
        if convoy is None:
            is_ready = self.can_serve(escort, day, route)
        else:
            is_ready = convoy.route == route and convoy.escort == escort
            is_ready = is_ready and convoy.seats >= family.size
        shelter = next(one for one in choice.shelters if one.id == wanted.shelter)
        exit = next(one for one in choice.exits if one.id == wanted.exit)
        return (
            is_ready
            and route.crossing == wanted.crossing
            and self._room_at(route, day) >= family.size
            and self._shelter(family, day, _only(choice, shelter, exit)) is not None
            and self._exit(family, day, _only(choice, shelter, exit)) is not None
        )

    def open_convoy(self, day: date, vehicle: Vehicle, route: Route, escort: Escort) -> None:
        """Let a vehicle set out, empty as yet."""
        self.convoys.setdefault(day, {})[vehicle.id] = Convoy(vehicle, route, escort, vehicle.seats)
        self.duties[escort.id][day] = route

    def enter(self, one: Assignment) -> None:
        """Enter what was found, or what fits."""
        problem = self.problem
        if one.vehicle not in self.convoys.get(one.day, {}):
            self.open_convoy(
                *(one.day, problem.vehicle[one.vehicle], problem.route[one.route]),
                problem.escort[one.escort],
            )
        elif self.convoys[one.day][one.vehicle].escort.id != one.escort:
            self._change_escort(self.convoys[one.day][one.vehicle], one)
        self.convoys[one.day][one.vehicle].families.add(one.family)
        self.placed[one.family] = one
        self._count(one, 1)

    def _change_escort(self, convoy: Convoy, one: Assignment) -> None:
        del self.duties[convoy.escort.id][one.day]
        convoy.escort = self.problem.escort[one.escort]
        self.duties[one.escort][one.day] = convoy.route
        for code in convoy.families:
            self.placed[code] = replace(self.placed[code], escort=one.escort)

    def escorts_from(self, first: date) -> dict[tuple[date, str], str]:
        """The escort of each vehicle that sets out on a day or later."""
        return {
            (day, vehicle): one.escort.id
            for day, convoys in self.convoys.items()
            if day >= first
            for vehicle, one in convoys.items()
        }

    def put_escorts_back(self, had: Mapping[tuple[date, str], str]) -> None:
        """Give the vehicles that are still under way the escorts that they had."""
        changed = [
            (day, vehicle)
            for (day, vehicle), escort in had.items()
            if vehicle in self.convoys[day] and self.convoys[day][vehicle].escort.id != escort
        ]
        for day, vehicle in changed:
            del self.duties[self.convoys[day][vehicle].escort.id][day]
        for day, vehicle in changed:
            convoy, escort = self.convoys[day][vehicle], had[day, vehicle]
            self.duties[escort][day] = convoy.route
            convoy.escort = self.problem.escort[escort]
            for code in convoy.families:
                self.placed[code] = replace(self.placed[code], escort=escort)

    def take_out(self, code: str) -> Assignment:
        """Take a family out again, and its convoy if nobody is left in it."""
        one = self.placed.pop(code)
        self.convoys[one.day][one.vehicle].families.remove(code)
        self._count(one, -1)
        self._drop_if_empty(one.day, one.vehicle)
        return one

    def drop_empty(self, day: date) -> None:
        """Let no vehicle set out without a family."""
        for vehicle in list(self.convoys.get(day, ())):
            self._drop_if_empty(day, vehicle)

    def _drop_if_empty(self, day: date, vehicle: str) -> None:
        convoy = self.convoys[day][vehicle]
        if not convoy.families:
            del self.convoys[day][vehicle]
            del self.duties[convoy.escort.id][day]

    def _count(self, one: Assignment, sign: int) -> None:
        size, persons = self.problem.family[one.family].size, self.problem.persons[one.family]
        self.convoys[one.day][one.vehicle].seats -= sign * size
        self._crossed[one.day, one.crossing] += sign * size
        self._gone[self.problem.leaves_on(one.day), one.exit] += sign * persons
        for night in self.choices.nights(one.day):
            self._beds[night, one.shelter] += sign * persons


def _taken(those: Iterable[Shelter | Exit]) -> Counter[tuple[date, str]]:
    return Counter({(day, one.id): many for one in those for day, many in one.taken.items()})


def rested(rest_minutes: int, one: tuple[date, Route], other: tuple[date, Route]) -> bool:
    """Whether enough rest lies between two duties, from the end of one to the start of the next."""
    (day, route), (next_day, next_route) = sorted((one, other), key=lambda duty: duty[0])
    if day == next_day:
        return False
    between = (next_day - day).days * DAY_MINUTES + next_route.leaves - route.arrives
    return between >= rest_minutes


def _assignment(
    family: Family, day: date, convoy: Convoy, shelter: Shelter, exit: Exit
) -> Assignment:
    return Assignment(
        *(family.id, day, convoy.route.crossing, convoy.vehicle.id, convoy.escort.id),
        *(convoy.route.id, shelter.id, exit.id),
    )


def _names(choice: Choice, wanted: Assignment) -> bool:
    """Whether all that is wanted is among what the family could be given."""
    named = (
        (choice.routes, wanted.route),
        (choice.vehicles, wanted.vehicle),
        (choice.escorts, wanted.escort),
        (choice.shelters, wanted.shelter),
        (choice.exits, wanted.exit),
    )
    return all(any(one.id == code for one in items) for items, code in named)


def _only(choice: Choice, shelter: Shelter, exit: Exit) -> Choice:
    return Choice(choice.routes, choice.vehicles, choice.escorts, (shelter,), (exit,))
