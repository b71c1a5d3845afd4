"""In the place of a man who cannot decide: physician and neutral, or a child's guardian."""

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, HealthNote
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import rules
from wayhome.bureau.consents.announcements import consent_changed
from wayhome.bureau.consents.models import Consent, DecisionForHim, of_same_man
from wayhome.bureau.consents.rules import IN_HIS_INTEREST_FOR, DecidingForHim, Kind, Unable
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


def unable_note(captive: Captive) -> HealthNote | None:
    """The physician's word that he cannot decide, while it holds: the last note counts, a week."""
    last = HealthNote.objects.filter(of_same_man(captive)).order_by("-at").first()
    if last is None or not last.cannot_decide:
        return None
    return last if last.at + IN_HIS_INTEREST_FOR > timezone.now() else None


def decided_for_him(match: Match, kind: Kind) -> DecisionForHim | None:
    """What holds in his place now: not once a physician has noted that he can decide."""
    decision = DecisionForHim.objects.select_related("key").in_force(match, kind)
    if decision is None or decision.why == Unable.CHILD:
        return decision
    last = HealthNote.objects.filter(of_same_man(decision.captive)).order_by("-at").first()
    return decision if last is None or last.cannot_decide else None


def _answered_himself(match: Match, kind: Kind) -> bool:
    return Consent.objects.in_force(match, kind) is not None


@transaction.atomic
def decide_for_him(
    *, match: Match, kind: Kind, why: Unable, grounds: str, guardian: str = "", by: Staff
) -> DecisionForHim:
    """The neutral proposes it in his interest: then the physician's word is needed.

    A guardian's word, given before the neutral, is in force at once. Raises Refused, with nothing
    written, where he has answered himself or nobody found that he cannot.
    """
    by.must(Permission.OPEN_SITTING)
    # Locked, so that its withdrawal waits for this, or is seen by it.
    match = Match.objects.select_for_update(of=("self",)).select_related("captive").get(pk=match.pk)
    captive = Captive.objects.select_related("key").get(pk=match.captive.principal.pk)
    child = rules.may_be_a_child(captive.born, timezone.localdate())
    facts = DecidingForHim(
        kind=kind,
        his_standing_match=Match.objects.standing().filter(pk=match.pk).exists(),
        answered_himself=_answered_himself(match, kind),
        held=captive.custody_state == CustodyState.HELD,
        unable_by_physician=unable_note(captive) is not None,
        may_be_a_child=child,
        grounds=grounds,
        guardian=guardian,
    )
    refuse_if(rules.why_not_decide_for_him(why, facts))
    now, by_guardian = timezone.now(), why == Unable.CHILD
    end_for_him(match, kind)
    new = DecisionForHim.objects.create(
        captive=captive,
        enquiry=match.enquiry,
        match=match,
        key=captive.key,
        kind=kind,
        why=why,
        grounds=grounds.strip(),
        guardian=guardian.strip() if by_guardian else None,
        neutral=by,
        proposed_at=now,
        agreed_at=now if by_guardian else None,
    )
    journal.record("decided in his place", subject=new, by=by, person=captive.bureau_number)
    consent_changed.send(DecisionForHim, captive=captive, enquiry=match.enquiry)
    return new


@transaction.atomic
def agree_for_him(*, decision: DecisionForHim, by: Staff) -> DecisionForHim:
    """The physician agrees that it is in his interest: it holds from now, for a week."""
    by.must(Permission.NOTE_HEALTH)
    rows = DecisionForHim.objects.visible_to(by).select_for_update(of=("self",))
    one = rows.select_related("captive", "enquiry", "match").get(pk=decision.pk)
    waits = one.ended_at is None and one.agreed_at is None
    waits = waits and Match.objects.standing().filter(pk=one.match_id).exists()
    unable = unable_note(one.captive) is not None
    refuse_if(rules.why_not_agree(waits=waits, unable_by_physician=unable))
    one.physician, one.agreed_at = by, timezone.now()
    one.until = one.agreed_at + IN_HIS_INTEREST_FOR
    one.save(update_fields=["physician", "agreed_at", "until"])
    journal.record("decided in his place", subject=one, by=by, person=one.captive.bureau_number)
    consent_changed.send(DecisionForHim, captive=one.captive, enquiry=one.enquiry)
    return one


@transaction.atomic
def end_decision(*, decision: DecisionForHim, by: Staff) -> None:
    """Neutral or physician takes it back; in force at once. Twice is once."""
    if not by.may(Permission.OPEN_SITTING):
        by.must(Permission.NOTE_HEALTH)
    rows = DecisionForHim.objects.visible_to(by).select_for_update(of=("self",))
    one = rows.select_related("captive", "enquiry").get(pk=decision.pk)
    if one.ended_at:
        return
    one.ended_at = timezone.now()
    one.save(update_fields=["ended_at"])
    number = one.captive.bureau_number
    journal.record("decision in his place ended", subject=one, by=by, person=number)
    consent_changed.send(DecisionForHim, captive=one.captive, enquiry=one.enquiry)


def end_for_him(match: Match, kind: Kind | None = None) -> None:
    """He answers himself, the match is withdrawn, or a new one takes its place."""
    rows = DecisionForHim.objects.filter(match=match, ended_at=None)
    if kind is not None:
        rows = rows.filter(kind=kind)
    rows.update(ended_at=timezone.now())
