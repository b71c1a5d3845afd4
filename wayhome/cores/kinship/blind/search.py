"""Every remains against every family: made ready, sieved, computed."""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ..faults import TooLarge
from ..sources import seen_alike
from .families import Families, Group, RemainsList
from .linked import Joined, corrections, joined_of, slack_of
from .observed import NOTHING, Kit
from .rows import Classes, Logs, copies_of, log10_rows
from .sieve import BLOCK, LEVELS, MARGIN, ROW, SUM_BITS, TOGETHER, WORDS, set_bits, sieve

FAMILIES_AT_ONCE = 16384  # whose tables are in memory together
FAMILIES_A_TURN = 4096  # that one processor compares at most before progress is told
ROOM = 2**18  # pairs found in one turn, at first
# Steps that are tried, in decades: the one that leaves fewest pairs to be computed is taken.
STEPS = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6)
TRIED = (32, 256)  # families and remains that they are tried on
CACHE_LINE_BYTES = 64
IMPOSSIBLE = "the profiles of this family cannot be by this pedigree"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Found:
    """Pairs at or above the threshold, by the numbers of family and remains: (pairs,) each.

    `markers` is how many markers say something about a pair.
    """

    family: NDArray[np.int32]
    remains: NDArray[np.int32]
    log10_lr: NDArray[np.float64]
    markers: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.family)

    @classmethod
    def joined(cls, parts: Sequence["Found"]) -> "Found":
        """All of them, by family, then by remains."""
        family, remains, log10_lr, markers = (
            np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0, kind)])
            for name, kind in (
                *(("family", np.int32), ("remains", np.int32)),
                *(("log10_lr", np.float64), ("markers", np.int32)),
            )
        )
        order = np.lexsort((remains, family))
        return cls(family[order], remains[order], log10_lr[order], markers[order])


@dataclass(frozen=True)
class Ready:
    """Remains made ready to be compared with any number of families.

    `classes` (remains, markers) says which of `kinds` each is of, `copies` of how many copies each
    class of each marker is: 0 for nothing. `bits` (blocks, words) has, one
    class after the other, a bit for each of the remains; those of a marker begin at class
    `first`. `present` names the classes that are met in a block, `held` counts them.
    """

    kit: Kit
    kinds: tuple[Classes, ...]
    classes: NDArray[np.int32]
    copies: NDArray[np.uint8]
    first: NDArray[np.int64]
    bits: NDArray[np.uint64]
    present: NDArray[np.int32]
    held: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.classes)

    @classmethod
    def of(cls, remains: RemainsList) -> "Ready":
        kit, codes = remains.kit, remains.codes
        kinds, classes = [], np.zeros(codes.shape, dtype=np.int32)
        for number, seen in enumerate(kit.seen):
            numbers = np.union1d(codes[:, number], [NOTHING])
            classes[:, number] = np.searchsorted(numbers, codes[:, number])
            kinds.append(Classes(seen, tuple(map(int, numbers))))
        first = np.cumsum([0, *map(len, kinds)], dtype=np.int64)
        blocks = -(-len(codes) // BLOCK)
        bits = aligned(blocks * int(first[-1]) * WORDS).reshape(blocks, -1)
        set_bits(classes, first[:-1].copy(), bits)
        present, held = _present(bits, first)
        copies = [kind.seen.copies[number] for kind in kinds for number in kind.numbers]
        return cls(
            kit,
            tuple(kinds),
            classes,
            np.array(copies, dtype=np.uint8),
            first[:-1].copy(),
            bits,
            present,
            held,
        )


def aligned(words: int) -> NDArray[np.uint64]:
    """Zeros that begin where a line of the cache begins."""
    room = np.zeros(words + CACHE_LINE_BYTES // 8, dtype=np.uint64)
    begin = (-room.ctypes.data % CACHE_LINE_BYTES) // 8
    return room[begin : begin + words]


def _present(
    bits: NDArray[np.uint64], first: NDArray[np.int64]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """The classes of each marker that are met in each block, and how many."""
    blocks, markers = len(bits), len(first) - 1
    met = np.asarray(bits.reshape(blocks, int(first[-1]), WORDS).any(axis=2))
    present = np.zeros(met.shape, dtype=np.int32)
    held = np.zeros((blocks, markers), dtype=np.int32)
    for block in range(blocks):
        for marker in range(markers):
            places = np.flatnonzero(met[block, first[marker] : first[marker + 1]])
            present[block, first[marker] : first[marker] + len(places)] = places
            held[block, marker] = len(places)
    return present, held


@dataclass(frozen=True)
class Impossible:
    """A family whose own profiles cannot be, or cannot be computed, and why."""

    family: int
    marker: str
    why: str


@dataclass(frozen=True)
class Block:
    """The tables of some families as the sieve reads them.

    `rows` (families, markers) numbers each family's row at each marker; a row begins at `start`
    of `logs`, log10 of the ratio of every class of its marker, and of `levels`. `informs` is of
    how many copies a row says something, 0 for none. `limit` (families,) is the highest sum of
    levels that may still reach the threshold, below 0 if none may; `rest` (families, markers + 1)
    what the markers from each on can add at most. `lowest` (families,) is the least log10 ratio of
    pairs that are found; `joined` has, for each part of the block that has linked pairs, which
    these are, its group, and the place of each of its families in it.
    """

    families: NDArray[np.int32]
    rows: NDArray[np.int32]
    start: NDArray[np.int64]
    logs: Logs
    levels: NDArray[np.uint8]
    informs: NDArray[np.uint8]
    limit: NDArray[np.int64]
    rest: Logs
    lowest: Logs
    joined: tuple[tuple[Sequence[Joined], Group, dict[int, int]], ...]
    impossible: tuple[Impossible, ...]

    def __len__(self) -> int:
        return len(self.families)


@dataclass
class Part:
    """Families of one shape within a block."""

    families: NDArray[np.int32]
    which: list[NDArray[np.intp]] = field(default_factory=list)
    logs: list[Logs] = field(default_factory=list)
    informs: list[NDArray[np.uint8]] = field(default_factory=list)
    impossible: list[Impossible] = field(default_factory=list)
    joined: list[Joined] = field(default_factory=list)
    slack: Logs = field(default_factory=lambda: np.zeros(0))

    def tops(self) -> Logs:
        """The best that each family's tables have, (families, markers)."""
        return np.stack(
            [logs.max(axis=1)[rows] for logs, rows in zip(self.logs, self.which, strict=True)],
            axis=1,
        )


def blocks_of(families: Families) -> list[list[tuple[Group, slice]]]:
    """The families in portions that are compared one after the other."""
    portions: list[list[tuple[Group, slice]]] = [[]]
    room = FAMILIES_AT_ONCE
    for group in families.groups.values():
        first = 0
        while first < len(group):
            taken = min(room, len(group) - first)
            portions[-1].append((group, slice(first, first + taken)))
            first, room = first + taken, room - taken
            if not room:
                portions.append([])
                room = FAMILIES_AT_ONCE
    return [portion for portion in portions if portion]


def make_block(portion: Sequence[tuple[Group, slice]], ready: Ready, threshold: float) -> Block:
    """Peel every family of a portion, once for all that were seen alike."""
    parts = [_part(group, some, ready) for group, some in portion]
    rows, starts, logs, levels, informs, limits, rests = [], [], [], [], [], [], []
    count, begin = 0, 0
    for part in parts:
        tops = part.tops()
        budget = tops.sum(axis=1) - threshold + part.slack
        step = _step(part, tops, budget, ready)
        places = np.zeros(tops.shape, dtype=np.int32)
        for marker, table in enumerate(part.logs):
            places[:, marker] = count + part.which[marker]
            starts.append(begin + np.arange(len(table), dtype=np.int64) * table.shape[1])
            logs.append(table.ravel())
            levels.append(_levels(table, step).astype(np.uint8).ravel())
            informs.append(part.informs[marker])
            count, begin = count + len(table), begin + table.size
        limit = _limit(budget, step)
        limit[np.isin(part.families, [one.family for one in part.impossible])] = -1
        rows.append(places)
        limits.append(limit)
        rests.append(_suffix_sums(tops))
    return Block(
        families=np.concatenate([part.families for part in parts]),
        rows=np.concatenate(rows),
        start=np.concatenate(starts),
        logs=np.concatenate(logs),
        levels=np.concatenate(levels),
        informs=np.concatenate(informs),
        limit=np.concatenate(limits),
        rest=np.concatenate(rests),
        lowest=np.concatenate([threshold - part.slack for part in parts]),
        joined=tuple(
            (part.joined, group, {int(f): some.start + n for n, f in enumerate(part.families)})
            for part, (group, some) in zip(parts, portion, strict=True)
            if part.joined
        ),
        impossible=tuple(one for part in parts for one in part.impossible),
    )


def _part(group: Group, some: slice, ready: Ready) -> Part:
    codes = group.array(len(ready.kit))[some]
    part = Part(np.array(group.families[some], dtype=np.int32))
    for number, kinds in enumerate(ready.kinds):
        rows, which = seen_alike(codes[:, :, number])
        try:
            logs, possible = log10_rows(group.shape, kinds, rows)
            why = IMPOSSIBLE
        except TooLarge as error:
            logs = np.zeros((len(rows), len(kinds)))
            possible, why = np.zeros(len(rows), dtype=bool), str(error)
        part.which.append(which)
        part.logs.append(logs)
        typed = (rows > NOTHING).any(axis=1)
        part.informs.append(np.where(typed, copies_of(group.shape, kinds.seen), 0).astype(np.uint8))
        for place in np.flatnonzero(~possible[which]):
            family = int(part.families[place])
            part.impossible.append(Impossible(family, kinds.seen.marker.name, why))
    part.joined = joined_of(group.shape, ready.kit)
    part.slack, possible = slack_of(part.joined, codes)
    for place in np.flatnonzero(~possible):
        pair = " and ".join(seen.marker.name for seen in part.joined[0].seen)
        part.impossible.append(Impossible(int(part.families[place]), pair, IMPOSSIBLE))
    return part


def _levels(logs: Logs, step: float) -> Logs:
    """How many steps each class falls short of the best of its row, rounded down, at most 15."""
    short = logs.max(axis=-1, keepdims=True) - logs
    return np.asarray(np.minimum(np.floor(short / step), LEVELS))


def _limit(budget: Logs, step: float) -> NDArray[np.int64]:
    """The highest sum of levels that may still reach the threshold."""
    top = 2**SUM_BITS - 1
    return np.floor(np.clip(budget / step + MARGIN, -1, top)).astype(np.int64)


def _suffix_sums(tops: Logs) -> Logs:
    rest = np.zeros((len(tops), tops.shape[1] + 1))
    rest[:, :-1] = tops[:, ::-1].cumsum(axis=1)[:, ::-1]
    return rest


def _step(part: Part, tops: Logs, budget: Logs, ready: Ready) -> float:
    """The step that leaves fewest pairs, among a few of these families and remains."""
    some = _evenly(len(tops), TRIED[0])
    people = _evenly(len(ready), TRIED[1])
    short = np.stack(
        [
            tops[some, marker, None]
            - logs[part.which[marker][some, None], ready.classes[people, marker]]
            for marker, logs in enumerate(part.logs)
        ]
    )
    best: tuple[float, float, float] = (np.inf, 0.0, STEPS[0])
    for step in STEPS:
        total = np.minimum(np.floor(short / step), LEVELS).sum(axis=0)
        kept = float((total <= _limit(budget[some], step)[:, None]).mean())
        best = min(best, (kept, -float(total.mean()) * step, step))
    return best[2]


def _evenly(count: int, wanted: int) -> NDArray[np.intp]:
    return np.unique(np.linspace(0, max(count - 1, 0), min(wanted, count)).astype(np.intp))


class Room:
    """Memory that a processor works in, kept from one turn to the next."""

    def __init__(self) -> None:
        self.made = aligned(0)
        self.grow(ROOM)

    def grow(self, pairs: int) -> None:
        """Make room for so many pairs that are found in one turn."""
        self.family, self.remains, self.markers = (np.zeros(pairs, np.int32) for _ in range(3))
        self.log10_lr = np.zeros(pairs)

    def rows(self, count: int) -> NDArray[np.uint64]:
        if len(self.made) < count * ROW:
            self.made = aligned(count * ROW)
        return self.made


def compare(
    block: Block, some: slice, ready: Ready, after: NDArray[np.int64], room: Room
) -> tuple[Found, int]:
    """Some families of a block with all remains; also how many pairs were computed exactly."""
    rows = block.rows[some]
    shared = min(len(block.start), rows.size // 2)
    made = room.rows(shared + TOGETHER + 1)
    parts: list[Found] = []
    at, computed = 0, 0
    while at < len(ready.bits):
        then, count, exact = sieve(
            rows,
            block.start,
            block.logs,
            block.levels,
            block.informs,
            block.limit[some],
            block.rest[some],
            ready.classes,
            ready.copies,
            ready.first,
            ready.bits,
            ready.present,
            ready.held,
            after,
            block.lowest[some],
            at,
            made,
            room.family,
            room.remains,
            room.log10_lr,
            room.markers,
        )
        if then == at:
            room.grow(2 * len(room.family))
            continue
        parts.append(
            Found(
                block.families[some][room.family[:count]],
                room.remains[:count].copy(),
                room.log10_lr[:count].copy(),
                room.markers[:count].copy(),
            )
        )
        at, computed = then, computed + exact
    return Found.joined(parts), computed


def with_linkage(found: Found, block: Block, ready: Ready, threshold: float) -> Found:
    """The pairs that reach the threshold when linked markers count together."""
    log10_lr = found.log10_lr.copy()
    for joined, group, place in block.joined:
        here = np.flatnonzero(np.isin(found.family, list(place)))
        if not len(here):
            continue
        places = np.array([place[f] for f in found.family[here].tolist()], dtype=np.intp)
        who = found.remains[here]
        own = np.stack(
            [np.array(k.numbers)[ready.classes[who, n]] for n, k in enumerate(ready.kinds)], axis=1
        )
        row_of = {int(f): n for n, f in enumerate(block.families)}
        rows = block.rows[[row_of[f] for f in found.family[here].tolist()]]
        apart = block.logs[block.start[rows] + ready.classes[who]]
        log10_lr[here] += corrections(joined, group, places, own, apart)
    kept = log10_lr >= threshold
    return Found(found.family[kept], found.remains[kept], log10_lr[kept], found.markers[kept])


@dataclass
class Spent:
    """Seconds, pairs that were compared, and how many of them were computed exactly.

    `search_cpu_s` is of all processors together, and tells a search from a busy machine.
    """

    tables_s: float = 0.0
    search_s: float = 0.0
    search_cpu_s: float = 0.0
    compared: int = 0
    computed: int = 0
    impossible: list[Impossible] = field(default_factory=list)

    def add(self, other: "Spent") -> None:
        """Add what was spent elsewhere."""
        self.tables_s += other.tables_s
        self.search_s += other.search_s
        self.search_cpu_s += other.search_cpu_s
        self.compared += other.compared
        self.computed += other.computed
        self.impossible += other.impossible


def search(
    families: Families,
    ready: Ready,
    threshold: float,
    *,
    skip: int = 0,
    each_other: bool = False,
    spent: Spent | None = None,
    progress: Progress | None = None,
    processors: int = 0,
) -> Iterator[Found]:
    """Every pair whose log10 ratio is `threshold` or more, block by block of families.

    Blocks before `skip` are left out. With `each_other` the families are the remains themselves,
    in the same order, and each is compared with those after it only. `progress` hears how many
    pairs are compared, of how many; all `processors` work unless told otherwise. No pair is lost:
    docs/methods/kinship.md, section 14.
    """
    spent = spent if spent is not None else Spent()
    portions = blocks_of(families)
    all_pairs = len(families) * len(ready)
    done = sum(_size(portion) for portion in portions[:skip]) * len(ready)
    rooms: deque[Room] = deque()

    def turn(block: Block, some: slice) -> tuple[Found, int]:
        room = rooms.pop() if rooms else Room()
        count = len(block.families[some])
        after = block.families[some] + 1 if each_other else np.zeros(count)
        found = compare(block, some, ready, after.astype(np.int64), room)
        rooms.append(room)
        return found

    processors = processors or len(os.sched_getaffinity(0))
    workers = ThreadPoolExecutor(processors)
    try:
        for portion in portions[skip:]:
            begun = time.perf_counter()
            block = make_block(portion, ready, threshold)
            spent.impossible.extend(block.impossible)
            tabled, worked = time.perf_counter(), time.process_time()
            turns = _turns(len(block), processors)
            parts = []
            for some, (found, exact) in zip(
                turns, workers.map(turn, [block] * len(turns), turns), strict=True
            ):
                parts.append(found)
                who = block.families[some]
                done += len(who) * len(ready)
                left = len(ready) - 1 - who if each_other else np.full(len(who), len(ready))
                spent.compared += int(left.sum())
                spent.computed += exact
                if progress:
                    progress(done, all_pairs)
            spent.tables_s += tabled - begun
            spent.search_s += time.perf_counter() - tabled
            spent.search_cpu_s += time.process_time() - worked
            begun = time.perf_counter()
            joined = with_linkage(Found.joined(parts), block, ready, threshold)
            spent.search_s += time.perf_counter() - begun
            yield joined
    finally:
        workers.shutdown(cancel_futures=True)


def _turns(families: int, processors: int) -> list[slice]:
    """A block in equal turns, one for each processor or more."""
    count = max(min(processors, families), -(-families // FAMILIES_A_TURN))
    edges = np.linspace(0, families, count + 1).astype(int).tolist()
    return [slice(first, last) for first, last in pairwise(edges)]


def _size(portion: Iterable[tuple[Group, slice]]) -> int:
    return sum(some.stop - some.start for _, some in portion)
