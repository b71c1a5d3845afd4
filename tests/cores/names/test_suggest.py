"""Other spellings of a name: by rules and shipped tables, always the same, never a guess forced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.cores.names.suggest import MOST, How, Kind, suggest


def texts(typed, kind=Kind.SURNAME):
    return [one.text for one in suggest(typed, kind)]


@pytest.mark.parametrize(
    ("typed", "kind", "text", "how"),
    [
        ("<eqybxtd", Kind.SURNAME, "Буйничев", How.KEYS),
        ("Ивaнов", Kind.SURNAME, "Иванов", How.LETTERS),  # the second letter is Latin
        ("Bujnichov", Kind.SURNAME, "Буйничев", How.CYRILLIC),
        ("Buinychev", Kind.SURNAME, "Буйничев", How.CYRILLIC),
        ("Tschernyschew", Kind.SURNAME, "Чернышев", How.CYRILLIC),
        ("Szewczenko", Kind.SURNAME, "Шевченко", How.CYRILLIC),
        ("Zelinskiy", Kind.SURNAME, "Зелинский", How.CYRILLIC),
        ("Буйничев", Kind.SURNAME, "Buinichev", How.PASSPORT),
        ("Єгорова", Kind.SURNAME, "Yehorova", How.PASSPORT),
        ("Щербакова", Kind.SURNAME, "Shcherbakova", How.PASSPORT),
        ("Єщенков", Kind.SURNAME, "Ещенков", How.RUSSIAN),
        ("Ёлкин", Kind.SURNAME, "Йолкин", How.UKRAINIAN),
        ("Хаджиев", Kind.SURNAME, "Гаджиев", How.ALIKE),
        ("Иваонв", Kind.SURNAME, "Иванов", How.NEAR),
        ("Kostya", Kind.GIVEN, "Константин", How.FULL),
        ("Котик", Kind.GIVEN, "Костянтин", How.FULL),
        ("Микола", Kind.GIVEN, "Николай", How.RUSSIAN),
        ("Дмитрий", Kind.GIVEN, "Дмитро", How.UKRAINIAN),
        ("Констан", Kind.GIVEN, "Константин", How.BEGUN),
        ("Konstantinovich", Kind.PATRONYMIC, "Константинович", How.RUSSIAN),
        ("Сергеевна", Kind.PATRONYMIC, "Сергіївна", How.UKRAINIAN),
        ("Василиевич", Kind.PATRONYMIC, "Васильевич", How.RUSSIAN),
        ("Юрієвич", Kind.PATRONYMIC, "Юрьевич", How.RUSSIAN),
        ("Буйничева Olena", Kind.LINE, "Буйничева Елена", How.RUSSIAN),
    ],
)
def test_another_spelling_is_proposed_with_its_rule(typed, kind, text, how):
    assert (text, how) in [(one.text, one.how) for one in suggest(typed, kind)]


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("Ivanov Sergey", "Иванов Сергей"),
        ("1999 Bujnichov Kostya", "1999 Буйничов Константин"),
        ("<eqybxtd Rjycnfynby", "Буйничев Константин"),
        ("Ivanov Серге", "Иванов Сергей"),
    ],
)
def test_a_line_is_proposed_in_one_script(typed, text):
    found = texts(typed, Kind.LINE)

    assert text in found
    assert not [x for x in found if set(x) & set("abcdefghijklmnopqrstuvwxyzIKS")]


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Андреевич", "Андрійович", "Андріївна"),
        ("Петрович", "Петрович", "Петрівна"),
        ("Игоревич", "Ігорович", "Ігорівна"),
        ("Ильич", "Ілліч", "Іллівна"),
        ("Никитич", "Микитович", "Микитівна"),
        ("Николаевич", "Миколайович", "Миколаївна"),
        ("Васильевич", "Васильович", "Василівна"),
    ],
)
def test_patronymics_are_formed_as_both_languages_form_them(father, son, daughter):
    assert son == father or son in texts(father, Kind.PATRONYMIC)
    of_hers = {one for typed in (daughter, father) for one in texts(typed, Kind.PATRONYMIC)}
    assert daughter in texts(daughter[:-2], Kind.PATRONYMIC) or of_hers


@pytest.mark.parametrize("typed", ["", " ", "Я", "'", "-", "12", "Буйничев Константин", "Щ" * 61])
def test_where_nothing_can_be_said_nothing_is(typed):
    assert suggest(typed, Kind.SURNAME) == ()


@given(st.text(max_size=80), st.sampled_from(Kind))
def test_any_text_gives_an_answer_and_never_itself(typed, kind):
    found = suggest(typed, kind)

    assert len(found) <= MOST
    assert len({one.text for one in found}) == len(found)
    assert typed.strip() not in [one.text for one in found]
