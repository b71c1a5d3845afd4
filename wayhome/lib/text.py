"""Text as people type it, made safe to keep and to compare."""

import re
import unicodedata

LONGEST_LINE = 1_000
LONGEST_TEXT = 20_000
# Marks that turn the reading direction: they can make a name read as another one.
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_LOOK_ALIKES = str.maketrans("ABCEHIKMOPTXaceiopxy", "АВСЕНІКМОРТХасеіорху")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")


def clean(text: str, *, longest: int = LONGEST_LINE) -> str:
    """One line in NFC, without control or turning marks, its white space folded, cut at `longest`.

    A lone surrogate, which no database can keep, is dropped with the control characters.
    """
    text = unicodedata.normalize("NFC", text)
    if text.isprintable():  # nearly always, and much faster
        return " ".join(text.split())[:longest].rstrip()
    text = _TURNING.sub("", text)
    kept = (c if c in "\t\n\r" or unicodedata.category(c) not in ("Cc", "Cs") else "" for c in text)
    return " ".join("".join(kept).split())[:longest].rstrip()


def clean_line(text: str) -> str:
    """`clean` at its usual length."""
    return clean(text)


def clean_text(text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Several lines, each as `clean` makes it; empty lines at both ends go."""
    lines = re.split(r"\r\n|\r|\n", text)
    return "\n".join(clean(line, longest=longest) for line in lines).strip()[:longest]


def mend_look_alikes(text: str) -> str:
    """The text with Latin letters made Cyrillic in words that are otherwise Cyrillic.

    Only a proposal: a word with a Latin letter that looks like no Cyrillic one stays as it is.
    """
    return _WORD.sub(lambda word: _mended(word[0]), text)


def has_mixed_scripts(text: str) -> bool:
    """Whether one word holds both Latin and Cyrillic letters."""
    return any(_LATIN.search(word) and _CYRILLIC.search(word) for word in _WORD.findall(text))


def _mended(word: str) -> str:
    if not (_LATIN.search(word) and _CYRILLIC.search(word)):
        return word
    mended = word.translate(_LOOK_ALIKES)
    return word if _LATIN.search(mended) else mended
