"""The whole sitting in a real browser: by touch at 200 % and by mouse; what is left after it."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import (
    LOCALES,
    axe_violations,
    by_rotation,
    describe,
    find_browser,
    new_context,
    screenshot,
    scrolls_sideways,
    small_targets,
    watch,
)
from tests.factories import EnquiryFactory, MatchFactory, StaffFactory
from tests.stories.living import within
from tests.web.tablet.walking import SECRET, THINGS, topic_of
from wayhome.bureau.captives.models import CaptureCard
from wayhome.bureau.concerns.models import Complaint, Objection
from wayhome.bureau.consents.models import CaptiveSecret, Consent, Sitting
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG_NAME = "Буйничева-Воскресенская Агафья Прокопьевна"
TABLET = {"width": 512, "height": 384}  # 1024 × 768 at 200 %
FINGER = 44  # CSS pixels, WCAG 2.5.5


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps a loop in this thread; the records are made between its steps."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def look(page: Page, name: str, faults: list[str], least: int = FINGER) -> None:
    faults += [f"{name}: {one}" for one in axe_violations(page)]
    faults += [f"{name}: small: {one}" for one in small_targets(page, least)]
    if scrolls_sideways(page):
        faults.append(f"{name}: scrolls sideways")
    screenshot(page, f"sitting-{name}")


def by_touch(browser: Browser, language: str) -> BrowserContext:
    """A tablet without mouse, whose reader has set 200 %."""
    return browser.new_context(
        viewport=TABLET,
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        locale=LOCALES[language],
        reduced_motion="reduce",
    )


def neutral_of(context: BrowserContext, url: str) -> None:
    """The neutral has signed in on it."""
    neutral = Client()
    neutral.force_login(StaffFactory(role=Role.NEUTRAL))
    session = neutral.cookies["sessionid"].value
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])


def match_of_long_names():
    enquiry = EnquiryFactory(three_things=THINGS, enquirer__name=LONG_NAME)
    match = MatchFactory(enquiry=enquiry)
    man = match.captive
    card = {"surname": man.surname, "given": "Прохор", "unit": "declined", "birthplace": "Тотьма"}
    CaptureCard.objects.create(captive=man, key=man.key, version=1, as_received=card)
    return match


def press(page: Page, selector: str, *, leads_on: bool = True) -> None:
    """By finger where there is no mouse."""
    one = page.locator(selector).first
    with page.expect_navigation() if leads_on else nullcontext():
        one.tap() if page.viewport_size == TABLET else one.click()


def open_his_page(page: Page, url: str, number: str, language: str) -> None:
    page.goto(f"{url}/console/sittings/{number}/")
    page.check(f"input[value={language}]")
    press(page, "form.wh-form button")
    for box in ("secret", "again"):
        page.fill(f"input[name={box}]", SECRET)
    press(page, "main form button")


@by_rotation
@pytest.mark.parametrize(
    "touch",
    [
        pytest.param(True, id="touch at 200 %"),
        pytest.param(False, id="mouse", marks=pytest.mark.all),
    ],
)
def test_a_sitting_from_the_console_to_the_closed_page(
    browser: Browser, live_server, language: str, touch: bool
):
    match = match_of_long_names()
    context = by_touch(browser, language) if touch else new_context(browser, language=language)
    neutral_of(context, live_server.url)
    page, faults = context.new_page(), []
    watcher, mark = watch(page), f"{language}-{'touch' if touch else 'mouse'}"

    open_his_page(page, live_server.url, match.captive.bureau_number, language)
    number, topics = 3, []
    while not page.url.endswith("/tablet/allowed/"):
        topics.append(topic_of(page.url.removeprefix(live_server.url)))
        look(page, f"{mark}-{number:02}-{topics[-1]}", faults)
        number += 1
        if page.locator("input[type=radio]").count():
            press(page, "label.govuk-radios__label", leads_on=False)
        press(page, "main form button.govuk-button")
    look(page, f"{mark}-{number:02}-allowed", faults)
    press(page, "main form button:enabled")
    page.goto(f"{live_server.url}/tablet/file/surname/")
    look(page, f"{mark}-{number + 1:02}-wrong", faults)
    press(page, "main form button")
    look(page, f"{mark}-{number + 2:02}-file", faults)
    page.goto(f"{live_server.url}/tablet/complaints/")
    page.fill("textarea", "Не дают бумаги для писем.")
    press(page, "main form button")
    look(page, f"{mark}-{number + 3:02}-complaints", faults)
    page.goto(f"{live_server.url}/console/sittings/")
    look(page, f"{mark}-{number + 4:02}-console-locked", faults, 24)
    page.goto(f"{live_server.url}/tablet/allowed/")
    press(page, "main a.govuk-button")
    look(page, f"{mark}-{number + 5:02}-end", faults)
    press(page, "main button")
    look(page, f"{mark}-{number + 6:02}-closed", faults)
    page.go_back()
    page.reload()

    assert page.url == f"{live_server.url}/tablet/"
    assert topics[:4] == ["rights", "file", "things", "who"]
    assert Consent.objects.filter(match=match).count() == 8  # seven, and one taken back
    assert Objection.objects.get().line == "surname"
    assert Complaint.objects.exists()
    assert Sitting.objects.get().closed_at
    context.close()
    assert not (faults + watcher.faults), describe(faults + watcher.faults)


@contextmanager
def own_browser(browser: Browser, profile: Path) -> Iterator[tuple[BrowserContext, int]]:
    """A browser of its own with what it kept on the disk, and its process, to be killed."""
    (profile / "DevToolsActivePort").unlink(missing_ok=True)
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    process = subprocess.Popen(
        [find_browser(), "--headless=new", "--remote-debugging-port=0", *sandbox,
         f"--user-data-dir={profile}", "--no-first-run", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    try:
        port = within(60, lambda: _port_of(profile), "the port of a browser")
        tablet = browser.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        yield tablet.contexts[0], process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(60)


def _port_of(profile: Path) -> str:
    written = profile / "DevToolsActivePort"
    lines = written.read_text("ascii").split() if written.exists() else []
    return lines[0] if len(lines) > 1 else ""


def test_after_power_loss_nothing_of_his_or_of_the_console_opens(
    browser: Browser, live_server, tmp_path: Path
):
    """The browser is killed in the middle of his page and started again with its own profile."""
    match, url = match_of_long_names(), live_server.url
    with own_browser(browser, tmp_path) as (context, pid):
        page = context.new_page()
        neutral_of(context, url)
        open_his_page(page, url, match.captive.bureau_number, "en")
        press(page, "main form button.govuk-button")
        assert "/tablet/file/" in page.url
        os.killpg(pid, signal.SIGKILL)

    with own_browser(browser, tmp_path) as (context, _pid):
        page = context.new_page()
        for path in ("/tablet/file/", "/tablet/allowed/", "/tablet/complaints/"):
            page.goto(url + path)
            assert page.url == f"{url}/tablet/", path
        page.goto(f"{url}/console/sittings/")
        assert "/console/account/login/" in page.url


VOICES = """() => {
  window.said = [];
  const voices = [
    {lang: 'en-GB', name: 'network', localService: false},
    {lang: 'ru_RU', name: 'own', localService: true},
    {lang: 'uk-UA', name: 'own', localService: true},
  ];
  speechSynthesis.getVoices = () => voices;
  speechSynthesis.speak = (one) => window.said.push([one.voice.lang, one.text]);
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
}"""


def test_a_screen_is_read_aloud_by_a_voice_of_the_tablet_itself(browser: Browser, live_server):
    """Headless browsers have no voice: it is held what would be said, and by which voice."""
    match, url = match_of_long_names(), live_server.url
    said = {}
    for language in ("ru", "uk", "en"):
        context = by_touch(browser, language)
        context.add_init_script(f"({VOICES})()")
        neutral_of(context, url)
        page = context.new_page()
        open_his_page(page, url, match.captive.bureau_number, language)
        page.tap("button[data-read-aloud]")
        said[language] = page.evaluate("window.said")
        status = page.locator("[data-read-aloud-says]").inner_text()
        assert bool(status) == (language == "en"), status
        Sitting.objects.update(closed_at=timezone.now())
        CaptiveSecret.objects.all().delete()
        context.close()

    assert said["en"] == []  # its only voice would send his page over the network
    assert {voice for voice, _text in said["ru"]} == {"ru_RU"}
    assert {voice for voice, _text in said["uk"]} == {"uk-UA"}
    assert said["uk"][0][1] == "Ваші права"
    assert said["ru"][0][1] == "Ваши права"
    assert len(said["uk"]) == len(said["ru"]) > 5
    assert not [text for _voice, text in said["ru"] if SECRET in text]
