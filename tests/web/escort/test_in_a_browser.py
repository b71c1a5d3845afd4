"""The page of an escort's phone, in a real browser whose network is cut, comes back, and is cut."""

import io
import random
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
import segno
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser import (
    WIDTH_TODAY,
    axe_violations,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    small_targets,
    watch,
)
from tests.factories import StaffFactory
from tests.journeying import confirmed_today
from tests.web.escort.flapping import Line, line_to
from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey, JourneyPass
from wayhome.bureau.journeys.passes import _signing_key, text_of
from wayhome.bureau.journeys.phones import ask_wipe
from wayhome.bureau.journeys.rules.convoy import EventKind, complete_to
from wayhome.bureau.journeys.trails import trails
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.passes import Pass, write_pass

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "три тихих слова"
WAIT_MS = 60_000
IS_KEPT = "caches.keys().then((all) => all.length && Boolean(navigator.serviceWorker.controller))"
ALL_OF_IT = """async () => {
  const rows = [];
  for (const { name } of await indexedDB.databases()) {
    const db = await new Promise((done) => {
      const asked = indexedDB.open(name);
      asked.onsuccess = () => done(asked.result);
    });
    for (const store of db.objectStoreNames) {
      const asked = db.transaction(store).objectStore(store).getAll();
      rows.push(...await new Promise((done) => { asked.onsuccess = () => done(asked.result); }));
    }
    db.close();
  }
  const shown = (_, value) => {
    const octets = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    return octets instanceof Uint8Array ? new TextDecoder().decode(octets) : value;
  };
  const kept = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) kept.push(await (await cache.match(request)).text());
  }
  return {
    rows: rows.map((row) => JSON.stringify(row, shown)), kept,
    local: JSON.stringify({ ...localStorage, ...sessionStorage }),
  };
}"""


class Phone:
    """An escort's phone, on a line that can be cut."""

    def __init__(self, context: BrowserContext, line: Line, page: Page) -> None:
        self.context, self.line, self.page = context, line, page

    def become(self, how: Any) -> None:
        self.context.set_offline(how == "down")
        self.line.become(how)

    def part(self, name: str) -> Any:
        return self.page.locator(f'#day [data-is="{name}"]').first

    def see(self, name: str) -> None:
        expect(self.part(name)).to_be_visible(timeout=WAIT_MS)

    def open(self) -> None:
        self.see("locked")
        self.page.fill("#open", PASSWORD)
        self.page.press("#open", "Enter")
        self.see("people")

    def try_again(self) -> None:
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def look(self, code: str) -> str:
        self.page.fill("#code", code)
        self.page.press('[data-is="look"] button', "Enter")
        expect(self.page.locator("#code")).to_have_value("", timeout=WAIT_MS)
        how: str = self.part("verdict").get_attribute("data-how")
        return how

    def noted(self) -> int:
        number: int = self.page.evaluate(
            "import('/static/wayhome/escort/store.js')"
            ".then((store) => store.phone()).then((phone) => phone.last)"
        )
        return number

    def press(self, selector: str) -> None:
        before = self.noted()
        button = self.page.locator(f"#day {selector}").first
        button.evaluate(
            "button => { const box = button.closest('details'); if (box) box.open = true; }"
        )
        button.click()
        self.until(lambda: self.noted() > before)

    def until(self, happens: Callable[[], Any]) -> None:
        for _ in range(WAIT_MS // 50):
            if happens():
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"not within {WAIT_MS} ms")


@pytest.fixture
def journey() -> Journey:
    return confirmed_today(language="uk")


def cookie_of(journey: Journey) -> str:
    client = Client()
    client.force_login(journey.escort.staff)
    return client.cookies["sessionid"].value


def forged(one: JourneyPass) -> dict[str, str]:
    """Passes that are refused, each with what is said of it."""
    text, told = text_of(one), Pass(one.pk, one.journey.on, one.journey.persons)
    later = Pass(one.pk, one.journey.leaves_on, one.journey.persons)
    stranger = Pass(ConvoyPhone().pk, one.journey.on, 1)
    letter = "A" if text[40] != "A" else "B"
    return {
        write_pass(told, Ed25519PrivateKey.generate()): "invalid",
        text[:40] + letter + text[41:]: "invalid",
        "WP1:AAAA": "invalid",
        write_pass(later, _signing_key()): "other day",
        write_pass(stranger, _signing_key()): "other convoy",
    }


def whole(page: Page, name: str) -> None:
    screenshot(page, f"escort-{name}-{WIDTH_TODAY}")
    assert not (found := axe_violations(page)), describe(found)
    assert not scrolls_sideways(page)
    assert not (small := small_targets(page)), describe(small)


def test_a_day_with_a_network_that_comes_and_goes(browser: Browser, live_server, journey):
    one = JourneyPass.objects.select_related("journey", "key").get(journey=journey)
    with line_to(urlsplit(live_server.url).port) as line:
        context = new_context(browser, width=WIDTH_TODAY, language="uk")
        url = f"http://127.0.0.1:{line.port}/escort/"
        context.add_cookies([{"name": "sessionid", "value": cookie_of(journey), "url": url}])
        phone = Phone(context, line, context.new_page())
        page, watcher = phone.page, watch(phone.page)
        page.goto(url)
        phone.see("empty")
        whole(page, "empty")
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.press("#again", "Enter")
        phone.see("people")
        page.wait_for_function(
            "caches.keys().then((all) => all.length && navigator.serviceWorker.controller)"
        )
        assert ConvoyPhone.objects.count() == 1

        # The network is cut. The page opens again under the password alone; passes are verified.
        phone.become("down")
        page.reload()
        phone.see("locked")
        whole(page, "locked")
        page.fill("#open", "чужі слова")
        page.press("#open", "Enter")
        phone.see("unlock-fault")
        phone.open()
        bad = forged(one)
        assert {code: phone.look(code) for code in bad} == bad
        assert one.words["ours"] not in page.locator("main").inner_text()
        assert phone.look(text_of(one)) == "good"
        assert one.words["ours"] in page.locator("main").inner_text()
        page.evaluate("void (crypto.subtle.importKey = () => Promise.reject(new Error('older')))")
        assert phone.look(text_of(one)) == "good"  # an older browser
        assert {code: phone.look(code) for code in bad} == bad
        picture = io.BytesIO()
        segno.make_qr(text_of(one), error="m").save(picture, kind="png", scale=6, border=4)
        noted = phone.noted()
        photo = {"name": "p.png", "mimeType": "image/png", "buffer": picture.getvalue()}
        page.set_input_files("#photo", photo)
        phone.until(lambda: phone.noted() > noted)
        page.reload()
        phone.open()
        phone.press('[data-is="step"]')
        whole(page, "people")
        assert not ConvoyEvent.objects.exists()

        # It comes back, and goes: now the server hears and no answer arrives, now nothing goes.
        chance, changes = random.Random(7), 0
        for selector in ('[data-kind="stop word"]', '[data-kind="all well"]', '[data-is="step"]',
                         '[data-is="step"]', '[data-is="step"]'):  # fmt: skip
            for how in chance.sample(["deaf", "down", "up", "deaf"], 2):
                phone.become(how)
                phone.try_again()
                page.wait_for_timeout(60)
                changes += 1
            phone.press(selector)
        phone.become("deaf")
        heard = line.deaf_tellings
        while line.deaf_tellings == heard:
            phone.try_again()
            page.wait_for_timeout(50)
        phone.become("up")
        phone.try_again()
        expect(phone.part("sent")).to_have_attribute("data-how", "sent", timeout=WAIT_MS)

        numbers = sorted(ConvoyEvent.objects.all().numbers())
        assert numbers == list(range(1, phone.noted() + 1))
        trail = trails([journey])[journey.pk]
        assert [line.event.number for line in trail.lines] == numbers
        assert not trail.conflicts
        told = [line.event.kind for line in trail.lines if line.event.kind != EventKind.PASS]
        K = EventKind
        assert told == [K.CHECK_IN, K.STOP_WORD, K.WELL, K.CHECK_OUT, K.CHECK_IN, K.CHECK_OUT]
        print(
            f"{len(numbers)} entries, each kept once and in order: {changes} changes of the"
            f" network, {line.tellings} deliveries, {line.deaf_tellings} of them unanswered"
        )

        # Nobody can be read on the phone.
        kept = page.evaluate(ALL_OF_IT)
        secret = [
            *one.words.values(),
            journey.way.name,
            journey.vehicle.name,
            str(journey.pk),
            text_of(one),
        ]
        assert kept["rows"]
        assert kept["kept"]
        assert not [word for word in secret if word in str(kept)]

        # Locked, it learns from afar that it is to be wiped; nothing is left.
        page.click('[data-is="lock"]')
        phone.see("locked")
        assert one.words["ours"] not in page.content()
        ask_wipe(phone=ConvoyPhone.objects.get(), by=StaffFactory(role=Role.COORDINATOR))
        phone.try_again()
        phone.see("gone")
        whole(page, "gone")
        assert page.evaluate(ALL_OF_IT) == {"rows": [], "kept": [], "local": "{}"}
        phone.until(lambda: ConvoyPhone.objects.get().wiped_at)
        assert ConvoyPhone.objects.get().never_brought == 0
        assert complete_to(numbers) == len(numbers)
        expected = ("net::ERR", "Failed to load", "fetch")
        faults = [fault for fault in watcher.faults if not any(word in fault for word in expected)]
        assert not faults, describe(faults)
        context.close()
