"""Which particulars the Conventions make due, to whom, and when."""

from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import EventKind
from wayhome.lib.refusal import Refusal

SEND_WITHIN = timedelta(hours=24)  # "by the most rapid means": the bureau's policy


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
    HEALTH = "health"  # of the seriously ill, every week
    CERTIFICATE = "certificate"  # the duplicate of a medical certificate, to the agency alone
    COURT = "court"  # GC III 115, 119: names of those whom a court holds back
    PAROLE = "parole"  # GC III 21: that he gave his word, and which
    NAMED = "named"  # GC I 16, GC III 120: somebody dead was identified
    DOUBTED = "doubted"  # that this is open again
    INQUEST = "inquest"  # GC III 121: a death or an injury is looked into outside the camp
    INQUEST_REPORT = "inquest report"  # what was found, with every statement
    DEAD_OFFERED = "dead offered"  # customary rule 114: remains offered, by number
    DEAD_RETURNED = "dead returned"  # a consignment of remains was received
    DEAD_FIT = "dead fit"  # remains of one bureau fit a family of another


# Who works at a site knows of these by what was recorded there; the others would tell them more.
OF_A_SITE = (
    NoticeKind.CAPTURED,
    NoticeKind.CORRECTED,
    NoticeKind.TRANSFERRED,
    NoticeKind.HOSPITAL,
    NoticeKind.CLOSED,
    NoticeKind.RETURNED,
)


class NoticeState(StrEnum):
    DUE = "due"
    HELD = "held"  # to his Power: waits on a named lawyer's dated decision


KIND_NAMES = {
    NoticeKind.CAPTURED: _("Capture card"),
    NoticeKind.CORRECTED: _("Corrected card"),
    NoticeKind.TRANSFERRED: _("Transfer"),
    NoticeKind.HOSPITAL: _("Admission to hospital"),
    NoticeKind.CLOSED: _("End of custody"),
    NoticeKind.ENQUIRY: _("Enquiry of a family"),
    NoticeKind.HARM: _("Warning of harm"),
    NoticeKind.RETURNED: _("Act of return"),
    NoticeKind.HEALTH: _("Weekly note on a serious illness"),
    NoticeKind.CERTIFICATE: _("Medical certificate"),
    NoticeKind.COURT: _("Held back by a court"),
    NoticeKind.PAROLE: _("Word of honour given"),
    NoticeKind.NAMED: _("Somebody dead was identified"),
    NoticeKind.DOUBTED: _("An identification is doubted"),
    NoticeKind.INQUEST: _("Enquiry outside the camp opened"),
    NoticeKind.INQUEST_REPORT: _("Report of an enquiry outside the camp"),
    NoticeKind.DEAD_OFFERED: _("Offer of remains"),
    NoticeKind.DEAD_RETURNED: _("Remains returned"),
    NoticeKind.DEAD_FIT: _("Remains and a family of two bureaus"),
}
ROUTE_NAMES = {Route.POWER: _("His Power"), Route.AGENCY: _("Central Tracing Agency")}
STATE_NAMES = {NoticeState.DUE: _("Due"), NoticeState.HELD: _("Held for a lawyer's decision")}

# The particulars that GC III 122(4) lists, as far as the captive stated them.
PARTICULARS = (
    "surname",
    "given",
    "patronymic",
    "rank",
    "service_no",
    "unit",
    "power",
    "birthplace",
    "born",
    "father_name",
    "mothers_maiden_name",
    "inform_person",
    "inform_address",
    "letters_address",
)

KIND_OF_EVENT = {
    EventKind.ARRIVED: NoticeKind.TRANSFERRED,
    EventKind.LEFT: NoticeKind.TRANSFERRED,
    EventKind.HOSPITAL: NoticeKind.HOSPITAL,
    EventKind.RETURNED: NoticeKind.CLOSED,
    EventKind.RELEASED: NoticeKind.CLOSED,
    EventKind.EXCHANGED: NoticeKind.CLOSED,
    EventKind.ESCAPED: NoticeKind.CLOSED,
    EventKind.DIED: NoticeKind.CLOSED,
}


def state_of_new(route: Route, *, harm: bool) -> NoticeState:
    """A harm flag holds the Power's copy; the agency's waits for nothing (P3)."""
    return NoticeState.HELD if harm and route == Route.POWER else NoticeState.DUE


def why_not_release(state: NoticeState, reason: str) -> Refusal | None:
    """Say why a notice cannot be released to his Power, or None if it can."""
    if state != NoticeState.HELD:
        return Refusal("exchange.not_held", _("This notice is not held."))
    if not reason.strip():
        return Refusal("exchange.no_reason", _("Give your reason."), field="reason")
    return None
