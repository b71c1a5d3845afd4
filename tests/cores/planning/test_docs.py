"""The page and the library's README say what the code does."""

import contextlib
import io
import json
import re
from pathlib import Path

from tests.cores.planning.problems import as_file
from wayhome.cores.planning import plan, read_problem
from wayhome.cores.planning_trials.checking import faults_of

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "methods" / "planning.md").read_text("utf-8")
LIBRARY = (ROOT / "wayhome" / "cores" / "planning" / "README.md").read_text("utf-8")


def printed_by(page):
    [code] = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(code, {})
    return out.getvalue().splitlines()


def test_the_code_of_page_and_library_makes_the_same_plan():
    [told] = printed_by(PAGE)
    trips = printed_by(LIBRARY)

    assert told == f"{len(trips)} proven"


def test_the_example_has_the_plan_that_stands_below_it():
    problem, expected = map(json.loads, re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL))

    found = as_file(plan(read_problem(problem)).as_dict())

    assert {key: found[key] for key in expected} == expected
    assert faults_of(problem, found) == []
