"""Slips of pen, ear, scanner and keyboard, each one step away from how a name should stand."""

from random import Random

_CYRILLIC = "абвгдежзиклмнопрстуфхцчшыюя"
_LATIN = "abcdefghijklmnoprstuvyz"
_HEARD = (
    ("о", "а"), ("а", "о"), ("е", "и"), ("и", "е"), ("б", "п"), ("п", "б"), ("д", "т"),
    ("т", "д"), ("г", "к"), ("к", "г"), ("в", "ф"), ("з", "с"), ("с", "з"), ("ж", "ш"),
    ("ш", "щ"), ("щ", "ш"), ("ы", "и"), ("сс", "с"), ("нн", "н"), ("лл", "л"), ("ь", ""),
    ("тс", "ц"), ("дз", "з"), ("ё", "о"), ("я", "е"), ("ю", "у"), ("и", "ы"), ("і", "и"),
    ("o", "a"), ("a", "o"), ("e", "i"), ("i", "e"), ("b", "p"), ("p", "b"), ("d", "t"),
    ("t", "d"), ("g", "k"), ("k", "g"), ("v", "f"), ("z", "s"), ("s", "z"), ("y", "i"),
    ("i", "y"), ("ss", "s"), ("nn", "n"), ("w", "v"), ("kh", "h"), ("ou", "u"),
)  # fmt: skip
_SCANNED = (
    ("н", "п"), ("п", "н"), ("и", "п"), ("ш", "щ"), ("щ", "ш"), ("о", "с"), ("с", "о"),
    ("е", "с"), ("а", "о"), ("в", "б"), ("б", "в"), ("л", "п"), ("м", "т"), ("т", "г"),
    ("г", "т"), ("к", "н"), ("ч", "г"), ("ж", "м"), ("я", "л"), ("ы", "ь"), ("з", "э"),
    ("д", "л"), ("і", "ї"), ("р", "о"), ("в", "н"), ("ю", "о"), ("К", "Н"), ("П", "Н"),
    ("Д", "Л"), ("Б", "В"), ("Г", "Т"), ("З", "Э"), ("О", "С"), ("И", "Н"), ("Ш", "Щ"),
    ("rn", "m"), ("m", "rn"), ("n", "h"), ("h", "n"), ("l", "i"), ("i", "l"), ("c", "e"),
    ("e", "c"), ("v", "y"), ("u", "v"), ("o", "a"), ("k", "h"), ("g", "q"), ("D", "O"),
    ("t", "f"), ("a", "o"), ("I", "l"), ("B", "R"), ("s", "z"),
)  # fmt: skip
_KEYS = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюёіїє", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`s]'"
)
_ALIKE = str.maketrans("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX")


def typo(text: str, dice: Random) -> str:
    """One letter more, less, other, or two turned round; the first is mostly right."""
    if len(text) < 3:
        return text
    place = dice.randrange(0 if dice.random() < 0.15 else 1, len(text))
    letter = dice.choice(_LATIN if text[1] < "\u0250" else _CYRILLIC)
    kind = dice.random()
    if kind < 0.3:
        return text[:place] + text[place + 1 :]
    if kind < 0.55:
        return text[:place] + letter + text[place:]
    if kind < 0.8 or place + 1 >= len(text):
        wanted = letter.upper() if text[place].isupper() else letter
        return text[:place] + wanted + text[place + 1 :]
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def typo2(text: str, dice: Random) -> str:
    """Two slips of the pen."""
    return typo(typo(text, dice), dice)


def phonetic(text: str, dice: Random) -> str:
    """Written as it was heard."""
    return _one_of(_HEARD, text, dice)


def ocr(text: str, dice: Random) -> str:
    """Misread by a scanner, or in a hand."""
    return _one_of(_SCANNED, text, dice)


def _one_of(pairs: tuple[tuple[str, str], ...], text: str, dice: Random) -> str:
    found = [(one, other) for one, other in pairs if one in text]
    if not found:
        return typo(text, dice)
    one, other = dice.choice(found)
    places = [x for x in range(len(text)) if text.startswith(one, x)]
    place = dice.choice(places)
    return text[:place] + other + text[place + len(one) :]


def keyboard(text: str) -> str:
    """Typed with the keyboard left on Latin."""
    return text.lower().translate(_KEYS)


def homoglyph(text: str) -> str:
    """Latin letters among the Cyrillic, which look the same."""
    return text.translate(_ALIKE)


def yo(text: str, dice: Random) -> str:
    """ё where е should stand, or the other way."""
    if "ё" in text:
        return text.replace("ё", "е")
    places = [x for x, letter in enumerate(text) if letter == "е"]
    if not places:
        return text
    place = dice.choice(places)
    return text[:place] + "ё" + text[place + 1 :]


def truncated(text: str, dice: Random) -> str:
    """Cut off by a field that was too short."""
    return text[: max(3, min(len(text) - 2, dice.randint(4, 6)))]


def digit(text: str, dice: Random) -> str:
    """One digit other than it should be."""
    places = [x for x, letter in enumerate(text) if letter.isdigit()]
    if not places:
        return text
    place = dice.choice(places)
    other = dice.choice([x for x in "0123456789" if x != text[place]])
    return text[:place] + other + text[place + 1 :]


SLIPS = {"typo1": typo, "typo2": typo2, "phonetic": phonetic, "ocr": ocr}
