"""What a call rests on at this moment, read from all who keep it."""

from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.actions import owes_a_correction
from wayhome.bureau.answers.models import ReachAttempt, Told
from wayhome.bureau.answers.rules import ReachOutcome
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.actions import why_not_disclose
from wayhome.bureau.consents.models import Consent, PersonToTell
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.calls.models import Call
from wayhome.bureau.contact.calls.rules import Calling, Reason, why_not_call
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.models import Match
from wayhome.lib.refusal import Refusal


def why_not(call: Call) -> list[Refusal]:
    """Every reason why these two cannot be brought together now; an empty list permits it."""
    return why_not_call(
        Calling(
            against=tuple(_against(call)),
            told=is_told(call),
            frozen=is_frozen(call),
            his_no=call.his_answer == Answer.NO,
        )
    )


def _against(call: Call) -> list[Refusal]:
    if call.named is not None:
        return _against_named(call)
    if call.match is None:
        return [Refusal("consents.no_match", "")]
    return why_not_disclose(call.match, Kind.CALLS)


def _against_named(call: Call) -> list[Refusal]:
    """Somebody whom he named before a neutral: his naming and his asking are the yes."""
    assert call.captive is not None, "a constraint of the database"
    from_harm = call.captive.under_harm_flag()
    held = call.captive.custody_state == CustodyState.HELD
    return [Refusal("consents.harm", "")] * from_harm + [Refusal("consents.state", "")] * (not held)


def is_told(call: Call) -> bool:
    """Whether a person has told her of him; of somebody whom he named, that she was reached."""
    if call.named_id is not None:
        told = ReachAttempt.objects.filter(named=call.named_id, outcome=ReachOutcome.TOLD)
        return told.exists()
    return call.enquiry is not None and Told.objects.standing_for(call.enquiry) is not None


def is_frozen(call: Call) -> bool:
    """Whether a person must speak with her before any machine tells her anything (P20)."""
    if call.enquiry is not None:
        return freezing.is_frozen(call.enquiry) or owes_a_correction(call.enquiry)
    of_these = Call.objects.filter(named=call.named)
    return of_these.filter(frozen_at__isnull=False, spoken_by=None).exists()


def what_stops(call: Call) -> Reason | None:
    """Why a call cannot stand any more, the gravest first; None while it can."""
    if call.captive is None:
        return None
    if call.enquiry is not None and call.enquiry.state == EnquiryState.FORGOTTEN:
        return Reason.FORGOTTEN
    if call.captive.custody_state == CustodyState.RETURNED:
        return Reason.RETURNED
    if call.captive.custody_state != CustodyState.HELD:
        return Reason.STATE
    if call.match is not None and not _stands(call.match):
        return Reason.NO_MATCH
    if call.captive.under_harm_flag():
        return Reason.PROTECTION
    return Reason.NOT_ALLOWED if _against(call) else None


def _stands(match: Match) -> bool:
    standing = Match.objects.standing().filter(pk=match.pk, withdrawal_asked_by=None)
    return standing.exists()


def open_way(enquiry: Enquiry) -> Match | None:
    """The match by which her wish reaches him now: he allows calls of hers, and nothing stops it.

    Locked, as his consent and its withdrawal lock it; before any call.
    """
    if enquiry.state == EnquiryState.FORGOTTEN:
        return None
    rows = Match.objects.standing().select_for_update(of=("self",)).filter(enquiry=enquiry)
    for match in rows.select_related("captive__same_as"):
        if match.withdrawal_asked_by_id is None and not why_not_disclose(match, Kind.CALLS):
            return match
    return None


def allows_calls(match: Match) -> bool:
    """Whether his last word to calls of hers is yes."""
    consent = Consent.objects.in_force(match, Kind.CALLS)
    return consent is not None and consent.answer == Answer.YES


def may_be_called(named: PersonToTell) -> bool:
    """Whether he named this person before a neutral, and the person was told."""
    if named.sitting.neutral_id is None:
        return False
    return named.attempts.filter(outcome=ReachOutcome.TOLD).exists()
