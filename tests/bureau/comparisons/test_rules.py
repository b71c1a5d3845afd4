"""What may be given, compared and told: rules alone."""

import pytest

from wayhome.bureau.comparisons.rules.antemortem import (
    FIELDS,
    GROUPS,
    put_together,
    why_not_keep_talk,
)
from wayhome.bureau.comparisons.rules.pedigrees import MISSING, Member, from_kin, why_not_pedigree
from wayhome.bureau.comparisons.rules.profiles import (
    COMPARED,
    Holder,
    Purpose,
    why_not_compare,
)
from wayhome.bureau.comparisons.rules.samples import (
    Kin,
    State,
    Way,
    next_of,
    why_not_give,
    why_not_step,
)
from wayhome.bureau.comparisons.rules.search import (
    chance_at_most,
    posterior_of,
    prior_of,
    why_not_count,
)
from wayhome.bureau.remains.rules import findings
from wayhome.bureau.remains.rules.teeth import Tooth

GIFT = {
    "allowed": True, "adult": True, "name": "Ганна", "kin": Kin.MOTHER, "way": Way.HERE, "to": "",
    "others": (),
}  # fmt: skip


def codes(refusals) -> list[str]:
    return [one.code for one in refusals]


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ({}, []),
        ({"allowed": False}, ["sample.not_allowed"]),
        ({"adult": False}, ["sample.child"]),
        ({"name": " "}, ["sample.no_name"]),
        ({"way": Way.POST}, ["sample.no_address"]),
        ({"way": Way.POST, "to": "Львів"}, []),
        ({"others": (Kin.MOTHER,)}, ["sample.twice"]),
        ({"others": (Kin.SISTER,)}, []),
        ({"kin": Kin.SISTER, "others": (Kin.SISTER,)}, []),
        ({"others": (Kin.BROTHER,) * 12}, ["sample.many"]),
    ],
)
def test_a_sample_is_given_by_whoever_allows_it(said, refused):
    assert codes(why_not_give(**{**GIFT, **said})) == refused


def test_a_kit_goes_from_hand_to_hand_and_nothing_follows_a_withdrawal():
    assert next_of(State.ASKED) == [State.SENT, State.CAME]
    assert why_not_step(State.SENT, State.CAME) is None
    assert why_not_step(State.ASKED, State.AT_LABORATORY).code == "sample.order"
    for to in State:
        assert why_not_step(State.WITHDRAWN, to).code == "sample.withdrawn"


def test_a_sample_given_to_find_the_dead_is_compared_with_no_living_person():
    """Kinship is asked between a living relative and remains, and between no other two."""
    kin = {pair for pair, ends in COMPARED.items() if Purpose.IDENTIFY in ends}
    assert kin == {frozenset({Holder.REMAINS, Holder.REFERENCE})}
    for other in (Holder.REFERENCE, Holder.ELIMINATION):
        refusal = why_not_compare(Holder.REFERENCE, other, Purpose.IDENTIFY)
        assert refusal.code == "profile.living"
    assert {one.value for one in Holder} == {"remains", "reference", "elimination"}


# Pedigrees


def parents_of(members, code) -> tuple[str, str]:
    one = next(each for each in members if each.id == code)
    return one.father, one.mother


def test_a_mother_and_a_sister_stand_in_the_pedigree_under_their_codes():
    members = from_kin([("K-MO", Kin.MOTHER), ("K-SI", Kin.SISTER)])

    assert parents_of(members, MISSING) == ("FA", "K-MO")
    assert parents_of(members, "K-SI") == ("FA", "K-MO")
    assert not codes(why_not_pedigree(members, ["K-MO", "K-SI"]))


@pytest.mark.parametrize("kin", list(Kin))
@pytest.mark.parametrize("sex", ["M", "F"])
def test_every_word_for_kin_makes_a_pedigree_that_the_core_takes(kin, sex):
    from wayhome.bureau.comparisons.bridge import why_not_computed

    members = from_kin([("K-1", kin), ("K-2", Kin.DAUGHTER)], sex)

    assert not codes(why_not_pedigree(members, ["K-1", "K-2"]))
    assert why_not_computed(members) == ""


def test_a_pedigree_by_hand_is_told_what_is_wrong_by_line():
    members = [Member("MP", "M", "FA", "MO"), Member("MO", "M"), Member("FA", "M", "X", "")]

    refusals = list(why_not_pedigree(members, ["K-9"]))

    assert [(one.code, one.field) for one in refusals] == [
        ("pedigree.sex", "mother_1"),
        ("pedigree.one_parent", "father_3"),
        ("pedigree.nobody", "father_3"),
        ("pedigree.lost", "id_1"),
    ]


# Numbers


def test_a_ratio_of_a_hundred_thousand_identifies_nobody_among_twenty_thousand():
    """The example of LAW 68: posterior 0.83."""
    assert posterior_of(5.0, prior_of(20_000)) == pytest.approx(0.8333, abs=1e-4)
    assert chance_at_most(5.0, 20_000) == pytest.approx(0.2)


def test_no_ratio_makes_a_posterior_of_more_than_one_or_less_than_nothing():
    for log10 in (-400.0, -3.0, 0.0, 12.0, 400.0):
        assert 0.0 <= posterior_of(log10, prior_of(10)) <= 1.0


# Ante-mortem data


def test_the_yellow_groups_have_the_fields_of_the_pink_ones():
    """So that both stand side by side; what a body alone shows is asked of no family."""
    only_pink = {"condition", "died", "cause"}
    assert findings.FIELDS - only_pink <= FIELDS
    assert {"effects", "dentist"} == FIELDS - findings.FIELDS
    assert [group.name for group in GROUPS] == ["physical", "clothing", "medical", "teeth"]


def test_a_chart_of_teeth_needs_its_day():
    chart = {36: Tooth.FILLED}
    assert codes(why_not_keep_talk({}, chart, who="мати", chart_on="")) == ["talk.no_day"]
    assert codes(why_not_keep_talk({}, chart, who="мати", chart_on="колись")) == ["talk.day"]
    assert not codes(why_not_keep_talk({}, chart, who="мати", chart_on="05.2021"))
    assert codes(why_not_keep_talk({"hair": ""}, {}, who=" ", chart_on="")) == [
        "talk.empty", "talk.nobody",
    ]  # fmt: skip


def test_what_is_told_later_stands_over_what_was_told_before():
    told = put_together([{"height": "180", "hair": "русяве"}, {"height": "178", "shoes": "43"}])

    assert told == {
        "physical": {"height": "178", "hair": "русяве"},
        "clothing": {"shoes": "43"},
    }


def test_before_any_dna_nothing_is_certain():
    assert prior_of(0) == prior_of(1) == 0.5
    for number, codes in ((1, ["missing.number"]), (2, [])):
        assert [one.code for one in why_not_count(number=number, grounds="реєстр")] == codes
