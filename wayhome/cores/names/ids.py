"""The ids of a part's rows, small: one prefix and numbers, UUIDs, or texts."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
from .sheets import Texts
from .topk import read_bits, write_bits

_NUMBERED = re.compile(r"([^\0]*?)(\d{1,15})")
ZERO = ord("0")
Arrays = dict[str, NDArray[Any]]


class Ids:
    """Ids by row. Which of the three forms they have is seen from the arrays that are there."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._count: int
        if "numbers" in arrays:
            form: list[int] = arrays["form"].tolist()
            self._count, self._least, self._width, self._digits = form
            self._prefix = bytes(arrays["prefix"]).decode()
            self._form = self._prefix.replace("%", "%%") + f"%0{self._digits}d\0"
        elif "uuids" in arrays:
            self._count = len(arrays["uuids"]) // 16
            self._uuids = arrays["uuids"].view("S16")
        else:
            self._count = len(arrays["ends"]) - 1

    @classmethod
    def build(cls, ids: Sequence[str]) -> "Ids":
        return cls(_numbered(ids) or _uuids(ids) or _texts(ids))

    @classmethod
    def of_texts(cls, ids: Texts) -> "Ids":
        """As `build`, of millions at once."""
        first = _NUMBERED.fullmatch(ids[0]) if len(ids) else None
        size = len(ids[0].encode()) if first else 0
        if first and np.all(np.diff(ids.starts) == size) and ids[0].isascii():
            lines = ids.data[int(ids.starts[0]) : int(ids.starts[-1])].reshape(len(ids), size)
            heads, tails = lines[:, : len(first[1])], lines[:, len(first[1]) :]
            if np.all(heads == heads[0]) and np.all((tails >= ZERO) & (tails <= ZERO + 9)):
                powers = 10 ** np.arange(tails.shape[1] - 1, -1, -1)
                numbers = np.zeros(len(ids), np.int64)
                for place, power in enumerate(powers.tolist()):
                    numbers += (tails[:, place].astype(np.int64) - ZERO) * power
                return cls(_of_numbers(numbers, first[1], len(first[2])))
        return cls.build(list(ids))

    def __len__(self) -> int:
        return self._count

    def texts(self, rows: NDArray[np.int64]) -> list[str]:
        """The ids of these rows."""
        if "numbers" not in self.arrays:
            return [self.text(x) for x in rows.tolist()]
        numbers = _numbers(self.arrays["numbers"], rows, self._width) + self._least
        return (self._form * len(rows) % tuple(numbers.tolist())).split("\0")[:-1]

    def text(self, row: int) -> str:
        if "numbers" in self.arrays:
            number: int = read_bits(self.arrays["numbers"], row * self._width, self._width)
            return f"{self._prefix}{number + self._least:0{self._digits}d}"
        if "uuids" in self.arrays:
            return str(UUID(bytes=bytes(self.arrays["uuids"][16 * row : 16 * row + 16])))
        start, end = self.arrays["ends"][row : row + 2].tolist()
        return bytes(self.arrays["letters"][start:end]).decode("utf-8", "surrogatepass")

    def find(self, id: str) -> int:
        """The row of an id, or -1."""
        if "numbers" in self.arrays:
            found = _NUMBERED.fullmatch(id)
            if not found or found[1] != self._prefix or len(found[2]) != self._digits:
                return -1
            number = int(found[2]) - self._least
            return _find(self.arrays["numbers"], self._count, self._width, number)
        if "uuids" in self.arrays:
            try:
                key = UUID(id).bytes
            except ValueError:
                return -1
            order = self.arrays["order"]
            at = int(np.searchsorted(self._uuids, np.bytes_(key), sorter=order))
        else:
            order = self.arrays["order"]
            at = bisect_left(range(self._count), id, key=lambda x: self.text(int(order[x])))
        row = int(order[at]) if at < self._count else -1
        return row if row >= 0 and self.text(row) == id else -1


def _numbered(ids: Sequence[str]) -> Arrays | None:
    first = _NUMBERED.fullmatch(ids[0]) if ids else None
    if not first:
        return None
    prefix, digits = first[1], len(first[2])
    length, start = len(ids[0]), len(prefix)
    numbers = np.zeros(len(ids), np.int64)
    for row, id in enumerate(ids):
        tail = id[start:]
        if len(id) != length or not id.startswith(prefix) or not tail.isascii():
            return None
        if not tail.isdigit():
            return None
        numbers[row] = int(tail)
    return _of_numbers(numbers, prefix, digits)


def _of_numbers(numbers: NDArray[np.int64], prefix: str, digits: int) -> Arrays:
    least = int(numbers.min())
    width = max(1, int(numbers.max() - least).bit_length())
    packed = np.zeros(len(numbers) * width // 64 + 2, np.uint64)
    _pack(packed, numbers - least, width)
    return {
        "numbers": packed,
        "form": np.array([len(numbers), least, width, digits], np.int64),
        "prefix": np.frombuffer(prefix.encode(), np.uint8),
    }


def _uuids(ids: Sequence[str]) -> Arrays | None:
    try:
        read = [UUID(x) for x in ids]
    except ValueError:
        return None
    if not read or any(str(x) != y for x, y in zip(read, ids, strict=True)):
        return None
    letters = np.frombuffer(b"".join(x.bytes for x in read), np.uint8)
    order = np.argsort(letters.view("S16"), kind="stable").astype(np.uint32)
    return {"uuids": letters, "order": order}


def _texts(ids: Sequence[str]) -> Arrays:
    encoded = [x.encode("utf-8", "surrogatepass") for x in ids]
    ends = np.cumsum([0, *map(len, encoded)]).astype(np.uint64)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    letters = np.frombuffer(b"".join(encoded), np.uint8)
    return {"letters": letters, "ends": ends, "order": np.array(order, np.uint32)}


@compiled
def _pack(packed: NDArray[np.uint64], numbers: NDArray[np.int64], width: int) -> None:
    for row in range(len(numbers)):
        write_bits(packed, row * width, width, numbers[row])


@compiled
def _numbers(packed: NDArray[np.uint64], rows: NDArray[np.int64], width: int) -> NDArray[np.int64]:
    found = np.empty(len(rows), np.int64)
    for place in range(len(rows)):
        found[place] = read_bits(packed, rows[place] * width, width)
    return found


@compiled
def _find(packed: NDArray[np.uint64], count: int, width: int, number: int) -> int:
    for row in range(count):
        if read_bits(packed, row * width, width) == number:
            return row
    return -1
