"""How many strangers a family's ratio will meet, against every genotype in turn."""

from itertools import product
from math import inf, log10, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.kinship import Marker, MutationModel, Pedigree, Person
from wayhome.cores.kinship.batch import tables
from wayhome.cores.kinship.chance import (
    Spectrum,
    expected_strangers,
    mean_log10,
    merged,
    reaching,
    spectrum,
    spread,
)

MOTHER = Pedigree((Person("FA", "M"), Person("MO", "F"), Person("MP", "M", "FA", "MO")))
EQUAL = MutationModel("equal", rate=0.01)


def a_marker(name="D1", *, silent=0.0, mutates=True, chrom="A"):
    freqs = tuple((1 - silent) * f for f in (0.1, 0.3, 0.6))
    model = EQUAL if mutates else None
    return Marker(name, ("12", "13", "14"), freqs, chrom, model, model, silent)


def of_mother(at, genotype=(0, 1), theta=0.0):
    return tables(MOTHER, at, ("MO",), np.array([[genotype]]), "MP", theta=theta)


def every_genotype(at, found):
    """(ratio, chance of a stranger) of every genotype that he may show, if all alleles are seen."""
    for a, b in product(range(3), repeat=2):
        if a <= b:
            chance = at.freqs[a] * at.freqs[b] * (1 if a == b else 2)
            yield float(found.ratios[0, a, b]), chance


def test_a_mother_meets_as_many_strangers_as_every_genotype_in_turn_says():
    loci = [a_marker(f"D{n}") for n in range(4)]
    genotypes = [(0, 1), (0, 0), (1, 2), (2, 2)]
    found = {at.name: (of_mother(at, g), 0) for at, g in zip(loci, genotypes, strict=True)}
    every = [list(every_genotype(at, found[at.name][0])) for at in loci]

    for threshold in (-3.01, -0.5, 0.013, 1.01, 2.51):
        expected = sum(
            prod(chance for _, chance in four)
            for four in product(*every)
            if sum(log10(ratio) for ratio, _ in four) >= threshold
        )
        told = expected_strangers(found, threshold, 1000)
        assert told.low <= 1000 * expected * (1 + 1e-12)
        assert told.high >= 1000 * expected * (1 - 1e-12)
        assert told.low <= told.about <= told.high
        assert told.about == pytest.approx(1000 * expected, rel=0.01)


def test_remains_typed_at_fewer_markers_are_counted_by_those():
    found = {name: (of_mother(a_marker(name)), 0) for name in ("D1", "D2")}
    counts = {frozenset({"D1"}): 500, frozenset({"D1", "D2"}): 100}

    told = expected_strangers(found, 0.1, counts)

    one = expected_strangers({"D1": found["D1"]}, 0.1, 500)
    assert told.about == pytest.approx(one.about + expected_strangers(found, 0.1, 100).about)


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("silent", [0.0, 0.1])
@pytest.mark.parametrize("chrom", ["A", "X"])
def test_a_stranger_has_a_ratio_of_1_on_average(theta, silent, chrom):
    one = spectrum(of_mother(a_marker(silent=silent, chrom=chrom), theta=theta))

    shown = one.log10_lr > -inf
    assert one.stranger.sum() == pytest.approx(1)
    assert one.missing.sum() == pytest.approx(1)
    # Where nothing is seen the ratio counts as 1, whatever it would be.
    within = 0.1 + 1e-9 if silent else 1e-12
    mean = one.stranger[shown] @ 10 ** one.log10_lr[shown]
    assert mean == pytest.approx(1, abs=within)


def test_a_ratio_of_0_is_never_above_anything():
    one = spectrum(of_mother(a_marker(mutates=False), (0, 0)))

    assert one.log10_lr[0] == -inf
    assert one.stranger[0] == pytest.approx(0.9**2)
    assert spread([one], missing=False).impossible == pytest.approx(0.81)
    assert reaching([one], -1000).about == pytest.approx(0.19)
    assert reaching([one], -1000, missing=True).about == pytest.approx(1)


def test_a_family_that_cannot_be_has_no_ratio():
    father = Pedigree(
        (
            Person("MO", "F"),
            Person("S", "F"),
            *MOTHER.persons[:1],
            Person("MP", "M", "FA", "MO"),
            Person("D", "F", "FA", "MO"),
        )
    )
    found = tables(father, a_marker(mutates=False), ("MO", "D"), np.array([[[0, 0], [1, 2]]]), "MP")

    with pytest.raises(ValueError, match="cannot be together"):
        spectrum(found)


VALUES = st.lists(
    st.tuples(st.floats(-4, 3), st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4
)


@given(st.lists(VALUES, min_size=1, max_size=4), st.floats(-8, 8))
@settings(max_examples=80, deadline=None)
def test_every_sum_lies_within_its_bounds(markers, threshold):
    spectra = [a_spectrum(one) for one in markers]
    sums = [
        (sum(v for v, _ in each), prod(p for _, p in each))
        for each in product(*(list(zip(s.log10_lr, s.stranger, strict=True)) for s in spectra))
    ]

    for step in (0.0002, 0.05):
        found = reaching(spectra, threshold, step=step)
        # A hair beside the threshold is on neither side of it.
        surely = sum(p for v, p in sums if v >= threshold + 1e-9)
        perhaps = sum(p for v, p in sums if v >= threshold - 1e-9)
        assert found.low <= perhaps + 1e-12
        assert found.high >= surely - 1e-12

    whole = spread(spectra, missing=False, step=0.0002)
    assert whole.chances.sum() == pytest.approx(1)
    mean = sum(v * p for v, p in sums)
    places = (whole.first + np.arange(len(whole.chances))) * whole.step
    assert places @ whole.chances == pytest.approx(mean, abs=whole.moved + 1e-9)


def a_spectrum(values):
    stranger = np.array([s for _, s, _ in values], dtype=float)
    missing = np.array([m for _, _, m in values], dtype=float)
    log10_lr = np.array([v for v, _, _ in values])
    return merged([(1.0, Spectrum(log10_lr, stranger / stranger.sum(), missing / missing.sum()))])


def test_quantiles_are_where_the_mass_is():
    one = a_spectrum([(-2.0, 1, 1), (0.0, 1, 1), (1.0, 2, 2)])

    whole = spread([one], missing=True)

    assert whole.quantile(0.2) == pytest.approx(-2)
    assert whole.quantile(0.4) == pytest.approx(0)
    assert whole.quantile(0.9) == pytest.approx(1)
    assert whole.reaching(0.5) == pytest.approx(0.5)
    assert mean_log10([one]) == pytest.approx(0.0)


def test_an_impossible_threshold_is_reached_by_nobody():
    one = spectrum(of_mother(a_marker()))

    found = reaching([one], 50)

    assert (found.low, found.about, found.high) == (0, 0, 0)


def test_without_markers_a_ratio_is_1():
    assert reaching([], 0).about == 1
    assert reaching([], 0.1).about == 0
