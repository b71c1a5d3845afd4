"""Two records of one man: the machine proposes, a person says; linked, never merged."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.captives import bridge
from wayhome.bureau.captives.announcements import men_linked
from wayhome.bureau.captives.bridge import Likeness
from wayhome.bureau.captives.models import Captive, SameManProposal
from wayhome.bureau.captives.rules import (
    ProposalState,
    may_be_same_man,
    why_not_judge_same_man,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

LINKING = 0x5741594B  # this lock's number: groups of records change one at a time


def propose_same_men(captives: Iterable[Captive]) -> int:
    """Propose for these records the others that may be the same man's.

    A pair that was judged stays as it was judged. Returns how many pairs are open or new.
    """
    with bridge.REGISTER.held():
        alike = [each for captive in captives for each in bridge.like(captive)]
    worth = [
        each for each in alike if may_be_same_man(bits=each.bits, probability=each.probability)
    ]
    return _keep(worth)


@transaction.atomic
def _keep(alike: Sequence[Likeness]) -> int:
    ids = {pk for each in alike for pk in (each.record_id, each.other_id)}
    rows = Captive.objects.filter(pk__in=ids).values_list("pk", "registered_at")
    place = {pk: (at, pk) for pk, at in rows}
    proposals = {}
    for each in alike:
        if not {each.record_id, each.other_id} <= place.keys():
            continue  # the index may hold a record whose own transaction was rolled back
        pair = sorted((each.record_id, each.other_id), key=lambda pk: place[pk])
        proposals[tuple(pair)] = _proposal(pair, each)
    SameManProposal.objects.bulk_create(proposals.values(), ignore_conflicts=True, batch_size=1000)
    return len(proposals)


def _proposal(pair: Sequence[UUID], like: Likeness) -> SameManProposal:
    return SameManProposal(
        earlier_id=pair[0],
        later_id=pair[1],
        bits=like.bits,
        probability=like.probability,
        evidence=like.evidence,
    )


@transaction.atomic
def judge_same_man(
    *, proposal: SameManProposal, verdict: ProposalState, reason: str, by: Staff
) -> SameManProposal:
    """Say whether two records are one man's. A later verdict takes an earlier one back.

    Records judged the same are linked to the earliest of them; a link ends with its verdict.
    """
    by.must(Permission.JUDGE_SAME_MAN)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LINKING])
    rows = SameManProposal.objects.select_for_update(of=("self",))
    proposal = rows.select_related("earlier", "later__key").get(pk=proposal.pk)
    refuse_if(why_not_judge_same_man(verdict, last=ProposalState(proposal.state), reason=reason))
    proposal.state, proposal.reason = verdict, reason.strip()
    proposal.judged_by, proposal.judged_at = by, timezone.now()
    proposal.save(update_fields=["state", "reason", "judged_by", "judged_at"])
    for captive in (proposal.earlier, proposal.later):
        journal.record(
            "same man judged",
            subject=proposal,
            by=by,
            person=captive.bureau_number,
            purpose=verdict.value,
            facts={"reason": reason.strip()},
        )
    _link_anew({proposal.earlier_id, proposal.later_id}, by)
    return proposal


def _link_anew(ids: set[UUID], by: Staff) -> None:
    """Link each record that hangs together with these to the earliest of its group."""
    linked = Captive.objects.filter(Q(pk__in=ids) | Q(same_as__in=ids))
    ids = ids | set(linked.values_list("pk", flat=True))
    ids |= {one for one in linked.values_list("same_as", flat=True) if one}
    left = _together(ids)
    men = {
        man.pk: man for man in Captive.objects.select_for_update(of=("self",)).filter(pk__in=left)
    }
    while left:
        group = _together({next(iter(left))})
        left -= group
        first, *others = sorted(
            (men[pk] for pk in group), key=lambda man: (man.registered_at, man.pk)
        )
        for man, same_as in [(first, None), *((man, first) for man in others)]:
            _link(man, same_as, by)


def _together(ids: set[UUID]) -> set[UUID]:
    """These records and all that hang together with them by verdicts of "the same"."""
    found: set[UUID] = set()
    while ids - found:
        found |= ids
        same = SameManProposal.objects.filter(state=ProposalState.SAME)
        pairs = same.filter(Q(earlier__in=found) | Q(later__in=found))
        ids = {pk for pair in pairs.values_list("earlier", "later") for pk in pair}
    return found


def _link(man: Captive, same_as: Captive | None, by: Staff) -> None:
    if man.same_as_id == (same_as.pk if same_as else None):
        return
    man.same_as = same_as
    man.save(update_fields=["same_as", "changed_at"])
    action = "record linked" if same_as else "record unlinked"
    facts = {"same_as": same_as.bureau_number if same_as else None}
    journal.record(action, subject=man, by=by, person=man.bureau_number, facts=facts)
    men_linked.send(Captive, captive=man)
