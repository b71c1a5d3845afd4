"""Blind search spread over a cluster: each block of families is compared by one worker.

A block is compared as here, so that the pairs are the same to the last digit.
"""

import os
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from .families import Families, RemainsList
from .search import Found, Progress, Ready, Spent, blocks_of, search


class Piece(NamedTuple):
    """A block of families, by its number, and where a worker reads them and the remains."""

    path: str
    block: int
    threshold: float


Compared = list[tuple[Found, Spent]]
# Has each piece worked on somewhere, and gives what came of them in their order.
Share = Callable[
    [Sequence[Piece], Callable[[Piece], Compared], Progress | None], Iterator[tuple[Found, Spent]]
]


def search_spread(
    share: Share,
    folder: Path,
    families: Families,
    remains: RemainsList,
    threshold: float,
    *,
    skip: int = 0,
    spent: Spent,
    progress: Progress | None = None,
) -> Iterator[Found]:
    """As `search`, block by block. `folder` must be the same to all workers: families and remains
    are laid there for as long as this lasts, readable by their owner alone."""
    handle, path = tempfile.mkstemp(prefix="wayhome-search-", dir=folder)
    try:
        with os.fdopen(handle, "wb") as file:
            pickle.dump((families, remains), file, protocol=5)
        count = len(blocks_of(families))
        pieces = [Piece(path, block, threshold) for block in range(skip, count)]
        for found, theirs in share(pieces, compared, progress):
            spent.add(theirs)
            yield found
    finally:
        os.unlink(path)


def compared(piece: Piece) -> Compared:
    """One block, by one processor of a worker."""
    families, ready = opened(piece.path)
    spent = Spent()
    every = search(families, ready, piece.threshold, skip=piece.block, spent=spent, processors=1)
    return [(next(every), spent)]


@lru_cache(maxsize=1)
def opened(path: str) -> tuple[Families, Ready]:
    """Families, and remains made ready: once for all blocks of a worker."""
    families, remains = pickle.loads(Path(path).read_bytes())
    return families, Ready.of(remains)
