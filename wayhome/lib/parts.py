"""A long list in parts that one background job does within a second or two."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

AT_A_TIME = 100
T = TypeVar("T")


def in_parts(items: Sequence[T], size: int = AT_A_TIME) -> Iterator[list[T]]:
    """The items in their order, at most `size` in each part."""
    for at in range(0, len(items), size):
        yield list(items[at : at + size])
