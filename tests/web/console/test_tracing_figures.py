"""The page of whoever leads tracing."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.factories import CandidateFactory, StaffFactory
from wayhome.bureau.matches import bridge, learning, rules
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import WeekOfTracing
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.persons.models import NameWeights
from wayhome.bureau.staff.permissions import NOT_STAFF, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def page(role: Role = Role.TRACING, language: str = "en") -> str:
    client = Client(headers={"accept-language": language})
    client.force_login(StaffFactory(role=role))
    return client.get(reverse("console:tracing_figures")).content.decode()


def week(number: int, agreeing: dict[str, dict[str, int]]) -> None:
    WeekOfTracing.objects.create(
        week=date(2026, 1, 5) + timedelta(weeks=number), at=timezone.now(), version=0,
        cards=1000, planted=200, first=150 + number, among_ten=190, reached=120, absent=100,
        absent_reached=1, agreeing=agreeing,
    )  # fmt: skip


def test_a_new_bureau_reads_what_it_will_find_here():
    seen = page()

    for words in (
        "Nothing has been judged by two people yet.",
        "No week has been tried yet.",
        "There are not pairs enough to say",
        "No threshold has been set yet",
        "Weights of version 0.",
    ):
        assert words in seen
    assert "strongly for" in seen  # the weights that the program begins with
    assert 'role="alert"' not in seen


def test_the_curve_and_its_table_say_the_same():
    officers = [StaffFactory(role=Role.TRACING) for _ in range(2)]
    for probability, verdict in ((0.95, Verdict.SAME), (0.2, Verdict.DIFFERENT)):
        candidate = CandidateFactory(probability=probability)
        for officer in officers:
            judge_candidate(candidate=candidate, judged=Judged(verdict, "дата"), by=officer)

    seen = page()

    assert seen.count("<circle") == 2
    assert '<td class="wh-num">95.0 %</td>' in seen
    assert "2 pairs have been judged alike by two people: too few to say much." in seen


def test_weeks_are_drawn_and_listed_and_drift_alarms():
    for number in range(8):
        exact = 90 if number < 4 else 20
        week(number, {"born": {"born.exact": exact, "born.unknown": 100 - exact}})

    seen = page()

    assert seen.count("<polyline") == 2
    assert "95.0 %" in seen  # 190 of 200 among ten
    assert "The register has drifted from what the weights were made for." in seen
    assert "another" in seen


def test_figures_name_nobody_and_are_for_tracing_and_the_auditor():
    candidate = CandidateFactory()
    served = {Role.TRACING, Role.AUDITOR}
    for role in sorted(set(Role) - NOT_STAFF):
        client = Client()
        client.force_login(StaffFactory(role=role))
        answer = client.get(reverse("console:tracing_figures"))
        assert answer.status_code == (200 if role in served else 403), role
        if role in served:
            text = answer.content.decode()
            assert candidate.captive.surname not in text
            assert candidate.enquiry.bureau_number not in text
    assert Client().get(reverse("console:tracing_figures")).status_code == 303


def posted(client: Client, name: str):
    shown = client.get(reverse("console:tracing_figures")).content.decode()
    key = re.search(r'name="idempotency_key" value="([^"]+)"', shown)
    return client.post(reverse(f"console:{name}"), {"idempotency_key": key.group(1) if key else ""})


def test_weights_are_learned_on_demand_and_the_page_says_where_it_stands(monkeypatch):
    monkeypatch.setattr(rules, "FEWEST_CARDS", 1)
    monkeypatch.setattr(rules, "FEWEST_ENQUIRIES", 1)
    bridge.REGISTER.forget()
    candidate = CandidateFactory()
    for number in range(8):
        exact = 90 if number < 4 else 20
        week(number, {"born": {"born.exact": exact, "born.unknown": 100 - exact}})
    officer = StaffFactory(role=Role.TRACING)
    client = Client(headers={"accept-language": "en"})
    client.force_login(officer)

    assert posted(client, "learn_weights").status_code == 303
    seen = client.get(reverse("console:tracing_figures")).content.decode()
    assert "being learned" in seen
    assert "Learn the weights anew" not in seen
    ProcrastinateJob.objects.all().delete()

    learning.learn_anew(officer)
    seen = client.get(reverse("console:tracing_figures")).content.decode()
    assert "from 1 cards, 1 enquiries and 0 pairs" in seen
    assert "The register has drifted" not in seen  # that was under the weights before
    assert candidate.captive.surname not in seen

    assert posted(client, "first_weights").status_code == 303
    seen = client.get(reverse("console:tracing_figures")).content.decode()
    assert "nothing was learned here yet" in seen


def test_what_cannot_be_learned_is_said_on_the_page():
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=Role.TRACING))

    answer = posted(client, "learn_weights")

    assert answer.status_code == 422
    assert "too little to learn from" in answer.content.decode()
    assert not NameWeights.objects.exists()


def test_the_auditor_reads_where_weights_come_from_and_changes_nothing():
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=Role.AUDITOR))
    seen = client.get(reverse("console:tracing_figures")).content.decode()

    assert "nothing was learned here yet" in seen
    assert "Learn the weights anew" not in seen
    for name in ("learn_weights", "first_weights"):
        assert client.post(reverse(f"console:{name}")).status_code == 403
