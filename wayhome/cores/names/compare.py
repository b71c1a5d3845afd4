"""The evidence of one pair: field by field, which rule ties them and what it weighs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from math import fsum
from typing import Any, Literal

import numpy as np

from .dates import tie_born
from .frequencies import NAME_FIELDS, Frequencies
from .likeness import weigh
from .marks import tie_marks, tie_ranks
from .persons import Arrangement, Description, read
from .rules import rule_of
from .spelling import tie
from .together import AGREES
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
            written_of(asked, field),
            written_of(held, field),
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
        sum(
            int(AGREES[tie(getattr(asked, x), getattr(held, x))]) << i
            for i, x in enumerate(NAME_FIELDS)
        ),
        weights.together.bits(asked.surname, asked.given, asked.patronymic),
        order,
        *weights.each(frequencies.cards),
    )
    return _summed((*names, *others), order, together, like_him)


def _summed(
    pieces: tuple[Evidence, ...], order: float, together: float, like_him: float
) -> tuple[Evidence, ...]:
    return (
        *pieces[: len(NAME_FIELDS)],
        *_unless_nothing("order", "order.swapped", order),
        *_unless_nothing("together", "together.common", together),
        *pieces[len(NAME_FIELDS) :],
        Evidence("others", "disagrees", "others.like_him", like_him, "", ""),
    )


def _unless_nothing(field: str, rule: str, bits: float) -> tuple[Evidence, ...]:
    return (Evidence(field, "disagrees", rule, bits, "", ""),) if bits else ()


def _piece(
    field: str, ours: object, theirs: object, asked: str, held: str, frequencies: Frequencies
) -> Evidence:
    found = TIES.get(field, tie)(ours, theirs)
    bits = float(frequencies.bits(field, ours)[found]) if found else 0.0
    rule = rule_of(field, found, asked, held)
    return Evidence(field, _verdict(field, found), rule, bits, asked, held)


# How the values of a field are tied; all others are words.
TIES: dict[str, Callable[[Any, Any], IntEnum]] = {
    "born": tie_born, "unit": tie_marks, "rank": tie_ranks, "service_no": tie_marks,
}  # fmt: skip


def evidence_of(
    asked: Sequence[str], held: Sequence[str], ties: Sequence[int], bits: Sequence[float]
) -> tuple[Evidence, ...]:
    """The evidence of a pair whose ties and bits are known, as `compare` gives it.

    All by field; `bits` ends with those of the order of the words, of names that go together and of
    others like him.
    """
    fields = (*NAME_FIELDS, *OTHER_FIELDS)
    pieces = [
        Evidence(field, _verdict(field, tie), rule_of(field, tie, one, other), weight, one, other)
        for field, tie, weight, one, other in zip(
            fields,
            (FIELDS[x].ties(y) for x, y in zip(fields, ties, strict=True)),
            bits[: len(fields)],
            asked,
            held,
            strict=True,
        )
    ]
    return _summed(tuple(pieces), *bits[len(fields) :])


@cache
def _verdict(field: str, tie: IntEnum) -> Verdict:
    if not tie:
        return "unknown"
    return "disagrees" if tie in FIELDS[field].disagreeing else "agrees"


def written_of(description: Description, field: str) -> str:
    """A field of a description as it was written."""
    text: str = getattr(description, "mother_name" if field.startswith("mother") else field)
    return text
