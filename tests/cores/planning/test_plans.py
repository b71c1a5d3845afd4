"""Plans against everything tried, and against a checker that shares no code with them."""

import threading
from datetime import date, timedelta

import pytest
from highspy import HighsModelStatus

from tests.cores.planning.problems import DAYS, as_file, best_by_trying, drawn, family, small
from wayhome.cores.planning import Limits, Watch, plan, plan_at_once, read_problem, read_promises
from wayhome.cores.planning.choices import RULES, Choices
from wayhome.cores.planning.counting import Counts
from wayhome.cores.planning.deciding import decided, most_promises, waiting
from wayhome.cores.planning.greedy import greedy
from wayhome.cores.planning.ledger import Ledger
from wayhome.cores.planning.packing import packed
from wayhome.cores.planning_trials.checking import faults_of
from wayhome.cores.planning_trials.invented import invented

LITTLE = Limits(effort=2.0)


def planned(problem, limits=LITTLE, previous=None, watch=None):
    read = read_problem(problem)
    promised = previous and read_promises(previous, read)
    return plan(read, limits, promised, watch or Watch())


@pytest.mark.parametrize("seed", range(16))
def test_no_plan_at_all_is_better_than_the_one_found(seed):
    problem = drawn(seed)

    found = planned(problem)

    assert found.objective / 1000 == pytest.approx(best_by_trying(problem))
    assert found.ended == "proven"
    assert found.bound == found.objective
    assert faults_of(problem, as_file(found.as_dict())) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_greedy_improved_and_replanned_plans_keep_every_rule(seed):
    problem = invented(families=20 + 4 * seed, days=12, crossings=3, seed=seed)
    at_once = plan_at_once(read_problem(problem))
    improved = planned(problem, Limits(effort=0.2))
    shut = problem | {"closures": [*problem["closures"], closed_at_busiest(improved)]}
    again = planned(shut, Limits(effort=0.2), as_file(improved.as_dict()))

    for found, asked in ((at_once, problem), (improved, problem), (again, shut)):
        assert faults_of(asked, as_file(found.as_dict())) == []
        assert found.bound <= found.objective
    assert improved.objective <= at_once.objective
    assert again.promises.made == len(improved.assignments)


def closed_at_busiest(found):
    """A closure of the crossing of the first trip, for the rest of the plan."""
    first = found.assignments[0]
    return {"crossing": first.crossing, "days": [[first.day.isoformat(), "2026-12-31"]]}


def test_a_kept_promise_is_worth_more_than_any_waiting():
    problem = small()
    problem["vehicles"][0]["seats"] = 2
    first = planned(problem)
    assert {one.family: one.day.isoformat() for one in first.assignments} == {
        "F2": DAYS[0],
        "F1": DAYS[1],
    }
    problem["families"].append(family("F3", size=2, weight=9))
    problem["captives"].append(problem["captives"][0] | {"id": "C3", "family": "F3"})

    again = planned(problem, previous=as_file(first.as_dict()))

    assert {one.family: one.day.isoformat() for one in again.assignments} == {
        "F2": DAYS[0],
        "F1": DAYS[1],
        "F3": DAYS[2],
    }
    assert (again.promises.made, again.promises.kept, again.promises.at_most) == (2, 2, 2)
    assert again.promises.broken == ()


def test_a_closed_crossing_breaks_no_promise_where_another_has_room():
    problem = small()
    first = planned(problem)
    [used] = {one.crossing for one in first.assignments}
    problem["closures"] = [{"crossing": used, "days": [[DAYS[0], DAYS[-1]]]}]

    again = planned(problem, previous=as_file(first.as_dict()))

    assert again.promises.kept == 2
    assert {now.crossing for _, now in again.promises.changed} == {"X1", "X2"} - {used}


def test_a_broken_promise_says_by_which_rule():
    problem = small()
    first = planned(problem)
    problem["closures"] = [{"crossing": one, "days": [[DAYS[0]] * 2]} for one in ("X1", "X2")]

    again = planned(problem, previous=as_file(first.as_dict()))

    assert (again.promises.made, again.promises.kept, again.promises.at_most) == (2, 0, 0)
    assert {(one.was.family, one.rules) for one in again.promises.broken} == {
        ("F1", ("closed",)),
        ("F2", ("closed",)),
    }
    assert faults_of(problem, as_file(again.as_dict())) == []


def test_a_family_of_the_earlier_plan_that_is_gone_is_no_promise():
    problem = small()
    first = planned(problem)
    problem["families"], problem["captives"] = problem["families"][:1], problem["captives"][:1]

    again = planned(problem, previous=as_file(first.as_dict()))

    assert again.promises.made == 1


def test_why_this_day_and_why_none():
    problem = small()
    problem["vehicles"][0]["seats"] = 2
    problem["families"][0]["free"] = [[DAYS[1], DAYS[-1]]]
    problem["families"].append(family("F3", languages=["tt"], woman_escort=True))
    problem["captives"].append(problem["captives"][0] | {"id": "C3", "family": "F3"})

    found = planned(problem)

    first = [date.fromisoformat(DAYS[0])]
    assert found.why["F2"] == ()
    assert [(one.rules, list(one.days)) for one in found.why["F1"]] == [(("free",), first)]
    [left] = found.unplaced
    assert (left.family, left.rules) == ("F3", ("language", "woman_escort"))


@pytest.mark.parametrize("make", [planned, lambda problem: plan_at_once(read_problem(problem))],
                         ids=["improved", "at once"])  # fmt: skip
def test_both_leave_by_an_exit_that_leads_where_they_chose_to_go(make):
    problem = small()
    problem["exits"].append(problem["exits"][0] | {"id": "O2"})
    problem["families"].append(family("F3"))
    problem["captives"].append(problem["captives"][0] | {"id": "C3", "family": "F3", "exits": []})
    problem["captives"][0]["exits"] = ["O2"]
    problem["captives"][1]["exits"] = ["O1"]

    found = make(problem)

    assert {one.family: one.exit for one in found.assignments} == {"F1": "O2", "F2": "O1"}
    assert [(one.family, one.rules) for one in found.unplaced] == [("F3", ("papers",))]
    assert faults_of(problem, as_file(found.as_dict())) == []


def test_what_is_wrong_with_an_exit_is_told_only_to_those_whom_it_would_lead_home():
    problem = small()
    problem["exits"].append(problem["exits"][0] | {"id": "O2"})
    problem["closures"] = [{"exit": "O2", "days": [[DAYS[0], "2026-12-31"]]}]
    problem["captives"][0]["exits"] = ["O2"]
    problem["captives"][1]["exits"] = []

    left = {one.family: one.rules for one in planned(problem).unplaced}

    assert left == {"F1": ("closed",), "F2": ("papers",)}


def test_each_day_before_ones_own_is_barred_by_a_rule():
    """So nobody waits for a day where an earlier one has room."""
    problem = invented(families=25, days=12, crossings=2, seed=5)

    found = planned(problem, Limits(effort=0.2))

    for one in found.assignments:
        told = [day for barred in found.why[one.family] for day in barred.days]
        days = [date.fromisoformat(day) for day in problem["days"]]
        assert sorted(told) == [day for day in days if day < one.day]
        assert all(barred.rules for barred in found.why[one.family])
    assert {rule for one in found.unplaced for rule in one.rules} <= set(RULES)


def test_who_has_waited_longer_than_the_cap_goes_before_whoever_is_more_urgent():
    problem = small()
    problem["vehicles"][0]["seats"] = 1
    problem["families"] = [
        family("F1", since="2025-10-01"),
        family("F2", weight=8.5, since="2026-02-01"),
    ]

    found = planned(problem)

    assert found.assignments[0].family == "F1"


def test_hidden_order_of_the_file_changes_no_cost():
    problem = drawn(3)
    turned = problem | {key: problem[key][::-1] for key in ("families", "escorts", "captives")}

    assert planned(problem).objective == planned(turned).objective


def test_what_the_greedy_plan_is_counts_as_a_solution_of_the_counts():
    """The relaxation is one: plans that keep the rules are hints that it takes whole."""
    choices = Choices(read_problem(invented(families=25, days=12, crossings=2, seed=2)))
    counts = Counts(choices)
    ledger = greedy(choices)

    values, program = counts.values(ledger), waiting(counts)
    solver = program.solver(whole=True)
    for place, value in enumerate(values):
        solver.changeColBounds(place, value, value)
    solver.run()

    assert solver.getModelStatus() == HighsModelStatus.kOptimal
    assert round(solver.getInfo().objective_function_value * 1000) == ledger.cost


def test_the_same_effort_gives_the_same_plan():
    problem = invented(families=20, days=10, crossings=2, seed=7)

    first, second = (planned(problem, Limits(effort=0.2)) for _ in range(2))

    assert first.assignments == second.assignments
    assert first.bound == second.bound


def test_whoever_stops_the_search_has_the_best_plan_so_far():
    problem = invented(families=80, days=30, crossings=3, seed=1)
    stop = threading.Event()
    heard = []

    def hear(progress):
        heard.append(progress)
        stop.set()

    found = planned(problem, Limits(seconds=60), watch=Watch(hear, stop.is_set))

    assert heard
    assert found.ended == "asked"
    assert found.seconds < 50
    assert faults_of(problem, as_file(found.as_dict())) == []


def test_a_plan_of_nobody_is_a_plan():
    problem = small() | {"families": [], "captives": []}

    found = planned(problem)

    assert (found.assignments, found.unplaced, found.objective) == ((), (), 0)


def test_escorts_are_rested_between_two_days():
    problem = small() | {"rest_hours": 20}
    problem["escorts"] = problem["escorts"][:1]
    problem["vehicles"][0]["seats"] = 2

    found = planned(problem)

    days = sorted(one.day for one in found.assignments)
    assert days[1] - days[0] == timedelta(days=2)


def test_who_was_counted_into_a_day_and_does_not_fit_travels_later_and_is_told():
    """Five, four and three have twelve seats in two vehicles of six, and no two fit into one."""
    problem = small()
    problem["vehicles"] = [problem["vehicles"][0] | {"id": one, "seats": 6} for one in ("V1", "V2")]
    problem["crossings"] = [one | {"places": 12} for one in problem["crossings"]]
    problem["families"] = [family(f"F{size}", size=size) for size in (5, 4, 3)]
    problem["captives"] = [
        problem["captives"][0] | {"id": f"C{size}", "family": f"F{size}"} for size in (5, 4, 3)
    ]
    choices = Choices(read_problem(problem))
    counts = Counts(choices)
    program = waiting(counts)
    counted = decided(program, program.relaxed(seconds=10), Ledger(choices), {}, LITTLE, Watch())
    first = date.fromisoformat(DAYS[0])
    assert counted.days == {"F5": first, "F4": first, "F3": first}

    ledger, moved = packed(counts, counted, {}, LITTLE, Watch())

    [late] = moved
    assert ledger.days == counted.days | {late: first + timedelta(days=1)}
    found = planned(problem)
    assert (found.objective, found.bound, found.ended) == (1000, 1000, "proven")


def test_the_exact_model_seats_a_day_that_the_ledger_filled_badly():
    """Two and three fit beside three and four only if nobody takes a seat of the wrong vehicle."""
    problem = small()
    seats = {"V1": 6, "V2": 6}
    problem["vehicles"] = [
        problem["vehicles"][0] | {"id": one, "seats": number} for one, number in seats.items()
    ]
    problem["crossings"] = [one | {"places": 12} for one in problem["crossings"]]
    problem["shelters"][0]["places"] = problem["exits"][0]["places"] = 40
    sizes = {"F1": 3, "F2": 3, "F3": 2, "F4": 2, "F5": 2}
    problem["families"] = [family(code, size=size) for code, size in sizes.items()]
    problem["captives"] = [
        problem["captives"][0] | {"id": f"C{code}", "family": code} for code in sizes
    ]

    found = planned(problem)

    assert {one.day.isoformat() for one in found.assignments} == {DAYS[0]}
    assert faults_of(problem, as_file(found.as_dict())) == []


def test_a_search_without_time_says_nothing_of_how_many_promises_could_be_kept():
    problem = small()
    problem["vehicles"][0]["seats"] = 2
    first = planned(problem)
    problem["vehicles"][0]["days"] = [[DAYS[1], DAYS[2]]]
    choices = Choices(read_problem(problem))
    promised = read_promises(as_file(first.as_dict()), read_problem(problem))

    told = most_promises(Counts(choices), promised, Ledger(choices), Limits(seconds=0.0), Watch())

    assert told == 1
