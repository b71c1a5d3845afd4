"""The whole sitting by clicks and typing in a real browser, every screen measured and pictured."""

import os

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page

from tests.browser import (
    WIDTHS,
    axe_violations,
    by_rotation,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    small_targets,
    watch,
)
from tests.factories import EnquiryFactory, MatchFactory, StaffFactory
from tests.web.tablet.walking import SECRET, THINGS, topic_of
from wayhome.bureau.consents.models import Consent, Sitting
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG_NAME = "Буйничева-Воскресенская Агафья Прокопьевна"


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps a loop in this thread; the records are made between its steps."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def look(page: Page, name: str, faults: list[str]) -> None:
    faults += [f"{name}: {one}" for one in axe_violations(page)]
    faults += [f"{name}: small: {one}" for one in small_targets(page)]
    if scrolls_sideways(page):
        faults.append(f"{name}: scrolls sideways")
    screenshot(page, f"sitting-{name}")


@by_rotation
@pytest.mark.parametrize("width", WIDTHS)
def test_a_sitting_from_the_console_to_the_closed_page(
    browser: Browser, live_server, language: str, width: int
):
    enquiry = EnquiryFactory(three_things=THINGS, enquirer__name=LONG_NAME)
    match = MatchFactory(enquiry=enquiry)
    neutral = Client()
    neutral.force_login(StaffFactory(role=Role.NEUTRAL))
    context = new_context(browser, width=width, language=language)
    session = neutral.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
    page, faults = context.new_page(), []
    watcher = watch(page)

    page.goto(f"{live_server.url}/console/sittings/")
    look(page, f"{language}-{width}-00-list", faults)
    page.click(f"text={match.captive.bureau_number}")
    look(page, f"{language}-{width}-01-open", faults)
    page.check(f"input[value={language}]")
    page.click("form.wh-form button")
    look(page, f"{language}-{width}-02-secret", faults)
    for box in ("secret", "again"):
        page.fill(f"input[name={box}]", SECRET)
    page.click("main button")
    number = 3
    while not page.url.endswith("/tablet/allowed/"):
        topic = topic_of(page.url.removeprefix(live_server.url))
        look(page, f"{language}-{width}-{number:02}-{topic}", faults)
        number += 1
        if page.locator("input[type=radio]").count():
            page.locator("label.govuk-radios__label").first.click()
        page.click("main form button")
    look(page, f"{language}-{width}-{number:02}-allowed", faults)
    with page.expect_navigation():
        page.locator("main form button:enabled").first.click()
    page.wait_for_load_state()
    page.go_back()
    page.goto(f"{live_server.url}/console/sittings/")
    look(page, f"{language}-{width}-{number + 1:02}-console-locked", faults)
    page.goto(f"{live_server.url}/tablet/allowed/")
    page.click("main a.govuk-button")
    look(page, f"{language}-{width}-{number + 2:02}-end", faults)
    page.click("main button")
    look(page, f"{language}-{width}-{number + 3:02}-closed", faults)
    page.go_back()
    page.reload()

    assert page.url == f"{live_server.url}/tablet/"
    assert Consent.objects.filter(match=match).count() == 8  # seven, and one taken back
    assert Sitting.objects.get().closed_at
    context.close()
    assert not (faults + watcher.faults), describe(faults + watcher.faults)
