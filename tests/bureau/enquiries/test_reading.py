from datetime import date

import pytest

from wayhome.bureau.enquiries.reading import ENQUIRIES, check, check_sandboxed
from wayhome.bureau.enquiries.rules import Relation

TODAY = date(2022, 6, 1)
HEADINGS = (
    "enquiry_id,surname,given,patronymic,full_name,dob,birthplace,unit,rank,service_no,"
    "mother_name,language,relation,enquirer_name"
)


def read(*lines: str, headings: str = HEADINGS):
    return check("\n".join((headings, *lines)).encode(), name="enquiries", today=TODAY)


def test_an_enquiry_is_read_whole():
    file = read("Q1,Вигаданий,Іван,,,1999-01-14,Вигадане,,,,,uk,mother,Вигадана Ольга")

    assert not file.faults
    values = file.lines[0].values
    assert (values["enquiry_id"], values["surname"], values["born"]) == (
        "Q1",
        "Вигаданий",
        "1999-01-14",
    )
    assert (values["language"], values["relation"]) == ("uk", "mother")
    assert values["enquirer_name"] == "Вигадана Ольга"
    assert [field for _, field in file.columns if not field] == []


@pytest.mark.parametrize(
    ("said", "relation"),
    [("мати", Relation.MOTHER), ("Мать", Relation.MOTHER), ("жена", Relation.WIFE),
     ("чоловік", Relation.HUSBAND), ("Тётя", Relation.OTHER_RELATIVE), ("брат", Relation.BROTHER),
     ("other_relative", Relation.OTHER_RELATIVE), ("friend", Relation.FRIEND),
     ("бабуся", Relation.GRANDPARENT), ("донька", Relation.DAUGHTER), ("син", Relation.SON)],
)  # fmt: skip
def test_a_relation_is_known_in_three_languages(said, relation):
    file = read(f"А;{said}", headings="Прізвище;Ким доводиться")

    assert file.lines[0].values["relation"] == relation


@pytest.mark.parametrize("relation", list(Relation))
def test_each_relation_of_the_bureau_is_read_as_itself(relation):
    assert (
        read(f"А,{relation}", headings="surname,relation").lines[0].values["relation"] == relation
    )


@pytest.mark.parametrize(
    ("heading", "field"),
    [("№ звернення", "enquiry_id"), ("Номер обращения", "enquiry_id"), ("Мова", "language"),
     ("Степень родства", "relation"), ("Заявник", "enquirer_name"),
     ("ФИО заявителя", "enquirer_name"), ("Дата народження", "born"),
     ("Mother's name", "mother_name"), ("Товариш по службі", "comrade"),
     ("С кем служил", "comrade"), ("ФИО сослуживца", "comrade"), ("Served with", "comrade"),
     ("comrade", "comrade")],
)  # fmt: skip
def test_a_column_is_known_by_its_heading(heading, field):
    assert ENQUIRIES.field_of(heading) == field


def test_every_fault_is_named_by_its_line_and_heading():
    file = read(
        "Q1,,,,,1999,,,,,,uk,mother,",
        "Q2,А,Б,,,31.02.1999,,,,,,uk,mother,",
        "Q3,А,Б,,,хтозна,,,,,,uk,mother,",
        "Q4,А,Б,,,1999,,,,,,uk,neighbour,",
        "Q5,А,В,,,1999,,,,,,uk,wife,",
        "Q6,А,В,,,1999,,,,,,uk,wife,",
    )

    assert [(x.row, x.field, x.fault) for x in file.faults] == [
        (2, "surname", "neither name nor number"),
        (3, "dob", "no such day"),
        (4, "dob", "not a date"),
        (5, "relation", "unknown relation"),
        (7, "row", "the same enquiry again"),
    ]


def test_a_slip_in_a_year_does_not_keep_a_family_out():
    line = read("Q1,А,Б,,,2067-01-14,,,,,,uk,mother,").lines[0]

    assert (line.faults, line.warnings) == ([], [("dob", "born in the future")])
    assert line.values["born"] == "2067-01-14"


@pytest.mark.slow
def test_the_sandbox_tells_the_same_as_the_reader():
    content = f"{HEADINGS}\nQ1,Вигаданий,Іван,,,1999,,,,,,uk,mother,\n".encode()

    assert check_sandboxed(content, name="x", today=TODAY) == check(content, name="x", today=TODAY)
