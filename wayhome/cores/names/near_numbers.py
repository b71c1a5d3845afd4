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

from .compiled import Number, compiled, inlined
from .marks import FEWEST_LETTERS, SLIPS, Mark, MarkTie, MarkVocabulary

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Bits = NDArray[np.uint64]
Text = NDArray[Any]  # codes of letters; 0 is none

LONGEST = 24
MOST_LETTERS = 250
_STRANGE, _STRANGE_DIGIT = 255, 254  # what no number of the part has
IN_WORD = 8  # letters in a machine word
LEAF = 64  # so many lines are measured faster than they are divided
_EXACT, _SAME_DIGITS = int(MarkTie.EXACT), int(MarkTie.SAME_DIGITS)
_ONE_SLIP, _TWO_SLIPS = int(MarkTie.ONE_SLIP), int(MarkTie.TWO_SLIPS)


class Numbers:
    """All service numbers of a part, one for each row that has one. Numbered from 1."""

    def __init__(self, arrays: dict[str, NDArray[Any]]) -> None:
        self.arrays = arrays
        self._matrix, self._words = _in_words(arrays["matrix"])
        self._tree = _tree(self._matrix, self._words)
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
        places, ties = near_numbers(self._matrix, self._words, self._tree, self._digits, asked)
        if self._odd:
            odd = self._odd_marks.ties(mark)[self._odd_places]
            near = np.flatnonzero((odd != MarkTie.DIFFERS) & (odd != MarkTie.UNKNOWN))
            places = np.append(places, (near + len(self._matrix) + 1).astype(np.int32))
            ties = np.append(ties, odd[near])
        return places, ties


def _in_words(matrix: Bytes) -> tuple[Bytes, Bits]:
    """Lines, of eight letters or more; and each letter of them with the seven behind it, whatever
    line they are of, as one word. Both can only be read; where they are wide enough, nothing is
    copied.
    """
    count, width = matrix.shape
    held = matrix.view()
    if width < IN_WORD or count < 2:
        held = np.zeros((max(2, count), max(IN_WORD, width)), np.uint8)
        held[:count, :width] = matrix
    held.setflags(write=False)
    return held[:count], np.ndarray(held.size - IN_WORD + 1, np.uint64, held, strides=(1,))


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
def near_numbers(
    matrix: Bytes, words: Bits, tree: Ints, digits: NDArray[np.bool_], asked: Bytes
) -> tuple[Ints, Bytes]:
    """Lines (from 1), ascending, and ties of those that do not simply differ."""
    near = within(matrix, words, tree, asked)
    same = with_digits(matrix, words, digits, asked)
    places = np.empty(len(near) + len(same), np.int32)
    ties, size, at = np.empty(len(places), np.uint8), 0, 0
    for each in near:
        line, slips = each >> 2, each & 3
        while at < len(same) and same[at] < line:
            places[size], ties[size] = same[at] + 1, _SAME_DIGITS
            size, at = size + 1, at + 1
        tie = _ONE_SLIP if slips == 1 else _TWO_SLIPS
        if at < len(same) and same[at] == line:
            tie, at = _SAME_DIGITS, at + 1
        elif slips and len(asked) < FEWEST_LETTERS and matrix[line, FEWEST_LETTERS - 1] == 0:
            continue  # both are too short
        places[size], ties[size] = line + 1, tie if slips else _EXACT
        size += 1
    for line in same[at:]:
        places[size], ties[size] = line + 1, _SAME_DIGITS
        size += 1
    return places[:size], ties[:size]


@inlined
def _word(words: Bits, width: Number, line: Number, depth: Number) -> np.uint64:
    """Eight letters of a line from a depth, as a number that is greater the later they come.

    0 stands for those beyond the line.
    """
    skip = min(depth, width - IN_WORD)
    word = words[line * width + skip]
    bytes_, pairs = np.uint64(0x00FF00FF00FF00FF), np.uint64(0x0000FFFF0000FFFF)
    word = (word >> np.uint64(8)) & bytes_ | (word & bytes_) << np.uint64(8)
    word = (word >> np.uint64(16)) & pairs | (word & pairs) << np.uint64(16)
    word = word >> np.uint64(32) | word << np.uint64(32)
    moved: np.uint64 = word << np.uint64(8 * (depth - skip))
    return moved


@inlined
def _run_end(
    words: Bits, width: Number, line: Number, end: Number, depth: Number, others: Number
) -> Number:
    """Where the run of lines ends, from this line on, that have the same eight letters from a
    depth, but for so many of them, which may differ.
    """
    but = np.uint64(8 * others)
    word, step, low = _word(words, width, line, depth) >> but, 1, line
    while low + step < end and _word(words, width, low + step, depth) >> but == word:
        low += step
        step *= 2
    high = min(end, low + step)
    while high - low > 1:
        middle = (low + high) >> 1
        if _word(words, width, middle, depth) >> but == word:
            low = middle
        else:
            high = middle
    return high


@compiled
def _first_from(matrix: Bytes, line: Number, end: Number, place: Number, letter: Number) -> Number:
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
def _tree(matrix: Bytes, words: Bits) -> Ints:
    """Which lines begin with the same letters, as long as these are more than LEAF; (branches, 4).

    By breadth, of each branch: its first line, the one behind its last, its first child, and the
    letter that leads to it, 0 for lines that end there. Its children end where those of the next
    begin; behind the last branch stands one that only tells this.
    """
    width = matrix.shape[1]
    tree, size = np.zeros((64, 4), np.int32), 1
    tree[0, 1] = len(matrix)
    node = depth = 0
    next_depth = 1
    while node < size:
        if node == next_depth:
            depth, next_depth = depth + 1, size
        tree[node, 2] = size
        line, end = int(tree[node, 0]), int(tree[node, 1])
        ended = depth == width or (depth > 0 and tree[node, 3] == 0)
        while end - tree[node, 0] > LEAF and line < end and not ended:
            stop = _run_end(words, width, line, end, depth, IN_WORD - 1)
            if size + 1 == len(tree):
                tree = np.append(tree, np.zeros_like(tree)).reshape(-1, 4)
            tree[size, 0], tree[size, 1], tree[size, 3] = line, stop, matrix[line, depth]
            line, size = stop, size + 1
        node += 1
    tree[size, 2] = size
    return tree[: size + 1].copy()


@compiled
def within(matrix: Bytes, words: Bits, tree: Ints, asked: Bytes) -> Longs:
    """Lines at most two slips away, ascending, each as line << 2 | slips.

    By going down the tree of their letters, along all branches at once. A number so short that
    none of enough letters is near is near to itself alone. A branch is left when no line on it can
    come near: a swap of two letters costs as much as the first of them alone. Where no slip is
    left, what must follow is looked up; where few lines are left, each is measured.

    Held of each branch: its place in the tree; how near its letters without the last come, with no
    slip and with one; how near all of them do, with no slip, one and two; where the last stands in
    the asked number, as bit p for its letter p. How near: bit p if so many slips, or fewer, lead to
    the first p letters asked (S. Wu and U. Manber, Fast text searching allowing errors,
    Communications of the ACM 35, 1992).
    """
    length, width = len(asked), matrix.shape[1]
    found, size = np.empty(64, np.int64), 0
    if length > width + SLIPS:
        return found[:0]
    masks, ahead = np.zeros(256, np.uint64), np.zeros(length + 1, np.uint64)
    for place in range(length - 1, -1, -1):
        masks[asked[place]] |= np.uint64(2) << np.uint64(place)
        ahead[place] = np.uint64(asked[place]) << np.uint64(56) | ahead[place + 1] >> np.uint64(8)
    every = (np.uint64(2) << np.uint64(length)) - np.uint64(1)
    here, further = np.zeros((64, 7), np.uint64), np.empty((64, 7), np.uint64)
    here[0, 3], here[0, 4], here[0, 5] = 1, 3, 7
    spent = SLIPS
    if length < FEWEST_LETTERS - SLIPS:
        here[0, 3], here[0, 4], here[0, 5], spent = 0, 0, 1, 0
    sought, branches = np.empty((64, 5), np.uint64), 1
    for depth in range(width):
        asks = children = 0
        for branch in range(branches):
            node = np.int64(here[branch, 0])
            older = here[branch, 1], here[branch, 2]
            above = here[branch, 3], here[branch, 4], here[branch, 5]
            before = here[branch, 6]
            if above[1] == 0:
                if asks + 2 * (2 * SLIPS + 1) > len(sought):
                    sought = _twice(sought)
                swaps = (older[1] << np.uint64(2)) & before
                asks = _seek_endings(
                    sought, asks, tree, node, depth, width, above[2], swaps, asked, ahead
                )
                continue
            if tree[node, 2] == tree[node + 1, 2]:
                for line in range(tree[node, 0], tree[node, 1]):
                    state = _at_end(matrix, line, depth, older, above, before, masks, every)
                    slips = slips_in(state, length)
                    if slips <= SLIPS:
                        found, size = _with(found, size, line, line + 1, slips)
            for child in range(tree[node, 2], tree[node + 1, 2]):
                letter = tree[child, 3]
                state = after(older, above, masks[letter], before, every) if letter else above
                if letter == 0 or depth + 1 == width:
                    slips = slips_in(state, length)
                    if slips <= SLIPS:
                        found, size = _with(found, size, tree[child, 0], tree[child, 1], slips)
                    continue
                if children == len(further):
                    further = _twice(further)
                further[children, 0] = child
                further[children, 1], further[children, 2] = above[0], above[1]
                further[children, 3], further[children, 4], further[children, 5] = state
                further[children, 6] = masks[letter]
                children += 1
        _search(words, width, depth, sought, asks)
        for ask in range(asks):
            first, word = np.int64(sought[ask, 0]), sought[ask, 2]
            if _word(words, width, first, depth) == word:
                first, last = _going_on(words, width, depth, sought, ask, ahead)
                found, size = _with(found, size, first, last, spent)
        here, further, branches = further, here, children
    return np.unique(found[:size])  # two ways of slipping may lead to one line


@compiled
def _twice(rows: Bits) -> Bits:
    """The same rows, with room for as many more."""
    return np.append(rows, np.empty_like(rows)).reshape(-1, rows.shape[1])


@inlined
def after(older: Any, above: Any, mask: np.uint64, before: np.uint64, every: np.uint64) -> Any:
    """How near the letters come with one more; it stands in the asked number where `mask` says."""
    by_one, by_two = np.uint64(1), np.uint64(2)
    swapped = (mask << by_one) & before
    none = (above[0] << by_one) & mask
    one = (above[1] << by_one) & mask | above[0] | (above[0] | none) << by_one
    one = (one | (older[0] << by_two) & swapped) & every
    two = (above[2] << by_one) & mask | above[1] | (above[1] | one) << by_one
    two = (two | (older[1] << by_two) & swapped) & every
    return none, one, two


@inlined
def _at_end(
    matrix: Bytes,
    line: Number,
    depth: Number,
    older: Any,
    above: Any,
    before: np.uint64,
    masks: Bits,
    every: np.uint64,
) -> Any:
    """How near a line comes as a whole, or as far as it was followed: till nothing was near."""
    for place in range(depth, matrix.shape[1]):
        letter = matrix[line, place]
        if letter == 0 or above[2] == 0:
            break
        here = after(older, above, masks[letter], before, every)
        older, above, before = (above[0], above[1]), here, masks[letter]
    return above


@inlined
def slips_in(state: Any, length: Number) -> Number:
    """With how many slips the whole asked number is reached; 3 for more than two."""
    last = np.uint64(length)
    return 3 - np.int64((state[0] >> last) + (state[1] >> last) + (state[2] >> last))


@inlined
def _seek_endings(
    sought: Bits,
    asks: Number,
    tree: Ints,
    node: Number,
    depth: Number,
    width: Number,
    near: np.uint64,
    swaps: np.uint64,
    asked: Bytes,
    ahead: Bits,
) -> Number:
    """Note what must follow on a branch, where no slip is left: the asked number from a place that
    it comes near to, or, where only the second of two swapped letters is due, that and the rest.
    """
    length = len(asked)
    low, high = max(0, depth - SLIPS, depth + length - width), min(length, depth + SLIPS)
    for place in range(low, high + 1):
        _seek(sought, asks, tree[node, 0], tree[node, 1], ahead[place], place + IN_WORD)
        asks += np.int64(near >> np.uint64(place) & np.uint64(1))
    if swaps:
        for place in range(low + 1, high + 1):
            word = np.uint64(asked[place - 2]) << np.uint64(56) | ahead[place] >> np.uint64(8)
            _seek(sought, asks, tree[node, 0], tree[node, 1], word, place + IN_WORD - 1)
            asks += np.int64(swaps >> np.uint64(place) & np.uint64(1))
    return asks


@inlined
def _seek(
    sought: Bits, ask: Number, first: Number, end: Number, word: np.uint64, place: Number
) -> None:
    """Note that eight letters are sought among some lines, and from where asked ones follow."""
    sought[ask, 0], sought[ask, 1], sought[ask, 2] = first, end - first, word
    sought[ask, 3], sought[ask, 4] = end, place


@inlined
def _search(words: Bits, width: Number, depth: Number, sought: Bits, asks: Number) -> None:
    """Of each, make the first line the only one that can be the first with the eight letters.

    All are halved in turn, so that many wait for the memory at the same time.
    """
    most = np.uint64(1)
    for ask in range(asks):
        most = max(most, sought[ask, 1])
    while most > 1:
        for ask in range(asks):
            half = sought[ask, 1] >> np.uint64(1)
            line = np.int64(sought[ask, 0] + half) - 1
            word = _word(words, width, line, depth)
            sought[ask, 0] += half if word < sought[ask, 2] else np.uint64(0)
            sought[ask, 1] -= half
        most -= most >> np.uint64(1)


@compiled
def _going_on(
    words: Bits, width: Number, depth: Number, sought: Bits, ask: Number, ahead: Bits
) -> tuple[Number, Number]:
    """The lines, from the one found, that have the eight letters, go on as was asked, and end."""
    first, end, place = np.int64(sought[ask, 0]), np.int64(sought[ask, 3]), np.int64(sought[ask, 4])
    end = _run_end(words, width, first, end, depth, 0)
    rest = np.empty((1, 5), np.uint64)
    for onward in range(depth + IN_WORD, width, IN_WORD):
        word = ahead[place] if place < len(ahead) else np.uint64(0)
        _seek(rest, 0, first, end, word, 0)
        _search(words, width, onward, rest, 1)
        first = np.int64(rest[0, 0])
        if _word(words, width, first, onward) != word:
            return end, end
        end = _run_end(words, width, first, end, onward, 0)
        place += IN_WORD
    return first, end


@compiled
def _with(
    found: Longs, size: Number, first: Number, last: Number, slips: Number
) -> tuple[Longs, Number]:
    """More lines put behind the others; how many there are."""
    while size + last - first > len(found):
        found = np.append(found, np.empty(len(found), np.int64))
    for line in range(first, last):
        found[size] = line << 2 | slips
        size += 1
    return found, size


@compiled
def with_digits(matrix: Bytes, words: Bits, digits: NDArray[np.bool_], asked: Bytes) -> Longs:
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
            stop = (
                end[depth]
                if depth == width
                else _run_end(words, width, line, end[depth], depth, IN_WORD - 1)
            )
            at[depth] = stop
            if had[depth] == len(wanted):
                found, size = _with(found, size, line, stop, 0)
            continue
        letter = int(matrix[line, depth])
        due = int(wanted[had[depth]]) if had[depth] < len(wanted) else 0
        next_ = letter
        while next_ < 256 and digits[next_] and next_ != due:
            next_ += 1
        if next_ != letter:
            at[depth] = _first_from(matrix, line, end[depth], depth, next_)
            continue
        stop = _run_end(words, width, line, end[depth], depth, IN_WORD - 1)
        at[depth] = stop
        more = 1 if letter == due else 0
        if len(wanted) - had[depth] - more <= width - depth - 1:
            depth += 1
            at[depth], end[depth], had[depth] = line, stop, had[depth - 1] + more
    return found[:size] >> 2


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
