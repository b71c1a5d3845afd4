"""The tracing officer's pages by clicks and typing, every page measured."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from tests.browser import at_the_width_of_today, by_rotation, small_targets
from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory, StaffFactory
from tests.web.console.test_in_a_browser import Walk, _beside_the_browser  # noqa: F401
from wayhome.bureau.captives.rules import ProposalState
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import (
    Candidate,
    Judgement,
    Outlook,
    SameSought,
    Threshold,
    WeekOfTracing,
)
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
EVIDENCE = [
    ["surname", "agrees", "surname.translit", 11.5],
    ["given", "agrees", "given.diminutive", 5.5],
    ["born", "disagrees", "dob.one_digit", -1.5],
    ["unit", "unknown", "unit.unknown", 0.0],
    ["others", "disagrees", "others.like_him", -2.5],
]


def namesakes() -> list[Candidate]:
    """Two men who could be meant, one of them with two linked cards, and nobody."""
    enquiry = EnquiryFactory(surname="Buinichev-Voskresensky", given="Kostya", born="1999-05-08")
    made = [
        CandidateFactory(
            enquiry=enquiry, rank=rank, probability=share, bits=13.0, evidence=EVIDENCE,
            queued_at=timezone.now(),
            captive=CaptiveFactory(surname="Буйничев-Воскресенский", born=born),
        )
        for rank, share, born in ((1, 0.55, "1999-05-03"), (2, 0.25, "1999-05-18"))
    ]  # fmt: skip
    CaptiveFactory(surname="Буйничев", born="1999-05-03", same_as=made[0].captive)
    Outlook.objects.create(enquiry=enquiry, absent=0.15, unshown=0.05, at=timezone.now())
    return made


@by_rotation
@at_the_width_of_today
def test_a_pair_from_the_queue_to_a_verdict(browser: Browser, live_server, language, width):
    first, second = namesakes()
    walk = Walk(browser, live_server.url, Role.TRACING, language, width)
    walk.open("/console/tracing/", "queue")
    walk.open("/console/tracing/?list=below", "below")
    walk.open("/console/tracing/?q=Bujnitschew&sort=-queued", "found")
    walk.page.click(f"main a[href$='/{first.pk}/']")
    walk.look("candidate")
    assert not small_targets(walk.page)
    walk.page.click(f"main a[href$='/{second.pk}/']")
    walk.look("the-other")
    walk.page.go_back()
    walk.send("refused")
    walk.choose("verdict=same")
    walk.send("judged", reason="Дата, место и мать совпадают")

    assert Judgement.objects.get().candidate == first
    assert Judgement.objects.get().probability == 0.55
    walk.end()


@by_rotation
@at_the_width_of_today
def test_two_enquiries_are_linked(browser: Browser, live_server, language, width):
    one = EnquiryFactory(surname="Буйничев-Воскресенский", born="1999-05-03")
    other = EnquiryFactory(surname="Buinichev-Voskresensky", born="1999-05-08")
    pair = SameSought.objects.create(
        earlier=one, later=other, bits=13.0, probability=0.92, evidence=EVIDENCE
    )
    walk = Walk(browser, live_server.url, Role.TRACING, language, width)
    walk.open("/console/same-sought/", "pairs")
    walk.page.click(f"main a[href$='/{pair.pk}/']")
    walk.look("pair")
    walk.send("pair-refused")
    walk.choose("verdict=same")
    walk.send("linked", reason="Одна мать")

    assert SameSought.objects.get().state == ProposalState.SAME
    walk.end()


@by_rotation
@at_the_width_of_today
def test_figures_new_and_full(browser: Browser, live_server, language, width):
    walk = Walk(browser, live_server.url, Role.AUDITOR, language, width)
    walk.open("/console/tracing-figures/", "new-bureau")
    officers = [StaffFactory(role=Role.TRACING) for _ in range(2)]
    for number in range(12):
        candidate = CandidateFactory(probability=(number % 6) / 5, evidence=EVIDENCE)
        verdict = Verdict.SAME if number % 6 > 2 else Verdict.DIFFERENT
        for officer in officers:
            judge_candidate(candidate=candidate, judged=Judged(verdict, "дата"), by=officer)
    for number in range(9):
        exact = 90 if number < 4 else 20
        WeekOfTracing.objects.create(
            week=date(2026, 1, 5) + timedelta(weeks=number), at=timezone.now(), version=0,
            cards=1000, planted=200, first=170 + number, among_ten=190, reached=120 + 5 * number,
            absent=100, absent_reached=1, agreeing={"born": {"exact": exact, "not": 100 - exact}},
        )  # fmt: skip
    Threshold.objects.create(
        at=timezone.now(), probability=0.041, pairs_a_day=60, proposed_a_day=88, true_below=3.5
    )
    walk.open("/console/tracing-figures/", "figures")

    assert walk.page.locator("svg.wh-chart").count() == 2
    walk.end()
