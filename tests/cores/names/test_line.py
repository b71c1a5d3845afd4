import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names.dates import read_born
from wayhome.cores.names.line import read_line
from wayhome.cores.names.persons import read

FIELDS = (
    "full_name", "born", "birthplace", "unit", "rank", "service_no", "mother_name", "father_name"
)  # fmt: skip


def told(text, **more):
    description = read_line(text, **more).description
    return {x: getattr(description, x) for x in FIELDS if getattr(description, x)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Буйничев Костя 14.01.1999 Самара в/ч 12345",
            {"full_name": "Буйничев Костя", "born": "1999-01-14", "birthplace": "Самара",
             "unit": "в/ч 12345"},
        ),
        (
            "Самара Буйничев Константин Олегович 1999 г.р. рядовой АЕ-480674",
            {"full_name": "Буйничев Константин Олегович", "born": "1999", "birthplace": "Самара",
             "rank": "рядовой", "service_no": "АЕ-480674"},
        ),
        (
            "Konstantin Bujnitschew born 14 January 1999 in Vologda",
            {"full_name": "Konstantin Bujnitschew", "born": "1999-01-14", "birthplace": "Vologda"},
        ),
        (
            "Буйничев К.О., 14 січня 1999, 75-я отбр",
            {"full_name": "Буйничев К.О.", "born": "1999-01-14", "unit": "75-я отбр"},
        ),
        (
            "Иванов Иван из г. Нижний Новгород ~1985 ст. с-т 148 мсп ТерО",
            {"full_name": "Иванов Иван", "born": "1985~", "birthplace": "Нижний Новгород",
             "rank": "ст. с-т", "unit": "148 мсп ТерО"},
        ),
        (
            "мать Буйничева Елена Петровна, сын Буйничев Костя 1999",
            {"full_name": "Буйничев Костя", "born": "1999",
             "mother_name": "Буйничева Елена Петровна"},
        ),
        ("<eqybxtd Rjcnz 14/01/1999", {"full_name": "буйничев костя", "born": "1999-01-14"}),
        ("1999-01 Буйничев", {"full_name": "Буйничев", "born": "1999-01"}),
        ("Гаджиев Магомед 12.05.93", {"full_name": "Гаджиев Магомед", "born": "1993-05-12"}),
        ("Петров 2nd motor brigade", {"full_name": "Петров", "unit": "2nd motor brigade"}),
        ("Иванов Сергей 1990", {"full_name": "Иванов Сергей", "born": "1990"}),
        ("Nowak Jan 1990", {"full_name": "Nowak Jan", "born": "1990"}),
        ("Иванов Сергей серпень 1990", {"full_name": "Иванов Сергей", "born": "1990-08"}),
        ("Петров 5 сер. 1990", {"full_name": "Петров", "born": "1990-08-05"}),
        ("Petrov May 5, 1990", {"full_name": "Petrov", "born": "1990-05-05"}),
        (
            "Гусев Андрей Юрьевич 264 одшбр ст. с-т АП-934138",
            {"full_name": "Гусев Андрей Юрьевич", "unit": "264 одшбр", "rank": "ст. с-т",
             "service_no": "АП-934138"},
        ),
        ("Петров 5 тп подполковник", {"full_name": "Петров", "unit": "5 тп",
                                      "rank": "подполковник"}),
        ("Матигуллін Артем 1990", {"full_name": "Матигуллін Артем", "born": "1990"}),
        ("№ 480674", {"service_no": "480674"}),
        ("Иванов № 14011999", {"full_name": "Иванов", "service_no": "14011999"}),
        ("Иванов Сергей 99 г.р.", {"full_name": "Иванов Сергей", "born": "1999"}),
        ("Иванов Сергей 1999 г/р", {"full_name": "Иванов Сергей", "born": "1999"}),
        ("г.р. 1999 Иванов Сергей", {"full_name": "Иванов Сергей", "born": "1999"}),
        ("Иванов Сергей 14011999", {"full_name": "Иванов Сергей", "born": "1999-01-14"}),
        ("Иванов Сергей 31021999", {"full_name": "Иванов Сергей", "service_no": "31021999"}),
        ("Иванов Сергей 19990431", {"full_name": "Иванов Сергей", "service_no": "19990431"}),
        ("Иванов Сергей 45678912", {"full_name": "Иванов Сергей", "service_no": "45678912"}),
        ("Иванов Сергей 29022000", {"full_name": "Иванов Сергей", "born": "2000-02-29"}),
        ("Иванов Сергей 19990114", {"full_name": "Иванов Сергей", "born": "1999-01-14"}),
        ("Иванов Сергей 14,01,1999", {"full_name": "Иванов Сергей", "born": "1999-01-14"}),
        ("14.01.1999 0:00:00 Иванов Сергей", {"full_name": "Иванов Сергей", "born": "1999-01-14"}),
        ("Иванов Сергей 1999-01-14T00:00:00",
         {"full_name": "Иванов Сергей", "born": "1999-01-14"}),
        ("Иванов Сергей ??.??.1999", {"full_name": "Иванов Сергей", "born": "1999"}),
        ("Иванов Сергей хх.хх.1999", {"full_name": "Иванов Сергей", "born": "1999"}),
        ("Иванов Сергей --.05.1999", {"full_name": "Иванов Сергей", "born": "1999-05"}),
        ("Иванов Сергей «14» мая 1999", {"full_name": "Иванов Сергей", "born": "1999-05-14"}),
        ("Иванов Сергей __ мая 1999", {"full_name": "Иванов Сергей", "born": "1999-05"}),
        ("Иванов Х.Х. 1999", {"full_name": "Иванов Х.Х.", "born": "1999"}),
        ("Иванов В. мая 1999", {"full_name": "Иванов В.", "born": "1999-05"}),
        ("Иванов Сергей 1998 или 1999", {"full_name": "Иванов Сергей", "born": "1998/1999"}),
        ("Jan Kowalski ur. 14 stycznia 1999 r.",
         {"full_name": "Jan Kowalski", "born": "1999-01-14"}),
        ("Ахметов Нұрлан 14 қаңтар 1999", {"full_name": "Ахметов Нұрлан", "born": "1999-01-14"}),
        ("Иванов Сергей военная часть 41600",
         {"full_name": "Иванов Сергей", "unit": "военная часть 41600"}),
        ("Петров В И 1999", {"full_name": "Петров В И", "born": "1999"}),
        ("И. И. Петров", {"full_name": "И. И. Петров"}),
        ("14.01.1999", {"born": "1999-01-14"}),
        ("", {}),
    ],
)  # fmt: skip
def test_facts_are_found_wherever_they_stand(text, expected):
    assert told(text) == expected


@pytest.mark.parametrize(
    "text",
    ["Орлов Владимир", "Киров", "Сержант", "Владимир", "Донецкий Борис", "Иванов Иван Ильич"],
)
def test_what_may_be_a_name_stays_a_name(text):
    assert told(text) == {"full_name": text}


def test_a_town_beside_a_whole_name_is_his_birthplace():
    assert told("Владимир Орлов 1990 Орел")["birthplace"] == "Орел"
    assert told("Гаджиев Магомед Samara")["birthplace"] == "Samara"


def test_the_register_knows_further_places():
    text = "Куулар Айдыс Ачытыевич Шагонар"

    assert "birthplace" not in told(text)
    assert told(text, is_place=lambda x: x == "Шагонар")["birthplace"] == "Шагонар"


def test_a_place_of_the_register_may_be_called_like_a_man():
    def is_place(words):
        return words in ("Салават", "Владимир")

    assert told("Салават Орлов Антон", is_place=is_place)["birthplace"] == "Салават"
    assert "birthplace" not in told("Орлов Владимир Антонович", is_place=is_place)


def test_an_age_needs_to_know_the_year():
    assert told("Петренко Іван 20 років", this_year=2026)["born"] == "2006~"
    assert told("Петренко Іван около 20 лет") == {"full_name": "Петренко Іван"}
    assert told("Петренко Іван 20л", this_year=2026)["born"] == "2006~"


@pytest.mark.parametrize(
    "text",
    [
        "мой сын Буйничев Костя 1999",
        "Я ищу сына, Буйничев Костя, 1999",
        "Помогите найти мужа Буйничев Костя 1999",
        "Прошу знайти: Буйничев Костя 1999",
        "мій син Буйничев Костя 1999 зник безвісти",
        "мати шукає сина Буйничев Костя 1999",
        "I am looking for my son Буйничев Костя 1999",
        "ich suche meinen Sohn Буйничев Костя 1999",
        "je cherche mon fils Буйничев Костя 1999",
        "szukam syna Буйничев Костя 1999",
    ],
)
def test_the_words_of_a_sentence_are_in_no_name(text):
    assert told(text) == {"full_name": "Буйничев Костя", "born": "1999"}


def test_his_mother_asks_without_telling_her_name():
    assert told("мать Буйничева Константина") == {"full_name": "Буйничева Константина"}


@pytest.mark.parametrize(
    ("text", "father"),
    [
        ("Иванов Сергей отец Николай", "Николай"),
        ("Иванов Сергей, father Nikolai", "Nikolai"),
        ("Иванов Сергей, його батько Микола", "Микола"),
        ("Иванов Сергей, имя отца: Хасмагомед", "Хасмагомед"),
        ("Иванов Сергей отец Иванов Николай Петрович", "Иванов Николай Петрович"),
    ],
)
def test_behind_a_name_the_father_is_told(text, father):
    assert told(text) == {"full_name": "Иванов Сергей", "father_name": father}


def test_what_follows_the_name_of_the_father_is_no_part_of_it():
    assert told("Иванов Сергей отец Николай Самара, мать Анна") == {
        "full_name": "Иванов Сергей", "father_name": "Николай", "birthplace": "Самара",
        "mother_name": "Анна",
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "отец Николай Иванов",
        "ищу: мой отец Николай Иванов",
        "прошу найти отца Николай Иванов",
        "старший сержант отец Николай Иванов",
        "Микола Батько Петрович",
    ],
)
def test_a_father_before_whom_nobody_is_named_is_sought_himself(text):
    assert "father_name" not in told(text)


@pytest.mark.parametrize(
    "text",
    [
        "Иванова Анна (дев. Гайдамака)",
        "Иванова (ур. Гайдамака) Анна",
        "Иванова Анна, урождённая Гайдамака",
        "Иванова Анна, девичья фамилия Гайдамака",
        "Иванова (дівоче прізвище: Гайдамака) Анна",
        "Иванова Анна по мужу Гайдамака",
        "Иванова Анна née Гайдамака",
        "Иванова Анна geb. Гайдамака",
        "Иванова (Гайдамака) Анна",
    ],
)
def test_another_surname_is_one_more_word_of_the_name(text):
    assert told(text) == {"full_name": "Иванова Анна Гайдамака"}


@pytest.mark.parametrize(
    ("text", "more"),
    [("(Самара)", {"birthplace": "Самара"}), ("(рядовой)", {"rank": "рядовой"}), ("(сын)", {})],
)
def test_what_else_is_in_brackets_is_no_surname(text, more):
    assert told(f"Иванов Иван {text}") == {"full_name": "Иванов Иван", **more}


def test_a_town_of_once_is_rather_the_man_beside_a_town_of_now():
    for text in ("Самара Калинин Сергей", "Калинин Сергей Самара", "Калинин Самара Сергей"):
        assert told(text) == {"full_name": "Калинин Сергей", "birthplace": "Самара"}


@pytest.mark.parametrize(
    ("text", "named"),
    [("в/ч 12345", False), ("14.01.1999", False), ("", False), ("...", False), ("Ян", True),
     ("АЕ-480674", True)],
)  # fmt: skip
def test_a_unit_or_a_date_names_nobody(text, named):
    assert read_line(text).names_somebody is named


_PIECES = st.sampled_from(
    ["Буйничев", "Костя", "14.01.1999", "1999", "в/ч 12345", "г. Самара", ",", "75 отбр", "мать",
     "АЕ-480674", "14 января 1999", "рядовой", "<eqybxtd", "from", "99.99.1999", "20 лет", "№"]
)  # fmt: skip


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(_PIECES, max_size=8).map(" ".join)))
def test_any_line_gives_a_description_that_the_core_can_read(text):
    line = read_line(text, this_year=2026)

    read(line.description)
    assert not line.description.born or read_born(line.description.born).year


@settings(deadline=None)
@given(st.permutations(["Буйничев Костя", "14.01.1999", "г. Самара", "в/ч 12345", "АЕ-480674"]))
def test_the_order_does_not_matter(pieces):
    assert told(", ".join(pieces)) == told(
        "Буйничев Костя 14.01.1999 г. Самара в/ч 12345 АЕ-480674"
    )


@pytest.mark.parametrize(
    ("line", "name", "comrade"),
    [
        ("Буйничев Костя 1999, служил с Петровым Иваном Сергеевичем", "Буйничев Костя",
         "Петровым Иваном Сергеевичем"),
        ("Буйнічев Костя, служив разом із Петренком Іваном, 1999", "Буйнічев Костя",
         "Петренком Іваном"),
        ("Buinichev Kostya, served with Ivan Petrov", "Buinichev Kostya", "Ivan Petrov"),
        ("Буйничев Костя, служил с 2020 года", "Буйничев Костя", ""),
        ("служил с Петровым Иваном", "Петровым Иваном", ""),
    ],
)  # fmt: skip
def test_with_whom_he_served_is_no_part_of_his_name(line, name, comrade):
    read = read_line(line).description

    assert (read.full_name, read.comrade) == (name, comrade)
