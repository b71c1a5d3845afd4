"""Her own phone, in a real browser: a number once, then no network; locked, read, deleted."""

from base64 import b64encode

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.browser import WIDTH_TODAY, describe, new_context, watch
from tests.journeying import confirmed_today
from tests.web.escort.test_in_a_browser import ALL_OF_IT, IS_KEPT, WAIT_MS, whole
from wayhome.bureau.journeys.models import JourneyPass, PassPhone
from wayhome.bureau.journeys.passes import _signing_key, end_pass
from wayhome.lib.passes import read_pass
from wayhome.web.voice import forbidden_on

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.timeout(300),
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "три тихих слова"
READ_PHOTO = """async (octets) => {
  const { readPhoto } = await import("/static/wayhome/escort/reading.js");
  const picture = Uint8Array.from(atob(octets), (one) => one.charCodeAt(0));
  return readPhoto(new Blob([picture], { type: "image/png" }));
}"""

ONE_TRY_LEFT = """() => import("/static/wayhome/escort/store.js")
  .then((store) => store.put(["open", "tries", 1]))"""


def see(page: Page, name: str) -> None:
    expect(page.locator(f'#sheet [data-is="{name}"]').first).to_be_visible(timeout=WAIT_MS)


def takes(page: Page, code: str) -> None:
    see(page, "empty")
    page.fill("#code", code)
    page.fill("#password", PASSWORD)
    page.fill("#again", PASSWORD)
    page.press("#again", "Enter")


def opens(page: Page, password: str) -> None:
    page.fill("#open", password)
    page.press("#open", "Enter")


def number_on(page: str) -> str:
    """As the escort reads it out, from the page of the convoy."""
    return page.split('class="wh-number">')[1].split("<")[0]


def test_her_sheet_without_a_network(browser: Browser, live_server):
    journey = confirmed_today()
    one = JourneyPass.objects.select_related("journey", "key").get()
    escort, convoy = Client(), "/console/journeys/today/"
    escort.force_login(journey.escort.staff)
    press = f"/console/journeys/{journey.pk}/pass/number/"
    assert escort.post(press).status_code == 422

    def number(key: str) -> str:
        assert escort.post(press, {"idempotency_key": key}).status_code == 303
        return number_on(escort.get(convoy).content.decode())

    context = new_context(browser, width=WIDTH_TODAY, language="ru")
    page = context.new_page()
    watcher, url = watch(page), f"{live_server.url}/pass/"
    page.goto(url)
    first = number("first")
    takes(page, "1234 5678 9012")
    see(page, "take-fault")
    takes(page, first)
    see(page, "open")
    page.wait_for_function(IS_KEPT)
    code = page.locator('[data-is="code-picture"]')
    read = page.evaluate(READ_PHOTO, b64encode(code.screenshot()).decode())
    assert read_pass(read, _signing_key().public_key()).id == one.pk

    context.set_offline(True)
    page.reload()
    see(page, "locked")
    assert page.title() == "Сегодня"
    kept = page.evaluate(ALL_OF_IT)
    assert kept["rows"]
    assert kept["kept"]
    secret = [*one.words.values(), journey.way.name, str(journey.pk), str(one.pk), read]
    assert not [word for word in secret if word in str(kept) + page.content()]
    opens(page, PASSWORD)
    see(page, "open")
    text = page.locator("main").inner_text()
    assert one.words["hers"] in text
    assert one.words["ours"] not in text
    assert "по Варшаве" in text
    assert not forbidden_on(page.content(), "ru")
    whole(page, "hers-open")
    page.locator('[data-is="open"] details').evaluate("one => { one.open = true; }")
    page.click('[data-is="open"] [data-is="wipe"]')
    see(page, "gone")
    assert page.evaluate(ALL_OF_IT) == {"rows": [], "kept": [], "local": "{}"}

    # Ten wrong passwords.
    context.set_offline(False)
    page.goto(url)
    takes(page, first)
    see(page, "take-fault")
    takes(page, number("second"))
    see(page, "open")
    page.click('[data-is="lock"]')
    opens(page, "чужие слова")
    expect(page.locator('[data-is="unlock-fault"]')).to_contain_text("9", timeout=WAIT_MS)
    page.evaluate(ONE_TRY_LEFT)  # each try takes the second that a key takes
    opens(page, "чужие слова")
    see(page, "gone")
    assert page.evaluate(ALL_OF_IT)["rows"] == []

    # From afar: the pass was made invalid, and a locked phone asks.
    page.goto(url)
    takes(page, number("third"))
    see(page, "open")
    page.click('[data-is="lock"]')
    end_pass(journey=journey, by=one.made_by)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    see(page, "gone")
    assert PassPhone.objects.filter(taken_at__isnull=False).count() == 3
    expected = ("net::ERR", "Failed to load", "fetch", "422")
    faults = [fault for fault in watcher.faults if not any(word in fault for word in expected)]
    assert not faults, describe(faults)
    context.close()
