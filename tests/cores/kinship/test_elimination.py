"""Sums of products, whatever order they are summed in."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.kinship import TooLarge
from wayhome.cores.kinship.elimination import Network, Scaled


@st.composite
def networks(draw):
    network = Network()
    for _ in range(draw(st.integers(1, 5))):
        network.variable(draw(st.integers(1, 3)))
    chance = np.random.default_rng(draw(st.integers(0, 99)))
    every = list(range(len(network.sizes)))
    families = draw(st.sampled_from([1, 3]))
    for _ in range(draw(st.integers(1, 6))):
        scope = draw(st.lists(st.sampled_from(every), unique=True))
        first = draw(st.sampled_from([1, families]))
        network.add(scope, chance.random((first, *(network.sizes[v] for v in scope))))
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
        *[
            np.broadcast_to(table, (3, *table.shape[1:])) if table.shape[0] == 3 else table
            for table in same_families(network.tables)
        ],
    )
    # Variables that no table holds are summed over nothing.
    table, exponent = network.total(kept)

    assert (exponent == 0).all()
    assert table == pytest.approx(expected, rel=1e-12)


def same_families(tables):
    most = max(len(table) for table in tables)
    return [np.broadcast_to(table, (most, *table.shape[1:])) for table in tables]


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
