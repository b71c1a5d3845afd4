"""Teeth by their numbers, the minimum set before a burial, lists of effects: rules alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.bureau.remains.rules.burial import (
    Minimum,
    why_not_bury,
    why_not_lay_out,
    why_not_this_grave,
)
from wayhome.bureau.remains.rules.findings import Piece, why_not_keep_examination, why_not_list
from wayhome.bureau.remains.rules.teeth import (
    ADULT,
    MILK,
    Tooth,
    Verdict,
    chart_from,
    chart_of,
    compare_charts,
    compare_tooth,
    counted,
    lines_of,
    read_teeth,
    why_not_chart,
)

NOON = datetime(2022, 5, 3, 12, 0, tzinfo=UTC)
teeth = st.sampled_from(sorted(ADULT | MILK))
charts = st.dictionaries(teeth, st.sampled_from(list(Tooth)))


# Teeth


def test_a_mouth_has_thirty_two_teeth_and_a_childs_twenty():
    assert (len(ADULT), len(MILK)) == (32, 20)


@pytest.mark.parametrize(
    ("earlier", "later", "verdict"),
    [
        (Tooth.SOUND, Tooth.SOUND, Verdict.AGREES),
        (Tooth.SOUND, Tooth.FILLED, Verdict.EXPLAINED),
        (Tooth.FILLED, Tooth.SOUND, Verdict.CONTRADICTS),
        (Tooth.LOST_IN_LIFE, Tooth.SOUND, Verdict.CONTRADICTS),
        (Tooth.LOST_IN_LIFE, Tooth.IMPLANT, Verdict.EXPLAINED),
        (Tooth.CROWN, Tooth.FILLED, Verdict.CONTRADICTS),
        (Tooth.NOT_YET_THROUGH, Tooth.SOUND, Verdict.EXPLAINED),
        (Tooth.SOUND, Tooth.NOT_YET_THROUGH, Verdict.CONTRADICTS),
        (Tooth.SOUND, Tooth.LOST_AFTER_DEATH, Verdict.SILENT),
        (Tooth.SOUND, None, Verdict.SILENT),
        (None, Tooth.SOUND, Verdict.SILENT),
    ],
)
def test_a_later_state_agrees_is_explained_or_contradicts(earlier, later, verdict):
    assert compare_tooth(earlier, later) == verdict


def test_no_tooth_grows_whole_again_by_any_way():
    """Whatever may follow what may follow: nothing leads back to a sound tooth."""

    def may_become(earlier, later):
        return compare_tooth(earlier, later) in (Verdict.AGREES, Verdict.EXPLAINED)

    drilled = set(Tooth) - {Tooth.SOUND, Tooth.NOT_YET_THROUGH, Tooth.LOST_AFTER_DEATH}
    for earlier in drilled:
        assert not may_become(earlier, Tooth.SOUND), earlier
    for one in Tooth:
        for two in Tooth:
            for three in Tooth:
                if Verdict.SILENT not in (compare_tooth(one, two), compare_tooth(two, three)):
                    chain = may_become(one, two) and may_become(two, three)
                    assert not chain or may_become(one, three), (one, two, three)


@given(charts, charts)
def test_two_charts_are_compared_at_each_tooth_of_either(earlier, later):
    compared = compare_charts(earlier, later)

    assert {one.number for one in compared} == set(earlier) | set(later)
    assert sum(counted(compared).values()) == len(compared)


@given(charts)
def test_a_chart_is_what_its_lines_say(chart):
    assert chart_from(lines_of(chart)) == chart
    assert chart_of({str(number): tooth.value for number, tooth in chart.items()}) == chart


@pytest.mark.parametrize(
    ("text", "numbers", "wrong"),
    [
        ("11-13 36", [11, 12, 13, 36], []),
        ("18–16, 21; 55.", [16, 17, 18, 21, 55], []),
        ("19", [], ["19"]),
        ("18-28", [], ["18-28"]),
        ("11 нет", [11], ["н", "е", "т"]),
        ("", [], []),
    ],
)
def test_teeth_are_read_as_dentists_write_them(text, numbers, wrong):
    assert read_teeth(text) == (numbers, wrong)


@given(st.text())
def test_any_line_gives_teeth_or_faults(text):
    numbers, _wrong = read_teeth(text)

    assert set(numbers) <= ADULT | MILK


def test_one_tooth_has_one_state():
    named = {Tooth.SOUND: "11 12", Tooth.FILLED: "12"}

    assert [(one.code, one.field) for one in why_not_chart(named)] == [
        ("teeth.twice", "teeth_filled")
    ]


# Before a burial

DONE = Minimum(
    photographed=True, effects_signed=True, sampled=True, located=True, examined=True
)  # fmt: skip


@pytest.mark.parametrize(
    ("missing", "code", "article"),
    [
        ({"examined": False}, "burial.no_examination", "GC I 17"),
        ({"photographed": False}, "burial.no_photograph", "Customary rule 116"),
        ({"effects_signed": False}, "burial.no_effects", "GC I 16"),
        ({"sampled": False}, "burial.no_sample", "Customary rule 116"),
        ({"located": False}, "burial.no_coordinates", "GC I 17"),
        ({"waits": True}, "burial.waits", "Minnesota Protocol"),
        ({"buried": True}, "burial.buried", "AP I 34"),
    ],
)
def test_each_thing_that_is_missing_before_a_burial_is_told_with_its_article(
    missing, code, article
):
    refusals = [(one.code, one.provision) for one in why_not_bury(replace(DONE, **missing))]

    assert refusals == [(code, article)]


def test_nothing_stands_against_a_burial_where_all_is_done_and_all_where_nothing_is():
    assert list(why_not_bury(DONE)) == []
    nothing = Minimum(
        photographed=False, effects_signed=False, sampled=False, located=False, examined=False
    )
    assert len(list(why_not_bury(nothing))) == 5


def test_each_lies_alone_in_a_grave_that_is_there():
    def codes(**changed):
        told = {"row": 1, "number": 2, "rows": 3, "in_row": 3, "taken": False,
                "buried_at": NOON, "now": NOON}  # fmt: skip
        return [one.code for one in why_not_this_grave(**{**told, **changed})]

    assert codes() == []
    assert codes(row=4) == codes(number=0) == ["burial.no_such_grave"]
    assert codes(taken=True) == ["burial.taken"]
    assert codes(buried_at=NOON + timedelta(hours=1)) == ["burial.future"]


def test_a_plot_has_a_name_a_size_and_a_place():
    def codes(**changed):
        told = {"name": "Східна", "taken": False, "rows": 3, "in_row": 4, "latitude": "48.5",
                "longitude": "37.9"}  # fmt: skip
        return [one.code for one in why_not_lay_out(**{**told, **changed})]

    assert codes() == []
    assert codes(name=" ") == ["plot.no_name"]
    assert codes(taken=True) == ["plot.taken"]
    assert codes(rows=61) == codes(in_row=0) == ["plot.size"]
    assert codes(latitude="", longitude="") == ["plot.no_place"]
    assert codes(longitude="") == ["remains.half_a_place"]


# Effects and the examination


def test_a_list_of_effects_says_what_how_many_and_under_which_seal():
    def codes(*pieces, nothing=False, packet="7", used=False):
        refusals = why_not_list(pieces, nothing=nothing, packet=packet, packet_used=used)
        return [one.code for one in refusals]

    watch = Piece("годинник")
    assert codes(watch) == codes(nothing=True, packet="") == []
    assert codes() == ["effects.none"]
    assert codes(watch, nothing=True) == ["effects.both"]
    assert codes(watch, packet=" ") == ["effects.no_packet"]
    assert codes(watch, used=True) == ["effects.seal_used"]
    assert codes(Piece(" ")) == ["effects.no_article"]
    assert codes(Piece("гільза", 0)) == ["effects.pieces"]


def test_an_examination_says_something_and_a_later_one_why():
    def codes(said, chart=None, version=1, reason=""):
        refusals = why_not_keep_examination(said, chart or {}, version=version, reason=reason)
        return [one.code for one in refusals]

    assert codes({"condition": "скелетовані"}) == codes({}, {36: Tooth.FILLED}) == []
    assert codes({"condition": " "}) == ["examination.empty"]
    assert codes({"sex": "чоловік"}, version=2) == ["examination.no_reason"]
