"""What a benchmark says."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Measured:
    """One figure: ours, what was to be reached, and those of peers in the same run, in the same
    unit; None for a peer that did not run. Of times less is better, of rates more."""

    what: str
    value: float
    unit: str
    reach: float | None = None
    peers: Mapping[str, float | None] = field(default_factory=dict)

    def times(self, peer: float) -> float:
        """How many times a peer's speed ours is."""
        return self.value / peer if self.unit.endswith("/s") else peer / self.value
