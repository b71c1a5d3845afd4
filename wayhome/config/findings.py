"""What the doctor says of one thing."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One thing looked at. With a remedy it may be ok and yet could be better."""

    part: str
    ok: bool
    what: str
    remedy: str = ""
