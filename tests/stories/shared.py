"""One running bureau for all stories and pages of a run: it takes half a minute to begin."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.stories.living import Bureau, living_bureau
from tests.stories.men import write_cards
from tests.stories.steps import import_file


@pytest.fixture(scope="session")
def bureau(browser: Browser) -> Iterator[Bureau]:
    """A bureau at work, its staff hired and a clerk's file of cards imported."""
    # Not in pytest's own folder, which is closed to the database's user.
    root = Path(tempfile.mkdtemp(prefix="wayhome-story-"))
    root.chmod(0o711)
    try:
        with living_bureau(root, browser) as living:
            import_file(living.office("registrar"), write_cards(root / "список.xlsx"))
            yield living
    finally:
        shutil.rmtree(root, ignore_errors=True)
