"""The sieve loses no pair: against the plain sum over all markers, on random tables."""

from itertools import combinations_with_replacement

import numpy as np
import pytest

from wayhome.cores.kinship.blind import compiled, search
from wayhome.cores.kinship.blind.families import RemainsList
from wayhome.cores.kinship.blind.observed import Kit
from wayhome.cores.kinship.blind.search import Block, Ready, Room, compare
from wayhome.cores.kinship.blind.sieve import BLOCK, LEVELS, SIEVED
from wayhome.cores.kinship.evidence import Genotype
from wayhome.cores.kinship.markers import Marker

ALLELES = ("12", "13", "14")


def remains_of(classes):
    """Remains of these classes at each marker, whatever the classes are."""
    kit = Kit.of([Marker(f"D{n}", ALLELES, (0.25, 0.25, 0.5)) for n in range(classes.shape[1])])
    for seen in kit.seen:
        for pair in combinations_with_replacement(ALLELES, 2):
            seen.number(Genotype(pair), 2)
        seen.number(Genotype(("12", "-")), 2)
    remains = RemainsList(kit)
    for number, row in enumerate(classes):
        remains.names.append(f"R{number}")
        remains.sexes.append("M")
        remains.flat.extend(row.tolist())
    return Ready.of(remains)


def a_block(ready, rows, tables, threshold, step):
    """Families with these rows of these tables (rows, classes), a list with one for each marker."""
    tops = np.stack([t.max(axis=1)[rows[:, n]] for n, t in enumerate(tables)], axis=1)
    first = np.cumsum([0, *map(len, tables)])
    begin = np.cumsum([0, *(table.size for table in tables)])
    return Block(
        families=np.arange(len(rows), dtype=np.int32),
        rows=(rows + first[:-1]).astype(np.int32),
        start=np.concatenate(
            [b + np.arange(len(t)) * t.shape[1] for b, t in zip(begin, tables, strict=False)]
        ),
        logs=np.concatenate([table.ravel() for table in tables]),
        levels=np.concatenate(
            [search._levels(table, step).astype(np.uint8).ravel() for table in tables]
        ),
        informs=np.full(first[-1], 2, dtype=np.uint8),
        limit=search._limit(tops.sum(axis=1) - threshold, step),
        lowest=np.full(len(rows), threshold),
        joined=(),
        rest=search._suffix_sums(tops),
        impossible=(),
    )


def plain(ready, rows, tables):
    """Each pair by itself: one look-up a marker, and a sum."""
    total = np.zeros((len(rows), len(ready)))
    for marker, table in enumerate(tables):
        total += table[rows[:, marker]][:, ready.classes[:, marker]]
    return total


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12))
def test_every_pair_at_or_above_the_threshold_is_found_and_no_other(seed):
    chance = np.random.default_rng(seed)
    markers = int(chance.choice([1, 2, 3, 4, 5, 24, 31, SIEVED - 1, SIEVED, SIEVED + 5]))
    people = int(chance.choice([1, 63, 64, 65, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 77]))
    families = int(chance.choice([1, 2, 31, 32, 33, 70]))
    ready = remains_of(chance.integers(0, 8, size=(people, markers)))
    tables = []
    for kinds in ready.kinds:
        table = chance.normal(-0.2, chance.choice([0.1, 0.5, 3.0]), size=(5, len(kinds)))
        table[chance.random(table.shape) < 0.01] = -np.inf
        table[:, 0] = 0
        tables.append(table)
    rows = chance.integers(0, 5, size=(families, markers))
    total = plain(ready, rows, tables)
    finite = total[np.isfinite(total)]
    some = finite if len(finite) else np.zeros(1)
    for threshold in (-np.inf, *np.quantile(some, [0.2, 0.99, 0.9999, 1.0]), some.max() + 1):
        step = float(chance.choice(search.STEPS))
        block = a_block(ready, rows, tables, threshold, step)
        none = np.zeros(families, dtype=np.int64)

        found, _ = compare(block, slice(0, families), ready, none, Room())

        got = np.full(total.shape, np.nan)
        got[found.family, found.remains] = found.log10_lr
        assert len(found) == np.isfinite(got).sum() + np.isneginf(got).sum()
        assert np.array_equal(got, np.where(total >= threshold, total, np.nan), equal_nan=True)


@pytest.mark.slow
def test_pairs_are_compared_once_where_remains_meet_each_other():
    chance = np.random.default_rng(5)
    ready = remains_of(chance.integers(0, 8, size=(BLOCK + 40, 3)))
    tables = [chance.normal(size=(4, len(kinds))) for kinds in ready.kinds]
    rows = chance.integers(0, 4, size=(50, 3))
    block = a_block(ready, rows, tables, 1.0, 0.2)
    after = np.linspace(0, len(ready) + 5, 50).astype(np.int64)

    found, _ = compare(block, slice(0, 50), ready, after, Room())

    total = plain(ready, rows, tables)
    later = np.arange(len(ready)) >= after[:, None]
    assert set(zip(found.family.tolist(), found.remains.tolist(), strict=True)) == set(
        zip(*(places.tolist() for places in np.nonzero((total >= 1.0) & later)), strict=True)
    )


@pytest.mark.slow
def test_more_pairs_than_there_is_room_for_are_found_all_the_same(monkeypatch):
    monkeypatch.setattr(search, "ROOM", 10)
    ready = remains_of(np.random.default_rng(3).integers(0, 8, size=(BLOCK + 10, 2)))
    tables = [np.zeros((1, len(kinds))) for kinds in ready.kinds]
    rows = np.zeros((3, 2), dtype=np.intp)
    block = a_block(ready, rows, tables, 0.0, 0.2)

    found, computed = compare(block, slice(0, 3), ready, np.zeros(3, dtype=np.int64), Room())

    assert len(found) == 3 * len(ready)
    assert computed >= len(found)


@pytest.mark.parametrize("step", search.STEPS)
def test_the_bound_lies_never_below_the_sum(step):
    chance = np.random.default_rng(1)
    # Exact multiples of a step are where rounding would hurt.
    short = np.concatenate([np.arange(40) * step, np.arange(40) * 0.1, chance.exponential(2, 400)])
    logs = (short[0] - short)[None]

    levels = search._levels(logs, step)[0]

    assert (levels * step <= short * (1 + 1e-12)).all()
    assert levels.max() == LEVELS


def test_where_nothing_can_be_kept_the_code_is_made_anew(monkeypatch):
    def njit(*, nogil, cache=False):
        if cache:
            raise RuntimeError("no locator available")
        return lambda function: function

    monkeypatch.setattr(compiled.numba, "njit", njit)

    assert compiled.compiled(len)("ab") == 2
