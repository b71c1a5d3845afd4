"""Delimited text as rows of cells with their lines; whatever the bytes are, rows or faults."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .records import Fault, FaultyFile, shown

LARGEST_FILE_BYTES = 64 * 2**20
MOST_COLUMNS = 1_000
DELIMITERS = "\t;,|"


@dataclass(frozen=True)
class Table:
    """Headings, told alike however they are written, and rows of as many cells."""

    headings: tuple[str, ...]
    titles: tuple[str, ...]  # as they are written
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    faults: tuple[Fault, ...]

    def column(self, *names: str) -> int | None:
        """The place of the first of these headings that there is."""
        return next((self.headings.index(name) for name in names if name in self.headings), None)

    def columns(self, pattern: str) -> list[int]:
        """The places of all headings like this, from the left."""
        return [n for n, name in enumerate(self.headings) if re.fullmatch(pattern, name)]


def text_of(data: bytes) -> str:
    """The text of a file, UTF-8 or UTF-16 with its mark. Raises FaultyFile."""
    if len(data) > LARGEST_FILE_BYTES:
        raise _whole(f"{len(data)} bytes; expected {LARGEST_FILE_BYTES} at most")
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        fault = Fault(line, "", f"byte {data[error.start]:#x} is not UTF-8; save the file as UTF-8")
        raise FaultyFile([fault]) from None
    if not text.strip("\x00 \r\n\t"):
        raise _whole("it is empty; expected a table")
    return text


def _whole(fault: str) -> FaultyFile:
    return FaultyFile([Fault(0, "", fault)])


def read_table(data: bytes, *, only_headings: bool = False) -> Table:
    """A table with one line of headings. Raises FaultyFile where there is none."""
    text = text_of(data)
    lines = _rows(text, _delimiter(text))
    number, titles = next(lines, (1, ("",)))
    titles = tuple(title.strip() for title in titles)
    if len(titles) > MOST_COLUMNS:
        raise FaultyFile([Fault(number, "", f"{len(titles)} columns; {MOST_COLUMNS} at most")])
    rows, faults = [], []
    for line, cells in () if only_headings else lines:
        if len(cells) > len(titles) and any(cell.strip() for cell in cells[len(titles) :]):
            found = f"{len(cells)} cells; expected {len(titles)}, as there are headings"
            faults.append(Fault(line, "", found))
        elif cells[:1] == (_UNREADABLE,):
            faults.append(Fault(line, "", "the line cannot be read; expected cells and delimiters"))
        elif any(cell.strip() for cell in cells):
            rows.append((line, (*cells, *[""] * (len(titles) - len(cells)))[: len(titles)]))
    return Table(tuple(map(_alike, titles)), titles, tuple(rows), tuple(faults))


_UNREADABLE = "\x00unreadable"


def _rows(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    if delimiter == " ":
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip():
                yield number, tuple(cell.strip('"') for cell in line.split())
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        before = reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield before + 1, (_UNREADABLE,)
            continue
        if any(cells):
            yield before + 1, tuple(cells)


def _delimiter(text: str) -> str:
    heading = next((line for line in text.splitlines() if line.strip()), "")
    best = max(DELIMITERS, key=heading.count)
    return best if heading.count(best) else " "


def _alike(title: str) -> str:
    return re.sub(r"[^a-z0-9]", "", title.lower())


def number_in(text: str) -> float | None:
    """A decimal number, with a point or a comma."""
    plain = text.strip().replace(",", ".")
    return float(plain) if re.fullmatch(r"\d*\.?\d+([eE][-+]?\d{1,3})?", plain) else None


def as_csv(rows: Sequence[Sequence[str]], delimiter: str = ",") -> bytes:
    """Rows as UTF-8 text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def missing_headings(table: Table, wanted: Mapping[str, int | None]) -> None:
    """Raise FaultyFile unless every wanted column is there."""
    lacking = [name for name, place in wanted.items() if place is None]
    if lacking:
        found = ", ".join(map(shown, table.titles[:12]))
        raise FaultyFile([Fault(1, name, f"no such column among {found}") for name in lacking])
