"""Take papers, weigh kinship, confirm by a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.relations import store
from wayhome.bureau.relations.announcements import kinship_confirmed
from wayhome.bureau.relations.models import KinshipVerdict, Paper
from wayhome.bureau.relations.rules import (
    PAPER_REFUSALS,
    Level,
    PaperFor,
    why_not_confirm,
    why_not_take,
    why_not_verdict,
    why_not_verdict_of_the_dead,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission
from wayhome.lib.ids import new_id
from wayhome.lib.media import LARGEST_FILE, MediaRefused, Redrawn, redraw
from wayhome.lib.media import Refused as PaperRefused
from wayhome.lib.refusal import Refusal, Refused, refuse_if
from wayhome.lib.text import clean_text


def drawn_anew(content: bytes) -> Redrawn:
    """The paper as a new file, made in a process of its own. Raises Refused with a plain reason."""
    try:
        if len(content) > LARGEST_FILE:
            raise MediaRefused(PaperRefused.TOO_LARGE)
        return redraw(content)
    except MediaRefused as fault:
        reason = PAPER_REFUSALS[fault.kind]
        raise Refused(Refusal(f"relations.{fault.kind}", reason, field="paper")) from None


def send_paper(
    *,
    enquiry: Enquiry,
    content: bytes,
    note: str,
    by: Enquirer,
    serves: PaperFor = PaperFor.KINSHIP,
) -> Paper:
    """Keep a paper she sent: drawn anew, without metadata, encrypted."""
    by.must(Permission.BRING_PROOF)
    if enquiry.enquirer_id != by.pk:
        raise Forbidden(Permission.BRING_PROOF.value)
    drawn = drawn_anew(content)  # outside the transaction: it may take seconds
    paper_id = new_id()
    store.keep(paper_id, by.key, drawn.content)
    try:
        return _keep_row(enquiry, Paper(
            id=paper_id,
            enquiry=enquiry,
            key=by.key,
            serves=serves,
            media_type=drawn.media_type,
            size=len(drawn.content),
            note=clean_text(note),
        ), by)  # fmt: skip
    except BaseException:
        store.remove(paper_id)
        raise


@transaction.atomic
def _keep_row(enquiry: Enquiry, paper: Paper, by: Enquirer) -> Paper:
    Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    refuse_if(why_not_take(papers=enquiry.papers.count()))
    paper.save(force_insert=True)
    journal.record("paper sent", subject=paper, by=by, person=enquiry.bureau_number)
    return paper


OPENED_BY = {
    PaperFor.KINSHIP: (Permission.VERIFY_KINSHIP, "verify kinship"),
    PaperFor.JOURNEY: (Permission.SET_APPOINTMENT, "papers for a journey"),
}


def open_paper(*, paper: Paper, by: Staff) -> bytes:
    """The bytes of a paper, for whoever works with its kind; the look is in the journal."""
    need, purpose = OPENED_BY[PaperFor(paper.serves)]
    by.must(need)
    journal.looked(subject=paper, by=by, person=paper.enquiry.bureau_number, purpose=purpose)
    return store.read(paper.pk, paper.key)


@dataclass(frozen=True)
class Weighed:
    """A verifier's finding: each rung's check, and the level that follows in their judgement."""

    level: Level
    checks: Mapping[str, str]
    reason: str


@transaction.atomic
def give_verdict(*, match: Match, weighed: Weighed, by: Staff) -> KinshipVerdict:
    """Say how far her kinship is proven; counts only once a second verifier confirms it."""
    by.must(Permission.VERIFY_KINSHIP)
    rows = Match.objects.select_for_update(of=("self",))
    match = rows.select_related("enquiry__enquirer__key").get(pk=match.pk)
    refuse_if(
        why_not_verdict(
            level=weighed.level,
            checks=weighed.checks,
            reason=weighed.reason,
            match_stands=Match.objects.standing().filter(pk=match.pk).exists(),
        )
    )
    KinshipVerdict.objects.standing().filter(match=match).update(stopped_at=timezone.now())
    verdict = KinshipVerdict.objects.create(
        match=match,
        key=match.enquiry.enquirer.key,
        level=weighed.level,
        checklist=dict(weighed.checks),
        reason=weighed.reason,
        by=by,
    )
    journal.record("kinship weighed", subject=verdict, by=by, person=match.enquiry.bureau_number)
    return verdict


@transaction.atomic
def give_verdict_of_the_dead(*, enquiry: Enquiry, weighed: Weighed, by: Staff) -> KinshipVerdict:
    """Say how far her kinship to the person she seeks is proven, where no match stands.

    Before a family is told of a death it must be; counts once a second verifier confirms it.
    """
    by.must(Permission.VERIFY_KINSHIP)
    rows = Enquiry.objects.select_for_update(of=("self",))
    enquiry = rows.select_related("enquirer__key").get(pk=enquiry.pk)
    refuse_if(
        why_not_verdict_of_the_dead(
            level=weighed.level,
            checks=weighed.checks,
            reason=weighed.reason,
            forgotten=enquiry.state == EnquiryState.FORGOTTEN,
        )
    )
    KinshipVerdict.objects.standing().filter(enquiry=enquiry).update(stopped_at=timezone.now())
    verdict = KinshipVerdict.objects.create(
        enquiry=enquiry,
        key=enquiry.enquirer.key,
        level=weighed.level,
        checklist=dict(weighed.checks),
        reason=weighed.reason,
        by=by,
    )
    journal.record("kinship weighed", subject=verdict, by=by, person=enquiry.bureau_number)
    return verdict


@transaction.atomic
def confirm_verdict(*, verdict: KinshipVerdict, by: Staff) -> KinshipVerdict:
    """A second verifier confirms."""
    by.must(Permission.VERIFY_KINSHIP)
    rows = KinshipVerdict.objects.select_for_update(of=("self",))
    verdict = rows.select_related("match__enquiry", "enquiry", "key").get(pk=verdict.pk)
    refuse_if(
        why_not_confirm(
            own=verdict.by_id == by.pk,
            confirmed=verdict.confirmed_at is not None,
            stopped=verdict.stopped_at is not None,
        )
    )
    verdict.confirmed_by, verdict.confirmed_at = by, timezone.now()
    verdict.save(update_fields=["confirmed_by", "confirmed_at"])
    journal.record("kinship confirmed", subject=verdict, by=by, person=verdict.asks.bureau_number)
    kinship_confirmed.send(KinshipVerdict, verdict=verdict)
    return verdict


def drop_papers(enquiry: Enquiry) -> None:
    """She took her enquiry back and nothing holds it: her papers go, the files after the commit."""
    for paper in enquiry.papers.all():
        transaction.on_commit(partial(store.remove, paper.pk))
        paper.delete()


def stop_verdicts(match: Match) -> None:
    """A match was withdrawn: what rested on it stops."""
    KinshipVerdict.objects.standing().filter(match=match).update(stopped_at=timezone.now())


def stop_verdict_of_the_dead(enquiry: Enquiry) -> None:
    """Her enquiry was forgotten: nobody weighs whose kin she is any more."""
    KinshipVerdict.objects.standing().filter(enquiry=enquiry).update(stopped_at=timezone.now())
