"""The decision table of the roads home: one test for each row of the law that it carries out."""

import re
from dataclasses import fields, replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bureau.returns.test_rules import OPEN, codes
from wayhome.bureau.returns.rules import (
    NEEDS_HIS_YES,
    ROAD_NAMES,
    STOPPED_BY_LEGAL,
    TABLE,
    WHOSE_NAMES,
    Facts,
    Road,
    Whose,
    by_when,
    is_eligible,
    missing_for_act,
    reasons_against,
    rows_of,
    what_she_can_bring,
    why_not_decide,
)
from wayhome.bureau.returns.rules.applying import ApplicationState
from wayhome.bureau.returns.rules.grounds import (
    FOUND_BY,
    VALUES,
    FindingKind,
    GroundKind,
    why_not_check_ground,
    why_not_find,
    why_not_record_ground,
)
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import ACTORS, HERE, path_of, read

TODAY = date(2026, 3, 17)
BOOLEANS = [each.name for each in fields(Facts) if each.name not in ("road", "assessed")]
facts = st.builds(
    Facts,
    road=st.sampled_from(Road),
    assessed=st.sampled_from([None, True, False]),
    **{name: st.booleans() for name in BOOLEANS},
)


def on(road: Road, **changed: object) -> list[str]:
    return codes(replace(OPEN, road=road, **changed))


# The table itself.


def test_every_row_says_why_by_which_provision_on_which_fact_and_whose_it_is():
    for row in TABLE:
        assert hasattr(OPEN, row.fact), row.fact
        assert row.roads <= set(Road)
        reason = row.reason
        assert reason.words, row.fact
        assert reason.rests_on, row.fact
        assert reason.provision, row.fact
        assert reason.whose in WHOSE_NAMES
    assert len({row.reason.code for row in TABLE}) == len(TABLE)
    assert set(ROAD_NAMES) == set(Road)


def test_every_fact_is_read_by_the_table_or_by_the_act_and_no_other_is_there():
    """Whoever adds a fact answers for it here: nothing of faith, origin, opinion, word or money."""
    assert {each.name for each in fields(Facts)} == {
        "road", "in_custody", "his_yes", "yes_is_fresh", "fears", "assessed", "harm_flag",
        "by_family", "match_stands", "kinship_proven", "she_comes", "way_out_his",
        "way_out_hers", "no_is_new", "court_hold", "child", "guardian_agrees", "seriously_ill",
        "fit_certified", "gravely_ill", "for_neutral", "proposed", "agreement",
        "neutral_accepts", "parole_allowed", "gave_his_word", "hostilities_ended",
        "retained_unneeded", "programme_open", "within_limits", "guaranteed",
    }  # fmt: skip


@given(facts)
def test_an_empty_list_opens_the_road_and_nothing_else_does(one: Facts):
    reasons = reasons_against(one)

    assert is_eligible(one) == (not reasons)
    assert {reason.code for reason in reasons} == {
        row.reason.code for row in rows_of(one.road) if not getattr(one, row.fact)
    }
    assert set(reasons) <= set(missing_for_act(one))


@given(facts)
def test_his_yes_clears_nothing_but_its_own_row(one: Facts):
    """G1, GC III 7: consent is one needed condition, never the only one (LAW 7)."""
    without = {reason.code for reason in reasons_against(replace(one, his_yes=False))}
    with_it = {reason.code for reason in reasons_against(replace(one, his_yes=True))}

    assert without - with_it == ({"returns.no_yes"} if one.road in NEEDS_HIS_YES else set())


@given(facts)
def test_no_road_goes_past_the_rules_that_bind_all(one: Facts):
    stopped = one.fears or one.harm_flag or one.court_hold or one.assessed is not True
    reasons = [reason.code for reason in reasons_against(one)]

    assert (STOPPED_BY_LEGAL.code in reasons) >= stopped
    assert ("returns.not_held" in reasons) == (not one.in_custody)


def test_by_when_has_a_day_for_officials_and_none_for_his_will_or_a_family():
    within = read(path_of("ua")).within
    for row in TABLE:
        day = by_when(row.reason, TODAY, within)
        assert (day is None) == (row.reason.whose in {Whose.CAPTIVE, Whose.FAMILY})
        assert day is None or day > TODAY
    assert set(ACTORS) == {each.value for each in Whose} - {"captive", "family"}


# One for each row of the law.


def test_law_7_an_agreement_may_only_improve_and_a_second_lawyer_says_so():
    asked = {"recorded_by_me": False, "checked": False, "ended": False}

    assert why_not_check_ground(**asked, only_improves=True) is None
    lessens = why_not_check_ground(**asked, only_improves=False)
    assert lessens
    assert (lessens.code, lessens.provision) == ("grounds.lessens", "GC III 6-7")
    mine = why_not_check_ground(**{**asked, "recorded_by_me": True}, only_improves=True)
    assert mine
    assert mine.code == "grounds.second"
    assert on(Road.EXCHANGE, agreement=False) == ["returns.no_agreement"]


def test_law_12_equal_in_everything_but_faith_are_equal_since_nothing_can_read_it():
    text = " ".join(f"{row.fact} {row.reason.rests_on}" for row in TABLE).lower()
    text += " ".join(each.name for each in fields(Facts))
    text += " ".join(f"{kind} {' '.join(values)}" for kind, values in VALUES.items())

    assert not re.search(r"relig|faith|church|ethnic|nation|race|opinion|party|politic", text)


@pytest.mark.parametrize("fact", ["parole_allowed", "gave_his_word"])
def test_law_18_parole_needs_his_states_law_and_his_free_word_before_a_neutral(fact):
    (reason,) = reasons_against(replace(OPEN, road=Road.PAROLE, **{fact: False}))

    assert reason.provision == "GC III 21"
    assert FindingKind.WORD in FOUND_BY[Permission.OPEN_SITTING]  # heard by the neutral alone
    no_text = why_not_find(FindingKind.WORD, "given", words=" ", until=None, today=TODAY)
    assert [refusal.code for refusal in no_text] == ["findings.words"]
    assert on(Road.EXCHANGE, **{fact: False}) == []  # nobody is compelled: other roads stay


@pytest.mark.parametrize("road", list(Road))
def test_law_23_nobody_who_is_ill_is_moved_without_a_certificate_that_still_holds(road):
    assert on(road, seriously_ill=True) == []
    assert on(road, seriously_ill=True, fit_certified=False) == ["returns.unfit"]


@pytest.mark.parametrize(("days", "is_kept"), [(0, True), (31, True), (32, False), (-1, False)])
def test_law_23_a_certificate_of_fitness_runs_out(days, is_kept):
    until = TODAY + timedelta(days=days)
    against = why_not_find(FindingKind.FIT, "fit", words="", until=until, today=TODAY)

    assert (against == []) == is_kept
    assert why_not_find(FindingKind.FIT, "fit", words="", until=None, today=TODAY)
    assert not why_not_find(FindingKind.FIT, "not fit", words="", until=None, today=TODAY)


def test_law_33_the_gravely_ill_go_home_when_fit_and_never_against_their_will():
    assert on(Road.MEDICAL) == []
    assert on(Road.MEDICAL, his_yes=False) == ["returns.no_yes"]
    assert on(Road.MEDICAL, fit_certified=False) == ["returns.unfit"]
    assert on(Road.MEDICAL, gravely_ill=False) == ["returns.not_grave"]
    neutral = {"gravely_ill": False, "for_neutral": True}
    assert on(Road.NEUTRAL, **neutral) == []
    assert on(Road.MEDICAL, **neutral) == ["returns.not_grave"]
    assert on(Road.NEUTRAL, **neutral, neutral_accepts=False) == ["returns.no_neutral"]


@pytest.mark.parametrize("by", ["physician", "representative", "own power", "himself"])
def test_law_34_whoever_is_proposed_must_be_examined(by):
    assert not why_not_find(FindingKind.PROPOSED, by, words="", until=None, today=TODAY)
    assert on(Road.MEDICAL, proposed=True) == ["returns.not_examined"]
    assert on(Road.NEUTRAL, proposed=True) == ["returns.not_examined"]
    assert on(Road.EXCHANGE, proposed=True) == []  # it keeps him from no other road


def test_law_35_discipline_keeps_nobody_and_a_court_does():
    assert not re.search("disciplin", repr(VALUES) + repr(TABLE) + repr(BOOLEANS))
    for road in Road:
        assert on(road, court_hold=True) == ["returns.legal"]


def test_law_36_costs_are_never_a_reason():
    told = repr([(row.fact, str(row.reason.words), str(row.reason.rests_on)) for row in TABLE])

    assert not re.search(r"\b(cost|price|pay|paid|money|fee|fund|expens)", told + repr(BOOLEANS))


def test_law_37_his_word_is_given_on_the_road_of_parole_alone():
    asking = [row.roads for row in TABLE if row.fact == "gave_his_word"]

    assert asking == [frozenset({Road.PAROLE})]


def test_law_38_at_the_end_of_hostilities_no_yes_is_needed_and_danger_is_assessed():
    end = Road.END_OF_HOSTILITIES

    assert on(end, his_yes=False) == []
    assert on(end, hostilities_ended=False) == ["returns.not_ended"]
    assert on(end, assessed=None) == ["returns.legal"]
    assert on(end, his_yes=False, no_is_new=True) == ["returns.legal"]  # individually assessed
    assert on(Road.EXCHANGE, no_is_new=True) == []  # there his no is its own reason
    # What may still hold a man back is a closed list, whatever the facts.
    holds = {row.reason.code for row in rows_of(end)}
    assert holds == {
        "returns.not_ended", "returns.not_held", "returns.legal", "returns.child",
        "returns.unfit", "returns.no_match", "returns.kinship",
    }  # fmt: skip


def test_law_38_hostilities_do_not_end_on_a_day_to_come():
    kind, tomorrow = GroundKind.HOSTILITIES_ENDED, TODAY + timedelta(days=1)
    told = {"reference": "акт", "until_on": None, "today": TODAY}

    assert not why_not_record_ground(kind, from_on=TODAY, **told)
    against = why_not_record_ground(kind, from_on=tomorrow, **told)
    assert [refusal.code for refusal in against] == ["grounds.future"]


def test_law_39_only_an_indictable_offence_holds_and_the_court_is_named():
    assert set(VALUES[FindingKind.COURT]) == {"proceedings", "sentence", "ended"}
    nameless = why_not_find(FindingKind.COURT, "proceedings", words="", until=None, today=TODAY)
    assert [refusal.code for refusal in nameless] == ["findings.words"]
    other = why_not_find(FindingKind.COURT, "arrest", words="14 дней", until=None, today=TODAY)
    assert [refusal.code for refusal in other] == ["findings.value"]
    assert min(read(path).baggage_kg for path in HERE.glob("*.toml")) >= 25


def test_law_57_a_refusal_has_a_reason_and_a_day_and_every_reason_somebody_who_can_change_it():
    kept = {
        "state": ApplicationState.OPEN,
        "granted": False,
        "reasons": [],
        "reason": "не теперь",
        "today": TODAY,
    }

    assert [one.code for one in why_not_decide(**kept, review_on=None)] == ["returns.review"]
    assert [one.code for one in why_not_decide(**{**kept, "reason": " "}, review_on=TODAY)] == [
        "returns.reason"
    ]
    assert all(row.reason.whose for row in TABLE)


def test_law_58_no_report_of_abuse_and_no_complaint_can_be_read_by_a_road():
    names = " ".join(BOOLEANS) + " ".join(row.reason.code for row in TABLE)

    assert not re.search("complain|abuse|report|worr|objection|discipl|conduct", names)


@pytest.mark.parametrize("road", list(Road))
@pytest.mark.parametrize("hers", list(product([True, False], repeat=2)))
def test_law_59_her_coming_is_help_with_travel_and_never_a_price(road, hers):
    she_comes, way_out = hers
    alone = replace(OPEN, road=road, she_comes=False, way_out_hers=False)

    assert not missing_for_act(alone)
    assert on(road, she_comes=she_comes, way_out_hers=way_out) == []
    nobody = {"by_family": False, "match_stands": False, "kinship_proven": False}
    assert not missing_for_act(replace(alone, **nobody))  # GC III 16: nor having a family


@pytest.mark.parametrize("road", list(Road))
@pytest.mark.parametrize("fears", [True, False])
@pytest.mark.parametrize("assessed", [None, False])
def test_law_63_whatever_he_said_he_is_assessed_and_a_known_danger_stops_every_road(
    road, fears, assessed
):
    assert on(road, fears=fears, assessed=assessed) == ["returns.legal"]


@pytest.mark.parametrize("road", list(Road))
def test_law_64_a_child_has_a_track_of_his_own(road):
    assert on(road, child=True) == ["returns.child"]
    assert on(road, child=True, guardian_agrees=True) == []
    assert on(road, child=False, guardian_agrees=False) == []


# Who reads what.


@given(facts)
def test_a_family_reads_only_what_she_herself_can_bring(one: Facts):
    hers = what_she_can_bring(reasons_against(one))

    assert {reason.code for reason in hers} <= {"returns.kinship"}
    hidden = replace(one, fears=True, harm_flag=True, his_yes=False, seriously_ill=True)
    assert what_she_can_bring(reasons_against(hidden)) == hers
