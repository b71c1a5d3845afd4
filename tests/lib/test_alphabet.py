import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.alphabet import sort_key

# Every person here is invented.
IN_ORDER = {
    "uk": [
        "Агапова Ніна", "Вовк Іван", "Вовкун Антон", "Галич Олег", "Гущак Яна", "Ґалаґан Петро",
        "Ґудзь Марта", "Дяк Лев", "Ельчук Ада", "Європін Ян", "Жук Уляна", "Зуб Гліб",
        "Ивченко Рем", "Іванчук Ада", "Їжакевич Лука", "Йосипчук Кира", "Щука Лія", "Юрчук Іва",
        "Яр Ольга", "Adams Rose", "Young Ann", "გიორგი",
    ],
    "ru": [
        "Белкин Олег", "Гусев Ян", "Ежов Пётр", "Ёжов Яков", "Ежова Анна", "Зимин Лев",
        "Иванов Антон", "Иванов Яков", "Ивановский Антон", "Йогов Ким", "Клин Ада", "Щукин Лев",
        "Ынтымаков Азат", "Эльев Роман", "Юдин Марк", "Яшин Глеб", "Adams Rose", "Young Ann",
    ],
    "en": ["Adams Rose", "de Vries Jan", "Demir Ela", "O’Hara Kay", "Ohm Ida", "Zoë Ann", "Вовк"],
}  # fmt: skip
languages = st.sampled_from(["uk", "ru", "en"])


@pytest.mark.parametrize("language", IN_ORDER)
def test_names_stand_in_the_order_of_the_alphabet(language):
    names = IN_ORDER[language].copy()
    random.Random(7).shuffle(names)

    assert sorted(names, key=lambda name: sort_key(name, language)) == IN_ORDER[language]


@pytest.mark.parametrize(
    ("language", "letters"),
    [
        ("uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
        ("ru", "абвгдежзийклмнопрстуфхцчшщъыьэюя"),
        ("en", "abcdefghijklmnopqrstuvwxyz"),
    ],
)
def test_the_letters_stand_as_they_are_taught(language, letters):
    assert "".join(sorted(letters, key=lambda letter: sort_key(letter, language))) == letters
    capitals = letters.upper()
    assert "".join(sorted(capitals, key=lambda letter: sort_key(letter, language))) == capitals


@pytest.mark.parametrize(
    ("language", "first", "then"),
    [
        ("ru", "Семен", "Семён"),  # е before ё, only if all else is equal
        ("ru", "Семён А", "Семен Б"),
        ("uk", "Марʼян", "Марʼяна"),
        ("uk", "Дем'ян", "Демʼянюк"),  # whichever apostrophe was typed
        ("uk", "Нечуй Лія", "Нечуй-Левицький"),
        ("uk", "коваль", "Коваль"),  # case decides last
        ("uk", "Коваль А", "коваль Б"),
        ("en", "Resume", "Résumé"),
        ("en", "Résumé A", "Resume B"),
    ],
)
def test_small_differences_decide_only_when_the_letters_are_equal(language, first, then):
    assert sort_key(first, language) < sort_key(then, language)


@given(st.text(), st.text(), languages)
def test_the_order_in_python_is_the_order_of_the_bytes_in_the_database(one, other, language):
    keys = [sort_key(text, language) for text in (one, other)]

    in_bytes = [key.encode("utf-8", "surrogatepass") for key in keys]
    assert (keys[0] < keys[1]) == (in_bytes[0] < in_bytes[1])


@given(st.text(st.characters(exclude_categories=["Cs"])), languages)
def test_a_key_can_be_stored_whatever_the_name(text, language):
    assert "\0" not in sort_key(text, language)


def test_spaces_around_a_name_do_not_matter():
    assert sort_key("  Вовк   Іван ", "uk") == sort_key("Вовк Іван", "uk")


def test_a_language_without_an_alphabet_here_is_a_mistake():
    with pytest.raises(KeyError):
        sort_key("Ann", "de")
