"""A table as lines of named values, each with its faults: what cards and enquiries share."""

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from wayhome.bureau.captives.reading.headings import MEND, NAMES, Headings
from wayhome.bureau.captives.reading.names import split_name
from wayhome.bureau.captives.reading.tables import (
    LARGEST_FILE,
    Cell,
    FileRefused,
    Problem,
    Table,
    read_tables,
)
from wayhome.lib.dates import DateUnreadable, PartialDate, Said, parse
from wayhome.lib.text import clean, has_mixed_scripts

ROW = "row"
AGE = "age"  # a column of which the date of birth is reckoned
AGE_ALONE = re.compile(r"\d{1,3}", re.ASCII)
LONGEST_VALUE = 1_000
NEUTRALISED = re.compile(r"'[=+\-@]")  # as `mending` writes a text that looks like a formula
IDENTIFYING = ("surname", "full_name", "service_no")
Content = tuple[tuple[str, str], ...]


class Fault(StrEnum):
    """What keeps a line from being imported."""

    NEITHER_NAME_NOR_NUMBER = "neither name nor number"
    NO_SUCH_DAY = "no such day"
    NOT_A_DATE = "not a date"
    BORN_IN_FUTURE = "born in the future"
    BEFORE_WAR = "captured before the war began"
    CAPTURED_IN_FUTURE = "captured in the future"
    NO_CAPTURE_DATE = "capture date missing"
    SAME_CARD = "the same card again"
    SAME_ENQUIRY = "the same enquiry again"
    IMPOSSIBLE_AGE = "age impossible"
    FORMULA = "formula"
    TOO_LONG = "line too long"
    UNKNOWN_RELATION = "unknown relation"
    NO_SURNAME = "surname missing"
    COLUMN_TWICE = "column recognised twice"


class Warn(StrEnum):
    """What somebody should look at; keeps nothing from being imported."""

    MIXED_SCRIPTS = "letters of two alphabets in one word"
    UNREADABLE_LETTERS = "letters that could not be read"
    NO_CAPTURE_COLUMN = "no column of capture dates"
    OTHER_SHEETS = "other sheets were not read"


@dataclass
class CardLine:
    """One line: `row` as Excel counts, `values` by field, `raw` by the file's own headings.

    Dates in `values` are EDTF texts, or "unknown", "declined", "unable".
    """

    row: int
    values: dict[str, str]
    raw: dict[str, str]
    faults: list[tuple[str, str]] = field(default_factory=list)  # (heading or "row", Fault)
    warnings: list[tuple[str, str]] = field(default_factory=list)  # (heading, Warn)

    def has(self, *names: str) -> bool:
        """Whether one of these was stated."""
        said = (Said.UNKNOWN, Said.DECLINED, Said.UNABLE)
        return any(self.values.get(name, "") not in ("", *said) for name in names)


@dataclass(frozen=True)
class FileFault:
    """One fault, as a list for a person or a program has it."""

    row: int
    field: str
    fault: str


@dataclass
class CardFile:
    """What a file holds. `columns`: its headings in order, each with its field ("" if none)."""

    name: str = ""
    columns: list[tuple[str, str]] = field(default_factory=list)
    lines: list[CardLine] = field(default_factory=list)
    problem: str = ""  # tables.Problem: then there are no lines
    heading_row: int = 0
    expected: list[str] = field(default_factory=list)  # fields, where no heading was recognised
    warnings: list[str] = field(default_factory=list)  # Warn
    file_faults: list[FileFault] = field(default_factory=list)

    @property
    def faults(self) -> list[FileFault]:
        """Every fault, by row, then in the order of the columns; the file's own first."""
        of_lines = [FileFault(line.row, *fault) for line in self.lines for fault in line.faults]
        whole = [FileFault(0, "file", self.problem)] if self.problem else []
        return whole + sorted([*self.file_faults, *of_lines], key=lambda fault: fault.row)

    @property
    def good(self) -> list[CardLine]:
        return [line for line in self.lines if not line.faults]

    @property
    def faulty(self) -> list[CardLine]:
        return [line for line in self.lines if line.faults]

    def as_json(self) -> dict[str, Any]:
        """Values that JSON can hold; `from_json` turns them back."""
        return asdict(self)

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> "CardFile":
        lines = [line_from(line) for line in told["lines"]]
        columns = [(heading, name) for heading, name in told["columns"]]
        faults = [FileFault(**fault) for fault in told["file_faults"]]
        return cls(**{**told, "lines": lines, "columns": columns, "file_faults": faults})


def line_from(told: dict[str, Any]) -> CardLine:
    """A line out of the values that JSON can hold."""
    faults = [(at, fault) for at, fault in told["faults"]]
    warnings = [(at, warning) for at, warning in told["warnings"]]
    return CardLine(told["row"], told["values"], told["raw"], faults, warnings)


@dataclass(frozen=True)
class Kind:
    """A kind of file: its headings, which columns are dates, what is checked on a line."""

    headings: Headings
    dates: tuple[str, ...]
    own_checks: "Callable[[Draft], None]"
    same_again: Fault
    number: str  # the field that says nothing about the person: the list's number
    today: date


class Draft:
    """A line while it is read: its cells, and what is found on the way."""

    def __init__(self, line: CardLine, heading_of: dict[str, str], cells: dict[str, Cell]) -> None:
        self.line, self.heading_of, self.cells = line, heading_of, cells
        self.dates: dict[str, PartialDate] = {}

    def fault(self, name: str, fault: Fault) -> None:
        self.line.faults.append((self.heading_of.get(name, name), str(fault)))

    def has(self, *names: str) -> bool:
        return self.line.has(*names)


def content_of(file: Path | bytes) -> bytes:
    """The bytes of a file, one too many where it is too large. Raises FileRefused."""
    if isinstance(file, bytes):
        return file
    try:
        with file.open("rb") as opened:
            return opened.read(LARGEST_FILE + 1)
    except OSError:
        raise FileRefused(Problem.UNREADABLE) from None


def read_lines(file: Path | bytes, *, name: str, kind: Kind) -> CardFile:
    """Read and check a whole file. Never raises for what the file holds."""
    read = CardFile(name=clean(name))
    try:
        table, place, headings = _best_table(read_tables(content_of(file)), kind, read)
    except FileRefused as refused:
        read.problem = str(refused.problem)
        return read
    if place < 0:
        read.problem, read.expected = str(Problem.NO_HEADING), list(kind.headings.fields)
        return read
    read.heading_row = table.rows[place][0]
    read.columns = _columns(headings, kind, read)
    _read_rows(table, place, kind, read)
    return read


def _best_table(tables: list[Table], kind: Kind, read: CardFile) -> tuple[Table, int, list[str]]:
    """The table with most headings: the sheet, or the way to split a CSV."""
    found = [(table, *kind.headings.find(table)) for table in tables]
    best = max(found, key=lambda one: kind.headings.recognised(one[2]), default=(Table([]), -1, []))
    if sum(place >= 0 and table.is_sheet for table, place, _ in found) > 1:
        read.warnings.append(Warn.OTHER_SHEETS)
    return best


def _columns(headings: list[str], kind: Kind, read: CardFile) -> list[tuple[str, str]]:
    """Headings made unlike each other, with their fields; a field twice is a fault of the file.

    An age stands for the date of birth where no column has that.
    """
    columns: list[tuple[str, str]] = []
    seen: dict[str, int] = {}
    for place, heading in enumerate(headings, 1):
        name = kind.headings.field_of(heading) if heading else ""
        shown = heading or f"({place})"
        seen[shown] = seen.get(shown, 0) + 1
        shown = shown if seen[shown] == 1 else f"{shown} ({seen[shown]})"
        if name and name in [taken for _, taken in columns]:
            read.file_faults.append(FileFault(read.heading_row, shown, Fault.COLUMN_TWICE))
            name = ""
        columns.append((shown, name))
    told = "" if any(name == "born" for _, name in columns) else "born"
    return [(shown, told if name == AGE else name) for shown, name in columns]


def _read_rows(table: Table, place: int, kind: Kind, read: CardFile) -> None:
    headings = heading_of(read.columns)
    known: set[Content] = set()
    for number, row in table.rows[place + 1 :]:
        draft = _draft(number, row, read.columns, headings)
        if number in table.too_long:
            draft.fault(ROW, Fault.TOO_LONG)
        _formulas(draft, table, read.columns)
        _read_dates(draft, kind)
        _split(draft)
        kind.own_checks(draft)
        _same_again(draft, kind, known)
        read.lines.append(draft.line)


def _draft(
    number: int, row: list[Cell], columns: list[tuple[str, str]], heading_of: dict[str, str]
) -> Draft:
    line = CardLine(number, {}, {})
    cells: dict[str, Cell] = {}
    for place, (heading, name) in enumerate(columns):
        if name == MEND:
            continue
        cell = row[place] if place < len(row) else ""
        text = cell_text(cell)
        if text or name:
            line.raw[heading] = text
        if name:
            cells[name] = cell
            line.values[name] = text
            _look(line, heading, text)
    extra = [cell_text(cell) for cell in row[len(columns) :]]
    if any(extra):
        line.raw["…"] = clean(" | ".join(extra))
    return Draft(line, heading_of, cells)


def _look(line: CardLine, heading: str, text: str) -> None:
    if "\ufffd" in text:
        line.warnings.append((heading, str(Warn.UNREADABLE_LETTERS)))
    elif not text.isascii() and has_mixed_scripts(text):
        line.warnings.append((heading, str(Warn.MIXED_SCRIPTS)))


def cell_text(cell: Cell) -> str:
    """A cell as text: a whole number without its point, a day as ISO writes it."""
    if isinstance(cell, str):
        text = clean(cell, longest=LONGEST_VALUE)
        return text[1:] if NEUTRALISED.match(text) else text
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime) and (cell.hour, cell.minute, cell.second) == (0, 0, 0):
        return cell.date().isoformat()
    return clean(str(cell))


def _formulas(draft: Draft, table: Table, columns: list[tuple[str, str]]) -> None:
    """A formula is a fault: the value kept beside it may be stale, or anything at all."""
    if table.formulas:
        for place, (heading, _) in enumerate(columns):
            if (draft.line.row, place) in table.formulas:
                draft.fault(heading, Fault.FORMULA)


def _read_dates(draft: Draft, kind: Kind) -> None:
    """`captured_on` is read before `born`: an age is counted from the capture."""
    for name in kind.dates:
        if name not in draft.cells:
            continue
        captured = draft.dates.get("captured_on", PartialDate()).earliest() or kind.today
        age_on = min(captured, kind.today)
        try:
            read = parse(_as_typed(draft, name, kind), today=kind.today, age_on=age_on)
        except DateUnreadable as error:
            draft.fault(name, Fault(str(error.why)))
            continue
        draft.dates[name] = read
        draft.line.values[name] = read.text or str(read.said)


def _as_typed(draft: Draft, name: str, kind: Kind) -> Cell:
    cell, text = draft.cells[name], draft.line.values[name]
    if AGE_ALONE.fullmatch(text) and kind.headings.field_of(draft.heading_of[name]) == AGE:
        return f"{text} years"
    return text if isinstance(cell, str) else cell


def _split(draft: Draft) -> None:
    values = draft.line.values
    if values.get("full_name") and not any(values.get(name) for name in NAMES[:3]):
        parts = split_name(values["full_name"])
        values.update(zip(NAMES[:3], parts, strict=True))


def _same_again(draft: Draft, kind: Kind, known: set[Content]) -> None:
    """The same content again: the later lines are at fault. See `content_of_line`."""
    content = content_of_line(draft.line, draft.heading_of, kind.number)
    if not is_telling(draft.line):
        return
    if content in known:
        draft.fault(ROW, kind.same_again)
    known.add(content)


def heading_of(columns: list[tuple[str, str]]) -> dict[str, str]:
    """The heading of each field."""
    return {name: heading for heading, name in columns if name}


def content_of_line(line: CardLine, headings: dict[str, str], number: str) -> Content:
    """What a line says, but for its number on the list: equal for the same line again.

    A day counts as the day it means, however written.
    """
    own = {headings[name] for name in line.values if name in headings}
    kept = {**{k: v for k, v in line.raw.items() if k not in own}, **line.values}
    kept.pop(number, None)
    return tuple(sorted((k, v.casefold()) for k, v in kept.items() if v))


def is_telling(line: CardLine) -> bool:
    """Whether an equal line means the same man.

    One without name and number, or with nothing but a surname, may well be another's.
    """
    return line.has(*IDENTIFYING) and line.has("given", "service_no")
