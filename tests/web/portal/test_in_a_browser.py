"""The whole way of a family in a real browser without JavaScript, every page measured."""

import os
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import (
    at_the_width_of_today,
    axe_violations,
    by_rotation,
    by_thirds,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    small_targets,
    watch,
)
from tests.stories.living import words_on
from tests.web.portal.walking import PIN, SECOND_PIN, WAY
from wayhome.bureau.enquiries.models import Enquiry

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.django_db(transaction=True),
]
LONG_NAME = "Скоробогатько-Воскресенская"
READ = ("", "help/", "privacy/", "accessibility/", "other-ways/", "beware/", "forgotten/")
OWN = ("papers/", "bring-home/", "waiting/answers/", "waiting/answers/contact/", "waiting/pin/")


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Playwright keeps a loop in this thread; the records are made between its steps."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return


class Look:
    """Measures what she sees: her own browser runs no script, so a second one does."""

    def __init__(self, family: BrowserContext, beside: BrowserContext, name: str) -> None:
        self.family, self.beside, self.name = family, beside, name
        self.faults: list[str] = []
        self.number = 0

    def at(self, page: Page, what: str) -> None:
        self.number += 1
        screenshot(page, f"portal-{self.name}-{self.number:02}-{what}")
        measured = self.beside.new_page()
        # The very page with its error, as it came; its style from the same server.
        measured.goto(page.url)
        measured.set_content(page.content())
        measured.wait_for_load_state("networkidle")
        found = axe_violations(measured) + [f"small: {one}" for one in small_targets(measured)]
        found += ["scrolls sideways"] if scrolls_sideways(measured) else []
        self.faults += [f"{what}: {one}" for one in found]
        measured.close()


def press(page: Page) -> None:
    page.locator("main form button[type=submit]:enabled").last.click()
    page.wait_for_load_state()


def answer(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        radio = page.locator(f'main input[name="{name}"][value="{value}"][type=radio]')
        if radio.count():
            radio.check()
        else:
            page.locator(f"main [name={name}]:not([type=radio])").fill(value)
    press(page)


def ask(page: Page, look: Look) -> str:
    """Every question, each first with a mistake where one can be made."""
    page.locator('main a[href*="/ask/"]').first.click()
    while (step := urlsplit(page.url).path.split("/")[2]) != "check":
        look.at(page, step)
        if step in {"who", "side", "name", "may-tell"}:
            press(page)
            look.at(page, f"{step}-refused")
        answer(page, **WAY[step] | ({"surname": LONG_NAME} if step == "name" else {}))
    look.at(page, "check")
    press(page)
    answer(page, pin="111111")
    look.at(page, "pin-refused")
    answer(page, pin=PIN, again=PIN)
    look.at(page, "second-pin")
    answer(page, second=SECOND_PIN, again=SECOND_PIN)
    look.at(page, "code")
    words = words_on(page)
    page.locator("main a[href*=receipt]").click()
    look.at(page, "receipt")
    page.emulate_media(media="print")
    assert page.locator("h1").is_hidden()
    assert words_on(page) == words
    page.emulate_media(media="screen")
    page.go_back()
    page.locator("[name=written]").check()
    press(page)
    look.at(page, "done")
    return words


@by_thirds(1)
@by_rotation
@at_the_width_of_today
def test_a_family_without_scripts(browser: Browser, live_server, language: str, width: int):
    family = new_context(browser, width=width, language=language, javascript=False)
    beside = new_context(browser, width=width, language=language)
    page, look = family.new_page(), Look(family, beside, f"{language}-{width}")
    watcher = watch(page)
    for path in READ:
        page.goto(f"{live_server.url}/{path}")
        look.at(page, path.strip("/") or "start")
    page.goto(f"{live_server.url}/")

    words = ask(page, look)
    page.locator('main a[href="/back/"]').first.click()
    answer(page, words=words, pin="555444")
    look.at(page, "back-refused")
    answer(page, pin=PIN)
    look.at(page, "waiting")
    assert LONG_NAME in page.locator("main").inner_text()
    for path in OWN:
        page.goto(f"{live_server.url}/{path}")
        look.at(page, path.strip("/").replace("/", "-"))
    page.goto(f"{live_server.url}/bring-home/")
    answer(page, travel="yes")
    look.at(page, "wish-kept")
    page.goto(f"{live_server.url}/waiting/forget/")
    page.locator("[name=sure]").check()
    press(page)
    look.at(page, "forgotten")
    page.go_back()
    page.goto(f"{live_server.url}/waiting/")

    assert page.url == f"{live_server.url}/back/"
    assert Enquiry.objects.get().surname == ""
    family.close()
    beside.close()
    assert not (look.faults + watcher.faults), describe(look.faults + watcher.faults)


def test_the_quick_exit_leaves_nothing_to_go_back_to(browser: Browser, live_server):
    context = new_context(browser, width=320, language="ru", javascript=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/ask/name/")
    answer(page, **WAY["name"])
    page.locator("a.wh-leave").click()
    assert "Скоробогатько" not in page.content()

    page.go_back()
    page.goto(f"{live_server.url}/ask/name/")

    assert page.locator("[name=surname]").input_value() == ""
    assert all(cookie["expires"] == -1 for cookie in context.cookies())
    context.close()
