"""A letter once a year, on her page: offered to all in the same words, and staff's side of it."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from tests.bureau.yearly.test_yearly import TEXTS, waits
from tests.factories import EnquiryFactory, StaffFactory
from tests.web.portal.test_question import her_page
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.yearly import actions
from wayhome.bureau.yearly.models import YearlyLetter, YearlyText, YearlyWish
from wayhome.web.portal import decoy

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGE = "/waiting/yearly/"
KEY = {"idempotency_key": "0123456789abcdef"}


@pytest.fixture(autouse=True)
def _nobody_has_tried() -> None:
    cache.clear()


def chosen(client) -> str:
    page = client.get(PAGE).content.decode()
    (box,) = (one for one in re.findall(r"<input[^>]*>", page) if " checked" in one)
    return re.search(r'value="(\w+)"', box)[1]


def test_she_wants_one_and_takes_it_back_and_behind_the_second_pin_nothing_is_kept():
    enquiry = EnquiryFactory()
    client = her_page(enquiry)
    assert PAGE in client.get("/waiting/").content.decode()
    assert client.post(PAGE, {}).status_code == 422
    assert client.post(PAGE, {**KEY, "wanted": "yes"}).status_code == 303
    assert YearlyWish.objects.get().enquiry == enquiry

    hidden = her_page(enquiry)
    session = hidden.session
    draft = decoy.open_draft()
    session[decoy.SESSION_KEY] = str(draft.pk)
    session.save()
    assert chosen(hidden) == "yes"
    assert hidden.post(PAGE, {"idempotency_key": "f" * 16, "wanted": "no"}).status_code == 303
    assert chosen(hidden) == "no"
    assert YearlyWish.objects.exists()


def test_from_a_text_of_two_to_a_call_and_to_her_page():
    writer, second = Client(), Client()
    for client in (writer, second):
        client.force_login(StaffFactory(role=Role.CONTACT))
    bad = writer.post("/console/yearly/text/", {**TEXTS, "en": "No match was found, dear mother."})
    assert bad.status_code == 422
    assert writer.post("/console/yearly/text/", {**KEY, **TEXTS}).status_code == 303
    approve = f"/console/yearly/text/{YearlyText.objects.get().pk}/"
    assert writer.post(approve, KEY).status_code == 422
    assert second.post(approve, KEY).status_code == 303
    enquiry = waits(Channel.TELEPHONE)
    actions.write_letters()

    desk = second.get("/console/yearly/").content.decode()
    assert enquiry.bureau_number in desk
    call = f"/console/yearly/letters/{YearlyLetter.objects.get().pk}/"
    assert "mother@example.org" in second.get(call).content.decode()
    assert second.post(call, KEY).status_code == 303
    assert enquiry.bureau_number not in second.get("/console/yearly/").content.decode()
    wish = {**KEY, "number": enquiry.bureau_number, "wanted": "no"}
    assert second.post("/console/yearly/wish/", wish).status_code == 303
    assert not YearlyWish.objects.exists()

    page = her_page(enquiry).get(PAGE).content.decode()
    assert "Another year has passed" in page or "ещё один год" in page or "ще один рік" in page
