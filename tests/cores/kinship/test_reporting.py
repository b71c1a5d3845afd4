"""What a report tells, number by number."""

import json

import pytest

from tests.cores.kinship.families import marker, mother_and_son
from wayhome.cores.kinship import MalformedCase, read_case, solve
from wayhome.cores.kinship.reporting import Origin, report

MISMATCH = {"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "14"]}}


def told(prior=None, **changes):
    case = mother_and_son(**changes)
    result = solve(read_case(case))
    return report(result, Origin("0" * 64), json.dumps(case).encode(), prior)


def test_the_total_is_a_ratio_and_its_logarithm():
    [total] = told()["totals"]

    assert total == {"name": "H1", "log10": "−0.0792", "lr": "0.8333"}


@pytest.mark.parametrize(
    ("prior", "posterior"),
    [(0.5, "0.454545"), (0.0, "0"), (1e-6, "8.33333 × 10^-7"), (1 - 1e-6, "1 − 1.20 × 10^-6")],
)
def test_a_posterior_never_reads_as_certain_when_it_is_not(prior, posterior):
    first, _ = told({"H1": prior, "H2": 1 - prior})["posterior"]

    assert first["posterior"] == posterior


def test_without_a_prior_there_is_no_posterior():
    assert told()["posterior"] == []


def test_priors_that_are_none_are_refused():
    with pytest.raises(MalformedCase):
        told({"H1": 0.5, "H2": 0.6})


def test_what_is_impossible_is_said_and_explained():
    found = told(genotypes=MISMATCH)

    assert found["totals"][0]["lr"] == "0"
    assert found["totals"][0]["log10"] == "−∞"
    assert found["markers"][0]["lr"] == ["0"]
    [one] = found["unexplained"]
    assert (one["who"], one["possible"]) == ("MO 12/12, MP 13/14", False)


def test_an_impossible_reference_gives_no_ratio():
    [total] = told(genotypes=MISMATCH, reference="H1")["totals"]

    assert (total["log10"], total["lr"]) == ("none", "none: the reference is impossible")


def test_poor_samples_are_told_with_their_chances():
    evidence = {
        "MP": {
            "model": "per_allele_bernoulli", "d": 0.2, "d_hom": 0.04, "drop_in": 0.05,
            "alleles": {"D1": ["13"]},
        }
    }  # fmt: skip
    found = told(genotypes={"MO": {"D1": ["12", "13"]}}, evidence=evidence)

    assert found["people"] == {"codes": ["MO", "MP"], "rows": [["D1", "12/13", "{13}"]]}
    assert found["assumed"]["drop_out"] == [
        "MP: drop-out 0.2 of one copy, 0.04 of both of a homozygote, drop-in 0.05"
    ]


def test_markers_of_one_model_stand_together():
    equal = {"model": "equal", "rate": 0.001}
    both = {"female": equal, "male": None}
    at = [marker("D1", mutation=both), marker("D2", mutation=both), marker("D3")]

    found = told(markers=at)["assumed"]["mutation"]

    assert found == [
        {"female": "equal, rate 0.001", "male": "none", "markers": "D1, D2"},
        {"female": "none", "male": "none", "markers": "D3"},
    ]


def test_haplotypes_stand_apart():
    lineage = {
        "name": "mtDNA", "chrom": "M", "frequencies": {"H1a": 0.01},
        "profiles": {"MO": "H1a", "MP": "H1a"},
    }  # fmt: skip

    [one] = told(lineages=[lineage])["lineages"]

    assert one["lr"] == ["100"]
    assert one["profiles"] == ["MO: H1a", "MP: H1a"]


def test_everything_can_be_written_as_json():
    json.dumps(told({"H1": 0.5, "H2": 0.5}), allow_nan=False)
