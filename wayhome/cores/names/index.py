"""A register, asked for whoever may be the person described."""

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict, dataclass, field
from functools import cached_property, partial
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import comrades
from .columns import FIELDS, Columns, of_descriptions, of_sheet, together, values_of
from .compare import OTHER_FIELDS, Evidence, evidence_of, order_rule, written_of
from .engine import UNIT, Found, Question, find, ids_at, nothing, weigh_one
from .frequencies import NAME_FIELDS, Asked, Frequencies
from .kept import Kept
from .learning import Best, Inspected
from .likeness import MOST_BITS
from .part import Part
from .persons import Description, read, read_quickly
from .places import place_name
from .reading import read_all
from .recent import Recent
from .same_person import Persons, in_persons
from .sheets import Sheet
from .store import TRIES, Current, NoIndex, Store, put
from .together import Called, known_by, opposite
from .weights import WEIGHTS, Floats, Weights

MOST_RECENT = 2000  # records in memory before they become a part
MOST_PARTS = 6  # small parts before they become one
MOST_COMRADES = 1000  # whose units are known, as long as nothing changes
MOST_OTHERS = 100  # asked persons of whom it is known what others like them weigh
MOST_JOINED = 50  # a part is small below so many times as many records
WEIGHTS_FILE = "weights.json"


@dataclass(frozen=True)
class Candidate:
    """A record that may be the person: rank from 1, bits that its evidence sums to, probability.

    `person` is the id of the first record of those that are linked as one person's; they all have
    his probability.
    """

    id: str
    rank: int
    bits: float
    probability: float
    person: str
    told: Callable[[int], tuple[Evidence, ...]] = field(repr=False, compare=False)

    @cached_property
    def evidence(self) -> tuple[Evidence, ...]:
        """Field by field what was compared; the bits sum to those of the candidate."""
        return self.told(self.rank - 1)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best records for one asked person, best first; evidence is told when it is asked for.

    `odds` is the mean of 2 ** bits over the register: with a prior P that the person is in it, the
    odds that he is are P / (1 - P) * odds.
    """

    ids: list[str]
    bits: Floats
    odds: float
    found: Found
    persons: Persons
    tell: Callable[[int], tuple[Evidence, ...]]

    def candidates(self, prior: float, cards: int) -> list[Candidate]:
        """Each record with its share, as `probabilities` has it, and its evidence."""
        shares, first = self.probabilities(prior, cards).tolist(), self.persons.first.tolist()
        persons, ranks = map(self.ids.__getitem__, first), range(1, len(self.ids) + 1)
        columns = self.ids, ranks, self.found.bits.tolist(), shares, persons, repeat(self.tell)
        return list(map(Candidate, *columns))

    def probabilities(self, prior: float, cards: int) -> Floats:
        """The share of each record's person; with "not on the register" all persons sum to one.

        Records that are linked as one person's have the same share, which counts once: where
        `persons.first` is a record's own place.
        """
        return probabilities(self.persons.bits, self.odds, prior, cards)

    def absent(self, prior: float) -> float:
        """The probability that the person is not on the register."""
        return (1.0 - prior) / (1.0 - prior + prior * self.odds)


def probabilities(bits: Floats, odds: float, prior: float, cards: int) -> Floats:
    """As `Ranking.probabilities`, of a ranking that was written down; `bits` of its persons."""
    if not 0.0 <= prior <= 1.0:
        raise ValueError(f"a prior lies between 0 and 1, not at {prior}")
    weight = prior * np.exp2(np.minimum(bits, MOST_BITS)) / max(cards, 1)
    shares: Floats = weight / (1.0 - prior + prior * odds)
    return shares


class Index:
    """Descriptions of persons; one can be added, replaced or removed without a rebuild.

    In memory, or in a folder, where several processes may use it at once: what one adds is found by
    the next question of any other. The folder may be deleted at any time; then NoIndex is raised,
    and the index is to be built anew. Several threads may use one index; they wait for each other.
    """

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self.weights = weights
        self._lock = threading.RLock()
        self._store: Store | None = None
        self._parts: list[Part] = []
        self._recent = Recent()
        self._changed()

    @classmethod
    def build(
        cls,
        descriptions: Iterable[Description] | Columns,
        *,
        folder: Path | None = None,
        weights: Weights = WEIGHTS,
        progress: Callable[[int], None] | None = None,
    ) -> "Index":
        """An index of all of them; `progress` hears now and then how many are in.

        With `folder` it is written there, in place of what was there.
        """
        if not isinstance(descriptions, Columns):
            descriptions = of_descriptions(descriptions, progress)
        index = cls(weights)
        part = Part.build(descriptions) if len(descriptions.ids) else None
        if folder:
            index._begin(folder, part)
        elif part:
            index._parts.append(part)
            index._changed()
        return index

    @classmethod
    def build_from(
        cls,
        sheet: Sheet,
        folder: Path | None = None,
        *,
        weights: Weights = WEIGHTS,
        progress: Callable[[int, int], None] | None = None,
    ) -> "Index":
        """An index of the rows of a CSV file; as `build`."""
        return cls.build(of_sheet(sheet, progress), folder=folder, weights=weights)

    @classmethod
    def open(cls, folder: Path) -> "Index":
        """The index in a folder. Raises NoIndex if there is none that this program can use."""
        index = cls(_kept_weights(folder))
        index._store = Store(folder)
        with index._lock:
            index._follow()
        return index

    def _begin(self, folder: Path, part: Part | None) -> None:
        """Write a new index into a folder."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        store = Store(folder)
        with store.writing():
            try:
                before = store.current()
            except NoIndex:
                before = Current("", time.time_ns() // 1_000_000)
            if part:
                name = store.write_part(part.arrays, before.number + 1)
                store.publish(before, [(name, [])])
            else:
                store.publish(before, [])
            self._keep(folder)
        self._store = store
        self._follow()

    def _keep(self, folder: Path) -> None:
        if self.weights is WEIGHTS:
            (folder / WEIGHTS_FILE).unlink(missing_ok=True)
        else:
            put(folder / WEIGHTS_FILE, self.weights.to_json().encode())

    def refresh(self) -> None:
        """Take in what other processes changed. Every question does so first."""
        with self._lock:
            if self._store:
                self._follow()

    def _follow(self) -> None:
        """Bring what this process holds up to what the folder holds."""
        store = self._stored
        for _ in range(TRIES):
            stamp = store.stamp()
            if stamp == self._stamp:
                break
            try:
                self._take_over(store.current())
            except NoIndex:
                if store.stamp() != stamp:
                    continue  # it was replaced while we read it
                raise
            self._stamp = stamp
        if store.log_size(self._current.log) > self._read_to:
            entries, self._read_to = store.entries(self._current.log, self._read_to)
            for entry in entries:
                self._apply(entry)
            if entries:
                self._changed()

    def _take_over(self, current: Current) -> None:
        """Hold these parts, and nothing that came after them."""
        held = dict(zip(self._current.parts, self._parts, strict=True)) if self._current else {}
        parts = []
        for name, gone in zip(current.parts, current.gone, strict=True):
            part = held.get(name)
            if part is None or set(part.gone_rows) != set(gone):
                part = self._stored.open_part(name)
                part.take_out(gone)
            parts.append(part)
        self._current, self._parts, self._recent, self._read_to = current, parts, Recent(), 0
        self._changed()

    @property
    def _stored(self) -> Store:
        assert self._store is not None
        return self._store

    _stamp: tuple[int, int] | None = None
    _current: Any = None
    _read_to = 0

    def _changed(self) -> None:
        self._all: list[Part | Recent] = [*self._parts]
        if self._recent.ids:
            self._all.append(self._recent)
        self.frequencies = Frequencies(self.weights, self._all)
        self._others = Kept[Description, float](MOST_OTHERS)
        self._comrades = Kept[str, Asked | None](MOST_COMRADES)
        self._size = self.frequencies.cards

    def __len__(self) -> int:
        self.refresh()
        return self._size

    def __contains__(self, id: object) -> bool:
        with self._lock:
            self.refresh()
            return isinstance(id, str) and any(x >= 0 for x in self._places(id))

    def _places(self, id: str) -> list[int]:
        return [part.find(id) for part in self._all]

    def info(self) -> dict[str, Any]:
        """How large it is: cards, bytes of all files, parts, and which version of it this is."""
        with self._lock:
            self.refresh()
            stored = self._store is not None
            return {
                "cards": self._size,
                "bytes": self._stored.size() if stored else 0,
                "parts": len(self._parts),
                "recent": len(self._recent),
                "version": self._current.number if stored else 0,
            }

    def add(self, d: Description) -> None:
        """Take in one description; one of the same id gives way to it."""
        self.change([d])

    def remove(self, id: str) -> None:
        """Take one out; nothing happens if it is not there."""
        self.change(removed=[id])

    def change(self, added: Sequence[Description] = (), removed: Sequence[str] = ()) -> None:
        """Take out and take in several at once; when it returns, every process finds them."""
        entries: list[list[Any]] = [["-", x] for x in removed]
        entries += [["+", asdict(x)] for x in added]
        with self._lock, self._turn():
            for at in range(0, len(entries), MOST_RECENT):
                self._take(entries[at : at + MOST_RECENT])
            self._changed()

    def _turn(self) -> AbstractContextManager[None]:
        """Be the only one who changes the folder, if there is one."""
        return self._store.writing() if self._store else nullcontext()

    def _take(self, entries: list[list[Any]]) -> None:
        """Write these changes down, and do them."""
        self.refresh()
        if self._store:
            self._read_to = self._store.append(self._current.log, entries, self._read_to)
        for entry in entries:
            self._apply(entry)
        if len(self._recent.ids) >= MOST_RECENT:
            self._settle()

    def _apply(self, entry: list[Any]) -> None:
        """Do what an entry of the log says."""
        kind, what = entry
        id = what if kind == "-" else what["id"]
        for part in self._parts:
            row = part.find(id)
            if row >= 0:
                part.take_out([row])
        self._recent.remove(id)
        if kind == "+":
            self._recent.add(id, values_of(read(Description(**what))))

    def _settle(self) -> None:
        """Make a part of what came last; join small parts when they are many."""
        joined = [x for x in self._parts if len(x) < MOST_JOINED * MOST_RECENT]
        if len(joined) < MOST_PARTS:
            joined = []
        self._join(joined)

    def compact(self) -> None:
        """Make one part of all; nothing of what was removed stays in any file."""
        with self._lock, self._turn():
            self.refresh()
            self._join(self._parts)
            self._changed()

    def _join(self, joined: Sequence[Part]) -> None:
        """Make one part of these and of what came last."""
        columns = together([*(x.columns() for x in joined), self._recent.columns()])
        new = [Part.build(columns)] if len(columns.ids) else []
        kept = [x for x in self._parts if x not in joined and len(x)]
        if not self._store:
            self._parts, self._recent = [*kept, *new], Recent()
            return
        names = dict(zip(map(id, self._parts), self._current.parts, strict=True))
        parts = [(names[id(x)], x.gone_rows) for x in kept]
        number = self._current.number + 1
        parts += [(self._store.write_part(x.arrays, number), []) for x in new]
        self._store.publish(self._current, parts)
        self._follow()

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
        question = Question.of(sought)
        with self._lock:
            self.refresh()
            question = self._with_comrade(question, sought)
            ranking = self._rank(sought, question, top, but, swap)
            cards = self._size - (but != "" and but in self)
        return ranking.candidates(prior, cards)

    @staticmethod
    def _tell(
        asked: Description,
        question: Question,
        found: Found,
        parts: Sequence[Part | Recent],
        swap: bool,
        place: int,
    ) -> tuple[Evidence, ...]:
        number, _ = found.places[place].tolist()
        part, way, codes = parts[number], int(found.ways[place]), found.codes[place].tolist()
        ours = [
            *(getattr(question.arrangements[way], field).literal for field in NAME_FIELDS),
            *(written_of(asked, field) for field in OTHER_FIELDS),
        ]
        by_comrade = question.by_comrade
        if by_comrade:
            ours[UNIT] = asked.comrade
        held = [part.text(field, code) for field, code in zip(FIELDS, codes, strict=True)]
        ties, pieces = found.ties[place].tolist(), found.pieces[place].tolist()
        rule = order_rule(question.arrangements[way], way)
        sides = (held, ours) if swap else (ours, held)
        return evidence_of(*sides, ties, pieces, rule, by_comrade=by_comrade)

    def rank(self, asked: Description, top: int, *, but: str = "") -> Ranking:
        """The best records by their bits; none is lost by blocking."""
        question = Question.of(asked)
        with self._lock:
            self.refresh()
            question = self._with_comrade(question, asked)
            return self._rank(asked, question, top, but, swap=False)

    def evidence(
        self, asked: Description, id: str, *, swap: bool = False
    ) -> tuple[Evidence, ...] | None:
        """What speaks for one record and against it; None if it is not here."""
        question = Question.of(asked)
        with self._lock:
            self.refresh()
            question = self._with_comrade(question, asked)
            for place in enumerate(self._places(id)):
                if place[1] >= 0:
                    found = weigh_one(question, self._all, self.frequencies, place)
                    others = self._others.get(asked, lambda: self._find(question, 1).others)
                    found = found.beside(others)
                    return self._tell(asked, question, found, self._all, swap, 0)
        return None

    def inspect(self, asked: Description, top: int) -> Inspected:
        """What learning wants to know of one asked person."""
        question = Question.of(asked)
        with self._lock:
            self.refresh()
            question = self._with_comrade(question, asked)
            found = self._find(question, top)
            ids = ids_at(found.places, self._all)
            words = [(x.surname, x.given, x.patronymic) for x in question.arrangements]
            names = [self.frequencies.called(*x) for x in words]
        ways, fields = range(len(question.ways)), range(len(FIELDS))
        values = [[question.value(way, field) for field in fields] for way in ways]
        return Inspected(
            best=Best(np.array([len(ids)]), found.ties, found.ways),
            ids=ids,
            many=np.array([len(words)]),
            masses=found.masses,
            asked=np.array([[x is not None for x in way[: len(NAME_FIELDS)]] for way in values]),
            kinds=np.array([[x[1] if x else 0 for x in way] for way in values], np.uint8),
            names=names,
            opposite=np.array(opposite(question.ways)),
            orders=np.array([x.bits for x in question.arrangements]),
        )

    def is_place(self, words: str) -> bool:
        """Say whether more cards have these words as a birthplace than as a name.

        That is what `line.read_line` asks: Киров is a town, and the name of many.
        """
        with self._lock:
            self.refresh()
            known = self.frequencies
            at_home = known.cards_with("birthplace", read_quickly(place_name(words)))
            word = read_quickly(words)
            return at_home > 0 and all(
                at_home > known.cards_with(x, word) for x in ("surname", "given")
            )

    def some_names(self, most: int) -> Called:
        """What evenly spaced records are called, as circles know it; at most so many."""
        with self._lock:
            self.refresh()
            parts, every = self._all, max(1, -(-self._size // max(most, 1)))
        some = [(part, part.codes_of(part.in_rows()[::every])) for part in parts]
        return [_known_by(some, place) for place in range(len(NAME_FIELDS))]

    def use(self, weights: Weights, *, keep: bool = True) -> None:
        """Weigh by these from now on; with `keep`, so do all who open the folder later."""
        with self._lock:
            self.weights = weights
            if self._store and keep:
                self._keep(self._store.folder)
            before = self.frequencies
            self._changed()
            self.frequencies.same_words_as(before)

    def _with_comrade(self, question: Question, asked: Description) -> Question:
        """The same question; of whoever has no unit, that of the comrade named is asked for."""
        if not asked.comrade or question.values[UNIT]:
            return question
        comrade = asked.comrade
        unit = self._comrades.get(comrade, lambda: self._unit_of(comrade))
        return question.asking_for(unit) if unit else question

    def _unit_of(self, comrade: str) -> Asked | None:
        """The unit of whoever is meant by this line, as it is asked for; None if nobody is."""
        described = comrades.described(comrade)
        if not described:
            return None
        ranking = self._rank(described, Question.of(described), comrades.CARDS, "", swap=False)
        shares = ranking.probabilities(self.weights.prior, self._size).tolist()
        units = [
            self._all[part].value("unit", codes)
            for (part, _), codes in zip(
                ranking.found.places.tolist(), ranking.found.codes[:, UNIT].tolist(), strict=True
            )
        ]
        cards = zip(units, ranking.persons.first.tolist(), shares, strict=True)
        return comrades.unit_of(cards) or comrades.told_unit(described)

    def _find(self, question: Question, top: int, but: str = "") -> Found:
        """The best rows, whoever stands behind them."""
        left_out = self._places(but) if but else [-1] * len(self._all)
        top = max(0, min(top, self._size - sum(x >= 0 for x in left_out)))
        return (
            find(question, self._all, self.frequencies, top, left_out) if top else nothing(question)
        )

    def _rank(
        self, asked: Description, question: Question, top: int, but: str, swap: bool
    ) -> Ranking:
        found = self._find(question, top, but)
        if found.pieces.size and not but:
            self._others.get(asked, lambda: found.others)  # the evidence of a pair asks for it
        persons = in_persons(found, self._all, self.frequencies)
        if not persons.as_found:
            found = found.in_order(persons.order)
        ids = ids_at(found.places, self._all)
        tell = partial(self._tell, asked, question, found, self._all, swap)
        return Ranking(ids, found.bits, found.odds, found, persons, tell)


def _known_by(
    some: Sequence[tuple[Part | Recent, NDArray[np.int32]]], place: int
) -> tuple[list[str], NDArray[np.int64]]:
    """What circles know the words of a name by, each distinct one of a part read once."""
    words: list[tuple[str, str]] = []
    of_card = [np.empty(0, np.int64)]
    for part, codes in some:
        held, numbers = np.unique(codes[:, place], return_inverse=True)
        of_card.append(len(words) + numbers)
        words += [part.value(NAME_FIELDS[place], x) or ("", "") for x in held.tolist()]
    return known_by(place, read_all(words)), np.concatenate(of_card)


def _kept_weights(folder: Path) -> Weights:
    try:
        text = (folder / WEIGHTS_FILE).read_text(encoding="utf-8")
    except OSError:
        return WEIGHTS
    return Weights.of_json(text)
