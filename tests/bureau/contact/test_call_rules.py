"""The rules of calls: states, reasons, windows, minutes, and the lot by which times are drawn."""

from datetime import UTC, datetime, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.bureau.contact.calls import rules
from wayhome.bureau.contact.calls.choosing import (
    DAYS,
    OFFERED_FROM,
    OFFERS,
    STEP,
    Free,
    Part,
    Times,
    choose,
    times_from,
)
from wayhome.bureau.contact.calls.rules import CallState, Entering, Reason
from wayhome.lib.refusal import Refusal

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
ZONES = ("Europe/Moscow", "Asia/Kamchatka", "America/New_York", "Europe/Kyiv", "Nowhere/At all")
times = st.builds(
    Times,
    st.sampled_from(ZONES),
    st.lists(st.sampled_from(DAYS), unique=True),
    st.lists(st.sampled_from(Part), unique=True),
)
free = st.lists(
    st.builds(
        Free,
        st.builds(uuid4),
        st.integers(0, 20 * 24 * 12).map(lambda n: NOW + n * STEP),
        st.sampled_from([15, 30, 45]),
    ),
    max_size=60,
)


def test_every_state_is_in_the_table_and_nothing_follows_an_end():
    assert set(rules.MAY_FOLLOW) == set(CallState)
    for state in rules.OVER:
        assert not rules.MAY_FOLLOW[state]
    assert set(rules.REASON_NAMES) == set(Reason)
    assert {*rules.TO_MUTE, *rules.TO_END, *rules.TO_CANCEL}.isdisjoint(rules.BY_ITSELF)


@given(free, times, times, st.integers(), st.sampled_from(rules.MINUTES))
def test_what_is_offered_suits_both_lies_on_different_days_and_in_its_slot(
    slots, hers, his, seed, minutes
):
    chosen = choose(slots, minutes=minutes, hers=hers, his=his, now=NOW, lot=Random(seed))

    by_id = {one.slot: one for one in slots}
    assert len(chosen) <= OFFERS
    for one in chosen:
        slot, end = by_id[one.slot], one.starts_at + timedelta(minutes=minutes)
        assert slot.starts_at <= one.starts_at
        assert end <= slot.starts_at + timedelta(minutes=slot.minutes)
        assert one.starts_at >= NOW + OFFERED_FROM
        assert hers.suit(one.starts_at)
        assert his.suit(one.starts_at)
    days = [one.starts_at.astimezone(ZoneInfo("UTC")).date() for one in chosen]
    assert len({one.slot for one in chosen}) == len(chosen)
    assert days == sorted(days)


def test_what_many_are_offered_does_not_show_from_which_hour_to_which_the_site_calls():
    """The first slot of every day is offered no oftener than any other."""
    slots = [
        Free(uuid4(), NOW.replace(hour=hour) + timedelta(days=day), 45)
        for day in range(3, 10)
        for hour in range(8, 17)
    ]
    any_time, lot = Times("UTC"), Random(7)
    hours: dict[int, int] = {}
    for _ in range(400):
        for one in choose(slots, minutes=15, hers=any_time, his=any_time, now=NOW, lot=lot):
            hours[one.starts_at.hour] = hours.get(one.starts_at.hour, 0) + 1

    assert max(hours.values()) < 2 * min(hours.values())


def test_her_evening_stays_her_evening_when_the_clocks_change():
    evening = Times("America/New_York", parts=(Part.EVENING,))
    before = datetime(2026, 3, 7, 22, tzinfo=UTC)  # 17 o'clock in New York
    after = datetime(2026, 3, 8, 21, tzinfo=UTC)  # 17 o'clock too, a day and the change later

    assert (evening.suit(before), evening.suit(after)) == (True, True)
    assert not evening.suit(before - timedelta(hours=1))
    assert not evening.suit(after - timedelta(hours=1))


def test_a_wish_is_read_back_as_it_was_kept():
    wish = Times("Asia/Yakutsk", (1, 5), (Part.MORNING,))

    assert times_from(wish.as_json(), zone="Europe/Kyiv") == Times(
        "Asia/Yakutsk", (1, 5), (Part.MORNING,)
    )
    assert times_from(None, zone="Europe/Kyiv") == Times("Europe/Kyiv")


@given(st.lists(st.tuples(st.floats(0, 600), st.floats(0, 600)), max_size=8))
def test_however_often_the_line_drops_they_have_all_their_minutes(spans):
    """Each span is so long together, then so long apart: only the first is counted."""
    used, now = 0.0, NOW
    for together, apart in spans:
        used += together
        now += timedelta(seconds=together + apart)

    left = rules.seconds_left(15, used, None, now)

    assert left == max(0, round(15 * 60 - sum(together for together, _ in spans)))


@given(st.sampled_from(Reason), st.booleans(), st.integers())
def test_when_she_learns_of_it_is_drawn_by_lot_and_never_tells_the_reason(reason, was_open, seed):
    at = rules.learns_at(reason, was_open=was_open, now=NOW, lot=Random(seed))

    if reason in rules.FREEZING:
        assert at is None
    elif reason == Reason.FAMILY_ENDED:
        assert at == NOW  # she herself did it
    else:
        same = rules.learns_at(Reason.SITE_CANNOT, was_open=was_open, now=NOW, lot=Random(seed))
        assert at == same
        assert at > NOW


@pytest.mark.parametrize(
    ("facts", "after", "code"),
    [
        ({}, timedelta(), None),
        ({}, -timedelta(minutes=16), "call.not_now"),
        ({}, timedelta(minutes=31), "call.not_now"),
        ({"came_before": True, "state": CallState.OPEN}, timedelta(minutes=40), None),
        ({"came_before": True}, timedelta(minutes=40), "call.not_now"),
        ({"used": True}, timedelta(), "call.link_used"),
        ({"state": CallState.ENDED}, timedelta(), "call.over"),
        ({"state": CallState.OFFERED}, timedelta(), "call.over"),
    ],
)
def test_a_link_is_refused_plainly(facts, after, code):
    base = {
        "used": False, "starts_at": NOW, "state": CallState.AGREED, "came_before": False,
    }  # fmt: skip

    refusal = rules.why_not_enter(Entering(**{**base, **facts}), NOW + after)

    assert (refusal.code if refusal else None) == code


def test_nothing_but_all_that_it_rests_on_permits_a_call():
    good = {"against": (), "told": True, "frozen": False, "his_no": False}
    bad = {"against": (Refusal("x", ""),), "told": False, "frozen": True, "his_no": True}

    assert not rules.why_not_call(rules.Calling(**good))
    for name, value in bad.items():
        assert len(rules.why_not_call(rules.Calling(**{**good, name: value}))) == 1
