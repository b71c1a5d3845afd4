import gzip

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.trials.judging import (
    UnusableFile,
    average_precision,
    calibration_error,
    judge,
    judge_scores,
    recall_at_precision,
    roc_auc,
)

TRUTH = """enquiry_id,register_id,case,script,noise
E1,R1,match,ru,none
E1,R2,match,ru,none
E2,R3,match,de,typo1+upper
E3,,absent_random,ru,none
E4,R9,match,ru,none
"""
CANDIDATES = """enquiry_id,register_id,rank,bits,probability
E1,R7,1,9,0.5
E1,R1,2,9.5,0.5
E1,R2,3,4,0.1
E2,R3,1,20,0.9
E3,R4,1,12,0.7
E3,R5,2,1,0.1
"""


@pytest.fixture
def files(tmp_path):
    truth, candidates = tmp_path / "truth.csv", tmp_path / "candidates.csv"
    truth.write_text(TRUTH)
    candidates.write_text(CANDIDATES)
    return truth, candidates


def test_measures_are_those_worked_out_by_hand(files):
    found = judge(*files)

    assert (found["enquiries"], found["matches"]) == (4, 3)
    assert found["recall@1"] == pytest.approx(2 / 3)  # E1 by its bits, E2; E4 has no candidate
    assert found["recall@10"] == pytest.approx(2 / 3)
    assert found["all_cards@50"] == pytest.approx(3 / 4)
    assert found["recall@queue"] == pytest.approx(1 / 3)  # E3 stands for 98 of 100, and ends it
    assert found["recall_at_precision_0.99"] == pytest.approx(1 / 3)  # only E2 above the absent man
    assert found["false_rate_absent@recall0.5"] == 1.0
    assert found["false_rate_absent@recall0.8"] is None
    assert found["top_brier"] == pytest.approx((0.5**2 + 0.1**2 + 0.7**2) / 3)
    assert found["breakdown"]["script"] == {"ru": [2, 0.5, 0.5], "de": [1, 1.0, 1.0]}
    assert found["breakdown"]["noise"]["upper"] == [1, 1.0, 1.0]


def test_only_the_first_enquiries_are_judged_if_so_wished(files):
    found = judge(*files, first=2)

    assert (found["enquiries"], found["recall@1"]) == (2, 1.0)


def test_the_order_of_the_file_gains_nothing(files):
    truth, candidates = files
    before = judge(truth, candidates)
    heading, *lines = CANDIDATES.splitlines()
    candidates.write_text("\n".join([heading, *reversed(lines)]))

    assert judge(truth, candidates) == before


def test_packed_files_and_files_with_a_score_are_judged(files, tmp_path):
    truth, _ = files
    packed = tmp_path / "truth.csv.gz"
    packed.write_bytes(gzip.compress(truth.read_bytes()))
    scored = tmp_path / "scored.csv"
    scored.write_text("enquiry_id,register_id,score\nE1,R1,3\nE1,R7,2\nE2,R8,-1\n")

    found = judge(packed, scored)

    assert found["recall@1"] == pytest.approx(1 / 3)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "enquiry_id\nE1\n", ""])
def test_a_file_without_its_columns_is_refused(files, text):
    truth, candidates = files
    candidates.write_text(text)

    with pytest.raises(UnusableFile, match="no column"):
        judge(truth, candidates)


@pytest.mark.parametrize("damage", [lambda x: x[:-20], lambda x: x[:20] + b"\0\0\0" + x[23:]])
def test_a_packed_file_that_breaks_off_is_refused(files, damage):
    truth, candidates = files
    packed = truth.with_name("truth.csv.gz")
    packed.write_bytes(damage(gzip.compress(truth.read_bytes(), mtime=0)))

    with pytest.raises(UnusableFile, match="breaks off"):
        judge(packed, candidates)


def test_rows_that_cannot_be_used_are_told_and_stop_nothing(files):
    truth, candidates = files
    expected = judge(truth, candidates)
    bad = [b"E1,R8", b'E1,"R8,1,1,1', b"E1,\xff,1,1,1", b"E1,R8,1,1,nan", b"E1,R8,1,one,1"]
    lines = CANDIDATES.encode().splitlines()
    candidates.write_bytes(b"\n".join([lines[0], *bad, *lines[1:], b'E1,"R8,1,1,1']))
    truth.write_bytes(truth.read_bytes() + b"E5\n")
    heard = []

    found = judge(truth, candidates, set_aside=heard.append)

    assert found == expected
    assert [x.split(":")[0] for x in heard] == [
        "truth.csv, line 7",
        *(f"candidates.csv, line {x}" for x in (2, 3, 4, 5, 6, 13)),
    ]


_SCORED = st.lists(st.tuples(st.booleans(), st.integers(-3, 3)), min_size=1, max_size=30)


@settings(deadline=None)
@given(_SCORED)
def test_the_area_is_the_share_of_pairs_in_the_right_order(pairs):
    true = np.array([x[0] for x in pairs])
    score = np.array([float(x[1]) for x in pairs])
    compared = [(a > b) + (a == b) / 2 for a in score[true].tolist() for b in score[~true].tolist()]

    expected = sum(compared) / len(compared) if compared else None
    assert roc_auc(true, score) == (pytest.approx(expected) if compared else None)


@settings(deadline=None)
@given(_SCORED, st.sampled_from([0.5, 0.9, 0.99]))
def test_recall_at_a_precision_is_the_best_of_all_thresholds(pairs, least):
    true = np.array([x[0] for x in pairs])
    score = np.array([float(x[1]) for x in pairs])
    taken = [score >= x for x in score]
    good = [true[x].sum() / max(true.sum(), 1) for x in taken if true[x].mean() >= least]

    assert recall_at_precision(true, score, least) == pytest.approx(max(good, default=0.0))


def test_a_perfect_score_and_a_useless_one():
    labels = [True, True, False, False]

    assert judge_scores(labels, [4, 3, 2, 1])["roc_auc"] == 1.0
    assert judge_scores(labels, [4, 3, 2, 1])["pr_auc"] == 1.0
    assert judge_scores(labels, [1, 1, 1, 1])["roc_auc"] == 0.5
    assert average_precision(np.array(labels), np.ones(4)) == 0.5


def test_honest_probabilities_have_no_calibration_error():
    probability = np.repeat([0.2, 0.8], 50)
    true = np.tile([True, False, False, False, False], 10).tolist()
    true += np.tile([True, True, True, True, False], 10).tolist()

    assert calibration_error(np.array(true), probability) == pytest.approx(0.0)
    assert calibration_error(np.array(true), 1 - probability) == pytest.approx(0.6)
