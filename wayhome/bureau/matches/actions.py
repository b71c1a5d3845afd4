"""Keep what the machine proposes, take people's judgements, confirm and withdraw matches."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import fsum
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState, why_not_change
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.announcements import (
    match_confirmed,
    match_doubted,
    match_withdrawn,
)
from wayhome.bureau.matches.bridge import Proposal, Proposals
from wayhome.bureau.matches.models import Candidate, Comparison, Judgement, Match, Outlook
from wayhome.bureau.matches.queue import begin_day, fill_queue
from wayhome.bureau.matches.rules import (
    AT_A_TIME,
    NEEDS_A_NEW_FACT,
    OPEN_STATES,
    CandidateState,
    Verdict,
    is_worth_showing,
    least_bits_worth_showing,
    state_after_verdicts,
    why_not_ask_withdrawal,
    why_not_judge,
    why_not_withdraw,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.parts import in_parts
from wayhome.lib.refusal import Refusal, refuse_if

_ANOTHER_STANDS = _("Another match of this enquiry stands. Withdraw that one first.")
# The bits of a card in an index of enquiries and of an enquiry in one of cards differ a little.
MARGIN_BITS = 4.0
LOCKED_AT_A_TIME = 25  # a family that corrects its enquiry waits for no more
MACHINES_OWN = (CandidateState.PROPOSED, CandidateState.GONE)


@transaction.atomic
def rematch_enquiry(enquiry: Enquiry) -> int:
    """Propose anew for one enquiry. Returns how many candidates stand; judged ones stay."""
    enquiry = Enquiry.objects.select_for_update(of=("self",)).get(pk=enquiry.pk)
    is_open = enquiry.state == EnquiryState.OPEN
    proposals = bridge.proposals_for_enquiry(enquiry) if is_open else Proposals([])
    kept = _keep({enquiry.pk: proposals})
    fill_queue()
    return kept


def rematch_captive(captive: Captive) -> int:
    """Propose anew for every enquiry that a new or changed card may answer."""
    # A record that was linked to another's keeps no candidates of its own.
    before = Candidate.objects.filter(captive__in=captive.all_records(), state__in=OPEN_STATES)
    with bridge.held():
        return _rematch_together(
            {*_answered_by([captive]), *map(str, before.values_list("enquiry_id", flat=True))}
        )


def rematch_enquiries(enquiries: Iterable[Enquiry]) -> int:
    """Propose anew for several enquiries."""
    with bridge.held():
        return _rematch_together(str(each.pk) for each in enquiries)


def rematch_captives(captives: Iterable[Captive]) -> int:
    """Propose anew for every enquiry that one of many new cards may answer; each of them once."""
    with bridge.held():
        return _rematch_together(_answered_by(captives))


def _answered_by(captives: Iterable[Captive]) -> set[str]:
    """New cards can only change what people are shown where they are worth showing themselves."""
    least = least_bits_worth_showing(bridge.on_register(), bridge.prior()) - MARGIN_BITS
    return {id for each in captives for id in bridge.enquiries_answered_by(each, least=least)}


def _rematch_together(ids: Iterable[str]) -> int:
    return sum(_rematch_locked(part) for part in in_parts(sorted(ids), LOCKED_AT_A_TIME))


@transaction.atomic
def _rematch_locked(ids: list[str]) -> int:
    rows = Enquiry.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    kept = _keep(
        {
            each.pk: bridge.proposals_for_enquiry(each)
            if each.state == EnquiryState.OPEN
            else Proposals([])
            for each in rows
        }
    )
    fill_queue()
    return kept


@dataclass(frozen=True)
class MatchedAll:
    """What a comparison of everything with everything found, and how long it took."""

    enquiries: int
    captives: int
    candidates: int
    seconds: float


def match_all(progress: Callable[[int, int], None] | None = None) -> MatchedAll:
    """Compare every open enquiry with every record; each batch is kept whole or not at all."""
    began = time.monotonic()
    ids = list(Enquiry.objects.open().order_by("received_at", "pk").values_list("pk", flat=True))
    candidates = 0
    for at in range(0, len(ids), AT_A_TIME):
        enquiries = Enquiry.objects.filter(pk__in=ids[at : at + AT_A_TIME])
        with bridge.held():
            proposed = {each.pk: bridge.proposals_for_enquiry(each) for each in enquiries}
        with transaction.atomic():
            _lock(proposed)
            candidates += _keep(proposed)
        if progress:
            progress(min(at + AT_A_TIME, len(ids)), len(ids))
    captives = Captive.objects.count()
    Comparison.objects.create(at=timezone.now(), enquiries=len(ids), captives=captives)
    begin_day()
    return MatchedAll(len(ids), captives, candidates, time.monotonic() - began)


def _lock(proposed: Iterable[UUID]) -> None:
    """Take the enquiries before their candidates, as rematch_enquiry does: else both could wait."""
    rows = Enquiry.objects.select_for_update(of=("self",)).filter(pk__in=list(proposed))
    list(rows.order_by("pk").values_list("pk", flat=True))


def _keep(proposed: dict[UUID, Proposals]) -> int:
    """Store proposals of these enquiries: new ones added, the machine's own ones renewed."""
    now = timezone.now()
    rows, outlooks = [], []
    for enquiry_id, proposals in proposed.items():
        men = _men(proposals.all)
        shown = [each for each in men if _is_shown(each)]
        first = _first_of_persons(shown)
        rows += [_candidate(enquiry_id, x, at, first, now) for at, x in enumerate(shown, 1)]
        outlooks.append(_outlook(enquiry_id, proposals.absent, shown, now))
    Candidate.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["enquiry", "captive"],
        update_fields=[
            "record",
            "likely_same",
            "rank",
            "bits",
            "probability",
            "evidence",
            "computed_at",
        ],
    )
    Outlook.objects.bulk_create(
        outlooks,
        update_conflicts=True,
        unique_fields=["enquiry"],
        update_fields=["absent", "unshown", "at"],
    )
    _set_standing(proposed, {(row.enquiry_id, row.captive_id) for row in rows})
    return len(rows)


def _set_standing(proposed: Iterable[UUID], kept: set[tuple[UUID, UUID]]) -> None:
    """What the machine no longer proposes is gone; what it proposes again is back."""
    standing = Candidate.objects.filter(enquiry__in=list(proposed), state__in=MACHINES_OWN)
    for candidate in standing.only("enquiry_id", "captive_id", "state"):
        is_proposed = (candidate.enquiry_id, candidate.captive_id) in kept
        state = CandidateState.PROPOSED if is_proposed else CandidateState.GONE
        if candidate.state != state:
            # What comes back later has to reach people anew, by its new evidence.
            Candidate.objects.filter(pk=candidate.pk).update(state=state, queued_at=None)


def _men(proposals: Sequence[Proposal]) -> list[Proposal]:
    """Each man once, by the record that stands for him; his linked records are one person."""
    principal = bridge.principals([proposal.captive_id for proposal in proposals])
    men: dict[str, Proposal] = {}
    for each in proposals:
        # The index may hold a record whose own transaction was rolled back.
        man = principal.get(each.captive_id)
        if man is not None:
            men[man] = men[man].and_also(each) if man in men else each.about(man)
    return list(men.values())


def _is_shown(each: Proposal) -> bool:
    """Whether it is worth a person's time."""
    return is_worth_showing(rank=each.rank, bits=each.bits, probability=each.probability)


def _outlook(enquiry_id: UUID, absent: float, shown: Sequence[Proposal], now: datetime) -> Outlook:
    """With those shown all make one whole: he is one of them, another, or not on the register."""
    first = set(_first_of_persons(shown).values())
    unshown = 1.0 - absent - fsum(x.probability for x in shown if x.captive_id in first)
    return Outlook(enquiry_id=enquiry_id, absent=absent, unshown=max(0.0, unshown), at=now)


def _first_of_persons(shown: Sequence[Proposal]) -> dict[str, str]:
    """Of each person, as the core takes them, the man who stands first."""
    first: dict[str, str] = {}
    for each in shown:
        first.setdefault(each.person or each.captive_id, each.captive_id)
    return first


def _candidate(
    enquiry_id: UUID, proposal: Proposal, rank: int, first: Mapping[str, str], now: datetime
) -> Candidate:
    same = first[proposal.person or proposal.captive_id]
    return Candidate(
        enquiry_id=enquiry_id,
        captive_id=UUID(proposal.captive_id),
        record_id=_other_record(proposal),
        likely_same_id=UUID(same) if same != proposal.captive_id else None,
        rank=rank,
        bits=proposal.bits,
        probability=proposal.probability,
        evidence=proposal.evidence,
        computed_at=now,
    )


def _other_record(proposal: Proposal) -> UUID | None:
    """The record that was compared, where another one stands for the man."""
    is_other = proposal.record_id not in ("", proposal.captive_id)
    return UUID(proposal.record_id) if is_other else None


@dataclass(frozen=True)
class Judged:
    """One person's verdict, its reason, and what is new since the last round."""

    verdict: Verdict
    reason: str
    new_fact: str = ""
    or_else: Candidate | None = None


@transaction.atomic
def judge_candidate(*, candidate: Candidate, judged: Judged, by: Staff) -> Match | None:
    """Take a verdict, blind to any other of its round. Two "same" confirm the match.

    Raises Refused, with nothing written, if this person may not judge it now.
    """
    by.must(Permission.JUDGE_CANDIDATE)
    rows = Candidate.objects.select_for_update(of=("self",))
    candidate = rows.select_related("enquiry__key", "captive").get(pk=candidate.pk)
    refuse_if(why_not_change(candidate.enquiry.state))
    # A round that ended goes on as a new one with the next verdict.
    is_new_round = candidate.state in NEEDS_A_NEW_FACT
    mine = candidate.judgements.filter(round=candidate.round, by=by)
    refuse_if(
        why_not_judge(
            state=CandidateState(candidate.state),
            judged_by_me=not is_new_round and mine.exists(),
            new_fact=judged.new_fact,
            reason=judged.reason,
            other=judged.or_else is not None,
            verdict=judged.verdict,
        )
    )
    if is_new_round:
        candidate.round += 1
    _write_judgement(candidate, judged, by)
    return _settle(candidate, by)


def _write_judgement(candidate: Candidate, judged: Judged, by: Staff) -> None:
    is_pair = judged.verdict == Verdict.ONE_OF_TWO
    judgement = Judgement.objects.create(
        candidate=candidate,
        key=candidate.enquiry.key,
        round=candidate.round,
        by=by,
        verdict=judged.verdict,
        reason=judged.reason,
        new_fact=judged.new_fact or None,
        probability=candidate.probability,
        or_else=judged.or_else if is_pair else None,
    )
    journal.record(
        "candidate judged",
        subject=judgement,
        by=by,
        person=candidate.enquiry.bureau_number,
        facts={"verdict": judged.verdict.value, "reason": judged.reason},
    )


def _settle(candidate: Candidate, by: Staff) -> Match | None:
    given = list(candidate.judgements.filter(round=candidate.round).order_by("at", "id"))
    candidate.state = state_after_verdicts([Verdict(each.verdict) for each in given])
    candidate.save(update_fields=["state", "round"])
    if candidate.state != CandidateState.CONFIRMED:
        return None
    return _confirm(candidate, given[0].by, by)


def _confirm(candidate: Candidate, first: Staff, second: Staff) -> Match:
    match = Match(
        candidate=candidate,
        enquiry=candidate.enquiry,
        captive=candidate.captive,
        key=candidate.enquiry.key,
        first_judge=first,
        second_judge=second,
        confirmed_at=timezone.now(),
    )
    try:
        with transaction.atomic():
            match.save(force_insert=True)
    except IntegrityError:
        refuse_if(Refusal("matches.stands", _ANOTHER_STANDS))
    journal.record(
        "match confirmed", subject=match, by=second, person=candidate.enquiry.bureau_number
    )
    match_confirmed.send(Match, match=match)
    return match


@transaction.atomic
def ask_withdrawal(*, match: Match, reason: str, by: Staff) -> Match:
    """The first of two asks to withdraw a match, with a reason."""
    by.must(Permission.WITHDRAW_MATCH)
    match = _locked(match)
    if match.key.destroyed_at:  # nothing of it is left that could be withdrawn
        refuse_if(why_not_change(match.enquiry.state))
    refuse_if(
        why_not_ask_withdrawal(
            withdrawn=match.withdrawn_at is not None,
            asked=match.withdrawal_asked_by_id is not None,
            reason=reason,
        )
    )
    match.withdrawal_asked_by, match.withdrawal_reason = by, reason
    match.save()
    journal.record("withdrawal asked", subject=match, by=by, person=match.enquiry.bureau_number)
    match_doubted.send(Match, match=match)
    return match


@transaction.atomic
def withdraw_match(*, match: Match, by: Staff) -> Match:
    """The second withdraws it: everything that rested on it stops in this transaction (P20)."""
    by.must(Permission.WITHDRAW_MATCH)
    match = _locked(match)
    refuse_if(
        why_not_withdraw(
            withdrawn=match.withdrawn_at is not None,
            asked=match.withdrawal_asked_by_id is not None,
            asked_by_me=match.withdrawal_asked_by_id == by.pk,
        )
    )
    match.withdrawn_by, match.withdrawn_at = by, timezone.now()
    match.save()
    Candidate.objects.filter(pk=match.candidate_id).update(state=CandidateState.DISAGREED)
    journal.record("match withdrawn", subject=match, by=by, person=match.enquiry.bureau_number)
    match_withdrawn.send(Match, match=match, by=by)
    return match


def _locked(match: Match) -> Match:
    rows = Match.objects.select_for_update(of=("self",))
    return rows.select_related("enquiry", "captive", "key").get(pk=match.pk)
