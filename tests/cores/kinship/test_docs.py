import re
from pathlib import Path

from wayhome.cores.kinship.cases import CASE_KEYS
from wayhome.cores.kinship.events import EVENT_KEYS
from wayhome.cores.kinship.mutation import MODELS
from wayhome.cores.kinship.power import FAMILY_KEYS

PAGE = (Path(__file__).parents[3] / "docs" / "methods" / "kinship.md").read_text("utf-8")
UNREAD = {"category", "description", "expected", "source"}  # in files, and of no effect


def test_the_example_on_the_page_says_what_it_says(capsys):
    example = re.search(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert example

    exec(example[1], {})

    assert capsys.readouterr().out == f"{1 / (4 * 0.3):.4f}\n"


def test_the_page_has_every_key_of_a_case_and_every_model():
    told = set(re.findall(r"`(\w+)`", PAGE))

    assert {*CASE_KEYS, *EVENT_KEYS, *FAMILY_KEYS} - UNREAD <= told
    assert set(MODELS) <= told
