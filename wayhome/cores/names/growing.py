"""Words that come one after another, a few thousand of them, asked like those of an index.

Nothing is sorted: each question passes over all words, and looks closely only at those that have
the letters, the names or the initials for it. A word costs some microseconds to add.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled
from .likely import SOUNDS
from .looking import SLIPS, TIES, Bytes, Ties, View
from .nearness import BAG_OFTEN, BAG_SELDOM, Bags, ones, slips_of_long
from .reading import as_kept, read
from .records import (
    FOLDED,
    GROUPS,
    HEAD,
    IN_CYRILLIC,
    INITIAL,
    INITIALS,
    LETTERS,
    LIKELY,
    OTHERS,
    PARTS,
    SCRIPT,
    SHORT,
    STEMS,
    Record,
)
from .spelling import CONFUSED, LOST, MIN_PREFIX

SYMBOLS = 128  # code points that differ by so many share a symbol
BEGINNING = 3  # letters of the folded sounds that two words share if one begins the other
ALIKE, NEAR, SPOKEN = 1, 2, 3  # what a string of a word is compared by


class Held(NamedTuple):
    """The words so far. numbers: their records, one after another; starts: where each begins.

    words, shape (words, 2): which groups and which initials, one bit each, shared. entries, shape
    (entries, 4): word, where a string of it begins in numbers, its length, what it is compared by;
    bags: the letters of each entry, or the beginning of a SPOKEN one.
    """

    numbers: Record
    starts: NDArray[np.int64]
    words: Bags
    entries: NDArray[np.int32]
    bags: Bags


class Layout(NamedTuple):
    """Where the pieces of a record stand."""

    groups: Number
    initials: Number
    letters: Number
    ends: Number
    strings: Number
    total: Number


@compiled
def layout_of(record: Record) -> Layout:
    """Where the pieces of a record stand."""
    initials = HEAD + np.int64(record[GROUPS])
    letters = initials + np.int64(record[INITIALS])
    ends = letters + np.int64(record[LETTERS])
    count = np.int64(0)
    for kind in (FOLDED, STEMS, LIKELY, OTHERS, PARTS):
        count += np.int64(record[kind])
    return Layout(np.int64(HEAD), initials, letters, ends, ends + count, count)


@compiled
def string_of(record: Record, layout: Layout, number: Number) -> Record:
    """One of the strings of a record."""
    start = np.int64(record[layout.ends + number - 1]) if number else np.int64(0)
    return record[layout.strings + start : layout.strings + record[layout.ends + number]]


@compiled
def same_letters(one: Record, other: Record) -> bool:
    if len(one) != len(other):
        return False
    k = 0
    while k < len(one) and one[k] == other[k]:
        k += 1
    return k == len(one)


@compiled
def begins(one: Record, other: Record) -> bool:
    """Say whether the one begins with the other."""
    return len(one) >= len(other) and same_letters(one[: len(other)], other)


@compiled
def share(
    one: Record,
    ours: Layout,
    a: Number,
    b: Number,
    other: Record,
    theirs: Layout,
    c: Number,
    d: Number,
) -> bool:
    """Say whether strings a to b of one record and c to d of another have one in common."""
    for i in range(a, b):
        text = string_of(one, ours, i)
        for k in range(c, d):
            if same_letters(text, string_of(other, theirs, k)):
                return True
    return False


@compiled
def same(one: Record, other: Record, ties: Ties) -> Number:
    """The tie of two words that are one word or one name; 0 for others. As `spelling._same`."""
    a, b = layout_of(one), layout_of(other)
    if same_letters(one[a.letters : a.ends], other[b.letters : b.ends]):
        return ties.exact
    m, n = np.int64(one[FOLDED]), np.int64(other[FOLDED])
    if share(one, a, 0, m, other, b, 0, n):
        return ties.variant if one[SCRIPT] == other[SCRIPT] else ties.translit
    p, q = m + np.int64(one[STEMS]), n + np.int64(other[STEMS])
    if share(one, a, m, p, other, b, n, q):
        return ties.form
    for group in one[a.groups : a.initials]:
        for another in other[b.groups : b.initials]:
            if group == another:
                return ties.diminutive if one[SHORT] or other[SHORT] else ties.language
    if share(one, a, m, p + one[LIKELY], other, b, n, q + other[LIKELY]):
        return ties.likely
    return 0


@compiled
def partial(one: Record, other: Record, least: Number, ties: Ties) -> Number:
    """The tie of two words of which one is a part of the other; 0 for others. As in `spelling`."""
    a, b = layout_of(one), layout_of(other)
    m, n = np.int64(one[FOLDED]), np.int64(other[FOLDED])
    p, q = m + np.int64(one[STEMS]), n + np.int64(other[STEMS])
    r, s = a.total - np.int64(one[PARTS]), b.total - np.int64(other[PARTS])
    if (
        share(one, a, r, a.total, other, b, s, b.total)
        or share(one, a, m, p, other, b, s, b.total)
        or share(one, a, r, a.total, other, b, n, q)
    ):
        return ties.part
    if not one[INITIAL] and not other[INITIAL]:
        for i in range(m):
            text = string_of(one, a, i)
            for k in range(n):
                another = string_of(other, b, k)
                if (len(text) >= least and begins(another, text)) or (
                    len(another) >= least and begins(text, another)
                ):
                    return ties.prefix
        return 0
    for letter in one[a.initials : a.letters]:
        for another_letter in other[b.initials : b.letters]:
            if letter == another_letter:
                return ties.initial
    return 0


@compiled
def slipped(
    one: Record, other: Record, ties: Ties, slips: Bytes, confused: NDArray[np.bool_]
) -> Number:
    """The tie of two words that are near; 0 for others. As `spelling._slipped`."""
    a, b = layout_of(one), layout_of(other)
    kinds = (ties.confused, ties.typo1, ties.typo2, ties.typo3)
    best = len(kinds)
    for i in range(a.total):
        if not is_near(one, i):
            continue
        text = string_of(one, a, i)
        most = slips[min(len(text), len(slips) - 1)]
        for k in range(b.total):
            if is_near(other, k):
                another = string_of(other, b, k)
                far = max(1, slips_of_long(another, 0, len(another), text))
                if far == 1 and confusable(another, text, confused):
                    far = 0
                if far <= most:
                    best = min(best, far)
    return kinds[best] if best < len(kinds) else 0


@compiled
def is_near(record: Record, number: Number) -> bool:
    """Say whether a string of a record is compared by distance: see `spelling.Spelling.near`."""
    learned = record[FOLDED] + record[STEMS]
    others = learned + record[LIKELY]
    return bool(
        record[FOLDED] <= number < learned
        or (number == learned and learned < others and record[SCRIPT] != IN_CYRILLIC)
        or others <= number < others + record[OTHERS]
    )


@compiled
def tie_of(
    one: Record, other: Record, ties: Ties, slips: Bytes, least: Number, confused: NDArray[np.bool_]
) -> Number:
    """The tie of two words that can be read; 0 if they differ. As `spelling.tie`."""
    found = same(one, other, ties)
    if found == 0:
        found = slipped(one, other, ties, slips, confused)
    return found if found else partial(one, other, least, ties)


@compiled
def bag_of_points(text: Record, symbols: NDArray[np.uint8]) -> np.uint64:
    """As `nearness.bag_of`, of code points."""
    bag = np.uint64(0)
    for letter in text:
        row = np.int64(letter) % SYMBOLS
        first = np.uint64(symbols[row, 0])
        mask = ((np.uint64(1) << np.uint64(symbols[row, 1])) - np.uint64(1)) << first
        bag |= ((bag << np.uint64(1)) | (np.uint64(1) << first)) & mask
    return bag


@compiled
def beginning_of(text: Record) -> np.uint64:
    """The first letters of a string, in one number."""
    found = np.uint64(0)
    for k in range(BEGINNING):
        found <<= np.uint64(21)
        if k < len(text):
            found |= np.uint64(text[k])
    return found


@compiled
def bits_of(numbers: Record) -> np.uint64:
    """One bit for each number; numbers may share one."""
    bits = np.uint64(0)
    for number in numbers:
        bits |= np.uint64(1) << np.uint64(number % np.uint32(61))
    return bits


@compiled
def entries_of(record: Record, symbols: NDArray[np.uint8]) -> tuple[NDArray[np.int32], Bags]:
    """What a word is found by: see `Held`; the first column is left free."""
    layout = layout_of(record)
    entries, bags = np.empty((layout.total, 4), np.int32), np.empty(layout.total, np.uint64)
    for i in range(layout.total):
        text = string_of(record, layout, i)
        start = np.int64(record[layout.ends + i]) - len(text)
        entries[i, 0], entries[i, 1], entries[i, 2] = 0, layout.strings + start, len(text)
        if i < record[FOLDED]:
            entries[i, 3], bags[i] = SPOKEN, beginning_of(text)
        else:
            entries[i, 3] = NEAR if is_near(record, i) else ALIKE
            bags[i] = bag_of_points(text, symbols)
    return entries, bags


@compiled
def confusable(one: Record, other: Record, confused: NDArray[np.bool_]) -> bool:
    """Say whether two strings differ by one sound taken for another, or lost."""
    if len(one) < len(other):
        one, other = other, one
    k = 0
    while k < len(other) and one[k] == other[k]:
        k += 1
    if k == len(one) or one[k] >= SYMBOLS:
        return False
    if len(one) == len(other):
        alike = same_letters(one[k + 1 :], other[k + 1 :])
        return bool(alike and other[k] < SYMBOLS and confused[one[k], other[k]])
    alike = len(one) == len(other) + 1 and same_letters(one[k + 1 :], other[k:])
    return bool(alike and confused[one[k], SYMBOLS])


@compiled
def looked_through(
    held: Held,
    count: Number,
    entries: Number,
    asked: Record,
    ties: Ties,
    slips: Bytes,
    least: Number,
    symbols: NDArray[np.uint8],
    confused: NDArray[np.bool_],
) -> tuple[NDArray[np.int32], Bytes]:
    """All of `count` words that are tied to the one of a record."""
    ours, bags = entries_of(asked, symbols)
    layout = layout_of(asked)
    groups = bits_of(asked[layout.groups : layout.initials])
    initials = bits_of(asked[layout.initials : layout.letters])
    hopes, best = np.zeros(count, np.bool_), np.full(count, 9, np.uint8)
    for e in range(entries):
        word, kind, bag = held.entries[e, 0], held.entries[e, 3], held.bags[e]
        for i in range(len(ours)):
            if (kind == SPOKEN) != (ours[i, 3] == SPOKEN):
                continue
            if bag == bags[i]:
                hopes[word] = True
            if kind != NEAR or ours[i, 3] != NEAR:
                continue
            size: Number = ours[i, 2]
            most = slips[min(size, len(slips) - 1)]
            if ones(bag & ~bags[i]) <= most and ones(bags[i] & ~bag) <= most:
                text = asked[ours[i, 1] : ours[i, 1] + ours[i, 2]]
                start, end = held.entries[e, 1], held.entries[e, 1] + held.entries[e, 2]
                far = max(1, slips_of_long(held.numbers, start, end, text))
                if far == 1 and confusable(held.numbers[start:end], text, confused):
                    far = 0
                if far <= most:
                    best[word] = min(best[word], far)
    ids, found, many = np.empty(count, np.int32), np.empty(count, np.uint8), 0
    kinds = (ties.confused, ties.typo1, ties.typo2, ties.typo3)
    for word in range(1, count):
        other = held.numbers[held.starts[word] : held.starts[word + 1]]
        near = best[word] < 9
        initial = (asked[INITIAL] or other[INITIAL]) and held.words[word, 1] & initials
        if not (near or hopes[word] or initial or held.words[word, 0] & groups):
            continue
        tie = same(asked, other, ties)
        if tie == 0 and near:
            tie = kinds[best[word]]
        if tie == 0:
            tie = partial(asked, other, least, ties)
        if tie:
            ids[many], found[many] = word, tie
            many += 1
    return ids[:many].copy(), found[:many].copy()


def _symbols() -> NDArray[np.uint8]:
    """Bits for each letter in a bag: the vowels and commonest consonants have three."""
    order = "aeionkrsvltuhmdc"
    order += "".join(x for x in SOUNDS if x not in order)
    symbols = np.zeros((SYMBOLS, 2), np.uint8)
    for letter in range(SYMBOLS):
        rank = order.find(chr(letter)) if chr(letter) in order else 16 + letter % 8
        if rank < 16:
            symbols[letter] = BAG_OFTEN * rank, BAG_OFTEN
        else:
            symbols[letter] = BAG_OFTEN * 16 + BAG_SELDOM * (rank % 8), BAG_SELDOM
    return symbols


def _confused() -> NDArray[np.bool_]:
    table = np.zeros((SYMBOLS, SYMBOLS + 1), np.bool_)
    for one, other in CONFUSED:
        table[ord(one), ord(other)] = table[ord(other), ord(one)] = True
    table[[ord(x) for x in LOST], SYMBOLS] = True
    return table


CONFUSABLE = _confused()


def are_tied(one: Record, other: Record) -> bool:
    """Say whether two words that can be read are tied in any way."""
    return bool(tie_of(one, other, TIES, SLIPS, MIN_PREFIX, CONFUSABLE))


class GrowingWords:
    """A few thousand words in memory, to which more can be added; asked like a `WordIndex`.

    Numbers are given in the order of arrival; 0 is the empty word and every unreadable one. One
    thread adds while no other asks.
    """

    def __init__(self) -> None:
        self._symbols = _symbols()
        self._held = Held(
            np.zeros(4096, np.uint32),
            np.zeros(64, np.int64),
            np.zeros((64, 2), np.uint64),
            np.zeros((256, 4), np.int32),
            np.zeros(256, np.uint64),
        )
        self._entries = 0
        self._numbers: dict[tuple[str, str], int] = {("", ""): 0}
        self._texts = [("", "")]

    def __len__(self) -> int:
        return len(self._texts)

    def add(self, word: str, also: str = "") -> int:
        """The number of a word, which is taken in if it is new; 0 if nothing can be read in it."""
        key = as_kept(word), also
        number = self._numbers.get(key)
        if number is None:
            record = read(*key)
            number = self._file(record, key) if record[FOLDED] else 0
            self._numbers[key] = number
        return number

    def _file(self, record: Record, key: tuple[str, str]) -> int:
        number, start = len(self._texts), int(self._held.starts[len(self._texts)])
        entries, bags = entries_of(record, self._symbols)
        entries[:, 0] = number
        entries[:, 1] += start
        before, after = self._entries, self._entries + len(bags)
        end = start + len(record)
        rooms: Any = zip(self._held, (end, number + 2, number + 1, after, after), strict=True)
        held = self._held = Held(*(_with_room(array, size) for array, size in rooms))
        held.numbers[start:end] = record
        held.starts[number : number + 2] = start, end
        layout = layout_of(record)
        held.words[number] = (
            bits_of(record[layout.groups : layout.initials]),
            bits_of(record[layout.initials : layout.letters]),
        )
        held.entries[before:after], held.bags[before:after] = entries, bags
        self._entries = after
        self._texts.append(key)
        return number

    def look(self, word: str, also: str = "") -> View:
        """All words tied to this one; as `WordIndex.look`."""
        return self.look_record(read(word, also))

    def look_record(self, asked: Record) -> View:
        """The same for a word that was read before."""
        return View(
            *looked_through(
                self._held, len(self), self._entries, asked, TIES, SLIPS, MIN_PREFIX,
                self._symbols, CONFUSABLE,
            )
        )  # fmt: skip

    def find(self, word: str, also: str = "") -> int:
        """The number of this very word, -1 if it is not here; 0 for an unreadable one."""
        key = as_kept(word), also
        number = self._numbers.get(key)
        if number is None:
            return -1 if read(*key)[FOLDED] else 0
        return number

    def text(self, number: int) -> tuple[str, str]:
        """A word as it was written (lower case), and its other reading."""
        return self._texts[number]


def _with_room(array: NDArray[Any], size: int) -> NDArray[Any]:
    """The array, or a copy twice as long where it has not room for so many."""
    if size <= len(array):
        return array
    return np.concatenate([array, np.zeros((max(size, len(array)), *array.shape[1:]), array.dtype)])
