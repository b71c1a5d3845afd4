"""The law's deadlines, as clocks that are computed and never kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import INSPECTION_EVERY
from wayhome.bureau.contact.rules import REVIEW_WITHIN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ClockKind(StrEnum):
    AUTHORITY = "authority"
    ASKED = "asked"
    NOTICE = "notice"
    LETTER = "letter"
    INSPECTION = "inspection"


@dataclass(frozen=True)
class Deadline:
    """What must happen within which time, by which provision, and who must act."""

    words: "StrOrPromise"
    provision: str
    acts: "StrOrPromise"
    within: timedelta


DEADLINES = {
    ClockKind.AUTHORITY: Deadline(
        _("He must be given to an authority"),
        "GC III 12",
        _("Custody officer"),
        timedelta(hours=24),
    ),
    ClockKind.ASKED: Deadline(
        _("He must be asked what he allows"), "", _("Neutral"), timedelta(hours=72)
    ),
    ClockKind.NOTICE: Deadline(
        _("A notice must be sent"), "GC III 122", _("Registrar"), timedelta(hours=24)
    ),
    ClockKind.LETTER: Deadline(
        _("A letter must be read"), "GC III 76", _("Call supervisor"), REVIEW_WITHIN
    ),
    ClockKind.INSPECTION: Deadline(
        _("A physician must see and weigh him"), "GC III 31", _("Physician"), INSPECTION_EVERY
    ),
}
KIND_NAMES = {kind: deadline.words for kind, deadline in DEADLINES.items()}
SOON = timedelta(hours=12)
INSPECTIONS_SHOWN = timedelta(days=7)  # before they are due: of thousands a board shows no more


@dataclass(frozen=True)
class Clock:
    """One running deadline. `number` is a bureau number."""

    kind: ClockKind
    number: str
    started_at: datetime
    due_at: datetime

    @property
    def deadline(self) -> Deadline:
        return DEADLINES[self.kind]

    def state(self, now: datetime) -> str:
        """late, soon or running: what the board shows in colour and in words."""
        if self.due_at < now:
            return "late"
        return "soon" if self.due_at - now < SOON else "running"
