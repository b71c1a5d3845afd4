"""Does a plan keep every rule of its problem? Asked rule by rule, slowly and plainly.

Nothing here is shared with what made the plan: the files are read anew, and the objective is added
up anew. docs/methods/planning.md, section 2, says what each rule means.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from .records import BadFile, Files, Trip, in_spans, read_files

BAGGAGE_KG = 25  # GC III 119
TOLERANCE = 0.0015  # the file has three decimals


@dataclass(frozen=True)
class Fault:
    """A broken rule, for whom, and in words; `family` is empty where no one family is meant."""

    rule: str
    family: str
    says: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.family or 'the plan'}: {self.says}"

    def as_dict(self) -> dict[str, str]:
        return {"rule": self.rule, "family": self.family, "says": self.says}


def faults_of(problem: Any, plan: Any) -> list[Fault]:
    """Every broken rule of a plan, in a fixed order. Raises BadFile if the files mean nothing."""
    try:
        files = read_files(problem, plan)
        if faults := list(_names(files)):
            return faults  # the other rules would ask for what is not there
        return [fault for rule in RULES for fault in rule(files)]
    except BadFile:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise BadFile(f"no problem and plan of the format: {error!r}") from None


# Who is where in the files


def _names(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        for kind in ("family", "crossing", "vehicle", "escort", "route", "shelter", "exit"):
            if (code := getattr(trip, kind)) not in files.known(kind):
                yield Fault("unknown", trip.family, f"there is no {kind} {code}")
    for family, _ in files.unplaced:
        if family not in files.known("family"):
            yield Fault("unknown", family, f"there is no family {family}")


def _once(files: Files) -> Iterator[Fault]:
    told = [trip.family for trip in files.trips] + [family for family, _ in files.unplaced]
    for family in files.families:
        if (times := told.count(family)) > 1:
            yield Fault("twice", family, f"it stands {times} times in the plan")
        if not times:
            yield Fault("missing", family, "it is neither assigned nor unplaced")
    for family, rules in files.unplaced:
        if not rules:
            yield Fault("unplaced", family, "no rule is named that bars it")


# The people


def _days(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        if trip.day not in files.days:
            yield Fault("days", trip.family, f"{trip.day} is none of the days")


def _people(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        if not in_spans(trip.day, files.families[trip.family]["free"]):
            yield Fault("free", trip.family, f"the family is not free on {trip.day}")
        for captive in files.captives_of(trip.family):
            if not in_spans(trip.day, captive["free"]):
                yield Fault("same_day", trip.family, f"{captive['id']} cannot come on {trip.day}")
            if not in_spans(trip.day, captive["fit"]):
                yield Fault("fit", trip.family, f"{captive['id']} is not fit on {trip.day}")


# The road


def _roads(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        route, crossing = files.routes[trip.route], files.crossings[trip.crossing]
        region = files.families[trip.family]["region"]
        if route["region"] != region:
            yield Fault("route", trip.family, f"{trip.route} does not begin in {region}")
        if route["crossing"] != trip.crossing:
            yield Fault("route", trip.family, f"{trip.route} does not lead over {trip.crossing}")
        opens, closes = crossing["opens"]
        if not opens <= route["crosses"] <= closes:
            yield Fault("opens", trip.family, f"{trip.crossing} is shut at {route['crosses']}")


def _danger(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        nights = [trip.day + timedelta(days=n) for n in range(files.nights)]
        ways = (
            (files.routes[trip.route], [trip.day]),
            (files.shelters[trip.shelter], nights),
            (files.exits[trip.exit], [files.leaves(trip)]),
        )
        for way, days in ways:
            for area, spans in files.dangers:
                if area in way["areas"] and any(in_spans(day, spans) for day in days):
                    yield Fault("danger", trip.family, f"{way['id']} leads through {area}")


def _closed(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        nights = [trip.day + timedelta(days=n) for n in range(files.nights)]
        used = {kind: [trip.day] for kind in ("crossing", "route", "vehicle", "escort")}
        used |= {"shelter": nights, "exit": [files.leaves(trip)]}
        for kind, days in used.items():
            for closed, code, spans in files.closures:
                is_it = (closed, code) == (kind, getattr(trip, kind))
                if is_it and any(in_spans(day, spans) for day in days):
                    yield Fault("closed", trip.family, f"{kind} {code} is closed")


def _places(files: Files) -> Iterator[Fault]:
    for (crossing, day), trips in _together(files, lambda x: (x.crossing, x.day)):
        persons = sum(files.families[one.family]["size"] for one in trips)
        yield from _too_many(
            "places", trips, persons, files.crossings[crossing]["places"], f"{crossing} on {day}"
        )


# Vehicles


def _vehicles(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        vehicle = files.vehicles[trip.vehicle]
        if vehicle["region"] != files.families[trip.family]["region"]:
            yield Fault("vehicle", trip.family, f"{trip.vehicle} is of another region")
        if not in_spans(trip.day, vehicle["days"]):
            yield Fault("vehicle", trip.family, f"{trip.vehicle} does not run on {trip.day}")


def _convoys(files: Files) -> Iterator[Fault]:
    for (vehicle, day), trips in _together(files, lambda x: (x.vehicle, x.day)):
        persons = sum(files.families[one.family]["size"] for one in trips)
        seats = files.vehicles[vehicle]["seats"]
        yield from _too_many("seats", trips, persons, seats, f"{vehicle} on {day}")
        if len({(one.route, one.escort) for one in trips}) > 1:
            said = f"{vehicle} has two routes or two escorts on {day}"
            yield from (Fault("convoy", one.family, said) for one in trips)


# Escorts


def _escorts(files: Files) -> Iterator[Fault]:
    for trip in files.trips:
        escort, family = files.escorts[trip.escort], files.families[trip.family]
        if "free" in escort and not in_spans(trip.day, escort["free"]):
            yield Fault("escort", trip.family, f"{trip.escort} is not free on {trip.day}")
        if not set(escort["languages"]) & set(family["languages"]):
            yield Fault("language", trip.family, f"{trip.escort} speaks none of theirs")
        if family["woman_escort"] and escort["sex"] != "F":
            yield Fault("woman_escort", trip.family, f"{trip.escort} is no woman")
        leaves, arrives = files.hours(trip)
        if arrives - leaves > timedelta(hours=escort["hours"]):
            yield Fault("hours", trip.family, f"{trip.route} is too long for {trip.escort}")


def _one_vehicle_each(files: Files) -> Iterator[Fault]:
    for (escort, day), trips in _together(files, lambda x: (x.escort, x.day)):
        if len({one.vehicle for one in trips}) > 1:
            said = f"{escort} is with two vehicles on {day}"
            yield from (Fault("escort", one.family, said) for one in trips)


def _rest(files: Files) -> Iterator[Fault]:
    for escort, trips in _together(files, lambda x: x.escort):
        duties: dict[tuple[datetime, datetime], Trip] = {}
        for trip in trips:
            duties.setdefault(files.hours(trip), trip)
        for (one, _), (other, late) in combinations(sorted(duties.items(), key=lambda x: x[0]), 2):
            rest = other[0] - one[1]
            if one[0].date() != other[0].date() and rest < timedelta(hours=files.rest_hours):
                yield Fault("rest", late.family, f"{escort} had {rest} before {other[0].date()}")


# The way out


def _beds(files: Files) -> Iterator[Fault]:
    sleeping: dict[tuple[str, date], list[Trip]] = defaultdict(list)
    for trip in files.trips:
        for n in range(files.nights):
            sleeping[trip.shelter, trip.day + timedelta(days=n)].append(trip)
    for (shelter, night), trips in sorted(sleeping.items()):
        persons = sum(files.persons(one.family) for one in trips)
        places = _left(files.shelters[shelter], night)
        yield from _too_many("shelter", trips, persons, places, f"{shelter} on {night}")


def _left(one: Mapping[str, Any], day: date) -> int:
    """The places that nobody of another plan has on this day."""
    taken: dict[date, int] = {date.fromisoformat(on): n for on, n in one.get("taken", [])}
    return int(one["places"]) - taken.get(day, 0)


def _exits(files: Files) -> Iterator[Fault]:
    for (way, day), trips in _together(files, lambda x: (x.exit, files.leaves(x))):
        persons = sum(files.persons(one.family) for one in trips)
        yield from _too_many(
            "exit", trips, persons, _left(files.exits[way], day), f"{way} on {day}"
        )
    for trip in files.trips:
        if files.exits[trip.exit]["baggage_kg"] < BAGGAGE_KG:
            yield Fault("baggage", trip.family, f"{trip.exit} lets less than 25 kg through")
        for captive in files.captives_of(trip.family):
            if trip.exit not in captive.get("exits", [trip.exit]):
                yield Fault("papers", trip.family, f"{captive['id']} has none for {trip.exit}")


# What the plan says of itself


def _objective(files: Files) -> Iterator[Fault]:
    """Waiting added up day by day: the weight for each, and more for each above the cap."""
    aims, first = files.aims, files.days[0]
    never = files.days[-1] + timedelta(days=aims["unplaced_days"])
    travels = {trip.family: trip.day for trip in files.trips}
    total = 0.0
    for code, family in files.families.items():
        day = first
        while day < travels.get(code, never):
            day += timedelta(days=1)
            total += family["weight"]
            if (day - files.since(code)).days > aims["cap_days"]:
                total += aims["over_cap"]
    if abs(total - files.objective) > TOLERANCE:
        yield Fault("objective", "", f"{files.objective} is told, {total:.3f} is right")
    if files.bound > files.objective + TOLERANCE:
        yield Fault("bound", "", f"{files.bound} lies above the objective")


def _promises(files: Files) -> Iterator[Fault]:
    told = files.promises
    if told is None:
        return
    broken = told["broken"]
    if told["made"] != told["kept"] + len(broken) or told["kept"] > told["kept_at_most"]:
        yield Fault("promises", "", "kept and broken promises are not all that were made")
    travels = {trip.family: trip for trip in files.trips}
    for one in broken:
        trip = travels.get(one["family"])
        now = trip and {"day": trip.day.isoformat(), "crossing": trip.crossing}
        if now != one["now"] or (now and now["day"] == one["was"]["day"]):
            yield Fault("promises", one["family"], "a broken promise is not told as it is")


RULES: tuple[Callable[[Files], Iterable[Fault]], ...] = (
    *(_once, _days, _people, _roads, _danger, _closed, _places, _vehicles, _convoys),
    *(_escorts, _one_vehicle_each, _rest, _beds, _exits, _objective, _promises),
)
# Each rule by the name that a fault has.
NAMES = (
    *("unknown", "twice", "missing", "unplaced", "days", "free", "same_day", "fit", "route"),
    *("opens", "danger", "closed", "places", "vehicle", "seats", "convoy", "escort", "language"),
    *("woman_escort", "hours", "rest", "shelter", "exit", "baggage", "papers"),
    *("objective", "bound", "promises"),
)


def _together(files: Files, key: Callable[[Trip], Any]) -> list[tuple[Any, list[Trip]]]:
    found: dict[Any, list[Trip]] = defaultdict(list)
    for trip in files.trips:
        found[key(trip)].append(trip)
    return sorted(found.items(), key=lambda pair: pair[0])


def _too_many(
    rule: str, trips: list[Trip], persons: int, places: int, where: str
) -> Iterator[Fault]:
    if persons > places:
        said = f"{persons} persons, {places} places: {where}"
        yield from (Fault(rule, one.family, said) for one in trips)
