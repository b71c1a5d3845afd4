"""The page for whoever runs an installation, held to the code."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "guides" / "running.md").read_text("utf-8")
VARIABLE = re.compile(r"\b(?:WAYHOME_[A-Z_]+[A-Z]|DATABASE_URL)\b")
# From our own supervisor to its children, and for the tests.
INTERNAL = re.compile(r"WAYHOME_(PROCESS|DATABASE_ROLE_.*|DATABASE_ROLE|TESTING|TEST_DB)")


def variables_read() -> set[str]:
    read: set[str] = set()
    for path in (ROOT / "wayhome").rglob("*.py"):
        read |= set(re.findall(r'environ[^\n]*?"(WAYHOME_[A-Z_]+|DATABASE_URL)"', path.read_text()))
    moved = re.findall(r'_movable\("(\w+)"\)', (ROOT / "wayhome/config/folder.py").read_text())
    read |= {f"WAYHOME_{name.upper()}_DIR" for name in moved}
    return {name for name in read if not INTERNAL.fullmatch(name)}


def test_it_names_every_variable_and_no_other() -> None:
    named = set(VARIABLE.findall(PAGE))

    assert len(named) > 20
    assert named == variables_read()
