"""What an escort's phone tells: each once, in the phone's order, whatever the network did."""

import random
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.factories import StaffFactory
from tests.journeying import confirmed_today
from tests.traces import nothing_written
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journeys import phones
from wayhome.bureau.journeys.cancelling import cancel_journey
from wayhome.bureau.journeys.convoy_day import day_of
from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey
from wayhome.bureau.journeys.phones import Told, keep_events, load_day, phone_of
from wayhome.bureau.journeys.plans import make_plan
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import keep_resource
from wayhome.bureau.journeys.rules.convoy import (
    BRINGS_LATE,
    CLOCK_MAY_DIFFER,
    RING_AFTER,
    Conflict,
    Event,
    EventKind,
    complete_to,
    trail_of,
)
from wayhome.bureau.journeys.rules.plans import Cancelled
from wayhome.bureau.journeys.rules.resources import ResourceKind
from wayhome.bureau.journeys.trails import awaited, missed, trails
from wayhome.bureau.journeys.ways_out import LegOut, confirm_journey, keep_leg_out
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

K, C = EventKind, Conflict
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
IN, OUT, BACK = K.CHECK_IN, K.CHECK_OUT, K.TURN_BACK


def told(number: int, kind: EventKind = IN, leg: int | None = 1, **more: Any) -> Event:
    """The number-th thing that a phone told, each a minute after the last."""
    at = more.pop("at", NOON + timedelta(minutes=number))
    phone = more.pop("phone", "a")
    received = more.pop("received_at", at)
    return Event(more.pop("id", f"{phone}{number}"), phone, number, kind, leg, at, received, **more)


def conflicts_of(*events: Event) -> list[tuple[str, Conflict]]:
    complete = {one.phone: 100 for one in events}
    lines = trail_of(events, complete).lines
    return [(line.event.id, wrong) for line in lines for wrong in line.conflicts]


def test_a_gap_is_where_a_number_is_missing():
    assert [complete_to(numbers) for numbers in ([], [1], [2], [1, 2, 4], [3, 1, 2, 2])] == [
        0, 1, 0, 2, 3,
    ]  # fmt: skip


WRONG: list[tuple[str, tuple[Event, ...], list[tuple[str, Conflict]]]] = [
    ("in order", (told(1), told(2, OUT), told(3, IN, 2), told(4, OUT, 2)), []),
    ("twice", (told(1), told(2)), [("a2", C.TWICE)]),
    ("closed already", (told(1), told(2, OUT), told(3, OUT)), [("a3", C.TWICE)]),
    ("not begun", (told(1, OUT),), [("a1", C.NOT_BEGUN)]),
    ("set out after arriving", (told(1, OUT), told(2)), [("a1", C.NOT_BEGUN), ("a2", C.TWICE)]),
    ("two phones", (told(1), told(2, IN, phone="b")), [("b2", C.TWO_PHONES)]),
    ("by telephone too", (told(1), told(0, IN, phone="", at=NOON + timedelta(hours=1))),
     [("0", C.TWO_PHONES)]),
    ("on after turning back", (told(1), told(2, BACK), told(3, OUT)), [("a3", C.TURNED_BACK)]),
    ("clock set back", (told(1), told(2, OUT, at=NOON)), [("a2", C.BACKWARDS)]),
    ("clock ahead", (told(1, at=NOON, received_at=NOON - CLOCK_MAY_DIFFER - timedelta(1)),),
     [("a1", C.AHEAD)]),
    ("one number", (told(1), told(1, K.LOST, None, at=NOON + timedelta(1), id="x")),
     [("x", C.ONE_NUMBER)]),
    ("after the wipe", (told(1), told(2, OUT, after_wipe=True)), [("a2", C.AFTER_WIPE)]),
]  # fmt: skip


@pytest.mark.parametrize(("events", "wrong"), [row[1:] for row in WRONG], ids=[r[0] for r in WRONG])
def test_what_does_not_fit_together_is_said_and_nothing_is_dropped(events, wrong):
    assert conflicts_of(*events) == wrong
    assert len(trail_of(events, {"a": 100, "b": 100}).lines) == len(events)


def test_every_conflict_has_a_case():
    assert {wrong for row in WRONG for _, wrong in row[2]} == set(Conflict)


def test_what_stands_behind_a_gap_waits_and_closes_no_leg():
    trail = trail_of([told(1), told(3, IN, 2)], {"a": 1})

    assert [line.waits for line in trail.lines] == [False, True]
    assert list(trail.legs) == [1]


def test_what_counts_is_the_first_word():
    trail = trail_of([told(1), told(2), told(3, OUT)], {"a": 3})

    assert trail.legs[1].checked_in.id == "a1"
    assert trail.legs[1].checked_out.id == "a3"


# A busy machine is no fault of what is tried.
quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
EVENTS = some.lists(
    some.tuples(
        some.sampled_from("ab"),
        some.integers(1, 6),
        some.sampled_from([IN, OUT, BACK, K.LOST]),
        some.integers(1, 2),
        some.integers(-3, 3),
        some.booleans(),
    ),
    max_size=12,
    unique_by=lambda row: row[:2],
)


@quickly
@given(EVENTS, some.integers(0, 2**32))
def test_the_trail_is_the_same_in_whatever_order_things_arrived(rows, seed):
    events = [
        Event(f"{phone}{number}", phone, number, kind, None if kind == K.LOST else leg,
              NOON + timedelta(minutes=number + shift), NOON, wiped)
        for phone, number, kind, leg, shift, wiped in rows
    ]  # fmt: skip
    complete = {
        phone: complete_to(one.number for one in events if one.phone == phone) for phone in "ab"
    }
    other = random.Random(seed).sample(events, len(events))

    trail = trail_of(events, complete)

    assert trail == trail_of(other, complete)
    assert sorted(line.event.id for line in trail.lines) == sorted(one.id for one in events)
    for phone in "ab":
        numbers = [line.event.number for line in trail.lines if line.event.phone == phone]
        assert numbers == sorted(numbers)


# With the database.


@pytest.fixture
def journey(db: None) -> Journey:
    return confirmed_today()


@pytest.fixture
def phone(journey: Journey) -> ConvoyPhone:
    return loaded(journey)


def loaded(journey: Journey) -> ConvoyPhone:
    token, knock = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    phone = load_day(token=token, knock=knock, by=journey.escort.staff)
    assert phone_of(token) == phone
    return phone


def said(journey: Journey, number: int, kind: EventKind, leg: int | None) -> Told:
    return Told(journey.pk, number, kind, leg, timezone.now())


def a_day(journey: Journey) -> list[Told]:
    kinds = [(K.PASS, None), (IN, 1), (OUT, 1), (IN, 2), (K.LOST, None), (K.WELL, None), (OUT, 2)]
    return [said(journey, number, *one) for number, one in enumerate(kinds, start=1)]


def test_a_phone_gets_the_families_of_its_escort_and_of_today(journey):
    phone = loaded(journey)
    day = day_of(phone, "ru")

    assert day is not None
    (family,) = day["families"]
    assert family["id"] == str(journey.pk)
    assert [leg["number"] for leg in family["legs"]] == [1, 2]
    assert "по Варшаве" in family["legs"][0]["departs"]
    assert Entry.objects.filter(action="day loaded onto a phone").count() == 1
    captive = journey.application.captive
    assert captive is not None
    assert captive.surname not in str(day)
    assert captive.bureau_number not in str(day)
    idle = StaffFactory(role=Role.ESCORT)
    with nothing_written(), pytest.raises(Refused, match=r"convoy\.nobody"):
        load_day(token="t", knock="k", by=idle)
    with pytest.raises(Forbidden):
        load_day(token="t", knock="k", by=StaffFactory(role=Role.LEGAL))
    ConvoyPhone.objects.update(until_at=timezone.now(), loaded_at=phone.loaded_at - timedelta(1))
    phone.refresh_from_db()
    assert day_of(phone, "ru") is None


def replanned(journey: Journey, by: Staff) -> Journey:
    """Its crossing closes on the day itself, and a plan with another way is published."""
    today = timezone.localdate()
    closed = {"name": "обстріл", "what": "crossing", "crossing": journey.crossing,
              "from_on": today, "until_on": today}  # fmt: skip
    keep_resource(kind=ResourceKind.CLOSURE, told=closed, by=by)
    publish_plan(plan=make_plan(first_on=today, days=1, by=by), by=by)
    found: Journey = Journey.objects.standing().with_all().get(application=journey.application)
    return found


def test_who_is_planned_anew_on_the_day_goes_the_other_way_and_does_not_turn_back(journey, phone):
    desk = StaffFactory(role=Role.COORDINATOR)

    def of_day() -> tuple[Any, list[str]]:
        day = day_of(phone, "ru")
        assert day is not None
        (family,) = day["families"]
        return family, day["ended"]

    before, _ = of_day()
    assert (before["stops"], before["waits"]) == (False, False)
    new = replanned(journey, desk)
    assert (new.on, new.crossing != journey.crossing) == (journey.on, True)

    # Until the other way is confirmed they wait, and what the phone noted of the first is kept.
    assert keep_events(phone=phone, told=[said(journey, 1, IN, 1)]) == 1
    waiting, invalid = of_day()
    assert waiting["id"] == before["id"]
    assert (waiting["stops"], waiting["waits"], invalid) == (True, True, [before["pass"]])

    leaves = timezone.now() + timedelta(days=14)
    keep_leg_out(journey=new, leg=LegOut(leaves, new.escort), by=desk)
    confirm_journey(journey=new, by=desk)
    for _ in range(2):
        keep_events(phone=phone, told=[])
    now, invalid = of_day()
    assert (now["id"], now["way"]) == (str(new.pk), new.way.name)
    assert (now["stops"], now["waits"], invalid) == (False, False, [])
    # The pass that they carry is good on it, and its words are the same.
    same = ("pass", "hers", "ours", "persons")
    assert [now[name] for name in same] == [before[name] for name in same]
    assert keep_events(phone=phone, told=[said(new, 2, IN, 1)]) == 2
    looked = Entry.objects.filter(action="looked at", purpose="convoy")
    assert looked.count() == 2

    cancel_journey(new, Cancelled.ROAD_CLOSED, desk)

    stopped, _ = of_day()
    assert (stopped["id"], stopped["stops"], stopped["waits"]) == (str(new.pk), True, False)


def test_a_day_asked_for_twice_with_one_secret_is_one_phone(journey):
    by = journey.escort.staff

    assert load_day(token="t", knock="k", by=by) == load_day(token="t", knock="k", by=by)


def test_cut_repeated_and_shuffled_deliveries_keep_each_once_and_in_order(journey, phone):
    """As a network that comes and goes delivers: 40 rounds of it, each by another chance."""
    day = a_day(journey)
    chance = random.Random(1949)
    for delivery in _deliveries(day, chance):
        keep_events(phone=phone, told=delivery)
        kept = set(phone.events.all().numbers())
        trail = trails([journey])[journey.pk]
        waiting = {line.event.number for line in trail.lines if line.waits}
        assert waiting == {number for number in kept if number > complete_to(kept)}

    assert keep_events(phone=phone, told=day) == len(day)
    assert ConvoyEvent.objects.count() == len(day)
    assert Entry.objects.filter(action="told from the way").count() == len(day)
    trail = trails([journey])[journey.pk]
    assert [line.event.number for line in trail.lines] == list(range(1, len(day) + 1))
    assert not trail.conflicts
    assert all(leg.checked_in and leg.checked_out for leg in trail.legs.values())


def _deliveries(day: list[Told], chance: random.Random) -> Iterator[list[Told]]:
    for _ in range(40):
        some_of_it = chance.sample(day, chance.randint(1, 4))
        yield some_of_it + chance.sample(some_of_it, 1)


def test_the_same_number_with_other_words_is_kept_and_shown(journey, phone):
    keep_events(phone=phone, told=[said(journey, 1, IN, 1)])
    keep_events(phone=phone, told=[said(journey, 1, K.ARREST, None)])

    (line,) = trails([journey])[journey.pk].conflicts
    assert line.conflicts == (C.ONE_NUMBER,)


def test_what_is_no_entry_of_its_families_is_refused_whole(journey, phone):
    good, bad = said(journey, 1, IN, 1), said(journey, 2, IN, 3)
    other = Told(phone.pk, 2, K.LOST, None, timezone.now())

    for wrong in (bad, other, said(journey, 2, IN, None), said(journey, 2, K.LOST, 1)):
        with nothing_written(), pytest.raises(Refused, match=r"convoy\.event"):
            keep_events(phone=phone, told=[good, wrong])


def test_a_phone_brings_late_and_is_forgotten_after_a_week_or_with_its_escort(journey, phone):
    day, ago = a_day(journey), BRINGS_LATE + timedelta(hours=13)
    loaded_at = phone.loaded_at
    ConvoyPhone.objects.update(
        loaded_at=loaded_at - ago, until_at=loaded_at - ago + timedelta(hours=12)
    )
    with pytest.raises(Refused, match=r"convoy\.over"):
        keep_events(phone=phone, told=day)
    ConvoyPhone.objects.update(until_at=loaded_at - timedelta(days=6))
    assert keep_events(phone=phone, told=day[:2]) == 2
    staff = journey.escort.staff
    staff.is_active = False
    staff.save()
    with pytest.raises(Refused, match=r"convoy\.over"):
        keep_events(phone=phone, told=day)
    assert phones.note_knock(phone=phone, wiped=False, last=7)


def test_a_phone_that_is_wiped_says_so_and_how_much_was_lost_with_it(journey, phone):
    keep_events(phone=phone, told=a_day(journey)[:2])
    coordinator = StaffFactory(role=Role.COORDINATOR)
    assert not phones.note_knock(phone=phone, wiped=False, last=2)

    phones.ask_wipe(phone=phone, by=coordinator)

    with nothing_written(), pytest.raises(Refused, match=r"convoy\.wiped"):
        phones.ask_wipe(phone=phone, by=coordinator)
    # What it brings from now on is kept, and does not count: somebody else may hold it.
    keep_events(phone=phone, told=a_day(journey)[2:3])
    assert trails([journey])[journey.pk].legs[1].checked_out is None
    assert phones.note_knock(phone=phone, wiped=True, last=5)
    phone.refresh_from_db()
    assert (phone.never_brought, bool(phone.wiped_at)) == (2, True)
    with pytest.raises(Forbidden):
        phones.ask_wipe(phone=phone, by=journey.escort.staff)
    # A copy of a phone that said it was wiped tells nothing that counts.
    copied = loaded(journey)
    phones.note_knock(phone=copied, wiped=True, last=0)
    keep_events(phone=copied, told=a_day(journey)[2:3])
    assert ConvoyEvent.objects.get(phone=copied).after_wipe


def test_a_word_that_did_not_come_rings_after_half_an_hour(journey):
    first, second = journey.legs.order_by("number")
    departs, arrives = first.departs_at, first.arrives_at

    def ringing(at: datetime) -> list[tuple[int, str]]:
        return [(leg.number, leg.awaits) for leg in missed(at)]

    assert not awaited(departs - timedelta(seconds=1))
    assert not ringing(departs + RING_AFTER - timedelta(seconds=1))
    assert ringing(departs + RING_AFTER) == [(1, IN)]
    desk = StaffFactory(role=Role.COORDINATOR)
    phones.note_heard(journey=journey, kind=IN, leg=1, by=desk)
    assert not ringing(departs + RING_AFTER)
    assert ringing(arrives + RING_AFTER) == [(1, OUT), (2, IN)]
    phones.note_heard(journey=journey, kind=OUT, leg=1, by=desk)
    phones.note_heard(journey=journey, kind=IN, leg=2, by=desk)
    assert ringing(second.arrives_at + RING_AFTER) == [(2, OUT)]
    phones.note_heard(journey=journey, kind=BACK, leg=2, by=desk)
    assert not ringing(second.arrives_at + timedelta(days=1))


def test_an_alarm_stands_until_somebody_has_seen_it(journey, phone):
    keep_events(phone=phone, told=[said(journey, 1, K.STOP_WORD, None)])
    (alarm,) = ConvoyEvent.objects.alarms()
    desk = StaffFactory(role=Role.COORDINATOR)

    phones.note_seen(event=alarm, by=desk)

    assert not ConvoyEvent.objects.alarms()
    with nothing_written(), pytest.raises(Refused, match=r"convoy\.seen"):
        phones.note_seen(event=alarm, by=desk)
