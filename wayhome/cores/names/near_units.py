"""The ties of one unit with all units of a part, in machine code.

The same rules as `marks.tie_marks`, which is the measure of this one.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled
from .marks import FEWEST_LETTERS, SLIPS, Mark, MarkTie
from .near_numbers import after, slips_between, slips_in
from .nearness import ones
from .strings import strings

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Bits = NDArray[np.uint64]
Text = NDArray[np.uint32]  # codes of letters; 0 is one that no unit has

_MOST_LETTERS = 62  # more do not fit into a machine word
_EXACT, _SAME_DIGITS, _OTHER_KIND = (
    int(MarkTie.EXACT),
    int(MarkTie.SAME_DIGITS),
    int(MarkTie.OTHER_KIND),
)
_ONE_SLIP, _TWO_SLIPS = int(MarkTie.ONE_SLIP), int(MarkTie.TWO_SLIPS)


class Units:
    """The distinct units of a part, numbered from 1."""

    def __init__(self, marks: Sequence[Mark]) -> None:
        self._marks = marks
        texts = strings(x.text for x in marks)
        found, codes = np.unique(texts.letters, return_inverse=True)
        self._codes = {chr(x): code for code, x in enumerate(found.tolist(), 1)}
        self._letters, self._starts = (codes + 1).astype(np.uint32), texts.starts
        self._bags = bags_of(self._letters, self._starts)
        self._kinds = {x: number for number, x in enumerate(sorted({x.kind for x in marks}))}
        self._kind_of = np.array([self._kinds[x.kind] for x in marks], np.int32)
        self._digits = {
            x: number for number, x in enumerate(dict.fromkeys(x.digits for x in marks))
        }
        self._digits_of = np.array([self._digits[x.digits] for x in marks], np.int32)

    def mark(self, number: int) -> Mark:
        return self._marks[number - 1]

    def look(self, mark: Mark) -> tuple[Ints, Bytes]:
        """Numbers, ascending, and ties of those that do not simply differ."""
        asked = np.array([self._codes.get(x, 0) for x in mark.text], np.uint32)
        digits = self._digits.get(mark.digits, -1) if mark.digits else -1
        found: tuple[Ints, Bytes] = near_units(
            self._letters, self._starts, self._bags, self._kind_of, self._digits_of,
            len(self._codes), asked, self._kinds.get(mark.kind, -1), digits,
        )  # fmt: skip
        return found


@compiled
def bag_of(text: Text) -> np.uint64:
    """The letters of a text without their order, each counted up to two; letters may share one."""
    bag, one = np.uint64(0), np.uint64(1)
    for letter in text:
        first = one << np.uint64(2 * (letter & 31))
        bag |= first << one if bag & first else first
    return bag


@compiled
def bags_of(letters: Text, starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    bags = np.empty(len(starts) - 1, np.uint64)
    for unit in range(len(bags)):
        bags[unit] = bag_of(letters[starts[unit] : starts[unit + 1]])
    return bags


@compiled
def near_units(
    letters: Text,
    starts: NDArray[np.int64],
    bags: NDArray[np.uint64],
    kinds: Ints,
    digits: Ints,
    codes: int,
    asked: Text,
    kind: int,
    asked_digits: int,
) -> tuple[Ints, Bytes]:
    """Numbers (from 1), ascending, and ties; a slip changes a bag by one letter on either side."""
    places, ties, size = np.empty(len(bags), np.int32), np.empty(len(bags), np.uint8), 0
    bag, most = bag_of(asked), np.uint64(SLIPS)
    room = np.zeros((3, len(asked) + SLIPS + 2), np.int64)
    masks = np.zeros(codes + 1, np.uint64)
    for place in range(min(len(asked), _MOST_LETTERS)):
        masks[asked[place]] |= np.uint64(2) << np.uint64(place)
    for unit in range(len(bags)):
        tie = 0
        if kinds[unit] != kind:
            tie = _OTHER_KIND
        else:
            near = ones(bag & ~bags[unit]) <= most and ones(bags[unit] & ~bag) <= most
            slips, length = SLIPS + 1, starts[unit + 1] - starts[unit]
            if near and abs(length - len(asked)) <= SLIPS:
                if len(asked) > _MOST_LETTERS:
                    slips = slips_between(asked, letters[starts[unit] : starts[unit + 1]], room)
                else:
                    slips = _slips_of(len(asked), masks, letters, starts[unit], starts[unit + 1])
            if slips == 0:
                tie = _EXACT
            elif digits[unit] == asked_digits:
                tie = _SAME_DIGITS
            elif slips <= SLIPS and max(len(asked), length) >= FEWEST_LETTERS:
                tie = _ONE_SLIP if slips == 1 else _TWO_SLIPS
        if tie:
            places[size], ties[size] = unit + 1, tie
            size += 1
    return places[:size].copy(), ties[:size].copy()


@compiled
def _slips_of(length: int, masks: Bits, letters: Text, start: Number, end: Number) -> Number:
    """How many slips lead from the asked text to these letters; 3 for more than two."""
    every = (np.uint64(2) << np.uint64(length)) - np.uint64(1)
    older, before = (np.uint64(0), np.uint64(0)), np.uint64(0)
    above = np.uint64(1), np.uint64(3) & every, np.uint64(7) & every
    for at in range(start, end):
        here = after(older, above, masks[letters[at]], before, every)
        older, above, before = (above[0], above[1]), here, masks[letters[at]]
        if above[2] == 0:
            return 3
    return slips_in(above, length)
