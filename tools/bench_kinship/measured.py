"""What a benchmark says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One figure: ours, what was to be reached, the peer's in the same run."""

    what: str
    value: float
    unit: str
    reach: float | None = None
    peer: float | None = None
