"""The guides on names and on clusters do what they say."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome

GUIDES = Path(__file__).parents[2] / "docs" / "guides"


def blocks(page, kind):
    text = (GUIDES / page).read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def commands():
    typed = "".join(blocks("names.md", "sh")).replace("\\\n", " ")
    return [shlex.split(line) for line in typed.splitlines() if line.strip()]


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
def test_two_registers_are_added_up_as_the_guide_says(folder, monkeypatch):
    monkeypatch.chdir(folder)
    run = CliRunner().invoke
    for seed in ("1", "2"):
        out = ("--out", f"bureau{seed}", "--evidence", "rich", "--enquiries", "40")
        run(wayhome, ["names", "generate", "--size", "800", "--seed", seed, *out])
    for seed in ("1", "2"):
        files = ("--register", f"bureau{seed}/register.csv", "--enquiries", "bureau1/enquiries.csv")
        out = ("--out", f"bureau{seed}/candidates.csv", "--absent", f"bureau{seed}/absent.csv")
        done = run(wayhome, ["match", *files, *out, "--prior", "0.3"])
        assert done.exit_code == 0, done.output
    names = {}
    exec(blocks("cluster.md", "python")[0], names)

    rows = list(names["together"](["bureau1", "bureau2"], {"bureau1": 0.3, "bureau2": 0.3}))

    sums, best = {}, {}
    for enquiry, bureau, card, share in rows:
        sums[enquiry] = sums.get(enquiry, 0.0) + share
        best[enquiry] = max(best.get(enquiry, (0.0, "", "")), (share, bureau, card))
    assert len(sums) == 40
    assert all(x > 0.97 for x in sums.values())  # more than 1 where a man has two cards
    assert all(x <= 1.0 + 1e-6 for x, _, _ in best.values())
    found_there = sum(bureau == "bureau1" for _, bureau, _ in best.values())
    assert found_there > 3 * sum(bureau == "bureau2" for _, bureau, _ in best.values())
