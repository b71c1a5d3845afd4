"""Roads: how an office, a newspaper or a family abroad writes a Cyrillic name.

Written forwards, from Cyrillic to the spelling; tables of our own, shared with nothing that reads.
Sources: ICAO Doc 9303 as used in Russian passports since 2014; resolution 55 of the Cabinet of
Ministers of Ukraine, 2010; the habits of the English, French, Polish and German press.
"""

import re
from collections.abc import Callable
from functools import lru_cache

ROADS = ("ru", "uk", "icao", "press", "press2", "press3", "kmu", "fr", "pl", "de")
NAME_OF = {"press2": "press", "press3": "press"}
_SOFT_VOWELS = "аеёиоуыэюяьъіїєАЕЁИОУЫЭЮЯІЇЄ"

_BASE = dict(zip("абвгдзиклмнопрстуф", "abvgdziklmnoprstuf", strict=True))
_ICAO = _BASE | {
    "е": "e", "ё": "e", "ж": "zh", "й": "i", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh",
    "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
}  # fmt: skip
_PRESS = _ICAO | {"ё": "yo", "й": "y", "ъ": "", "ю": "yu", "я": "ya"}
_PRESS3 = _PRESS | {"ц": "tz", "х": "h", "ё": "e"}
_KMU = _BASE | {
    "г": "h", "ґ": "g", "е": "e", "є": "ie", "ж": "zh", "и": "y", "і": "i", "ї": "i", "й": "i",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ь": "", "ю": "iu", "я": "ia",
    "'": "", "’": "",
}  # fmt: skip
_KMU_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
_FRENCH = _ICAO | {
    "ж": "j", "й": "ï", "у": "ou", "ч": "tch", "ш": "ch", "щ": "chtch", "ъ": "", "ю": "iou",
    "ё": "io",
}  # fmt: skip
_POLISH = _BASE | {
    "в": "w", "ж": "ż", "й": "j", "х": "ch", "ц": "c", "ч": "cz", "ш": "sz", "щ": "szcz",
    "ъ": "", "ы": "y", "ь": "", "э": "e", "ё": "io", "ю": "iu", "я": "ia", "е": "ie",
}  # fmt: skip
_GERMAN = _BASE | {
    "в": "w", "з": "s", "ж": "sch", "й": "i", "х": "ch", "ц": "z", "ч": "tsch", "ш": "sch",
    "щ": "schtsch", "ъ": "", "ы": "y", "ь": "", "э": "e", "ё": "jo", "ю": "ju", "я": "ja",
    "е": "e",
}  # fmt: skip


def _letters(word: str, table: dict[str, str], first: dict[str, str], hard: bool) -> str:
    """Letter by letter; `first` stands at the start, and after a vowel too if `hard`."""
    out, before = [], ""
    for letter in word:
        low = letter.lower()
        at_start = not before or before in "- "
        special = low in first and (at_start or (hard and before in _SOFT_VOWELS))
        found = first[low] if special else table.get(low, low)
        out.append(found.capitalize() if letter != low else found)
        before = letter
    return "".join(out)


def icao(word: str) -> str:
    return _letters(word, _ICAO, {}, False)


def _short_ending(word: str) -> str:
    return re.sub(r"[иы]й(?=$|-)", "ы", word)


def press(word: str) -> str:
    return _letters(_short_ending(word), _PRESS, {"е": "ye"}, True)


def press2(word: str) -> str:
    plain = _letters(_short_ending(word), _PRESS, {}, False)
    return plain.replace("Aleksand", "Alexand").replace("yy", "y")


def press3(word: str) -> str:
    return _letters(_short_ending(word), _PRESS3, {}, False)


def kmu(word: str) -> str:
    return _letters(word.replace("зг", "зgh").replace("Зг", "Зgh"), _KMU, _KMU_FIRST, False)


def french(word: str) -> str:
    word = re.sub(r"г(?=[еиэы])", "гу", word)
    found = _letters(_short_ending(word), _FRENCH, {}, False)
    found = found.replace("goue", "gue").replace("goui", "gui").replace("Goue", "Gue")
    found = re.sub(r"(?<=[aeiouy])s(?=[aeiouy])", "ss", found)
    return re.sub(r"in(?=$|-)", "ine", found)


def polish(word: str) -> str:
    word = re.sub(r"ий(?=$|-)", "и", word)
    word = re.sub(r"ый(?=$|-)", "ы", word)
    first = {"е": "je", "ё": "jo", "ю": "ju", "я": "ja"}
    found = _letters(word, _POLISH, first, True)
    found = re.sub(r"l(?=[aouyąbcdfgkmnprstwzż]|$)", "ł", found)
    found = re.sub(r"(?<=[żc])ie|(?<=sz)ie|(?<=cz)ie", "e", found)
    return re.sub(r"(?<=[lł])ie", "e", found).replace("łe", "le")


def german(word: str) -> str:
    word = re.sub(r"ий(?=$|-)", "и", word)
    first = {"е": "je", "й": "j"}
    found = _letters(word, _GERMAN, first, True)
    return re.sub(r"(?<=[aeiouyä])s(?=[aeiouyj])", _german_s(word), found)


def _german_s(word: str) -> Callable[[re.Match[str]], str]:
    """с between vowels is doubled, з is not."""
    kinds = iter(re.findall(r"(?<=[аеёиоуыэюяй])[сз](?=[аеёиоуыэюяй])", word.lower()))
    return lambda _: "ss" if next(kinds, "з") == "с" else "s"


WRITERS: dict[str, Callable[[str], str]] = {
    "ru": str, "uk": str, "icao": icao, "press": press, "press2": press2, "press3": press3,
    "kmu": kmu, "fr": french, "pl": polish, "de": german,
}  # fmt: skip
# Roads that begin at the Ukrainian form of a name.
FROM_UKRAINIAN = frozenset({"uk", "kmu"})


@lru_cache(maxsize=100_000)
def written(russian: str, ukrainian: str, road: str) -> str:
    """A name on one road."""
    return WRITERS[road](ukrainian if road in FROM_UKRAINIAN else russian)
