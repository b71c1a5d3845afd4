"""How a family is invited to a talk, and what is told in it."""

from enum import StrEnum


class MessageState(StrEnum):
    """Of one e-mail. Its Message-ID is written before the first try."""

    WRITTEN = "written"
    TRYING = "trying"
    SENT = "sent"
    REFUSED = "refused"  # the server said no: certainly not sent
    UNKNOWN = "unknown"  # the server's answer is unknown: a person decides
    SETTLED = "settled"  # a person decided


class InvitationState(StrEnum):
    OPEN = "open"
    TALKED = "talked"
    STOPPED = "stopped"
