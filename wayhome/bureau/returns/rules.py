"""Roads home, applications and their decisions."""

from enum import StrEnum


class Road(StrEnum):
    """The lawful roads home (docs/GLOSSARY.md). An act without one is refused (G2)."""

    MEDICAL = "medical return"  # GC III 109-110
    EXCHANGE = "agreed exchange"  # GC III 109(2), special agreements
    PAROLE = "parole"  # GC III 21
    UNILATERAL = "unilateral release"
    END_OF_HOSTILITIES = "end of hostilities"  # GC III 118


NEEDS_HIS_YES = frozenset(Road) - {Road.END_OF_HOSTILITIES}


class ApplicationState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # the act is sealed
