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
    return head + data


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
    path.write_bytes(b"register_id,surname,unit\nR1,a,u\nR1,twice,v\nR2,,w\n")

    sheet = read_sheet(path, "register_id")

    assert list(sheet.columns["surname"].values) == ["", "a"]
    assert list(sheet.columns["unit"].values) == ["", "u"]
    assert [x.line for x in sheet.rejects] == [3, 4]


def test_a_row_that_has_no_end_costs_nothing_behind_the_limit(tmp_path):
    path = tmp_path / "register.csv"
    lines = b"".join(b"R%d,Name,,,,,\n" % x for x in range(20_000))
    path.write_bytes(HEADING + b'R,"open,,,,,\n' + lines)
    limit = csv.field_size_limit(131_072)  # Python's own, whatever another test has set

    try:
        found, expected = read_both(path)
    finally:
        csv.field_size_limit(limit)

    assert found == expected
    assert len(found[0]) > 10_000


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
