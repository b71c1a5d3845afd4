"""CMF 3.2, held against its own schema."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from wayhome.cores.kinship import formats
from wayhome.cores.kinship.formats import FaultyFile, Header
from wayhome.cores.kinship.formats.codis import CATEGORIES, ELEMENTS, KITS, LOCI, faults_of, parsed

FILES = Path(__file__).parent / "files"
EXAMPLE = (FILES / "cmf-3.2.xml").read_bytes()
XSD = "{http://www.w3.org/2001/XMLSchema}"
SCHEMA = etree.XMLSchema(etree.parse(FILES / "cmf-3.2.xsd"))
HEADER = Header("IADCI0000", "LAB1", "17", "2026-05-03T14:00:00", {"": "Unidentified Person"})
PROFILES = {
    "R-17": {"D3S1358": ["15", "15"], "TH01": ["6", "9.3"]},
    "MO-3": {"vWA": ["16", "-"], "FGA": ["20", "20"]},
}


def is_valid(data):
    """What the schema itself says, by a library that knows schemas."""
    try:
        return bool(SCHEMA.validate(etree.fromstring(data)))
    except etree.XMLSyntaxError:
        return False


def test_the_example_is_valid_and_has_no_fault_of_form():
    assert is_valid(EXAMPLE)
    assert list(faults_of(parsed(EXAMPLE))) == []


def test_profiles_of_the_example():
    found = formats.read(EXAMPLE)

    assert found.document["genotypes"]["IMP_0001A"]["CSF1PO"] == ["10", "11"]
    assert found.document["genotypes"]["IMP_0001B"]["D18S51"] == ["11", "-"]
    assert found.document["sexes"] == {"IMP_0001B": "M"}
    assert [(one.line, one.field) for one in found.faults] == [
        (165, "CSF1PO"),
        (176, "D13S317"),
        (187, "D16S539"),
        (212, "D21S11"),
        (325, "Penta D"),
    ]


def test_the_tables_of_words_are_those_of_the_schema():
    tree = ElementTree.parse(FILES / "cmf-3.2.xsd")
    words = {
        one.get("name"): tuple(word.get("value") for word in one.iter(f"{XSD}enumeration"))
        for one in tree.iter(f"{XSD}simpleType")
    }

    assert words["SpecimenCategoryType"] == CATEGORIES
    assert words["LocusNameType"] == LOCI
    assert words["KitType"] == KITS


def test_the_elements_are_those_of_the_schema():
    names = {
        one.get("name") for one in ElementTree.parse(FILES / "cmf-3.2.xsd").iter(f"{XSD}element")
    }

    assert set(ELEMENTS) == names


def test_what_is_written_is_valid_and_read_again():
    written = formats.write({"genotypes": PROFILES}, "cmf", HEADER)

    assert is_valid(written.data)
    assert formats.read(written.data).document["genotypes"] == PROFILES


def test_markers_that_the_schema_has_not_are_said():
    profiles = {"R-17": {"TH01": ["6", "7"], "SE33": ["20", "21.2"]}, "R-18": {"SE33": ["1", "2"]}}

    written = formats.write({"genotypes": profiles, "theta": 0.01}, "cmf", HEADER)

    assert set(formats.read(written.data).document["genotypes"]) == {"R-17"}
    assert written.left_out == (
        "theta",
        "R-18, who has no marker of CMF 3.2",
        "SE33, which CMF 3.2 has not",
    )


def test_a_header_that_says_nothing_is_refused_with_every_field():
    with pytest.raises(FaultyFile) as refused:
        formats.write({"genotypes": PROFILES}, "cmf")

    fields = {one.field for one in refused.value.faults}
    assert fields >= {"DESTINATIONORI", "SOURCELAB", "SUBMITBYUSERID", "SPECIMENCATEGORY"}


@pytest.mark.parametrize(
    ("old", "new", "line", "field"),
    [
        (b"<MESSAGETYPE>Import<", b"<MESSAGETYPE>Export<", 5, "MESSAGETYPE"),
        (b"<KIT>PowerPlex 16<", b"<KIT>Own Kit<", 11, "KIT"),
        (b"2002-02-14T21:51:44", b"2002-02-30T21:51:44", 9, "SUBMITDATETIME"),
        (b'PARTIAL="true"', b'PARTIAL="perhaps"', 12, "PARTIAL"),
        (b"<LOCUSNAME>CSF1PO<", b"<LOCUSNAME>D1S1656<", 17, "LOCUSNAME"),
        (b"<LOCUSNAME>D13S317<", b"<LOCUSNAME>CSF1PO<", 27, "LOCUSNAME"),
        (b"IMP_0001B", b"IMP_0001A", 160, "SPECIMENID"),
        (b"<READINGBY>KELLIS</READINGBY>", b"", 16, "READINGBY"),
    ],
)
def test_a_fault_of_form_has_its_line(old, new, line, field):
    data = EXAMPLE.replace(old, new, 1)

    assert not is_valid(data)
    found = {one.field: one.line for one in faults_of(parsed(data))}
    assert field in found
    assert abs(found[field] - line) <= 2


@pytest.mark.parametrize(
    "prologue",
    [
        b'<!DOCTYPE a [<!ENTITY x "y">]>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd">',
    ],
)
def test_a_document_type_is_refused_before_anything_is_read(prologue):
    with pytest.raises(FaultyFile, match="a document type"):
        formats.read(b"<?xml version='1.0'?>" + prologue + b"<a>&x;</a>")


def test_a_file_too_deep_is_refused():
    with pytest.raises(FaultyFile, match="too deep"):
        formats.read(b"<a>" * 1000)


CHANGES = [
    (b"<KIT>PowerPlex 16</KIT>", b""),
    (b"<BATCHID>GEL2004_10_04_101</BATCHID>", b"<BATCHID></BATCHID>"),
    (b"3.2<", b"3.25<"),
    (b"3.2<", b" 3.20 <"),
    (b"3.2<", b".2<"),
    (b"<SPECIMENCOMMENT>Off", b"<SPECIMENCOMMENT>" + b"x" * 255 + b"Off"),
    (b'SOURCEID="Yes"', b'SOURCEID="yes"'),
    (b'SOURCEID="Yes"', b""),
    (b'ALLELEREQUIRED="true"', b'ALLELEREQUIRED="1"'),
    (b'ALLELEREQUIRED="true"', b'ALLELEREQUIRED="TRUE"'),
    (b"<ALLELEVALUE>10</ALLELEVALUE>", b"<ALLELEVALUE>12345678901</ALLELEVALUE>"),
    (b"<ALLELEVALUE>10</ALLELEVALUE>", b""),
    (b"<READINGBY>KELLIS</READINGBY>", b"<READINGBY></READINGBY>"),
    (b"2002-02-13T21:50:42", b"2002-02-13T21:50:42.5Z"),
    (b"2002-02-13T21:50:42", b"1899-12-31T21:50:42"),
    (b"2002-02-13T21:50:42", b"2002-02-13"),
    (b"</SPECIMENID>", b"</SPECIMENID>text"),
    (b"<SPECIMENID>IMP_0001A</SPECIMENID>", b""),
    (b"Forensic, Unknown", b"Deceased"),
    (b"<LOCUS>", b"<!-- a remark --><LOCUS>"),
    (b"<LOCUS>", b'<LOCUS CASE="a">'),
    (b"<SOURCELAB>IADCI0000</SOURCELAB>", b"<SOURCELAB>IADCI0000X1</SOURCELAB>"),
]


@settings(max_examples=120, deadline=None)
@given(st.sets(st.integers(0, len(CHANGES) - 1), max_size=3))
def test_our_verdict_is_that_of_the_schema(chosen):
    data = EXAMPLE
    for number in chosen:
        data = data.replace(*CHANGES[number], 1)

    assert (list(faults_of(parsed(data))) == []) == is_valid(data)
