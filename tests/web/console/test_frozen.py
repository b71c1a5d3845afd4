"""The desk of families with whom a person must speak first, and what their own page shows."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.bureau.answers.test_freezing import frozen, happens
from tests.cases import Case
from tests.web.test_letters import family, key, staff, tablet, text_of, welfare
from wayhome.bureau.answers.models import Freeze
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TOKEN = re.compile(r'csrfmiddlewaretoken" value="\w+"')
PROMPT = "Four weeks have passed since you wrote or asked."
LONG_AGO = timedelta(weeks=4, hours=1)


@pytest.fixture
def case() -> Case:
    return Case()


def contact() -> Client:
    return staff(Role.CONTACT)


def long_ago(case: Case) -> None:
    Enquiry.objects.filter(pk=case.enquiry.pk).update(received_at=timezone.now() - LONG_AGO)


def test_a_person_sees_the_frozen_family_speaks_and_notes_it(case):
    _ = case.told
    her, desk = family(case), contact()
    happens(case, EventKind.DIED)
    one = frozen(case)
    assert "a person must speak first" in text_of(desk, "/console/first-news/")
    page = text_of(desk, "/console/first-news/frozen/")
    assert "He died." in page
    assert case.enquiry.bureau_number in page
    path = f"/console/first-news/frozen/{one.pk}/"
    assert "Call her" in text_of(desk, path)
    assert "alive" in text_of(her, "/waiting/")  # by a machine nothing changes

    for wrong in ({}, {"end": "looked at"}):
        refused = desk.post(path, {**key(), **wrong})
        assert refused.status_code == 422
        assert 'role="alert"' in refused.content.decode()
    assert desk.post(path, {**key(), "end": "spoken"}).status_code == 303

    page = text_of(her, "/waiting/")
    assert "a member of our staff talked with you" in page
    assert "alive" not in page
    assert "No family waits for this." in text_of(desk, "/console/first-news/frozen/")
    assert "a person has spoken with her" in text_of(
        desk, "/console/first-news/frozen/?state=ended"
    )


def test_who_was_told_nothing_is_invited_in_the_words_of_every_kind_of_news(case):
    _ = case.verdict
    her, desk = family(case), contact()
    before = TOKEN.sub("", text_of(her, "/waiting/"))
    happens(case, EventKind.DIED)
    assert TOKEN.sub("", text_of(her, "/waiting/")) == before
    path = f"/console/first-news/frozen/{frozen(case).pk}/"

    assert desk.post(f"{path}invitation/", {}).status_code == 422
    assert desk.post(f"{path}invitation/", key()).status_code == 303

    page = text_of(her, "/waiting/")
    assert "This is the same sentence for every kind of news." in page
    assert "She is invited to a talk." in text_of(desk, path)


def test_nobody_else_of_the_console_sees_the_desk(case):
    _ = case.told
    happens(case, EventKind.DIED)
    one = Freeze.objects.get()
    for role in (Role.REGISTRAR, Role.TRACING, Role.SUPERVISOR, Role.AUDITOR):
        for path in ("/console/first-news/frozen/", f"/console/first-news/frozen/{one.pk}/"):
            assert staff(role).get(path).status_code == 403


def test_after_four_weeks_every_family_reads_the_same_whatever_is_known(case):
    other = Case()
    for one in (case, other):
        assert PROMPT not in text_of(family(one), "/waiting/")
        long_ago(one)
    _ = case.verdict, case.consented
    happens(case, EventKind.DIED)

    for one in (case, other):
        page = text_of(family(one), "/waiting/")
        assert PROMPT in page
        assert "Every family reads this after four weeks." in page
    her = family(case)
    her.post("/letters/", {**key(), "text": "Мы ждём."})
    assert PROMPT not in text_of(her, "/waiting/")


def test_no_word_goes_from_the_page_of_who_was_told_of_him_before_a_person_has_spoken(case):
    _ = case.told
    long_ago(case)
    her, desk = family(case), contact()
    before = TOKEN.sub("", text_of(her, "/waiting/"))
    assert PROMPT in before
    happens(case, EventKind.ESCAPED)

    assert TOKEN.sub("", text_of(her, "/waiting/")) == before
    path = f"/console/first-news/frozen/{frozen(case).pk}/"
    assert desk.post(path, {**key(), "end": "spoken"}).status_code == 303
    page = text_of(her, "/waiting/")
    assert "a member of our staff talked with you" in page
    assert PROMPT not in page


def test_without_news_for_four_weeks_he_and_the_welfare_officer_are_prompted(case):
    him, officer = tablet(case), welfare(case)
    says = "Nothing has come for you for four weeks."
    assert says not in text_of(him, "/tablet/letters/")
    assert "Nobody here waits so long." in text_of(officer, "/console/letters/no-news/")

    Captive.objects.update(registered_at=timezone.now() - LONG_AGO)

    assert says in text_of(him, "/tablet/letters/")
    page = text_of(officer, "/console/letters/no-news/")
    assert case.captive.bureau_number in page
    assert f"/console/letters/sheets/?captive={case.captive.bureau_number}" in page
