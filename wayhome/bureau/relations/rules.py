"""How far kinship is proven, and what proves it."""

from enum import StrEnum


class Level(StrEnum):
    CLAIMED = "claimed"
    SUPPORTED = "supported"
    PROVEN = "proven"
    NOT_SUPPORTED = "not supported"
