"""What the benchmark of kinship says of joint identification."""

import json

import pytest

from tools.bench_kinship import joint, peers
from tools.bench_kinship.__main__ import line
from tools.bench_kinship.measured import Measured


@pytest.mark.slow
def test_our_events_are_measured_and_a_peer_that_is_missing_is_told(tmp_path):
    other = tmp_path / "other.json"
    document = json.loads(next(joint.OURS.glob("own1*.json")).read_text("utf-8"))
    other.write_text(json.dumps(document | {"id": "planecrash"}), encoding="utf-8")

    found = list(joint.measured([other]))

    assert len(found) == len(list(joint.OURS.glob("*.json"))) + 1
    assert all(one.value > 0 for one in found)
    assert "own1-open, 3 remains × 3 missing, 34 ways, exact" in found[0].what
    assert line(found[0]).endswith("ms; dvir not measured")
    assert line(found[-1]).endswith("ms, to reach 100; dvir not measured")


@pytest.mark.slow
def test_a_wrong_answer_is_not_measured(tmp_path):
    other = tmp_path / "other.json"
    document = json.loads(next(joint.OURS.glob("own1*.json")).read_text("utf-8"))
    document["expected"]["joint_top"][0]["loglik"] += 1e-6
    other.write_text(json.dumps(document), encoding="utf-8")

    with pytest.raises(SystemExit, match="the best way has"):
        joint.of_event(other)


def test_a_peer_is_so_many_times_slower_or_did_not_run():
    rate = Measured("mother and son", 20_000, "LR/s", 20_000, {"pedprobr": 100, "Familias": None})
    time = Measured("planecrash", 40, "ms", 100, {"dvir": 824_000})

    assert line(rate) == (
        "mother and son: 20,000.0 LR/s, to reach 20,000; 200 times pedprobr's; "
        "Familias not measured"
    )
    assert line(time) == "planecrash: 40.0 ms, to reach 100; 20,600 times dvir's"


def test_every_peer_has_a_script_that_asks_for_what_is_checked():
    for program in peers.EVERY:
        script = program.script.read_text("utf-8")
        assert all(f"library({package})" in script for package in ("jsonlite", *program.needed))


def test_a_peer_that_cannot_run_says_why(monkeypatch):
    monkeypatch.setattr(peers.shutil, "which", lambda _: None)

    assert {one.why_not() for one in peers.EVERY} == {"R is not installed"}
