"""Does a text name a place, however it is spelt? Made to be wary: it would rather see one too many.

Compared are sounds: Cyrillic and Latin letters as one small alphabet in which the letters that
Ukrainian, Russian and their transliterations exchange are the same (і о е и ы are one vowel,
г ґ х one consonant), then the endings of cases and adjectives are taken off. A place of several
words is named by one that is long enough to know it by, or by all of them; a word for a kind of
place ("camp") names one only together with its number.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

SHORTEST_NAME = 4  # letters; of shorter ones too many words would be taken for it
DISTINCTIVE = 5  # sounds of a stem by which a place of several words is known
FEWEST_SOUNDS = 3
NUMBER_WITHIN = 2  # words between a kind of place and its number
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_APOSTROPHES = re.compile(r"(?<=[^\W\d_])['’ʼ`′](?=[^\W\d_])")
_SEVERAL = (
    ("shch", "s"), ("zh", "z"), ("kh", "g"), ("ts", "s"), ("ch", "s"), ("sh", "s"), ("cz", "s"),
    ("sz", "s"), ("ck", "k"), ("yu", "u"), ("iu", "u"), ("ju", "u"), ("ya", "a"), ("ia", "a"),
    ("ja", "a"), ("ye", "e"), ("ie", "e"), ("je", "e"), ("yo", "e"), ("io", "e"), ("jo", "e"),
)  # fmt: skip
_ONE = str.maketrans(
    "бвгґджзклмнпрстфхцчшщаяуюоеєэёиіїыйhwqcxoiyj",
    "bvggdzzklmnprstfgssssaauueeeeeeeeeegvksseeee",
)
_NO_SOUND = re.compile("[^abvgdzklmnprstfue]")
_TWICE = re.compile(r"(.)\1+")
_LAST_VOWELS = re.compile("[aeu]+$")
# What may follow a stem: case endings, or an adjective made of it.
_ENDING = re.compile(
    "[aeu]{0,3}(?:m|me|mu|g|ge|v|t)?[eu]?|[aev]{0,2}[nzv]?s?sk[a-z]{0,5}|ts[a-z]{0,4}"
)
_SHORT_ADJECTIVE = re.compile("k[aeu][a-z]{0,4}")  # вінниц-ький; not of short stems: Сум-ка
LONG_ENOUGH = 4
_TURNS_INTO = {"g": "z", "k": "s"}  # ріг, розі; Юр'ївка, Юр'ївці
_KINDS = (
    "лагерь табір табор колония колонія тюрьма тюрма вязниця сизо сізо зона барак корпус камера "
    "блок госпиталь госпіталь больница лікарня учреждение установа объект обєкт пункт "
    "город місто село деревня посёлок селище улица вулиця область район "
    "camp colony prison block cell hospital facility site city town village street"
)


def names_one(text: str, places: Iterable[str]) -> bool:
    """Whether the text holds one of these places' names."""
    said = [_sounds(token) for token in _tokens(text)]
    return any(_is_said(_name(place), said) for place in places)


@dataclass(frozen=True)
class _Name:
    """A place's name as it is looked for: stems of its words, kinds and numbers in it."""

    stems: tuple[str, ...]
    kinds: tuple[str, ...]
    numbers: tuple[str, ...]


@lru_cache(maxsize=4096)
def _name(place: str) -> _Name:
    tokens = _tokens(place)
    numbers = tuple(token for token in tokens if token.isdigit())
    stems = [_stem(token) for token in tokens if not token.isdigit()]
    of_kinds = tuple(stem for stem in stems if stem in _kinds())
    named = [token for token in tokens if not token.isdigit() and _stem(token) not in _kinds()]
    if len(named) == 1 and len(named[0]) < SHORTEST_NAME:
        named = []
    return _Name(tuple(map(_stem, named)), of_kinds, numbers)


def _is_said(name: _Name, said: list[str]) -> bool:
    found = [stem for stem in name.stems if len(stem) >= FEWEST_SOUNDS and _holds(said, stem)]
    if any(len(stem) >= DISTINCTIVE for stem in found):
        return True
    if name.stems and len(found) == len(name.stems):
        return True
    return any(_numbered(said, kind, name.numbers) for kind in name.kinds)


def _numbered(said: list[str], kind: str, numbers: tuple[str, ...]) -> bool:
    """Whether the kind of place stands near its number, before or after it."""
    at = [place for place, sounds in enumerate(said) if _is_form(sounds, kind)]
    near = [said[max(0, one - NUMBER_WITHIN - 1) : one + NUMBER_WITHIN + 2] for one in at]
    return any(number in window for number in numbers for window in near)


def _holds(said: list[str], stem: str) -> bool:
    forms = [stem, *([stem[:-1] + _TURNS_INTO[stem[-1]]] if stem[-1] in _TURNS_INTO else [])]
    return any(_is_form(sounds, form) for sounds in said for form in forms)


def _is_form(sounds: str, stem: str) -> bool:
    if not sounds.startswith(stem):
        return False
    rest = sounds[len(stem) :]
    if _ENDING.fullmatch(rest):
        return True
    return len(stem) >= LONG_ENOUGH and _SHORT_ADJECTIVE.fullmatch(rest) is not None


@lru_cache(maxsize=1)
def _kinds() -> frozenset[str]:
    return frozenset(map(_stem, _KINDS.split()))


def _stem(token: str) -> str:
    return _LAST_VOWELS.sub("", _sounds(token))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(_APOSTROPHES.sub("", _plain(text)))


def _plain(text: str) -> str:
    """Small letters without marks; ё is е, й is и."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _sounds(token: str) -> str:
    if token.isdigit():
        return token
    for several, one in _SEVERAL:
        token = token.replace(several, one)
    return _TWICE.sub(r"\1", _NO_SOUND.sub("", token.translate(_ONE)))
