"""Two enquiries for one man: the machine proposes, a person says; linked, never merged.

The link is a verdict on the pair and nothing else: no column of an enquiry or an enquirer changes,
nothing is sent, and only those who judge candidates read it. Nobody who asks learns of another.
"""

from collections.abc import Container, Iterable, Sequence
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.announcements import link_made, link_taken_back
from wayhome.bureau.matches.bridge import Alike
from wayhome.bureau.matches.models import SameSought
from wayhome.bureau.matches.rules import may_seek_same_man, why_not_judge_same_sought
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

PAIRING = 0x57415950  # this lock's number: pairs are proposed and judged one at a time
Pair = tuple[UUID, UUID]


def propose_same_sought(enquiries: Iterable[Enquiry]) -> int:
    """Propose for these enquiries the others that may seek the same man.

    A pair that was judged stays as it was judged; an open one of theirs is renewed, or gone with
    the evidence for it. Returns how many of their pairs are open now.
    """
    enquiries = list(enquiries)
    with bridge.SOUGHT.held():
        alike = [
            each
            for enquiry in enquiries
            if enquiry.state == EnquiryState.OPEN
            for each in bridge.enquiries_like(enquiry)
        ]
    worth = [x for x in alike if may_seek_same_man(bits=x.bits, probability=x.probability)]
    return _keep([enquiry.pk for enquiry in enquiries], worth)


@transaction.atomic
def _keep(asked: Sequence[UUID], alike: Sequence[Alike]) -> int:
    _lock()
    found = _in_order(alike)
    ours = SameSought.objects.filter(Q(earlier__in=asked) | Q(later__in=asked))
    judged = ours.exclude(state=ProposalState.OPEN).values_list("earlier_id", "later_id")
    for pair in judged:
        found.pop(pair, None)
    _drop_the_rest(ours.filter(state=ProposalState.OPEN), found)
    SameSought.objects.bulk_create(
        [_proposal(pair, each) for pair, each in found.items()],
        update_conflicts=True,
        unique_fields=["earlier", "later"],
        update_fields=["bits", "probability", "evidence"],
        batch_size=1000,
    )
    return len(found)


def _drop_the_rest(pairs: "QuerySet[SameSought]", found: Container[Pair]) -> None:
    """Open pairs for which the evidence is gone, and on which nobody has said anything."""
    gone = [
        pk
        for pk, *pair in pairs.values_list("pk", "earlier_id", "later_id")
        if tuple(pair) not in found
    ]
    SameSought.objects.filter(pk__in=gone).delete()


def _in_order(alike: Sequence[Alike]) -> dict[Pair, Alike]:
    """Each pair once, the enquiry that came first before the other; open ones alone."""
    ids = {pk for each in alike for pk in (each.enquiry_id, each.other_id)}
    rows = Enquiry.objects.open().filter(pk__in=ids).values_list("pk", "received_at")
    place = {pk: (at, pk) for pk, at in rows}
    pairs: dict[Pair, Alike] = {}
    for each in alike:
        # The index may hold an enquiry whose own transaction was rolled back.
        if {each.enquiry_id, each.other_id} <= place.keys():
            first, second = sorted((each.enquiry_id, each.other_id), key=lambda pk: place[pk])
            pairs[first, second] = each
    return pairs


def _proposal(pair: Pair, like: Alike) -> SameSought:
    return SameSought(
        earlier_id=pair[0],
        later_id=pair[1],
        bits=like.bits,
        probability=like.probability,
        evidence=like.evidence,
    )


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PAIRING])


@transaction.atomic
def judge_same_sought(
    *, pair: SameSought, verdict: ProposalState, reason: str, by: Staff
) -> SameSought:
    """Say whether two enquiries seek one man. A later verdict takes an earlier one back."""
    by.must(Permission.JUDGE_SAME_SOUGHT)
    _lock()
    rows = SameSought.objects.select_for_update(of=("self",))
    pair = rows.select_related("earlier", "later__key").get(pk=pair.pk)
    both = (pair.earlier, pair.later)
    refuse_if(
        why_not_judge_same_sought(
            verdict,
            last=ProposalState(pair.state),
            reason=reason,
            forgotten=any(each.state == EnquiryState.FORGOTTEN for each in both),
        )
    )
    was_linked = pair.state == ProposalState.SAME
    pair.state, pair.reason = verdict, reason.strip()
    pair.judged_by, pair.judged_at = by, timezone.now()
    pair.save(update_fields=["state", "reason", "judged_by", "judged_at"])
    for enquiry in both:
        journal.record(
            "same sought judged",
            subject=pair,
            by=by,
            person=enquiry.bureau_number,
            purpose=verdict.value,
            facts={"reason": reason.strip()},
        )
    if verdict == ProposalState.SAME:
        link_made.send(SameSought, pair=pair)
    elif was_linked:
        link_taken_back.send(SameSought, pair=pair)
    return pair


def others_who_seek(enquiry: Enquiry) -> list[Enquiry]:
    """The open enquiries that people linked with this one, the oldest first."""
    found, ids = set[UUID](), {enquiry.pk}
    while ids - found:
        found |= ids
        same = SameSought.objects.filter(state=ProposalState.SAME)
        pairs = same.filter(Q(earlier__in=found) | Q(later__in=found))
        ids = {pk for pair in pairs.values_list("earlier_id", "later_id") for pk in pair}
    rows = Enquiry.objects.open().filter(pk__in=found - {enquiry.pk})
    return list(rows.order_by("received_at", "pk"))


def forget_pairs(enquiry: Enquiry) -> None:
    """An enquiry was forgotten: that somebody else asks for the same man goes with it."""
    SameSought.objects.filter(Q(earlier=enquiry) | Q(later=enquiry)).delete()
