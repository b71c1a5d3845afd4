"""The evidence of one pair: field by field, which rule ties them and what it weighs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import cache
from math import fsum
from typing import Any, Literal

import numpy as np

from .dates import tie_born
from .frequencies import MOST_TIES, NAME_FIELDS, Frequencies
from .frequencies import asked as asked_word
from .likeness import weigh
from .marks import tie_marks, tie_ranks
from .persons import LEFT_OUT_BITS, Arrangement, Description, read
from .rules import rule_of, rule_of_comrade
from .spelling import tie
from .together import AGREES
from .weights import FIELDS, Floats

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
    with `swap`. What is not known on either side adds 0 bits. A comrade is unknown here: his unit
    stands in an index.
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
    held_name, names = theirs.names[0], ours.names
    masses = np.stack([_masses(x, frequencies) for x in names])
    off, orders = frequencies.of_ways(names, masses)
    return max(
        (
            _summed_up(name, held_name, others, frequencies, off[way], float(orders[way]), way)
            for way, name in enumerate(names)
        ),
        key=total,
    )


def _masses(name: Arrangement, frequencies: Frequencies) -> Floats:
    """How many cards show each tie to the words of a name: (names, ties)."""
    masses = np.zeros((len(NAME_FIELDS), MOST_TIES))
    for place, field in enumerate(NAME_FIELDS):
        word = asked_word(getattr(name, field))
        if word:
            masses[place] = frequencies.worth(field, word)[1]
    return masses


def _summed_up(
    asked: Arrangement,
    held: Arrangement,
    others: tuple[Evidence, ...],
    frequencies: Frequencies,
    off: Floats,
    order: float,
    way: int,
) -> tuple[Evidence, ...]:
    """All evidence, with the words of the name asked for shared out in one way."""
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
    agreeing = sum(
        int(AGREES[tie(getattr(asked, x), getattr(held, x))]) << i
        for i, x in enumerate(NAME_FIELDS)
    )
    bits = np.array([x.bits for x in (*names, *others)])
    _, together = weigh(bits, agreeing, off, order)
    return _summed((*names, *others), order_rule(asked, way), order, together, 0.0)


def order_rule(name: Arrangement, way: int) -> str:
    """What is to be said of the order of the words, in the way that fits best."""
    if name.bits <= LEFT_OUT_BITS:
        return "order.left_out"
    return "order.swapped" if way else "order.unsure"


def _summed(
    pieces: tuple[Evidence, ...], rule: str, order: float, together: float, like_him: float
) -> tuple[Evidence, ...]:
    return (
        *pieces[: len(NAME_FIELDS)],
        *_unless_nothing("order", rule, order),
        *_unless_nothing("together", "together.common", together),
        *pieces[len(NAME_FIELDS) :],
        *_of_others(like_him),
    )


def _of_others(bits: float) -> tuple[Evidence, ...]:
    """What namesakes and brothers take off, or what it tells that there are none."""
    if bits > 0.0:
        return (Evidence("others", "agrees", "others.nobody_like_him", bits, "", ""),)
    return _unless_nothing("others", "others.like_him", bits)


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
    asked: Sequence[str],
    held: Sequence[str],
    ties: Sequence[int],
    bits: Sequence[float],
    rule: str,
    *,
    by_comrade: bool = False,
) -> tuple[Evidence, ...]:
    """The evidence of a pair whose ties and bits are known, as `compare` gives it.

    All by field; `bits` ends with those of the order of the words, of names that go together and of
    others like him. `rule` is that of `order_rule`. `by_comrade`: the unit is that of a comrade.
    """
    fields = (*NAME_FIELDS, *OTHER_FIELDS)

    def told_by(field: str, tie: Any, one: str, other: str) -> str:
        if by_comrade and field == "unit":
            return rule_of_comrade(tie)
        return rule_of(field, tie, one, other)

    pieces = [
        Evidence(field, _verdict(field, tie), told_by(field, tie, one, other), weight, one, other)
        for field, tie, weight, one, other in zip(
            fields,
            (FIELDS[x].ties(y) for x, y in zip(fields, ties, strict=True)),
            bits[: len(fields)],
            asked,
            held,
            strict=True,
        )
    ]
    return _summed(tuple(pieces), rule, *bits[len(fields) :])


@cache
def _verdict(field: str, tie: IntEnum) -> Verdict:
    if not tie:
        return "unknown"
    return "disagrees" if tie in FIELDS[field].disagreeing else "agrees"


def written_of(description: Description, field: str) -> str:
    """A field of a description as it was written."""
    text: str = getattr(description, "mother_name" if field.startswith("mother") else field)
    return text
