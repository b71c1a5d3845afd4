from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.persons import LEFT_OUT_BITS, MOST_LEFT_OUT, Description, read

FIELDS = ("surname", "given", "patronymic")


def shared_out(**fields):
    """The words of the likeliest way to share out a name."""
    names = read(Description(id="E1", **fields)).names
    best = max(names, key=lambda x: x.bits)
    return tuple(getattr(best, x).also or getattr(best, x).literal for x in FIELDS)


@pytest.mark.parametrize(
    ("line", "shared"),
    [
        ("Петров Иван Сергеевич", ("петров", "иван", "сергеевич")),
        ("Иван Сергеевич Петров", ("петров", "иван", "сергеевич")),
        ("Петров И.С.", ("петров", "и", "с")),
        ("И.С. Петров", ("петров", "и", "с")),
        ("И. С. Петров", ("петров", "и", "с")),
        ("Petrov I.", ("petrov", "i", "")),
        ("Мамедов Вагиф Али оглы", ("мамедов", "вагиф", "али оглы")),
        ("Вагиф Али оглы Мамедов", ("мамедов", "вагиф", "али оглы")),
        ("Вагиф Алиевич Мамедов", ("мамедов", "вагиф", "алиевич")),
        ("Алексей Вячеславович Харкович", ("харкович", "алексей", "вячеславович")),
        ("Andrej Sergejewitsch Podtschinenow", ("podtschinenow", "andrej", "sergejewitsch")),
        ("Иван Петрович", ("", "иван", "петрович")),
        ("Павел Станкевич", ("станкевич", "павел", "")),
        ("Jewgieny Pankiewicz", ("pankiewicz", "jewgieny", "")),
        ("фон Берг Карл Иванович", ("фон берг", "карл", "иванович")),
        ("Тер Петросян Левон", ("тер петросян", "левон", "")),
        ("Иванов Иван Иванович, позывной Бугай", ("иванов", "иван", "иванович")),
        ("Иванов «Седой» Иван", ("иванов", "иван", "")),
        ("<eqybxtd Rjycnfynby Jktujdbx", ("буйничев", "константин", "олегович")),
        ("Зуекщм Шмфт", ("petrov", "ivan", "")),
    ],
)
def test_the_words_of_one_line_are_shared_out(line, shared):
    assert shared_out(full_name=line) == shared


@pytest.mark.parametrize(
    ("fields", "shared"),
    [
        ({"surname": "Мамедов", "given": "Вагиф Али оглы"}, ("мамедов", "вагиф", "али оглы")),
        ({"surname": "Петров", "given": "Иван Сергеевич"}, ("петров", "иван", "сергеевич")),
        ({"surname": "Петров", "given": "И.С."}, ("петров", "и", "с")),
        ({"surname": "Петров (Седой)", "given": "Иван"}, ("петров", "иван", "")),
        ({"surname": "«Седой»"}, ("«седой»", "", "")),
        ({"surname": "<eqybxtd", "given": "Константин"}, ("буйничев", "константин", "")),
        ({"surname": "Абу Бакаров", "given": "Иса"}, ("абу бакаров", "иса", "")),
        (
            {"surname": "Петров", "given": "Сергеевич", "patronymic": "Иван"},
            ("петров", "иван", "сергеевич"),
        ),
        ({"surname": "Петров", "given": "Сергеевич"}, ("петров", "сергеевич", "")),
    ],
)
def test_fields_that_hold_more_than_their_word_are_read(fields, shared):
    assert shared_out(**fields) == shared


@pytest.mark.parametrize(
    ("fields", "patronymic"),
    [
        ({"father_name": "Николай"}, "николаевич"),
        ({"father_name": "Mykola"}, "николаевич"),
        ({"father_name": "Микола"}, "миколайович"),
        ({"father_name": "Илья"}, "ильич"),
        ({"father_name": "Коля"}, "николаевич"),
        ({"father_name": "Алик"}, ""),  # of two names
        ({"father_name": "Хасмагомед"}, "хасмагомедович"),
        ({"father_name": "Петров Николай Иванович"}, "николаевич"),
        ({"father_name": "Николаевич"}, "николаевич"),
        ({"father_name": "Мария"}, ""),
        ({"father_name": "не знаю"}, ""),
        ({"father_name": "Николай", "patronymic": "Иванович"}, "иванович"),
        ({"father_name": "Николай", "given": "Пётр Иванович"}, "иванович"),
        ({"patronymic": "Николай"}, "николаевич"),
        ({"patronymic": "Магомед"}, "магомедович"),
        ({"patronymic": "Вагиф оглы"}, "вагиф оглы"),
        ({"patronymic": "Хасмагомед"}, "хасмагомед"),
        ({"patronymic": "Мария"}, "мария"),
        ({"patronymic": "Н."}, "н."),
    ],
)
def test_a_fathers_name_and_a_patronymic_are_one_fact(fields, patronymic):
    assert shared_out(**{"surname": "Петров", "given": "Пётр"} | fields)[2] == patronymic


@pytest.mark.parametrize(
    ("line", "patronymic"),
    [("Петров Пётр Иванович", "иванович"), ("Петров Пётр", "николаевич"), ("Пётр", "николаевич")],
)
def test_a_fathers_name_stands_beside_a_line(line, patronymic):
    assert shared_out(full_name=line, father_name="Николай")[2] == patronymic


def test_three_words_are_read_in_every_order_that_is_likely():
    names = read(Description(id="E1", full_name="Siemien Wiktorowicz Gidriewicz")).names

    assert [x.surname.literal for x in names] == ["gidriewicz", "wiktorowicz", "siemien"]
    assert sum(2.0**x.bits for x in names) == pytest.approx(1.0, abs=0.05)


def read_so(line):
    return {
        tuple(getattr(x, y).literal for y in FIELDS): x.bits
        for x in read(Description(id="E1", full_name=line)).names
    }


def test_a_word_that_is_in_no_name_may_be_left_out():
    found = read_so("Неведомск Буйничев Костя")

    assert found["буйничев", "костя", ""] == LEFT_OUT_BITS
    assert found["неведомск", "костя", ""] == LEFT_OUT_BITS
    assert read_so("Буйничева Анна Петровна Гайдамака")["гайдамака", "анна", "петровна"] < 0


@pytest.mark.parametrize("line", ["Буйничев Костя", "Буйничев Костя Олегович", "Буйничев К. О."])
def test_no_word_of_a_whole_name_is_left_out(line):
    assert min(read_so(line).values()) > LEFT_OUT_BITS


@given(st.lists(st.sampled_from(["Буйничев", "Харкович", "Костя", "Олегович", "Неведомск", "И."])))
def test_a_line_is_read_in_few_ways(words):
    assert 1 <= len(read_so(" ".join(words))) <= 3 + MOST_LEFT_OUT


@pytest.mark.parametrize(
    "nothing",
    ["нет", "Неизвестно", "неизв.", "не установлено", "н/д", "-", "—", "???", "UNKNOWN", "n/a",
     "невідомо", "немає", "unbekannt"],
)  # fmt: skip
def test_a_word_for_what_is_not_known_says_nothing(nothing):
    empty = ("patronymic", "born", "birthplace", "unit", "rank", "service_no", "mother_name")
    card = Description(id="C1", surname="Буйничев", given="Костя")

    assert read(replace(card, **dict.fromkeys(empty, nothing))) == read(card)
    assert shared_out(surname=nothing, given="Костя") == ("", "костя", "")


@pytest.mark.parametrize("surname", ["Неизвестный", "Безымянный", "Нетребко"])
def test_a_surname_is_none_of_these_words(surname):
    assert shared_out(surname=surname, given="Эрнст") == (surname.casefold(), "эрнст", "")
