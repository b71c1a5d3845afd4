"""Small invented problems, and what is the best plan of them by trying everything."""

import copy
import json
from datetime import date
from itertools import product
from random import Random

from wayhome.cores.planning_trials.checking import faults_of

DAYS = ["2026-03-02", "2026-03-03", "2026-03-04"]
ALL = [[DAYS[0], DAYS[-1]]]


def small():
    """Two families from one region, one vehicle, two crossings, three days: all can travel."""
    return copy.deepcopy(SMALL)


def family(code, **changes):
    return {
        "id": code,
        "region": "North",
        "free": ALL,
        "size": 1,
        "languages": ["ru"],
        "woman_escort": False,
        "weight": 1,
        "since": "2026-02-01",
    } | changes


def route(crossing, **changes):
    return {
        "id": f"over {crossing}",
        "region": "North",
        "crossing": crossing,
        "leaves": "06:00",
        "crosses": "09:00",
        "arrives": "16:00",
        "areas": [f"about {crossing}"],
    } | changes


SMALL = {
    "schema": "wayhome-plan/1",
    "days": DAYS,
    "nights": 2,
    "rest_hours": 11,
    "objective": {"unplaced_days": 10, "cap_days": 100, "over_cap": 9},
    "crossings": [
        {"id": "X1", "opens": ["06:00", "20:00"], "places": 6},
        {"id": "X2", "opens": ["06:00", "20:00"], "places": 6},
    ],
    "routes": [route("X1"), route("X2")],
    "vehicles": [{"id": "V1", "region": "North", "seats": 4, "days": ALL}],
    "escorts": [
        {"id": "E1", "languages": ["ru", "uk"], "sex": "F", "hours": 12},
        {"id": "E2", "languages": ["ru"], "sex": "M", "hours": 12},
    ],
    "families": [family("F1"), family("F2", size=2, weight=3)],
    "captives": [
        {"id": "C1", "family": "F1", "fit": ALL, "free": ALL},
        {"id": "C2", "family": "F2", "fit": ALL, "free": ALL},
    ],
    "shelters": [{"id": "S1", "places": 20, "areas": ["quarter"]}],
    "exits": [{"id": "O1", "places": 20, "baggage_kg": 25, "areas": ["way out"]}],
    "closures": [],
    "dangers": [],
}


def drawn(seed):
    """A problem of three families in which something or other is short."""
    chance = Random(seed)
    found = small()
    found["families"], found["captives"] = [], []
    for n in range(3):
        found["families"].append(
            family(
                f"F{n}",
                size=chance.choice((1, 2, 2, 3)),
                weight=chance.choice((1, 1.5, 4)),
                languages=chance.choice((["ru"], ["uk"], ["ru", "uk"])),
                woman_escort=chance.random() < 0.3,
                free=[[chance.choice(DAYS[:2]), DAYS[-1]]],
                since=chance.choice(("2026-02-01", "2025-11-22")),
            )
        )
        fit = [[chance.choice(DAYS), DAYS[-1]]] if chance.random() < 0.3 else ALL
        found["captives"].append({"id": f"C{n}", "family": f"F{n}", "fit": fit, "free": ALL})
    found["vehicles"][0]["seats"] = chance.choice((3, 4))
    if chance.random() < 0.5:
        found["vehicles"].append({"id": "V2", "region": "North", "seats": 3, "days": ALL})
    found["crossings"][0]["places"] = chance.choice((2, 3, 6))
    found["crossings"][1]["places"] = chance.choice((1, 3))
    found["rest_hours"] = chance.choice((11, 20))
    found["shelters"][0]["places"] = chance.choice((6, 8, 20))
    found["exits"][0]["places"] = chance.choice((4, 5, 20))
    if chance.random() < 0.3:
        found["closures"].append({"crossing": "X1", "days": [[DAYS[0], DAYS[1]]]})
    if chance.random() < 0.3:
        found["dangers"].append({"area": "about X2", "days": [[DAYS[1], DAYS[1]]]})
    return found


def waiting(problem, days):
    """The objective of a plan that places these families: the method's formula, written again."""
    aims, first = problem["objective"], date.fromisoformat(problem["days"][0])
    total = 0.0
    for one in problem["families"]:
        never = date.fromisoformat(problem["days"][-1]).toordinal() + aims["unplaced_days"]
        day = date.fromisoformat(days[one["id"]]).toordinal() if one["id"] in days else never
        begun = date.fromisoformat(one["since"]).toordinal()
        for now in range(first.toordinal() + 1, day + 1):
            over = aims["over_cap"] if now - begun > aims["cap_days"] else 0
            total += one["weight"] + over
    return total


def plan_of(problem, assignments):
    """A plan's file with these assignments; who has none is told so."""
    days = {one["family"]: one["day"] for one in assignments}
    left = [one["id"] for one in problem["families"] if one["id"] not in days]
    return {
        "schema": "wayhome-plan/1",
        "assignments": assignments,
        "unplaced": [{"family": code, "rules": ["seats"]} for code in left],
        "objective": waiting(problem, days),
        "bound": 0,
        "gap": 0,
        "seconds": 0,
    }


def best_by_trying(problem):
    """The least objective of all plans that the checker lets pass.

    A plan with one family fewer breaks no rule that the whole does not break: so a part that
    breaks one is not gone on with.
    """
    best = waiting(problem, {})

    def go_on(number, taken):
        nonlocal best
        if faults_of(problem, plan_of(problem, taken)):
            return
        best = min(best, waiting(problem, {one["family"]: one["day"] for one in taken}))
        if number < len(problem["families"]):
            one = problem["families"][number]
            for trip in trips(problem, one):
                go_on(number + 1, [*taken, trip])
            go_on(number + 1, taken)

    go_on(0, [])
    return best


def trips(problem, one):
    """Everything that a family could be given."""
    return [
        trip(one["id"], day, road, vehicle["id"], escort["id"])
        for day, road, vehicle, escort in product(
            problem["days"], problem["routes"], problem["vehicles"], problem["escorts"]
        )
    ]


def trip(code, day, road, vehicle="V1", escort="E1"):
    return {
        "family": code,
        "day": day,
        "crossing": road["crossing"],
        "vehicle": vehicle,
        "escort": escort,
        "route": road["id"],
        "shelter": "S1",
        "exit": "O1",
    }


def as_file(value):
    """What comes back from a file."""
    return json.loads(json.dumps(value))
