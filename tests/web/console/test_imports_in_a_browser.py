"""A file given by clicks in a real browser, imported by the real worker."""

import pytest

from tests.bureau.captives.test_importing import FAULTY
from tests.stories.living import WORKER_SECONDS, Bureau, within

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_page_of_a_file_says_by_itself_when_it_is_imported(bureau: Bureau):
    clerk = bureau.office("registrar")
    clerk.open("console/imports/")
    clerk.page.locator("main input[type=file]").set_input_files(FAULTY)
    clerk.press()
    assert not clerk.refused(), clerk.text()
    clerk.press()

    within(
        WORKER_SECONDS,
        lambda: clerk.page.locator("#state .wh-tag--done").count(),
        "the import is done, and the page was not loaded again",
    )

    assert clerk.page.locator("#state progress").count() == 0
    assert not clerk.watcher.faults
