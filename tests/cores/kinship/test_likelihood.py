"""The engine against plain summation, and against what must be true of every likelihood."""

from copy import deepcopy
from itertools import combinations_with_replacement
from math import fsum

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.cores.kinship import families, oracle
from wayhome.cores.kinship import genotype_table, read_case, solve

pytestmark = pytest.mark.slow
slowly = settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
EXACT = 1e-11


def exactly(value):
    return pytest.approx(value, rel=EXACT, abs=0)


def value(case, hypothesis="H", marker=0):
    return solve(read_case(case)).likelihoods[hypothesis][marker].value


def is_small(case):
    """Whether plain summation ends within a second or so."""
    at = case["markers"][0]
    states = (len(at["alleles"]) + bool(at.get("silent_freq"))) ** 2
    loose = 1
    for one in case["hypotheses"]["H"]["persons"]:
        shown = case["genotypes"].get(one["id"], {}).get("D1", ["-", "-"])
        loose *= 2 if "-" not in shown else states
    return loose <= 20_000


@slowly
@given(families.cases())
def test_any_family_has_the_likelihood_of_plain_summation(case):
    assume(is_small(case))

    assert value(case) == exactly(oracle.likelihood(case, "H", 0))


@settings(slowly, max_examples=60)
@given(families.linked_cases())
def test_linked_markers_have_the_likelihood_of_plain_summation(case):
    states = [len(at["alleles"]) + bool(at.get("silent_freq")) for at in case["markers"]]
    assume((states[0] * states[1]) ** 2 <= 16 or len(case["hypotheses"]["H"]["persons"]) < 4)
    expected = oracle.joint_likelihood(case, "H", case["linkage"][0]["recombination"])

    assert value(case) == exactly(expected)


@slowly
@given(families.cases(most=7), st.randoms(use_true_random=False))
def test_the_order_of_persons_alleles_and_hypotheses_says_nothing(case, chance):
    turned = deepcopy(case)
    chance.shuffle(turned["hypotheses"]["H"]["persons"])
    turn_alleles(turned["markers"][0], chance)

    assert value(turned) == exactly(value(case))


def turn_alleles(marker, chance):
    order = list(range(len(marker["alleles"])))
    chance.shuffle(order)
    for key in ("alleles", "freqs"):
        marker[key] = [marker[key][n] for n in order]
    for model in marker.get("mutation", {}).values():
        if "matrix" in model:
            model["matrix"] = [[model["matrix"][i][j] for j in order] for i in order]


@settings(slowly, max_examples=60)
@given(families.cases(most=6), st.data())
def test_the_likelihoods_of_all_genotypes_of_a_person_sum_to_that_without_him(case, data):
    at = case["markers"][0]
    assume(not at.get("silent_freq"))
    persons = case["hypotheses"]["H"]["persons"]
    one = data.draw(st.sampled_from(persons))
    case["genotypes"].pop(one["id"], None)
    one_copy = at["chrom"] == "X" and one["sex"] == "M"
    whole = []
    for pair in combinations_with_replacement(at["alleles"], 2):
        if not one_copy or pair[0] == pair[1]:
            whole.append(deepcopy(case))
            whole[-1]["genotypes"][one["id"]] = {"D1": list(pair)}

    assert fsum(map(value, whole)) == exactly(value(case))


@settings(slowly, max_examples=100)
@given(families.cases(most=5), st.data())
def test_who_stays_open_is_weighed_by_what_was_seen_of_himself(case, data):
    """Founder or child, typed, poorly typed or not at all, or with a twin who is."""
    assume(is_small(case))
    read = read_case(case)
    someone = data.draw(st.sampled_from(case["hypotheses"]["H"]["persons"]))["id"]
    seen = read.seen("D1")

    table, exponent = genotype_table(
        read.hypotheses["H"], read.markers[0], seen, someone, theta=case["theta"]
    )

    whole = np.triu(table) if table.ndim == 2 else table
    assert np.ldexp(fsum(whole.ravel()), exponent) == exactly(oracle.likelihood(case, "H", 0))


@pytest.mark.parametrize("theta", [0.0, 0.03])
@pytest.mark.parametrize("someone", ["FA", "MP"])
def test_half_of_an_own_genotype_leaves_the_genotypes_that_have_it(someone, theta):
    case = families.mother_and_son(
        theta=theta, genotypes={"MO": {"D1": ["12", "13"]}, someone: {"D1": ["14", "-"]}}
    )
    read = read_case(case)

    table, exponent = genotype_table(
        read.hypotheses["H1"], read.markers[0], read.seen("D1"), someone, theta=theta
    )

    names = read.markers[0].alleles
    for (a, one), (b, other) in combinations_with_replacement(enumerate(names), 2):
        whole = deepcopy(case)
        whole["genotypes"][someone]["D1"] = [one, other]
        expected = oracle.likelihood(whole, "H1", 0) if "14" in (one, other) else 0.0
        assert np.ldexp(table[a, b], exponent) == exactly(expected)


@settings(slowly, max_examples=60)
@given(families.cases(most=5), st.data())
def test_a_stranger_is_no_likelier_than_a_stranger(case, data):
    """Beside a person of no kin, the family's likelihood is multiplied by his own."""
    assume(not case["theta"])
    at = case["markers"][0]
    stranger = families.person("STRANGER")
    shown = data.draw(st.sampled_from(at["alleles"]))
    beside, alone = deepcopy(case), deepcopy(case)
    beside["hypotheses"]["H"]["persons"].append(stranger)
    beside["genotypes"]["STRANGER"] = {"D1": [shown, shown]}
    alone["hypotheses"]["H"] = {"persons": [stranger]}
    alone["genotypes"] = {"STRANGER": {"D1": [shown, shown]}}
    alone["evidence"] = {}

    assert value(beside) == exactly(value(case) * value(alone))


def test_the_order_of_markers_is_that_of_the_answers():
    markers = [families.marker("D1"), families.marker("D2", freqs=(0.1, 0.1, 0.8))]
    genotypes = {
        "MO": {"D1": ["12", "12"], "D2": ["13", "13"]},
        "MP": {"D1": ["12", "14"], "D2": ["13", "14"]},
    }
    case = families.mother_and_son(markers=markers, genotypes=genotypes)
    turned = case | {"markers": markers[::-1]}

    one, other = (solve(read_case(each)).ratios("H1") for each in (case, turned))

    assert one == other[::-1]
    assert one == [exactly(1 / (2 * 0.2)), exactly(1 / (2 * 0.1))]


def test_a_person_of_whom_nothing_was_seen_changes_nothing():
    case = families.mother_and_son(genotypes={})

    assert solve(read_case(case)).likelihoods["H1"][0].value == 1.0


def test_an_impossible_child_has_a_ratio_of_exactly_nothing():
    case = families.mother_and_son(
        genotypes={"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "14"]}}
    )

    result = solve(read_case(case))

    assert result.ratios("H1") == [0.0]
    assert result.as_dict()["log10_lr_total"] == {"H1": "-inf"}


def test_a_mutation_from_an_untyped_founder_counts():
    """Where the model changes the shares of alleles, as many do, he must not be left out."""
    change = {"model": "custom", "matrix": [[0.5, 0.5, 0], [0, 1, 0], [0, 0, 1]]}
    case = families.mother_and_son(
        markers=[families.marker(mutation={"female": change, "male": change})],
        genotypes={"MP": {"D1": ["13", "13"]}},
    )

    result = solve(read_case(case))

    assert result.likelihoods["H1"][0].value == exactly((0.3 + 0.2 / 2) ** 2)
    assert result.likelihoods["H2"][0].value == exactly(0.3**2)


def test_alleles_are_lumped_only_where_both_sexes_allow_it():
    """The mother's matrix alone would allow it."""
    equal = {"model": "equal", "rate": 0.01}
    uneven = {
        "model": "custom",
        "matrix": [
            [0.9, 0.1, 0, 0],
            [0.1, 0.9, 0, 0],
            [0.3, 0.1, 0.6, 0],
            [0, 0, 0.2, 0.8],
        ],
    }
    at = families.marker(
        alleles=("11", "12", "13", "14"),
        freqs=(0.1, 0.2, 0.3, 0.4),
        mutation={"female": equal, "male": uneven},
    )
    case = families.mother_and_son(
        markers=[at], genotypes={"MO": {"D1": ["11", "12"]}, "MP": {"D1": ["11", "11"]}}
    )

    for name in ("H1", "H2"):
        assert value(case, name) == exactly(oracle.likelihood(case, name, 0))


def test_a_likelihood_below_what_a_float_holds_has_its_ratio_all_the_same():
    at = families.marker(alleles=("11", "12"), freqs=(1e-5, 1 - 1e-5))
    persons = [families.person(f"S{n}") for n in range(60)]
    persons += [families.person("FA"), families.person("MO", "F")]
    child = [*persons, families.person("MP", "M", "FA", "MO")]
    stranger = [*persons, families.person("MP")]
    rare = {"D1": ["11", "11"]}
    case = families.mother_and_son(
        markers=[at],
        hypotheses={"H1": {"persons": child}, "H2": {"persons": stranger}},
        genotypes={one["id"]: rare for one in child if one["id"] != "FA"},
    )

    result = solve(read_case(case))

    assert result.likelihoods["H1"][0].value == 0.0
    assert result.ratios("H1") == [exactly(1e5)]
    assert result.log10_ratio("H1") == exactly(5)
