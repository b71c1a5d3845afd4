"""One line about a man, as somebody types it: name, date, place, unit in any order and script.

Dates, units, numbers and ranks are known by their shape. A place is known by its name, by a word
before it («г. Самара», "born in Samara"), or because it stands apart from a name that is whole
without it. What cannot be placed stays with the name.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from .letters import from_latin_keys, plain, readings, typed_on_latin_keys
from .marks import LADDER, read_rank
from .persons import RENAMED, Description, is_fathers_name, is_given_name

MOST_LETTERS = 400
# Words of a sentence, which are in no name; they are left out unless they are all there is.
FILLERS = """
в у на ищу ищем ищет ищут шукаю шукаємо шукає сын син сына брат брата муж мужа чоловік звать
звати зовут in at on is seeking looking for my son brother husband né née geboren born
"""
WORDS_OF_A_NAME = 3
LATEST_SHORT_YEAR = 30  # "14.01.29" is 2029, "14.01.31" is 1931

_BREAK = " ; "  # stands where something was taken out: what is beside it is not one name
# Of each month the forms that can be nothing else, then those that need a day beside them.
_MONTHS = (
    ("январ[яье] січня січень january", "янв січ jan"),
    ("феврал[яье] лютого лютий february", "фев лют feb"),
    ("марта березня березень march", "мар март бер mar"),
    ("апрел[яье] квітня квітень april", "апр кві apr"),
    ("мая травня травень", "май тра may"),
    ("июн[яье] червня червень june", "июн чер jun"),
    ("июл[яье] липня липень july", "июл лип jul"),
    ("августа серпня серпень", "авг август сер серп aug august"),
    ("сентябр[яье] вересня вересень september", "сен сент вер sep sept"),
    ("октябр[яье] жовтня жовтень october", "окт жов oct"),
    ("ноябр[яье] листопада листопад november", "ноя нояб лис nov"),
    ("декабр[яье] грудня грудень december", "дек гру dec"),
)


def _months(*, short: bool) -> str:
    """Any month as a word of its own, each in a group of its number."""
    groups = (
        f"(?P<m{number}>{'|'.join(f'{full} {brief}'.split() if short else full.split())})"
        for number, (full, brief) in enumerate(_MONTHS, 1)
    )
    return rf"(?<!\w)(?:{'|'.join(groups)})(?!\w)\.?"


_MONTH, _WHOLE_MONTH = _months(short=True), _months(short=False)
_YEAR = r"(?P<year>19[3-9]\d|20[01]\d)"
_BORN = (
    r"(?:(?:род(?:ился|\.)?|народився|нар\.|born|geb\.?|n[ée]\.?|г\.?\s?р\.?)\s*:?\s*(?:on\s+)?)?"
)
_AFTER_YEAR = (
    r"(?:\s*(?:г\.?\s?р\.?|р\.?\s?н\.?|года?(?:\s+рождения)?|року|г\.|р\.|y\.?o\.?b\.?)(?!\w))?"
)
_DATES = tuple(
    re.compile(x, re.I)
    for x in (
        rf"(?<!\d){_BORN}{_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\d){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}(?P<day>\d\d?)\s?[./-]\s?(?P<month>\d\d?)\s?[./-]\s?{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}(?P<day>\d\d?)\.(?P<month>\d\d?)\.(?P<short>\d\d)(?!\d){_AFTER_YEAR}",
        rf"(?<!\d){_BORN}(?P<day>\d\d?)(?:st|nd|rd|th)?\.?\s+{_MONTH},?\s+{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"{_MONTH}\s+(?P<day>\d\d?)(?:st|nd|rd|th)?,?\s+{_YEAR}(?!\d)",
        rf"(?<!\d){_BORN}(?P<day>\d\d)\s(?P<month>\d\d)\s{_YEAR}(?!\d)",
        rf"(?<!\d){_BORN}{_YEAR}-(?P<month>\d\d)(?!\d){_AFTER_YEAR}",
        rf"(?<![\d./-]){_BORN}(?P<month>\d\d)[./]{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"{_WHOLE_MONTH}\s+{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"(?P<about>~|≈|ок(?:оло|\.)|близько|приблизно|примерно|about|circa|c\.|ca\.?)\s*{_YEAR}(?!\d){_AFTER_YEAR}",
        rf"(?<![\d-]){_BORN}{_YEAR}(?P<about>\s?[~?])?(?![\d-]){_AFTER_YEAR}",
    )
)
_AGE = re.compile(
    r"(?:(?<!\w)(?:aged?|возраст|вік|alter)\s*:?\s*(?P<stated>1[6-9]|[2-6]\d)(?!\d))"
    r"|(?<![\d-])(?P<age>1[6-9]|[2-6]\d)\s*(?:лет|год[а]?|років|роки|рік|рок[иу]|years?(?:\s+old)?|y\.?\s?o\.?|jahre|lat|ans)(?!\w)",
    re.I,
)
_UNIT_WORDS = (
    r"(?:[а-яіїє]{0,4}(?:бр|бригад|полк(?!овн)|дивиз|дивіз|батальон|батальйон|арми|армі|корпус|рот[аыіу]|взвод)"
    r"|мсп|мсд|мсб|пдп|пдд|дшп|дшд|дшб|одшб|тп|тд|тб|ап|зрп|осн|осназ|обрмп|омсб|осб|отб|гмсд|гмсп|вдд"
    r"|отдельн|окрем|мотострел|мотострі|танков|десантн|штурмов|морск|артилл|арт|гвард|гв"
    r"|otbr|omsbr|odshbr|obrmp|msp|msd|pdp|dshp|brigad|regiment|division|battalion|motor|separate|guards|tank|airborne|marine)"
)
_UNITS = tuple(
    re.compile(x, re.I)
    for x in (
        r"(?<!\w)(?:войсков\w+\s+част\w*|військов\w+\s+частин\w*|[вv]\s?[./\\]?\s?[чc]h?\.?)\s*(?:№\s*)?(?P<unit>[аaавв]?-?\d{4,5})(?!\d)",
        rf"(?<!\w)(?P<unit>\d{{1,4}}(?:\s?-?\s?(?:я|й|ая|ый|ий|а|тя|га|nd|th|st|rd))?\s+(?:гв\.?\s+)?{_UNIT_WORDS}[\w.]*(?:\s+(?:теро|{_UNIT_WORDS}[\w.]*|rifle)(?!\w|\s?-?\s?\d))*)",
    )
)
_NUMBERS = tuple(
    re.compile(x, re.I)
    for x in (
        r"(?:личн\w+\s+(?:номер|№)|особист\w+\s+номер|жетон|service\s+n(?:o|umber)\.?|№|\bno\.)\s*:?\s*(?P<number>[^\W\d_]{0,3}\s?-?\s?\d{4,9})(?!\d)",
        r"(?<!\w)(?P<number>[^\W\d_]{1,3}\s?-?\s?\d{5,8})(?!\w)",
        r"(?<![\w+-])(?P<number>\d{6,9})(?!\w)",
    )
)
_MOTHER = re.compile(
    r"(?<!\w)(?:мать|мама|матери|мати|матір|мами|mother|mutter|matka|mère)(?!\w)\s*[:—–-]?\s*"
    r"(?P<name>[^\W\d_][\w'’.-]*(?:\s+[^\W\d_][\w'’.-]*){0,2})",
    re.I,
)
_PLACE = re.compile(
    r"(?<!\w)(?:(?:род(?:ом|ился|\.)?\s+(?:из|в)|урож(?:енец|\.)|народився\s+(?:в|у)|born\s+in|from|"
    r"место\s+рождения|місце\s+народження|из|з|с)\s*:?\s+(?:г\.?|гор\.?|города?|м\.|міста?|с\.|села?)?\s*"
    r"|(?:г|гор|с|пос|пгт|м|смт|д|дер|х|ст(?!\.?\s*(?:[слп]р?-?[а-я]\b|серж|лейт|прап|матр|солд|мичм)))\.\s*|(?:город|село|поселок|посёлок|деревня|станица|місто|селище|хутор)\s+)"
    r"(?P<place>[^\W\d_][\w'’-]+(?:[ -](?:на|на-|upon)[ -][^\W\d_]+|"
    r"\s(?:Посад|Новгород|Челны|Тагил|Кут|Холм|Вишера|Поляны|Зори|Ключ|Сулин|Луки|Рог|Ріг))?)",
    re.I,
)
# Large towns, known without a word before them; the rest are known to `is_place`.
_TOWNS = """
Москва Санкт-Петербург Новосибирск Екатеринбург Казань Красноярск Челябинск Уфа Самара Омск
Ростов-на-Дону Краснодар Воронеж Пермь Волгоград Саратов Тюмень Тольятти Барнаул Махачкала Ижевск
Хабаровск Ульяновск Иркутск Владивосток Ярославль Севастополь Томск Ставрополь Кемерово
Новокузнецк Оренбург Рязань Чебоксары Калининград Пенза Липецк Астрахань Тула Сочи Курск Улан-Удэ
Тверь Магнитогорск Сургут Брянск Якутск Владикавказ Грозный Белгород Архангельск Чита Калуга
Смоленск Саранск Вологда Череповец Курган Орел Йошкар-Ола Нальчик Симферополь Мурманск Кострома
Тамбов Нижневартовск Новороссийск Таганрог Петрозаводск Комсомольск-на-Амуре Стерлитамак Шахты
Псков Бийск Сыктывкар Благовещенск Абакан Черкесск Майкоп Элиста Кызыл Магас Назрань Дербент
Хасавюрт Норильск Братск Ангарск Пятигорск Кисловодск Донецк Луганск Мариуполь Горловка Макеевка
Алчевск Бердянск Мелитополь Киев Харьков Одесса Днепр Запорожье Львов Херсон Полтава Чернигов
Черкассы Житомир Сумы Хмельницкий Винница Ровно Луцк Тернополь Ужгород Черновцы Кропивницкий
Алматы Астана Караганда Шымкент Минск Гомель Ташкент Самарканд Бишкек Ош Душанбе Худжанд Тбилиси
Батуми Ереван Гюмри Баку Кишинев Тирасполь Цхинвал Сухум
"""


@dataclass(frozen=True, slots=True)
class Line:
    """What a line says of a man. `names_somebody`: a name or a number of his own is in it."""

    description: Description

    @property
    def names_somebody(self) -> bool:
        return bool(self.description.full_name or self.description.service_no)


def read_line(
    text: str,
    *,
    is_place: Callable[[str], bool] | None = None,
    this_year: int | None = None,
    id: str = "",
) -> Line:
    """Read one line; any text gives something, none raises.

    `is_place` knows further places, as the register at hand does. An age is understood where
    `this_year` is given: a core has no clock.
    """
    text = " ".join(text[:MOST_LETTERS].replace("\0", " ").split())
    if typed_on_latin_keys(text):
        text = from_latin_keys(text)
    found: dict[str, str] = {}
    if any(x.isdigit() for x in text):
        text = _with_numbers(text, found, this_year)
    text = _taken(text, _MOTHER, found, "mother_name", "name")
    text = _taken(text, _PLACE, found, "birthplace", "place")
    groups = [x.split() for x in re.split(r"[;,()\n]+", text)]
    groups = _without_rank([x for x in groups if x], found)
    if "birthplace" not in found:
        groups = _without_place(groups, found, is_place)
    words = [word for group in groups for word in group if any(map(str.isalnum, word))]
    telling = [word for word in words if word.casefold() not in _fillers()]
    return Line(replace(Description(id=id, full_name=" ".join(telling or words)), **found))


def _with_numbers(text: str, found: dict[str, str], this_year: int | None) -> str:
    """The text without date, unit, service number and age."""
    for pattern in _UNITS[:1]:
        text = _taken(text, pattern, found, "unit", "unit", whole=True)
    for pattern in _DATES:
        match = pattern.search(text)
        if match and (born := _born(match)):
            found["born"] = born
            text = _cut(text, match)
            break
    if "unit" not in found:
        text = _taken(text, _UNITS[1], found, "unit", "unit")
    if "born" not in found and this_year and (match := _AGE.search(text)):
        found["born"] = f"{this_year - int(match['age'] or match['stated'])}~"
        text = _cut(text, match)
    for pattern in _NUMBERS:
        if "service_no" not in found:
            text = _taken(text, pattern, found, "service_no", "number")
    return text


def _taken(
    text: str,
    pattern: re.Pattern[str],
    found: dict[str, str],
    field: str,
    group: str,
    *,
    whole: bool = False,
) -> str:
    match = pattern.search(text)
    if not match:
        return text
    found[field] = (match[0] if whole else match[group]).strip()
    return _cut(text, match)


def _cut(text: str, match: re.Match[str]) -> str:
    return text[: match.start()] + _BREAK + text[match.end() :]


def _born(match: re.Match[str]) -> str:
    """A date as the core reads it, or "" if there is no such day."""
    parts = match.groupdict()
    if parts.get("short"):
        short = int(parts["short"])
        year = f"{2000 + short if short < LATEST_SHORT_YEAR else 1900 + short}"
    else:
        year = parts["year"]
    if parts.get("about"):
        return f"{year}~"
    named = next((number for number in range(1, 13) if parts.get(f"m{number}")), 0)
    month, day = named or int(parts.get("month") or 0), int(parts.get("day") or 0)
    if month > 31 or day > 31 or (month > 12 and day > 12):
        return ""
    return year + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


@cache
def _fillers() -> frozenset[str]:
    return frozenset(FILLERS.split())


@cache
def _longest_rank() -> int:
    return max(len(name.split()) for names in LADDER for name in names.split("|"))


def _without_rank(groups: list[list[str]], found: dict[str, str]) -> list[list[str]]:
    """Take out the longest run of words that is a rank, unless it is all there is."""
    words = sum(map(len, groups))
    for size in range(min(_longest_rank(), words - 1), 0, -1):
        for number, group in enumerate(groups):
            for start in range(len(group) - size + 1):
                rank = " ".join(group[start : start + size])
                if len(rank) > 2 and read_rank(rank):
                    found["rank"] = rank
                    rest = [group[:start], group[start + size :]]
                    return [x for x in (*groups[:number], *rest, *groups[number + 1 :]) if x]
    return groups


@cache
def _town_sounds() -> frozenset[str]:
    names = [*_TOWNS.split(), *RENAMED, *RENAMED.values()]
    return frozenset(readings(x.replace(" ", ""))[0] for x in names)


def _is_town(words: str, is_place: Callable[[str], bool] | None) -> bool:
    sounds = readings(words.replace(" ", ""))[:3]
    return any(x in _town_sounds() for x in sounds) or bool(is_place and is_place(words))


def _without_place(
    groups: list[list[str]], found: dict[str, str], is_place: Callable[[str], bool] | None
) -> list[list[str]]:
    """Take out the place: a known one, or a group of words apart from a whole name."""
    words = sum(map(len, groups))
    for number, group in reversed(list(enumerate(groups))):
        for size in range(min(len(group), WORDS_OF_A_NAME, words - 1), 0, -1):
            for start in range(len(group) - size, -1, -1):
                chosen = group[start : start + size]
                apart = len(group) == size or words - size >= 2
                left = [x for y in groups for x in y]
                for word in chosen:
                    left.remove(word)
                others = _has_surname(left)
                named = size == 1 and _of_a_name(chosen[0])
                if apart and others and not named and _is_town(" ".join(chosen), is_place):
                    found["birthplace"] = " ".join(chosen)
                    rest = [group[:start], group[start + size :]]
                    return [x for x in (*groups[:number], *rest, *groups[number + 1 :]) if x]
    if len(groups) > 1 and len(groups[0]) >= 2:
        for number, group in enumerate(groups[1:], 1):
            if not any(map(_of_a_name, group)) and len(plain(" ".join(group))) > 2:
                found["birthplace"] = " ".join(group)
                return groups[:number] + groups[number + 1 :]
    return groups


def _has_surname(words: list[str]) -> bool:
    """Whether a word may be the surname: Гусев is a town too, Антоневич made like a patronymic."""
    return any(not _of_a_name(x) for x in words) or sum(map(is_fathers_name, words)) > 1


def _of_a_name(word: str) -> bool:
    return is_given_name(word) or is_fathers_name(word)
