"""Does a text name a place, however it is spelt? Made to be wary: it would rather see one too many.

Compared are the consonants of each word, so that vowels, endings, scripts and ways of
transliteration make no difference; a name of few consonants is compared by its letters.
"""

import re
import unicodedata
from collections.abc import Iterable

ENOUGH_CONSONANTS = 4
SHORTEST_NAME = 4  # letters; of shorter ones too many words would be taken for it
LONG_NAME = 5  # an ending of two letters may change
_WORD = re.compile(r"[^\W\d_]+")
_DIGRAPHS = (("shch", "s"), ("zh", "z"), ("kh", "g"), ("ts", "s"), ("ch", "s"), ("sh", "s"))
_CONSONANTS = str.maketrans(
    "бвгґджзклмнпрстфхцчшщ" "hwqcx", "bvggdzzklmnprstfgssss" "gvkss"
)  # fmt: skip
_NO_CONSONANT = re.compile("[^bvgdzklmnprstf]")
_TWICE = re.compile(r"(.)\1+")


def names_one(text: str, places: Iterable[str]) -> bool:
    """Whether the text holds a word of one of these places' names."""
    words = [_plain(word) for word in _WORD.findall(text)]
    return any(_is_said(_plain(part), words) for place in places for part in _WORD.findall(place))


def _is_said(part: str, words: list[str]) -> bool:
    if len(part) < SHORTEST_NAME:
        return False
    bones = _bones(part)
    if len(bones) < ENOUGH_CONSONANTS:
        stem = part[: -2 if len(part) > LONG_NAME else -1]
        return any(word.startswith(stem) for word in words)
    return any(_bones(word).startswith(bones) for word in words)


def _plain(word: str) -> str:
    """Small letters without marks; ё is е, й is и."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def _bones(word: str) -> str:
    for several, one in _DIGRAPHS:
        word = word.replace(several, one)
    return _TWICE.sub(r"\1", _NO_CONSONANT.sub("", word.translate(_CONSONANTS)))
