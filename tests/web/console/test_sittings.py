"""The neutral's list of whom to ask, and the page that opens his sitting."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import CaptiveFactory, EnquiryFactory, MatchFactory, StaffFactory
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def neutral():
    return StaffFactory(role=Role.NEUTRAL)


def signed_in(staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(staff)
    return client


def page_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_who_must_be_asked_stands_in_the_order_of_the_clock(neutral):
    now = timezone.now()
    late = MatchFactory(confirmed_at=now - timedelta(hours=80))
    soon = MatchFactory(confirmed_at=now - timedelta(hours=60))
    fresh = MatchFactory(confirmed_at=now)

    page = page_of(signed_in(neutral), "/console/sittings/")

    numbers = [one.captive.bureau_number for one in (late, soon, fresh)]
    assert re.findall(r'href="/console/sittings/([^/"]+)/">A-', page) == numbers
    tags = re.findall(r'class="wh-tag[^"]*">([^<]+)<', page)
    assert tags == ["Overdue", "Within a day", "In time"]


def test_a_man_of_two_records_and_three_matches_stands_once_under_his_oldest_clock(neutral):
    principal = CaptiveFactory()
    later = CaptiveFactory(same_as=principal)
    MatchFactory(captive=principal)
    MatchFactory(captive=later, confirmed_at=timezone.now() - timedelta(hours=80))
    MatchFactory(captive=later)

    page = page_of(signed_in(neutral), "/console/sittings/")

    assert page.count(f'">{principal.bureau_number}<') == 1
    assert later.bureau_number not in page
    assert "Overdue" in page


def test_who_asks_for_him_is_told_to_him_and_not_to_the_neutral(neutral):
    enquiry = EnquiryFactory(three_things=[{"question": "Собака?", "answer": "Жучка"}])
    match = MatchFactory(enquiry=enquiry)
    client = signed_in(neutral)

    pages = page_of(client, "/console/sittings/")
    pages += page_of(client, f"/console/sittings/{match.captive.bureau_number}/")

    for hidden in (enquiry.enquirer.name, enquiry.bureau_number, "Собака?", "Жучка"):
        assert hidden not in pages


def test_anybody_held_can_be_found_by_number(neutral):
    captive, gone = CaptiveFactory(), CaptiveFactory(custody_state="returned")
    client = signed_in(neutral)

    assert captive.surname in page_of(client, f"/console/sittings/?q={captive.bureau_number}")
    assert gone.surname not in page_of(client, f"/console/sittings/?q={gone.bureau_number}")


def test_only_a_neutral_is_served():
    captive = CaptiveFactory()
    for role in CONSOLE_ROLES - {Role.NEUTRAL}:
        client = signed_in(StaffFactory(role=role))
        assert client.get("/console/sittings/").status_code == 403
        for path in ("", "secret/", "close/"):
            url = f"/console/sittings/{captive.bureau_number}/{path}"
            assert client.post(url, {"language": "ru", "sure": "on"}).status_code == 403
    assert not Sitting.objects.exists()


def test_an_empty_form_opens_nothing(neutral):
    captive = CaptiveFactory()
    client = signed_in(neutral)

    for path in ("", "secret/", "close/"):
        answer = client.post(f"/console/sittings/{captive.bureau_number}/{path}", {})
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert not Sitting.objects.exists()
    assert client.get("/console/sittings/").status_code == 200


def test_a_second_neutral_is_refused_and_can_close_what_was_left_open(neutral):
    captive = CaptiveFactory()
    url = f"/console/sittings/{captive.bureau_number}/"
    signed_in(neutral).post(url, {"language": "ru"})
    other = signed_in(StaffFactory(role=Role.NEUTRAL))

    refused = other.post(url, {"language": "ru"})
    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert other.get("/console/sittings/").status_code == 200
    other.post(f"{url}close/", {"sure": "on"})

    assert Sitting.objects.get().closed_at
    assert other.post(url, {"language": "ru"})["Location"] == "/tablet/"


def test_a_form_sent_twice_opens_one_sitting(neutral):
    captive = CaptiveFactory()
    url = f"/console/sittings/{captive.bureau_number}/"
    sent = {"language": "ru", "idempotency_key": "a" * 32}
    two = [signed_in(neutral), signed_in(neutral)]

    answers = [client.post(url, sent) for client in two]

    assert [answer.status_code for answer in answers] == [303, 303]
    assert Sitting.objects.count() == 1


def test_the_sitting_of_a_linked_record_is_the_mans(neutral):
    principal = CaptiveFactory()
    later = CaptiveFactory(same_as=principal)

    signed_in(neutral).post(f"/console/sittings/{later.bureau_number}/", {"language": "uk"})

    assert Sitting.objects.get().captive == principal


def test_somebody_gone_cannot_be_sat_with(neutral):
    captive = CaptiveFactory()
    url = f"/console/sittings/{captive.bureau_number}/"
    Captive.objects.filter(pk=captive.pk).update(custody_state="exchanged")
    client = signed_in(neutral)

    assert 'name="language"' not in page_of(client, url)
    assert client.post(url, {"language": "uk"}).status_code == 422


def test_looking_and_opening_are_in_the_journal(neutral):
    captive = CaptiveFactory()
    client = signed_in(neutral)
    url = f"/console/sittings/{captive.bureau_number}/"

    client.get(url)
    client.post(url, {"language": "uk"})

    said = list(Entry.objects.order_by("at").values_list("action", "actor_id", "person"))
    who = (neutral.number, captive.bureau_number)
    assert said == [("looked at", *who), ("sitting opened", *who)]
