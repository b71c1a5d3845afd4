"""Invite a family to a talk, note what was told, withdraw what was wrong."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wayhome.bureau.answers.composing import compose
from wayhome.bureau.answers.jobs import left_in_peace, send_message
from wayhome.bureau.answers.models import (
    Freeze,
    Invitation,
    OutgoingMessage,
    ReachAttempt,
    Told,
)
from wayhome.bureau.answers.rules import (
    InvitationState,
    MessageState,
    Naming,
    ReachOutcome,
    why_not_ask_again,
    why_not_invite,
    why_not_reach,
    why_not_settle,
    why_not_tell,
    why_not_try_again,
)
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Consent, DecisionForHim, PersonToTell
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.enquiries.asking import round_of_now
from wayhome.bureau.enquiries.models import Enquirer, Enquiry, QuestionRound
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.ids import new_id
from wayhome.lib.refusal import Refusal, refuse_if

REMINDER_IS_OF_NOW = timedelta(days=1)  # later it is not sent again


def matches_to_tell() -> "QuerySet[Match]":
    """Standing matches in which he may be known to live, by his yes or in his place; none told yet.

    Whether everything else permits it is asked of each (why_not_invite_for).
    """
    yes = Consent.objects.filter(
        match=OuterRef("pk"), kind=Kind.LIVES, answer=Answer.YES, stopped_at=None
    )
    for_him = DecisionForHim.objects.running().filter(match=OuterRef("pk"), kind=Kind.LIVES)
    told = Told.objects.filter(match=OuterRef("pk"), withdrawn_at=None)
    rows = Match.objects.standing().filter(Exists(yes) | Exists(for_him), ~Exists(told))
    return rows.select_related("enquiry__enquirer__key", "enquiry__key", "captive__key", "key")


def why_not_invite_for(match: Match) -> list[Refusal]:
    """What stands against inviting this family now; empty permits it."""
    open_one = Invitation.objects.filter(enquiry=match.enquiry, state=InvitationState.OPEN)
    return why_not_invite(
        against=compose(match).against,
        one_is_open=open_one.exists(),
        told=Told.objects.filter(match=match, withdrawn_at=None).exists(),
        frozen=match.captive.custody_state != CustodyState.HELD
        or bool(left_in_peace(match.enquiry))
        or Freeze.objects.open().filter(match=match).exists(),
    )


@transaction.atomic
def invite(*, match: Match, by: Staff) -> Invitation:
    """Invite her to a talk: the first difference she meets, the same for every kind of news."""
    by.must(Permission.TELL_FAMILY)
    match = _locked(match)
    refuse_if(why_not_invite_for(match))
    return invite_by_a_person(match=match, by=by)


def invite_by_a_person(*, match: Match, by: Staff) -> Invitation:
    """Make the one open invitation of this family; its rules are asked before."""
    return invite_family(enquiry=match.enquiry, match=match, by=by)


def invite_family(*, enquiry: Enquiry, match: Match | None, by: Staff) -> Invitation:
    """The same invitation for every kind of news; without a match the talk is about the dead."""
    by.must(Permission.TELL_FAMILY)
    invitation = Invitation(
        enquiry=enquiry,
        match=match,
        channel=enquiry.enquirer.reachable_by(),
        by=by,
        at=timezone.now(),
    )
    try:
        with transaction.atomic():
            invitation.save(force_insert=True)
    except IntegrityError:
        refuse_if(why_not_invite(against=[], one_is_open=True, told=False, frozen=False))
    if invitation.channel == Channel.EMAIL:
        _write_message(invitation)
    journal.record("family invited", subject=invitation, by=by, person=enquiry.bureau_number)
    return invitation


def _write_message(invitation: Invitation) -> OutgoingMessage:
    return _written_to(invitation.enquiry.enquirer, invitation=invitation)


@transaction.atomic
def write_questions(asked_in: QuestionRound) -> int:
    """Tell each who allowed e-mail that a question of the month is on her page. Returns how many.

    In the order in which the enquiries came: nothing that the bureau knows of anybody is looked at.
    """
    # A family that was told of him, and with whom a person must speak first, is asked nothing.
    # Of the others none is left out: who is asked would tell (P5).
    told = Told.objects.filter(match=OuterRef("match"), withdrawn_at=None)
    frozen = Freeze.objects.open().filter(Exists(told), match__enquiry=OuterRef("enquiry"))
    # Nor is one of whose dead a board has decided: the question stands on her page as on all, and
    # no letter comes, as none comes to whoever gave no address (P5, P6).
    in_peace = left_in_peace()
    rows = asked_in.asked.filter(~Exists(frozen), message=None)
    rows = rows.select_related("enquiry__enquirer__key")
    written = 0
    for asked in rows.order_by("enquiry__received_at", "enquiry_id").iterator(chunk_size=1000):
        enquirer = asked.enquiry.enquirer
        if enquirer.reachable_by() == Channel.EMAIL and asked.enquiry_id not in in_peace:
            _written_to(enquirer, asked=asked)
            written += 1
    return written


def write_reminder(enquiry: Enquiry) -> bool:
    """One e-mail that holds nothing but what stands in every message of ours, if she allowed it."""
    if enquiry.enquirer.reachable_by() != Channel.EMAIL or left_in_peace(enquiry):
        return False
    _written_to(enquiry.enquirer, page_of=enquiry)
    return True


def _written_to(enquirer: Enquirer, **about: Any) -> OutgoingMessage:
    """One message, to be tried once by the worker."""
    message = OutgoingMessage.objects.create(
        **about,
        key=enquirer.key,
        to=enquirer.contact["to"],
        # Fixed before the first try, so that no try can become a second letter.
        message_id=f"<{new_id()}@wayhome.invalid>",
        language=enquirer.language,
    )
    send_message.defer(message_id=str(message.pk))
    return message


@transaction.atomic
def note_told(*, invitation: Invitation, by: Staff) -> Told:
    """Note that a person told her, in a talk, what the rules allow at this moment."""
    by.must(Permission.TELL_FAMILY)
    rows = Invitation.objects.select_for_update(of=("self",))
    invitation = rows.select_related("enquiry__enquirer__key", "match").get(pk=invitation.pk)
    assert invitation.match is not None, "a first news rests on a match"
    news = compose(_locked(invitation.match))
    refuse_if(why_not_tell(state=InvitationState(invitation.state), against=news.against))
    told = Told.objects.create(
        invitation=invitation,
        match=invitation.match,
        key=invitation.enquiry.enquirer.key,
        said=news.said,
        by=by,
        at=timezone.now(),
    )
    invitation.state = InvitationState.TALKED
    invitation.save(update_fields=["state"])
    journal.record(
        "family told",
        subject=told,
        by=by,
        person=invitation.enquiry.bureau_number,
        facts=news.said,
    )
    return told


def stop_telling(match: Match) -> None:
    """A match was withdrawn: open invitations stop, what was told is withdrawn (P20)."""
    stop_invitations(Invitation.objects.filter(match=match))
    Told.objects.filter(match=match, withdrawn_at=None).update(withdrawn_at=timezone.now())


def stop_invitations(invitations: "QuerySet[Invitation]") -> None:
    """Stop those that are open; a letter that was not tried yet never goes out."""
    stopped = list(invitations.filter(state=InvitationState.OPEN).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=stopped).update(state=InvitationState.STOPPED)
    unsent = OutgoingMessage.objects.filter(state=MessageState.WRITTEN)
    unsent.filter(invitation__in=stopped).update(state=MessageState.STOPPED)


def owes_a_correction(enquiry: Enquiry) -> bool:
    """Whether she was told something wrong, and no person has told her so yet (P20)."""
    return Told.objects.to_correct_for(enquiry).exists()


def to_be_corrected(enquiry: Enquiry | None) -> set[UUID]:
    """Enquiries of whoever was told something wrong, and no person has told them so yet (P20)."""
    told = Told.objects.filter(withdrawn_at__isnull=False, withdrawal_told_at=None)
    if enquiry is not None:
        told = told.filter(invitation__enquiry=enquiry)
    return set(told.values_list("invitation__enquiry_id", flat=True))


def everyone_told(match: Match) -> "QuerySet[Told]":
    """Everybody who was told something that rested on this match."""
    rows = Told.objects.filter(match=match).order_by("at")
    return rows.select_related("invitation__enquiry", "by", "withdrawal_told_by", "key")


@transaction.atomic
def note_withdrawal_told(*, told: Told, by: Staff) -> Told:
    """Note that a person told her that what was said was wrong."""
    by.must(Permission.TELL_FAMILY)
    told = Told.objects.select_for_update(of=("self",)).get(pk=told.pk)
    refuse_if(_why_not_note_withdrawal(told))
    told.withdrawal_told_by, told.withdrawal_told_at = by, timezone.now()
    told.save(update_fields=["withdrawal_told_by", "withdrawal_told_at"])
    journal.record(
        "family told of an error",
        subject=told,
        by=by,
        person=told.invitation.enquiry.bureau_number,
    )
    return told


def _why_not_note_withdrawal(told: Told) -> Refusal | None:
    if told.withdrawn_at is None or told.withdrawal_told_at is not None:
        return why_not_settle(MessageState.SENT)
    return None


def named_to_reach(rows: "QuerySet[PersonToTell]") -> "QuerySet[PersonToTell]":
    """Those of them whom a captive named and nobody has told or found to be somebody else."""
    settled = ReachAttempt.objects.settled().filter(named=OuterRef("pk"))
    return rows.filter(~Exists(settled))


def why_not_reach_for(named: PersonToTell) -> list[Refusal]:
    """What stands against telling this person now; empty permits it."""
    return why_not_reach(
        Naming(
            before_neutral=named.sitting.neutral_id is not None,
            has_question=bool(named.who.get("question") and named.who.get("right_answer")),
            harm_flag=named.captive.under_harm_flag(),
            held=named.captive.custody_state == CustodyState.HELD,
            settled=named.attempts.settled().exists(),
        )
    )


@transaction.atomic
def note_reached(*, named: PersonToTell, outcome: ReachOutcome, by: Staff) -> ReachAttempt:
    """Note what came of one try to reach somebody whom he named.

    Raises Refused, with nothing written, if something stands against telling.
    """
    by.must(Permission.TELL_FAMILY)
    # Locked, so that two people on two telephones do not both tell.
    rows = PersonToTell.objects.select_for_update(of=("self",))
    named = rows.select_related("captive__key", "sitting", "key").get(pk=named.pk)
    refuse_if(why_not_reach_for(named))
    attempt = ReachAttempt.objects.create(named=named, outcome=outcome, by=by, at=timezone.now())
    journal.record(
        REACHED[outcome], subject=attempt, by=by, person=named.captive.principal.bureau_number
    )
    return attempt


REACHED = {
    ReachOutcome.TOLD: "person named by him told",
    ReachOutcome.NOT_REACHED: "person named by him not reached",
    ReachOutcome.WRONG_ANSWER: "person named by him answered wrongly",
}


@transaction.atomic
def settle_message(*, message: OutgoingMessage, again: bool, by: Staff) -> OutgoingMessage:
    """A person decides about a message whose fate the machine cannot know."""
    by.must(Permission.RESOLVE_MESSAGE)
    message = OutgoingMessage.objects.select_for_update(of=("self",)).get(pk=message.pk)
    refuse_if(why_not_settle(MessageState(message.state)))
    if again:
        # Locked, so that a withdrawal waits for this decision or is seen by it.
        refuse_if(_why_not_try_again(message))
    message.state = MessageState.WRITTEN if again else MessageState.SETTLED
    message.settled_by = by
    message.save(update_fields=["state", "settled_by"])
    if again:
        send_message.defer(message_id=str(message.pk))
    journal.record(
        "message tried again" if again else "message settled",
        subject=message,
        by=by,
        person=message.enquiry.bureau_number,
    )
    return message


def _why_not_try_again(message: OutgoingMessage) -> Refusal | None:
    if message.asked is not None:
        now = round_of_now()
        return why_not_ask_again(is_of_now=now is not None and message.asked.round_id == now.pk)
    if message.page_of is not None:
        return why_not_ask_again(is_of_now=message.at > timezone.now() - REMINDER_IS_OF_NOW)
    assert message.invitation is not None, "a constraint of the database"
    invitation = Invitation.objects.select_for_update().get(pk=message.invitation.pk)
    return why_not_try_again(InvitationState(invitation.state))


def stop_questions(enquiry: Enquiry) -> None:
    """Her enquiry was forgotten: a letter about a question, not tried yet, never goes out."""
    unsent = OutgoingMessage.objects.filter(state=MessageState.WRITTEN, asked__enquiry=enquiry)
    unsent.update(state=MessageState.STOPPED)
    stop_reminders(enquiry)


def stop_unsent(enquiry: Enquiry) -> None:
    """Something happened to him: what was not tried yet never goes out by itself (P20)."""
    unsent = OutgoingMessage.objects.filter(state=MessageState.WRITTEN)
    unsent.filter(
        Q(invitation__enquiry=enquiry) | Q(asked__enquiry=enquiry) | Q(page_of=enquiry)
    ).update(state=MessageState.STOPPED)


def stop_reminders(enquiry: Enquiry) -> None:
    """What she was to be reminded of is over: a letter not tried yet never goes out (P20)."""
    unsent = OutgoingMessage.objects.filter(state=MessageState.WRITTEN, page_of=enquiry)
    unsent.update(state=MessageState.STOPPED)


def _locked(match: Match) -> Match:
    rows: Any = Match.objects.select_for_update(of=("self",))
    found: Match = rows.select_related(
        "enquiry__enquirer__key", "enquiry__key", "captive__key", "key"
    ).get(pk=match.pk)
    return found
