"""Reference codes in words, and PINs: what a family keeps on paper and in their head.

A code is a number of 80 random bits. Eight words of a list of 1,024 write it, ten bits each, and
a ninth word checks them. The three lists write the same number, so that a code given in one
language can be read, or printed again, in another. A list never changes once it is in use.
"""

import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from rapidfuzz.distance import OSA

from wayhome.lib.refusal import Refusal

LANGUAGES = ("uk", "ru", "en")
WORD_BITS = 10
NUMBER_WORDS = 8
CODE_WORDS = NUMBER_WORDS + 1
CODE_BITS = WORD_BITS * NUMBER_WORDS
LIST_LENGTH = 1 << WORD_BITS
PREFIX_LETTERS = 4  # enough to tell any two words of one list apart
PIN_DIGITS = 6

_WORD = re.compile(r"[^\W\d_]+")
_TO_CYRILLIC = str.maketrans("abcehikmoptxy", "авсенікмортху")
_TO_LATIN = str.maketrans("авсенікмортху", "abcehikmoptxy")
# Letters that people do not tell apart in typing or on the telephone.
_SAME = str.maketrans("ёйїіґєэъ", "еииигееь")


def new_code() -> int:
    """A new code, from the system's source of randomness."""
    return secrets.randbits(CODE_BITS)


@cache
def word_list(language: str) -> tuple[str, ...]:
    """The 1,024 words of a language, in the order that gives them their numbers."""
    path = Path(__file__).with_name("words") / f"{language}.txt"
    return tuple(path.read_text(encoding="utf-8").split())


def encode(number: int, language: str) -> list[str]:
    """Write a code in nine words. Raises ValueError if it is no code, KeyError for no language."""
    if not 0 <= number < 1 << CODE_BITS:
        raise ValueError("a code has 80 bits")
    words = _words_of(language)
    shifts = range(CODE_BITS - WORD_BITS, -1, -WORD_BITS)
    indexes = [number >> shift & LIST_LENGTH - 1 for shift in shifts]
    return [words[index] for index in (*indexes, _check_index(number))]


def decode(text: str, *, language: str | None = None) -> int | None:
    """Read a code as people type it, or None if it is none.

    Forgives case, numbering, commas and line breaks, ё for е, letters of the other alphabet that
    look the same, and words cut short after four letters. One word with one wrong, missing,
    additional or swapped letter is mended, if the check word then fits. Without `language`, each
    list is tried: all nine words are of one.
    """
    typed = _WORD.findall(unicodedata.normalize("NFC", text).lower())
    if len(typed) != CODE_WORDS:
        return None
    languages = LANGUAGES if language is None else (language,)
    read = {number for tried in languages for number in _readings(typed, tried)}
    return read.pop() if len(read) == 1 else None


def why_not_pin(pin: str) -> Refusal | None:
    """Say why a family cannot choose this PIN, or None if they can."""
    if not re.fullmatch(rf"[0-9]{{{PIN_DIGITS}}}", pin):
        return Refusal("pin.form", _("A PIN has six digits."), field="pin")
    if _repeats(pin) or _climbs(pin) or (pin[::2] == pin[1::2] and _climbs(pin[::2])):
        return Refusal("pin.easy", _("This PIN is easy to guess. Choose another one."), field="pin")
    return None


def _words_of(language: str) -> tuple[str, ...]:
    if language not in LANGUAGES:
        raise KeyError(language)
    return word_list(language)


def _check_index(number: int) -> int:
    digest = sha256(b"wayhome code\n" + number.to_bytes(CODE_BITS // 8)).digest()
    return int.from_bytes(digest[:2]) & LIST_LENGTH - 1


def plain(word: str, language: str) -> str:
    """A word as it is compared: in its own alphabet, without the letters that people mix up."""
    if language == "en":
        return word.translate(_TO_LATIN)
    return word.translate(_TO_CYRILLIC).translate(_SAME)


@cache
def _index(language: str) -> dict[str, int]:
    return {plain(word, language): at for at, word in enumerate(_words_of(language))}


@cache
def _prefixes(language: str) -> dict[str, str]:
    return {word[:PREFIX_LETTERS]: word for word in _index(language)}


def _exact(typed: str, language: str) -> int | None:
    """The number of a word typed rightly, or cut short."""
    index = _index(language)
    whole = _prefixes(language).get(typed[:PREFIX_LETTERS], "")
    return index[whole] if whole and whole.startswith(typed) else None


def _mended(typed: str, language: str) -> list[int]:
    """The numbers of the words that are one slip away from this one."""
    words = _index(language).items()
    return [at for word, at in words if OSA.distance(typed, word, score_cutoff=1) <= 1]


def _readings(typed: Sequence[str], language: str) -> Iterator[int]:
    """Every code of this language that these words can mean and whose check word fits."""
    words = [plain(word, language) for word in typed]
    exact = [_exact(word, language) for word in words]
    if None not in exact and (number := _checked(exact)) is not None:
        yield number
    elif exact.count(None) <= 1:
        yield from _mended_readings(words, exact, language)


def _mended_readings(
    words: Sequence[str], exact: Sequence[int | None], language: str
) -> Iterator[int]:
    # A slip can make a short word look like another one cut short: then that one is mended too.
    doubtful = [at for at, word in enumerate(words) if word not in _index(language)]
    for at in [exact.index(None)] if None in exact else doubtful:
        for index in _mended(words[at], language):
            if (number := _checked([*exact[:at], index, *exact[at + 1 :]])) is not None:
                yield number


def _checked(indexes: Sequence[int | None]) -> int | None:
    """The code of these nine words, if the last one checks the others."""
    *parts, check = (index for index in indexes if index is not None)
    number = _join(parts)
    return number if check == _check_index(number) else None


def _join(indexes: Iterable[int]) -> int:
    number = 0
    for index in indexes:
        number = number << WORD_BITS | index
    return number


def _repeats(pin: str) -> bool:
    """111111, 121212, 123123."""
    return any(pin == pin[:period] * (len(pin) // period) for period in (1, 2, 3))


def _climbs(pin: str) -> bool:
    """123456, 890123, 654321."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return steps in ({1}, {9})
