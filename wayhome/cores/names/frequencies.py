"""How often each value stands in a register, and so what it is worth that two values agree."""

from collections import Counter
from collections.abc import Sequence
from functools import cached_property, partial
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, compiled
from .dates import Born
from .marks import Mark
from .persons import Arrangement, read_quickly
from .shelf import Shelf, seen_in
from .spelling import Spelling, Tie
from .together import FIRST_SAME, LAST_SAME, Names, known_so, of_ways, opposite
from .weights import NEW, SLIP, WEIGHTS, Floats, Weights, kind_of, most_of, worth_of

NAME_FIELDS = ("surname", "given", "patronymic")
MOST_TIES = max(len(x.ties) for x in WEIGHTS.fields.values())
DIFFERS = {field: max(map(int, x.ties)) for field, x in WEIGHTS.fields.items()}
FIELDS = tuple(
    WEIGHTS.fields
)  # in the order of `likeness`, and of every array with an axis of them
DIFFER = np.array([DIFFERS[field] for field in FIELDS], np.int64)
PLACES = {field: place for place, field in enumerate(FIELDS)}
KEPT = 100_000  # words of which it is known what they are called
# How a word may be tied to the one that is meant, the likelier ways first.
NEAR_TIES = tuple(
    np.isin(np.arange(MOST_TIES), ties)
    for ties in ((Tie.LIKELY, Tie.CONFUSED, Tie.TYPO1), (Tie.TYPO2,))
)
Look = tuple[NDArray[np.int32], NDArray[np.uint8]]
Asked = tuple[Any, int]  # a value as `columns.values_of` has it, and its kind


class Counted(Protocol):
    """Rows that can say how many of them hold a value tied to an asked one."""

    def __len__(self) -> int: ...
    def look(self, field: str, value: Any) -> Look: ...
    def masses(self, place: int, codes: NDArray[np.int32], ties: NDArray[np.uint8]) -> Floats: ...
    def known_in(self, field: str) -> int: ...
    def slots(self, asked: Sequence[tuple[int, Any]]) -> NDArray[np.int64]: ...
    @property
    def shelf(self) -> Shelf: ...
    def counts(self, place: int, codes: NDArray[np.int32]) -> NDArray[np.int64]: ...
    def in_rows(self) -> NDArray[np.int64]: ...
    def codes_of(self, rows: NDArray[np.int64]) -> NDArray[np.int32]: ...
    def value(self, field: str, code: int) -> Any: ...


class Frequencies:
    """What the values of a register are worth. Of an empty register it gives first guesses."""

    def __init__(self, weights: Weights = WEIGHTS, parts: Sequence[Counted] = ()) -> None:
        self.weights = weights
        self.parts = parts
        self.cards = sum(map(len, parts))
        self._places: dict[tuple[int, str, str], int] = {}
        self._meanings: dict[tuple[int, str, str], tuple[str, ...]] = {}

    def bits(self, field: str, value: Any) -> Floats:
        """Bits of each tie that a value of the register may have to this asked value."""
        found = asked(value)
        size = len(self.weights.fields[field].ties)
        return self.worth(field, found)[0][:size] if found else np.zeros(size)

    def cards_with(self, field: str, word: Spelling) -> float:
        """How many cards hold a word in a field, in any spelling of it."""
        found, seen = asked(word), np.zeros((1, MOST_TIES))
        if found is None:
            return 0.0
        for part in self.parts:
            seen_in(part.shelf.box, part.slots([(PLACES[field], found[0])]), seen)
        return float(seen[0, FIRST_SAME : LAST_SAME + 1].sum())

    def worth(self, field: str, value: Asked) -> tuple[Floats, Floats]:
        """Bits of each tie to a value, and how many cards show it; 0 beyond the last tie."""
        place, (held, kind) = PLACES[field], value
        seen = np.zeros((1, MOST_TIES))
        for part in self.parts:
            seen[0] += part.masses(place, *part.look(field, held))
        at = np.where(np.arange(len(FIELDS)) == place, 0, -1)[None]
        masses, worth = weighed_in(
            self.weights.box, self._known, float(self.cards), DIFFER,
            np.array([place]), np.array([kind]), seen, at,
        )  # fmt: skip
        return worth[0, place], masses[0, place]

    @property
    def boxes(self) -> Any:
        """What machine code weighs by: see `weighing.tables_of`."""
        weights, cards = self.weights, float(self.cards)
        return weights.box, weights.together.circles, self._known, cards, DIFFER

    def most(self, seen: Floats) -> Floats:
        """The most that agreement on a value can weigh which so many cards hold: (fields,)."""
        found: Floats = most_of(self.weights.box, seen, self._known)
        return found

    def places(self, *words: Spelling) -> list[int]:
        """Where surname, given name and patronymic stand among the names of the circles.

        Rows of `Together.circles`, -1 for a word that is not there.
        """
        found = []
        for place, word in enumerate(words):
            key = place, word.literal, word.also
            row = self._places.get(key)
            if row is None:
                if len(self._places) >= KEPT:
                    self._places.clear()
                known, meant = known_so(place, word), partial(self._meant, place, word)
                row = self._places[key] = self.weights.together.row(place, known, meant)
            found.append(row)
        return found

    def same_words_as(self, other: "Frequencies") -> None:
        """Keep what is known there of words: that is the same by any weights."""
        self._meanings = other._meanings

    def called(self, *words: Spelling) -> Names:
        """What circles may know surname, given name and patronymic by."""
        return tuple((known_so(x, word), self._meant(x, word)) for x, word in enumerate(words))

    def _meant(self, place: int, word: Spelling) -> tuple[str, ...]:
        """What circles may know the word by that is meant, where another is than was written."""
        key = place, word.literal, word.also
        known = self._meanings.get(key)
        if known is None:
            if len(self._meanings) >= KEPT:
                self._meanings.clear()
            meant = self._commonest(place, word) if known_so(place, word) and self.cards else None
            known = known_so(place, read_quickly(*meant)) if meant else ()
            self._meanings[key] = known
        return known

    def _commonest(self, place: int, word: Spelling) -> tuple[str, str] | None:
        """The commonest word of the register that is near to one that is new, or a slip."""
        asked = [(place, (word.literal, word.also))]
        slots = [int(x.slots(asked)[0]) for x in self.parts]
        told = [x.shelf.told(slot) for x, slot in zip(self.parts, slots, strict=True)]
        masses = np.sum([masses for _, masses in told], axis=0)
        kind = self.weights.fields[FIELDS[place]].kind(kind_of(word), masses)
        for ties in NEAR_TIES if kind in (NEW, SLIP) else ():
            if masses[ties].sum() > 0.0:
                near = [codes[ties[here]] for (codes, here), _ in told]
                return _most_held(place, list(zip(self.parts, near, strict=True)))
        return None

    def of_ways(self, names: Sequence[Arrangement], masses: Floats) -> tuple[Floats, Floats]:
        """Of each way to share out the words of a name: what is taken off, and its order's bits.

        `masses` (ways, fields, ties) are cards of the register; (ways, subsets) and (ways,).
        """
        places = [self.places(x.surname, x.given, x.patronymic) for x in names]
        orders = opposite([tuple(getattr(x, y).literal for y in NAME_FIELDS) for x in names])
        first = np.array([self.weights.order_bits(x.bits) for x in names])
        known = np.array([[bool(getattr(x, y).folded) for y in NAME_FIELDS] for x in names])
        circles, cards = self.weights.together.circles, max(self.cards, 1)
        found: tuple[Floats, Floats] = of_ways(
            circles, np.array(places), np.array(orders), first, masses, known, cards
        )
        return found

    @cached_property
    def _known(self) -> Floats:
        """How many cards know each field."""
        return np.array([sum(x.known_in(name) for x in self.parts) for name in FIELDS], np.float64)


def _most_held(place: int, found: Sequence[tuple[Counted, NDArray[np.int32]]]) -> tuple[str, str]:
    """Of some words of each part that which most cards hold; of equals the first."""
    cards: Counter[tuple[str, str]] = Counter()
    for part, codes in found:
        counts = part.counts(place, codes)
        if len(found) == 1:
            codes, counts = codes[counts == counts.max()], counts[counts == counts.max()]
        for code, count in zip(codes.tolist(), counts.tolist(), strict=True):
            cards[part.value(FIELDS[place], code)] += count
    most = max(cards.values())
    return min(word for word, count in cards.items() if count == most)


@compiled
def weighed_in(
    weights: Box,
    known: Floats,
    cards: float,
    differ: NDArray[np.int64],
    fields: NDArray[np.int64],
    kinds: NDArray[np.int64],
    seen: Floats,
    at: NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Cards of each tie to asked values, and its bits: both (ways, fields, ties).

    Of each value: its field, its kind, how many cards show it each tie, those that differ left
    out (values, ties). `at` (ways, fields) says which of them is asked for where, or -1. Of all
    `cards` so many know each field.
    """
    for value in range(len(fields)):
        field = fields[value]
        seen[value, differ[field]] = known[field] - seen[value].sum()
    bits = worth_of(fields, kinds, seen, known[fields], weights[0])
    ways, many_fields, ties = at.shape[0], at.shape[1], seen.shape[1]
    masses, worth = np.zeros((ways, many_fields, ties)), np.zeros((ways, many_fields, ties))
    for way in range(ways):
        for field in range(many_fields):
            value = at[way, field]
            if value >= 0:
                masses[way, field], worth[way, field] = seen[value], bits[value]
            masses[way, field, 0] = cards - masses[way, field].sum()
    return masses, worth


def asked(value: Any) -> Asked | None:
    """A value as it is looked up, and its kind; None if nothing is known."""
    if isinstance(value, Spelling):
        return ((value.literal, value.also), kind_of(value)) if value.folded else None
    if isinstance(value, Born):
        return (value, kind_of(value)) if value.year else None
    known = value.text if isinstance(value, Mark) else value
    return (value, kind_of(value)) if known else None
