"""What stands against a road home, as tables."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from wayhome.bureau.returns.rules import (
    NEEDS_HIS_YES,
    ApplicationState,
    Facts,
    Road,
    WaysOut,
    Whose,
    looked_at_again_on,
    missing_for_act,
    reasons_against,
    why_not_appoint,
    why_not_decide,
)

OPEN = Facts(
    road=Road.EXCHANGE,
    in_custody=True,
    his_yes=True,
    fears=False,
    assessed=True,
    harm_flag=False,
    by_family=True,
    match_stands=True,
    kinship_proven=True,
    she_comes=True,
    way_out_his=True,
    way_out_hers=True,
    yes_is_fresh=True,
    fit_certified=True,
    gravely_ill=True,
    agreement=True,
    neutral_accepts=True,
    parole_allowed=True,
    gave_his_word=True,
    hostilities_ended=True,
    retained_unneeded=True,
    programme_open=True,
)
STOPS = {
    "no road": ({"road": None}, "returns.no_road"),
    "not in custody": ({"in_custody": False}, "returns.not_held"),
    "no yes of his": ({"his_yes": False}, "returns.no_yes"),
    "he fears": ({"fears": True}, "returns.legal"),
    "substantial danger": ({"assessed": False}, "returns.legal"),
    "not assessed": ({"assessed": None}, "returns.legal"),
    "a harm flag": ({"harm_flag": True}, "returns.legal"),
    "a court": ({"court_hold": True}, "returns.legal"),
    "a child": ({"child": True}, "returns.child"),
    "ill and not certified": ({"fit_certified": False, "seriously_ill": True}, "returns.unfit"),
    "no match": ({"match_stands": False}, "returns.no_match"),
    "kinship not proven": ({"kinship_proven": False}, "returns.kinship"),
}


def codes(facts: Facts) -> list[str]:
    return [reason.code for reason in reasons_against(facts)]


@pytest.mark.parametrize("road", list(Road))
def test_each_road_is_open_when_nothing_stands_against_it(road):
    assert codes(replace(OPEN, road=road)) == []
    assert not missing_for_act(replace(OPEN, road=road))


@pytest.mark.parametrize("what", STOPS)
def test_each_thing_stops_the_road_alone(what):
    changed, code = STOPS[what]

    assert codes(replace(OPEN, **changed)) == [code]


@pytest.mark.parametrize("road", list(Road))
def test_only_the_end_of_hostilities_needs_no_yes_of_his(road):
    without = codes(replace(OPEN, road=road, his_yes=False))

    assert (without == ["returns.no_yes"]) == (road in NEEDS_HIS_YES)
    assert {Road.END_OF_HOSTILITIES} == set(Road) - NEEDS_HIS_YES


@pytest.mark.parametrize("road", list(Road))
def test_a_yes_of_long_ago_stops_the_act_and_not_the_road(road):
    stale = replace(OPEN, road=road, yes_is_fresh=False)

    assert codes(stale) == []
    missing = [reason.code for reason in missing_for_act(stale)]
    assert missing == (["returns.stale_yes"] if road in NEEDS_HIS_YES else [])


@pytest.mark.parametrize("road", list(Road))
@pytest.mark.parametrize(
    "change", [{"fears": True}, {"assessed": None}, {"harm_flag": True}, {"court_hold": True}]
)
def test_no_road_at_all_goes_past_the_legal_officer(road, change):
    assert "returns.legal" in codes(replace(OPEN, road=road, **change))


def test_fear_danger_flag_and_no_assessment_are_one_reason():
    several = replace(OPEN, fears=True, assessed=None, harm_flag=True, court_hold=True)

    assert codes(several) == ["returns.legal"]
    alone = {reasons_against(replace(OPEN, **change))[0] for change in (
        {"fears": True}, {"assessed": False}, {"assessed": None}, {"harm_flag": True},
        {"court_hold": True},
    )}  # fmt: skip
    assert len(alone) == 1


def test_a_family_reads_only_what_she_herself_can_bring():
    everything = replace(OPEN, **{k: v for change, _ in STOPS.values() for k, v in change.items()})
    hers = [r for r in reasons_against(replace(everything, match_stands=True))
            if r.whose == Whose.FAMILY]  # fmt: skip

    assert [reason.code for reason in hers] == ["returns.kinship"]


def test_one_without_family_needs_neither_match_nor_kinship_nor_her_way_out():
    nobody = {"by_family": False, "she_comes": False, "way_out_hers": False}
    alone = replace(OPEN, match_stands=False, kinship_proven=False, **nobody)

    assert not missing_for_act(alone)


def test_he_goes_home_though_she_cannot_travel():
    assert not missing_for_act(replace(OPEN, she_comes=False, way_out_hers=False))


@pytest.mark.parametrize(
    ("change", "code"),
    [({"way_out_his": False}, "returns.his_way_out"), ({"way_out_hers": False},
      "returns.her_way_out")],
)  # fmt: skip
def test_no_act_without_a_way_out_for_both(change, code):
    assert [reason.code for reason in missing_for_act(replace(OPEN, **change))] == [code]


S = ApplicationState
TODAY, FIRST = date(2026, 3, 17), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("state", "granted", "against", "reason", "review_on", "codes"),
    [
        (S.OPEN, True, [], "условия есть", None, []),
        (S.OPEN, False, [], "позже", FIRST, []),
        (S.OPEN, True, [], " ", None, ["returns.reason"]),
        (S.OPEN, False, [], "позже", None, ["returns.review"]),
        (S.OPEN, False, [], "позже", FIRST + timedelta(days=1), ["returns.review_late"]),
        (S.REFUSED, True, [], "теперь есть", None, []),
        (S.REFUSED, False, [], "ещё позже", FIRST, []),
        (S.GRANTED, True, [], "ещё раз", None, ["returns.decided"]),
        (S.WITHDRAWN, False, [], "ещё раз", FIRST, ["returns.decided"]),
        (S.CLOSED, False, [], "ещё раз", FIRST, ["returns.decided"]),
        (S.OPEN, True, reasons_against(replace(OPEN, road=None)), "всё равно", None,
         ["returns.no_road"]),
        (S.OPEN, False, reasons_against(replace(OPEN, road=None)), "позже", FIRST, []),
    ],
)  # fmt: skip
def test_when_a_decision_can_be_taken(state, granted, against, reason, review_on, codes):
    said = why_not_decide(
        state=state,
        granted=granted,
        reasons=against,
        reason=reason,
        review_on=review_on,
        today=TODAY,
    )

    assert [refusal.code for refusal in said] == codes


@pytest.mark.parametrize(
    ("today", "again"),
    [
        (date(2026, 3, 1), date(2026, 4, 1)),
        (date(2026, 3, 31), date(2026, 4, 1)),
        (date(2026, 12, 2), date(2027, 1, 1)),
    ],
)
def test_every_wish_is_looked_at_again_on_the_first_of_the_next_month(today, again):
    assert looked_at_again_on(today) == again


@pytest.mark.parametrize(
    ("state", "days", "codes"),
    [
        (S.GRANTED, 0, []),
        (S.GRANTED, 30, []),
        (S.GRANTED, -1, ["returns.past"]),
        (S.OPEN, 1, ["returns.not_granted"]),
        (S.CLOSED, 1, ["returns.not_granted"]),
    ],
)
def test_when_a_day_can_be_set(state, days, codes):
    today = date(2026, 3, 1)
    both, day = WaysOut(his=True, hers=None), today + timedelta(days=days)
    said = why_not_appoint(state=state, on=day, today=today, ways_out=both)

    assert [refusal.code for refusal in said] == codes
