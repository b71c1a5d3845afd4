"""A CSV or XLSX file as rows of cells, whatever its encoding; a bad file is a problem, no crash."""

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import PurePosixPath
from xml.etree import ElementTree
from xml.parsers import expat

from python_calamine import CalamineError, CalamineWorkbook

Cell = str | int | float | bool | date | datetime | time | timedelta
Row = list[Cell]
LARGEST_FILE = 30 * 1024 * 1024
MOST_ENTRIES = 2_000
LARGEST_UNPACKED = 400 * 1024 * 1024
LARGEST_RATIO = 400  # ten thousand like rows pack about 100 to 1; a bomb 1000 to 1
RATIO_FROM = 20 * 1024 * 1024
MOST_ROWS = 200_000
MOST_CELLS = 10_000_000
MOST_COLUMNS = 400
LONGEST_CELL = 32_767  # what Excel itself can hold
_DELIMITERS = (";", ",", "\t", "|")
_ENCODINGS = ("cp1251", "koi8-u", "cp866")
_LETTERS = re.compile(r"[а-яіїєґ]")
_ODD = re.compile(r"[А-ЯІЇЄҐ]{2,}[а-яіїєґ]|[а-яіїєґ][А-ЯІЇЄҐ]|[\u2500-\u25ff\x80-\x9f\ufffd]")
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")


class Problem(StrEnum):
    """Why a file as a whole cannot be read."""

    TOO_LARGE = "file too large"
    EMPTY = "file empty"
    UNREADABLE = "file unreadable"
    ENCODING = "unreadable encoding"
    ZIP_BOMB = "file unpacks to too much"
    TOO_MANY_LINES = "too many lines"
    NO_HEADING = "no heading recognised"
    LOCKED = "file locked by a password"


class FileRefused(ValueError):
    """A file that cannot be read at all."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


@dataclass
class Table:
    """Rows by their number as Excel counts them, from 1; empty ones left out."""

    rows: list[tuple[int, Row]]
    formulas: set[tuple[int, int]] = field(default_factory=set)  # (row, column from 0)
    too_long: set[int] = field(default_factory=set)  # rows
    is_sheet: bool = False


def read_tables(content: bytes) -> list[Table]:
    """The sheets of an XLSX, or the one table of a CSV in each way it can be read.

    What it is follows from the content. Raises FileRefused.
    """
    if not content.strip(b"\x00 \r\n\t\xef\xbb\xbf\xff\xfe"):
        raise FileRefused(Problem.EMPTY)
    if len(content) > LARGEST_FILE:
        raise FileRefused(Problem.TOO_LARGE)
    if content.startswith(b"PK"):
        return _xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # a locked XLSX and an old XLS look alike
        raise FileRefused(Problem.LOCKED)
    return _csv(decoded(content))


def decoded(content: bytes) -> str:
    """The text of a CSV. Raises FileRefused if it is none."""
    text = _decoded(content)
    if text.count("\x00") > len(text) // 100 + 20 or not text.strip("\x00\ufeff \r\n\t"):
        raise FileRefused(Problem.ENCODING)
    if sum(c < " " and c not in "\r\n\t\x00" for c in text[:10_000]) > 20:
        raise FileRefused(Problem.ENCODING)
    return text.removeprefix("\ufeff")


def _decoded(content: bytes) -> str:
    wide = _wide_encoding(content)
    for encoding in (wide, "utf-8-sig") if wide else ("utf-8-sig",):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    texts = [content.decode(encoding, "replace") for encoding in _ENCODINGS]
    return max(texts, key=_likeness)


def _wide_encoding(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:4_000]
    pairs = max(len(start) // 2, 1)
    # The second byte of a letter is 0 (Latin) or 4 (Cyrillic) and of a comma 0.
    for offset, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = start[offset::2]
        if b"\x00" in high and sum(byte in (0, 4) for byte in high) > 0.9 * pairs:
            return encoding
    return ""


def _likeness(text: str) -> float:
    """How much a text looks like Russian or Ukrainian: small letters, capitals first."""
    sample = text[:50_000]
    return len(_LETTERS.findall(sample)) - 5 * len(_ODD.findall(sample))


def _csv(text: str) -> list[Table]:
    tables = [_split(text, delimiter) for delimiter in _DELIMITERS if delimiter in text]
    return tables or [_split(text, ";")]


def _split(text: str, delimiter: str) -> Table:
    csv.field_size_limit(10 * LONGEST_CELL)
    table = Table([])
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            line: Row = list(next(lines))
        except StopIteration:
            return table
        except csv.Error:
            table.too_long.add(number)
            table.rows.append((number, [""]))
            continue
        _add(table, number, line)


def _add(table: Table, number: int, line: Row) -> None:
    if len(line) > MOST_COLUMNS or any(isinstance(c, str) and len(c) > LONGEST_CELL for c in line):
        table.too_long.add(number)
        line = [c[:100] if isinstance(c, str) else c for c in line[:MOST_COLUMNS]]
    if any(not isinstance(cell, str) or cell.strip() for cell in line):
        table.rows.append((number, line))
        if len(table.rows) > MOST_ROWS:
            raise FileRefused(Problem.TOO_MANY_LINES)


def _xlsx(content: bytes) -> list[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            why_not_unpack(archive)
            sheets = _sheets(archive)
            formulas = {name: _measured(archive, path) for name, path in sheets.items()}
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [_sheet(book, name, formulas[name]) for name in book.sheet_names if name in sheets]
    except (FileRefused, MemoryError):
        raise
    except (CalamineError, Exception) as error:  # zipfile and expat raise nearly anything
        locked = "encrypted" in str(error).lower() or "password" in str(error).lower()
        raise FileRefused(Problem.LOCKED if locked else Problem.UNREADABLE) from None
    except BaseException as panic:
        if isinstance(panic, KeyboardInterrupt | SystemExit):
            raise
        raise FileRefused(Problem.UNREADABLE) from None


def why_not_unpack(archive: zipfile.ZipFile) -> None:
    """Raise FileRefused for a zip bomb, told by its directory, before anything is unpacked."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > LARGEST_UNPACKED:
        raise FileRefused(Problem.ZIP_BOMB)
    if unpacked > RATIO_FROM and unpacked > LARGEST_RATIO * max(packed, 1):
        raise FileRefused(Problem.ZIP_BOMB)


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """The path of each sheet by its name."""
    folder = PurePosixPath("xl")
    related = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {one.get("Id"): one.get("Target", "") for one in related}
    found = {}
    for one in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter():
        if one.tag.endswith("}sheet"):
            by = next((v for k, v in one.attrib.items() if k.endswith("}id")), "")
            target = targets.get(by, "")
            path = target.lstrip("/") if target.startswith("/") else str(folder / target)
            if path in archive.namelist() and "worksheets" in path:
                found[one.get("name", "")] = path
    return found


def _measured(archive: zipfile.ZipFile, path: str) -> set[tuple[int, int]]:
    """The cells with formulas. Refuses a sheet whose cells stand too far apart.

    A reader of sheets makes room for every cell up to the last one, so one cell at the far
    corner would take all memory: bounds are asked before it opens the sheet.
    """
    meter = _Meter()
    with archive.open(path) as sheet:
        unpacked = 0
        while chunk := sheet.read(1 << 20):
            unpacked += len(chunk)
            if unpacked > LARGEST_UNPACKED:  # the directory lied
                raise FileRefused(Problem.ZIP_BOMB)
            meter.feed(chunk)
    return meter.formulas


class _Meter:
    """Walks a sheet's XML: where are its cells, which are formulas."""

    def __init__(self) -> None:
        self.formulas: set[tuple[int, int]] = set()
        self._row = self._column = self._last_row = self._last_column = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._refuse

    def feed(self, chunk: bytes) -> None:
        self._parser.Parse(chunk, False)

    def _refuse(self, *_declaration: object) -> None:
        raise FileRefused(Problem.UNREADABLE)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2]
        if tag == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif tag == "c":
            self._place(attributes.get("r", ""))
        elif tag in ("v", "is", "f"):
            self._hold()
            if tag == "f":
                self.formulas.add((self._row, self._column - 1))

    def _place(self, reference: str) -> None:
        self._column += 1
        if found := _REFERENCE.fullmatch(reference):
            self._row, self._column = int(found[2]), 0
            for letter in found[1]:
                self._column = self._column * 26 + ord(letter) - ord("A") + 1

    def _hold(self) -> None:
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)
        if self._last_row * self._last_column > MOST_CELLS:
            raise FileRefused(Problem.TOO_MANY_LINES)


def _sheet(book: CalamineWorkbook, name: str, formulas: set[tuple[int, int]]) -> Table:
    table = Table([], formulas, is_sheet=True)
    sheet = book.get_sheet_by_name(name)
    for number, line in enumerate(sheet.to_python(skip_empty_area=False), 1):
        while line and line[-1] == "":
            line.pop()
        _add(table, number, line)
    return table
