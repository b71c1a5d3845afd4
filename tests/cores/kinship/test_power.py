"""What a family can decide, against the plain summation over every genotype."""

from itertools import combinations_with_replacement, product
from math import log10

import pytest

from tests.cores.kinship import oracle
from tests.cores.kinship.families import marker, person
from wayhome.cores.kinship import MalformedCase, prospects, read_case, solve
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
    monkeypatch.setattr(prospects, "MOST_COMBINATIONS", 12)

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


LINK = [{"markers": ["D1", "D2"], "recombination": 0.1}]
EVERY_PAIR = [("12", "12"), ("12", "13"), ("13", "13")]


def linked(**changes):
    """A sister typed, whose brother is missing: there linked markers matter."""
    persons = [one for one in family()["persons"] if one["id"] not in ("WI", "CH")]
    return (
        family(
            persons=persons,
            markers=[
                marker("D1", ("12", "13"), (0.2, 0.8), mutation={"female": EQUAL, "male": EQUAL}),
                marker("D2", ("12", "13"), (0.3, 0.6), silent_freq=0.1),
            ],
            genotypes={"SI": {"D1": ["12", "13"], "D2": ["12", "12"]}},
            linkage=LINK,
            candidates=["MO"],
        )
        | changes
    )


def case_of(document, persons, genotypes):
    keys = ("id", "markers", "linkage", "theta")
    return {key: document[key] for key in keys if key in document} | {
        "schema": "wayhome-kinship-case/1",
        "reference": "H",
        "hypotheses": {"H": {"persons": persons}},
        "genotypes": genotypes,
    }


def jointly(document, genotypes, *more):
    """The likelihood at both markers together, by the engine, which has its own oracle."""
    [found] = solve(
        read_case(case_of(document, [*document["persons"], *more], genotypes))
    ).likelihoods["H"]
    return found.value


def shows(one, other):
    return {"D1": list(one), "D2": list(other)}


def strangers(document, typed, shown):
    """The likelihood of the family with a stranger who shows this."""
    return jointly(document, typed | {"X": shown}, person("X"))


def mean_of_pair(document, typed):
    """The mean log10 ratio of the missing man's own remains, whose markers are all seen."""
    own, total = jointly(document, typed), 0.0
    for pair in product(EVERY_PAIR, repeat=2):
        his = jointly(document, typed | {"MP": shows(*pair)})
        if his:
            total += his / own * log10(his / strangers(document, typed, shows(*pair)))
    return total


@pytest.mark.slow
def test_linked_markers_are_weighed_together_as_by_plain_summation():
    document = linked(candidates=[])
    document["markers"][1] = marker("D2", ("12", "13"), (0.3, 0.7))

    found = answer(document)["marker_sets"]["all"]["he_is"]["mean_log10_lr"]

    def plainly(persons, genotypes):
        return oracle.joint_likelihood(
            case_of(document, persons, genotypes), "H", LINK[0]["recombination"]
        )

    persons, typed, total = document["persons"], document["genotypes"], 0.0
    own = plainly(persons, typed)
    for pair in product(EVERY_PAIR, repeat=2):
        his = plainly(persons, typed | {"MP": shows(*pair)})
        stranger = plainly([person("X")], {"X": shows(*pair)})
        total += his / own * log10(his / own / stranger)
    assert found == pytest.approx(total, abs=1e-10)
    apart = answer(document | {"linkage": []})["marker_sets"]["all"]["he_is"]["mean_log10_lr"]
    assert found > apart + 0.005


@pytest.mark.slow
@pytest.mark.parametrize("theta", [0, 0.03])
def test_what_a_relative_adds_at_linked_markers_is_that_of_every_genotype_in_turn(theta):
    document = linked(theta=theta)
    document["markers"][1] = marker("D2", ("12", "13"), (0.3, 0.7))
    typed = document["genotypes"]

    found = answer(document, thresholds=[0.2])

    own, expected, chance = jointly(document, typed), 0.0, 0.0
    for pair in product(EVERY_PAIR, repeat=2):
        more = typed | {"MO": shows(*pair)}
        if hers := jointly(document, more):
            expected += hers / own * mean_of_pair(document, more)
        stranger = strangers(document, typed, shows(*pair))
        if jointly(document, typed | {"MP": shows(*pair)}) >= stranger * 10**0.2:
            chance += stranger / own
    one, [mother] = found["marker_sets"]["all"], found["next"]
    assert one["he_is_not"]["reaching"]["0.2"]["expected"] == pytest.approx(chance, abs=1e-10)
    assert one["he_is"]["mean_log10_lr"] == pytest.approx(mean_of_pair(document, typed), abs=1e-10)
    assert mother["mean_log10_lr"] == pytest.approx(expected, abs=1e-10)
    assert not mother["sampled"]


@pytest.mark.slow
def test_a_linked_marker_of_which_nothing_is_seen_leaves_the_other():
    document = linked(candidates=[])
    typed, own = document["genotypes"], jointly(document, document["genotypes"])

    found = answer(document, thresholds=[-5, 0])["marker_sets"]["all"]["he_is_not"]["reaching"]

    # Whoever shows nothing at D2, one in a hundred, is still compared at D1.
    chance = 0.0
    for one in EVERY_PAIR:
        every = [{"D1": list(one), "D2": list(other)} for other in EVERY_PAIR]
        chance += sum(reaches(document, typed, shown) for shown in every)
        chance += 0.1**2 * reaches(document, typed, {"D1": list(one)})
    assert found["-5"]["expected"] == pytest.approx(1)
    assert found["0"]["expected"] == pytest.approx(chance / own, abs=1e-9)


def reaches(document, typed, shown):
    """The likelihood of a stranger who shows this, if he is no less likely the missing man."""
    stranger = strangers(document, typed, shown)
    his = jointly(document, typed | {"MP": shown})
    return stranger if his >= stranger * (1 - 1e-12) else 0.0


@pytest.mark.slow
def test_of_too_many_combinations_at_linked_markers_some_stand_for_all(monkeypatch):
    [exact] = answer(linked())["next"]
    monkeypatch.setattr(prospects, "MOST_NUMBERS", 0)
    monkeypatch.setattr(prospects, "FEWEST_COMBINATIONS", 8)

    [found] = answer(linked())["next"]

    assert (exact["sampled"], found["sampled"]) == (False, True)
    assert found["gain"] == pytest.approx(exact["gain"], abs=0.1)


@pytest.mark.slow
def test_a_haplotype_is_weighed_with_its_own_theta():
    line = {"name": "mt", "chrom": "M", "theta": 0.1, "frequencies": {"H1": 0.02},
            "profiles": {"MO": "H1"}}  # fmt: skip

    found, before = (
        answer(family(markers=[marker("D2")], **more)) for more in ({"lineages": [line]}, {})
    )

    one, other = (each["marker_sets"]["all"] for each in (found, before))
    again = 0.1 + 0.9 * 0.02  # the next from her urn
    gained = one["he_is"]["mean_log10_lr"] - other["he_is"]["mean_log10_lr"]
    assert gained == pytest.approx(-log10(again))
    assert one["exclusion"]["by_marker"]["mt"] == pytest.approx(1 - again)
    assert one["markers"] == ["D2", "mt"]
    assert {x["person"]: x["gain"] for x in found["next"]}["SI"] == pytest.approx(
        {x["person"]: x["gain"] for x in before["next"]}["SI"]
    )


def test_a_haplotype_that_the_missing_has_not_says_nothing():
    line = {"name": "Y", "chrom": "Y", "frequencies": {"Y1": 0.02}, "profiles": {"FA": "Y1"}}
    persons = [one if one["id"] != "MP" else one | {"sex": "F"} for one in family()["persons"]]
    persons = [one for one in persons if one["id"] not in ("WI", "CH")]

    found = answer(family(persons=persons, lineages=[line]))["marker_sets"]["all"]

    assert found["exclusion"]["by_marker"]["Y"] == 0
    assert found["he_is"]["mean_log10_lr"] == pytest.approx(
        answer(family(persons=persons))["marker_sets"]["all"]["he_is"]["mean_log10_lr"]
    )


@pytest.mark.slow
def test_a_poor_sample_of_a_relative_decides_less_than_a_whole_one():
    poor = {"model": "per_allele_bernoulli", "d": 0.2, "d_hom": 0.05, "drop_in": 0.01}
    poor |= {"alleles": {"D1": ["12", "13"], "D2": ["12"]}}
    whole = answer(family())

    found = answer(family(genotypes={}, evidence={"MO": poor}))

    one, other = (each["marker_sets"]["all"]["he_is"]["mean_log10_lr"] for each in (found, whole))
    assert 0 < one < other
    assert found["typed"] == found["rests_on"]["drop_out"] == ["MO"]
    assert {each["person"] for each in found["next"]} == {"FA", "SI", "WI", "CH"}


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
        ({"linkage": [{"markers": ["D1", "D9"], "recombination": 0.1}]}, "linkage/0/markers: no"),
        (
            {
                "lineages": [
                    {"name": "mt", "chrom": "M", "frequencies": {"H": 0.1}, "profiles": {"MP": "H"}}
                ]
            },
            "missing: 'MP' is typed",
        ),
        (
            {
                "lineages": [
                    {"name": "Y", "chrom": "Y", "frequencies": {"H": 0.1}, "profiles": {"MO": "H"}}
                ]
            },
            "lineages/0/profiles/MO: 'MO' is not a man",
        ),
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
