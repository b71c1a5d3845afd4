"""The records that came last: a few thousand in memory, found at once, until a part takes them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, NAMES, PLACE, WORDS, Columns, kept
from .compiled import Box
from .dates import BornTie, BornVocabulary
from .frequencies import MOST_TIES
from .marks import MarkTie, MarkVocabulary, RankTie, RankVocabulary
from .part import bases, new_desk, written
from .shelf import Shelf
from .topk import Longs
from .words import GrowingWords

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]


class Recent:
    """Records by id; each field's values are numbered from 1 as they come.

    One thread changes it while no other asks.
    """

    def __init__(self) -> None:
        self.names, self.places = GrowingWords(), GrowingWords()
        self._dates, self._ranks = BornVocabulary(), RankVocabulary()
        self._marks = {"unit": MarkVocabulary(), "service_no": MarkVocabulary()}
        self.ids: list[str] = []
        self.rows: dict[str, int] = {}
        self.codes: Ints = np.zeros((64, len(FIELDS)), np.int32)
        self.alive = np.zeros(64, np.bool_)
        self._shelf: Shelf | None = None

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, id: str, values: list[Any]) -> None:
        """Take in a record; what stood under its id is removed."""
        self.remove(id)
        self._shelf = None
        row = len(self.ids)
        if row == len(self.codes):
            self.codes = np.concatenate([self.codes, np.zeros_like(self.codes)])
            self.alive = np.concatenate([self.alive, np.zeros_like(self.alive)])
        for field, value in zip(FIELDS, values, strict=True):
            self.codes[row, PLACE[field]] = self._number(field, value) if value else 0
        self.ids.append(id)
        self.rows[id] = row
        self.alive[row] = True

    def remove(self, id: str) -> bool:
        """Take a record out; whether it was there."""
        row = self.rows.pop(id, None)
        if row is None:
            return False
        self.alive[row] = False
        self._shelf = None
        return True

    def find(self, id: str) -> int:
        return self.rows.get(id, -1)

    def _number(self, field: str, value: Any) -> int:
        if field in WORDS:
            return (self.names if field in NAMES else self.places).add(*value)
        if field in self._marks:
            return self._marks[field].add(value)
        return self._dates.add(value) if field == "born" else int(value)

    def rows_with(self, codes: Ints) -> NDArray[np.float64]:
        """How many records hold each of these values, one of each field; shape (fields,)."""
        held, alive, _ = self.held
        found: NDArray[np.float64] = np.sum(held[alive] == codes, axis=0, dtype=np.float64)
        return found

    def in_rows(self) -> Longs:
        """All rows that were not taken out."""
        return np.flatnonzero(self.alive)

    def known_in(self, field: str) -> int:
        """How many records know this field."""
        return int(np.count_nonzero(self.codes[:, PLACE[field]] * self.alive))

    def ids_of(self, rows: Longs) -> list[str]:
        return [self.ids[x] for x in rows.tolist()]

    @property
    def held(self) -> tuple[Ints, NDArray[np.bool_], Longs]:
        """Values of all rows (rows, fields), which are in, and where each field's values begin."""
        count = len(self.ids)
        return self.codes[:count], self.alive[:count], self.base

    @property
    def base(self) -> Longs:
        """Where the values of each field begin."""
        return bases(np.array(self._sizes()))

    def codes_of(self, rows: Longs) -> Ints:
        """The values of rows (rows, fields), 0 for what they do not know."""
        return self.codes[rows]

    def look(self, field: str, value: Any) -> tuple[Ints, Bytes]:
        """The values of a field that are tied to this one, and how; those that differ left out."""
        if field in WORDS:
            view = (self.names if field in NAMES else self.places).look(*value)
            return view.ids, view.ties
        if field == "born":
            ties, differs = self._dates.ties(value), int(BornTie.DIFFERS)
        elif field == "rank":
            ties, differs = self._ranks.ties(value), int(RankTie.DIFFERS)
        else:
            ties, differs = self._marks[field].ties(value), int(MarkTie.DIFFERS)
        codes = np.flatnonzero((ties != 0) & (ties != differs)).astype(np.int32)
        return codes, ties[codes]

    def slots(self, asked: Sequence[tuple[int, Any]]) -> Longs:
        """Where on the shelf it lies what fields hold of values; as `Part.slots`."""
        if self._shelf is None:
            self._shelf = Shelf(sum(self._sizes()), MOST_TIES)
        return self._shelf.slots(asked, self._slot)

    def counts(self, place: int, codes: Ints) -> Longs:
        """As `Part.counts`."""
        held, alive, _ = self.held
        return np.bincount(held[alive, place], minlength=self._sizes()[place] + 1)[codes]

    @property
    def shelf(self) -> Shelf:
        assert self._shelf is not None
        return self._shelf

    def _slot(self, place: int, value: Any) -> int:
        slot = self.shelf.get((place, value))
        if slot < 0:
            codes, ties = self.look(FIELDS[place], value)
            slot = self.shelf.put((place, value), codes, ties, self.masses(place, codes, ties))
        return slot

    def masses(self, place: int, codes: Ints, ties: Bytes) -> NDArray[np.float64]:
        """How many records hold a value of each tie; as `Part.masses`."""
        of_value = np.zeros(self._sizes()[place] + 1, np.uint8)
        of_value[codes] = ties
        held = self.codes[: len(self.ids), place][self.alive[: len(self.ids)]]
        masses = np.bincount(of_value[held], minlength=MOST_TIES).astype(np.float64)
        masses[0] = 0.0
        return masses

    def text(self, field: str, code: int) -> str:
        """A value as it can be read again; "" for 0."""
        value = self.value(field, code)
        if value is None:
            return ""
        if field in WORDS:
            return str(value[0])
        return written(field, value)

    def value(self, field: str, code: int) -> Any:
        """A value as it came; None for 0."""
        if not code:
            return None
        if field in WORDS:
            return (self.names if field in NAMES else self.places).text(code)
        if field == "born":
            return self._dates.values[code]
        return code if field == "rank" else self._marks[field].values[code]

    def _sizes(self) -> list[int]:
        marks = {field: len(x.values) for field, x in self._marks.items()}
        return [
            {
                "birthplace": len(self.places),
                "born": len(self._dates),
                "rank": len(self._ranks),
                **marks,
            }.get(field, len(self.names))
            for field in FIELDS
        ]

    def desk(self, words: int, differs: Longs) -> Box:
        """Room to work in, used once."""
        return new_desk(self._sizes(), words, differs)

    def columns(self) -> Columns:
        """All records that are in."""
        rows = [row for row in range(len(self.ids)) if self.alive[row]]
        values: dict[str, list[Any]] = {}
        codes = np.zeros((len(FIELDS), len(rows)), np.int32)
        for field in FIELDS:
            held, number = np.unique(self.codes[rows, PLACE[field]], return_inverse=True)
            known = held[held > 0]
            values[field] = [kept(field, self.value(field, int(x))) for x in known]
            codes[PLACE[field]] = number + (0 if len(known) < len(held) else 1)
        return Columns([self.ids[x] for x in rows], values, codes)
