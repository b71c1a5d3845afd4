import csv
import gzip
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wayhome.cores.names import sheets
from wayhome.cores.names.columns import _mothers
from wayhome.cores.names.persons import mother_words
from wayhome.cores.names.sheets import Texts, UnreadableFile, read_sheet

from .plain.sheets import read_plainly

HEADING = b"register_id,surname,given,full_name,dob,unit,remark\n"


def rows_of(sheet):
    columns = {name: list(column.values) for name, column in sheet.columns.items()}
    return [
        {"register_id": id}
        | {name: values[sheet.columns[name].codes[row]] for name, values in columns.items()}
        for row, id in enumerate(sheet.ids)
    ]


def read_both(path):
    """What both readers say; an error is told by its text."""
    try:
        plain = read_plainly(path, "register_id")
        expected = plain.rows, plain.rejects
    except UnreadableFile as error:
        expected = str(error)
    try:
        sheet = read_sheet(path, "register_id")
        found = rows_of(sheet), sheet.rejects
    except UnreadableFile as error:
        found = str(error)
    return found, expected


_CELLS = st.one_of(
    st.sampled_from(
        ["", "Буйничев", "R1", "R2", "R3", "1999-01-14", "tomorrow", " с пробелами ",
         "\u00a0x\u2003", "a,b", 'say "so"', "two\nlines", "a\rb", "’", "日本", "\x1c", "E\u0301"]
    ),
    st.text(max_size=6).filter(lambda x: not any("\ud800" <= c <= "\udfff" for c in x)),
)  # fmt: skip


def as_csv(rows, quoting, end):
    text = io.StringIO()
    csv.writer(text, quoting=quoting, lineterminator=end).writerows(rows)
    return text.getvalue().encode()


_WHOLE = st.builds(
    as_csv,
    st.lists(st.lists(_CELLS, min_size=7, max_size=7), max_size=12),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
)
_DAMAGE = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(
        [b'"', b"\n", b"\r", b"\r\n", b",", b"\0", b"\xff", b"\xd0", b"\xed\xa0\x80", b"\xe2\x80",
         b'",', b',"', b'"\n', b"\xef\xbb\xbf", b"\n\n", b" ", b"\xc2\x85", b"R1,x,,,,,\n"]
    ),
)  # fmt: skip


@st.composite
def damaged(draw):
    data = draw(_WHOLE)
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, len(data)))
        cut = draw(st.integers(0, 3))
        data = data[:place] + draw(_DAMAGE) + data[place + cut :]
    with_mark = b"\xef\xbb\xbf" + HEADING
    head = draw(st.sampled_from([HEADING, with_mark, HEADING.replace(b"\n", b"\r\n")]))
    divider = draw(st.sampled_from([b",", b";", b"\t"]))
    encoding = draw(st.sampled_from(["utf-8", "utf-8", "cp1251", "utf-16"]))
    whole = (head + data).replace(b",", divider).decode("utf-8", "surrogateescape")
    if encoding == "utf-16":
        return whole.encode(encoding, "surrogatepass")
    return whole.encode(encoding, "replace" if encoding == "cp1251" else "surrogateescape")


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(damaged(), st.sampled_from([16, 64, 1 << 20]))
def test_damaged_files_give_what_the_plain_reader_gives(tmp_path_factory, data, block):
    path = tmp_path_factory.mktemp("csv") / "register.csv"
    path.write_bytes(data)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sheets, "BLOCK", block)
        found, expected = read_both(path)

    assert found == expected


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80), st.sampled_from(["register.csv", "register.csv.gz"]))
def test_any_bytes_give_what_the_plain_reader_gives(tmp_path_factory, data, name):
    path = tmp_path_factory.mktemp("csv") / name
    path.write_bytes(data)

    found, expected = read_both(path)

    assert found == expected


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.integers(0, 3000), st.integers(0, 255), st.booleans())
def test_damaged_packed_files_give_what_the_plain_reader_gives(tmp_path_factory, place, byte, cut):
    lines = b"".join(b"R%d,Name%d,,,1999,%d,\n" % (x, x * x % 97, x * 7919) for x in range(900))
    packed = gzip.compress(HEADING + lines, mtime=0)
    place %= len(packed)
    packed = packed[:place] + (b"" if cut else bytes([byte]) + packed[place + 1 :])
    path = tmp_path_factory.mktemp("csv") / "register.csv.gz"
    path.write_bytes(packed)

    found, expected = read_both(path)

    assert found == expected


def test_columns_may_stand_in_any_order_and_twice(tmp_path):
    path = tmp_path / "register.csv"
    path.write_text("Given , SURNAME,register_id,given\nx,Буйничев,R1,Костя\n", encoding="utf-8")

    found, expected = read_both(path)

    assert found == expected
    assert found[0] == [{"register_id": "R1", "surname": "Буйничев", "given": "Костя"}]


def test_equal_values_have_one_code(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(b'register_id,surname\nR1,a\nR2,b\nR3, a \nR4,"a"\n')

    sheet = read_sheet(path, "register_id")

    surname = sheet.columns["surname"]
    assert list(surname.values) == ["", "a", "b"]
    assert surname.codes.tolist() == [1, 2, 1, 1]
    assert list(sheet.ids) == ["R1", "R2", "R3", "R4"]
    assert sheet.ids[-1] == "R4"


def test_what_only_rejected_rows_have_is_no_value(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(b"register_id,surname,unit\nR1,a,u\nR1,twice,v\nR2,\xff,w\n")

    sheet = read_sheet(path, "register_id")

    assert list(sheet.columns["surname"].values) == ["", "a"]
    assert list(sheet.columns["unit"].values) == ["", "u"]
    assert [x.line for x in sheet.rejects] == [3, 4]


@pytest.mark.parametrize("rows_behind", [3, 20_000])  # fewer and more than Python's reader takes
def test_a_quotation_mark_that_is_not_closed_costs_one_line(tmp_path, rows_behind):
    path = tmp_path / "register.csv"
    lines = b"".join(b"R%d,Name,,,,,\n" % x for x in range(rows_behind))
    path.write_bytes(HEADING + b'R,"open,,,,,\n' + lines)

    found, expected = read_both(path)

    assert found == expected
    assert len(found[0]) == rows_behind
    assert [(x.line, x.reason) for x in found[1]] == [(2, sheets.NOT_CLOSED)]


def test_of_two_marks_that_are_not_closed_each_costs_its_line(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(HEADING + b'R1,"a,,,,,\nR2,b,,,,,\nR3,"c,,,,,\nR4,"d\ne",,,,,\nR5,f,,,,,\n')

    found, expected = read_both(path)

    assert found == expected
    assert [x["surname"] for x in found[0]] == ["b", "d\ne", "f"]
    assert [x.line for x in found[1]] == [2, 4]


def test_two_marks_in_two_rows_make_no_field_of_what_stands_between_them(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(
        HEADING + b'R1,"a,,,,,\nR2,b,,,,,\nR3,c",,,,,\nR4,d,,,,,"two, and\nthree, four"\n'
    )

    found, expected = read_both(path)

    assert found == expected
    assert [x["register_id"] for x in found[0]] == ["R2", "R3", "R4"]
    assert [(x.line, x.reason) for x in found[1]] == [(2, sheets.NOT_CLOSED)]


PEOPLE = "R1,Буйничев,Костя,,14.01.1999,в/ч 12345,\nR2,Їжакевич,Ґалина,,,,«№ 5»\nR3,ЩУКИН,И.,,,,\n"


@pytest.mark.parametrize(
    ("encoding", "divider", "told"),
    [
        ("cp1251", ",", "Windows-1251"),
        ("cp1251", ";", "Windows-1251, fields divided by semicolons"),
        ("utf-8", "\t", "fields divided by tabs"),
        ("utf-8-sig", ";", "fields divided by semicolons"),
        ("utf-8", "|", "fields divided by bars"),
        ("utf-16", ",", "UTF-16"),
        ("utf-16-le", "\t", "UTF-16, fields divided by tabs"),
        ("utf-16-be", ",", "UTF-16"),
    ],
)
@pytest.mark.parametrize("block", [17, 1 << 20])
def test_other_encodings_and_dividers_are_told_by_the_file(
    tmp_path, monkeypatch, encoding, divider, told, block
):
    usual, other = tmp_path / "usual.csv", tmp_path / "other.csv"
    text = HEADING.decode() + PEOPLE
    usual.write_text(text, encoding="utf-8")
    other.write_bytes(text.replace(",", divider).encode(encoding))
    monkeypatch.setattr(sheets, "BLOCK", block)

    sheet = read_sheet(other, "register_id")

    assert rows_of(sheet) == rows_of(read_sheet(usual, "register_id"))
    assert (sheet.rejects, sheet.read_as) == ([], told)


def test_damage_in_a_file_of_another_encoding_costs_its_row(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(
        (HEADING.decode() + PEOPLE).encode("cp1251").replace("Їж".encode("cp1251"), b"\x98")
    )

    found, expected = read_both(path)

    assert found == expected
    assert [(x.line, x.reason) for x in found[1]] == [(3, "not Windows-1251")]


CYRILLIC, LATIN = "R1,Тверитинов,,,,,\nR2,Щукин,,,,,\n", "R1,Smith,,,,,\nR2,Jones,,,,,\n"


@pytest.mark.parametrize(
    ("others", "damage"),
    [
        (CYRILLIC, "Буйничев".encode("cp1251")),
        (CYRILLIC, b"M\xfcller"),
        (LATIN, b"M\xfcller"),
        (LATIN, "Иванов".encode("koi8-u")),
        (LATIN, "Иванов".encode("cp866")),
        (LATIN, "Иванов".encode()[:-1]),
    ],
)
def test_a_few_damaged_lines_do_not_change_the_encoding(tmp_path, others, damage):
    path = tmp_path / "register.csv"
    path.write_bytes(HEADING + others.encode() + b"R9," + damage + b",,,,,\n")

    sheet = read_sheet(path, "register_id")

    assert sheet.read_as == ""
    assert list(sheet.ids) == ["R1", "R2"]
    assert [x.reason for x in sheet.rejects] == ["not UTF-8"]


def test_a_row_needs_no_name_but_something(tmp_path):
    path = tmp_path / "enquiries.csv"
    path.write_bytes(
        b"enquiry_id,surname,dob,unit,kind\nE0,,,,mention\nE1,,1999-01-14,,\nE2,\xff,,,\nE3,,,1,\n"
    )

    sheet = read_sheet(path, "enquiry_id")

    assert list(sheet.ids) == ["E1", "E3"]
    assert [(x.line, x.reason) for x in sheet.rejects] == [
        (2, "nothing is told of him"),
        (4, "not UTF-8"),
    ]
    assert sheet.unused == [(0, "E0"), (1, "E2")]


def test_progress_is_told_in_bytes(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(HEADING + b"R1,a,,,,,\n")
    heard = []

    read_sheet(path, "register_id", progress=lambda done, of: heard.append((done, of)))

    assert heard[-1] == (path.stat().st_size, path.stat().st_size)


def test_mothers_are_read_by_their_endings_as_line_by_line():
    lines = [
        "", "Анна", "Анна Ивановна", "Петрова Анна", "Петрова Анна Ивановна",
        "фон Берг Анна Ивановна", "Иванова-Петрова Анна Ивановна", "Петрова, Анна Ивановна",
        " Петрова  Анна", "Анна Ивановна Петрова", "Берг фон Анна Ивановна", "Van der Berg Anna",
        "Петрова Анна кызы", "Петрова\u00a0Анна Ивановна",
        "Иванова Петрова", "Де Ла Круз Мария Ивановна", "Петрова мл Анна Ивановна", "Петрова фон",
        "Не известно", "неизвестна", "? Неизвестна", "нет данных", "Петрова известна",
    ]  # fmt: skip
    data = [x.encode() for x in lines]
    starts = np.cumsum([0, *map(len, data)])

    numbers, words = _mothers(Texts(np.frombuffer(b"".join(data), np.uint8), starts))

    assert [words[x] for x in numbers.tolist()] == [mother_words(x) for x in lines]
