"""The guides on names and on clusters do what they say."""

import csv
import json
import re
import shlex
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome

RUN = CliRunner().invoke
GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def blocks(page, kind):
    text = (GUIDES / page).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands():
    typed = "".join(blocks("names.md", "sh")).replace("\\\n", " ")
    return [shlex.split(line) for line in typed.splitlines() if line.strip()]


def rows(path):
    with Path(path).open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where every command of the guide was typed, in order."""
    path = tmp_path_factory.mktemp("guide")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        for words in commands():
            assert words[0] == "wayhome"
            done = CliRunner().invoke(wayhome, words[1:])
            assert done.exit_code == 0, f"{shlex.join(words)}: {done.output}"
    return path


@pytest.mark.slow
def test_every_command_of_the_guide_is_followed(folder):
    made = {x.name for x in (folder / "trial").iterdir()}

    assert made >= {
        "register.csv", "enquiries-rich.csv", "enquiries-sparse.csv", "candidates.csv",
        "absent.csv", "index", "weights.json", "sparse.csv",
    }  # fmt: skip


@pytest.mark.slow
def test_the_notebook_of_the_guide_runs_from_top_to_bottom(folder, monkeypatch, capsys):
    monkeypatch.chdir(folder)
    names = {}

    for block in blocks("names.md", "python"):
        exec(block, names)

    told = capsys.readouterr().out
    assert told.startswith("[('C1', ")
    assert "born.year" in told or "dob." in told
    assert "1990 Казань" in told


@pytest.mark.slow
def test_two_registers_are_added_up_as_the_guide_says(tmp_path, monkeypatch):
    ask, join = (shlex.split(x.replace("\\\n", " "))[1:] for x in blocks("cluster.md", "sh"))
    made = ["--evidence", "rich", "--enquiries", "40", "--size", "800"]
    for seed, bureau in (("1", "a"), ("2", "b")):
        monkeypatch.chdir(tmp_path)
        done = RUN(wayhome, ["names", "generate", *made, "--seed", seed, "--out", bureau])
        assert done.exit_code == 0, done.output
        asked = (tmp_path / "a" / "enquiries.csv").read_bytes()
        (tmp_path / bureau / "enquiries.csv").write_bytes(asked)
        monkeypatch.chdir(tmp_path / bureau)
        done = RUN(wayhome, ask)
        assert done.exit_code == 0, done.output
    monkeypatch.chdir(tmp_path)

    done = RUN(wayhome, [*join, "--json"])

    assert done.exit_code == 0, done.output
    report = json.loads(done.stdout)
    assert (report["enquiries"], report["cards"], report["registers"]) == (40, 1600, 2)
    sums, first = Counter(), Counter()
    for row in rows("pooled.csv"):
        sums[row["enquiry_id"]] += float(row["probability"])
        first[row["register"]] += row["rank"] == "1" and float(row["probability"]) > 0.5
    for row in rows("absent.csv"):
        sums[row["enquiry_id"]] += float(row["p_absent"])
    assert list(sums.values()) == pytest.approx([1.0] * 40, abs=1e-7)
    assert first["a/likelihoods.csv"] > 20
    assert first["b/likelihoods.csv"] < 3
