"""Descriptions of persons in, an index, best candidates with evidence out."""

from .compare import Evidence, compare
from .frequencies import Frequencies
from .index import Candidate, Index
from .persons import Description
from .rules import RULES

__all__ = [
    "RULES",
    "Candidate",
    "Description",
    "Evidence",
    "Frequencies",
    "Index",
    "candidates",
    "compare",
]


def candidates(
    index: Index,
    sought: Description,
    *,
    top: int = 50,
    prior: float = 0.02,
    swap: bool = False,
) -> list[Candidate]:
    """The best records of an index for one person: `Index.candidates`, as a function."""
    return index.candidates(sought, top=top, prior=prior, swap=swap)
