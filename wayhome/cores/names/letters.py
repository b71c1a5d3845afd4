"""Letters: from any spelling of a name to how it sounds.

Each road from Cyrillic to Latin (passport, press, German, Polish, French, Turkish, scholarly, chat)
is a table read backwards. All of them, and Cyrillic itself, end in one small alphabet of sounds in
which г/ґ/х/g/h/kh are one letter, и/і/ї/й/ы/y are one, е/ё/э/є/ye/yo are one. A Latin spelling
has several readings, because "ch" is ч in English, х in German and ш in French. All that is known
stands in tables of steps, so that a machine can run them too. Method: docs/methods/names.md,
section 2.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

Change = tuple[re.Pattern[str], str]
Step = dict[str, str] | Change  # the longest piece at each place gives way, or a pattern does


def changes(*pairs: tuple[str, str]) -> tuple[Change, ...]:
    """Patterns, each with what takes the place of a match."""
    return tuple((re.compile(pattern), instead) for pattern, instead in pairs)


@dataclass(frozen=True)
class Road:
    """One way in which a word may have been spelled; `when` says which words may have gone it."""

    name: str
    steps: tuple[Step, ...]
    when: re.Pattern[str] | None = None


# Sounds: lower case letters, and S for ш/щ, C for ч, Z for ж/дж, c for ц, h for г/х.
CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "h", "ґ": "h", "д": "d", "е": "e", "ё": "e", "є": "e",
    "ж": "Z", "з": "z", "и": "i", "і": "i", "ї": "i", "й": "i", "к": "k", "л": "l", "м": "m",
    "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ў": "v", "ф": "f",
    "х": "h", "ц": "c", "ч": "C", "ш": "S", "щ": "S", "ъ": "", "ы": "i", "ь": "", "э": "e",
    "ю": "iu", "я": "ia", "ьо": "e",
    # Kazakh, Kyrgyz, Tajik, Uzbek, Turkmen, Azerbaijani
    "ә": "a", "ғ": "h", "қ": "k", "ң": "n", "ө": "o", "ұ": "u", "ү": "u", "һ": "h", "җ": "Z",
    "ӣ": "i", "ӯ": "u", "ҷ": "C", "ҳ": "h", "ҹ": "Z", "ҝ": "h",
    # Bashkir, Chuvash, Mari, Udmurt, Komi, Altai, Khakas
    "ҡ": "k", "ҙ": "z", "ҫ": "s", "ӑ": "a", "ӗ": "e", "ӳ": "u", "ӱ": "u", "ӧ": "o", "ӓ": "a",
    "ӹ": "i", "ҥ": "n", "ӝ": "Z", "ӟ": "z", "ӵ": "C", "ӥ": "i", "ӈ": "n", "ӌ": "Z", "ӊ": "n",
    # Yakut, Ossetian, Abkhaz
    "ҕ": "h", "ӕ": "a", "ҟ": "k", "қь": "k", "ҵ": "c", "ҽ": "C", "ҿ": "C", "ҩ": "o", "ӡ": "dz",
    # Chechen, Ingush, Avar, Dargwa, Lezgi, Kumyk, Lak, Kabardian, Adyghe: pairs with a palochka
    # or a sign are one letter; the palochka alone is a breath.
    "ӏ": "", "аь": "a", "оь": "o", "уь": "u", "юь": "iu", "яь": "ia", "цӏ": "c",
    # Serbian, Macedonian
    "ј": "i", "љ": "l", "њ": "n", "ћ": "C", "ђ": "Z", "џ": "Z", "ѓ": "h", "ќ": "k", "ѕ": "z",
}  # fmt: skip
# Latin letters beyond the first twenty-six, on every road that says nothing else of them.
SCHOLARLY = {
    "š": "S", "č": "C", "ž": "Z", "ŝ": "S", "â": "ia", "û": "iu", "è": "e", "ë": "e",
    "ł": "l", "ı": "i", "ş": "S", "ç": "C", "ğ": "h", "ß": "s", "ø": "o", "æ": "e", "đ": "Z",
    "ď": "d", "ť": "t", "ň": "n", "ə": "a", "þ": "t", "ð": "d", "œ": "e", "ŋ": "n", "ǵ": "h",
    "ģ": "h", "ķ": "k", "ļ": "l", "ņ": "n", "ř": "r", "ȟ": "h", "ḥ": "h", "ḫ": "h", "ẋ": "h",
    "ẑ": "z", "ǰ": "Z", "ʒ": "Z", "ć": "C", "ċ": "C", "ż": "Z", "4": "C", "6": "S",
}  # fmt: skip
ENGLISH = {
    "shch": "S", "sch": "S", "zh": "Z", "kh": "h", "gh": "h", "tz": "c", "ts": "c", "tch": "C",
    "ch": "C", "sh": "S", "th": "t", "ph": "f", "ck": "k", "x": "ks", "q": "k", "w": "v", "y": "i",
    "j": "Z", "dj": "Z", "dzh": "Z", "c": "k", "g": "h", "ff": "v", "shh": "S",
    "ieia": "ia", "ieiu": "iu", "ieie": "e",
}  # fmt: skip
MIXED = ENGLISH | {"j": "i", "c": "c"}  # English, with й and ц as a scholar writes them
POLISH = {
    "szcz": "S", "sz": "S", "cz": "C", "ż": "Z", "dż": "Z", "ch": "h", "kh": "h", "c": "c",
    "ć": "C", "ś": "s", "ź": "z", "w": "v", "j": "i", "y": "i", "g": "h", "x": "ks", "q": "k",
    "zh": "Z", "sh": "S", "ts": "c", "ó": "u", "ą": "on", "ę": "en",
}  # fmt: skip
GERMAN = {
    "schtsch": "S", "tsch": "C", "dsch": "Z", "sch": "S", "ch": "h", "tz": "c", "ts": "c",
    "z": "c", "w": "v", "j": "i", "y": "i", "ss": "s", "ä": "e", "ö": "e", "ü": "iu", "ck": "k",
    "c": "k", "g": "h", "kh": "h", "x": "ks", "q": "k", "sh": "S", "zh": "Z", "ds": "dz",
    "dz": "dz",
}  # fmt: skip
GERMAN_VOICED = GERMAN | {"sch": "Z"}
FRENCH = {
    "chtch": "S", "tch": "C", "ch": "S", "dj": "Z", "j": "Z", "ou": "u", "gue": "he", "gui": "hi",
    "guy": "hi", "tz": "c", "ts": "c", "kh": "h", "y": "i", "w": "v", "x": "ks", "q": "k",
    "qu": "k", "c": "k", "g": "h", "ff": "v", "sh": "S", "zh": "Z", "iou": "iu",
}  # fmt: skip
TURKISH = {
    "c": "Z", "ç": "C", "ş": "S", "ğ": "h", "j": "Z", "x": "h", "q": "h", "w": "v", "y": "i",
    "g": "h", "kh": "h", "sh": "S", "ch": "C", "ə": "e", "ö": "o", "ü": "u", "ä": "e", "ž": "Z",
    "ý": "i", "gh": "h", "zh": "Z", "dj": "Z",
}  # fmt: skip
CENTRAL_ASIAN = {
    "x": "h", "q": "k", "j": "Z", "ch": "C", "sh": "S", "zh": "Z", "kh": "h", "gh": "h", "g": "h",
    "w": "v", "y": "i", "c": "c", "ç": "C", "ş": "S", "ğ": "h", "ts": "c", "ú": "u", "ý": "u",
    "ń": "n", "ó": "o",
}  # fmt: skip
CHAT = CENTRAL_ASIAN | {"w": "S"}

_S_BETWEEN_VOWELS: Step = (re.compile(r"(?<=[aeiouyäöü])s(?=[aeiouyäöüj])"), "ẑ")
_S_FIRST: Step = (re.compile(r"^s(?=[aeiou])"), "ẑ")
_YAKANNE: Step = (re.compile(r"(?<=[бвзклмнпрсф])я(?=[бвгджзклмнпрстф].)"), "е")
_MUTE_E: Step = (re.compile(r"(?<=[^aeiouyz])e$"), "")
# Latin letters with marks, and the letter below the mark.
_MARKED = {
    chr(x): base
    for x in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
    if (base := unicodedata.normalize("NFKD", chr(x))[0]).isascii()
    and base.isalpha()
    and chr(x).islower()
}


def _latin(name: str, table: dict[str, str], *before: Step, when: str | None = None) -> Road:
    marked = {letter: table.get(base, base) for letter, base in _MARKED.items()}
    whole = CYRILLIC | marked | SCHOLARLY | table  # Cyrillic too: a word may hold both
    return Road(name, (*before, whole), re.compile(when) if when else None)


def _cyrillic(name: str, table: dict[str, str], *before: Step, when: str | None = None) -> Road:
    strays = {"g": "h", "j": "i", "q": "k", "w": "v", "x": "h", "y": "i"}
    steps = (*before, strays | CYRILLIC | table)
    return Road(name, steps, re.compile(when) if when else None)


LATIN_ROADS = (
    _latin("english", ENGLISH),
    _latin("mixed", MIXED),
    _latin("polish", POLISH),
    _latin("german", GERMAN, _S_BETWEEN_VOWELS),
    _latin("german_voiced", GERMAN_VOICED, _S_BETWEEN_VOWELS),
    _latin("french", FRENCH, _MUTE_E),
    _latin("german_s", GERMAN, _S_FIRST, _S_BETWEEN_VOWELS, when=r"^s[aeiou]"),
    _latin("turkish", TURKISH, when=r"[cxqəğışç]"),
    _latin("central_asian", CENTRAL_ASIAN, when=r"[xqýú]"),
    _latin("chat", CHAT, when=r"[46]|w.*v|v.*w|w[aeiouy]k?in|^w[ue]"),
)
CYRILLIC_ROADS = (
    _cyrillic("cyrillic", {}),
    # Мядзведзеў, Сцепанаў, Зайцаў, Радзівонаў: Медведев, Степанов, Зайцев, Родионов in Belarusian
    _cyrillic(
        "belarusian",
        {"дз": "d"},
        (re.compile(r"ц(?=[еіьяюё])"), "т"),
        (re.compile(r"ц(?=ве)"), "т"),
        (re.compile(r"(?<=...[іы])во(?=н)"), "о"),
        _YAKANNE,
        (re.compile(r"(?<=[цчшж])аў$"), "еў"),
        (re.compile(r"аў$"), "оў"),
        when=r"дз[еіьяюё]|^ц[іея]|ц[іья].*ў|ў$",
    ),
    _cyrillic("turkic", {"ө": "u", "ә": "e", "ӕ": "o"}, when=r"[өәӕ]"),
    _cyrillic("uzbek", {"ў": "u"}, when=r"^ў|[қғҳ]"),
)
TIDY: tuple[Step, ...] = (
    {"ts": "c", "dZ": "Z"},
    {"SC": "S", "tC": "C", "kh": "h"},
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"i+[eo]"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile(r"f$"), "v"),
)
KNOWN = frozenset(
    letter for road in (*LATIN_ROADS, *CYRILLIC_ROADS) for step in road.steps
    if isinstance(step, dict) for key in step for letter in key
) | frozenset("abcdefghijklmnopqrstuvwxyz0123456789")  # fmt: skip

LOOKALIKES = dict(zip("aeopcyxkmhtbinu", "аеорсухкмнтвіпи", strict=True))
_LATIN_LOOKALIKES = {
    cyrillic: latin for latin, cyrillic in LOOKALIKES.items() if latin not in "nubmht"
}
MISREAD_DIGITS = {"0": "о", "3": "з", "6": "б", "4": "ч", "1": "і"}
# His son, his daughter in Turkic, as in Russian: Эркин уулу, Серікұлы, Вагиф кызы; a son with й,
# since he may be called so by surname. And Хүлер-оолович, whose father may be Хулер-оол or Хулер.
_BY_FATHER = changes(
    (r"(?<=..)(?:[ -](?:улы|улу)|ұлы)$", "эйвич"),
    (r"(?<=....)улы$", "эйвич"),
    (r"(?<=..)[ -]?(?:о[гғ]л[ыуи]|[уў][гғ]л[ыи]|уулу)$", "эйвич"),
    (r"(?<=..)[ -]?[кқг][ыи]з[ыи]$", "эвна"),
    (r"(?<=..)[ -](?:ul[yıi]|ulu|oul[yi]|oulou)$", "eivič"),
    (r"(?<=....)ul[yı]$", "eivič"),
    (r"(?<=..)[ -]?(?:o[gğ][lł](?:ou|[yıui])|ugl[yi]|uulu)$", "eivič"),
    (r"(?<=..)[ -]?[kqg][yıi]z[yıi]$", "evna"),
    (r"(?<=...)[ -]?оол(?=ович|овна)", ""),
)
BY_FATHER = re.compile(
    r"[уұў][лғ]?л[ыуи]$|[гғ]л[ыуи]$|[ыи]з[ыи]$|оолов|[lł](?:ou|[yıui])$|[yıi]z[yıi]$"
)
_PALOCHKA: Change = (re.compile(r"(?<=[гкптхцч])[il1|!](?=[аеёиоуыэюяъь])"), "ӏ")
KEYS = dict(
    zip("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюё", strict=True)
)
_KEYS_BACK = {cyrillic: latin for latin, cyrillic in KEYS.items()}
_SHIFTED = str.maketrans('<>{}:"~', ",.[];'`")
APOSTROPHES = "'’‘ʼ`´′\"«»“”ʻʹʺ"
VOWELS = frozenset("aeiou")


def plain(text: str) -> str:
    """Lower case, one kind of space, no marks that say nothing: how a value is stored."""
    text = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(text.split())


# What stands in a field of which nothing is known. No word that is somebody's surname is here.
NOT_KNOWN = frozenset(
    x.strip()
    for x in """
    нет | нет данных | нет сведений | нет информации | без отчества | б/о | неизвестно | неизвестен
    | не знаю | не помню | не знає | не пам'ятаю | не пам'ятає | don't know | do not know
    | неизвестна | неизвестны | не известно | не известен | не известна | неизв | неизвест
    | не установлено | не установлен | не установлена | не указано | не указан | не указана
    | не помнит | не знает | отсутствует | отсутствуют | данные отсутствуют | данных нет
    | сведений нет | н/д | н.д | н/у | н/и | прочерк | немає | немає даних | нема даних
    | даних немає | без по батькові | невідомо | не відомо | невідомі | невідомий | невід
    | не встановлено | не встановлений | не вказано | не вказаний | відсутнє | відсутній | відсутня
    | дані відсутні | невядома | белгісіз | жоқ | unknown | not known | not available | not stated
    | not given | not specified | no data | none | n/a | n/k | unbekannt | keine angabe
    | keine angaben | k.a | k. a | inconnu | inconnue | nieznany | nieznane | nieznana | brak danych
    | neizvestno | neizv | net dannyh | net dannykh | nevidomo
    """.replace("\n", " ").split("|")
) | {""}
_ENDINGS = NOT_KNOWN | {x.partition(" ")[2] for x in NOT_KNOWN}
_SIGNS = " .,;:?!*_-–—/\\"


def says_nothing(text: str) -> bool:
    """Say whether a field holds no more than a sign or a word for "not known"."""
    return _bare(text) in NOT_KNOWN


def may_end_saying_nothing(text: str) -> bool:
    """Say whether a text with some word before it may say nothing: «не известно»."""
    return _bare(text) in _ENDINGS


def _bare(text: str) -> str:
    return " ".join(text.casefold().strip(_SIGNS).split())


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
    """Letters that only look Cyrillic, or only Latin, made what the rest of the word is."""
    letters = [x for x in word if x.isalpha()]
    cyrillic = [x for x in letters if is_cyrillic(x)]
    if not cyrillic or len(cyrillic) == len(letters):
        return word
    word = _PALOCHKA[0].sub(_PALOCHKA[1], word)
    if all(x in LOOKALIKES or is_cyrillic(x) for x in word if x.isalpha()):
        return "".join(LOOKALIKES.get(x, x) for x in word)
    if all(x in _LATIN_LOOKALIKES for x in cyrillic):
        return "".join(_LATIN_LOOKALIKES.get(x, x) for x in word)
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


# Letters that are frequent on Latin keys are seldom ones on Cyrillic keys: bits for each letter.
_SELDOM = dict.fromkeys("щфъыэц", 4.0) | dict.fromkeys("шгутм", 1.0)
_OFTEN = dict.fromkeys("ао", -3.0) | dict.fromkeys("инвл", -1.5)


def wrong_keys(letter: str) -> float:
    """How much a letter speaks for Latin typed on Cyrillic keys, in bits."""
    return _SELDOM.get(letter, 0.0) + _OFTEN.get(letter, 0.0)


def typed_on_cyrillic_keys(text: str) -> bool:
    """Say whether a line looks like Latin typed with the keyboard left on Cyrillic."""
    letters = [x for x in plain(text) if x.isalpha()]
    if len(letters) < 5 or not all(map(is_cyrillic, letters)):
        return False
    bits = sum(map(wrong_keys, letters))
    return bits / len(letters) >= 1.0


def from_cyrillic_keys(text: str) -> str:
    """The Latin text that those keys would have given."""
    return "".join(_KEYS_BACK.get(x, x) for x in plain(text))


def changed(word: str, steps: tuple[Step, ...]) -> str:
    """The word after each step; plain and slow, the measure of the fast one."""
    for step in steps:
        if isinstance(step, dict):
            given = step
            word = _pieces(tuple(given)).sub(lambda found: given[found[0]], word)  # noqa: B023
        else:
            word = step[0].sub(step[1], word)
    return word


@lru_cache(maxsize=100)
def _pieces(keys: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(sorted(map(re.escape, keys), key=len, reverse=True)))


# Arabic, with Persian letters, and Hebrew, read as the press writes Slavic names in them.
_ABJAD = re.compile("[\u0590-\u06ff]")
_LETTERS_OF_ABJADS = """
א=а ב=в ג=г ד=д ה=х ו=о וו=в ז=з ח=х ט=т י=и כ=к ך=к ל=л מ=м ם=м נ=н ן=н ס=с ע=а פ=п
ף=в צ=ц ץ=ц צ'=ч ץ'=ч צ׳=ч ץ׳=ч ג'=дж ג׳=дж ז'=ж ז׳=ж ק=к ר=р ש=ш ת=т ا=а أ=а آ=а إ=и
ب=б پ=п ت=т ث=т ج=ж چ=ч ح=х خ=х د=д ذ=з ر=р ز=з ژ=ж س=с ش=ш ص=с ض=д ط=т ظ=з ع=а غ=х ف=в
ڤ=в ق=к ك=к ک=к گ=г ل=л م=м ن=н ه=х و=о ي=и ی=и ى=и ئ=и ؤ=у ة=а ء= تش=ч تس=ц
"""
_ABJADS: tuple[Step, ...] = (
    (re.compile("[\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670]"), ""),  # points
    *changes(
        ("^(?:\u05d5\u05d5?|\u0648)", "в"),
        ("^\u05d1", "б"),
        ("^[\u05d9\u064a][\u05d5\u0648]", "ю"),
        ("^[\u05d9\u064a](?![\u05d0\u05d5\u05d9\u0627\u0648\u064a])", "е"),
        ("(?<=..)[\u05d4\u05d0\u0647\u0629\u0649\u0627]$", "а"),
        ("^(?:\u05d0\u05d9|[\u0625\u0627]\u064a)", "и"),
    ),
    dict(x.split("=") for x in _LETTERS_OF_ABJADS.split()),
)


def prepared(word: str) -> str:
    """A word as the roads take it: lower case, one script, letters that some table knows."""
    word = one_script(plain(word))
    if _ABJAD.search(word):
        word = changed(word, _ABJADS)
    word = "".join(x for x in word if x not in APOSTROPHES)
    if BY_FATHER.search(word):
        for pattern, ending in _BY_FATHER:
            word = pattern.sub(ending, word)
    word = "".join(x for x in word if x not in "-.,()/ ")
    if sum(map(is_cyrillic, word)) > 2:
        word = _PALOCHKA[0].sub(_PALOCHKA[1], word)
        word = "".join(MISREAD_DIGITS.get(x, x) for x in word)
    if KNOWN.issuperset(word):
        return word
    return "".join(x if x in KNOWN else _romanised(x) for x in word)


def _romanised(letter: str) -> str:
    found = anyascii(letter).casefold()
    return "".join(x for x in found if x in KNOWN) if letter.isalnum() else ""


@lru_cache(maxsize=200_000)
def readings(word: str) -> tuple[str, ...]:
    """How a word may sound, likeliest first, in the alphabet of sounds; () for no letters."""
    word = prepared(word)
    if not any(x.isalpha() for x in word):
        return (word,) if word else ()
    roads = CYRILLIC_ROADS if script_of(word) == "c" else LATIN_ROADS
    found = [
        changed(changed(word, road.steps), TIDY)
        for road in roads
        if road.when is None or road.when.search(word)
    ]
    return tuple(dict.fromkeys(x for x in found if x))
