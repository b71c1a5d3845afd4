"""Familias projects: read as they are, and written so that the same ratios come out."""

import json
from pathlib import Path

import pytest

from tests.cores.kinship.families import mother_and_son
from wayhome.cores.kinship import formats, read_case, solve
from wayhome.cores.kinship.formats import Assumptions, FaultyFile

REFERENCE = Path(__file__).parents[1] / "reference" / "cases"
# Father, mother of whom nothing was seen, child; an extra man in the second pedigree.
PROJECT = """"Output from Familias, version 3.3"
"DO NOT EDIT!"
3.3
""
2
"AF"
#FALSE#
-1
#FALSE#
#TRUE#
1
0
1
0
"CH"
#FALSE#
-1 (Consider dropouts)
#FALSE#
#FALSE#
1
1
2
0
"Known relations"
0
0
0
2
0
"H1"
0
0
1
0
1
1
"H2"
0
1
1
2
1
#FALSE# (#Databases: 1 ;Theta/Kinship/Fst: 0.01 )
1
#TRUE#
"our own"
"VWA"
0.001
0.002
3
4
3
0.1
0.1
1e-06
1e-06
#FALSE#
0
3	(DatabaseSize = 1000 , Dropout probability = 0 , Minor allele frequency = 0 )
"14"
0.2
"15"
0.3
"16"
0.501
"""
DVI = """
[DVI]
[[Unidentified persons]]
nPersons= 1
[[[Person 1 ]]]
Name= V1
Gender= Male
[[[[DNA data]]]]
nSystems= 1
SystemName= VWA
Allele1= 14
Allele2= 15
[[Notes]]
[[Reference Families]]
nFamilies= 1
[[[Family 1 ]]]
Name= F1
[[[[Persons]]]]
nPersons= 2
[[[[[Person 1]]]]]
Name= MO
Gender= Female
[[[[[[DNA data]]]]]]
nSystems= 1
SystemName= VWA
Allele1= 14
Allele2= 14
[[[[[Person 2]]]]]
Name= FA
Gender= Male
[[[[[[DNA data]]]]]]
nSystems= 0
[[[[Pedigrees]]]]
nPedigrees= 2
[[[[[Pedigree 1]]]]]
Name= Reference pedigree
nRelations= 0
[[[[[Pedigree 2]]]]]
Name= Template
nRelations= 2
Parent= MO
Child= Missing person
Parent= FA
Child= Missing person
[Prior]
"""


def project(**lines):
    """The project with some lines, counted from 1, replaced."""
    found = PROJECT.splitlines()
    for number, text in lines.items():
        found[int(number[1:]) - 1] = text
    return ("\n".join(found) + "\n").encode()


def test_a_project_is_hypotheses_profiles_and_markers():
    found = formats.read(project())

    assert found.faults == ()
    assert found.document["theta"] == 0.01
    assert found.document["genotypes"] == {
        "AF": {"vWA": ["14", "15"]},
        "CH": {"vWA": ["15", "16"]},
    }
    persons = {one["id"]: one for one in found.document["hypotheses"]["H1"]["persons"]}
    assert persons["CH"] == {"id": "CH", "sex": "F", "father": "AF", "mother": "mother-of-CH"}
    other = {one["id"]: one for one in found.document["hypotheses"]["H2"]["persons"]}
    assert other["CH"]["father"] == "extra-3"
    assert found.document["reference"] == "H2"


def test_models_keep_their_sex_and_their_parameters():
    [marker] = formats.read(project()).document["markers"]

    assert marker["mutation"] == {
        "female": {"model": "stepwise", "rate": 0.001, "rate2": 0, "range": 0.1, "transform": "PM"},
        "male": {"model": "stepwise", "rate": 0.002, "rate2": 1e-6, "range": 0.1},
    }


def test_a_silent_allele_is_read():
    [marker] = formats.read(project(l57="#TRUE#", l58="0.1", l65="0.4")).document["markers"]

    assert marker["silent_freq"] == pytest.approx(0.1)


def test_what_was_done_and_what_was_not_is_said():
    notes = formats.read(project()).notes

    assert "vWA: frequencies summed to 1.001 and were divided by it" in notes
    assert "the last pedigree, H2, is the reference" in notes
    assert any("drop-out of CH was not read" in note for note in notes)


def test_a_project_gives_the_ratio_of_the_formula():
    data = project(l43="#FALSE# (Fst: 0)", l48="0", l49="0", l55="0", l56="0")

    document, _ = formats.assembled(formats.read(data), Assumptions(id="x"))

    assert solve(read_case(document)).ratios("H1") == [pytest.approx(1 / (4 * 0.3 / 1.001))]


@pytest.mark.parametrize(
    ("lines", "line", "field"),
    [
        ({"l5": "many"}, 5, "number of persons"),
        ({"l14": "9"}, 14, "marker"),
        ({"l12": "9"}, 13, "vWA"),
        ({"l24": "Relations"}, 24, "relations"),
        ({"l35": "9"}, 35, "child"),
        ({"l34": "0 (Direct)"}, 34, "relation"),
        ({"l48": "2"}, 48, "rate, female"),
        ({"l50": "8"}, 50, "model, female"),
        ({"l65": "0.9"}, 47, "vWA"),
    ],
)
def test_a_fault_has_its_line(lines, line, field):
    found = faults_of(project(**lines))

    assert (line, field) in [(one.line, one.field) for one in found]


def faults_of(data):
    """The faults of a file, be it refused or read."""
    try:
        return formats.read(data).faults
    except FaultyFile as refused:
        return refused.faults


def test_a_project_that_breaks_off_is_refused():
    with pytest.raises(FaultyFile, match="the file ends before it"):
        formats.read("\n".join(PROJECT.splitlines()[:40]).encode())


def test_victims_and_families_become_an_event():
    found = formats.read(project() + DVI.encode())

    assert found.faults == ()
    assert found.document["victims"] == [{"id": "V1", "sex": "M"}]
    assert found.document["missing"] == ["missing-1"]
    [family] = found.document["families"]
    lost = family["persons"][-1]
    assert lost == {"id": "missing-1", "sex": "U", "father": "FA", "mother": "MO"}
    assert found.document["genotypes"]["am"] == {"MO": {"vWA": ["14", "14"]}}
    formats.write(found.document, "dvi")


def test_an_allele_that_the_database_has_not_is_a_fault_of_an_event():
    found = formats.read(project() + DVI.replace("Allele2= 15", "Allele2= 99").encode())

    assert [one.field for one in found.faults] == ["V1"]


def as_project(file):
    """A reference case and what it is as a Familias file; nothing where that cannot hold it."""
    document = json.loads(file.read_text("utf-8"))
    try:
        return document, formats.write(document, "familias").data
    except FaultyFile:
        return document, None


CASES = {file.stem: as_project(file) for file in sorted(REFERENCE.glob("*.json"))}
HELD = [name for name, (_, data) in CASES.items() if data]


def test_more_than_half_of_the_reference_cases_can_be_held():
    assert len(HELD) > len(CASES) / 2


@pytest.mark.slow
@pytest.mark.parametrize("name", HELD)
def test_a_case_that_familias_can_hold_comes_back_with_the_same_ratios(name):
    document, data = CASES[name]

    again, _ = formats.assembled(formats.read(data), Assumptions(id="again"))

    before, after = solve(read_case(document)), solve(read_case(again))
    assert after.case.reference == before.case.reference
    for other in before.others:
        assert after.log10_ratio(other) == pytest.approx(before.log10_ratio(other), rel=1e-9)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"linkage": [{"markers": ["a", "b"], "recombination": 0.1}]}, "linkage"),
        ({"genotypes": {"MO": {"D1": ["12", "-"]}}}, "MO/D1"),
        ({"genotypes": {"MO": {"D1": ["12", "99"]}}}, "MO/D1"),
        ({"markers": []}, "markers"),
    ],
)
def test_what_familias_cannot_hold_is_refused_and_not_dropped(changes, field):
    with pytest.raises(FaultyFile) as refused:
        formats.write(mother_and_son(**changes), "familias")

    assert field in [one.field for one in refused.value.faults]


def test_mutation_models_that_familias_has_not_are_refused():
    case = mother_and_son()
    model = {"model": "dawid", "rate": 0.001, "range": 0.1}
    case["markers"][0]["mutation"] = {"female": model, "male": None}

    with pytest.raises(FaultyFile, match="D1/female: dawid: no mutation model of Familias"):
        formats.write(case, "familias")
