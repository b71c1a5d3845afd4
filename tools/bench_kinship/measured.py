"""What a benchmark says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measured:
    """One figure: ours, what was to be reached, the peer's in the same run, and who the peer is."""

    what: str
    value: float
    unit: str
    reach: float | None = None
    peer: float | None = None
    peer_name: str = ""
