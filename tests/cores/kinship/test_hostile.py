"""Whatever stands in a file: a result without NaN, or a refusal with its place and what was
expected there; never anything else."""

import json
from copy import deepcopy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cores.kinship.families import marker, mother_and_son, person
from wayhome.cores.kinship import (
    KinshipError,
    MalformedCase,
    TooLarge,
    read_case,
    read_event,
    sensitivity,
    solve,
    unexplained,
)
from wayhome.cores.kinship import identify as identified
from wayhome.cores.kinship.blind.files import read_event as read_search
from wayhome.cores.kinship.blind.files import search_files
from wayhome.cores.kinship.power import power, read_question

STEPWISE = {"model": "stepwise", "rate": 0.002, "rate2": 1e-6, "range": 0.1}
MUTATES = {"female": STEPWISE, "male": {"model": "equal", "rate": 0.001}}
MARKERS = [marker(mutation=MUTATES, silent_freq=0.1, freqs=(0.2, 0.3, 0.4)), marker("D2")]
PAIR = [{"markers": ["D1", "D2"], "recombination": 0.1}]
PARENTS = [person("FA"), person("MO", "F")]
SHARES = {"h1": 0.25, "h2": 0.75}
LINEAGE = {"name": "Y", "chrom": "Y", "frequencies": SHARES, "mutation": {"rate": 0.01}}
POOR = {
    "model": "per_allele_bernoulli",
    "d": 0.1,
    "d_hom": 0.01,
    "drop_in": 0.05,
    "alleles": {"D1": ["12"]},
}
PROFILE = {"D1": ["12", "13"], "D2": ["14", "14"]}
CASE = mother_and_son(
    markers=MARKERS,
    theta=0.01,
    genotypes={"MO": PROFILE, "MP": {"D2": ["13", "-"]}},
    evidence={"MP": POOR},
    linkage=PAIR,
    lineages=[LINEAGE | {"profiles": {"FA": "h1", "MP": "h1"}}],
    unknown_alleles={"floor": 0.001},
    frequencies="invented",
)
EVENT = {
    "schema": "wayhome-dvi/1",
    "id": "any",
    "markers": MARKERS,
    "victims": [{"id": "V1", "sex": "M"}, {"id": "V2", "sex": "U"}],
    "families": [{"id": "F1", "persons": [*PARENTS, person("MP", "M", "FA", "MO")]}],
    "missing": ["MP"],
    "genotypes": {"pm": {"V1": PROFILE}, "am": {"MO": PROFILE}},
    "evidence": {"V2": POOR},
    "linkage": PAIR,
    "lineages": [LINEAGE | {"profiles": {"pm": {"V1": "h1"}, "am": {"FA": "h1"}}}],
    "bodies": [["V1", "V2"]],
    "parts": False,
    "prior": {"each": 0.1, "pairs": {"V1": {"MP": 2}}},
    "theta": 0.01,
}
FAMILY = {
    "schema": "wayhome-kinship-family/1",
    "id": "any",
    "persons": EVENT["families"][0]["persons"],
    "missing": "MP",
    "markers": MARKERS,
    "genotypes": {"MO": PROFILE},
    "candidates": ["FA"],
    "marker_sets": {"one": ["D1"]},
    "theta": 0.01,
}
SEARCH = {
    "schema": "wayhome-blind/1",
    "markers": MARKERS,
    "theta": 0.01,
    "linkage": PAIR,
    "lineages": [LINEAGE],
    "families": [
        {
            "id": "F1",
            "missing": ["MP"],
            "persons": [*FAMILY["persons"], person("BR", "M", "FA", "MO")],
            "genotypes": {"MO": PROFILE, "BR": PROFILE},
            "lineages": {"Y": {"FA": "h1"}},
        }
    ],
    "remains": [{"id": "R1", "sex": "M", "genotypes": PROFILE, "lineages": {"Y": "h1"}}],
}
HOSTILE = st.sampled_from(
    [
        *(None, True, False, "", "-", "-inf", "NaN", "Infinity", " ", "\x00", "9.3", "M", "F", "U"),
        *(0, -1, 1, 2, 0.5, 1e-320, 1e308, -1e308, float("nan"), float("inf"), 10**400),
        *([], {}, [[]], [None], ["12"], ["12", "13", "14"], ["12", 12], {"": {}}, {"MO": None}),
        *("MO", "MP", "FA", "D1", "12", "h1", "(others)", "a stranger", "MP of the family"),
    ]
)


@st.composite
def spoiled(draw, document):
    """A document with one to three of its places changed, taken away, or swapped for others."""
    found = json.loads(json.dumps(document))  # nothing in it stands in two places
    for _ in range(draw(st.integers(1, 3))):
        places = list(places_of(found))
        holder, key = draw(st.sampled_from(places))
        how = draw(st.integers(0, 3))
        if how == 0:
            del holder[key]
        elif how == 1:
            other, at = draw(st.sampled_from(places))
            holder[key] = deepcopy(other[at]) if at in other_keys(other) else None
        elif how == 2 and isinstance(holder, list):
            holder.append(deepcopy(holder[key]))
        else:
            holder[key] = deepcopy(draw(HOSTILE))
        if not list(places_of(found)):
            break
    return found


def other_keys(holder):
    return holder if isinstance(holder, dict) else range(len(holder))


def places_of(value):
    """Every (object or list, key) in a document."""
    for key in list(other_keys(value)) if isinstance(value, dict | list) else ():
        yield value, key
        yield from places_of(value[key])


def told_or_refused(work):
    """Run it; whatever it tells must be JSON without NaN."""
    try:
        found = work()
    except (MalformedCase, TooLarge):
        return
    json.dumps(found, allow_nan=False)


def of_case(document):
    case = read_case(document)
    found = solve(case).as_dict()
    return found | {
        "unexplained": [one.as_dict() for one in unexplained(case)],
        "sensitivity": [one.as_dict() for one in sensitivity(case)],
    }


@pytest.mark.slow
@given(spoiled(CASE))
@settings(max_examples=300, deadline=None)
def test_a_spoiled_case_is_solved_or_refused(document):
    told_or_refused(lambda: of_case(document))


@pytest.mark.slow
@given(spoiled(EVENT))
@settings(max_examples=200, deadline=None)
def test_a_spoiled_event_is_solved_or_refused(document):
    told_or_refused(lambda: identified(read_event(document)).as_dict())


@pytest.mark.slow
@given(spoiled(FAMILY))
@settings(max_examples=100, deadline=None)
def test_a_spoiled_family_is_answered_or_refused(document):
    told_or_refused(lambda: power(read_question(document)).as_dict())


@pytest.mark.slow
@given(document=spoiled(SEARCH))
@settings(max_examples=100, deadline=None)
def test_a_spoiled_search_is_made_or_refused(document, tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    (folder / "event.json").write_text(json.dumps(document), encoding="utf-8")

    def search():
        found = read_search(folder / "event.json")
        if not (len(found.families) and len(found.remains)):
            return {}
        return search_files(found, folder / "pairs.csv", 0.5, program="1")

    told_or_refused(search)


@pytest.mark.parametrize(
    ("document", "change", "place"),
    [
        (CASE, {"reference": "H3"}, "reference"),
        (CASE, {"hypotheses": CASE["hypotheses"] | {"H2": {"persons": PARENTS}}}, "genotypes/MP"),
        (CASE, {"theta": 10**400}, "theta"),
        (CASE, {"theta": "-inf"}, "theta"),
        (CASE, {"theta": float("nan")}, "theta"),
        (CASE, {"genotypes": {"MO": {"D1": ["12", "13", "14"]}}}, "genotypes/MO/D1"),
        (CASE, {"markers": [marker(freqs=(0.2, 0.3, 0.4))]}, "markers/0/freqs"),
        (EVENT, {"missing": ["NOBODY"]}, "missing/0"),
        (
            EVENT,
            {"linkage": [{"markers": ["D1", "D9"], "recombination": 0.1}]},
            "linkage/0/markers",
        ),
        (EVENT, {"lineages": [LINEAGE | {"name": "D1", "profiles": {}}]}, "lineages/0/name"),
        (
            EVENT,
            {"lineages": [LINEAGE | {"profiles": {"am": {"MO": "h1"}}}]},
            "lineages/0/profiles/am/MO",
        ),
        (FAMILY, {"missing": "NOBODY"}, "missing"),
    ],
    ids=str,
)
def test_a_fault_is_told_at_its_place(document, change, place):
    read = {"wayhome-dvi/1": read_event, "wayhome-kinship-family/1": read_question}

    with pytest.raises(KinshipError) as fault:
        read.get(document["schema"], read_case)(document | change)

    assert fault.value.place == place
    assert "expected" in str(fault.value)
