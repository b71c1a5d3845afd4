"""Dates of birth that may be partial or uncertain, and how two of them are tied."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from .letters import NOT_KNOWN

DAYS_NEAR = 31
YEARS_ABOUT = 2  # by how many years "about 1999" may be off
YEARS_OF_AGE = 1  # a man of 30 was born in either of two years
YEARS_OF_DECADE = 5
MOST_ABOUT = 7  # a year less certain than that is not known
LATEST_SHORT_YEAR = 20  # "14.01.20" is 2020, "14.01.21" is 1921
OLDEST, YOUNGEST = 90, 14
# How the months begin: Russian, Ukrainian, Belarusian, English, German, French, Polish, Turkish,
# Kazakh.
_MONTHS = (
    "янв січ студ jan styc oca қаң", "фев лют feb fév lut şub sub ақп",
    "мар бер сак mar mär marz нау", "апр кві крас apr avr kwi nis сәу",
    "май мая тра may mai maj мам", "июн чер чэр jun juin cze haz маус",
    "июл лип ліп jul juil lip tem шіл", "авг сер жні aug août aou sie ağu agu там",
    "сен вер sep wrz eyl қыр", "окт жов кас oct okt paź paz eki қаз",
    "ноя лис ліс nov lis kas қар", "дек гру сне dec dez déc gru ara жел",
)  # fmt: skip
_OF_BIRTH = r"(?:г\.?\s?/?\s?р\.?|р\.?\s?/?\s?н\.?|год\w*\s+рожд\w*|року\s+нар\w*)"
_AFTER = rf"\s*(?:{_OF_BIRTH}|год\w*|року|рік|г\.?|р\.?|roku|rok|r\.?|жылы?|ж\.?)?$"
_WHOLE_YEAR = r"(?:19\d\d|20[0-2]\d|2030)"  # of a date in eight digits
_ABOUT = r"~|≈|ок\.|около|близько|приблизно|примерно|about|circa|ca?\."
# What a spreadsheet or a sentence puts around a date.
_BEFORE = re.compile(
    rf"^(?:{_OF_BIRTH}|д\.?\s?р\.?|дата\s+рожд\w*|дата\s+народж\w*|рожд(?:\.|\w+)?|род(?:\.|ил\w+)|ур(?:\.|ожд\w*)"
    r"|нар(?:\.|од\w+)|born|dob|date of birth|geb(?:\.|oren)|n[ée]e?|urodz\w+|ur\.)"
    r"\s*:?\s*(?:on|am|le)?\s*(?=[\d'~≈\[])"
)
_TIME = re.compile(r"(?<=\d)[t ]\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[ap]m|z|[+-]\d\d:?\d\d)?$")
# In place of a day or a month that is not known; one letter may be an initial.
SIGNS = r"[?*_.…-]{1,2}|[xх]{2}|дд|мм|dd|mm"
_PART = rf"\d{{1,2}}|{SIGNS}|[xх]"
_FORMS = tuple(
    re.compile(x + _AFTER)
    for x in (
        rf"(?P<year>\d{{4}})(?:[-./](?P<month>{_PART}))?(?:[-./](?P<day>{_PART}))?"
        r"(?: ?(?P<about>[~?%]))?",
        rf"(?P<year>{_WHOLE_YEAR})(?P<month>0\d|1[0-2])(?P<day>[0-2]\d|3[01])",
        rf"(?P<day>[0-2]\d|3[01])(?P<month>0\d|1[0-2])(?P<year>{_WHOLE_YEAR})",
        rf"(?P<about>{_ABOUT}) *(?P<year>\d{{4}})",
        rf"'?(?P<year>\d\d)\s*(?={_OF_BIRTH}$)",
        rf"(?P<day>{_PART})[-.,/ ]+(?P<month>{_PART})[-.,/ ]+(?P<year>\d{{4}}|\d\d)",
        r"(?P<month>\d{1,2})[-./](?P<year>\d{4})",
        r"(?:[?_*.…xх/ -]|дд|мм|dd|mm)+(?P<year>\d{4})",
        r"(?:(?P<day>\d{1,2})(?:st|nd|rd|th|-?го)?|(?:[?_*.…xх-]|дд|dd)+)\.?(?: of)?[- ]*"
        r"(?P<name>[^\W\d_]{3,})\.?,?[- ]*(?P<year>\d{4}|'?\d\d)",
        r"(?P<name>[^\W\d_]{3,})\.? *(?P<day>\d{1,2})(?:st|nd|rd|th)?,? +(?P<year>\d{4})",
        r"(?P<name>[^\W\d_]{3,})\.?,? *(?P<year>\d{4})",
        r"(?P<year>\d{4}) *(?:жыл\w*|ж\.?)?,? *(?P<day>\d{1,2})[- ]+(?P<name>[^\W\d_]{3,})",
    )
)
_QUOTES = str.maketrans(dict.fromkeys('«»“”„"', ""))  # «14» мая 1999
# Words by which a day or a month is not told: «точно не помню, 1999», «день неизвестен, 05.1999».
_UNTOLD = re.compile(
    rf"(?<!\w)(?:{'|'.join(sorted(map(re.escape, NOT_KNOWN - {''}), key=len, reverse=True))}"
    r"|точн\w*|дата|даты|дату|дати|день|дня|число|числа|месяц\w?|місяц\w?|місяць|и|і|й|та"
    r"|exact\w*|date|day|month|and)(?!\w)"
)
_DECADE = re.compile(r"(\d{3})(?:x|0-?е|0s)\b")
_BETWEEN = re.compile(
    r"[\[{]?(\d{4})(?:-\d\d){0,2}[~?]? ?(?:/|\.\.|,|–|—|-|(?:до|или|або|чи|to|or)(?= )) ?"
    rf"(\d{{4}})(?:-\d\d){{0,2}}[~?]?[\]}}]?{_AFTER}"
)
_AGE = re.compile(
    rf"(?P<about>{_ABOUT})?\s*(?:aged?|возраст|вік|alter)?\s*:?\s*(?P<age>\d\d)\s*"
    r"(?:лет|л\.?|год[а]?|роки|років|рік|years?(?: old)?|y\.?o\.?|jahre?|lat|ans)?"
    r"(?:\s+(?:в|у|на|in)\s+(?P<year>\d{4})\s*(?:г\.?|году|році|р\.?)?)?$"
)


class BornTie(IntEnum):
    """How two dates of birth are tied."""

    UNKNOWN = 0
    EXACT = 1
    DAY_MONTH_SWAPPED = 2
    YEAR_OFF = 3
    ONE_DIGIT = 4
    DAYS_OFF = 5
    SAME_MONTH = 6
    SAME_YEAR = 7
    ABOUT = 8
    NEXT_YEAR = 9
    YEAR_AGREES_ONLY = 10
    DIFFERS = 11


@dataclass(frozen=True, slots=True)
class Born:
    """Year, month, day; 0 where not known. `about`: by how many years the year may be off."""

    year: int = 0
    month: int = 0
    day: int = 0
    about: int = 0

    @property
    def full(self) -> bool:
        return self.day > 0


def read_born(text: str, this_year: int | None = None) -> Born:
    """Read a date in figures or words, or what is known of it; else nothing is known.

    "1999-01-14", "14.01.99", "14 января 1999 г.", "Jan 14, 1999", "1999-XX-14", "1999~",
    "??.05.1999", "не помню, 1999", "199X", "1998/2000", "[1998,1999]", a season "2001-21"; with a
    time of day or "г.р." beside it.
    Eight digits that are a date in neither order are none. An age is understood where it says of
    which year ("30 лет в 2022"), or else of `this_year`.
    """
    text = " ".join(text[:60].casefold().translate(_QUOTES).split())
    born = _of_text(text, this_year)
    return born if born.year else _of_text(_without_untold(text), this_year)


def _without_untold(text: str) -> str:
    return " ".join(_UNTOLD.sub(" ", text).strip(" .,;:/()").split())


def _of_text(text: str, this_year: int | None) -> Born:
    text = _TIME.sub("", _BEFORE.sub("", text))
    for form in _FORMS:
        if found := form.match(text):
            return _of_parts(found.groupdict())
    if decade := _DECADE.match(text):
        return Born(int(decade[1]) * 10 + YEARS_OF_DECADE, about=YEARS_OF_DECADE)
    if between := _BETWEEN.match(text):
        first, last = sorted(map(int, between.groups()))
        about = (last - first + 1) // 2
        known = 0 < about <= MOST_ABOUT
        return Born(first + about, about=about) if known else Born(first if not about else 0)
    return _of_age(text, this_year)


def _of_parts(parts: dict[str, str | None]) -> Born:
    year, month, day = (_number(parts.get(x)) for x in ("year", "month", "day"))
    if len((parts["year"] or "").strip("'")) == 2:
        year += 2000 if year <= LATEST_SHORT_YEAR else 1900
    if name := parts.get("name"):
        month = _month(name)
        if not month:
            return Born()
    if year < 1000:
        return Born()
    if 12 < month <= 31 and 1 <= day <= 12:
        month, day = day, month  # written day first; it can be read in one way only
    if not 1 <= month <= 12:
        month = day = 0  # a season, or nonsense: the year is what can be compared
    if not 1 <= day <= 31:
        day = 0
    return Born(year, month, day, YEARS_ABOUT if parts.get("about") else 0)


def _number(text: str | None) -> int:
    figures = (text or "").strip("'")
    return int(figures) if figures.isdecimal() else 0


def _month(name: str) -> int:
    """The month that a word names, 0 for none."""
    for number, beginnings in enumerate(_MONTHS, 1):
        if name.startswith(tuple(beginnings.split())):
            return number
    return 0


def _of_age(text: str, this_year: int | None) -> Born:
    found = _AGE.match(text)
    year = int(found["year"] or this_year or 0) if found else 0
    if not found or not year or not YOUNGEST <= int(found["age"]) <= OLDEST:
        return Born()
    about = YEARS_OF_AGE + (YEARS_ABOUT if found["about"] else 0)
    return Born(year - int(found["age"]), about=about)


def written(born: Born) -> str:
    """A date as `read_born` reads it."""
    if born.about not in (0, YEARS_ABOUT):
        return f"{born.year - born.about}/{born.year + born.about}"
    parts = (f"{born.year:04d}", f"-{born.month:02d}", f"-{born.day:02d}")
    date = "".join(parts[: 1 + (born.month > 0) + (born.day > 0)])
    return (date + "~" * (born.about > 0)) if born.year else ""


def tie_born(one: Born, other: Born) -> BornTie:
    """The closest tie between two dates; plain and slow, the measure of the fast one."""
    if not one.year or not other.year:
        return BornTie.UNKNOWN
    if one.about or other.about:
        near = abs(one.year - other.year) <= max(one.about, other.about)
        return BornTie.ABOUT if near else BornTie.DIFFERS
    if one.full and other.full:
        return _tie_full(one, other)
    return _tie_partial(one, other)


def _tie_full(one: Born, other: Born) -> BornTie:
    if one == other:
        return BornTie.EXACT
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return BornTie.DAY_MONTH_SWAPPED
    if (one.month, one.day) == (other.month, other.day) and _years_slip(one.year, other.year):
        return BornTie.YEAR_OFF
    if sum(a != b for a, b in zip(_digits(one), _digits(other), strict=True)) == 1:
        return BornTie.ONE_DIGIT
    if abs(_ordinal(one) - _ordinal(other)) <= DAYS_NEAR:
        return BornTie.DAYS_OFF
    return BornTie.YEAR_AGREES_ONLY if one.year == other.year else BornTie.DIFFERS


def _tie_partial(one: Born, other: Born) -> BornTie:
    if one.year == other.year:
        if one.month and other.month:
            alike = one.month == other.month
            return BornTie.SAME_MONTH if alike else BornTie.YEAR_AGREES_ONLY
        return BornTie.SAME_YEAR
    if _years_slip(one.year, other.year):
        return BornTie.NEXT_YEAR
    return BornTie.DIFFERS


def _years_slip(one: int, other: int) -> bool:
    return abs(one - other) in (1, 2, 10)


def _digits(born: Born) -> str:
    return f"{born.year:04d}{born.month:02d}{born.day:02d}"


def _ordinal(born: Born) -> int:
    """Days since the year 0 in months of 31 days at most: near enough for a slip of days."""
    return date(born.year, born.month, 1).toordinal() + born.day


class BornVocabulary:
    """The distinct dates of a register."""

    def __init__(self) -> None:
        self.values: list[Born] = [Born()]
        self._numbers: dict[Born, int] = {Born(): 0}
        self._columns: NDArray[np.int64] = np.zeros((5, 0), np.int64)

    def __len__(self) -> int:
        return len(self.values)

    def add(self, born: Born) -> int:
        number = self._numbers.get(born)
        if number is None:
            number = self._numbers[born] = len(self.values)
            self.values.append(born)
        return number

    def _arrays(self) -> NDArray[np.int64]:
        known = self._columns.shape[1]
        if known < len(self.values):
            new = [
                (x.year, x.month, x.day, x.about, _ordinal(x) if x.full else 0)
                for x in self.values[known:]
            ]
            self._columns = np.concatenate([self._columns, np.array(new, np.int64).T], axis=1)
        return self._columns

    def ties(self, born: Born) -> NDArray[np.uint8]:
        """The tie of one date with each of the vocabulary; as `tie_born`, all at once."""
        year, month, day, about, ordinal = self._arrays()
        if not born.year:
            return np.zeros(len(year), np.uint8)
        slip = np.isin(np.abs(year - born.year), (1, 2, 10))
        rules = [(year == 0, BornTie.UNKNOWN)]
        near = np.abs(year - born.year) <= np.maximum(about, born.about)
        uncertain = np.maximum(about, born.about) > 0
        rules += [(uncertain & near, BornTie.ABOUT), (uncertain, BornTie.DIFFERS)]
        if born.full:
            full = day > 0
            same_day = (month == born.month) & (day == born.day)
            swapped = (year == born.year) & (month == born.day) & (day == born.month)
            rules += [
                (full & same_day & (year == born.year), BornTie.EXACT),
                (full & swapped, BornTie.DAY_MONTH_SWAPPED),
                (full & same_day & slip, BornTie.YEAR_OFF),
                (full & (_differing(born, year, month, day) == 1), BornTie.ONE_DIGIT),
                (full & (np.abs(ordinal - _ordinal(born)) <= DAYS_NEAR), BornTie.DAYS_OFF),
                (full & (year == born.year), BornTie.YEAR_AGREES_ONLY),
                (full, BornTie.DIFFERS),
            ]
        months = (month > 0) & (born.month > 0)
        rules += [
            ((year == born.year) & months & (month == born.month), BornTie.SAME_MONTH),
            ((year == born.year) & months, BornTie.YEAR_AGREES_ONLY),
            (year == born.year, BornTie.SAME_YEAR),
            (slip, BornTie.NEXT_YEAR),
        ]
        conditions, values = [x[0] for x in rules], [int(x[1]) for x in rules]
        return np.select(conditions, values, int(BornTie.DIFFERS)).astype(np.uint8)


def _differing(
    born: Born, year: NDArray[np.int64], month: NDArray[np.int64], day: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many of the eight digits differ."""
    count = np.zeros(len(year), np.int64)
    for ours, theirs, places in ((born.year, year, 4), (born.month, month, 2), (born.day, day, 2)):
        for place in range(places):
            count += (theirs // 10**place) % 10 != (ours // 10**place) % 10
    return count
