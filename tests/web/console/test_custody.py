"""Events of custody, duties done for him, notes on his health: each added, none changed."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import CaptiveFactory, CustodyEventFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.models import Captive, CustodyEvent, DutyNote, HealthNote, Place
from wayhome.bureau.captives.rules import CustodyState, EventKind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Permission, Role, roles_with

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
KEY = "0123456789abcdef0123456789abcdef"
PAGES = {
    "event": Permission.RECORD_CUSTODY,
    "duty": Permission.RECORD_CUSTODY,
    "health": Permission.NOTE_HEALTH,
}


@pytest.fixture
def man() -> Captive:
    return CustodyEventFactory().captive


def signed_in(role: Role, site: str = "A") -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(StaffFactory(role=role, site=SiteFactory(code=site)))
    return client


def path_of(man: Captive, name: str) -> str:
    return f"/console/captives/{man.bureau_number}/{name}/"


def today() -> str:
    return timezone.localdate().strftime("%d.%m.%Y")


def written() -> int:
    done = ["custody event recorded", "duty noted", "health noted"]
    return Entry.objects.filter(action__in=done).count()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_each_page_is_served_to_those_whose_work_it_is(man, role, name):
    client = signed_in(role)
    allowed = role in roles_with(PAGES[name])

    assert client.get(path_of(man, name)).status_code == (200 if allowed else 403)
    assert client.post(path_of(man, name), {}).status_code == (422 if allowed else 403)
    assert not written()


@pytest.mark.parametrize(
    ("role", "name"),
    [(Role.REGISTRAR, "event"), (Role.CUSTODY, "duty"), (Role.PHYSICIAN, "health")],
)
def test_another_site_and_nobody_reach_nothing(man, role, name):
    assert signed_in(role, site="B").get(path_of(man, name)).status_code == 404
    assert signed_in(role, site="B").post(path_of(man, name), {}).status_code == 404
    assert Client().post(path_of(man, name), {}).headers["Location"] == "/console/account/login/"


def test_only_what_may_follow_is_offered(man):
    page = signed_in(Role.CUSTODY).get(path_of(man, "event")).content.decode()
    offered = set(re.findall(r'name="kind" value="([^"]+)"', page))
    assert "given to authority" in offered
    assert not offered & {"captured", "returned"}

    CustodyEventFactory(captive=man, kind=EventKind.DIED)
    page = signed_in(Role.CUSTODY).get(path_of(man, "event")).content.decode()
    assert "His custody has ended." in page
    assert re.search(r"<button[^>]* disabled", page)


def test_his_state_and_his_place_follow_from_the_last_event(man):
    client = signed_in(Role.CUSTODY)
    sent = {"kind": "hospital", "on": today(), "new_place": " Госпиталь  Вымышленный ",
            "note": "Перевязка", "idempotency_key": KEY}  # fmt: skip

    answers = {client.post(path_of(man, "event"), sent).headers["Location"] for _ in range(2)}

    assert answers == {f"/console/captives/{man.bureau_number}/"}
    event = man.custody_events.get(number=2)
    assert (event.kind, event.place.name) == (EventKind.HOSPITAL, "Госпиталь Вымышленный")
    assert event.details == {"note": "Перевязка"}
    assert written() == 1
    escaped = {"kind": "escaped", "on": today()}
    assert client.post(path_of(man, "event"), escaped).status_code == 303
    man.refresh_from_db()
    assert man.custody_state == CustodyState.ESCAPED


def test_a_place_of_another_site_cannot_be_chosen(man):
    other = Place.objects.create(site=SiteFactory(code="B"), name="Чужое место")
    client = signed_in(Role.CUSTODY)

    assert "Чужое место" not in client.get(path_of(man, "event")).content.decode()
    answer = client.post(
        path_of(man, "event"), {"kind": "arrived", "on": today(), "place": other.pk}
    )
    assert answer.status_code == 422
    assert not written()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"kind": ""}, "Choose what happened"), ({"kind": "captured"}, "Select a valid choice"),
     ({"on": ""}, "Write when it was"), ({"on": "вчера"}, "Write a date like"),
     ({"on": "1.01.2999"}, "future"), ({"on": "1.01.2020"}, "earlier than the last event"),
     ({"new_place": ""}, "Choose or write the place"), ({"new_place": "Я" * 201}, "at most 200"),
     ({"kind": "given to authority"}, "Write the authority"),
     ({"note": "Я" * 4001}, "at most 4000"),
     ({"time": "25:00"}, "Write a time like")],
)  # fmt: skip
def test_a_refused_event_keeps_what_was_typed_and_leaves_no_trace(man, wrong, says):
    sent = {"kind": "arrived", "on": today(), "new_place": "Новое место", "to_authority": ""}

    answer = signed_in(Role.REGISTRAR).post(path_of(man, "event"), {**sent, **wrong})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'role="alert".*?{says}', page, re.S)
    assert wrong.get("new_place") is not None or 'value="Новое место"' in page
    assert CustodyEvent.objects.count() == 1
    assert not Place.objects.exists()
    assert not written()


@pytest.mark.parametrize("outcome", ["done", "declined"])
def test_what_was_done_for_him_stops_that_clock(man, outcome):
    client = signed_in(Role.CUSTODY)
    sent = {"kind": "rights", "outcome": outcome, "language": "ru", "on": today(),
            "idempotency_key": KEY}  # fmt: skip

    for _ in range(2):
        assert client.post(path_of(man, "duty"), sent).status_code == 303

    note = DutyNote.objects.get()
    assert (note.kind, note.outcome, note.language) == ("rights", outcome, "ru")
    page = client.post(f"/console/captives/{man.bureau_number}/", {"purpose": "custody"})
    page = client.get(f"/console/captives/{man.bureau_number}/").content.decode()
    row = re.search(r"He is told his rights.*?</tr>", page, re.S)
    assert row
    assert "done late" in row[0]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"kind": ""}, "Choose what was done"), ({"kind": "authority"}, "Select a valid choice"),
     ({"on": "весна 2022"}, "A whole day"), ({"on": "1.01.2999"}, "future")],
)  # fmt: skip
def test_a_refused_duty_writes_nothing(man, wrong, says):
    answer = signed_in(Role.CUSTODY).post(
        path_of(man, "duty"), {"kind": "rights", "on": today(), **wrong}
    )

    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert not DutyNote.objects.exists()


def test_a_note_on_his_health_is_read_by_the_physician_alone(man):
    doctor = signed_in(Role.PHYSICIAN)
    sent = {"note": "Перелом\nголени", "cannot_decide": "on", "idempotency_key": KEY}
    for _ in range(2):
        assert doctor.post(path_of(man, "health"), sent).status_code == 303
    assert HealthNote.objects.get().cannot_decide

    for role in (Role.PHYSICIAN, Role.REGISTRAR, Role.CUSTODY, Role.WELFARE, Role.NEUTRAL):
        client = signed_in(role)
        client.post(f"/console/captives/{man.bureau_number}/", {"purpose": "health"})
        page = client.get(f"/console/captives/{man.bureau_number}/").content.decode()
        assert ("Перелом<br>голени" in page) == (role == Role.PHYSICIAN)
        assert ("unable to decide for himself" in page) == (role == Role.PHYSICIAN)


@pytest.mark.parametrize("note", ["", "  \x00\u202e ", "Я" * 4001])
def test_an_empty_or_endless_note_writes_nothing(man, note):
    answer = signed_in(Role.PHYSICIAN).post(path_of(man, "health"), {"note": note})

    assert answer.status_code == 422
    assert not HealthNote.objects.exists()


def test_whom_nobody_could_ask_waits_for_the_physician():
    man = CaptiveFactory(identity_state="unable")
    doctor = signed_in(Role.PHYSICIAN)
    waits = re.compile(r'identity=unable">[^<]+</a>.*?<span class="wh-tag wh-tag--late">1<', re.S)

    assert waits.search(doctor.get("/console/").content.decode())
    doctor.post(path_of(man, "health"), {"note": "Без сознания"})
    assert not waits.search(doctor.get("/console/").content.decode())
