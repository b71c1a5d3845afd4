"""What a family can decide, against the plain summation over every genotype."""

from itertools import combinations_with_replacement, product
from math import log10

import pytest

from tests.cores.kinship import oracle
from tests.cores.kinship.families import marker, person
from wayhome.cores.kinship import MalformedCase
from wayhome.cores.kinship import power as core
from wayhome.cores.kinship.power import power, read_question

EQUAL = {"model": "equal", "rate": 0.01}


def family(**changes):
    """A mother typed, who misses her son; his father, sister, wife and child might be asked."""
    persons = [
        *(person("FA"), person("MO", "F"), person("MP", "M", "FA", "MO")),
        *(person("SI", "F", "FA", "MO"), person("WI", "F"), person("CH", "F", "MP", "WI")),
    ]
    document = {
        "schema": "wayhome-kinship-family/1",
        "id": "a-family",
        "persons": persons,
        "missing": "MP",
        "markers": [marker(mutation={"female": EQUAL, "male": EQUAL}), marker("D2")],
        "genotypes": {"MO": {"D1": ["12", "13"], "D2": ["12", "12"]}},
    }
    return document | changes


def answer(document, **more):
    return power(read_question(document), **more).as_dict()


def plain(document, genotypes, name):
    """The likelihood of these genotypes at one marker, by plain summation."""
    case = {
        "hypotheses": {"H": {"persons": document["persons"], "mz_twins": []}},
        "markers": [one for one in document["markers"] if one["name"] == name],
        "genotypes": {code: {name: list(pair)} for code, pair in genotypes.items()},
    }
    return oracle.likelihood(case, "H", 0)


FREQUENCY = {"12": 0.2, "13": 0.3, "14": 0.5}


def every_pair():
    return combinations_with_replacement(FREQUENCY, 2)


def stranger(one, other):
    return FREQUENCY[one] * FREQUENCY[other] * (1 if one == other else 2)


def mean(document, name, typed):
    """The mean log10 ratio of the missing man's own remains, by every genotype in turn."""
    own = plain(document, typed, name)
    total = 0.0
    for pair in every_pair():
        his = plain(document, typed | {"MP": pair}, name)
        if his:
            total += his / own * log10(his / own / stranger(*pair))
    return total


def mean_with(document, name, typed, asked):
    """The mean with these relatives sampled too, over everything that they may show together."""
    own = plain(document, typed, name)
    total = 0.0
    for shown in product(list(every_pair()), repeat=len(asked)):
        more = typed | dict(zip(asked, shown, strict=True))
        chance = plain(document, more, name) / own
        if chance:
            total += chance * mean(document, name, more)
    return total


@pytest.mark.slow
def test_what_two_relatives_add_together_is_that_of_every_pair_of_genotypes():
    persons = [one for one in family()["persons"] if one["id"] not in ("WI", "CH")]
    document = family(persons=persons, markers=[marker(mutation={"female": EQUAL, "male": EQUAL})])

    [found] = answer(document, together=2)["together"]

    typed = {"MO": ("12", "13")}
    assert set(found["persons"]) == {"FA", "SI"}
    assert not found["sampled"]
    expected = mean_with(document, "D1", typed, ("FA", "SI"))
    assert found["mean_log10_lr"] == pytest.approx(expected, abs=1e-9)
    assert found["gain"] == pytest.approx(expected - mean(document, "D1", typed), abs=1e-9)


@pytest.mark.slow
def test_of_too_many_combinations_some_stand_for_all(monkeypatch):
    exact = answer(family(), together=2)["together"]
    monkeypatch.setattr(core, "MOST_COMBINATIONS", 12)

    found = answer(family(), together=2)["together"]

    gains = {tuple(one["persons"]): one["gain"] for one in found}
    assert any(one["sampled"] for one in found)
    for one in exact:
        if (who := tuple(one["persons"])) in gains:
            assert gains[who] == pytest.approx(one["gain"], abs=0.1)


@pytest.mark.slow
def test_of_many_relatives_the_best_is_added_to(monkeypatch):
    every = answer(family(), together=3)
    monkeypatch.setattr(core, "MOST_SETS", 4)

    found = answer(family(), together=3)

    assert (every["every_set_to"], found["every_set_to"]) == (3, 1)
    two = [one for one in found["together"] if len(one["persons"]) == 2]
    assert all(one["persons"][0] == found["next"][0]["person"] for one in two)
    best = max(one["gain"] for one in every["together"] if len(one["persons"]) == 2)
    assert best >= max(one["gain"] for one in two) > found["next"][0]["gain"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("left_out", "asked"), [(("WI", "CH"), ("FA", "SI")), (("SI",), ("CH",))], ids=str
)
def test_what_a_relative_adds_is_that_of_every_genotype_in_turn(left_out, asked):
    persons = [one for one in family()["persons"] if one["id"] not in left_out]
    document = family(persons=persons, candidates=list(asked))

    found = answer(document)

    expected = dict.fromkeys(["now", *asked], 0.0)
    for name in ("D1", "D2"):
        typed = {"MO": document["genotypes"]["MO"][name]}
        own = plain(document, typed, name)
        expected["now"] += mean(document, name, typed)
        for code in asked:
            for pair in every_pair():
                with_him = typed | {code: pair}
                chance = plain(document, with_him, name) / own
                if chance:
                    expected[code] += chance * mean(document, name, with_him)
    now = found["marker_sets"]["all"]["he_is"]["mean_log10_lr"]
    assert now == pytest.approx(expected["now"], abs=1e-10)
    for one in found["next"]:
        assert one["mean_log10_lr"] == pytest.approx(expected[one["person"]], abs=1e-10)
        assert one["gain"] == pytest.approx(expected[one["person"]] - expected["now"], abs=1e-10)
    gains = [one["gain"] for one in found["next"]]
    assert gains == sorted(gains, reverse=True)


def test_a_wife_without_her_child_adds_nothing():
    gains = {one["person"]: one["gain"] for one in answer(family())["next"]}

    assert gains["WI"] == pytest.approx(0, abs=1e-12)
    assert gains["CH"] > gains["WI"]
    assert gains["FA"] > gains["SI"] > 0


def test_a_mother_excludes_whoever_shares_no_allele_with_her():
    found = answer(family())["marker_sets"]["all"]["exclusion"]

    # D1: neither 12 nor 13; D2: not 12.
    assert found["by_marker"] == {"D1": pytest.approx(0.5**2), "D2": pytest.approx(0.8**2)}
    assert found["at_least_one"] == pytest.approx(1 - 0.75 * 0.36)
    assert found["markers"] == pytest.approx(0.25 + 0.64)


def test_sets_of_markers_are_told_apart():
    found = answer(family(marker_sets={"small": ["D2"]}))["marker_sets"]

    assert list(found) == ["all", "small"]
    assert found["small"]["markers"] == ["D2"]
    assert found["small"]["he_is"]["mean_log10_lr"] < found["all"]["he_is"]["mean_log10_lr"]


def test_chance_matches_are_told_for_so_many_remains():
    found = answer(family(), thresholds=[0.5], remains=1000)["marker_sets"]["all"]

    chance = found["he_is_not"]["reaching"]["0.5"]
    matches = found["chance_matches"]
    assert matches["remains"] == 1000
    assert matches["reaching"]["0.5"]["expected"] == pytest.approx(1000 * chance["expected"])
    assert chance["at_least"] <= chance["expected"] <= chance["at_most"]


def test_twins_partial_genotypes_and_theta_are_worked_out_too():
    persons = [*family()["persons"], person("TW", "M", "FA", "MO")]
    document = family(
        persons=persons,
        mz_twins=[["MP", "TW"]],
        theta=0.02,
        genotypes={"MO": {"D1": ["12", "-"]}},
        candidates=["TW", "SI"],
    )

    found = answer(document)

    twin, sister = found["next"]
    assert twin["person"] == "TW"
    assert twin["gain"] > sister["gain"] > 0


def test_the_order_of_markers_does_not_matter():
    document = family()

    one, other = answer(document), answer(document | {"markers": document["markers"][::-1]})

    assert one["marker_sets"]["all"]["he_is"]["mean_log10_lr"] == pytest.approx(
        other["marker_sets"]["all"]["he_is"]["mean_log10_lr"]
    )


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"missing": "MO"}, "missing: 'MO' is typed; expected somebody of whom nothing was seen"),
        ({"missing": "X"}, "missing: 'X'; expected one of"),
        ({"candidates": ["MO"]}, "candidates/0: 'MO'; expected one of"),
        ({"candidates": ["FA", "FA"]}, "candidates: .*each person once"),
        ({"marker_sets": {"small": ["D9"]}}, "marker_sets/small/0: 'D9'"),
        ({"marker_sets": {"small": []}}, "marker_sets/small: "),
        ({"persons": [person("MP", "M", "FA", "MO")]}, "persons/0/father: no person 'FA'"),
        ({"genotypes": {"MO": {"D1": ["12", "99"]}}}, "genotypes/MO/D1: allele '99'"),
        ({"genotypes": {"AUNT": {}}}, "genotypes/AUNT: "),
        ({"theta": 2}, "theta: 2"),
        ({"schema": "wayhome-kinship-case/1"}, "schema: "),
        ({"markersets": {}}, "markersets: unknown key"),
    ],
    ids=str,
)
def test_a_family_that_means_nothing_is_refused_with_its_place(changes, told):
    with pytest.raises(MalformedCase, match=told):
        read_question(family(**changes))


def test_a_family_that_cannot_be_is_refused():
    genotypes = {"MO": {"D2": ["12", "12"]}, "SI": {"D2": ["13", "14"]}}

    with pytest.raises(MalformedCase, match="the family as it was typed at D2 is impossible"):
        answer(family(genotypes=genotypes))
