"""How a name may also be spelled: from rules and shipped tables alone, never from a register.

Whoever types a name learns nothing here about who is held or sought: the answer to a word is the
same in every bureau on every day.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import islice
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .fathers import children
from .given_names import MEN, WOMEN
from .letters import from_latin_keys, one_script, readings, script_of, typed_on_latin_keys

SHORTEST, LONGEST = 2, 60  # letters of a word that is looked at
SHORTEST_NEAR = 4
MOST, MOST_BEGUN = 6, 2
_SURNAMES = Path(__file__).with_name("surnames.txt")


class Kind(StrEnum):
    """What is being written; a line holds several words, of which the last one is looked at."""

    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    LINE = "line"


class How(StrEnum):
    """By which rule a spelling is proposed."""

    KEYS = "keys"  # the keyboard was left on Latin
    LETTERS = "letters"  # some letters only look like those of the rest
    FULL = "full"  # a short form's whole name
    RUSSIAN = "russian"
    UKRAINIAN = "ukrainian"
    CYRILLIC = "cyrillic"
    ALIKE = "alike"  # a known name that sounds the same
    PASSPORT = "passport"  # ICAO Doc 9303
    BEGUN = "begun"  # a known name that begins so
    NEAR = "near"  # a known name, one slip away


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another spelling of what was typed, and by which rule."""

    text: str
    how: How


def suggest(text: str, kind: Kind, *, most: int = MOST) -> tuple[Suggestion, ...]:
    """Other spellings of a name that is being typed, likeliest first; () if there is none.

    Of a line the last word is changed, and the others only so far that all are in one script. Any
    text gives an answer, none raises.
    """
    before, word = text.rpartition(" ")[::2] if kind == Kind.LINE else ("", text.strip())
    if not SHORTEST <= len(word) <= LONGEST or " " in word:
        return ()
    if before and typed_on_latin_keys(text):
        meant = " ".join(map(_capital, from_latin_keys(text).split()))
        return (Suggestion(meant, How.KEYS),)[:most]
    seen, found = {word}, []
    for text_of_it, how in _spellings(word, kind):
        if text_of_it and text_of_it not in seen:
            seen.add(text_of_it)
            lead = [_in_script(x, script_of(text_of_it)) for x in before.split()]
            if all(lead):
                found.append(Suggestion(" ".join([*lead, text_of_it]), how))
    return tuple(found[:most])


@lru_cache(maxsize=1000)
def _in_script(word: str, script: str) -> str:
    """A word as it is, or its first spelling in this script; "" if there is none."""
    if script_of(word) in (script, "o"):
        return word
    return next((x for x, _how in _spellings(word, Kind.LINE) if script_of(x) == script), "")


def _spellings(word: str, kind: Kind) -> Iterator[tuple[str, How]]:
    meant = word
    if typed_on_latin_keys(word):
        meant = _capital(from_latin_keys(word))
        yield meant, How.KEYS
    elif (mended := one_script(word.casefold())) != word.casefold():
        meant = _capital(mended)
        yield meant, How.LETTERS
    known = list(_known(meant, kind))
    yield from known
    if not known:
        yield from _near(meant, kind)
    if script_of(meant) == "l":
        yield from ((_capital(each), How.CYRILLIC) for each in _in_cyrillic(meant.casefold()))
    elif script_of(meant) == "c":
        if kind == Kind.SURNAME:
            yield from ((_capital(each), how) for each, how in _neighbours(meant.casefold()))
        if kind != Kind.LINE:
            yield _capital(_in_passport(meant.casefold())), How.PASSPORT


# Known names: the tables of given names, and surnames that many bear.


@dataclass(frozen=True)
class _Table:
    """Names by how they sound; each with what it is written as and by which rule."""

    by_sound: dict[str, tuple[tuple[str, How], ...]]
    words: tuple[str, ...]
    sounds: tuple[str, ...]


def _known(word: str, kind: Kind) -> Iterator[tuple[str, How]]:
    """Forms of a name that the tables know, and known names that begin as the word does."""
    alike = script_of(word) == "c"
    for table in _tables(kind):
        for sounds in readings(word)[:3]:
            for text, how in table.by_sound.get(sounds, ()):
                yield text, How.ALIKE if alike and how == How.CYRILLIC else how
    if len(word) > SHORTEST and script_of(word) == "c":
        start = _capital(word.casefold())
        for table in _tables(kind):
            begun = (x for x in table.words if x.startswith(start) and x != start)
            yield from ((x, How.BEGUN) for x in islice(begun, MOST_BEGUN))


def _near(word: str, kind: Kind) -> Iterator[tuple[str, How]]:
    if len(word) < SHORTEST_NEAR:
        return
    for table in _tables(kind):
        for sounds in readings(word)[:2]:
            close = process.extract(
                sounds, table.sounds, scorer=OSA.distance, score_cutoff=1, limit=3
            )
            near = (table.words[place] for _sounds, _slips, place in close)
            yield from ((x, How.NEAR) for x in near if not _is_hers(word, x))


def _is_hers(word: str, name: str) -> bool:
    """Whether a word is only a woman's form of a surname, and so needs no mending."""
    return word.casefold() == f"{name.casefold()}а"


@cache
def _tables(kind: Kind) -> tuple[_Table, ...]:
    made = {
        Kind.SURNAME: (_surnames,),
        Kind.GIVEN: (_given,),
        Kind.PATRONYMIC: (_patronymics,),
        Kind.LINE: (_given, _patronymics, _surnames),
    }[kind]
    return tuple(make() for make in made)


def _table(groups: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> _Table:
    """Of (whole names: Russian, Ukrainian; short forms): each sound leads to the whole names."""
    by_sound: dict[str, list[tuple[str, How]]] = {}
    words: dict[str, str] = {}
    for whole, short in groups:
        hows = (How.RUSSIAN, How.UKRAINIAN) if len(set(whole)) > 1 else (How.CYRILLIC,)
        forms = list(zip(whole, hows, strict=False))
        for name in dict.fromkeys(whole):
            by_sound.setdefault(_sound(name), []).extend(forms)
            words.setdefault(name, _sound(name))
        for name in short:
            full = [(each, How.FULL) for each, _how in forms]
            by_sound.setdefault(_sound(name), []).extend(full)
    return _Table(
        {sounds: tuple(dict.fromkeys(forms)) for sounds, forms in by_sound.items()},
        tuple(words),
        tuple(words.values()),
    )


@lru_cache(maxsize=20_000)
def _sound(name: str) -> str:
    return readings(name)[0]


def _lines() -> Iterator[tuple[list[str], list[str]]]:
    """Whole names and short forms of each line."""
    for line in (MEN.strip() + WOMEN.rstrip()).splitlines():
        names, _, tender = line.partition("|")
        yield names.split(), tender.split()


@cache
def _given() -> _Table:
    return _table((tuple(names[:2]), tuple(short)) for names, short in _lines())


@cache
def _surnames() -> _Table:
    names = _SURNAMES.read_text(encoding="utf-8").split()
    return _table(((name,), ()) for name in names)


@cache
def _patronymics() -> _Table:
    """Of each father a son's and a daughter's in both languages."""
    return _table((forms, ()) for both in children() for forms in both)


# From script to script by rule.

_ENDINGS = (
    (re.compile(r"(s|c)k(iy|yy|yi|yj|ij|y|i)$"), r"\1кий"),
    (re.compile(r"(iy|yy|yi|yj|ij)$"), "ий"),
    (re.compile(r"(?<=[oe])(ff|w)(?=a?$)"), "в"),
)
_ENGLISH = {
    "shch": "щ", "sch": "щ", "yo": "ё", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш",
    "yu": "ю", "iu": "ю", "ju": "ю", "ya": "я", "ia": "я", "ja": "я", "ye": "е", "ie": "е",
    "je": "е", "c": "ц", "h": "х", "j": "й", "w": "в", "x": "кс", "q": "к", "y": "ы", "'": "ь",
}  # fmt: skip
_COMMON = dict(zip("abdefgiklmnoprstuvz", "абдефгиклмнопрстувз", strict=True))
_ROADS = {
    "polish": {"szcz": "щ", "sz": "ш", "cz": "ч", "rz": "р", "ż": "ж", "ch": "х"},
    "german": {"schtsch": "щ", "tsch": "ч", "sch": "ш", "ch": "х", "z": "ц", "ss": "с"},
    "french": {"chtch": "щ", "tch": "ч", "ch": "ш", "ou": "у", "dj": "ж", "j": "ж"},
    "english": {},
}
_SEEN = {
    "polish": re.compile(r"sz|cz|ż|rz"),
    "german": re.compile(r"tsch|sch|ss"),
    "french": re.compile(r"tch|ou|dj"),
}
_VOWELS = "аеёиоуыэюяєії"
_HISSING = "жшчщц"


def _in_cyrillic(word: str) -> Iterator[str]:
    """Readings of a Latin spelling in Russian letters, by the road that it looks like."""
    for name in [x for x, seen in _SEEN.items() if seen.search(word)] or ["english"]:
        rest = word
        for pattern, written in _ENDINGS:
            rest = pattern.sub(written, rest)
        table = _COMMON | _ENGLISH | _ROADS[name]
        read = "".join(table.get(x, x) for x in _pieces(name).split(rest))
        read = re.sub(rf"(?<=[{_VOWELS}])[ыи](?=[^{_VOWELS}]|$)", "й", read)
        if all("а" <= x <= "я" or x in "ё-" for x in read):
            yield read
            yield re.sub(rf"(?<=[{_HISSING}])ов(?=а?$)", "ев", read)
            yield read.replace("ы", "и")


@cache
def _pieces(name: str) -> re.Pattern[str]:
    table = _COMMON | _ENGLISH | _ROADS[name]
    return re.compile("({})".format("|".join(sorted(map(re.escape, table), key=len, reverse=True))))


# ICAO Doc 9303 part 3, section 6 B.
_PASSPORT = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "",
    "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
# Where a word is Ukrainian by a letter of its own: the passports of Ukraine (2010).
_UKRAINIAN_PASSPORT = _PASSPORT | {"г": "h", "и": "y", "ї": "i", "й": "i"}
_ONLY_UKRAINIAN = frozenset("іїєґ")
_UKRAINIAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}


def _in_passport(word: str) -> str:
    """As a passport writes it; "" where a letter is of neither language."""
    ukrainian = any(x in _ONLY_UKRAINIAN for x in word)
    table = _UKRAINIAN_PASSPORT if ukrainian else _PASSPORT
    if not all(x in table or x in "-'’" for x in word):
        return ""
    first = _UKRAINIAN_FIRST.get(word[0], "") if ukrainian else ""
    rest = word[1:] if first else word
    if ukrainian:
        rest = rest.replace("зг", "zgh")
    return first + "".join(
        table.get(x, x if x == "-" or x.isascii() else "") for x in rest
    ).replace("'", "")


def _neighbours(word: str) -> Iterator[tuple[str, How]]:
    """A surname in the other language's letters, where it has letters that only one of them has."""
    ukrainian = word.translate(str.maketrans("ыэъ", "ие'"))
    ukrainian = re.sub(rf"(^|(?<=[{_VOWELS}]))ё", "йо", ukrainian).replace("ё", "ьо")
    ukrainian = re.sub(rf"(^|(?<=[{_VOWELS}]))е", "є", ukrainian)
    if not any(x in _ONLY_UKRAINIAN for x in word):
        yield ukrainian, How.UKRAINIAN
        return
    russian = word.translate(str.maketrans("иіїєґ", "ыииег"))
    russian = re.sub(rf"(?<=[кгх{_HISSING}])ы", "и", russian)
    russian = russian.replace("йо", "ё").replace("ьо", "ё")
    yield re.sub("['’]", "ъ", russian), How.RUSSIAN


def _capital(word: str) -> str:
    """Each part of a double name begins with a capital letter."""
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))
