import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.letters import readings
from wayhome.cores.names.likely import MOST_READINGS, SOUNDS, likely, place_of, table
from wayhome.cores.names.spelling import Tie, confused, spelling, tie


@pytest.mark.parametrize(
    ("latin", "russian"),
    [
        ("Waters", "Уотерс"),
        ("Junlong", "Цзюньлун"),
        ("Genäuß", "Генойс"),
        ("Vigoreaux", "Вигоро"),
        ("Shaw", "Шоу"),
        ("Bujnitschew", "Буйничев"),
    ],
)
def test_a_name_of_any_country_may_sound_as_russian_writes_it(latin, russian):
    assert set(readings(russian)) & {*likely(latin), *readings(latin)}
    assert tie(spelling(latin), spelling(russian)) <= Tie.LIKELY


def test_other_scripts_have_no_likely_sounds():
    assert likely("Шоу") == ()
    assert likely("") == ()


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_text_has_a_few_likely_sounds_or_none(text):
    found = likely(text)

    assert len(found) == len(set(found)) <= MOST_READINGS
    assert set().union(*found) <= set(SOUNDS)


def test_every_neighbourhood_is_found_where_it_was_put():
    keys = table().keys

    for place in np.flatnonzero(keys)[::97]:
        assert place_of(keys, keys[place]) == place


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("ivanov", "ivonov", True),
        ("petrov", "betrov", True),
        ("Sukin", "tukin", True),
        ("ahmed", "amed", True),
        ("ahmed", "ahmedi", True),
        ("ivanov", "izanov", False),
        ("ivanov", "ivanov", False),
        ("ivanov", "viavon", False),
        ("petrov", "petorv", False),
        ("ivanov", "avonov", False),
        ("", "h", True),
        ("", "t", False),
    ],
)
def test_a_sound_taken_for_another_is_told_from_any_slip(one, other, alike):
    assert confused(one, other) is confused(other, one) is alike
