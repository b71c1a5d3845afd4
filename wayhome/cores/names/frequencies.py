"""How often each value stands in a register, and so what it is worth that two values agree."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .dates import Born
from .kept import Kept
from .marks import Mark
from .spelling import Spelling
from .weights import WEIGHTS, Floats, Weights, kind_of

NAME_FIELDS = ("surname", "given", "patronymic")
KEPT_WORTHS = 50_000
MOST_TIES = max(len(x.ties) for x in WEIGHTS.fields.values())
DIFFERS = {field: max(map(int, x.ties)) for field, x in WEIGHTS.fields.items()}
FIELDS = tuple(
    WEIGHTS.fields
)  # in the order of `likeness`, and of every array with an axis of them
_DIFFER = [DIFFERS[field] for field in FIELDS]
PLACES = {field: place for place, field in enumerate(FIELDS)}
Look = tuple[NDArray[np.int32], NDArray[np.uint8]]
Asked = tuple[Any, int]  # a value as `columns.values_of` has it, and its kind


class Telling(Protocol):
    """What some fields of a part hold of a value: see `part.Told`."""

    @property
    def looks(self) -> tuple[Look, ...]: ...
    @property
    def masses(self) -> Floats: ...


class Weighed(NamedTuple):
    """What an asked value is worth in some fields: bits and cards of each tie (fields, ties).

    `looks` by part and field: the values tied to it, and how.
    """

    bits: Floats
    masses: Floats
    looks: tuple[tuple[Look, ...], ...]


class Counted(Protocol):
    """Rows that can say how many of them hold a value tied to an asked one."""

    def __len__(self) -> int: ...
    def look(self, field: str, value: Any) -> Look: ...
    def tell(self, fields: tuple[int, ...], value: Any) -> Telling: ...
    def known_in(self, field: str) -> int: ...
    def in_rows(self) -> NDArray[np.int64]: ...
    def codes_of(self, rows: NDArray[np.int64]) -> NDArray[np.int32]: ...
    def value(self, field: str, code: int) -> Any: ...


class Frequencies:
    """What the values of a register are worth. Of an empty register it gives first guesses."""

    def __init__(self, weights: Weights = WEIGHTS, parts: Sequence[Counted] = ()) -> None:
        self.weights = weights
        self.parts = parts
        self.cards = sum(map(len, parts))
        self._kept = Kept[tuple[tuple[int, ...], Asked], Weighed](KEPT_WORTHS)

    def bits(self, field: str, value: Any) -> Floats:
        """Bits of each tie that a value of the register may have to this asked value."""
        found = asked(value)
        size = len(self.weights.fields[field].ties)
        return self.worth(field, found)[0][:size] if found else np.zeros(size)

    def worth(self, field: str, value: Asked) -> tuple[Floats, Floats]:
        """Bits of each tie to a value, and how many cards show it; 0 beyond the last tie."""
        weighed = self.weighed((PLACES[field],), value)
        return weighed.bits[0], weighed.masses[0]

    def weighed(self, fields: tuple[int, ...], value: Asked) -> Weighed:
        """What a value is worth in some fields; in several only if it is a word of a name."""
        return self._kept.get((fields, value), lambda: self._weigh(fields, *value))

    @cached_property
    def _known(self) -> Floats:
        """How many cards know each field."""
        return np.array([sum(x.known_in(name) for x in self.parts) for name in FIELDS], np.float64)

    def _weigh(self, fields: tuple[int, ...], value: Any, kind: int) -> Weighed:
        told = [part.tell(fields, value) for part in self.parts]
        masses = np.zeros((len(fields), MOST_TIES))
        for each in told:
            masses += each.masses
        known = self._known[list(fields)]
        for place, field in enumerate(fields):
            masses[place, _DIFFER[field]] = known[place] - masses[place].sum()
        bits = self.weights.bits_of(fields, masses, known, kind)
        return Weighed(bits, masses, tuple(x.looks for x in told))


def asked(value: Any) -> Asked | None:
    """A value as it is looked up, and its kind; None if nothing is known."""
    if isinstance(value, Spelling):
        return ((value.literal, value.also), kind_of(value)) if value.folded else None
    if isinstance(value, Born):
        return (value, kind_of(value)) if value.year else None
    known = value.text if isinstance(value, Mark) else value
    return (value, kind_of(value)) if known else None
