"""What a part holds of values that were asked for lately: kept in a few arrays, the oldest let go.

A telling is what one field holds of one asked value: the values tied to it, and how; and how many
rows hold a value of each tie. Machine code finds it by its slot.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, boxed, compiled

ROOM = 8 << 20  # values in one half, of a part that has many
SLOTS = 1 << 15  # tellings in one half
ASKED_AT_ONCE = 4  # no question is told more than so many times all values of a part

Longs = NDArray[np.int64]
Masses = NDArray[np.float64]


class Tellings(NamedTuple):
    """Telling t: values codes[spans[t, 0]:spans[t, 1]], ascending, without those that differ.

    `ties` as `codes`; `masses` (tellings, ties): how many rows hold a value of each tie.
    """

    codes: NDArray[np.int32]
    ties: NDArray[np.uint8]
    spans: Longs
    masses: NDArray[np.float64]


class Shelf:
    """Two halves, of which one is filled; when it is full the other is emptied, and filled.

    A slot holds for as long as `turned` is what it was. Not for two threads.
    """

    def __init__(self, values: int, ties: int) -> None:
        self._half = max(min(ROOM, SLOTS * values), ASKED_AT_ONCE * values)
        self.held = Tellings(
            np.empty(2 * self._half, np.int32),
            np.empty(2 * self._half, np.uint8),
            np.zeros((2 * SLOTS, 2), np.int64),
            np.zeros((2 * SLOTS, ties)),
        )
        self.box: Box = boxed(self.held)
        self.turned = 0
        self.clear()

    def clear(self) -> None:
        """Let go of everything."""
        self._new: dict[Hashable, int] = {}
        self._old: dict[Hashable, int] = {}
        self._begin()

    def _begin(self) -> None:
        half = self.turned & 1
        self.at, self._end = half * self._half, (half + 1) * self._half
        self.slot, self._last = half * SLOTS, (half + 1) * SLOTS

    def turn(self) -> None:
        """Empty the older half, and fill it from now on."""
        self._old, self._new = self._new, {}
        self.turned += 1
        self._begin()

    def get(self, key: Hashable) -> int:
        """The first slot of what is kept under a key, or -1."""
        slot = self._new.get(key)
        return self._old.get(key, -1) if slot is None else slot

    def slots(self, asked: Sequence[tuple[int, Any]], slot_of: Callable[[int, Any], int]) -> Longs:
        """The slots of several at once; if a half was emptied meanwhile, all are asked again."""
        while True:
            turned = self.turned
            slots = [slot_of(place, value) for place, value in asked]
            if self.turned == turned:
                return np.array(slots, np.int64)

    def told(self, slot: int) -> tuple[tuple[NDArray[np.int32], NDArray[np.uint8]], Masses]:
        """What lies in a slot: values, ties, and how many rows hold a value of each tie."""
        first, last = self.held.spans[slot]
        return (self.held.codes[first:last], self.held.ties[first:last]), self.held.masses[slot]

    def room(self, tellings: int) -> int:
        """How many values may still be put down in this half; below 0 if there is no slot."""
        return self._end - self.at if self.slot + tellings <= self._last else -1

    def keep(self, key: Hashable, tellings: int) -> int:
        """The first slot of tellings that were put down from `slot` on, found by a key from now."""
        first = self._new[key] = self.slot
        self.slot += tellings
        self.at = int(self.held.spans[self.slot - 1, 1])
        return first

    def put(
        self,
        key: Hashable,
        codes: NDArray[np.int32],
        ties: NDArray[np.uint8],
        masses: NDArray[np.float64],
    ) -> int:
        """Put one telling down: its slot."""
        if self.room(1) < len(codes):
            self.turn()
        end = self.at + len(codes)
        self.held.codes[self.at : end], self.held.ties[self.at : end] = codes, ties
        self.held.spans[self.slot] = self.at, end
        self.held.masses[self.slot] = masses
        return self.keep(key, 1)


@compiled
def seen_in(shelf: Box, slots: Longs, seen: NDArray[np.float64]) -> None:
    """Add the rows of each tie in these tellings to `seen` (tellings, ties)."""
    masses = shelf[0].masses
    for row in range(len(slots)):
        seen[row] += masses[slots[row]]
