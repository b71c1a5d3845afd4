"""Agree with another bureau; ask it for one of the dead; answer what it asks; read its answer."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.bureaus.announcements import fit_forgotten, fit_told
from wayhome.bureau.bureaus.comparing import Best, best_family, still_allowed
from wayhome.bureau.bureaus.models import Agreement, Asked
from wayhome.bureau.bureaus.rules import (
    ASKED_AGAIN_AFTER,
    Agreed,
    Answer,
    Direction,
    Question,
    Unread,
    answer_to,
    read_body,
    that_travel,
    why_not_agree,
    why_not_ask,
    why_not_check,
    why_not_end,
    why_not_use,
)
from wayhome.bureau.comparisons.bridge import KinshipError
from wayhome.bureau.comparisons.models import Profile
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import derived_key
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.ids import new_id
from wayhome.lib.refusal import Refusal, Refused, refuse_if
from wayhome.lib.sealed import BadMessage, OwnKey, PublicKey, seal, unseal


def own_key() -> OwnKey:
    """Our secrets follow from the master key of this folder: a backup has them too."""
    return OwnKey(derived_key("bureaus signs"), derived_key("bureaus opens"))


@transaction.atomic
def record_agreement(*, agreed: Agreed, by: Staff) -> Agreement:
    """Write an agreement down; it is in force once a second lawyer has read it."""
    by.must(Permission.KEEP_AGREEMENTS)
    key = _public(agreed.key)
    standing = Agreement.objects.filter(ended_at=None)
    known = key is not None and standing.filter(public_key=str(key)).exists()
    today = timezone.localdate()
    good = key is not None and key != own_key().public()
    refuse_if(why_not_agree(agreed, key_is_good=good, key_is_known=known, today=today))
    assert agreed.until is not None, "a rule"
    made = Agreement.objects.create(
        key=PersonKey.make(),
        name=agreed.name.strip(),
        told=agreed.as_kept(),
        until=agreed.until,
        most_a_month=agreed.most_a_month,
        public_key=str(key),
        recorded_by=by,
        recorded_at=timezone.now(),
    )
    journal.record("agreement with a bureau recorded", subject=made, by=by)
    return made


def _public(line: str) -> PublicKey | None:
    try:
        return PublicKey.read(line)
    except BadMessage:
        return None


@transaction.atomic
def check_agreement(*, agreement: Agreement, by: Staff) -> Agreement:
    """The second lawyer has read act, purpose and key, and heard the fingerprint from them."""
    by.must(Permission.KEEP_AGREEMENTS)
    agreement = _locked(agreement)
    state = agreement.state(timezone.localdate())
    refuse_if([why_not_check(state=state, own=agreement.recorded_by_id == by.pk)])
    agreement.checked_by, agreement.checked_at = by, timezone.now()
    agreement.save(update_fields=["checked_by", "checked_at"])
    journal.record("agreement with a bureau checked", subject=agreement, by=by)
    return agreement


@transaction.atomic
def end_agreement(*, agreement: Agreement, reason: str, by: Staff) -> Agreement:
    """End it before its day. What was answered stays answered; nothing more is."""
    by.must(Permission.KEEP_AGREEMENTS)
    agreement = _locked(agreement)
    refuse_if(why_not_end(ended=agreement.ended_at is not None, reason=reason))
    agreement.ended_by, agreement.ended_at = by, timezone.now()
    agreement.why_ended = reason.strip()
    agreement.save(update_fields=["ended_by", "ended_at", "why_ended"])
    journal.record("agreement with a bureau ended", subject=agreement, by=by)
    return agreement


def _locked(agreement: Agreement) -> Agreement:
    rows = Agreement.objects.select_for_update(of=("self",)).select_related("key")
    return rows.get(pk=agreement.pk)


def this_month(agreement: Agreement, direction: Direction) -> int:
    """How many were asked since the first of the month."""
    since = timezone.localtime().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return asked_since(agreement, direction, since)


def asked_since(agreement: Agreement, direction: Direction, since: datetime) -> int:
    return agreement.questions.filter(direction=direction, at__gte=since).count()


def _refuse_unless_in_force(agreement: Agreement, direction: Direction) -> None:
    refuse_if(
        why_not_use(
            state=agreement.state(timezone.localdate()),
            asked_this_month=this_month(agreement, direction),
            most_a_month=agreement.most_a_month,
        )
    )


@transaction.atomic
def ask(*, agreement: Agreement, remains: Remains, by: Staff) -> Asked:
    """Ask one bureau for one of the dead; the profile goes under a number made for this once."""
    by.must(Permission.SEE_GENETICS)
    agreement = _locked(agreement)  # counted one by one
    _refuse_unless_in_force(agreement, Direction.OUT)
    profile = _best_profile(remains)
    typed = (profile.typed if profile else None) or {}
    travels = that_travel(typed.get("genotypes", {}))
    since = timezone.now() - ASKED_AGAIN_AFTER
    asked = agreement.questions.filter(remains=remains, at__gt=since).exists()
    refuse_if([why_not_ask(markers=len(travels) if profile else None, asked=asked)])
    question = Question(str(new_id()), typed.get("sex", "U"), travels)
    file = _sealed(agreement, question)
    made = agreement.questions.create(
        direction=Direction.OUT, reference=question.reference, remains=remains, file=file,
        markers=len(travels), at=timezone.now(), by=by,
    )  # fmt: skip
    _journal("another bureau asked", made, by)
    return made


def _best_profile(remains: Remains) -> Profile | None:
    """The profile typed at most markers, of those that stand."""
    rows = Profile.objects.standing().filter(sample__remains=remains).select_related("key")
    return rows.order_by("-markers", "at").first()


def _sealed(agreement: Agreement, told: Question | Answer) -> str:
    to = PublicKey.read(agreement.public_key)
    return seal(told.as_body(), by=own_key(), to=to).decode()


def take_in(*, agreement: Agreement, content: bytes, by: Staff) -> Asked:
    """Read one file of theirs: answer its question, or note its answer to ours.

    The same file again gives what it gave before: nothing is compared or counted twice.
    """
    by.must(Permission.SEE_GENETICS)
    refuse_if(
        why_not_use(state=agreement.state(timezone.localdate()), asked_this_month=0, most_a_month=1)
    )
    told = _read(agreement, content)
    return _answer(agreement, told, by) if isinstance(told, Question) else _note(
        agreement, told, by
    )  # fmt: skip


def _read(agreement: Agreement, content: bytes) -> Question | Answer:
    try:
        body = unseal(content, by=own_key(), sender=PublicKey.read(agreement.public_key))
        return read_body(body)
    except BadMessage:
        text = _("This file was not sealed to us by this bureau, or it was changed on its way.")
        raise Refused(Refusal("question.not_theirs", text, field="file")) from None
    except Unread as unread:
        raise Refused(_unread(unread.field)) from None


def _unread(field: str) -> Refusal:
    text = _("This file says something that no question and no answer says: %(field)s.")
    return Refusal("question.unread", text % {"field": field}, field="file")


@transaction.atomic
def _answer(agreement: Agreement, question: Question, by: Staff) -> Asked:
    agreement = _locked(agreement)
    theirs = agreement.questions.filter(direction=Direction.IN, reference=question.reference)
    if known := theirs.first():
        return known
    _refuse_unless_in_force(agreement, Direction.IN)
    best = _best_that_stands(question)
    answer = answer_to(question, best.log10_lr, best.markers)
    now = timezone.now()
    made = agreement.questions.create(
        direction=Direction.IN, reference=question.reference,
        enquiry=best.enquiry if answer.fits else None, file=_sealed(agreement, answer),
        fits=answer.fits, log10_lr=answer.log10_lr, markers=answer.markers, at=now, by=by,
        answered_at=now,
    )  # fmt: skip
    _journal("another bureau answered", made, by)
    if made.fits:
        fit_told.send(Asked, asked=made)
    return made


def _best_that_stands(question: Question) -> Best:
    """Searched again where somebody took a sample back while it was searched."""
    try:
        while not still_allowed(best := best_family(question)):
            continue
    except KinshipError:
        raise Refused(_unread("markers")) from None
    return best


def forget_answers(enquiry: Enquiry) -> None:
    """A sample of this family was taken back: no answer points to it, and none goes out again."""
    theirs = Asked.objects.filter(direction=Direction.IN, enquiry=enquiry)
    for asked in theirs.select_for_update(of=("self",)).order_by("pk"):
        asked.enquiry, asked.file = None, ""
        asked.save(update_fields=["enquiry", "file"])
        fit_forgotten.send(Asked, asked=asked)


@transaction.atomic
def _note(agreement: Agreement, answer: Answer, by: Staff) -> Asked:
    rows = agreement.questions.select_for_update(of=("self",))
    ours = rows.filter(direction=Direction.OUT, reference=answer.reference).first()
    if ours is None:
        text = _("We asked no such question of this bureau.")
        raise Refused(Refusal("question.unknown", text, field="file"))
    if ours.answered_at is None:
        ours.fits, ours.log10_lr = answer.fits, answer.log10_lr
        ours.markers = answer.markers or ours.markers
        ours.answered_at = timezone.now()
        ours.save(update_fields=["fits", "log10_lr", "markers", "answered_at"])
        _journal("answer of another bureau noted", ours, by)
        if ours.fits:
            fit_told.send(Asked, asked=ours)
    return ours


def _journal(action: str, asked: Asked, by: Staff) -> None:
    whose = asked.remains or asked.enquiry
    number = whose.bureau_number if whose else ""
    journal.record(action, subject=asked, by=by, person=number)
