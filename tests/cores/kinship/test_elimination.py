"""Sums of products, whatever order they are summed in."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.kinship import TooLarge
from wayhome.cores.kinship.elimination import Network, Scaled
from wayhome.cores.kinship.sources import NOTHING, rows_of


@st.composite
def networks(draw):
    network = Network()
    for _ in range(draw(st.integers(1, 5))):
        network.variable(draw(st.integers(1, 3)))
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    every = list(range(len(network.sizes)))
    families = draw(st.sampled_from([1, 5]))
    sources = [
        network.sources.add(rows_of(chance.integers(0, rows, families), rows), rows)
        for rows in draw(st.lists(st.integers(1, 4), max_size=3))
    ]
    for _ in range(draw(st.integers(1, 6))):
        scope = draw(st.lists(st.sampled_from(every), unique=True))
        hangs_on = NOTHING.union(
            *draw(st.lists(st.sampled_from(sources)) if sources else st.just([]))
        )
        rows = len(network.sources.joined(hangs_on).first) if hangs_on else 1
        network.add(scope, chance.random((rows, *(network.sizes[v] for v in scope))), hangs_on)
    held = sorted({v for scope in network.scopes for v in scope})
    return network, draw(st.lists(st.sampled_from(held), unique=True)) if held else []


@pytest.mark.slow
@given(networks())
def test_a_sum_is_that_of_all_products(drawn):
    network, kept = drawn
    letters = "abcdefgh"
    expected = np.einsum(
        ",".join("Z" + "".join(letters[v] for v in scope) for scope in network.scopes)
        + "->Z"
        + "".join(letters[v] for v in kept),
        *tables_of_families(network),
    )
    # Variables that no table holds are summed over nothing.
    table, exponent = network.total(kept)

    assert (exponent == 0).all()
    assert np.broadcast_to(table, expected.shape) == pytest.approx(expected, rel=1e-12)


def tables_of_families(network):
    """Each table once for every family."""
    families = max((len(rows.of) for rows in network.sources.rows.values()), default=1)
    for table, hangs_on in zip(network.tables, network.hang_on, strict=True):
        whose = network.sources.joined(hangs_on).of if hangs_on else np.zeros(families, np.intp)
        yield table[whose]


@given(st.lists(st.integers(0, 9), min_size=1), st.sampled_from([10, 10**6]))
def test_families_share_a_row_where_their_codes_are_the_same(codes, below):
    rows = rows_of(np.array(codes), below)

    assert [codes[n] for n in rows.first[rows.of]] == codes
    assert len(rows.first) == len(set(codes))


def test_more_memory_than_there_should_be_is_refused():
    network = Network()
    scope = [network.variable(100) for _ in range(5)]
    for one, other in pairwise(scope):
        network.add((one, other), np.ones((1, 100, 100)))

    with pytest.raises(TooLarge, match=r"a table of 1e\+10 numbers"):
        network.total(scope)


def test_a_product_of_small_numbers_is_not_lost():
    small = Scaled(1.0, -900)

    assert (small * small).value == 0.0
    assert (small * small).over(small) == 2.0**-900
    assert (small * small).log10_over(small * small) == 0.0
    assert small.over(Scaled(0.0)) is None
    assert Scaled(0.0).log10_over(small) == -np.inf
