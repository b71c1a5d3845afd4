"""Families with whom a person must speak before any machine tells them anything more (P20)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.answers.actions import invite_by_a_person, stop_unsent
from wayhome.bureau.answers.composing import compose
from wayhome.bureau.answers.models import Freeze, Invitation, Told
from wayhome.bureau.answers.rules import (
    FreezeCause,
    FreezeEnd,
    InvitationState,
    what_holds_back,
    why_not_end_freeze,
    why_not_invite_after,
)
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents.models import of_same_man
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

# A return through our own act is none of these: she was there.
CAUSE_OF = {
    EventKind.DIED: FreezeCause.DIED,
    EventKind.ESCAPED: FreezeCause.ESCAPED,
    EventKind.EXCHANGED: FreezeCause.EXCHANGED,
    EventKind.RELEASED: FreezeCause.RELEASED,
}


def freeze_of(captive: Captive, cause: FreezeCause) -> None:
    """Something happened to him: freeze every family that a standing match joins to him."""
    for match in Match.objects.standing().filter(of_same_man(captive)).select_related("enquiry"):
        freeze(match, cause)


def freeze(match: Match, cause: FreezeCause) -> None:
    """Nothing by machine to this family from now on; what was not sent yet never goes out."""
    frozen, is_new = Freeze.objects.get_or_create(
        match=match, cause=cause, ended_at=None, defaults={"at": timezone.now()}
    )
    if is_new:
        stop_unsent(match.enquiry)
        number = match.enquiry.bureau_number
        journal.record("family frozen", subject=frozen, by=journal.MACHINE, person=number)


def end_with_match(match: Match) -> None:
    """The match was withdrawn: whoever was told wrongly stands at the desk for that."""
    Freeze.objects.open().filter(match=match).update(
        end=FreezeEnd.MATCH_WITHDRAWN, ended_at=timezone.now()
    )


def is_frozen(enquiry: Enquiry) -> bool:
    """Whether a person must speak with this family first."""
    return Freeze.objects.open().filter(match__enquiry=enquiry).exists()


def frozen_matches() -> "QuerySet[Freeze]":
    """Open freezes, with all that the desk shows of them."""
    return Freeze.objects.open().with_family()


def open_invitation(frozen: Freeze) -> Invitation | None:
    open_ones = Invitation.objects.filter(state=InvitationState.OPEN)
    return open_ones.filter(enquiry=frozen.match.enquiry).first()


@dataclass(frozen=True)
class Standing:
    """How it stands with a family now; asked once for all that depends on it."""

    told: bool  # of him before, and it stands
    invited: bool
    held_back: list[Refusal]  # what forbids a talk about the change; empty permits it


def standing_of(frozen: Freeze) -> Standing:
    told = Told.objects.filter(match=frozen.match, withdrawn_at=None).exists()
    return Standing(
        told=told,
        invited=open_invitation(frozen) is not None,
        held_back=what_holds_back(
            cause=FreezeCause(frozen.cause), told=told, against=compose(frozen.match).against
        ),
    )


def why_not_invite_after_for(frozen: Freeze, standing: Standing) -> list[Refusal]:
    """What stands against inviting this family to a talk about the change."""
    return why_not_invite_after(
        ended=frozen.ended_at is not None,
        told=standing.told,
        one_is_open=standing.invited,
        held_back=standing.held_back,
    )


@transaction.atomic
def invite_after(*, frozen: Freeze, by: Staff) -> Invitation:
    """A person has looked: she is invited, in the same sentence as for every kind of news."""
    by.must(Permission.TELL_FAMILY)
    frozen = _locked(frozen)
    refuse_if(why_not_invite_after_for(frozen, standing_of(frozen)))
    return invite_by_a_person(match=frozen.match, by=by)


def why_not_end_for(frozen: Freeze, end: str, standing: Standing) -> list[Refusal]:
    """What stands against noting this end; empty permits it."""
    return why_not_end_freeze(
        end=end,
        ended=frozen.ended_at is not None,
        told=standing.told,
        invited=standing.invited,
        held_back=standing.held_back,
    )


@transaction.atomic
def end_freeze(*, frozen: Freeze, end: str, by: Staff) -> Freeze:
    """Note that a person has spoken with her, or that there is nothing that may be said."""
    by.must(Permission.TELL_FAMILY)
    frozen = _locked(frozen)
    refuse_if(why_not_end_for(frozen, end, standing_of(frozen)))
    frozen.end, frozen.ended_by, frozen.ended_at = end, by, timezone.now()
    frozen.save(update_fields=["end", "ended_by", "ended_at"])
    invitation = open_invitation(frozen)
    if end == FreezeEnd.SPOKEN and invitation is not None:
        invitation.state = InvitationState.TALKED
        invitation.save(update_fields=["state"])
    done = "family spoken with" if end == FreezeEnd.SPOKEN else "frozen family looked at"
    journal.record(done, subject=frozen, by=by, person=frozen.match.enquiry.bureau_number)
    return frozen


def _locked(frozen: Freeze) -> Freeze:
    # Locked, so that two people on two telephones do not both speak.
    Freeze.objects.select_for_update().get(pk=frozen.pk)
    return Freeze.objects.with_family().get(pk=frozen.pk)
