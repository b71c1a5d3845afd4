"""How often each value stands in a register, and so what it is worth that two values agree."""

from collections.abc import Sequence
from typing import Any, Protocol

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
Asked = tuple[Any, int]  # a value as `columns.values_of` has it, and its kind


class Counted(Protocol):
    """Rows that can say how many of them hold a value tied to an asked one."""

    def __len__(self) -> int: ...
    def look(self, field: str, value: Any) -> tuple[NDArray[np.int32], NDArray[np.uint8]]: ...
    def masses(
        self, field: str, codes: NDArray[np.int32], ties: NDArray[np.uint8], size: int
    ) -> Floats: ...
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
        self._kept = Kept[tuple[str, Asked], tuple[Floats, Floats]](KEPT_WORTHS)

    def bits(self, field: str, value: Any) -> Floats:
        """Bits of each tie that a value of the register may have to this asked value."""
        found = asked(value)
        size = len(self.weights.fields[field].ties)
        return self.worth(field, found)[0][:size] if found else np.zeros(size)

    def worth(self, field: str, value: Asked) -> tuple[Floats, Floats]:
        """Bits of each tie to a value, and how many cards show it; 0 beyond the last tie."""
        return self._kept.get((field, value), lambda: self._weigh(field, *value))

    def _weigh(self, field: str, value: Any, kind: int) -> tuple[Floats, Floats]:
        masses, bits, known = np.zeros(MOST_TIES), np.zeros(MOST_TIES), 0
        for part in self.parts:
            masses += part.masses(field, *part.look(field, value), MOST_TIES)
            known += part.known_in(field)
        masses[DIFFERS[field]] = known - masses.sum()
        weighing = self.weights.fields[field]
        size = len(weighing.ties)
        bits[:size] = weighing.bits(masses[:size], float(known), kind)
        return bits, masses


def asked(value: Any) -> Asked | None:
    """A value as it is looked up, and its kind; None if nothing is known."""
    if isinstance(value, Spelling):
        return ((value.literal, value.also), kind_of(value)) if value.folded else None
    if isinstance(value, Born):
        return (value, kind_of(value)) if value.year else None
    known = value.text if isinstance(value, Mark) else value
    return (value, kind_of(value)) if known else None
