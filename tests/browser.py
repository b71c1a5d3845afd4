"""A real browser for the tests: where it is found, how a page is opened, measured and looked at.

Servers under test run in a process of their own, so nothing here touches Django.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
AXE = ROOT / "tests" / "vendor" / "axe.min.js"
SCREENSHOTS = ROOT / "build" / "screenshots"
# Pictures are for people; of a run that nobody watches, hundreds would be made to be thrown away.
PICTURES = os.environ.get("CI") != "true"
# The same browser without windows does a page with two-thirds of the work.
LIGHTEST = "chromium-headless-shell"
NAMES = (
    LIGHTEST,
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
ARGUMENTS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
WIDTHS = (320, 1280)  # CSS pixels: an old telephone (WCAG 1.4.10), an office's screen
HEIGHT = 800
SMALLEST_TARGET = 24  # CSS pixels, WCAG 2.5.8
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
# Every page is looked at in one language a day; in all of them by `make test-all`.
LANGUAGES = ("uk", "ru", "en")
LANGUAGE_TODAY = os.environ.get("WAYHOME_TEST_LANGUAGE") or LANGUAGES[date.today().toordinal() % 3]
# And walked at one width a day, so that six days see each language at each width.
WIDTH_TODAY = int(
    os.environ.get("WAYHOME_TEST_WIDTH") or WIDTHS[date.today().toordinal() // len(LANGUAGES) % 2]
)
at_the_width_of_today = pytest.mark.parametrize(
    "width",
    [pytest.param(one, marks=() if one == WIDTH_TODAY else pytest.mark.all) for one in WIDTHS],
)
by_rotation = pytest.mark.parametrize(
    "language",
    [
        pytest.param(one, marks=() if one == LANGUAGE_TODAY else pytest.mark.all)
        for one in LANGUAGES
    ],
)
# A third of the pages or forms a day: eighteen days see each in each language at each width.
PART_TODAY = date.today().toordinal() // 6 % 3
PARTS = 3
in_parts = pytest.mark.parametrize(
    "part",
    [pytest.param(one, marks=() if one == PART_TODAY else pytest.mark.all) for one in range(PARTS)],
)
Story = Callable[..., None]
# A third of the sad twins a day, and of what kills processes or waits for calls to end: nine days
# see each in each language.
THIRD_TODAY = (date.today().toordinal() + date.today().toordinal() // len(LANGUAGES)) % 3


def by_turns(day: int) -> Callable[[Story], Story]:
    """Walk a story every other day; `make test-all` walks both."""
    return (lambda story: story) if day == date.today().toordinal() % 2 else pytest.mark.all


def by_thirds(third: int) -> Callable[[Story], Story]:
    """Walk a story on one day of three; `make test-all` walks all of them."""
    return (lambda story: story) if third == THIRD_TODAY else pytest.mark.all


LOCALES = {"uk": "uk-UA", "ru": "ru-RU", "en": "en-GB"}
INSTALL_SECONDS = 600


def _works(path: str) -> bool:
    """Some systems have a stub of this name that only says where to get the browser."""
    try:
        done = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _on_path() -> str:
    found = (shutil.which(name) for name in NAMES)
    return next((path for path in found if path and _works(path)), "")


def install_from_apt(package: str) -> None:
    """Install it, where that may be done; whoever needs it looks whether it is there."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    for command in (["update", "-q"], ["install", "-y", "-q", "--no-install-recommends", package]):
        subprocess.run(["apt-get", *command], check=False, timeout=INSTALL_SECONDS)


def _from_apt() -> str:
    install_from_apt(LIGHTEST)  # which some systems have not
    if not shutil.which(LIGHTEST):
        install_from_apt("chromium")
    return _on_path()


def _from_playwright() -> str:
    dependencies = ["--with-deps"] if os.geteuid() == 0 else []
    command = [sys.executable, "-m", "playwright", "install", *dependencies, "chromium"]
    subprocess.run(command, check=False, timeout=INSTALL_SECONDS)
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else ""


@cache
def find_browser() -> str:
    """The path of a browser, installed first if there is none; empty if none can be had."""
    return _on_path() or _from_apt() or _from_playwright()


def _browser_or_stop() -> str:
    path = find_browser()
    if not path and os.environ.get("CI") == "true":
        pytest.fail("no browser, and none could be installed")
    if not path:
        pytest.skip("no browser, and none could be installed")
    return path


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser, and stop it."""
    path = _browser_or_stop()
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*sandbox, *ARGUMENTS])
        try:
            yield browser
        finally:
            browser.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a run; every test opens a context of its own."""
    with chromium() as started:
        yield started


def new_context(
    browser: Browser, *, width: int = 1280, language: str = "en", javascript: bool = True
) -> BrowserContext:
    """One person's browser: nothing is shared with another context."""
    return browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale=LOCALES[language],
        java_script_enabled=javascript,
        reduced_motion="reduce",
    )


@dataclass
class Watch:
    """What went wrong on a page while it was used; `watch(page)` begins."""

    host: str = ""
    faults: list[str] = field(default_factory=list)

    def saw_request(self, request: Request) -> None:
        """Nothing may be loaded from elsewhere."""
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"}:
            self.host = self.host or parts.netloc
            if parts.netloc != self.host:
                self.faults.append(f"request to another host: {parts.netloc}")

    def saw_message(self, kind: str, text: str) -> None:
        """A browser's complaint; a page with a status over 400 is no fault of its own."""
        if kind == "error" and not text.startswith("Failed to load resource: the server responded"):
            self.faults.append(f"console: {text}")


def watch(page: Page) -> Watch:
    """Note foreign requests, script errors and what the content security policy stopped."""
    watcher = Watch()
    page.on("request", watcher.saw_request)
    page.on("console", lambda message: watcher.saw_message(message.type, message.text))
    page.on("pageerror", lambda error: watcher.faults.append(f"script: {error}"))
    return watcher


def axe_violations(page: Page) -> list[str]:
    """What axe-core finds on the page, each rule with the elements that break it."""
    page.wait_for_load_state()  # a click waits for the next page to begin, not to be there
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    result = page.evaluate(
        "rules => axe.run(document, {resultTypes: ['violations'],"
        " runOnly: {type: 'tag', values: rules}})",
        list(RULES),
    )
    return [
        f"{one['id']}: {one['help']}: " + "; ".join(node["html"][:160] for node in one["nodes"])
        for one in result["violations"]
    ]


def scrolls_sideways(page: Page) -> bool:
    """Whether a reader must move the page itself left and right."""
    wide: bool = page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
    return wide


SMALL_TARGETS = """least => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary')]
  .filter(element => {
    const box = element.getBoundingClientRect();
    // A link inside a sentence is exempt (WCAG 2.5.8, inline), and so is what is not shown.
    const inline = element.tagName === 'A' && element.parentElement.closest('p, dd') !== null;
    return box.width > 1 && !inline && (box.width < least || box.height < least);
  })
  .map(element => element.outerHTML.slice(0, 120))"""


def small_targets(page: Page, least: int = SMALLEST_TARGET) -> list[str]:
    """What can be pressed but is smaller than a finger's tip."""
    found: list[str] = page.evaluate(SMALL_TARGETS, least)
    return found


def screenshot(page: Page, name: str) -> Path:
    """Leave a picture of the whole page in build/screenshots/, to be looked at."""
    path = SCREENSHOTS / f"{re.sub(r'[^0-9A-Za-z_-]+', '-', name)}.png"
    if PICTURES:
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path, full_page=True)
    return path


@contextmanager
def weighed(page: Page) -> Iterator[list[int]]:
    """The bytes of all that comes over the wire meanwhile, into an empty cache."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    sizes: list[int] = []
    session.on(
        "Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"]))
    )
    try:
        yield sizes
    finally:
        session.detach()


def weigh(page: Page, url: str) -> int:
    """Bytes that came over the wire for one page with all it loads, into an empty cache."""
    with weighed(page) as sizes:
        page.goto(url, wait_until="networkidle")
    return sum(sizes)


def describe(faults: list[str]) -> str:
    """Faults as a failed test shows them."""
    return json.dumps(faults, ensure_ascii=False, indent=1)
