import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.text import clean, clean_line, clean_text, has_mixed_scripts, mend_look_alikes


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Іван \t Петренко\n", "Іван Петренко"),
        ("Іва\u0438\u0306", "Івай"),
        ("Ів\x00ан\x07", "Іван"),
        ("\u202eнавІ\u202c \u200fа\u2066б\u2069", "навІ аб"),
        ("a\u00a0b", "a b"),
        ("\ud800a", "a"),
    ],
)
def test_a_line_holds_nothing_that_cannot_be_seen(typed, kept):
    assert clean(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(typed):
    once = clean(typed)

    assert clean(once) == once == unicodedata.normalize("NFC", once)
    assert not set(once) & set("\x00\n\r\t\u202e\u2066\u200e")


def test_a_text_keeps_its_lines_and_a_line_its_bound():
    assert clean_text("a \r\n\r\n b\x00 ") == "a\n\nb"
    assert len(clean_line("a" * 5_000)) == 1_000


def test_latin_letters_in_a_cyrillic_word_are_mended():
    assert mend_look_alikes("Пeтpeнкo Ivan") == "Петренко Ivan"  # e, p, e, o were Latin
    assert has_mixed_scripts("Пeтренко")
    assert not has_mixed_scripts("Петренко Ivan")


def test_a_word_that_cannot_be_mended_stays_as_it_was():
    assert mend_look_alikes("Петzенко") == "Петzенко"
