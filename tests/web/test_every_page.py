"""Every page of the access table, as somebody whom it serves, narrow and wide."""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urljoin

import pytest
from playwright.sync_api import BrowserContext, Error, Page, Response

from tests.browser import (
    LANGUAGE_TODAY,
    PARTS,
    WIDTH_TODAY,
    WIDTHS,
    Watch,
    axe_violations,
    describe,
    in_parts,
    scrolls_sideways,
    watch,
    weighed,
)
from tests.stories.living import OFFICE, STAFF, TABLET, Bureau, Person
from tests.stories.men import MEN
from tests.stories.steps import (
    SECRET,
    Mother,
    Said,
    appoint,
    assess,
    decide,
    invite,
    match,
    mother,
    note_told,
    prove_kinship,
    sitting,
)
from wayhome.web.voice import forbidden_on, texts_of

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(2400)]
HEAVIEST = 60_000  # bytes over the wire, into an empty cache
LANGUAGE = LANGUAGE_TODAY
ENGLISH = re.compile(r"\b[A-Za-z]{2,}(?: [a-z]{2,}){2,}\b")
# What a page itself says is English, it may say: a text that staff write in three languages.
WITHOUT_ENGLISH = """() => {
  const page = document.documentElement.cloneNode(true)
  page.querySelectorAll("[lang=en]").forEach(text => text.remove())
  return page.outerHTML
}"""
ACCOUNT_OF = {role: username for username, role in reversed(STAFF.items())}
PARTS_OF_PAGES = ("console:spelling",)  # shown inside a page that is looked at
FAMILYS = ("/console/", "/tablet/", "/escort/", "/static/", "/healthz")


@pytest.fixture(scope="module")
def family(bureau: Bureau) -> Iterator[Mother]:
    """A family that has come as far as the day of the meeting: every page has something on it."""
    one, man = mother(bureau, "pages", LANGUAGE), MEN["pages"]
    one.ask(man)
    one.come_back()
    match(bureau, man)
    number = sitting(bureau, man, Said())
    prove_kinship(bureau, man)
    note_told(invite(bureau, man))
    one.apply()
    assess(bureau, number)
    decide(bureau, number)
    coordinator = appoint(bureau, number)
    coordinator.follow("/act/")
    coordinator.press()
    yield one
    one.person.leave()


@pytest.fixture(scope="module")
def captive(bureau: Bureau, family: Mother) -> Iterator[Person]:
    """A captive who has opened his page."""
    tablet = bureau.person(width=TABLET, language=LANGUAGE)
    bureau.sign_in(tablet, "neutral")
    tablet.open("console/sittings/")
    tablet.row(MEN["pages"].card.surname).locator("a").or_(
        tablet.page.locator("main tbody a")
    ).first.click()
    tablet.page.wait_for_load_state()
    tablet.choose("language", LANGUAGE)
    # Not the last button: below it his secret can be set back.
    tablet.press("main form:has([name=language]) button")
    tablet.type(secret=SECRET)
    if tablet.page.locator("[name=again]").count():
        tablet.type(again=SECRET)
    tablet.press()
    assert "/tablet/rights/" in tablet.page.url, tablet.text()
    for kind in ("capture-card", "letter"):
        tablet.open(f"tablet/letters/new/{kind}/")
        tablet.type(name="Агафья", address="Садовая, 3")
        if kind == "letter":
            tablet.type(text="Я жив. Обнимаю.")
        else:
            tablet.choose("health", "good health")
        tablet.press()
    yield tablet
    tablet.leave()


@in_parts
def test_every_page_is_whole(bureau: Bureau, family: Mother, captive: Person, part: int) -> None:
    """No fault for a screen reader, no sideways scroll, no script error, light, in one language."""
    visitor = bureau.person(width=OFFICE, language=LANGUAGE)
    faults: list[str] = []
    eyes: dict[BrowserContext, Eye] = {}
    table = [row for row in bureau.told("access") if row["method"] == "GET" and row["url"]]
    # It would leave this browser in another language than the one that is looked at.
    pages = [
        row
        for row in table
        if row["name"] not in ("set_language", *PARTS_OF_PAGES)
        and zlib.crc32(row["name"].encode()) % PARTS == part
    ]
    for row in pages:
        person = _who(bureau, row, {"family": family.person, "captive": captive}, visitor)
        context = person.page.context
        eye = eyes.setdefault(context, Eye(context))
        is_family = not row["url"].startswith(FAMILYS)
        found = _faults(eye, urljoin(bureau.url, row["url"]), is_family)
        faults += [f"{row['pattern']}: {fault}" for fault in found]
    for context, eye in eyes.items():
        eye.page.close()
        context.clear_cookies(name="language")  # the office of the stories is read in its own
    visitor.leave()

    assert len(pages) > 40
    assert not faults, describe(faults)


def _who(bureau: Bureau, row: dict[str, Any], others: dict[str, Person], visitor: Person) -> Person:
    if "nobody" in row["allow"]:
        return visitor
    role = next(role for role in row["allow"] if role in others or role in ACCOUNT_OF)
    if role in others:
        return others[role]
    person = bureau.office(ACCOUNT_OF[role])
    person.page.context.add_cookies([{"name": "language", "value": LANGUAGE, "url": bureau.url}])
    return person


@dataclass
class Eye:
    """A window of its own in somebody's browser, through which page after page is looked at."""

    context: BrowserContext
    page: Page = field(init=False)
    watcher: Watch = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.context.new_page()
        self.watcher = watch(self.page)


def _faults(eye: Eye, url: str, is_family: bool) -> list[str]:
    eye.watcher.faults.clear()
    with weighed(eye.page) as sizes:
        answer = _opened(eye.page, url, "networkidle" if is_family else "load")
    if answer is None:
        return []
    found = [] if answer.status in (200, 404) else [f"status {answer.status}"]
    found += _looked_at(eye.page)
    if is_family:
        found += [f"forbidden: {word}" for word in forbidden_on(eye.page.content(), LANGUAGE)]
        found += [f"{sum(sizes)} bytes"] if sum(sizes) >= HEAVIEST else []
    return found + eye.watcher.faults


def _opened(page: Page, url: str, until: Literal["load", "networkidle"]) -> Response | None:
    """The answer, if it is a page and no file."""
    try:
        answer = page.goto(url, wait_until=until)
    except Error as error:
        if "Download is starting" not in str(error):
            raise
        return None
    assert answer is not None
    return answer if "text/html" in answer.headers.get("content-type", "") else None


def _looked_at(page: Page) -> list[str]:
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if width == WIDTH_TODAY:
            found += [f"{width}: {one}" for one in axe_violations(page)]
        found += [f"{width}: scrolls sideways"] if scrolls_sideways(page) else []
    if LANGUAGE != "en":
        texts = texts_of(page.evaluate(WITHOUT_ENGLISH))
        found += [f"English: {text}" for text in texts if ENGLISH.search(text)]
    return found
