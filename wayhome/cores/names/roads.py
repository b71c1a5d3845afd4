"""The rule of transliteration by which a Latin spelling was made, where it can be told.

Here the rules stand forwards, for words in the evidence: "as in passports since 2014 (ICAO)".
Nothing is found or weighed by them; that is done by letters.py, which reads all of them backwards.
Sources: MVD orders 310 (1997) and 320 (2012), ICAO Doc 9303 part 3, GOST R 52535.1-2006, resolution
55 of the Cabinet of Ministers of Ukraine (2010), BGN/PCGN, ISO 9:1995, habits of the press.
"""

import re
from functools import lru_cache

from .letters import APOSTROPHES, plain, script_of

Changes = tuple[tuple[re.Pattern[str], str], ...]
_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_UKRAINIAN_LETTERS = "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"
_VOWEL = "аеёиоуыэюяіїє"
MOST_AT_ONCE = 7  # what more rules than these spell alike is no rule's own spelling


def _road(
    values: str, *before: tuple[str, str], letters: str = _LETTERS
) -> tuple[Changes, dict[int, str]]:
    table = dict(zip(letters, values.split(), strict=True))
    cleared = {ord(key): "" if value == "-" else value for key, value in table.items()}
    return tuple((re.compile(x), y) for x, y in before), cleared


_DOUBLE_S = (rf"(?<=[{_VOWEL}])с(?=[{_VOWEL}])", "сс")
_Y_BEFORE_E = (rf"(?:(?<=^)|(?<=[{_VOWEL}йьъ]))е", "йе")
_SHORT_ENDING = (r"(?:ий|ый)$", "ы")
ROADS = {
    "icao": _road(
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y - e iu ia"
    ),
    "kmu": _road(
        "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch - iu ia",
        (r"зг", "згh"), (r"^є", "йe"), (r"^ї", "йi"), (r"^ю", "йu"), (r"^я", "йa"), (r"^й", "y"),
        letters=_UKRAINIAN_LETTERS,
    ),
    "english": _road(
        "a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya",
        _SHORT_ENDING,
    ),
    "order_310": _road(
        "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
    ),
    "soviet": _road(
        "a b v g d e e j z i i k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia",
        _DOUBLE_S, (r"ин$", "инe"),
    ),
    "bgn": _road(
        "a b v g d e yë zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya", _Y_BEFORE_E
    ),
    "gost_2010": _road(
        "a b v g d e e zh z i i k l m n o p r s t u f kh tc ch sh shch - y - e iu ia"
    ),
    "iso": _road("a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ - y - è û â"),
    "german": _road(
        "a b w g d e jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
        _DOUBLE_S, (r"ий$", "и"),
    ),
    "german_j": _road(
        "a b w g d e jo sch s i j k l m n o p r s t u f ch z tsch sch schtsch - y - e ju ja",
        _DOUBLE_S, (r"ий$", "и"), (r"(?<=[иа])е", "je"),
    ),
    "french": _road(
        "a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch - y - e iou ia",
        (r"ий$", "и"), (r"ин$", "инe"),
    ),
    "polish": _road(
        "a b w g d e jo ż z i j k l m n o p r s t u f ch c cz sz szcz - y - e ju ja",
        (r"ий$", "и"), (r"л(?=[аоуы]|$|[бвгджзкмнпрстфхцчшщ])", "ł"),
    ),
    "turkish": _road(
        "a b v g d e yo j z i y k l m n o p r s t u f h ts ç ş şç - ı - e yu ya"
    ),
    "chat": _road("a b v g d e e j z i y k l m n o p r s t u f h c 4 6 w - y - e yu ya"),
}  # fmt: skip
_ONE = {"german_j": "german"}


def spelled(name: str, road: str) -> str:
    """A Cyrillic name by one rule."""
    changes, table = ROADS[road]
    name = plain(name)
    for pattern, ending in changes:
        name = pattern.sub(ending, name)
    return name.translate(table)


@lru_cache(maxsize=20_000)
def road_between(one: str, other: str) -> str:
    """The rule by which one of two spellings was made out of the other; "" if none, or any."""
    if script_of(one) == "l":
        one, other = other, one
    if script_of(one) != "c" or script_of(other) != "l":
        return ""
    latin = "".join(x for x in plain(other) if x not in APOSTROPHES)
    found = [road for road in ROADS if spelled(one, road) == latin]
    return _ONE.get(found[0], found[0]) if 0 < len(found) <= MOST_AT_ONCE else ""
