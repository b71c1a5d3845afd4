"""Dates as people know them: whole, partial, uncertain, unknown.

A date is kept as a text in a part of EDTF (ISO 8601-2, level 1): "1999-01-14", "1999-01", "1999",
a season "2001-21" (spring) to "2001-24" (winter), "~" behind it for "about", "" for unknown.
"About 20 years old" on a day in 2022 is "2002~": the one year most likely meant, marked as a guess.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from math import isfinite

from wayhome.lib.text import clean

_KEPT = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?(~?)", re.ASCII)
SEASONS = {21: (3, 5), 22: (6, 8), 23: (9, 11)}  # its first and last month
WINTER = 24  # may lie at both ends of its year, so it is as wide as the year
YEARS_ABOUT = 2
DAYS_ABOUT = 31
OLDEST_YEAR = 1850
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_EXCEL_DAYS = range(1, 109_575)  # until the year 2199
OLDEST_AGE = 120


class Unreadable(StrEnum):
    """Why a text is no date."""

    NO_SUCH_DAY = "no such day"
    NOT_A_DATE = "not a date"


class Said(StrEnum):
    """What was said in place of a date."""

    NOTHING = ""
    UNKNOWN = "unknown"
    DECLINED = "declined"
    UNABLE = "unable"


class DateUnreadable(ValueError):
    """A text that is no date; `why` tells the two kinds apart."""

    def __init__(self, why: Unreadable) -> None:
        self.why = why
        super().__init__(str(why))


@dataclass(frozen=True)
class PartialDate:
    """A date in its EDTF text; `said` tells an unknown one from a declined one."""

    text: str = ""
    said: Said = Said.NOTHING

    def __post_init__(self) -> None:
        if self.text:
            _first_and_last(self.text)

    def __str__(self) -> str:
        return self.text

    @property
    def known(self) -> bool:
        return bool(self.text)

    @property
    def about(self) -> bool:
        return self.text.endswith("~")

    def earliest(self) -> date | None:
        """The first day that can be meant, None where nothing is known."""
        return _first_and_last(self.text)[0] if self.text else None

    def latest(self) -> date | None:
        """The last day that can be meant, None where nothing is known."""
        return _first_and_last(self.text)[1] if self.text else None


def _first_and_last(text: str) -> tuple[date, date]:
    found = _KEPT.fullmatch(text)
    if not found:
        raise DateUnreadable(Unreadable.NOT_A_DATE)
    year, part, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        first, last = _span(year, part, day)
        return _widened(first, last, part) if found[4] else (first, last)
    except (ValueError, OverflowError):
        raise DateUnreadable(Unreadable.NO_SUCH_DAY) from None


def _span(year: int, part: int, day: int) -> tuple[date, date]:
    if day:
        return date(year, part, day), date(year, part, day)
    if not part or part == WINTER:
        return date(year, 1, 1), date(year, 12, 31)
    one, other = SEASONS.get(part, (part, part))
    if not 1 <= one <= 12:
        raise ValueError
    return date(year, one, 1), date(year, other, monthrange(year, other)[1])


def _widened(first: date, last: date, part: int) -> tuple[date, date]:
    days = timedelta(days=DAYS_ABOUT if part else YEARS_ABOUT * 366)
    first, last = first - days, last + days
    return (first, last) if part else (date(first.year + 1, 1, 1), date(last.year - 1, 12, 31))


_MONTHS = (
    ("янв", "січ", "jan"), ("фев", "лют", "feb"), ("мар", "бер", "mar"), ("апр", "кві", "apr"),
    ("май", "мая", "тра", "may"), ("июн", "чер", "jun"), ("июл", "лип", "jul"),
    ("авг", "сер", "aug"), ("сен", "вер", "sep"), ("окт", "жов", "oct"),
    ("ноя", "лис", "nov"), ("дек", "гру", "dec"),
)  # fmt: skip
_MONTH = {stem: number for number, stems in enumerate(_MONTHS, 1) for stem in stems}
_FULL_STEMS = re.compile(
    r"янв(ар[ьяе])?|фев(рал[ьяе])?|марта?|марте|апр(ел[ьяе])?|ма[йяе]|июн[ьяе]?|июл[ьяе]?|авг(уста?е?)?"
    r"|сен(т(ябр[ьяе])?)?|окт(ябр[ьяе])?|ноя(б(р[ьяе])?)?|дек(абр[ьяе])?"
    r"|січ(ень|ня|ні)?|лют(ий|ого|ому)?|бер(езень|езня|езні)?|кві(тень|тня|тні)?|тра(вень|вня|вні)?"
    r"|чер(вень|вня|вні)?|лип(ень|ня|ні)?|сер(пень|пня|пні)?|вер(есень|есня|есні)?"
    r"|жов(тень|тня|тні)?|лис(топада?|топаді)?|гру(день|дня|дні)?"
    r"|jan(uary)?|feb(ruary)?|mar(ch)?|apr(il)?|may|june?|july?|aug(ust)?|sept?(ember)?"
    r"|oct(ober)?|nov(ember)?|dec(ember)?"
)
_SEASON = {
    21: "весна весной весны навесні весни spring",
    22: "лето летом лета літо влітку літа summer",
    23: "осень осенью осени осінь восени осені autumn fall",
    24: "зима зимой зимы взимку зими winter",
}
_SEASON_OF = {word: number for number, words in _SEASON.items() for word in words.split()}
_SAID = {
    Said.UNKNOWN: "невідомо невідома невідомий неизвестно неизвестна неизв unknown н/д н/в n/a "
    "не відомо|не известно|не знаю|не знає|не знает|not known|немає даних|нет данных|? ??",
    Said.DECLINED: "відмовився відмова отказался отказ declined refused|не назвав|не назвал",
    Said.UNABLE: "unable|не може|не может|не зміг|не смог",
    Said.NOTHING: "- -- — – ― . … 0 00.00.0000 x х",
}
_SAID_BY = {
    word: said
    for said, words in _SAID.items()
    for phrase in words.split("|")
    for word in ([phrase] if phrase.startswith(("не ", "not", "нем", "нет")) else phrase.split())
}
_ABOUT = re.compile(
    r"^(?:(?:около|близько|приблизно|приблизительно|примерно|прибл|бл|ок|about|approximately"
    r"|approx|circa|ca|c)\b\.?\s*|~\s*)"
)
_YEAR_WORD = re.compile(
    r"\s*\b(?:г\.?\s*р(?:ожд)?|р\.?\s*н(?:ар)?|года\s+рождения|року\s+народження"
    r"|году?|года|року|рік|році|г|р|year)\b\.?$"
)
_AGE = re.compile(
    r"(\d{1,3})\s*(?:лет|год|года|років|роки|рік|р\.?|y\.?o\.?|years?(?:\s+old)?|years?\s+of\s+age)?"
)
_NUMBERS = re.compile(r"(\d{1,4})\s*([./\-\s])\s*(\d{1,2})\s*\2\s*(\d{1,4})")
_MONTH_YEAR = re.compile(r"(\d{1,2})[./\-](\d{4})")
_DAY_MONTH_YEAR = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th|-?го)?\s+)?([^\W\d]+)\.?,?\s+(\d{4}|\d\d)"
)
_MONTH_DAY_YEAR = re.compile(r"([a-z]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
# What stands for a day or a month that nobody knew: ??.05.1999, «н/д 1999», «не помню, май 1999».
_BLANK = r"(?:[?_*.…-]{1,10}|[xх]{1,2}|00?|дд|мм|dd|mm)"
_ZEROS = re.compile(r"(?<=\d{4})(?:-00)?-00$|(?<=\d{4}-\d\d)-00$")
_UNTOLD_DAY = re.compile(
    rf"^(?:{_BLANK}[./\-\s]+(?=(?:\d\d?[./\-]|[^\W\d_]{{3,}}\.?\s+)\d{{4}}$)"
    r"|(?:(?:точно|день|число|месяц|місяць|и|і|та)\s+)*"
    r"(?:н/[див]|не\s+(?:помн|зна|пам|извест|відом)\S*|неизвестн\w+|невідом\w+|нет\s+данных"
    r"|немає\s+даних|unknown|not\s+known)(?:\s+точно)?[\s.,;/-]+(?=.*\d{4}))"
)
_UNTOLD_MONTH = re.compile(
    r"(?:[?_*.…xх/\s-]|00|дд|мм|dd|mm|\d\d?[./-](?=[?_*.…xхдмdm-]|00))+(?P<year>[12]\d{3})"
    rf"|(?P<known>[12]\d{{3}}(?:-\d\d)?)(?:[./-]{_BLANK}){{1,2}}"
)
_CLOCK = re.compile(r"[t\s]\d{1,2}:\d\d(?::\d\d)?(?:\.\d+)?z?$")


def parse(
    value: object, *, today: date, latest: date | None = None, age_on: date | None = None
) -> PartialDate:
    """Read a date as a person wrote it, the day before the month.

    A year of two digits is the last one that is not after `latest` (otherwise `today`). An age
    is counted from `age_on` (otherwise `today`). A number is a year, or a day as Excel counts.
    Raises DateUnreadable.
    """
    if isinstance(value, datetime):
        return PartialDate(value.date().isoformat())
    if isinstance(value, date):
        return PartialDate(value.isoformat())
    if isinstance(value, int | float) and not isinstance(value, bool):
        return PartialDate(_from_number(float(value)))
    return _from_text(clean(str(value or "")).lower(), latest or today, age_on or today)


def read_date(text: str, *, today: date | None = None) -> PartialDate | None:
    """As `parse`; None if nobody can read it."""
    try:
        return parse(text, today=today or date.today())
    except DateUnreadable:
        return None


def _from_number(number: float) -> str:
    if number == 0:
        return ""
    if number.is_integer() and OLDEST_YEAR <= number <= 2200:
        return f"{number:.0f}"
    if not isfinite(number) or int(number) not in _EXCEL_DAYS:
        raise DateUnreadable(Unreadable.NOT_A_DATE)
    return (_EXCEL_DAY_ZERO + timedelta(days=int(number))).isoformat()


def _from_text(text: str, latest: date, age_on: date) -> PartialDate:
    if not text:
        return PartialDate()
    if text.rstrip(".") in _SAID_BY or text in _SAID_BY:
        return PartialDate(said=_SAID_BY.get(text.rstrip("."), _SAID_BY.get(text, Said.NOTHING)))
    text = _ZEROS.sub("", text)
    if text.isascii() and _KEPT.fullmatch(text):
        return PartialDate(text)
    about = _ABOUT.match(text) is not None or text.endswith("~")
    text = _CLOCK.sub("", _ABOUT.sub("", text).rstrip("~ "))
    if not _AGE.fullmatch(text):
        text = _YEAR_WORD.sub("", text).strip()
    text = _UNTOLD_DAY.sub("", text)
    read = _age(text, age_on, about) or _whole(text, latest)
    return PartialDate(read.rstrip("~") + "~" if about else read)


def _age(text: str, age_on: date, about: bool) -> str:
    found = _AGE.fullmatch(text)
    if not found or not (about or text != found[1]) or int(found[1]) > OLDEST_AGE:
        return ""
    return f"{age_on.year - int(found[1]):04d}~"


def _whole(text: str, latest: date) -> str:
    if re.fullmatch(r"[12]\d{3}", text, re.ASCII):
        return text
    if found := _UNTOLD_MONTH.fullmatch(text):
        return found["year"] or PartialDate(found["known"]).text
    if found := _NUMBERS.fullmatch(text):
        return _from_three(found[1], found[3], found[4], latest)
    if found := _MONTH_YEAR.fullmatch(text):
        return _checked(int(found[2]), int(found[1]))
    if found := _MONTH_DAY_YEAR.fullmatch(text):
        return _in_words(found[2], found[1], found[3], latest)
    if found := _DAY_MONTH_YEAR.fullmatch(re.sub(r"^(?:у|в|во|на|in)\s+", "", text)):
        return _in_words(found[1], found[2], found[3], latest)
    raise DateUnreadable(Unreadable.NOT_A_DATE)


def _from_three(one: str, month: str, other: str, latest: date) -> str:
    if len(one) == 4 and len(other) <= 2:
        return _checked(int(one), int(month), int(other))
    if len(one) > 2 or len(other) not in (2, 4):
        raise DateUnreadable(Unreadable.NOT_A_DATE)
    if len(other) == 4:
        return _checked(int(other), int(month), int(one))
    year = _century(int(other), latest)
    if (year, int(month), int(one)) > (latest.year, latest.month, latest.day):
        year -= 100
    return _checked(year, int(month), int(one))


def _century(two_digits: int, latest: date) -> int:
    year = latest.year - latest.year % 100 + two_digits
    return year if year <= latest.year else year - 100


def _in_words(day: str | None, word: str, year: str, latest: date) -> str:
    full = int(year) if len(year) == 4 else _century(int(year), latest)
    if word in _SEASON_OF and not day:
        return _checked(full, _SEASON_OF[word])
    if not _FULL_STEMS.fullmatch(word):
        raise DateUnreadable(Unreadable.NOT_A_DATE)
    stem = word[:3] if word[:3] in _MONTH else "май"
    return _checked(full, _MONTH[stem], int(day) if day else None)


def _checked(year: int, month: int, day: int | None = None) -> str:
    if year < OLDEST_YEAR or day == 0 or (day is None and month == 0):
        raise DateUnreadable(Unreadable.NO_SUCH_DAY)
    text = f"{year:04d}-{month:02d}" + (f"-{day:02d}" if day is not None else "")
    if day is not None and month > 12:
        raise DateUnreadable(Unreadable.NO_SUCH_DAY)
    return PartialDate(text).text


_SHOWN_MONTHS = {
    "uk": "січень січня лютий лютого березень березня квітень квітня травень травня червень червня "
    "липень липня серпень серпня вересень вересня жовтень жовтня листопад листопада грудень грудня",
    "ru": "январь января февраль февраля март марта апрель апреля май мая июнь июня "
    "июль июля август августа сентябрь сентября октябрь октября ноябрь ноября декабрь декабря",
    "en": "January January February February March March April April May May June June "
    "July July August August September September October October November November "
    "December December",
}
_SHOWN_SEASONS = {
    "uk": "весна літо осінь зима",
    "ru": "весна лето осень зима",
    "en": "spring summer autumn winter",
}
_SHOWN_SAID = {
    "uk": ("невідомо", "не назвав", "не може сказати"),
    "ru": ("неизвестно", "не назвал", "не может сказать"),
    "en": ("unknown", "declined", "unable to say"),
}
_SHOWN_YEAR = {"uk": " р.", "ru": " г.", "en": ""}
_SHOWN_ABOUT = {"uk": "приблизно", "ru": "приблизительно", "en": "about"}


def display(partial: PartialDate, language: str) -> str:
    """The date in words of "uk", "ru" or (anything else) "en"."""
    language = language[:2] if language[:2] in _SHOWN_YEAR else "en"
    found = _KEPT.fullmatch(partial.text)
    if not found:
        unknown, declined, unable = _SHOWN_SAID[language]
        return {Said.DECLINED: declined, Said.UNABLE: unable}.get(partial.said, unknown)
    year, part, day = found[1], int(found[2] or 0), int(found[3] or 0)
    shown = f"{_shown_part(part, day, language)} {year}{_SHOWN_YEAR[language]}".strip()
    return f"{_SHOWN_ABOUT[language]} {shown}" if partial.about else shown


def _shown_part(part: int, day: int, language: str) -> str:
    if not part:
        return ""
    if part > 12:
        return _SHOWN_SEASONS[language].split()[part - 21]
    name = _SHOWN_MONTHS[language].split()[2 * (part - 1) + bool(day)]
    return f"{day} {name}" if day else name
