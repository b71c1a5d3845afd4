"""One asked person against the parts of a register: the best rows and what makes them up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, WORDS
from .compare import OTHER_FIELDS
from .frequencies import DIFFER, MOST_TIES, NAME_FIELDS, Asked, Frequencies, asked
from .part import Part
from .persons import NOTHING, Arrangement, Description, Particulars, read, read_quickly
from .recent import Recent
from .shelf import seen_in
from .together import opposite
from .topk import Answer, Tables, exact_sums
from .weighing import (
    LOOKED_AT,
    best_in,
    best_in_one,
    best_of_few,
    of_others,
    summed_up,
    tables_of,
    told_of_rows,
)
from .weights import UnitKind

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Place = tuple[int, int]  # part and row
ROUNDING = 1e-9  # bits of two sums of the same pieces in another order differ by less
_NAMES = len(NAME_FIELDS)
_NO_NAMES = (None,) * _NAMES
UNIT = FIELDS.index("unit")
ORDER, TOGETHER, OTHERS = range(len(FIELDS), len(FIELDS) + 3)  # pieces beside those of the fields


@dataclass(frozen=True, slots=True)
class Question:
    """An asked person: distinct words of his name, the ways to read them, all other values.

    `ways` (ways, names) are places in `words`; `names` are, for each word, those that it stands for
    in any of them. `values` go by the place of the field, None for the names and for what is not
    known.
    """

    words: tuple[Asked | None, ...]
    names: tuple[tuple[int, ...], ...]
    ways: tuple[tuple[int, ...], ...]
    arrangements: tuple[Arrangement, ...]
    values: tuple[Asked | None, ...]

    @classmethod
    def of(cls, description: Description) -> "Question":
        return cls.read(read(description))

    @classmethod
    def read(cls, person: Particulars) -> "Question":
        numbers: dict[Asked | None, int] = {}
        ways = tuple(
            tuple(
                numbers.setdefault(asked(word), len(numbers))
                for word in (name.surname, name.given, name.patronymic)
            )
            for name in person.names
        )
        others = (asked(getattr(person, field)) for field in OTHER_FIELDS)
        words = tuple(numbers)
        return cls(words, _names(words, ways), ways, person.names, (*_NO_NAMES, *others))

    @classmethod
    def of_values(cls, values: Sequence[Any]) -> "Question":
        """Of what a card holds in each field (`Part.value`), its name only as it stands."""
        held = [
            read_quickly(*x) if x and field in WORDS else x
            for field, x in zip(FIELDS, values, strict=True)
        ]
        surname, given, patronymic = (x or NOTHING for x in held[:_NAMES])
        name = Arrangement(surname, given, patronymic)
        known = [asked(x) for x in held]
        words = tuple(dict.fromkeys(known[:_NAMES]))
        ways = (tuple(words.index(x) for x in known[:_NAMES]),)
        others = (*_NO_NAMES, *known[_NAMES:])
        return cls(words, _names(words, ways), ways, (name,), others)

    def asking_for(self, unit: Asked | None) -> "Question":
        """The same person, of whom this unit is asked for."""
        return replace(self, values=(*self.values[:UNIT], unit, *self.values[UNIT + 1 :]))

    @property
    def by_comrade(self) -> bool:
        """Whether the unit that is asked for is that of a comrade."""
        unit = self.values[UNIT]
        return unit is not None and unit[1] != UnitKind.ANY

    def value(self, way: int, field: int) -> Asked | None:
        """What is asked for in a field, with the words of the name shared out in one way."""
        return self.words[self.ways[way][field]] if field < _NAMES else self.values[field]


def _names(
    words: Sequence[Asked | None], ways: Sequence[Sequence[int]]
) -> tuple[tuple[int, ...], ...]:
    found: list[list[int]] = [[] for _ in words]
    for name in range(_NAMES):
        for word in {way[name] for way in ways}:
            found[word].append(name)
    return tuple(map(tuple, found))


@dataclass(frozen=True, slots=True)
class Found:
    """The best rows, best first.

    `pieces` (rows, fields + 3): bits of each field, order, together, others; `bits` are the exact
    sums. `ties` (rows, fields), `ways` (rows,) a place in the question's ways; `places`
    (rows, 2) part and row; `codes` (rows, fields) the numbers of its values in that part. `masses`
    (ways, fields, ties) are cards of the register, those that do not know a field under tie 0,
    `worth` of the same shape bits; `odds` the mean of 2 ** bits; `like` how much likelier than
    anybody's the register is a namesake's of whoever is not on it, and a brother's.
    """

    bits: Floats
    pieces: Floats
    ties: Bytes
    ways: NDArray[np.int64]
    places: NDArray[np.int64]
    codes: NDArray[np.int32]
    masses: Floats
    worth: Floats
    odds: float
    like: tuple[float, float]

    def in_order(self, order: NDArray[np.int64]) -> "Found":
        """The same rows in another order."""
        return replace(
            self,
            bits=self.bits[order],
            pieces=self.pieces[order],
            ties=self.ties[order],
            ways=self.ways[order],
            places=self.places[order],
            codes=self.codes[order],
        )

    @property
    def others(self) -> float:
        """What others like him weigh, the same for all rows."""
        return float(self.pieces[0, OTHERS]) if len(self.pieces) else 0.0

    def beside(self, others: float) -> "Found":
        """The same rows, where others like him weigh so much."""
        pieces = self.pieces.copy()
        pieces[:, OTHERS] = others
        return replace(self, pieces=pieces, bits=exact_sums(pieces))


def find(
    question: Question,
    parts: Sequence[Part | Recent],
    frequencies: Frequencies,
    top: int,
    but: Sequence[int],
) -> Found:
    """The best rows of all parts. `but` gives for each part a row that is left out, or -1."""
    asking, weights = Asking.of(question, frequencies), frequencies.weights
    cards = frequencies.cards - sum(x >= 0 for x in but)
    beyond = weights.beyond_chance(max(frequencies.cards, 1))
    wanted, top = top, min(max(top, LOOKED_AT), cards)
    if len(parts) == 1 and isinstance(parts[0], Part):
        only = parts[0]
        desk, slots = only.desk(len(question.words), DIFFER), only.slots(asking.values)
        asked: tuple[Any, ...] = *frequencies.boxes, *asking.arrays, slots, top, cards, *beyond
        bits, pieces, ties, ways, rows, codes, masses, worth, odds, one, other = best_in_one(
            only.held, only.shelf.box, desk, only.gone, but[0], *asked
        )
        places = np.zeros((len(rows), 2), np.int64)
        places[:, 1] = rows
    else:
        slots_of = [part.slots(asking.values) for part in parts]
        tables = _tables(asking, parts, slots_of, frequencies)
        least, answers = -np.inf, []
        for part, slots, left_out in zip(parts, slots_of, but, strict=True):
            shelf, desk = part.shelf.box, part.desk(len(question.words), DIFFER)
            if isinstance(part, Part):
                found = best_in(
                    part.held, part.gone, shelf, desk, tables, asking.rows, slots,
                    left_out, top, least,
                )  # fmt: skip
            else:
                found = best_of_few(
                    *part.held, shelf, desk, tables, asking.rows, slots, left_out, top, least
                )
            answers.append(found)
            if len(found.bits) == top:
                least = max(least, float(found.bits[-1]) - ROUNDING)
        codes, _, ties, ways, pieces, places = _merged(answers, top)
        bits, odds, one, other = summed_up(tables, pieces, ties, ways, cards, *beyond)
        masses, worth = tables.masses, tables.worth
    best = Found(bits, pieces, ties, ways, places, codes, masses, worth, odds, (one, other))
    return best if wanted >= top else best.in_order(np.arange(wanted))


def _tables(
    asking: "Asking",
    parts: Sequence[Part | Recent],
    slots_of: Sequence[NDArray[np.int64]],
    frequencies: Frequencies,
) -> Tables:
    """What each tie weighs in all parts together."""
    seen = np.zeros((len(asking.values), MOST_TIES))
    for part, slots in zip(parts, slots_of, strict=True):
        seen_in(part.shelf.box, slots, seen)
    found: Tables = tables_of(seen, *frequencies.boxes, *asking.arrays)
    return found


def _merged(answers: Sequence[Answer], top: int) -> tuple[NDArray[Any], ...]:
    """The best rows of all parts, as in an `Answer`, and last their places."""
    several: list[NDArray[Any]] = [np.concatenate(x) for x in zip(*answers, strict=True)]
    rows, _, bits, *_ = several
    of_part = np.repeat(np.arange(len(answers)), [len(x.rows) for x in answers])
    order = np.lexsort((rows, of_part, -bits))[:top]
    return tuple(x[order] for x in (*several[1:], np.stack([of_part, rows], 1)))


def weigh_one(
    question: Question, parts: Sequence[Part | Recent], frequencies: Frequencies, place: Place
) -> Found:
    """One row, however it fits; without the odds of the others."""
    number, row = place
    codes = parts[number].codes_of(np.array([row]))
    known = (x if code else None for x, code in zip(question.values, codes[0], strict=True))
    question = replace(question, values=tuple(known))  # what the row does not know weighs nothing
    asking = Asking.of(question, frequencies)
    slots_of = [part.slots(asking.values) for part in parts]
    tables = _tables(asking, parts, slots_of, frequencies)
    part, slots = parts[number], slots_of[number]
    desk = part.desk(len(question.words), DIFFER)
    ties, ways, pieces = told_of_rows(
        codes, part.base, part.shelf.box, desk, tables, asking.rows, slots
    )
    beyond = frequencies.weights.beyond_chance(max(frequencies.cards, 1))
    others, one, other = of_others(tables, ties, ways, *beyond)
    pieces[:, OTHERS] = min(0.0, others)
    bits = np.array([fsum(pieces[0].tolist())])
    masses, worth = tables.masses, tables.worth
    places = np.array([place])
    return Found(bits, pieces, ties, ways, places, codes, masses, worth, 0.0, (one, other))


def ids_at(places: NDArray[np.int64], parts: Sequence[Part | Recent]) -> list[str]:
    """The ids of rows of several parts."""
    if len(parts) == 1:
        return parts[0].ids_of(places[:, 1])
    return [parts[number].ids_of(np.array([row]))[0] for number, row in places.tolist()]


def nothing(question: Question) -> Found:
    """What is found where no row may be found."""
    none = np.zeros((len(question.ways), len(FIELDS), MOST_TIES))
    rows = np.empty((0, len(FIELDS)), np.uint8)
    places, codes = np.empty((0, 2), np.int64), rows.astype(np.int32)
    return Found(
        np.empty(0), np.empty((0, OTHERS + 1)), rows, places[:, 0], places, codes, none, none, 0.0,
        (1.0, 1.0),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asking:
    """A question as machine code takes it: each word and each value once for each of its fields.

    `values`: field and value of each; the arrays are those that `weighing.tables_of` tells of.
    """

    values: list[tuple[int, Any]]
    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    words: NDArray[np.int64]
    places: NDArray[np.int64]
    opposite: NDArray[np.int64]
    first: Floats

    @classmethod
    def of(cls, question: Question, frequencies: Frequencies) -> "Asking":
        values: list[tuple[int, Any]] = []
        rows: list[tuple[int, int, int]] = []
        row_of: dict[tuple[int, int], int] = {}
        for number, (names, word) in enumerate(zip(question.names, question.words, strict=True)):
            if word:
                for name in names:
                    row_of[number, name] = len(rows)
                    rows.append((name, word[1], number))
                    values.append((name, word[0]))
        of_values = [-1] * (len(FIELDS) - _NAMES)
        for place, value in enumerate(question.values):
            if value:
                of_values[place - _NAMES] = len(rows)
                rows.append((place, value[1], -1))
                values.append((place, value[0]))
        ways, known = question.ways, len(rows)
        numbers: list[int] = [x[kind] for kind in range(3) for x in rows]
        for way in ways:
            numbers += [row_of.get((word, name), -1) for name, word in enumerate(way)]
            numbers += of_values
        for way in ways:
            numbers += way
        for x in question.arrangements:
            numbers += frequencies.places(x.surname, x.given, x.patronymic)
        numbers += opposite(ways)
        every, count = np.array(numbers, np.int64), len(ways)
        one, two = 3 * known, 3 * known + count * len(FIELDS)
        three, four = two + count * _NAMES, two + 2 * count * _NAMES
        return cls(
            values,
            every[:one].reshape(3, known),
            every[one:two].reshape(count, len(FIELDS)),
            every[two:three].reshape(count, _NAMES),
            every[three:four].reshape(count, _NAMES),
            every[four:],
            np.array([frequencies.weights.order_bits(x.bits) for x in question.arrangements]),
        )

    @property
    def arrays(self) -> Any:
        """As machine code takes them, one after another."""
        return self.rows, self.at, self.words, self.places, self.opposite, self.first
