"""Every malformed case is refused with its place and with what was expected there."""

import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.cores.kinship.families import marker, mother_and_son, person
from wayhome.cores.kinship import KinshipError, MalformedCase, read_case, solve
from wayhome.cores.kinship.files import read_case_file

CUSTOM = {"model": "custom", "matrix": [[0.9, 0.1, 0], [0, 1, 0], [0, 0, 1]]}
EQUAL = {"model": "equal", "rate": 0.01}
DETECTED = {"model": "per_allele_bernoulli", "d": 0.1, "d_hom": 0.01, "drop_in": 0.05}
PERSONS = "hypotheses/H1/persons"
# What is put where, where the fault is told, and what was expected there.
REFUSED = [
    ("schema", "wayhome-kinship-case/9", "schema", "wayhome-kinship-case/1"),
    ("id", None, "id", "a text"),
    ("reference", "H7", "reference", "one of H1, H2"),
    ("hypotheses", {}, "hypotheses", "one hypothesis or more"),
    ("hypotheses/H1/persons", [], PERSONS, "one person or more"),
    (f"{PERSONS}/2/father", "XX", f"{PERSONS}/2/father", "the id of a person, or null"),
    (f"{PERSONS}/2/father", None, f"{PERSONS}/2", "both parents or none"),
    (f"{PERSONS}/2/father", "MO", f"{PERSONS}/2/father", "a father of sex M"),
    (f"{PERSONS}/2/mother", "FA", f"{PERSONS}/2/mother", "a mother of sex F"),
    (f"{PERSONS}/2/id", "MO", f"{PERSONS}/2/id", "each person once"),
    (f"{PERSONS}/2/sex", "X", f"{PERSONS}/2/sex", "one of F, M, U"),
    (f"{PERSONS}/2/fahter", "FA", f"{PERSONS}/2/fahter", "'father'"),
    (f"{PERSONS}/0", person("FA", "M", "MP", "MO"), f"{PERSONS}/0", "no cycle"),
    (f"{PERSONS}/0", person("FA", "M", "FA", "MO"), f"{PERSONS}/0", "no cycle"),
    (
        f"{PERSONS}/2/founder_inbreeding",
        0.1,
        f"{PERSONS}/2/founder_inbreeding",
        "founders only",
    ),
    (
        f"{PERSONS}/0/founder_inbreeding",
        1.1,
        f"{PERSONS}/0/founder_inbreeding",
        "a number from 0 to 1",
    ),
    (
        f"{PERSONS}/0/founder_inbreeding_x",
        0.1,
        f"{PERSONS}/0/founder_inbreeding_x",
        "women only",
    ),
    ("hypotheses/H1/mz_twins", [["FA", "MO"]], "hypotheses/H1/mz_twins/0", "one sex"),
    ("hypotheses/H1/mz_twins", [["FA", "MP"]], "hypotheses/H1/mz_twins/0", "the same parents"),
    ("hypotheses/H1/mz_twins", [["FA", "ZZ"]], "hypotheses/H1/mz_twins/0", "ids of persons"),
    ("hypotheses/H1/mz_twins", [["FA"]], "hypotheses/H1/mz_twins/0", "two different persons"),
    ("theta", 1, "theta", "a number below 1"),
    ("theta", -0.1, "theta", "a number from 0 to 1"),
    ("theta", "0.02", "theta", "a number from 0 to 1"),
    ("theta", float("nan"), "theta", "a number from 0 to 1"),
    ("tehta", 0.02, "tehta", "'theta'"),
    ("markers", [], "markers", "one marker or more"),
    ("markers/0/chrom", "Z", "markers/0/chrom", "one of A, X"),
    ("markers/0/freqs", [0.2, 0.3, 0.4], "markers/0/freqs", "a sum of 1"),
    ("markers/0/freqs", [0.5, 0.5], "markers/0/freqs", "3, one an allele"),
    ("markers/0/freqs", [0.5, 0.5, 0], "markers/0/freqs/2", "a number above 0"),
    ("markers/0/freqs", [0.5, 0.7, -0.2], "markers/0/freqs/2", "a number above 0"),
    ("markers/0/freqs", [0.5, True, 0.1], "markers/0/freqs/1", "a number above 0"),
    ("markers/0/alleles", ["12", "12", "14"], "markers/0/alleles/1", "each allele once"),
    ("markers/0/alleles", [12, 13, 14], "markers/0/alleles/0", "a text"),
    ("markers/0/alleles", ["12", "-", "14"], "markers/0/alleles", "no allele called -"),
    ("markers/0/silent_freq", 0.1, "markers/0/freqs", "a sum of 1"),
    ("markers/0/mutation", {"female": EQUAL}, "markers/0/mutation", "the key 'male'"),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": {"model": "random", "rate": 0.1}},
        "markers/0/mutation/male/model",
        "one of custom, dawid, equal, onestep, proportional, stepwise",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": {"model": "equal"}},
        "markers/0/mutation/male",
        "the key 'rate'",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": {"model": "equal", "rate": 2}},
        "markers/0/mutation/male/rate",
        "a number from 0 to 1",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": EQUAL | {"rate2": 0.1}},
        "markers/0/mutation/male/rate2",
        "'rate'",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": {"model": "proportional", "rate": 1}},
        "markers/0/mutation/male/rate",
        "a lower rate",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": CUSTOM | {"matrix": [[1, 0], [0, 1]]}},
        "markers/0/mutation/male/matrix",
        "3, one an allele",
    ),
    (
        "markers/0/mutation",
        {"female": EQUAL, "male": CUSTOM | {"matrix": [[1, 0, 0], [0, 1, 0], [0, 0, 0.9]]}},
        "markers/0/mutation/male/matrix/2",
        "a row that sums to 1",
    ),
    (
        "markers/0",
        marker(alleles=("12", "12.2", "14"), mutation={"female": None, "male": EQUAL})
        | {"mutation": {"female": None, "male": {"model": "onestep", "rate": 0.01}}},
        "markers/0/mutation/male/model",
        "whole repeats",
    ),
    ("genotypes/MO/D1", ["12", "99"], "genotypes/MO/D1", "an allele of the table"),
    ("genotypes/MO/D1", ["12", "13", "14"], "genotypes/MO/D1", "two"),
    ("genotypes/MO/D1", ["12"], "genotypes/MO/D1", "two"),
    ("genotypes/MO/D1", [12, 13], "genotypes/MO/D1/0", "a text"),
    ("genotypes/ZZ", {"D1": ["12", "12"]}, "genotypes/ZZ", "persons who are in every hypothesis"),
    ("genotypes/SON", {"D1": ["12", "12"]}, "genotypes/SON", "in every hypothesis"),
    ("hypotheses/H2/persons/3/sex", "F", "genotypes/MP", "one sex"),
    ("markers/0/chrom", "X", "genotypes/MP/D1", "one X allele, told twice"),
    (
        "evidence",
        {"MP": DETECTED | {"alleles": {"D1": ["12", "99"]}}},
        "evidence/MP/alleles/D1",
        "an allele of the table",
    ),
    (
        "evidence",
        {"MP": DETECTED | {"alleles": {"D1": ["12", "12"]}}},
        "evidence/MP/alleles/D1",
        "each allele once",
    ),
    (
        "evidence",
        {"MP": DETECTED | {"d": 1.2, "alleles": {}}},
        "evidence/MP/d",
        "a number from 0 to 1",
    ),
    ("evidence", {"MP": DETECTED | {"model": "x"}}, "evidence/MP/model", "per_allele_bernoulli"),
    ("unknown_alleles", {"floor": 0}, "unknown_alleles/floor", "a number above 0"),
    ("unknown_alleles", {}, "unknown_alleles", "the key 'floor'"),
    (
        "linkage",
        [{"markers": ["D1", "D9"], "recombination": 0.1}],
        "linkage/0/markers",
        "names of markers",
    ),
    (
        "linkage",
        [{"markers": ["D1", "D1"], "recombination": 0.1}],
        "linkage/0/markers",
        "two different markers",
    ),
    (
        "linkage",
        [{"markers": ["D1", "D2"], "recombination": 0.6}],
        "linkage/0/recombination",
        "a number from 0 to 0.5",
    ),
    (
        "lineages",
        [{"name": "Y", "chrom": "Y", "frequencies": {"a": 0.1}, "profiles": {"MO": "a"}}],
        "lineages/0/profiles/MO",
        "a Y haplotype of men only",
    ),
    (
        "lineages",
        [{"name": "Y", "chrom": "Y", "frequencies": {"a": 0.1}, "profiles": {"MP": "b"}}],
        "lineages/0/profiles/MP",
        "one of (others), a",
    ),
    (
        "lineages",
        [{"name": "mt", "chrom": "M", "frequencies": {"a": 0.6, "b": 0.6}, "profiles": {}}],
        "lineages/0/frequencies",
        "a sum of 1 at most",
    ),
    (
        "lineages",
        [{"name": "mt", "chrom": "M", "profiles": {"MP": "b"}}],
        "lineages/0",
        "one of the two",
    ),
    (
        "lineages",
        [
            {
                "name": "mt",
                "chrom": "M",
                "database": {"size": 3, "counts": {"a": 4}},
                "profiles": {"MP": "a"},
            }
        ],
        "lineages/0/database/counts",
        "3 at most",
    ),
]


def put(document, place, value):
    """The document with something else at this place."""
    document = deepcopy(document)
    at = document
    *way, last = [int(key) if key.isdecimal() else key for key in place.split("/")]
    for key in way:
        at = at[key]
    at[last] = value
    return document


@pytest.mark.parametrize(
    ("where", "value", "place", "expected"), REFUSED, ids=lambda value: str(value)[:40]
)
def test_a_malformed_case_is_refused_with_its_place(where, value, place, expected):
    with pytest.raises(MalformedCase) as refused:
        read_case(put(mother_and_son(), where, value))

    assert refused.value.place == place
    assert expected in refused.value.expected
    assert str(refused.value).startswith(f"{place}: ")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "missing", ["schema", "id", "hypotheses", "reference", "markers", "genotypes"]
)
def test_what_a_case_must_have_is_missed(missing):
    case = mother_and_son()
    del case[missing]

    with pytest.raises(MalformedCase, match=f"expected the key '{missing}'"):
        read_case(case)


def test_a_man_of_unknown_sex_has_no_x_marker():
    case = put(mother_and_son(), "markers/0/chrom", "X")
    for at in ("hypotheses/H1/persons/2/sex", "hypotheses/H2/persons/3/sex"):
        case = put(case, at, "U")

    with pytest.raises(MalformedCase, match="of unknown sex; expected sex M or F"):
        read_case(case)


def test_a_child_of_unknown_sex_is_no_fault_where_nobody_needs_it():
    case = put(mother_and_son(), "markers/0/chrom", "X")
    case["genotypes"]["MP"]["D1"] = ["13", "13"]
    unknown = put(case, "hypotheses/H2/persons/2/sex", "U")

    assert solve(read_case(unknown)).ratios("H1") == solve(read_case(case)).ratios("H1")


def test_linked_markers_of_inbred_founders_are_refused():
    case = mother_and_son(
        markers=[marker(), marker("D2")],
        linkage=[{"markers": ["D1", "D2"], "recombination": 0.1}],
    )

    with pytest.raises(MalformedCase, match="linkage: inbred founders"):
        read_case(put(case, "hypotheses/H1/persons/0/founder_inbreeding", 0.1))


def test_an_unknown_allele_is_added_at_the_floor_and_said():
    case = mother_and_son(
        unknown_alleles={"floor": 0.01},
        genotypes={"MO": {"D1": ["12", "15"]}, "MP": {"D1": ["13", "15"]}},
    )

    result = solve(read_case(case))

    assert result.case.markers[0].freqs == pytest.approx((0.198, 0.297, 0.495, 0.01))
    assert result.ratios("H1") == [pytest.approx(1 / (4 * 0.01))]
    assert result.as_dict()["rests_on"]["added_alleles"] == [
        {"marker": "D1", "allele": "15", "frequency": 0.01}
    ]


def test_a_custom_matrix_has_no_row_for_an_unknown_allele():
    case = mother_and_son(
        unknown_alleles={"floor": 0.01},
        markers=[marker(mutation={"female": CUSTOM, "male": CUSTOM})],
        genotypes={"MP": {"D1": ["13", "15"]}},
    )

    with pytest.raises(MalformedCase, match="markers/0/mutation: a custom matrix without '15'"):
        read_case(case)


def test_what_was_not_used_is_said():
    case = mother_and_son(
        markers=[marker("vWA"), marker("D12S391")],
        genotypes={"MP": {"D99": ["1", "1"]}},
        remark="by hand",
    )

    assert read_case(case).notes == (
        "remark is not part of the schema and was not read",
        "D99 is not among the markers, and was not used",
        "vWA and D12S391 are linked, and were taken as independent",
    )


def test_a_declared_pair_is_not_flagged():
    case = mother_and_son(
        markers=[marker("vWA"), marker("D12S391")],
        genotypes={},
        linkage=[{"markers": ["D12S391", "vWA"], "recombination": 0.1}],
    )

    result = solve(read_case(case))

    assert result.case.notes == ()
    assert result.markers == ("vWA",)


# Haplotypes


def lineage(chrom, profiles, **more):
    shares = {"database": {"size": 999, "counts": {"h1": 9, "h2": 0}}}
    return [{"name": "haplotypes", "chrom": chrom, "profiles": profiles} | shares | more]


def lineage_ratio(lineages):
    case = mother_and_son(genotypes={}, lineages=lineages)
    return solve(read_case(case)).lineage_ratios("H1")[0]


def test_a_shared_mitochondrial_haplotype_weighs_its_frequency():
    found = lineage_ratio(lineage("M", {"MO": "h1", "MP": "h1"}))

    assert found == pytest.approx(1000 / 10)


def test_another_mitochondrial_haplotype_excludes_without_mutation():
    profiles = {"MO": "h1", "MP": "h2"}

    assert lineage_ratio(lineage("M", profiles)) == 0.0
    assert lineage_ratio(lineage("M", profiles, mutation={"rate": 0.01})) == pytest.approx(
        0.01 / (1 - 10 / 1000)
    )


def test_a_mother_has_no_say_in_the_y_chromosome():
    found = lineage_ratio(lineage("Y", {"FA": "h2", "MP": "h2"}))

    assert found == pytest.approx(1000)
    assert lineage_ratio(lineage("Y", {"MP": "h2"})) == pytest.approx(1)


def test_theta_makes_a_shared_haplotype_weigh_less():
    found = lineage_ratio(lineage("Y", {"FA": "h1", "MP": "h1"}, theta=0.05))

    assert found == pytest.approx(1 / (0.05 + 0.95 * 0.01))


def test_haplotypes_count_in_the_whole_ratio():
    case = mother_and_son(lineages=lineage("M", {"MO": "h1", "MP": "h1"}))

    result = solve(read_case(case))

    assert result.ratios("H1") == [pytest.approx(1 / (4 * 0.3))]
    assert result.log10_ratio("H1") == pytest.approx(2 - 0.0791812460476248)
    assert result.as_dict()["lineages"]["names"] == ["haplotypes"]


# Files


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (b"{", "line 1 column 2"),
        (b'{"id": "a", "id": "b"}', "the key 'id' twice"),
        (b"\xff{}", "byte 0 is not UTF-8"),
        (b"[" * 100_000, "brackets too deep"),
        (b"[]", "expected an object"),
    ],
)
def test_a_file_that_is_no_case_is_refused(tmp_path, text, says):
    file = tmp_path / "case.json"
    file.write_bytes(text)

    with pytest.raises(MalformedCase, match=says):
        read_case_file(file)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    file = tmp_path / "case.json"
    file.write_text("\ufeff" + json.dumps(mother_and_son()), encoding="utf-8")

    case, digest = read_case_file(file)

    assert case.id == "mother-and-son"
    assert len(digest) == 64


junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)
PLACES = [
    *("hypotheses", "hypotheses/H1", PERSONS, f"{PERSONS}/2", f"{PERSONS}/2/father"),
    *("reference", "theta", "markers", "markers/0", "markers/0/alleles", "markers/0/freqs"),
    *("markers/0/mutation", "markers/0/silent_freq", "genotypes", "genotypes/MO"),
    *("genotypes/MO/D1", "evidence", "linkage", "lineages", "unknown_alleles", "frequencies"),
]


@pytest.mark.slow
@given(st.sampled_from(PLACES), junk)
def test_whatever_stands_in_a_case_it_is_solved_or_refused(place, value):
    case = put(mother_and_son(), place, value)

    try:
        found = solve(read_case(case)).as_dict()
    except KinshipError:
        return
    json.dumps(found, allow_nan=False)
