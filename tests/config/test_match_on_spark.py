"""`wayhome match --engine spark`: the candidates of one machine, to the last digit."""

import pytest
from click.testing import CliRunner

from wayhome.config.commands import wayhome
from wayhome.lib import spark


def run(*arguments):
    return CliRunner().invoke(wayhome, [*map(str, arguments)])


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    folder = tmp_path_factory.mktemp("trial")
    done = run("names", "generate", "--size", 500, "--seed", 9, "--out", folder, "--enquiries", 250)
    assert done.exit_code == 0, done.output
    return folder


@pytest.mark.spark
@pytest.mark.slow
def test_spark_finds_the_same_candidates(trial, tmp_path):
    files = ("--register", trial / "register.csv", "--enquiries", trial / "enquiries-sparse.csv")
    for engine in ("local", "spark"):
        out = ("--out", tmp_path / f"{engine}.csv", "--absent", tmp_path / f"{engine}-absent.csv")
        done = run("match", *files, *out, "--engine", engine)
        assert done.exit_code == 0, done.output

    for name in ("{}.csv", "{}-absent.csv"):
        one = (tmp_path / name.format("local")).read_bytes()
        assert one == (tmp_path / name.format("spark")).read_bytes()
        assert one.count(b"\n") > 250
    assert not list(tmp_path.glob("wayhome-index-*"))


def test_spark_that_is_not_there_is_told_in_one_line(trial, tmp_path, monkeypatch):
    monkeypatch.setattr(spark, "why_missing", lambda: "Spark is not installed: pip install …")
    files = ("--register", trial / "register.csv", "--enquiries", trial / "enquiries-rich.csv")

    done = run("match", *files, "--out", tmp_path / "out.csv", "--engine", "spark")

    assert done.exit_code == 1
    assert done.stderr == "wayhome: Spark is not installed: pip install …\n"


def test_a_master_without_spark_is_refused(tmp_path):
    done = run("match", "--register", "r", "--enquiries", "e", "--out", "o", "--master", "local")

    assert done.exit_code == 2
    assert "--engine spark" in done.stderr
