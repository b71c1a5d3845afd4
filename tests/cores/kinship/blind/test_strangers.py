"""How many strangers a search is to meet, against an invented event in which they are known."""

import csv
from itertools import combinations_with_replacement, product

import numpy as np
import pytest

from tests.cores.kinship.families import marker, person
from tools.bench_kinship import event
from wayhome.cores.kinship import Genotype, Pedigree, Person, joint_likelihood
from wayhome.cores.kinship.blind import strangers
from wayhome.cores.kinship.blind.families import Families, RemainsList
from wayhome.cores.kinship.blind.files import read_lines, search_files
from wayhome.cores.kinship.blind.observed import Kit
from wayhome.cores.kinship.cases import Linkage, read_markers
from wayhome.cores.kinship.reading import At

THRESHOLD = -3.0


@pytest.mark.slow
def test_a_search_meets_as_many_strangers_as_it_says(tmp_path):
    event.write(tmp_path, remains=2000, families=40, seed=5)
    out = tmp_path / "pairs.csv"
    paths = [tmp_path / name for name in ("markers.json", "remains.jsonl", "families.jsonl")]

    told = search_files(read_lines(*paths), out, THRESHOLD, program="1")["chance_pairs"]

    with (tmp_path / "truth.csv").open() as text:
        truth = {row["remains_id"]: row["family_id"] for row in csv.DictReader(text)}
    with out.open() as text:
        rows = list(csv.DictReader(text))
    met = sum(truth[row["remains_id"]] != row["family_id"] for row in rows)
    assert met > 200
    assert told["expected"] == pytest.approx(met, rel=0.15)
    assert told["at_least"] <= told["expected"] <= told["at_most"]
    assert told["expected_in_all"] == told["expected"]
    assert told["families_counted"] == len(told["families"]) == 40
    assert sum(one["expected"] for one in told["families"]) == pytest.approx(told["expected"])


def an_event(families, remains, *, markers=None):
    kit = Kit.of(read_markers(At(markers or [marker(), marker("D2")])))
    lists = Families(kit), RemainsList(kit)
    for number in range(families):
        lists[0].add(a_family(f"F{number}"))
    for one in remains:
        lists[1].add(one)
    kit.close()
    return lists


def a_family(code, genotype=("12", "13")):
    return {
        "id": code,
        "missing": "MP",
        "persons": [person("FA"), person("MO", "F"), person("MP", "M", "FA", "MO")],
        "genotypes": {"MO": {"D1": list(genotype), "D2": ["12", "14"]}},
    }


def remains(code, *markers):
    return {"id": code, "sex": "M", "genotypes": {name: ["12", "13"] for name in markers}}


@pytest.mark.slow
def test_linked_markers_count_together_where_remains_are_typed_at_both():
    """Brothers, to whom linkage matters; every stranger in turn, each pair by the engine."""
    pair = Linkage(("D1", "D2"), 0.05)
    both = {"D1": ["12", "13"], "D2": ["12", "14"]}
    brothers = {
        "id": "F",
        "missing": "MP",
        "persons": [person("FA"), person("MO", "F"),
                    *(person(code, "M", "FA", "MO") for code in ("MP", "S"))],
        "genotypes": {"S": both},
    }  # fmt: skip
    kit = Kit.of(read_markers(At([marker(), marker("D2")])), linkage=[pair])
    families, found = Families(kit), RemainsList(kit)
    families.add(brothers)
    found.add(remains("R1", "D1", "D2"))
    found.add(remains("R2", "D2"))
    kit.close()
    shares = {"12": 0.2, "13": 0.3, "14": 0.5}
    every = list(combinations_with_replacement(shares, 2))
    chance = {g: shares[g[0]] * shares[g[1]] * (1 if g[0] == g[1] else 2) for g in every}
    kin = Pedigree(tuple(Person(p["id"], p["sex"], p["father"], p["mother"])
                         for p in brothers["persons"]))  # fmt: skip

    def likely(*shown):
        seen = tuple(
            {"S": [Genotype(tuple(both[m.name]))]} | ({"MP": [Genotype(g)]} if g else {})
            for m, g in zip(kit.markers, shown, strict=True)
        )
        return joint_likelihood(kin, kit.markers, seen, pair.recombination).value

    told = strangers.expected(families, found, 0.5, {})

    own = likely(None, None)
    expected = sum(
        chance[one] * chance[other]
        for one, other in product(every, repeat=2)
        if likely(one, other) / own / chance[one] / chance[other] >= 10**0.5
    ) + sum(chance[g] for g in every if likely(None, g) / own / chance[g] >= 10**0.5)
    assert told.total.about == pytest.approx(expected)
    assert not told.apart
    kit.links = ()
    assert strangers.expected(families, found, 0.5, {}).total.about != pytest.approx(expected, 0.01)


def test_remains_that_are_typed_at_little_meet_by_what_they_have():
    families, found = an_event(1, [remains("R1", "D1"), remains("R2", "D2"), remains("R3")])

    told = strangers.expected(families, found, 0.1, {})

    # A son has a ratio of 1/(2p) if he shows p/p of a mother p/q, and so on.
    def reaching(p, q, rest):
        every = [
            (1 / (2 * p), p * p),
            (1 / (2 * q), q * q),
            ((1 / p + 1 / q) / 4, 2 * p * q),
            (1 / (4 * p), 2 * p * rest),
            (1 / (4 * q), 2 * q * rest),
        ]
        return sum(chance for ratio, chance in every if np.log10(ratio) >= 0.1)

    assert told.total.about == pytest.approx(reaching(0.2, 0.3, 0.5) + reaching(0.2, 0.5, 0.3))
    assert not told.sampled
    assert told.as_dict()["notes"] == []


def test_of_many_families_those_with_most_pairs_are_counted_and_it_says_so(monkeypatch):
    monkeypatch.setattr(strangers, "FAMILIES", 2)
    families, found = an_event(4, [remains("R1", "D1")])

    told = strangers.expected(
        families, found, 0.1, {("F1", "MP"): 1, ("F2", "MP"): 3, ("F3", "MP"): 2}
    )

    assert set(told.each) == {("F2", "MP"), ("F3", "MP")}
    assert "2 of 4 families" in told.as_dict()["notes"][0]


@pytest.mark.slow
def test_what_is_not_counted_is_estimated_from_families_evenly_chosen(monkeypatch, tmp_path):
    event.write(tmp_path, remains=300, families=80, seed=6)
    paths = [tmp_path / name for name in ("markers.json", "remains.jsonl", "families.jsonl")]
    found = read_lines(*paths)
    monkeypatch.setattr(strangers, "SETS", 1)
    monkeypatch.setattr(strangers, "FAMILIES", 20)
    few = strangers.expected(found.families, found.remains, -1.0, {})
    monkeypatch.setattr(strangers, "FAMILIES", 80)

    whole = strangers.expected(found.families, found.remains, -1.0, {})

    assert few.each == {}
    assert whole.in_all == whole.total.about
    assert whole.in_all_error == 0
    assert 0 < few.in_all_error < few.in_all
    assert few.in_all == pytest.approx(whole.in_all, abs=2 * few.in_all_error)


def test_many_sets_of_markers_are_sampled_and_it_says_so(monkeypatch):
    monkeypatch.setattr(strangers, "SETS", 2)
    every = [remains("R1"), remains("R2", "D1"), *(remains(f"R{n}", "D1", "D2") for n in (3, 4))]
    families, found = an_event(1, every)

    sets, sampled = strangers.typed_sets(found, (2, 2))

    assert sampled
    assert sets == {frozenset({"D1"}): 2, frozenset({"D1", "D2"}): 2}
    assert "stand for" in strangers.expected(families, found, 0.1, {}).as_dict()["notes"][0]


def test_an_x_marker_counts_for_remains_of_the_sex_of_the_missing_only():
    families, found = an_event(
        1,
        [
            {"id": "R1", "sex": "M", "genotypes": {"D2": ["12", "12"]}},
            {"id": "R2", "sex": "F", "genotypes": {"D2": ["12", "13"]}},
        ],
        markers=[marker(), marker("D2", chrom="X")],
    )

    sets, _ = strangers.typed_sets(found, (2, 1))

    assert sets == {frozenset({"D2"}): 1, frozenset(): 1}
    assert strangers.expected(families, found, 0.1, {}).total.about == pytest.approx(0.2)


def test_a_family_that_cannot_be_is_left_out():
    kit = Kit.of(read_markers(At([marker()])))
    families, found = Families(kit), RemainsList(kit)
    persons = [*a_family("F")["persons"], person("S", "F", "FA", "MO")]
    genotypes = {"MO": {"D1": ["12", "12"]}, "S": {"D1": ["13", "14"]}}
    families.add(a_family("F1") | {"persons": persons, "genotypes": genotypes})
    found.add(remains("R1", "D1"))

    told = strangers.expected(families, found, 0.0, {})

    assert told.each == {}
    assert "0 of 1 families" in told.as_dict()["notes"][0]
