"""The pages of a call, from her wish to how it was: portal, tablet and console."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.calling import ANY, Calling
from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.models import Freeze
from wayhome.bureau.answers.rules import FreezeEnd
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.contact.calls.actions import (
    ask_for_call_himself,
    bring_forward,
    cancel_call,
)
from wayhome.bureau.contact.calls.models import AfterCall, Call
from wayhome.bureau.staff.models import Site
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PLACE = "Верхнеозёрск"
WISH = {"zone": "Asia/Yakutsk", "language": "sah", "days": ["0", "2", "4"], "parts": ["evening"]}


def as_family(case) -> Client:
    client = Client()
    session = client.session
    session["enquirer_id"] = str(case.enquirer.pk)
    session.save()
    return client


def as_captive(case) -> Client:
    client = Client()
    session = client.session
    session["sitting_id"] = str(case.sitting.pk)
    session.save()
    return client


def as_staff(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def text(response) -> str:
    """What stands on the page; where he is stands on none (P4)."""
    found = re.sub(r"\s+", " ", response.content.decode())
    if not response.request["PATH_INFO"].startswith("/console/"):
        assert PLACE not in found
    assert found.count(PLACE) <= 1  # whoever works at a site has its name above every page
    return found


def test_the_way_from_a_wish_to_how_it_was_by_plain_pages():
    calling = Calling()
    case = calling.case
    case.brought_to(PLACE)
    Site.objects.update(name=PLACE)
    _ = case.told, calling.slots
    her, him, staff = as_family(case), as_captive(case), as_staff(calling.supervisor)

    assert her.post("/calls/", {}).status_code == 422
    assert her.post("/calls/", WISH).status_code == 303
    assert "sah" in Call.objects.get().language
    bring_forward(case.enquiry.pk)
    call = Call.objects.get()
    page = staff.get("/console/calls/?day=late")
    assert case.surname in text(page)
    # she lives six hours east: her evening is at his site only in the morning
    key = {"idempotency_key": "k" * 32}
    assert staff.post(f"/console/calls/{call.pk}/offer/", {}).status_code == 422
    assert staff.post(f"/console/calls/{call.pk}/offer/", key).status_code == 303

    offered = him.get(f"/tablet/calls/{call.pk}/")
    times = re.findall(r'name="times" value="([^"]+)"', offered.content.decode())
    assert len(times) >= 1
    answer = {"answer": "yes", "times": times}
    assert him.post(f"/tablet/calls/{call.pk}/", answer).status_code == 303

    page = text(her.get("/calls/"))
    (*hers, _) = re.findall(r'name="time" value="([^"]+)"', page)
    assert len(hers) == len(times)
    # One of another page than hers, or one that is gone since: never the one in its place.
    gone = her.post("/calls/choose/", {"time": str(int(hers[0]) - 300)})
    assert (gone.status_code, 'role="alert"' in text(gone)) == (422, True)
    assert her.post("/calls/choose/", {"time": hers[0]}).status_code == 303
    assert Call.objects.get().starts_at.timestamp() == int(hers[0])
    local = Call.objects.get().starts_at.astimezone(timezone.zoneinfo.ZoneInfo("Asia/Yakutsk"))
    assert f"{local:%H:%M}" in text(her.get("/calls/"))
    assert 17 <= local.hour < 21
    assert 'name="token"' not in text(her.get("/calls/"))

    chosen = {"supervisor": str(calling.supervisor.pk), "idempotency_key": "a" * 32}
    alone = "/console/calls/?day=alone"
    for url in (alone, _call(call)):
        assert "Ніхто не супроводжує" in text(staff.get(url))
    assert f'href="{alone}"' in text(staff.get("/console/"))
    assert staff.post(f"/console/calls/{call.pk}/assign/", chosen).status_code == 303
    assert case.surname not in text(staff.get(alone))
    assert "Ніхто не супроводжує" not in text(staff.get(_call(call)))
    Call.objects.update(starts_at=timezone.now())
    for client, url in ((her, "/calls/"), (him, "/tablet/calls/"), (staff, _call(call))):
        assert 'name="token"' in text(client.get(url))
    key = {"idempotency_key": "t" * 32}
    assert staff.post(_call(call) + "telephone/", key).status_code == 303
    ended = {"reason": "supervisor ended", "idempotency_key": "e" * 32}
    assert staff.post(_call(call) + "end/", {**ended, "reason": "I say so"}).status_code == 422
    assert staff.post(_call(call) + "end/", ended).status_code == 303

    assert "/calls/how/" not in text(her.get("/calls/"))  # she learns of it a little later
    Call.objects.update(learns_at=timezone.now() - timedelta(seconds=1))
    assert "/calls/how/" in text(her.get("/calls/"))
    said = {"how": "mixed", "worry": "У него синяк на щеке."}
    assert him.post(f"/tablet/calls/{call.pk}/", {"answer": "no"}).status_code == 422
    assert her.post("/calls/how/", said).status_code == 303
    assert him.post(f"/tablet/calls/{call.pk}/how/", {"how": "good"}).status_code == 303
    assert AfterCall.objects.count() == 2
    assert "синяк" not in text(staff.get(_call(call)))

    for role in (Role.NEUTRAL, Role.AUDITOR):
        reader = as_staff(case.staff(role))
        listed = text(reader.get("/console/worries/"))
        (url,) = re.findall(r'href="(/console/worries/[0-9a-f-]+/)"', listed)
        assert "синяк" in text(reader.get(url))
    assert reader.post(url, {"idempotency_key": "w" * 32}).status_code == 303


def test_a_call_that_he_wished_for_and_the_site_called_off_still_stands_on_his_page():
    calling = Calling()
    case = calling.case
    _ = case.consented
    own = ask_for_call_himself(to=case.match, times=ANY, language="ru", by=case.sitting)

    cancel_call(call=own, reason="site cannot", by=calling.supervisor)

    assert "Ознобихина Агафья" in text(as_captive(case).get("/tablet/calls/"))


def test_who_was_told_that_he_is_gone_is_not_invited_to_ask_for_another_call():
    calling = Calling()
    case = calling.case
    _ = calling.agreed
    happened = captives.Happening(EventKind.DIED, on=timezone.localdate().isoformat())
    clerk = case.staff(Role.REGISTRAR)
    captives.record_custody_event(captive=case.captive, happened=happened, by=clerk)
    frozen = Freeze.objects.open().get()
    freezing.end_freeze(frozen=frozen, end=FreezeEnd.SPOKEN, by=case.staff(Role.CONTACT))

    page = text(as_family(case).get("/calls/", headers={"accept-language": "en"}))

    assert "This time is over." in page
    assert "You may ask again." not in page


def _call(call: Call) -> str:
    return f"/console/calls/{call.pk}/"
