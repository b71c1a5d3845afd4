"""Every pair against the engine, pair by pair; and the reference event of pedprobr."""

import json
from itertools import combinations
from math import inf, isinf
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.browser import by_thirds
from tests.cores.kinship import families as invented
from wayhome.cores.kinship import likelihood, read_case, solve
from wayhome.cores.kinship.batch import with_stranger
from wayhome.cores.kinship.blind import search as searching
from wayhome.cores.kinship.blind.families import Families, RemainsList
from wayhome.cores.kinship.blind.files import read_event
from wayhome.cores.kinship.blind.observed import Kit
from wayhome.cores.kinship.blind.online import AgainstFamilies, AgainstRemains
from wayhome.cores.kinship.blind.pairs import ASKED, RELATIONS, pairs
from wayhome.cores.kinship.blind.search import Found, Ready, Spent, search
from wayhome.cores.kinship.cases import Linkage, read_lineage, read_markers
from wayhome.cores.kinship.pedigree import X
from wayhome.cores.kinship.reading import At

EVENT = Path(__file__).parents[1] / "reference" / "blind" / "blind-open.json"
REFERENCE = json.loads(EVENT.read_text("utf-8"))
LOW = -2.987654321  # which no ratio of round numbers is
AGREES = 1e-12  # what fifteen printed digits allow; asked for is 1e-9


def searched(families, remains, threshold, **more):
    """Every pair found, by the codes of remains, family and missing."""
    families.kit.close()
    found = Found.joined(list(search(families, Ready.of(remains), threshold, **more)))
    return {
        (remains.names[r], *families.names[f]): (log10_lr, markers)
        for f, r, log10_lr, markers in zip(
            *(column.tolist() for column in vars(found).values()), strict=True
        )
    }


def event_of(markers, families, remains, **more):
    kit = Kit.of(read_markers(At(markers)), **more)
    lists = Families(kit), RemainsList(kit)
    for one in families:
        lists[0].add(one)
    for one in remains:
        lists[1].add(one)
    return lists


def test_the_reference_event_agrees_on_every_pair():
    event = read_event(EVENT)
    expected = REFERENCE["expected"]

    found = searched(event.families, event.remains, -inf)

    assert len(found) == len(expected["rows"]) * len(expected["cols"])
    for remains, row in zip(expected["rows"], expected["log10_LR"], strict=True):
        for family, value in zip(expected["cols"], row, strict=True):
            assert found[remains, family, "MP"][0] == pytest.approx(float(value), rel=AGREES)


def test_the_reference_event_has_its_missing_above_ten_thousand():
    event = read_event(EVENT)

    found = searched(event.families, event.remains, 4.0)

    truth = dict(zip(REFERENCE["expected"]["rows"], REFERENCE["expected"]["truth"], strict=True))
    assert found
    assert all(truth[remains] == family for remains, family, _ in found)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["PC", "FS", "HS", "AV", "FC"])
def test_remains_against_remains_agree_with_the_reference(name):
    event = read_event(EVENT, pairwise=True)
    number = {code: n for n, code in enumerate(event.remains.names)}

    found = pairs(event.remains, RELATIONS[name], -inf)

    assert len(found) == len(event.remains) * (len(event.remains) - 1) // 2
    by_pair = {(one.a, one.b): one.log10_lr for one in found}
    for one in REFERENCE["expected"]["pairwise_log10_LR"]:
        value = by_pair[number[one["a"]], number[one["b"]]]
        assert value == pytest.approx(one[name], rel=AGREES)


@st.composite
def events(draw):
    """A few families of any shapes, and remains: whole, partial, poor, untyped, of any sex."""
    markers = [draw(invented.markers(f"D{n}")) for n in range(draw(st.integers(1, 3)))]
    families, remains = [], []
    for number in range(draw(st.integers(1, 3))):
        persons = draw(invented.families(4))
        codes = [one["id"] for one in persons]
        missing = draw(st.lists(st.sampled_from(codes), min_size=1, max_size=2, unique=True))
        families.append(
            {
                "id": f"F{number}",
                "missing": missing[0] if len(missing) == 1 else missing,
                "persons": persons,
                "mz_twins": draw(invented.twins_in(persons)),
                "genotypes": draw(invented.profiles(persons, markers)),
            }
        )
    for number in range(draw(st.integers(1, 4))):
        one = {"id": f"R{number}", "sex": draw(st.sampled_from("MF"))}
        profile = draw(invented.profiles([one], markers)).get(one["id"], {})
        poor = draw(invented.poor_samples([one], markers)).get(one["id"])
        if poor:
            left = [name for name in poor["alleles"] if name not in profile]
            poor["alleles"] = {name: poor["alleles"][name] for name in left}
            one["evidence"] = poor
        remains.append(one | {"genotypes": profile})
    return markers, families, remains, draw(st.sampled_from([0.0, 0.0, 0.03]))


def by_the_engine(markers, family, missing, remains, theta):
    """log10 of the ratio of one pair, and how many markers say something; None if the family
    cannot be."""
    case = read_case(
        {
            "schema": "wayhome-kinship-case/1",
            "id": "one",
            "hypotheses": {"H": {key: family[key] for key in ("persons", "mz_twins")}},
            "reference": "H",
            "markers": markers,
            "genotypes": family["genotypes"],
        }
    )
    pedigree = case.hypotheses["H"]
    beside = with_stranger(pedigree, missing)
    his = RemainsList(Kit.of(case.markers))
    his.add(remains)
    total, used = 0.0, 0
    for marker, seen, code in zip(case.markers, his.kit.seen, his.codes[0], strict=True):
        typed = {p: obs for p, obs in case.seen(marker.name).items() if says(obs)}
        if likelihood(pedigree, marker, typed, theta=theta).mantissa == 0:
            return None
        if marker.chrom == X and pedigree[missing].sex != remains["sex"]:
            continue
        if not typed or not code:
            continue
        observed = [seen.observations[code]]
        kin = {**typed, missing: [*typed.get(missing, []), *observed]}
        own = {f"{missing} of the family" if p == missing else p: o for p, o in typed.items()}
        above = likelihood(pedigree, marker, kin, theta=theta)
        below = likelihood(beside, marker, {**own, missing: observed}, theta=theta)
        total += above.log10_over(below)
        used += 1
    return total, used


def says(observations):
    return any(one.named() for one in observations)


def in_one_list(value):
    return value if isinstance(value, list) else [value]


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(events())
def test_every_pair_has_the_ratio_that_the_engine_gives_it_alone(drawn):
    markers, families, remains, theta = drawn
    lists = event_of(markers, families, remains, theta=theta)

    found = searched(*lists, -inf)

    for family in families:
        for missing in in_one_list(family["missing"]):
            for one in remains:
                expected = by_the_engine(markers, family, missing, one, theta)
                value = found.get((one["id"], family["id"], missing))
                if expected is None:
                    assert value is None
                elif isinf(expected[0]):
                    assert value == (-inf, expected[1])
                else:
                    assert value == (pytest.approx(expected[0], rel=1e-10, abs=1e-11), expected[1])


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(events())
def test_one_new_family_and_one_new_remains_meet_whom_they_meet_in_a_search(drawn):
    markers, families, remains, theta = drawn
    lists = event_of(markers, families, remains, theta=theta)
    found = searched(*lists, LOW)

    against = AgainstRemains(lists[1], LOW)
    for family in families:
        mine = {pair: value for pair, value in found.items() if pair[1] == family["id"]}
        if {family["id"]} - {code for code, _ in possible(lists)}:
            continue
        hits = against.family(family)
        met = {(hit.remains, *hit.family): (hit.log10_lr, hit.markers) for hit in hits}
        assert alike(met, mine)
    waiting = AgainstFamilies(lists[0], LOW)
    for one in remains:
        mine = {pair: value for pair, value in found.items() if pair[0] == one["id"]}
        hits = waiting.remains(one)
        met = {(hit.remains, *hit.family): (hit.log10_lr, hit.markers) for hit in hits}
        assert alike(met, mine)


def alike(found, expected):
    """The same pairs and markers; the last digit of a ratio hangs on who is computed together."""
    return found.keys() == expected.keys() and all(
        found[pair] == (pytest.approx(value, rel=1e-10, abs=1e-11), markers)
        for pair, (value, markers) in expected.items()
    )


def possible(lists):
    """The families that can be at all."""
    spent = Spent()
    list(search(lists[0], Ready.of(lists[1]), inf, spent=spent))
    out = {one.family for one in spent.impossible}
    return {name for n, name in enumerate(lists[0].names) if n not in out}


def a_kit(chance, size=12):
    return [
        invented.marker(
            f"D{n}",
            [str(8 + k) for k in range(8)],
            (chance.dirichlet(np.full(8, 2.0)) * 0.9 + 0.0125).tolist(),
            mutation={sex: {"model": "equal", "rate": 0.002} for sex in ("female", "male")},
        )
        for n in range(size)
    ]


def a_profile(chance, markers):
    return {
        one["name"]: [str(allele) for allele in chance.choice(one["alleles"], 2, p=one["freqs"])]
        for one in markers
        if chance.random() < 0.9
    }


def many(seed, families, remains):
    """Mothers, siblings and widows with children, and as many strangers."""
    chance = np.random.default_rng(seed)
    markers = a_kit(chance)
    person = invented.person
    parents = [person("FA"), person("MO", "F"), person("MP", "M", "FA", "MO")]
    kinds = (
        (parents, ("MO",)),
        ([*parents, person("S", "F", "FA", "MO")], ("S",)),
        ([*parents, person("S", "F", "FA", "MO")], ("MO", "S")),
        ([person("MP"), person("W", "F"), person("C", "M", "MP", "W")], ("W", "C")),
    )
    told = [
        {
            "id": f"F{n}",
            "missing": "MP",
            "persons": kinds[n % len(kinds)][0],
            "genotypes": {code: a_profile(chance, markers) for code in kinds[n % len(kinds)][1]},
        }
        for n in range(families)
    ]
    found = [{"id": f"R{n}", "genotypes": a_profile(chance, markers)} for n in range(remains)]
    return event_of(markers, told, found)


@pytest.mark.slow
@pytest.mark.parametrize("threshold", [-4.0, 0.0, 1.5, 4.0])
def test_no_pair_at_or_above_a_threshold_is_lost(threshold):
    families, remains = many(int(threshold * 2) + 20, 60, 500)
    every = searched(families, remains, -inf)

    found = searched(families, remains, threshold)

    assert found == {pair: value for pair, value in every.items() if value[0] >= threshold}
    assert len(every) == 60 * 500


@pytest.mark.slow
def test_blocks_and_turns_of_any_size_find_the_same(monkeypatch):
    families, remains = many(9, 50, 60)
    whole_at_once = searched(families, remains, LOW)
    monkeypatch.setattr(searching, "FAMILIES_AT_ONCE", 7)
    monkeypatch.setattr(searching, "FAMILIES_A_TURN", 3)
    heard = []

    found = searched(families, remains, LOW, progress=lambda done, of: heard.append((done, of)))

    assert alike(found, whole_at_once)
    assert heard[-1] == (50 * 60, 50 * 60)
    assert heard == sorted(heard)


def related(seed):
    """Remains: two parts of one body, a father and his son, two brothers, a stranger."""
    chance = np.random.default_rng(seed)
    markers = a_kit(chance, 24)
    draw = lambda: {m["name"]: list(chance.choice(m["alleles"], 2, p=m["freqs"])) for m in markers}  # noqa: E731

    def child(one, other):
        return {
            name: [str(chance.choice(one[name])), str(chance.choice(other[name]))] for name in one
        }

    father, mother = draw(), draw()
    profiles = {
        "BODY": father,
        "PART": father,
        "SON": child(father, mother),
        "BROTHER": child(father, mother),
        "STRANGER": draw(),
    }
    return event_of(
        markers,
        [],
        [
            {"id": code, "sex": "M", "genotypes": {n: list(map(str, p)) for n, p in one.items()}}
            for code, one in profiles.items()
        ],
    )[1]


def test_parts_of_one_body_parents_and_siblings_are_found():
    remains = related(2)

    found = [
        (relation, frozenset((remains.names[one.a], remains.names[one.b])))
        for relation in ASKED
        for one in pairs(remains, RELATIONS[relation], 3.5)
    ]

    # Which of two is the parent, a mutation model decides by a hair.
    assert ("same", frozenset(("BODY", "PART"))) in found
    parents = {(a, b) for a in ("BODY", "PART") for b in ("SON", "BROTHER")}
    assert {("PC", frozenset(pair)) for pair in parents} <= set(found)
    assert ("FS", frozenset(("SON", "BROTHER"))) in found
    assert not [pair for _, pair in found if "STRANGER" in pair]
    assert len(set(found)) == len(found)


# Linked markers, and haplotypes

TWO = [
    invented.marker(name, ("12", "13", "14"), (0.2, 0.3, 0.5), mutation=mutating)
    for name, mutating in (
        ("D1", {"female": None, "male": None}),
        ("D2", {"female": {"model": "equal", "rate": 0.01}, "male": None}),
    )
]
PARENTS = [invented.person("FA"), invented.person("MO", "F")]
CHILDREN = [invented.person(code, "M", "FA", "MO") for code in ("MP", "B1", "B2")]
SHAPES = {
    "brothers": ([*PARENTS, *CHILDREN], ("B1", "B2")),
    "mother alone": ([*PARENTS, CHILDREN[0]], ("MO",)),
    "mother and brother": ([*PARENTS, *CHILDREN[:2]], ("MO", "B1")),
    "grandmother": (
        [
            *(invented.person("GF"), invented.person("GM", "F")),
            *(invented.person("FA", "M", "GF", "GM"), PARENTS[1], CHILDREN[0]),
        ],
        ("GM",),
    ),
    "himself and a brother": ([*PARENTS, *CHILDREN[:2]], ("MP", "B1")),
}


def linked_event(rng, recombination, **more):
    """Families of all shapes, some with alleles that were not seen, and remains."""

    def profile():
        alleles = ["12", "13", "14", "-"]
        return {
            one["name"]: rng.choice(alleles, size=2, p=[0.32, 0.32, 0.32, 0.04]).tolist()
            for one in TWO
        }

    kit = Kit.of(
        read_markers(At(TWO)),
        linkage=[Linkage(("D1", "D2"), recombination)],
        **more,
    )
    families, remains = Families(kit), RemainsList(kit)
    told = []
    for name, (persons, typed) in SHAPES.items():
        for number in range(6):
            one = {
                "id": f"{name} {number}",
                "missing": "MP",
                "persons": persons,
                "mz_twins": [],
                "genotypes": {code: profile() for code in typed},
            }
            families.add(one)
            told.append(one)
    bodies = [{"id": f"R{n}", "sex": "M", "genotypes": profile()} for n in range(40)]
    for one in bodies:
        remains.add(one)
    return families, remains, told, bodies


def by_a_case(family, body, recombination, theta):
    """log10 of the ratio of one pair, as `lr` has it; None if the family cannot be."""
    persons = family["persons"]
    aside = [one | {"id": "P"} if one["id"] == "MP" else one for one in persons]
    own = family["genotypes"].get("MP")
    genotypes = family["genotypes"] | {"R": body["genotypes"]}
    if own:
        genotypes = {code: one for code, one in genotypes.items() if code != "MP"} | {"P": own}
    case = {
        "schema": "wayhome-kinship-case/1",
        "id": "one",
        "hypotheses": {
            "his": {
                "persons": [*aside, next(o for o in aside if o["id"] == "P") | {"id": "R"}],
                "mz_twins": [["P", "R"]],
            },
            "stranger": {"persons": [*aside, invented.person("R")]},
        },
        "reference": "stranger",
        "theta": theta,
        "markers": TWO,
        "genotypes": genotypes,
        "linkage": [{"markers": ["D1", "D2"], "recombination": recombination}],
    }
    return solve(read_case(case)).log10_ratio("his")


@pytest.mark.slow
@by_thirds(1)
@pytest.mark.parametrize(("recombination", "theta"), [(0.1, 0), (0, 0), (0.3, 0.03)])
def test_linked_markers_count_together_and_no_pair_is_lost(recombination, theta):
    rng = np.random.default_rng(7)
    families, remains, told, bodies = linked_event(rng, recombination, theta=theta)
    every = {
        (body["id"], family["id"], "MP"): by_a_case(family, body, recombination, theta)
        for family in told
        for body in bodies
    }
    every = {pair: log10 for pair, log10 in every.items() if log10 is not None}

    for threshold in (LOW, 0.4321, 1.1234):
        found = searched(families, remains, threshold)
        assert found.keys() == {pair for pair, log10 in every.items() if log10 >= threshold}
        for pair, (log10, markers) in found.items():
            assert log10 == pytest.approx(every[pair], abs=1e-9)
            assert markers <= 2

    one_at_a_time = AgainstFamilies(families, 0.4321)
    hits = {
        (hit.remains, *hit.family): hit.log10_lr
        for body in bodies
        for hit in one_at_a_time.remains(body | {"id": body["id"]})
    }
    expected = {pair: log10 for pair, log10 in every.items() if log10 >= 0.4321}
    assert hits == pytest.approx(expected, abs=1e-9)


def lineage(chrom, **more):
    shares = {"h1": 0.01, "h2": 0.09, "h3": 0.9}
    return {"name": chrom, "chrom": chrom, "frequencies": shares} | more


@pytest.mark.parametrize("theta", [0, 0.1])
@pytest.mark.parametrize("chrom", ["Y", "M"])
def test_a_haplotype_counts_as_in_a_case(chrom, theta):
    mutating = {"mutation": {"rate": 0.02}, "theta": theta}
    kit = Kit.of(read_markers(At(TWO)), lineages=[read_lineage(At(lineage(chrom, **mutating)))])
    families, remains = Families(kit), RemainsList(kit)
    relative = {"Y": "FA", "M": "MO"}[chrom]
    daughter = invented.person("MP", "F", "FA", "MO")
    for code, missing in (("son", CHILDREN[0]), ("daughter", daughter)):
        families.add(
            {
                "id": code,
                "missing": "MP",
                "persons": [*PARENTS, missing],
                "genotypes": {},
                "lineages": {chrom: {relative: "h1"}},
            }
        )
    for code in ("h1", "h3"):
        remains.add({"id": code, "sex": "M", "lineages": {chrom: code}, "genotypes": {}})

    found = searched(families, remains, -inf)

    case = {
        "schema": "wayhome-kinship-case/1",
        "id": "one",
        "hypotheses": {
            "his": {"persons": [*PARENTS, CHILDREN[0]]},
            "stranger": {"persons": [*PARENTS, invented.person("MP")]},
        },
        "reference": "stranger",
        "markers": TWO,
        "genotypes": {},
    }
    for label in ("h1", "h3"):
        told = lineage(chrom, **mutating, profiles={relative: "h1", "MP": label})
        expected = solve(read_case(case | {"lineages": [told]})).log10_ratio("his")
        assert found[label, "son", "MP"] == (pytest.approx(expected, rel=1e-12), 1)
        if chrom == "Y":
            assert found[label, "daughter", "MP"] == (0, 0)
    online = AgainstFamilies(families, 0.5)
    hits = online.remains({"id": "new", "sex": "M", "lineages": {chrom: "h1"}, "genotypes": {}})
    assert ("son", "MP") in [hit.family for hit in hits]


FOUNDERS = [
    invented.person(code, "FM"[code[0] == "f"]) for code in ("f", "m", "f1", "f2", "m1", "m2")
]
# How the two descend: a relation by each way in which it may be meant.
DESCENT = {
    "PC": [("father of b", (None, None), ("a", "m")), ("mother of b", (None, None), ("f", "a"))],
    "FS": [("", ("f", "m"), ("f", "m"))],
    "HS": [("", ("f", "m1"), ("f", "m2")), ("", ("f1", "m"), ("f2", "m"))],
}


@pytest.mark.slow
@pytest.mark.parametrize("relation", ["same", "PC", "FS", "HS"])
def test_remains_are_compared_by_their_haplotypes_too(relation):
    """Each pair by the engine: who shares a line must share its haplotype, or it has changed."""
    lines = [lineage(chrom, mutation={"rate": 0.02}, theta=0.1) for chrom in "YM"]
    kit = Kit.of(read_markers(At(TWO)), lineages=[read_lineage(At(one)) for one in lines])
    found, genotypes = RemainsList(kit), {one["name"]: ["12", "13"] for one in TWO}
    people = {
        "R1": ("M", {"Y": "h1", "M": "h1"}),
        "R2": ("M", {"Y": "h1", "M": "h2"}),
        "R3": ("F", {"M": "h1"}),
        "R4": ("F", {"M": "h2"}),
    }
    for code, (sex, shown) in people.items():
        found.add({"id": code, "sex": sex, "lineages": shown, "genotypes": genotypes})

    told = {(found.names[p.a], found.names[p.b]): p for p in pairs(found, RELATIONS[relation], -99)}

    def log10_ratio(a, b, ways):
        both = {"a": people[a], "b": people[b]}
        best = []
        for hint, of_a, of_b in ways:
            if hint and hint != {"M": "father of b", "F": "mother of b"}[both["a"][0]]:
                continue
            his = invented.person("a", both["a"][0], *of_a)
            theirs = invented.person("b", both["b"][0], *of_b)
            stranger = invented.person("b", both["b"][0])
            # A line of which one of the two shows nothing is not compared.
            profiles = {
                line: {code: shown[line] for code, (_, shown) in both.items()}
                for line in "YM"
                if all(line in shown for _, shown in both.values())
            }
            case = {
                "schema": "wayhome-kinship-case/1",
                "id": "one",
                "hypotheses": {
                    "kin": {"persons": [*FOUNDERS, his, theirs]},
                    "strangers": {"persons": [*FOUNDERS, his, stranger]},
                },
                "reference": "strangers",
                "markers": TWO,
                "genotypes": dict.fromkeys(both, genotypes),
                "lineages": [
                    one | {"profiles": profiles[one["chrom"]]}
                    for one in lines
                    if one["chrom"] in profiles
                ],
            }
            best.append(solve(read_case(case)).log10_ratio("kin"))
        return max(best)

    if relation == "same":
        # Whoever shows another haplotype is another; a woman and a man are compared by the rest.
        assert set(told) == {("R1", "R3"), ("R2", "R4")}
        return
    for one, other in combinations(people, 2):
        expected = log10_ratio(one, other, DESCENT[relation])
        if relation == "PC":
            expected = max(expected, log10_ratio(other, one, DESCENT[relation]))
            pair = told.get((one, other)) or told[other, one]
        else:
            pair = told[one, other]
        assert pair.log10_lr == pytest.approx(expected, abs=1e-9)


def test_remains_of_unknown_sex_are_compared_without_x_markers_and_haplotypes():
    at = [invented.marker(), invented.marker("X1", chrom="X")]
    kit = Kit.of(read_markers(At(at)), lineages=[read_lineage(At(lineage("Y")))])
    remains = RemainsList(kit)
    same = {"D1": ["12", "13"]}
    remains.add({"id": "A", "sex": "U", "genotypes": same})
    whole = {"X1": ["12", "12"]} | same
    remains.add({"id": "B", "sex": "M", "genotypes": whole, "lineages": {"Y": "h1"}})

    [found] = pairs(remains, RELATIONS["FS"], -inf)

    alone = RemainsList(Kit.of(read_markers(At(at[:1]))))
    for code in "AB":
        alone.add({"id": code, "sex": "M", "genotypes": same})
    assert found == pairs(alone, RELATIONS["FS"], -inf)[0]
