"""Codes of sheets: read back however they are typed, and telling nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib import sheet_codes
from wayhome.lib.sheet_codes import OnSheet, in_groups, new_sheet_code, read_picture, read_typed

LOOK_ALIKE = str.maketrans("ABEHKMPCTX013", "АВЕНКМРСТХOlЗ")


@given(st.randoms())
def test_a_code_is_read_back_as_people_type_it(chance):
    code = new_sheet_code()
    typed = "".join(
        letter.translate(LOOK_ALIKE) if chance.random() < 0.4 else letter
        for letter in in_groups(code)
    )
    typed = "".join(chance.choice((letter, letter.lower(), letter + " ")) for letter in typed)

    assert read_typed(typed) == code


@given(st.integers(0, sheet_codes.CODE_SIGNS - 1), st.sampled_from(sheet_codes.SIGNS))
def test_one_wrong_sign_is_noticed_nearly_always(at, sign):
    noticed = 0
    for _ in range(20):
        code = new_sheet_code()
        wrong = code[:at] + sign + code[at + 1 :]
        noticed += wrong == code or read_typed(wrong) is None
    assert noticed >= 18


@given(st.text(max_size=30))
def test_other_texts_are_no_code_and_crash_nothing(text):
    assert read_typed(text) is None or len(read_typed(text)) == sheet_codes.CODE_SIGNS
    assert read_picture(text) is None


@pytest.mark.parametrize("side", [1, 2, 9])
def test_what_a_picture_carries_is_read_back(side):
    code = new_sheet_code()
    assert read_picture(sheet_codes.for_picture(code, side)) == OnSheet(code, side)


@pytest.mark.parametrize("text", ["W1:0000:1", "https://example.org/", "W1:000000000000:1", ""])
def test_codes_of_others_are_not_ours(text):
    assert read_picture(text) is None


def test_codes_do_not_repeat():
    assert len({new_sheet_code() for _ in range(2000)}) == 2000
