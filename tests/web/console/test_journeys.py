"""The coordinator's pages of journeys."""

import io
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from tests.cases import Case
from tests.factories import StaffFactory
from tests.journeying import BY_TELEPHONE, World
from wayhome.bureau.answers.models import Told as FirstNews
from wayhome.bureau.enquiries.actions import open_draft
from wayhome.bureau.journeys.models import (
    Closure,
    Crossing,
    Escort,
    Journey,
    JourneyNews,
    JourneyPass,
    Way,
)
from wayhome.bureau.journeys.passes import text_of
from wayhome.bureau.returns.facts import standing_appointment
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.web.portal.decoy import SESSION_KEY

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LIST = "/console/journeys/resources/"
CROSSING = {
    "name": "Перехід 1",
    "zone": "Europe/Kyiv",
    "opens": "06:00",
    "closes": "20:00",
    "places_in": "20",
    "places_out": "10",
    "baggage_kg": "30",
    "areas": "стара дорога\n  стара дорога \n",
    "states": "Польща",
}
DAYS = {"from_on_day": "1", "from_on_month": "3", "from_on_year": "2030"}


def of(person: Staff) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person)
    return client


def family_of(case: Case, *, decoy: bool = False) -> Client:
    """Her browser, come in under her PIN or under the second one."""
    client = Client(headers={"accept-language": "en"})
    session = client.session
    session["enquirer_id"] = str(case.enquirer.pk)
    if decoy:
        session[SESSION_KEY] = str(open_draft().pk)
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


@pytest.fixture
def coordinator() -> Client:
    return of(StaffFactory(role=Role.COORDINATOR))


def add(client: Client, kind: str, told: dict[str, Any]) -> Any:
    return client.post(f"{LIST}{kind}/new/", {"idempotency_key": str(uuid.uuid4()), **told})


def test_the_lists_of_journeys_are_kept_searched_and_changed(coordinator):
    assert add(coordinator, "crossing", CROSSING).status_code == 303
    crossing = Crossing.objects.get()
    assert (crossing.areas, crossing.states) == (["стара дорога"], ["Польща"])
    way = {
        "name": "Через перший перехід", "region": "Варшава", "crossing": str(crossing.pk),
        "zone": "Europe/Warsaw", "leaves": "05:00", "crosses": "12:00", "arrives": "19:00",
        "areas": "",
    }  # fmt: skip
    assert add(coordinator, "way", way).status_code == 303
    closure = {"closed": f"way:{Way.objects.get().pk}", "name": "ремонт", **DAYS}
    assert add(coordinator, "closure", closure).status_code == 303
    assert Closure.objects.get().closed == Way.objects.get()
    someone = StaffFactory(role=Role.ESCORT)
    escort = {
        "staff": str(someone.pk),
        "languages": ["ru", "uk"],
        "sex": "F",
        "hours": "15",
        **DAYS,
    }
    assert add(coordinator, "escort", escort).status_code == 303
    assert someone.number in coordinator.get(f"{LIST}?kind=escort").content.decode()

    changed = coordinator.post(f"{LIST}crossing/{crossing.pk}/", {**CROSSING, "places_in": "7"})

    assert changed.status_code == 303
    assert Crossing.objects.get().places_in == 7
    assert "Через" in coordinator.get(f"{LIST}?kind=way&q=варш").content.decode()
    assert "Через" not in coordinator.get(f"{LIST}?kind=way&q=мінськ").content.decode()
    key = {"idempotency_key": str(uuid.uuid4())}
    assert coordinator.post(f"{LIST}escort/{Escort.objects.get().pk}/end/", key).status_code == 303
    assert not Escort.objects.in_use().exists()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"closes": "05:00"}, "It must close after it opens."),
        ({"baggage_kg": "20"}, "at least 25 kilograms"),
        ({"opens": "soon"}, "Write an hour"),
        ({"places_in": "-1"}, "Write a number"),
    ],
    ids=["hours", "baggage", "no hour", "no number"],
)
def test_what_cannot_be_is_refused_at_its_field(coordinator, wrong, says):
    answer = add(coordinator, "crossing", {**CROSSING, **wrong})

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not Crossing.objects.exists()


def test_a_way_crosses_while_the_crossing_is_open_and_in_order(coordinator):
    add(coordinator, "crossing", CROSSING)
    way = {
        "name": "w", "region": "Варшава", "crossing": str(Crossing.objects.get().pk),
        "zone": "Europe/Warsaw", "leaves": "11:30", "crosses": "12:00", "arrives": "19:00",
    }  # fmt: skip

    # 11:30 in Warsaw is 12:30 in Kyiv.
    early = add(coordinator, "way", way).content.decode()
    late = add(coordinator, "way", {**way, "crosses": "21:00", "arrives": "23:00"}).content.decode()

    assert "It must leave before it crosses" in early
    assert "The crossing is closed at this hour." in late
    assert not Way.objects.exists()


def test_nobody_but_the_coordinator_keeps_the_lists():
    assert of(StaffFactory(role=Role.DECISION)).get(LIST).status_code == 403


def test_a_plan_goes_through_its_pages_from_who_travels_to_the_day_that_is_told(coordinator):
    world, case = World(), Case(contact=BY_TELEPHONE)
    _ = case.granted, case.told
    pages, key = "/console/journeys", {"idempotency_key": str(uuid.uuid4())}

    def post(where: str, **told: Any) -> Any:
        return coordinator.post(f"{pages}/{where}", {"idempotency_key": str(uuid.uuid4()), **told})

    assert case.surname in coordinator.get(f"{pages}/travellers/?state=unasked").content.decode()
    told = {"region": "Варшава", "size": "2", "languages": ["ru"], "woman_escort": "yes"}
    assert post(f"travellers/{case.granted.pk}/", **told).status_code == 303
    day = timezone.localdate() + timedelta(days=1)
    first = {"first_on_day": day.day, "first_on_month": day.month, "first_on_year": day.year}
    made = post("plans/", **first, days="6")
    plan = made.url.removeprefix(f"{pages}/")
    page = coordinator.get(made.url).content.decode()
    assert "2 / 10" in page
    assert "It is the first day." in page
    assert post(f"{plan}suppose/", crossing=str(world.first.pk), from_on_day="1").status_code == 422
    closed = {
        f"{name}_{part}": value
        for name in ("from_on", "until_on")
        for part, value in (("day", day.day), ("month", day.month), ("year", day.year))
    }
    what_if = post(f"{plan}suppose/", crossing=str(world.first.pk), **closed)
    assert "1 of 1 promised days are kept" in coordinator.get(what_if.url).content.decode()
    later = day + timedelta(days=2)
    pin = {
        "family": str(case.enquirer.pk),
        "day_day": later.day,
        "day_month": later.month,
        "day_year": later.year,
    }
    chosen = post(f"{plan}pin/", **pin)
    assert "as a person chose" in coordinator.get(chosen.url).content.decode()
    assert "A person chose it." in coordinator.get(made.url).content.decode()
    improving = post(plan, do="improve", seconds="30")
    assert "Stop the search" in coordinator.get(improving.url).content.decode()
    assert post(f"{plan}publish/").status_code == 422
    assert post(plan, do="stop").status_code == 303

    assert post(f"{plan}publish/").status_code == 303

    listed = coordinator.get(f"{pages}/?on={later.isoformat()}").content.decode()
    assert case.surname in listed
    journey = coordinator.get(f"{pages}/{Journey.objects.get().pk}/").content.decode()
    assert "05:00 Warsaw time" in journey
    # No way in is confirmed before the way out of both is there.
    one = f"{Journey.objects.get().pk}/"
    assert post(f"{one}confirm/").status_code == 422
    assert "He has no travel paper." in journey
    _ = case.guaranteed
    leaves = {
        "destination": "Вільнюс",
        "paper": "passport",
        "consents": ["Польща"],
        "phone": "+370 00 (вигаданий)",
        "exits": [str(Journey.objects.get().exit_id)],
    }
    assert coordinator.post(f"{pages}/{one}way-out/his/", leaves).status_code == 422  # no key
    for whose in ("his", "hers"):
        assert post(f"{one}way-out/{whose}/", **leaves).status_code == 303
    kept = coordinator.get(f"{pages}/{one}way-out/hers/").content.decode()
    assert kept.count(" checked") == 2  # of two exits the one, and the State
    assert "any exit" not in coordinator.get(f"{pages}/{one}").content.decode()
    assert (
        post(f"{one}leg-out/", hour="09:00", escort=str(Escort.objects.get().pk)).status_code == 303
    )
    assert post(f"{one}confirm/").status_code == 303
    appointment = standing_appointment(case.granted)
    assert appointment
    assert (appointment.on, appointment.way_out_his["destination"]) == (later, "Вільнюс")
    assert "The act of return is not sealed." in coordinator.get(f"{pages}/{one}").content.decode()
    assert post(f"{one}way-out/his/", **leaves).status_code == 422
    assert post(f"{one}out/").status_code == 422
    # The pass: two words for memory, a page without a name, good for one escort on one day.
    assert post(f"{one}pass/").status_code == 303
    made = JourneyPass.objects.get()
    shown = coordinator.get(f"{pages}/{one}").content.decode()
    assert made.words["hers"] in shown
    paper = coordinator.get(f"{pages}/{one}itinerary/ru.pdf")
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.content)).pages)
    assert "Варшава" in text
    assert not {case.surname, *made.words.values()} & set(text.split())
    escort = of(Escort.objects.get().staff)
    code = text_of(made)
    ahead = escort.post(f"{pages}/today/", {"text": code, **key}).content.decode()
    assert "but for another day" in ahead
    Journey.objects.update(on=timezone.localdate())
    made = JourneyPass.objects.select_related("journey").get()
    theirs = escort.post(f"{pages}/today/", {"text": text_of(made), **key}).content.decode()
    assert made.words["ours"] in theirs
    assert "Варшава" in escort.get(f"{pages}/today/").content.decode()
    other = of(StaffFactory(role=Role.ESCORT))
    assert "Варшава" not in other.get(f"{pages}/today/").content.decode()
    of_other = other.post(f"{pages}/today/", {"text": text_of(made), **key}).content.decode()
    assert "of another convoy" in of_other
    assert made.words["ours"] not in of_other
    assert post(f"{one}pass/end/").status_code == 303
    ended = escort.post(f"{pages}/today/", {"text": text_of(made), **key}).content.decode()
    assert "This pass is not valid." in ended
    assert escort.post(f"{pages}/today/", {}).status_code == 422
    Journey.objects.update(on=later)
    assert post(f"{one}take-back/").status_code == 303
    assert standing_appointment(case.granted) is None

    contact = of(StaffFactory(role=Role.CONTACT))
    assert case.enquiry.bureau_number in contact.get(f"{pages}/to-tell/").content.decode()
    news = f"{pages}/to-tell/{JourneyNews.objects.get().pk}/"
    assert f'lang="{case.language}"' in contact.get(news).content.decode()
    assert contact.post(news).status_code == 422
    assert contact.post(news, key).status_code == 303
    assert case.enquiry.bureau_number not in contact.get(f"{pages}/to-tell/").content.decode()

    # Her own page says it once a person has told her of him, and to nobody under the second PIN.
    hers = family_of(case)
    told_once = FirstNews.objects.filter(pk=case.told.pk)
    told_once.update(withdrawn_at=timezone.now())
    assert "A day is set for your journey" not in hers.get("/bring-home/").content.decode()
    told_once.update(withdrawn_at=None)
    assert "A day is set for your journey" in hers.get("/bring-home/").content.decode()
    assert "If you think that this is wrong" in hers.get("/bring-home/").content.decode()
    hers = family_of(case, decoy=True)
    assert "A day is set for your journey" not in hers.get("/bring-home/").content.decode()
