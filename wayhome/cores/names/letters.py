"""Letters: from any spelling of a name to how it sounds.

Each road from Cyrillic to Latin (passport, press, German, Polish, French, scholarly) is a table
read backwards. All of them, and Cyrillic itself, end in one small alphabet of sounds in which
г/ґ/х/g/h/kh are one letter, и/і/ї/й/ы/y are one, е/ё/э/є/ye/yo are one. A Latin spelling has
several readings, because "ch" is ч in English, х in German and ш in French. Method:
docs/methods/names.md, section 2.
"""

import re
import unicodedata
from functools import lru_cache

# Sounds: lower case letters, and S for ш/щ, C for ч, Z for ж/дж, c for ц, h for г/х.
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "ё": "e", "є": "e",
    "ж": "Z", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f",
    "х": "h", "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ъ": "", "ы": "i", "ь": "", "э": "e",
    "ю": "iu", "я": "ia", "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u",
    "һ": "h", "җ": "Z", "ӣ": "i", "ӯ": "u", "ҷ": "C", "ҳ": "h", "ӏ": "", "ҡ": "k", "ҙ": "z",
    "ҫ": "s", "ӑ": "a", "ӗ": "e", "ӳ": "u", "ј": "i", "љ": "l", "њ": "n", "ћ": "C", "ђ": "Z",
}  # fmt: skip
SCHOLARLY = {
    "š": "S", "č": "C", "ž": "Z", "ŝ": "S", "â": "ia", "û": "iu", "è": "e", "ë": "e",
    "ł": "l", "ı": "i", "ş": "S", "ç": "C", "ğ": "h", "ß": "s", "ø": "o", "æ": "e", "đ": "Z",
    "ď": "d", "ť": "t", "ň": "n",
}  # fmt: skip
ENGLISH = {
    "shch": "S", "sch": "S", "zh": "Z", "kh": "h", "gh": "h", "tz": "c", "ts": "c", "tch": "C",
    "ch": "C", "sh": "S", "th": "t", "ph": "f", "ck": "k", "x": "ks", "q": "k", "w": "v", "y": "i",
    "j": "Z", "dj": "Z", "dzh": "Z", "c": "k", "g": "h", "ff": "v",
}  # fmt: skip
MIXED = ENGLISH | {"j": "i", "c": "c"}  # English, with й and ц as a scholar writes them
POLISH = {
    "szcz": "S", "sz": "S", "cz": "C", "ż": "Z", "dż": "Z", "ch": "h", "kh": "h", "c": "c",
    "ć": "C", "ś": "s", "ź": "z", "w": "v", "j": "i", "y": "i", "g": "h", "x": "ks", "q": "k",
    "zh": "Z", "sh": "S", "ts": "c",
}  # fmt: skip
GERMAN = {
    "schtsch": "S", "tsch": "C", "dsch": "Z", "sch": "S", "ch": "h", "tz": "c", "ts": "c",
    "z": "c", "w": "v", "j": "i", "y": "i", "ss": "s", "ä": "e", "ö": "e", "ü": "iu", "ck": "k",
    "c": "k", "g": "h", "kh": "h", "x": "ks", "q": "k", "sh": "S", "zh": "Z",
}  # fmt: skip
GERMAN_VOICED = GERMAN | {"sch": "Z"}
FRENCH = {
    "chtch": "S", "tch": "C", "ch": "S", "dj": "Z", "j": "Z", "ou": "u", "gue": "he", "gui": "hi",
    "guy": "hi", "tz": "c", "ts": "c", "kh": "h", "y": "i", "w": "v", "x": "ks", "q": "k",
    "c": "k", "g": "h", "ff": "v", "sh": "S", "zh": "Z", "iou": "iu",
}  # fmt: skip

LOOKALIKES = dict(zip("aeopcyxkmhtbinu", "аеорсухкмнтвіпи", strict=True))
KEYS = dict(
    zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё", strict=True)
)
_SHIFTED = str.maketrans('<>{}:"~', ",.[];'`")
APOSTROPHES = "'’ʼ`´′\"«»“”"
VOWELS = frozenset("aeiou")


def plain(text: str) -> str:
    """Lower case, one kind of space, no marks that say nothing: how a value is stored."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(text.split())


def is_cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u052f"


def script_of(text: str) -> str:
    """ "c" for Cyrillic, "l" for Latin, "o" for another script or none."""
    for letter in text:
        if letter.isalpha():
            if is_cyrillic(letter):
                return "c"
            return "l" if letter < "\u0250" or "\u1e00" <= letter <= "\u1eff" else "o"
    return "o"


def one_script(word: str) -> str:
    """Turn Latin letters that only look Cyrillic into Cyrillic, in a word of both scripts."""
    cyrillic = sum(map(is_cyrillic, word))
    if not cyrillic or all(is_cyrillic(x) for x in word if x.isalpha()):
        return word
    if all(x in LOOKALIKES or is_cyrillic(x) for x in word if x.isalpha()):
        return "".join(LOOKALIKES.get(x, x) for x in word)
    return word


def typed_on_latin_keys(text: str) -> bool:
    """Say whether a line looks like Cyrillic typed with the keyboard left on Latin."""
    if script_of(text.lstrip("[];',.`<>{}:\"")) != "l" or any(map(is_cyrillic, text)):
        return False
    words = re.findall(r"[a-z\[\];',.`]{3,}", text.casefold().translate(_SHIFTED))
    return any(map(_unpronounceable, words))


def _unpronounceable(word: str) -> bool:
    inner = word.rstrip(".,")
    one_each = re.sub(r"[sckzt]+h|sz|cz", "h", inner)
    letters = [x for x in one_each if x.isalpha()]
    if len(letters) < 4:
        return False
    vowels = sum(x in "aeiouy" for x in letters) / len(letters)
    if re.search(r"[\[\];,`]", inner):
        return vowels < 0.34
    return vowels < 0.2 or bool(re.search(r"[^aeiouy]{5}", one_each))


def from_latin_keys(text: str) -> str:
    """The Cyrillic text that those keys would have given."""
    return "".join(KEYS.get(x, x) for x in text.casefold().translate(_SHIFTED))


def _transducer(table: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True)))


_ROADS = tuple(
    (SCHOLARLY | road, _transducer(SCHOLARLY | road))
    for road in (ENGLISH, MIXED, POLISH, GERMAN, GERMAN_VOICED, FRENCH)
)
_ENGLISH, _MIXED, _POLISH, _GERMAN, _GERMAN_VOICED, _FRENCH = range(6)


@lru_cache(maxsize=200_000)
def readings(word: str) -> tuple[str, ...]:
    """How a word may sound, likeliest first, in the alphabet of sounds; () for no letters."""
    word = one_script(plain(word))
    word = "".join(x for x in word if x not in APOSTROPHES and x not in "-.,()/ ")
    script = script_of(word)
    if script == "l":
        found = [_tidy(_latin(word, road)) for road in range(len(_ROADS))]
        if word[:1] == "s" and word[1:2] in VOWELS:
            found.append(_tidy("z" + _latin(word, _GERMAN)[1:]))
        return tuple(dict.fromkeys(x for x in found if x))
    if script == "c":
        word = word.replace("ьо", "е")
        word = "".join(CYRILLIC.get(x, x) for x in word)
    word = _tidy("".join(x for x in word if x.isalnum()))
    return (word,) if word else ()


def _latin(word: str, road: int) -> str:
    if road == _FRENCH:
        word = re.sub(r"(?<=[^aeiouy])e$", "", word)
    if road in (_GERMAN, _GERMAN_VOICED):
        word = re.sub(r"(?<=[aeiouyäöü])s(?=[aeiouyäöüj])", "ẑ", word)
    table, pattern = _ROADS[road]
    word = pattern.sub(lambda m: table[m[0]], word)
    word = unicodedata.normalize("NFKD", word)
    return "".join(x for x in word if x.isalnum())


def _tidy(sounds: str) -> str:
    sounds = sounds.replace("ts", "c").replace("dZ", "Z").replace("SC", "S").replace("tC", "C")
    sounds = re.sub(r"(.)\1+", r"\1", sounds)
    sounds = re.sub(r"i+[eo]", "e", sounds)
    sounds = re.sub(r"(.)\1+", r"\1", sounds)
    return re.sub(r"f$", "v", sounds)
