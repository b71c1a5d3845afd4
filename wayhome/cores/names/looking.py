"""Which words of an index are tied to one asked word, and how: in machine code.

From the closest tie to the loosest; a word that has been marked keeps its mark. Only those sounds
of the asked word that the index knows, or that are near to some that it knows, lead to words.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, Number, boxed, compiled
from .nearness import Codes, Near, Places, Room, grown, near_of, ones, room_for
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
from .spelling import Tie, slips_allowed
from .strings import equals, place_in, place_of

Bytes = NDArray[np.uint8]

# What the flags of a string of sounds say.
STRAIGHT = 1  # it is a stem of every word of which it is a folded reading
BENT = 2  # it is a stem of words listed apart
NAMED = 4  # it is a form of a name, and so near to all words that may be that name
PIECE = 8  # it is a part of a compound word
LEARNED = 16  # it is the likeliest learned reading of a word
# What those of a word say, beside its script in the lowest two bits.
IS_SHORT, IS_INITIAL, HAS_PARTS = 4, 8, 16
OFTEN_NEAR = 1 << 15  # hardly ever are more sounds near to a reading of a word
# What was found near to a string is kept: so many strings, so many sounds near to them in all. A
# string has two keys; one that has more letters than fit in them is not kept.
KEPT_STRINGS, KEPT_SOUNDS = 1 << 16, 1 << 22
LETTER_BITS = 5


@dataclass(frozen=True, slots=True)
class View:
    """All words tied to one asked word, and how; words that differ or say nothing are left out.

    `ids` int32, ascending, without 0; `ties` uint8, values of `Tie`, shape as `ids`.
    """

    ids: NDArray[np.int32]
    ties: Bytes


class Held(NamedTuple):
    """The arrays of an index. Sounds are numbered as they are sorted, words from 1 up.

    spoken[spoken_starts[s]:spoken_starts[s + 1]]: the words of which sounds s are a folded reading.
    Where sounds and the stem of a word are not the same: bent_words. A kin is a set of names that a
    word may be: kin k has the groups kin_groups[kin_group_starts[k]:…] and the words
    kin_words[kin_starts[k]:…]; group_numbers (ascending, repeated) and group_kin lead from group to
    kin, other_sounds and other_kin from a form of a name, initial_kin_letters and initial_kin from
    an initial. likely: sorted marks of learned readings, each with its word (`mark_of`). The words
    of sounds s begin in bent_words at bent_starts[s], and in reached, where all stand to which what
    is near to s leads (`all_reached`), at reached_starts[s]. confused, shape (codes, codes + 1):
    sounds that are taken for each other; in the last column those that are lost. part_sounds and
    part_words: compounds; initial_letters and initial_words: words that are initials. A word's
    letters as written are letters[letter_starts[w]:letter_starts[w + 1]], in codes of
    letter_alphabet.
    """

    near: Near
    alphabet: Places
    sound_flags: Bytes
    spoken_starts: Places
    spoken: Places
    bent_words: Places
    bent_starts: Places
    kin_starts: Places
    kin_words: Places
    group_numbers: Places
    group_kin: Places
    other_sounds: Places
    other_kin: Places
    initial_kin_letters: Places
    initial_kin: Places
    likely: NDArray[np.uint64]
    reached: Places
    reached_starts: Places
    confused: NDArray[np.bool_]
    part_sounds: Places
    part_words: Places
    initial_letters: Places
    initial_words: Places
    word_flags: Bytes
    letter_alphabet: Places
    letters: Codes
    letter_starts: Places


class Ties(NamedTuple):
    """What the code marks words with: the members of `spelling.Tie` of these names."""

    exact: int
    translit: int
    variant: int
    form: int
    language: int
    diminutive: int
    likely: int
    confused: int
    typo1: int
    typo2: int
    typo3: int
    part: int
    prefix: int
    initial: int


class Asking(NamedTuple):
    """An index and the rules by which it is asked."""

    held: Held
    ties: Ties
    slips: Bytes
    min_prefix: int


class Memory(NamedTuple):
    """What was found near to strings: the place of a string among the slots, and what is there.

    keys, shape (slots, 2): the letters of a string; spans, shape (slots, 2): where its sounds
    begin and end in sounds, with how far they are in kinds. used: strings, sounds.
    """

    keys: NDArray[np.uint64]
    spans: NDArray[np.int64]
    sounds: Places
    kinds: Bytes
    used: NDArray[np.int64]


class Desk(NamedTuple):
    """Room to work in: ties of words, and which have one, and how far sounds are, all zeros between
    two questions; sounds that are near; what is remembered. It is kept, since to ask for so much
    anew costs more than the question itself.
    """

    ties: Bytes
    marked: NDArray[np.uint64]
    far: Bytes
    sounds: Places
    room: Room
    memory: Memory


TIES = Ties(*(int(Tie[x.upper()]) for x in Ties._fields))


class Asked(NamedTuple):
    """A record taken apart, in an index's own codes; string i is codes[ends[i]:ends[i + 1]]."""

    head: Record
    groups: Record
    initials: Codes
    letters: Codes
    ends: NDArray[np.int64]
    codes: Codes


@compiled
def taken_apart(
    asked: Record, alphabet: Places, letter_alphabet: Places, like: Codes, letters_like: Codes
) -> Asked:
    at = HEAD
    groups = asked[at : at + asked[GROUPS]]
    at += asked[GROUPS]
    initials = in_codes(asked[at : at + asked[INITIALS]], alphabet, like)
    at += asked[INITIALS]
    letters = in_codes(asked[at : at + asked[LETTERS]], letter_alphabet, letters_like)
    at += asked[LETTERS]
    count = np.int64(asked[FOLDED] + asked[STEMS] + asked[LIKELY] + asked[OTHERS] + asked[PARTS])
    ends = np.zeros(count + 1, np.int64)
    for i in range(count):
        ends[i + 1] = asked[at + i]
    return Asked(
        asked[:HEAD], groups, initials, letters, ends, in_codes(asked[at + count :], alphabet, like)
    )


@compiled
def in_codes(points: Record, alphabet: Places, like: Codes) -> Codes:
    """Code points as codes of an alphabet, of the type of `like`."""
    codes = np.zeros(len(points), like.dtype)
    for i in range(len(points)):
        place = np.searchsorted(alphabet, points[i])
        if place < len(alphabet) and alphabet[place] == points[i]:
            codes[i] = place + 1
    return codes


@compiled
def mark(ties: Bytes, marked: NDArray[np.uint64], word: Number, tie: Number) -> None:
    """Say how a word is tied, unless a closer tie was said before.

    Two arrays of a desk, since to hand over all of it costs more than to mark a word.
    """
    if ties[word] == 0:
        ties[word] = tie
        marked[word >> 6] |= np.uint64(1) << np.uint64(word & 63)


@compiled
def first_of(keys: NDArray[Any], key: Number) -> Number:
    """Where a key stands first, or would stand, among sorted ones."""
    low, high = 0, len(keys)
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def mark_listed(
    ties: Bytes, marked: NDArray[np.uint64], keys: Places, words: Places, key: Number, tie: Number
) -> None:
    """Mark the words that stand beside a key."""
    i = first_of(keys, key)
    while i < len(keys) and keys[i] == key:
        mark(ties, marked, words[i], tie)
        i += 1


@compiled
def mark_kins(
    starts: Places,
    words: Places,
    seen: NDArray[np.bool_],
    ties: Bytes,
    marked: NDArray[np.uint64],
    keys: Places,
    kins: Places,
    key: Number,
    tie: Number,
) -> None:
    """Mark the words of the kins that stand beside a key, but for those seen before."""
    k = first_of(keys, key)
    while k < len(keys) and keys[k] == key:
        if not seen[kins[k]]:
            seen[kins[k]] = True
            for i in range(starts[kins[k]], starts[kins[k] + 1]):
                mark(ties, marked, words[i], tie)
        k += 1


@compiled
def mark_sounds(
    held: Held,
    sounds: Places,
    kinds: Bytes,
    count: Number,
    wanted: Number,
    tie: Number,
    desk: Desk,
) -> None:
    """Of `count` sounds those of the wanted kind: mark all words of which they are a stem."""
    ties, marked = desk.ties, desk.marked
    flags, starts, spoken = held.sound_flags, held.spoken_starts, held.spoken
    bent_starts, bent_words = held.bent_starts, held.bent_words
    for s in range(count):
        if kinds[s] != wanted:
            continue
        here = np.int64(sounds[s])
        if flags[here] & STRAIGHT:
            for i in range(starts[here], starts[here + 1]):
                mark(ties, marked, spoken[i], tie)
        if flags[here] & BENT:
            for i in range(bent_starts[here], bent_starts[here + 1]):
                mark(ties, marked, bent_words[i], tie)


@compiled
def looked_up(index: Box, record: Record, at: Box) -> tuple[NDArray[np.int32], Bytes]:
    """All words tied to the one of a record; from the closest tie to the loosest.

    Of an `Asking`, at a `Desk`.
    """
    (held, ties, slips, min_prefix), desk = index[0], at[0]
    asked = taken_apart(
        record, held.alphabet, held.letter_alphabet, held.near.letters, held.letters
    )
    count = len(asked.ends) - 1
    places = np.empty(count, np.uint32)
    found = np.empty(count, np.bool_)
    for i in range(count):
        text = asked.codes[asked.ends[i] : asked.ends[i + 1]]
        places[i] = place_in(held.near, text)
        found[i] = places[i] < len(held.near.bags) and equals(
            held.near.letters, held.near.starts, places[i], text
        )
    folded = np.int64(asked.head[FOLDED])
    stems = folded + np.int64(asked.head[STEMS])
    learned = stems + np.int64(asked.head[LIKELY])
    others = learned + np.int64(asked.head[OTHERS])
    kinds = np.zeros(count, np.uint8)
    for i in range(count):
        if found[i]:
            kinds[i] = 1 + (i >= folded) + (i >= stems) + (i >= learned) + (i >= others)
    for i in range(folded):
        if found[i]:
            _mark_spoken(held, asked, places[i], ties, desk)
    # Once its words are marked, a kin need not be gone through again.
    seen = np.zeros(len(held.kin_starts), np.bool_)
    mark_sounds(held, places, kinds, count, 2, ties.form, desk)
    _mark_groups(held, asked, ties, seen, desk)
    mark_sounds(held, places, kinds, count, 3, ties.likely, desk)
    for i in range(folded, learned):
        text = asked.codes[asked.ends[i] : asked.ends[i + 1]]
        _mark_likely(held.likely, text, ties.likely, desk.ties, desk.marked)
    _mark_near(held, asked, stems, learned, others, slips, ties, seen, desk)
    for i in range(count):
        if kinds[i] in (2, 5) and held.sound_flags[places[i]] & PIECE:
            mark_listed(
                desk.ties, desk.marked, held.part_sounds, held.part_words, places[i], ties.part
            )
    mark_sounds(held, places, kinds, count, 5, ties.part, desk)
    if not asked.head[INITIAL]:
        for i in range(folded):
            text = asked.codes[asked.ends[i] : asked.ends[i + 1]]
            _mark_prefixed(held, text, places[i], min_prefix, ties.prefix, desk)
    _mark_initials(held, asked, ties.initial, seen, desk)
    return gathered(desk)


@compiled
def _mark_spoken(held: Held, asked: Asked, sounds: Number, ties: Ties, desk: Desk) -> None:
    marks, marked = desk.ties, desk.marked
    letters, starts, flags, spoken = (
        held.letters, held.letter_starts, held.word_flags, held.spoken
    )  # fmt: skip
    text, script = asked.letters, asked.head[SCRIPT]
    for i in range(held.spoken_starts[sounds], held.spoken_starts[sounds + 1]):
        word = spoken[i]
        if equals(letters, starts, word, text):
            mark(marks, marked, word, ties.exact)
        elif flags[word] & 3 == script:
            mark(marks, marked, word, ties.variant)
        else:
            mark(marks, marked, word, ties.translit)


@compiled
def _mark_groups(held: Held, asked: Asked, ties: Ties, seen: NDArray[np.bool_], desk: Desk) -> None:
    numbers, kins, starts, words = (
        held.group_numbers, held.group_kin, held.kin_starts, held.kin_words
    )  # fmt: skip
    flags, marks, marked = held.word_flags, desk.ties, desk.marked
    short, diminutive, language = asked.head[SHORT], ties.diminutive, ties.language
    for group in asked.groups:
        k = first_of(numbers, group)
        while k < len(numbers) and numbers[k] == group:
            seen[kins[k]] = True
            for i in range(starts[kins[k]], starts[kins[k] + 1]):
                tender = short or flags[words[i]] & IS_SHORT
                mark(marks, marked, words[i], diminutive if tender else language)
            k += 1


@compiled
def mark_of(text: Codes) -> np.uint64:
    """A number that strings of sounds do not share, but for one pair in 10**12: its lowest 24 bits,
    zeros, are for the number of a word.
    """
    mark = np.uint64(0xCBF29CE484222325)
    for code in text:
        mark = (mark ^ np.uint64(code)) * np.uint64(0x100000001B3)
    mark = (mark ^ (mark >> np.uint64(32))) * np.uint64(0x9E3779B97F4A7C15)
    return mark & ~np.uint64(0xFFFFFF)


@compiled
def _mark_likely(
    likely: NDArray[np.uint64],
    text: Codes,
    tie: Number,
    ties: Bytes,
    marked: NDArray[np.uint64],
) -> None:
    """Mark the words of which a learned reading is this."""
    wanted = mark_of(text)
    i = first_of(likely, wanted)
    while i < len(likely) and likely[i] & ~np.uint64(0xFFFFFF) == wanted:
        mark(ties, marked, np.int64(likely[i] & np.uint64(0xFFFFFF)), tie)
        i += 1


@compiled
def is_confused(
    letters: Codes, start: Number, end: Number, text: Codes, confused: NDArray[np.bool_]
) -> bool:
    """Say whether two strings differ by one sound that is easily taken for another, or lost."""
    size, same = end - start, 0
    while same < size and same < len(text) and letters[start + same] == text[same]:
        same += 1
    tail = 0
    while (
        tail < size - same
        and tail < len(text) - same
        and letters[end - 1 - tail] == text[len(text) - 1 - tail]
    ):
        tail += 1
    more, fewer = size - same - tail, len(text) - same - tail
    if more == 1 and fewer == 1:
        return bool(confused[letters[start + same], text[same]])
    if more == 1 and fewer == 0:
        return bool(confused[letters[start + same], confused.shape[0]])
    if more == 0 and fewer == 1:
        return bool(confused[text[same], confused.shape[0]])
    return False


@compiled
def _mark_near(
    held: Held,
    asked: Asked,
    stems: Number,
    learned: Number,
    others: Number,
    slips: Bytes,
    ties: Ties,
    seen: NDArray[np.bool_],
    desk: Desk,
) -> None:
    """Mark the words to which a string is near, each by the nearest; ties are numbered by how close
    they are.
    """
    sounds, count = desk.sounds, 0
    far, marks, marked = desk.far, desk.ties, desk.marked
    nearest = stems if asked.head[SCRIPT] == IN_CYRILLIC else stems + 1
    for i in range(asked.head[FOLDED], others):
        if nearest <= i < learned:
            continue  # of the learned readings only the likeliest
        text = asked.codes[asked.ends[i] : asked.ends[i + 1]]
        most = slips[min(len(text), len(slips) - 1)]
        near_sounds, kinds, first, last = recalled(held, text, most, desk)
        if count + last - first > len(sounds):
            sounds = grown(sounds, 2 * count + last - first)
        for k in range(first, last):
            here = near_sounds[k]
            known, kind = far[here], np.uint8(kinds[k] + 1)
            sounds[count] = here
            count += known == 0
            far[here] = kind if (known == 0) | (known > kind) else known
    flags, starts, reached = held.sound_flags, held.reached_starts, held.reached
    kin_starts, kin_words, kin_far = held.kin_starts, held.kin_words, seen.astype(np.uint8)
    of_kinds = np.array([0, ties.confused, ties.typo1, ties.typo2, ties.typo3]).astype(np.uint8)
    for k in range(count):
        here = np.int64(sounds[k])
        kind = far[here]
        far[here] = 0
        mark_closer(marks, marked, reached, starts[here], starts[here + 1], of_kinds[kind])
        if flags[here] & NAMED:
            place = first_of(held.other_sounds, here)
            while place < len(held.other_sounds) and held.other_sounds[place] == here:
                kin = held.other_kin[place]
                if kin_far[kin] == 0 or kin_far[kin] > kind:
                    kin_far[kin] = kind
                    seen[kin] = True
                    first, last = kin_starts[kin], kin_starts[kin + 1]
                    mark_closer(marks, marked, kin_words, first, last, of_kinds[kind])
                place += 1


@compiled
def mark_closer(
    ties: Bytes,
    marked: NDArray[np.uint64],
    words: Places,
    first: Number,
    last: Number,
    tie: np.uint8,
) -> None:
    """Say how the words first to last are tied, unless a tie as close was said before.

    Without a condition that nobody can foresee: it would have to wait for each word.
    """
    for i in range(first, last):
        word = np.int64(words[i])
        known = ties[word]
        ties[word] = tie if (known == 0) | (known > tie) else known
        marked[word >> 6] |= np.uint64(1) << np.uint64(word & 63)


@compiled
def all_reached(
    flags: Bytes,
    straight_starts: Places,
    straight: Places,
    bent_sounds: Places,
    bent: Places,
    learned_sounds: Places,
    learned: Places,
) -> tuple[Places, Places]:
    """For all sounds the words to which what is near to them leads, and where those begin.

    Words of which they are a stem, or the likeliest learned reading.
    """
    reached = np.empty(len(straight) + len(bent) + len(learned), np.uint32)
    starts = np.zeros(len(flags) + 1, np.uint32)
    count, b, c = 0, 0, 0
    for sounds in range(len(flags)):
        if flags[sounds] & STRAIGHT:
            for i in range(straight_starts[sounds], straight_starts[sounds + 1]):
                reached[count] = straight[i]
                count += 1
        while b < len(bent) and bent_sounds[b] == sounds:
            reached[count] = bent[b]
            count, b = count + 1, b + 1
        while c < len(learned) and learned_sounds[c] == sounds:
            reached[count] = learned[c]
            count, c = count + 1, c + 1
        starts[sounds + 1] = count
    return reached[:count].copy(), starts


@compiled
def recalled(
    held: Held, text: Codes, most: Number, desk: Desk
) -> tuple[Places, Bytes, Number, Number]:
    """The sounds near to a string, and how far: 0 for one that is taken for it, 1, 2, 3 slips.

    Two arrays, and where in them its own begin and end; looked for if they are not remembered.
    """
    memory, one, other = desk.memory, np.uint64(1), np.uint64(0)
    half = 63 // LETTER_BITS
    home: Number = 0
    at: Number = 0
    fits = len(text) < 2 * half and len(held.near.symbols) < 1 << LETTER_BITS
    if fits:
        for i in range(len(text)):
            if i < half:
                one = (one << np.uint64(LETTER_BITS)) | np.uint64(text[i])
            else:
                other = (other << np.uint64(LETTER_BITS)) | np.uint64(text[i])
        mixed = (one ^ (other * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xFF51AFD7ED558CCD)
        home = np.int64(mixed >> np.uint64(40)) & (len(memory.keys) - 1)
        slot = home
        while memory.keys[slot, 0]:
            if memory.keys[slot, 0] == one and memory.keys[slot, 1] == other:
                return memory.sounds, memory.kinds, memory.spans[slot, 0], memory.spans[slot, 1]
            slot = (slot + 1) & (len(memory.keys) - 1)
    near, confused = held.near, held.confused
    letters, starts = near.letters, near.starts
    found, kinds, count = near_of(near, text, most, desk.room)
    for k in range(count):
        start, end = np.int64(starts[found[k]]), np.int64(starts[found[k] + 1])
        if kinds[k] == 0:
            kinds[k] = 1
        elif kinds[k] == 1 and is_confused(letters, start, end, text, confused):
            kinds[k] = 0
    if fits and count < len(memory.sounds) // 4:
        at = memory.used[1]
        if at + count > len(memory.sounds) or 2 * memory.used[0] >= len(memory.keys):
            memory.keys[:] = 0  # everything is forgotten, and kept anew
            memory.used[0], at = 0, 0
            slot = home
        memory.keys[slot, 0], memory.keys[slot, 1] = one, other
        memory.spans[slot, 0], memory.spans[slot, 1] = at, at + count
        memory.sounds[at : at + count] = found[:count]
        memory.kinds[at : at + count] = kinds[:count]
        memory.used[0] += 1
        memory.used[1] = at + count
    return found, kinds, np.int64(0), np.int64(count)


@compiled
def _mark_prefixed(
    held: Held, text: Codes, place: Number, least: Number, tie: Number, desk: Desk
) -> None:
    """Mark words that begin with these sounds, or with which these begin; initials are left out."""
    letters, starts = held.near.letters, held.near.starts
    spoken_starts, spoken, flags = held.spoken_starts, held.spoken, held.word_flags
    ties, marked = desk.ties, desk.marked
    high = len(held.near.bags)
    for size in range(least, len(text)):
        low = place_in(held.near, text[:size])
        if low < high and equals(letters, starts, low, text[:size]):
            first, last = spoken_starts[low], spoken_starts[low + 1]
            _mark_whole(ties, marked, spoken, flags, first, last, tie)
    if len(text) >= least:
        end = place
        while end < high and _begins(letters, starts, end, text):
            end += 1
        _mark_whole(ties, marked, spoken, flags, spoken_starts[place], spoken_starts[end], tie)


@compiled
def _mark_whole(
    ties: Bytes,
    marked: NDArray[np.uint64],
    words: Places,
    flags: Bytes,
    first: Number,
    last: Number,
    tie: Number,
) -> None:
    """Mark the words first to last that are no initials."""
    for i in range(first, last):
        if not flags[words[i]] & IS_INITIAL:
            mark(ties, marked, words[i], tie)


@compiled
def _begins(letters: Codes, starts: Places, number: Number, text: Codes) -> bool:
    start = np.int64(starts[number])
    if np.int64(starts[number + 1]) - start < len(text):
        return False
    k = 0
    while k < len(text) and letters[start + k] == text[k]:
        k += 1
    return k == len(text)


@compiled
def _mark_initials(
    held: Held, asked: Asked, tie: Number, seen: NDArray[np.bool_], desk: Desk
) -> None:
    ties, marked = desk.ties, desk.marked
    for letter in asked.initials:
        if letter == 0:
            continue
        mark_listed(ties, marked, held.initial_letters, held.initial_words, letter, tie)
        if asked.head[INITIAL]:
            mark_kins(
                held.kin_starts, held.kin_words, seen, ties, marked, held.initial_kin_letters,
                held.initial_kin, letter, tie,
            )  # fmt: skip
            one = np.full(1, letter, held.near.letters.dtype)
            low = place_of(held.near.letters, held.near.starts, one, 0, len(held.near.bags))
            one[0] += 1
            high = place_of(held.near.letters, held.near.starts, one, low, len(held.near.bags))
            spoken = held.spoken
            for i in range(held.spoken_starts[low], held.spoken_starts[high]):
                mark(ties, marked, spoken[i], tie)


@compiled
def gathered(desk: Desk) -> tuple[NDArray[np.int32], Bytes]:
    """The marked words and their ties, ascending; the desk is cleared."""
    count = np.uint64(0)
    for bits in desk.marked:
        count += ones(bits)
    ids, found = np.empty(count, np.int32), np.empty(count, np.uint8)
    at = 0
    for i in range(len(desk.marked)):
        bits = desk.marked[i]
        if bits:
            desk.marked[i] = 0
            while bits:
                word = 64 * i + np.int64(ones((bits & (~bits + np.uint64(1))) - np.uint64(1)))
                bits &= bits - np.uint64(1)
                ids[at], found[at] = word, desk.ties[word]
                desk.ties[word] = 0
                at += 1
    return ids, found


@compiled
def written_so(held: Held, record: Record) -> list[Number]:
    """The numbers of all words that are written like this one; they may repeat."""
    near = held.near
    asked = taken_apart(record, held.alphabet, held.letter_alphabet, near.letters, held.letters)
    found = [np.int64(0) for _ in range(0)]
    for k in range(asked.head[FOLDED]):
        text = asked.codes[asked.ends[k] : asked.ends[k + 1]]
        place = place_in(near, text)
        if place < len(near.bags) and equals(near.letters, near.starts, place, text):
            for i in range(held.spoken_starts[place], held.spoken_starts[place + 1]):
                if equals(held.letters, held.letter_starts, held.spoken[i], asked.letters):
                    found.append(np.int64(held.spoken[i]))
    return found


def desk_for(words: int, near: Near) -> Box:
    """Room to look up among so many words, which have these sounds."""
    desk = Desk(
        np.zeros(words, np.uint8),
        np.zeros(words // 64 + 1, np.uint64),
        np.zeros(len(near.bags), np.uint8),
        np.zeros(OFTEN_NEAR, np.uint32),
        room_for(near),
        Memory(
            np.zeros((KEPT_STRINGS, 2), np.uint64),
            np.empty((KEPT_STRINGS, 2), np.int64),
            np.empty(KEPT_SOUNDS, np.uint32),
            np.empty(KEPT_SOUNDS, np.uint8),
            np.zeros(2, np.int64),
        ),
    )
    return boxed(desk)


SLIPS = np.array([max(1, slips_allowed(size)) for size in range(64)], np.uint8)
