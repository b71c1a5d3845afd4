"""A register as columns: of each field the distinct values, and for each row which it holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compare import OTHER_FIELDS
from .compiled import compiled
from .dates import read_born
from .frequencies import NAME_FIELDS, asked
from .letters import may_end_saying_nothing
from .marks import read_numbers, read_rank, read_unit
from .persons import (
    Description,
    Particulars,
    belongs_to_next,
    has_one_word,
    is_plain,
    mother_words,
    patronymic_by,
    patronymic_meant,
    read,
    stands_for_patronymic,
    without_call_sign,
)
from .places import place_name
from .sheets import FIELDS as FIELDS_OF_SHEET
from .sheets import Column, Sheet, Texts, Words
from .workers import beside

FIELDS = (*NAME_FIELDS, *OTHER_FIELDS)
PLACE = {field: place for place, field in enumerate(FIELDS)}
PLACES = frozenset({"birthplace"})
NAMES = frozenset({*NAME_FIELDS, "mother_given", "mother_patronymic"})
WORDS = NAMES | PLACES  # fields that hold a word
REPORT_EVERY = 1000
LINES_AT_ONCE = 1 << 20
WORTH_A_PROCESS = 200_000  # rows
SURNAME, NAME = "Щщщ", "Иван"  # one that is no given name, and one that is
SPACE, COMMA = ord(" "), ord(",")
SHORT_WORD = 16  # bytes; no word that belongs to the next has more

Ints = NDArray[np.int32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Columns:
    """`values` has the distinct values of each field; `codes` (fields, rows) counts them from 1.

    0 stands for what is not known. A word is a pair: as written, and its other reading (keyboard
    left on Latin) or "". Of a service number its text stands here. Everything else is as
    `persons.read` gives it.
    """

    ids: Sequence[str]
    values: dict[str, list[Any]]
    codes: Ints


def of_descriptions(
    descriptions: Iterable[Description], progress: Progress | None = None
) -> Columns:
    """Read descriptions one by one; of two with one id the later counts."""
    numbers: dict[str, dict[Any, int]] = {field: {} for field in FIELDS}
    rows: dict[str, list[int]] = {}
    for count, description in enumerate(descriptions, 1):
        rows.pop(description.id, None)
        rows[description.id] = [
            numbers[field].setdefault(kept(field, value), len(numbers[field]) + 1) if value else 0
            for field, value in zip(FIELDS, values_of(read(description)), strict=True)
        ]
        if progress and count % REPORT_EVERY == 0:
            progress(count)
    codes = np.array(list(rows.values()), np.int32).reshape(len(rows), len(FIELDS))
    values = {field: list(found) for field, found in numbers.items()}
    return Columns(list(rows), values, np.ascontiguousarray(codes.T))


def kept(field: str, value: Any) -> Any:
    """A value as it stands in columns."""
    return value.text if field == "service_no" else value


def values_of(person: Particulars) -> list[Any]:
    """What a record holds in each field, in the order of FIELDS; None for what is not known."""
    name = person.names[0]
    held = [
        *(asked(getattr(name, field)) for field in NAME_FIELDS),
        *(asked(getattr(person, field)) for field in OTHER_FIELDS),
    ]
    return [x and x[0] for x in held]


def of_sheet(sheet: Sheet, progress: Callable[[int, int], None] | None = None) -> Columns:
    """Read the columns of a CSV file: each distinct value once, whole rows only where they differ.

    The same as `of_descriptions` of its rows.
    """
    raw = {FIELDS_OF_SHEET[x]: column for x, column in sheet.columns.items()}
    codes = np.zeros((len(FIELDS), len(sheet)), np.int32)
    values: dict[str, list[Any]] = {field: [] for field in FIELDS}
    told = 0

    def done(field: str) -> None:
        nonlocal told
        told += 1
        if progress:
            progress(told, len(raw) + 1)

    begin = beside if len(sheet) >= WORTH_A_PROCESS else partial
    numbers = begin(_numbered, raw["service_no"]) if "service_no" in raw else None
    odd = np.zeros(len(sheet), np.bool_)
    for field in NAME_FIELDS:
        if field in raw:
            cleaned = [without_call_sign(x) for x in raw[field].values]
            odd |= ~np.array([is_plain(x) for x in cleaned])[raw[field].codes]
            if field == "patronymic":
                cleaned = [patronymic_meant(x) for x in cleaned]
            _put(field, [(x, "") if x else None for x in cleaned], raw[field], values, codes)
            done(field)
    swapped = np.array([stands_for_patronymic(x[0]) for x in values["given"]], np.bool_)
    odd |= np.append(False, swapped)[codes[PLACE["given"]]]
    whole = np.array([has_one_word(x[0]) for x in values["given"]], np.bool_)
    odd |= (codes[PLACE["patronymic"]] == 0) & ~np.append(True, whole)[codes[PLACE["given"]]]
    if "full_name" in raw:
        named = codes[PLACE["surname"]] > 0
        odd |= ~(named | (codes[PLACE["given"]] > 0)) & (raw["full_name"].codes > 0)
    for field, reader in _READERS.items():
        if field in raw:
            found = [reader(x) if x else None for x in raw[field].values]
            _put(field, found, raw[field], values, codes)
            done(field)
    if numbers:
        values["service_no"], codes[PLACE["service_no"]] = numbers()
        done("service_no")
    if "mother_name" in raw:
        lines, words = _mothers(raw["mother_name"].values)
        mothers = Column(raw["mother_name"].values, lines[raw["mother_name"].codes])
        for place, field in enumerate(("mother_given", "mother_patronymic")):
            found = [(x[place], "") if x[place] else None for x in words]
            _put(field, found, mothers, values, codes)
        done("mother_name")
    _put_odd(raw, np.flatnonzero(odd), values, codes)
    if "father_name" in raw:
        _put_fathers(raw["father_name"], values, codes)
        done("father_name")
    return Columns(sheet.ids, values, codes)


_READERS: dict[str, Callable[[str], Any]] = {
    "born": lambda x: _known(read_born(x)),
    "birthplace": lambda x: (place_name(x), "") if place_name(x) else None,
    "unit": lambda x: _known(read_unit(x)),
    "rank": lambda x: read_rank(x) or None,
}


def _mothers(lines: Texts) -> tuple[Ints, list[tuple[str, str]]]:
    """What `mother_words` gives for each line, as a place in a list; each ending is read once.

    Her surname stands first in most lines, and says nothing then; few endings are different.
    """
    tails, numbers = Words(), np.full(len(lines), -1, np.int32)
    for first in range(0, len(lines), LINES_AT_ONCE):
        starts = lines.starts[first : first + LINES_AT_ONCE + 1]
        block = lines.data[starts[0] : starts[-1]]
        heads, rests, usual, short = after_first_words(block, starts - starts[0])
        words = Words()
        of_short = words.take(block, heads[short])
        usual[short] &= ~np.array([belongs_to_next(x) for x in words.texts()], np.bool_)[of_short]
        at = np.flatnonzero(usual)
        numbers[first + at] = tails.take(block, rests[at])
    found = [_of_any_surname(x) for x in tails.texts()]
    unclear = np.array([*(x is None for x in found), True], np.bool_)
    alone = np.flatnonzero(unclear[numbers])
    numbers[alone] = np.arange(len(found), len(found) + len(alone))
    read = [x or ("", "") for x in found]
    return numbers, read + [mother_words(lines[x]) for x in alone.tolist()]


def _of_any_surname(rest: str) -> tuple[str, str] | None:
    """What `mother_words` gives for any surname and these words; None if it is not the same."""
    if may_end_saying_nothing(rest):
        return None
    found = mother_words(f"{SURNAME} {rest}")
    return found if found == mother_words(f"{NAME} {rest}") and SURNAME not in found[0] else None


@compiled
def after_first_words(
    data: NDArray[np.uint8], starts: NDArray[np.int64]
) -> tuple[Ints, Ints, NDArray[np.bool_], NDArray[np.bool_]]:
    """Where the first word of each line stands, and where the others; (lines, 2) each.

    Which lines can be divided so, since they have several words and but plain spaces; and which
    first words are so short that they may belong to the next one.
    """
    count = len(starts) - 1
    heads, rests = np.empty((count, 2), np.int32), np.empty((count, 2), np.int32)
    usual, short = np.ones(count, np.bool_), np.zeros(count, np.bool_)
    for line in range(count):
        at, end = starts[line], starts[line + 1]
        stop = end
        for place in range(at, end):
            letter = data[place]
            if letter == SPACE and stop == end:
                stop = place
            if letter < SPACE or letter == COMMA or letter >= 0xE0 or letter == 0xC2:
                usual[line] = False
        usual[line] = usual[line] and stop < end
        short[line] = stop - at <= SHORT_WORD
        heads[line, 0], heads[line, 1] = at, stop
        rests[line, 0], rests[line, 1] = min(stop + 1, end), end
    return heads, rests, usual, short


def _known(value: Any) -> Any:
    found = asked(value)
    return found and found[0]


def _put(
    field: str, found: list[Any], column: Column, values: dict[str, list[Any]], codes: Ints
) -> None:
    """Put a column in, of whose distinct values these were read."""
    values[field], codes[PLACE[field]] = _distinct(found, column)


def _distinct(found: list[Any], column: Column) -> tuple[list[Any], Ints]:
    """The distinct ones of what was read of a column's values, and which of them each row has."""
    numbers: dict[Any, int] = {}
    of_values = [numbers.setdefault(x, len(numbers) + 1) if x else 0 for x in found]
    return list(numbers), np.array(of_values, np.int32)[column.codes]


def _numbered(column: Column) -> tuple[list[Any], Ints]:
    """As `_distinct`, of service numbers, which few rows share."""
    return _distinct(read_numbers(list(column.values)), column)


def _put_odd(
    raw: dict[str, Column],
    rows: NDArray[np.int64],
    values: dict[str, list[Any]],
    codes: Ints,
) -> None:
    """Read the names of these rows one by one; nothing else can differ from what was put in."""
    numbers = {x: {y: at for at, y in enumerate(values[x], 1)} for x in NAME_FIELDS}
    named = {x: raw[x] for x in (*NAME_FIELDS, "full_name") if x in raw}
    for row in rows.tolist():
        said = {x: column.values[column.codes[row]] for x, column in named.items()}
        held = values_of(read(Description(id="", **said)))
        for place, field in enumerate(NAME_FIELDS):
            value, known = held[place], numbers[field]
            codes[place, row] = known.setdefault(value, len(known) + 1) if value else 0
    for field in NAME_FIELDS:
        values[field] = list(numbers[field])


def _put_fathers(column: Column, values: dict[str, list[Any]], codes: Ints) -> None:
    """Where no patronymic is known the father's name stands for it."""
    known = {x: at for at, x in enumerate(values["patronymic"], 1)}
    found = [patronymic_by(x) for x in column.values]
    of_values = [known.setdefault((x, ""), len(known) + 1) if x else 0 for x in found]
    row = codes[PLACE["patronymic"]]
    row[:] = np.where(row, row, np.array(of_values, np.int32)[column.codes])
    values["patronymic"] = list(known)


def together(pieces: Sequence[Columns]) -> Columns:
    """All rows of several columns, one after another."""
    ids: list[str] = [x for piece in pieces for x in piece.ids]
    numbers: dict[str, dict[Any, int]] = {field: {} for field in FIELDS}
    codes = []
    for piece in pieces:
        found = np.zeros_like(piece.codes)
        for place, field in enumerate(FIELDS):
            known = numbers[field]
            of_values = [0, *(known.setdefault(x, len(known) + 1) for x in piece.values[field])]
            found[place] = np.array(of_values, np.int32)[piece.codes[place]]
        codes.append(found)
    values = {field: list(found) for field, found in numbers.items()}
    return Columns(ids, values, np.concatenate(codes, axis=1))
