"""The pages of applications: what was refused comes back on its day."""

import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.cases import Case
from tests.factories import HarmFlagFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.queries import men_to_assess
from wayhome.bureau.returns import actions
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState, Road, looked_at_again_on
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    one = Case()
    _ = one.application, one.verdict, one.consented, one.assessed
    return one


def officer(case: Case) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(case.staff(Role.DECISION))
    return client


def refused(case: Case) -> None:
    no = actions.Decision(False, None, "места нет", looked_at_again_on(timezone.localdate()))
    actions.decide_application(
        application=case.application, decision=no, by=case.staff(Role.DECISION)
    )


def test_a_refused_application_waits_for_its_day_and_is_then_on_the_first_page(case):
    refused(case)
    client = officer(case)
    name = case.captive.bureau_number
    assert name not in client.get("/console/applications/?state=again").content.decode()

    Application.objects.update(review_on=timezone.localdate())

    listed = client.get("/console/applications/?state=again").content.decode()
    assert name in listed
    assert "whose day to be looked at again has come" in client.get("/console/").content.decode()


def test_what_was_refused_is_decided_anew_on_its_own_page(case):
    refused(case)
    client = officer(case)
    page = reverse("console:application", args=[case.application.pk])
    assert "Decide anew" in client.get(page).content.decode()

    answer = client.post(
        reverse("console:application_decide", args=[case.application.pk]),
        {
            "idempotency_key": str(uuid.uuid4()),
            "outcome": "granted",
            "road": Road.UNILATERAL.value,
            "reason": "место есть",
        },
    )

    assert answer.status_code == 303
    assert Application.objects.get().state == ApplicationState.GRANTED
    assert "Decide anew" not in client.get(page).content.decode()


def test_whether_the_family_can_travel_is_read_by_whoever_decides(case):
    wish = {"travel": "no", "words": ""}
    Application.objects.all().delete()
    actions.apply_for_him(enquiry=case.enquiry, wish=wish, by=case.enquirer)
    page = reverse("console:application", args=[Application.objects.get().pk])

    assert "They cannot travel" in officer(case).get(page).content.decode()


def test_who_is_refused_or_waits_for_his_day_is_still_assessed_by_the_legal_officer():
    case = Case()
    _ = case.application, case.match
    assert case.captive in Captive.objects.filter(pk__in=to_assess())

    refused(case)

    assert case.captive in Captive.objects.filter(pk__in=to_assess())


def to_assess() -> Any:
    applying = Application.objects.that_may_lead_home()
    return men_to_assess(applying=applying.values("captive_id"))


def test_harm_flags_are_searched_by_name_and_number():
    found, other = HarmFlagFactory(), HarmFlagFactory()
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=Role.LEGAL))

    page = client.get(f"/console/harm/?q={found.captive.bureau_number}").content.decode()

    assert f"/console/harm/{found.pk}/" in page
    assert f"/console/harm/{other.pk}/" not in page
    nobody = client.get("/console/harm/?q=A-999999-X").content.decode()
    assert "Nobody fits this search." in nobody
