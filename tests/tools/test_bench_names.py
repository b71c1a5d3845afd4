"""What the benchmark of names says."""

from math import sqrt

import pytest

from tools import bench_names
from tools.bench_names import (
    FEWEST_OF_A_KIND,
    NORMAL_975,
    Figures,
    charts,
    most_likely,
    report,
    usual,
    worst,
)

MANY, FEW = FEWEST_OF_A_KIND, FEWEST_OF_A_KIND - 1


@pytest.mark.parametrize(("share", "count"), [(0.5, 10), (0.97, 1000), (0.999, 5000), (0.0, 40)])
def test_a_share_that_is_likely_at_best_is_just_two_deviations_away(share, count):
    best = most_likely(share, count)

    assert best - share == pytest.approx(NORMAL_975 * sqrt(best * (1 - best) / count))


def test_all_found_may_mean_all_and_nothing_asked_says_nothing():
    assert most_likely(1.0, 50) == 1.0
    assert most_likely(0.0, 0) == 1.0


def quality(**peoples):
    breakdown = {"script": {"ru": [MANY, 0.9, 0.98]}, "group": peoples}
    measures = dict.fromkeys(bench_names.QUALITY, 0.5)
    return measures | {"usual": 0.99, "breakdown": breakdown}


def test_the_worst_kind_is_named_with_its_gap_and_small_kinds_do_not_count():
    one = worst(
        quality(russian=[MANY, 0.9, 0.99], tuvan=[MANY, 0.8, 0.95], foreign=[FEW, 0.5, 0.6])
    )

    assert one is not None
    assert (one.kind, one.matches, one.recall) == ("group: tuvan", MANY, 0.95)
    assert one.gap == pytest.approx(100 * (0.99 - most_likely(0.95, MANY)))


def test_without_enough_matches_no_kind_is_the_worst():
    measures = quality() | {"breakdown": {"group": {"tuvan": [FEW, 0.0, 0.0]}}}

    assert worst(measures) is None


TRUTH = "enquiry_id,register_id,group,script\nE1,R1,russian,ru\nE2,R2,russian,de\nE3,,tatar,ru\n"


def test_russian_names_in_russian_are_what_others_are_held_against(tmp_path):
    truth = tmp_path / "truth.csv"
    truth.write_text(TRUTH, encoding="utf-8")

    assert usual(truth).read_text("utf-8").splitlines()[1:] == ["E1,R1,russian,ru"]


def measured(size, p50):
    speed = dict.fromkeys((*bench_names.SPEED, "lookups", "index_bytes"), 2.0)
    peers = {
        "pg_trgm": {"what": "trigrams", "enquiries": 20, "lookup_p50_ms": 40.0,
                    "enquiries_per_s": 25.0, "matches": 14, "recall@1": 0.5, "recall@10": 0.7},
        "splink": "not measured: splink is not installed",
    }  # fmt: skip
    speed |= {"lookup_p50_ms": p50, "peers": peers}
    kinds = {"russian": [MANY, 0.9, 0.99], "foreign": [FEW, 0.8, 0.9]}
    return Figures(size, speed, dict.fromkeys(bench_names.EVIDENCE, quality(**kinds)))


def test_a_report_says_how_many_were_asked_and_who_was_not_measured():
    told = report([measured(1000, 0.5), measured(10_000, 1.0)])

    assert "| trigrams | 1,000 | 20 | 14 | 0.5000 | 0.7000 | 40.0 |" in told
    assert "| splink | 1,000 | not measured: splink is not installed |" in told
    assert "| group: foreign | 0.9000 (-0.090) (few) |" in told
    assert "| 1,000, rich | script: ru | 1,000 | 0.9800 |" in told


def test_a_size_of_which_only_speed_was_measured_is_told_beside_others():
    only_speed = Figures(10, measured(10, 0.1).speed)

    told = report([only_speed, measured(1000, 0.5)])

    assert "|  | 10 | 1,000 |" in told
    assert "|  | 1,000, rich | 1,000, sparse |" in told
    assert "How good" not in report([only_speed])


def test_charts_show_ours_and_the_peers_that_were_measured():
    drawn = dict(charts([measured(1000, 0.5), measured(10_000, 1.0)]))

    assert set(drawn) == {f"names-{x}.svg" for x in ("lookup", "batch", "build", "memory")}
    assert "pg_trgm, p50: 40 at 1,000, 40 at 10,000" in drawn["names-lookup.svg"]
    assert "splink" not in drawn["names-batch.svg"]
