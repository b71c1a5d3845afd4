"""Who is on the way: the coordinator's pages, and what an escort's phone sends to the bureau."""

import json
import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser

from tests.browser import (
    WIDTHS,
    axe_violations,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    watch,
)
from tests.factories import StaffFactory
from tests.journeying import confirmed_today
from tests.traces import nothing_written
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.journeys.cancelling import note_back, turn_back
from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey
from wayhome.bureau.journeys.resources import keep_resource
from wayhome.bureau.journeys.rules.resources import ResourceKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PAGES = "/console/journeys"


def of(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


class Phone:
    """What the page of the phone sends, sent by hand; no cookie comes with it."""

    def __init__(self, journey: Journey) -> None:
        self.journey, self.client = journey, Client(enforce_csrf_checks=True)
        self.token, self.knock = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
        asked = {"token": self.token, "knock": self.knock}
        self.loaded = of(journey.escort.staff).post("/escort/day/", asked)

    def tell(self, *told: dict[str, Any] | str, token: str = "") -> Any:
        events = told[0] if told and isinstance(told[0], str) else json.dumps(told)
        shown = {"authorization": f"Phone {token or self.token}"}
        return self.client.post("/escort/tell/", {"events": events}, headers=shown)

    def says(self, number: int, kind: str, leg: int | None, minutes: int = 0) -> dict[str, Any]:
        at = (timezone.now() + timedelta(minutes=minutes)).isoformat()
        return {"journey": str(self.journey.pk), "number": number, "kind": kind, "leg": leg,
                "at": at}  # fmt: skip

    def knocks(self, **told: Any) -> Any:
        shown = {"authorization": f"Knock {self.knock}"}
        return self.client.post("/escort/knock/", {"last": 0, **told}, headers=shown)


@pytest.fixture
def journey() -> Journey:
    return confirmed_today()


def test_a_phone_is_served_by_its_secret_alone(journey):
    phone = Phone(journey)
    family = phone.loaded.json()["day"]["families"][0]
    assert family["id"] == str(journey.pk)
    event = phone.says(1, "check in", 1)

    assert phone.tell(event).json()["complete"] == 1
    assert phone.tell(event, event).json()["complete"] == 1

    escort = of(journey.escort.staff)
    with nothing_written():
        # A session alone does nothing here, neither does a secret that is none, or the other one.
        assert escort.post("/escort/tell/", {"events": "[]"}).status_code == 422
        assert phone.tell(event, token="A" * 43).status_code == 303
        assert phone.tell(event, token=phone.knock).status_code == 303
        assert Client().post("/escort/knock/", {"last": 0}).status_code == 303
        assert Client().post("/escort/day/", {}).status_code == 303
    assert ConvoyEvent.objects.count() == 1


BROKEN = ("", "no JSON", "{}", "[1]", "[[]]", "[{}]", "[" * 50_000, '[{"number": 1}]')
WRONG: tuple[dict[str, Any], ...] = (
    {"number": 0}, {"number": True}, {"number": 2**40}, {"number": "1"}, {"leg": 9},
    {"leg": "1"}, {"kind": "dance"}, {"journey": "x"}, {"journey": None}, {"at": "soon"},
    {"at": "0001-01-01T00:00:00+14:00"}, {"at": "2019-01-01"}, {"at": 5},
)  # fmt: skip


def test_what_cannot_be_read_is_refused_and_nothing_is_written(journey):
    phone = Phone(journey)
    good = phone.says(1, "check in", 1)

    with nothing_written():
        assert [phone.tell(text).status_code for text in BROKEN] == [422] * len(BROKEN)
        answers = [phone.tell({**good, **each}).status_code for each in WRONG]
    assert answers == [422] * len(WRONG)


def test_the_coordinator_sees_what_was_told_and_wipes_a_phone(journey):
    phone, desk = Phone(journey), of(StaffFactory(role=Role.COORDINATOR))
    key = {"idempotency_key": "k" * 32}
    page, live = f"{PAGES}/{journey.pk}/", f"{PAGES}/on-the-way/"
    assert "No word has come yet." in desk.get(page).content.decode()
    phone.tell(phone.says(1, "check in", 1), phone.says(2, "check in", 1))
    phone.tell(phone.says(4, "stop word", None))

    shown = desk.get(page).content.decode()
    assert "This leg was told of already." in shown
    assert "waits for earlier entries" in shown
    listed = desk.get(live).content.decode()
    assert "1 alarm" in listed
    assert "1 entry does not fit" in listed
    alarm = ConvoyEvent.objects.get(kind="stop word")
    assert desk.post(f"{PAGES}/told/{alarm.pk}/seen/", {}).status_code == 422
    assert desk.post(f"{PAGES}/told/{alarm.pk}/seen/", key).status_code == 303
    assert "1 alarm" not in desk.get(live).content.decode()

    heard = f"{page}heard/"
    assert desk.post(heard, {}).status_code == 422
    assert desk.post(heard, {**key, "what": "check out:1"}).status_code == 303
    assert "By telephone" in desk.get(page).content.decode()
    one = ConvoyPhone.objects.get()
    assert desk.post(f"{page}phones/{one.pk}/wipe/", key).status_code == 303
    told = phone.tell(phone.says(3, "all well", None)).json()
    assert (told["wipe"], told["day"]) == (True, None)
    assert phone.knocks().json() == {"wipe": True}
    phone.knocks(wiped="on", last=7)
    assert "It came after the phone was to be wiped." in desk.get(page).content.decode()
    one.refresh_from_db()
    assert one.never_brought == 3
    assert of(journey.escort.staff).get(live).status_code == 403


def test_an_alarm_of_a_journey_that_stopped_on_the_way_is_seen(journey):
    coordinator = StaffFactory(role=Role.COORDINATOR)
    phone, desk = Phone(journey), of(coordinator)
    # So is a danger that was told since it was confirmed.
    told = {"name": "обстріл", "area": journey.way.areas[0], "from_on": journey.on,
            "until_on": None}  # fmt: skip
    keep_resource(kind=ResourceKind.DANGER, told=told, by=coordinator)
    assert f"{PAGES}/{journey.pk}/" in desk.get(f"{PAGES}/?state=barred").content.decode()
    assert "Danger is told of the way." in desk.get(f"{PAGES}/{journey.pk}/").content.decode()
    turn_back(journey.application, MACHINE)
    # They are listed until they are home, also without a word.
    assert "To be brought back" in desk.get(f"{PAGES}/on-the-way/").content.decode()
    phone.tell(phone.says(1, "arrest", None))

    listed = desk.get(f"{PAGES}/on-the-way/").content.decode()
    assert f"{PAGES}/{journey.pk}/" in listed
    assert "1 alarm" in listed
    stopped = Journey.objects.with_all().get(pk=journey.pk)
    note_back(journey=stopped, by=coordinator)
    listed = desk.get(f"{PAGES}/on-the-way/").content.decode()
    assert ("1 alarm" in listed, "To be brought back" in listed) == (True, False)


def test_a_word_that_does_not_come_rings_on_the_first_page(journey):
    desk = of(StaffFactory(role=Role.COORDINATOR))
    for number, late in ((1, 45), (2, 10)):
        departs = timezone.now() - timedelta(minutes=late)
        arrives = departs + timedelta(hours=3)
        journey.legs.filter(number=number).update(departs_at=departs, arrives_at=arrives)

    first, live = (desk.get(url).content.decode() for url in ("/console/", f"{PAGES}/on-the-way/"))

    assert 'On the way, and no word came for half an hour</a></td><td class="wh-num">' in first
    assert "No word came" in live
    assert "A word is due" in live


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_pages_of_the_way_are_whole(browser: Browser, live_server, journey):
    phone = Phone(journey)
    for number, kind, leg in ((1, "check in", 1), (2, "stop word", None), (3, "check in", 1)):
        phone.tell(phone.says(number, kind, leg))
    client = of(StaffFactory(role=Role.COORDINATOR))
    for width in WIDTHS:
        context = new_context(browser, width=width, language="uk")
        cookie = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = context.new_page()
        watcher = watch(page)
        for name, url in (("way", f"{PAGES}/on-the-way/"), ("trail", f"{PAGES}/{journey.pk}/")):
            page.goto(live_server.url + url)
            screenshot(page, f"on-the-way-{name}-{width}")
            assert not (found := axe_violations(page)), describe(found)
            assert not scrolls_sideways(page)
        assert not watcher.faults, describe(watcher.faults)
        context.close()
