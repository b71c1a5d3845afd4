"""`wayhome kinship`, as it is typed."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.cores.kinship.families import marker, mother_and_son
from wayhome.config.commands import wayhome

REFERENCE = Path(__file__).parents[1] / "cores" / "kinship" / "reference"


def run(*arguments):
    return CliRunner().invoke(wayhome, ["kinship", *map(str, arguments)])


@pytest.fixture
def case_file(tmp_path):
    def write(**changes):
        file = tmp_path / "case.json"
        file.write_text(json.dumps(mother_and_son(**changes)), encoding="utf-8")
        return file

    return write


def test_each_case_is_one_line(case_file):
    file = case_file()

    done = run("lr", file, file)

    assert done.exit_code == 0
    one, other = map(json.loads, done.stdout.splitlines())
    assert one == other
    assert one["id"] == "mother-and-son"
    assert one["lr"]["H1"] == [pytest.approx(1 / (4 * 0.3))]
    assert one["log10_lr_total"]["H1"] == pytest.approx(-0.0791812460476248)
    assert set(one["likelihoods"]) == {"H1", "H2"}
    assert len(one["rests_on"]["input_sha256"]) == 64


def test_minus_infinity_is_a_text_and_a_ratio_to_nothing_is_null(case_file):
    file = case_file(
        genotypes={"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "14"]}}, reference="H1"
    )

    found = json.loads(run("lr", file).stdout)
    turned = json.loads(run("lr", case_file(genotypes=mismatch())).stdout)

    assert found["lr"] == {"H2": [None]}
    assert found["log10_lr_total"] == {"H2": None}
    assert turned["log10_lr_total"] == {"H1": "-inf"}


def mismatch():
    return {"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "14"]}}


def test_a_prior_gives_a_posterior(case_file):
    file = case_file()

    found = json.loads(run("lr", file, "--prior", "0.5").stdout)

    lr = 1 / (4 * 0.3)
    assert found["prior"] == {"H1": 0.5, "H2": 0.5}
    assert found["posterior"]["H1"] == pytest.approx(lr / (lr + 1))


@pytest.mark.parametrize("prior", ["2", "H9=0.1", "H1=x"])
def test_a_prior_that_cannot_be_is_refused(case_file, prior):
    done = run("lr", case_file(), "--prior", prior)

    assert done.exit_code == 2


def test_a_marker_that_does_not_fit_explains_itself(case_file):
    file = case_file(genotypes=mismatch())

    [found] = json.loads(run("lr", file, "--explain").stdout)["unexplained"]

    assert found["marker"] == "D1"
    assert found["persons"] == {"MO": "12/12", "MP": "13/14"}
    assert not found["possible"]
    assert found["says"] == "D1: MO 12/12, MP 13/14 go together in no way under H1"


def test_a_mutation_is_told_from_what_cannot_be(case_file):
    equal = {"model": "equal", "rate": 0.001}
    at = marker(mutation={"female": equal, "male": equal})

    found = json.loads(run("lr", case_file(markers=[at], genotypes=mismatch()), "--explain").stdout)

    assert found["lr"]["H1"][0] > 0
    assert found["unexplained"][0]["possible"]


def test_a_silent_allele_is_told_from_what_cannot_be(case_file):
    at = marker(freqs=(0.18, 0.27, 0.45), silent_freq=0.1)
    typed = {"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "13"]}}

    found = json.loads(run("lr", case_file(markers=[at], genotypes=typed), "--explain").stdout)

    assert found["lr"]["H1"][0] > 0
    [one] = found["unexplained"]
    assert one["possible"]
    assert one["says"].endswith("only by a mutation or a silent allele under H1")


def test_each_assumption_is_changed_alone(case_file):
    equal = {"model": "equal", "rate": 0.001}
    at = marker(mutation={"female": equal, "male": equal})
    file = case_file(markers=[at], genotypes=mismatch())

    found = json.loads(run("lr", file, "--sensitivity").stdout)

    totals = {one["assumption"]: one["log10_lr_total"].get("H1") for one in found["sensitivity"]}
    stated = found["log10_lr_total"]["H1"]
    assert totals["as stated"] == stated
    assert totals["mutation rates times 10"] == pytest.approx(stated + 1, abs=0.01)
    assert totals["no mutation"] == "-inf"
    assert set(totals) >= {"theta 0.01", "theta 0.03"}


def test_a_rate_too_high_for_the_model_is_said(case_file):
    proportional = {"model": "proportional", "rate": 0.5}
    at = marker(mutation={"female": proportional, "male": proportional})

    found = json.loads(run("lr", case_file(markers=[at]), "--sensitivity").stdout)

    [high] = [one for one in found["sensitivity"] if one["assumption"] == "mutation rates times 10"]
    assert "expected a lower rate" in high["why_not"]


def test_a_malformed_case_ends_with_one_line_and_2(case_file):
    done = run("lr", case_file(theta=7))

    assert done.exit_code == 2
    assert done.stderr == "wayhome: case.json: theta: 7; expected a number from 0 to 1\n"
    assert done.stdout == ""


def test_no_file_ends_with_2():
    assert run("lr", "nowhere.json").exit_code == 2


def test_a_matrix_has_its_alleles(tmp_path):
    model = json.loads((REFERENCE / "mutation" / "mutation_matrices.json").read_text("utf-8"))
    file = tmp_path / "model.json"
    file.write_text(json.dumps(model["cases"][0]), encoding="utf-8")

    found = json.loads(run("matrix", file).stdout)

    assert set(found) == {"alleles", "matrix"}


def test_a_file_of_several_models_gives_a_line_each():
    done = run("matrix", REFERENCE / "mutation" / "mutation_matrices.json")

    assert len(done.stdout.splitlines()) == 42


def test_a_model_that_cannot_be_is_refused(tmp_path):
    file = tmp_path / "model.json"
    model = {"model": "equal", "rate": 3}
    file.write_text(json.dumps({"alleles": ["1", "2"], "freqs": [0.5, 0.5], "model": model}))

    done = run("matrix", file)

    assert done.exit_code == 2
    assert done.stderr == "wayhome: model.json: model/rate: 3; expected a number from 0 to 1\n"
