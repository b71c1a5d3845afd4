"""How long each side waits before the dead go home: policy of the bureau, read from a file."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
MOST_DAYS = 366  # a longer term keeps the dead from home


class PolicyUnreadable(ValueError):
    """The file of terms holds what cannot be. Says what."""


@dataclass(frozen=True)
class Terms:
    """For the answer to an offer, kin who have not chosen, an objection, and our decision."""

    answer: timedelta
    kin: timedelta
    object: timedelta
    decide: timedelta


def read(text: str) -> Terms:
    """Read the terms. Raises PolicyUnreadable with the first thing that is wrong."""
    try:
        days = tomllib.loads(text)["days"]
        told = {name: days[name] for name in ("answer", "kin", "object", "decide")}
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as fault:
        raise PolicyUnreadable(str(fault)) from fault
    for name, number in told.items():
        if type(number) is not int or not 1 <= number <= MOST_DAYS:
            raise PolicyUnreadable(f"[days] {name} is a whole number from 1 to {MOST_DAYS}")
    return Terms(**{name: timedelta(days=number) for name, number in told.items()})


@cache
def terms() -> Terms:
    """The terms of this bureau."""
    return read((HERE / "policy.toml").read_text("utf-8"))
