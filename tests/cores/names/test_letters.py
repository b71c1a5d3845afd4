import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.letters import (
    from_cyrillic_keys,
    from_latin_keys,
    one_script,
    readings,
    typed_on_cyrillic_keys,
    typed_on_latin_keys,
)
from wayhome.cores.names.spelling import LETTERS


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
        ("Щукин", "Wukin"),
        ("Чернов", "4ernov"),
        ("Алиев", "Əliyev"),
        ("Шахин", "Şahin"),
        ("Хожаев", "Xo‘jayev"),
        ("Кодиров", "Qodirov"),
        ("Джемалов", "Cemalov"),
        ("Бекхан", "Bekhan"),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("КӀазбек", "Казбек"),
        ("КIазбек", "Казбек"),
        ("К1азбек", "Казбек"),
        ("ХӀажи", "Хажи"),
        ("Хьажи", "Хажи"),
        ("Къурбан", "Курбан"),
        ("Гъазиев", "Газиев"),
        ("Әлия", "Алия"),
        ("Рөстәм", "Рустем"),
        ("Һәдиев", "Хадиев"),
        ("Ӕхсар", "Ахсар"),
        ("Ӕхсар", "Охсар"),
        ("Мядзведзеў", "Медведев"),
        ("Аляксандраў", "Александров"),
        ("Пятроў", "Петров"),
        ("Сцепанаў", "Степанов"),
        ("Цімафееў", "Тимафеев"),
        ("Зайцаў", "Зайцев"),
        ("Няфёдаў", "Нефёдов"),
        ("Мацвееў", "Матвеев"),
        ("Цвяткоў", "Цветков"),
        ("Баҡыев", "Бакыев"),
        ("Ҡасимов", "Касимов"),
        ("Ооржаҥ", "Ооржан"),
        ("Ўктамов", "Уктамов"),
        ("Қодиров", "Кодиров"),
        ("Петр0в", "Петров"),
        ("Поп0ва", "Попова"),
    ],
)
def test_the_alphabets_of_the_region_sound_as_russian_writes_them(one, other):
    assert set(readings(one)) & set(readings(other))


@pytest.mark.parametrize(
    ("other", "latin"),
    [
        ("ბერიძე", "Beridze"),
        ("Սարգսյան", "Sargsyan"),
        ("Παπαδόπουλος", "Papadopoylos"),
        ("محمد", "mhmd"),
        ("כהן", "khn"),
    ],
)
def test_other_scripts_are_read_as_latin(other, latin):
    assert set(readings(other)) & set(readings(latin))


def test_latin_letters_that_look_cyrillic_become_cyrillic():
    assert one_script("hayмовa") == "наумова"


def test_cyrillic_letters_that_look_latin_become_latin():
    assert one_script("pеtrоv") == "petrov"


@pytest.mark.parametrize(("typed", "meant"), [("Шмфтщм", "ivanov"), ("Зуекщм", "petrov")])
def test_a_keyboard_left_on_cyrillic_is_noticed(typed, meant):
    assert typed_on_cyrillic_keys(typed)
    assert from_cyrillic_keys(typed) == meant


@pytest.mark.parametrize("name", ["Иванов", "Щукин", "Фещенко", "Цыганков", "Юрий", "Гулиев"])
def test_a_cyrillic_name_is_not_taken_for_a_wrong_keyboard(name):
    assert not typed_on_cyrillic_keys(name)


def test_a_keyboard_left_on_latin_is_noticed():
    assert typed_on_latin_keys("<eqybxtd")
    assert from_latin_keys("<eqybxtd") == "буйничев"


@pytest.mark.parametrize("name", ["Petrov", "Shchukin", "Tarshkhoiev", "Krzysztof", "Schmidt"])
def test_a_latin_name_is_not_taken_for_a_wrong_keyboard(name):
    assert not typed_on_latin_keys(name)


@given(st.text(max_size=40))
def test_any_text_has_readings(text):
    assert all(readings(text))


@pytest.mark.slow
@given(st.text(st.characters(categories=["Lu", "Ll", "Lo", "Lm"]), max_size=12))
def test_every_reading_is_of_the_alphabet_of_sounds(text):
    assert set().union(*readings(text)) <= set(LETTERS) | set("0123456789")
