"""Remains by rule: a lorry against its list, a chain and its gaps, the minimum before a burial."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.bureau.remains.rules.custody import (
    GAP_FROM,
    Break,
    Link,
    gaps_of,
    why_not_hand_over,
    why_not_seal,
    why_not_take_over,
    why_not_times,
)
from wayhome.bureau.remains.rules.intake import (
    bag_key,
    column_of_bags,
    count_of,
    read_bags,
    why_not_close,
)
from wayhome.bureau.remains.rules.register import Found, faults_of_recovery

NOON = datetime(2022, 5, 3, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


# A lorry and its list


def test_a_pasted_list_gives_each_bag_once_in_its_order():
    assert read_bags(" 12 \n13;14,\n\n12\t№ 15\r\n") == ["12", "13", "14", "№ 15"]


def test_a_bag_is_known_again_however_it_is_typed_and_no_other_is_taken_for_it():
    assert bag_key("а–12 / 3") == bag_key("A-12/3") == "A-12/3"
    assert bag_key("1-23") != bag_key("12-3")


@pytest.mark.parametrize(
    ("rows", "bags"),
    [
        ([["№", "Номер мішка", "Звідки"], [1.0, "У-7", "Б"], [2.0, 8.0, "Б"]], ["У-7", "8"]),
        ([["Список від 3 травня"], ["", "Bag number"], [1, "A1"], [2, "A2"]], ["A1", "A2"]),
        ([["77"], ["78"], [""]], ["77", "78"]),
        ([], []),
    ],
)
def test_a_table_gives_the_column_of_the_bags(rows, bags):
    assert column_of_bags(rows) == bags


@given(st.lists(st.lists(st.text() | st.integers() | st.floats() | st.none(), max_size=4)))
def test_any_table_gives_numbers_that_are_told_apart(rows):
    bags = column_of_bags(rows)

    assert len({bag_key(bag) for bag in bags}) == len(bags)


def test_what_differs_is_counted_and_needs_a_word():
    count = count_of([(True, True), (True, False), (False, True)])

    assert (count.listed, count.came, count.missing, count.unlisted) == (2, 2, 1, 1)
    refusal = why_not_close(count, closed=False, words=" ")
    assert refusal
    assert refusal.code == "intake.differs"
    assert why_not_close(count, closed=False, words="Водій каже, що один упав.") is None


# The chain of custody

FIRST = Link(1, "", "S-0001", NOON, NOON)
SECOND = Link(2, "S-0001", "S-0002", NOON + HOUR, NOON + HOUR, seal="A 1", seal_put_on="a1")


def breaks(*links: Link) -> list[tuple[int, Break]]:
    return [(gap.number, gap.kind) for gap in gaps_of(links)]


def test_a_chain_whose_ends_meet_is_whole():
    assert breaks(FIRST, SECOND) == []
    assert breaks() == []


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({"taken_at": NOON + HOUR + GAP_FROM + timedelta(minutes=1)}, Break.TIME),
        ({"giver": "S-0009"}, Break.HANDS),
        ({"seal": "A 2"}, Break.SEAL),
        ({"seal": ""}, Break.NO_SEAL),
        ({"seal_put_on": ""}, Break.SEAL),
        ({"giver_signed": False}, Break.UNSIGNED),
    ],
)
def test_each_break_of_a_chain_is_seen(changed, kind):
    assert breaks(FIRST, replace(SECOND, **changed)) == [(2, kind)]


def test_three_hours_between_two_custodians_are_told():
    late = replace(SECOND, taken_at=SECOND.given_at + 3 * HOUR)

    (gap,) = gaps_of([FIRST, late])

    assert gap.lasted == 3 * HOUR


def test_hours_before_the_first_hands_break_the_chain_too():
    assert breaks(replace(FIRST, taken_at=NOON + HOUR)) == [(1, Break.TIME)]


def test_a_gap_is_not_healed_by_what_comes_after_it():
    third = Link(3, "S-0002", "S-0003", NOON + 2 * HOUR, NOON + 2 * HOUR, "A1", "A1")

    assert breaks(FIRST, replace(SECOND, seal=""), third) == [(2, Break.NO_SEAL)]


GIVING = {"holds": True, "waits": False, "buried": False, "to_oneself": False, "condition": "ціла"}


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"holds": False}, ["custody.not_yours"]),
        ({"waits": True}, ["custody.waits"]),
        ({"buried": True}, ["custody.buried"]),
        ({"to_oneself": True}, ["custody.oneself"]),
        ({"condition": " "}, ["custody.no_condition"]),
    ],
)
def test_only_who_has_them_gives_them_and_only_once(changed, codes):
    assert [one.code for one in why_not_hand_over(**{**GIVING, **changed})] == codes


@pytest.mark.parametrize(
    ("outside", "holds", "reason", "codes"),
    [
        (True, False, "", []),
        (False, False, "", ["custody.unsigned"]),
        (False, False, "Він поранений.", []),
        (False, True, "", ["custody.yours"]),
    ],
)
def test_one_signature_is_enough_from_outside_alone(outside, holds, reason, codes):
    refusals = why_not_take_over(
        outside_holds=outside, waits=False, buried=False, holds=holds, reason=reason
    )

    assert [one.code for one in refusals] == codes


def test_hands_change_in_the_order_of_time():
    def codes(given_at, taken_at):
        refusals = why_not_times(
            given_at=given_at, taken_at=taken_at, last_at=NOON, now=NOON + HOUR
        )
        return [one.code for one in refusals]

    assert codes(NOON, NOON) == []
    assert codes(NOON - HOUR, None) == ["custody.before_last"]
    assert codes(NOON + 2 * HOUR, None) == ["custody.future"]
    assert codes(NOON + HOUR, NOON) == ["custody.taken_before"]


def test_a_seal_is_used_once_and_an_opened_one_says_why():
    def codes(**changed):
        told = {"holds": True, "seal": "7", "used": False, "first": False, "reason": "розтин"}
        return [one.code for one in why_not_seal(**{**told, **changed})]

    assert codes() == []
    assert codes(used=True) == ["custody.seal_used"]
    assert codes(seal="") == ["custody.no_seal"]
    assert codes(reason="") == ["custody.no_reason"]
    assert codes(reason="", first=True) == []
    assert codes(holds=False) == ["custody.not_yours"]


# How they were found


@pytest.mark.parametrize(
    ("found", "codes"),
    [
        (Found(scene="лісосмуга"), []),
        (Found(grid="37U DQ 123 456"), []),
        (Found(), ["remains.no_scene"]),
        (Found(latitude="48.5", longitude="37.9"), []),
        (Found(scene="ліс", latitude="48.5"), ["remains.half_a_place"]),
        (Found(latitude="91", longitude="37"), ["remains.coordinates"]),
        (Found(latitude="48.5", longitude="схід"), ["remains.coordinates"]),
        (Found(latitude="nan", longitude="37"), ["remains.coordinates"]),
        (Found(scene="ліс", on="2999-01-01"), ["remains.future"]),
    ],
)
def test_remains_are_found_somewhere_on_earth_and_not_tomorrow(found, codes):
    assert [one.code for one in faults_of_recovery(found, today=NOON.date())] == codes
