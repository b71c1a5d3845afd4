"""A name of one script as a reader of the other would read it: beside the original only."""

import re

# ICAO Doc 9303 part 3 (2021), section 6 B, Cyrillic; where languages differ the Ukrainian or the
# Russian column, by the letter that only one of them has.
LATIN = {
    "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "е": "e", "ё": "e", "є": "ie",
    "ж": "zh", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "u", "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "",
    "э": "e", "ю": "iu", "я": "ia", "ә": "a", "ғ": "g", "қ": "k", "ң": "n", "ө": "o", "ұ": "u",
    "ү": "u", "һ": "h", "җ": "zh",
}  # fmt: skip
# A reading of press and passport spellings, longest first; what a table cannot know stays a guess.
CYRILLIC = {
    "shch": "щ", "sch": "щ", "yo": "ё", "zh": "ж", "kh": "х", "ts": "ц", "ch": "ч", "sh": "ш",
    "yu": "ю", "iu": "ю", "ju": "ю", "ya": "я", "ia": "я", "ja": "я", "ye": "е", "ie": "е",
    "je": "е", "iy": "ий", "yy": "ый", "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф",
    "g": "г", "h": "х", "i": "и", "j": "й", "k": "к", "l": "л", "m": "м", "n": "н", "o": "о",
    "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в", "x": "кс",
    "y": "ы", "z": "з",
}  # fmt: skip
_OF_LATIN = re.compile("|".join(sorted(CYRILLIC, key=len, reverse=True)), re.IGNORECASE)


def is_cyrillic(text: str) -> bool:
    """Whether most letters of a text are Cyrillic."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum("Ѐ" <= letter <= "ԯ" for letter in letters) * 2 > len(letters)


def is_latin(text: str) -> bool:
    """Whether most letters of a text are Latin."""
    letters = [letter for letter in text if letter.isalpha()]
    return sum(letter < "ɐ" for letter in letters) * 2 > len(letters)


def in_other_script(text: str) -> str:
    """Cyrillic in Latin letters and the other way round; "" for a text that is in neither."""
    if is_cyrillic(text):
        return "".join(_cased(letter, LATIN.get(letter.lower(), letter)) for letter in text)
    if is_latin(text):
        return _OF_LATIN.sub(lambda found: _cased(found[0], CYRILLIC[found[0].lower()]), text)
    return ""


def _cased(original: str, written: str) -> str:
    if original.isupper() and len(original) > 1:
        return written.upper()
    return written.capitalize() if original[:1].isupper() else written
