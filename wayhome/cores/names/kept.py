"""Answers that are kept, and the oldest let go."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """At most so many answers; what was not asked for longest gives way. Not for two threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: dict[Key, Value] = {}

    def get(self, key: Key, otherwise: Callable[[], Value]) -> Value:
        """The answer that is kept for a key; or that of `otherwise`, kept from now on."""
        try:
            value = self._held.pop(key)
        except KeyError:
            value = otherwise()
            if len(self._held) >= self._most:
                del self._held[next(iter(self._held))]
        self._held[key] = value  # behind the others
        return value

    def clear(self) -> None:
        """Let go of all of them."""
        self._held.clear()
