"""`wayhome kinship convert`, `frequencies`, `draw` and `report`, as they are typed."""

import hashlib
import io
import json
from xml.etree import ElementTree

import pypdfium2
import pytest
from click.testing import CliRunner
from pypdf import PdfReader

from tests.cores.kinship.families import mother_and_son, person
from tests.cores.kinship.formats.test_assembling import PEDIGREES, PROFILES
from tests.cores.kinship.formats.test_familias import DVI, project
from wayhome.config.commands import kinship_files, wayhome
from wayhome.config.commands.kinship_words import in_language
from wayhome.cores.kinship import formats
from wayhome.cores.kinship.saying import SENTENCES
from wayhome.lib.kinship_report import WORDS

RATE = "stepwise,rate=0.002,rate2=1e-6,range=0.1"


def run(*arguments):
    return CliRunner().invoke(wayhome, ["kinship", *map(str, arguments)])


@pytest.fixture
def files(tmp_path):
    """The files of a case: profiles, pedigrees, and a case made of them."""
    (tmp_path / "profiles.csv").write_bytes(PROFILES)
    (tmp_path / "pedigrees.csv").write_bytes(PEDIGREES)
    (tmp_path / "case.json").write_text(json.dumps(mother_and_son()), encoding="utf-8")
    return tmp_path


def made(files, *more, out="made.json"):
    return run(
        *("convert", files / "profiles.csv", "--to", "case", "--out", files / out),
        *("--pedigrees", files / "pedigrees.csv", "--frequencies", "NIST1036"),
        *("--population", "Cauc", "--id", "K-1", "--mutation", RATE, *more),
    )


def test_the_formats_of_the_command_are_those_of_the_core():
    assert set(kinship_files.FORMATS) == set(formats.FORMATS)


def test_a_case_is_made_of_profiles_and_what_was_done_is_said(files):
    done = made(files)

    assert done.exit_code == 0, done.output
    assert "samples in no pedigree were left out: OTHER" in done.stderr
    found = json.loads(run("lr", files / "made.json").stdout)
    assert found["id"] == "K-1"
    assert found["rests_on"]["frequencies"].startswith("NIST U.S. population")
    assert "public domain" in found["rests_on"]["frequencies"]


def test_a_case_goes_through_familias_and_comes_back(files):
    made(files)
    there = run("convert", files / "made.json", "--to", "familias", "--out", files / "x.fam")
    back = run("convert", files / "x.fam", "--to", "case", "--out", files / "back.json")

    assert (there.exit_code, back.exit_code) == (0, 0)
    before, after = (json.loads(run("lr", files / f).stdout) for f in ("made.json", "back.json"))
    assert after["lr"]["son"] == pytest.approx(before["lr"]["son"], rel=1e-12)


def test_faults_are_told_and_nothing_is_written(files):
    (files / "profiles.csv").write_bytes(PROFILES + b"MP,vWA,OL,17\nMP,FGA,20,21,22\n")

    done = made(files)

    assert done.exit_code == 2
    assert "profiles.csv: line 8, vWA: OL is no allele" in done.stderr
    assert "profiles.csv: line 9: 5 cells" in done.stderr
    assert done.stderr.endswith("profiles.csv: 2 faults; nothing was written\n")
    assert not (files / "made.json").exists()


def test_the_rest_of_a_faulty_file_is_taken_when_asked(files):
    (files / "profiles.csv").write_bytes(PROFILES + b"MP,vWA,OL,17\n")

    done = made(files, "--leave-out-faulty")

    assert done.exit_code == 0
    assert "left out: line 8, vWA: OL is no allele" in done.stderr


def test_codis_wants_its_header(files):
    arguments = ("convert", files / "profiles.csv", "--to", "cmf", "--out", files / "x.xml")

    bare = run(*arguments)
    whole = run(
        *arguments,
        *("--destination-ori", "IADCI0000", "--source-lab", "LAB1", "--user", "17"),
        *("--category", "Other", "--category", "MO=Biological Mother"),
    )

    assert bare.exit_code == 2
    assert "DESTINATIONORI" in bare.stderr
    assert whole.exit_code == 0, whole.stderr
    assert b"<SPECIMENCATEGORY>Biological Mother<" in (files / "x.xml").read_bytes()
    assert "cmf has no place for: DYS391" in whole.stderr


def test_victims_of_familias_become_an_event(files):
    (files / "x.fam").write_bytes(project() + DVI.encode())

    done = run("convert", files / "x.fam", "--to", "dvi", "--out", files / "event.json")

    assert done.exit_code == 0, done.stderr
    assert json.loads((files / "event.json").read_text())["schema"] == "wayhome-dvi/1"


def test_profiles_alone_are_no_case(files):
    done = run("convert", files / "profiles.csv", "--to", "case", "--out", files / "x")

    assert done.exit_code == 2
    assert "--pedigrees" in done.stderr


def test_our_tables_are_listed_with_source_and_licence():
    listed = [json.loads(line) for line in run("frequencies").stdout.splitlines()]

    assert [one["name"] for one in listed] == formats.names_of_tables()
    assert all(one["licence"] and one["cite"] for one in listed)
    [one] = run("frequencies", "UKDNA17").stdout.splitlines()
    assert "Open Government Licence" in one


def test_a_case_is_drawn_and_told_in_words(files):
    done = run("draw", files / "case.json", "--out", files / "x.svg", "--missing", "MP")

    assert done.exit_code == 0
    assert "H1: FA (man) and MO (woman, typed) have the child MP" in done.stdout
    root = ElementTree.parse(files / "x.svg").getroot()
    assert root.tag.endswith("svg")


@pytest.mark.parametrize("option", ["--missing", "--dead", "--hypothesis"])
def test_somebody_who_is_not_there_cannot_be_marked(files, option):
    done = run("draw", files / "case.json", "--out", files / "x.svg", option, "NOBODY")

    assert done.exit_code == 2
    assert not (files / "x.svg").exists()


def text_of(file):
    """The text of a PDF, as a reader sees it."""
    document = pypdfium2.PdfDocument(file)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@pytest.mark.slow
def test_a_report_tells_all_that_a_result_rests_on(files):
    made(files, "--theta", "0.01")

    done = run("report", files / "made.json", "--out", files / "x.pdf", "--prior", "son=0.001")

    assert done.exit_code == 0, done.output
    told = " ".join(text_of(files / "x.pdf").split())
    digest = hashlib.sha256((files / "made.json").read_bytes()).hexdigest()
    for part in ("K-1", "son", "stranger", "0.001", "0.999", "TH01", "9.3/7", "6/9.3", "Steffen",
                 "public domain", "stepwise, rate 0.002", "mutation rates times 10", digest,
                 "wayhome.cores.kinship", "DYS391 is not among the markers",
                 "OTHER", "Not for a family", "identifies nobody"):  # fmt: skip
        assert part in told, part


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "title", "pedigree"),
    [
        ("uk", "Спорідненість: відношення правдоподібності", "Діти пари FA (чоловік) і MO (жінка"),
        ("ru", "Родство: отношения правдоподобия", "Дети пары FA (мужчина) и MO (женщина"),
    ],
)
def test_a_report_and_a_drawing_speak_the_language_that_is_asked(files, language, title, pedigree):
    case = mother_and_son()
    case["hypotheses"]["H1"]["persons"].append(person("SI", "F", "FA", "MO"))
    (files / "case.json").write_text(json.dumps(case), encoding="utf-8")

    run("report", files / "case.json", "--out", files / "x.pdf", "--lang", language)
    done = run("draw", files / "case.json", "--out", files / "x.svg", "--lang", language)

    assert title in text_of(files / "x.pdf")
    assert pedigree in done.output
    assert pedigree in (files / "x.svg").read_text("utf-8")


def test_no_sentence_is_left_in_english():
    for language in ("uk", "ru"):
        for sentences in (SENTENCES, WORDS):
            told = in_language(sentences, language)
            assert not [key for key, text in told.items() if text == sentences[key]]


def test_a_report_carries_the_case_so_that_it_can_be_computed_again(files):
    run("report", files / "case.json", "--out", files / "x.pdf")

    attached = PdfReader(io.BytesIO((files / "x.pdf").read_bytes())).attachments["case.json"]

    assert attached == [(files / "case.json").read_bytes()]


@pytest.mark.slow
def test_a_report_says_that_no_mutation_and_no_prior_was_stated(files):
    run("report", files / "case.json", "--out", files / "x.pdf")

    told = " ".join(text_of(files / "x.pdf").split())
    assert "No mutation model is on." in told
    assert "No prior was stated" in told


@pytest.mark.slow
def test_a_report_explains_what_does_not_fit(files):
    case = mother_and_son(genotypes={"MO": {"D1": ["12", "12"]}, "MP": {"D1": ["13", "14"]}})
    (files / "case.json").write_text(json.dumps(case), encoding="utf-8")

    run("report", files / "case.json", "--out", files / "x.pdf")

    told = " ".join(text_of(files / "x.pdf").split())
    assert "D1: MO 12/12, MP 13/14 go together under H1 in no way" in told
    assert "−∞" in told


@pytest.mark.slow
def test_codes_in_a_report_are_text_and_never_markup(files):
    case = mother_and_son(id='#read("x") *a* $b$')
    (files / "case.json").write_text(json.dumps(case), encoding="utf-8")

    assert run("report", files / "case.json", "--out", files / "x.pdf").exit_code == 0
    assert '#read("x") *a* $b$' in text_of(files / "x.pdf")


def test_a_case_that_means_nothing_has_no_report(files):
    (files / "case.json").write_text(json.dumps(mother_and_son(theta=7)), encoding="utf-8")

    done = run("report", files / "case.json", "--out", files / "x.pdf")

    assert done.exit_code == 2
    assert not (files / "x.pdf").exists()
