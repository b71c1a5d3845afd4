"""The best rows of a part for one asked person, found without weighing all of them.

The rows of a part stand in groups that know the same fields. So the least that a row gets is the
bits of "differs" in each of those fields, and for every field in which it is tied to the asked
value there comes on top what that tie weighs more. These differences are added up in one byte a
row, rounded up, block by block. Only a row whose sum can reach the k-th best found so far is
unpacked and weighed exactly: none is left out that could be among the best k. Method:
docs/methods/names.md, section 8.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, compiled, inlined
from .likeness import weigh
from .together import AGREES

BLOCK = 65_536  # rows; within one, 16 bits tell which
SPAN = 8 * BLOCK  # rows whose sums stay in the processor's own memory
STEPS = 6.0  # the bytes count sixths of a bit
MOST = 255  # and go no further
ROUNDED = 1e-6  # steps; two sums of the same bits differ by less
CHUNK = 128  # rows of which the largest sum is known
FIRST = 64  # chunks whose largest sums say which rows are weighed first
# A tie's rows are not gone through if it weighs so little more than none, or if so large a share of
# the register has it and it weighs no more than that.
LITTLE, MANY, NOT_MUCH = 1.0, 0.1, 7.0
NAMES = 3  # surname, given name, patronymic: the first fields
GIVEN, RANK = 1, 6

Bytes = NDArray[np.uint8]
Longs = NDArray[np.int64]
Floats = NDArray[np.float64]
Words = NDArray[np.uint64]
Rows32 = NDArray[np.uint32]

# How the rows of a field's value are found.
UNLISTED, POSTED, IN_RUNS, SINGLE = range(4)


class Rows(NamedTuple):
    """Bit-packed rows. A group's rows have one width: the fields that it knows, one after another.

    `first_row` (groups + 1,), `first_bit`, `width`, `known` (groups,); `bits_of` (fields,) is how
    many bits a field takes; `base` (fields,) is where its values begin among all values.
    """

    packed: Words
    first_row: Longs
    first_bit: Longs
    width: Longs
    known: Longs
    bits_of: Longs
    base: Longs


class Postings(NamedTuple):
    """The rows that hold a value. Frequent values have 16 bits a row and an end for each block.

    `starts` (values + 1,) counts the rows of all values before; `dense` are the frequent ones,
    ascending, `dense_before` (dense + 1,) how many rows those before hold, `ends` (dense, blocks).
    `earlier` (values,) is how many of them stand before a value: it is made when a part is opened.
    The given name has runs of neighbouring rows, service numbers one row each.
    """

    kind: Longs
    starts: Rows32
    dense: Rows32
    dense_before: Rows32
    ends: Rows32
    lows: NDArray[np.uint16]
    sparse: Rows32
    run_starts: Rows32
    run_first: Rows32
    run_length: Rows32
    single: Rows32
    first_single: int
    earlier: Rows32


class Held(NamedTuple):
    """What a part is searched by."""

    rows: Rows
    postings: Postings


class Tables(NamedTuple):
    """What each tie weighs for one asked person.

    `masses` (ways, fields, ties) are cards of the register, of `cards` in all, and `worth` of the
    same shape the bits. The three names are read in several ways: way w sets word `words[w, f]`, if
    there is one (`named[w, f]`), against name f of a row, and adds `orders[w]`; `off[w]` is what
    names that go together take off, by subset. All other fields are the same in every way, and
    stand in the first; `asked` (fields,) says which are.
    """

    asked: NDArray[np.bool_]
    masses: Floats
    worth: Floats
    differs: Longs
    cards: float
    words: Longs
    named: NDArray[np.bool_]
    orders: Floats
    off: Floats


class Tied(NamedTuple):
    """The values of a part that are tied to the asked ones, as they lie on its shelf.

    Those of word w and name f stand from `words[w, f, 0]` to `words[w, f, 1]`, of field f from
    `values[f, 0]` to `values[f, 1]`.
    """

    codes: NDArray[np.int32]
    ties: Bytes
    words: Longs
    values: Longs


class Desk(NamedTuple):
    """Room to work in for one thread: ties of all values, as "differs" between two questions.

    `words` (words, values of names), `ties` (values,), `sums` of a span's rows, the `largest` of
    each chunk of them, and which rows `reached` the limit.
    """

    words: Bytes
    ties: Bytes
    sums: Bytes
    largest: Bytes
    reached: Rows32
    codes: Longs
    bits: Floats


class Best(NamedTuple):
    """A heap of the best rows, the worst on top; of equals the later row is the worse."""

    bits: Floats
    rows: Longs


@inlined
def whole(number: Any) -> int:
    """A number that may be subtracted from: machine code has signed and unsigned ones."""
    return np.int64(number)  # type: ignore[return-value]


@inlined
def read_bits(packed: Words, at: int, width: int) -> int:
    """The number that stands in `width` bits from bit `at`."""
    word, off = at >> 6, np.uint64(at & 63)
    value = packed[word] >> off | packed[word + 1] << np.uint64(1) << (np.uint64(63) - off)
    return whole(value & ((np.uint64(1) << np.uint64(width)) - np.uint64(1)))


@compiled
def write_bits(packed: Words, at: int, width: int, value: int) -> None:
    """Put a number into `width` bits that are still 0."""
    word, off = at >> 6, np.uint64(at & 63)
    packed[word] |= np.uint64(value) << off
    if (at & 63) + width > 64:
        packed[word + 1] |= np.uint64(value) >> (np.uint64(64) - off)


@compiled
def pack(packed: Words, codes: NDArray[np.int32], rows: Rows) -> None:
    """Write all rows; `codes` (fields, rows), 0 where a field is not known."""
    fields = len(rows.bits_of)
    for group in range(len(rows.width)):
        at = rows.first_bit[group]
        for row in range(rows.first_row[group], rows.first_row[group + 1]):
            for field in range(fields):
                if codes[field, row]:
                    write_bits(packed, at, rows.bits_of[field], codes[field, row] - 1)
                    at += rows.bits_of[field]


@inlined
def unpack(rows: Rows, group: int, row: int, codes: Longs) -> None:
    """The values of a row, 0 for what it does not know."""
    at = rows.first_bit[group] + (row - rows.first_row[group]) * rows.width[group]
    known = rows.known[group]
    for field in range(len(rows.bits_of)):
        codes[field] = 0
        if known >> field & 1:
            codes[field] = read_bits(rows.packed, at, rows.bits_of[field]) + 1
            at += rows.bits_of[field]


@inlined
def group_of(rows: Rows, row: int) -> int:
    low, high = 0, len(rows.width)
    while high - low > 1:
        middle = (low + high) >> 1
        if rows.first_row[middle] <= row:
            low = middle
        else:
            high = middle
    return low


@compiled
def unpack_many(rows: Rows, wanted: Longs) -> NDArray[np.int32]:
    """The values of these rows, shape (rows, fields)."""
    codes = np.zeros(len(rows.bits_of), np.int64)
    found = np.zeros((len(wanted), len(rows.bits_of)), np.int32)
    for place in range(len(wanted)):
        unpack(rows, group_of(rows, wanted[place]), wanted[place], codes)
        found[place] = codes
    return found


@inlined
def weigh_row(base: Longs, tables: Tables, desk: Desk, least: float) -> tuple[float, int]:
    """The bits of the row whose values lie on the desk, and the way its names are read.

    -inf of a row that stays below `least` in any case. One scoring function: `likeness.weigh`.
    """
    rest = 0.0
    for field in range(NAMES, len(base)):
        bits = 0.0
        if tables.asked[field]:
            bits = tables.worth[0, field, desk.ties[base[field] + desk.codes[field]]]
        desk.bits[field] = bits
        rest += bits
    best, chosen = -np.inf, 0
    for way in range(len(tables.words)):
        plain, agreeing = rest + tables.orders[way], 0
        for name in range(NAMES):
            tie = desk.words[tables.words[way, name], base[name] + desk.codes[name]]
            desk.bits[name] = tables.worth[way, name, tie]
            plain += desk.bits[name]
            agreeing |= AGREES[tie] << name
        if plain >= least and plain > best:
            total, _ = weigh(desk.bits, agreeing, tables.off[way], tables.orders[way])
            if total > best:
                best, chosen = total, way
    return best, chosen


@inlined
def push(best: Best, size: int, bits: float, row: int) -> int:
    """Put a row into the heap; the new size."""
    if size < len(best.bits):
        at = size
        while at > 0:
            above = (at - 1) >> 1
            worse = bits < best.bits[above] or (bits == best.bits[above] and row > best.rows[above])
            if not worse:
                break
            best.bits[at], best.rows[at] = best.bits[above], best.rows[above]
            at = above
        best.bits[at], best.rows[at] = bits, row
        return size + 1
    if size == 0 or bits < best.bits[0] or (bits == best.bits[0] and row > best.rows[0]):
        return size
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        other = below + 1
        if other < size and (
            best.bits[other] < best.bits[below]
            or (best.bits[other] == best.bits[below] and best.rows[other] > best.rows[below])
        ):
            below = other
        worse = best.bits[below] < bits or (best.bits[below] == bits and best.rows[below] > row)
        if not worse:
            break
        best.bits[at], best.rows[at] = best.bits[below], best.rows[below]
        at = below
    best.bits[at], best.rows[at] = bits, row
    return size


@compiled
def lay_out(tied: Tied, base: Longs, desk: Desk) -> None:
    """Lay the ties of all tied values on the desk."""
    for word in range(len(tied.words)):
        for name in range(NAMES):
            for each in range(tied.words[word, name, 0], tied.words[word, name, 1]):
                desk.words[word, base[name] + tied.codes[each]] = tied.ties[each]
    for field in range(NAMES, len(base)):
        for each in range(tied.values[field, 0], tied.values[field, 1]):
            desk.ties[base[field] + tied.codes[each]] = tied.ties[each]


@compiled
def clear(tied: Tied, base: Longs, differs: Longs, desk: Desk) -> None:
    """Take them off again."""
    for word in range(len(tied.words)):
        for name in range(NAMES):
            for each in range(tied.words[word, name, 0], tied.words[word, name, 1]):
                desk.words[word, base[name] + tied.codes[each]] = differs[name]
    for field in range(NAMES, len(base)):
        for each in range(tied.values[field, 0], tied.values[field, 1]):
            desk.ties[base[field] + tied.codes[each]] = differs[field]


@compiled
def floors(tables: Tables, kind: Longs) -> Floats:
    """For each field the bits that every row which knows it gets in the sums at once.

    Those of "differs", or of a tie that is so common and weighs so little more that its rows are
    not gone through, or of the best where no rows are listed; the last number is what a row without
    a surname gets for its names.
    """
    floor = np.zeros(len(tables.asked) + 1)
    floor[:NAMES], floor[-1] = -np.inf, -np.inf
    for way in range(len(tables.words)):
        order = tables.orders[way]
        floor[-1] = max(floor[-1], order)
        for name in range(NAMES):
            bits = tables.worth[way, name, tables.differs[name]]
            floor[name] = max(floor[name], bits + (order if name == 0 else 0.0))
    for field in range(NAMES, len(tables.asked)):
        if tables.asked[field]:
            floor[field] = tables.worth[0, field, tables.differs[field]]
            for tie in range(1, tables.worth.shape[2]):
                more = tables.worth[0, field, tie] - tables.worth[0, field, tables.differs[field]]
                share = tables.masses[0, field, tie] / max(tables.cards, 1.0)
                common = more <= LITTLE or (share > MANY and more <= NOT_MUCH)
                if common or (kind[field] == UNLISTED and share > 0.0):
                    floor[field] = max(floor[field], tables.worth[0, field, tie])
    return floor


@compiled
def steps(bits: float) -> int:
    """Bits in steps, rounded up."""
    return min(MOST, int(np.ceil(bits * STEPS)))


@compiled
def word_steps(tables: Tables, floor: Floats, words: int) -> Bytes:
    """What each tie of a name to each word adds to a row's sum, over all ways: (words, 3, ties)."""
    ties = tables.worth.shape[2]
    found = np.zeros((words, NAMES, ties), np.uint8)
    for way in range(len(tables.words)):
        for name in range(NAMES):
            word = tables.words[way, name]
            order = tables.orders[way] if name == 0 else 0.0
            for tie in range(1, ties):
                more = steps(tables.worth[way, name, tie] + order - floor[name])
                found[word, name, tie] = max(whole(found[word, name, tie]), more)
    return found


class Lists(NamedTuple):
    """The values whose rows add to the sums: `add` of each, and where the next of its rows stands.

    From `given` on they are given names, whose rows are runs. `next`, `end` are places in the
    postings that `kind` tells; of those that are dense `end` is the row of their blocks. `next`
    moves on as they are read.
    """

    add: Longs
    kind: Longs
    next: Longs
    end: Longs
    given: int


LONE, SPARSE, DENSE = range(3)  # one row; rows; lower halves of rows, by block


@compiled
def listed(
    tied: Tied, base: Longs, postings: Postings, tables: Tables, desk: Desk, floor: Floats
) -> Lists:
    """The values whose rows are gone through, and what they add; given names from a place on."""
    most = 0
    for word in range(len(tied.words)):
        for name in range(NAMES):
            most += tied.words[word, name, 1] - tied.words[word, name, 0]
    for field in range(NAMES, len(base)):
        most += tied.values[field, 1] - tied.values[field, 0]
    values, adds, size, given = np.empty(most, np.int64), np.empty(most, np.int64), 0, 0
    for field in range(NAMES, len(base)):
        if tables.asked[field] and postings.kind[field] != UNLISTED:
            for place in range(tied.values[field, 0], tied.values[field, 1]):
                more = steps(tables.worth[0, field, tied.ties[place]] - floor[field])
                if more > 0:
                    values[size], adds[size] = base[field] + tied.codes[place], more
                    size += 1
    words = len(tied.words)
    of_ties, used = word_steps(tables, floor, words), np.zeros((words, NAMES), np.bool_)
    for way in range(len(tables.words)):
        for name in range(NAMES):
            used[tables.words[way, name], name] = True
    for name in (0, 2, GIVEN):
        if name == GIVEN:
            given = size
        differs = tables.differs[name]
        for word in range(words):
            if not used[word, name]:
                continue
            for place in range(tied.words[word, name, 0], tied.words[word, name, 1]):
                value = base[name] + tied.codes[place]
                more, told = whole(of_ties[word, name, tied.ties[place]]), False
                for other in range(words):
                    if other != word and used[other, name]:
                        tie = desk.words[other, value]
                        told |= other < word and tie != differs
                        more = max(more, whole(of_ties[other, name, tie]))
                if more > 0 and not told:
                    values[size], adds[size] = value, more
                    size += 1
    kind, first, end = np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size, np.int64)
    for place in range(given):
        kind[place], first[place], end[place] = place_of(postings, values[place])
    for place in range(given, size):
        value = values[place] - base[GIVEN]
        first[place], end[place] = postings.run_starts[value], postings.run_starts[value + 1]
    return Lists(adds[:size], kind, first, end, given)


@inlined
def place_of(postings: Postings, value: int) -> tuple[int, int, int]:
    """Where the rows of a value are: kind, first place, place after the last."""
    single = value - postings.first_single
    if 0 <= single < len(postings.single):
        return LONE, single, single + 1
    low = whole(postings.earlier[value])
    if low < len(postings.dense) and postings.dense[low] == value:
        return DENSE, whole(postings.dense_before[low]), low
    first = whole(postings.starts[value]) - whole(postings.dense_before[low])
    count = whole(postings.starts[value + 1]) - whole(postings.starts[value])
    return SPARSE, first, first + count


@inlined
def is_gone(gone: Words, row: int) -> bool:
    return len(gone) > 0 and (gone[row >> 6] >> np.uint64(row & 63)) & np.uint64(1) != 0


@compiled
def group_floors(rows: Rows, floor: Floats) -> Floats:
    """The bits that every row of a group gets at once."""
    found = np.zeros(len(rows.known))
    for group in range(len(found)):
        known = rows.known[group]
        found[group] = floor[0] if known & 1 else floor[-1]
        for field in range(1, len(rows.bits_of)):
            if known >> field & 1:
                found[group] += floor[field]
    return found


@compiled
def limit_of(least: float, lowest: float) -> int:
    """The sum that a row must have to reach `least` bits, where sums begin at `lowest` bits."""
    return int(min(max(np.ceil((least - lowest) * STEPS - ROUNDED), 0.0), MOST))


class Span(NamedTuple):
    """Some rows whose sums are added up together."""

    first: int
    last: int


@compiled
def start(span: Span, rows: Rows, at_once: Bytes, sums: Bytes) -> None:
    """Begin the sums of a span with what its rows get at once; of no row, 0."""
    row, group = span.first, group_of(rows, span.first)
    while row < span.last:
        end = min(span.last, rows.first_row[group + 1])
        sums[row - span.first : end - span.first] = at_once[group]
        row, group = end, group + 1
    sums[span.last - span.first :] = 0


@compiled
def add_runs(span: Span, lists: Lists, postings: Postings, sums: Bytes) -> None:
    """Add what given names add: to each row one of them at most, and before anything else."""
    run_first, run_length = postings.run_first, postings.run_length
    adds, nexts, ends = lists.add, lists.next, lists.end
    for place in range(lists.given, len(adds)):
        run = nexts[place]
        while run < ends[place]:
            first = whole(run_first[run])
            if first >= span.last:
                break
            end = first + whole(run_length[run])
            low = np.uint64(max(first, span.first) - span.first)
            high = np.uint64(min(end, span.last) - span.first)
            after = min(MOST, whole(sums[low]) + adds[place])
            for at in range(low, high):
                sums[at] = after
            if end > span.last:
                break
            run += 1
        nexts[place] = run


@compiled
def add_rows(span: Span, lists: Lists, postings: Postings, sums: Bytes) -> None:
    """Add what all other values add."""
    adds, kinds, nexts, ends = lists.add, lists.kind, lists.next, lists.end
    lows, sparse, single = postings.lows, postings.sparse, postings.single
    dense_before, block_ends = postings.dense_before, postings.ends
    first, last = np.uint64(span.first), np.uint64(span.last)
    first_block, last_block = span.first >> 16, (span.last + BLOCK - 1) >> 16
    for place in range(lists.given):
        add = adds[place]
        if kinds[place] == DENSE:
            value, offset, start = ends[place], np.uint64(0), nexts[place]
            begin = whole(dense_before[value])
            for block in range(first_block, last_block):
                end = begin + whole(block_ends[value, block])
                for each in range(np.uint64(start), np.uint64(end)):
                    at = offset + np.uint64(lows[each])
                    sums[at] = min(MOST, whole(sums[at]) + add)
                start = end
                offset += np.uint64(BLOCK)
            nexts[place] = start
        elif kinds[place] == SPARSE:
            following, stop = np.uint64(nexts[place]), np.uint64(ends[place])
            while following < stop and np.uint64(sparse[following]) < last:
                at = np.uint64(sparse[following]) - first
                sums[at] = min(MOST, whole(sums[at]) + add)
                following += np.uint64(1)
            nexts[place] = whole(following)
        else:
            row = np.uint64(single[nexts[place]])
            if first <= row < last:
                sums[row - first] = min(MOST, whole(sums[row - first]) + add)


@compiled
def largest(sums: Bytes, of_chunks: Bytes) -> int:
    """Note the largest sum of each chunk; the sum that those of `FIRST` chunks reach."""
    many = np.zeros(MOST + 1, np.int64)
    for chunk in range(np.uint64(0), np.uint64(len(of_chunks))):
        begin, most = chunk * np.uint64(CHUNK), np.uint8(0)
        for at in range(np.uint64(CHUNK)):
            found = sums[begin + at]
            most = found if found > most else most
        of_chunks[chunk] = most
        many[most] += 1
    level, count = MOST, many[MOST]
    while level > 0 and count < FIRST:
        level -= 1
        count += many[level]
    return level


@compiled
def between(span: Span, low: int, high: int, desk: Desk) -> Rows32:
    """The rows of a span whose sums are at least `low` and below `high`, largest sums first."""
    sums, reached, size = desk.sums, desk.reached, 0
    ends = np.zeros(MOST + 2, np.int64)
    for chunk in range(len(desk.largest)):
        if desk.largest[chunk] >= low:
            begin = chunk * CHUNK
            for at in range(begin, min(begin + CHUNK, span.last - span.first)):
                found = whole(sums[at])
                if low <= found < high:
                    reached[size] = at
                    ends[MOST - found + 1] += 1
                    size += 1
    ends[:] = np.cumsum(ends)
    ordered = np.empty(size, np.uint32)
    for at in reached[:size]:
        under = MOST - whole(sums[at])
        ordered[ends[under]] = at
        ends[under] += 1
    return ordered


@compiled
def search(
    rows: Rows,
    postings: Postings,
    tables: Tables,
    tied: Tied,
    desk: Desk,
    gone: Words,
    but: int,
    top: int,
    least: float,
) -> Longs:
    """The best `top` rows of at least `least` bits, in no order.

    The ties are laid out on the desk. `gone` has a bit set for each row that was removed, or is
    empty; `but` is a row left out.
    """
    floor = floors(tables, postings.kind)
    lists = listed(tied, rows.base, postings, tables, desk, floor)
    of_groups = group_floors(rows, floor)
    lowest = of_groups.min()
    at_once = np.empty(len(of_groups), np.uint8)
    for group in range(len(of_groups)):
        at_once[group] = steps(of_groups[group] - lowest)
    best = Best(np.empty(top), np.empty(top, np.int64))
    size, count = 0, rows.first_row[-1]
    for first in range(0, count, SPAN):
        span = Span(first, min(count, first + SPAN))
        start(span, rows, at_once, desk.sums)
        add_runs(span, lists, postings, desk.sums)
        add_rows(span, lists, postings, desk.sums)
        high, low = MOST + 1, largest(desk.sums, desk.largest)
        limit = limit_of(least, lowest)
        while high > limit:  # first those with the largest sums, then all the others
            low = max(low, limit)
            for at in between(span, low, high, desk):
                if desk.sums[at] < limit:
                    break
                row = first + whole(at)
                if row == but or is_gone(gone, row):
                    continue
                unpack(rows, group_of(rows, row), row, desk.codes)
                bits, _ = weigh_row(rows.base, tables, desk, least)
                if bits >= least:
                    size = push(best, size, bits, row)
                    if size == top and best.bits[0] > least:
                        least = best.bits[0]
                        limit = limit_of(least, lowest)
            high, low = low, 0
    return best.rows[:size]


@compiled
def explain(
    codes: NDArray[np.int32], base: Longs, tables: Tables, desk: Desk
) -> tuple[Bytes, Longs, Floats]:
    """Of rows' values (rows, fields), with the ties laid out: ties, ways, and pieces.

    `pieces` (rows, fields + 3): the bits of each field, of the order, together, others.
    """
    count, fields = codes.shape
    ties, ways = np.zeros((count, fields), np.uint8), np.zeros(count, np.int64)
    pieces = np.zeros((count, fields + 3))
    for row in range(count):
        desk.codes[:] = codes[row]
        _, ways[row] = weigh_row(base, tables, desk, -np.inf)
        agreeing = 0
        for field in range(fields):
            if field < NAMES:
                if not tables.named[ways[row], field]:
                    continue
                word = tables.words[ways[row], field]
                tie = desk.words[word, base[field] + codes[row, field]]
                pieces[row, field] = tables.worth[ways[row], field, tie]
                agreeing |= AGREES[tie] << field
                ties[row, field] = tie
            elif tables.asked[field]:
                tie = desk.ties[base[field] + codes[row, field]]
                pieces[row, field] = tables.worth[0, field, tie]
                ties[row, field] = tie
        order = tables.orders[ways[row]]
        _, together = weigh(pieces[row, :fields], agreeing, tables.off[ways[row]], order)
        pieces[row, fields], pieces[row, fields + 1] = order, together
    return ties, ways, pieces


@compiled
def exact_sums(pieces: Floats) -> Floats:
    """The sum of each line, rounded once: what is lost in each addition is kept beside."""
    sums = np.empty(len(pieces))
    for row in range(len(pieces)):
        high, low = 0.0, 0.0
        for piece in pieces[row]:
            total = high + piece
            part = total - high
            lost = (high - (total - part)) + (piece - part) + low
            high = total + lost
            low = lost - (high - total)
        sums[row] = high + low
    return sums


class Answer(NamedTuple):
    """Rows of a part for one asked person, best first, and what `explain` tells of them."""

    rows: Longs
    codes: NDArray[np.int32]
    bits: Floats
    ties: Bytes
    ways: Longs
    pieces: Floats


@compiled
def answer(
    held: Box,
    tables: Tables,
    tied: Tied,
    at: Box,
    gone: Words,
    but: int,
    top: int,
    least: float,
) -> Answer:
    """What `search` finds in a part (`Held`), explained; the desk is cleared."""
    (rows, postings), desk = held[0], at[0]
    lay_out(tied, rows.base, desk)
    best = search(rows, postings, tables, tied, desk, gone, but, top, least)
    found = in_order(best, unpack_many(rows, best), rows.base, tables, desk)
    clear(tied, rows.base, tables.differs, desk)
    return found


@compiled
def in_order(
    rows: Longs, codes: NDArray[np.int32], base: Longs, tables: Tables, desk: Desk
) -> Answer:
    """Rows explained, best first; of equals the earlier row."""
    ties, ways, pieces = explain(codes, base, tables, desk)
    bits = exact_sums(pieces)
    by_row = np.argsort(rows)
    order = by_row[np.argsort(-bits[by_row], kind="mergesort")]
    return Answer(rows[order], codes[order], bits[order], ties[order], ways[order], pieces[order])


@compiled
def explained(
    codes: NDArray[np.int32], base: Longs, tables: Tables, tied: Tied, at: Box
) -> tuple[Bytes, Longs, Floats]:
    """As `explain`, of rows at a clear desk."""
    desk = at[0]
    lay_out(tied, base, desk)
    found = explain(codes, base, tables, desk)
    clear(tied, base, tables.differs, desk)
    return found


@compiled
def search_all(
    codes: NDArray[np.int32],
    alive: NDArray[np.bool_],
    base: Longs,
    tables: Tables,
    desk: Desk,
    but: int,
    top: int,
    least: float,
) -> tuple[Longs, Floats]:
    """As `search`, of a few rows (rows, fields) in memory: each is weighed. Ties are laid out."""
    best = Best(np.empty(top), np.empty(top, np.int64))
    size = 0
    for row in range(len(codes)):
        if alive[row] and row != but:
            desk.codes[:] = codes[row]
            bits, _ = weigh_row(base, tables, desk, least)
            if bits >= least:
                size = push(best, size, bits, row)
                if size == top:
                    least = max(least, best.bits[0])
    return best.rows[:size], best.bits[:size]


@compiled
def answer_all(
    codes: NDArray[np.int32],
    alive: NDArray[np.bool_],
    base: Longs,
    tables: Tables,
    tied: Tied,
    at: Box,
    but: int,
    top: int,
    least: float,
) -> Answer:
    """As `answer`, of a few rows in memory; the desk is used once."""
    desk = at[0]
    lay_out(tied, base, desk)
    best, _ = search_all(codes, alive, base, tables, desk, but, top, least)
    return in_order(best, codes[best], base, tables, desk)
