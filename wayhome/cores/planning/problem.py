"""What is to be planned: families, captives, and all that brings them together and out again.

The file format `wayhome-plan/1` is written down in docs/methods/planning.md, section 2. A problem
that means nothing is refused with its place and with what was expected there.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any, Protocol

from .reading import THOUSAND, At, Periods

SCHEMA = "wayhome-plan/1"
LEAST_BAGGAGE_KG = 25  # GC III 119: what a man going home may take with him, at least
MOST_DAYS = 366
PROBLEM_KEYS = (
    *("schema", "days", "nights", "rest_hours", "objective", "crossings", "routes", "vehicles"),
    *("escorts", "families", "captives", "shelters", "exits", "closures", "dangers"),
)
SEXES = ("F", "M")
CLOSABLE = ("crossing", "route", "vehicle", "escort", "shelter", "exit")


@dataclass(frozen=True)
class Objective:
    """What a plan is measured by. Weights in thousandths for each day of waiting."""

    unplaced_days: int
    cap_days: int
    over_cap: int


@dataclass(frozen=True)
class Crossing:
    """A border crossing on the way in: when it is open, how many persons it lets in a day."""

    id: str
    opens: int
    closes: int
    places: int


@dataclass(frozen=True)
class Route:
    """From a region over a crossing to the destination, within one day. Minutes after midnight."""

    id: str
    region: str
    crossing: str
    leaves: int
    crosses: int
    arrives: int
    areas: tuple[str, ...]

    @property
    def minutes(self) -> int:
        return self.arrives - self.leaves


@dataclass(frozen=True)
class Vehicle:
    """One journey a day, with so many seats for families; driver and escort have their own."""

    id: str
    region: str
    seats: int
    days: Periods


@dataclass(frozen=True)
class Escort:
    """With one vehicle a day from door to door, at most `minutes` on duty."""

    id: str
    languages: frozenset[str]
    sex: str
    minutes: int
    free: Periods | None


@dataclass(frozen=True)
class Family:
    """Those who come for somebody: they wait together and travel together."""

    id: str
    region: str
    free: Periods
    size: int
    languages: frozenset[str]
    woman_escort: bool
    weight: int
    since: date


@dataclass(frozen=True)
class Captive:
    """Whom a family comes for. `exits`: by which he may leave; None for every one."""

    id: str
    family: str
    fit: Periods
    free: Periods
    exits: frozenset[str] | None


@dataclass(frozen=True)
class Shelter:
    """Beds at the destination, for both, until they leave. `taken`: by others, by night."""

    id: str
    places: int
    areas: tuple[str, ...]
    taken: Mapping[date, int] = field(default_factory=dict, hash=False)

    def left(self, night: date) -> int:
        return self.places - self.taken.get(night, 0)


@dataclass(frozen=True)
class Exit:
    """A way out for both: so many persons a day, each with so much baggage. `taken`: by others."""

    id: str
    places: int
    baggage_kg: float
    areas: tuple[str, ...]
    taken: Mapping[date, int] = field(default_factory=dict, hash=False)

    def left(self, day: date) -> int:
        return self.places - self.taken.get(day, 0)


@dataclass(frozen=True)
class Closure:
    """Something that is not to be had on these days."""

    kind: str
    code: str
    days: Periods


@dataclass(frozen=True)
class Danger:
    """An area that nobody is sent through on these days."""

    area: str
    days: Periods


@dataclass(frozen=True)
class Problem:
    """All of it. Whatever is named exists; ids are unique in their list."""

    days: tuple[date, ...]
    nights: int
    rest_minutes: int
    objective: Objective
    crossings: tuple[Crossing, ...]
    routes: tuple[Route, ...]
    vehicles: tuple[Vehicle, ...]
    escorts: tuple[Escort, ...]
    families: tuple[Family, ...]
    captives: tuple[Captive, ...]
    shelters: tuple[Shelter, ...]
    exits: tuple[Exit, ...]
    closures: tuple[Closure, ...] = ()
    dangers: tuple[Danger, ...] = ()

    @cached_property
    def captives_of(self) -> dict[str, tuple[Captive, ...]]:
        """The captives of each family."""
        found: dict[str, list[Captive]] = {one.id: [] for one in self.families}
        for one in self.captives:
            found[one.family].append(one)
        return {family: tuple(those) for family, those in found.items()}

    @cached_property
    def day_set(self) -> frozenset[date]:
        return frozenset(self.days)

    @cached_property
    def persons(self) -> dict[str, int]:
        """How many of each family, with those they came for, need a bed and a way out."""
        return {one.id: one.size + len(self.captives_of[one.id]) for one in self.families}

    @cached_property
    def family(self) -> dict[str, Family]:
        return {one.id: one for one in self.families}

    @cached_property
    def route(self) -> dict[str, Route]:
        return {one.id: one for one in self.routes}

    @cached_property
    def vehicle(self) -> dict[str, Vehicle]:
        return {one.id: one for one in self.vehicles}

    @cached_property
    def escort(self) -> dict[str, Escort]:
        return {one.id: one for one in self.escorts}

    @cached_property
    def crossing(self) -> dict[str, Crossing]:
        return {one.id: one for one in self.crossings}

    def leaves_on(self, day: date) -> date:
        """The day on which those who arrive on `day` leave for good."""
        return day + timedelta(days=self.nights)

    def cost(self, family: Family, day: date | None) -> int:
        """What it counts, in thousandths, that a family travels on a day; None: on none of them.

        Each day that it waits after the first counts its weight; a day that ends a longer wait
        than the cap allows counts `over_cap` more.
        """
        aims = self.objective
        if day is None:
            day = self.days[-1] + timedelta(days=aims.unplaced_days)
        waited = (day - self.days[0]).days
        before = (self.days[0] - family.since).days
        over = max(0, waited + before - aims.cap_days) - max(0, before - aims.cap_days)
        return family.weight * waited + aims.over_cap * over

    def total(self, days: dict[str, date]) -> int:
        """The objective, in thousandths, of a plan that places these families on these days."""
        return sum(self.cost(one, days.get(one.id)) for one in self.families)


class HasId(Protocol):
    @property
    def id(self) -> str: ...


def read_problem(document: Any) -> Problem:
    """The problem of a document. Raises MalformedProblem."""
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    at.knows(PROBLEM_KEYS)
    days = _days(at.get("days"))
    crossings = at.get("crossings").each(_crossing)
    routes = at.get("routes").each(lambda one: _route(one, ids(crossings)))
    exits = at.get("exits").each(_exit)
    families = at.get("families").each(lambda one: _family(one, days[0]))
    problem = Problem(
        days=days,
        nights=at.get("nights").whole(1, 60),
        rest_minutes=round(60 * at.get("rest_hours").number(0, 96)),
        objective=_objective(at.get("objective")),
        crossings=crossings,
        routes=routes,
        vehicles=at.get("vehicles").each(_vehicle),
        escorts=at.get("escorts").each(_escort),
        families=families,
        captives=at.get("captives").each(lambda one: _captive(one, ids(families), ids(exits))),
        shelters=at.get("shelters").each(_shelter),
        exits=exits,
        dangers=at.get("dangers").each(_danger),
    )
    closures = at.get("closures").each(lambda one: _closure(one, problem))
    _check_families(at, problem)
    return replace(problem, closures=closures)


def ids(items: Collection[HasId]) -> frozenset[str]:
    return frozenset(one.id for one in items)


def _days(at: At) -> tuple[date, ...]:
    days = tuple(one.day() for one in at)
    if not 0 < len(days) <= MOST_DAYS:
        raise at.wrong(f"1 to {MOST_DAYS} days", f"{len(days)} days")
    for place, (earlier, later) in enumerate(pairwise(days), start=1):
        if earlier >= later:
            raise At(later.isoformat(), f"{at.place}/{place}").wrong(f"a day after {earlier}")
    if (days[-1] - days[0]).days > 2 * MOST_DAYS:
        raise at.wrong("days of two years at most", f"{days[0]} to {days[-1]}")
    return days


def _objective(at: At) -> Objective:
    at.knows(("unplaced_days", "cap_days", "over_cap"))
    return Objective(
        at.get("unplaced_days").whole(1, 1000),
        at.get("cap_days").whole(0, 10_000),
        at.get("over_cap").thousandths(0, 10_000),
    )


def _crossing(at: At) -> Crossing:
    at.knows(("id", "opens", "places"))
    hours = [one.minute() for one in at.get("opens")]
    if len(hours) != 2 or hours[0] >= hours[1]:
        raise at.get("opens").wrong("two times, when it opens and when it closes")
    return Crossing(at.get("id").text(), hours[0], hours[1], at.get("places").whole(0, 10_000))


def _route(at: At, crossings: Collection[str]) -> Route:
    at.knows(("id", "region", "crossing", "leaves", "crosses", "arrives", "areas"))
    leaves, crosses, arrives = (at.get(x).minute() for x in ("leaves", "crosses", "arrives"))
    if not leaves < crosses < arrives:
        raise at.wrong("leaves before crosses before arrives, on one day", "times out of order")
    return Route(
        *(at.get("id").text(), at.get("region").text(), at.get("crossing").one_of(crossings)),
        *(leaves, crosses, arrives),
        areas=at.get("areas").texts(),
    )


def _vehicle(at: At) -> Vehicle:
    at.knows(("id", "region", "seats", "days"))
    return Vehicle(
        *(at.get("id").text(), at.get("region").text()),
        *(at.get("seats").whole(1, 1000), at.get("days").periods()),
    )


def _escort(at: At) -> Escort:
    at.knows(("id", "languages", "sex", "hours"), ("free",))
    return Escort(
        *(at.get("id").text(), frozenset(at.get("languages").texts())),
        *(at.get("sex").one_of(SEXES), round(60 * at.get("hours").number(0, 24))),
        at.get("free").periods() if at.has("free") else None,
    )


def _family(at: At, first: date) -> Family:
    keys = ("id", "region", "free", "size", "languages", "woman_escort", "weight", "since")
    at.knows(keys)
    since = at.get("since").day()
    if since > first:
        raise at.get("since").wrong(f"a day no later than the first, {first}")
    return Family(
        id=at.get("id").text(),
        region=at.get("region").text(),
        free=at.get("free").periods(),
        size=at.get("size").whole(1, 100),
        languages=frozenset(at.get("languages").texts()),
        woman_escort=at.get("woman_escort").truth(),
        weight=at.get("weight").thousandths(0.001, 1000),
        since=since,
    )


def _captive(at: At, families: Collection[str], exits: Collection[str]) -> Captive:
    at.knows(("id", "family", "fit", "free"), ("exits",))
    chosen = None
    if at.has("exits"):
        at.get("exits").texts()
        chosen = frozenset(one.one_of(exits) for one in at.get("exits"))
    return Captive(
        *(at.get("id").text(), at.get("family").one_of(families)),
        *(at.get("fit").periods(), at.get("free").periods()),
        exits=chosen,
    )


def _shelter(at: At) -> Shelter:
    at.knows(("id", "places", "areas"), ("taken",))
    return Shelter(
        *(at.get("id").text(), at.get("places").whole(0, 100_000), at.get("areas").texts()),
        taken=_taken(at),
    )


def _taken(at: At) -> dict[date, int]:
    """How many places others have who are not planned here: [day, persons] each, a day once."""
    found: dict[date, int] = {}
    for one in at.get("taken") if at.has("taken") else ():
        parts = list(one)
        if len(parts) != 2 or (day := parts[0].day()) in found:
            raise one.wrong("a day that stands once, and how many persons")
        found[day] = parts[1].whole(0, 100_000)
    return found


def _exit(at: At) -> Exit:
    at.knows(("id", "places", "baggage_kg", "areas"), ("taken",))
    return Exit(
        *(at.get("id").text(), at.get("places").whole(0, 10_000)),
        *(at.get("baggage_kg").number(0, 1000), at.get("areas").texts()),
        taken=_taken(at),
    )


def _danger(at: At) -> Danger:
    at.knows(("area", "days"))
    return Danger(at.get("area").text(), at.get("days").periods())


def _closure(at: At, problem: Problem) -> Closure:
    at.knows(("days",), CLOSABLE)
    named = [kind for kind in CLOSABLE if at.has(kind)]
    if len(named) != 1:
        found = ", ".join(named) or "none of them"
        raise at.wrong(f"one of {', '.join(CLOSABLE)} beside days", found)
    kind = named[0]
    known = ids(getattr(problem, kind + "s"))
    return Closure(kind, at.get(kind).one_of(known), at.get("days").periods())


def _check_families(at: At, problem: Problem) -> None:
    """Each family comes for somebody, and none of them weighs more than a wait above the cap."""
    coming = Counter(one.family for one in problem.captives)
    for family, place in zip(problem.families, at.get("families"), strict=True):
        if not coming[family.id]:
            raise place.wrong("a captive who names this family", "nobody to come for")
    heaviest = max((one.weight for one in problem.families), default=0)
    if problem.objective.over_cap < heaviest:
        # Else a wait above the cap could be outweighed for ever by those who come after it.
        expected = f"{heaviest / THOUSAND:g} or more, the greatest weight of a family"
        raise at.get("objective").get("over_cap").wrong(expected)
