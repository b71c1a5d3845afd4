"""The monthly round: whom it reaches, when and with what follows from what families told alone."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory, MatchFactory
from wayhome.bureau.answers.mail import written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.answers.rules import MessageState
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.enquiries.asking import ask_question_of_month, round_of_now
from wayhome.bureau.enquiries.models import Asked, Enquiry, QuestionRound
from wayhome.bureau.enquiries.rules import (
    MONTHLY_QUESTIONS,
    Channel,
    Contact,
    EnquiryState,
    is_left_empty,
    question_of,
    why_not_answer,
)
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.actions import match_all
from wayhome.web.voice import forbidden_in, long_sentences

pytestmark = pytest.mark.django_db
BORN = next(date(2026, month, 9) for month in range(1, 13)
            if question_of(date(2026, month, 1)) == "born")  # fmt: skip
BY_EMAIL = Contact(Channel.EMAIL, "mother@example.org").as_json()


def family(contact: dict[str, object] | None = None, **sought: str) -> Enquiry:
    enquiry = EnquiryFactory(**sought)
    if contact is not None:
        enquiry.enquirer.contact = contact
        enquiry.enquirer.save()
    return enquiry


def reached() -> set[str]:
    return set(Asked.objects.values_list("enquiry__surname", flat=True))


def test_each_month_has_its_question_and_none_is_about_the_army():
    year = [question_of(date(2026, month, 1)) for month in range(1, 13)]

    assert set(year) == set(MONTHLY_QUESTIONS)
    assert all(one != other for one, other in pairwise(year))
    assert not set(MONTHLY_QUESTIONS) & {"unit", "rank", "service_no"}


def test_all_who_left_the_answer_open_are_asked_and_nobody_else():
    family(surname="Пусто", born="")
    family(surname="Есть", born="1999")
    for surname, state in (("Забыто", EnquiryState.FORGOTTEN), ("Чужой", EnquiryState.FOR_AGENCY)):
        Enquiry.objects.filter(pk=family(surname=surname).pk).update(state=state)

    opened = ask_question_of_month(BORN)

    assert opened.question == "born"
    assert opened.month == BORN.replace(day=1)
    assert reached() == {"Пусто"}
    assert Entry.objects.get(action="question asked").purpose == "born"


def test_a_round_is_opened_once_a_month():
    family(surname="Первый")
    ask_question_of_month(BORN)
    family(surname="Второй")

    ask_question_of_month(BORN + timedelta(days=3))

    assert reached() == {"Первый"}
    assert QuestionRound.objects.count() == 1
    later = ask_question_of_month(BORN + timedelta(days=31))
    assert round_of_now() == later


@pytest.mark.parametrize(
    ("question", "sought", "empty"),
    [
        ("born", {}, True),
        ("born", {"born": "1999"}, False),
        ("patronymic", {"surname": "Ли"}, True),
        ("patronymic", {"full_name": "Буйничев Прохор Ильич"}, False),
    ],
)
def test_what_counts_as_left_open(question, sought, empty):
    assert is_left_empty(question, sought) == empty


def test_an_answer_must_say_something_to_a_question_that_is_asked():
    assert why_not_answer("born", "1999") is None
    assert why_not_answer("born", "").code == "question.empty"
    assert why_not_answer("", "1999").code == "question.none"


def outbox() -> list[tuple[str, str, str, str]]:
    """All letters as they would go out, without what is random in each."""
    return [
        (letter["To"], letter["Subject"], letter.get_content(), message.state)
        for message in OutgoingMessage.objects.order_by("at", "pk")
        for letter in [written(message)]
    ]


def world(*, knows: bool) -> list[tuple[str, str, str, str]]:
    """The same families; in one world the bureau has candidates and a match for some of them."""
    families = [
        family(
            Contact(Channel.EMAIL, f"family-{number}@example.org").as_json(),
            surname=f"Ряполов{number}", given="Яким", born="" if number % 2 else "1999",
        )
        for number in range(8)
    ]  # fmt: skip
    if knows:
        for each in families[:4]:
            CaptiveFactory(surname=each.surname, given="Яким", born="1999-05-03")
        bridge.REGISTER.forget()
        bridge.SOUGHT.forget()
        match_all()
        CandidateFactory(enquiry=families[5], probability=0.99)
        MatchFactory(enquiry=families[7])
    ask_question_of_month(BORN)
    sent = outbox()
    asked = sorted(Asked.objects.values_list("enquiry__surname", flat=True))
    assert asked == ["Ряполов1", "Ряполов3", "Ряполов5", "Ряполов7"]
    return sent


@pytest.mark.slow
def test_whom_it_reaches_and_what_goes_out_is_the_same_whatever_is_known():
    with transaction.atomic():
        plain = world(knows=False)
        transaction.set_rollback(True)

    assert world(knows=True) == plain
    assert [to for to, *_ in plain] == [f"family-{number}@example.org" for number in (1, 3, 5, 7)]


def test_only_who_allowed_email_gets_a_letter_with_a_neutral_title_and_no_name():
    family(BY_EMAIL, surname="Пишем")
    family(Contact(Channel.TELEPHONE, "+380 00 000 00 00").as_json(), surname="Звоним")
    family(None, surname="Молчим")

    ask_question_of_month(BORN)

    ((to, subject, text, state),) = outbox()
    assert (to, subject) == ("mother@example.org", "Справочная служба: сообщение")
    assert state == MessageState.WRITTEN
    assert "Пишем" not in text
    assert forbidden_in(text, "ru", "family") == []
    assert list(long_sentences(text)) == []
    assert len(reached()) == 3


def test_a_letter_to_whoever_is_forgotten_is_stopped():
    enquiry = family(BY_EMAIL)
    ask_question_of_month(BORN)

    forget_enquiry(enquiry=enquiry, by=enquiry.enquirer)

    assert OutgoingMessage.objects.get().state == MessageState.STOPPED


def test_a_message_is_about_one_of_two():
    enquiry = family(BY_EMAIL)
    ask_question_of_month(BORN)
    with pytest.raises(IntegrityError), transaction.atomic():
        OutgoingMessage.objects.update(asked=None)
    assert OutgoingMessage.objects.get().enquiry == enquiry
    with pytest.raises(IntegrityError), transaction.atomic():
        QuestionRound.objects.create(month=date(2030, 1, 1), question="unit", at=timezone.now())
