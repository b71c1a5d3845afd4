"""What the committed styles and fonts hold, and how the base pages look in a real browser."""

import gzip
import mimetypes
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route

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
from tests.web.pages import PAGES, WORDS, sample
from wayhome.web import forms

STATIC = Path(forms.__file__).parent / "static" / "wayhome"
PRINT_FONTS = Path(forms.__file__).parents[1] / "lib" / "fonts"
SHEETS = ("portal.css", "console.css")
HEAVIEST_PAGE = 60_000  # bytes, compressed, with its styles
ADDRESS = "http://wayhome.test/"
TABLET_TARGET = 44  # CSS pixels, WCAG 2.5.5


@pytest.mark.parametrize("sheet", SHEETS)
def test_styles_name_nothing_of_the_british_government(sheet: str):
    css = (STATIC / sheet).read_text(encoding="utf-8")

    assert not re.search(r"crest|crown|GDS Transport|GOV\.UK", css, re.IGNORECASE)


@pytest.mark.parametrize("sheet", SHEETS)
def test_styles_load_only_files_that_are_committed(sheet: str):
    css = (STATIC / sheet).read_text(encoding="utf-8")

    for address in re.findall(r"url\([\"']?([^)\"']+)", css):
        assert (STATIC / address).is_file(), address


def test_the_portal_loads_no_font():
    assert "@font-face" not in (STATIC / "portal.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("sheet", SHEETS)
def test_the_compressed_styles_are_the_styles(sheet: str):
    assert gzip.decompress((STATIC / f"{sheet}.gz").read_bytes()) == (STATIC / sheet).read_bytes()


def test_every_foreign_part_comes_with_its_licence():
    assert "Open Font License" in (STATIC / "licences" / "PT-Sans-OFL.txt").read_text("utf-8")
    assert "Open Font License" in (PRINT_FONTS / "OFL.txt").read_text("utf-8")
    assert "MIT License" in (STATIC / "licences" / "govuk-frontend-MIT.txt").read_text("utf-8")


@pytest.mark.parametrize("page", [page for page in PAGES if page != "console"])
@pytest.mark.parametrize("language", WORDS)
def test_a_portal_page_with_its_styles_is_light(page: str, language: str):
    html = sample(page, language).encode()
    styles = (STATIC / "portal.css.gz").stat().st_size

    assert len(gzip.compress(html)) + styles < HEAVIEST_PAGE
    # On his tablet a page can be read aloud; whatever it does works without.
    aloud = int(page.startswith("tablet"))
    assert (html.count(b"<script"), html.count(b"read-aloud.js")) == (aloud, aloud)


def _serve(route: Route) -> None:
    """Answer from memory and from the static files; there is no server and no network."""
    path = urlsplit(route.request.url).path
    if path.startswith("/static/"):
        found = finders.find(path.removeprefix("/static/"))
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        route.fulfill(status=200 if found else 404, path=found, content_type=kind)
    else:
        _, language, name = path.split("/", 2)
        route.fulfill(body=sample(name, language), content_type="text/html; charset=utf-8")


@pytest.fixture(params=WIDTHS)
def page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = new_context(browser, width=request.param)
    context.route("**/*", _serve)
    yield context.new_page()
    context.close()


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
@by_rotation
def test_everybody_can_read_and_use_the_base_pages(page: Page, name: str, language: str):
    watcher = watch(page)
    page.goto(f"{ADDRESS}{language}/{name}")
    width = page.viewport_size["width"] if page.viewport_size else 0
    screenshot(page, f"base-{name}-{language}-{width}")

    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("h1").count() == 1
    assert not (found := axe_violations(page)), describe(found)
    assert not scrolls_sideways(page)
    assert not (small := small_targets(page)), describe(small)
    assert not watcher.faults, describe(watcher.faults)


@pytest.mark.slow
@pytest.mark.browser
def test_a_tablet_is_pressed_with_a_thumb(page: Page):
    page.goto(f"{ADDRESS}uk/tablet/question")

    assert not (small := small_targets(page, TABLET_TARGET)), describe(small)
