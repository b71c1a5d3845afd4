"""The law's deadlines, as clocks that are computed and never kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.clocks import WITHIN
from wayhome.bureau.captives.rules import INSPECTION_EVERY, DutyKind
from wayhome.bureau.concerns.rules import ANSWER_WITHIN
from wayhome.bureau.contact.rules import REVIEW_WITHIN, UNREAD_AT_MOST
from wayhome.bureau.identifications.policy import policy
from wayhome.bureau.inquests.rules import LED_WITHIN, REPORTED_WITHIN
from wayhome.bureau.journeys.rules.convoy import RING_AFTER
from wayhome.bureau.repatriations.rules.offering import ANSWER_WITHIN as OFFER_WITHIN
from wayhome.bureau.repatriations.rules.requesting import DECIDE_WITHIN
from wayhome.bureau.welfare.rules import (
    CERTIFICATE_WITHIN,
    DAY_WITHIN,
    EFFECTS_WITHIN,
    NOTE_EVERY,
    PARCEL_WITHIN,
    RECEIPT_WITHIN,
)
from wayhome.bureau.yearly.rules import READ_WITHIN

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class ClockKind(StrEnum):
    AUTHORITY = "authority"
    ASKED = "asked"
    NOTICE = "notice"
    LETTER = "letter"
    UNREAD = "unread letter"
    INSPECTION = "inspection"
    RIGHTS = "rights"
    FAMILY_CARD = "family card"
    AGENCY_CARD = "agency card"
    WEEKLY_NOTE = "weekly note"
    CERTIFICATE = "certificate"
    RECEIPT = "receipt"
    PARCEL = "parcel"
    EFFECTS = "effects"
    DAY_BOOK = "day book"
    COMPLAINT = "complaint"
    PLAN = "plan"
    REVIEW = "review"
    INQUEST = "inquest"
    INQUEST_REPORT = "inquest report"
    YEARLY_LETTER = "yearly letter"
    DEAD_OFFERED = "dead offered"
    DEAD_ASKED_FOR = "dead asked for"
    ON_THE_WAY = "on the way"
    DEATH_TO_TELL = "death to tell"


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
    ClockKind.UNREAD: Deadline(
        _("A letter in a language that nobody here reads must go on"),
        "GC III 71",
        _("Call supervisor"),
        UNREAD_AT_MOST,
    ),
    ClockKind.INSPECTION: Deadline(
        _("A physician must see and weigh him"), "GC III 31", _("Physician"), INSPECTION_EVERY
    ),
    ClockKind.RIGHTS: Deadline(
        _("He must be told his rights, and whom his registration reaches"),
        "GC III 69",
        _("Custody officer"),
        WITHIN[DutyKind.RIGHTS],
    ),
    ClockKind.FAMILY_CARD: Deadline(
        _("His card to his family must be offered to him"),
        "GC III 70",
        _("Custody officer"),
        WITHIN[DutyKind.FAMILY_CARD],
    ),
    ClockKind.AGENCY_CARD: Deadline(
        _("His card to the Central Tracing Agency must be offered to him"),
        "GC III 70",
        _("Custody officer"),
        WITHIN[DutyKind.AGENCY_CARD],
    ),
    ClockKind.WEEKLY_NOTE: Deadline(
        _("It must be told how he is, as he is seriously ill"),
        "GC III 122",
        _("Physician"),
        NOTE_EVERY,
    ),
    ClockKind.CERTIFICATE: Deadline(
        _("The medical certificate that he asked for must be issued"),
        "GC III 30",
        _("Physician"),
        CERTIFICATE_WITHIN,
    ),
    ClockKind.RECEIPT: Deadline(
        _("He must have the receipt, signed by two"),
        "GC III 18",
        _("Welfare officer"),
        RECEIPT_WITHIN,
    ),
    ClockKind.PARCEL: Deadline(
        _("A parcel must be opened before him"),
        "GC III 76",
        _("Welfare officer"),
        PARCEL_WITHIN,
    ),
    ClockKind.EFFECTS: Deadline(
        _("What was held for him must be given back or forwarded"),
        "GC III 18; GC III 119; GC III 122",
        _("Welfare officer"),
        EFFECTS_WITHIN,
    ),
    ClockKind.DAY_BOOK: Deadline(
        _("The day book must be kept"),
        "GC III 26",
        _("Welfare officer"),
        DAY_WITHIN,
    ),
    ClockKind.COMPLAINT: Deadline(
        _("A complaint must be answered"), "GC III 78", _("Neutral"), ANSWER_WITHIN
    ),
    # From the day on which hostilities ended: the next day every file without a plan is listed.
    ClockKind.PLAN: Deadline(
        _("A day home must be planned for him"), "GC III 118", _("Coordinator"), timedelta(days=1)
    ),
    # Until the end of the day that stands in the refusal.
    ClockKind.REVIEW: Deadline(
        _("A refusal must be looked at again"), "AP I 74", _("Decision officer"), timedelta(days=1)
    ),
    ClockKind.DEAD_OFFERED: Deadline(
        _("The home country must say whether it takes its dead"),
        "Customary rule 114",
        _("Coordinator"),
        OFFER_WITHIN,
    ),
    ClockKind.DEAD_ASKED_FOR: Deadline(
        _("A request for remains must be decided"),
        "AP I 34",
        _("Decision officer"),
        DECIDE_WITHIN,
    ),
    ClockKind.ON_THE_WAY: Deadline(
        _("A word from the way is awaited"), "", _("Coordinator"), RING_AFTER
    ),
    ClockKind.INQUEST: Deadline(
        _("Somebody outside the camp must lead the enquiry"),
        "GC III 121",
        _("Legal officer"),
        LED_WITHIN,
    ),
    ClockKind.INQUEST_REPORT: Deadline(
        _("The enquiry into a death or an injury must be reported"),
        "GC III 121",
        _("Legal officer"),
        REPORTED_WITHIN,
    ),
    ClockKind.YEARLY_LETTER: Deadline(
        _("The letter of the year must be read out to her"),
        "",
        _("Family contact"),
        READ_WITHIN,
    ),
    # From the board's decision; kinship is confirmed and she is invited within the same days.
    ClockKind.DEATH_TO_TELL: Deadline(
        _("A family must be told of a death, in a talk"),
        "AP I 32",
        _("Family contact"),
        timedelta(days=policy().tell_days),
    ),
}
OF_A_SITE = frozenset({ClockKind.DAY_BOOK})  # its number is a site's code
KIND_NAMES = {kind: deadline.words for kind, deadline in DEADLINES.items()}
SOON = timedelta(hours=12)
INSPECTIONS_SHOWN = timedelta(days=7)  # before they are due: of thousands a board shows no more


@dataclass(frozen=True)
class Clock:
    """One running deadline. `number` is a bureau number, or of a day book the site's code."""

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
