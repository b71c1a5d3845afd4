"""Which strings of a sorted table lie within one, two or three slips of a given one.

A slip is a letter too much, one too few, another letter, or two neighbours swapped (optimal string
alignment). None is lost: the asked string is cut in two. Of two to three slips at most one falls
into one of the two halves, so that what is near begins, or ends, almost as the asked string does.
Two tries, over the strings read forwards and backwards, lead to those; each must then have nearly
the same letters (a bag of letters in 64 bits), and the few that are left are measured by Hyyrö's
bit-parallel rule (H. Hyyrö, A bit-vector algorithm for computing Levenshtein and Damerau edit
distances, Nordic Journal of Computing 10, 2003).

Strings are given in codes, small numbers from 1 up in a table's own alphabet; 0 is a letter that
the table does not know.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled

LEAF = 32  # so many strings are looked through faster than they are divided
LONGEST = 62  # letters of a string in one machine word, with room for two more
HALF = 50  # at most so many letters of a half are used to find it
SHORTEST = 3  # a first half is not made shorter than this
COMMON = 16_000  # for an ending that so many strings share
LANES = 128  # so many strings are measured at once
AT_ONCE = 512  # bags; divisible by 8
FAR = 99
BAG_OFTEN, BAG_SELDOM = 3, 2  # how often a letter is counted, of the 16 commonest, of 8 others

Codes = NDArray[Any]  # uint8, or uint16 where an alphabet has more than 255 letters
Places = NDArray[np.uint32]
Bags = NDArray[np.uint64]


class Trie(NamedTuple):
    """A tree over sorted strings, whose leaves hold up to LEAF of them; nodes by breadth.

    The children of node n are children[n] to children[n + 1]; low[n] is the first of its strings,
    and those that end in it come before its children's. letters[n] leads to it.
    """

    children: Places
    low: Places
    letters: Codes


class Near(NamedTuple):
    """Sorted distinct strings, ready to be asked which of them are near.

    String s is letters[starts[s]:starts[s + 1]]; its bag is bags[s]. backwards: the strings'
    numbers in the order in which they stand when read from the end, and backward_bags their bags in
    that order. symbols, shape (codes, 2):
    for each letter the first of its bits in a bag, and how many it has.
    """

    letters: Codes
    starts: Places
    bags: Bags
    symbols: NDArray[np.uint8]
    backwards: Places
    backward_bags: Bags
    forward: Trie
    backward: Trie


@compiled
def ones(bits: np.uint64) -> np.uint64:
    """How many bits are set; written so that it becomes one instruction."""
    bits = bits - ((bits >> np.uint64(1)) & np.uint64(0x5555555555555555))
    bits = (bits & np.uint64(0x3333333333333333)) + (
        (bits >> np.uint64(2)) & np.uint64(0x3333333333333333)
    )
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (bits * np.uint64(0x0101010101010101)) >> np.uint64(56)


@compiled
def bag_of(letters: Codes, start: Number, end: Number, symbols: NDArray[np.uint8]) -> np.uint64:
    """The letters of a string without their order, each counted up to two or three times."""
    bag = np.uint64(0)
    for i in range(start, end):
        first = np.uint64(symbols[letters[i], 0])
        mask = ((np.uint64(1) << np.uint64(symbols[letters[i], 1])) - np.uint64(1)) << first
        bag |= ((bag << np.uint64(1)) | (np.uint64(1) << first)) & mask
    return bag


@compiled
def masks_of(text: Codes, first: Number, step: Number, size: Number, masks: Bags) -> None:
    """For each letter the places, counted from 1, at which it stands in a string read so."""
    at = first
    for i in range(size):
        masks[text[at]] |= np.uint64(1) << np.uint64(i + 1)
        at += step
    masks[0] = np.uint64(0)


@compiled
def slips_of_long(letters: Codes, start: Number, end: Number, text: Codes) -> Number:
    """The same distance by the plain rule, for strings that do not fit in a machine word."""
    size = len(text)
    older = np.zeros(size + 1, np.int32)
    old = np.arange(size + 1).astype(np.int32)
    new = np.zeros(size + 1, np.int32)
    for row in range(1, end - start + 1):
        letter = letters[start + row - 1]
        new[0] = row
        for i in range(1, size + 1):
            cost = 0 if letter == text[i - 1] else 1
            best = min(old[i] + 1, new[i - 1] + 1, old[i - 1] + cost)
            if (
                row > 1
                and i > 1
                and letter == text[i - 2]
                and letters[start + row - 2] == text[i - 1]
            ):
                best = min(best, older[i - 2] + 1)
            new[i] = best
        older, old, new = old, new, older
    return np.int64(old[size])


@compiled
def near_of(
    near: Near,
    text: Codes,
    most: Number,
) -> tuple[Places, NDArray[np.uint8], Number]:
    """The strings at most `most` slips away, their distances, and how many they are.

    `most` is 1, 2 or 3. The arrays may be longer; a number may stand there twice.
    """
    size = len(text)
    codes = len(near.symbols)
    masks = np.zeros(codes, np.uint64)
    turned = np.zeros(codes, np.uint64)
    masks_of(text, 0, 1, min(size, LONGEST), masks)
    bag = bag_of(text, 0, size, near.symbols)
    ranges = np.empty((256, 2), np.uint32)
    # With one slip the whole string is followed from its beginning, and no half needed.
    whole = most == 1
    ahead = min((size + 1) // 2 if most == 2 else (size - 1) // 2, HALF)
    strings = len(near.bags)
    backwards = near.backwards
    wanted, hopes = np.empty(0, np.uint32), 0
    masks_of(text, size - 1, -1, min(size, LONGEST), turned)
    for back in range(1 if whole else 2):
        if whole:
            ranges, many = beginnings(near.forward, strings, masks, size + 2, 1, True, ranges)
        elif back:
            ranges, many = beginnings(near.forward, strings, masks, ahead, 1, False, ranges)
        else:
            while True:
                behind = min(size - ahead, HALF)
                ranges, many = beginnings(
                    near.backward, strings, turned, behind, most - 2, False, ranges
                )
                if ahead <= SHORTEST or in_ranges(ranges, many) < COMMON:
                    break
                ahead -= 1  # an ending that many have tells little: more of it is asked for
        more = np.empty(hopes + in_ranges(ranges, many), np.uint32)
        more[:hopes] = wanted[:hopes]
        wanted, first = more, hopes
        if back == 0 and not whole:
            hopes = promising(near.backward_bags, ranges, many, bag, most, wanted, hopes)
            for i in range(first, hopes):
                wanted[i] = backwards[wanted[i]]
        else:
            hopes = promising(near.bags, ranges, many, bag, most, wanted, hopes)
    return measured(near.letters, near.starts, wanted[:hopes], text, most)


@compiled
def in_ranges(ranges: Places, many: Number) -> Number:
    """How many strings there are in all ranges."""
    total = np.int64(0)
    for i in range(many):
        total += np.int64(ranges[i, 1]) - np.int64(ranges[i, 0])
    return total


@compiled
def promising(
    bags: Bags,
    ranges: Places,
    many: Number,
    bag: np.uint64,
    most: Number,
    wanted: Places,
    count: Number,
) -> Number:
    """Put behind `count` places those, in these ranges, of bags near enough; how many there are.

    In two steps, of which the first becomes instructions on many bags at once.
    """
    near = np.zeros(AT_ONCE, np.uint8)
    eights = near.view(np.uint64)
    least = np.uint64(most)
    for i in range(many):
        low: Number = np.int64(ranges[i, 0])
        high: Number = np.int64(ranges[i, 1])
        while low < high:
            size: Number = min(high - low, AT_ONCE)
            for k in range(size):
                other = bags[low + k]
                near[k] = (ones(bag & ~other) <= least) & (ones(other & ~bag) <= least)
            for k in range(size, min((size + 7) & ~7, AT_ONCE)):
                near[k] = 0
            for each in range((size + 7) >> 3):
                if eights[each]:
                    for k in range(8 * each, 8 * each + 8):
                        if near[k]:
                            wanted[count] = low + k
                            count += 1
            low += size
    return count


@compiled
def measured(
    letters: Codes,
    starts: Places,
    wanted: Places,
    text: Codes,
    most: Number,
) -> tuple[Places, NDArray[np.uint8], Number]:
    """Those of these strings that are near, LANES of them measured at a time."""
    size = len(text)
    found, slips = np.empty(len(wanted), np.uint32), np.empty(len(wanted), np.uint8)
    count = 0
    if size > LONGEST:
        for number in wanted:
            distance = slips_of_long(
                letters, np.int64(starts[number]), np.int64(starts[number + 1]), text
            )
            found[count], slips[count] = number, min(distance, FAR)
            count += distance <= most
        return found, slips, count
    lines = np.zeros((size + most, LANES), letters.dtype)
    sizes, far = np.zeros(LANES, np.uint8), np.empty(LANES, np.uint8)
    room = np.empty((3, size + 1, LANES), np.uint8)
    for first in range(0, len(wanted), LANES):
        many = min(LANES, len(wanted) - first)
        rows: Number = 0
        for lane in range(many):
            start = np.int64(starts[wanted[first + lane]])
            length = np.int64(starts[wanted[first + lane] + 1]) - start
            if length <= size + most:
                sizes[lane], rows = length, max(rows, length)
                for k in range(length):
                    lines[k, lane] = letters[start + k]
            else:
                sizes[lane] = 0
        slips_of_many(lines, sizes, rows, text, most, room, far)
        for lane in range(many):
            found[count], slips[count] = wanted[first + lane], far[lane]
            count += far[lane] <= most
    return found, slips, count


@compiled
def slips_of_many(
    lines: Codes,
    sizes: NDArray[np.uint8],
    rows: Number,
    text: Codes,
    most: Number,
    room: NDArray[np.uint8],
    far: NDArray[np.uint8],
) -> None:
    """How far LANES strings are from a text; FAR for what is more than `most` slips away.

    String s has `sizes[s]` letters, at most `rows`: lines[:, s]. The plain rule, in a band along
    the diagonal, for all of them step by step: the innermost loops become instructions on many
    bytes at once. `room` holds three lines of the table, shape (3, len(text) + 1, LANES).
    """
    size, one = len(text), np.uint8(1)
    for i in range(size + 1):
        for s in range(LANES):
            room[0, i, s] = i
    for s in range(LANES):
        far[s] = FAR
    for row in range(1, rows + 1):
        new, old, older = row % 3, (row - 1) % 3, (row - 2) % 3
        low, high = max(1, row - most), min(size, row + most)
        edge = row if low == 1 else FAR
        for s in range(LANES):
            room[new, low - 1, s] = edge
        for i in range(low, high + 1):
            letter, before = text[i - 1], text[max(i - 2, 0)]
            swaps = row > 1 and i > 1 and letter != before
            for s in range(LANES):
                same = room[old, i - 1, s]
                other = np.uint8(min(min(same, room[old, i, s]), room[new, i - 1, s]) + one)
                room[new, i, s] = min(other, same) if lines[row - 1, s] == letter else other
            if swaps:
                for s in range(LANES):
                    swapped = np.uint8(room[older, i - 2, s] + one)
                    is_so = (lines[row - 1, s] == before) & (lines[row - 2, s] == letter)
                    best = room[new, i, s]
                    room[new, i, s] = min(best, swapped) if is_so else best
        if high < size:
            for s in range(LANES):
                room[new, high + 1, s] = FAR
        else:
            for s in range(LANES):
                far[s] = room[new, size, s] if sizes[s] == row else far[s]


@compiled
def grown(array: NDArray[Any], size: Number) -> NDArray[Any]:
    longer = np.empty(size, array.dtype)
    longer[: len(array)] = array
    return longer


@compiled
def beginnings(
    trie: Trie,
    strings: Number,
    masks: Bags,
    half: Number,
    most: Number,
    whole: bool,
    ranges: Places,
) -> tuple[Places, Number]:
    """Ranges of the sorted strings that begin with the first `half` letters but `most` slips.

    `most` is 0 or 1. If it is 1, two letters swapped across the end of the half are allowed beside
    the one slip, since they may count for either half. With `whole` strings are taken where they
    end, or in leaves, instead of with all that follows.
    """
    one = np.uint64(1)
    goal, edge = one << np.uint64(min(half, 63)), one << np.uint64(max(half - 1, 0))
    many = 0
    if whole:
        edge = np.uint64(0)
    deep = 1024
    nodes, highs = np.empty(deep, np.uint32), np.empty(deep, np.uint32)
    # Bit i of a state: the first i letters are matched. [none, one slip, none a letter ago]
    states = np.empty((deep, 3), np.uint64)
    hoped = np.zeros(deep, np.bool_)
    nodes[0], highs[0] = 0, strings
    states[0, 0], states[0, 1], states[0, 2] = one, (one << one) if most else 0, 0
    depth = 1
    while depth:
        depth -= 1
        node, high = nodes[depth], highs[depth]
        none, single, older, hope = (
            states[depth, 0],
            states[depth, 1],
            states[depth, 2],
            hoped[depth],
        )
        first, last = trie.children[node], trie.children[node + 1]
        taken = (none | single) & goal != 0 and not whole
        low = trie.low[node]
        if taken or first == last:
            end = high
        elif whole:
            end = trie.low[first]
        else:
            end = low
        if end > low:
            if many == len(ranges):
                longer = np.empty((2 * many, 2), np.uint32)
                longer[:many] = ranges
                ranges = longer
            ranges[many, 0], ranges[many, 1] = low, end
            many += 1
        if taken:
            continue
        before = masks[trie.letters[node]] if node else np.uint64(0)
        swapped = (older << np.uint64(2)) & before
        wanted = ((single | none) << one) | (swapped >> one)
        if single & edge:
            wanted |= goal << one
        if hope:
            wanted |= goal
        if none and most:
            wanted = ~np.uint64(0)  # any letter may be the slip
        for child in range(first, last):
            here = masks[trie.letters[child]]
            if here & wanted == 0 and wanted != ~np.uint64(0):
                continue
            new = (none << one) & here
            slipped, hopes = np.uint64(0), False
            if most:
                slipped = ((single << one) & here) | none | (none << one) | (new << one)
                slipped |= swapped & (here << one)
                # The letter just before the edge, in place of the one after it.
                hopes = single & edge != 0 and here & (goal << one) != 0
                if hope and here & goal != 0:
                    slipped |= goal
            if new | slipped or hopes:
                if depth == deep:
                    deep *= 2
                    nodes, highs, hoped = grown(nodes, deep), grown(highs, deep), grown(hoped, deep)
                    longer_states = np.empty((deep, 3), np.uint64)
                    longer_states[:depth] = states
                    states = longer_states
                nodes[depth] = child
                highs[depth] = trie.low[child + 1] if child + 1 < last else high
                states[depth, 0], states[depth, 1], states[depth, 2] = new, slipped, none
                hoped[depth] = hopes
                depth += 1
    return ranges, many
