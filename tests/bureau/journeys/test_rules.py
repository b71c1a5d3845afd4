"""What may be published, pinned, supposed; what makes waiting heavier."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wayhome.bureau.journeys.rules.passes import Verdict, verdict_of
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
from wayhome.bureau.journeys.rules.way_out import (
    Out,
    Readiness,
    TravelPaper,
    exits_for,
    why_not_confirm,
    why_not_out,
    why_not_take_back,
)
from wayhome.bureau.returns.rules import Reason, Whose
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


OUT = Out("Вільнюс", TravelPaper.ICRC, date(2031, 1, 1), ("Польща",), "+370 00")
READY = Readiness(
    state=JourneyState.PLANNED,
    on=DAY,
    leaves_on=DAY + timedelta(days=14),
    today=DAY,
    his=OUT,
    hers=OUT,
    exit="захід",
    states=("Польща",),
    has_escort_out=True,
    has_hour_out=True,
    dangers=(),
    closed=False,
)
NO_YES = Reason("returns.no_yes", "", Whose.CAPTIVE)
LACKS: dict[str, tuple[dict[str, Any], str]] = {
    "no destination": ({"his": replace(OUT, destination=" ")}, "journeys.his_destination"),
    "no paper": ({"his": replace(OUT, paper="")}, "journeys.his_paper"),
    "her paper ends": ({"hers": replace(OUT, paper_until=DAY)}, "journeys.her_paper_ends"),
    "a State not asked": ({"states": ("Польща", "Литва")}, "journeys.his_transit"),
    "another exit leads where he goes": (
        {"his": replace(OUT, exits=("південь",))},
        "journeys.his_exit",
    ),
    "another exit leads where she goes": (
        {"hers": replace(OUT, exits=("південь",))},
        "journeys.her_exit",
    ),
    "no telephone": ({"hers": replace(OUT, phone="")}, "journeys.her_phone"),
    "13 nights": ({"leaves_on": DAY + timedelta(days=13)}, "journeys.nights"),
    "no escort out": ({"has_escort_out": False}, "journeys.escort_out"),
    "no hour out": ({"has_hour_out": False}, "journeys.hour_out"),
    "danger": ({"dangers": ("ліс",)}, "journeys.danger"),
    "closed": ({"closed": True}, "journeys.closed"),
    "past": ({"today": DAY + timedelta(days=1)}, "journeys.past"),
    "cancelled": ({"state": JourneyState.CANCELLED}, "journeys.state"),
    "his no": ({"missing": (NO_YES,)}, "returns.no_yes"),
}


@pytest.mark.parametrize("what", LACKS)
def test_no_way_in_is_confirmed_without_a_way_out_for_both(what):
    change, code = LACKS[what]

    assert not why_not_confirm(READY)
    assert not why_not_confirm(replace(READY, his=replace(OUT, exits=("захід", "південь"))))
    assert code in [one.code for one in why_not_confirm(replace(READY, **change))]


@pytest.mark.parametrize(
    ("his", "hers", "both"),
    [
        ((), (), None),
        (("захід", "південь"), (), {"захід", "південь"}),
        ((), ("захід",), {"захід"}),
        (("захід", "південь"), ("південь", "північ"), {"південь"}),
        (("захід",), ("північ",), set()),
    ],
    ids=["nobody said", "he said", "she said", "one in common", "none in common"],
)
def test_both_leave_by_an_exit_that_leads_where_each_chose_to_go(his, hers, both):
    assert exits_for([replace(OUT, exits=his), replace(OUT, exits=hers)]) == both


def test_the_duty_to_bring_them_out_closes_once_the_act_is_sealed_and_the_way_confirmed():
    assert not why_not_out(state=JourneyState.CONFIRMED, act_sealed=True)
    assert why_not_out(state=JourneyState.CONFIRMED, act_sealed=False)
    assert why_not_out(state=JourneyState.PLANNED, act_sealed=True)


def test_no_confirmation_is_taken_back_once_the_act_is_sealed():
    assert not why_not_take_back(JourneyState.CONFIRMED, act_sealed=False)
    assert why_not_take_back(JourneyState.CONFIRMED, act_sealed=True)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, Verdict.GOOD),
        ({"is_ours": False}, Verdict.INVALID),
        ({"stands": False}, Verdict.INVALID),
        ({"on": date(2030, 3, 6)}, Verdict.OTHER_DAY),
        ({"mine": False}, Verdict.OTHER_CONVOY),
        # Of what is worth nothing nobody learns for which day it was.
        ({"stands": False, "on": date(2030, 3, 6)}, Verdict.INVALID),
    ],
    ids=["good", "forged", "ended", "another day", "another convoy", "ended of another day"],
)
def test_a_pass_is_good_on_its_day_for_its_escort_alone(change, verdict):
    good = {"is_ours": True, "stands": True, "on": DAY, "today": DAY, "mine": True}

    assert verdict_of(**{**good, **change}) == verdict
