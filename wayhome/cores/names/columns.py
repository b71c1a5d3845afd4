"""A register as columns: of each field the distinct values, and for each row which it holds."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compare import OTHER_FIELDS
from .frequencies import NAME_FIELDS, asked
from .persons import Description, Particulars, read

FIELDS = (*NAME_FIELDS, *OTHER_FIELDS)
PLACE = {field: place for place, field in enumerate(FIELDS)}
PLACES = frozenset({"birthplace"})
NAMES = frozenset({*NAME_FIELDS, "mother_given", "mother_patronymic"})
WORDS = NAMES | PLACES  # fields that hold a word
REPORT_EVERY = 1000

Ints = NDArray[np.int32]
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Columns:
    """`values` has the distinct values of each field; `codes` (fields, rows) counts them from 1.

    0 stands for what is not known. A word is a pair: as written, and its other reading (keyboard
    left on Latin) or "". Everything else is as `persons.read` gives it.
    """

    ids: Sequence[str]
    values: dict[str, list[Any]]
    codes: Ints


def of_descriptions(
    descriptions: Iterable[Description], progress: Progress | None = None
) -> Columns:
    """Read descriptions one by one; of two with one id the later counts."""
    numbers: dict[str, dict[Any, int]] = {field: {} for field in FIELDS}
    rows: dict[str, list[int]] = {}
    for count, description in enumerate(descriptions, 1):
        rows.pop(description.id, None)
        rows[description.id] = [
            numbers[field].setdefault(value, len(numbers[field]) + 1) if value else 0
            for field, value in zip(FIELDS, values_of(read(description)), strict=True)
        ]
        if progress and count % REPORT_EVERY == 0:
            progress(count)
    codes = np.array(list(rows.values()), np.int32).reshape(len(rows), len(FIELDS))
    values = {field: list(found) for field, found in numbers.items()}
    return Columns(list(rows), values, np.ascontiguousarray(codes.T))


def values_of(person: Particulars) -> list[Any]:
    """What a record holds in each field, in the order of FIELDS; None for what is not known."""
    name = person.names[0]
    held = [
        *(asked(getattr(name, field)) for field in NAME_FIELDS),
        *(asked(getattr(person, field)) for field in OTHER_FIELDS),
    ]
    return [x and x[0] for x in held]
