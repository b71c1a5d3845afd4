"""The guide on kinship does what it says, and its pictures are made by the code beside them."""

import contextlib
import io
import json
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome
from wayhome.cores.kinship import Pedigree, Person, drawing
from wayhome.cores.kinship.formats import FORMATS

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
PICTURES = ROOT / "docs" / "pictures"
GUIDE = (GUIDES / "kinship.md").read_text("utf-8")
PEDIGREES = (GUIDES / "pedigrees.md").read_text("utf-8")
PICTURE = re.compile(
    r"```python\n(.*?)```\n\n!\[([^\]]+)\]\(\.\./pictures/([\w-]+\.svg)\)", re.DOTALL
)


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)


def commands():
    typed = "".join(blocks("sh")).replace("\\\n", " ")
    return [shlex.split(line) for line in typed.splitlines() if line.strip()]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    shutil.copytree(GUIDES / "kinship", tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def follow():
    """Type every command of the guide, in order."""
    done = [CliRunner().invoke(wayhome, words[1:]) for words in commands()]
    assert [one.stderr for one in done if one.exit_code] == []
    return done


def without_mutation(result):
    varied = {one["assumption"]: one["log10_lr_total"] for one in result["sensitivity"]}
    return varied["no mutation"]["son"]


@pytest.mark.slow
def test_every_command_of_the_guide_does_what_it_says(folder):
    done = follow()

    told = "".join(one.output for one in done)
    *_, made, answered = blocks("text")
    for line in made.splitlines():
        assert line in told
    printed = [json.loads(one.stdout) for one in done if one.stdout.startswith('{"id"')]
    result, family, event = printed
    assert family["next"][0]["person"] == "MO-31"
    assert event["rests_on"]["drop_out"] == ["WI-40"]
    assert answered.splitlines() == [
        f"log10_lr_total  son {result['log10_lr_total']['son']:.4f}",
        f"posterior       son {result['posterior']['son']:.8f}",
        result["unexplained"][0]["says"],
        f"no mutation     son {without_mutation(result)}",
    ]
    assert (folder / "report.pdf").read_bytes().startswith(b"%PDF-1.7")
    assert (folder / "family.svg").read_text("utf-8") == (PICTURES / "kinship-case.svg").read_text(
        "utf-8"
    )


def test_the_tables_that_the_guide_shows_are_those_beside_it():
    profiles, pedigrees, *_ = blocks("text")

    assert (GUIDES / "kinship" / "pedigrees.csv").read_text("utf-8") == pedigrees
    assert (GUIDES / "kinship" / "profiles.csv").read_text("utf-8").startswith(profiles)


@pytest.mark.parametrize(("code", "words", "name"), PICTURE.findall(PEDIGREES))
def test_a_picture_is_what_the_code_beside_it_draws(code, words, name):
    known = {"Pedigree": Pedigree, "Person": Person, "drawing": drawing}

    exec(code, known)

    assert (PICTURES / name).read_text("utf-8") == known["picture"]
    assert {one.id for one in known["family"]} & set(re.findall(r"\w+", words))


def test_every_pedigree_of_the_page_has_its_picture():
    assert len(PICTURE.findall(PEDIGREES)) == PEDIGREES.count("```python") == PEDIGREES.count("![")


def test_the_ten_lines_of_the_library_say_the_ratio_of_the_formula():
    page = (ROOT / "wayhome" / "cores" / "kinship" / "README.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    out = io.StringIO()

    with contextlib.redirect_stdout(out):
        exec(code, known := {})

    assert float(out.getvalue()) == pytest.approx(1 / (4 * known["shares"]["6"]))
    assert len([line for line in code.splitlines() if line]) <= 10


def test_the_guide_lists_the_formats_that_there_are():
    listed = re.findall(r"^\| `(\w+)` \| yes \| yes \|", GUIDE, re.MULTILINE)

    assert listed == list(FORMATS)
