"""The evidence of one pair: field by field, which rule ties them and what it weighs."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from math import fsum
from typing import Literal

from .frequencies import NAME_FIELDS, Frequencies
from .likeness import KIN_FIELDS, NAMESAKE_FIELDS, bits_of_others
from .persons import SWAPPED_BITS, Arrangement, Description, Particulars, read
from .rules import rule_of
from .weights import WEIGHTS

Verdict = Literal["agrees", "disagrees", "unknown"]
OTHER_FIELDS = (
    "born", "birthplace", "unit", "rank", "service_no", "mother_given", "mother_patronymic"
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says of a pair, in bits: for it above 0, against it below, 0 for silence."""

    field: str
    verdict: Verdict
    rule: str
    bits: float
    sought: str
    found: str


def compare(
    sought: Description, found: Description, frequencies: Frequencies, *, swap: bool = False
) -> tuple[Evidence, ...]:
    """Weigh one description against another.

    Adds up log2(m / u), fields taken as independent (Fellegi and Sunter 1969); u is counted in
    `frequencies`, which are those of the register that was searched: of `found`, or of `sought`
    with `swap`. What is not known on either side adds 0 bits.
    """
    asked, held = (found, sought) if swap else (sought, found)
    pieces = _compare(asked, held, frequencies)
    return tuple(replace(x, sought=x.found, found=x.sought) for x in pieces) if swap else pieces


def total(evidence: tuple[Evidence, ...]) -> float:
    """The sum of the bits, in one rounding."""
    return fsum(piece.bits for piece in evidence)


def _compare(
    asked: Description, held: Description, frequencies: Frequencies
) -> tuple[Evidence, ...]:
    ours, theirs = read(asked), read(held)
    names = max(_name_evidence(ours, theirs, frequencies), key=total)
    others = tuple(
        _piece(
            field,
            getattr(ours, field),
            getattr(theirs, field),
            _written(asked, field),
            _written(held, field),
            frequencies,
        )
        for field in OTHER_FIELDS
    )
    return with_others((*names, *others), frequencies.cards)


def with_others(pieces: tuple[Evidence, ...], cards: int) -> tuple[Evidence, ...]:
    """The evidence, and what is taken off because it may be a namesake or kin."""
    namesake = fsum(x.bits for x in pieces if x.field in NAMESAKE_FIELDS)
    kin = fsum(x.bits for x in pieces if x.field in KIN_FIELDS)
    off = float(bits_of_others(namesake, kin, cards))
    return (*pieces, Evidence("others", "disagrees", "others.like_him", off, "", ""))


def pairings(
    ours: tuple[Arrangement, ...], theirs: Arrangement
) -> Iterator[tuple[Arrangement, Arrangement, float]]:
    """Each way to set the words of two names against each other, with what speaks against it."""
    turned = replace(theirs, surname=theirs.given, given=theirs.surname)
    for arrangement in ours:
        yield arrangement, theirs, arrangement.bits
        yield arrangement, turned, arrangement.bits + SWAPPED_BITS


def _name_evidence(
    ours: Particulars, theirs: Particulars, frequencies: Frequencies
) -> Iterator[tuple[Evidence, ...]]:
    for one, other, bits in pairings(ours.names, theirs.names[0]):
        pieces = tuple(
            _piece(
                field,
                getattr(one, field),
                getattr(other, field),
                getattr(one, field).literal,
                getattr(other, field).literal,
                frequencies,
            )
            for field in NAME_FIELDS
        )
        order = Evidence("order", "disagrees", "order.swapped", bits, "", "")
        yield (*pieces, order) if bits else pieces


def _piece(
    field: str, ours: object, theirs: object, asked: str, held: str, frequencies: Frequencies
) -> Evidence:
    column = frequencies.columns[field]
    tie = column.tie(ours, theirs)
    bits = float(column.bits(ours)[tie]) if tie else 0.0
    return Evidence(field, _verdict(field, tie), rule_of(field, tie), bits, asked, held)


@cache
def _verdict(field: str, tie: IntEnum) -> Verdict:
    if not tie:
        return "unknown"
    return "disagrees" if tie in WEIGHTS[field].disagreeing else "agrees"


def _written(description: Description, field: str) -> str:
    text: str = getattr(description, "mother_name" if field.startswith("mother") else field)
    return text
