"""Many families at once, against one after the other."""

from itertools import combinations_with_replacement
from math import fsum

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship import families
from wayhome.cores.kinship import (
    Genotype,
    MalformedCase,
    Marker,
    Pedigree,
    Person,
    genotype_table,
    likelihood,
    read_case,
)
from wayhome.cores.kinship.batch import joint_likelihoods, likelihoods, tables
from wayhome.cores.kinship.likelihood import joint_likelihood

FATHER, MOTHER = Person("FA", "M"), Person("MO", "F")
SON = Person("MP", "M", "FA", "MO")
FAMILY = Pedigree((FATHER, MOTHER, SON, Person("S", "F", "FA", "MO")))
STRANGER = Pedigree((*FAMILY.persons[:2], FAMILY.persons[3], Person("MP", "M")))


def case_of(document):
    case = read_case(document)
    return case.hypotheses["H"], case.markers[0]


@st.composite
def batches(draw):
    """A family, its marker, whoever of it was typed, in three families of that shape."""
    document = draw(families.cases(most=6))
    document |= {"genotypes": {}, "evidence": {}}
    pedigree, at = case_of(document)
    once = sorted(set(pedigree.same_as.values()))
    members = draw(st.lists(st.sampled_from(once), unique=True))
    alleles = st.integers(0, len(at.alleles) - 1)
    genotypes = np.array(
        [[[draw(alleles) for _ in range(2)] for _ in members] for _ in range(3)]
    ).reshape(3, len(members), 2)
    for number, code in enumerate(members):
        if at.chrom == "X" and pedigree[code].sex == "M":
            genotypes[:, number, 1] = genotypes[:, number, 0]
    return pedigree, at, members, genotypes, document["theta"]


def told(at, members, genotypes):
    return {
        code: [Genotype(tuple(at.alleles[n] for n in pair))]
        for code, pair in zip(members, genotypes, strict=True)
    }


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(batches())
def test_a_batch_has_the_likelihoods_of_its_families(drawn):
    pedigree, at, members, genotypes, theta = drawn

    found = likelihoods(pedigree, at, members, genotypes, theta=theta)

    for value, each in zip(found, genotypes, strict=True):
        alone = likelihood(pedigree, at, told(at, members, each), theta=theta).value
        assert value == pytest.approx(alone, rel=1e-11, abs=0)


@st.composite
def linked_batches(draw):
    """A family, two linked markers, at each whoever was typed, in three families."""
    document = draw(families.linked_cases())
    case = read_case(document | {"genotypes": {}})
    pedigree = case.hypotheses["H"]
    once = sorted(set(pedigree.same_as.values()))
    members, genotypes = [], []
    for at in case.markers:
        typed = draw(st.lists(st.sampled_from(once), unique=True))
        alleles = st.integers(0, len(at.alleles) - 1)
        some = np.array(
            [[[draw(alleles) for _ in range(2)] for _ in typed] for _ in range(3)], dtype=np.intp
        ).reshape(3, len(typed), 2)
        for number, code in enumerate(typed):
            if at.chrom == "X" and pedigree[code].sex == "M":
                some[:, number, 1] = some[:, number, 0]
        members.append(typed)
        genotypes.append(some)
    return pedigree, case, members, genotypes, case.linkage[0].recombination


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(linked_batches())
def test_a_batch_has_the_likelihoods_of_its_families_at_linked_markers(drawn):
    pedigree, case, members, genotypes, recombination = drawn

    found = joint_likelihoods(
        pedigree, case.markers, members, genotypes, recombination, theta=case.theta
    )

    for number, value in enumerate(found):
        seen = tuple(
            told(at, typed, some[number])
            for at, typed, some in zip(case.markers, members, genotypes, strict=True)
        )
        alone = joint_likelihood(pedigree, case.markers, seen, recombination, theta=case.theta)
        assert value == pytest.approx(alone.value, rel=1e-11, abs=0)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(batches(), st.data())
def test_a_table_has_the_likelihoods_of_every_genotype(drawn, data):
    pedigree, at, members, genotypes, theta = drawn
    missing = data.draw(st.sampled_from(sorted(set(pedigree.same_as.values()))))
    rest = [n for n, code in enumerate(members) if code != missing]
    members, genotypes = [members[n] for n in rest], genotypes[:, rest]

    found = tables(pedigree, at, members, genotypes, missing, theta=theta)

    for joint, each in zip(found.joint[found.row], genotypes, strict=True):
        seen = told(at, members, each)
        alone, exponent = genotype_table(pedigree, at, seen, missing, theta=theta)
        assert joint == pytest.approx(np.ldexp(alone, exponent), rel=1e-11, abs=0)
        one_copy = joint.ndim == 1
        whole = joint if one_copy else joint[np.triu_indices(len(joint))]
        without = likelihood(pedigree, at, seen, theta=theta).value
        assert fsum(whole) == pytest.approx(without, rel=1e-11, abs=0)


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("silent", [0.0, 0.1])
@pytest.mark.parametrize("chrom", ["A", "X"])
def test_the_ratio_of_every_genotype_is_that_of_two_pedigrees(theta, silent, chrom):
    freqs = tuple((1 - silent) * p for p in (0.2, 0.3, 0.5))
    at = Marker("D1", ("12", "13", "14"), freqs, chrom, silent=silent)
    genotypes = np.array([[[0, 1], [1, 2]], [[0, 0], [0, 2]]])
    members = ("MO", "S")

    every = tables(FAMILY, at, members, genotypes, "MP", theta=theta)

    for found, each in zip(every.ratios[every.row], genotypes, strict=True):
        for i, j in combinations_with_replacement(range(3), 2):
            if chrom == "X" and i != j:
                continue
            seen = told(at, (*members, "MP"), [*each, (i, j)])
            above, below = (likelihood(h, at, seen, theta=theta) for h in (FAMILY, STRANGER))
            expected = above.over(below)
            assert (found[i] if chrom == "X" else found[i, j]) == pytest.approx(expected, rel=1e-11)
            if chrom == "A":
                assert found[i, j] == found[j, i]


def test_a_family_that_cannot_be_has_no_ratio():
    at = Marker("D1", ("12", "13"), (0.5, 0.5))
    genotypes = np.array([[[0, 0], [1, 1]], [[0, 0], [0, 1]]])

    found = tables(FAMILY, at, ("MO", "S"), genotypes, "MP")

    assert found.possible[found.row].tolist() == [False, True]
    assert (found.ratios[found.row[0]] == 0).all()
    assert np.isfinite(found.ratios).all()


def test_families_of_many_typed_members_are_told_apart_too():
    """Where one whole number no longer holds what was seen of a family."""
    at = Marker("D1", tuple(str(n) for n in range(20)), (0.05,) * 20)
    siblings = tuple(Person(f"S{n}", "M", "FA", "MO") for n in range(8))
    genotypes = np.zeros((3, 8, 2), int)
    genotypes[1, 7, 1] = 19
    genotypes[2, 7, 0] = 19

    found = tables(
        Pedigree((*FAMILY.persons, *siblings)), at, [s.id for s in siblings], genotypes, "MP"
    )

    assert found.row[1] == found.row[2] != found.row[0]


def test_families_that_were_seen_alike_share_a_row():
    at = Marker("D1", ("12", "13"), (0.5, 0.5))
    genotypes = np.array([[[0, 1]], [[1, 1]], [[1, 0]]])

    found = tables(FAMILY, at, ["MO"], genotypes, "MP")

    assert len(found.ratios) == 2
    assert found.row[0] == found.row[2] != found.row[1]


@pytest.mark.parametrize(
    ("members", "genotypes", "expected"),
    [
        (["MO"], np.zeros((2, 2, 2), int), r"\(families, 1, 2\)"),
        (["MO", "MO"], np.zeros((2, 2, 2), int), "one of each"),
        (["MO"], np.full((2, 1, 2), 7), "0 to 1"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(members, genotypes, expected):
    at = Marker("D1", ("12", "13"), (0.5, 0.5))

    with pytest.raises(MalformedCase, match=expected):
        likelihoods(FAMILY, at, members, genotypes)


@pytest.mark.parametrize("missing", ["FA", "MP"])
def test_the_missing_is_not_among_the_members(missing):
    at = Marker("D1", ("12", "13"), (0.5, 0.5))

    with pytest.raises(MalformedCase, match="others than he"):
        tables(FAMILY, at, ["MO", missing], np.zeros((1, 2, 2), int), missing)


def test_no_families_give_no_likelihoods():
    at = Marker("D1", ("12", "13"), (0.5, 0.5))

    none = np.zeros((0, 1, 2), int)

    assert likelihoods(FAMILY, at, ["MO"], none).shape == (0,)
    assert tables(FAMILY, at, ["MO"], none, "MP").ratios.shape == (0, 2, 2)
