"""From which figures on evidence names the dead, and until when families hear: read from a file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LEAST_MEMBERS = 3  # GC III 120 and INTERPOL's guide want a board; no policy makes it one person

MOST_DAYS = 90  # a longer term keeps from a family what we know


class PolicyUnreadable(ValueError):
    """The file of figures holds what cannot be. Says what."""


@dataclass(frozen=True)
class Policy:
    """From which posterior DNA names, alone and beside other lines, and who decides."""

    alone: float
    with_primary: float
    with_secondary: float
    secondary_lines: int
    opens_from: float
    members: int
    agreeing: int
    tell_days: int  # until a family is told


def read(text: str) -> Policy:
    """Read the figures. Raises PolicyUnreadable with the first thing that is wrong."""
    try:
        told = tomllib.loads(text)
        dna, board, telling = told["dna"], told["board"], told["telling"]
        read_as = Policy(
            float(dna["alone"]), float(dna["with_primary"]), float(dna["with_secondary"]),
            int(dna["secondary_lines"]), float(dna["opens_from"]),
            int(board["members"]), int(board["agreeing"]), int(telling["days"]),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as fault:
        raise PolicyUnreadable(str(fault)) from fault
    shares = (
        read_as.opens_from, read_as.with_primary, read_as.with_secondary, read_as.alone,
    )  # fmt: skip
    if not all(0 < share < 1 for share in shares) or list(shares) != sorted(shares):
        raise PolicyUnreadable("[dna] shares lie between 0 and 1 and grow the less is beside them")
    if read_as.secondary_lines < 1:
        raise PolicyUnreadable("[dna] secondary_lines is at least 1")
    if read_as.members < LEAST_MEMBERS or not read_as.members / 2 < read_as.agreeing:
        raise PolicyUnreadable("[board] at least three members, and more than half agreeing")
    if read_as.agreeing > read_as.members:
        raise PolicyUnreadable("[board] no more can agree than sit")
    if not 1 <= read_as.tell_days <= MOST_DAYS:
        raise PolicyUnreadable(f"[telling] days is a whole number from 1 to {MOST_DAYS}")
    return read_as


@cache
def policy() -> Policy:
    """The figures of this bureau."""
    return read((HERE / "policy.toml").read_text("utf-8"))
