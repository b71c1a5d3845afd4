"""The urn as a mixture: the same numbers as the table of all founders' genes."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings

from tests.cores.kinship import families
from wayhome.cores.kinship import TooLarge, descent, genotype_table, read_case, solve
from wayhome.cores.kinship.coancestry import points, urn


@pytest.mark.parametrize("theta", [0.001, 0.03, 0.5])
@pytest.mark.parametrize("settled", [Counter(), Counter({0: 2, 2: 1})])
def test_the_points_give_every_row_of_draws_its_probability(theta, settled):
    p, unknown = np.array([0.001, 0.3, 0.699]), 7
    found = points(p, theta, settled, unknown)

    for more in product(range(unknown + 1), repeat=3):
        if sum(more) <= unknown:
            counts = np.array([n + settled[allele] for allele, n in enumerate(more)])
            mixed = (found.weights * (found.shares ** np.array(more)).prod(axis=1)).sum()
            assert mixed == pytest.approx(urn(p, theta, counts), rel=1e-13, abs=0)


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(families.cases(most=6))
def test_any_family_has_the_same_likelihood_by_both_ways(case):
    case["theta"] = 0.03
    read = read_case(case)
    pedigree, marker = read.hypotheses["H"], read.markers[0]
    someone = pedigree.persons[-1].id

    def both_values():
        table, exponent = genotype_table(pedigree, marker, read.seen("D1"), someone, theta=0.03)
        return solve(read).likelihoods["H"][0].value, np.ldexp(table, exponent)

    joint, joint_table = both_values()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(descent, "LARGEST_COANCESTRY_TABLE", 0)
        mixed, mixed_table = both_values()

    assert mixed == pytest.approx(joint, rel=1e-11, abs=0)
    assert mixed_table == pytest.approx(joint_table, rel=1e-11, abs=0)


def large_family(alleles, *, typed=True):
    """Two untyped couples and four children of each, who married each other's."""
    persons = [families.person(code, sex) for code, sex in (("A", "M"), ("B", "F"))]
    persons += [families.person(code, sex) for code, sex in (("C", "M"), ("D", "F"))]
    persons += [families.person(f"S{n}", "M", "A", "B") for n in range(4)]
    persons += [families.person(f"T{n}", "F", "C", "D") for n in range(4)]
    persons += [families.person(f"W{n}", "F") for n in range(4)]
    persons += [families.person(f"K{n}", "M", f"S{n}", f"W{n}") for n in range(4)]
    persons += [families.person(f"L{n}", "M", f"S{n}", f"T{n}") for n in range(4)]
    freqs = [1 / len(alleles)] * len(alleles)
    return families.mother_and_son(
        theta=0.02,
        hypotheses={"H1": {"persons": persons}},
        reference="H1",
        markers=[families.marker(alleles=alleles, freqs=freqs)],
        genotypes={
            f"{code}{n}": {"D1": [alleles[n % 2], alleles[1]]} for code in "KL" for n in range(4)
        },
    )


@pytest.mark.slow
def test_theta_in_a_family_of_many_founders_is_exact():
    case = read_case(large_family(["11", "12", "13", "14"]))

    found = solve(case).likelihoods["H1"][0].value

    assert 0 < found < 1


def test_theta_beyond_reach_is_refused():
    at = [str(n) for n in range(10, 24)]
    case = large_family(at)
    change = {"model": "stepwise", "rate": 0.001, "rate2": 0.0001, "range": 0.1}
    case["markers"][0]["mutation"] = {"female": change, "male": change}

    with pytest.raises(TooLarge, match="theta with 12 unknown genes"):
        solve(read_case(case))
