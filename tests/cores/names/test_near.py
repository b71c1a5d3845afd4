"""The ties in machine code against the plain ones, on dates and numbers drawn at random."""

import random
from math import fsum

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.browser import by_thirds
from wayhome.cores.names.dates import Born, BornTie, tie_born
from wayhome.cores.names.ids import Ids
from wayhome.cores.names.marks import Mark, MarkTie, read_number, read_numbers, read_unit, tie_marks
from wayhome.cores.names.near_dates import near_dates, packed, tie_dates, unpacked
from wayhome.cores.names.near_numbers import Numbers
from wayhome.cores.names.near_units import Units
from wayhome.cores.names.sheets import Texts
from wayhome.cores.names.topk import exact_sums


def drawn_date(draw, years):
    month = draw.choice([0, 1, 1, 2, 3, 11, 12, draw.randrange(1, 13)])
    day = draw.choice([0, 1, 2, 3, 11, 12, 30, 31, draw.randrange(1, 32)]) if month else 0
    return Born(draw.choice(years), month, day, draw.choice([0] * 30 + [1, 2, 5]))


@pytest.mark.slow
def test_two_dates_are_tied_as_the_plain_rule_does():
    draw = random.Random(1)
    years = [0, 1001, 1899, 1989, 1990, *range(1995, 2003), 2009]
    for _ in range(100_000):
        one, other = drawn_date(draw, years), drawn_date(draw, years)
        assert unpacked(packed(one)) == one
        assert tie_dates(packed(one), packed(other)) == tie_born(one, other)


@pytest.mark.slow
def test_all_dates_near_one_are_found_and_no_other():
    draw = random.Random(2)
    years = [*range(1940, 2012), *range(1985, 2003), 1000, 9999]
    compared = 0
    for _ in range(20):
        dates = sorted({packed(drawn_date(draw, years)) for _ in range(1500)})
        for _ in range(8):
            asked = packed(drawn_date(draw, years)) if draw.random() < 0.5 else draw.choice(dates)
            places, ties = near_dates(np.array(dates, np.int32), asked)
            found = dict(zip(places.tolist(), ties.tolist(), strict=True))
            assert list(found) == sorted(found)
            for place, date in enumerate(dates, 1):
                tie = tie_dates(asked, date)
                assert found.get(place, BornTie.DIFFERS) == (tie or BornTie.DIFFERS)
                compared += 1
    assert compared > 150_000


def slipped(draw, text):
    letters = list(text)
    for _ in range(draw.choice([0, 1, 2, 2, 3])):
        at = draw.randrange(len(letters)) if letters else 0
        match draw.randrange(4):
            case 0:
                letters[at : at + 1] = draw.choice("АБВ0123456789XЖ٣")
            case 1:
                del letters[at : at + 1]
            case 2:
                letters.insert(at, draw.choice("0123456789"))
            case _:
                letters[at : at + 2] = reversed(letters[at : at + 2])
    return "".join(letters)


def drawn_number(draw):
    letters = "".join(draw.choice("АБВ") for _ in range(draw.choice([0, 1, 2, 2, 2])))
    few = "0123456789"[: draw.choice([2, 4, 10])]
    return letters + "".join(draw.choice(few) for _ in range(draw.choice([0, 3, 5, 6, 6, 30])))


@pytest.mark.slow
@by_thirds(1)
def test_all_numbers_near_one_are_found_and_no_other():
    draw = random.Random(3)
    compared = near = 0
    for _ in range(12):
        texts = [slipped(draw, drawn_number(draw)) for _ in range(100)]
        texts += [slipped(draw, x) for x in texts[:60]] + ["ǁ" * 9, "Æ1", "٣4٣Ж", "Ж٣4٣"]
        marks = list(dict.fromkeys(x for x in map(read_number, texts) if x.text))
        codes = np.array([draw.randrange(len(marks)) for _ in range(250)], np.int32)
        numbers, rows = Numbers.build([x.text for x in marks], codes)
        held = [marks[codes[row]] for row in rows]
        assert [numbers.text(place) for place in range(1, len(held) + 1)] == [x.text for x in held]
        for _ in range(20):
            asked = read_number(slipped(draw, draw.choice(marks).text))
            if not asked.text:
                continue
            places, ties = numbers.look(asked)
            found = dict(zip(places.tolist(), ties.tolist(), strict=True))
            assert list(found) == sorted(found)
            for place, mark in enumerate(held, 1):
                tie = tie_marks(asked, mark)
                assert found.get(place, MarkTie.DIFFERS) == tie
                compared += 1
                near += tie != MarkTie.DIFFERS
    assert compared > 40_000
    assert near > 200


def assert_tied_as_the_plain_rule_does(held, asked):
    marks = list(dict.fromkeys(held))
    codes = np.array([marks.index(x) for x in held], np.int32)
    numbers, rows = Numbers.build([x.text for x in marks], codes)
    for mark in asked:
        places, ties = numbers.look(mark)
        found = dict(zip(places.tolist(), ties.tolist(), strict=True))
        assert list(found) == sorted(found)
        plain = [tie_marks(mark, held[row]) for row in rows]
        assert [found.get(x, MarkTie.DIFFERS) for x in range(1, len(held) + 1)] == plain


@pytest.mark.slow
def test_numbers_near_one_are_found_among_many_of_few_letters():
    draw = random.Random(5)
    endings = ["", "0110", "01100110", "0110011001100110"]
    for longest, letters in ((5, "01"), (9, "01А"), (14, "01АВ"), (24, "0А")):
        texts = [
            "".join(draw.choice(letters) for _ in range(draw.randrange(1, longest + 3)))
            + draw.choice(endings)
            for _ in range(500)
        ]
        asked = [read_number(slipped(draw, draw.choice(texts))) for _ in range(30)]
        held = [read_number(draw.choice(texts)) for _ in range(1000)]
        assert_tied_as_the_plain_rule_does(held, [x for x in asked if x.text])


LONGEST = "АБВГДЖИК0123456789012345"


@pytest.mark.parametrize(
    ("held", "asked"),
    [
        ([], ["аб123456", "1", "абвгд"]),
        (["аб123456"], ["аб123456", "1", "вг123456"]),
        (["12"] * 3, ["12", "21", "1", "12345"]),
        (["абвгд", "абвдг", "бавгд", "абв"], ["абвгд", "абвг", "бавдг", "абв"]),
        (["аб123456", "ба123456", "аб123465", "ба123465"], ["аб123456", "ба123465"]),
        (["аб123456"] * 100 + ["аб12345"] * 100 + ["123456"], ["аб123456", "б12345", "аб1234567"]),
        (["1234", "12345", "123456"], ["1234", "12345", "123", "12354", "0123456"]),
        (
            [LONGEST, LONGEST[1:], LONGEST[:-1], f"1{LONGEST}"],
            [LONGEST, LONGEST[2:], f"{LONGEST}67", f"12{LONGEST}", f"123{LONGEST}", "1" * 80],
        ),
    ],
)
def test_numbers_at_the_edges_are_tied_as_the_plain_rule_does(held, asked):
    assert_tied_as_the_plain_rule_does(list(map(read_number, held)), map(read_number, asked))


def drawn_unit(draw):
    number = draw.randrange(10, 10 ** draw.choice([2, 3, 5]))
    return draw.choice(
        ["в/ч {}", "в/ч {}А", "{}-я отбр", "{} мсп", "{} бригада", "рота связи"]
    ).format(number)


@pytest.mark.slow
def test_all_units_near_one_are_found_and_no_other():
    draw = random.Random(4)
    near = 0
    for _ in range(30):
        texts = [drawn_unit(draw) for _ in range(100)]
        texts += [slipped(draw, x) for x in texts[:60]]
        held = list(dict.fromkeys(x for x in map(read_unit, texts) if x.text))
        units = Units(held)
        assert [units.mark(place) for place in range(1, len(held) + 1)] == held
        for _ in range(20):
            asked = read_unit(slipped(draw, draw.choice(texts)))
            if not asked.text:
                continue
            places, ties = units.look(asked)
            found = dict(zip(places.tolist(), ties.tolist(), strict=True))
            assert list(found) == sorted(found)
            plain = [tie_marks(asked, x) for x in held]
            assert [found.get(x, MarkTie.DIFFERS) for x in range(1, len(held) + 1)] == plain
            near += sum(x in (MarkTie.ONE_SLIP, MarkTie.TWO_SLIPS) for x in plain)
    assert near > 500


@pytest.mark.parametrize("length", [1, 2, 5, 61, 62, 63, 79])
def test_units_of_any_length_are_tied_as_the_plain_rule_does(length):
    text = ("отряд имени героев обороны " * 4).replace(" ", "")[:length]
    held = [text, text[1:], text[:-2], f"{text}x", text[1::-1] + text[2:], f"3{text}"]
    marks = list(dict.fromkeys(Mark(x, "", "name") for x in held if x))
    for asked in [*marks, Mark(f"ǁ{text[1:]}", "", "name"), Mark(f"ǁ{text}ǂ", "", "name")]:
        places, ties = Units(marks).look(asked)
        found = dict(zip(places.tolist(), ties.tolist(), strict=True))
        plain = [tie_marks(asked, x) for x in marks]
        assert [found.get(x, MarkTie.DIFFERS) for x in range(1, len(marks) + 1)] == plain


def test_a_part_without_units_has_none_near():
    places, ties = Units([]).look(read_unit("в/ч 12345"))

    assert not len(places)
    assert not len(ties)


def test_sums_are_rounded_once():
    numbers = np.random.default_rng(1).normal(0, 1, (5000, 13))
    numbers *= 10.0 ** np.random.default_rng(2).integers(-6, 3, numbers.shape)

    assert exact_sums(numbers).tolist() == [fsum(x) for x in numbers.tolist()]


@given(
    st.lists(
        st.one_of(
            st.text(max_size=12), st.sampled_from(["АЕ-48О674", "ё1l", "1зб", "", "нет", "н/д"])
        )
    )
)
def test_numbers_read_together_are_what_each_is(texts):
    assert read_numbers(texts) == [read_number(x).text for x in texts]


@pytest.mark.parametrize(
    "ids",
    [
        ["R000000007", "R000000003", "R999999999"],
        ["7", "5"],
        ["A-1", "B-1"],
        ["R1", "R22"],
        ["7b0c5d0e-5a8e-4c0c-8f6e-000000000001", "7b0c5d0e-5a8e-4c0c-8f6e-0000000000ff"],
        ["имя", "", "x" * 300],
        [],
    ],
)
def test_ids_come_back_as_they_went_in(ids):
    data = [x.encode() for x in ids]
    starts = np.cumsum([0, *map(len, data)]).astype(np.int64)
    texts = Texts(np.frombuffer(b"".join(data), np.uint8), starts)

    for held in (Ids.build(ids), Ids.of_texts(texts)):
        assert held.texts(np.arange(len(ids))) == ids
        assert [held.find(x) for x in ids] == list(range(len(ids)))
        assert held.find("R000000008") == -1
