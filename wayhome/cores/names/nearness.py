"""Which strings of a sorted table lie within one, two or three slips of a given one.

A slip is a letter too much, one too few, another letter, or two neighbours swapped (optimal string
alignment). None is lost: the asked string is cut in two. Of two to three slips at most one falls
into one of the two halves, so that what is near begins, or ends, almost as the asked string does.
Two tries, over the strings read forwards and backwards, lead to those; each must then have nearly
the same letters (a bag of letters in 64 bits), and the few that are left are measured by the plain
rule, many side by side.

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
LANES = 512  # so many strings are measured at once
AT_ONCE = 32  # bags; fewer than 64
SHARED = 31  # letters from this code on share a bit
KEY_BITS = 5  # of a letter, where a string is one number
OFTEN_PROMISING = 1 << 15  # hardly ever are so many strings measured
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


class Kept(NamedTuple):
    """Sorted distinct strings, as they are kept.

    String s is letters[starts[s]:starts[s + 1]]; its bag is bags[s]. backwards: the strings'
    numbers in the order in which they stand when read from the end. symbols, shape (codes, 2):
    for each letter the first of its bits in a bag, and how many it has.
    """

    letters: Codes
    starts: Places
    bags: Bags
    symbols: NDArray[np.uint8]
    backwards: Places
    forward: Trie
    backward: Trie


class Steps(NamedTuple):
    """A trie made ready to be walked: what is said of a node stands together.

    nodes, shape (nodes + 1, 4): the first string of a node, the one behind its last, its first
    child, and a bit for each letter that leads to a child (`bit_of`). letters as in `Trie`.
    """

    nodes: Places
    letters: Codes


class Near(NamedTuple):
    """The same strings, ready to be asked which of them are near: see `ready`.

    keys: see `keys_of`. backward_bags: the bags of the strings in the order of backwards.
    """

    letters: Codes
    starts: Places
    bags: Bags
    keys: Bags
    symbols: NDArray[np.uint8]
    backwards: Places
    backward_bags: Bags
    forward: Steps
    backward: Steps


class Room(NamedTuple):
    """Room for one question at a time; what it holds means nothing to the next.

    masks and spelled belong to `spell`, states and ranges to `beginnings`, hits to `promising`, the
    last five to `slips_of_many`. wanted: strings that may be near; slips: how far those are that
    are.
    """

    masks: Bags
    spelled: Bags
    states: Bags
    ranges: Places
    hits: Bags
    wanted: Places
    slips: NDArray[np.uint8]
    packed: Bags
    lines: Codes
    sizes: NDArray[np.uint8]
    far: NDArray[np.uint8]
    table: NDArray[np.uint8]


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
    near: Near, text: Codes, most: Number, room: Room
) -> tuple[Places, NDArray[np.uint8], Number]:
    """The strings at most `most` slips away, their distances, and how many they are.

    `most` is 1, 2 or 3. The arrays may be longer, and those of the room itself; a number may stand
    there twice.
    """
    size = len(text)
    bag = bag_of(text, 0, size, near.symbols)
    wanted, hopes = room.wanted, 0
    # With one slip the whole string is followed from its beginning, and no half needed.
    if most == 1:
        spell(text, 0, 1, room)
        ranges, many = beginnings(near.forward, size + 2, 1, True, room)
        wanted = long_enough(wanted, hopes, in_ranges(ranges, many))
        hopes = promising(near.bags, ranges, many, bag, most, wanted, hopes, room.hits)
        return measured(near, wanted[:hopes], text, most, room)
    ahead = min((size + 1) // 2 if most == 2 else (size - 1) // 2, HALF)
    spell(text, size - 1, -1, room)
    while True:
        behind = min(size - ahead, HALF)
        ranges, many = beginnings(near.backward, behind, most - 2, False, room)
        count = in_ranges(ranges, many)
        if ahead <= SHORTEST or count < COMMON:
            break
        ahead -= 1  # an ending that many have tells little: more of it is asked for
    wanted = long_enough(wanted, hopes, count)
    hopes = promising(near.backward_bags, ranges, many, bag, most, wanted, hopes, room.hits)
    for i in range(hopes):
        wanted[i] = near.backwards[wanted[i]]
    spell(text, 0, 1, room)
    ranges, many = beginnings(near.forward, ahead, 1, False, room)
    wanted = long_enough(wanted, hopes, in_ranges(ranges, many))
    hopes = promising(near.bags, ranges, many, bag, most, wanted, hopes, room.hits)
    return measured(near, wanted[:hopes], text, most, room)


@compiled
def bit_of(letter: Number) -> np.uint64:
    """A bit that says of a letter that it is there."""
    return np.uint64(1) << np.uint64(letter if letter < SHARED else SHARED)


@compiled
def spell(text: Codes, first: Number, step: Number, room: Room) -> None:
    """Note where each letter of a string stands when it is read so, and which letter stands where.

    Places are counted from 1.
    """
    masks, spelled = room.masks, room.spelled
    masks[:] = 0
    spelled[:] = 0
    at = first
    for i in range(1, min(len(text), LONGEST) + 1):
        masks[text[at]] |= np.uint64(1) << np.uint64(i)
        spelled[i] = bit_of(text[at])
        at += step
    masks[0] = np.uint64(0)


@compiled
def long_enough(wanted: Places, count: Number, more: Number) -> Places:
    """The same array, or a longer one that begins with its first `count`."""
    if count + more <= len(wanted):
        return wanted
    room = np.empty(count + more, np.uint32)
    room[:count] = wanted[:count]
    return room


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
    hits: Bags,
) -> Number:
    """Put behind `count` places those, in these ranges, of bags near enough; how many there are.

    AT_ONCE bags are looked at even where a range holds fewer: a loop of a known length becomes
    instructions on many bags at once. Only then are the hits, in bits, gone through: what nobody
    can foresee would have to wait for each range.
    """
    least, one, held = np.uint64(most), np.uint64(1), 0
    for i in range(many):
        low: Number = np.int64(ranges[i, 0])
        high: Number = np.int64(ranges[i, 1])
        while low < high:
            near = np.uint64(0)
            if low + AT_ONCE <= len(bags):
                for k in range(AT_ONCE):
                    near |= alike(bag, bags[low + k], least) << np.uint64(k)
            else:
                for k in range(high - low):
                    near |= alike(bag, bags[low + k], least) << np.uint64(k)
            hits[held, 0] = low
            hits[held, 1] = near & ((one << np.uint64(min(high - low, AT_ONCE))) - one)
            held += 1
            if held == len(hits):
                count, held = gone_through(hits, held, wanted, count), 0
            low += AT_ONCE
    return gone_through(hits, held, wanted, count)


@compiled
def alike(bag: np.uint64, other: np.uint64, least: np.uint64) -> np.uint64:
    """1 if neither bag has more than so many letters that the other has not, else 0."""
    return np.uint64((ones(bag & ~other) <= least) & (ones(other & ~bag) <= least))


@compiled
def gone_through(hits: Bags, held: Number, wanted: Places, count: Number) -> Number:
    """Put behind `count` places the numbers that rows hold: the first, and which from there on."""
    one = np.uint64(1)
    for i in range(held):
        first, near = hits[i, 0], hits[i, 1]
        while near:
            wanted[count] = first + ones((near & (~near + one)) - one)
            near &= near - one
            count += 1
    return count


@compiled
def measured(
    near: Near, wanted: Places, text: Codes, most: Number, room: Room
) -> tuple[Places, NDArray[np.uint8], Number]:
    """Those of these strings that are near, and how far they are; put where they stood."""
    size, count = len(text), 0
    slips = room.slips
    if len(slips) < len(wanted):
        slips = np.empty(len(wanted), np.uint8)
    if size > LONGEST:
        for number in wanted:
            distance = slips_of_long(
                near.letters, np.int64(near.starts[number]), np.int64(near.starts[number + 1]), text
            )
            wanted[count], slips[count] = number, min(distance, FAR)
            count += distance <= most
        return wanted, slips, count
    far = room.far
    for first in range(0, len(wanted), LANES):
        several = wanted[first : first + LANES]
        slips_of_many(near, several, text, most, room)
        for lane in range(len(several)):
            wanted[count], slips[count] = several[lane], far[lane]
            count += far[lane] <= most
    return wanted, slips, count


@compiled
def laid_out(near: Near, several: Places, longest: Number, room: Room) -> Number:
    """Write strings side by side into lines[:, s], how long they are into sizes.

    What has more than `longest` letters is left out: its size is 0. The size of the longest.
    """
    lines, sizes, packed = room.lines, room.sizes, room.packed
    rows: Number = 0
    keys, letters, starts = near.keys, near.letters, near.starts
    bits, mask = np.uint64(KEY_BITS), np.uint64((1 << KEY_BITS) - 1)
    lanes = (len(several) + 31) & ~31
    every, unpacked = np.uint64(0), False
    packed[len(several) : lanes] = 0
    sizes[:lanes] = 0
    for lane in range(len(several)):
        packed[lane] = keys[several[lane]]
        every |= packed[lane]
        unpacked |= packed[lane] == 0
    while every:
        shift = bits * np.uint64(rows)
        for lane in range(lanes):
            lines[rows, lane] = (packed[lane] >> shift) & mask
        for lane in range(lanes):
            sizes[lane] += lines[rows, lane] != 0
        every >>= bits
        rows += 1
    if unpacked:
        for lane in range(len(several)):
            if packed[lane] == 0:
                start = np.int64(starts[several[lane]])
                size = np.int64(starts[several[lane] + 1]) - start
                if size <= longest:
                    sizes[lane], rows = size, max(rows, size)
                    for k in range(size):
                        lines[k, lane] = letters[start + k]
    return min(rows, longest)


@compiled
def slips_of_many(near: Near, several: Places, text: Codes, most: Number, room: Room) -> None:
    """How far up to LANES strings are from a text; FAR for what is more than `most` slips away.

    The plain rule, in a band along the diagonal, for all of them step by step: the innermost loops
    become instructions on many bytes at once. `table` holds three lines of the rule's table.
    """
    lines, sizes, table, far = room.lines, room.sizes, room.table, room.far
    rows = laid_out(near, several, len(text) + most, room)
    lanes = (len(several) + 31) & ~31
    size, one = len(text), np.uint8(1)
    for i in range(min(size, most) + 1):
        table[0, i, :lanes] = i
    far[:lanes] = FAR
    for row in range(1, rows + 1):
        new, old, older = row % 3, (row - 1) % 3, (row - 2) % 3
        low, high = max(1, row - most), min(size, row + most)
        table[new, low - 1, :lanes] = row if low == 1 else FAR
        if high == row + most:
            table[old, high, :lanes] = FAR
        for i in range(low, high + 1):
            letter, before = text[i - 1], text[max(i - 2, 0)]
            if row > 1 and i > 1 and letter != before:
                for s in range(lanes):
                    same = table[old, i - 1, s]
                    here, last = lines[row - 1, s], lines[row - 2, s]
                    swapped = table[older, i - 2, s]
                    swapped = swapped if (here == before) & (last == letter) else np.uint8(FAR)
                    slip = min(min(same, table[old, i, s]), min(table[new, i - 1, s], swapped))
                    table[new, i, s] = same if here == letter else np.uint8(slip + one)
            else:
                for s in range(lanes):
                    same = table[old, i - 1, s]
                    slip = min(min(same, table[old, i, s]), table[new, i - 1, s])
                    table[new, i, s] = same if lines[row - 1, s] == letter else np.uint8(slip + one)
        if high == size:
            for s in range(lanes):
                far[s] = table[new, size, s] if sizes[s] == row else far[s]


@compiled
def grown(array: NDArray[Any], size: Number) -> NDArray[Any]:
    longer = np.empty(size, array.dtype)
    longer[: len(array)] = array
    return longer


@compiled
def beginnings(
    steps: Steps, half: Number, most: Number, whole: bool, room: Room
) -> tuple[Places, Number]:
    """Ranges of the sorted strings that begin with the first `half` letters but `most` slips.

    Of the letters that are spelled out in the room. `most` is 0 or 1. If it is 1, two letters
    swapped across the end of the half are allowed beside the one slip, since they may count for
    either half. With `whole` strings are taken where they end, or in leaves, instead of with all
    that follows.
    """
    one, nothing = np.uint64(1), np.uint64(0)
    goal, edge = one << np.uint64(min(half, 63)), one << np.uint64(max(half - 1, 0))
    if whole:
        edge = nothing
    nodes, letters = steps.nodes, steps.letters
    masks, spelled, ranges, states = room.masks, room.spelled, room.ranges, room.states
    if nodes[0, 3] == 0:
        ranges[0, 0], ranges[0, 1] = nodes[0, 0], nodes[0, 1]
        return ranges, 1
    # Of a state: its node; [none, one slip, none a letter ago], of which bit i says that the first
    # i letters are matched; whether two letters are hoped to be swapped across the end.
    states[0, 0], states[0, 1], states[0, 3], states[0, 4] = 0, one, 0, 0
    states[0, 2] = (one << one) if most else nothing
    many: Number = 0
    depth = 1
    while depth:
        depth -= 1
        node, none, single, older, hope = (
            np.int64(states[depth, 0]),
            states[depth, 1],
            states[depth, 2],
            states[depth, 3],
            states[depth, 4],
        )
        first, behind = np.int64(nodes[node, 2]), np.int64(nodes[node + 1, 2])
        kids = np.uint64(nodes[node, 3])
        if many + behind - first >= len(ranges):
            ranges = longer(ranges, many, 2 * (many + behind - first))
        if depth + behind - first > len(states):
            states = longer(states, depth, 2 * (depth + behind - first))
        if whole:
            ranges[many, 0], ranges[many, 1] = nodes[node, 0], nodes[first, 0]
            many += nodes[node, 0] < nodes[first, 0]
        before = masks[letters[node]] if older else nothing
        swapped = (older << np.uint64(2)) & before
        if none and most:
            reach = kids  # any letter may be the slip
        else:
            wanted = ((single | none) << one) | (swapped >> one)
            if single & edge:
                wanted |= goal << one
            if hope:
                wanted |= goal
            reach = nothing
            while wanted:
                reach |= spelled[ones((wanted & (~wanted + one)) - one)]
                wanted &= wanted - one
            reach &= kids
        while reach:
            bit = reach & (~reach + one)
            reach ^= bit
            child = first + np.int64(ones(kids & (bit - one)))
            last = child + 1
            if bit >> np.uint64(SHARED):
                last = behind
            while child < last:
                here = masks[letters[child]]
                new = (none << one) & here
                slipped, hopes = nothing, nothing
                if most:
                    slipped = ((single << one) & here) | none | (none << one) | (new << one)
                    slipped |= swapped & (here << one)
                    # The letter just before the edge, in place of the one after it.
                    if single & edge:
                        hopes = here & (goal << one)
                    if hope:
                        slipped |= here & goal
                if new | slipped | hopes == 0:
                    pass
                elif nodes[child, 3] == 0 or ((new | slipped) & goal != 0 and not whole):
                    if many and ranges[many - 1, 1] == nodes[child, 0]:
                        many -= 1  # one range with the one before
                    else:
                        ranges[many, 0] = nodes[child, 0]
                    ranges[many, 1] = nodes[child, 1]
                    many += 1
                else:
                    states[depth, 0], states[depth, 1], states[depth, 2] = child, new, slipped
                    states[depth, 3], states[depth, 4] = none, hopes
                    depth += 1
                child += 1
    return ranges, many


@compiled
def longer(rows: NDArray[Any], count: Number, size: Number) -> NDArray[Any]:
    """Room for so many rows, of which the first `count` are these."""
    more = np.empty((size, rows.shape[1]), rows.dtype)
    more[:count] = rows[:count]
    return more


@compiled
def steps_of(children: Places, low: Places, letters: Codes, strings: Number) -> Places:
    """The nodes of `Steps`, of a trie over so many strings."""
    nodes = np.zeros((len(low) + 1, 4), np.uint32)
    nodes[0, 1] = strings
    for node in range(len(low)):
        first, last = np.int64(children[node]), np.int64(children[node + 1])
        nodes[node, 0], nodes[node, 2] = low[node], first
        for child in range(first, last):
            nodes[child, 1] = low[child + 1] if child + 1 < last else nodes[node, 1]
            nodes[node, 3] |= np.uint32(bit_of(letters[child]))
    nodes[len(low), 2] = len(low)
    return nodes


@compiled
def keys_of(letters: Codes, starts: Places) -> Bags:
    """Strings in one number each: letter i at bit KEY_BITS * i; 0 for those that do not fit."""
    keys = np.zeros(len(starts) - 1, np.uint64)
    for s in range(len(keys)):
        start, size = np.int64(starts[s]), np.int64(starts[s + 1]) - np.int64(starts[s])
        key, every = np.uint64(0), np.uint64(0)
        if size <= 64 // KEY_BITS:
            for i in range(size):
                letter = np.uint64(letters[start + i])
                key |= letter << np.uint64(KEY_BITS * i)
                every |= letter
        keys[s] = key if every >> np.uint64(KEY_BITS) == 0 else np.uint64(0)
    return keys


def ready(kept: Kept) -> Near:
    """Strings that were kept, ready to be asked; what is made here is as quickly made as read."""
    bags = kept.bags[kept.backwards]
    many = len(bags)
    near = Near(
        kept.letters,
        kept.starts,
        kept.bags,
        keys_of(kept.letters, kept.starts),
        kept.symbols,
        kept.backwards,
        bags,
        Steps(steps_of(*kept.forward, many), kept.forward.letters),
        Steps(steps_of(*kept.backward, many), kept.backward.letters),
    )
    for array in (near.keys, near.backward_bags, near.forward.nodes, near.backward.nodes):
        array.flags.writeable = kept.bags.flags.writeable  # machine code knows both as one type
    return near


def room_for(near: Near) -> Room:
    """Room to look among these strings."""
    return Room(
        np.zeros(len(near.symbols), np.uint64),
        np.zeros(64, np.uint64),
        np.empty((1 << 10, 5), np.uint64),
        np.empty((1 << 10, 2), np.uint32),
        np.empty((1 << 8, 2), np.uint64),
        np.empty(OFTEN_PROMISING, np.uint32),
        np.empty(OFTEN_PROMISING, np.uint8),
        np.empty(LANES, np.uint64),
        np.zeros((LONGEST + 3, LANES), near.letters.dtype),
        np.empty(LANES, np.uint8),
        np.empty(LANES, np.uint8),
        np.empty((3, LONGEST + 1, LANES), np.uint8),
    )
