"""A problem that means nothing is refused with its place, whatever is in it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.planning.problems import DAYS, as_file, small
from wayhome.cores.planning import (
    MalformedProblem,
    parsed_document,
    plan_at_once,
    read_problem,
    read_promises,
)
from wayhome.cores.planning.choices import RULES
from wayhome.cores.planning.plan import ASSIGNMENT_KEYS, MORE_PLAN_KEYS, PLAN_KEYS
from wayhome.cores.planning.problem import CLOSABLE, PROBLEM_KEYS
from wayhome.cores.planning_trials.checking import NAMES
from wayhome.cores.planning_trials.invented import invented

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "planning.md").read_text("utf-8")


def put(place, value):
    """The small problem with a value at a place."""
    problem = small()
    *way, last = (int(word) if word.isdigit() else word for word in place.split("/"))
    at = problem
    for word in way:
        at = at[word]
    at[last] = value
    return problem


@pytest.mark.parametrize(
    ("place", "value", "expected"),
    [
        ("schema", "wayhome-plan/2", "wayhome-plan/1"),
        ("days", [], "1 to 366 days"),
        ("days/1", DAYS[0], "a day after 2026-03-02"),
        ("days/1", "2026-02-30", "a day, as in"),
        ("days/1", 20260303, "a day, as in"),
        ("nights", 0, "a whole number from 1"),
        ("nights", True, "a whole number from 1"),
        ("rest_hours", "11", "a number from 0"),
        ("objective/cap_days", -1, "a whole number"),
        ("objective/over_cap", 1, "3 or more, the greatest weight"),
        ("crossings/0/opens", ["20:00", "06:00"], "two times"),
        ("crossings/0/opens/1", "24:00", "a time from 00:00"),
        ("crossings/1/id", "X1", "each id once"),
        ("crossings/1/place", 3, "one of id, opens, places"),
        ("routes/0/crossing", "X9", "one of X1, X2"),
        ("routes/0/leaves", "10:00", "leaves before crosses before arrives"),
        ("routes/0/areas", "about X1", "a list"),
        ("vehicles/0/seats", 0, "a whole number from 1"),
        ("vehicles/0/days/0", [DAYS[1], DAYS[0]], "two days, the first and the last"),
        ("escorts/0/sex", "female", "one of F, M"),
        ("escorts/0/languages", ["ru", "ru"], "each text once"),
        ("families/0/weight", 0, "a number from 0.001"),
        ("families/0/weight", 1.0005, "three decimals"),
        ("families/0/since", "2026-03-03", "no later than the first"),
        ("families/0/woman_escort", 1, "true or false"),
        ("families/0/id", " F1", "no spaces around it"),
        ("captives/0/family", "F2", "a captive who names this family"),
        ("captives/0/exits", ["O9"], "one of O1"),
        ("exits/0/baggage_kg", None, "a number"),
        ("closures", [{"days": []}], "one of crossing, route"),
        ("closures", [{"crossing": "X1", "exit": "O1", "days": []}], "beside days"),
        ("closures", [{"crossing": "X9", "days": []}], "one of X1, X2"),
        ("dangers", [{"area": "", "days": []}], "a text"),
        ("notes", "by hand", "one of schema"),
    ],
)
def test_what_means_nothing_is_refused_with_its_place(place, value, expected):
    with pytest.raises(MalformedProblem, match=re.escape(expected)) as fault:
        read_problem(put(place, value))

    assert fault.value.place.split("/")[0] in (place.split("/")[0], "families", "objective")
    assert str(fault.value).startswith(fault.value.place)


@pytest.mark.parametrize("key", PROBLEM_KEYS)
def test_every_key_is_needed(key):
    problem = small()
    del problem[key]

    with pytest.raises(MalformedProblem, match=f"^{key}: it is missing"):
        read_problem(problem)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "line 1 column 1"),
        (b"\xff", "byte 0 is not UTF-8"),
        (b'{"days": 1, "days": 2}', "twice"),
        (b"[NaN]", "NaN"),
        (b"[" * 100_000, "too deep"),
        (b"1" * 5000, "too many digits"),
    ],
)
def test_what_is_no_json_is_told(data, told):
    with pytest.raises(MalformedProblem, match=told):
        parsed_document(data)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 400) | st.floats() | st.text(max_size=4)
    | st.sampled_from([*DAYS, "F1", "X1", "06:00", "ru"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)  # fmt: skip


def places_in(value, way=()):
    yield way
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places_in(inner, (*way, key))


PLACES = [way for way in places_in(small()) if way]


@settings(max_examples=150, deadline=None, database=None)
@given(way=st.sampled_from(PLACES), value=ANYTHING)
def test_anything_anywhere_gives_a_plan_or_a_fault(way, value):
    problem = small()
    at = problem
    for key in way[:-1]:
        at = at[key]
    at[way[-1]] = value

    try:
        read = read_problem(problem)
    except MalformedProblem:
        return
    assert plan_at_once(read).objective >= 0


@settings(max_examples=60, deadline=None, database=None)
@given(value=ANYTHING)
def test_an_earlier_plan_is_read_or_refused(value):
    problem = read_problem(small())
    plan = as_file(plan_at_once(problem).as_dict()) | {"assignments": value}

    try:
        read_promises(plan, problem)
    except MalformedProblem:
        return


def test_an_invented_problem_is_one_and_the_same():
    first, second = (invented(families=12, days=9, crossings=2, seed=3) for _ in range(2))

    assert first == second
    assert len(read_problem(as_file(first)).families) == 12


def test_the_page_has_every_key_and_every_rule():
    told = set(re.findall(r"`(\w+)`", PAGE))
    keys = {*PROBLEM_KEYS, *PLAN_KEYS, *MORE_PLAN_KEYS, *ASSIGNMENT_KEYS, *CLOSABLE}
    for one in json.loads(json.dumps(small())).values():
        keys |= set(one[0] if isinstance(one, list) and one and isinstance(one[0], dict) else one
                    if isinstance(one, dict) else ())  # fmt: skip

    assert keys <= told
    assert {*RULES, *NAMES} <= told
