"""Who takes what, against every way in turn."""

from itertools import product
from math import exp, log

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.kinship.assignment import NONE, Choice, share_out


def every_way(units):
    """Every (weight, unit → choice) in which nothing is taken twice."""
    for made in product(*([NONE, *range(len(choices))] for choices in units.values())):
        chosen = {u: n for u, n in zip(units, made, strict=True) if n != NONE}
        taken = [thing for u, n in chosen.items() for thing in units[u][n].takes]
        if len(taken) == len(set(taken)):
            weight = 1.0
            for u, n in chosen.items():
                weight *= exp(units[u][n].log_weight)
            yield weight, chosen


WEIGHTS = st.sampled_from([1e-6, 0.01, 0.5, 1.0, 3.0, 1e4])


@st.composite
def units(draw, *, one_thing=False):
    """Up to five units that share up to five things."""
    found = {}
    for unit in range(draw(st.integers(1, 5))):
        sets = st.frozensets(st.integers(0, 4), min_size=1, max_size=1 if one_thing else 3)
        taken = draw(st.lists(sets, max_size=4, unique=True))
        found[unit] = [Choice(log(draw(WEIGHTS)), takes) for takes in taken]
    return found


def check(units, found, within=0.0):
    """The sum, the shares and the best ways are those of all ways in turn."""
    ways = sorted(every_way(units), key=lambda way: -way[0])
    total = sum(weight for weight, _ in ways)
    assert exp(found.log_total) == pytest.approx(total, rel=1e-9 + within)
    for (unit, number), share in found.marginal.items():
        expected = sum(w for w, made in ways if made.get(unit, NONE) == number) / total
        assert share == pytest.approx(expected, rel=1e-9, abs=within)
    for thing, share in found.free.items():
        expected = sum(
            w for w, made in ways if all(thing not in units[u][n].takes for u, n in made.items())
        )
        assert share == pytest.approx(expected / total, rel=1e-9, abs=within)
    weights = [exp(way.log_weight) for way in found.top]
    assert weights == pytest.approx([weight for weight, _ in ways[: len(weights)]])
    assert len({tuple(sorted(way.made.items())) for way in found.top}) == len(found.top)


@given(units())
@settings(max_examples=100, deadline=None)
def test_all_ways_to_share_are_counted(units):
    found = share_out(units, top=10)

    assert found.methods == {"exact"}
    assert found.left_out == 0
    assert len(found.top) == min(10, sum(1 for _ in every_way(units)))
    check(units, found)


def test_many_units_that_want_few_things_are_counted_by_the_things():
    units = {u: [Choice(log(1 + u + t), frozenset({t})) for t in range(2)] for u in range(6)}

    found = share_out(units, top=100, widest=6)
    turned = share_out(
        {t: [Choice(log(1 + u + t), frozenset({u})) for u in range(6)] for t in range(2)},
        top=100,
        widest=2,
    )

    assert found.methods == turned.methods == {"exact"}
    check(units, found)
    assert turned.log_total == pytest.approx(found.log_total)
    assert turned.marginal[0, 3] == pytest.approx(found.marginal[3, 0])
    assert turned.marginal[0, NONE] == pytest.approx(found.free[0])
    assert turned.free[3] == pytest.approx(found.marginal[3, NONE])


@given(units())
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_counted_is_bounded(units):
    found = share_out(units, top=5, widest=0, left_out=1e-4, nodes=20)
    ways = list(every_way(units))
    total = sum(weight for weight, _ in ways)

    lost = 1 - exp(found.log_total) / total
    assert lost <= found.left_out + 1e-9
    for (unit, number), share in found.marginal.items():
        expected = sum(w for w, made in ways if made.get(unit, NONE) == number) / total
        assert abs(share - expected) <= found.left_out + 1e-9


@given(units(one_thing=True))
@settings(max_examples=60, deadline=None)
def test_branch_and_bound_goes_on_until_little_is_left(units):
    found = share_out(units, top=5, widest=0, left_out=1e-9, nodes=100_000)

    assert found.left_out <= 1e-8
    check(units, found, within=1e-8)


def test_a_strong_choice_is_never_left_out():
    units = {u: [Choice(20.0, frozenset({u})), Choice(-30.0, frozenset({1 - u}))] for u in (0, 1)}

    found = share_out(units, top=1, widest=1)

    assert found.methods == {"weak pairs left out"}
    assert 0 < found.left_out < 1e-12
    assert found.top[0].made == {0: 0, 1: 0}


def test_without_units_there_is_one_way():
    found = share_out({}, top=3)

    assert found.log_total == 0
    assert [way.made for way in found.top] == [{}]
