"""The ties of one date of birth with all dates of a part, in machine code.

The same rules as `dates.tie_born`, which is the measure of this one.
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .dates import DAYS_NEAR, Born, BornTie

Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

# Numbers, since machine code holds constants of the enumeration as they were when it was made.
_UNKNOWN, _DIFFERS = int(BornTie.UNKNOWN), int(BornTie.DIFFERS)
_EXACT, _SWAPPED = int(BornTie.EXACT), int(BornTie.DAY_MONTH_SWAPPED)
_YEAR_OFF, _ONE_DIGIT = int(BornTie.YEAR_OFF), int(BornTie.ONE_DIGIT)
_DAYS_OFF, _SAME_MONTH = int(BornTie.DAYS_OFF), int(BornTie.SAME_MONTH)
_SAME_YEAR, _ABOUT = int(BornTie.SAME_YEAR), int(BornTie.ABOUT)
_NEXT_YEAR, _YEAR_ONLY = int(BornTie.NEXT_YEAR), int(BornTie.YEAR_AGREES_ONLY)
MONTHS_NEAR = 2  # from the 31st of January to the second of March are no more than DAYS_NEAR
MOST_ABOUT = 7  # years; more do not fit into a packed date


def packed(born: Born) -> int:
    """A date as one number, in the order of dates; 0 if nothing is known."""
    return born.year << 12 | born.about << 9 | born.month << 5 | born.day


def unpacked(number: int) -> Born:
    return Born(number >> 12, number >> 5 & 15, number & 31, number >> 9 & 7)


@compiled
def _month_start(year: int, month: int) -> int:
    """Days from the first of March of the year 0 to the first of this month."""
    y = year - 1 if month < 3 else year
    m = month + 9 if month < 3 else month - 3
    return 365 * y + y // 4 - y // 100 + y // 400 + (153 * m + 2) // 5


# In how many of their two digits two numbers differ.
_DIGITS_APART = np.array(
    [[(x // 10 != y // 10) + (x % 10 != y % 10) for y in range(32)] for x in range(32)], np.uint8
)


@compiled
def _differing(one: int, other: int, places: int) -> int:
    count = 0
    for _ in range(places):
        if one % 10 != other % 10:
            count += 1
        one //= 10
        other //= 10
    return count


@compiled
def _years_slip(one: int, other: int) -> bool:
    apart = abs(one - other)
    return apart == 1 or apart == 2 or apart == 10


@compiled
def tie_dates(one: int, other: int) -> int:
    """`dates.tie_born` of two packed dates."""
    year, month, day = one >> 12, one >> 5 & 15, one & 31
    year2, month2, day2 = other >> 12, other >> 5 & 15, other & 31
    if year == 0 or year2 == 0:
        return _UNKNOWN
    about = max(one >> 9 & 7, other >> 9 & 7)
    if about:
        return _ABOUT if abs(year - year2) <= about else _DIFFERS
    if day > 0 and day2 > 0:
        if one == other:
            return _EXACT
        if year == year2 and month == day2 and day == month2:
            return _SWAPPED
        if month == month2 and day == day2 and _years_slip(year, year2):
            return _YEAR_OFF
        digits = 0 if year == year2 else _differing(year, year2, 4)
        if digits + _DIGITS_APART[month, month2] + _DIGITS_APART[day, day2] == 1:
            return _ONE_DIGIT
        if abs(12 * (year2 - year) + month2 - month) <= MONTHS_NEAR:
            days = _month_start(year, month) + day - _month_start(year2, month2) - day2
            if abs(days) <= DAYS_NEAR:
                return _DAYS_OFF
        return _YEAR_ONLY if year == year2 else _DIFFERS
    if year == year2:
        if month > 0 and month2 > 0:
            return _SAME_MONTH if month == month2 else _YEAR_ONLY
        return _SAME_YEAR
    return _NEXT_YEAR if _years_slip(year, year2) else _DIFFERS


@compiled
def near_dates(dates: Ints, asked: int) -> tuple[Ints, Bytes]:
    """Places (from 1) and ties of the dates, ascending, that do not simply differ."""
    places, ties = np.empty(len(dates), np.int32), np.empty(len(dates), np.uint8)
    size, at, year = 0, 0, asked >> 12
    while at < len(dates):
        theirs = dates[at] >> 12
        apart = abs(theirs - year)
        if apart > MOST_ABOUT and apart != 10 and _differing(theirs, year, 4) > 1:
            at = _first_from(dates, at, len(dates), (theirs + 1) << 12)
            continue
        far = apart > 1 or (apart == 1 and 2 < asked >> 5 & 15 < 11)
        if far and asked >> 9 & 7 == 0 and asked & 31:
            size, at = _same_day(dates, at, asked, size, places, ties)
            continue
        tie = tie_dates(asked, dates[at])
        if tie != _DIFFERS and tie != _UNKNOWN:
            places[size], ties[size] = at + 1, tie
            size += 1
        at += 1
    return places[:size].copy(), ties[:size].copy()


@compiled
def _first_from(dates: Ints, low: int, high: int, least: int) -> int:
    """The first place, from `low` up to `high`, of a date that is not before this one."""
    while low < high:
        middle = (low + high) >> 1
        if dates[middle] < least:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def _same_day(
    dates: Ints, at: int, asked: int, size: int, places: Ints, ties: Bytes
) -> tuple[int, int]:
    """The dates of a year far from a full and certain date: tied if partial, or of the same day."""
    year = dates[at] >> 12
    end = _first_from(dates, at, len(dates), (year + 1) << 12)
    for month in range(14):  # the last stands for dates that may be years off
        first = _first_from(dates, at, end, year << 12 | month << 5)
        last = _first_from(dates, first, end, year << 12 | month << 5 | 1)  # without a day
        if month == asked >> 5 & 15:
            last = _first_from(dates, last, end, year << 12 | (month + 1) << 5)
        if month == 13:
            first, last = _first_from(dates, first, end, year << 12 | 1 << 9), end
        for place in range(first, last):
            tie = tie_dates(asked, dates[place])
            if tie != _DIFFERS and tie != _UNKNOWN:
                places[size], ties[size] = place + 1, tie
                size += 1
    return size, end
