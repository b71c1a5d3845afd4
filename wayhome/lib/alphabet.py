"""The order of names in the Ukrainian, Russian and English alphabets.

PostgreSQL without ICU sorts by code point, which puts Ґ, Є, І, Ї and Ё outside their alphabets.
So a key is stored beside the name and compared byte by byte (collation C): the same order then
holds on every machine and in Python.
"""

import unicodedata
from collections.abc import Iterator
from functools import cache

_LATIN = "abcdefghijklmnopqrstuvwxyz"
_UKRAINIAN = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_RUSSIAN = "абвгдежзийклмнопрстуфхцчшщъыьэюя"

# The language's own letters, each followed by the letters that only its neighbours have.
_ORDERS = {
    "uk": (_UKRAINIAN.replace("щь", "щъыь").replace("ью", "ьэю"), _LATIN),
    "ru": ("абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюя", _LATIN),
    "en": (_LATIN, "абвгґдеєжзиіїйклмнопрстуфхцчшщъыьэюя"),
}
# Letters that sort as another one and differ from it only when all else is equal.
_VARIANTS = {"ё": "е"}
_IGNORED = "'’ʼ`′\"-‐-‒–—"
_NOTHING, _SPACE, _FIRST_LETTER = "0", "1", 0x100
_OTHER_SCRIPTS = "\uffff"


def sort_key(text: str, language: str) -> str:
    """A key whose order by code point is the order of the texts in this language's alphabet.

    First the letters decide, then accents and variants (е before ё), then apostrophes and hyphens,
    then case (small before capital). Words count before letters: Лис Яна before Лисенко Анна.
    Latin follows Cyrillic in Ukrainian and Russian, Cyrillic follows Latin in English, and other
    scripts come last. Raises KeyError for another language.
    """
    ranks = _ranks(language)
    spelled = " ".join(unicodedata.normalize("NFC", text.replace("\0", "")).split())
    letters = list(_letters(spelled, ranks))
    primary = "".join(_primary(base, ranks) for base, _ in letters)
    variants = "".join(mark for _, mark in letters)
    marks = "".join("1" if character in _IGNORED else "0" for character in spelled)
    cases = "".join("1" if character.isupper() else "0" for character in spelled)
    return "\x01".join((primary, variants, marks, cases))


@cache
def _ranks(language: str) -> dict[str, str]:
    letters = "".join(_ORDERS[language])
    return {letter: chr(_FIRST_LETTER + at) for at, letter in enumerate(letters)}


def _letters(text: str, ranks: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Each letter that counts, with what makes it a variant: 0 if nothing does."""
    for character in text.casefold():
        if character in _IGNORED:
            continue
        base = _base(character, ranks)
        yield base, "0" if base == character else "1"


def _base(character: str, ranks: dict[str, str]) -> str:
    if character in ranks:
        return character
    # Ł, đ and their like have no decomposition and sort with the other scripts.
    return _VARIANTS.get(character) or unicodedata.normalize("NFD", character)[0]


def _primary(base: str, ranks: dict[str, str]) -> str:
    if base.isspace():
        return _SPACE
    if base.isdigit():
        return base
    return ranks.get(base) or _OTHER_SCRIPTS + base
