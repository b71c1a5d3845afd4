"""Tables of profiles, as laboratories write them."""

import pytest

from wayhome.cores.kinship import formats
from wayhome.cores.kinship.formats import FaultyFile

LONG = "sample,marker,allele1,allele2\nMO,D3S1358,15,16\nMO,TH01,9.3,9.3\nMP,D3S1358,16,17\n"
GENEMAPPER = (
    "Sample Name\tPanel\tMarker\tDye\tAllele 1\tAllele 2\tHeight 1\tHeight 2\n"
    "R-17\tKit\tAMEL\tB\tX\tY\t900\t880\n"
    "R-17\tKit\tD3S1358\tB\t15\t\t1900\t\n"
    "R-17\tKit\tVWA\tB\t16\t18\t700\t720\n"
)


def read(text, form="", **more):
    return formats.read(text.encode(), form, **more)


def faults(contents):
    return [(one.line, one.field) for one in contents.faults]


def test_a_row_a_genotype():
    found = read(LONG)

    assert found.document["genotypes"] == {
        "MO": {"D3S1358": ["15", "16"], "TH01": ["9.3", "9.3"]},
        "MP": {"D3S1358": ["16", "17"]},
    }
    assert found.faults == ()


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_will_do(delimiter):
    assert read(LONG.replace(",", delimiter)) == read(LONG)


def test_utf_16_with_its_mark_is_read():
    assert formats.read(LONG.encode("utf-16")) == read(LONG)


def test_a_table_of_genemapper_with_its_other_columns():
    found = read(GENEMAPPER)

    assert found.document["genotypes"] == {"R-17": {"D3S1358": ["15", "15"], "vWA": ["16", "18"]}}
    assert found.document["sexes"] == {"R-17": "M"}
    assert "VWA was read as vWA" in found.notes
    assert "one allele alone was read as two copies of it: 1 genotypes" in found.notes


def test_one_allele_alone_may_be_one_of_two():
    found = read(GENEMAPPER, one_allele="any")

    assert found.document["genotypes"]["R-17"]["D3S1358"] == ["15", "-"]
    assert "one allele alone was read as one of two: 1 genotypes" in found.notes


@pytest.mark.parametrize(
    "heading", ["D3S1358_1,D3S1358_2", "D3S1358 1,D3S1358 2", "D3S1358,D3S1358", "D3S1358"]
)
def test_a_row_a_sample(heading):
    cells = "15/16" if heading == "D3S1358" else "15,16"

    found = read(f"sample,{heading},TH01\nMO,{cells},9.3/-\nMP,,\n")

    assert found.faults == ()
    assert found.document["genotypes"]["MO"] == {"D3S1358": ["15", "16"], "TH01": ["9.3", "-"]}
    assert found.document["genotypes"]["MP"] == {}


def test_numbers_as_spreadsheets_write_them():
    found = read("sample;marker;allele1;allele2\nMO;TH01;9,3;7.0\n")

    assert found.document["genotypes"]["MO"]["TH01"] == ["9.3", "7"]


def test_every_fault_is_told_by_line_and_field():
    text = (
        "sample,marker,allele1,allele2,allele3,sex\n"
        "MO,D3S1358,15,OL,,F\n"
        ",D3S1358,15,16,,F\n"
        "MO,vWA,15,16,17,F\n"
        "MO,FGA,20,21,,F\n"
        "MO,FGA,20,22,,F\n"
        "MO,TH01,6,>15,,male\n"
        "MO,AMEL,X,Y,,\n"
        "MO,TPOX,8,9,,x\n"
    )

    found = read(text)

    assert faults(found) == [
        (2, "D3S1358"),
        (3, "sample"),
        (4, "vWA"),
        (6, "FGA"),
        (7, "TH01"),
        (7, "sex"),
        (8, "AMEL"),
        (9, "sex"),
    ]
    assert found.document["genotypes"] == {"MO": {"FGA": ["20", "21"], "TPOX": ["8", "9"]}}
    assert str(found.faults[0]) == (
        "line 2, D3S1358: OL is no allele; expected one such as 9.3, or nothing"
    )


def test_lines_count_as_an_editor_counts_them():
    found = read('sample,marker,allele1,allele2\n"a\nb",D3S1358,1,2\n\nMO,D3S1358,1,OL\n')

    assert faults(found) == [(2, "sample"), (5, "D3S1358")]


def test_a_sample_twice_in_a_wide_table_is_a_fault():
    assert faults(read("sample,TH01\nMO,6/7\nMO,6/8\n")) == [(3, "sample")]


def test_more_cells_than_headings_are_a_fault():
    assert faults(read("sample,marker,allele1\nMO,TH01,6,7\n")) == [(2, "")]


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        ("sample,marker\nMO,TH01\n", ["allele 1"]),
        ("marker,allele1\nTH01,6\n", ["sample"]),
        ("marker,size\nTH01,6\n", ["allele 1", "sample"]),
    ],
)
def test_a_table_without_its_columns_is_refused(text, lacking):
    with pytest.raises(FaultyFile) as refused:
        read(text, "csv")

    assert [one.field for one in refused.value.faults] == lacking


def test_other_encodings_are_refused_at_their_line():
    with pytest.raises(FaultyFile, match=r"line 2: byte 0xcc is not UTF-8"):
        formats.read("sample,marker,allele1\nМати,TH01,6\n".encode("cp1251"), "csv")


def test_a_table_as_pedtools_has_it():
    found = read(
        "famid id fid mid sex D3S1358 TH01\n"
        "H1 FA 0 0 1 -/- -/-\nH1 MO 0 0 2 15/16 6/9.3\nH1 MP FA MO 1 16/17 6/7\n"
        "H2 MO 0 0 2 15/16 6/9.3\nH2 MP 0 0 1 16/17 6/7\n"
    )

    assert found.faults == ()
    persons = found.document["hypotheses"]["H1"]["persons"]
    assert persons[2] == {"id": "MP", "sex": "M", "father": "FA", "mother": "MO"}
    assert len(found.document["hypotheses"]["H2"]["persons"]) == 2
    assert set(found.document["genotypes"]) == {"MO", "MP"}


def test_one_parent_only_is_a_fault():
    found = read("id,father,mother,sex\nFA,,,M\nMP,FA,,M\nX,,,z\n")

    assert faults(found) == [(3, "father, mother"), (4, "sex")]


@pytest.mark.parametrize("form", ["csv", "wide", "genemapper"])
def test_what_is_written_is_read_again(form):
    profiles = {
        "MO": {"D3S1358": ["15", "16"], "TH01": ["9.3", "9.3"]},
        "MP": {"D3S1358": ["16", "-"]},
    }

    written = formats.write({"genotypes": profiles, "theta": 0.01}, form)

    assert formats.read(written.data).document["genotypes"] == profiles
    assert written.left_out == ("theta",)


def test_pedigrees_are_written_and_read_again():
    document = {
        "hypotheses": {
            "H1": {
                "persons": [
                    {"id": "FA", "sex": "M", "father": None, "mother": None},
                    {"id": "MO", "sex": "F", "father": None, "mother": None},
                    {"id": "MP", "sex": "U", "father": "FA", "mother": "MO"},
                ],
                "mz_twins": [],
            }
        },
        "genotypes": {"MP": {"TH01": ["6", "9.3"]}},
    }

    written = formats.write(document, "pedsuite")
    again = formats.read(written.data)

    persons = document["hypotheses"]["H1"]["persons"]
    assert again.document["hypotheses"]["H1"]["persons"] == persons
    assert again.document["genotypes"] == document["genotypes"]
    assert written.left_out == ()
