"""Many strings in two arrays, sorted and made distinct, in an alphabet of their own."""

import itertools
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled
from .nearness import (
    BAG_OFTEN,
    BAG_SELDOM,
    LEAF,
    SHARED,
    Kept,
    Near,
    Trie,
    bag_of,
    bit_of,
    grown,
    ones,
)

Array = NDArray[Any]
COMPARED = 32  # bytes of each string that are sorted by all at once


class Strings(NamedTuple):
    """String s is letters[starts[s]:starts[s + 1]]: code points, or codes of an alphabet."""

    letters: Array
    starts: NDArray[np.int64]

    @property
    def many(self) -> int:
        return len(self.starts) - 1

    def taken(self, numbers: Array) -> "Strings":
        """The strings of these numbers, in this order."""
        starts = starts_of(np.diff(self.starts)[numbers])
        return Strings(_taken(self.letters, self.starts, numbers, starts), starts)

    def texts(self) -> list[str]:
        """The strings, if they are code points."""
        ends = self.starts.tolist()
        text = self.letters.astype("<u4").tobytes().decode("utf-32-le")
        return [text[a:b] for a, b in itertools.pairwise(ends)]


def starts_of(sizes: Array) -> NDArray[np.int64]:
    """Where each of several pieces begins that stand one after another, and where the last ends."""
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return starts


def strings(texts: Iterable[str]) -> Strings:
    """Strings in code points."""
    texts = list(texts)
    letters = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), "<u4")
    return Strings(
        letters.astype(np.uint32), starts_of(np.fromiter(map(len, texts), np.int64, len(texts)))
    )


def joined(several: Iterable[Strings]) -> Strings:
    """All strings of several, one after another."""
    several = list(several)
    sizes = [np.diff(x.starts) for x in several]
    return Strings(np.concatenate([x.letters for x in several]), starts_of(np.concatenate(sizes)))


def alphabet_of(letters: Array) -> NDArray[np.uint32]:
    """The letters that occur, sorted."""
    return np.flatnonzero(np.bincount(letters)).astype(np.uint32)


def coded(of: Strings, alphabet: Array | None = None) -> tuple[Strings, Array]:
    """Strings in codes from 1 up, and the alphabet: sorted code points. 0 is a letter not in it."""
    if alphabet is None:
        alphabet = alphabet_of(of.letters)
    kind = np.uint8 if len(alphabet) < 255 else np.uint16
    last = max(int(x.max()) for x in (of.letters, alphabet) if len(x)) if len(alphabet) else 0
    codes = np.zeros(last + 1, kind)
    codes[alphabet] = np.arange(1, len(alphabet) + 1)
    return Strings(codes[of.letters], of.starts), alphabet


def order_of(of: Strings, *, backwards: bool = False) -> NDArray[np.int64]:
    """The order in which strings in codes stand when sorted; equal ones in the order they have."""
    width = COMPARED // of.letters.itemsize
    keys = _beginnings(of.letters, of.starts, width, backwards)
    keys = keys.astype(keys.dtype.newbyteorder(">")).view(">u8").astype(np.uint64)
    order = np.lexsort(keys.T[::-1])
    keys = keys[order]
    same = np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1))
    same = same[np.diff(of.starts)[order[same]] > width]
    for run in np.split(same, np.flatnonzero(np.diff(same) > 1) + 1):
        if len(run):
            _sort_long(of, order[run[0] : run[-1] + 2], backwards)
    return order


def _sort_long(of: Strings, run: NDArray[np.int64], backwards: bool) -> None:
    """Sort strings in place of which the beginnings are equal."""
    step = -1 if backwards else 1
    big = of.letters.dtype.newbyteorder(">")
    bounds = {x: of.letters[of.starts[x] : of.starts[x + 1]][::step] for x in run.tolist()}
    run[:] = sorted(run.tolist(), key=lambda x: bytes(bounds[x].astype(big)))


def distinct(of: Strings) -> tuple[Strings, NDArray[np.int64]]:
    """The distinct strings, sorted, and the number of each given one among them; all in codes."""
    order = order_of(of)
    new = _differ(of.letters, of.starts, order)
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(new) - 1
    return of.taken(order[new]), numbers


@compiled
def _taken(letters: Array, starts: Array, numbers: Array, new_starts: Array) -> Array:
    taken = np.empty(new_starts[-1], letters.dtype)
    for i in range(len(numbers)):
        at, size = starts[numbers[i]], new_starts[i + 1] - new_starts[i]
        for k in range(size):
            taken[new_starts[i] + k] = letters[at + k]
    return taken


@compiled
def _beginnings(letters: Array, starts: Array, width: Number, backwards: bool) -> Array:
    """The first letters of each string, or the last turned round: shape (strings, width)."""
    keys = np.zeros((len(starts) - 1, width), letters.dtype)
    for s in range(len(starts) - 1):
        for k in range(min(width, starts[s + 1] - starts[s])):
            keys[s, k] = letters[starts[s + 1] - 1 - k] if backwards else letters[starts[s] + k]
    return keys


@compiled
def _differ(letters: Array, starts: Array, order: Array) -> NDArray[np.bool_]:
    """Of each string of a sorted order, whether it differs from the one before it."""
    new = np.ones(len(order), np.bool_)
    for i in range(1, len(order)):
        one, other = order[i - 1], order[i]
        size = starts[one + 1] - starts[one]
        if size == starts[other + 1] - starts[other]:
            k = 0
            while k < size and letters[starts[one] + k] == letters[starts[other] + k]:
                k += 1
            new[i] = k < size
    return new


@compiled
def place_of(letters: Array, starts: Array, text: Array, low: Number, high: Number) -> Number:
    """Where a string stands, or would stand, among sorted strings low to high."""
    while low < high:
        middle = (low + high) // 2
        start, end = np.int64(starts[middle]), np.int64(starts[middle + 1])
        k, size = 0, end - start
        while k < size and k < len(text) and letters[start + k] == text[k]:
            k += 1
        if k < len(text) and (k == end - start or letters[start + k] < text[k]):
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def place_in(near: Near, text: Array) -> Number:
    """The same among all strings that can be asked: looked for in the leaf that it leads to."""
    nodes, node = near.forward.nodes, np.int64(0)
    for letter in text:
        kids, bit = np.uint64(nodes[node, 3]), bit_of(letter)
        if letter >= SHARED or not kids & bit:
            break
        node = np.int64(nodes[node, 2]) + np.int64(ones(kids & (bit - np.uint64(1))))
    low, high = np.int64(nodes[node, 0]), np.int64(nodes[node, 1])
    return place_of(near.letters, near.starts, text, low, high)


@compiled
def equals(letters: Array, starts: Array, number: Number, text: Array) -> bool:
    """Say whether a string of the table is this one."""
    start, end = np.int64(starts[number]), np.int64(starts[number + 1])
    if end - start != len(text):
        return False
    k = 0
    while k < len(text) and letters[start + k] == text[k]:
        k += 1
    return k == len(text)


def symbols_of(of: Strings, codes: int) -> NDArray[np.uint8]:
    """Which bits of a bag each letter has: shape (codes, 2): first bit, how many.

    The 16 commonest letters have three, others two; letters beyond the 24th share theirs. That
    two letters count as one makes no two strings look further apart than they are.
    """
    often = np.argsort(-np.bincount(of.letters, minlength=codes)[1:], kind="stable") + 1
    symbols = np.zeros((codes, 2), np.uint8)
    for rank, code in enumerate(often):
        if rank < 16:
            symbols[code] = BAG_OFTEN * rank, BAG_OFTEN
        else:
            symbols[code] = BAG_OFTEN * 16 + BAG_SELDOM * (rank % 8), BAG_SELDOM
    return symbols


def near(of: Strings, codes: int) -> Kept:
    """Sorted distinct strings in codes below `codes`, as they are kept."""
    symbols = symbols_of(of, codes)
    forwards = np.arange(of.many)
    backwards = order_of(of, backwards=True)
    return Kept(
        of.letters,
        of.starts.astype(np.uint32),
        _bags(of.letters, of.starts, symbols),
        symbols,
        backwards.astype(np.uint32),
        Trie(*_trie(of.letters, of.starts, forwards, False)),
        Trie(*_trie(of.letters, of.starts, backwards, True)),
    )


@compiled
def _bags(letters: Array, starts: Array, symbols: NDArray[np.uint8]) -> NDArray[np.uint64]:
    bags = np.empty(len(starts) - 1, np.uint64)
    for s in range(len(bags)):
        bags[s] = bag_of(letters, starts[s], starts[s + 1], symbols)
    return bags


@compiled
def _trie(
    letters: Array, starts: Array, order: Array, backwards: bool
) -> tuple[Array, Array, Array]:
    room, nodes = 1024, 1
    children, low, high = (
        np.zeros(room + 1, np.uint32),
        np.zeros(room, np.uint32),
        np.zeros(room, np.uint32),
    )
    depths, codes = np.zeros(room, np.uint16), np.zeros(room, letters.dtype)
    high[0] = len(order)
    node = 0
    while node < nodes:
        children[node] = nodes
        at, end, depth = np.int64(low[node]), np.int64(high[node]), np.int64(depths[node])
        if end - at > LEAF:
            while at < end and starts[order[at] + 1] - starts[order[at]] == depth:
                at += 1
            while at < end:
                code = _letter(letters, starts, order[at], depth, backwards)
                if nodes == room:
                    room *= 2
                    children, low, high = (
                        grown(children, room + 1),
                        grown(low, room),
                        grown(high, room),
                    )
                    depths, codes = grown(depths, room), grown(codes, room)
                low[nodes], depths[nodes], codes[nodes] = at, depth + 1, code
                while at < end and _letter(letters, starts, order[at], depth, backwards) == code:
                    at += 1
                high[nodes] = at
                nodes += 1
        node += 1
    children[nodes] = nodes
    return children[: nodes + 1].copy(), low[:nodes].copy(), codes[:nodes].copy()


@compiled
def _letter(
    letters: Array, starts: Array, number: Number, depth: Number, backwards: bool
) -> Number:
    at = starts[number + 1] - 1 - depth if backwards else starts[number] + depth
    return np.int64(letters[at])
