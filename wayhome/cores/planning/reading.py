"""Values out of a JSON document, each refused with its place where it is not what it should be."""

import json
import math
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from .faults import MalformedProblem

LARGEST_FILE_BYTES = 64 * 2**20
LONGEST_CODE = 100
THOUSAND = 1000  # weights have three decimals, and are whole numbers inside
CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
Item = TypeVar("Item")


@dataclass(frozen=True)
class At:
    """A value and its place in the document."""

    value: Any
    place: str = ""

    def wrong(self, expected: str, found: str = "") -> MalformedProblem:
        """The fault that this value is not what was expected."""
        return MalformedProblem(self.place, found or _shown(self.value), expected)

    def has(self, key: str) -> bool:
        return key in self.object()

    def get(self, key: str) -> "At":
        """The value of a key that must be there."""
        if key not in self.object():
            raise At(None, self._below(key)).wrong("this key", "it is missing")
        return At(self.value[key], self._below(key))

    def __iter__(self) -> Iterator["At"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return (At(item, self._below(str(n))) for n, item in enumerate(self.value))

    def object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value

    def knows(self, needed: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Refuse keys that nobody reads, and those that are missing."""
        known = (*needed, *optional)
        for key in self.object():
            if key not in known:
                raise At(None, self._below(key)).wrong(f"one of {', '.join(known)}", "unknown key")
        for key in needed:
            self.get(key)

    def text(self) -> str:
        value = self.value
        if (
            not isinstance(value, str)
            or not 0 < len(value) <= LONGEST_CODE
            or value.strip() != value
        ):
            raise self.wrong(f"a text of 1 to {LONGEST_CODE} characters, no spaces around it")
        return value

    def texts(self) -> tuple[str, ...]:
        """A list of texts, each once."""
        found = tuple(one.text() for one in self)
        if len(set(found)) < len(found):
            raise self.wrong("each text once")
        return found

    def one_of(self, words: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in words:
            raise self.wrong(
                f"one of {', '.join(sorted(words))}" if words else "none: there is none"
            )
        return self.value

    def truth(self) -> bool:
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value

    def whole(self, least: int, most: int) -> int:
        value = self.value
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise self.wrong(f"a whole number from {least} to {most}")
        return value

    def number(self, least: float, most: float) -> float:
        value = self.value
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not least <= value <= most:
            raise self.wrong(f"a number from {least:g} to {most:g}")
        return float(value)

    def thousandths(self, least: float, most: float) -> int:
        """A number of three decimals at most, times a thousand."""
        number = self.number(least, most) * THOUSAND
        if not math.isclose(number, round(number), rel_tol=0, abs_tol=1e-6):
            raise self.wrong("a number of three decimals at most")
        return round(number)

    def day(self) -> date:
        try:
            if isinstance(self.value, str) and DAY.fullmatch(self.value):
                return date.fromisoformat(self.value)
        except ValueError:
            pass
        raise self.wrong("a day, as in 2026-03-02")

    def minute(self) -> int:
        """A time of the day, in minutes after midnight."""
        found = CLOCK.fullmatch(self.value) if isinstance(self.value, str) else None
        if not found:
            raise self.wrong("a time from 00:00 to 23:59")
        return 60 * int(found[1]) + int(found[2])

    def period(self) -> tuple[date, date]:
        """A first and a last day, both of them in it."""
        both = [one.day() for one in self]
        if len(both) != 2 or both[0] > both[1]:
            raise self.wrong("two days, the first and the last of a period")
        return both[0], both[1]

    def periods(self) -> "Periods":
        return Periods(tuple(one.period() for one in self))

    def each(self, read: Callable[["At"], Item]) -> tuple[Item, ...]:
        """What `read` makes of each item; items with an `id` have it once."""
        seen: set[str] = set()
        found = []
        for one in self:
            found.append(read(one))
            code = getattr(found[-1], "id", None)
            if code in seen:
                raise one.get("id").wrong("each id once in its list")
            if code is not None:
                seen.add(code)
        return tuple(found)

    def _below(self, key: str) -> str:
        return f"{self.place}/{key}" if self.place else key


@dataclass(frozen=True)
class Periods:
    """Days, as periods with a first and a last day."""

    spans: tuple[tuple[date, date], ...]

    def __contains__(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.spans)


def parsed_document(data: bytes) -> Any:
    """The JSON document in these bytes. Raises MalformedProblem."""
    if len(data) > LARGEST_FILE_BYTES:
        raise MalformedProblem("", f"{len(data)} bytes", f"{LARGEST_FILE_BYTES} at most")
    try:
        text = data.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise MalformedProblem("", f"byte {error.start} is not UTF-8", "a JSON file") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        raise MalformedProblem(where, error.msg, "a JSON file") from None
    except RecursionError:
        raise MalformedProblem("", "brackets too deep", "a problem or a plan") from None
    except MalformedProblem:
        raise
    except ValueError:  # Python refuses to read numbers of thousands of digits
        raise MalformedProblem("", "a number of too many digits", "a JSON file") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise MalformedProblem(key, "the key twice in one object", "each key once")
        found[key] = value
    return found


def _no_constant(word: str) -> float:
    raise MalformedProblem("", word, "numbers that are numbers")


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."
