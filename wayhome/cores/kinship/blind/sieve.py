"""Every pair of remains and families, 64 in a machine word: docs/methods/kinship.md, section 14.

What a genotype falls short of the best that a family's table has, in steps and rounded down, is a
number of four bits. It is held as four rows of bits, one bit for each of the remains, and added up
over the markers in columns of bits. Pairs that fall short too much are done with; the few others
are computed exactly.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled

WORDS = 64  # so many words of bits stand side by side in a block of remains
BLOCK = 64 * WORDS
BITS = 4  # of a level
LEVELS = 2**BITS - 1  # the highest level
SUM_BITS = 10
TOGETHER = 4  # markers that are added in one go
# As many markers' levels as cannot overflow; of more, the sieve leaves some out and keeps more.
SIEVED = 2**SUM_BITS // LEVELS // TOGETHER * TOGETHER
ROW = BITS * WORDS
SUMS = (SUM_BITS + 1) * WORDS
FAMILIES = 32  # whose sums are in the cache together
SHARED = 2  # a row that so many families have is made ready once
MARGIN = 1e-6  # of rounding, in decades: far above what sums of so few numbers can err
ONE = np.uint64(1)
ALL = np.uint64(2**64 - 1)

Words = NDArray[np.uint64]


@compiled
def set_bits(classes: NDArray[np.int32], first: NDArray[np.int64], bits: Words) -> None:
    """Set the bit of each of the remains in its classes: `bits` is (blocks, classes * WORDS)."""
    for number in range(classes.shape[0]):
        block, within = divmod(number, BLOCK)
        word = within // 64
        bit = ONE << np.uint64(within % 64)
        for marker in range(classes.shape[1]):
            bits[block, (first[marker] + classes[number, marker]) * WORDS + word] |= bit


@compiled
def make_row(
    levels: NDArray[np.uint8],
    present: NDArray[np.int32],
    bits: Words,
    lists: NDArray[np.int32],
    into: Words,
) -> None:
    """The levels of a block of remains in one row, as BITS rows of bits.

    `levels` and `bits` are of one marker's classes; `lists` is room to work in, (BITS, 2, classes
    and one more). Everybody is of one class: where most classes have a bit set, the others are
    joined and the result is turned round.
    """
    ends = (0, 0, 0, 0)
    e0, e1, e2, e3 = ends
    for number in range(len(present)):
        place = present[number]
        level, at = levels[place], place * WORDS
        # Written into both lists of each bit, and kept in the one whose end moves on.
        lists[0, 1, e0] = lists[0, 0, number - e0] = at
        lists[1, 1, e1] = lists[1, 0, number - e1] = at
        lists[2, 1, e2] = lists[2, 0, number - e2] = at
        lists[3, 1, e3] = lists[3, 0, number - e3] = at
        e0 += level & 1
        e1 += level >> 1 & 1
        e2 += level >> 2 & 1
        e3 += level >> 3 & 1
    ends = (e0, e1, e2, e3)
    for bit in range(BITS):
        few = 2 * ends[bit] <= len(present)
        count = ends[bit] if few else len(present) - ends[bit]
        join(lists[bit, 1 if few else 0, :count], bits, into[bit * WORDS : (bit + 1) * WORDS])
        if not few:
            row = into[bit * WORDS : (bit + 1) * WORDS]
            for w in range(WORDS):
                row[w] ^= ALL


@compiled
def join(places: NDArray[np.int32], bits: Words, into: Words) -> None:
    """Whoever is in one of the classes whose bits stand at these places."""
    for w in range(WORDS):
        into[w] = 0
    at = 0
    while at + 6 <= len(places):
        a = bits[places[at] : places[at] + WORDS]
        b = bits[places[at + 1] : places[at + 1] + WORDS]
        c = bits[places[at + 2] : places[at + 2] + WORDS]
        d = bits[places[at + 3] : places[at + 3] + WORDS]
        e = bits[places[at + 4] : places[at + 4] + WORDS]
        f = bits[places[at + 5] : places[at + 5] + WORDS]
        for w in range(WORDS):
            into[w] |= a[w] | b[w] | c[w] | d[w] | e[w] | f[w]
        at += 6
    while at < len(places):
        a = bits[places[at] : places[at] + WORDS]
        for w in range(WORDS):
            into[w] |= a[w]
        at += 1


@compiled
def add_four(a: Words, b: Words, c: Words, d: Words, sums: Words) -> None:
    """Add the levels of four markers to the sums, in columns of bits."""
    for w in range(WORDS):
        # a + b: five bits
        x, y = a[w], b[w]
        p0, k = x ^ y, x & y
        x, y = a[1 * WORDS + w], b[1 * WORDS + w]
        z = x ^ y
        p1, k = z ^ k, (x & y) | (z & k)
        x, y = a[2 * WORDS + w], b[2 * WORDS + w]
        z = x ^ y
        p2, k = z ^ k, (x & y) | (z & k)
        x, y = a[3 * WORDS + w], b[3 * WORDS + w]
        z = x ^ y
        p3, p4 = z ^ k, (x & y) | (z & k)
        # c + d
        x, y = c[w], d[w]
        q0, k = x ^ y, x & y
        x, y = c[1 * WORDS + w], d[1 * WORDS + w]
        z = x ^ y
        q1, k = z ^ k, (x & y) | (z & k)
        x, y = c[2 * WORDS + w], d[2 * WORDS + w]
        z = x ^ y
        q2, k = z ^ k, (x & y) | (z & k)
        x, y = c[3 * WORDS + w], d[3 * WORDS + w]
        z = x ^ y
        q3, q4 = z ^ k, (x & y) | (z & k)
        # both: six bits
        k, p0 = p0 & q0, p0 ^ q0
        z = p1 ^ q1
        p1, k = z ^ k, (p1 & q1) | (z & k)
        z = p2 ^ q2
        p2, k = z ^ k, (p2 & q2) | (z & k)
        z = p3 ^ q3
        p3, k = z ^ k, (p3 & q3) | (z & k)
        z = p4 ^ q4
        p4, p5 = z ^ k, (p4 & q4) | (z & k)
        # with the sums so far: SUM_BITS bits, and one that says that they overflow
        x = sums[w]
        sums[w], k = x ^ p0, x & p0
        x = sums[1 * WORDS + w]
        z = x ^ p1
        sums[1 * WORDS + w], k = z ^ k, (x & p1) | (z & k)
        x = sums[2 * WORDS + w]
        z = x ^ p2
        sums[2 * WORDS + w], k = z ^ k, (x & p2) | (z & k)
        x = sums[3 * WORDS + w]
        z = x ^ p3
        sums[3 * WORDS + w], k = z ^ k, (x & p3) | (z & k)
        x = sums[4 * WORDS + w]
        z = x ^ p4
        sums[4 * WORDS + w], k = z ^ k, (x & p4) | (z & k)
        x = sums[5 * WORDS + w]
        z = x ^ p5
        sums[5 * WORDS + w], k = z ^ k, (x & p5) | (z & k)
        x = sums[6 * WORDS + w]
        sums[6 * WORDS + w], k = x ^ k, x & k
        x = sums[7 * WORDS + w]
        sums[7 * WORDS + w], k = x ^ k, x & k
        x = sums[8 * WORDS + w]
        sums[8 * WORDS + w], k = x ^ k, x & k
        x = sums[9 * WORDS + w]
        sums[9 * WORDS + w], k = x ^ k, x & k
        sums[10 * WORDS + w] |= k


@compiled
def shared_rows(
    rows: NDArray[np.int32], count: int, sieved: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
    """The rows that several families have: for each row its place among them or -1, for each
    place its row and its marker."""
    slots = np.zeros(count, dtype=np.int32)
    marker_of_row = np.zeros(count, dtype=np.int32)
    for family in range(len(rows)):
        for marker in range(sieved):
            slots[rows[family, marker]] += 1
            marker_of_row[rows[family, marker]] = marker
    row_of = np.flatnonzero(slots >= SHARED).astype(np.int32)
    slots[:] = -1
    for slot in range(len(row_of)):
        slots[row_of[slot]] = slot
    return slots, row_of, marker_of_row[row_of]


@compiled
def begin_sums(limit: int, sums: Words) -> None:
    """Sums begin so high that one above the limit overflows."""
    begin = 2**SUM_BITS - 1 - limit
    for bit in range(SUM_BITS):
        word = ALL if begin >> bit & 1 else np.uint64(0)
        for w in range(WORDS):
            sums[bit * WORDS + w] = word
    for w in range(WORDS):
        sums[SUM_BITS * WORDS + w] = 0


@compiled
def sieve(
    rows: NDArray[np.int32],
    start: NDArray[np.int64],
    logs: NDArray[np.float64],
    levels: NDArray[np.uint8],
    informs: NDArray[np.uint8],
    limit: NDArray[np.int64],
    rest: NDArray[np.float64],
    classes: NDArray[np.int32],
    copies: NDArray[np.uint8],
    first: NDArray[np.int64],
    bits: Words,
    present: NDArray[np.int32],
    held: NDArray[np.int32],
    after: NDArray[np.int64],
    lowest: NDArray[np.float64],
    block: int,
    made: Words,
    family_found: NDArray[np.int32],
    remains_found: NDArray[np.int32],
    log10_found: NDArray[np.float64],
    markers_found: NDArray[np.int32],
) -> tuple[int, int, int]:
    """Compare families with the blocks of remains from one on, while there is room for pairs.

    `after` (families,) is the first of the remains that each is compared with, `lowest` (families,)
    the least log10 ratio of its pairs; `made` is room for
    rows, as `room_for` says. Returns the next block, how many pairs were found in the blocks
    before it, and how many had to be computed exactly.
    """
    families, markers = rows.shape
    sieved = min(markers, SIEVED)
    slots, row_of, marker_of = shared_rows(rows, len(start), sieved)
    shared = len(row_of)
    # Behind the shared rows: one that adds nothing, and those of one family.
    nothing, own = shared, shared + 1
    made[nothing * ROW : (nothing + 1) * ROW] = 0
    sums = np.zeros(FAMILIES * SUMS, dtype=np.uint64)
    lists = np.zeros((BITS, 2, bits.shape[1] // WORDS + 1), dtype=np.int32)
    places = np.zeros(TOGETHER, dtype=np.int64)
    found, computed, earliest = 0, 0, after.min()
    while block < len(bits):
        last = min(len(classes), (block + 1) * BLOCK)
        if earliest >= last:
            block += 1
            continue
        here = bits[block]
        for slot in range(shared):
            marker, row = marker_of[slot], row_of[slot]
            begin = first[marker]
            some = present[block, begin : begin + held[block, marker]]
            into = made[slot * ROW : (slot + 1) * ROW]
            make_row(levels[start[row] :], some, here[begin * WORDS :], lists, into)
        before = found
        for family_first in range(0, families, FAMILIES):
            family_last = min(families, family_first + FAMILIES)
            for family in range(family_first, family_last):
                at = (family - family_first) * SUMS
                begin_sums(limit[family], sums[at : at + SUMS])
            for marker_first in range(0, sieved, TOGETHER):
                for family in range(family_first, family_last):
                    if limit[family] < 0 or after[family] >= last:
                        continue
                    for n in range(TOGETHER):
                        marker = marker_first + n
                        places[n] = nothing * ROW
                        if marker >= sieved:
                            continue
                        row = rows[family, marker]
                        if slots[row] >= 0:
                            places[n] = slots[row] * ROW
                        elif informs[row]:
                            places[n] = (own + n) * ROW
                            begin = first[marker]
                            some = present[block, begin : begin + held[block, marker]]
                            into = made[places[n] : places[n] + ROW]
                            make_row(levels[start[row] :], some, here[begin * WORDS :], lists, into)
                    at = (family - family_first) * SUMS
                    add_four(
                        made[places[0] : places[0] + ROW],
                        made[places[1] : places[1] + ROW],
                        made[places[2] : places[2] + ROW],
                        made[places[3] : places[3] + ROW],
                        sums[at : at + SUMS],
                    )
            for family in range(family_first, family_last):
                if limit[family] < 0 or after[family] >= last:
                    continue
                at = (family - family_first) * SUMS + SUM_BITS * WORDS
                for w in range(WORDS):
                    left = sums[at + w] ^ ALL
                    number = block * BLOCK + w * 64
                    while left != 0 and number < last:
                        if left & ONE and number >= after[family]:
                            computed += 1
                            total, used = 0.0, 0
                            for marker in range(markers):
                                row, seen = rows[family, marker], classes[number, marker]
                                total += logs[start[row] + seen]
                                says = copies[first[marker] + seen]
                                used += says > 0 and says == informs[row]
                                if total + rest[family, marker + 1] < lowest[family] - MARGIN:
                                    break
                            if total >= lowest[family]:
                                if found == len(family_found):
                                    return block, before, computed
                                family_found[found] = family
                                remains_found[found] = number
                                log10_found[found] = total
                                markers_found[found] = used
                                found += 1
                        left >>= ONE
                        number += 1
        block += 1
    return block, found, computed
