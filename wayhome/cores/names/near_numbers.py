"""The ties of one service number with all numbers of a part, in machine code.

The same rules as `marks.tie_marks`, which is the measure of this one. Numbers lie in a matrix of
bytes, sorted, one line each, from their last letter to the first: digits, of which there are few,
lead faster to a number than letters do. What is written otherwise (very long, in rare letters) is
compared plainly.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .marks import SLIPS, Mark, MarkTie, MarkVocabulary

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Text = NDArray[Any]  # codes of letters; 0 is none

LONGEST = 24
MOST_LETTERS = 250
_STRANGE, _STRANGE_DIGIT = 255, 254  # what no number of the part has
_FEWEST_LETTERS = 5  # shorter numbers are not compared by slips
_EXACT, _SAME_DIGITS = int(MarkTie.EXACT), int(MarkTie.SAME_DIGITS)
_ONE_SLIP, _TWO_SLIPS = int(MarkTie.ONE_SLIP), int(MarkTie.TWO_SLIPS)


class Numbers:
    """All service numbers of a part, one for each row that has one. Numbered from 1."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self._matrix: Bytes = arrays["matrix"]
        self._letters = "".join(map(chr, arrays["letters"].tolist()))
        self._codes = {x: code for code, x in enumerate(self._letters, 1)}
        self._digits = np.zeros(256, np.bool_)
        self._digits[[code for x, code in self._codes.items() if x.isdigit()]] = True
        self._digits[_STRANGE_DIGIT] = True
        odd = bytes(arrays["odd"]).decode()
        self._odd = odd.split("\0") if odd else []
        self._odd_marks = MarkVocabulary()
        self._odd_places = [self._odd_marks.add(_mark(x)) for x in self._odd]

    @classmethod
    def build(cls, texts: Sequence[str], codes: Ints) -> tuple["Numbers", NDArray[np.int64]]:
        """Of distinct texts and, for each row, a place in them; and the rows in the new order."""
        points = np.frombuffer("".join(x[::-1] for x in texts).encode("utf-32-le"), np.uint32)
        found, count = np.unique(points, return_counts=True)
        letters = np.sort(found[np.argsort(-count, kind="stable")[:MOST_LETTERS]])
        table = np.zeros(int(found.max(initial=0)) + 1, np.uint8)
        table[letters] = np.arange(1, len(letters) + 1)
        starts = np.concatenate(
            [[0], np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))]
        )
        lines, plain = _lines(table[points], starts)
        width = lines.shape[1]
        order = np.argsort(np.ascontiguousarray(lines).view(f"S{width}").ravel(), kind="stable")
        place = np.empty(len(texts), np.int64)
        place[order] = np.arange(len(texts))
        rows = np.argsort(place[codes], kind="stable")
        in_order = codes[rows]
        odd = [texts[x] for x in in_order if not plain[x]]
        arrays: dict[str, NDArray[Any]] = {
            "matrix": np.ascontiguousarray(lines[in_order[: len(in_order) - len(odd)]]),
            "letters": letters,
            "odd": np.frombuffer("\0".join(odd).encode(), np.uint8),
        }
        return cls(arrays), rows

    def __len__(self) -> int:
        return len(self._matrix) + len(self._odd)

    def text(self, number: int) -> str:
        if number > len(self._matrix):
            return self._odd[number - len(self._matrix) - 1]
        letters = self._matrix[number - 1].tolist()
        return "".join(self._letters[x - 1] for x in reversed(letters) if x)

    def mark(self, number: int) -> Mark:
        return _mark(self.text(number))

    def look(self, mark: Mark) -> tuple[Ints, Bytes]:
        """Numbers and ties of those that do not simply differ."""
        codes = [self._codes.get(x) or _strange(x) for x in mark.text[::-1]]
        asked = np.array(codes, np.uint8)
        places, ties = near_numbers(self._matrix, self._digits, asked)
        if self._odd:
            odd = self._odd_marks.ties(mark)[self._odd_places]
            near = np.flatnonzero((odd != MarkTie.DIFFERS) & (odd != MarkTie.UNKNOWN))
            places = np.append(places, (near + len(self._matrix) + 1).astype(np.int32))
            ties = np.append(ties, odd[near])
        return places, ties


@compiled
def _lines(codes: Bytes, starts: Longs) -> tuple[Bytes, NDArray[np.bool_]]:
    """Texts as lines of one width, filled up with 0; and which fit. Others get the last place."""
    plain, width = np.ones(len(starts) - 1, np.bool_), 1
    for text in range(len(plain)):
        length = starts[text + 1] - starts[text]
        plain[text] = length <= LONGEST and np.all(codes[starts[text] : starts[text + 1]] > 0)
        if plain[text]:
            width = max(width, length)
    lines = np.full((len(plain), width), 255, np.uint8)
    for text in range(len(plain)):
        if plain[text]:
            lines[text] = 0
            length = starts[text + 1] - starts[text]
            lines[text, :length] = codes[starts[text] : starts[text + 1]]
    return lines, plain


def _strange(letter: str) -> int:
    return _STRANGE_DIGIT if letter.isdigit() else _STRANGE


def _mark(text: str) -> Mark:
    return Mark(text, "".join(x for x in text if x.isdigit()), "number")


@compiled
def near_numbers(matrix: Bytes, digits: NDArray[np.bool_], asked: Bytes) -> tuple[Ints, Bytes]:
    """Lines (from 1), ascending, and ties of those that do not simply differ."""
    places, ties, size = np.empty(64, np.int32), np.empty(64, np.uint8), 0
    for same_digits in (False, True):
        lines = with_digits(matrix, digits, asked) if same_digits else within(matrix, asked)
        if size + len(lines) > len(places):
            places = np.append(places, np.empty(len(lines) + size, np.int32))
            ties = np.append(ties, np.empty(len(lines) + size, np.uint8))
        room = np.zeros((3, max(matrix.shape[1], len(asked)) + 2), np.int64)
        for line in lines:
            slips = slips_between(asked, matrix[line], room)
            if slips == 0:
                tie = _EXACT
            elif _same_digits(asked, matrix[line], digits):
                tie = _SAME_DIGITS
            else:
                tie = _ONE_SLIP if slips == 1 else _TWO_SLIPS
            if same_digits == (tie == _SAME_DIGITS):
                places[size], ties[size] = line + 1, tie
                size += 1
    order = np.argsort(places[:size])
    return places[:size][order], ties[:size][order]


@compiled
def _run_end(matrix: Bytes, line: int, end: int, place: int) -> int:
    """Where the run of lines that have the same letter at a place ends, from this line on."""
    letter, step, low = matrix[line, place], 1, line
    while low + step < end and matrix[low + step, place] == letter:
        low += step
        step *= 2
    high = min(end, low + step)
    while high - low > 1:
        middle = (low + high) >> 1
        if matrix[middle, place] == letter:
            low = middle
        else:
            high = middle
    return high


@compiled
def _first_from(matrix: Bytes, line: int, end: int, place: int, letter: int) -> int:
    """The first line whose letter at a place is not before this one; the end for letter 256."""
    low, high = line, end
    while low < high and letter < 256:
        middle = (low + high) >> 1
        if matrix[middle, place] < letter:
            low = middle + 1
        else:
            high = middle
    return high


@compiled
def _ending_so(
    matrix: Bytes, line: int, end: int, depth: int, first: int, asked: Bytes, place: int
) -> tuple[int, int]:
    """The lines that go on, from a depth, with a letter (-1 for none) and the rest of the asked
    number from a place, and end so.
    """
    size = len(asked) - place + (first >= 0)
    if depth + size > matrix.shape[1]:
        return line, line
    low, high = line, end
    while low < high:
        middle = (low + high) >> 1
        if _compared(matrix, middle, depth, first, asked, place) < 0:
            low = middle + 1
        else:
            high = middle
    stop = low
    while stop < end and _compared(matrix, stop, depth, first, asked, place) == 0:
        stop += 1
    return low, stop


@compiled
def _compared(matrix: Bytes, line: int, depth: int, first: int, asked: Bytes, place: int) -> int:
    """Below 0 if a line comes before one that goes on and ends so; 0 if it does."""
    at = depth
    if first >= 0:
        if matrix[line, at] != first:
            return -1 if matrix[line, at] < first else 1
        at += 1
    for letter in range(place, len(asked)):
        if matrix[line, at] != asked[letter]:
            return -1 if matrix[line, at] < asked[letter] else 1
        at += 1
    return 0 if at == matrix.shape[1] or matrix[line, at] == 0 else 1


@compiled
def within(matrix: Bytes, asked: Bytes) -> Longs:
    """Lines at most two slips away, by going down the tree of their letters.

    A number too short to be compared by slips is near to itself alone. A branch is left when no
    line on it can come near: a swap of two letters costs as much as the first of them alone. Where
    no slip is left, what must follow is looked up at once.
    """
    count, width = matrix.shape
    length = len(asked)
    slips = SLIPS if length >= _FEWEST_LETTERS else 0
    table = np.zeros((width + 1, length + 1), np.int64)
    table[0] = np.arange(length + 1)
    at, end = np.zeros(width + 1, np.int64), np.zeros(width + 1, np.int64)
    nearest = np.zeros(width + 1, np.int64)  # the least that the letters so far cost
    found, size, depth, end[0] = np.empty(64, np.int64), 0, 0, count
    while depth >= 0:
        line = at[depth]
        if line >= end[depth]:
            depth -= 1
            continue
        if nearest[depth] == slips:
            before = int(matrix[line, depth - 1]) if depth else 0
            for place in range(length + 1):
                first, last = line, line
                if table[depth, place] <= slips:
                    first, last = _ending_so(matrix, line, end[depth], depth, -1, asked, place)
                found, size = _with(found, size, first, last)
                swapped = depth > 0 and place > 1 and table[depth - 1, place - 2] < slips
                if swapped and asked[place - 1] == before:
                    other = int(asked[place - 2])
                    first, last = _ending_so(matrix, line, end[depth], depth, other, asked, place)
                    found, size = _with(found, size, first, last)
            at[depth] = end[depth]
            continue
        if depth == width or matrix[line, depth] == 0:
            stop = end[depth] if depth == width else _run_end(matrix, line, end[depth], depth)
            at[depth] = stop
            if table[depth, length] <= slips:
                found, size = _with(found, size, line, stop)
            continue
        letter, here, above = int(matrix[line, depth]), table[depth + 1], table[depth]
        stop = _run_end(matrix, line, end[depth], depth)
        at[depth] = stop
        here[0] = depth + 1
        least = here[0]
        for place in range(1, length + 1):
            cost = 0 if asked[place - 1] == letter else 1
            best = min(above[place] + 1, here[place - 1] + 1, above[place - 1] + cost)
            swapped = depth > 0 and place > 1 and asked[place - 2] == letter
            if swapped and asked[place - 1] == matrix[line, depth - 1]:
                best = min(best, table[depth - 1, place - 2] + 1)
            here[place] = best
            least = min(least, best)
        if least <= slips:
            depth += 1
            at[depth], end[depth], nearest[depth] = line, stop, least
    return np.unique(found[:size])  # two ways of slipping may lead to one line


@compiled
def _with(found: Longs, size: int, first: int, last: int) -> tuple[Longs, int]:
    """More lines put behind the others; how many there are."""
    while size + last - first > len(found):
        found = np.append(found, np.empty(len(found), np.int64))
    for line in range(first, last):
        found[size] = line
        size += 1
    return found, size


@compiled
def with_digits(matrix: Bytes, digits: NDArray[np.bool_], asked: Bytes) -> Longs:
    """Lines with the digits of the asked number, whatever their letters; none if it has none."""
    count, width = matrix.shape
    wanted = asked[digits[asked]]
    found, size = np.empty(64, np.int64), 0
    if len(wanted) == 0:
        return found[:0]
    at, end = np.zeros(width + 1, np.int64), np.zeros(width + 1, np.int64)
    had = np.zeros(width + 1, np.int64)
    depth, end[0] = 0, count
    while depth >= 0:
        line = at[depth]
        if line >= end[depth]:
            depth -= 1
            continue
        if depth == width or matrix[line, depth] == 0:
            stop = end[depth] if depth == width else _run_end(matrix, line, end[depth], depth)
            at[depth] = stop
            if had[depth] == len(wanted):
                found, size = _with(found, size, line, stop)
            continue
        letter = int(matrix[line, depth])
        due = int(wanted[had[depth]]) if had[depth] < len(wanted) else 0
        next_ = letter
        while next_ < 256 and digits[next_] and next_ != due:
            next_ += 1
        if next_ != letter:
            at[depth] = _first_from(matrix, line, end[depth], depth, next_)
            continue
        stop = _run_end(matrix, line, end[depth], depth)
        at[depth] = stop
        more = 1 if letter == due else 0
        if len(wanted) - had[depth] - more <= width - depth - 1:
            depth += 1
            at[depth], end[depth], had[depth] = line, stop, had[depth - 1] + more
    return found[:size]


@compiled
def _same_digits(asked: Bytes, line: Bytes, digits: NDArray[np.bool_]) -> bool:
    """Whether both have the same digits, from behind, and any."""
    ours, theirs, some = len(asked) - 1, len(line) - 1, False
    while True:
        while ours >= 0 and not digits[asked[ours]]:
            ours -= 1
        while theirs >= 0 and not digits[line[theirs]]:
            theirs -= 1
        if ours < 0 or theirs < 0:
            return some and ours < 0 and theirs < 0
        if asked[ours] != line[theirs]:
            return False
        some = True
        ours -= 1
        theirs -= 1


@compiled
def slips_between(asked: Text, line: Text, room: NDArray[np.int64]) -> int:
    """The optimal string alignment distance; `room` holds three lines of the table."""
    length = 0
    while length < len(line) and line[length]:
        length += 1
    above, here, twice = room[0], room[1], room[2]
    for place in range(length + 1):
        here[place] = place
    for row in range(1, len(asked) + 1):
        twice, above, here = above, here, twice
        here[0] = row
        for place in range(1, length + 1):
            cost = 0 if asked[row - 1] == line[place - 1] else 1
            least = min(above[place] + 1, here[place - 1] + 1, above[place - 1] + cost)
            if (
                row > 1
                and place > 1
                and asked[row - 1] == line[place - 2]
                and asked[row - 2] == line[place - 1]
            ):
                least = min(least, twice[place - 2] + 1)
            here[place] = least
    return int(here[length])
