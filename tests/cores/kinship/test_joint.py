"""Who is who: dvir's answers, every way in turn, and what must not matter."""

import json
from copy import deepcopy
from itertools import pairwise
from math import exp, inf, log
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship import joint_oracle
from tests.cores.kinship.families import families, marker, markers, person
from wayhome.cores.kinship import MalformedCase, read_case, solve
from wayhome.cores.kinship.events import read_event
from wayhome.cores.kinship.joint import Limits, identify

EVENTS = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((Path(__file__).parent / "reference" / "dvi").glob("*.json"))
}
AGREES = 1e-9
EQUAL = {"model": "equal", "rate": 0.002}
MUTATES = {"female": EQUAL, "male": EQUAL}


def two_families(**changes):
    """Two mothers who miss a son each, and three remains."""
    event = {
        "schema": "wayhome-dvi/1",
        "id": "two-families",
        "markers": [marker(mutation=MUTATES)],
        "victims": [{"id": code, "sex": "M"} for code in ("V1", "V2", "V3")],
        "families": [family("F1", "1"), family("F2", "2")],
        "missing": ["M1", "M2"],
        "genotypes": {
            "pm": {"V1": {"D1": ["12", "13"]}, "V2": {"D1": ["13", "14"]}, "V3": {}},
            "am": {"MO1": {"D1": ["12", "12"]}, "MO2": {"D1": ["14", "14"]}},
        },
    }
    return event | changes


def family(code, number):
    parents = [person(f"FA{number}"), person(f"MO{number}", "F")]
    son = person(f"M{number}", "M", f"FA{number}", f"MO{number}")
    return {"id": code, "persons": [*parents, son]}


def answer(event, **more):
    return identify(read_event(event), **more).as_dict()


# References


@pytest.mark.slow
@pytest.mark.parametrize("name", EVENTS)
def test_an_event_of_reference_agrees_with_dvir(name):
    expected = EVENTS[name]["expected"]

    found = answer(EVENTS[name])

    assert found["joint_n_assignments"] == expected["joint_n_assignments"]
    assert found["pairwise_LR"] == {
        "rows": expected["pairwise_LR"]["rows"],
        "cols": expected["pairwise_LR"]["cols"],
        "LR": [
            [None if lr is None else pytest.approx(lr, rel=AGREES, abs=0) for lr in row]
            for row in expected["pairwise_LR"]["LR"]
        ],
    }
    shares = found["marginal_posterior"]
    assert shares["cols"] == expected["marginal_posterior"]["cols"]
    assert np.allclose(shares["P"], expected["marginal_posterior"]["P"], rtol=AGREES, atol=1e-14)
    assert found["exact"]
    rows, theirs = by_who(found["joint_top"]), by_who(expected["joint_top"])
    assert list(rows) == pytest.approx(list(theirs), abs=AGREES)
    for one, other in zip(rows.values(), theirs.values(), strict=True):
        assert one == other


def by_who(rows):
    """Log likelihood → the set of ways that have it: ties may stand in any order."""
    codes = [code for code in rows[0] if code[0] in "VM" or code == "*"]
    found = {}
    for row in rows:
        told = row["loglik"]
        told = -inf if told in (None, "-inf") else told
        near = next((one for one in found if one == told or abs(one - told) < 1e-7), told)
        found.setdefault(near, set()).add(tuple(row[code] for code in codes))
    return found


# Every way in turn


@st.composite
def events(draw):
    """One or two families of any shape, one or two missing in each, up to three remains."""
    at = draw(markers(most=3))
    alleles = st.sampled_from([*at["alleles"], "-"])
    am, households, missing = {}, [], []
    for number in range(draw(st.integers(1, 2))):
        persons = [renamed(one, number) for one in draw(families(3))]
        codes = [one["id"] for one in persons]
        theirs = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))
        missing += theirs
        households.append({"id": f"F{number}", "persons": persons})
        for one in persons:
            if one["id"] not in theirs and draw(st.booleans()):
                am[one["id"]] = {"D1": genotype(draw, alleles, one["sex"], at)}
    pm, victims = {}, []
    for number in range(draw(st.integers(1, 3))):
        sex = draw(st.sampled_from("MF" if at["chrom"] == "X" else "MFU"))
        victims.append({"id": f"V{number}", "sex": sex})
        pm[f"V{number}"] = {"D1": genotype(draw, alleles, sex, at)} if draw(st.booleans()) else {}
    event = {
        "schema": "wayhome-dvi/1",
        "id": "any",
        "markers": [at],
        "victims": victims,
        "families": households,
        "missing": missing,
        "genotypes": {"pm": pm, "am": am},
        "parts": draw(st.booleans()),
    }
    if draw(st.booleans()):
        factor = draw(st.sampled_from([0, 0.5, 4]))
        event["prior"] = {"each": 0.25, "pairs": {"V0": {missing[0]: factor}}}
    return event


def renamed(one, number):
    return one | {key: one[key] and f"{one[key]}of{number}" for key in ("id", "father", "mother")}


def genotype(draw, alleles, sex, at):
    shown = [draw(alleles) for _ in range(2)]
    return [shown[0]] * 2 if at["chrom"] == "X" and sex == "M" else shown


def all_may_be(event):
    """Whether it is possible that nobody of the remains is anybody who is missed."""
    nobody = [([one["id"]], "*") for one in event["victims"]]
    return joint_oracle.likelihood(event, nobody) > 0


@pytest.mark.slow
@given(events())
@settings(max_examples=100, deadline=None)
def test_an_event_agrees_with_every_way_in_turn(event):
    expected = joint_oracle.posterior(event)
    if expected is None or not all_may_be(event):
        with pytest.raises(MalformedCase, match="impossible"):
            answer(event)
        return
    found = answer(event)

    shares = found["marginal_posterior"]
    for code, row in zip(shares["rows"], shares["P"], strict=True):
        for name, share in zip(shares["cols"], row, strict=True):
            assert share == pytest.approx(expected[code, name], rel=1e-9, abs=1e-14)
    every = list(joint_oracle.ways(event))
    ruled_out = (event.get("prior") or {"pairs": {"V0": {"nobody": 1}}})["pairs"]["V0"]
    told = [way for way in every if ruled_out.get(way[0]["V0"], 1)]
    possible = [weight for _, _, weight in told if weight]
    logs = [row["loglik"] for row in found["joint_top"] if row["loglik"] != "-inf"]
    assert sorted(logs) == pytest.approx(sorted(map(log, possible))[-200:], abs=1e-9)
    if not event["parts"]:
        assert found["joint_n_assignments"] == len(every)
        assert len(found["joint_top"]) == min(200, len(told))
    elif len({tuple(p["D1"]) for p in event["genotypes"]["pm"].values() if p}) < 2:
        assert found["joint_n_assignments"] == len(every)


@st.composite
def whole_events(draw):
    """A family of any shape, two remains: co-ancestry, haplotypes, drop-out, silent alleles and
    mutation, all at once."""
    at = [draw(markers("D0", most=2))]
    persons = [renamed(one, 0) for one in draw(families(3))]
    codes = [one["id"] for one in persons]
    missing = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))
    lineage = {
        "name": "L",
        "chrom": draw(st.sampled_from("YM")),
        "frequencies": {"h1": 0.25, "h2": 0.75},
        "theta": draw(st.sampled_from([0, 0.1])),
        "mutation": {"rate": 0.1},
        "profiles": {"pm": {}, "am": {}},
    }

    def shown(one):
        alleles = {m["name"]: st.sampled_from([*m["alleles"], "-"]) for m in at}
        if draw(st.booleans()) and (lineage["chrom"] == "M" or one["sex"] == "M"):
            side = "pm" if "father" not in one else "am"
            lineage["profiles"][side][one["id"]] = draw(st.sampled_from(["h1", "h2"]))
        return {
            m["name"]: genotype(draw, alleles[m["name"]], one["sex"], m)
            for m in at
            if draw(st.integers(0, 3))
        }

    am = {one["id"]: shown(one) for one in persons if one["id"] not in missing}
    victims = [{"id": f"V{n}", "sex": draw(st.sampled_from("MF"))} for n in range(2)]
    pm = {one["id"]: shown(one) for one in victims}
    event = {
        "schema": "wayhome-dvi/1",
        "id": "any",
        "markers": at,
        "victims": victims,
        "families": [{"id": "F0", "persons": persons}],
        "missing": missing,
        "genotypes": {"pm": pm, "am": am},
        "theta": draw(st.sampled_from([0, 0.05])),
        "lineages": [lineage],
    }
    poor = draw(st.sampled_from(["nobody", "remains", "both"]))
    if poor != "nobody":
        event["genotypes"]["pm"] = {"V1": pm["V1"]}
        event["evidence"] = {"V0": poor_sample(draw, at)}
    if poor == "both" and am:
        relative = draw(st.sampled_from(sorted(am)))
        if draw(st.booleans()):
            del am[relative]
        of_relative = {relative: poor_sample(draw, at)}
        event["evidence"] = {"pm": event["evidence"], "am": of_relative}
    return event


def poor_sample(draw, at):
    return {
        "model": "per_allele_bernoulli",
        "d": 0.3,
        "d_hom": draw(st.sampled_from([0.09, 0.05])),
        "drop_in": 0.1,
        "alleles": {
            m["name"]: draw(st.lists(st.sampled_from(m["alleles"]), unique=True)) for m in at
        },
    }


@pytest.mark.slow
@given(whole_events())
@settings(max_examples=100, deadline=None)
def test_co_ancestry_haplotypes_and_drop_out_agree_with_every_way_in_turn(event):
    expected = joint_oracle.posterior(event)
    if expected is None or not all_may_be(event):
        with pytest.raises(MalformedCase, match="impossible"):
            answer(event)
        return
    found = answer(event)

    shares = found["marginal_posterior"]
    for code, row in zip(shares["rows"], shares["P"], strict=True):
        for name, share in zip(shares["cols"], row, strict=True):
            assert share == pytest.approx(expected[code, name], rel=1e-9, abs=1e-14)
    possible = [weight for _, _, weight in joint_oracle.ways(event) if weight]
    logs = [row["loglik"] for row in found["joint_top"] if row["loglik"] != "-inf"]
    assert sorted(logs) == pytest.approx(sorted(map(log, possible))[-200:], abs=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("missing", "theta"), [(["M1"], 0), (["M1"], 0.05), (["M1", "FA1"], 0)], ids=str
)
def test_linked_markers_agree_with_every_way_in_turn(missing, theta):
    """Brothers share strands: what lies near each other comes together."""
    at = [marker(name, ("12", "13"), (0.3, 0.7), mutation=MUTATES) for name in ("D1", "D2")]
    household = family("F1", "1")
    household["persons"].append(person("BR1", "M", "FA1", "MO1"))
    one, other = {"D1": ["12", "12"], "D2": ["12", "13"]}, {"D1": ["12", "13"], "D2": ["12", "12"]}
    event = two_families(markers=at, families=[household], missing=missing, theta=theta)
    event |= {
        "victims": [{"id": code, "sex": "M"} for code in ("V1", "V2")],
        "genotypes": {"pm": {"V1": one, "V2": other}, "am": {"BR1": one}},
        "linkage": [{"markers": ["D1", "D2"], "recombination": 0.1}],
    }
    expected = joint_oracle.posterior(event)

    shares = answer(event)["marginal_posterior"]

    apart = answer(event | {"linkage": []})["marginal_posterior"]
    assert shares["P"][0][0] > 1.01 * apart["P"][0][0]
    for code, row in zip(shares["rows"], shares["P"], strict=True):
        for name, share in zip(shares["cols"], row, strict=True):
            assert share == pytest.approx(expected[code, name], rel=1e-9)


def test_one_missing_and_one_remains_have_the_ratio_of_the_case():
    """Joint identification of two is a case: one engine, with co-ancestry and all."""
    event = two_families(theta=0.03, families=[family("F1", "1")], missing=["M1"])
    event |= {"victims": [{"id": "V1", "sex": "M"}]}
    event["genotypes"] = {"pm": {"V1": {"D1": ["12", "13"]}}, "am": {"MO1": {"D1": ["12", "12"]}}}
    persons = family("F1", "1")["persons"]
    case = {
        "schema": "wayhome-kinship-case/1",
        "id": "the same",
        "hypotheses": {
            "son": {"persons": persons},
            "stranger": {"persons": [*persons[:2], person("M1")]},
        },
        "reference": "stranger",
        "theta": 0.03,
        "markers": event["markers"],
        "genotypes": {"MO1": {"D1": ["12", "12"]}, "M1": {"D1": ["12", "13"]}},
    }

    [[ratio]] = answer(event)["pairwise_LR"]["LR"]

    assert ratio == pytest.approx(solve(read_case(case)).as_dict()["lr"]["son"][0], rel=1e-12)


def test_a_haplotype_speaks_for_the_line_of_the_fathers():
    lineage = {"name": "Y", "chrom": "Y", "frequencies": {"h1": 0.001, "h2": 0.999}}
    profiles = {"pm": {"V1": "h1", "V2": "h2"}, "am": {"FA1": "h1"}}
    event = two_families(lineages=[lineage | {"profiles": profiles}])

    ratios = answer(event)["pairwise_LR"]["LR"]

    without = answer(two_families())["pairwise_LR"]["LR"]
    assert ratios[0][0] == pytest.approx(1000 * without[0][0])
    assert ratios[1][0] == 0
    assert ratios[0][1] == pytest.approx(without[0][1])


def test_nobody_is_found_twice_and_every_missing_may_be_absent():
    found = answer(two_families())

    for row in found["joint_top"]:
        whose = [row[code] for code in ("V1", "V2", "V3") if row[code] != "*"]
        assert len(whose) == len(set(whose))
    absent = found["not_among_them"]["M1"]
    column = sum(row[0] for row in found["marginal_posterior"]["P"])
    assert absent + column == pytest.approx(1)


# What must not matter


def shuffled(event):
    """The same event, told in another order."""
    other = deepcopy(event)
    for key in ("victims", "families", "markers"):
        other[key].reverse()
    for household in other["families"]:
        household["persons"].reverse()
    return other


@pytest.mark.slow
@pytest.mark.parametrize("name", ["own1-open", "own2-open"])
def test_the_order_of_remains_families_and_markers_does_not_matter(name):
    one, other = answer(EVENTS[name]), answer(shuffled(EVENTS[name]))

    def told(found):
        shares = found["marginal_posterior"]
        return {
            (row, col): share
            for row, shares_of in zip(shares["rows"], shares["P"], strict=True)
            for col, share in zip(shares["cols"], shares_of, strict=True)
        }

    assert told(one) == pytest.approx(told(other), rel=1e-9, abs=1e-30)
    first, second = (one["joint_top"][0]["loglik"], other["joint_top"][0]["loglik"])
    assert first == pytest.approx(second, abs=1e-9)


def test_remains_of_which_nothing_was_seen_say_nothing():
    found = answer(two_families())

    assert found["pairwise_LR"]["LR"][2] == pytest.approx([1, 1])


# Bodies


def test_parts_that_are_known_to_be_one_body_count_once():
    pm = {"V1": {"D1": ["12", "13"]}, "V2": {}, "V3": {"D1": ["12", "13"]}}
    event = two_families()
    event["genotypes"]["pm"] = pm

    found = answer(event | {"bodies": [["V1", "V3"]]})
    alone = answer(
        event
        | {
            "victims": event["victims"][:2],
            "genotypes": event["genotypes"] | {"pm": {k: pm[k] for k in ("V1", "V2")}},
        }
    )

    assert found["joint_n_assignments"] == alone["joint_n_assignments"]
    assert found["joint_top"][0]["V1"] == found["joint_top"][0]["V3"] == "M1"
    assert found["joint_top"][0]["M1"] == "V1+V3"
    assert found["joint_top"][0]["loglik"] == pytest.approx(alone["joint_top"][0]["loglik"])
    assert found["marginal_posterior"]["P"][2] == found["marginal_posterior"]["P"][0]


def test_parts_of_one_body_find_each_other():
    """Remains that show the same are one man's, or by chance alike: here he is rare."""
    at = marker(alleles=("12", "13", "14"), freqs=(0.001, 0.001, 0.998))
    event = two_families(markers=[at], parts=True)
    event["genotypes"]["pm"] = {f"V{n}": {"D1": ["12", "13"]} for n in (1, 2)} | {
        "V3": {"D1": ["14", "14"]}
    }
    event["genotypes"]["am"] = {}

    found = answer(event)

    [same] = found["same_body"]
    assert (same["a"], same["b"]) == ("V1", "V2")
    assert same["P"] > 0.99
    assert found["joint_top"][0]["V1"] == found["joint_top"][0]["V2"]


def test_remains_of_one_body_that_differ_are_refused():
    event = read_event(two_families(bodies=[["V1", "V2"]]))

    with pytest.raises(MalformedCase, match=r"bodies: 'V1\+V2' at D1 is impossible"):
        identify(event)


def test_father_and_son_among_the_dead_are_found_together():
    """Each alone says little; together, and with the widow, much."""
    at = marker(alleles=("12", "13", "14"), freqs=(0.01, 0.01, 0.98))
    event = two_families(markers=[at], families=[family("F1", "1")], missing=["FA1", "M1"])
    event["genotypes"] = {
        "pm": {"V1": {"D1": ["12", "14"]}, "V2": {"D1": ["12", "13"]}, "V3": {"D1": ["14", "14"]}},
        "am": {"MO1": {"D1": ["13", "14"]}},
    }

    found = answer(event)

    best = found["joint_top"][0]
    assert (best["V1"], best["V2"], best["V3"]) == ("FA1", "M1", "*")
    alone = found["pairwise_LR"]["LR"]
    together = exp(
        best["loglik"]
        - next(r["loglik"] for r in found["joint_top"] if {r["V1"], r["V2"], r["V3"]} == {"*"})
    )
    assert together > 10 * alone[0][0] * alone[1][1]


# Priors


def test_a_prior_is_stated_and_weighs():
    even, rare = answer(two_families()), answer(two_families(prior={"each": 0.01}))

    assert rare["rests_on"]["prior"]["each"] == 0.01
    for one, other in zip(
        even["unidentified"].values(), rare["unidentified"].values(), strict=True
    ):
        assert one < other
    assert rare["joint_top"][-1]["loglik"] in [row["loglik"] for row in even["joint_top"]]


def test_a_pair_that_is_ruled_out_otherwise_is_never_found():
    found = answer(two_families(prior={"pairs": {"V1": {"M1": 0}}}))

    assert found["marginal_posterior"]["P"][0][0] == 0
    assert found["pairwise_LR"]["LR"][0][0] > 0


# Limits


@pytest.mark.slow
@pytest.mark.parametrize(
    "limits", [Limits(widest=0), Limits(widest=1, nodes=40), Limits(fillings=4)]
)
@pytest.mark.parametrize("name", EVENTS)
def test_what_was_left_out_is_bounded(name, limits):
    event = read_event(EVENTS[name])

    exact, found = identify(event), identify(event, limits=limits)

    assert exact.exact
    assert exact.left_out == 0
    if not found.exact:
        assert found.left_out > 0
    assert np.abs(found.posterior - exact.posterior).max() <= found.left_out + 1e-12
    assert np.abs(found.unidentified - exact.unidentified).max() <= found.left_out + 1e-12
    assert np.abs(found.not_among_them - exact.not_among_them).max() <= found.left_out + 1e-12


def test_a_cut_is_never_silent():
    found = answer(EVENTS["own3-open"], limits=Limits(fillings=2))

    assert not found["exact"]
    assert found["methods"] == ["fillings left out"]
    assert found["left_out"] > 0


def test_the_best_ways_come_first():
    logs = [row["loglik"] for row in answer(two_families())["joint_top"]]

    assert all(one >= other for one, other in pairwise(logs))


# Refusals


POOR = {
    **{"model": "per_allele_bernoulli", "d": 0.3, "d_hom": 0.09, "drop_in": 0.05},
    "alleles": {"D1": ["99"]},
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"missing": ["M1", "M9"]}, "missing/1: 'M9' in 0 families; expected a member of one"),
        ({"missing": ["M1", "M1"]}, "missing: .*each missing once"),
        ({"victims": [{"id": "V1", "sex": "M"}] * 2}, "victims/1/id: .*each remains once"),
        ({"victims": [{"id": "V1", "sex": "X"}]}, "victims/0/sex: 'X'; expected one of F, M, U"),
        ({"families": [family("F1", "1")] * 2}, "families/1/id: .*each family once"),
        ({"genotypes": {"pm": {"V9": {}}, "am": {}}}, "genotypes/pm/V9: .*one of victims"),
        ({"genotypes": {"pm": {}, "am": {"AUNT": {}}}}, "genotypes/am/AUNT: .*in 0 families"),
        ({"evidence": {"am": {"AUNT": POOR}}}, "evidence/am/AUNT: .*in 0 families"),
        ({"evidence": {"pm": {"V9": POOR}}}, "evidence/pm/V9: .*one of victims"),
        ({"evidence": {"am": {"MO1": POOR}}}, "evidence/am/MO1/alleles/D1: allele '99'"),
        ({"evidence": {"V1": POOR}}, "evidence/V1/alleles/D1: allele '99'"),
        (
            {"genotypes": {"pm": {"V1": {"D1": ["12", "99"]}}, "am": {}}},
            "genotypes/pm/V1/D1: allele '99' is not in the table",
        ),
        (
            {"genotypes": {"pm": {}, "am": {"MO1": {"D1": ["12"]}}}},
            "genotypes/am/MO1/D1: 1 alleles",
        ),
        ({"prior": {"each": 0}}, "prior/each: 0; expected a number above 0"),
        (
            {"prior": {"pairs": {"V1": {"M9": 1}}}},
            "prior/pairs/V1/M9: 'M9'; expected one of M1, M2",
        ),
        (
            {"missing": [], "prior": {"pairs": {"V1": {"M1": 1}}}},
            "prior/pairs/V1/M1: 'M1'; expected nothing: the file names none",
        ),
        ({"bodies": [["V1", "V2"], ["V2", "V3"]]}, "bodies/1: .*each remains in one body"),
        ({"parts": 1}, "parts: 1; expected true or false"),
        ({"theta": 1}, "theta: 1; expected a number below 1"),
        ({"familes": []}, "familes: unknown key 'familes'; expected 'families'"),
        ({"schema": "wayhome-blind/1"}, "schema: .*wayhome-dvi/1"),
    ],
    ids=str,
)
def test_an_event_that_means_nothing_is_refused_with_its_place(changes, told):
    with pytest.raises(MalformedCase, match=told):
        read_event(two_families(**changes))


def test_a_family_that_cannot_be_is_refused():
    event = two_families(markers=[marker()], missing=["M2"])
    event["genotypes"]["am"]["M1"] = {"D1": ["13", "14"]}

    with pytest.raises(MalformedCase, match="families/0: 'F1' as it was typed at D1 is impossible"):
        identify(read_event(event))


def test_unknown_alleles_are_added_at_a_floor_and_said():
    event = two_families(unknown_alleles={"floor": 0.001})
    event["genotypes"]["pm"]["V3"] = {"D1": ["13", "20"]}

    found = answer(event)

    [added] = found["rests_on"]["added_alleles"]
    assert added == {"marker": "D1", "allele": "20", "frequency": 0.001}


def test_a_poor_sample_may_be_somebodys():
    poor = {"model": "per_allele_bernoulli", "d": 0.3, "d_hom": 0.09, "drop_in": 0.05}
    event = two_families(evidence={"V3": poor | {"alleles": {"D1": ["12"]}}})

    found = answer(event)

    lr = found["pairwise_LR"]["LR"][2]
    assert lr[0] > 1 > lr[1] > 0
    assert found["rests_on"]["drop_out"] == ["V3"]


def test_a_poor_sample_of_a_relative_says_less_than_a_whole_one():
    poor = {"model": "per_allele_bernoulli", "d": 0.3, "d_hom": 0.09, "drop_in": 0.05}
    event = two_families()
    whole = answer(event)["pairwise_LR"]["LR"]
    shown = event["genotypes"]["am"].pop("MO1")
    poor |= {"alleles": {name: sorted(set(pair)) for name, pair in shown.items()}}

    found = answer(event | {"evidence": {"am": {"MO1": poor}}})

    for one, other in zip(whole[:2], found["pairwise_LR"]["LR"], strict=False):
        assert 0 < abs(log(other[0])) < abs(log(one[0]))
    assert found["rests_on"]["drop_out"] == ["MO1"]
