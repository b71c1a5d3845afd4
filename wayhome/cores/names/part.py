"""A part of a register that never changes: vocabularies, packed rows, postings, all in arrays."""

import threading
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .columns import FIELDS, NAMES, PLACE, PLACES, WORDS, Columns, kept
from .compiled import Box, Number, boxed, compiled, inlined
from .dates import written as written_date
from .frequencies import MOST_TIES
from .ids import Ids
from .looking import looked_up
from .marks import LADDER, Mark, MarkVocabulary, RankTie, tie_ranks
from .near_dates import near_dates, packed, unpacked
from .near_numbers import Numbers
from .near_units import Units
from .nearness import ones
from .reading import read_kept
from .records import Record
from .sheets import Texts
from .shelf import Shelf
from .topk import (
    BLOCK,
    CHUNK,
    IN_RUNS,
    POSTED,
    SINGLE,
    SPAN,
    UNLISTED,
    Desk,
    Held,
    Longs,
    Postings,
    Rows,
    Rows32,
    Words,
    pack,
    unpack_many,
)
from .topk import NAMES as NAME_COUNT
from .words import WordIndex

Arrays = dict[str, NDArray[Any]]
Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]
KINDS = np.array(
    [
        {"given": IN_RUNS, "rank": UNLISTED, "service_no": SINGLE}.get(field, POSTED)
        for field in FIELDS
    ]
)
# Most who ask for a word as a surname ask for it as a given name too: both are told at once.
TOLD_WITH: list[tuple[int, ...]] = [(place,) for place in range(len(FIELDS))]
TOLD_WITH[PLACE["surname"]] = TOLD_WITH[PLACE["given"]] = (PLACE["surname"], PLACE["given"])
DESK_WORDS = 4
FREQUENT = 32  # rows in each block, so that going through the blocks is worth it


class Family(NamedTuple):
    """The fields that hold words of one index: which of its words each of them has.

    `used` (fields, words / 64): one bit for each word; `before`: how many bits are set before. A
    field's own numbers of its words count from 1; `counts[bases[field] + number]` rows hold one.
    `row_of`: the row of a field by its place in FIELDS.
    """

    used: Words
    before: Rows32
    bases: Longs
    counts: Rows32
    row_of: Longs


_NO_WORDS = np.empty(0, np.uint64)
_NO_WORDS.setflags(write=False)  # of one type with what says which rows are gone


class Part:
    """Rows of a register with all that is needed to find and weigh them.

    Rows can be taken out (`take_out`); everything else stays as it was built. Several threads may
    ask at once.
    """

    def __init__(self, arrays: Arrays) -> None:
        for array in arrays.values():
            array.setflags(write=False)
        self.arrays = arrays
        self.names, self.places = (
            WordIndex.of(_under("names", arrays)),
            WordIndex.of(_under("places", arrays)),
        )
        self.ids = Ids(_under("ids", arrays))
        self.numbers = Numbers(_under("numbers", arrays))
        self._units = Units(_marks(arrays["units"]))
        self.rows = Rows(
            *(arrays[f"rows/{x}"] for x in Rows._fields),
        )
        posted: dict[str, Any] = {x: arrays[f"postings/{x}"] for x in Postings._fields[:-2]}
        first_single = int(self.rows.base[PLACE["service_no"]]) + 1
        earlier = np.searchsorted(posted["dense"], np.arange(first_single)).astype(np.uint32)
        earlier.setflags(write=False)
        self.postings = Postings(**posted, first_single=first_single, earlier=earlier)
        self.held = boxed(Held(self.rows, self.postings))
        self.sizes = arrays["sizes"].tolist()
        self.known = arrays["known"].astype(np.int64)
        self.gone: Words = _NO_WORDS
        self.gone_rows: list[int] = []
        self._gone_codes = np.empty((len(FIELDS), 0), np.int32)
        self.shelf = Shelf(sum(self.sizes) - self.sizes[PLACE["service_no"]], MOST_TIES)
        self._desks = threading.local()

    @classmethod
    def build(cls, columns: Columns) -> "Part":
        """All rows of these columns, in an order of their own."""
        return cls(_build(columns))

    def __len__(self) -> int:
        """How many rows are in and not taken out."""
        return len(self.ids) - len(self.gone_rows)

    def take_out(self, rows: Iterable[int]) -> None:
        """Never find these rows again, nor count them."""
        new = [row for row in rows if not self.is_gone(row)]
        if not new:
            return
        gone = self.gone.copy() if len(self.gone) else np.zeros(len(self.ids) // 64 + 1, np.uint64)
        for row in new:
            gone[row >> 6] |= np.uint64(1 << (row & 63))
        codes = unpack_many(self.rows, np.array(new, np.int64)).T
        self._gone_codes = np.concatenate([self._gone_codes, codes], axis=1)
        self.known = self.known - np.count_nonzero(codes, axis=1)
        self.shelf.clear()
        self.gone_rows += new
        gone.setflags(write=False)
        self.gone = gone

    def is_gone(self, row: int) -> bool:
        return bool(len(self.gone) and int(self.gone[row >> 6]) >> (row & 63) & 1)

    def find(self, id: str) -> int:
        """The row of an id, -1 if it is not here or was taken out."""
        row = self.ids.find(id)
        return -1 if row < 0 or self.is_gone(row) else row

    def look(self, field: str, value: Any) -> tuple[Ints, Bytes]:
        """The values of a field that are tied to this one, and how; those that differ left out."""
        if field in WORDS:
            vocabulary, family = self._families[field in NAMES]
            record = read_kept(*value)
            found: tuple[Ints, Bytes] = vocabulary.ask(
                lambda index, desk: looked_in(index, record, desk, family, PLACE[field])
            )
            return found
        return self._look(field, value)

    def slots(self, asked: Sequence[tuple[int, Any]]) -> Longs:
        """Where on the shelf it lies what fields hold of values; each with its field's place."""
        return self.shelf.slots(asked, self._slot)

    def _slot(self, place: int, value: Any) -> int:
        fields = TOLD_WITH[place]
        slot = self.shelf.get((fields, value))
        if slot < 0:
            slot = self._tell(fields, value)
        return slot + place - fields[0]

    def _tell(self, fields: tuple[int, ...], value: Any) -> int:
        """Put on the shelf what these fields hold of a value: the first slot."""
        field, key = FIELDS[fields[0]], (fields, value)
        if field not in WORDS:
            codes, ties = self._look(field, value)
            return self.shelf.put(key, codes, ties, self.masses(fields[0], codes, ties))
        vocabulary, family = self._families[field in NAMES]
        record, wanted, shelf = read_kept(*value), np.array(fields), self.shelf
        while not vocabulary.ask(
            lambda index, desk: told_of(
                index, record, desk, family, wanted, shelf.box, shelf.slot, shelf.at,
                shelf.room(len(fields)),
            )
        ):  # fmt: skip
            shelf.turn()
        slot = shelf.keep(key, len(fields))
        if self._gone_codes.shape[1]:
            for place, field_place in enumerate(fields):
                held = shelf.held
                first, last = held.spans[slot + place]
                look = held.codes[first:last], held.ties[first:last]
                held.masses[slot + place] -= self._gone_of(field_place, *look)
        return slot

    def _look(self, field: str, value: Any) -> tuple[Ints, Bytes]:
        if field == "born":
            return near_dates(self.arrays["dates"], packed(value))
        if field == "unit":
            return self._units.look(value)
        if field == "service_no":
            return self.numbers.look(value)
        steps = range(len(LADDER) + 1)
        return _near(np.array([tie_ranks(value, x) for x in steps], np.uint8), RankTie.DIFFERS)

    @cached_property
    def _families(self) -> dict[bool, tuple[WordIndex, Box]]:
        """Those of places and of names, each a `Family` in a box, with their words."""
        found = {}
        for fields, index in ((PLACES, self.places), (NAMES, self.names)):
            of = sorted(map(PLACE.__getitem__, fields))
            used, before = (
                np.stack([self.arrays[f"{FIELDS[x]}/{y}"] for x in of]) for y in ("used", "before")
            )
            row_of = np.full(len(FIELDS), -1)
            row_of[of] = np.arange(len(of))
            family = Family(used, before, self.rows.base, self._counts, row_of)
            found[fields is NAMES] = index, boxed(family)
        return found

    @cached_property
    def _counts(self) -> Rows32:
        """How many rows hold each value, of those that have postings or runs."""
        held: Rows32 = np.diff(self.postings.starts)
        lengths = np.concatenate([[0], np.cumsum(self.postings.run_length, dtype=np.int64)])
        at, size = int(self.rows.base[PLACE["given"]]), self.sizes[PLACE["given"]]
        held[at : at + size + 1] = np.diff(lengths[self.postings.run_starts])
        return held

    def masses(self, place: int, codes: Ints, ties: Bytes) -> NDArray[np.float64]:
        """How many rows hold a value of each tie, of those that `look` found: shape (ties,)."""
        counts = None
        if KINDS[place] == UNLISTED:
            counts = self.arrays["ranks"][codes]
        elif KINDS[place] != SINGLE:
            counts = self._counts[self.rows.base[place] + codes]
        found: NDArray[np.float64] = np.bincount(ties, counts, MOST_TIES).astype(np.float64)
        if self._gone_codes.shape[1]:
            found -= self._gone_of(place, codes, ties)
        return found

    def _gone_of(self, place: int, codes: Ints, ties: Bytes) -> NDArray[np.int64]:
        """How many of the rows that were taken out hold a value of each tie."""
        out = self._gone_codes[place]
        at = np.searchsorted(codes, out)
        at[at == len(codes)] = 0
        hit = codes[at] == out if len(codes) else np.zeros(len(out), np.bool_)
        return np.bincount(ties[at[hit]], minlength=MOST_TIES)

    def counts(self, place: int, codes: Ints) -> Longs:
        """How many rows hold each of a field's words."""
        found: Longs = self._counts[self.rows.base[place] + codes].astype(np.int64)
        if self._gone_codes.shape[1]:
            found -= np.sum(self._gone_codes[place] == codes[:, None], axis=1)
        return found

    def rows_with(self, codes: Ints) -> NDArray[np.float64]:
        """How many rows hold each of these values, one of each field; shape (fields,)."""
        found = np.ones(len(FIELDS))
        for place, code in enumerate(codes.tolist()):
            if KINDS[place] == UNLISTED:
                found[place] = self.arrays["ranks"][code]
            elif KINDS[place] != SINGLE:
                found[place] = self._counts[self.rows.base[place] + code]
        found -= np.count_nonzero(self._gone_codes == codes[:, None], axis=1)
        return found

    def in_rows(self) -> Longs:
        """All rows that were not taken out."""
        rows = np.arange(len(self.ids))
        return np.delete(rows, self.gone_rows)

    def known_in(self, field: str) -> int:
        """How many rows know this field."""
        return int(self.known[PLACE[field]])

    def ids_of(self, rows: Longs) -> list[str]:
        return self.ids.texts(rows)

    def codes_of(self, rows: Longs) -> Ints:
        """The values of rows (rows, fields), 0 for what they do not know."""
        return unpack_many(self.rows, rows)

    def text(self, field: str, code: int) -> str:
        """A value as it can be read again; "" for 0."""
        if not code:
            return ""
        if field in WORDS:
            word = int(self.arrays[f"{field}/words"][code - 1])
            return (self.names if field in NAMES else self.places).text(word)[0]
        if field == "service_no":
            return self.numbers.text(code)
        return written(field, self.value(field, code))

    def value(self, field: str, code: int) -> Any:
        """A value as it was read; None for 0."""
        if not code:
            return None
        if field in WORDS:
            word = int(self.arrays[f"{field}/words"][code - 1])
            return (self.names if field in NAMES else self.places).text(word)
        if field == "born":
            return unpacked(int(self.arrays["dates"][code - 1]))
        if field == "unit":
            return self._units.mark(code)
        return self.numbers.mark(code) if field == "service_no" else code

    def columns(self) -> Columns:
        """All rows that were not taken out."""
        rows = self.in_rows()
        codes = np.ascontiguousarray(self.codes_of(rows).T)
        values: dict[str, list[Any]] = {}
        for place, field in enumerate(FIELDS):
            held, number = np.unique(codes[place], return_inverse=True)
            known = held[held > 0]
            values[field] = [kept(field, self.value(field, x)) for x in known.tolist()]
            codes[place] = number + (0 if len(known) < len(held) else 1)
        return Columns(self.ids_of(rows), values, codes)

    @property
    def base(self) -> Longs:
        """Where the values of each field begin."""
        return self.rows.base

    def desk(self, words: int, differs: Longs) -> Box:
        """This thread's room to work in."""
        room, desk = getattr(self._desks, "desk", (0, None))
        if room < words:
            room = max(words, DESK_WORDS)
            desk = new_desk(self.sizes, room, differs, len(self.ids))
            self._desks.desk = room, desk
        return desk


def written(field: str, value: Any) -> str:
    """A date, a mark or a rank as people read it."""
    if field == "born":
        return written_date(value)
    return LADDER[value - 1].partition("|")[0] if field == "rank" else str(value.text)


def bases(sizes: Longs) -> Longs:
    """Where the values of each field begin; those of service numbers come last."""
    order = sorted(range(len(FIELDS)), key=lambda place: (FIELDS[place] == "service_no", place))
    base = np.zeros(len(FIELDS), np.int64)
    base[order[1:]] = np.cumsum(sizes[order[:-1]] + 1)
    return base


def new_desk(sizes: list[int], words: int, differs: Longs, rows: int = 0) -> Box:
    """A `Desk` for a part of so many rows, on which every known value differs."""
    base = bases(np.array(sizes))
    values = sum(sizes) + len(sizes)
    ties = np.empty(values, np.uint8)
    for start, size, tie in zip(base, sizes, differs, strict=True):
        ties[start : start + size + 1], ties[start] = tie, 0
    of_words = np.repeat(ties[None, : base[NAME_COUNT]], words, axis=0)
    fields = len(sizes)
    chunks = min(SPAN // CHUNK, -(-rows // CHUNK))
    desk = Desk(
        of_words,
        ties,
        np.empty(chunks * CHUNK, np.uint8),
        np.empty(chunks, np.uint8),
        np.empty(chunks * CHUNK, np.uint32),
        np.zeros(fields, np.int64),
        np.zeros(fields),
    )
    return boxed(desk)


def _near(ties: Bytes, differs: int) -> tuple[Ints, Bytes]:
    codes = np.flatnonzero((ties != 0) & (ties != differs)).astype(np.int32)
    return codes, ties[codes]


def _under(name: str, arrays: Arrays) -> Arrays:
    start = f"{name}/"
    return {x[len(start) :]: y for x, y in arrays.items() if x.startswith(start)}


@inlined
def code_of(used: Words, before: Rows32, row: Number, word: Number) -> int:
    """A field's own number of a word, 0 if it does not hold it."""
    bits, bit, one = used[row, word >> 6], np.uint64(word & 63), np.uint64(1)
    if (bits >> bit) & one == 0:
        return 0
    below = ones(bits & ((one << bit) - one))
    return np.int64(before[row, word >> 6]) + np.int64(below) + 1  # type: ignore[return-value]


@compiled
def looked_in(index: Box, asked: Record, desk: Box, fields: Box, wanted: int) -> tuple[Ints, Bytes]:
    """What one field holds that is tied to the word of a record."""
    ids, ties = looked_up(index, asked, desk)
    used, before, _, _, row_of = fields[0]
    codes, kept, size = np.empty(len(ids), np.int32), np.empty(len(ids), np.uint8), 0
    for place in range(len(ids)):
        code = code_of(used, before, row_of[wanted], np.int64(ids[place]))
        if code:
            codes[size], kept[size] = code, ties[place]
            size += 1
    return codes[:size], kept[:size]


@compiled
def told_of(
    index: Box,
    asked: Record,
    desk: Box,
    fields: Box,
    wanted: Longs,
    shelf: Box,
    slot: int,
    at: int,
    room: int,
) -> bool:
    """Put on a shelf what some fields hold that is tied to the word of a record.

    From a slot and a place on; False, and nothing, if there is not room enough.
    """
    ids, ties = looked_up(index, asked, desk)
    if room < len(wanted) * len(ids):
        return False
    used, before, bases, counts, row_of = fields[0]
    codes, kept, spans, masses = shelf[0]
    for field in range(len(wanted)):
        row, base = row_of[wanted[field]], bases[wanted[field]]
        spans[slot + field, 0] = at
        masses[slot + field] = 0.0
        for place in range(len(ids)):
            code = code_of(used, before, row, np.int64(ids[place]))
            if code:
                codes[at], kept[at] = code, ties[place]
                masses[slot + field, ties[place]] += counts[base + code]
                at += 1
        spans[slot + field, 1] = at
    return True


# Building ---------------------------------------------------------------------------------------


def _build(columns: Columns) -> Arrays:
    arrays: Arrays = {}
    codes = np.zeros_like(columns.codes)
    for family, fields in (("names", NAMES), ("places", PLACES)):
        in_order = sorted(fields, key=PLACE.__getitem__)
        _number_words(family, in_order, columns, codes, arrays)
    _number_dates(columns, codes, arrays)
    _number_units(columns, codes, arrays)
    ranks = np.array(columns.values["rank"], np.int32)
    codes[PLACE["rank"]] = _recoded(columns, "rank", ranks)
    arrays["ranks"] = np.bincount(codes[PLACE["rank"]], minlength=len(LADDER) + 1).astype(np.uint32)

    order, first_row, masks = _order(codes, columns.codes[PLACE["service_no"]])
    codes = np.ascontiguousarray(codes[:, order])
    service = columns.codes[PLACE["service_no"], order]
    single = _number_services(columns, service, codes, arrays)
    if isinstance(columns.ids, Texts):
        ids = Ids.of_texts(columns.ids.taken(order))
    else:
        ids = Ids.build([columns.ids[x] for x in order.tolist()])
    arrays |= {f"ids/{x}": y for x, y in ids.arrays.items()}
    sizes = np.array([len(arrays[f"{field}/words"]) if field in WORDS else 0 for field in FIELDS])
    sizes[PLACE["born"]] = len(arrays["dates"])
    sizes[PLACE["unit"]] = len(set(columns.values["unit"]))
    sizes[PLACE["rank"]] = len(LADDER)
    sizes[PLACE["service_no"]] = len(single)
    arrays["sizes"], arrays["known"] = sizes, np.count_nonzero(codes, axis=1)
    base = bases(sizes)
    _pack_rows(codes, sizes, base, first_row, masks, arrays)
    _post(codes, sizes, base, arrays)
    _run(codes[PLACE["given"]], int(sizes[PLACE["given"]]), first_row, arrays)
    arrays["postings/kind"] = KINDS
    arrays["postings/single"] = single
    return arrays


def _recoded(columns: Columns, field: str, numbers: Ints) -> Ints:
    """The codes of a field by new numbers of its values."""
    found: Ints = np.append(np.int32(0), numbers)[columns.codes[PLACE[field]]].astype(np.int32)
    return found


def _number_words(
    family: str, fields: list[str], columns: Columns, codes: Ints, arrays: Arrays
) -> None:
    words = list(dict.fromkeys(x for field in fields for x in columns.values[field]))
    index, numbers = WordIndex.build([x for x, _ in words], [x for _, x in words])
    arrays |= {f"{family}/{x}": y for x, y in index.arrays.items()}
    number_of = dict(zip(words, numbers.tolist(), strict=True))
    for field in fields:
        of_values = np.array([number_of[x] for x in columns.values[field]], np.int32)
        word_codes = _recoded(columns, field, of_values)
        held = np.zeros(len(index), np.bool_)
        held[word_codes] = True
        held[0] = False
        used = np.flatnonzero(held)
        codes[PLACE[field]] = np.cumsum(held, dtype=np.int32)[word_codes]
        bits = np.zeros(len(index) // 64 + 1, np.uint64)
        np.bitwise_or.at(bits, used >> 6, np.uint64(1) << (used & 63).astype(np.uint64))
        counts = np.bitwise_count(bits)
        arrays[f"{field}/words"] = used.astype(np.int32)
        arrays[f"{field}/used"] = bits
        arrays[f"{field}/before"] = (np.cumsum(counts) - counts).astype(np.uint32)


def _number_dates(columns: Columns, codes: Ints, arrays: Arrays) -> None:
    dates = np.array([packed(x) for x in columns.values["born"]], np.int32)
    arrays["dates"] = np.unique(dates)
    codes[PLACE["born"]] = _recoded(
        columns, "born", (np.searchsorted(arrays["dates"], dates) + 1).astype(np.int32)
    )


def _number_units(columns: Columns, codes: Ints, arrays: Arrays) -> None:
    units = MarkVocabulary()
    numbers = np.array([units.add(x) for x in columns.values["unit"]], np.int32)
    codes[PLACE["unit"]] = _recoded(columns, "unit", numbers)
    lines = ("\x1f".join((x.text, x.digits, x.kind)) for x in units.values[1:])
    arrays["units"] = np.frombuffer("\x1e".join(lines).encode(), np.uint8)


def _marks(letters: NDArray[np.uint8]) -> list[Mark]:
    text = bytes(letters).decode()
    return [Mark(*x.split("\x1f")) for x in text.split("\x1e")] if text else []


def _number_services(
    columns: Columns, service: Ints, codes: Ints, arrays: Arrays
) -> NDArray[np.uint32]:
    """Number the service numbers, one for each row that has one; gives the row of each."""
    rows = np.flatnonzero(service)
    numbers, order = Numbers.build(columns.values["service_no"], service[rows] - 1)
    single = rows[order]
    codes[PLACE["service_no"], single] = np.arange(1, len(single) + 1)
    arrays |= {f"numbers/{x}": y for x, y in numbers.arrays.items()}
    return single.astype(np.uint32)


def _order(codes: Ints, service: Ints) -> tuple[Longs, Longs, Longs]:
    """Rows by the fields they know, given name, patronymic; where groups begin, what they know."""
    known = np.zeros(codes.shape[1], np.int64)
    for place in range(len(FIELDS)):
        has = (service if place == PLACE["service_no"] else codes[place]) > 0
        known |= has.astype(np.int64) << place
    given, father = codes[PLACE["given"]], codes[PLACE["patronymic"]]
    room = [int(x.max(initial=0)).bit_length() for x in (given, father)]
    key = (known << room[0] | given) << room[1] | father
    order = np.argsort(key, kind="stable")
    known = known[order]
    first = np.flatnonzero(np.diff(known, prepend=-1))
    masks = known[first]
    return order, np.append(first, codes.shape[1]).astype(np.int64), masks


def _pack_rows(
    codes: Ints, sizes: Longs, base: Longs, first_row: Longs, masks: Longs, arrays: Arrays
) -> None:
    bits_of = np.array([max(1, int(x - 1).bit_length()) for x in np.maximum(sizes, 1)], np.int64)
    width = np.array(
        [sum(int(x) for place, x in enumerate(bits_of) if mask >> place & 1) for mask in masks],
        np.int64,
    )
    total = np.cumsum([0, *(width * np.diff(first_row))])
    data = np.zeros(int(total[-1]) // 64 + 2, np.uint64)
    rows = Rows(data, first_row, total[:-1], width, masks, bits_of, base)
    pack(data, codes, rows)
    arrays |= {f"rows/{name}": array for name, array in rows._asdict().items()}


def _post(codes: Ints, sizes: Longs, base: Longs, arrays: Arrays) -> None:
    """Postings of all fields whose values have any: 16 bits a row where a value is frequent."""
    values = int(base[PLACE["service_no"]])  # the last: they have no postings
    count = codes.shape[1]
    blocks = (count + BLOCK - 1) // BLOCK
    counts = np.zeros(values, np.int64)
    for place in np.flatnonzero(KINDS == POSTED):
        found = np.bincount(codes[place], minlength=sizes[place] + 1)
        counts[base[place] + 1 : base[place] + sizes[place] + 1] = found[1:]
    starts = np.cumsum([0, *counts])
    is_dense = counts >= FREQUENT * max(blocks, 1)
    dense = np.flatnonzero(is_dense)
    dense_before = np.cumsum([0, *counts[dense]])
    sparse = np.empty(int(counts[~is_dense].sum()), np.uint32)
    lows = np.empty(int(dense_before[-1]), np.uint16)
    ends = np.zeros((len(dense), blocks), np.uint32)
    starts_sparse = np.cumsum([0, *np.where(is_dense, 0, counts)])
    place_of = np.where(is_dense, np.cumsum(is_dense) - 1, -1)
    for place in np.flatnonzero(KINDS == POSTED):
        low, high = int(base[place]), int(base[place] + sizes[place] + 1)
        next_free = np.where(
            is_dense[low:high], dense_before[place_of[low:high]], starts_sparse[low:high]
        )
        scatter(codes[place], place_of[low:high], next_free, sparse, lows, ends)
    ends = np.cumsum(ends, axis=1).astype(np.uint32)
    arrays |= {
        "postings/starts": starts.astype(np.uint32),
        "postings/dense": dense.astype(np.uint32),
        "postings/dense_before": dense_before.astype(np.uint32),
        "postings/ends": ends,
        "postings/lows": lows,
        "postings/sparse": sparse,
    }


@compiled
def scatter(
    codes: Ints,
    place_of: Longs,
    next_free: Longs,
    sparse: Rows32,
    lows: NDArray[np.uint16],
    ends: Rows32,
) -> None:
    """Put each row into the postings of its value."""
    for row in range(len(codes)):
        code = codes[row]
        if code:
            at = next_free[code]
            next_free[code] += 1
            if place_of[code] >= 0:
                lows[at] = row & 0xFFFF
                ends[place_of[code], row >> 16] += 1
            else:
                sparse[at] = row


def _run(given: Ints, size: int, first_row: Longs, arrays: Arrays) -> None:
    """Runs of rows of one group that hold one given name."""
    cut = np.zeros(len(given) + 1, np.bool_)
    cut[first_row] = True
    cut[1:-1] |= given[1:] != given[:-1]
    first = np.flatnonzero(cut)
    length = np.diff(first)
    first = first[:-1]
    value = given[first]
    order = np.argsort(value, kind="stable")
    order = order[value[order] > 0]
    starts = np.searchsorted(value[order], np.arange(size + 2))
    arrays |= {
        "postings/run_starts": starts.astype(np.uint32),
        "postings/run_first": first[order].astype(np.uint32),
        "postings/run_length": length[order].astype(np.uint32),
    }
