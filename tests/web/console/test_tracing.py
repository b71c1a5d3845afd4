"""The candidate's page: verdicts in words, and no form for whoever has judged already."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tests.factories import (
    CandidateFactory,
    CaptiveFactory,
    EnquiryFactory,
    MatchFactory,
    StaffFactory,
)
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import Candidate, Outlook, Threshold
from wayhome.bureau.matches.rules import CandidateState, Verdict
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.web.console.chances import percent

pytestmark = [
    pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("fresh_indexes"),
]  # fmt: skip
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


EVIDENCE = [
    ["surname", "agrees", "surname.translit", 11.5],
    ["given", "unknown", "given.unknown", 0.0],
    ["born", "disagrees", "dob.differs", -4.0],
]


def test_each_field_has_a_bar_with_its_number_and_words_beside_it():
    candidate = CandidateFactory(evidence=EVIDENCE, bits=7.5, probability=0.6062)

    page = page_of(candidate, StaffFactory(role=Role.TRACING), "en")

    assert page.count("wh-bar__for") == 2  # the surname, and all together
    assert page.count("wh-bar__against") == page.count("wh-bar__silent") == 1
    assert page.count('<svg class="wh-bar" viewBox="0 0 120 14" aria-hidden="true"') == 4
    for words in ("strongly for", "clearly against", "weighs nothing", "11.5", "-4.0", "7.5"):
        assert words in page
    assert "1 agree, 1 disagree, 1 unknown" in page
    assert "60.6 % · likely" in page
    assert "Of 100 such proposals about 61 are right." in page


def test_everybody_who_could_be_meant_is_one_whole_and_can_be_opened():
    one = CandidateFactory(probability=0.5)
    near = CandidateFactory(enquiry=one.enquiry, probability=0.2, rank=2)
    far = CandidateFactory(enquiry=one.enquiry, probability=0.05, rank=3)
    gone = CandidateFactory(enquiry=one.enquiry, rank=4, state=CandidateState.GONE)
    elsewhere = CandidateFactory()
    Outlook.objects.create(enquiry=one.enquiry, absent=0.2, unshown=0.05, at=timezone.now())

    page = page_of(one, StaffFactory(role=Role.TRACING), "en")

    assert "1 other fits nearly as well" in page
    for other in (near, far):
        assert reverse("console:candidate", args=[other.pk]) in page
    for other in (gone, elsewhere):
        assert reverse("console:candidate", args=[other.pk]) not in page
    shares = re.findall(r'<td class="wh-num">([\d.]+) %</td>', page)
    assert [float(share) for share in shares[:5]] == [50.0, 20.0, 5.0, 5.0, 20.0]
    assert "Not on the register" in page


def test_linked_cards_of_one_man_are_one_person_and_the_evidence_is_of_the_one_that_fits():
    candidate = CandidateFactory(evidence=EVIDENCE)
    second = CaptiveFactory(surname="Buinichev", same_as=candidate.captive)
    Candidate.objects.filter(pk=candidate.pk).update(record=second)

    page = page_of(candidate, StaffFactory(role=Role.TRACING), "en")

    assert "One person with 2 linked cards" in page
    assert page.index("Buinichev") < page.index("One person with 2 linked cards")
    assert page.count("compared above") == 1
    assert second.bureau_number not in page


@pytest.mark.parametrize(
    ("probability", "said"),
    [(0.00001, "under 0.1 %"), (0.5, "50.0 %"), (0.99999, "over 99.9 %"), (1.0, "over 99.9 %")],
)
def test_a_probability_is_never_said_to_be_certain(probability: float, said: str):
    with override("en"):
        assert percent(probability) == said


def listed(officer: Staff, **asked: str) -> str:
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)
    return client.get(reverse("console:tracing"), asked).content.decode()


def test_the_queue_holds_what_reached_people_and_a_name_finds_the_rest():
    officer = StaffFactory(role=Role.TRACING)
    reached = CandidateFactory(queued_at=timezone.now(), probability=0.8)
    below = CandidateFactory(probability=0.25, enquiry__surname="Ряполов")
    there, not_yet = (reverse("console:candidate", args=[x.pk]) for x in (reached, below))

    waiting = listed(officer)

    assert there in waiting
    assert not_yet not in waiting
    assert not_yet in listed(officer, list="below")
    assert not_yet in listed(officer, q="ряполов")
    assert re.search("<dt>True pairs expected below</dt><dd>0.[23]</dd>", waiting)
    assert "There is room: every pair worth showing reaches you." in waiting


def test_the_queue_says_from_which_probability_on_a_pair_comes():
    Threshold.objects.create(
        at=timezone.now(), probability=0.125, pairs_a_day=60, proposed_a_day=90, true_below=3
    )

    page = listed(StaffFactory(role=Role.TRACING))

    assert "A pair reaches you from a probability of 12.5 % on." in page
    assert "At most 60 pairs a day reach people" in page


def test_the_queue_is_sorted_and_paged():
    for number in range(27):
        CandidateFactory(queued_at=timezone.now(), probability=number / 100)
    officer = StaffFactory(role=Role.TRACING)

    first, second = listed(officer, sort="probability"), listed(officer, page="2")

    assert "0.0 %" in first
    assert "26.0 %" not in first
    assert "1.0 %" in second
    assert second.count("/console/tracing/0") == 2


def pair(sought, found):
    names = {"enquiry__surname": sought, "captive__surname": found}
    given = dict.fromkeys(("enquiry__given", "captive__given"), "Константин")
    return CandidateFactory(**names, **given, queued_at=timezone.now())


LINES = ["Bujnitschew", "BUINICHEV Kostya", "<eqybxtd", "Буйничеву", "буйни", "Буйничев в/ч 54321"]


@pytest.mark.parametrize("line", LINES)
def test_a_pair_is_found_by_either_name_in_any_script(line):
    officer = StaffFactory(role=Role.TRACING)
    others = [pair("Лебедев", x) for x in ("Абдуллаев", "Цыренов", "Бунич")]
    of_sought, of_captive = pair("Буйничев", "Лебедев"), pair("Кузьмин", "Буйничев")
    linked = pair("Ряполов", "Сидорчук")
    CaptiveFactory(surname="Буйничев", given="Константин", same_as=linked.captive)

    page = listed(officer, q=line)

    found = {
        x for x in Candidate.objects.all() if reverse("console:candidate", args=[x.pk]) in page
    }
    assert found == {of_sought, of_captive, linked}
    assert not found & {*others}


def test_a_unit_or_a_place_alone_brings_nobody_into_the_list():
    CandidateFactory(captive__unit="в/ч 54321", captive__birthplace="Самара")

    for line in ("в/ч 54321", "1999", "Ы"):
        assert "Nothing fits this search." in listed(StaffFactory(role=Role.TRACING), q=line)


def test_the_number_of_an_enquiry_finds_its_pairs_and_that_of_a_card_none():
    officer = StaffFactory(role=Role.TRACING)
    one, other = CandidateFactory(), CandidateFactory()

    page = listed(officer, q=one.enquiry.bureau_number.lower().replace("-", " "))

    assert reverse("console:candidate", args=[one.pk]) in page
    assert reverse("console:candidate", args=[other.pk]) not in page
    assert "Nothing fits this search." in listed(officer, q=one.captive.bureau_number)


def test_a_long_list_stays_paged_when_it_is_searched(django_assert_max_num_queries):
    officer = StaffFactory(role=Role.TRACING)
    for _ in range(30):
        CandidateFactory(enquiry=EnquiryFactory(surname="Буйничев"))

    page = listed(officer, q="Bujnitschew", page="2")

    assert page.count("<tr><td>") == 5
    with django_assert_max_num_queries(40):
        listed(officer, q="Bujnitschew")


@pytest.mark.parametrize("line", ["Bujnitschew", "буйнич"])
def test_a_match_is_found_by_the_name_of_the_person_sought_alone(line):
    match = MatchFactory(enquiry__surname="Буйничев", captive__surname="Абдуллаев")
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=Role.TRACING))

    def pages(line: str) -> str:
        return client.get(reverse("console:matches"), {"q": line}).content.decode()

    assert reverse("console:match", args=[match.pk]) in pages(line)
    assert reverse("console:match", args=[match.pk]) not in pages("Абдуллаев")
