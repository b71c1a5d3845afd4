"""A case out of a table of profiles, a table of pedigrees and a table of frequencies."""

import json
from pathlib import Path

import pytest

from wayhome.cores.kinship import formats, read_case, solve
from wayhome.cores.kinship.formats import Assumptions, FaultyFile

PROFILES = b"""sample,marker,allele1,allele2
MO,TH01,6,9.3
MO,AMEL,X,
MO,DYS391,10,
MP,TH01,9.3,7
MP,AMEL,X,Y
OTHER,TH01,8,8
"""
PEDIGREES = b"""hypothesis,id,father,mother,sex
son,FA,,,M
son,MO,,,F
son,MP,FA,MO,M
stranger,MO,,,F
stranger,MP,,,M
"""
LACKING = "markers that the frequency table has"
FATHER = "hypotheses/son/persons/2/father"
RATE = "stepwise,rate=0.002,rate2=1e-6,range=0.1"


def assembled(profiles=PROFILES, pedigrees=PEDIGREES, **assumed):
    return formats.assembled(
        formats.read(profiles),
        Assumptions(**{"id": "x", "population": "Cauc", **assumed}),
        formats.read(pedigrees, "pedsuite"),
        formats.table_of("NIST1036"),
    )


def test_a_case_comes_out_that_says_where_it_came_from():
    document, notes = assembled(mutation=formats.read_mutation([RATE]), theta=0.01)

    case = read_case(document)
    assert case.reference == "stranger"
    assert [marker.name for marker in case.markers] == ["TH01"]
    assert case.markers[0].maternal == case.markers[0].paternal
    assert case.theta == 0.01
    assert "Steffen" in case.frequencies
    assert "samples in no pedigree were left out: OTHER" in notes
    assert any("DYS391" in note for note in case.notes)


def test_a_case_without_mutation_gives_the_ratio_of_the_formula():
    case = read_case(assembled(theta=0)[0])

    p = case.markers[0].freqs[case.markers[0].alleles.index("9.3")]
    assert solve(case).ratios("son") == [pytest.approx(1 / (4 * p))]


def test_each_sex_may_have_its_own_model():
    told = formats.read_mutation([RATE, "female:equal,rate=0.0005"])

    assert told["female"] == {"model": "equal", "rate": 0.0005}
    assert told["male"]["range"] == 0.1


@pytest.mark.parametrize("told", ["magic", "equal,rate=x", "boys:equal,rate=0.1", "custom"])
def test_a_model_that_is_none_is_refused(told):
    with pytest.raises(FaultyFile):
        formats.read_mutation([told])


def test_a_model_without_its_rate_is_refused():
    with pytest.raises(FaultyFile, match="rate"):
        assembled(mutation=formats.read_mutation(["equal"]))


def test_linked_pairs_are_declared():
    told = formats.read_linkage(["vWA,D12S391=0.12"])

    assert told == ({"markers": ["vWA", "D12S391"], "recombination": 0.12},)
    with pytest.raises(FaultyFile, match="no marker 'vWA'"):
        assembled(linkage=told)


@pytest.mark.parametrize("told", ["vWA=0.1", "vWA,D12S391", "vWA,D12S391=x", "vWA,D12S391=1.2.3"])
def test_a_pair_that_is_none_is_refused(told):
    with pytest.raises(FaultyFile, match="expected MARKER,MARKER=R"):
        formats.read_linkage([told])


def test_a_sex_that_contradicts_amelogenin_is_refused():
    with pytest.raises(FaultyFile, match="MP: F in son, but M by the profile"):
        assembled(pedigrees=PEDIGREES.replace(b"MP,FA,MO,M", b"MP,FA,MO,F"))


def test_an_allele_that_the_table_has_not_wants_a_floor():
    profiles = PROFILES.replace(b"MO,TH01,6,9.3", b"MO,TH01,6,6.3")

    with pytest.raises(FaultyFile, match="unknown_alleles with a floor"):
        assembled(profiles)
    assert read_case(assembled(profiles, floor=0.001)[0]).added == (("TH01", "6.3", 0.001),)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": "nobody"}, "reference"),
        ({"population": "Mars"}, "population"),
        ({"profiles": PROFILES.replace(b"MO,", b"A,").replace(b"MP,", b"B,")}, "genotypes"),
        (
            {"profiles": PROFILES.replace(b"TH01", b"UNHEARD")},
            "markers that the frequency table has",
        ),
        (
            {"pedigrees": PEDIGREES.replace(b"FA,MO,M", b"XX,MO,M")},
            "hypotheses/son/persons/2/father",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(changes, field):
    with pytest.raises(FaultyFile) as refused:
        assembled(**changes)

    assert [one.field for one in refused.value.faults] == [field]


def test_profiles_alone_are_no_case():
    with pytest.raises(FaultyFile, match="--pedigrees"):
        formats.assembled(formats.read(PROFILES), Assumptions())


REFERENCE = Path(__file__).parents[1] / "reference" / "cases"


@pytest.mark.slow
@pytest.mark.parametrize("file", sorted(REFERENCE.glob("*.json")), ids=lambda file: file.stem)
def test_a_case_that_is_read_and_written_again_is_the_same_case(file):
    data = file.read_bytes()

    document, notes = formats.assembled(formats.read(data), Assumptions())
    again = json.loads(formats.write(document, "case").data)

    assert notes == []
    before, after = solve(read_case(json.loads(data))), solve(read_case(again))
    assert after.as_dict() == before.as_dict()


def test_an_assumption_may_be_changed_on_the_way():
    data = next(REFERENCE.glob("k01*.json")).read_bytes()

    document, _ = formats.assembled(formats.read(data), Assumptions(theta=0.02, reference="H1"))

    case = read_case(document)
    assert (case.theta, case.reference) == (0.02, "H1")
