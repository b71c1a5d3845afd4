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
from .frequencies import (
    DIFFERS,
    MOST_TIES,
    NAME_FIELDS,
    Asked,
    Frequencies,
    Look,
    Weighed,
    asked,
)
from .likeness import odds_of
from .part import Part
from .persons import Arrangement, Description, Particulars, read
from .recent import Recent
from .topk import Desk, Tables, Tied, answer, answer_all, clear, explain, lay_out

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Place = tuple[int, int]  # part and row
ROUNDING = 1e-9  # bits of two sums of the same pieces in another order differ by less
_DIFFER = np.array([DIFFERS[field] for field in FIELDS], np.int64)
_NAMES = len(NAME_FIELDS)
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
        named = [[asked(getattr(x, field)) for field in NAME_FIELDS] for x in person.names]
        words = tuple(dict.fromkeys(x for way in named for x in way))
        ways = tuple(tuple(words.index(x) for x in way) for way in named)
        others = (asked(getattr(person, field)) for field in OTHER_FIELDS)
        return cls(words, _names(words, ways), ways, person.names, (*[None] * _NAMES, *others))

    def as_written(self) -> "Question":
        """The same person, with the words of his name only as they stand."""
        ways = self.ways[:1]
        names = _names(self.words, ways)
        return replace(self, names=names, ways=ways, arrangements=self.arrangements[:1])

    def value(self, way: int, field: int) -> Asked | None:
        """What is asked for in a field, with the words of the name shared out in one way."""
        return self.words[self.ways[way][field]] if field < _NAMES else self.values[field]


def _names(
    words: Sequence[Asked | None], ways: Sequence[Sequence[int]]
) -> tuple[tuple[int, ...], ...]:
    return tuple(
        tuple(name for name in range(_NAMES) if any(way[name] == word for way in ways))
        for word in range(len(words))
    )


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
    weighed = Weighing.of(question, frequencies)
    masses, worth = weighed.masses, weighed.worth
    tables = _tables(question, frequencies, masses, worth)
    least, answers = -np.inf, []
    for number, part in enumerate(parts):
        tied = weighed.tied(number)
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
    weighed = Weighing.of(question, frequencies)
    masses, worth = weighed.masses, weighed.worth
    tables = _tables(question, frequencies, masses, worth)
    tied = weighed.tied(number)
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


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is asked for, weighed in a register: cards of each tie, and its bits.

    `masses` and `worth` (ways, fields, ties); `words` and `values`, as in the question, with what
    is tied to them in each part.
    """

    names: tuple[tuple[int, ...], ...]
    words: list[Weighed | None]
    values: list[Weighed | None]
    masses: Floats
    worth: Floats

    @classmethod
    def of(cls, question: Question, frequencies: Frequencies) -> "Weighing":
        masses = np.zeros((len(question.ways), len(FIELDS), MOST_TIES))
        worth = np.zeros_like(masses)
        words = [
            frequencies.weighed(names, word) if word and names else None
            for word, names in zip(question.words, question.names, strict=True)
        ]
        values = [
            frequencies.weighed((place,), value) if value else None
            for place, value in enumerate(question.values)
        ]
        for way, of_way in enumerate(question.ways):
            for name, word in enumerate(of_way):
                if found := words[word]:
                    at = question.names[word].index(name)
                    worth[way, name], masses[way, name] = found.bits[at], found.masses[at]
        for place, found in enumerate(values):
            if found:
                worth[:, place], masses[:, place] = found.bits, found.masses
        masses[:, :, 0] = frequencies.cards - masses.sum(2)
        return cls(question.names, words, values, masses, worth)

    def tied(self, part: int) -> Tied:
        """The values of a part that are tied to the asked ones; of words where they are asked."""
        words = [_NONE] * (_NAMES * len(self.words))
        for place, (names, found) in enumerate(zip(self.names, self.words, strict=True)):
            if found:
                for name, look in zip(names, found.looks[part], strict=True):
                    words[_NAMES * place + name] = look
        values = [x.looks[part][0] if x else _NONE for x in self.values]
        return Tied(*_joined(words), *_joined(values))


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


_NONE: Look = np.empty(0, np.int32), np.empty(0, np.uint8)


def _joined(pairs: Sequence[Look]) -> tuple[NDArray[np.int32], Bytes, NDArray[np.int64]]:
    ends = np.zeros(len(pairs) + 1, np.int64)
    ends[1:] = list(accumulate(len(codes) for codes, _ in pairs))
    return np.concatenate([x for x, _ in pairs]), np.concatenate([x for _, x in pairs]), ends
