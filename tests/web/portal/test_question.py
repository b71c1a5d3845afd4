"""The question of the month on her page: she may answer or leave it; it rests on what she told."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import CandidateFactory, EnquiryFactory
from tests.web.portal.walking import visitor
from wayhome.bureau.enquiries.models import Enquiry, QuestionRound
from wayhome.bureau.enquiries.rules import MONTHLY_QUESTIONS, EnquiryState
from wayhome.web.portal import decoy
from wayhome.web.portal.month import MONTHLY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "/waiting/question/"
ANSWERS = {
    "born": ("born", "3.05.1999", "1999-05-03"),
    "birthplace": ("birthplace", "Ветлуга", "Ветлуга"),
    "mother_name": ("mother_name", "Агафья Ильинична", "Агафья Ильинична"),
    "patronymic": ("patronymic", "Ильич", "Ильич"),
}


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def asked(question: str = "born", **ago) -> QuestionRound:
    return QuestionRound.objects.create(
        month=timezone.localdate().replace(day=1), question=question, at=timezone.now()
    )


def her_page(enquiry: Enquiry):
    client = visitor()
    session = client.session
    session["enquirer_id"] = str(enquiry.enquirer_id)
    session.save()
    client.get("/waiting/")
    return client


@pytest.mark.parametrize("question", MONTHLY_QUESTIONS)
def test_her_answer_is_added_and_begins_a_comparison(question):
    enquiry, _ = EnquiryFactory(born="", surname="Ряполов"), asked(question)
    client = her_page(enquiry)
    assert PAGE in client.get("/waiting/").content.decode()
    field, typed, kept = ANSWERS[question]

    answer = client.post(PAGE, {"answered": "yes", field: typed})

    assert answer.status_code == 303
    enquiry.refresh_from_db()
    assert getattr(enquiry, question) == kept
    assert enquiry.surname == "Ряполов"
    (correction,) = enquiry.as_received["corrections"]
    assert correction["changed"] == {question: kept}
    assert ProcrastinateJob.objects.filter(task_name="matches.rematch_enquiry").exists()
    assert PAGE not in client.get("/waiting/").content.decode()


@pytest.mark.parametrize("sent", [{}, {"answered": "yes"}, {"answered": "yes", "born": "никогда"}])
def test_an_empty_or_unreadable_answer_is_refused_kindly_and_writes_nothing(sent):
    enquiry, _ = EnquiryFactory(born=""), asked()

    answer = her_page(enquiry).post(PAGE, sent)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    enquiry.refresh_from_db()
    assert "corrections" not in enquiry.as_received


def test_whoever_told_it_came_later_or_is_asked_by_the_agency_sees_no_question():
    told, agency = EnquiryFactory(born="1999"), EnquiryFactory(state=EnquiryState.FOR_AGENCY)
    _ = asked()
    late = EnquiryFactory(received_at=timezone.now() + timedelta(minutes=1))
    for enquiry in (told, agency, late):
        client = her_page(enquiry)
        assert PAGE not in client.get("/waiting/").content.decode()
        seen = client.get(PAGE)
        assert seen.status_code == 200
        assert "There is no question for you now." in seen.content.decode()
        assert client.post(PAGE, {"answered": "yes", "born": "1999"}).status_code == 422
        enquiry.refresh_from_db()
        assert "corrections" not in enquiry.as_received


def test_a_candidate_changes_nothing_of_what_she_is_asked():
    plain, known = (EnquiryFactory(born="", surname="Ряполов") for _ in range(2))
    CandidateFactory(enquiry=known, probability=0.99)
    _ = asked()

    one, other = (her_page(each) for each in (plain, known))

    assert len(one.get(PAGE).content) == len(other.get(PAGE).content)
    assert len(one.get("/waiting/").content) == len(other.get("/waiting/").content)


def test_under_the_second_pin_the_question_looks_answered_and_nothing_is():
    enquiry, _ = EnquiryFactory(born=""), asked()
    client = her_page(enquiry)
    request = type("Request", (), {"session": client.session})()
    decoy.enter(request)
    request.session.save()
    assert PAGE in client.get("/waiting/").content.decode()

    assert client.post(PAGE, {"answered": "yes", "born": "1999"}).status_code == 303

    assert PAGE not in client.get("/waiting/").content.decode()
    enquiry.refresh_from_db()
    assert enquiry.born == ""


def test_every_question_of_the_list_can_be_asked():
    assert set(MONTHLY) == set(MONTHLY_QUESTIONS)
    for question, monthly in MONTHLY.items():
        assert question in monthly.form().fields
