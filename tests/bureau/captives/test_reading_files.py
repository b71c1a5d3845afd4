import csv
import io
import time
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.bureau.captives.reading.cards import check, check_sandboxed
from wayhome.bureau.captives.reading.headings import CARD_HEADINGS, CARDS, MEND
from wayhome.bureau.captives.reading.lines import CardFile, Fault, Warn
from wayhome.bureau.captives.reading.mending import FAULT_TEXTS, mend_file
from wayhome.bureau.captives.reading.names import split_name
from wayhome.bureau.captives.reading.tables import LARGEST_FILE, Problem

DAYS = {"war_began_on": date(2022, 2, 24), "today": date(2022, 6, 1)}
HEADINGS = ["№ з/п", "Прізвище", "Ім'я", "Дата\nнародження", "Особистий номер", "Дата полонення"]


def read(file, **changed) -> CardFile:
    return check(file, name="cards", **{**DAYS, **changed})


def sheet(*rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text(*rows, delimiter=";") -> str:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def told(file: CardFile):
    return [(fault.row, fault.field, fault.fault) for fault in file.faults]


CARD = [1, "Вигаданий", "Іван", "14.01.1999", "АБ-1", "16.04.22"]
FAULTY = [
    (CARD, None),
    ([2, "", "", "14.01.1999", "", "16.04.22"], ("Прізвище", "neither name nor number")),
    ([3, "", "", "14.01.1999", "АБ-3", "16.04.22"], None),
    ([4, "А", "Б", "31.02.1999", "", "16.04.22"], ("Дата народження", "no such day")),
    ([5, "А", "В", "1.01.2031", "", "16.04.22"], ("Дата народження", "born in the future")),
    ([6, "А", "Г", "хтозна", "", "16.04.22"], ("Дата народження", "not a date")),
    ([7, "А", "Ґ", "невідомо", "", "16.04.22"], None),
    ([8, "А", "Д", "1999", "", "15.01.2022"],
     ("Дата полонення", "captured before the war began")),
    ([9, "А", "Е", "1999", "", "1.03.2032"], ("Дата полонення", "captured in the future")),
    ([10, "А", "Є", "1999", "", ""], ("Дата полонення", "capture date missing")),
    ([11, *CARD[1:]], ("row", "the same card again")),
    ([12, "А", "Ж", "1.02.2016", "", "16.04.22"], ("Дата народження", "age impossible")),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["xlsx", "csv", "tab"])
def test_every_fault_is_named_by_its_line_and_heading(kind):
    rows = [["Список", "", ""], [], HEADINGS, *(row for row, _ in FAULTY)]
    file = {
        "xlsx": lambda: sheet(*rows),
        "csv": lambda: text(*rows).encode(),
        "tab": lambda: text(*rows, delimiter="\t").encode("utf-16"),
    }[kind]()

    assert told(read(file)) == [
        (row, *fault) for row, (_, fault) in enumerate(FAULTY, 4) if fault is not None
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "koi8-u"]
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_a_csv_is_read_in_the_encodings_that_clerks_have(encoding, delimiter):
    rows = [["N", "ФИО", "Дата рожд.", "В/ч", "Взят в плен", "Прим."],
            ["1", "Вымышленный Егор Павлович", "26.09.85", "29", "16.04.22", "одна\nдругая"],
            ["2", "Андрей Вымыслов", "", "", "17.04.22", ""]]  # fmt: skip
    file = read(text(*rows, delimiter=delimiter).encode(encoding))

    assert not file.faults
    assert [line.row for line in file.lines] == [2, 3]
    first = file.lines[0].values
    assert (first["surname"], first["given"], first["patronymic"]) == (
        "Вымышленный", "Егор", "Павлович",
    )  # fmt: skip
    assert (first["full_name"], first["born"]) == ("Вымышленный Егор Павлович", "1985-09-26")
    assert (first["unit"], first["note"]) == ("29", "одна другая")
    assert file.lines[1].values["surname"] == "Вымыслов"


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("№", "number_on_list"), ("№ п/п", "number_on_list"), ("No.", "number_on_list"),
        ("Фамилия", "surname"), ("Surname", "surname"), ("Last name", "surname"),
        ("Имя", "given"), ("Ім’я", "given"), ("First names", "given"),
        ("Отчество", "patronymic"), ("По батькові", "patronymic"),
        ("ПІБ", "full_name"), ("Ф.И.О.", "full_name"), ("Full name", "full_name"),
        ("Прізвище, ім'я, по батькові", "full_name"), ("Фамилия Имя Отчество", "full_name"),
        ("Дата рожд.", "born"), ("Date of birth", "born"), ("Рік народження", "born"),
        ("Дата народження (дд.мм.рррр)", "born"), ("DOB", "born"), ("Г.р.", "born"),
        ("Вік", "age"), ("Возраст", "age"), ("Age", "age"), ("Повних років", "age"),
        ("Возраст (лет)", "age"), ("Age at capture", "age"), ("Вік на момент полону", "age"),
        ("Место рождения", "birthplace"), ("Place of birth", "birthplace"),
        ("Держава", "power"), ("Гражданство", "power"), ("Nationality", "power"),
        ("В/ч", "unit"), ("Військова частина", "unit"), ("Воинская часть", "unit"),
        ("Unit", "unit"),
        ("Личный номер", "service_no"), ("Особистий номер", "service_no"),
        ("Service No.", "service_no"), ("Army number", "service_no"), ("Жетон", "service_no"),
        ("Звание", "rank"), ("Військове звання", "rank"), ("Воинское звание", "rank"),
        ("ПІБ матері", "mother_name"), ("ФИО матери", "mother_name"),
        ("Mother's name", "mother_name"),
        ("Дівоче прізвище матері", "mothers_maiden_name"),
        ("Mother's maiden name", "mothers_maiden_name"),
        ("Ім'я батька", "father_name"), ("Имя отца", "father_name"),
        ("Father's name", "father_name"),
        ("Кого повідомити", "inform_person"), ("Кому сообщить", "inform_person"),
        ("Person to be informed", "inform_person"), ("Next of kin", "inform_person"),
        ("Адреса", "inform_address"), ("Адрес кого уведомить", "inform_address"),
        ("Address of person to be informed", "inform_address"),
        ("Адреса для листів", "letters_address"), ("Address for letters", "letters_address"),
        ("Адрес для писем", "letters_address"),
        ("Дата полонення", "captured_on"), ("Взят в плен", "captured_on"),
        ("Date of capture", "captured_on"), ("Captured on", "captured_on"),
        ("Дата взятия в плен", "captured_on"),
        ("Місце полонення", "captured_where"), ("Place of capture", "captured_where"),
        ("Где взят в плен", "captured_where"),
        ("Ким взято в полон", "captured_by"), ("Кем взят в плен", "captured_by"),
        ("Captured by", "captured_by"),
        ("Кому переданий", "given_to"), ("Кому передан", "given_to"),
        ("Handed over to", "given_to"),
        ("Дата передачі", "given_on"), ("Когда передан", "given_on"),
        ("Handed over on", "given_on"),
        ("Стан здоров'я", "health"), ("Состояние", "health"), ("State of health", "health"),
        ("Статус", "status"), ("Примітка", "note"), ("Примечания", "note"), ("Remarks", "note"),
        ("Місце тримання", ""), ("Place of detention", ""), ("Место содержания", ""),
        ("Телефон", ""),
    ],
)  # fmt: skip
def test_a_column_is_known_by_its_heading(heading, field):
    assert CARDS.field_of(heading) == field
    assert CARDS.field_of(heading.upper()) == field


def test_every_field_is_known_by_its_own_name():
    for field, _ in CARD_HEADINGS:
        assert field == MEND or CARDS.field_of(field) == field


def test_a_heading_may_stand_in_two_rows():
    rows = (["", "", "Дата", "Місце", "Дата"],
            ["Прізвище", "Ім'я", "народження", "народження", "полонення"],
            ["Вигаданий", "Іван", "1999", "Вигадане", date(2022, 4, 16)])  # fmt: skip
    file = read(sheet(*rows))

    assert not file.faults
    assert file.lines[0].values["born"] == "1999"
    assert file.lines[0].values["captured_on"] == "2022-04-16"


@pytest.mark.parametrize("cell", [20, "20", "20 лет", "20 років", "20 y.o.", "about 20"])
def test_an_age_is_counted_back_from_the_capture(cell):
    headings = ["Прізвище", "Ім'я", "Вік", "Дата полонення"]
    row = ["Вигаданий", "Іван", cell, "16.04.2023"]

    for file in (sheet(headings, row), text(headings, row).encode()):
        line = read(file, today=date(2025, 6, 1)).lines[0]
        assert (line.values["born"], line.faults) == ("2003~", [])


def test_beside_a_date_of_birth_an_age_says_nothing_new():
    headings = ["Прізвище", "Ім'я", "Вік", "Дата народження"]
    file = read(sheet(headings, ["Вигаданий", "Іван", 20, "14.01.1999"]))

    assert not file.faults
    assert file.lines[0].values["born"] == "1999-01-14"
    assert file.lines[0].raw["Вік"] == "20"


def test_dates_of_excel_and_of_people_mean_the_same():
    cells = (datetime(1999, 1, 14), "14.01.1999", 36174, "14 січня 1999 р.")
    rows = ([n, f"Вигаданий{n}", "Іван", cell, "", "1.05.22"] for n, cell in enumerate(cells))

    born = [line.values["born"] for line in read(sheet(HEADINGS, *rows)).lines]

    assert born == ["1999-01-14"] * 4


def test_the_same_card_is_known_however_its_date_is_written():
    again = [9, *CARD[1:3], date(1999, 1, 14), "аб-1", date(2022, 4, 16)]

    assert told(read(sheet(HEADINGS, CARD, again))) == [(3, "row", "the same card again")]


def test_namesakes_of_whom_little_is_known_are_not_the_same_card():
    little = ["", "Вигаданий", "", "", "", "16.04.22"]

    assert not read(sheet(HEADINGS, little, little)).faults


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Вымышленный Егор Павлович", ("Вымышленный", "Егор", "Павлович")),
        ("Егор Павлович Вымышленный", ("Вымышленный", "Егор", "Павлович")),
        ("Ivan Petrovich Vymyslov", ("Vymyslov", "Ivan", "Petrovich")),
        ("Вигаданий Іван", ("Вигаданий", "Іван", "")),
        ("Ivan Vymyslov", ("Vymyslov", "Ivan", "")),
        ("Вымыслов Али Гасан оглы", ("Вымыслов", "Али", "Гасан оглы")),
        ("VYMYSLOV, Ivan Petrovich", ("VYMYSLOV", "Ivan", "Petrovich")),
        ("Вигаданий", ("Вигаданий", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_whole_name_is_split(full, parts):
    assert split_name(full) == parts


def test_a_formula_is_a_fault_and_a_text_that_looks_like_one_is_not():
    file = read(sheet(HEADINGS, [1, "=1+1", "Іван", "1999", "", "1.05.22"]))
    assert told(file) == [(2, "Прізвище", "formula")]

    file = read(text(HEADINGS, [1, "=cmd|' /C calc'!A0", "Іван", "1999", "", "1.05.22"]).encode())
    assert not file.faults


def test_what_cannot_be_seen_is_cleaned_from_a_name():
    row = [1, "Вига\x00да\u202eний", "Іван\u200f", "1999", "", "1.05.22"]

    values = read(text(HEADINGS, row).encode()).lines[0].values

    assert (values["surname"], values["given"]) == ("Вигаданий", "Іван")


def test_letters_of_two_alphabets_are_a_warning():
    file = read(text(HEADINGS, [1, "Bигаданий", "Іван", "1999", "", "1.05.22"]).encode())

    assert not file.faults
    assert file.lines[0].warnings == [("Прізвище", Warn.MIXED_SCRIPTS)]


def test_a_file_without_headings_says_what_was_expected():
    file = read(b"a;b\nc;d\n")

    assert (file.problem, "surname" in file.expected) == (Problem.NO_HEADING, True)
    assert told(file) == [(0, "file", "no heading recognised")]


def test_a_column_recognised_twice_is_a_fault_of_the_file():
    file = read(text(["Прізвище", "Фамилия", "Дата полонення"], ["А", "Б", "1.05.22"]).encode())

    assert (1, "Фамилия", "column recognised twice") in told(file)


def zipped(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return out.getvalue()


def with_sheet(xml: bytes) -> bytes:
    """A real workbook whose sheet is another one."""
    with zipfile.ZipFile(io.BytesIO(sheet(HEADINGS))) as archive:
        name = "xl/worksheets/sheet1.xml"
        parts = [
            (i.filename, xml if i.filename == name else archive.read(i)) for i in archive.infolist()
        ]
        return zipped(*parts)


SHEET = (
    b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s'
)
END = b"</sheetData></worksheet>"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", Problem.EMPTY),
        (b"\x00" * 1000, Problem.EMPTY),
        (b"x" * (LARGEST_FILE + 1), Problem.TOO_LARGE),
        (b"PK\x03\x04broken", Problem.UNREADABLE),
        (zipped(("a.txt", b"a")), Problem.UNREADABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00x" * 500, Problem.LOCKED),
        (bytes(range(1, 32)) * 50, Problem.ENCODING),
        (with_sheet(b'<!DOCTYPE a [<!ENTITY b "c">]>' + SHEET % b"" + END), Problem.UNREADABLE),
    ],
)
def test_a_file_that_cannot_be_read_is_a_problem_and_no_crash(content, problem):
    assert read(content).problem == problem


@pytest.mark.slow
def test_a_file_of_forty_megabytes_is_refused_at_once():
    began = time.monotonic()

    file = check_sandboxed(b"x;" * 20_000_000, name="large", **DAYS)

    assert file.problem == Problem.TOO_LARGE
    assert time.monotonic() - began < 1


@pytest.mark.slow
def test_a_zip_bomb_is_refused_quickly():
    bomb = with_sheet(b"\x00" * 500_000_000)
    began = time.monotonic()

    assert check_sandboxed(bomb, name="bomb", **DAYS).problem == Problem.ZIP_BOMB
    assert time.monotonic() - began < 5


@pytest.mark.slow
def test_one_cell_in_the_far_corner_takes_no_memory():
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row>'
    cells += b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    file = check_sandboxed(with_sheet(SHEET % cells + END), name="far", **DAYS)

    assert file.problem == Problem.TOO_MANY_LINES


@pytest.mark.slow
def test_a_million_empty_rows_do_no_harm():
    with zipfile.ZipFile(io.BytesIO(sheet(HEADINGS, CARD))) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml")
    empty = b"".join(b'<row r="%d"><c r="A%d" s="0"/></row>' % (n, n) for n in range(3, 1_000_003))
    file = with_sheet(xml.replace(b"</sheetData>", empty + b"</sheetData>"))
    began = time.monotonic()

    read_file = check_sandboxed(file, name="long", **DAYS)

    assert (read_file.problem, [line.row for line in read_file.lines]) == ("", [2])
    assert time.monotonic() - began < 15


@pytest.mark.slow
def test_the_sandbox_tells_the_same_as_the_reader():
    file = sheet(HEADINGS, *(row for row, _ in FAULTY))

    assert check_sandboxed(file, name="cards", **DAYS) == read(file)


@pytest.mark.slow
def test_twenty_thousand_cards_are_read_in_eight_seconds():
    rows = (
        [n, f"Вигаданий{n}", "Іван", date(1999, 1, 14), f"А-{n}", "16.04.22"] for n in range(20_000)
    )
    file = sheet(HEADINGS, *rows)
    began = time.monotonic()

    assert len(check_sandboxed(file, name="cards", **DAYS).good) == 20_000
    assert time.monotonic() - began < 8


def test_lines_that_were_set_aside_come_back_and_can_be_mended():
    rows = [HEADINGS, [1, "=2+3", "-Іван", "31.02.1999", "+1", "16.04.22"]]
    first = read(text(*rows).encode())

    given_back = mend_file(first.faulty, first.columns)
    again = read(given_back)

    assert given_back.startswith(b"\xef\xbb\xbf")
    cells = list(csv.reader(io.StringIO(given_back.decode("utf-8-sig")), delimiter=";"))[1]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert told(again) == [(2, "Дата народження", "no such day")]
    assert again.lines[0].values == first.lines[0].values
    mended = given_back.replace(b"31.02.1999", b"28.02.1999")
    assert not read(mended).faults


def test_every_fault_problem_and_warning_has_its_sentence():
    assert FAULT_TEXTS.keys() == {*Fault, *Problem, *Warn}


def test_a_ministrys_list_has_exactly_the_faults_that_were_planted():
    here = Path(__file__).parent
    with (here / "faults.csv").open(encoding="utf-8") as planted:
        rows = [(int(one["row"]), one["field"], one["fault"]) for one in csv.DictReader(planted)]

    file = read(here / "cards-with-faults.xlsx", today=date(2026, 11, 24))

    assert told(file) == rows
    assert len(file.lines) == 120


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_lines_or_faults(content):
    file = read(content)

    assert file.problem or file.lines is not None
    assert CardFile.from_json(file.as_json()) == file


CELL = st.text(max_size=12) | st.sampled_from(
    ["31.02.1999", "14.01.99", "=1", "'", "невідомо", "1e400"]
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELL, max_size=7), max_size=6))
def test_any_cells_give_lines_or_faults(rows):
    content = text(HEADINGS, *rows).encode("utf-8", "replace")
    file = read(content)

    assert not file.problem
    mend_file(file.lines, file.columns).decode("utf-8-sig")


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 4000), st.binary(min_size=1, max_size=20))
def test_any_damaged_workbook_gives_lines_or_a_problem(place, noise):
    content = bytearray(WORKBOOK)
    content[place : place + len(noise)] = noise

    assert read(bytes(content)).as_json()["name"] == "cards"


WORKBOOK = sheet(HEADINGS, CARD)
