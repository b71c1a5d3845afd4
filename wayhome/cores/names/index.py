"""A register, asked for whoever may be the person described."""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

import numpy as np

from .columns import FIELDS, Columns, of_descriptions, values_of
from .compare import OTHER_FIELDS, Evidence, evidence_of, written_of
from .engine import Found, Question, find, nothing, weigh_one
from .frequencies import NAME_FIELDS, Frequencies
from .learning import Inspected
from .likeness import MOST_BITS
from .part import Part
from .persons import Description, read
from .recent import Recent
from .spelling import Spelling, spelling
from .weights import WEIGHTS, Floats, Weights

MOST_RECENT = 2000


@dataclass(frozen=True)
class Candidate:
    """A record that may be the person: rank from 1, bits that its evidence sums to, probability."""

    id: str
    rank: int
    bits: float
    probability: float
    told: Callable[[], tuple[Evidence, ...]] = field(repr=False, compare=False)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Field by field what was compared; the bits sum to those of the candidate."""
        return self.told()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best records for one asked person, without evidence, best first.

    `odds` is the mean of 2 ** bits over the register: with a prior P that the person is in it, the
    odds that he is are P / (1 - P) * odds.
    """

    ids: list[str]
    bits: Floats
    odds: float
    found: Found

    def probabilities(self, prior: float, cards: int) -> Floats:
        """The share of each record; with "not on the register" all records sum to one."""
        if not 0.0 <= prior <= 1.0:
            raise ValueError(f"a prior lies between 0 and 1, not at {prior}")
        weight = prior * np.exp2(np.minimum(self.bits, MOST_BITS)) / max(cards, 1)
        shares: Floats = weight / (1.0 - prior + prior * self.odds)
        return shares


class Index:
    """Descriptions of persons; one can be added, replaced or removed without a rebuild.

    Several threads may use it; they wait for each other.
    """

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self._lock = threading.RLock()
        self._parts: list[Part] = []
        self._recent = Recent()
        self._changed()

    @classmethod
    def build(
        cls,
        descriptions: Iterable[Description] | Columns,
        *,
        weights: Weights = WEIGHTS,
        progress: Callable[[int], None] | None = None,
    ) -> "Index":
        """An index of all of them; `progress` hears now and then how many are in."""
        index = cls(weights)
        columns = (
            descriptions
            if isinstance(descriptions, Columns)
            else of_descriptions(descriptions, progress)
        )
        if len(columns.ids):
            index._parts.append(Part.build(columns))
        index._changed()
        return index

    def _changed(self) -> None:
        self._all: list[Part | Recent] = [
            *self._parts,
            *([self._recent] if self._recent.ids else []),
        ]
        self.frequencies = Frequencies(self.weights, self._all)
        self._size = sum(map(len, self._all))

    def __len__(self) -> int:
        return self._size

    def __contains__(self, id: object) -> bool:
        with self._lock:
            return isinstance(id, str) and any(x >= 0 for x in self._places(id))

    def _places(self, id: str) -> list[int]:
        return [part.find(id) for part in self._all]

    def add(self, d: Description) -> None:
        """Take in one description; one of the same id gives way to it."""
        with self._lock:
            self._remove(d.id)
            self._recent.add(d.id, values_of(read(d)))
            if len(self._recent.ids) >= MOST_RECENT:
                self._settle()
            self._changed()

    def remove(self, id: str) -> None:
        """Take one out; nothing happens if it is not there."""
        with self._lock:
            self._remove(id)
            self._changed()

    def _remove(self, id: str) -> None:
        for part, row in zip(self._all, self._places(id), strict=True):
            if row >= 0 and isinstance(part, Part):
                part.take_out([row])
        self._recent.remove(id)

    def _settle(self) -> None:
        """Make a part of what came last."""
        columns = self._recent.columns()
        if len(columns.ids):
            self._parts.append(Part.build(columns))
        self._recent = Recent()

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
        with self._lock:
            question = Question.of(sought)
            ranking = self._rank(question, top, but)
            shares = ranking.probabilities(prior, len(self) - (but in self))
            parts = self._all
        found = ranking.found
        return [
            Candidate(
                id,
                place + 1,
                float(found.bits[place]),
                float(shares[place]),
                partial(self._tell, sought, question, found, place, parts, swap),
            )
            for place, id in enumerate(ranking.ids)
        ]

    @staticmethod
    def _tell(
        asked: Description,
        question: Question,
        found: Found,
        place: int,
        parts: Sequence[Part | Recent],
        swap: bool,
    ) -> tuple[Evidence, ...]:
        number, row = found.places[place].tolist()
        part, way = parts[number], int(found.ways[place])
        codes = part.codes_of(np.array([row]))[0].tolist()
        ours = [
            *(getattr(question.arrangements[way], field).literal for field in NAME_FIELDS),
            *(written_of(asked, field) for field in OTHER_FIELDS),
        ]
        held = [part.text(field, code) for field, code in zip(FIELDS, codes, strict=True)]
        ties, pieces = found.ties[place].tolist(), found.pieces[place].tolist()
        return evidence_of(*((held, ours) if swap else (ours, held)), ties, pieces)

    def rank(self, asked: Description, top: int, *, but: str = "") -> Ranking:
        """The best records by their bits; none is lost by blocking."""
        with self._lock:
            return self._rank(Question.of(asked), top, but)

    def evidence(
        self, asked: Description, id: str, *, swap: bool = False
    ) -> tuple[Evidence, ...] | None:
        """What speaks for one record and against it; None if it is not here."""
        with self._lock:
            question = Question.of(asked)
            for number, row in enumerate(self._places(id)):
                if row >= 0:
                    found = weigh_one(question, self._all, self.frequencies, (number, row))
                    return self._tell(asked, question, found, 0, self._all, swap)
        return None

    def inspect(self, asked: Description, top: int) -> Inspected:
        """What learning wants to know of one asked person."""
        with self._lock:
            question = Question.of(asked)
            ranking = self._rank(question, top, "")
        ways, fields = range(len(question.ways)), range(len(FIELDS))
        values = [[question.value(way, field) for field in fields] for way in ways]
        return Inspected(
            ids=ranking.ids,
            ties=ranking.found.ties,
            ways=ranking.found.ways.astype(np.uint8),
            masses=ranking.found.masses,
            kinds=np.array([[x[1] if x else 0 for x in way] for way in values], np.uint8),
            names=[(x.surname, x.given, x.patronymic) for x in question.arrangements],
            orders=np.array([x.bits for x in question.arrangements]),
        )

    def some_names(self, most: int) -> Iterator[tuple[Spelling, Spelling, Spelling]]:
        """The names of evenly spaced records, at most so many."""
        with self._lock:
            parts, every = self._all, max(1, -(-len(self) // max(most, 1)))
        for part in parts:
            rows = part.in_rows()[::every]
            for codes in part.codes_of(rows)[:, : len(NAME_FIELDS)].tolist():
                words = [part.value(x, y) for x, y in zip(NAME_FIELDS, codes, strict=True)]
                surname, given, patronymic = (spelling(*(x or ("", ""))) for x in words)
                yield surname, given, patronymic

    def use(self, weights: Weights) -> None:
        """Weigh by these from now on."""
        with self._lock:
            self.weights = weights
            self._changed()

    def _rank(self, question: Question, top: int, but: str) -> Ranking:
        top = max(0, min(top, len(self)))
        left_out = self._places(but) if but else [-1] * len(self._all)
        if not top:
            return Ranking([], np.empty(0), 0.0, nothing(question))
        found = find(question, self._all, self.frequencies, top, left_out)
        ids = [self._all[number].id_of(row) for number, row in found.places.tolist()]
        return Ranking(ids, found.bits, found.odds, found)
