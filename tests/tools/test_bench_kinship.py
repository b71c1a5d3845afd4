"""What the benchmark of kinship says of joint identification."""

import json

import pytest

from tools.bench_kinship import joint
from tools.bench_kinship.__main__ import line


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
