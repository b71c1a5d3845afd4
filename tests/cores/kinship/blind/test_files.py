"""Files of remains and families: what is read, what is set aside, a search that is stopped."""

import csv
import json
import tempfile
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship.families import marker, person
from wayhome.cores.kinship import MalformedCase
from wayhome.cores.kinship.blind import search as searching
from wayhome.cores.kinship.blind.families import Families, RemainsList
from wayhome.cores.kinship.blind.files import (
    pairs_files,
    read_event,
    read_lines,
    search_files,
    write_rejects,
)
from wayhome.cores.kinship.blind.observed import Kit
from wayhome.cores.kinship.blind.pairs import RELATIONS
from wayhome.cores.kinship.cases import read_markers
from wayhome.cores.kinship.reading import At

MARKERS = [marker(), marker("D2", ("8", "9", "9.3"), (0.2, 0.3, 0.5))]
FAMILY = {
    "id": "F1",
    "missing": "MP",
    "persons": [person("FA"), person("MO", "F"), person("MP", "M", "FA", "MO")],
    "genotypes": {"MO": {"D1": ["12", "13"], "D2": ["8", "9"]}},
}
REMAINS = {"id": "R1", "sex": "M", "genotypes": {"D1": ["13", "14"], "D2": ["9", "9.3"]}}


@pytest.fixture
def files(tmp_path):
    def write(remains=(REMAINS,), families=(FAMILY,), markers=MARKERS):
        paths = [tmp_path / name for name in ("m.json", "r.jsonl", "f.jsonl")]
        paths[0].write_text(json.dumps(markers), encoding="utf-8")
        for path, lines in zip(paths[1:], (remains, families), strict=True):
            path.write_text(
                "".join(x if isinstance(x, str) else json.dumps(x) + "\n" for x in lines),
                encoding="utf-8",
            )
        return paths

    return write


def done(found, out, threshold=-9.0, **more):
    report = search_files(found, out, threshold, program="1", **more)
    with out.open(encoding="utf-8", newline="") as text:
        return report, list(csv.DictReader(text))


def rejected(out):
    with out.with_name(out.name + ".rejects.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_a_pair_is_written_once_with_all_its_digits(files, tmp_path):
    report, [row] = done(read_lines(*files()), tmp_path / "p.csv")

    assert (row["remains_id"], row["family_id"], row["missing_id"]) == ("R1", "F1", "MP")
    assert float(row["log10_lr"]) == pytest.approx(-0.0791812460476248 - 0.0791812460476248)
    assert row["markers"] == "2"
    assert report["pairs"] == report["compared"] == 1
    assert set(report["rests_on"]["input_sha256"]) == {"m.json", "r.jsonl", "f.jsonl"}
    assert not (tmp_path / "p.csv.rejects.csv").exists()


def changed(record, **changes):
    return record | changes


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("{\n", "column 2", "Expecting property name"),
        ("[]\n", "", "expected an object"),
        ('{"id": "R2", "id": "R3"}\n', "", "a key twice"),
        (changed(REMAINS), "id", "each remains once"),
        (changed(REMAINS, id=7), "id", "expected a text"),
        (changed(REMAINS, id="R2", sex="X"), "sex", "one of F, M, U"),
        (changed(REMAINS, id="R2", genotypes={"D1": ["12"]}), "genotypes/D1", "1 alleles"),
        (changed(REMAINS, id="R2", genotypes={"D1": "1213"}), "genotypes/D1", "a list"),
        (changed(REMAINS, id="R2", genotypes={"D1": [12, 13]}), "genotypes/D1/0", "a text"),
        (changed(REMAINS, id="R2", genotypes={"D1": ["12", "99"]}), "genotypes/D1", "'99'"),
        (changed(REMAINS, id="R2", genotype={}), "genotype", "expected 'genotypes'"),
        (
            changed(
                REMAINS,
                id="R2",
                evidence={
                    "model": "per_allele_bernoulli",
                    **{"d": 0.1, "d_hom": 0.01, "drop_in": 0.0, "alleles": {"D1": ["12"]}},
                },
            ),
            "evidence/D1",
            "a genotype too",
        ),
    ],
)
def test_remains_that_mean_nothing_are_set_aside_with_their_line(
    files, tmp_path, line, field, reason
):
    found = read_lines(*files(remains=(REMAINS, "\n", line)))
    out = tmp_path / "p.csv"
    report, rows = done(found, out)

    assert len(rows) == 1
    assert report["rejected"] == 1
    [reject] = rejected(out)
    assert (reject["file"], reject["line"], reject["field"]) == ("r.jsonl", "3", field)
    assert reason in reject["reason"]


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"missing": "NN"}, "missing", "no person 'NN'"),
        ({"missing": []}, "missing", "one missing person or more"),
        ({"missing": ["MP", "MP"]}, "missing", "each missing person once"),
        ({"genotypes": {"NN": {}}}, "genotypes/NN", "no person 'NN'"),
        ({"persons": [person("MP", "M", "FA", "MO")]}, "persons/0/father", "no person 'FA'"),
        ({"persons": [person("MP"), person("MP")]}, "persons/1/id", "'MP' twice"),
        ({"persons": [person("MP") | {"fater": "MO"}]}, "persons/0/fater", "unknown key"),
        ({"mz_twins": [["MP", "NN"]]}, "mz_twins/0", "no person 'NN'"),
        ({"genotypes": {"MO": {"D2": ["8", "9", "9"]}}}, "genotypes/MO/D2", "3 alleles"),
        ({"id": "F1"}, "id", "each family once"),
    ],
)
def test_families_that_mean_nothing_are_set_aside_with_their_line(
    files, tmp_path, changes, field, reason
):
    found = read_lines(*files(families=(FAMILY, FAMILY | {"id": "F2"} | changes)))
    out = tmp_path / "p.csv"
    _, rows = done(found, out)

    assert len(rows) == 1
    [reject] = rejected(out)
    assert (reject["file"], reject["line"], reject["field"]) == ("f.jsonl", "2", field)
    assert reason in reject["reason"]


def test_a_family_whose_own_profiles_cannot_be_is_set_aside(files, tmp_path):
    genotypes = {"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "13"]}}
    found = read_lines(*files(families=(FAMILY, FAMILY | {"id": "F2", "genotypes": genotypes})))
    out = tmp_path / "p.csv"

    _, rows = done(found, out, float("-inf"))

    assert [row["family_id"] for row in rows] == ["F1"]
    [reject] = rejected(out)
    assert (reject["line"], reject["field"]) == ("2", "F2/genotypes/D1")


def test_persons_in_another_order_or_with_other_codes_are_the_same_family(files, tmp_path):
    other = FAMILY | {
        "id": "F2",
        "missing": "son",
        "persons": [person("son", "M", "f", "m"), person("m", "F"), person("f")],
        "genotypes": {"m": FAMILY["genotypes"]["MO"]},
    }
    _, [one, two] = done(read_lines(*files(families=(FAMILY, other))), tmp_path / "p.csv")

    assert one["log10_lr"] == two["log10_lr"]
    assert two["missing_id"] == "son"


def test_markers_that_cannot_be_are_refused_and_so_is_a_file_without_one_good_line(files):
    with pytest.raises(MalformedCase, match="0/freqs"):
        read_lines(*files(markers=[MARKERS[0] | {"freqs": [0.1, 0.1, 0.1]}]))
    with pytest.raises(MalformedCase, match="no line that could be read"):
        read_lines(*files(remains=("x\n",)))
    with pytest.raises(MalformedCase, match="families, one JSON object a line"):
        read_lines(*files(families=()))


def test_an_unknown_allele_is_added_at_the_floor_and_said(files, tmp_path):
    remains = (REMAINS, {"id": "R2", "genotypes": {"D1": ["15", "12"], "NOT": ["1", "2"]}})
    found = read_lines(*files(remains=remains), floor=0.001)

    report, rows = done(found, tmp_path / "p.csv")

    # A mother 12/13 gives 12 by half: 1 / (4 p), the other alleles rescaled.
    value = float(next(row["log10_lr"] for row in rows if row["remains_id"] == "R2"))
    assert 10**value == pytest.approx(1 / (4 * MARKERS[0]["freqs"][0] * 0.999))
    [added] = report["rests_on"]["added_alleles"]
    assert added == {"marker": "D1", "allele": "15", "frequency": 0.001}
    assert any("NOT" in note for note in report["rests_on"]["notes"])


def event(**changes):
    return {
        "schema": "wayhome-blind/1",
        "id": "E",
        "markers": MARKERS,
        "families": [FAMILY],
        "remains": [REMAINS],
    } | changes


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"schema": "wayhome-blind/9"}, "schema"),
        ({"theta": 1}, "theta"),
        ({"markers": []}, "markers"),
        ({"remains": [REMAINS, REMAINS]}, "remains/1/id"),
        ({"remains": {}}, "remains"),
        ({"families": [FAMILY | {"missing": 3}]}, "families/0/missing"),
        ({"familes": []}, "familes"),
    ],
)
def test_an_event_that_means_nothing_is_refused_at_its_place(tmp_path, changes, place):
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event(**changes)), encoding="utf-8")

    with pytest.raises(MalformedCase) as fault:
        read_event(path)

    assert fault.value.place == place


class Stopped(Exception):
    pass


def stop_after(turns):
    heard = []

    def progress(done, of):
        heard.append(done)
        if len(heard) > turns:
            raise Stopped

    return progress


def many(files, impossible=()):
    chance = Random(4)
    pair = lambda one: [chance.choice(one["alleles"]) for _ in range(2)]  # noqa: E731
    profile = lambda: {one["name"]: pair(one) for one in MARKERS}  # noqa: E731
    families = [FAMILY | {"id": f"F{n}", "genotypes": {"MO": profile()}} for n in range(20)]
    for n in impossible:
        son = {"D1": ["13", "13"]}
        families[n]["genotypes"] = {"MO": {"D1": ["12", "12"]}, "MP": son}
    return files([REMAINS | {"id": f"R{n}", "genotypes": profile()} for n in range(9)], families)


@pytest.mark.slow
@pytest.mark.parametrize("turns", [0, 1, 2, 4])
def test_a_search_that_was_stopped_goes_on_where_it_was(files, tmp_path, monkeypatch, turns):
    monkeypatch.setattr(searching, "FAMILIES_AT_ONCE", 5)
    monkeypatch.setattr(searching, "FAMILIES_A_TURN", 5)
    monkeypatch.setattr(searching.os, "sched_getaffinity", lambda _: {0})
    paths, out, whole = many(files), tmp_path / "p.csv", tmp_path / "whole.csv"
    search_files(read_lines(*paths), whole, -0.5, program="1")
    if turns < 4:
        with pytest.raises(Stopped):
            search_files(read_lines(*paths), out, -0.5, program="1", progress=stop_after(turns))
        assert not out.exists()
        with (tmp_path / "p.csv.part").open("a") as part:
            part.write("half a li")

    report = search_files(read_lines(*paths), out, -0.5, program="1")

    assert out.read_bytes() == whole.read_bytes()
    assert report["resumed_at_block"] == turns % 4
    assert report["pairs"] == len(out.read_text().splitlines()) - 1
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".part", ".state")]


@pytest.mark.slow
def test_another_search_begins_anew(files, tmp_path, monkeypatch):
    monkeypatch.setattr(searching, "FAMILIES_AT_ONCE", 5)
    paths, out = many(files), tmp_path / "p.csv"
    with pytest.raises(Stopped):
        search_files(read_lines(*paths), out, -0.5, program="1", progress=stop_after(2))

    report = search_files(read_lines(*paths), out, 0.0, program="1")

    assert report["resumed_at_block"] == 0
    with out.open() as text:
        assert all(float(row["log10_lr"]) >= 0 for row in csv.DictReader(text))


@pytest.mark.slow
def test_impossible_families_are_told_though_the_search_was_stopped(files, tmp_path, monkeypatch):
    monkeypatch.setattr(searching, "FAMILIES_AT_ONCE", 5)
    paths, out = many(files, impossible=(1, 7, 18)), tmp_path / "p.csv"
    with pytest.raises(Stopped):
        search_files(read_lines(*paths), out, -0.5, program="1", progress=stop_after(4))

    report = search_files(read_lines(*paths), out, -0.5, program="1")

    assert report["resumed_at_block"]
    assert sorted(row["field"].partition("/")[0] for row in rejected(out)) == ["F1", "F18", "F7"]


@pytest.mark.slow
@pytest.mark.parametrize("turns", [0, 1, 3, 6, 9])
def test_pairs_that_were_stopped_go_on_where_they_were(files, tmp_path, monkeypatch, turns):
    monkeypatch.setattr(searching, "FAMILIES_AT_ONCE", 5)
    monkeypatch.setattr(searching, "FAMILIES_A_TURN", 5)
    monkeypatch.setattr(searching.os, "sched_getaffinity", lambda _: {0})
    markers, remains, _ = many(files)
    out, whole = tmp_path / "p.csv", tmp_path / "whole.csv"
    asked = [RELATIONS[name] for name in ("same", "PC", "FS")]

    def run(into, **more):
        return pairs_files(
            read_lines(markers, remains, None), into, asked, -0.5, program="1", **more
        )

    expected = run(whole)
    with suppress(Stopped):
        run(out, progress=stop_after(turns))
        out.unlink()
    assert not out.exists()

    report = run(out)

    assert out.read_bytes() == whole.read_bytes()
    assert report["pairs"] == expected["pairs"]
    assert sum(expected["pairs"].values()) == len(out.read_text().splitlines()) - 1
    assert not [path for path in tmp_path.iterdir() if path.suffix in (".part", ".state")]


def test_old_rejects_are_taken_away(tmp_path):
    (tmp_path / "p.csv.rejects.csv").write_text("old")

    write_rejects(tmp_path / "p.csv", [])

    assert not list(tmp_path.iterdir())


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 99) | st.text(max_size=3) | st.just(float("nan")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "sex", "MO", "MP", "D1", "a"]), inner, max_size=3)
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([FAMILY, REMAINS]), st.data())
def test_any_line_gives_a_record_or_a_fault(record, data):
    kit = Kit.of(read_markers(At(MARKERS)))
    lists = {id(FAMILY): Families(kit), id(REMAINS): RemainsList(kit)}
    spoiled = json.loads(json.dumps(record))
    place = spoiled
    while isinstance(place, dict | list) and place:
        keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if data.draw(st.booleans()) or not isinstance(place[key], dict | list):
            place[key] = data.draw(JSON)
            break
        place = place[key]

    lists[id(record)].add(record)
    with suppress(MalformedCase):
        lists[id(record)].add(spoiled)

    assert len(lists[id(record)]) >= 1


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=80))
def test_any_bytes_give_records_or_faults(data):
    with tempfile.TemporaryDirectory() as name:
        paths = [Path(name) / one for one in ("m.json", "r.jsonl")]
        paths[0].write_text(json.dumps(MARKERS))
        paths[1].write_bytes(json.dumps(REMAINS).encode() + b"\n" + data)

        found = read_lines(*paths, None)

        assert len(found.remains) >= 1
        lines = [line for line in data.split(b"\n") if line.strip()]
        assert len(found.remains) - 1 + len(found.rejects) == len(lines)
