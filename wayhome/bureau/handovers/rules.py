"""The act of handover and what must stand before it."""

from enum import StrEnum


class ActState(StrEnum):
    PREPARED = "prepared"
    SEALED = "sealed"
    STOPPED = "stopped"  # he said no at the door, or what it rested on was withdrawn
