"""What he says is wrong, what came of it, and who has looked at his file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Count, Max
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, CaptureCard
from wayhome.bureau.concerns import rules
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.concerns.rules import LINES, ComplaintState, ObjectionState
from wayhome.bureau.consents.actions import ANSWERED, lock_sitting
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import NOT_STAFF, Permission, Role
from wayhome.lib.refusal import refuse_if

LOOKS = ("looked at", "shown by a search")


def lines_of(captive: Captive) -> Iterator[tuple[str, str]]:
    """What is read to him of his card, as (line, text)."""
    return _lines(captive.last_card())


def _lines(card: CaptureCard | None) -> Iterator[tuple[str, str]]:
    received = card.as_received if card else {}
    return ((line, received[line]) for line in LINES if received.get(line))


@dataclass(frozen=True)
class Looks:
    """How often people of one role opened his file, and when they last did."""

    role: Role
    times: int
    last_on: date


def who_looked(captive: Captive) -> list[Looks]:
    """By role, never by name or reason, the latest first. His own sittings are not among them."""
    numbers = captive.all_records().values("bureau_number")
    entries = Entry.objects.filter(person__in=numbers, action__in=LOOKS)
    entries = entries.exclude(actor_role__in=[role.value for role in NOT_STAFF] + ["machine"])
    counted = entries.values_list("actor_role").annotate(times=Count("pk"), last=Max("at"))
    return [
        Looks(Role(role), times, timezone.localdate(last))
        for role, times, last in counted.order_by("-last")
    ]


@transaction.atomic
def object_to_line(*, line: str, words: str, by: Sitting) -> Objection:
    """He says that a line is wrong: the registrar is asked, the card stays as it is."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    captive, card = by.captive, by.captive.last_card()
    written = dict(_lines(card))
    is_open = captive.objections.open().filter(line=line).exists()
    refuse_if(rules.why_not_object(line=line, is_written=line in written, one_is_open=is_open))
    assert card is not None, "a line that is written stands on a card"
    new = Objection.objects.create(
        captive=captive,
        key=captive.key,
        card=card,
        line=line,
        words=words.strip() or None,
        sitting=by,
        at=timezone.now(),
    )
    journal.record(ANSWERED, subject=new, by=by, person=captive.bureau_number)
    return new


def said_then(objection: Objection) -> str:
    """What the line said when he called it wrong."""
    return str(objection.card.as_received.get(objection.line, ""))


def says_now(objection: Objection) -> str:
    """What the line says today."""
    card = objection.captive.last_card()
    return str(card.as_received.get(objection.line, "")) if card else ""


@transaction.atomic
def settle_objection(
    *, objection: Objection, outcome: ObjectionState, reason: str, by: Staff
) -> Objection:
    """The clerk has corrected the card, or says why the line stays; he reads it on his page."""
    by.must(Permission.CORRECT_CARD)
    rows = Objection.objects.visible_to(by).select_for_update(of=("self",))
    one = rows.select_related("captive", "key", "card__key").get(pk=objection.pk)
    changed = says_now(one) != said_then(one)
    state = ObjectionState(one.state)
    refuse_if(rules.why_not_settle(state=state, outcome=outcome, changed=changed, reason=reason))
    one.state, one.reason = outcome, reason.strip()
    one.settled_by, one.settled_at = by, timezone.now()
    one.save()
    number = one.captive.bureau_number
    journal.record("objection settled", subject=one, by=by, person=number)
    return one


@transaction.atomic
def complain(*, text: str, by: Sitting) -> Complaint:
    """Keep his complaint: auditor and neutral read it at once, the camp never does."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(rules.why_not_complain(text))
    new = Complaint.objects.create(
        captive=by.captive,
        key=by.captive.key,
        text=text.strip(),
        language=by.language,
        sitting=by,
        at=timezone.now(),
    )
    # The same wording as of every answer: the journal does not tell that he complained.
    journal.record(ANSWERED, subject=new, by=by, person=by.captive.bureau_number)
    return new


@transaction.atomic
def answer_complaint(*, complaint: Complaint, text: str, by: Staff) -> Complaint:
    """Auditor or neutral says what came of it; he reads it on his page."""
    by.must(Permission.READ_COMPLAINT)
    rows = Complaint.objects.visible_to(by).select_for_update(of=("self",))
    one = rows.select_related("captive", "key").get(pk=complaint.pk)
    refuse_if(rules.why_not_answer_complaint(state=ComplaintState(one.state), text=text))
    one.state, one.answer = ComplaintState.ANSWERED, text.strip()
    one.answered_by, one.answered_at = by, timezone.now()
    one.save()
    journal.record("complaint answered", subject=one, by=by, person=one.captive.bureau_number)
    return one
