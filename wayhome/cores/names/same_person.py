"""Cards of one person among the best: they share his probability.

Two cards are linked if their own evidence, card against card, makes it likelier than not that they
are one person's. What both have in common with the person asked for is no evidence of that: two
namesakes have it too. Only cards that could matter, and share more than a name, are compared.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, WORDS
from .compiled import compiled
from .dates import Born, tie_born
from .engine import ROUNDING, Found, Question, weigh_one
from .frequencies import DIFFERS, Frequencies
from .growing import are_tied
from .likeness import BORN, MOST_BITS, SERVICE_NO
from .marks import Mark, tie_marks
from .part import Part
from .reading import read_kept
from .recent import Recent
from .weights import FIELDS as FIELDS_WEIGHED

MOST_CARDS = 10  # of the best, which are looked at for others of the same person
FAR = 12.0  # bits; a card so far below the best changes nobody's probability
# Nor does one that weighs so many bits less than there are cards: were the person as likely on the
# register as not, it would have one part in 250 of the probability.
UNLIKELY = 8.0
SECOND_CARDS = 0.025  # of persons have another card
# One of these must be the same on both cards; the names, which the enquiry chose, are not enough.
TELLING = ("born", "birthplace", "unit", "service_no", "mother_given")
_TELLING = np.array([FIELDS.index(x) for x in TELLING], np.int64)
# Surname and given name: either both fit the person asked for, or neither.
_NAMES_DIFFER = np.array([DIFFERS["surname"], DIFFERS["given"]], np.uint8)

_BY_WORDS = [place for place, field in enumerate(FIELDS) if field in WORDS]  # surname first

Codes = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Parts = Sequence[Part | Recent]


@dataclass(frozen=True, slots=True)
class Persons:
    """The rows by what the persons behind them weigh.

    `order` are places in the rows as found. In that order: `bits`, what all cards of a row's person
    weigh together, and `first`, the place of the first of his cards.
    """

    order: NDArray[np.int64]
    bits: Floats
    first: NDArray[np.int64]

    @property
    def as_found(self) -> bool:
        """Whether every row is a person of his own, and stays where it was found."""
        return self.order is self.first


def in_persons(found: Found, parts: Parts, frequencies: Frequencies) -> Persons:
    """Who stands behind the best rows; without linked cards each row is a person of his own."""
    bits = np.minimum(found.bits, MOST_BITS)
    shared, group = bits.copy(), np.arange(len(bits))
    several = list(_linked(found, parts, frequencies))
    if not several:
        return Persons(group, bits, group)
    for linked in several:
        shared[linked] = np.log2(np.exp2(bits[linked]).sum())
        group[linked] = linked[0]
    order = np.lexsort((np.arange(len(bits)), -found.bits, group, -shared))
    _, at, number = np.unique(group[order], return_index=True, return_inverse=True)
    first = at[number]
    return Persons(order, shared[order], first)


def _linked(found: Found, parts: Parts, frequencies: Frequencies) -> Iterator[list[int]]:
    """Places of the cards of each person who has several among the best."""
    pairs = _alike(found, parts, max(frequencies.cards, 1))
    if not pairs:
        return
    places, codes = found.places[:MOST_CARDS].tolist(), found.codes[:MOST_CARDS]
    least = np.log2(max(frequencies.cards, 1) / SECOND_CARDS)
    group = list(range(len(places)))
    for one, other in pairs:
        if group[one] == group[other]:
            continue
        if _apart(*(_facts(parts[places[x][0]], codes[x]) for x in (one, other))):
            continue
        ours, theirs = ((parts[places[x][0]], codes[x]) for x in (one, other))
        if not may_weigh(float(least), ours, theirs, frequencies):
            continue
        question = Question.of_values(_values(parts[places[one][0]], codes[one]))
        weighed = weigh_one(question, parts, frequencies, places[other])
        if weighed.bits[0] >= least and not _contrary(weighed):
            to, gone = sorted((group[one], group[other]))
            group = [to if x == gone else x for x in group]
    for number in sorted(set(group)):
        members = [place for place, x in enumerate(group) if x == number]
        if len(members) > 1:
            yield members


def _alike(found: Found, parts: Parts, cards: int) -> list[list[int]]:
    """Pairs of the best that share a fact beside the names, and whose names fit him alike."""
    one_part, least = len(parts) == 1, np.log2(cards) - UNLIKELY
    pairs: list[list[int]] = _pairs_alike(
        found.bits, least, found.ties, _NAMES_DIFFER, found.codes, _TELLING, one_part
    ).tolist()
    if one_part or not pairs:
        return pairs
    places = found.places[:MOST_CARDS].tolist()
    return [[x, y] for x, y in pairs if _telling(x, y, places, found.codes, parts)]


@compiled
def _pairs_alike(
    bits: Floats,
    least: float,
    ties: NDArray[np.uint8],
    differs: NDArray[np.uint8],
    codes: Codes,
    telling: Longs,
    telling_too: bool,
) -> Longs:
    """Pairs of rows as above; values have the same codes in one part only (`telling_too`)."""
    count = 0
    while count < min(len(bits), MOST_CARDS) and bits[count] >= max(bits[0] - FAR, least):
        count += 1
    pairs, size = np.empty((count * (count - 1) // 2, 2), np.int64), 0
    for one in range(count):
        for other in range(one + 1, count):
            alike, told = True, not telling_too
            for name in range(len(differs)):
                ours, theirs = ties[one, name] == differs[name], ties[other, name] == differs[name]
                alike &= ours == theirs
            for field in telling:
                told |= codes[one, field] == codes[other, field] > 0
            if alike and told:
                pairs[size] = one, other
                size += 1
    return pairs[:size]


def may_weigh(
    least: float,
    one: tuple[Part | Recent, Codes],
    other: tuple[Part | Recent, Codes],
    frequencies: Frequencies,
) -> bool:
    """Whether the evidence of two cards can come to so many bits; soon seen, and no for most.

    No value weighs more than it would if only those cards agreed that hold the other card's; and
    nothing if its words are not tied. Words are read only while the others might do.
    """
    (part, codes), (other_part, other_codes) = one, other
    most = frequencies.most(np.maximum(other_part.rows_with(other_codes), 1.0))
    most[(codes == 0) | (other_codes == 0)] = 0.0
    for place in _BY_WORDS:
        if most.sum() < least - ROUNDING:
            return False
        if most[place]:
            words = (
                x.value(FIELDS[place], int(y[place]))
                for x, y in ((part, codes), (other_part, other_codes))
            )
            ours, theirs = (read_kept(*x) for x in words if x)
            if not are_tied(ours, theirs):
                most[place] = 0.0
    return bool(most.sum() >= least - ROUNDING)


def _contrary(weighed: Found) -> bool:
    """Whether two cards give dates of birth, or service numbers, that cannot be one man's."""
    return any(
        weighed.ties[0, FIELDS.index(field)] == DIFFERS[field] for field in ("born", "service_no")
    )


def _telling(
    one: int, other: int, places: Sequence[Sequence[int]], codes: Codes, parts: Parts
) -> bool:
    """Whether a fact beside the names is the same on two cards, which may be in two parts."""
    part, other_part = (parts[places[x][0]] for x in (one, other))
    return any(
        codes[one][x] > 0
        and part.text(FIELDS[x], int(codes[one][x]))
        == other_part.text(FIELDS[x], int(codes[other][x]))
        for x in _TELLING.tolist()
    )


def _facts(part: Part | Recent, codes: Codes) -> tuple[Born, Mark]:
    born, number = (part.value(FIELDS[x], int(codes[x])) for x in (BORN, SERVICE_NO))
    return born or Born(), number or Mark()


def _apart(one: tuple[Born, Mark], other: tuple[Born, Mark]) -> bool:
    """Whether dates of birth or service numbers tell two cards apart; that is soon seen."""
    return (
        tie_born(one[0], other[0]) in FIELDS_WEIGHED["born"].disagreeing
        or tie_marks(one[1], other[1]) in FIELDS_WEIGHED["service_no"].disagreeing
    )


def _values(part: Part | Recent, codes: Codes) -> list[Any]:
    """What a card holds in each field."""
    return [part.value(field, code) for field, code in zip(FIELDS, codes.tolist(), strict=True)]
