"""Words read into records by machine code, by the tables of `letters`, `forms` and `likely`.

For every word the record is that of `spelling.spelling`, which stays the plain rule. What `letters`
does letter by letter before the roads begin (`prepared`) is done there too, if there is any to do.
"""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import letters, likely
from .compiled import Box, Number, boxed, compiled
from .forms import (
    CASES,
    FATHER,
    MOST_CASES,
    OF_PEOPLES,
    OPEN,
    STEMS,
    cases_of_names,
    full_forms,
    is_short_form,
    lexicon,
)
from .letters import (
    BY_FATHER,
    CYRILLIC_ROADS,
    LATIN_ROADS,
    TIDY,
    plain,
    prepared,
    script_of,
)
from .machine import (
    ROOM,
    TABLE,
    Numbers,
    Text,
    Writer,
    changed,
    registers,
    search,
    substitute,
)
from .nearness import grown
from .records import (
    FOLDED,
    HEAD,
    IN_CYRILLIC,
    INITIAL,
    INITIALS,
    LETTERS,
    LIKELY,
    OTHERS,
    PARTS,
    SCRIPT,
    SCRIPTS,
    SHORT,
    Record,
)
from .records import (
    GROUPS as GROUPED,
)
from .records import (
    STEMS as STEM_COUNT,
)
from .spelling import MAX_READINGS, MOST_LETTERS
from .strings import coded, equals, order_of, place_of, starts_of, strings

NO_LETTERS, LATIN, CYRILLIC = range(3)
LOT = 10_000  # words that are read at a time
FORMS = 3  # so many full forms of each name are set beside a word
IS_SHORT = 1


class Tables(NamedTuple):
    """All that reading needs, in numbers.

    roads, shape (roads, 4): LATIN or CYRILLIC, pattern of the words that may have gone it or -1,
    first step, last step; tidy: first and last step. stems, shape (stems, 3): pattern of the words,
    pattern, template. cases, shape (cases, 2): pattern, template; of words that are open, by a
    pattern, and of those that are their own stem. names: the sounds of all forms of names, sorted,
    in code points; name_flags; name n has the groups groups[group_starts[n]:group_starts[n + 1]].
    declined: the sounds of their other cases, sorted; and the nominative of each. group_numbers:
    sorted; the forms of group g stand in form_starts[g]:form_starts[g + 1]; a form in
    form_letters[form_ends[f]:form_ends[f + 1]]. The last seven are the table of `likely`, the code
    of each letter in it, and its sounds.
    """

    image: Numbers
    roads: Numbers
    tidy: Numbers
    stems: Numbers
    cases: Numbers
    of_peoples: int
    open: int
    declined: Text
    declined_starts: NDArray[np.int64]
    nominatives: Text
    nominative_starts: NDArray[np.int64]
    names: Text
    name_starts: NDArray[np.int64]
    name_flags: NDArray[np.uint8]
    group_starts: NDArray[np.int64]
    groups: Text
    group_numbers: Text
    form_starts: NDArray[np.int64]
    form_letters: Text
    form_ends: NDArray[np.int64]
    readings: int
    most_forms: int
    most_letters: int
    most_likely: int
    around: NDArray[np.int64]
    keys: NDArray[np.uint64]
    span: NDArray[np.int32]
    outputs: NDArray[np.uint16]
    costs: NDArray[np.uint8]
    codes: NDArray[np.uint8]
    sounds: Text


class Records(NamedTuple):
    """Record r is numbers[starts[r]:starts[r + 1]]."""

    numbers: Record
    starts: NDArray[np.int64]

    def each(self) -> Iterator[Record]:
        """Record after record."""
        ends = self.starts.tolist()
        return (self.numbers[a:b] for a, b in pairwise(ends))


class Book(NamedTuple):
    """Distinct strings that are gathered one after another; what is written so far."""

    letters: Text
    ends: NDArray[np.int64]
    written: NDArray[np.int64]


class Desk(NamedTuple):
    """Two texts to work on, and room for `machine`."""

    one: Text
    two: Text
    memory: Numbers


class Word(NamedTuple):
    """A word before it is read: `letters[ends[i]:ends[i + 1]]` are what stands on it, prepared.

    First itself and its other reading (`mains` of them), then the pieces of a compound; kinds:
    whether each holds letters, and which. literal: as written.
    """

    letters: Text
    ends: NDArray[np.int64]
    kinds: NDArray[np.int64]
    literal: Text
    script: Number
    alphabetic: Number
    mains: Number


@lru_cache(maxsize=1)
def tables() -> Tables:
    """The tables as they stand in the modules that own them."""
    roads = [*((LATIN, x) for x in LATIN_ROADS), *((CYRILLIC, x) for x in CYRILLIC_ROADS)]
    cases = (*OF_PEOPLES, *CASES)
    changes = [*(x[1] for x in STEMS), *cases]
    writer = Writer(
        [*(step for _, road in roads for step in road.steps), *TIDY, *changes],
        [*(road.when for _, road in roads if road.when), *(when for when, _ in STEMS), OPEN],
    )
    learned = likely.table()
    return Tables(
        roads=np.array(
            [
                (script, writer.pattern(x.when) if x.when else -1, *writer.steps(x.steps))
                for script, x in roads
            ],
            np.int32,
        ),
        tidy=np.array(writer.steps(TIDY), np.int32),
        stems=np.array(
            [
                (writer.pattern(when), writer.pattern(pattern), writer.template(ending))
                for when, (pattern, ending) in STEMS
            ],
            np.int32,
        ),
        cases=np.array([(writer.pattern(x), writer.template(y)) for x, y in cases], np.int32),
        of_peoples=len(OF_PEOPLES),
        open=writer.pattern(OPEN),
        image=writer.image(),
        **_names(),
        **_declined(),
        readings=MAX_READINGS,
        most_letters=likely.MOST_LETTERS,
        most_likely=likely.MOST_READINGS,
        around=likely.NEIGHBOURHOODS,
        keys=learned.keys,
        span=learned.span,
        outputs=learned.outputs,
        costs=learned.costs,
        codes=_codes(learned.letters),
        sounds=np.array([0, *map(ord, likely.SOUNDS)], np.uint32),
    )


def _names() -> dict[str, Any]:
    """The forms of all names, and the groups that they belong to."""
    of_names = lexicon()[0]
    found = strings(of_names)
    order = order_of(coded(found)[0])
    sorted_names = found.taken(order)
    texts = list(of_names)
    groups = [sorted(of_names[texts[x]]) for x in order.tolist()]
    numbers = sorted(set().union(*groups))
    forms = [full_forms(x)[:FORMS] for x in numbers]
    flat = strings(form for several in forms for form in several)
    return {
        "names": sorted_names.letters,
        "name_starts": sorted_names.starts,
        "name_flags": np.array([IS_SHORT * is_short_form(texts[x]) for x in order], np.uint8),
        "group_starts": starts_of(np.array([len(x) for x in groups])),
        "groups": np.array([y for x in groups for y in x], np.uint32),
        "group_numbers": np.array(numbers, np.uint32),
        "form_starts": starts_of(np.array([len(x) for x in forms])),
        "form_letters": flat.letters,
        "form_ends": flat.starts,
        "most_forms": _most_forms(groups, dict(zip(numbers, forms, strict=True))),
    }


def _declined() -> dict[str, Any]:
    """The cases of names, and the nominative of each."""
    of_names = cases_of_names()
    cases = sorted(of_names)
    declined, named = strings(cases), strings(map(of_names.__getitem__, cases))
    return {
        "declined": declined.letters,
        "declined_starts": declined.starts,
        "nominatives": named.letters,
        "nominative_starts": named.starts,
    }


def _most_forms(groups: list[list[int]], forms: dict[int, tuple[str, ...]]) -> int:
    """How many letters the forms of one string of sounds have at most, each with one more."""
    return max(sum(len(y) + 1 for x in several for y in forms[x]) for several in groups)


def _codes(learned: str) -> NDArray[np.uint8]:
    """For each code point below TABLE what `likely.codes` makes of it, 0 for nothing."""
    found = np.zeros(TABLE, np.uint8)
    for letter in letters.KNOWN:
        code = likely.codes(letter, learned)
        if len(code) and ord(letter) < TABLE:
            found[ord(letter)] = code[0]
    return found


@compiled
def added(book: Book, first: Number, text: Text, size: Number) -> bool:
    """Write a string into the book, if it is not empty and not there behind the first ones."""
    count = book.written[0]
    if size == 0:
        return False
    for i in range(first, count):
        start = book.ends[i]
        if book.ends[i + 1] - start == size:
            k = 0
            while k < size and book.letters[start + k] == text[k]:
                k += 1
            if k == size:
                return False
    start = book.ends[count]
    book.letters[start : start + size] = text[:size]
    book.ends[count + 1] = start + size
    book.written[0] = count + 1
    return True


@compiled
def empty_book(strings: Number, letters: Number) -> Book:
    """Room for so many strings and letters."""
    return Book(
        np.empty(letters, np.uint32), np.zeros(strings + 1, np.int64), np.zeros(1, np.int64)
    )


@compiled
def read_roads(
    image: Numbers,
    roads: Numbers,
    tidy: Numbers,
    text: Text,
    kind: Number,
    first: Number,
    most: Number,
    book: Book,
    desk: Desk,
) -> None:
    """The readings of a word on all roads, tidied, behind the strings from the first on."""
    if kind == NO_LETTERS:
        if book.written[0] - first < most:
            added(book, first, text, len(text))
        return
    untidy = empty_book(len(roads), len(roads) * len(desk.one))
    for road in range(len(roads)):
        if roads[road, 0] != kind or book.written[0] - first == most:
            continue
        when = np.int64(roads[road, 1])
        if when >= 0 and search(image, when, text, len(text), 0, desk.memory) < 0:
            continue
        desk.one[: len(text)] = text
        size = changed(
            image, roads[road, 2], roads[road, 3], desk.one, len(text), desk.two, desk.memory
        )
        if not added(untidy, 0, desk.one, size):
            continue  # another road led to the same
        size = changed(image, tidy[0], tidy[1], desk.one, size, desk.two, desk.memory)
        added(book, first, desk.one, size)


@compiled
def stemmed(image: Numbers, stems: Numbers, text: Text, new: Text, memory: Numbers) -> Number:
    """Write the stem of sounds into a new text: its length."""
    for row in range(len(stems)):
        if search(image, stems[row, 0], text, len(text), 0, memory) >= 0:
            return substitute(image, stems[row, 1], stems[row, 2], text, len(text), new, memory)
    new[: len(text)] = text
    return np.int64(len(text))


@compiled
def name_of(names: Text, starts: NDArray[np.int64], text: Text) -> Number:
    """The number of a form of a name, or -1."""
    place = place_of(names, starts, text, 0, len(starts) - 1)
    if place < len(starts) - 1 and equals(names, starts, place, text):
        return np.int64(place)
    return np.int64(-1)


@compiled
def named(tables: Tables, text: Text, script: Number) -> Text:
    """The nominative of a name of which these sounds are a case, or the sounds themselves."""
    if script == IN_CYRILLIC:
        place = name_of(tables.declined, tables.declined_starts, text)
        if place >= 0:
            starts = tables.nominative_starts
            return tables.nominatives[starts[place] : starts[place + 1]]
    return text


@compiled
def read_cases(
    tables: Tables, text: Text, cyrillic: np.bool_, stems: Number, book: Book, desk: Desk
) -> None:
    """The stems of what sounds may be in the nominative, behind the stems that are there.

    In other letters, of what a people's own form may be in Russian papers.
    """
    image, memory = tables.image, desk.memory
    rows = np.int64(len(tables.cases)) if cyrillic else tables.of_peoples
    is_stem = _holds(book, stems, stems + 1, text)
    if cyrillic and not is_stem and search(image, tables.open, text, len(text), 0, memory) < 0:
        return
    count, cases = 0, tables.cases
    for row in range(rows):
        if count == MOST_CASES:
            break
        if search(image, cases[row, 0], text, len(text), 0, memory) >= 0:
            count += 1
            size = substitute(
                image, cases[row, 0], cases[row, 1], text, len(text), desk.one, memory
            )
            size = stemmed(image, tables.stems, desk.one[:size], desk.two, memory)
            added(book, stems, desk.two, size)


@compiled
def read_likely(tables: Tables, text: Text, stems: Number, book: Book, desk: Desk) -> None:
    """The stems of the learned readings, behind the stems that are there."""
    coded = np.empty(len(text), np.uint8)
    count = 0
    for letter in text:
        if letter < TABLE and tables.codes[letter]:
            coded[count] = tables.codes[letter]
            count += 1
    if count == 0 or count > tables.most_letters:
        return
    sounds = np.zeros((likely.BEAM, likely.MOST_SOUNDS), np.uint8)
    lengths = np.zeros(likely.BEAM, np.int64)
    found = likely.n_best(
        coded[:count], tables.around, tables.keys, tables.span, tables.outputs, tables.costs,
        sounds, lengths,
    )  # fmt: skip
    tidied = empty_book(likely.BEAM, likely.BEAM * likely.MOST_SOUNDS)
    for i in range(found):
        if tidied.written[0] == tables.most_likely:
            break
        for k in range(lengths[i]):
            desk.one[k] = tables.sounds[sounds[i, k]]
        size = changed(
            tables.image, tables.tidy[0], tables.tidy[1], desk.one, lengths[i], desk.two,
            desk.memory,
        )  # fmt: skip
        if added(tidied, 0, desk.one, size):
            start = tidied.ends[tidied.written[0] - 1]
            tidy = tidied.letters[start : start + size]
            size = stemmed(tables.image, tables.stems, tidy, desk.two, desk.memory)
            added(book, stems, desk.two, size)


@compiled
def read_word(tables: Tables, word: Word) -> Record:
    """The record of a word; of its pieces only the stems."""
    mains = word.mains
    room = ROOM * len(word.letters) + 64
    several = 3 * tables.readings + tables.most_likely + len(tables.roads) * len(word.kinds)
    several += tables.readings + MOST_CASES
    memory = registers(len(word.letters))
    desk = Desk(np.empty(room, np.uint32), np.empty(room, np.uint32), memory)
    forms = tables.readings * tables.most_forms
    book = empty_book(several + forms, several * room + forms)
    for number in range(mains):
        text = word.letters[word.ends[number] : word.ends[number + 1]]
        read_roads(
            tables.image, tables.roads, tables.tidy, text, word.kinds[number], 0, tables.readings,
            book, desk,
        )  # fmt: skip
    folded = book.written[0]
    if folded == 0:
        return np.zeros(HEAD, np.uint32)
    short, is_name, groups = _read_names(tables, word.script, folded, book, desk)
    stems = book.written[0] - folded
    if word.kinds[0] == LATIN:
        read_likely(tables, word.letters[: word.ends[1]], folded, book, desk)
    if not is_name:
        first, cyrillic = book.letters[: book.ends[1]], word.script == IN_CYRILLIC
        read_cases(tables, first, cyrillic, folded, book, desk)
    learned = book.written[0] - folded - stems
    initials = _read_forms(tables, groups, folded, stems, book)
    others = book.written[0] - folded - stems - learned
    if len(word.kinds) > mains:
        _read_parts(tables, word, book, desk)
    counts = (folded, stems, learned, others, book.written[0] - folded - stems - learned - others)
    initial = word.alphabetic <= 2
    for i in range(folded):
        initial = initial and book.ends[i + 1] - book.ends[i] <= 2
    return _written(word, counts, short, initial, groups, initials, book)


@compiled
def _read_names(
    tables: Tables, script: Number, folded: Number, book: Book, desk: Desk
) -> tuple[bool, bool, Text]:
    """Write the stems behind the folded sounds; all groups.

    Before them, whether one is a short form, and whether the first is a name at all.
    """
    image, names, starts = tables.image, tables.names, tables.name_starts
    flags, group_starts, of_names = tables.name_flags, tables.group_starts, tables.groups
    stems, memory = tables.stems, desk.memory
    short, is_name = False, False
    groups = np.empty(64, np.uint32)
    count: Number = np.int64(0)
    for i in range(folded):
        size = stemmed(
            image, stems, book.letters[book.ends[i] : book.ends[i + 1]], desk.two, memory
        )
        added(book, folded, desk.two, size)
    for i in range(folded):
        text = named(tables, book.letters[book.ends[i] : book.ends[i + 1]], script)
        size = stemmed(image, stems, text, desk.two, memory)
        added(book, folded, desk.two, size)
        name = name_of(names, starts, text)
        if name >= 0 and flags[name] & IS_SHORT:
            short = True
        if name < 0:
            name = name_of(names, starts, desk.two[:size])
        if name >= 0:
            for k in range(group_starts[name], group_starts[name + 1]):
                if count == len(groups):
                    longer = np.empty(2 * count, np.uint32)
                    longer[:count] = groups
                    groups = longer
                is_name = is_name or (i == 0 and of_names[k] < FATHER)
                count = _put(groups, count, of_names[k])
    return short, is_name, groups[:count]


@compiled
def _put(numbers: Text, count: Number, number: Number) -> Number:
    """Put a number where it belongs among sorted ones, if it is not there: how many there are."""
    place = count
    while place > 0 and numbers[place - 1] > number:
        place -= 1
    if place > 0 and numbers[place - 1] == number:
        return count
    for k in range(count, place, -1):
        numbers[k] = numbers[k - 1]
    numbers[place] = number
    return count + 1


@compiled
def _read_forms(tables: Tables, groups: Text, folded: Number, stems: Number, book: Book) -> Text:
    """Write the full forms of the names, but not the stems; all initials, sorted."""
    initials = np.empty(folded + len(groups) * FORMS, np.uint32)
    count: Number = np.int64(0)
    for i in range(folded):
        count = _put(initials, count, book.letters[book.ends[i]])
    first = book.written[0]
    for group in groups:
        row = np.searchsorted(tables.group_numbers, group)
        for f in range(tables.form_starts[row], tables.form_starts[row + 1]):
            text = tables.form_letters[tables.form_ends[f] : tables.form_ends[f + 1]]
            count = _put(initials, count, text[0])
            if book.written[0] - first < tables.readings and not _holds(
                book, folded, folded + stems, text
            ):
                added(book, first, text, len(text))
    return initials[:count]


@compiled
def _holds(book: Book, first: Number, last: Number, text: Text) -> bool:
    for i in range(first, last):
        start, k = book.ends[i], 0
        if book.ends[i + 1] - start == len(text):
            while k < len(text) and book.letters[start + k] == text[k]:
                k += 1
            if k == len(text):
                return True
    return False


@compiled
def _read_parts(tables: Tables, word: Word, book: Book, desk: Desk) -> None:
    """Write the stems of the readings of all pieces of a compound."""
    first = book.written[0]
    for number in range(word.mains, len(word.kinds)):
        text = word.letters[word.ends[number] : word.ends[number + 1]]
        piece = empty_book(len(tables.roads), len(tables.roads) * len(desk.one))
        read_roads(
            tables.image, tables.roads, tables.tidy, text, word.kinds[number], 0,
            len(tables.roads), piece, desk,
        )  # fmt: skip
        for i in range(piece.written[0]):
            sounds = piece.letters[piece.ends[i] : piece.ends[i + 1]]
            size = stemmed(tables.image, tables.stems, sounds, desk.two, desk.memory)
            added(book, first, desk.two, size)


@compiled
def _written(
    word: Word,
    counts: tuple[Number, Number, Number, Number, Number],
    short: bool,
    initial: bool,
    groups: Text,
    initials: Text,
    book: Book,
) -> Record:
    strings, letters = book.written[0], book.ends[book.written[0]]
    size = HEAD + len(groups) + len(initials) + len(word.literal) + strings + letters
    record = np.empty(size, np.uint32)
    record[SCRIPT], record[SHORT], record[INITIAL] = word.script, short, initial
    record[FOLDED], record[STEM_COUNT], record[LIKELY], record[OTHERS], record[PARTS] = counts
    record[GROUPED], record[INITIALS] = len(groups), len(initials)
    record[LETTERS] = len(word.literal)
    at = HEAD + len(groups)
    record[HEAD:at] = groups
    record[at : at + len(initials)] = initials
    at += len(initials)
    record[at : at + len(word.literal)] = word.literal
    at += len(word.literal)
    for i in range(strings):
        record[at + i] = book.ends[i + 1]
    record[at + strings :] = book.letters[:letters]
    return record


# Words of which every letter is of these are prepared as they are, but for patronymics.
_CYRILLIC_ALONE = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґў")
_LATIN_ALONE = frozenset("abcdefghijklmnopqrstuvwxyz")


def as_kept(word: str) -> str:
    """A word as it is stored and shown: see `letters.plain`; what is beyond any name is cut off."""
    return plain(word[: 2 * MOST_LETTERS]).strip(" ,;")[:MOST_LETTERS]


def read(word: str, also: str = "") -> Record:
    """The record of a word, and of another reading of it (keyboard left on Latin)."""
    return read_kept(as_kept(word), also)


@lru_cache(maxsize=20_000)
def read_kept(word: str, also: str = "") -> Record:
    """The same of a word as it is kept: see `as_kept`."""
    found: Record = _read_one(_in_a_box(), _numbers(packed(word, also)))
    return found


def read_all(words: Sequence[tuple[str, str]]) -> Records:
    """The records of many words, as they are kept, each with its other reading or "".

    While one lot is read by one processor, another makes the next ready.
    """
    lots = (words[x : x + LOT] for x in range(0, len(words), LOT))
    ready = (_numbers("".join(packed(*x) for x in lot)) for lot in lots)
    if len(words) <= LOT:
        return Records(*_read_all(tables(), next(ready, np.empty(0, np.uint32))))
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        found = list(pool.map(partial(_read_all, tables()), ready))
    sizes = np.concatenate([np.diff(starts) for _, starts in found])
    starts = np.zeros(len(sizes) + 1, np.int64)
    np.cumsum(sizes, out=starts[1:])
    return Records(np.concatenate([numbers for numbers, _ in found]), starts)


def packed(literal: str, also: str) -> str:
    """A word made ready to be read: numbers, written as letters, and then what they are about."""
    mains = [literal, also[:MOST_LETTERS]] if also else [literal]
    found = [_prepared(x) for x in mains]
    if "-" in literal or " " in literal:
        pieces = [x for x in literal.replace("-", " ").split() if len(x) > 2]
        if len(pieces) > 1:
            found += map(_prepared, pieces)
    alphabetic = sum(map(str.isalpha, literal)) if len(literal) > 2 else 2
    numbers = [
        SCRIPTS.index(script_of(also or literal)),
        min(alphabetic, 3),
        len(mains),
        len(found),
        len(literal),
        *(x for text, kind in found for x in (kind, len(text))),
    ]
    return "".join([*map(chr, numbers), *(x for x, _ in found), literal])


def _numbers(text: str) -> Text:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


@compiled
def opened(text: Text, at: Number) -> tuple[Word, Number]:
    """One packed word, and where the next one begins."""
    count, size = np.int64(text[at + 3]), np.int64(text[at + 4])
    kinds, ends = np.empty(count, np.int64), np.zeros(count + 1, np.int64)
    for i in range(count):
        kinds[i] = np.int64(text[at + 5 + 2 * i])
        ends[i + 1] = ends[i] + np.int64(text[at + 6 + 2 * i])
    first = at + 5 + 2 * count
    last = first + ends[-1]
    letters, literal = text[first:last].copy(), text[last : last + size].copy()
    script, alphabetic, mains = np.int64(text[at]), np.int64(text[at + 1]), np.int64(text[at + 2])
    return Word(letters, ends, kinds, literal, script, alphabetic, mains), last + size


@lru_cache(maxsize=1)
def _in_a_box() -> Box:
    return boxed(tables())


@compiled
def _read_one(tables: Box, text: Text) -> Record:
    word, _ = opened(text, np.int64(0))
    return read_word(tables[0], word)


@compiled
def _read_all(tables: Tables, text: Text) -> tuple[Record, NDArray[np.int64]]:
    numbers, starts = np.empty(4 * len(text) + 1024, np.uint32), np.zeros(1024, np.int64)
    at: Number = np.int64(0)
    count = 0
    while at < len(text):
        word, at = opened(text, at)
        record = read_word(tables, word)
        end = starts[count] + len(record)
        if end > len(numbers):
            numbers = grown(numbers, 2 * end)
        numbers[starts[count] : end] = record
        count += 1
        if count == len(starts):
            starts = grown(starts, 2 * count)
        starts[count] = end
    return numbers[: starts[count]].copy(), starts[: count + 1].copy()


def _prepared(word: str) -> tuple[str, int]:
    """A word as the roads take it, and which roads it may have gone."""
    if not BY_FATHER.search(word):
        if _CYRILLIC_ALONE.issuperset(word):
            return word, CYRILLIC if word else NO_LETTERS
        if _LATIN_ALONE.issuperset(word):
            return word, LATIN
    word = prepared(word)
    if not any(x.isalpha() for x in word):
        return word, NO_LETTERS
    return word, CYRILLIC if script_of(word) == "c" else LATIN
