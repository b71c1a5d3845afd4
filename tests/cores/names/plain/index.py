"""The plain index: every row weighed, none left out; the measure of the fast one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wayhome.cores.names.compare import OTHER_FIELDS, Evidence, compare, total
from wayhome.cores.names.fuzzy import Grown
from wayhome.cores.names.likeness import MOST_BITS, weigh_rows
from wayhome.cores.names.persons import Arrangement, Description, Particulars, read
from wayhome.cores.names.spelling import SAME, Spelling, Tie
from wayhome.cores.names.together import AGREES, MOST_SWAPPED, SWAPPED, known_so
from wayhome.cores.names.weights import WEIGHTS, Floats, Weights

from .frequencies import NAME_FIELDS, Frequencies

FIELDS = (*NAME_FIELDS, *OTHER_FIELDS)
REPORT_EVERY = 1000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A record that may be the person: rank from 1, bits that its evidence sums to, probability."""

    id: str
    rank: int
    bits: float
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best rows for one asked person, without evidence; `odds` is the sum over all rows.

    `odds` is the mean of 2 ** bits over the register: with a prior P that the person is in it, the
    odds that he is are P / (1 - P) * odds.
    """

    rows: NDArray[np.int64]
    bits: Floats
    odds: float

    def probabilities(self, prior: float, cards: int) -> Floats:
        """The share of each row; with "not on the register" all rows sum to one."""
        if not 0.0 <= prior <= 1.0:
            raise ValueError(f"a prior lies between 0 and 1, not at {prior}")
        weight = prior * np.exp2(np.minimum(self.bits, MOST_BITS)) / max(cards, 1)
        shares: Floats = weight / (1.0 - prior + prior * self.odds)
        return shares


class Index:
    """Descriptions in memory; one can be added, replaced or removed without a rebuild.

    Not safe to change in one thread while another looks something up: whoever shares an index
    between threads holds a lock. About 2.5 kB for each description.
    """

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self.frequencies = Frequencies(weights)
        self._held: dict[str, tuple[int, Description]] = {}
        self._ids: list[str | None] = []
        self._free: list[int] = []
        self._rows = {field: Grown(np.int32) for field in FIELDS}

    @classmethod
    def build(
        cls,
        descriptions: Iterable[Description],
        *,
        weights: Weights = WEIGHTS,
        progress: Callable[[int], None] | None = None,
    ) -> "Index":
        """An index of all of them; `progress` hears now and then how many are in."""
        index = cls(weights)
        for count, description in enumerate(descriptions, 1):
            index.add(description)
            if progress and count % REPORT_EVERY == 0:
                progress(count)
        return index

    def __len__(self) -> int:
        return len(self._held)

    def __contains__(self, id: object) -> bool:
        return id in self._held

    def add(self, d: Description) -> None:
        """Take in one description; one of the same id gives way to it."""
        self.remove(d.id)
        row = self._free.pop() if self._free else len(self._ids)
        if row == len(self._ids):
            self._ids.append(None)
        self._ids[row] = d.id
        self._held[d.id] = (row, d)
        numbers = {x: self.frequencies.columns[x].add(y) for x, y in _values(d).items()}
        self.frequencies.take(numbers, 1)
        for field, number in numbers.items():
            self._rows[field].put(row, number)

    def remove(self, id: str) -> None:
        """Take one out; nothing happens if it is not there."""
        row, _ = self._held.pop(id, (None, None))
        if row is None:
            return
        self._ids[row] = None
        self._free.append(row)
        numbers = {field: int(self._rows[field].array[row]) for field in FIELDS}
        self.frequencies.take(numbers, -1)

    def candidates(
        self,
        sought: Description,
        *,
        top: int = 50,
        prior: float = 0.02,
        swap: bool = False,
        but: str = "",
    ) -> list[Candidate]:
        """The best records for one person, likeliest first, with their evidence.

        `prior` is the probability, before any look at the register, that the person is in it. Of
        all records and "he is not there" exactly one is taken to be true, so that probabilities
        sum to at most one. With `swap` the index holds sought persons, and `sought` is a record
        just found: only the sides of the evidence change. `but` is the id of a record left out:
        who asks for others like himself would outweigh them all.
        """
        ranking = self.rank(sought, top, but=but)
        shares = ranking.probabilities(prior, len(self) - (but in self))
        return [
            self._candidate(int(row), place, float(share), sought, swap)
            for place, (row, share) in enumerate(zip(ranking.rows, shares, strict=True), 1)
        ]

    def _candidate(
        self, row: int, place: int, probability: float, asked: Description, swap: bool
    ) -> Candidate:
        id = self.id_of(row)
        held = self._held[id][1]
        one, other = (held, asked) if swap else (asked, held)
        evidence = compare(one, other, self.frequencies, swap=swap)
        return Candidate(id, place, total(evidence), probability, evidence)

    def id_of(self, row: int) -> str:
        id = self._ids[row]
        assert id is not None
        return id

    def rank(self, asked: Description, top: int, *, but: str = "") -> Ranking:
        """The best rows by their bits; every row is weighed, none is lost by blocking."""
        bits = self.bits(asked)
        out = [*self._free, *(self._held[id][0] for id in (but,) if id in self._held)]
        if out:
            bits[out] = -np.inf
        cards = len(self) - (but in self)
        odds = float(np.exp2(np.minimum(bits, MOST_BITS)).sum()) / max(cards, 1)
        count = max(0, min(top, cards))
        best = np.argpartition(-bits, count - 1)[:count] if 0 < count < len(bits) else ...
        rows = np.arange(len(bits))[best]
        rows = rows[np.lexsort((rows, -bits[rows]))][:count]
        return Ranking(rows, bits[rows], odds)

    def bits(self, asked: Description) -> Floats:
        """Bits of every row of the register, removed ones included: shape (rows,)."""
        particulars = read(asked)
        others = [(x, getattr(particulars, x)) for x in OTHER_FIELDS]
        best = np.full(len(self._ids), -np.inf)
        for name, off, order in zip(particulars.names, *self._of_ways(particulars), strict=True):
            np.maximum(best, self._bits(name, others, off, order), out=best)
        return best

    def _of_ways(self, asked: Particulars) -> tuple[list[Floats], list[float]]:
        """Of each way to share out the words of a name: what goes together, and the order."""
        weights, cards, names = self.weights, max(len(self), 1), asked.names
        called = [[self._called(y, getattr(x, y)) for y in NAME_FIELDS] for x in names]
        alone = list(weights.together.bits(called))
        seen = [self._seen(x, y, cards) for x, y in zip(names, alone, strict=True)]
        offs = []
        for name, off, here in zip(names, alone, seen, strict=True):
            found = off.copy()
            for other, there in zip(names, seen, strict=True):
                one, two, three = other.surname, other.given, other.patronymic
                swapped = (two, one, three) == (name.surname, name.given, name.patronymic)
                if swapped and name.surname != name.given:
                    more = SWAPPED * 2.0 ** min(there - here, MOST_SWAPPED)
                    found = off.copy()
                    found[[3, 7]] += np.log2(1.0 + more)
            offs.append(found)
        weighed = [
            weights.order_bits(x.bits) + self._seen(x, y, cards)
            for x, y in zip(names, offs, strict=True)
        ]
        whole = np.log2(sum(2.0 ** (x - max(weighed)) for x in weighed)) + max(weighed)
        return offs, [x - whole for x in weighed]

    def _called(self, field: str, word: Spelling) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What a word is known by; and if it is new here or a slip, the commonest near to it."""
        place, column = NAME_FIELDS.index(field), self.frequencies.columns[field]
        known = known_so(place, word)
        masses = column.masses(word)
        same, near = masses[list(SAME)].sum(), masses[[Tie.CONFUSED, Tie.TYPO1]].sum()
        if not known or word.initial or word.parts or (same > 0 and same * 100 >= near):
            return known, ()
        for ties in ([Tie.LIKELY, Tie.CONFUSED, Tie.TYPO1], [Tie.TYPO2]):
            if masses[ties].sum() > 0:
                here = np.flatnonzero(np.isin(column.ties(word), ties))
                cards = column.cards[here]
                held = (column.vocabulary.words[x] for x in here[cards == cards.max()].tolist())
                meant = min(held, key=lambda x: (x.literal, x.also))
                return known, known_so(place, meant)
        return known, ()

    def _seen(self, name: Arrangement, off: Floats, cards: int) -> float:
        """How common the words of a name are in this order, in bits."""
        found, subset = 0.0, 0
        for place, field in enumerate(NAME_FIELDS):
            word = getattr(name, field)
            masses = self.frequencies.columns[field].masses(word)
            if word.folded:
                subset |= 1 << place
                found += np.log2((masses[list(SAME)].sum() + 0.5) / (cards + 1))
        return float(found + off[subset])

    def _bits(
        self, name: Arrangement, others: list[tuple[str, object]], off: Floats, order: float
    ) -> Floats:
        """Bits of every row, with the words of the name asked for shared out in one way."""
        asked = [(x, getattr(name, x)) for x in NAME_FIELDS] + others
        bits = np.zeros((len(FIELDS), len(self._ids)))
        agreeing = np.zeros(len(self._ids), np.uint8)
        for place, (field, value) in enumerate(asked):
            column = self.frequencies.columns[field]
            ties = column.ties(value)
            if ties.any():
                found = ties[self._rows[field].array]
                bits[place] = column.bits(value)[found]
                if field in NAME_FIELDS:
                    agreeing |= AGREES[found].astype(np.uint8) << place
        return weigh_rows(bits, agreeing, off, order)


def _values(description: Description) -> dict[str, object]:
    particulars = read(description)
    name = particulars.names[0]
    values: dict[str, object] = {field: getattr(name, field) for field in NAME_FIELDS}
    return values | {field: getattr(particulars, field) for field in OTHER_FIELDS}
