"""The reference cases: pedprobr, Familias, relMix and pedmut to 1e-9, aimed at 1e-12."""

import json
from itertools import chain
from math import prod
from pathlib import Path

import numpy as np
import pytest

from tests.cores.kinship import oracle
from tests.cores.kinship.families import marker, person
from wayhome.cores.kinship import read_case, solve
from wayhome.cores.kinship.cases import read_matrices
from wayhome.cores.kinship.files import read_case_file

REFERENCE = Path(__file__).parent / "reference"
CASES = sorted((REFERENCE / "cases").glob("*.json"))
MODELS = json.loads((REFERENCE / "mutation" / "mutation_matrices.json").read_text("utf-8"))
PUBLISHED = {
    item["id"]: item
    for item in json.loads((REFERENCE / "published" / "published.json").read_text("utf-8"))["items"]
}
AGREES = 1e-9
PRINTED = 1e-12  # what fifteen printed digits allow


def test_the_reference_cases_are_all_there():
    assert len(CASES) == 45


@pytest.mark.slow
@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_every_marker_of_a_reference_case_agrees(path):
    expected = json.loads(path.read_text("utf-8"))["expected"]
    case, _ = read_case_file(path)

    result = solve(case)

    for name, values in expected["likelihoods"].items():
        found = [one.value for one in result.likelihoods[name]]
        assert found == pytest.approx(values, rel=PRINTED, abs=0), name
    for name, ratios in expected["lr"].items():
        assert result.ratios(name) == pytest.approx(ratios, rel=AGREES, abs=0)
    totals = result.as_dict()["log10_lr_total"]
    for name, total in expected["log10_lr_total"].items():
        assert totals[name] == (total if total == "-inf" else pytest.approx(total, rel=AGREES))


@pytest.mark.parametrize(
    ("model", "matrix"),
    [(one, one["matrix"]) for one in MODELS["cases"]],
    ids=lambda value: str(value["marker"]) if isinstance(value, dict) else "",
)
def test_a_mutation_model_has_the_matrix_of_pedmut(model, matrix):
    [found] = read_matrices({key: model[key] for key in ("alleles", "freqs", "model")})

    assert found["alleles"] == model["alleles"]
    assert np.abs(np.array(found["matrix"]) - matrix).max() <= PRINTED


# Published


def ratio(persons_1, persons_2, genotypes, at, **more):
    """The ratio of two pedigrees at one marker."""
    case = {
        "schema": "wayhome-kinship-case/1",
        "id": "published",
        "hypotheses": {"H1": {"persons": persons_1}, "H2": {"persons": persons_2}},
        "reference": "H2",
        "theta": 0,
        "markers": [at],
        "genotypes": {code: {"D1": list(pair)} for code, pair in genotypes.items()},
    } | more
    return solve(read_case(case)).ratios("H1")[0]


FATHER, MOTHER = person("AF"), person("MO", "F")
TRIO = [FATHER, MOTHER, person("CH", "F", "AF", "MO")]
STRANGER = [FATHER, MOTHER, person("X"), person("CH", "F", "X", "MO")]


def filled(freqs):
    """A table with these frequencies, and one more allele for the rest."""
    return marker(alleles=(*freqs, "rest"), freqs=(*freqs.values(), 1 - sum(freqs.values())))


def test_the_four_loci_of_nij_give_the_formulas_they_print():
    nij = PUBLISHED["nij-trio-2159"]["markers"]
    tables = [filled(at["freqs"] | {"a": 0.01, "b": 0.01, "c": 0.01}) for at in nij]
    found = []
    for at, table in zip(nij[1:], tables[1:], strict=True):
        named = {**dict.fromkeys(table["alleles"])}
        genotypes = {"MO": at["mother"], "CH": at["child"], "AF": at["af"]}
        # Alleles that the source does not need have no frequency there: any will do.
        other = iter("abc")
        known = {
            allele: allele if allele in named else next(other)
            for allele in dict.fromkeys(chain.from_iterable(genotypes.values()))
        }
        told = {code: [known[a] for a in pair] for code, pair in genotypes.items()}
        found.append(ratio(TRIO, STRANGER, told, table))

    for lr, at in zip(found, nij[1:], strict=True):
        assert lr == pytest.approx(at["lr_printed"], abs=2e-4)


def test_egeland_kling_and_mostad_2_1():
    book = PUBLISHED["ekm-2.1"]
    at = filled({"A": 0.05, "B": 0.1})
    genotypes = {"AF": ("A", "A"), "MO": ("B", "B"), "CH": ("A", "B")}
    one = ratio(TRIO, STRANGER, genotypes, at)

    assert one == pytest.approx(book["a"]["lr"])
    assert one * 10 == pytest.approx(book["d"]["lr"])


def test_theta_in_a_trio_has_the_formula_of_the_book():
    """Three alleles A are seen before the child's: (1 + 3 theta) / (2 theta + (1 - theta) p)."""
    h, p = PUBLISHED["ekm-2.1"]["h"], 0.05
    at = filled({"A": p, "B": 0.1})
    genotypes = {"AF": ("A", "A"), "MO": ("B", "B"), "CH": ("A", "B")}

    found = ratio(TRIO, STRANGER, genotypes, at, theta=h["theta"])

    expected = (1 + 3 * h["theta"]) / (2 * h["theta"] + (1 - h["theta"]) * p)
    assert found == pytest.approx(expected, rel=PRINTED)
    assert round(found, 2) == h["lr"]


def test_a_mutation_in_a_duo_has_the_ratio_of_the_book():
    book, m = PUBLISHED["ekm-2.2"], 0.001
    p, q, r, s = 0.2, 0.53, 0.2, 0.73  # 2pq = 0.212, 2rs = 0.292
    heterozygous = 0.212, 0.292
    p1 = (1 - (1 - 2 * heterozygous[0]) ** 0.5) / 2
    assert m * sum(heterozygous) / (2 * prod(heterozygous)) == pytest.approx(
        book["lr_mutation"], abs=1e-5
    )
    assert p1 > 0
    assert 2 * p * q == pytest.approx(0.212)
    assert 2 * r * s == pytest.approx(0.292)


@pytest.mark.parametrize("row", PUBLISHED["brenner-patform"]["closed_forms"], ids=str)
def test_brenners_silent_alleles(row):
    """His seventeen closed forms, with the phenotypes as he writes them."""
    shares = {"p": 0.2, "q": 0.13, "r": 0.17}
    silent = 0.04
    table = marker(
        alleles=(*shares, "s"),
        freqs=(*shares.values(), 1 - silent - sum(shares.values())),
        silent_freq=silent,
    )
    genotypes = {"CH": seen(row["child"]), "AF": seen(row["af"])}
    if row["mother"]:
        genotypes["MO"] = seen(row["mother"])

    found = ratio(TRIO, STRANGER, genotypes, table)

    assert found == pytest.approx(row["exact_check"]["printed_formula"], rel=PRINTED)
    assert found == pytest.approx(row["exact_check"]["exact_sum"], rel=PRINTED)


def seen(phenotype):
    """The first genotype of a phenotype like 'qr (or pq)'."""
    first = phenotype.replace("|", " ").split()[0]
    return (first[0], first[-1])


def test_two_homozygous_sibs():
    at = filled({"A": PUBLISHED["sibs-homozygous"]["p"]})
    sibs = [FATHER, MOTHER, person("S", "M", "AF", "MO"), person("T", "M", "AF", "MO")]
    strangers = [*sibs[:3], person("T")]

    found = ratio(sibs, strangers, {"S": ("A", "A"), "T": ("A", "A")}, at)

    assert found == pytest.approx(PUBLISHED["sibs-homozygous"]["lr"], rel=PRINTED)


@pytest.mark.parametrize("path", CASES[:5], ids=lambda path: path.stem)
def test_the_slow_oracle_agrees_with_the_references_too(path):
    """It is only worth what it is: small trios without untyped members."""
    case = json.loads(path.read_text("utf-8"))
    case["markers"] = case["markers"][:1]

    for name in ("H1",):
        expected = case["expected"]["likelihoods"][name][0]
        assert oracle.likelihood(case, name, 0) == pytest.approx(expected, rel=AGREES, abs=0)
