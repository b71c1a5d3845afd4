"""`wayhome kinship search` and `pairs`, as they are typed."""

import csv
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner

from tests.cores.kinship.families import marker, person
from wayhome.config.commands import kinship_search, wayhome
from wayhome.cores.kinship.blind import files as core
from wayhome.cores.kinship.blind import pairs as related
from wayhome.cores.kinship.blind.search import FAMILIES_AT_ONCE
from wayhome.lib import spark as sparks

EVENT = Path(__file__).parents[1] / "cores" / "kinship" / "reference" / "blind" / "blind-open.json"
MOTHER = {
    "id": "F1",
    "missing": "MP",
    "persons": [person("FA"), person("MO", "F"), person("MP", "M", "FA", "MO")],
    "genotypes": {"MO": {"D1": ["12", "13"]}},
}


def run(*arguments):
    return CliRunner().invoke(wayhome, ["kinship", *map(str, arguments)])


def rows(path):
    with path.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


@pytest.mark.slow
def test_an_event_is_searched(tmp_path):
    out = tmp_path / "pairs.csv"

    done = run("search", EVENT, "--out", out, "--min-log10-lr", 4, "--json")

    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["pairs"] == len(rows(out)) == 7
    assert found["compared"] == 20 * 12
    assert {"read_s", "tables_s", "search_s"} <= set(found)
    assert 0 < found["chance_pairs"]["expected_in_all"] < 1
    assert "By chance alone, about 0.00103 pairs with strangers" in done.stderr
    assert list(rows(out)[0]) == list(core.PAIRS_HEADING)


@pytest.mark.slow
def test_without_a_threshold_every_pair_of_a_small_event_is_written(tmp_path):
    out = tmp_path / "pairs.csv"

    done = run("search", EVENT, "--out", out)

    assert done.exit_code == 0
    assert len(rows(out)) == 20 * 12
    assert "By chance" not in done.stderr


@pytest.mark.slow
def test_remains_are_compared_with_each_other(tmp_path):
    out = tmp_path / "pairs.csv"

    done = run("pairs", EVENT, "--out", out, "--min-log10-lr", 4, "--relation", "PC")

    assert done.exit_code == 0, done.output
    expected = json.loads(EVENT.read_text("utf-8"))["expected"]["pairwise_log10_LR"]
    above = {(one["a"], one["b"]): one["PC"] for one in expected if one["PC"] >= 4}
    found = {(row["a"], row["b"]): float(row["log10_lr"]) for row in rows(out)}
    assert above
    assert above == pytest.approx({pair: found[pair] for pair in above}, rel=1e-9)
    assert {row["relation"] for row in rows(out)} == {"PC"}


def lines(tmp_path, remains):
    paths = [tmp_path / name for name in ("m.json", "f.jsonl", "r.jsonl")]
    paths[0].write_text(json.dumps([marker()]))
    paths[1].write_text(json.dumps(MOTHER) + "\n")
    paths[2].write_text("".join(f"{line}\n" for line in remains))
    return [
        part
        for name, path in zip(("--markers", "--families", "--remains"), paths, strict=True)
        for part in (name, path)
    ]


@pytest.mark.slow
def test_lines_are_searched_and_faulty_ones_told(tmp_path):
    good = json.dumps({"id": "R1", "genotypes": {"D1": ["13", "14"]}})
    out = tmp_path / "pairs.csv"

    done = run("search", *lines(tmp_path, [good, "{", good]), "--out", out)

    assert done.exit_code == 0
    assert len(rows(out)) == 1
    assert "Faults: 2" in done.stderr
    assert [row["line"] for row in rows(tmp_path / "pairs.csv.rejects.csv")] == ["2", "3"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["search", "--out", "p.csv"], "EVENT.json, or --markers"),
        (["search", EVENT, "--markers", "m.json", "--out", "p.csv"], "an event holds its markers"),
        (["search", "nothing.json", "--out", "p.csv"], "nothing.json"),
        (["search", EVENT, "--min-log10-lr", "nan", "--out", "p.csv"], "a number"),
        (["pairs", "--remains", EVENT, "--out", "p.csv"], "EVENT.json, or --markers"),
    ],
)
def test_a_wrong_use_is_told_in_one_line(arguments, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    done = run(*arguments)

    assert done.exit_code == 2
    assert told in done.stderr
    assert not list(tmp_path.iterdir())


def test_many_pairs_want_a_threshold(monkeypatch, tmp_path):
    monkeypatch.setattr(core, "WITHOUT_THRESHOLD", 10)

    done = run("search", EVENT, "--out", tmp_path / "p.csv")

    assert done.exit_code == 2
    assert "expected --min-log10-lr" in done.stderr


def test_a_file_that_cannot_be_written_is_told(tmp_path):
    done = run("search", EVENT, "--out", tmp_path / "none" / "p.csv", "--min-log10-lr", 4)

    assert done.exit_code == 2
    assert "No such file" in done.stderr


@pytest.mark.slow
def test_who_stops_a_search_is_told_how_it_goes_on(monkeypatch, tmp_path):
    def stop(self, done, of):
        raise KeyboardInterrupt

    monkeypatch.setattr(kinship_search.ProgressBar, "__call__", stop)

    done = run("search", EVENT, "--out", tmp_path / "p.csv", "--min-log10-lr", 4)

    assert done.exit_code == 130
    assert "The same command goes on from here" in done.stderr


@pytest.mark.parametrize(
    ("error", "told"), [(0.0, "182 pairs"), (61.2, "182 (standard error 61.2)")]
)
def test_an_estimate_is_told_with_its_error(error, told):
    chance = {"expected_in_all": 182.0, "standard_error_in_all": error}

    assert f"about {told}" in kinship_search.by_chance(chance, 30_000)


def test_the_command_names_the_relations_of_the_core():
    assert tuple(related.RELATIONS) == kinship_search.RELATIONS
    assert related.ASKED == kinship_search.ASKED


# Spark


@pytest.mark.slow
@pytest.mark.spark
def test_spark_writes_the_same_file(tmp_path):
    """Of more families than are compared at once, so that there are several blocks."""
    rng = Random(7)
    alleles = ("12", "13", "14", "15")
    names = [f"D{n}" for n in range(6)]
    kit = [marker(name, alleles, (0.1, 0.2, 0.3, 0.4)) for name in names]

    def profile():
        return {name: rng.choices(alleles, k=2) for name in names}

    files = {"m.json": [json.dumps(kit)], "f.jsonl": [], "r.jsonl": []}
    for number in range(FAMILIES_AT_ONCE + 50):
        family = MOTHER | {"id": f"F{number}", "genotypes": {"MO": profile()}}
        files["f.jsonl"].append(json.dumps(family))
    for number in range(30):
        body = {"id": f"R{number}", "sex": "M", "genotypes": profile()}
        files["r.jsonl"].append(json.dumps(body))
    for name, lines in files.items():
        (tmp_path / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    asked = [
        *("search", "--markers", tmp_path / "m.json", "--families", tmp_path / "f.jsonl"),
        *("--remains", tmp_path / "r.jsonl", "--min-log10-lr", 2, "--json"),
    ]

    local = run(*asked, "--out", tmp_path / "local.csv")
    spark = run(
        *asked, "--out", tmp_path / "spark.csv", "--engine", "spark", "--master", "local[2]"
    )

    assert local.exit_code == spark.exit_code == 0, spark.output
    assert (tmp_path / "spark.csv").read_bytes() == (tmp_path / "local.csv").read_bytes()
    one, other = json.loads(local.stdout), json.loads(spark.stdout)
    assert one["pairs"] == other["pairs"] > 100
    assert one["compared"] == other["compared"]
    assert not list(tmp_path.glob("wayhome-search-*"))


def test_spark_that_is_not_there_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(sparks.importlib.util, "find_spec", lambda _: None)

    done = run("search", EVENT, "--out", tmp_path / "p.csv", "--engine", "spark")

    assert done.exit_code == 1
    assert "pip install 'wayhome[spark]'" in done.stderr


def test_a_master_without_spark_is_wrong_use(tmp_path):
    done = run("search", EVENT, "--out", tmp_path / "p.csv", "--master", "local[2]")

    assert done.exit_code == 2
    assert "expected --engine spark" in done.stderr


# Killed


def invented_remains(path, count):
    rng = Random(3)
    alleles = tuple(str(n) for n in range(8, 18))
    names = [f"D{n}" for n in range(12)]
    kit = [marker(name, alleles, (0.1,) * 10) for name in names]
    (path / "m.json").write_text(json.dumps(kit), encoding="utf-8")
    with (path / "r.jsonl").open("w", encoding="utf-8") as text:
        for number in range(count):
            profile = {name: rng.choices(alleles, k=2) for name in names}
            body = {"id": f"R{number}", "sex": rng.choice("MF"), "genotypes": profile}
            text.write(json.dumps(body) + "\n")


@pytest.mark.all
def test_pairs_that_are_killed_go_on_where_they_were(tmp_path):
    """A power cut: the process is killed as soon as it has told that a block is whole."""
    invented_remains(tmp_path, 12_000)
    out, whole = tmp_path / "p.csv", tmp_path / "whole.csv"
    asked = [sys.executable, "-m", "wayhome.config.commands", "kinship", "pairs", "--json"]
    asked += ["--markers", tmp_path / "m.json", "--remains", tmp_path / "r.jsonl"]
    asked += ["--min-log10-lr", "3"]
    subprocess.run([*asked, "--out", whole], check=True, capture_output=True)

    for _ in range(5):
        process = subprocess.Popen(
            [*asked, "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        while process.poll() is None and not out.with_name("p.csv.state").exists():
            time.sleep(0.01)
        process.kill()
        if process.wait() == -signal.SIGKILL:
            break
        out.unlink()
    assert not out.exists()
    done = subprocess.run([*asked, "--out", out], check=True, capture_output=True)

    assert json.loads(done.stdout)["resumed_at_block"] > 0
    assert out.read_bytes() == whole.read_bytes()
