"""An enquiry outside the camp, on the pages: asked for, led from elsewhere, heard, reported."""

import pytest
from django.test import Client

from tests.factories import CustodyEventFactory, SiteFactory, StaffFactory
from wayhome.bureau.inquests.models import Inquest
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = {"idempotency_key": "0123456789abcdef"}


def signed_in(role: Role, **more) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, **more))
    return client


def test_from_an_injury_that_a_physician_saw_to_the_paper_for_the_protecting_power():
    man = CustodyEventFactory().captive
    number = man.bureau_number
    ask = f"/console/captives/{number}/inquest/"
    physician, neutral = signed_in(Role.PHYSICIAN), signed_in(Role.NEUTRAL)
    assert physician.get(ask).status_code == 200
    empty = physician.post(ask, {"what": " "})
    assert (empty.status_code, 'role="alert"' in empty.content.decode()) == (422, True)
    assert physician.post(ask, {**KEY, "what": "Зламана рука."}).status_code == 303
    assert physician.get("/console/inquests/").status_code == 403

    page = f"/console/inquests/{Inquest.objects.get().pk}/"
    own, elsewhere = signed_in(Role.LEGAL), signed_in(Role.LEGAL, site=SiteFactory(code="B"))
    assert number in neutral.get("/console/inquests/?state=waits").content.decode()
    assert "Somebody from elsewhere leads it" in own.get(page).content.decode()
    refused = own.post(f"{page}lead/", KEY)
    assert (refused.status_code, 'role="alert"' in refused.content.decode()) == (422, True)
    assert elsewhere.get(f"{page}paper/").status_code == 404
    assert elsewhere.post(f"{page}lead/", KEY).status_code == 303
    said = {"source": "prisoner", "who": "Він сам", "words": "Мене вдарили <b>прикладом</b>."}
    watched = elsewhere.post(f"{page}statement/", {**said, "camp_present": "on"})
    assert "heard without anybody of the camp" in watched.content.decode()
    assert elsewhere.post(f"{page}statement/", {**said, **KEY}).status_code == 303
    found = {"finding": "person", "cause": "Удар прикладом."}
    assert elsewhere.post(f"{page}report/", found).status_code == 422
    found["measures"] = "Відсторонено; справу передано суду."
    assert elsewhere.post(f"{page}report/", {**found, **KEY}).status_code == 303

    text = neutral.get(page).content.decode()
    assert "прикладом&lt;/b&gt;" in text
    assert "another person" in text
    assert neutral.get(f"{page}paper/")["Content-Type"] == "application/pdf"
    assert "reported" in neutral.get(f"/console/inquests/?q={number}").content.decode()
    looks = Entry.objects.filter(action="looked at", purpose="enquiry outside the camp")
    assert looks.filter(person=number).exists()
