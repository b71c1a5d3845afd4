"""Likely sounds of a Latin word, learned from pairs of English and Russian names.

The roads of letters.py are rules that somebody wrote down; names of the whole world do not keep
to rules («Waters» is Уотерс, «Vigoreaux» is Вигоро). Here each letter gives none, one or two
sounds, with a cost that depends on its neighbours and on the sounds of the letter before; the
widest neighbourhood that was seen often enough decides. The table is made by
tools/learn_spellings.py out of 131,713 pairs of Wikidata (Merhav and Ash, COLING 2018; CC0).
Method: docs/methods/names.md, section 2.
"""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .letters import LATIN_ROADS, TIDY, changed, prepared, script_of

SOUNDS = "abcdefhiklmnoprstuvzSCZ"
MOST_READINGS = 4
MOST_LETTERS = 32  # a longer word has no likely sounds
MOST_SOUNDS = 2 * MOST_LETTERS
SOUNDS_OF_PAIR = 32  # an output is first sound * 32 + second sound, 0 for none
BEAM = 8
NAT = 16  # costs are counted in sixteenths of a natural logarithm
CUT = 3 * NAT  # readings twenty times less likely than the best are left out
NONE_BEFORE = 1023
PRIME = np.uint64(1099511628211)
# Letters to the left, letters to the right, whether the sounds before count: each adds to the last.
NEIGHBOURHOODS = np.array(
    [(0, 0, 0), (0, 1, 0), (0, 1, 1), (1, 1, 1), (1, 2, 1), (2, 2, 1), (2, 3, 1), (3, 3, 1)],
    np.int64,
)


class Table(NamedTuple):
    """What was learned; `keys` is a table of hashed neighbourhoods, 0 where a place is free."""

    letters: str
    keys: NDArray[np.uint64]
    span: NDArray[np.int32]
    outputs: NDArray[np.uint16]
    costs: NDArray[np.uint8]


@compiled
def key_around(
    letters: NDArray[np.uint8], at: int, level: int, around: NDArray[np.int64]
) -> np.uint64:
    """A number for a letter with its neighbours, beyond either end 0; not yet a key."""
    left, right, _ = around[level]
    key = np.uint64(1469598103934665603) ^ np.uint64(level + 1)
    for place in range(at - left, at + right + 1):
        letter = letters[place] if 0 <= place < len(letters) else 0
        key = (key ^ np.uint64(letter + 1)) * PRIME
    return key


@compiled
def key_with(around: np.uint64, sounds: int, before: int) -> np.uint64:
    """The key of a neighbourhood, with the sounds before if they count."""
    key = around
    if sounds:
        key = (key ^ np.uint64(before + 1)) * PRIME
    key ^= key >> np.uint64(29)
    return key | np.uint64(1)


@compiled
def key_of(
    letters: NDArray[np.uint8], at: int, before: int, level: int, around: NDArray[np.int64]
) -> np.uint64:
    """A number for a letter with its neighbourhood; beyond either end stands 0."""
    return key_with(key_around(letters, at, level, around), around[level, 2], before)


@compiled
def place_of(keys: NDArray[np.uint64], key: np.uint64) -> np.int64:
    """Where a key stands, or where it would be put."""
    last = np.uint64(len(keys) - 1)
    place = (key >> np.uint64(8)) & last
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & last
    return np.int64(place)


@compiled
def _known(
    keys_around: NDArray[np.uint64], before: int, around: NDArray[np.int64],
    keys: NDArray[np.uint64],
) -> np.int64:  # fmt: skip
    """The place of the widest neighbourhood that was seen, or -1."""
    found = np.int64(-1)
    for level in range(len(around)):
        key = key_with(keys_around[level], around[level, 2], before)
        place = place_of(keys, key)
        if keys[place] != key:
            break
        found = place
    return found


@compiled
def _cheapest_first(costs: NDArray[np.int64], count: int, order: NDArray[np.int64]) -> None:
    """Write the places of so many costs in their order; of equals the earlier first."""
    for place in range(count):
        at = place
        while at > 0 and costs[order[at - 1]] > costs[place]:
            order[at] = order[at - 1]
            at -= 1
        order[at] = place


@compiled
def n_best(
    letters: NDArray[np.uint8], around: NDArray[np.int64], keys: NDArray[np.uint64],
    span: NDArray[np.int32], outputs: NDArray[np.uint16], costs: NDArray[np.uint8],
    sounds: NDArray[np.uint8], lengths: NDArray[np.int64],
) -> int:  # fmt: skip
    """Write the likeliest strings of sounds into `sounds` (BEAM, MOST_SOUNDS), cheapest first.

    `letters` are codes from 1; a code of a sound is its place in SOUNDS from 1. Returns how many.
    """
    cost = np.zeros(BEAM, np.int64)
    before = np.full(BEAM, NONE_BEFORE, np.int64)
    marks = np.zeros(BEAM, np.uint64)  # of the string so far, so that two can be told apart
    most = BEAM * 8
    new_cost, new_from = np.zeros(most, np.int64), np.zeros(most, np.int64)
    new_out, new_mark = np.zeros(most, np.int64), np.zeros(most, np.uint64)
    order, places = np.zeros(most, np.int64), np.zeros(BEAM, np.int64)
    keys_around = np.zeros(len(around), np.uint64)
    kept_sounds, kept_lengths = np.zeros_like(sounds), np.zeros_like(lengths)
    lengths[:] = 0
    held = 1
    for at in range(len(letters)):
        new = 0
        for level in range(len(around)):
            keys_around[level] = key_around(letters, at, level, around)
        for one in range(held):
            alike = 0
            while before[alike] != before[one]:
                alike += 1
            if alike == one:
                places[one] = _known(keys_around, before[one], around, keys)
            else:
                places[one] = places[alike]
            place = places[one]
            if place < 0:
                continue
            for entry in range(span[place, 0], span[place, 1]):
                out = np.int64(outputs[entry])
                total = cost[one] + costs[entry]
                mark = marks[one]
                for sound in (out // SOUNDS_OF_PAIR, out % SOUNDS_OF_PAIR):
                    if sound:
                        mark = (mark ^ np.uint64(sound)) * PRIME
                same = -1
                for other in range(new):
                    if new_out[other] == out and new_mark[other] == mark:
                        same = other
                        break
                if same >= 0:
                    if total < new_cost[same]:
                        new_cost[same], new_from[same] = total, one
                elif new < most:
                    new_cost[new], new_from[new] = total, one
                    new_out[new], new_mark[new] = out, mark
                    new += 1
        if new == 0:
            return 0
        _cheapest_first(new_cost, new, order)
        held = 0
        for chosen in order[:new]:
            if held == BEAM or new_cost[chosen] > new_cost[order[0]] + 2 * CUT:
                break
            source = new_from[chosen]
            length = lengths[source]
            kept_sounds[held, :length] = sounds[source, :length]
            out = new_out[chosen]
            for sound in (out // SOUNDS_OF_PAIR, out % SOUNDS_OF_PAIR):
                if sound:
                    kept_sounds[held, length] = sound
                    length += 1
            kept_lengths[held] = length
            held += 1
        for row in range(held):
            taken = order[row]
            cost[row], before[row] = new_cost[taken], new_out[taken]
            marks[row] = new_mark[taken]
            lengths[row] = kept_lengths[row]
            sounds[row, : lengths[row]] = kept_sounds[row, : lengths[row]]
    count = 0
    while count < held and cost[count] <= cost[0] + CUT:
        count += 1
    return count


@lru_cache(maxsize=1)
def table() -> Table:
    """What was learned, read once."""
    return read_table(Path(__file__).with_name("likely.npz"))


def read_table(path: Path) -> Table:
    """What `tools.learn_spellings` wrote."""
    with np.load(path) as held:
        return Table(
            "".join(map(chr, held["letters"])),
            *placed(held["keys"], held["counts"]),
            held["outputs"],
            held["costs"],
        )


def placed(
    keys: NDArray[np.uint64], counts: NDArray[np.uint8]
) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
    """The keys in a table half empty; and for each place, where its outputs begin and end."""
    held = np.zeros(1 << int(2 * len(keys)).bit_length(), np.uint64)
    span = np.zeros((len(held), 2), np.int32)
    ends = np.cumsum(counts, dtype=np.int32)
    for key, count, end in zip(keys, counts, ends, strict=True):
        place = place_of(held, key)
        held[place] = key
        span[place] = end - count, end
    return held, span


def codes(word: str, letters: str) -> NDArray[np.uint8]:
    """A prepared Latin word as numbers from 1; a letter never learned is read as its base."""
    found = [letters.find(x) + 1 or letters.find(_base(x)) + 1 for x in word]
    return np.array([x for x in found if x], np.uint8)


@lru_cache(maxsize=1000)
def _base(letter: str) -> str:
    return changed(letter, LATIN_ROADS[0].steps)[:1].lower() or "?"


@lru_cache(maxsize=200_000)
def likely(word: str) -> tuple[str, ...]:
    """How a word in Latin letters is likely to sound, likeliest first; () for any other."""
    word = prepared(word)
    if script_of(word) == "c" or not any(map(str.isalpha, word)):
        return ()
    learned = table()
    letters = codes(word, learned.letters)
    if not 0 < len(letters) <= MOST_LETTERS:
        return ()
    sounds, lengths = np.zeros((BEAM, MOST_SOUNDS), np.uint8), np.zeros(BEAM, np.int64)
    count = n_best(letters, NEIGHBOURHOODS, *learned[1:], sounds, lengths)
    strings = [
        "".join(SOUNDS[x - 1] for x in sounds[place, : lengths[place]]) for place in range(count)
    ]
    tidied = dict.fromkeys(changed(x, TIDY) for x in strings)
    return tuple(x for x in tidied if x)[:MOST_READINGS]
