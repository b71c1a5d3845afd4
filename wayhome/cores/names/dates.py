"""Dates of birth that may be partial or uncertain, and how two of them are tied."""

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?\s*([~?%]?)$")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})$")
DAYS_NEAR = 31
YEARS_ABOUT = 2


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
    """Year, month, day; 0 where not known. `about`: the year itself is a guess."""

    year: int = 0
    month: int = 0
    day: int = 0
    about: bool = False

    @property
    def full(self) -> bool:
        return self.day > 0


def read_born(text: str) -> Born:
    """Read "1999-01-14", "1999-01", "1999", "1999~", a season "2001-21"; else nothing known."""
    text = text.strip()
    if turned := _DAY_FIRST.match(text):
        text = f"{turned[3]}-{turned[2]}-{turned[1]}"
    found = _WRITTEN.match(text)
    if not found or int(found[1]) < 1000:
        return Born()
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    if 12 < month <= 31 and 1 <= day <= 12:
        month, day = day, month  # written day first; it can be read in one way only
    if not 1 <= month <= 12:
        month = day = 0  # a season, or nonsense: the year is what can be compared
    if not 1 <= day <= 31:
        day = 0
    return Born(year, month, day, bool(found[4]))


def tie_born(one: Born, other: Born) -> BornTie:
    """The closest tie between two dates; plain and slow, the measure of the fast one."""
    if not one.year or not other.year:
        return BornTie.UNKNOWN
    if one.about or other.about:
        near = abs(one.year - other.year) <= YEARS_ABOUT
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
        near = np.abs(year - born.year) <= YEARS_ABOUT
        uncertain = about.astype(bool) | born.about
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
