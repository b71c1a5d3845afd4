"""One asked person against the parts of a register: the best rows and what makes them up."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, log2
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, WORDS
from .compare import OTHER_FIELDS
from .frequencies import DIFFERS, MOST_TIES, NAME_FIELDS, Asked, Frequencies, Telling, asked
from .likeness import as_stranger, odds_of
from .part import Part
from .persons import NOTHING, Arrangement, Description, Particulars, read, read_quickly
from .recent import Recent
from .topk import Answer, Tables, Tied, answer, answer_all, exact_sums, explained
from .weights import Weights

Bytes = NDArray[np.uint8]
Floats = NDArray[np.float64]
Place = tuple[int, int]  # part and row
ROUNDING = 1e-9  # bits of two sums of the same pieces in another order differ by less
_DIFFER = np.array([DIFFERS[field] for field in FIELDS], np.int64)
_NAMES = len(NAME_FIELDS)
LOOKED_AT = 50  # best rows, for others like him
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
        others = (*[None] * _NAMES, *known[_NAMES:])
        return cls(words, _names(words, ways), ways, (name,), others)

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
    (rows, 2) part and row; `codes` (rows, fields) the numbers of its values in that part. `masses`
    (ways, fields, ties) are cards of the register, those that do not know a field under tie 0,
    `worth` of the same shape bits; `odds` the mean of 2 ** bits.
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
    weighed = Weighing.of(question, frequencies)
    cards = frequencies.cards - sum(x >= 0 for x in but)
    wanted, top = top, min(max(top, LOOKED_AT), cards)
    least, answers = -np.inf, []
    for number, part in enumerate(parts):
        tied, tables = weighed.tied(number), weighed.tables
        desk, base = part.desk(len(question.words), _DIFFER)
        if isinstance(part, Part):
            found = answer(part.held, tables, tied, desk, part.gone, but[number], top, least)
        else:
            found = answer_all(*part.held, base, tables, tied, desk, but[number], top, least)
        answers.append(found)
        if len(found.bits) == top:
            least = max(least, float(found.bits[-1]) - ROUNDING)
    codes, _, ties, ways, pieces, places = _merged(answers, top)
    pieces[:, OTHERS] = others = weighed.others(ties, ways)
    bits = exact_sums(pieces)
    masses, worth = weighed.masses, weighed.worth
    shares = masses[0] / max(frequencies.cards, 1)
    odds = odds_of(bits, shares, worth[0], cards, others)
    best = Found(bits, pieces, ties, ways, places, codes, masses, worth, odds)
    return best if wanted >= top else best.in_order(np.arange(wanted))


def _merged(answers: Sequence[Answer], top: int) -> tuple[NDArray[Any], ...]:
    """The best rows of all parts, as in an `Answer`, and last their places."""
    if len(answers) == 1:
        places = np.zeros((len(answers[0].rows), 2), np.int64)
        places[:, 1] = answers[0].rows
        return (*answers[0][1:], places)
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
    weighed = Weighing.of(question, frequencies)
    desk, base = parts[number].desk(len(question.words), _DIFFER)
    ties, ways, pieces = explained(codes, base, weighed.tables, weighed.tied(number), desk)
    pieces[:, OTHERS] = min(0.0, weighed.others(ties, ways))
    bits = np.array([fsum(pieces[0].tolist())])
    masses, worth = weighed.masses, weighed.worth
    return Found(bits, pieces, ties, ways, np.array([place]), codes, masses, worth, 0.0)


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
        np.empty(0), np.empty((0, OTHERS + 1)), rows, places[:, 0], places, codes, none, none, 0.0
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """A question as it is looked up: each word and each value once, in all fields it may stand in.

    The first `words` of `asked` are words of the name. Of each value in each of its fields, one
    after another: the field, the kind; and `at` (ways, fields) says which of them is asked for
    where, or -1. A word stands in `word_places` with 3 times its number and the name it is asked
    as, any other value in `value_places` with its field.
    """

    asked: list[tuple[tuple[int, ...], Any]]
    words: int
    fields: NDArray[np.int64]
    kinds: NDArray[np.int64]
    at: NDArray[np.int64]
    word_places: list[int]
    value_places: list[int]

    @classmethod
    def of(cls, question: Question) -> "Plan":
        words = [
            (number, names, *word)
            for number, (names, word) in enumerate(zip(question.names, question.words, strict=True))
            if word and names
        ]
        values = [(place, *value) for place, value in enumerate(question.values) if value]
        word_places = [_NAMES * number + name for number, names, *_ in words for name in names]
        value_places = [place for place, *_ in values]
        row_of = {place: row for row, place in enumerate(word_places)}
        rows = [-1] * (len(FIELDS) - _NAMES)
        for row, place in enumerate(value_places, len(word_places)):
            rows[place - _NAMES] = row
        kinds = [kind for _, names, _, kind in words for _ in names]
        return cls(
            [(names, value) for _, names, value, _ in words]
            + [((place,), value) for place, value, _ in values],
            len(words),
            np.array([*(x % _NAMES for x in word_places), *value_places], np.int64),
            np.array([*kinds, *(kind for _, _, kind in values)], np.int64),
            np.array(
                [
                    [*(row_of.get(_NAMES * x + name, -1) for name, x in enumerate(way)), *rows]
                    for way in question.ways
                ]
            ),
            word_places,
            value_places,
        )


@dataclass(frozen=True, slots=True)
class Weighing:
    """What is asked for, weighed in a register: cards of each tie, and its bits.

    `masses` and `worth` (ways, fields, ties); `told`: what each part holds of what is asked.
    """

    question: Question
    plan: Plan
    masses: Floats
    worth: Floats
    tables: Tables
    told: list[list[Telling]]
    weights: Weights

    @classmethod
    def of(cls, question: Question, frequencies: Frequencies) -> "Weighing":
        plan = Plan.of(question)
        told = [[part.tell(*asked) for asked in plan.asked] for part in frequencies.parts]
        seen = np.zeros((len(plan.fields), MOST_TIES))
        if plan.asked:
            for of_part in told:
                seen += np.concatenate([x.masses for x in of_part])
        masses, worth = frequencies.weighed(plan.fields, plan.kinds, seen, plan.at)
        tables = _tables(question, frequencies, masses, worth, plan.at)
        return cls(question, plan, masses, worth, tables, told, frequencies.weights)

    def others(self, ties: Bytes, ways: NDArray[np.int64]) -> float:
        """What others like him take off, or what it tells that there are none: bits.

        Of the best rows: whoever is not on the register may have a namesake or a brother there.
        """
        tables, cards = self.tables, max(int(self.tables.cards), 1)
        namesake, kin = as_stranger(
            ties[:LOOKED_AT], ways[:LOOKED_AT], self.masses, self.worth,
            tables.off, tables.orders, cards,
        )  # fmt: skip
        one, other = self.weights.beyond_chance(cards)
        return -log2(1.0 - one - other + one * namesake + other * kin)

    def tied(self, part: int) -> Tied:
        """The values of a part that are tied to the asked ones; of words where they are asked."""
        told, plan = self.told[part], self.plan
        names = _NAMES * len(self.question.words)
        return Tied(
            *_joined(told[: plan.words], plan.word_places, names),
            *_joined(told[plan.words :], plan.value_places, len(FIELDS)),
        )


def _tables(
    question: Question,
    frequencies: Frequencies,
    masses: Floats,
    worth: Floats,
    at: NDArray[np.int64],
) -> Tables:
    cards = frequencies.cards
    off, orders = frequencies.weights.of_ways(question.arrangements, masses, max(cards, 1))
    return Tables(
        at[0] >= 0,
        worth[0],
        masses[0],
        _DIFFER,
        float(cards),
        np.array(question.ways, np.int64),
        at[:, :_NAMES] >= 0,
        np.ascontiguousarray(worth[:, :_NAMES]),
        orders,
        off,
    )


_NO_CODES, _NO_TIES = np.empty(0, np.int32), np.empty(0, np.uint8)


def _joined(
    told: Sequence[Telling], places: Sequence[int], count: int
) -> tuple[NDArray[np.int32], Bytes, NDArray[np.int64]]:
    """Values and their ties, one field after another, and where those of each place begin."""
    ends = np.zeros(count + 1, np.int64)
    if not told:
        return _NO_CODES, _NO_TIES, ends
    ends[1:][places] = np.concatenate([x.sizes for x in told])
    codes, ties = np.concatenate([x.codes for x in told]), np.concatenate([x.ties for x in told])
    return codes, ties, ends.cumsum()
