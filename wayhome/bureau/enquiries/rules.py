"""Who may ask, about whom, and how a family may be reached."""

from enum import StrEnum


class Relation(StrEnum):
    MOTHER = "mother"
    FATHER = "father"
    WIFE = "wife"
    HUSBAND = "husband"
    PARTNER = "partner"
    SISTER = "sister"
    BROTHER = "brother"
    SON = "son"
    DAUGHTER = "daughter"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other relative"
    FRIEND = "friend"


class Source(StrEnum):
    PORTAL = "portal"
    TELEPHONE = "telephone"
    PAPER = "paper"
    ABROAD = "abroad"  # somebody abroad asks for her
    FILE = "file"


class EnquiryState(StrEnum):
    OPEN = "open"
    FORGOTTEN = "forgotten"
    FOR_AGENCY = "for agency"  # his own side's soldier or civilian: the Central Agency asks


class Channel(StrEnum):
    NONE = "none"  # "I come back myself"
    TELEPHONE = "telephone"
    EMAIL = "email"


THINGS = 3  # that only he and she know
