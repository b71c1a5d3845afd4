"""Our records into a problem of the planning core, and its plans back. Nothing else imports it."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from wayhome.bureau.journeys.models import (
    Closure,
    Crossing,
    Danger,
    Escort,
    Journey,
    Shelter,
    Vehicle,
    Way,
)
from wayhome.bureau.journeys.rules.plans import (
    CAP_DAYS,
    NIGHTS,
    OVER_CAP,
    REST_HOURS,
    UNPLACED_DAYS,
)
from wayhome.cores import planning
from wayhome.cores.planning_trials.checking import faults_of

SCHEMA = "wayhome-plan/1"
# What the checker says of the plan as a whole, or of families who came later.
NOT_OF_A_JOURNEY = frozenset({"missing", "objective", "bound", "promises"})
# A closure by the names that the core knows; a crossing is closed on the way out too.
CLOSED_AS = {"crossing": ("crossing", "exit"), "way": ("route",), "vehicle": ("vehicle",),
             "escort": ("escort",), "shelter": ("shelter",)}  # fmt: skip
LIST_OF = {"crossing": "crossings", "exit": "exits", "route": "routes", "vehicle": "vehicles",
           "escort": "escorts", "shelter": "shelters"}  # fmt: skip
Document = dict[str, Any]


@dataclass(frozen=True)
class Days:
    """The days of a plan, without a gap."""

    first: date
    number: int

    @property
    def last(self) -> date:
        return self.first + timedelta(days=self.number - 1)

    @property
    def out(self) -> date:
        """The last day on which anybody leaves."""
        return self.last + timedelta(days=NIGHTS)

    @property
    def each(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range(self.number)]

    def span(self, first: date | None, last: date | None, until: date | None = None) -> list[Any]:
        """A period as the core reads it, cut to these days; none where it has none of them."""
        begins, ends = max(first or self.first, self.first), last or until or self.last
        return [[begins.isoformat(), ends.isoformat()]] if begins <= ends else []


@dataclass(frozen=True)
class Man:
    """Whom a family comes for: his application, and until when he is certified fit.

    `exits` lead where he, and whoever comes for him, chose to go; None: nobody has said it yet.
    """

    code: str
    fit_until: date | None = None
    exits: frozenset[str] | None = None


@dataclass(frozen=True)
class Travellers:
    """A family whose road is open, as the core is given it: by code, without a name or a reason."""

    code: str
    region: str
    size: int
    languages: Sequence[str]
    woman_escort: bool
    from_on: date | None
    until_on: date | None
    weight: int
    since: date
    men: Sequence[Man] = field(default_factory=tuple)


def problem_of(families: Collection[Travellers], days: Days, supposed: Document | None) -> Document:
    """Everything that is in use now, and these families, as a problem of the core.

    Whoever was given a day outside this plan keeps the bed and the place at the exit.
    """
    crossings = list(Crossing.objects.in_use().order_by("name"))
    out = [one for one in crossings if one.places_out]
    exits = [str(one.pk) for one in out]
    beds, places_out = _taken(families, days)
    document = {
        "schema": SCHEMA,
        "days": [day.isoformat() for day in days.each],
        "nights": NIGHTS,
        "rest_hours": REST_HOURS,
        "objective": {
            "unplaced_days": UNPLACED_DAYS, "cap_days": CAP_DAYS, "over_cap": OVER_CAP,
        },
        "crossings": [_crossing(one, days.first) for one in crossings],
        "routes": [_route(one, days.first) for one in _ways()],
        "vehicles": [_vehicle(one, days) for one in Vehicle.objects.between(days.first, days.last)],
        "escorts": [_escort(one, days) for one in Escort.objects.between(days.first, days.last)],
        "families": [_family(one, days) for one in families],
        "captives": [_captive(man, one, days, exits) for one in families for man in one.men],
        "shelters": [
            {"id": str(one.pk), "places": one.places, "areas": one.areas, "taken": beds(one)}
            for one in Shelter.objects.in_use().order_by("name")
        ],
        "exits": [
            {"id": str(one.pk), "places": one.places_out, "baggage_kg": one.baggage_kg,
             "areas": one.areas, "taken": places_out(one)}
            for one in out
        ],
        "dangers": [
            {"area": one.area, "days": days.span(one.from_on, one.until_on, days.out)}
            for one in Danger.objects.between(days.first, days.out)
        ],
    }  # fmt: skip
    return {**document, "closures": [*_closures(document, days), *_supposed(document, supposed)]}


Taken = Callable[[Any], list[Any]]


def _taken(families: Collection[Travellers], days: Days) -> tuple[Taken, Taken]:
    """Beds by night and places at exits by day, of those whom this plan does not place."""
    planned = {man.code for one in families for man in one.men}
    beds: Counter[tuple[Any, date]] = Counter()
    out: Counter[tuple[Any, date]] = Counter()
    replaced = Journey.objects.to_come().filter(on__range=(days.first, days.last))
    rows = Journey.objects.staying(days.first, days.out).exclude(pk__in=replaced.values("pk"))
    parties: dict[Any, list[Journey]] = {}
    for one in rows.select_related("application__enquiry").order_by("pk"):
        if str(one.application_id) not in planned:
            enquiry = one.application.enquiry
            parties.setdefault((enquiry and enquiry.enquirer_id, one.on), []).append(one)
    for together in parties.values():  # who comes for two men has one bed for herself
        first, persons = together[0], together[0].persons + len(together)
        for n in range((first.leaves_on - first.on).days):
            beds[first.shelter_id, first.on + timedelta(days=n)] += persons
        out[first.exit_id, first.leaves_on] += persons

    def told(counted: Counter[tuple[Any, date]]) -> Taken:
        return lambda one: [
            [day.isoformat(), many]
            for (pk, day), many in sorted(counted.items(), key=lambda each: each[0][1])
            if pk == one.pk and days.first <= day <= days.out
        ]

    return told(beds), told(out)


def _ways() -> Any:
    rows = Way.objects.in_use().filter(crossing__ended_at=None, crossing__places_in__gt=0)
    return rows.select_related("crossing").order_by("name")


def _clock(hour: time, zone: str, on: date) -> str:
    """An hour of a zone, in the zone of the bureau."""
    there = datetime.combine(on, hour, ZoneInfo(zone))
    return there.astimezone(ZoneInfo(settings.TIME_ZONE)).strftime("%H:%M")


def _crossing(one: Crossing, on: date) -> Document:
    opens, closes = (_clock(hour, one.zone, on) for hour in (one.opens, one.closes))
    # Where the day turns between, it is open until the day's end.
    closes = closes if closes > opens else "23:59"
    return {"id": str(one.pk), "opens": [opens, closes], "places": one.places_in}


def _route(one: Way, on: date) -> Document:
    return {
        "id": str(one.pk),
        "region": one.region,
        "crossing": str(one.crossing_id),
        "leaves": _clock(one.leaves, one.zone, on),
        "crosses": _clock(one.crosses, one.crossing.zone, on),
        "arrives": one.arrives.strftime("%H:%M"),
        "areas": sorted({*one.areas, *one.crossing.areas}),
    }


def _vehicle(one: Vehicle, days: Days) -> Document:
    return {
        "id": str(one.pk),
        "region": one.region,
        "seats": one.seats,
        "days": days.span(one.from_on, one.until_on),
    }


def _escort(one: Escort, days: Days) -> Document:
    return {
        "id": str(one.pk),
        "languages": list(one.languages),
        "sex": one.sex,
        "hours": one.hours,
        "free": days.span(one.from_on, one.until_on),
    }


def _family(one: Travellers, days: Days) -> Document:
    return {
        "id": one.code,
        "region": one.region,
        "free": days.span(one.from_on, one.until_on),
        "size": one.size,
        "languages": list(one.languages),
        "woman_escort": one.woman_escort,
        "weight": one.weight,
        "since": min(one.since, days.first).isoformat(),
    }


def _captive(man: Man, family: Travellers, days: Days, exits: Collection[str]) -> Document:
    told = {
        "id": man.code,
        "family": family.code,
        "fit": days.span(None, man.fit_until),
        "free": days.span(None, None),
    }
    if man.exits is None:
        return told
    # An exit that is used no longer leads nowhere.
    return {**told, "exits": [code for code in exits if code in man.exits]}


def _closures(document: Document, days: Days) -> list[Document]:
    found = []
    rows = Closure.objects.between(days.first, days.out)
    for one in rows.select_related("crossing", "way", "vehicle", "escort", "shelter"):
        span = days.span(one.from_on, one.until_on, days.out)
        found += _closed(document, one.what, str(one.closed.pk), span)
    return found


def _supposed(document: Document, supposed: Document | None) -> list[Document]:
    if supposed is None:
        return []
    span = [[supposed["from_on"], supposed["until_on"]]]
    return _closed(document, "crossing", supposed["crossing"], span)


def _closed(document: Document, what: str, code: str, span: list[Any]) -> list[Document]:
    """A closure of something that this problem holds, by each name under which it holds it."""
    return [
        {name: code, "days": span}
        for name in CLOSED_AS[what]
        if code in {one["id"] for one in document[LIST_OF[name]]} and span
    ]


def pinned(problem: Document, pins: Mapping[str, str]) -> Document:
    """The problem in which some families are free on one day alone."""
    families = [
        {**one, "free": [[pins[one["id"]]] * 2]} if one["id"] in pins else one
        for one in problem["families"]
    ]
    return {**problem, "families": families}


def plan_at_once(problem: Document, promised: Document | None) -> Document:
    """A plan that keeps all rules, in moments."""
    read = planning.read_problem(problem)
    return planning.plan_at_once(read, _promises(promised, read)).as_dict()


@dataclass(frozen=True)
class Seen:
    """How far a search has come: what the plan costs, what no plan undercuts."""

    waiting: float
    at_least: float


def better_plan(
    problem: Document,
    promised: Document | None,
    seconds: float,
    hear: Callable[[Seen], None],
    stop: Callable[[], bool],
) -> Document:
    """The best plan that is found in this time, or until somebody stops it."""
    read = planning.read_problem(problem)

    def told(progress: planning.Progress) -> None:
        hear(Seen(progress.objective / 1000, max(0, progress.bound) / 1000))

    limits, watch = planning.Limits(seconds=seconds), planning.Watch(told, stop)
    return planning.plan(read, limits, _promises(promised, read), watch).as_dict()


def _promises(promised: Document | None, read: planning.Problem) -> Any:
    return planning.read_promises(promised, read) if promised else None


def broken_rules(problem: Document, result: Document) -> list[str]:
    """The rules that a plan breaks against a problem, by the checker that made none of it."""
    faults = faults_of(problem, result)
    return sorted({one.rule for one in faults} - NOT_OF_A_JOURNEY)
