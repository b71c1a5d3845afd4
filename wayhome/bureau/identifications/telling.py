"""Tell a family of a death, note what it wishes later, own an error (P6, P20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from wayhome.bureau.answers.actions import invite_family, stop_invitations
from wayhome.bureau.answers.models import Invitation
from wayhome.bureau.answers.rules import InvitationState
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState, Relation
from wayhome.bureau.identifications.comparing import (
    held_alive,
    names_of,
    names_of_all,
    same_sought,
)
from wayhome.bureau.identifications.models import DeathTold, Identification, Wish
from wayhome.bureau.identifications.rules.board import State
from wayhome.bureau.identifications.rules.evidence import Kind, Word, at_least
from wayhome.bureau.identifications.rules.telling import (
    Case,
    Reach,
    Talk,
    is_friend,
    why_not_choose,
    why_not_invite_to_it,
    why_not_note_correction,
    why_not_note_told,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.matches.same_sought import others_who_seek
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

TELL = Permission.TELL_FAMILY


@dataclass(frozen=True)
class Family:
    """One family of somebody who was identified, and how it stands with telling her."""

    identification: Identification
    enquiry: Enquiry
    invitation: Invitation | None
    told: DeathTold | None

    @property
    def case(self) -> Case:
        return Case(
            stands=self.identification.state == State.IDENTIFIED,
            alive=held_alive(self.identification),
            harm_flag=_harm_flag(self.identification, self.enquiry),
            is_friend=is_friend(self.enquiry.relation),
            invited=self.invitation is not None,
            told=self.told is not None,
            kinship_proven=KinshipVerdict.objects.proven_for(self.enquiry),
            told_of_him=DeathTold.objects.standing_for(self.enquiry) is not None,
            forgotten=self.enquiry.state == EnquiryState.FORGOTTEN,
        )


def _harm_flag(identification: Identification, enquiry: Enquiry) -> bool:
    """Whether a flag stands on the captive that this would be; it closes the road always."""
    asking = [enquiry, *same_sought(identification)]
    matches = Match.objects.standing().filter(enquiry__in=asking).select_related("captive")
    men = [*(match.captive for match in matches), identification.captive]
    men.append(identification.remains.captive)
    return any(man.under_harm_flag() for man in men if man is not None)


def family_of(identification: Identification, enquiry: Enquiry) -> Family:
    open_ones = Invitation.objects.filter(enquiry=enquiry, state=InvitationState.OPEN)
    invitations = open_ones.filter(match=None)  # one that rests on a match is about the living
    told = DeathTold.objects.filter(identification=identification, enquiry=enquiry)
    joined = told.select_related("key", "by", "second").filter(withdrawn_at=None)
    return Family(identification, enquiry, invitations.first(), joined.first())


def families_to_tell() -> list[Family]:
    """Every family of somebody identified that was not told yet, the longest decided first.

    Also one that was matched with a man of the register after he had been named.
    """
    names = _names_to_tell()
    rows = Identification.objects.filter(pk__in={pk for of in names.values() for pk in of})
    joined = rows.select_related("remains__key", "enquiry__enquirer__key", "captive", "key")
    by_id = {one.pk: one for one in joined.order_by("decided_at")}
    place = {pk: number for number, pk in enumerate(by_id)}
    invited = Invitation.objects.filter(state=InvitationState.OPEN, match=None)
    open_ones = {one.enquiry_id: one for one in invited.filter(enquiry__in=names)}
    enquiries = Enquiry.objects.filter(pk__in=names).exclude(state=EnquiryState.FORGOTTEN)
    pairs = sorted(
        (place[pk], number, by_id[pk], enquiry)
        for number, enquiry in enumerate(
            enquiries.select_related("enquirer__key", "key").order_by("received_at", "pk")
        )
        for pk in names[enquiry.pk]
    )
    return [Family(one, enquiry, open_ones.get(enquiry.pk), None) for *_, one, enquiry in pairs]


def _names_to_tell() -> dict[UUID, list[UUID]]:
    """The decisions on those of whose death an enquiry was told nothing, by whatever remains."""
    told = _heard()
    return {enquiry: names for enquiry, names in names_of_all().items() if enquiry not in told}


def _heard() -> set[UUID]:
    standing = DeathTold.objects.filter(withdrawn_at=None)
    return set(standing.values_list("enquiry_id", flat=True))


def count_to_tell() -> int:
    """How many families wait to be told."""
    enquiries = Enquiry.objects.filter(pk__in=_names_to_tell())
    return enquiries.exclude(state=EnquiryState.FORGOTTEN).count()


def waiting_since(site: Site | None) -> list[tuple[str, datetime]]:
    """The numbers of enquiries that wait to be told, and since when.

    Since the decision, or since she asked where that was later. A friend hears it from the family,
    and where a harm flag stands nobody may tell: for those no time runs.
    """
    everyone = names_of_all()
    heard, closed = _heard(), _closed_by_flag(everyone)
    rows = Identification.objects.standing().exclude(pk__in=closed)
    decided = {name: at for name, at in rows.values_list("pk", "decided_at") if at is not None}
    since = {
        who: min(decided[name] for name in names if name in decided)
        for who, names in everyone.items()
        if who not in heard and not decided.keys().isdisjoint(names)
    }
    asking = Enquiry.objects.filter(pk__in=since).exclude(state=EnquiryState.FORGOTTEN)
    theirs = asking.exclude(relation=Relation.FRIEND)
    if site is not None:
        theirs = theirs.filter(site=site)
    return [
        (number, max(asked_at, since[who]))
        for who, number, asked_at in theirs.values_list("pk", "bureau_number", "received_at")
    ]


def _closed_by_flag(everyone: Mapping[UUID, Sequence[UUID]]) -> set[UUID]:
    """The names of which nobody may tell; `_harm_flag` for all at once."""
    flags = HarmFlag.objects.standing().values_list("captive_id", "captive__same_as_id")
    marked = {man for pair in flags for man in pair if man}
    men = Captive.objects.filter(Q(pk__in=marked) | Q(same_as__in=marked))
    asked = Match.objects.standing().filter(captive__in=men).values_list("enquiry_id", flat=True)
    theirs = Identification.objects.filter(Q(captive__in=men) | Q(remains__captive__in=men))
    named = {name for who in asked for name in everyone.get(who, ())}
    return named | set(theirs.values_list("pk", flat=True))


def kinship_to_weigh() -> "QuerySet[Enquiry]":
    """Of families of the dead who were not told yet: whose kinship rests on no match.

    A friend is told by the family, and a match has its own verdict.
    """
    rows = Enquiry.objects.open().filter(pk__in=_names_to_tell())
    matched = Match.objects.standing().filter(enquiry=OuterRef("pk"))
    return rows.exclude(relation=Relation.FRIEND).exclude(Exists(matched))


def left_in_peace(enquiry: Enquiry | None) -> set[UUID]:
    """Enquiries to which no machine writes: a board has named whom they seek, or it is doubted.

    So from the decision on, and after people told them; and from a doubt until a person told them.
    """
    doubted = DeathTold.objects.to_correct()
    if enquiry is None:
        return {*names_of_all(), *doubted.values_list("enquiry_id", flat=True)}
    named = names_of(enquiry).exists() or doubted.filter(enquiry=enquiry).exists()
    return {enquiry.pk} if named else set()


def what_to_say(identification: Identification) -> dict[str, Any]:
    """What may be said of this death: from the decision, and nothing besides."""
    decided = identification.decision()
    remains = identification.remains
    strong = [
        line.kind
        for line in identification.current_lines()
        if at_least(Word(line.word), Word.PROBABLE)
    ]
    return {
        "found_on": remains.found_on,
        "known_by": [kind.value for kind in Kind if kind in strong],
        "decided_on": timezone.localdate(decided.decided_at).isoformat()
        if decided and decided.decided_at
        else "",
        "buried": remains.state == WhereState.BURIED,
        "kind": remains.kind,
    }


@transaction.atomic
def invite_to_talk(*, identification: Identification, enquiry: Enquiry, by: Staff) -> Invitation:
    """Invite her in the same sentence as for every kind of news (P6)."""
    by.must(TELL)
    identification, enquiry = _locked(identification, enquiry)
    refuse_if(why_not_invite_to_it(family_of(identification, enquiry).case))
    return invite_family(enquiry=enquiry, match=None, by=by)


@transaction.atomic
def note_told_of_death(
    *, identification: Identification, enquiry: Enquiry, talk: Talk, by: Staff
) -> DeathTold:
    """Note that people told her, in a talk, what the decision allows at this moment."""
    by.must(TELL)
    identification, enquiry = _locked(identification, enquiry)
    family = family_of(identification, enquiry)
    second = _second(talk.second, by)
    contact = enquiry.enquirer.contact or {}
    reach = Reach(enquiry.enquirer.reachable_by(), bool(contact.get("society_route")))
    refuse_if(why_not_note_told(family.case, talk, reach, pair=second is not None))
    assert family.invitation is not None, "asked by the rule above"
    told = DeathTold.objects.create(
        identification=identification,
        enquiry=enquiry,
        invitation=family.invitation,
        key=enquiry.enquirer.key,
        way=talk.way,
        second=second,
        said=what_to_say(identification),
        talk=talk.as_kept(),
        by=by,
        at=timezone.now(),
    )
    family.invitation.state = InvitationState.TALKED
    family.invitation.save(update_fields=["state"])
    number = enquiry.bureau_number
    journal.record("family told of a death", subject=told, by=by, person=number, facts=told.said)
    return told


def _second(number: str, by: Staff) -> Staff | None:
    people = Staff.objects.get_queryset().filter(is_active=True, number__iexact=number.strip())
    return people.exclude(pk=by.pk).first()


@transaction.atomic
def note_wish(*, told: DeathTold, wishes: dict[str, str], by: Staff) -> Wish:
    """Note what she wishes, on a later day than the first talk. It may change any day."""
    by.must(TELL)
    told = DeathTold.objects.select_for_update(of=("self",)).select_related("key").get(pk=told.pk)
    refuse_if(why_not_wish(told))
    wish = Wish.objects.create(
        told=told,
        key=told.key,
        number=told.wishes.count() + 1,
        wishes={name: text.strip() for name, text in wishes.items() if text.strip()},
        by=by,
        at=timezone.now(),
    )
    number = told.enquiry.bureau_number
    journal.record("wish of a family noted", subject=wish, by=by, person=number)
    return wish


def why_not_wish(told: DeathTold | None) -> Refusal | None:
    """What stands against noting what she wishes today."""
    told_on: date | None = timezone.localdate(told.at) if told and not told.withdrawn_at else None
    return why_not_choose(told_on=told_on, today=timezone.localdate())


def withdraw_what_was_told(identification: Identification) -> None:
    """The decision is doubted: what was told by it leaves every page, and a person tells each."""
    _withdraw(DeathTold.objects.filter(identification=identification, withdrawn_at=None))
    enquiries = same_sought(identification)
    open_ones = Invitation.objects.filter(enquiry__in=enquiries, match=None)
    stop_invitations(open_ones)


def see_to_told(enquiry: Enquiry) -> None:
    """A match or a link of hers was taken back: what was told by it does not stand any more (P20).

    Also not what others were told whom a link with her joined to him.
    """
    families = [enquiry, *others_who_seek(enquiry)]
    told = DeathTold.objects.filter(enquiry__in=families, withdrawn_at=None)
    joined = told.select_related("enquiry", "identification__enquiry", "identification__captive")
    for one in joined:
        if one.enquiry not in same_sought(one.identification):
            _withdraw(DeathTold.objects.filter(pk=one.pk))
    for family in families:
        if not names_of(family).exists():
            stop_invitations(Invitation.objects.filter(enquiry=family, match=None))


def _withdraw(told: "QuerySet[DeathTold]") -> None:
    stopped = list(told.values_list("invitation_id", flat=True))
    told.update(withdrawn_at=timezone.now())
    # Her talk stands no more as one about a death; other invitations of hers stay.
    Invitation.objects.filter(pk__in=stopped).update(state=InvitationState.STOPPED)


def everyone_told(identification: Identification) -> "QuerySet[DeathTold]":
    """Everybody who was told of this death, whatever became of it."""
    rows = DeathTold.objects.filter(identification=identification).order_by("at")
    return rows.select_related("enquiry", "by", "second", "withdrawal_told_by", "key")


@transaction.atomic
def note_error_told(*, told: DeathTold, by: Staff) -> DeathTold:
    """Note that a person told her that what was said of a death does not stand."""
    by.must(TELL)
    told = DeathTold.objects.select_for_update(of=("self",)).get(pk=told.pk)
    refuse_if(
        why_not_note_correction(
            withdrawn=told.withdrawn_at is not None, told=told.withdrawal_told_at is not None
        )
    )
    told.withdrawal_told_by, told.withdrawal_told_at = by, timezone.now()
    told.save(update_fields=["withdrawal_told_by", "withdrawal_told_at"])
    number = told.enquiry.bureau_number
    journal.record("family told of an error", subject=told, by=by, person=number)
    return told


def owes_a_correction(enquiry: Enquiry) -> bool:
    """Whether she was told of a death that is doubted, and no person has told her so yet."""
    return DeathTold.objects.to_correct().filter(enquiry=enquiry).exists()


def _locked(identification: Identification, enquiry: Enquiry) -> tuple[Identification, Enquiry]:
    """Locked, so that two on two telephones do not both tell, and a doubt waits or is seen.

    The enquiry first, as a search and a withdrawal lock it before they come to what is identified.
    """
    theirs = Enquiry.objects.select_for_update(of=("self",)).select_related("enquirer__key", "key")
    her = theirs.get(pk=enquiry.pk)
    rows = Identification.objects.select_for_update(of=("self",))
    joined = rows.select_related("remains__key", "enquiry__key", "captive", "key")
    return joined.get(pk=identification.pk), her
