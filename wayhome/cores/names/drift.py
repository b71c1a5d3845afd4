"""Whether a register is still of the kind that its weights were learned on.

What stands in each field is shared out among a few sorts: unknown, in this script or that, an
initial, a year. The population stability index says how far two such shares lie apart: below 0.1
they are alike, above 0.25 they are not.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from math import log
from typing import Any

import numpy as np

from .columns import FIELDS, WORDS
from .dates import Born
from .frequencies import Counted
from .letters import script_of
from .marks import Mark

MOST_RECORDS = 5000
DRIFTED = 0.25
LEAST = 1e-4  # of a field, for a sort that one side does not hold at all
YEARS = 10  # to a sort

Spread = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Drift:
    """How far one field has moved, and whether so far that weights should be learned anew."""

    field: str
    index: float

    @property
    def drifted(self) -> bool:
        return self.index > DRIFTED

    @property
    def sentence(self) -> str:
        """The finding in words."""
        return DRIFTS[self.drifted]


DRIFTS = {
    True: "The register no longer looks like the one that the weights were learned on. Learn them"
    " anew.",
    False: "The register looks like the one that the weights were learned on.",
}


def spread_of(parts: Sequence[Counted], most: int = MOST_RECORDS) -> dict[str, dict[str, float]]:
    """By field, what share of evenly spaced records is of each sort."""
    counts: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    records = 0
    for part, row in _some(parts, most):
        records += 1
        codes = part.codes_of(np.array([row]))[0].tolist()
        for field, code in zip(FIELDS, codes, strict=True):
            counts[field][_sort(field, part.value(field, code) if code else None)] += 1
    return {
        field: {sort: many / records for sort, many in sorted(count.items())}
        for field, count in counts.items()
        if records
    }


def _some(parts: Sequence[Counted], most: int) -> Iterator[tuple[Counted, int]]:
    held = [(part, part.in_rows()) for part in parts]
    every = max(1, -(-sum(len(rows) for _, rows in held) // max(most, 1)))
    return chain.from_iterable(((part, int(x)) for x in rows[::every]) for part, rows in held)


def _sort(field: str, value: Any) -> str:
    if value is None:
        return "unknown"
    if field in WORDS:
        word = str(value[0])
        letters = sum(x.isalpha() for x in word)
        return f"{script_of(word)}{'.' if letters <= 2 else '-' if '-' in word else ''}"
    if isinstance(value, Born):
        exact = "day" if value.full else "month" if value.month else "year"
        return f"{value.year // YEARS * YEARS} {exact}"
    return value.kind if isinstance(value, Mark) else str(value)


def drift(was: Spread, now: Spread) -> list[Drift]:
    """How far each field has moved; the furthest first. Nothing if nothing is known of one side."""
    found = [
        Drift(field, _index(was[field], now[field])) for field in FIELDS if field in was and now
    ]
    return sorted(found, key=lambda x: (-x.index, FIELDS.index(x.field)))


def _index(was: Mapping[str, float], now: Mapping[str, float]) -> float:
    total = 0.0
    for sort in sorted({*was, *now}):
        one, other = max(was.get(sort, 0.0), LEAST), max(now.get(sort, 0.0), LEAST)
        total += (other - one) * log(other / one)
    return total
