"""The monthly round: one question, in the same words, to all who left its answer empty.

Whom it reaches, when, and what is asked follow from what families told and from the calendar alone.
Nothing here knows of a candidate, a match or a captive: this subject stands below all of them.
"""

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from wayhome.bureau.enquiries.announcements import questions_asked
from wayhome.bureau.enquiries.models import Asked, Enquiry, QuestionRound
from wayhome.bureau.enquiries.rules import question_of
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE

WRITTEN_AT_A_TIME = 2000


@transaction.atomic
def ask_question_of_month(today: date | None = None) -> QuestionRound:
    """Open the round of this month, once; a second call changes nothing."""
    month = (today or timezone.localdate()).replace(day=1)
    opened, is_new = QuestionRound.objects.get_or_create(
        month=month, defaults={"question": question_of(month), "at": timezone.now()}
    )
    if not is_new:
        return opened
    # Locked, so that whoever is forgotten at this moment is either asked and forgotten, or neither.
    rows_asked = left_empty(opened.question).select_for_update(of=("self",))
    ids = rows_asked.order_by("received_at", "pk").values_list("pk", flat=True)
    rows = (Asked(round=opened, enquiry_id=pk) for pk in ids)
    Asked.objects.bulk_create(rows, batch_size=WRITTEN_AT_A_TIME)
    journal.record("question asked", subject=opened, by=MACHINE, purpose=opened.question)
    questions_asked.send(QuestionRound, round=opened)
    return opened


def left_empty(question: str) -> "QuerySet[Enquiry]":
    """The open enquiries whose family left this answer empty (rules.is_left_empty)."""
    empty = Q(**{question: ""})
    if question == "patronymic":
        empty &= Q(full_name="")
    return Enquiry.objects.open().filter(empty)


def round_of_now() -> QuestionRound | None:
    """The last round: its question stays open until the next one."""
    return QuestionRound.objects.order_by("-month").first()
