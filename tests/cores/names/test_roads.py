"""Transliterating a name by any listed rule keeps it findable."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names.roads import ROADS, road_between
from wayhome.cores.names.rules import ROAD_WORDS, RULES
from wayhome.cores.names.spelling import Tie, spelling, tie

from .roads import OF_RUSSIAN, ukrainian

_FIRST = """
    щук буйнич жамбал харит цыб ёлк юрч зелен гайтук магомед хабибулл шмел чебыш яковл эрен
    оюн дашиниматов подъяч григорьян ильинск бекбулат жигжит мусаев кайрат ержан сухомл щербак
    чжан дзюб хачатур вяземск разин ясен фёдор улья июльск соловьён хасан гусейн тхаг джамбул
    жуковск цветк озер исаев сизов лосев
"""
_BEGINNINGS = _FIRST.split()
_ENDINGS = ("ев", "ов", "ин", "енко", "ский", "ян", "ук", "ий", "ко", "ых", "оглу", "дзе", "ашвили")
# «Джамбулий» is no surname: in Latin letters it is Джамбул улы, the son of Джамбул.
ALL_NAMES = [x + y for x in _BEGINNINGS for y in _ENDINGS if not (x + y).endswith("улий")]
NAMES = st.sampled_from(ALL_NAMES)
_FIRST_UKRAINIAN = """
    щербак ґалаґан їжак єрмол бойк нечу згурськ мельник хмельниц чорновол кучер юхим яровиц жук
    цимбал шевч гнатюк
"""
_UKRAINIAN = _FIRST_UKRAINIAN.split()
UKRAINIAN_NAMES = st.builds(
    "{}{}".format,
    st.sampled_from(_UKRAINIAN),
    st.sampled_from(("енко", "ський", "ів", "ій", "ишин", "ук")),
)


def ties(name: str, road: str) -> Tie:
    return tie(spelling(name), spelling(OF_RUSSIAN[road](name)))


@pytest.mark.slow
@pytest.mark.parametrize("road", OF_RUSSIAN)
@given(name=NAMES)
@settings(max_examples=60, deadline=None)
def test_a_russian_name_is_found_by_every_road(road, name):
    assert ties(name, road) <= Tie.TYPO1


@pytest.mark.slow
@given(UKRAINIAN_NAMES)
@settings(max_examples=60, deadline=None)
def test_a_ukrainian_name_is_found_by_its_passport(name):
    assert tie(spelling(name), spelling(ukrainian(name))) <= Tie.LIKELY


@pytest.mark.slow
@pytest.mark.parametrize("road", OF_RUSSIAN)
def test_nearly_all_names_are_read_right_by_every_road(road):
    wrong = [name for name in ALL_NAMES if ties(name, road) > Tie.LIKELY]

    assert len(wrong) <= len(ALL_NAMES) * 0.03, wrong


@pytest.mark.parametrize(
    ("cyrillic", "latin", "road"),
    [
        ("Щукин", "Shchukin", "icao"),
        ("Буйничев", "Buinichev", "icao"),
        ("Буйничев", "Bujnitschew", "german"),
        ("Буйничев", "Bujniczew", "polish"),
        ("Щукин", "Chtchoukine", "soviet"),
        ("Гайтукаев", "Gaïtoukaev", "french"),
        ("Юхимчук", "Yukhymchuk", "kmu"),
        ("Вяземский", "Vyazemsky", "english"),
        ("Щукин", "Ŝukin", "iso"),
        ("Щукин", "Şçukin", "turkish"),
        ("Цой", "Tcoi", "gost_2010"),
        ("Дудаев", "Dudayev", "bgn"),
        ("Щукин", "Wukin", "chat"),
        ("Иванов", "Ivanov", ""),  # by nearly all of them
        ("Иванов", "Petrov", ""),
        ("Иванов", "Иванов", ""),
    ],
)
def test_the_rule_of_a_spelling_is_named_from_either_side(cyrillic, latin, road):
    assert road_between(cyrillic, latin) == road_between(latin, cyrillic) == road


def test_every_road_has_words_in_the_evidence():
    assert set(ROAD_WORDS) == set(ROADS) - {"german_j"}
    assert all(f"surname.translit.{x}" in RULES for x in ROAD_WORDS)


@pytest.mark.slow
@given(st.text(max_size=20), st.text(max_size=20))
def test_any_two_texts_have_a_listed_road_or_none(one, other):
    assert road_between(one, other) in {"", *ROAD_WORDS}
