"""What a captive may say is wrong: of a line of his file, or of how he is treated."""

from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import ASKED, HEALTH, VOLUNTARY
from wayhome.lib.refusal import Refusal

LONGEST = 4_000
ANSWER_WITHIN = timedelta(
    days=7
)  # policy of the bureau; GC III 78 wants complaints sent on at once
# The lines of his card that are read to him. Where he was taken and by whom is told to nobody who
# need not know (P4, P18), not on a screen that somebody may stand behind either.
LINES = ("surname", "given", "full_name", *ASKED[2:], *VOLUNTARY, *HEALTH, "captured_on")


class ObjectionState(StrEnum):
    OPEN = "open"
    CORRECTED = "corrected"
    KEPT = "kept"


class ComplaintState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


def why_not_object(*, line: str, is_written: bool, one_is_open: bool) -> Refusal | None:
    """Say why he cannot say of this line that it is wrong, or None if he can."""
    if line not in LINES or not is_written:
        return Refusal("objection.line", _("This line is not in your file."))
    if one_is_open:
        return Refusal(
            "objection.open", _("You have said so already. The clerk has not answered yet.")
        )
    return None


def why_not_settle(*, state: ObjectionState, outcome: ObjectionState, changed: bool,
                   reason: str) -> Refusal | None:  # fmt: skip
    """Say why a clerk cannot settle it so, or None: it is corrected, or he is told why not."""
    if state != ObjectionState.OPEN:
        return Refusal("objection.settled", _("This was settled already."))
    if outcome == ObjectionState.CORRECTED and not changed:
        return Refusal(
            "objection.same",
            _("The line still says what he called wrong. Correct the card first."),
            field="outcome",
        )
    if not reason.strip():
        return Refusal("objection.reason", _("Say what he is to be told."), field="reason")
    return None


def why_not_complain(text: str) -> Refusal | None:
    """Complaints are never limited in number, and never for what they say (GC III 78)."""
    if not text.strip():
        return Refusal("complaint.empty", _("Please write what is wrong."), field="text")
    return None


def why_not_answer_complaint(*, state: ComplaintState, text: str) -> Refusal | None:
    if state != ComplaintState.OPEN:
        return Refusal("complaint.answered", _("This complaint was answered already."))
    if not text.strip():
        return Refusal("complaint.text", _("Say what he is to be told."), field="text")
    return None
