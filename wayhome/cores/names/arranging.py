"""The arrays of a word index, made from records."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Number, compiled
from .likely import SOUNDS
from .looking import (
    BENT,
    HAS_PARTS,
    IS_INITIAL,
    IS_SHORT,
    LEARNED,
    NAMED,
    PIECE,
    STRAIGHT,
    Bytes,
    mark_of,
)
from .nearness import Codes, Kept, Places, Trie
from .reading import Records
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
from .strings import Strings, alphabet_of, coded, distinct, near, starts_of, strings


class Read(NamedTuple):
    """Records one after another, taken apart into columns; strings and groups with their word."""

    heads: NDArray[np.uint32]
    strings: Strings
    string_words: NDArray[np.int64]
    string_kinds: Bytes
    groups: NDArray[np.uint32]
    group_starts: NDArray[np.int64]
    initials: NDArray[np.uint32]
    initial_starts: NDArray[np.int64]


def arranged(
    records: Records, texts: Sequence[tuple[str, str]]
) -> tuple[dict[str, NDArray[Any]], NDArray[np.int64]]:
    """The arrays of an index of distinct words, and the number that each word is given.

    `texts`: the words of the records, with their other readings. Unreadable words are given 0.
    """
    read = in_columns(records)
    count = len(read.heads)
    every = np.array([*map(ord, SOUNDS), *alphabet_of(read.strings.letters)])
    alphabet = alphabet_of(every)
    learned = read.string_kinds == LIKELY
    first_learned = learned & ~np.concatenate([[False], learned[:-1]])
    first_learned &= read.heads[read.string_words, SCRIPT] != IN_CYRILLIC
    coded_strings = coded(read.strings, alphabet)[0]
    kept = np.flatnonzero(~learned | first_learned)
    sounds, some = distinct(coded_strings.taken(kept))
    ids = np.full(read.strings.many, -1)
    ids[kept] = some
    first = np.full(count, -1)
    of_stems = read.string_kinds == STEMS
    first[read.string_words[of_stems][::-1]] = ids[of_stems][::-1]
    order = np.argsort(first, kind="stable")[np.count_nonzero(first < 0) :]
    number = np.zeros(count, np.int64)
    number[order] = np.arange(1, len(order) + 1)
    words = number[read.string_words]
    by_kind = {kind: (ids[x], words[x]) for kind in KINDS for x in (read.string_kinds == kind,)}
    arrays = _of_sounds(sounds, alphabet)
    flags = np.zeros(sounds.many, np.uint8)
    arrays |= _spoken(by_kind[FOLDED], by_kind[STEMS], flags)
    arrays |= _kin(read, ids, number, flags, alphabet)
    arrays |= _of_words(read, texts, order, number, alphabet)
    arrays["likely"] = _marked(coded_strings.taken(np.flatnonzero(learned)), words[learned])
    for name, flag, (keys, owners) in (
        ("part", PIECE, by_kind[PARTS]),
        ("learned", LEARNED, (ids[first_learned], words[first_learned])),
    ):
        arrays |= _listed(name, keys, owners)
        arrays[f"{name}_sounds"] = arrays.pop(f"{name}_keys")
        flags[keys] |= flag
    arrays["sound_flags"] = flags
    return arrays, number


KINDS = (FOLDED, STEMS, LIKELY, OTHERS, PARTS)


def in_columns(records: Records) -> Read:
    """Take records apart."""
    numbers, starts = records
    heads = numbers[starts[:-1, None] + np.arange(HEAD)].reshape(-1, HEAD)
    sizes = heads.astype(np.int64)
    groups_at = starts[:-1] + HEAD
    initials_at = groups_at + sizes[:, GROUPS]
    ends_at = initials_at + sizes[:, INITIALS] + sizes[:, LETTERS]
    several = sizes[:, list(KINDS)]
    lengths, letters = _strings_of(numbers, starts, ends_at, several.sum(axis=1))
    kinds = np.repeat(np.tile(np.array(KINDS, np.uint8), len(heads)), several.ravel())
    return Read(
        heads,
        Strings(letters, starts_of(lengths)),
        np.repeat(np.arange(len(heads)), several.sum(axis=1)),
        kinds,
        _pieces(numbers, groups_at, sizes[:, GROUPS]),
        starts_of(sizes[:, GROUPS]),
        _pieces(numbers, initials_at, sizes[:, INITIALS]),
        starts_of(sizes[:, INITIALS]),
    )


def _pieces(numbers: Record, at: NDArray[np.int64], sizes: NDArray[np.int64]) -> Record:
    """The stretches of an array that begin at these places, one after another."""
    starts = starts_of(sizes)
    inner = np.arange(starts[-1]) - np.repeat(starts[:-1], sizes)
    taken: Record = numbers[np.repeat(at, sizes) + inner]
    return taken


@compiled
def _strings_of(
    numbers: Record,
    starts: NDArray[np.int64],
    ends_at: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], Record]:
    """Lengths and letters of all strings of all records."""
    lengths = np.empty(counts.sum(), np.int64)
    letters = np.empty(len(numbers), np.uint32)
    at, end = 0, 0
    for r in range(len(counts)):
        before: Number = 0
        for i in range(counts[r]):
            upto = np.int64(numbers[ends_at[r] + i])
            lengths[at] = upto - before
            before = upto
            at += 1
        for i in range(ends_at[r] + counts[r], starts[r + 1]):
            letters[end] = numbers[i]
            end += 1
    return lengths, letters[:end].copy()


def _of_sounds(sounds: Strings, alphabet: Places) -> dict[str, NDArray[Any]]:
    made = near(sounds, len(alphabet) + 1)
    arrays: dict[str, NDArray[Any]] = {"alphabet": alphabet}
    for name in Kept._fields:
        part = getattr(made, name)
        if isinstance(part, Trie):
            arrays |= {f"{name}_{x}": y for x, y in part._asdict().items()}
        else:
            arrays[f"sound_{name}"] = part
    return arrays


def _marked(strings: Strings, words: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Sorted marks of strings with their words."""
    marks = _marks(strings.letters, strings.starts) | words.astype(np.uint64)
    return np.sort(marks)


@compiled
def _marks(letters: Codes, starts: NDArray[np.int64]) -> NDArray[np.uint64]:
    marks = np.empty(len(starts) - 1, np.uint64)
    for s in range(len(marks)):
        marks[s] = mark_of(letters[starts[s] : starts[s + 1]])
    return marks


Pairs = tuple[NDArray[np.int64], NDArray[np.int64]]


def _spoken(folded: Pairs, stems: Pairs, flags: Bytes) -> dict[str, NDArray[Any]]:
    """Words by their folded sounds, and the stems that are not folded sounds of their word."""
    span = 1 + max((int(x.max()) for x in (folded[1], stems[1]) if len(x)), default=0)
    said, meant = folded[0] * span + folded[1], stems[0] * span + stems[1]
    crooked = np.unique(folded[0][~np.isin(said, meant)])
    flags[folded[0]] |= STRAIGHT
    flags[crooked] &= ~np.uint8(STRAIGHT)
    bent = ~np.isin(meant, said) | np.isin(stems[0], crooked)
    flags[stems[0][bent]] |= BENT
    order = np.lexsort((folded[1], folded[0]))
    counts = np.bincount(folded[0], minlength=len(flags))
    arrays = _listed("bent", stems[0][bent], stems[1][bent])
    arrays["bent_sounds"] = arrays.pop("bent_keys")
    return arrays | {
        "spoken_starts": starts_of(counts).astype(np.uint32),
        "spoken": folded[1][order].astype(np.uint32),
    }


def _listed(name: str, keys: NDArray[Any], words: NDArray[Any]) -> dict[str, NDArray[Any]]:
    """Pairs sorted by their keys."""
    order = np.lexsort((words, keys))
    return {
        f"{name}_keys": keys[order].astype(np.uint32),
        f"{name}_words": words[order].astype(np.uint32),
    }


def _kin(
    read: Read, ids: NDArray[np.int64], number: NDArray[np.int64], flags: Bytes, alphabet: Places
) -> dict[str, NDArray[Any]]:
    """Words by the names that they may be: all words of the same names are one kin."""
    of_others = np.flatnonzero(read.string_kinds == OTHERS)
    others = np.searchsorted(read.string_words[of_others], np.arange(len(number) + 1))
    kins: dict[tuple[bytes, ...], int] = {}
    kin_of = np.full(len(number), -1)
    named = np.flatnonzero((np.diff(read.group_starts) > 0) | (np.diff(others) > 0))
    for word in named.tolist():
        key = (
            read.groups[read.group_starts[word] : read.group_starts[word + 1]].tobytes(),
            ids[of_others[others[word] : others[word + 1]]].tobytes(),
            read.initials[read.initial_starts[word] : read.initial_starts[word + 1]].tobytes(),
        )
        kin_of[word] = kins.setdefault(key, len(kins))
    kind = {"groups": np.uint32, "others": np.int64, "initials": np.uint32}
    columns = {
        name: [np.frombuffer(key[place], kind[name]) for key in kins]
        for place, name in enumerate(kind)
    }
    order = named[np.lexsort((number[named], kin_of[named]))]
    numbers = {x: np.repeat(np.arange(len(kins)), [len(z) for z in y]) for x, y in columns.items()}
    flat = {x: np.concatenate([*y, np.zeros(0, kind[x])]) for x, y in columns.items()}
    flags[flat["others"]] |= NAMED
    groups = _listed("group", flat["groups"], numbers["groups"])
    forms = _listed("other", flat["others"], numbers["others"])
    places = np.searchsorted(alphabet, flat["initials"]) + 1
    letters = _listed("initial", places, numbers["initials"])
    return {
        "kin_starts": starts_of(np.bincount(kin_of[named], minlength=len(kins))).astype(np.uint32),
        "kin_words": number[order].astype(np.uint32),
        "group_numbers": groups["group_keys"],
        "group_kin": groups["group_words"],
        "other_sounds": forms["other_keys"],
        "other_kin": forms["other_words"],
        "initial_kin_letters": letters["initial_keys"],
        "initial_kin": letters["initial_words"],
    }


def _of_words(
    read: Read,
    texts: Sequence[tuple[str, str]],
    order: NDArray[np.int64],
    number: NDArray[np.int64],
    alphabet: Places,
) -> dict[str, NDArray[Any]]:
    """What is kept of each word itself, in the order of numbers, the empty word first."""
    heads = read.heads[order]
    flags = heads[:, SCRIPT] | (heads[:, SHORT] * IS_SHORT) | (heads[:, INITIAL] * IS_INITIAL)
    flags |= np.where(heads[:, PARTS] > 0, HAS_PARTS, 0).astype(np.uint32)
    written = [texts[x][0] for x in order.tolist()]
    letters, letter_alphabet = coded(strings(["", *written]))
    other = [(number[i], text[1]) for i, text in enumerate(texts) if text[1] and number[i]]
    other.sort()
    also = strings([x[1] for x in other])
    initial = np.repeat(read.heads[:, INITIAL] > 0, np.diff(read.initial_starts))
    owners = np.repeat(number, np.diff(read.initial_starts))[initial]
    places = np.searchsorted(alphabet, read.initials[initial]) + 1
    listed = _listed("initial", places, owners)
    return {
        "word_flags": np.concatenate([[0], flags]).astype(np.uint8),
        "letters": letters.letters,
        "letter_starts": letters.starts.astype(np.uint32),
        "letter_alphabet": letter_alphabet,
        "also_words": np.array([x[0] for x in other], np.uint32),
        "also_letters": also.letters.astype(np.uint32),
        "also_starts": also.starts.astype(np.uint32),
        "initial_letters": listed["initial_keys"],
        "initial_words": listed["initial_words"],
    }
