import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.letters import from_latin_keys, one_script, readings, typed_on_latin_keys


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("Буйничев", "Buinichev"),
        ("Буйничев", "Bujnitschew"),
        ("Буйничев", "Bujniczew"),
        ("Буйничев", "Bouïnitchev"),
        ("Буйничев", "Bujnichev"),
        ("Щукин", "Shchukin"),
        ("Щукин", "Schtschukin"),
        ("Щукин", "Szczukin"),
        ("Харитонов", "Kharitonov"),
        ("Харитонов", "Charitonow"),
        ("Жамбалов", "Schambalow"),
        ("Зеленьков", "Selenkow"),
        ("Гайтукаев", "Gaïtoukaev"),
        ("Гузов", "Huzov"),
        ("Жасуланов", "Żasułanow"),
        ("Недвецький", "Nedvetsky"),
        ("Доманский", "Domanskii"),
        ("Миколайович", "Mykolaiovych"),
        ("Яковлев", "Iakovlev"),
        ("Смирнов", "Smirnoff"),
        ("Ёлкин", "Yolkin"),
    ],
)
def test_every_road_to_latin_leads_back_to_the_same_sounds(cyrillic, latin):
    assert set(readings(cyrillic)) & set(readings(latin))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Зарінск", "Заринск"), ("Королёв", "Королев"), ("Ґалаґан", "Галаган"), ("Ясний", "Ясный")],
)
def test_cyrillic_letters_that_sound_alike_are_one(one, other):
    assert readings(one) == readings(other)


def test_latin_letters_that_look_cyrillic_become_cyrillic():
    assert one_script("hayмовa") == "наумова"


def test_a_keyboard_left_on_latin_is_noticed():
    assert typed_on_latin_keys("<eqybxtd")
    assert from_latin_keys("<eqybxtd") == "буйничев"


@pytest.mark.parametrize("name", ["Petrov", "Shchukin", "Tarshkhoiev", "Krzysztof", "Schmidt"])
def test_a_latin_name_is_not_taken_for_a_wrong_keyboard(name):
    assert not typed_on_latin_keys(name)


@given(st.text(max_size=40))
def test_any_text_has_readings(text):
    assert all(isinstance(x, str) and x for x in readings(text))
