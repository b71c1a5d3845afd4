import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.place_names import names_one

PLACE = "Верхнеозёрск"


@pytest.mark.parametrize(
    "text",
    [
        "лежит в Верхнеозёрске",
        "верхнеозерск",
        "ВЕРХНЕОЗЕРСКИЙ госпиталь",
        "Верхньоозерськ",
        "near Verkhneozersk.",
        "Verhneozyorsk",
        "(Verkhneozyorskaya str. 5)",
    ],
)
def test_a_place_is_known_in_any_spelling(text):
    assert names_one(text, [PLACE])


@pytest.mark.parametrize("text", ["", "ранен в руку, заживает", "Верховина", "озеро", "12 / 5"])
def test_what_names_no_such_place_does_not(text):
    assert not names_one(text, [PLACE])


@pytest.mark.parametrize(
    ("place", "text", "named"),
    [
        ("Орёл", "в Орле", False),  # too short to know through an ending: the person who reads does
        ("Орёл", "город Орел", True),
        ("Киев", "из Киева", True),
        ("№ 5", "палата 5", False),
        ("Яр", "ярко", False),
        ("Лікарня № 3, Зоряний", "у Зоряному", True),
    ],
)
def test_short_names_are_compared_by_their_letters(place, text, named):
    assert names_one(text, [place]) is named


@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_gets_an_answer(text, places):
    assert names_one(text, places) in (True, False)


@given(st.text(max_size=30), st.text(max_size=30))
def test_around_it_may_stand_anything(before, after):
    assert names_one(f"{before} {PLACE} {after}", [PLACE])
