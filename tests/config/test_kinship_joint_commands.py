"""`wayhome kinship identify` and `power`, as they are typed."""

import json

import pytest
from click.testing import CliRunner

from tests.cores.kinship.test_joint import two_families
from tests.cores.kinship.test_power import family
from wayhome.config.commands import wayhome


def run(*arguments):
    return CliRunner().invoke(wayhome, ["kinship", *map(str, arguments)])


@pytest.fixture
def written(tmp_path):
    def write(document):
        file = tmp_path / "in.json"
        file.write_text(json.dumps(document), encoding="utf-8")
        return file

    return write


def test_an_event_is_one_object(written):
    done = run("identify", written(two_families()), "--top", "3")

    assert done.exit_code == 0
    found = json.loads(done.stdout)
    assert set(found) >= {"joint_top", "joint_n_assignments", "marginal_posterior", "pairwise_LR"}
    assert len(found["joint_top"]) == 3
    assert found["joint_n_assignments"] == 13
    assert found["exact"]
    assert found["left_out"] == 0
    assert len(found["rests_on"]["input_sha256"]) == 64


def test_an_impossible_way_is_minus_infinity_as_a_text(written):
    event = two_families()
    for at in event["markers"]:
        del at["mutation"]

    found = json.loads(run("identify", written(event)).stdout)

    last = found["joint_top"][-1]
    assert (last["loglik"], last["LR"], last["posterior"]) == ("-inf", None, 0)


def test_a_malformed_event_ends_with_one_line_and_2(written):
    done = run("identify", written(two_families(missing=["M9"])))

    assert done.exit_code == 2
    assert done.stderr == (
        "wayhome: in.json: missing/0: 'M9' in 0 families; expected a member of one family\n"
    )


def test_a_family_says_what_it_can_decide(written):
    done = run("power", written(family()), "--remains", 1000, "--min-log10-lr", 0.5)

    found = json.loads(done.stdout)
    assert done.exit_code == 0
    assert found["marker_sets"]["all"]["chance_matches"]["remains"] == 1000
    assert {one["person"] for one in found["next"]} == {"FA", "SI", "WI", "CH"}
    assert len(found["rests_on"]["input_sha256"]) == 64


def test_a_threshold_that_is_no_number_is_refused(written):
    done = run("power", written(family()), "--min-log10-lr", "nan")

    assert done.exit_code == 2
    assert "expected a finite number" in done.stderr
