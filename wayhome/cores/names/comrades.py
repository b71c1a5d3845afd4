"""The unit of a comrade, for an enquiry that names one and knows no unit.

A family often does not know in which unit he served, but with whom. The comrade is looked up like
anybody else; how likely he is the man on a card is how far the unit on that card may be trusted.
"""

import re
from collections import defaultdict
from collections.abc import Iterable

from .letters import says_nothing
from .line import WITH, read_line
from .marks import Mark, read_unit
from .persons import Description
from .weights import UnitKind, kind_of_comrade

# «служил вместе с Петровым», «разом із Петренком»: what stands before him is no part of his name.
_WITH = re.compile(rf"^(?:[^\W\d_]+\s+){{0,3}}?{WITH}", re.IGNORECASE)

CARDS = 10  # the best of them; whoever is further down is not meant


def described(line: str) -> Description | None:
    """A comrade as one line tells of him; None if it names nobody."""
    if says_nothing(line):
        return None
    read = read_line(_WITH.sub("", line.strip()))
    return read.description if read.names_somebody else None


def told_unit(comrade: Description) -> tuple[Mark, UnitKind] | None:
    """The unit that the line itself says is his."""
    unit = read_unit(comrade.unit)
    return (unit, UnitKind.CERTAIN) if unit.text else None


def unit_of(cards: Iterable[tuple[Mark | None, int, float]]) -> tuple[Mark, UnitKind] | None:
    """The likeliest unit of a comrade, and how surely it is his; None if none is likely.

    Of each card that may be his: the unit, which person it is of, and that person's probability,
    which counts once for each of his units.
    """
    of_units: defaultdict[Mark, dict[int, float]] = defaultdict(dict)
    for unit, person, share in cards:
        if unit:
            of_units[unit][person] = share
    shares = {unit: sum(persons.values()) for unit, persons in of_units.items()}
    if not shares:
        return None
    unit = max(shares, key=shares.__getitem__)  # of equals the one of the better card
    kind = kind_of_comrade(shares[unit])
    return (unit, kind) if kind else None
