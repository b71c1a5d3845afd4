"""The evidence of one pair: field by field, which rule ties them and what it weighs."""

from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from math import fsum
from typing import Literal

import numpy as np

from .frequencies import NAME_FIELDS, Frequencies
from .likeness import each_of, weigh
from .persons import Arrangement, Description, read
from .rules import rule_of
from .weights import FIELDS

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
    held_name = theirs.names[0]
    return max(
        (_summed_up(asked_name, held_name, others, frequencies) for asked_name in ours.names),
        key=total,
    )


def _summed_up(
    asked: Arrangement,
    held: Arrangement,
    others: tuple[Evidence, ...],
    frequencies: Frequencies,
) -> tuple[Evidence, ...]:
    """All evidence, with the words of the name asked for shared out in one way."""
    weights = frequencies.weights
    names = tuple(
        _piece(
            field,
            getattr(asked, field),
            getattr(held, field),
            getattr(asked, field).literal,
            getattr(held, field).literal,
            frequencies,
        )
        for field in NAME_FIELDS
    )
    order = weights.order_bits(asked.bits)
    _, together, like_him = weigh(
        np.array([x.bits for x in (*names, *others)]),
        sum(1 << i for i, x in enumerate(names) if x.verdict == "agrees"),
        weights.together.bits(asked.surname, asked.given, asked.patronymic),
        order,
        each_of(weights.namesakes, frequencies.cards),
        each_of(weights.kin, frequencies.cards),
    )
    return (
        *names,
        *_unless_nothing("order", "order.swapped", order),
        *_unless_nothing("together", "together.common", together),
        *others,
        Evidence("others", "disagrees", "others.like_him", like_him, "", ""),
    )


def _unless_nothing(field: str, rule: str, bits: float) -> tuple[Evidence, ...]:
    return (Evidence(field, "disagrees", rule, bits, "", ""),) if bits else ()


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
    return "disagrees" if tie in FIELDS[field].disagreeing else "agrees"


def _written(description: Description, field: str) -> str:
    text: str = getattr(description, "mother_name" if field.startswith("mother") else field)
    return text
