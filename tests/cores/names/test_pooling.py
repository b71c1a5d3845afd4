"""Several bureaus answer together as one register would."""

import csv
from collections import defaultdict

import numpy as np
import pytest

from wayhome.cores.names.files import UnreadableFile, UnwritableFile, match
from wayhome.cores.names.pooling import pool
from wayhome.cores.names.weights import WEIGHTS
from wayhome.cores.trials import registers

HEADING = "enquiry_id,candidate,bits,cards,batch\n"
SUMS = ("other", "namesake", "brother")
ENQUIRIES = 500


def rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def told(path, cards, *enquiries, batch="ab12"):
    """A file of likelihoods: of each enquiry its persons, then the sums."""
    lines = [HEADING]
    for number, (persons, sums) in enumerate(enquiries, 1):
        every = [*enumerate(persons, 1), *zip(SUMS, sums, strict=True)]
        lines += [f"E{number},{who},{bits},{cards},{batch}\n" for who, bits in every]
    path.write_text("".join(lines))
    return path


def pooled(folder, *files, **how):
    report = pool(files, folder / "out.csv", absent=folder / "absent.csv", **how)
    found = defaultdict(dict)
    for row in rows(folder / "out.csv"):
        found[row["enquiry_id"]][row["register"], row["candidate"]] = float(row["probability"])
    absent = {x["enquiry_id"]: float(x["p_absent"]) for x in rows(folder / "absent.csv")}
    return report, found, absent


def test_likelihoods_are_added_up_as_in_one_register(tmp_path):
    one = told(tmp_path / "one.csv", 30_000, ([20.0, 3.0], [14.0, -1.0, 2.0]))
    other = told(tmp_path / "other.csv", 10_000, ([18.0], [13.0, 3.0, -900.0]))

    report, found, absent = pooled(tmp_path, one, other, prior=0.4)

    each = 0.4 / 40_000
    apart = 0.5 + 0.3 * (0.75 * 2**-1 + 0.25 * 2**3) + 0.2 * 0.75 * 2**2
    weights = {
        (str(one), "1"): each * 2**20,
        (str(one), "2"): each * 2**3,
        (str(one), "other"): each * 2**14,
        (str(other), "1"): each * 2**18,
        (str(other), "other"): each * 2**13,
    }
    whole = 0.6 * apart + sum(weights.values())
    assert absent["E1"] == pytest.approx(0.6 * apart / whole)
    assert found["E1"] == pytest.approx({x: y / whole for x, y in weights.items()})
    assert (report.enquiries, report.cards) == (1, 40_000)
    assert report.found == pytest.approx(1.0 - absent["E1"])


def test_persons_of_all_bureaus_stand_in_one_order(tmp_path):
    one = told(tmp_path / "one.csv", 5000, ([20.0, 15.0], [1, 0, 0]), ([], [12.3, 0, 0]))
    other = told(tmp_path / "other.csv", 5000, ([18.0], [1, 0, 0]), ([13.0], [1, 0, 0]))

    pooled(tmp_path, one, other)

    ranked = [x for x in rows(tmp_path / "out.csv") if x["rank"]]
    assert [(x["enquiry_id"], x["register"], x["candidate"], x["rank"]) for x in ranked] == [
        ("E1", str(one), "1", "1"),
        ("E1", str(other), "1", "2"),
        ("E1", str(one), "2", "3"),
        ("E2", str(other), "1", "1"),
    ]


def test_the_share_of_men_on_any_register_is_learned(tmp_path):
    found, nowhere = ([60.0], [0, -5, -5]), ([], [0.0, -5, -5])
    one = told(tmp_path / "one.csv", 1000, *[found] * 40, *[nowhere] * 60)
    other = told(tmp_path / "other.csv", 1000, *[nowhere] * 40, *[found] * 30, *[nowhere] * 30)

    report, _, absent = pooled(tmp_path, one, other)

    assert report.shares.prior == pytest.approx(0.7, abs=0.01)
    assert sum(absent.values()) == pytest.approx(30, abs=0.5)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("E2,1,many,1000,ab12", "line 6: bits: expected a number"),
        ("E2,1,nan,1000,ab12", "line 6: bits: expected a number"),
        ("E2,1,1e9,1000,ab12", "line 6: bits: expected a number"),
        ("E2,0,3.0,1000,ab12", "line 6: candidate: expected a whole number"),
        ("E2,C17,3.0,1000,ab12", "line 6: candidate: expected a whole number"),
        ("E2,1,3.0,-5,ab12", "line 6: cards: expected a whole number"),
        ("E2,1,3.0,1001,ab12", "line 6: cards: expected 1000"),
        ("E2,1,3.0,1000,cd34", "line 6: batch: expected ab12"),
        ("E2,1,3.0,1000", "line 6: 4 fields instead of 5"),
        (",1,3.0,1000,ab12", "line 6: enquiry_id: expected"),
        ("E1,1,3.0,1000,ab12", "line 6: candidate: 1 stands twice for E1"),
        ("E1,other,3.0,1000,ab12", "line 6: candidate: other stands twice for E1"),
        ("E2,1,3.0,1000,ab12", "line 6: candidate: E2 has no row other"),
    ],
)
def test_a_faulty_file_is_refused_with_line_and_reason(line, fault, tmp_path):
    good = told(tmp_path / "good.csv", 1000, ([20.0], [1, 0, 0]))
    bad = tmp_path / "bad.csv"
    bad.write_text(good.read_text() + line + "\n")

    with pytest.raises(UnreadableFile, match=rf"bad\.csv, {fault}"):
        pooled(tmp_path, good, bad)
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("content", ["", "a,b\n", HEADING, "enquiry_id,bits\nE1,3\n", "\0\xff"])
def test_a_file_of_something_else_is_refused(content, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text(content)

    with pytest.raises(UnreadableFile):
        pooled(tmp_path, path)


def test_a_file_for_other_enquiries_is_refused(tmp_path):
    one = told(tmp_path / "one.csv", 1000, ([20.0], [1, 0, 0]))
    longer = told(tmp_path / "longer.csv", 1000, *[([20.0], [1, 0, 0])] * 2)
    others = told(tmp_path / "others.csv", 1000, ([20.0], [1, 0, 0]), batch="cd34")

    for path in (longer, others):
        with pytest.raises(UnreadableFile, match=r"other enquiries than .*one\.csv"):
            pooled(tmp_path, one, path)


def test_no_file_counts_twice_or_is_written_over(tmp_path):
    one = told(tmp_path / "one.csv", 1000, ([20.0], [1, 0, 0]))

    with pytest.raises(UnreadableFile, match="twice"):
        pooled(tmp_path, one, one)
    with pytest.raises(UnwritableFile):
        pool([one], one)


@pytest.fixture(scope="module")
def split(tmp_path_factory):
    """An invented register and what it says, whole and in three parts of different sizes."""
    folder = tmp_path_factory.mktemp("split")
    registers.generate(6000, 3, folder, enquiries=ENQUIRIES, evidence=("rich",))
    heading, *cards = (folder / "register.csv").read_text("utf-8").splitlines(keepends=True)
    parts = [[], [], []]
    for card, number in zip(
        cards, np.random.default_rng(1).integers(0, 6, len(cards)), strict=True
    ):
        parts[(0, 0, 0, 1, 1, 2)[number]].append(card)
    for number, part in enumerate(parts):
        path = folder / f"register-{number}.csv"
        path.write_text(heading + "".join(part), "utf-8")
        asked(folder, path, f"{number}")
    asked(folder, folder / "register.csv", "whole")
    return folder


def asked(folder, register, name, **how):
    match(
        register,
        folder / "enquiries.csv",
        folder / f"candidates-{name}.csv",
        absent=folder / f"absent-{name}.csv",
        likelihoods=folder / f"likelihoods-{name}.csv",
        **how,
    )


@pytest.mark.slow
def test_a_register_in_parts_answers_as_the_whole_does(split):
    files = [split / f"likelihoods-{x}.csv" for x in range(3)]
    truth = {x["enquiry_id"]: x["register_id"] for x in rows(split / "truth.csv")}
    cards = {
        (str(file), x["enquiry_id"], x["rank"]): x["register_id"]
        for number, file in enumerate(files)
        for x in rows(split / f"candidates-{number}.csv")
    }
    of_whole = {
        (x["enquiry_id"], x["register_id"]): float(x["probability"])
        for x in rows(split / "candidates-whole.csv")
    }
    absent_of_whole = [float(x["p_absent"]) for x in rows(split / "absent-whole.csv")]

    report, found, absent = pooled(split, *files)

    p_absent, gone = np.array([*absent.values()]), np.array([not truth[x] for x in absent])
    apart, best = [], []
    for enquiry, persons in found.items():
        assert sum(persons.values()) + absent[enquiry] == pytest.approx(1.0, abs=1e-7)
        ours = {cards[x, enquiry, y]: p for (x, y), p in persons.items() if y != "other"}
        apart += [abs(p - of_whole.get((enquiry, card), 0.0)) for card, p in ours.items()]
        best.append(max(ours, key=ours.get, default="") == truth[enquiry])
    assert report.cards == 6000
    assert np.abs(p_absent - absent_of_whole).mean() < 0.02
    assert np.mean(apart) < 0.02
    assert np.mean(best) > 0.95 * np.mean(~gone)
    assert p_absent.mean() == pytest.approx(gone.mean(), abs=0.02)
    for lot in np.array_split(np.argsort(p_absent), 5):
        assert p_absent[lot].mean() == pytest.approx(gone[lot].mean(), abs=0.08)


@pytest.mark.slow
def test_one_register_alone_says_what_it_says_itself(split):
    asked(split, split / "register.csv", "given", weights=WEIGHTS, prior=0.6)

    _, _, absent = pooled(split, split / "likelihoods-given.csv", prior=0.6)

    itself = {x["enquiry_id"]: float(x["p_absent"]) for x in rows(split / "absent-given.csv")}
    assert absent == pytest.approx(itself, abs=1e-5)


@pytest.mark.slow
def test_what_is_handed_over_names_no_card(split):
    found = rows(split / "likelihoods-whole.csv")

    assert list(found[0]) == HEADING.strip().split(",")
    assert {x["candidate"] for x in found if not x["candidate"].isdigit()} == set(SUMS)
    # Whoever does not fit is in the sum alone.
    persons = [float(x["bits"]) for x in found if x["candidate"].isdigit()]
    assert min(persons) >= np.log2(6000) - 8.0
    assert len(persons) < 10 * ENQUIRIES


@pytest.mark.slow
def test_an_enquiry_of_which_nothing_can_be_used_has_what_is_likely_of_anybody(split):
    enquiries = (split / "enquiries.csv").read_text("utf-8")
    heading, first, *_ = enquiries.splitlines(keepends=True)
    empty = "E-empty" + "," * heading.count(",") + "\n"
    (split / "few.csv").write_text(heading + first + empty, "utf-8")
    match(
        split / "register-0.csv",
        split / "few.csv",
        split / "few-candidates.csv",
        weights=WEIGHTS,
        likelihoods=split / "few-likelihoods.csv",
    )

    _, found, absent = pooled(split, split / "few-likelihoods.csv", prior=0.3)

    assert absent["E-empty"] == pytest.approx(0.7)
    assert list(found["E-empty"].values()) == pytest.approx([0.3])
