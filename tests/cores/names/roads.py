"""Rules of transliteration written forwards, as their papers have them.

No table of the core is used, so that one is a measure of the other.

Sources: MVD orders 310 (1997) and 320 (2012, ICAO Doc 9303 of 2014), GOST R 52535.1-2006 (2010),
Cabinet of Ministers of Ukraine 55 (2010), BGN/PCGN 1947, ISO 9:1995, GOST 7.79-2000 B, and the
habits of the German (Duden), French, Polish (PWN), Turkish and English press.
"""

import re

LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"


def _table(values: str, letters: str = LETTERS) -> dict[str, str]:
    return dict(zip(letters, values.replace("_", "").split(" "), strict=True))


SOVIET = _table("a b v g d e e j z i i k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia")
ORDER_310 = _table("a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya")
GOST_2010 = _table("a b v g d e e zh z i i k l m n o p r s t u f kh tc ch sh shch _ y _ e iu ia")
ICAO = _table("a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y _ e iu ia")
BGN = _table("a b v g d e yë zh z i y k l m n o p r s t u f kh ts ch sh shch ” y ’ e yu ya")
ISO_9 = _table("a b v g d e ë ž z i j k l m n o p r s t u f h c č š ŝ ʺ y ʹ è û â")
GOST_779 = _table("a b v g d e yo zh z i j k l m n o p r s t u f x cz ch sh shh `` y' ` e' yu ya")
GERMAN = _table(
    "a b w g d e jo sch s i i k l m n o p r s t u f ch z tsch sch schtsch _ y _ e ju ja"
)
FRENCH = _table("a b v g d e io j z i ï k l m n o p r s t ou f kh ts tch ch chtch _ y _ e iou ia")
POLISH = _table("a b w g d e jo ż z i j k l m n o p r s t u f ch c cz sz szcz _ y ’ e ju ja")
TURKISH = _table("a b v g d e yo j z i y k l m n o p r s t u f h ts ç ş şç _ ı _ e yu ya")
PRESS = _table("a b v g d e yo zh z i y k l m n o p r s t u f kh ts ch sh shch _ y _ e yu ya")
CHAT = _table("a b v g d e e j z i y k l m n o p r s t u f h c 4 6 w _ y ' e yu ya")
UKRAINIAN = _table(
    "a b v h g d e ie zh z y i i i k l m n o p r s t u f kh ts ch sh shch _ iu ia",
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
)
_VOWELS = "аеёиоуыэюя"


def _by(table: dict[str, str], name: str) -> str:
    return "".join(table.get(x, x) for x in name)


def soviet(name: str) -> str:
    name = re.sub(rf"(?<=[{_VOWELS}])с(?=[{_VOWELS}])", "сс", name)
    return re.sub(r"in$", "ine", _by(SOVIET, name))


def order_310(name: str) -> str:
    return _by(ORDER_310, name.replace("ье", "йе"))


def bgn(name: str) -> str:
    return _by(BGN, re.sub(rf"(^|(?<=[{_VOWELS}йьъ]))е", "йе", name))


def german(name: str) -> str:
    name = re.sub(rf"(?<=[{_VOWELS}])с(?=[{_VOWELS}])", "сс", name)
    return re.sub(r"(ii|ij)$", "i", _by(GERMAN, name).replace("ks", "x"))


def french(name: str) -> str:
    return re.sub(r"in$", "ine", _by(FRENCH, re.sub(r"ий$", "и", name)))


def polish(name: str) -> str:
    name = re.sub(r"ий$", "и", name)
    return re.sub(r"l(?=[aouy]|$|[bcdfghkmnprstwz])", "ł", _by(POLISH, name).replace("l’", "l"))


def press(name: str) -> str:
    return _by(PRESS, re.sub(r"(ий|ый)$", "ы", re.sub(r"(^|(?<=[ьъ]))е", "йе", name)))


def ukrainian(name: str) -> str:
    found = _by(UKRAINIAN, name.replace("зг", "zgh").replace("'", ""))
    first = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}.get(name[:1])
    return first + _by(UKRAINIAN, name[1:]) if first else found


OF_RUSSIAN = {
    "a Soviet passport": soviet,
    "order 310 of 1997": order_310,
    "GOST of 2010": lambda name: _by(GOST_2010, name),
    "ICAO of 2014": lambda name: _by(ICAO, name),
    "BGN/PCGN": bgn,
    "ISO 9": lambda name: _by(ISO_9, name),
    "GOST 7.79": lambda name: _by(GOST_779, name),
    "the German press": german,
    "the French press": french,
    "the Polish press": polish,
    "the Turkish press": lambda name: _by(TURKISH, name),
    "the English press": press,
    "chat": lambda name: _by(CHAT, name),
}
