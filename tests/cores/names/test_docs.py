import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "methods" / "names.md"


def test_the_example_on_the_page_finds_whom_it_should(capsys):
    example = re.search(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example

    exec(example[1], {})

    assert capsys.readouterr().out.startswith("C1 ")
