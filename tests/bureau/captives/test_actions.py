"""Cards and custody: what is written, what is refused, and that nothing is overwritten."""

import threading
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import override_settings
from django.utils import timezone

from tests.factories import CaptiveFactory, CustodyEventFactory, SiteFactory, StaffFactory
from wayhome.bureau.captives.actions import (
    Captured,
    DutyDone,
    Happening,
    Received,
    correct_card,
    find_or_make_place,
    note_duty,
    record_custody_event,
    register_captive,
    unsaved_captive,
)
from wayhome.bureau.captives.announcements import card_changed, custody_changed
from wayhome.bureau.captives.models import Captive, CaptureCard, CustodyEvent, DutyNote
from wayhome.bureau.captives.rules import (
    Captor,
    CustodyState,
    DutyKind,
    EventKind,
    IdentityState,
    StatusBasis,
)
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import NumberCounter
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.numbers import is_valid
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CLERKS = 20
E = EventKind
CARD = {
    "surname": "Буйничев",
    "given": "Прохор",
    "rank": "рядовой",
    "born": "2001-21",
    "born_as_said": "весна 2001",
    "service_no": "declined",
    "unit": "unknown",
    "mother_name": "Буйничева Агафья",
}


def received(**captured) -> Received:
    return Received(CARD, Captured(**{"on": "2022-04-16", **captured}))


@pytest.fixture
def clerk():
    return StaffFactory(role=Role.REGISTRAR)


@pytest.fixture
def captive(clerk):
    return register_captive(received=received(), by=clerk)


def said(signal) -> list[dict]:
    """Collects what a signal tells from now on, while the list is held."""
    heard: list[dict] = []

    def hear(sender, **told):
        heard.append(told)

    signal.connect(hear, weak=False, dispatch_uid="test")
    return heard


@pytest.fixture
def announced():
    yield {"card": said(card_changed), "custody": said(custody_changed)}
    for signal in (card_changed, custody_changed):
        signal.disconnect(dispatch_uid="test")


def test_a_captive_gets_a_number_a_card_and_a_first_event(clerk, announced):
    captive = register_captive(
        received=received(captor=Captor.CIVILIANS, by="жители села", where="за рекой"), by=clerk
    )

    assert is_valid(captive.bureau_number)
    assert captive.bureau_number.startswith(f"{clerk.site_id}-")
    assert captive.name == "Буйничев Прохор"
    assert (captive.born, captive.service_no, captive.unit) == ("2001-21", "", "")
    assert captive.status_basis == StatusBasis.PRESUMED
    assert captive.custody_state == CustodyState.HELD
    assert captive.given_to_authority_at is None
    card = captive.cards.get()
    assert (card.as_received, card.version, card.reason) == (CARD, 1, None)
    event = captive.custody_events.get()
    assert (event.kind, event.happened_on) == (E.CAPTURED, "2022-04-16")
    assert event.details == {"captor": "civilians", "by": "жители села", "where": "за рекой"}
    assert [told["captive"] for told in announced["card"]] == [captive]
    assert [told["event"] for told in announced["custody"]] == [event]
    entry = Entry.objects.get()
    assert (entry.action, entry.person) == ("captive registered", captive.bureau_number)
    assert Notice.objects.filter(captive=captive).exists()


def test_the_card_is_encrypted_under_his_own_key(captive):
    with connection.cursor() as cursor:
        cursor.execute("SELECT as_received FROM captives_capturecard")
        raw = bytes(cursor.fetchone()[0])
        cursor.execute("SELECT details FROM captives_custodyevent")
        details = cursor.fetchone()[0]

    assert "Буйничева".encode() not in raw
    assert details is None or b"captor" not in bytes(details)
    assert captive.cards.get().key == captive.key


def test_an_authority_that_took_him_itself_has_him_at_once(clerk):
    captive = register_captive(
        received=received(captor=Captor.AUTHORITY, by="Військова служба"), by=clerk
    )

    kinds = list(captive.custody_events.values_list("kind", flat=True))
    assert kinds == [E.CAPTURED, E.GIVEN_TO_AUTHORITY]
    assert captive.given_to_authority_at is not None


def test_given_to_an_authority_at_a_moment(clerk):
    at = timezone.now() - timedelta(hours=3)
    captive = register_captive(
        received=received(given_to="Військова служба", given_at=at), by=clerk
    )

    assert captive.given_to_authority_at == at
    assert captive.last_event().details == {"to": "Військова служба"}


@pytest.mark.parametrize("value", ["declined", "unknown", "unable"])
def test_what_he_did_not_say_is_no_name(clerk, value):
    card = {**CARD, "surname": value, "given": value}
    captive = register_captive(received=Received(card, Captured(on="unknown")), by=clerk)

    assert (captive.surname, captive.name, captive.captured_on) == ("", "", "")
    assert captive.cards.get().as_received["surname"] == value
    assert (captive.identity_state == IdentityState.UNABLE) == (value == "unable")


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Received({}, Captured(on="2022-04-16")), "captives.nobody"),
        (Received(CARD, Captured(on="2021-01-01")), "captives.before_war"),
        (Received(CARD, Captured(on="2022-04-16", given_to="Служба")), "captives.no_day_given"),
        (Received({**CARD, "born": "2021"}, Captured(on="2022")), "captives.age"),
    ],
)
def test_a_refused_registration_leaves_no_trace(clerk, bad, code):
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        register_captive(received=bad, by=clerk)

    for model in (Captive, CaptureCard, CustodyEvent, PersonKey, Entry, NumberCounter, Notice):
        assert not model.objects.exists(), model


@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_who_may_register_correct_and_record(role):
    by, captive = StaffFactory(role=role), CaptiveFactory()
    CustodyEventFactory(captive=captive)
    tries = {
        Permission.REGISTER_CAPTIVE: lambda: register_captive(received=received(), by=by),
        Permission.CORRECT_CARD: lambda: correct_card(
            captive=captive, card=CARD, reason="ослышка", by=by
        ),
        Permission.RECORD_CUSTODY: lambda: record_custody_event(
            captive=captive, happened=Happening(E.LEFT, at=timezone.now()), by=by
        ),
    }
    for permission, attempt in tries.items():
        if role in roles_with(permission):
            attempt()
        else:
            with pytest.raises(Forbidden):
                attempt()


def test_the_core_makes_rows_that_can_be_stored_many_at_once(clerk):
    now = timezone.now()
    new = [
        unsaved_captive(
            received=received(), number=f"A-90000{n}-X", site=clerk.site, by=clerk, now=now
        )
        for n in range(3)
    ]
    PersonKey.objects.bulk_create(one.key for one in new)
    Captive.objects.bulk_create(one.captive for one in new)
    CaptureCard.objects.bulk_create(one.card for one in new)
    CustodyEvent.objects.bulk_create(event for one in new for event in one.events)

    assert [card.as_received for card in CaptureCard.objects.select_related("key")] == [CARD] * 3
    assert Captive.objects.filter(surname="Буйничев").count() == 3


def test_a_corrected_card_supersedes_and_nothing_is_overwritten(captive, clerk, announced):
    first = bytes(raw_card(captive, 1))
    correct_card(
        captive=captive, card={"surname": "Бунычев", "unit": ""}, reason=" ослышка ", by=clerk
    )

    old, new = captive.cards.order_by("version")
    assert bytes(raw_card(captive, 1)) == first
    assert old.as_received == CARD
    assert new.as_received == {**{k: v for k, v in CARD.items() if k != "unit"},
                               "surname": "Бунычев"}  # fmt: skip
    assert (new.version, new.reason) == (2, "ослышка")
    captive.refresh_from_db()
    assert (captive.surname, captive.given) == ("Бунычев", "Прохор")
    assert bytes(captive.sort_uk)
    assert len(announced["card"]) == 1
    assert Entry.objects.filter(action="card corrected").count() == 1


def raw_card(captive: Captive, version: int) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT as_received FROM captives_capturecard WHERE captive_id=%s AND version=%s",
            [captive.pk, version],
        )
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("card", "reason", "code"),
    [
        ({"surname": "Бунычев"}, "  ", "no_reason"),
        ({"surname": "Буйничев"}, "ослышка", "same"),
        ({"born": "2023-01-01"}, "ослышка", "born_in_future|age"),
        (dict.fromkeys(["surname", "given", "rank", "born", "service_no"], ""), "так", "nobody"),
    ],
)
def test_a_refused_correction_leaves_no_trace(captive, clerk, card, reason, code):
    before = Entry.objects.count()

    with pytest.raises(Refused, match=code):
        correct_card(captive=captive, card=card, reason=reason, by=clerk)

    assert captive.cards.count() == 1
    assert Entry.objects.count() == before
    assert Captive.objects.get().surname == "Буйничев"


def test_the_database_holds_a_correction_without_a_reason_back(captive):
    with pytest.raises(IntegrityError, match="card_correction_has_a_reason"), transaction.atomic():
        CaptureCard.objects.create(
            captive=captive, key=captive.key, version=2, as_received=CARD, reason=None
        )


def test_his_state_and_the_clock_follow_from_the_ledger(captive, clerk):
    place = find_or_make_place(site=clerk.site, name="Зоряний ", by=clerk)
    start = timezone.now() - timedelta(days=5)
    steps = [
        Happening(E.GIVEN_TO_AUTHORITY, at=start, to_authority="Служба"),
        Happening(E.ARRIVED, at=start + timedelta(days=1), place=place, note="автобусом"),
        Happening(E.ESCAPED, at=start + timedelta(days=2)),
        Happening(E.CAPTURED, at=start + timedelta(days=3), by="жители"),
        Happening(E.DIED, at=start + timedelta(days=4)),
    ]
    states, given = [], []
    for step in steps:
        record_custody_event(captive=captive, happened=step, by=clerk)
        captive.refresh_from_db()
        states.append(captive.custody_state)
        given.append(captive.given_to_authority_at)

    assert states == ["held", "held", "escaped", "held", "dead"]
    assert given == [start, start, start, None, None]
    assert [event.number for event in captive.custody_events.all()] == [1, 2, 3, 4, 5, 6]
    assert captive.custody_events.get(number=3).place.name == "Зоряний"
    assert captive.custody_events.get(number=3).details == {"note": "автобусом"}


@pytest.mark.parametrize(
    ("happened", "code"),
    [
        (Happening(E.RETURNED, on="2022-05-01"), "by_act"),
        (Happening(E.ARRIVED, on="2022-05-01"), "no_place"),
        (Happening(E.LEFT), "no_time"),
        (Happening(E.CAPTURED, on="2022-05-01"), "order"),
        (Happening(E.LEFT, on="2022-04-01"), "before"),
        (Happening(E.LEFT, on="2190-04-01"), "future"),
    ],
)
def test_a_refused_event_leaves_no_trace(captive, clerk, happened, code):
    before = Entry.objects.count()

    with pytest.raises(Refused, match=rf"captives\.{code}"):
        record_custody_event(captive=captive, happened=happened, by=clerk)

    assert captive.custody_events.count() == 1
    assert Entry.objects.count() == before
    assert Captive.objects.get().custody_state == CustodyState.HELD


def test_custody_closes_once_and_every_number_stands_once(captive):
    common = {"captive": captive, "key": captive.key}
    with pytest.raises(IntegrityError, match="custody_event_number_once"), transaction.atomic():
        CustodyEvent.objects.create(number=1, kind=E.LEFT, **common)
    CustodyEvent.objects.create(number=2, kind=E.DIED, **common)
    with pytest.raises(IntegrityError, match="custody_closes_at_most_once"), transaction.atomic():
        CustodyEvent.objects.create(number=3, kind=E.RELEASED, **common)


def test_a_duty_done_is_noted_by_whoever_keeps_custody(captive, clerk):
    done = DutyDone(DutyKind.RIGHTS, at=timezone.now(), language="ru")

    note = note_duty(captive=captive, done=done, by=clerk)

    assert (note.kind, note.noted_by) == (DutyKind.RIGHTS, clerk)
    assert Entry.objects.filter(action="duty noted", purpose="rights").count() == 1
    with pytest.raises(Refused, match=r"captives\.duty"):
        note_duty(captive=captive, done=DutyDone(DutyKind.AUTHORITY, timezone.now()), by=clerk)
    with pytest.raises(Forbidden):
        note_duty(captive=captive, done=done, by=StaffFactory(role=Role.LEGAL))
    assert DutyNote.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@override_settings(PROCRASTINATE_ON_APP_READY=None)
def test_of_twenty_clerks_who_record_the_next_event_at_once_one_succeeds():
    site = SiteFactory()
    captive = CaptiveFactory(site=site)
    CustodyEventFactory(captive=captive)
    clerks = [StaffFactory(role=Role.CUSTODY, site=site) for _ in range(CLERKS)]
    ready, came = threading.Barrier(CLERKS), []
    at = timezone.now()

    def one(clerk) -> None:
        ready.wait(timeout=30)
        try:
            happened = Happening(E.LEFT, at=at, note=f"{clerk.number}")
            came.append(record_custody_event(captive=captive, happened=happened, by=clerk).number)
        except Refused as refused:
            came.append(refused.refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(clerk,)) for clerk in clerks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    told = came.count("captives.order")
    print(f"{CLERKS} at once: {came.count(2)} recorded, {told} told why not")
    assert came.count(2) == 1
    assert told == CLERKS - 1
    assert captive.custody_events.count() == 2
    assert Entry.objects.filter(action="custody event recorded").count() == 1
