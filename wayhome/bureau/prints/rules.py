"""Fingerprints before and after death: whose finger, from where, which of them can be compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.dates import read_date
from wayhome.lib.refusal import Refusal

MOST_PRINTS = 40  # of one person: ten fingers, both palms, some of them twice
LONGEST_SOURCE = 300


class Finger(StrEnum):
    """The order of the ten-print card, then what it has besides."""

    R1 = "R1"
    R2 = "R2"
    R3 = "R3"
    R4 = "R4"
    R5 = "R5"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    L4 = "L4"
    L5 = "L5"
    R_PALM = "RP"
    L_PALM = "LP"
    CARD = "card"
    UNKNOWN = "unknown"


FINGER_NAMES = {
    Finger.R1: _("right thumb"),
    Finger.R2: _("right index finger"),
    Finger.R3: _("right middle finger"),
    Finger.R4: _("right ring finger"),
    Finger.R5: _("right little finger"),
    Finger.L1: _("left thumb"),
    Finger.L2: _("left index finger"),
    Finger.L3: _("left middle finger"),
    Finger.L4: _("left ring finger"),
    Finger.L5: _("left little finger"),
    Finger.R_PALM: _("right palm"),
    Finger.L_PALM: _("left palm"),
    Finger.CARD: _("a card of ten fingers"),
    Finger.UNKNOWN: _("it is not known which finger"),
}
# What may lie under any finger of the other side: a whole card, a trace of an unknown finger.
ANY_FINGER = frozenset({Finger.CARD, Finger.UNKNOWN})


@dataclass(frozen=True)
class Taken:
    """One picture: which finger, and how and from where it was taken."""

    finger: Finger
    source: str
    on: str = ""


def why_not_keep(taken: Taken, *, known: bool, kept: int) -> Iterator[Refusal]:
    """Say why this print is not kept."""
    if not taken.source.strip():
        text = _("Write how it was taken, or from which card or thing it is.")
        yield Refusal("print.no_source", text, "INTERPOL DVI 2023", field="source")
    if taken.on.strip() and not is_date(taken.on):
        text = _("Write a day, a month or a year, such as 05.2021.")
        yield Refusal("print.day", text, field="on")
    if known:
        yield Refusal("print.known", _("This picture is here already."), field="file")
    if kept >= MOST_PRINTS:
        text = _("There are 40 prints here. That is enough.")
        yield Refusal("print.too_many", text, field="file")


def is_date(text: str) -> bool:
    told = read_date(text)
    return told is not None and told.known


def why_not_take_back(*, standing: bool, reason: str) -> Iterator[Refusal]:
    """Say why a print cannot be taken back: it stays in the file, and is compared no more."""
    if not standing:
        yield Refusal("print.taken_back", _("This print was taken back already."))
    if not reason.strip():
        yield Refusal("print.no_reason", _("Give your reason."), field="reason")


def comparable(before: frozenset[Finger], after: frozenset[Finger]) -> list[Finger]:
    """The fingers that stand on both sides; a card or an unknown finger lies beside each."""
    if not before or not after:
        return []
    both = (before & after) - ANY_FINGER
    if before & ANY_FINGER:
        both |= after - ANY_FINGER
    if after & ANY_FINGER:
        both |= before - ANY_FINGER
    if before & ANY_FINGER and after & ANY_FINGER:
        both |= (before | after) & ANY_FINGER
    return [finger for finger in Finger if finger in both]
