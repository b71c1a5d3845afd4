"""What a captive answers and takes back, and the legal officer's assessment of the danger."""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.captives.actions import note_told_rights
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents import rules
from wayhome.bureau.consents.announcements import consent_changed, danger_changed
from wayhome.bureau.consents.in_his_place import decided_for_him, end_for_him
from wayhome.bureau.consents.models import (
    Consent,
    DangerAssessment,
    FearAnswer,
    PersonToTell,
    Sitting,
    ThingsAnswer,
    of_same_man,
)
from wayhome.bureau.consents.rules import Answer, Danger, Disclosing, Fear, Kind
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

# One wording for every answer: the journal says that he answered, never what about or how.
ANSWERED = "answered for himself"


def why_not_disclose(match: Match, kind: Kind) -> list[Refusal]:
    """Every reason why this may not be told to this family now; an empty list permits it."""
    match = Match.objects.select_related("captive__same_as").get(pk=match.pk)
    consent = Consent.objects.in_force(match, kind)
    yes = consent is not None and consent.answer == Answer.YES
    # Never against an answer of his own: only where he gave none.
    for_him = decided_for_him(match, kind) if consent is None else None
    return rules.why_not_disclose(
        Disclosing(
            match_stands=Match.objects.standing().filter(pk=match.pk).exists(),
            kinship_proven=KinshipVerdict.objects.proven(match),
            said_yes=yes or for_him is not None,
            before_neutral=bool(for_him or (yes and consent and consent.before_id)),
            harm_flag=match.captive.under_harm_flag(),
            held=match.captive.custody_state == CustodyState.HELD,
        )
    )


def matches_of(captive: Captive) -> "QuerySet[Match]":
    """Whom he may be told of: standing matches of any record of his, if they allow it."""
    allowed = Match.objects.standing().filter(of_same_man(captive), enquiry__may_tell_him=True)
    return allowed.select_related("enquiry__enquirer__key", "enquiry__key").order_by(
        "confirmed_at", "pk"
    )


def asked(match: Match) -> bool:
    """Whether he was asked about this match at least once."""
    return (
        Consent.objects.filter(match=match).exists()
        or ThingsAnswer.objects.filter(match=match).exists()
    )


def matches_to_ask() -> "QuerySet[Match]":
    """Standing matches whose captive can be asked and was not yet, the most urgent first."""
    waiting = Match.objects.standing().filter(
        enquiry__may_tell_him=True,
        captive__custody_state=CustodyState.HELD,
        consents=None,
        things_answers=None,
    )
    return waiting.select_related("captive__same_as").order_by("confirmed_at")


@transaction.atomic
def keep_rights_given(*, language: str, by: Sitting) -> None:
    """He was told his rights: which text, in which language, when and before whom."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    note_told_rights(
        captive=by.captive, language=language, before=by.neutral, since=by.opened_at, by=by
    )


@transaction.atomic
def answer_things(*, match: Match, answers: list[str], by: Sitting) -> ThingsAnswer | None:
    """Keep what he answered to her questions. The same again in one sitting adds nothing."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(_why_not_answer(match, Kind.LIVES, Answer.NO, by))
    last = match.things_answers.select_related("key").filter(sitting=by).order_by("-at").first()
    if last and last.answers == answers:
        return last
    new = ThingsAnswer.objects.create(match=match, sitting=by, key=by.captive.key, answers=answers)
    _journal(new, by)
    return new


@transaction.atomic
def answer(
    *,
    match: Match | None,
    kind: Kind,
    answer: Answer,
    by: Sitting,
    words: str | dict[str, str] = "",
) -> Consent:
    """Keep his answer to one question about one person; it is in force at once.

    Without a match it is about going home of his own wish. Raises Refused for a yes without a
    neutral. The same again in one sitting adds nothing.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(_why_not_answer(match, kind, answer, by))
    last = _last_answer(match, kind, by)
    if (
        last
        and last.sitting_id == by.pk
        and (last.answer, last.words or None)
        == (
            answer,
            words or None,
        )
    ):
        return last
    new = Consent.objects.create(
        captive=by.captive,
        enquiry=match.enquiry if match else None,
        match=match,
        key=by.captive.key,
        kind=kind,
        answer=answer,
        words=words or None,
        sitting=by,
        before=by.neutral if answer == Answer.YES else None,
        at=timezone.now(),
    )
    if match:
        end_for_him(match, kind)
    _journal(new, by)
    consent_changed.send(Consent, captive=by.captive, enquiry=new.enquiry)
    return new


def withdraw(*, match: Match | None, kind: Kind, by: Sitting) -> Consent:
    """He no longer allows it. Needs nobody and is in force at once."""
    return answer(match=match, kind=kind, answer=Answer.NO, by=by)


@transaction.atomic
def answer_fear(*, fear: Fear, words: str, by: Sitting) -> FearAnswer:
    """Keep whether he fears to go back; sealed."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    said = {"fear": fear.value, "words": words}
    last = FearAnswer.objects.select_related("key").latest_of(by.captive)
    if last and last.sitting_id == by.pk and last.answer == said:
        return last
    new = FearAnswer.objects.create(
        captive=by.captive, key=by.captive.key, answer=said, sitting=by, at=timezone.now()
    )
    _journal(new, by)
    danger_changed.send(FearAnswer, captive=by.captive)
    return new


@transaction.atomic
def name_person_to_tell(*, who: dict[str, str], by: Sitting) -> PersonToTell:
    """Keep somebody whom he wants told. Needs no enquiry and no match; the same is kept once."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    for known in by.captive.persons_to_tell.select_related("key"):
        if known.who == who:
            return known
    new = PersonToTell.objects.create(
        captive=by.captive, key=by.captive.key, who=who, sitting=by, at=timezone.now()
    )
    _journal(new, by)
    return new


@transaction.atomic
def assess_danger(*, captive: Captive, danger: Danger, reasons: str, by: Staff) -> DangerAssessment:
    """Keep the legal officer's assessment of the danger of return; the latest counts (P8)."""
    by.must(Permission.ASSESS_DANGER)
    locked = Captive.objects.select_for_update(of=("self",)).select_related("key")
    captive = locked.get(pk=captive.principal.pk)
    refuse_if(rules.why_not_assess(reasons))
    new = DangerAssessment.objects.create(
        captive=captive,
        key=captive.key,
        finding={"danger": danger.value, "reasons": reasons},
        by=by,
        at=timezone.now(),
    )
    journal.record("danger of return assessed", subject=new, by=by, person=captive.bureau_number)
    danger_changed.send(DangerAssessment, captive=captive)
    return new


def stop_consents(match: Match) -> None:
    """A match was withdrawn: what he allowed and answered about it stops in that moment."""
    now = timezone.now()
    Consent.objects.filter(match=match, stopped_at=None).update(stopped_at=now)
    ThingsAnswer.objects.filter(match=match, stopped_at=None).update(stopped_at=now)
    end_for_him(match)
    consent_changed.send(Consent, captive=match.captive, enquiry=match.enquiry)


def lock_sitting(by: Sitting) -> None:
    """One answer of a sitting after another, and none after its end."""
    sitting = Sitting.objects.select_for_update(of=("self",)).get(pk=by.pk)
    is_open = Sitting.objects.open().filter(pk=by.pk).exists()
    refuse_if(rules.why_not_act(is_open=is_open, unlocked=sitting.unlocked_at is not None))


def _why_not_answer(match: Match | None, kind: Kind, answer: Answer, by: Sitting) -> Refusal | None:
    # Locked, so that its withdrawal waits for this answer or is seen by it.
    his = match is None or (
        Match.objects.standing()
        .select_for_update(of=("self",))
        .filter(of_same_man(by.captive), Q(enquiry__may_tell_him=True), pk=match.pk)
        .exists()
    )
    if match is None and kind != Kind.GO_HOME:
        his = False
    return rules.why_not_answer(
        kind=kind, answer=answer, his_standing_match=his, neutral=by.neutral_id is not None
    )


def _last_answer(match: Match | None, kind: Kind, by: Sitting) -> Consent | None:
    rows = Consent.objects.select_related("key")
    return rows.in_force(match, kind) if match else rows.of_his_own(by.captive)


def _journal(new: Any, by: Sitting) -> None:
    journal.record(ANSWERED, subject=new, by=by, person=by.captive.bureau_number)
