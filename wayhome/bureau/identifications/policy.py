"""The figures from which on evidence names the dead: policy of the bureau, read from a file."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LEAST_MEMBERS = 3  # GC III 120 and INTERPOL's guide want a board; no policy makes it one person


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


def read(text: str) -> Policy:
    """Read the figures. Raises PolicyUnreadable with the first thing that is wrong."""
    try:
        told = tomllib.loads(text)
        dna, board = told["dna"], told["board"]
        read_as = Policy(
            float(dna["alone"]), float(dna["with_primary"]), float(dna["with_secondary"]),
            int(dna["secondary_lines"]), float(dna["opens_from"]),
            int(board["members"]), int(board["agreeing"]),
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
    return read_as


@cache
def policy() -> Policy:
    """The figures of this bureau."""
    return read((HERE / "policy.toml").read_text("utf-8"))
