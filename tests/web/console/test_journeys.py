"""The coordinator's pages of journeys."""

import uuid
from typing import Any

import pytest
from django.test import Client

from tests.factories import StaffFactory
from wayhome.bureau.journeys.models import Closure, Crossing, Escort, Way
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

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
