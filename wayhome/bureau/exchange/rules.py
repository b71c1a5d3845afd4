"""Which particulars the Conventions make due, to whom, and when."""

from enum import StrEnum


class Route(StrEnum):
    POWER = "power"  # his own State, through the Protecting Power
    AGENCY = "agency"  # the Central Tracing Agency


class NoticeKind(StrEnum):
    CAPTURED = "captured"  # GC III 122(4)
    CORRECTED = "corrected"
    TRANSFERRED = "transferred"  # GC III 122(5)
    HOSPITAL = "hospital"
    CLOSED = "closed"  # released, returned, exchanged, escaped, dead
    ENQUIRY = "enquiry"  # a family asks; for the agency of the other side
    HARM = "harm"  # to the agency alone
    RETURNED = "returned"  # an act was sealed


class NoticeState(StrEnum):
    DUE = "due"
    HELD = "held"  # to his Power: waits on a named lawyer's dated decision
