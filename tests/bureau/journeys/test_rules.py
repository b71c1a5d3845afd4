"""What may be published, pinned, supposed; what makes waiting heavier."""

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wayhome.bureau.journeys.rules.plans import (
    EXTRA_WEIGHT,
    HEAVIEST,
    JOURNEY_MAY_BECOME,
    JOURNEY_STATES,
    MAY_BECOME,
    OVER_CAP,
    PLAN_STATES,
    RULE_NAMES,
    JourneyState,
    PlanState,
    Urgent,
    weight_of,
    why_not_pin,
    why_not_plan,
    why_not_publish,
    why_not_suppose,
)
from wayhome.bureau.journeys.rules.resources import why_not_way
from wayhome.cores.planning.choices import RULES

DAY = date(2030, 3, 5)
GOOD: dict[str, Any] = {
    "state": PlanState.DRAFT, "supposed": False, "stale": False, "placed": 3, "faults": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"state": PlanState.IMPROVING}, "plans.state"),
        ({"state": PlanState.PUBLISHED}, "plans.state"),
        ({"supposed": True}, "plans.supposed"),
        ({"stale": True}, "plans.stale"),
        ({"placed": 0}, "plans.empty"),
        ({"faults": ["closed"]}, "plans.faults"),
    ],
    ids=["improving", "published", "supposed", "stale", "empty", "faults"],
)
def test_a_plan_is_published_only_when_nothing_stands_against_it(change, code):
    assert not why_not_publish(**GOOD)
    assert [one.code for one in why_not_publish(**{**GOOD, **change})] == [code]


def test_every_state_and_every_rule_of_the_core_has_words():
    assert set(MAY_BECOME) == set(PLAN_STATES) == set(PlanState)
    assert set(JOURNEY_MAY_BECOME) == set(JOURNEY_STATES) == set(JourneyState)
    assert set(RULES) <= set(RULE_NAMES)


def test_whoever_waits_longest_goes_first_however_urgent_others_are():
    assert weight_of([], he_is_ill=False) == 1
    assert weight_of(list(Urgent), he_is_ill=True) == HEAVIEST < OVER_CAP
    assert set(EXTRA_WEIGHT) == set(Urgent)


def test_days_are_those_of_the_plan():
    asked = {"families": 1, "first": DAY, "today": DAY, "days": 10}
    assert not why_not_plan(**asked)
    assert [one.code for one in why_not_plan(**{**asked, "today": date(2030, 3, 6)})] == [
        "plans.past"
    ]
    assert [one.code for one in why_not_plan(**{**asked, "families": 0})] == ["plans.nobody"]
    assert why_not_pin(day=None, days=[DAY]) is None
    assert why_not_pin(day=date(2030, 3, 9), days=[DAY])
    assert why_not_suppose(first=DAY, last=DAY, days=[DAY]) is None
    assert why_not_suppose(first=date(2030, 4, 1), last=date(2030, 4, 2), days=[DAY])


@pytest.mark.parametrize(
    ("hours", "zone", "codes"),
    [
        ((5, 12, 19), "Europe/Warsaw", []),
        ((12, 12, 19), "Europe/Warsaw", ["journeys.order"]),
        ((5, 22, 23), "Europe/Warsaw", ["journeys.closed_then"]),
        # 00:30 in Minsk is the evening before in Kyiv: a journey takes one day.
        ((0, 12, 19), "Europe/Minsk", ["journeys.order"]),
    ],
    ids=["good", "order", "closed", "two days"],
)
def test_a_way_takes_one_day_in_the_order_of_its_hours(hours, zone, codes):
    zones = (zone, "Europe/Kyiv", "Europe/Kyiv")
    leaves, crosses, arrives = (
        datetime.combine(DAY, time(hour, 30), ZoneInfo(each))
        for hour, each in zip(hours, zones, strict=True)
    )
    found = why_not_way(
        leaves=leaves, crosses=crosses, arrives=arrives, opens=time(6), closes=time(20)
    )
    assert [one.code for one in found] == codes
