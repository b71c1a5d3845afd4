"""The checker notices every broken rule, and blames the family whom it concerns."""

import pytest

from tests.cores.planning.problems import ALL, DAYS, as_file, plan_of, small, trip
from wayhome.cores.planning_trials.checking import NAMES, faults_of
from wayhome.cores.planning_trials.records import BadFile


def good(problem):
    """Both families on the first day in one vehicle."""
    road = problem["routes"][0]
    return plan_of(problem, [trip("F1", DAYS[0], road), trip("F2", DAYS[0], road)])


def test_a_good_plan_has_no_fault():
    assert faults_of(small(), good(small())) == []


def unknown(problem, plan):
    plan["assignments"][0]["vehicle"] = "V9"


def twice(problem, plan):
    plan["unplaced"].append({"family": "F1", "rules": ["seats"]})


def missing(problem, plan):
    plan.update(plan_of(problem, plan["assignments"][1:]))
    plan["unplaced"] = []


def unplaced(problem, plan):
    plan.update(plan_of(problem, plan["assignments"][1:]))
    plan["unplaced"][0]["rules"] = []


def days(problem, plan):
    problem["days"] = DAYS[1:]
    plan.update(plan_of(problem, plan["assignments"][:0]))
    plan["assignments"] = [trip("F1", DAYS[0], problem["routes"][0])]
    plan["unplaced"] = plan["unplaced"][1:]
    plan["objective"] -= 11


def free(problem, plan):
    problem["families"][0]["free"] = [[DAYS[1], DAYS[2]]]


def same_day(problem, plan):
    problem["captives"][0]["free"] = [[DAYS[1], DAYS[2]]]


def fit(problem, plan):
    problem["captives"][0]["fit"] = []


def begins_elsewhere(problem, plan):
    problem["families"][0]["region"] = "South"
    problem["vehicles"].append(problem["vehicles"][0] | {"id": "V2", "region": "South"})
    plan["assignments"][0] |= {"vehicle": "V2", "escort": "E2"}


def leads_elsewhere(problem, plan):
    for one in plan["assignments"]:
        one["crossing"] = "X2"


def opens(problem, plan):
    problem["crossings"][0]["opens"] = ["09:30", "20:00"]


def danger(problem, plan):
    problem["dangers"] = [{"area": "about X1", "days": ALL}]


def danger_in_the_shelter(problem, plan):
    problem["dangers"] = [{"area": "quarter", "days": [[DAYS[1], DAYS[1]]]}]


def danger_on_the_way_out(problem, plan):
    problem["dangers"] = [{"area": "way out", "days": [[DAYS[2], DAYS[2]]]}]


def closed(problem, plan):
    problem["closures"] = [{"crossing": "X1", "days": ALL}]


def exit_closed(problem, plan):
    problem["closures"] = [{"exit": "O1", "days": [[DAYS[2], DAYS[2]]]}]


def places(problem, plan):
    problem["crossings"][0]["places"] = 2


def other_region(problem, plan):
    problem["vehicles"][0]["region"] = "South"


def not_running(problem, plan):
    problem["vehicles"][0]["days"] = []


def seats(problem, plan):
    problem["vehicles"][0]["seats"] = 2


def convoy(problem, plan):
    plan["assignments"][0]["escort"] = "E2"


def escort_in_two(problem, plan):
    problem["vehicles"].append(problem["vehicles"][0] | {"id": "V2"})
    plan["assignments"][0]["vehicle"] = "V2"


def escort_not_free(problem, plan):
    problem["escorts"][0]["free"] = []


def language(problem, plan):
    problem["families"][0]["languages"] = ["tt"]


def woman_escort(problem, plan):
    problem["families"][0]["woman_escort"] = True
    problem["escorts"][0]["sex"] = "M"


def hours(problem, plan):
    problem["escorts"][0]["hours"] = 9.9


def rest(problem, plan):
    problem["rest_hours"] = 14.5
    trips = [trip("F1", DAYS[0], problem["routes"][0]), trip("F2", DAYS[1], problem["routes"][0])]
    plan.update(plan_of(problem, trips))


def shelter(problem, plan):
    problem["shelters"][0]["places"] = 4


def way_out(problem, plan):
    problem["exits"][0]["places"] = 4


def baggage(problem, plan):
    problem["exits"][0]["baggage_kg"] = 24.9


def papers(problem, plan):
    problem["captives"][0]["exits"] = []


def objective(problem, plan):
    plan["objective"] += 1


def bound(problem, plan):
    plan["bound"] = plan["objective"] + 1


def promises(problem, plan):
    plan["promises"] = {"made": 2, "kept": 1, "kept_at_most": 2, "broken": [], "changed": []}


PLANTED = [
    (unknown, "unknown", {"F1"}),
    (twice, "twice", {"F1"}),
    (missing, "missing", {"F1"}),
    (unplaced, "unplaced", {"F1"}),
    (days, "days", {"F1"}),
    (free, "free", {"F1"}),
    (same_day, "same_day", {"F1"}),
    (fit, "fit", {"F1"}),
    (begins_elsewhere, "route", {"F1"}),
    (leads_elsewhere, "route", {"F1", "F2"}),
    (opens, "opens", {"F1", "F2"}),
    (danger, "danger", {"F1", "F2"}),
    (danger_in_the_shelter, "danger", {"F1", "F2"}),
    (danger_on_the_way_out, "danger", {"F1", "F2"}),
    (closed, "closed", {"F1", "F2"}),
    (exit_closed, "closed", {"F1", "F2"}),
    (places, "places", {"F1", "F2"}),
    (other_region, "vehicle", {"F1", "F2"}),
    (not_running, "vehicle", {"F1", "F2"}),
    (seats, "seats", {"F1", "F2"}),
    (convoy, "convoy", {"F1", "F2"}),
    (escort_in_two, "escort", {"F1", "F2"}),
    (escort_not_free, "escort", {"F1", "F2"}),
    (language, "language", {"F1"}),
    (woman_escort, "woman_escort", {"F1"}),
    (hours, "hours", {"F1", "F2"}),
    (rest, "rest", {"F2"}),
    (shelter, "shelter", {"F1", "F2"}),
    (way_out, "exit", {"F1", "F2"}),
    (baggage, "baggage", {"F1", "F2"}),
    (papers, "papers", {"F1"}),
    (objective, "objective", {""}),
    (bound, "bound", {""}),
    (promises, "promises", {""}),
]


@pytest.mark.parametrize(
    ("plant", "rule", "blamed"), PLANTED, ids=[plant.__name__ for plant, _, _ in PLANTED]
)
def test_a_planted_fault_is_found_and_no_other(plant, rule, blamed):
    problem = small()
    plan = good(problem)

    plant(problem, plan)
    faults = faults_of(as_file(problem), as_file(plan))

    assert {one.rule for one in faults} == {rule}
    assert {one.family for one in faults} == blamed


def test_a_fault_is_planted_for_every_rule():
    assert {rule for _, rule, _ in PLANTED} == set(NAMES)


@pytest.mark.parametrize(
    ("problem", "plan"),
    [(None, {}), ({}, {}), (small(), {}), (small(), {"schema": "wayhome-plan/1"}), ([], "x")],
)
def test_files_that_mean_nothing_are_said_to(problem, plan):
    with pytest.raises(BadFile):
        faults_of(problem, plan)
