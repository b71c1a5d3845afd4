"""CSV files of millions of rows, read as columns: the distinct values of each, and a code a row.

Most lines are taken apart by machine code. A line with anything unusual in it (a quotation mark
inside a field, a line break, bytes that are not UTF-8, too few fields) goes to Python's own reader,
which decides; that is also where a fault gets its words. Rows that cannot be used are set aside.
What divides the fields is told by the heading, and what is not UTF-8 becomes so before all else.
"""

import csv
import gzip
import os
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .dates import read_born
from .encoding import UTF8, encoding_of, to_utf8
from .letters import says_nothing
from .persons import Description

FIELDS = {
    "surname": "surname", "given": "given", "patronymic": "patronymic", "full_name": "full_name",
    "dob": "born", "birthplace": "birthplace", "unit": "unit", "rank": "rank",
    "service_no": "service_no", "mother_name": "mother_name",
    "father_name": "father_name", "comrade": "comrade", "kind": "kind",
}  # fmt: skip
DIVIDERS = (",", ";", "\t", "|")
BLOCK = 1 << 25  # bytes of a file at a time
LOOKED_AT = 1 << 25  # bytes that tell in which encoding a file is
PACKED_READ = 8192  # at a time, of a packed file: what stands before damage is all read
LONGEST_LINE = 100_000  # bytes; a longer one goes to Python's reader, which has a limit
ROWS_AT_ONCE = 1 << 17
FEWEST_FIELDS = 4  # a line of a remark may have the commas of a row of fewer
NOT_CLOSED = "a quotation mark is not closed"
BREAKS_OFF = "the file breaks off"

Codes = NDArray[np.int32]
Bytes = NDArray[np.uint8]
Progress = Callable[[int, int], None]


class UnreadableFile(ValueError):
    """Nothing in a file could be read."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A row, or one field of it, that was set aside."""

    file: str
    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}, line {self.line}: {field}{self.reason}"


class Texts(Sequence[str]):
    """Many texts in one array of bytes: text n is data[starts[n]:starts[n + 1]], in UTF-8."""

    def __init__(self, data: Bytes, starts: NDArray[np.int64]) -> None:
        self.data, self.starts = data, starts

    def __len__(self) -> int:
        return len(self.starts) - 1

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[x] for x in range(*place.indices(len(self)))]
        place = int(place)
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        place %= len(self)
        return self.data[self.starts[place] : self.starts[place + 1]].tobytes().decode()

    def __iter__(self) -> Iterator[str]:
        data = self.data.tobytes()
        for start, end in pairwise(self.starts.tolist()):
            yield data[start:end].decode()

    def taken(self, places: NDArray[Any]) -> "Texts":
        """The texts at these places, in this order."""
        sizes = np.diff(self.starts)[places]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return Texts(_gathered(self.data, self.starts, places, starts), starts)


class Column(NamedTuple):
    """The distinct values of a column, "" first, and which of them each row has."""

    values: Texts
    codes: Codes


@dataclass(slots=True)
class Sheet:
    """What came out of a file: ids and columns of the rows that can be used, and the rejects.

    `columns` has the file's known columns (FIELDS) by their heading; those it lacks are not there.
    """

    ids: Texts
    columns: dict[str, Column]
    rejects: list[Reject] = field(default_factory=list)
    unused: list[tuple[int, str]] = field(default_factory=list)  # (used rows before it, its id)
    read_as: str = ""  # in words, if it is not UTF-8 with commas

    def __len__(self) -> int:
        return len(self.ids)

    def description(self, row: int) -> Description:
        """One row as the core compares it."""
        values = {FIELDS[x]: column.values[column.codes[row]] for x, column in self.columns.items()}
        return Description(id=self.ids[row], **values)

    def descriptions(self) -> Iterator[Description]:
        """All rows, in the order of the file."""
        named = [(FIELDS[x], list(y.values), y.codes.tolist()) for x, y in self.columns.items()]
        for row, id in enumerate(self.ids):
            yield Description(id=id, **{x: values[codes[row]] for x, values, codes in named})

    def row_of(self, id: str) -> int | None:
        """The row of an id."""
        wanted = id.encode("utf-8", "surrogateescape")
        sizes = np.flatnonzero(np.diff(self.ids.starts) == len(wanted))
        for row in sizes.tolist():
            start = self.ids.starts[row]
            if self.ids.data[start : start + len(wanted)].tobytes() == wanted:
                return int(row)
        return None


def read_sheet(path: Path, id_column: str, *, progress: Progress | None = None) -> Sheet:
    """Read a CSV file (.csv or .csv.gz), setting aside the rows that cannot be used.

    It may be UTF-8, UTF-16 or Windows-1251, and divided by commas, semicolons, tabs or bars; which
    of these is told by its contents. `progress` hears how many bytes of the file are read, of how
    many. Raises UnreadableFile if no row can be used, or there is no column of ids.
    """
    with _opened(path, id_column, progress) as lines:
        return _Reading(path.name, id_column, lines).sheet()


class Rows(NamedTuple):
    """Rows of a file that is no list of persons: line and cells by heading; and the rejects."""

    found: list[tuple[int, dict[str, str]]]
    rejects: list[Reject]


def read_rows(path: Path, *columns: str, progress: Progress | None = None) -> Rows:
    """Read a CSV file with these columns, and any others, as `read_sheet` does.

    Raises UnreadableFile if one of them is missing.
    """
    with _opened(path, columns[0], progress) as lines:
        rows = _Rows(path.name, columns[0], lines)
        for column in columns:
            if column not in rows.heading:
                raise UnreadableFile(f"{path.name}: no column {column}")
        found = []
        while (row := rows.next_row()) is not None:
            if row and (field := _field_that_is_no_text(row)):
                rows.set_aside(lines.number, field, f"not {lines.encoding}")
            elif row:
                found.append((lines.number, {x: y.strip() for x, y in row.items()}))
        if lines.broken:
            rows.set_aside(lines.number, "", f"{BREAKS_OFF}: {lines.broken}")
    return Rows(found, rows.rejects)


@contextmanager
def _opened(path: Path, column: str, progress: Progress | None = None) -> Iterator["_Lines"]:
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            told = (lambda: progress(min(raw.tell(), size), size)) if progress else (lambda: None)
            yield _Lines(raw, column, packed=path.suffix == ".gz", told=told)
    except OSError as error:
        raise UnreadableFile(f"{path.name}: {error.strerror}") from error


class _Lines:
    """A file in blocks of whole lines, in UTF-8; remembers how far it was read."""

    def __init__(
        self, raw: BinaryIO, id_column: str, *, packed: bool, told: Callable[[], None]
    ) -> None:
        self._told = told
        source: Any = gzip.GzipFile(fileobj=raw) if packed else raw
        self._read = partial(source.read1, PACKED_READ) if packed else partial(source.read, BLOCK)
        self._rest = b""
        self._ended = False
        self.broken = ""
        self.block = b""
        self.place = 0  # of the next line, in the block
        self.number = 0  # of lines read, as csv counts them
        self._mark: tuple[int, int] | None = None  # place and number to go back to
        self._pieces = deque(self._first_pieces())
        head = b"".join(self._pieces)
        self.encoding = encoding_of(head, id_column)
        self._to_utf8 = to_utf8(self.encoding, head)
        if self.next_block() and self.block.startswith(b"\xef\xbb\xbf"):
            self.place = 3

    def _first_pieces(self) -> Iterator[bytes]:
        size = 0
        while size < LOOKED_AT and (piece := self._piece()):
            yield piece
            size += len(piece)

    def _piece(self) -> bytes:
        """The next bytes of the file; none at its end, or where it is damaged."""
        if not self.broken:
            try:
                piece: bytes = self._read()
                return piece
            except (OSError, EOFError, zlib.error) as error:
                self.broken = str(error) or "damaged"
        return b""

    def next_block(self) -> bool:
        """Go on to the next whole lines; False at the end of the file.

        What was read since a mark stands before them.
        """
        kept, self._mark = self._since_mark()
        pieces, size = [kept, self._rest], len(self._rest)
        self._rest = b""
        while not self._ended:
            read = self._pieces.popleft() if self._pieces else self._piece()
            self._ended = not read
            piece = self._to_utf8(read)
            pieces.append(piece)
            size += len(piece)
            if size >= BLOCK and b"\n" in piece:
                break
        self.block, self.place = b"".join(pieces), len(kept)
        if not self._ended or self.broken:
            end = max(self.block.rfind(b"\n") + 1, len(kept))
            # What a broken file ends with is no line; else it is kept for the next block.
            self._rest = b"" if self._ended else self.block[end:]
            self.block = self.block[:end]
        self._told()
        return len(self.block) > len(kept)

    def _since_mark(self) -> tuple[bytes, tuple[int, int] | None]:
        if self._mark is None:
            return b"", None
        place, number = self._mark
        return self.block[place:], (0, number)

    @contextmanager
    def marked(self) -> Iterator[None]:
        """As long as this lasts, `back` goes to where it began."""
        self._mark = self.place, self.number
        try:
            yield
        finally:
            self._mark = None

    def since_mark(self) -> str:
        """What was read since the mark."""
        assert self._mark is not None
        return self.block[self._mark[0] : self.place].decode("utf-8", "surrogateescape")

    def back(self) -> None:
        """Go back to the mark."""
        assert self._mark is not None
        self.place, self.number = self._mark

    def texts(self) -> Iterator[str]:
        """Line after line as Python's reader wants them; `place` and `number` go along."""
        while True:
            if self.place >= len(self.block) and not self.next_block():
                if self.broken:
                    raise EOFError
                return
            match = _LINE.match(self.block, self.place)
            assert match
            self.place = match.end()
            self.number += 1
            yield match[0].decode("utf-8", "surrogateescape")


_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r|\Z)")


@dataclass
class Words:
    """The distinct values of one column as they come, with a table to find them by."""

    data: Bytes = field(default_factory=lambda: np.zeros(1 << 12, np.uint8))
    starts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(1 << 8, np.int64))
    hashes: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(1 << 8, np.uint32))
    slots: NDArray[np.uint64] = field(default_factory=lambda: np.zeros(1 << 9, np.uint64))
    count: int = 0

    def make_room(self, values: int, bytes: int) -> None:
        """Room for so many further values of so many bytes."""
        wanted = self.count + values + 2
        if wanted >= len(self.starts):
            size = max(wanted, 2 * len(self.starts))
            self.starts = _longer(self.starts, size + 1)
        if self.starts[self.count] + bytes > len(self.data):
            size = int(self.starts[self.count]) + bytes
            self.data = _longer(self.data, max(size, 2 * len(self.data)))

    def make_slots(self, values: int) -> None:
        """Slots for so many further values, few enough to be found at once."""
        wanted = self.count + values
        if wanted > len(self.hashes):
            self.hashes = _longer(self.hashes, max(wanted, 2 * len(self.hashes)))
        if 2 * wanted > len(self.slots):
            self.slots = _placed(self.hashes, self.count, 1 << int(3 * wanted).bit_length())

    def take(self, block: Bytes, spans: NDArray[np.int32]) -> Codes:
        """The number of each span of a block, new ones put in."""
        codes = np.empty(len(spans), np.int32)
        done = 0
        while done < len(spans):
            some = spans[done : done + ROWS_AT_ONCE]
            self.make_room(len(some), int((some[:, 1] - some[:, 0]).sum()))
            self.make_slots(len(some))
            self.count = _taken_in(
                block, some, self.data, self.starts, self.hashes, self.slots, self.count,
                codes[done : done + len(some)],
            )  # fmt: skip
            done += len(some)
        return codes

    def append(self, block: Bytes, spans: NDArray[np.int32]) -> bool:
        """Take values as they come, equal ones too; say whether each is greater than the last."""
        self.make_room(len(spans), int((spans[:, 1] - spans[:, 0]).sum()))
        rising = _appended(block, spans, self.data, self.starts, self.count)
        self.count += len(spans)
        return rising

    def texts(self) -> Texts:
        """All values."""
        starts = self.starts[: self.count + 1]
        return Texts(self.data[: starts[-1]], starts)


def holds_rows(text: str, divider: str, fields: int) -> bool:
    """Whether each line of a quoted text is a row: its marks are two, each in a row of its own."""
    lines = re.split(r"\r\n|\n|\r", text.rstrip("\r\n"))
    return fields >= FEWEST_FIELDS and all(x.count(divider) == fields - 1 for x in lines)


def _longer(array: NDArray[Any], size: int) -> NDArray[Any]:
    new = np.zeros(size, array.dtype)
    new[: len(array)] = array
    return new


class _Rows:
    """The rows of a file as Python's reader reads them, after its headings."""

    def __init__(self, file: str, column: str, lines: _Lines) -> None:
        self.file, self.column, self.lines = file, column, lines
        self.rejects: list[Reject] = []
        self.divider = DIVIDERS[0]
        self.heading = self._heading()

    def set_aside(self, line: int, field: str, reason: str) -> None:
        """A row, or one field of it, that cannot be used."""
        self.rejects.append(Reject(self.file, line, field, reason))

    def next_row(self) -> dict[str, str] | None:
        """The row that begins here, empty if it is or is set aside; None at the end of the file."""
        cells = self._row_of_python(len(self.heading))
        if not cells:
            return None if cells is None else {}
        if len(cells) != len(self.heading):
            fault = f"{len(cells)} fields instead of {len(self.heading)}"
            self.set_aside(self.lines.number, "", fault)
            return {}
        return dict(zip(self.heading, cells, strict=True))

    def _heading(self) -> list[str]:
        """The headings; finds out what divides them, too."""
        while True:
            for self.divider in DIVIDERS:
                with self.lines.marked():
                    cells, _ = self._row_that_begins_here()
                    heading = [x.strip().casefold() for x in cells or ()]
                    if self.column in heading:
                        return heading
                    self.lines.back()
            self.divider = DIVIDERS[0]
            cells = self._row_of_python()
            if cells is None:
                raise UnreadableFile(f"{self.file}: no row could be read")
            if cells:
                raise UnreadableFile(f"{self.file}: no column {self.column}")

    def _row_of_python(self, fields: int = 0) -> list[str] | None:
        """The row that begins here, as Python's reader reads it; None at the end of the file.

        A fault, or a row of several lines that has not so many fields or of which each line would
        be a row, costs one line, for which no cell is returned: the next one is read anew.
        """
        lines = self.lines
        with lines.marked():
            first = lines.number + 1
            cells, fault = self._row_that_begins_here()
            if lines.number > first and (
                fault
                or (cells and fields and len(cells) != fields)
                or holds_rows(lines.since_mark(), self.divider, fields)
            ):
                lines.back()
                next(lines.texts())
                fault = NOT_CLOSED
        if fault:
            self.set_aside(first, "", fault)
            return []
        return cells

    def _row_that_begins_here(self) -> tuple[list[str] | None, str]:
        """Its cells, or None at the end of the file, and what is wrong."""
        before = self.lines.number
        try:
            reader = csv.reader(self.lines.texts(), strict=True, delimiter=self.divider)
            return next(reader), ""
        except (StopIteration, EOFError):
            return None, NOT_CLOSED if self.lines.number > before else ""
        except csv.Error as error:
            return None, NOT_CLOSED if str(error) == "unexpected end of data" else str(error)


class _Reading(_Rows):
    """One file on its way into columns."""

    def __init__(self, file: str, id_column: str, lines: _Lines) -> None:
        super().__init__(file, id_column, lines)
        last = {name: place for place, name in enumerate(self.heading)}
        self.names = [id_column, *(x for x in FIELDS if x in last)]
        self.columns = range(len(self.names))
        self.at = np.array([last[x] for x in self.names], np.int64)
        self.words = [Words() for _ in self.names]
        for words in self.words[1:]:
            words.take(np.zeros(1, np.uint8), np.zeros((1, 2), np.int32))  # "" has code 0
        self.rising = True  # each id greater than the one before it, so that none stands twice
        self.codes: list[list[Codes]] = [[] for _ in self.names]
        self.spans = np.empty((ROWS_AT_ONCE, len(self.names), 2), np.int32)
        self.line_numbers = np.empty(ROWS_AT_ONCE, np.int64)
        self.pool = ThreadPoolExecutor(len(os.sched_getaffinity(0)))
        self.numbers: list[NDArray[np.int64]] = []
        # Rows with a fault of their own: place among all rows, and what is wrong.
        self.count = 0
        self.not_text: dict[int, tuple[str, str]] = {}

    def sheet(self) -> Sheet:
        """Everything there is."""
        lines = self.lines
        while lines.place < len(lines.block) or lines.next_block():
            self._take_block()
        self.pool.shutdown()
        sheet = self._finished()
        if lines.broken:
            self.set_aside(lines.number, "", f"{BREAKS_OFF}: {lines.broken}")
        return sheet

    def _take_block(self) -> None:
        """Take in lines until the block is done."""
        lines = self.lines
        block = np.frombuffer(lines.block, np.uint8)
        spans, numbers = self.spans, self.line_numbers
        while lines.place < len(lines.block):
            rows, place, read, unusual = _apart(
                block, lines.place, self.at, len(self.heading), ord(self.divider), spans, numbers
            )
            numbers[:rows] += lines.number
            lines.place, lines.number = place, lines.number + read
            if rows:
                self._take_rows(block, spans[:rows], numbers[:rows])
            if unusual:
                current = lines.block
                self._take_unusual()
                if lines.block is not current:
                    return

    def _take_rows(
        self, block: Bytes, spans: NDArray[np.int32], numbers: NDArray[np.int64]
    ) -> None:
        self.numbers.append(numbers.copy())
        found = self.pool.map(
            lambda column: self.words[column].take(block, spans[:, column]), self.columns[1:]
        )
        self.rising &= self.words[0].append(block, spans[:, 0])
        for column, codes in zip(self.columns[1:], found, strict=True):
            self.codes[column].append(codes)
        self.count += len(numbers)

    def _take_unusual(self) -> None:
        """Let Python read the next row."""
        row = self.next_row()
        if not row:
            return
        if field := _field_that_is_no_text(row):
            self.not_text[self.count] = (field, f"not {self.lines.encoding}")
            row = dict.fromkeys(self.heading, "") | {self.column: row[self.column]}
        values = [row[x].strip().encode("utf-8", "surrogateescape") for x in self.names]
        ends = np.cumsum([len(x) for x in values])
        spans = np.stack([ends - [len(x) for x in values], ends], axis=1).astype(np.int32)
        block = np.frombuffer(b"".join(values) or b" ", np.uint8)
        self._take_rows(block, spans[None], np.array([self.lines.number], np.int64))

    def _finished(self) -> Sheet:
        """The sheet of the rows that can be used."""
        codes = [np.concatenate(x) if x else np.zeros(0, np.int32) for x in self.codes]
        numbers = np.concatenate(self.numbers) if self.numbers else np.zeros(0, np.int64)
        ids = self.words[0].texts()
        empty = np.diff(ids.starts) == 0
        known = np.zeros(self.count, np.bool_)
        for name, column in zip(self.names[1:], codes[1:], strict=True):
            if name != "kind":
                known |= column > 0
        text = np.ones(self.count, np.bool_)
        text[list(self.not_text)] = False
        good = ~empty & known & text
        twice = ~empty & self._twice(ids, good)
        used = np.flatnonzero(good & ~twice)
        if not len(used):
            raise UnreadableFile(f"{self.file}: no row could be read")
        self._reject(np.flatnonzero(~good | twice), empty, twice, numbers)
        columns = {
            name: _borne(words.texts(), column, used)
            for name, words, column in zip(self.names[1:], self.words[1:], codes[1:], strict=True)
        }
        self._reject_dates(columns, numbers[used])
        self.rejects.sort(key=lambda x: x.line)
        kept = ids if len(used) == self.count else ids.taken(used)
        return Sheet(
            kept,
            columns,
            self.rejects,
            unused=[
                (int(np.searchsorted(used, row)), id)
                for row in np.flatnonzero(~empty & ~good & ~twice).tolist()
                if (id := _text_of(ids, row)) is not None
            ],
            read_as=self._read_as(),
        )

    def _read_as(self) -> str:
        told = [] if self.lines.encoding == UTF8 else [self.lines.encoding]
        if self.divider != DIVIDERS[0]:
            told.append(f"fields divided by {_DIVIDER_WORDS[self.divider]}")
        return ", ".join(told)

    def _twice(self, ids: Texts, good: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Rows before which a good row of the same id stands."""
        if self.rising:
            return np.zeros(self.count, np.bool_)
        words, codes = Words(), []
        for start in range(0, self.count, ROWS_AT_ONCE):
            starts = ids.starts[start : start + ROWS_AT_ONCE + 1]
            spans = (starts - starts[0]).astype(np.int32)
            codes.append(words.take(ids.data[starts[0] :], np.stack([spans[:-1], spans[1:]], 1)))
        same = np.concatenate(codes)
        places = np.flatnonzero(good)[::-1]
        first = np.full(words.count, self.count, np.int64)
        first[same[places]] = places  # of several rows the last that is put, the first in the file
        return np.asarray(first[same] < np.arange(self.count))

    def _reject(
        self,
        rows: NDArray[Any],
        empty: NDArray[np.bool_],
        twice: NDArray[np.bool_],
        numbers: NDArray[np.int64],
    ) -> None:
        for row in rows.tolist():
            if empty[row]:
                fault = self.column, "empty"
            elif twice[row]:
                fault = self.column, "stands in the file twice; the first is used"
            else:
                fault = self.not_text.get(row, ("", "nothing is told of him"))
            self.set_aside(int(numbers[row]), *fault)

    def _reject_dates(self, columns: dict[str, Column], numbers: NDArray[np.int64]) -> None:
        if "dob" not in columns:
            return
        dates = columns["dob"]
        told = (not says_nothing(x) and not read_born(x).year for x in dates.values)
        bad = np.array(list(told), np.bool_)
        if bad.any():
            for row in np.flatnonzero(bad[dates.codes]).tolist():
                reason = "not a date; the row is used without it"
                self.set_aside(int(numbers[row]), "dob", reason)


_DIVIDER_WORDS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def _field_that_is_no_text(row: dict[str, str]) -> str:
    """The first such field, or ""."""
    for name, value in row.items():
        if any("\ud800" <= x <= "\udfff" for x in value):
            return name
    return ""


def _text_of(ids: Texts, row: int) -> str | None:
    """An id, if it is text."""
    try:
        id: str = ids[row]
    except UnicodeDecodeError:
        return None
    return id


def _borne(values: Texts, codes: Codes, used: NDArray[np.int64]) -> Column:
    """The column of the rows that are used, with no value that none of them has."""
    if len(used) == len(codes):
        return Column(values, codes)
    kept = np.zeros(len(values), np.bool_)
    kept[codes[used]] = True
    kept[0] = True
    new = (np.cumsum(kept) - 1).astype(np.int32)
    return Column(values.taken(np.flatnonzero(kept)), new[codes[used]])


@compiled
def _hash(block: Bytes, start: int, end: int) -> np.uint32:
    """A number for bytes, eight at a time; a mixing step after Austin Appleby's murmur hash."""
    value = np.uint64(0xCBF29CE484222325) ^ np.uint64(end - start)
    place = start
    while place + 8 <= end:
        word = np.uint64(0)
        for step in range(8):
            word |= np.uint64(block[place + step]) << np.uint64(8 * step)
        value = (value ^ word) * np.uint64(0xFF51AFD7ED558CCD)
        value ^= value >> np.uint64(32)
        place += 8
    word = np.uint64(0)
    for step in range(end - place):
        word |= np.uint64(block[place + step]) << np.uint64(8 * step)
    value = (value ^ word) * np.uint64(0xFF51AFD7ED558CCD)
    value ^= value >> np.uint64(32)
    value *= np.uint64(0xC4CEB9FE1A85EC53)
    value ^= value >> np.uint64(29)
    return np.uint32(value & np.uint64(0xFFFFFFFF))


@compiled
def _placed(hashes: NDArray[np.uint32], count: int, size: int) -> NDArray[np.uint64]:
    """A table of so many slots; one holds a value's hash and, below it, its number and one."""
    slots = np.zeros(size, np.uint64)
    for number in range(count):
        slot = np.int64(hashes[number]) & (size - 1)
        while slots[slot]:
            slot = (slot + 1) & (size - 1)
        slots[slot] = np.uint64(hashes[number]) << np.uint64(32) | np.uint64(number + 1)
    return slots


@compiled
def _taken_in(
    block: Bytes,
    spans: NDArray[np.int32],
    data: Bytes,
    starts: NDArray[np.int64],
    hashes: NDArray[np.uint32],
    slots: NDArray[np.uint64],
    count: int,
    codes: Codes,
) -> int:
    """Put spans into the table; what they are numbered goes to `codes`. There is room enough."""
    mask = len(slots) - 1
    for row in range(len(spans)):
        start, end = spans[row, 0], spans[row, 1]
        hashed = _hash(block, start, end)
        slot = np.int64(hashed) & mask
        while True:
            held = slots[slot]
            if held == 0:
                _put(block, start, end, data, starts, count)
                hashes[count] = hashed
                count += 1
                slots[slot] = np.uint64(hashed) << np.uint64(32) | np.uint64(count)
                codes[row] = count - 1
                break
            number = np.int64(held & np.uint64(0xFFFFFFFF)) - 1
            if held >> np.uint64(32) == hashed and _equal(
                block, start, end, data, starts[number], starts[number + 1]
            ):
                codes[row] = number
                break
            slot = (slot + 1) & mask
    return count


@compiled
def _put(
    block: Bytes, start: int, end: int, data: Bytes, starts: NDArray[np.int64], count: int
) -> None:
    """Put bytes behind the others."""
    at = starts[count]
    for step in range(end - start):
        data[at + step] = block[start + step]
    starts[count + 1] = at + end - start


@compiled
def _equal(block: Bytes, start: int, end: int, data: Bytes, at: int, stop: int) -> bool:
    if stop - at != end - start:
        return False
    while start < end and data[at] == block[start]:
        at, start = at + 1, start + 1
    return start == end


@compiled
def _appended(
    block: Bytes,
    spans: NDArray[np.int32],
    data: Bytes,
    starts: NDArray[np.int64],
    count: int,
) -> bool:
    """Put all spans behind the others; say whether each is greater than the one before it."""
    rising = True
    for row in range(len(spans)):
        start, end = spans[row, 0], spans[row, 1]
        _put(block, start, end, data, starts, count)
        if count:
            rising &= _greater(data, starts[count - 1], starts[count], starts[count + 1])
        count += 1
    return rising


@compiled
def _greater(data: Bytes, one: int, other: int, end: int) -> bool:
    """Whether the bytes at `other` come after those at `one`, which stand right before them."""
    size, length = other - one, end - other
    for step in range(min(size, length)):
        if data[one + step] != data[other + step]:
            return bool(data[one + step] < data[other + step])
    return length > size


@compiled
def _apart(
    block: Bytes,
    place: int,
    wanted: NDArray[np.int64],
    fields: int,
    divider: int,
    spans: NDArray[np.int32],
    numbers: NDArray[np.int64],
) -> tuple[int, int, int, bool]:
    """Take lines apart from `place` on, until there is no room, no line, or an unusual one.

    Returns rows, the place of the next line, lines read, and whether the next one is unusual.
    """
    size, rows, read = len(block), 0, 0
    begins, ends = np.empty(fields, np.int32), np.empty(fields, np.int32)
    while place < size and rows < len(spans):
        end, count, fine = _line(block, place, fields, divider, begins, ends)
        if not fine:
            return rows, place, read, True
        read += 1
        if count:
            for column in range(len(wanted)):
                spans[rows, column, 0] = begins[wanted[column]]
                spans[rows, column, 1] = ends[wanted[column]]
            numbers[rows] = read
            rows += 1
        place = end
    return rows, place, read, False


@compiled
def _line(
    block: Bytes,
    start: int,
    fields: int,
    divider: int,
    begins: NDArray[np.int32],
    ends: NDArray[np.int32],
) -> tuple[int, int, bool]:
    """One line: where the next begins, how many fields it has, and whether it is a usual one."""
    size, place, count = len(block), start, 0
    if block[place] == 10:
        return place + 1, 0, True
    if block[place] == 13 and place + 1 < size and block[place + 1] == 10:
        return place + 2, 0, True
    while True:
        if count == fields or place - start > LONGEST_LINE:
            return place, 0, False
        quoted = place < size and block[place] == 34
        if quoted:
            place += 1
        begin = place
        while place < size:
            letter = block[place]
            if quoted and letter == 34:
                break
            if not quoted and (letter == divider or letter == 10 or letter == 13):
                break
            if letter >= 128:
                width = _width(block, place)
                if width == 0:
                    return place, 0, False
                place += width
                continue
            if letter == 0 or letter == 34 or letter == 10 or letter == 13:
                return place, 0, False
            place += 1
        end = place
        if quoted:
            if place == size:
                return place, 0, False
            place += 1
        while begin < end and _is_space(block[begin]):
            begin += 1
        while begin < end and _is_space(block[end - 1]):
            end -= 1
        if begin < end and (_wide_space(block, begin) or _wide_space_before(block, begin, end)):
            return place, 0, False
        begins[count], ends[count] = begin, end
        count += 1
        if place == size:
            return place, count, count == fields
        letter = block[place]
        if letter == divider:
            place += 1
            continue
        if letter == 13 and place + 1 < size and block[place + 1] == 10:
            place += 1
            letter = block[place]
        return place + 1, count, letter == 10 and count == fields


@compiled
def _is_space(letter: int) -> bool:
    return letter == 32 or 9 <= letter <= 13 or 28 <= letter <= 31


@compiled
def _wide_space(block: Bytes, place: int) -> bool:
    """Whether a letter that may be a space of more than one byte begins here."""
    letter = block[place]
    return bool(letter == 0xC2 or letter == 0xE1 or letter == 0xE2 or letter == 0xE3)


@compiled
def _wide_space_before(block: Bytes, begin: int, end: int) -> bool:
    """Whether a letter that may be such a space ends here."""
    two = end - begin >= 2 and _wide_space(block, end - 2)
    three = end - begin >= 3 and _wide_space(block, end - 3)
    return bool(block[end - 1] >= 128) and (two or three)


@compiled
def _width(block: Bytes, place: int) -> int:
    """How many bytes a letter beyond ASCII has; 0 if it is not UTF-8."""
    first = block[place]
    low, high = np.uint8(0x80), np.uint8(0xBF)
    if 0xC2 <= first <= 0xDF:
        width = 2
    elif 0xE0 <= first <= 0xEF:
        width = 3
        if first == 0xE0:
            low = np.uint8(0xA0)
        elif first == 0xED:
            high = np.uint8(0x9F)
    elif 0xF0 <= first <= 0xF4:
        width = 4
        if first == 0xF0:
            low = np.uint8(0x90)
        elif first == 0xF4:
            high = np.uint8(0x8F)
    else:
        return 0
    if place + width > len(block) or not low <= block[place + 1] <= high:
        return 0
    for step in range(2, width):
        if not 0x80 <= block[place + step] <= 0xBF:
            return 0
    return width


@compiled
def _gathered(
    data: Bytes, starts: NDArray[np.int64], places: NDArray[Any], new_starts: NDArray[np.int64]
) -> Bytes:
    out = np.empty(new_starts[-1], np.uint8)
    for number in range(len(places)):
        start, at = starts[places[number]], new_starts[number]
        for step in range(new_starts[number + 1] - at):
            out[at + step] = data[start + step]
    return out
