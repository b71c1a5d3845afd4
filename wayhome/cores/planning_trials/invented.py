"""Invented problems of any size. Nobody in them is real, and no place.

All that binds in life binds here: families free on some days only, captives who are not always fit,
few escorts who are women or speak more than one language, crossings of unlike width, closures,
areas that become dangerous, beds that are full. The same seed gives the same problem.
"""

from datetime import date, timedelta
from random import Random
from typing import Any

SCHEMA = "wayhome-plan/1"
FIRST_DAY = date(2026, 3, 2)
REGIONS = ("North", "East", "Lakes", "Hills", "Coast", "Plain")
LANGUAGES = ("ru", "uk", "tt", "ce", "ba", "bua")
SIZES = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4)
SEATS = (6, 8, 14, 19)
NIGHTS = 7
LONGEST_WAIT_BEFORE = 300
SPARE_ESCORTS = 1.8
FULL = 0.8  # so much of the seats would be taken, if nothing else stood against it


def invented(families: int, days: int, crossings: int, seed: int) -> dict[str, Any]:
    """A problem as its file has it."""
    chance = Random(seed)
    dates = [FIRST_DAY + timedelta(days=n) for n in range(days)]
    regions = REGIONS[: max(1, min(len(REGIONS), families // 4 + 1))]
    people = [_family(chance, n, regions, dates) for n in range(families)]
    exits = _exits(families, days)
    captives = [_captive(chance, one, dates, exits) for one in people]
    persons = sum(one["size"] for one in people)
    a_day = max(4, persons / (days * FULL))
    ways = _crossings(chance, crossings, a_day)
    routes = _routes(chance, regions, ways)
    vehicles = _vehicles(chance, regions, people, dates)
    return {
        "schema": SCHEMA,
        "days": [one.isoformat() for one in dates],
        "nights": NIGHTS,
        "rest_hours": 20,
        "objective": {"unplaced_days": 30, "cap_days": 240, "over_cap": 10},
        "crossings": ways,
        "routes": routes,
        "vehicles": vehicles,
        "escorts": _escorts(chance, vehicles, dates),
        "families": people,
        "captives": captives,
        "shelters": _shelters(a_day + families / days),
        "exits": exits,
        "closures": _closures(chance, ways, dates),
        "dangers": _dangers(chance, routes, dates),
    }


def _span(first: date, last: date) -> list[str]:
    return [first.isoformat(), last.isoformat()]


def _code(letter: str, number: int) -> str:
    return f"{letter}-{number + 1:04}"


def _spans(chance: Random, dates: list[date], often: float) -> list[list[str]]:
    """Some weeks of the days, each taken with a chance; one of them for certain."""
    weeks = [dates[n : n + 7] for n in range(0, len(dates), 7)]
    sure = chance.randrange(len(weeks))
    return [
        _span(week[0], week[-1])
        for place, week in enumerate(weeks)
        if place == sure or chance.random() < often
    ]


def _family(chance: Random, number: int, regions: tuple[str, ...], dates: list[date]) -> Any:
    languages = ["ru"] if chance.random() < 0.9 else [chance.choice(LANGUAGES[1:])]
    if chance.random() < 0.15:
        languages.append(chance.choice(LANGUAGES[2:]))
    return {
        "id": _code("F", number),
        "region": chance.choices(regions, weights=range(len(regions) + 2, 2, -1))[0],
        "free": _spans(chance, dates, 0.7),
        "size": chance.choice(SIZES),
        "languages": sorted(set(languages)),
        "woman_escort": chance.random() < 0.15,
        "weight": round(chance.choice((1, 1, 1, 1.5, 2, 3, 5)) + chance.random(), 3),
        "since": (dates[0] - timedelta(days=chance.randint(1, LONGEST_WAIT_BEFORE))).isoformat(),
    }


def _captive(chance: Random, family: Any, dates: list[date], exits: list[Any]) -> Any:
    found: dict[str, Any] = {
        "id": family["id"].replace("F", "C"),
        "family": family["id"],
        "fit": [_span(dates[0], dates[-1])],
        "free": [_span(dates[0], dates[-1])],
    }
    if chance.random() < 0.15:  # ill for a time
        found["fit"] = [_span(chance.choice(dates[: 1 + len(dates) // 2]), dates[-1])]
    if chance.random() < 0.1:
        found["free"] = _spans(chance, dates, 0.8)
    if chance.random() < 0.2:
        found["exits"] = [one["id"] for one in exits[:1]]
    return found


def _crossings(chance: Random, number: int, a_day: float) -> list[Any]:
    return [
        {
            "id": _code("X", n),
            "opens": ["06:00", "20:00"],
            "places": max(max(SEATS), round(a_day * chance.uniform(1.5, 3.0) / number)),
        }
        for n in range(number)
    ]


def _routes(chance: Random, regions: tuple[str, ...], crossings: list[Any]) -> list[Any]:
    """Each region reaches two crossings or three, by roads of unlike length."""
    found = []
    for place, region in enumerate(regions):
        near = [crossings[(place + n) % len(crossings)] for n in range(min(3, len(crossings)))]
        for number, crossing in enumerate(near):
            leaves = 5 * 60 + 30 * chance.randint(0, 3)
            crosses = leaves + 90 + 30 * chance.randint(0, 3) + 30 * number
            arrives = crosses + 6 * 60 + 30 * chance.randint(0, 5)
            found.append(
                {
                    "id": f"{region}-{crossing['id']}",
                    "region": region,
                    "crossing": crossing["id"],
                    "leaves": _clock(leaves),
                    "crosses": _clock(crosses),
                    "arrives": _clock(arrives),
                    "areas": [f"about {crossing['id']}", f"road {chance.randint(1, 4)}"],
                }
            )
    return found


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _vehicles(
    chance: Random, regions: tuple[str, ...], families: list[Any], dates: list[date]
) -> list[Any]:
    """For each region seats as its families need them, on every second, third or fourth day."""
    found: list[Any] = []
    for region in regions:
        need = sum(one["size"] for one in families if one["region"] == region)
        seats = 0
        while seats < need / FULL or seats == 0:
            size, apart = chance.choice(SEATS), chance.choice((2, 3, 4))
            running = dates[chance.randrange(apart) :: apart] or dates
            found.append(
                {
                    "id": _code("V", len(found)),
                    "region": region,
                    "seats": size,
                    "days": [_span(one, one) for one in running],
                }
            )
            seats += size * len(running)
    return found


def _escorts(chance: Random, vehicles: list[Any], dates: list[date]) -> list[Any]:
    """Two for each vehicle of a usual day, since who served rests the next; some to spare."""
    a_day = sum(len(one["days"]) for one in vehicles) / len(dates)
    number = max(3, round(2 * a_day * SPARE_ESCORTS))
    found = []
    for n in range(number):
        spoken = {"ru", chance.choice(LANGUAGES[1:])} | (
            {chance.choice(LANGUAGES)} if n % 2 else set()
        )
        found.append(
            {
                "id": _code("E", n),
                "languages": sorted(spoken),
                "sex": "F" if n % 2 == 0 else "M",
                "hours": chance.choice((12, 13, 14)),
                "free": _spans(chance, dates, 0.9),
            }
        )
    return found


def _shelters(persons_a_day: float) -> list[Any]:
    beds = max(6, round(persons_a_day * NIGHTS * 2))
    shares = (0.5, 0.3, 0.2)
    return [
        {"id": _code("S", n), "places": max(5, round(beds * share)), "areas": [f"quarter {n + 1}"]}
        for n, share in enumerate(shares)
    ]


def _exits(families: int, days: int) -> list[Any]:
    a_day = max(6, round(8 * families / days))
    return [
        {"id": "O-0001", "places": a_day, "baggage_kg": 30, "areas": ["road 5"]},
        {"id": "O-0002", "places": a_day // 2 + 3, "baggage_kg": 25, "areas": ["road 6"]},
        {"id": "O-0003", "places": a_day, "baggage_kg": 20, "areas": ["road 7"]},
    ]


def _closures(chance: Random, crossings: list[Any], dates: list[date]) -> list[Any]:
    first = chance.randrange(len(dates))
    last = min(len(dates) - 1, first + 2)
    shut = chance.choice(crossings)["id"]
    return [{"crossing": shut, "days": [_span(dates[first], dates[last])]}]


def _dangers(chance: Random, routes: list[Any], dates: list[date]) -> list[Any]:
    areas = sorted({area for one in routes for area in one["areas"] if area.startswith("road")})
    first = chance.randrange(len(dates))
    last = min(len(dates) - 1, first + 4)
    return [{"area": chance.choice(areas), "days": [_span(dates[first], dates[last])]}]
