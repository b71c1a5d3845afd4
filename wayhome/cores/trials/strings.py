"""Many strings in one array of bytes, and lines of CSV put together from them."""

from collections.abc import Iterable

import numba
import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
Ids = NDArray[np.int32]
EMPTY = 0  # the id of ""
NOTHING = -1  # writes neither a string nor what follows it


class Strings:
    """Strings by number, in one growing array; number 0 is the empty one."""

    def __init__(self) -> None:
        self._blob = np.zeros(1 << 16, np.uint8)
        self._ends = np.zeros(1 << 12, np.int64)
        self._count = 1

    def __len__(self) -> int:
        return self._count

    def add(self, texts: Iterable[str]) -> Ids:
        """Take strings in; their numbers."""
        raw = [x.encode() for x in texts]
        lengths = np.fromiter(map(len, raw), np.int64, len(raw))
        return self._take(np.frombuffer(b"".join(raw), np.uint8), lengths)

    def add_fixed(self, matrix: Bytes) -> Ids:
        """Take in one string a row, all of one length."""
        return self._take(matrix.ravel(), np.full(len(matrix), matrix.shape[1], np.int64))

    def _take(self, data: Bytes, lengths: NDArray[np.int64]) -> Ids:
        start, size = int(self._ends[self._count - 1]), self._count + len(lengths)
        if size > len(self._ends):
            self._ends = np.concatenate([self._ends, np.zeros(size, np.int64)])
        if start + len(data) > len(self._blob):
            self._blob = np.concatenate([self._blob, np.zeros(start + len(data), np.uint8)])
        self._blob[start : start + len(data)] = data
        self._ends[self._count : size] = start + np.cumsum(lengths)
        ids = np.arange(self._count, size, dtype=np.int32)
        self._count = size
        return ids

    def cut(self, count: int) -> None:
        """Forget all strings from this number on."""
        self._count = count

    def text(self, id: int) -> str:
        """One string."""
        return bytes(self._blob[self._ends[id - 1] : self._ends[id]]).decode() if id > 0 else ""

    def lines(self, cells: Ids, after: bytes) -> bytes:
        """Rows of cells as text; `after` has the byte that follows each column."""
        marks = np.frombuffer(after, np.uint8)
        return bytes(_lines(self._blob, self._ends, np.ascontiguousarray(cells), marks))


@numba.njit(cache=True)
def _lines(blob, ends, cells, marks):  # type: ignore[no-untyped-def]  # pragma: no cover
    size = 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            id = cells[row, column]
            if id >= 0:
                size += 1 + (ends[id] - ends[id - 1] if id > 0 else 0)
    out = np.empty(size, np.uint8)
    place = 0
    for row in range(cells.shape[0]):
        for column in range(cells.shape[1]):
            id = cells[row, column]
            if id < 0:
                continue
            if id > 0:
                for byte in range(ends[id - 1], ends[id]):
                    out[place] = blob[byte]
                    place += 1
            out[place] = marks[column]
            place += 1
    return out
