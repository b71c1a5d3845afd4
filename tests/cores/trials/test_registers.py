import csv
from collections import Counter
from datetime import date
from random import Random

import pytest

from wayhome.cores.trials import cards, registers
from wayhome.cores.trials.enquiries import Told, _in_both, world
from wayhome.cores.trials.registers import generate

pytestmark = pytest.mark.slow
SIZE, ENQUIRIES = 6000, 5000


def rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("trial")
    generate(SIZE, 7, path, enquiries=ENQUIRIES)
    return path


@pytest.fixture(scope="module")
def register(folder):
    return {x["register_id"]: x for x in rows(folder / "register.csv")}


@pytest.fixture(scope="module")
def truth(folder):
    return rows(folder / "truth-rich.csv")


def share(count, of):
    return pytest.approx(count / of, abs=0.04)


def test_a_register_has_so_many_cards_with_numbers_of_their_own(register):
    assert len(register) == SIZE
    assert min(register) == "R000000000"
    assert max(register) == f"R{SIZE - 1:09d}"


def test_the_same_seed_gives_the_same_files_and_another_one_others(tmp_path):
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        generate(1500, seed, tmp_path / name, enquiries=200)

    for file in (tmp_path / "one").iterdir():
        assert (tmp_path / "same" / file.name).read_bytes() == file.read_bytes()
        assert (tmp_path / "other" / file.name).read_bytes() != file.read_bytes()


def test_a_wrong_name_without_short_forms_is_written_in_full():
    them = world()
    given, none = (
        next(x for x, y in enumerate(them.short) if bool(y) == has) for has in (True, False)
    )
    told = Told({"given": given}, "ru", Random(1), them)

    assert _in_both(told, {"given": given}, "given", ["diminutive"])[0] in them.short[given]
    assert _in_both(told, {"given": none}, "given", ["diminutive"])[0] == them.men[none][0]


def test_a_register_is_written_lot_after_lot(tmp_path, monkeypatch):
    monkeypatch.setattr(registers, "CARDS_AT_ONCE", 400)
    heard = []

    generate(1000, 3, tmp_path, enquiries=50, progress=lambda done, of: heard.append((done, of)))

    ids = [x["register_id"] for x in rows(tmp_path / "register.csv")]
    assert ids == [f"R{x:09d}" for x in range(1000)]
    assert heard == [(400, 1000), (800, 1000), (1000, 1000)]
    assert len({x["enquiry_id"] for x in rows(tmp_path / "truth-rich.csv")}) == 50


def test_one_evidence_alone_has_the_plain_file_names(tmp_path):
    generate(100, 1, tmp_path, enquiries=5, evidence=("rich",))

    assert sorted(x.name for x in tmp_path.iterdir()) == [
        "enquiries.csv", "register.csv", "truth.csv",
    ]  # fmt: skip


def test_cards_have_gaps_as_real_ones_have(register):
    kinds = Counter(x["kind"] for x in register.values())
    filled = Counter(name for x in register.values() for name, value in x.items() if value)

    assert kinds["remains"] / SIZE == pytest.approx(cards.REMAINS, abs=0.02)
    assert filled["patronymic"] / SIZE == pytest.approx(0.866, abs=0.02)
    assert filled["dob"] / SIZE == pytest.approx(0.857, abs=0.02)
    assert filled["mother_name"] / SIZE == pytest.approx(0.314, abs=0.02)
    for one in register.values():
        assert one["surname"] or one["given"]
        if len(one["dob"]) == 10:
            date.fromisoformat(one["dob"])


def test_one_enquiry_in_three_is_for_a_man_who_is_not_there(truth):
    cases = Counter({x["enquiry_id"]: x["case"] for x in truth}.values())

    assert sum(cases.values()) == ENQUIRIES
    for case, expected in registers.CASES.items():
        assert cases[case] / ENQUIRIES == pytest.approx(expected, abs=0.04)
    assert all(bool(x["register_id"]) == (x["case"] == "match") for x in truth)


def test_some_persons_have_two_cards_and_both_are_true(truth):
    times = Counter(x["enquiry_id"] for x in truth if x["case"] == "match")

    assert set(times.values()) == {1, 2}
    twice = sum(x == 2 for x in times.values()) / len(times)
    assert twice == pytest.approx(registers.TWO_CARDS, abs=0.015)


def test_a_true_card_is_of_the_sought_person(folder, register, truth):
    asked = {x["enquiry_id"]: x for x in rows(folder / "enquiries-rich.csv")}
    clear = [
        (asked[x["enquiry_id"]], register[x["register_id"]])
        for x in truth
        if x["case"] == "match" and (x["script"], x["reg_script"]) == ("ru", "ru")
        and x["noise"] in ("none", "no_patronymic") and x["dob_noise"] == "exact"
    ]  # fmt: skip
    same_name = [one for one in clear if one[0]["surname"] == one[1]["surname"]]
    same_date = [x for x in clear if x[0]["dob"] == x[1]["dob"]]

    assert len(clear) > 30
    assert len(same_name) > 0.85 * len(clear)
    assert len(same_date) > 0.6 * len(clear)


def test_a_brother_and_a_namesake_are_like_somebody_on_the_register(folder, register, truth):
    asked = {x["enquiry_id"]: x for x in rows(folder / "enquiries-rich.csv")}
    names = {(x["surname"], x["given"], x["patronymic"]) for x in register.values()}
    fathers = {(surname, father) for surname, _, father in names}
    like = {"absent_namesake": [], "absent_brother": [], "absent_random": []}
    for row in truth:
        one = asked[row["enquiry_id"]]
        if row["script"] == "ru" and row["noise"] == "none" and row["case"] in like:
            named = (one["surname"], one["given"], one["patronymic"]) in names
            kin = (one["surname"], one["patronymic"]) in fathers and not named
            like[row["case"]].append((named, kin))

    # About half of the cards are in Russian, and not every card has a patronymic.
    counts = {x: [sum(y) for y in zip(*found, strict=True)] for x, found in like.items()}
    assert counts["absent_namesake"][0] > len(like["absent_namesake"]) / 5
    assert counts["absent_brother"][1] > len(like["absent_brother"]) / 5
    assert counts["absent_random"][0] <= len(like["absent_random"]) / 10


def test_a_sparse_enquiry_is_the_rich_one_with_less_in_it(folder):
    rich, sparse = rows(folder / "enquiries-rich.csv"), rows(folder / "enquiries-sparse.csv")

    for one, other in zip(rich, sparse, strict=True):
        assert all(other[name] in ("", value) for name, value in one.items())
        assert one["surname"] == other["surname"]
    assert sum(bool(x["mother_name"]) for x in rich) / ENQUIRIES == share(0.6, 1)
    assert sum(bool(x["mother_name"]) for x in sparse) / ENQUIRIES == share(0.21, 1)
    assert sum(bool(x["dob"]) for x in sparse) / ENQUIRIES == share(0.56, 1)


def test_every_noise_and_script_is_there(truth):
    noises = {x for row in truth for x in row["noise"].split("+")}

    assert noises >= {
        "none", "typo1", "typo2", "phonetic", "ocr", "swap_order", "one_line", "initials",
        "diminutive", "keyboard", "homoglyph", "genitive", "feminine", "truncated", "double_part",
        "surname_changed", "no_patronymic", "patronymic_wrong", "given_wrong", "upper",
        "surname_only", "yo",
    }  # fmt: skip
    assert {x["script"] for x in truth} == {"ru", "uk", "press", "icao", "kmu", "fr", "pl", "de"}
    assert {x["dob_noise"] for x in truth} == {
        "exact", "missing", "year_off", "year_only", "off_days", "digit", "swap_dm", "year_month",
    }  # fmt: skip
    assert len({x["group"] for x in truth}) == 9


def test_a_register_of_nobody_is_refused(tmp_path):
    with pytest.raises(ValueError, match="at least one card"):
        generate(0, 1, tmp_path, enquiries=0)
