"""Learn how Latin names sound: `python -m tools.learn_spellings PAIRS.tsv.gz [--hold-back]`.

PAIRS holds a Latin form, a Russian form with its letters spaced and a count on each line, as
Merhav and Ash (COLING 2018) drew them out of Wikidata. Letters are aligned with sounds by
expectation maximisation, each letter giving none, one or two of them (after Ristad and Yianilos,
1998); then what a letter gives is counted in ever wider neighbourhoods, each mixed with the
narrower one (Witten and Bell, 1991), and a neighbourhood is kept where it says something new.
Writes wayhome/cores/names/likely.npz.
"""

import argparse
import gzip
import math
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import numba
import numpy as np
from numpy.typing import NDArray

from wayhome.cores.names.letters import prepared, readings, script_of
from wayhome.cores.names.likely import (
    NAT,
    NEIGHBOURHOODS,
    NONE_BEFORE,
    SOUNDS,
    SOUNDS_OF_PAIR,
    codes,
    key_of,
)

FILE = Path(__file__).parents[1] / "wayhome" / "cores" / "names" / "likely.npz"
PARTS = 5  # a fifth can be held back, by the Latin form, to measure on what was not learned
SEEN_LETTER = 40  # a letter seen less often is read as its base
SEEN = 3  # a neighbourhood seen less often says nothing
NEWS = 1.0  # nats that a neighbourhood must add over all its cases to be kept
SELDOM = 0.01  # outputs less likely are left out
ROUNDS = 8
LIKELY_PAIR = -1.6  # nats a letter; a pair below it is no transliteration, and is not counted
Counts = dict[tuple[int, int], Counter[int]]


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """Latin forms as the roads take them, and the sounds of their Russian forms."""
    pairs = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            latin, russian, _ = line.rstrip("\n").split("\t")
            word, sounds = prepared(latin), readings(russian.replace(" ", ""))
            if script_of(word) == "l" and sounds and set(sounds[0]) <= set(SOUNDS):
                pairs.append((word, sounds[0]))
    return pairs


def held_back(latin: str) -> bool:
    """Say whether a Latin form is of the fifth that is measured on."""
    return zlib.crc32(latin.encode()) % PARTS == 0


def alphabet(words: Iterable[str]) -> str:
    seen = Counter(letter for word in words for letter in word)
    return "".join(sorted(x for x, count in seen.items() if count >= SEEN_LETTER))


@numba.njit(cache=True)
def _round(letters, at, sounds, starts, chance, found, fits):  # type: ignore[no-untyped-def]
    """One round of expectation: adds to `found` how often each letter gives each output."""
    for i in range(len(at) - 1):
        x, y = letters[at[i] : at[i + 1]], sounds[starts[i] : starts[i + 1]]
        wide, high = len(x), len(y)
        forth, back = np.zeros((wide + 1, high + 1)), np.zeros((wide + 1, high + 1))
        forth[0, 0] = back[wide, high] = 1.0
        for a in range(wide):
            for b in range(high + 1):
                for k in range(min(3, high - b + 1)):
                    forth[a + 1, b + k] += forth[a, b] * chance[x[a], _output(y, b, k)]
        total = forth[wide, high]
        fits[i] = math.log(total) / (wide + high) if total > 0 else -99.0
        if total <= 0:
            continue
        for a in range(wide - 1, -1, -1):
            for b in range(high, -1, -1):
                for k in range(min(3, high - b + 1)):
                    out = _output(y, b, k)
                    step = chance[x[a], out] * back[a + 1, b + k]
                    back[a, b] += step
                    found[x[a], out] += forth[a, b] * step / total


@numba.njit(cache=True)
def _output(sounds, at, many):  # type: ignore[no-untyped-def]
    if many == 0:
        return 0
    return sounds[at] if many == 1 else sounds[at] * SOUNDS_OF_PAIR + sounds[at + 1]


@numba.njit(cache=True)
def _best(x, y, chance):  # type: ignore[no-untyped-def]
    """The likeliest output of each letter."""
    wide, high = len(x), len(y)
    best, step = np.full((wide + 1, high + 1), -1e18), np.zeros((wide + 1, high + 1), np.int64)
    best[0, 0] = 0.0
    for a in range(wide):
        for b in range(high + 1):
            for k in range(min(3, high - b + 1)):
                value = best[a, b] + math.log(chance[x[a], _output(y, b, k)] + 1e-300)
                if value > best[a + 1, b + k]:
                    best[a + 1, b + k], step[a + 1, b + k] = value, k
    outputs, b = np.zeros(wide, np.int64), high
    for a in range(wide, 0, -1):
        k = step[a, b]
        b -= k
        outputs[a - 1] = _output(y, b, k)
    return outputs


def aligned(
    pairs: list[tuple[str, str]], letters: str
) -> list[tuple[NDArray[np.uint8], list[int]]]:
    """For each pair that is a transliteration: its letters, and the output of each letter."""
    latin = [codes(word, letters) for word, _ in pairs]
    russian = [np.array([SOUNDS.index(x) + 1 for x in sounds]) for _, sounds in pairs]
    at = np.cumsum([0, *map(len, latin)])
    starts = np.cumsum([0, *map(len, russian)])
    chance = np.full((len(letters) + 1, SOUNDS_OF_PAIR * SOUNDS_OF_PAIR), 1 / 4000)
    chance[:, : len(SOUNDS) + 1] = 1 / 40
    chance[:, 0] = 0.2
    for number, letter in enumerate(letters, 1):
        if letter in SOUNDS:
            chance[number, SOUNDS.index(letter) + 1] = 0.5
    fits = np.zeros(len(pairs))
    flat, heard = np.concatenate(latin), np.concatenate(russian)
    for _ in range(ROUNDS):
        found = np.full_like(chance, 1e-7)
        _round(flat, at, heard, starts, chance, found, fits)
        chance = found / found.sum(axis=1, keepdims=True)
    return [
        (x, _best(x, y, chance).tolist())
        for x, y, fit in zip(latin, russian, fits, strict=True)
        if fit > LIKELY_PAIR
    ]


def counted(cases: list[tuple[NDArray[np.uint8], list[int]]]) -> tuple[Counts, dict[int, int]]:
    """How often each neighbourhood gave each output, and which one each adds a letter to."""
    counts: Counts = defaultdict(Counter)
    narrower: dict[int, int] = {}
    for letters, outputs in cases:
        before = NONE_BEFORE
        for at, output in enumerate(outputs):
            last = 0
            for level in range(len(NEIGHBOURHOODS)):
                key = int(key_of(letters, at, before, level, NEIGHBOURHOODS))
                counts[level, key][output] += 1
                narrower[key] = last
                last = key
            before = output
    return counts, narrower


def kept(counts: Counts, narrower: dict[int, int]) -> dict[int, dict[int, float]]:
    """The shares of the outputs in each neighbourhood that says something its narrower did not."""
    shares: dict[int, dict[int, float]] = {}
    for (level, key), seen in sorted(counts.items()):
        total = seen.total()
        below = shares.get(narrower[key]) if level else {}
        if below is None or total < SEEN:
            continue
        trust = total / (total + len(seen)) if level else 1.0
        mixed = {out: (1 - trust) * share for out, share in below.items()}
        for out, count in seen.items():
            mixed[out] = mixed.get(out, 0.0) + trust * count / total
        shares[key] = mixed
    return _worth_keeping(counts, narrower, shares)


def _worth_keeping(
    counts: Counts, narrower: dict[int, int], shares: dict[int, dict[int, float]]
) -> dict[int, dict[int, float]]:
    needed: set[int] = set()
    for (level, key), seen in sorted(counts.items(), reverse=True):
        if key not in shares:
            continue
        below = shares.get(narrower[key], {}) if level else {}
        news = sum(n * math.log(shares[key][x] / below.get(x, 1e-4)) for x, n in seen.items())
        if key in needed or not level or news >= NEWS:
            needed.add(key)
            needed.add(narrower[key])
    return {key: share for key, share in shares.items() if key in needed}


def write(letters: str, shares: dict[int, dict[int, float]], path: Path) -> None:
    keys, many, outputs, costs = sorted(shares), [], [], []
    for key in keys:
        share = sorted(((x, s) for x, s in shares[key].items() if s >= SELDOM), key=lambda x: -x[1])
        many.append(len(share[:8]))
        outputs += [x for x, _ in share[:8]]
        costs += [min(255, round(-math.log(s) * NAT)) for _, s in share[:8]]
    np.savez_compressed(
        path,
        letters=np.array([ord(x) for x in letters], np.uint16),
        keys=np.array(keys, np.uint64),
        counts=np.array(many, np.uint8),
        outputs=np.array(outputs, np.uint16),
        costs=np.array(costs, np.uint8),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--hold-back", action="store_true", help="learn on four fifths only")
    parser.add_argument("--out", type=Path, default=FILE)
    asked = parser.parse_args()
    learn(asked.pairs, asked.out, hold_back=asked.hold_back)


def learn(path: Path, out: Path, *, hold_back: bool) -> None:
    """Write the table of likely sounds; with `hold_back` a fifth of the pairs says nothing."""
    pairs = [x for x in read_pairs(path) if not (hold_back and held_back(x[0]))]
    letters = alphabet(word for word, _ in pairs)
    shares = kept(*counted(aligned(pairs, letters)))
    write(letters, shares, out)
    print(f"{len(pairs)} pairs, {len(shares)} neighbourhoods, {out.stat().st_size} bytes")


if __name__ == "__main__":
    main()
