"""Descriptions of persons as they come in, and what a comparison reads out of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from math import log2

from .dates import Born, read_born
from .fathers import patronymic_of
from .forms import is_given, is_of_father, is_patronymic
from .letters import (
    from_cyrillic_keys,
    from_latin_keys,
    is_cyrillic,
    plain,
    says_nothing,
    typed_on_cyrillic_keys,
    typed_on_latin_keys,
    wrong_keys,
)
from .marks import Mark, read_number, read_rank, read_unit
from .places import RENAMED as RENAMED
from .places import place_name
from .reading import read as read_word
from .records import FOLDED, spelling_of
from .spelling import Spelling, spelling

EXPECTED_BITS = 0.0
UNDECIDED_FIRST_BITS = -0.5  # surname first, in a line that does not show which is which
UNDECIDED_LAST_BITS = -1.5
UNEXPECTED_BITS = -3.0
# Of three words in a line: bits beforehand, and which of them is surname, given name, patronymic.
ORDERS_OF_THREE = ((-0.5, 0, 1, 2), (-1.0, 2, 0, 1), (-2.5, 1, 0, 2))
UNLIKE_BITS = -2.5  # for a given name nobody knows, and for a patronymic formed like none
LEAST_LIKELY_BITS = -6.0
# For a word of a line that is in no name: how likely one stands there, and that it is this one.
# Less than for a name that many bear, more than for one that no register has.
LEFT_OUT_BITS = -13.0
MOST_LEFT_OUT = 4  # further ways to read a line: a look-up takes as long as they are many
SWAPPED_BITS = -4.5  # about one card in twenty has surname and given name in each other's place


@dataclass(frozen=True, slots=True)
class Description:
    """A person as somebody described him; any field may be empty, in any script."""

    id: str
    surname: str = ""
    given: str = ""
    patronymic: str = ""
    full_name: str = ""
    born: str = ""
    birthplace: str = ""
    unit: str = ""
    rank: str = ""
    service_no: str = ""
    mother_name: str = ""
    kind: str = "capture"
    father_name: str = ""  # counts where no patronymic is known: the two are one fact
    comrade: str = ""  # one line about a man he served with; counts where no unit is known


@dataclass(frozen=True, slots=True)
class Arrangement:
    """One way to share out the words of a name, and what speaks against it, in bits."""

    surname: Spelling
    given: Spelling
    patronymic: Spelling
    bits: float = 0.0


@dataclass(frozen=True, slots=True)
class Particulars:
    """What of a description is compared."""

    names: tuple[Arrangement, ...]
    born: Born
    birthplace: Spelling
    unit: Mark
    rank: int
    service_no: Mark
    mother_given: Spelling
    mother_patronymic: Spelling


NOTHING = spelling("")

# Words that belong to the next word of a name, and words that belong to the one before.
_BEFORE = frozenset(
    ("де", "ди", "да", "дель", "делла", "дю", "дос", "фон", "фан", "ван", "дер", "ден", "тер",
     "ибн", "бен", "бин", "эль", "аль", "ель", "абу", "абд", "ла", "ле", "сен", "сан", "мак", "о",
     "de", "di", "da", "del", "della", "du", "dos", "von", "van", "der", "den", "ter", "ibn",
     "ben", "bin", "el", "al", "abu", "abd", "la", "le", "st", "mc", "mac")
)  # fmt: skip
_BEHIND = frozenset(
    ("оглы", "оглу", "огли", "углы", "угли", "улы", "уулу", "улу", "кызы", "кизи", "гызы", "ўғли",
     "қизи", "оол", "зода", "заде", "oglu", "ogly", "ogli", "oğlu", "qizi", "qızı", "kyzy", "kizi",
     "uulu", "uly", "ugli", "o‘g‘li", "zoda", "zade", "мл", "ст", "jr", "junior", "sr")
)  # fmt: skip
_CALL_SIGN = re.compile(
    r"[«“\"„(\[][^»”\"“)\]]*[»”\"“)\]]"
    r"|[\s,]*\b(?:позывной|позивний|псевдо|call\s?sign)\b.*$",
    re.IGNORECASE,
)


# What stands before the surname that somebody bore before a marriage, or bears since.
OTHER_SURNAME = (
    r"в\s+девичестве|девичья(?:\s+фамилия)?|дев\.|до\s+(?:брака|замужества)"
    r"|ур\.|урожд\.|урожд[её]нн(?:ая|ой)|по\s+мужу|в\s+браке|в\s+замужестве|бывш(?:\.|ая|ий)"
    r"|дівоче(?:\s+прізвище)?|в\s+дівоцтві|з\s+дому|уроджена|по\s+чоловікові|за\s+чоловіком"
    r"|maiden\s+name|n[ée]e|geb(?:\.|orene)|verh\.|z\s+domu"
)
_SURNAME = r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*"
_TWO_SURNAMES = re.compile(
    rf"\s*(?P<one>{_SURNAME})"
    rf"(?:\s*/\s*|[\s,]*[(\[]?\s*(?<!\w)(?:{OTHER_SURNAME}|он\s+же|она\s+же|він\s+же|вона\s+ж|alias)"
    r"\s*[:—–-]?\s*|(?P<alone>\s*[(\[]\s*))"
    rf"(?P<other>{_SURNAME})\s*[)\]]?",
    re.IGNORECASE,
)
# Of a word alone in brackets, which may be what he is called: only these are surnames.
_FORMED_LIKE_ONE = re.compile(
    r"(?:[оеё]ва?|[иы]на|ская|ский|цкий|енко|чук|ян|швили|[oe]va?|ina|enko|chuk|sk(?:i[yj]?|y|aya))$",
    re.IGNORECASE,
)


# Many persons share these.
_read_born = lru_cache(maxsize=50_000)(read_born)
_read_unit = lru_cache(maxsize=50_000)(read_unit)
_read_rank = lru_cache(maxsize=50_000)(read_rank)


@lru_cache(maxsize=20_000)
def read(description: Description) -> Particulars:
    """Read out of a description what is compared; anything unreadable counts as not known."""
    mother_given, mother_patronymic = _mother(description.mother_name)
    return Particulars(
        names=_with_father(
            _arrangements(
                description.surname,
                description.given,
                description.patronymic,
                description.full_name,
            ),
            description.father_name,
        ),
        born=_read_born(description.born),
        birthplace=_word(place_name(description.birthplace)),
        unit=_read_unit(description.unit),
        rank=_read_rank(description.rank),
        service_no=read_number(description.service_no),
        mother_given=mother_given,
        mother_patronymic=mother_patronymic,
    )


Keyboard = Callable[[str], str]  # what was meant by a word, if the keyboard stood wrong; or ""


def _keyboard(words: list[str]) -> Keyboard:
    """Latin and Cyrillic words are looked at apart: only what was typed wrong is read anew."""
    if all(_is_plain(x) for several in words for x in several.split()):
        return _as_it_stands
    cyrillic = " ".join(x for x in words if any(map(is_cyrillic, x)))
    if typed_on_latin_keys(" ".join(x for x in words if not any(map(is_cyrillic, x)))):
        return lambda word: "" if any(map(is_cyrillic, word)) else from_latin_keys(word)
    if typed_on_cyrillic_keys(cyrillic):
        return lambda word: from_cyrillic_keys(word) if any(map(is_cyrillic, word)) else ""
    return lambda word: from_cyrillic_keys(word) if typed_on_cyrillic_keys(word) else ""


def _as_it_stands(_word: str) -> str:
    return ""


def _word(word: str, keyboard: Keyboard = _as_it_stands) -> Spelling:
    return read_quickly(word, keyboard(word))


@lru_cache(maxsize=100_000)
def read_quickly(word: str, also: str = "") -> Spelling:
    """The same as `spelling`, by machine code; NOTHING if nothing can be read in it."""
    record = read_word(word, also)
    return spelling_of(record, also) if record[FOLDED] else NOTHING


@lru_cache(maxsize=100_000)
def is_fathers_name(word: str) -> bool:
    """Say whether a word is formed like a patronymic."""
    return is_patronymic(read_quickly(word).folded)


@lru_cache(maxsize=100_000)
def has_known_father(word: str) -> bool:
    """Say whether a word is formed like a patronymic, of a name that fathers have."""
    return is_fathers_name(word) and any(map(is_of_father, read_quickly(word).groups))


@lru_cache(maxsize=100_000)
def is_given_name(word: str) -> bool:
    """Say whether a word is a known given name or a short form of one."""
    return is_given(read_quickly(word).folded)


_CYRILLIC_ALONE = frozenset("абвгдежзийклмнопрстуфхцчшщъыьэюяіїєґ")
_CYRILLIC_ALONE |= frozenset(map(str.upper, _CYRILLIC_ALONE))
WRONG_KEYS = {x: wrong_keys(x.casefold()) for x in _CYRILLIC_ALONE}


def is_plain(name: str) -> bool:
    """Say whether a name can be read by itself: on no keyboard that stood wrong, in one word.

    If all names of a person are plain, each field is read as it stands.
    """
    if name and _CYRILLIC_ALONE.issuperset(name):
        return sum(map(WRONG_KEYS.__getitem__, name)) < len(name)  # as `typed_on_cyrillic_keys`
    words = name.split()
    latin = " ".join(x for x in words if not any(map(is_cyrillic, x)))
    cyrillic = " ".join(x for x in words if any(map(is_cyrillic, x)))
    if latin and typed_on_latin_keys(f"a {latin}"):
        return False
    return not typed_on_cyrillic_keys(cyrillic if len(cyrillic) > 9 else cyrillic * 5)


_is_plain = lru_cache(maxsize=100_000)(is_plain)


@lru_cache(maxsize=20_000)
def _arrangements(surname: str, given: str, patronymic: str, line: str) -> tuple[Arrangement, ...]:
    surname, given, patronymic, line = map(without_call_sign, (surname, given, patronymic, line))
    keyboard = _keyboard([surname, given, patronymic, line])
    if stands_for_patronymic(given) and is_given_name(patronymic):
        given, patronymic = patronymic, given
    patronymic = patronymic_meant(patronymic)
    if not (surname or given) and line:
        return _one_line(line, patronymic, keyboard)
    words = _together(_initials_apart(given.split()))
    if not patronymic and len(words) >= 2:
        father = " ".join(words[1:])
        initials = all(map(_is_initial, words))
        if initials or is_fathers_name(keyboard(father) or father):
            given, patronymic = words[0], father
    return _both_orders((surname, given, patronymic), keyboard, EXPECTED_BITS, SWAPPED_BITS)


# Nearly every patronymic, told at a glance.
_ENDS_LIKE_ONE = re.compile(
    r"(?:[иіы]ч|вна|[vw]i(?:ch|tch|tsch|cz|ć|č|ç)|[vw]n[ay])$", re.IGNORECASE
)


def stands_for_patronymic(given: str) -> bool:
    """Say whether a given name is a patronymic: it stands in the other's place then."""
    return bool(_ENDS_LIKE_ONE.search(given)) and has_known_father(given)


def patronymic_meant(name: str) -> str:
    """A patronymic as it stands; of a father's name that stands in its place the patronymic."""
    if _ENDS_LIKE_ONE.search(name):
        return name
    return patronymic_of(name, known_only=True) or name


def _with_father(names: tuple[Arrangement, ...], father: str) -> tuple[Arrangement, ...]:
    if not father or all(x.patronymic.folded for x in names):
        return names
    son = _word(patronymic_by(father))
    return tuple(x if x.patronymic.folded else replace(x, patronymic=son) for x in names)


def patronymic_by(father: str) -> str:
    """A patronymic from what is said of the father: his first name, alone or among others."""
    if says_nothing(father):
        return ""
    words = father.split()
    name = words[0] if len(words) == 1 else mother_words(father)[0]
    return name if is_fathers_name(name) else patronymic_of(name)


def without_call_sign(name: str) -> str:
    """A name without what stands in quotes or brackets («Седой»), unless that is all there is.

    "" where nothing is known.
    """
    if says_nothing(name):
        return ""
    if name.isalpha():
        return name
    if typed_on_latin_keys(name):
        return name.strip()  # there Э is a quotation mark
    name = _joined_surnames(name)
    return " ".join(_CALL_SIGN.sub(" ", name).split()) or name.strip()


def _joined_surnames(name: str) -> str:
    """«Петрова (урожд. Орлова)», «Петрова/Орлова»: two surnames are written as a double one."""
    found = _TWO_SURNAMES.match(name)
    if not found or (found["alone"] and not _FORMED_LIKE_ONE.search(found["other"])):
        return name
    return f"{found['one']}-{found['other']}{name[found.end() :]}"


def has_one_word(given: str) -> bool:
    """Say whether a given name holds nothing that may be a patronymic."""
    return len(_together(_initials_apart(given.split()))) < 2


def _both_orders(
    words: tuple[str, str, str], keyboard: Keyboard, straight: float, swapped: float
) -> tuple[Arrangement, ...]:
    surname, given, patronymic = (_word(x, keyboard) for x in words)
    first = Arrangement(surname, given, patronymic, straight)
    if surname == given:
        return (first,)
    return (first, Arrangement(given, surname, patronymic, swapped))


def _one_line(line: str, patronymic: str, keyboard: Keyboard) -> tuple[Arrangement, ...]:
    words = line.split() if keyboard(line) else line.replace(",", " ").split()
    words = sorted(_together(_initials_apart(words)), key=_is_initial)  # «И. И. Петров»
    if not words:
        return (Arrangement(NOTHING, NOTHING, NOTHING),)
    meant = [keyboard(x) or x for x in words]
    if patronymic:
        return _of_line(words, meant, patronymic, keyboard)
    found = _of_three if len(words) == 3 else partial(_of_line, patronymic="")
    return found(words, meant, keyboard=keyboard) + _with_words_left_out(words, meant, keyboard)


def _of_line(
    words: list[str], meant: list[str], patronymic: str, keyboard: Keyboard
) -> tuple[Arrangement, ...]:
    """All words of a line, none of which is left out."""
    words = words.copy()
    if not patronymic:
        fathers = [x for x, y in zip(words[1:], meant[1:], strict=True) if is_fathers_name(y)]
        if len(words) >= 3:
            patronymic = fathers[-1] if fathers else words[2]
            words.remove(patronymic)
        elif fathers and len(words) == 2 and is_given_name(meant[0]):
            return _given_and(words[1], _word(words[0], keyboard), keyboard)
    first, second = words[0], " ".join(words[1:])
    given = [is_given_name(keyboard(x) or x) for x in (first, second)]
    straight, swapped = UNDECIDED_FIRST_BITS, UNDECIDED_LAST_BITS
    if given[1] and not given[0]:
        straight, swapped = EXPECTED_BITS, UNEXPECTED_BITS
    elif given[0] and not given[1]:
        straight, swapped = UNEXPECTED_BITS, EXPECTED_BITS
    return _both_orders((first, second, patronymic), keyboard, straight, swapped)


def _of_three(words: list[str], meant: list[str], keyboard: Keyboard) -> tuple[Arrangement, ...]:
    """Three words in the orders that they can stand in: how likely each is, before any look.

    «Вячеславович» and «Харкович» are formed alike, and «Sergejewitsch» like neither: then it is
    the register that shows which of them is the surname.
    """
    is_first = [is_given_name(x) or _is_initial(x) for x in meant]
    is_fathers = [is_fathers_name(x) or _is_initial(x) for x in meant]
    found = [
        (bits + UNLIKE_BITS * (2 - is_first[given] - is_fathers[father]), surname, given, father)
        for bits, surname, given, father in ORDERS_OF_THREE
    ]
    whole = log2(sum(2.0**bits for bits, *_ in found))
    read = [_word(x, keyboard) for x in words]
    return tuple(
        Arrangement(read[surname], read[given], read[father], bits - whole)
        for bits, surname, given, father in sorted(found, reverse=True)
        if bits - whole >= LEAST_LIKELY_BITS
    )


def _with_words_left_out(
    words: list[str], meant: list[str], keyboard: Keyboard
) -> tuple[Arrangement, ...]:
    """A line with a word that is in no name («родом», a village, a second surname) without it.

    What is like a given name, or formed like a patronymic, is never left out.
    """
    shaped = {x for x, y in zip(words, meant, strict=True) if is_fathers_name(y)}
    fathers = [x for x, y in zip(words[1:], meant[1:], strict=True) if has_known_father(y)][-1:]
    firsts = [x for x, y in zip(words, meant, strict=True) if is_given_name(y) or _is_initial(x)]
    firsts = [x for x in firsts if x not in fathers]
    others = [x for x in words if x not in fathers and x not in firsts]
    if firsts:
        pairs = [(x, firsts[0]) for x in others if shaped.intersection(others) <= {x}]
        left_out = len(others) - 1
    else:
        pairs = [y for x in pairwise(others) for y in (x, x[::-1])]
        left_out = len(others) - 2
    father = _word(fathers[0], keyboard) if fathers else NOTHING
    return tuple(
        Arrangement(
            _word(surname, keyboard), _word(given, keyboard), father, left_out * LEFT_OUT_BITS
        )
        for surname, given in pairs[:MOST_LEFT_OUT]
        if left_out
    )


def _given_and(second: str, given: Spelling, keyboard: Keyboard) -> tuple[Arrangement, ...]:
    """«Иван Петрович» has no surname; «Павел Станкевич» has, since no father is called Станк."""
    word = _word(second, keyboard)
    known = any(map(is_of_father, word.groups))
    father, surname = (
        (EXPECTED_BITS, UNEXPECTED_BITS) if known else (UNEXPECTED_BITS, EXPECTED_BITS)
    )
    return (
        Arrangement(NOTHING, given, word, father),
        Arrangement(word, given, NOTHING, surname),
    )


def _together(words: list[str]) -> list[str]:
    """«фон Берг», «Али оглы» are one word each."""
    joined: list[str] = []
    for word in words:
        if joined and (plain(word) in _BEHIND or plain(joined[-1].split()[-1]) in _BEFORE):
            joined[-1] += f" {word}"
        else:
            joined.append(word)
    return joined


def belongs_to_next(word: str) -> bool:
    """Say whether a word may be joined with the one behind it («фон Берг»)."""
    return plain(word) in _BEFORE


def _is_initial(word: str) -> bool:
    return len(word.strip(".")) == 1


def _initials_apart(words: list[str]) -> list[str]:
    """«И.И.» is two words."""
    apart: list[str] = []
    for word in words:
        letters = [x for x in word.split(".") if x]
        short = "." in word and all(len(x) <= 2 for x in letters)
        apart += letters if short else [word]
    return apart or words


def _mother(line: str) -> tuple[Spelling, Spelling]:
    given, patronymic = mother_words(line)
    return _word(given), _word(patronymic)


def mother_words(line: str) -> tuple[str, str]:
    """Given name and patronymic out of a line; her surname is mostly her son's, and no news."""
    if says_nothing(line):
        return "", ""
    words = _together(line.replace(",", " ").split())
    at = next((i for i, x in enumerate(words) if i and is_fathers_name(x)), None)
    if at is not None:
        return words[at - 1], words[at]
    if len(words) == 1:
        return words[0] if is_given_name(words[0]) else "", ""
    if len(words) >= 2:
        given = words[0] if is_given_name(words[0]) and not is_given_name(words[1]) else words[1]
        return given, words[2] if len(words) > 2 else ""
    return "", ""
