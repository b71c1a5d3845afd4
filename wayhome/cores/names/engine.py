"""One asked person against the parts of a register: the best rows and what makes them up."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import accumulate
from math import fsum

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS
from .compare import OTHER_FIELDS
from .frequencies import DIFFERS, MOST_TIES, NAME_FIELDS, Asked, Frequencies, asked
from .likeness import odds_of
from .part import Part
from .persons import Arrangement, Description, Particulars, read
from .recent import Recent
from .topk import Desk, Tables, Tied, answer, answer_all, clear, explain, lay_out

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Look = tuple[NDArray[np.int32], Bytes]
Place = tuple[int, int]  # part and row
ROUNDING = 1e-9  # bits of two sums of the same pieces in another order differ by less
_DIFFER = np.array([DIFFERS[field] for field in FIELDS], np.int64)
_NAMES = len(NAME_FIELDS)
ORDER, TOGETHER, OTHERS = range(len(FIELDS), len(FIELDS) + 3)  # pieces beside those of the fields


@dataclass(frozen=True, slots=True)
class Question:
    """An asked person: distinct words of his name, the ways to read them, all other values.

    `ways` (ways, names) are places in `words`; `values` go by the place of the field, None for the
    names and for what is not known.
    """

    words: tuple[Asked | None, ...]
    ways: tuple[tuple[int, ...], ...]
    arrangements: tuple[Arrangement, ...]
    values: tuple[Asked | None, ...]

    @classmethod
    def of(cls, description: Description) -> "Question":
        return cls.read(read(description))

    @classmethod
    def read(cls, person: Particulars) -> "Question":
        named = [[asked(getattr(x, field)) for field in NAME_FIELDS] for x in person.names]
        words = tuple(dict.fromkeys(x for way in named for x in way))
        ways = tuple(tuple(words.index(x) for x in way) for way in named)
        others = (asked(getattr(person, field)) for field in OTHER_FIELDS)
        return cls(words, ways, person.names, (*[None] * _NAMES, *others))

    def as_written(self) -> "Question":
        """The same person, with the words of his name only as they stand."""
        return replace(self, ways=self.ways[:1], arrangements=self.arrangements[:1])

    def value(self, way: int, field: int) -> Asked | None:
        """What is asked for in a field, with the words of the name shared out in one way."""
        return self.words[self.ways[way][field]] if field < _NAMES else self.values[field]


@dataclass(frozen=True, slots=True)
class Found:
    """The best rows, best first.

    `pieces` (rows, fields + 3): bits of each field, order, together, others; `bits` are the exact
    sums. `ties` (rows, fields), `ways` (rows,) a place in the question's ways; `places`
    (rows, 2) part and row. `masses` (ways, fields, ties) are cards of the register, those that do
    not know a field under tie 0, `worth` of the same shape bits; `odds` the mean of 2 ** bits.
    """

    bits: Floats
    pieces: Floats
    ties: Bytes
    ways: NDArray[np.int64]
    places: NDArray[np.int64]
    masses: Floats
    worth: Floats
    odds: float

    def in_order(self, order: NDArray[np.int64]) -> "Found":
        """The same rows in another order."""
        return replace(
            self,
            bits=self.bits[order],
            pieces=self.pieces[order],
            ties=self.ties[order],
            ways=self.ways[order],
            places=self.places[order],
        )


def find(
    question: Question,
    parts: Sequence[Part | Recent],
    frequencies: Frequencies,
    top: int,
    but: Sequence[int],
) -> Found:
    """The best rows of all parts. `but` gives for each part a row that is left out, or -1."""
    masses, worth = _worths(question, frequencies)
    tables = _tables(question, frequencies, masses, worth)
    least, answers = -np.inf, []
    for number, part in enumerate(parts):
        tied = _tied(question, part)
        desk, base = part.desk(len(question.words), _DIFFER)
        if isinstance(part, Part):
            found = answer(
                part.rows, part.postings, tables, tied, desk, part.gone, but[number], top, least
            )
        else:
            found = answer_all(*part.held, base, tables, tied, desk, but[number], top, least)
        answers.append(found)
        if len(found.bits) == top:
            least = max(least, float(found.bits.min()) - ROUNDING)
    rows, bits, ties, ways, pieces = (np.concatenate(x) for x in zip(*answers, strict=True))
    of_part = np.repeat(np.arange(len(parts)), [len(x.rows) for x in answers])
    order = np.lexsort((rows, of_part, -bits))[:top]
    cards = frequencies.cards - sum(x >= 0 for x in but)
    shares = masses[0] / max(frequencies.cards, 1)
    return Found(
        bits[order],
        pieces[order],
        ties[order],
        ways[order],
        np.stack([of_part, rows], 1)[order],
        masses,
        worth,
        odds_of(bits[order], shares, worth[0], cards),
    )


def weigh_one(
    question: Question, parts: Sequence[Part | Recent], frequencies: Frequencies, place: Place
) -> Found:
    """One row, however it fits; without the odds of the others."""
    number, row = place
    codes = parts[number].codes_of(np.array([row]))
    known = (x if code else None for x, code in zip(question.values, codes[0], strict=True))
    question = replace(question, values=tuple(known))  # what the row does not know weighs nothing
    masses, worth = _worths(question, frequencies)
    tables = _tables(question, frequencies, masses, worth)
    tied = _tied(question, parts[number])
    with _laid_out(question, parts[number], tied) as (desk, base):
        ties, ways, pieces = explain(codes, base, tables, desk)
    bits = np.array([fsum(pieces[0].tolist())])
    return Found(bits, pieces, ties, ways, np.array([place]), masses, worth, 0.0)


def ids_at(places: NDArray[np.int64], parts: Sequence[Part | Recent]) -> list[str]:
    """The ids of rows of several parts."""
    if len(parts) == 1:
        return parts[0].ids_of(places[:, 1])
    return [parts[number].ids_of(np.array([row]))[0] for number, row in places.tolist()]


def codes_at(places: NDArray[np.int64], parts: Sequence[Part | Recent]) -> NDArray[np.int32]:
    """The values of rows of several parts (rows, fields)."""
    if len(parts) == 1:
        return parts[0].codes_of(places[:, 1])
    found = [parts[number].codes_of(np.array([row])) for number, row in places.tolist()]
    return np.concatenate(found) if found else np.empty((0, len(FIELDS)), np.int32)


def nothing(question: Question) -> Found:
    """What is found where no row may be found."""
    none = np.zeros((len(question.ways), len(FIELDS), MOST_TIES))
    rows = np.empty((0, len(FIELDS)), np.uint8)
    places = np.empty((0, 2), np.int64)
    return Found(
        np.empty(0), np.empty((0, OTHERS + 1)), rows, places[:, 0], places, none, none, 0.0
    )


@contextmanager
def _laid_out(
    question: Question, part: Part | Recent, tied: Tied
) -> Iterator[tuple[Desk, NDArray[np.int64]]]:
    """A desk with the ties of a part's values on it, and where the values of each field begin."""
    desk, base = part.desk(len(question.words), _DIFFER)
    lay_out(tied, base, desk)
    try:
        yield desk, base
    finally:
        clear(tied, base, _DIFFER, desk)


def _worths(question: Question, frequencies: Frequencies) -> tuple[Floats, Floats]:
    """Cards of each tie, and its bits: (ways, fields, ties)."""
    masses = np.zeros((len(question.ways), len(FIELDS), MOST_TIES))
    worth = np.zeros_like(masses)
    for way in range(len(question.ways)):
        for place, field in enumerate(FIELDS):
            value = question.value(way, place)
            if value:
                worth[way, place], masses[way, place] = frequencies.worth(field, value)
    masses[:, :, 0] = frequencies.cards - masses.sum(2)
    return masses, worth


def _tables(question: Question, frequencies: Frequencies, masses: Floats, worth: Floats) -> Tables:
    weights, cards = frequencies.weights, frequencies.cards
    off = [weights.together.bits(x.surname, x.given, x.patronymic) for x in question.arrangements]
    return Tables(
        np.array([x is not None for x in question.values]),
        worth[0],
        masses[0],
        _DIFFER,
        float(cards),
        np.array(question.ways, np.int64),
        np.array([[question.words[x] is not None for x in way] for way in question.ways]),
        np.ascontiguousarray(worth[:, :_NAMES]),
        np.array([weights.order_bits(x.bits) for x in question.arrangements]),
        np.array(off),
        np.array([weights.fields[field].against for field in NAME_FIELDS]),
        *weights.each(cards),
    )


def _tied(question: Question, part: Part | Recent) -> Tied:
    words = [
        part.look(field, word[0]) if word else _NONE
        for word in question.words
        for field in NAME_FIELDS
    ]
    values = [
        part.look(FIELDS[place], value[0]) if value else _NONE
        for place, value in enumerate(question.values)
    ]
    return Tied(*_joined(words), *_joined(values))


_NONE: Look = np.empty(0, np.int32), np.empty(0, np.uint8)


def _joined(pairs: Sequence[Look]) -> tuple[NDArray[np.int32], Bytes, NDArray[np.int64]]:
    ends = np.zeros(len(pairs) + 1, np.int64)
    ends[1:] = list(accumulate(len(codes) for codes, _ in pairs))
    return np.concatenate([x for x, _ in pairs]), np.concatenate([x for _, x in pairs]), ends
