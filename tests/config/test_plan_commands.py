"""`wayhome plan`, as it is typed."""

import json
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from tests.cores.planning.problems import DAYS, small
from wayhome.config.commands import wayhome


def run(*arguments):
    return CliRunner().invoke(wayhome, ["plan", *map(str, arguments)])


@pytest.fixture
def problem_file(tmp_path):
    def write(**changes):
        file = tmp_path / "problem.json"
        file.write_text(json.dumps(small() | changes), encoding="utf-8")
        return file

    return write


def test_a_plan_is_made_checked_and_made_anew(problem_file, tmp_path):
    problem, plan, again = problem_file(), tmp_path / "plan.json", tmp_path / "again.json"

    made = run(problem, "--out", plan)
    checked = run("check", problem, plan)
    problem_file(closures=[{"crossing": one, "days": [[DAYS[0]] * 2]} for one in ("X1", "X2")])
    old = run("check", problem, plan)
    remade = run(problem, "--previous", plan, "--out", again, "--json")

    assert (made.exit_code, checked.exit_code, remade.exit_code) == (0, 0, 0)
    assert made.stdout.startswith("2 of 2 families have a day.")
    assert checked.stdout == "Every rule is kept.\n"
    assert old.exit_code == 1
    assert old.stdout.splitlines()[0].startswith("closed: F1: ")
    told = json.loads(remade.stdout)
    assert told["assigned"] == 2
    assert [one["rules"] for one in told["promises"]["broken"]] == [["closed"], ["closed"]]
    assert len(told["rests_on"]["input_sha256"]) == 64
    assert run("check", problem, again).exit_code == 0


def test_a_broken_rule_for_a_program(problem_file, tmp_path):
    problem, plan = problem_file(), tmp_path / "plan.json"
    run("make", problem, "--out", plan, "--seconds", 0)
    problem_file(vehicles=[{"id": "V1", "region": "North", "seats": 2, "days": []}])

    told = run("check", problem, plan, "--json")

    assert told.exit_code == 1
    assert {one["rule"] for one in json.loads(told.stdout)["faults"]} == {"seats", "vehicle"}


def test_a_bad_file_is_told_in_one_line_with_its_place(problem_file, tmp_path):
    bad = problem_file(nights=0)
    empty = tmp_path / "empty.json"
    empty.write_text("")
    out = tmp_path / "plan.json"

    told = [
        (run(bad, "--out", out), "nights: 0; expected a whole number from 1 to 60"),
        (run(empty, "--out", out), "empty.json: line 1 column 1"),
        (run(tmp_path / "nowhere.json", "--out", out), "No such file"),
        (run("check", empty, empty), "empty.json: no JSON"),
        (run("check", bad, bad), "KeyError"),
        (run(bad, "--out", tmp_path / "no" / "plan.json"), "a folder that is there"),
        (run(problem_file(), "--previous", bad, "--out", out), "days: unknown key"),
    ]

    for done, words in told:
        assert (done.exit_code, words in done.stderr) == (2, True), done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert not out.exists()


def test_an_invented_problem_can_be_planned(tmp_path):
    problem, plan = tmp_path / "p.json", tmp_path / "q.json"
    numbers = ("--families", 8, "--days", 6, "--crossings", 2, "--seed", 3)

    run("generate", *numbers, "--out", problem)

    assert run("generate", *numbers).stdout == problem.read_text("utf-8")
    assert run("--out", plan, "--seconds", 0, problem).exit_code == 0
    assert run("check", problem, plan).exit_code == 0


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_plan_so_far(tmp_path):
    problem, plan = tmp_path / "p.json", tmp_path / "q.json"
    run("generate", "--families", 80, "--days", 30, "--crossings", 3, "--out", problem)
    command = [sys.executable, "-m", "wayhome.config.commands", "plan", problem, "--out", plan]

    with subprocess.Popen(
        [*map(str, command), "--seconds", "300"], stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr
        assert process.stderr.readline().startswith("Waiting ")
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)

    assert process.returncode == 0
    assert run("check", problem, plan).exit_code == 0
