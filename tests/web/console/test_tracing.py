"""The candidate's page: verdicts in words, and no form for whoever has judged already."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import CandidateFactory, StaffFactory
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import Candidate
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MINE = "День народження збігається"


def page_of(candidate: Candidate, officer: Staff, language: str = "uk") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(officer)
    return client.get(reverse("console:candidate", args=[candidate.pk])).content.decode()


def test_whoever_has_judged_is_offered_no_second_judgement_and_the_second_is_blind():
    candidate = CandidateFactory()
    first, second = StaffFactory(role=Role.TRACING), StaffFactory(role=Role.TRACING)
    assert 'name="verdict"' in page_of(candidate, first)

    judge_candidate(candidate=candidate, judged=Judged(Verdict.SAME, MINE), by=first)

    mine, theirs = page_of(candidate, first, "en"), page_of(candidate, second, "en")
    assert "You have judged this candidate." in mine
    assert 'name="verdict"' not in mine
    assert 'name="verdict"' in theirs
    assert MINE not in theirs
    assert first.number not in theirs


def test_verdicts_of_earlier_rounds_are_read_in_words():
    candidate = CandidateFactory()
    for verdict in (Verdict.SAME, Verdict.DIFFERENT):
        judge_candidate(
            candidate=candidate, judged=Judged(verdict, MINE), by=StaffFactory(role=Role.TRACING)
        )

    page = page_of(candidate, StaffFactory(role=Role.TRACING))

    past = re.search(r"<ul class=\"govuk-list\"><li>(.*?)</ul>", page, re.DOTALL)
    assert past
    assert "Та сама людина" in past[1]
    assert "Різні люди" in past[1]
    assert not re.search(r"\b(same|different)\b", past[1])
