"""A question weighed in a register: what its ties are worth there, and the rows that fit it best.

All in machine code: between two steps there is nothing but numbers.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, compiled
from .frequencies import weighed_in
from .likeness import as_stranger, odds_of
from .shelf import seen_in
from .together import of_ways
from .topk import NAMES, Answer, Bytes, Tables, Tied, answer, answer_all, exact_sums, explained

LOOKED_AT = 50  # best rows, for others like him
FIELD, KIND, WORD = range(3)  # what `rows` hold of each value that is asked for

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]


@compiled
def tables_of(
    seen: Floats,
    weights: Box,
    circles: Box,
    known: Floats,
    cards: float,
    differs: Longs,
    rows: Longs,
    at: Longs,
    words: Longs,
    places: Longs,
    opposite: Longs,
    first: Floats,
) -> Tables:
    """What each tie weighs for one asked person.

    Of each value that is asked for: `rows` (3, values), `seen` (values, ties) cards of each tie,
    those that differ left out. `at` (ways, fields) which of them is asked for where, or -1; `words`
    (ways, 3) which word of the name; `places` (ways, 3) as of `Frequencies.places`; `opposite`
    (ways,) the way that has surname and given name in each other's place, or itself; `first`
    (ways,) bits of the order beforehand. `known` (fields,): of all `cards`, how many know each.
    """
    masses, worth = weighed_in(weights, known, cards, differs, rows[FIELD], rows[KIND], seen, at)
    named = at[:, :NAMES] >= 0
    off, orders = of_ways(circles, places, opposite, first, masses, named, max(int(cards), 1))
    return Tables(at[0] >= 0, masses, worth, differs, cards, words, named, orders, off)


@compiled
def tied_of(shelf: Box, rows: Longs, slots: Longs, tables: Tables) -> Tied:
    """The values of a part that are tied to the asked ones: `slots` (values,) on its shelf."""
    codes, ties, spans, _ = shelf[0]
    of_words = np.zeros((tables.words.max() + 1, NAMES, 2), np.int64)
    of_fields = np.zeros((len(tables.differs), 2), np.int64)
    for row in range(len(slots)):
        field, word = rows[FIELD, row], rows[WORD, row]
        if word >= 0:
            of_words[word, field] = spans[slots[row]]
        else:
            of_fields[field] = spans[slots[row]]
    return Tied(codes, ties, of_words, of_fields)


@compiled
def best_in(
    held: Box,
    gone: NDArray[np.uint64],
    shelf: Box,
    desk: Box,
    tables: Tables,
    rows: Longs,
    slots: Longs,
    but: int,
    top: int,
    least: float,
) -> Answer:
    """The best rows of one part."""
    tied = tied_of(shelf, rows, slots, tables)
    return answer(held, tables, tied, desk, gone, but, top, least)


@compiled
def best_of_few(
    codes: NDArray[np.int32],
    alive: NDArray[np.bool_],
    base: Longs,
    shelf: Box,
    desk: Box,
    tables: Tables,
    rows: Longs,
    slots: Longs,
    but: int,
    top: int,
    least: float,
) -> Answer:
    """The best of a few rows in memory."""
    tied = tied_of(shelf, rows, slots, tables)
    return answer_all(codes, alive, base, tables, tied, desk, but, top, least)


@compiled
def told_of_rows(
    codes: NDArray[np.int32],
    base: Longs,
    shelf: Box,
    desk: Box,
    tables: Tables,
    rows: Longs,
    slots: Longs,
) -> tuple[Bytes, Longs, Floats]:
    """As `topk.explain`, of any rows of one part."""
    return explained(codes, base, tables, tied_of(shelf, rows, slots, tables), desk)


@compiled
def of_others(
    tables: Tables, ties: Bytes, ways: Longs, namesakes: float, kin: float
) -> tuple[float, float, float]:
    """What others like him take off, or what it tells that there are none: bits.

    Of the best rows: whoever is not on the register may have a namesake or a brother there, beyond
    chance as often as these shares say. Also how much likelier the register is a namesake's, and a
    brother's.
    """
    one, other = as_stranger(
        ties[:LOOKED_AT], ways[:LOOKED_AT], tables.masses, tables.worth, tables.off, tables.orders,
        max(int(tables.cards), 1),
    )  # fmt: skip
    found: float = -np.log2(1.0 - namesakes - kin + namesakes * one + kin * other)
    return found, one, other


@compiled
def summed_up(
    tables: Tables,
    pieces: Floats,
    ties: Bytes,
    ways: Longs,
    cards: int,
    namesakes: float,
    kin: float,
) -> tuple[Floats, float, float, float]:
    """The bits of the best rows, of `cards` that could be; the odds. Writes the last piece.

    Last, how much likelier the register is a namesake's, and a brother's.
    """
    others, one, other = of_others(tables, ties, ways, namesakes, kin)
    pieces[:, -1] = others
    bits = exact_sums(pieces)
    shares = tables.masses[0] / max(tables.cards, 1.0)
    return bits, odds_of(bits, shares, tables.worth[0], cards, others), one, other


@compiled
def best_in_one(
    held: Box,
    shelf: Box,
    desk: Box,
    gone: NDArray[np.uint64],
    but: int,
    weights: Box,
    circles: Box,
    known: Floats,
    cards: float,
    differs: Longs,
    rows: Longs,
    at: Longs,
    words: Longs,
    places: Longs,
    opposite: Longs,
    first: Floats,
    slots: Longs,
    top: int,
    could_be: int,
    namesakes: float,
    kin: float,
) -> tuple[
    Floats, Floats, Bytes, Longs, Longs, NDArray[np.int32], Floats, Floats, float, float, float
]:
    """All of it at once, for a register that is one part: what a `Found` holds.

    Handing over many arrays between machine code and the rest takes longer than some of the steps.
    """
    seen = np.zeros((len(slots), weights[0].m.shape[2]))
    seen_in(shelf, slots, seen)
    tables = tables_of(
        seen, weights, circles, known, cards, differs, rows, at, words, places, opposite, first
    )
    tied = tied_of(shelf, rows, slots, tables)
    found = answer(held, tables, tied, desk, gone, but, top, -np.inf)
    bits, odds, one, other = summed_up(
        tables, found.pieces, found.ties, found.ways, could_be, namesakes, kin
    )
    return (
        bits, found.pieces, found.ties, found.ways, found.rows, found.codes, tables.masses,
        tables.worth, odds, one, other,
    )  # fmt: skip
