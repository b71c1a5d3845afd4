"""Distances from one string to a whole vocabulary, without looking at most of it."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

Ints = NDArray[np.int32]


def letter_bits(text: str) -> int:
    """One bit for each letter that occurs; letters may share a bit."""
    bits = 0
    for letter in text:
        bits |= 1 << (ord(letter) % 61)
    return bits


class Grown:
    """A one-dimensional array that grows at its end."""

    def __init__(self, dtype: type) -> None:
        self._held: NDArray[Any] = np.zeros(1024, dtype=dtype)
        self._size = 0

    def __len__(self) -> int:
        return self._size

    def append(self, value: int) -> None:
        if self._size == len(self._held):
            self._held = np.concatenate([self._held, np.zeros_like(self._held)])
        self._held[self._size] = value
        self._size += 1

    def put(self, place: int, value: int) -> None:
        """Set the number at a place, at most one beyond the end."""
        if place == self._size:
            self.append(value)
        else:
            self._held[place] = value

    def count(self, place: int, change: int) -> None:
        """Add to the number at a place, which may lie beyond the end."""
        while self._size <= place:
            self.append(0)
        self._held[place] += change

    def upto(self, size: int) -> NDArray[Any]:
        """The first `size` numbers, zeros where none were put."""
        while self._size < size:
            self.append(0)
        return self._held[:size]

    @property
    def array(self) -> NDArray[Any]:
        return self._held[: self._size]


class Fuzzy:
    """Strings with their owners, asked which lie within so many slips of a given one.

    An edit changes at most two letters of the set of letters, so that all within `slips` differ
    from it in at most 2 * slips letter bits: only those are compared (no candidate is lost).
    """

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._owners = Grown(np.int32)
        self._bits = Grown(np.uint64)
        self._lengths = Grown(np.int16)

    def add(self, text: str, owner: int) -> None:
        self.strings.append(text)
        self._owners.append(owner)
        self._bits.append(letter_bits(text))
        self._lengths.append(min(len(text), 30_000))

    def within(self, text: str, slips: int) -> tuple[Ints, Ints]:
        """Owners and distances of all strings at most so many slips away; owners may repeat."""
        if not self.strings:
            return np.empty(0, np.int32), np.empty(0, np.int32)
        bits = np.bitwise_count(self._bits.array ^ np.uint64(letter_bits(text)))
        near = np.abs(self._lengths.array - len(text)) <= slips
        places = np.flatnonzero((bits <= 2 * slips) & near)
        distances = _distances(text, [self.strings[i] for i in places], slips)
        kept = distances <= slips
        return self._owners.array[places[kept]].astype(np.int32), distances[kept]


def _distances(text: str, strings: Sequence[str], slips: int) -> Ints:
    if not strings:
        return np.empty(0, np.int32)
    found = cdist([text], strings, scorer=OSA.distance, score_cutoff=slips, dtype=np.int32)
    return np.asarray(found[0], dtype=np.int32)
