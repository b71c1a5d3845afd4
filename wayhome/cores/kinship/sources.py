"""What differs from family to family in a batch, and which families are alike in it.

A table of a batch has a row for each different thing that was seen, not for each family: of 1,000
families the brother's genotype at a marker is one of a few dozen, and what hangs on him alone is
worked out that often. Each *source* is such a thing; a table hangs on none, one or several.
"""

from dataclasses import dataclass, field
from functools import reduce
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Which = frozenset[int]
NOTHING: Which = frozenset()
Kind = TypeVar("Kind", bound=np.generic)
Whole = TypeVar("Whole", bound=np.integer)
FAMILIES = 1024  # as many as an order is chosen for, where there is more than one


@dataclass(frozen=True)
class Rows:
    """The row of each family, (families,), and the first family of each row, (rows,)."""

    of: NDArray[np.intp]
    first: NDArray[np.intp]


def rows_of(codes: NDArray[np.integer], below: int) -> Rows:
    """Families with the same code, a whole number from 0, share a row."""
    if below > 4 * len(codes) + 1024:
        _, first, of = np.unique(codes, return_index=True, return_inverse=True)
        return Rows(of.reshape(-1), first)
    family = np.full(below, -1, dtype=np.intp)
    family[codes[::-1]] = np.arange(len(codes))[::-1]
    met = np.flatnonzero(family >= 0)
    place = np.empty(below, dtype=np.intp)
    place[met] = np.arange(len(met))
    return Rows(place[codes], family[met])


def seen_alike(codes: NDArray[Whole]) -> tuple[NDArray[Whole], NDArray[np.intp]]:
    """The different rows of whole numbers from 0, and which of them each is."""
    if len(codes) == 1 or not codes[:1].size:
        return codes[:1], np.zeros(len(codes), dtype=np.intp)
    base = int(codes.max()) + 1
    if base ** codes.shape[1] >= 2**62:
        different, which = np.unique(codes, axis=0, return_inverse=True)
        return different, which.reshape(-1)
    # One whole number for each row: many times faster to sort.
    numbers = codes @ base ** np.arange(codes.shape[1], dtype=np.int64)
    _, first, which = np.unique(numbers, return_index=True, return_inverse=True)
    return codes[first], which


@dataclass
class Sources:
    """The sources of one batch. `most` is how many rows each may have: plans are made for it."""

    rows: dict[Which, Rows] = field(default_factory=dict)
    most: list[int] = field(default_factory=list)

    def add(self, rows: Rows, most: int) -> Which:
        """A new source."""
        alone = frozenset({len(self.most)})
        self.most.append(min(most, FAMILIES) if len(rows.of) > 1 else 1)
        self.rows[alone] = rows
        return alone

    def joined(self, which: Which) -> Rows:
        """Of several sources together: families that are alike in all of them share a row."""
        if which not in self.rows:
            self.rows[which] = reduce(_both, (self.rows[frozenset({n})] for n in sorted(which)))
        return self.rows[which]

    def taken(self, table: NDArray[Kind], held: Which, wanted: Which) -> NDArray[Kind]:
        """The rows of a table that hangs on the sources `held`, for those of more sources.

        What hangs on nothing is the same for all, and stays one row.
        """
        if held == wanted or not held:
            return table
        return table[self.joined(held).of[self.joined(wanted).first]]


def _both(one: Rows, other: Rows) -> Rows:
    return rows_of(one.of * len(other.first) + other.of, len(one.first) * len(other.first))
