"""Values out of a JSON document, each refused with its place where it is not what it should be."""

import difflib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from .faults import MalformedCase

WORDS_ALIKE = 0.75  # so alike, a key that nobody knows is a slip of the pen


@dataclass(frozen=True)
class At:
    """A value and its place in the document."""

    value: Any
    place: str = ""

    def wrong(self, expected: str, found: str = "") -> MalformedCase:
        """The fault that this value is not what was expected."""
        return MalformedCase(self.place, found or _shown(self.value), expected)

    def has(self, key: str) -> bool:
        """Whether there is such a key, and not null."""
        return self.object().get(key) is not None

    def get(self, key: str) -> "At":
        """The value of a key that must be there."""
        if key not in self.object():
            raise self.wrong(f"the key {key!r}", "it is missing" if not self.value else _keys(self))
        return At(self.value[key], self._below(key))

    def __iter__(self) -> Iterator["At"]:
        """The items of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("a list")
        return (At(item, self._below(str(n))) for n, item in enumerate(self.value))

    def items(self) -> Iterator[tuple[str, "At"]]:
        """The keys and values of an object."""
        return ((key, At(value, self._below(key))) for key, value in self.object().items())

    def object(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        return self.value

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong("a text")
        return self.value

    def one_of(self, words: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in words:
            raise self.wrong(_listed(words))
        return self.value

    def number(self, least: float, most: float, *, open_below: bool = False) -> float:
        """A number between two bounds; the lower one is not allowed itself if `open_below`."""
        value = self.value
        bounds = f"a number {'above' if open_below else 'from'} {least:g} to {most:g}"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.wrong(bounds)
        # What is no number is not within bounds either.
        if not least <= value <= most or (open_below and value == least):
            raise self.wrong(bounds)
        return float(value)

    def knows(self, keys: Collection[str]) -> list[str]:
        """Refuse keys that are slips of the pen; return the other unknown ones."""
        unknown = [key for key in self.object() if key not in keys]
        for key in unknown:
            if meant := difflib.get_close_matches(key, keys, n=1, cutoff=WORDS_ALIKE):
                raise At(None, self._below(key)).wrong(repr(meant[0]), f"unknown key {key!r}")
        return [self._below(key) for key in unknown]

    def _below(self, key: str) -> str:
        return f"{self.place}/{key}" if self.place else key


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


def _keys(at: At) -> str:
    return f"only {', '.join(map(repr, at.value))}"


def _listed(words: Collection[str]) -> str:
    every = sorted(words)
    if not every:
        return "nothing: the file names none"
    return f"one of {', '.join(every)}" if len(every) > 1 else every[0]
