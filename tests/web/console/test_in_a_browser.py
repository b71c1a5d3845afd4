"""The register, the enquiries and the hotline by clicks and typing, every page measured."""

import os
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browser import (
    at_the_width_of_today,
    axe_violations,
    by_rotation,
    describe,
    new_context,
    screenshot,
    scrolls_sideways,
    watch,
)
from tests.factories import CaptiveFactory, CustodyEventFactory, StaffFactory
from wayhome.bureau.captives.models import Captive, HarmFlag
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.staff.permissions import Role

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
LONG_NAME = "Буйничев-Воскресенский"


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Playwright keeps a loop in this thread; the records are made between its steps."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    return


class Walk:
    """One person of staff in a browser; each page is measured and pictured as it is met."""

    def __init__(self, browser: Browser, url: str, role: Role, language: str, width: int) -> None:
        client = Client()
        client.force_login(StaffFactory(role=role))
        self.url, self.faults = url, list[str]()
        self.name = f"{language}-{width}-{role}"
        self.context: BrowserContext = new_context(browser, width=width, language=language)
        session = client.cookies["sessionid"].value
        self.context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
        self.page: Page = self.context.new_page()
        self.watcher = watch(self.page)
        self.steps = 0

    def open(self, path: str, name: str) -> None:
        self.page.goto(f"{self.url}{path}")
        self.look(name)

    def send(self, name: str, **typed: str) -> None:
        for field, text in typed.items():
            self.page.fill(f"[name={field}]", text)
        self.page.locator("main form[method=post] button[type=submit]").last.click()
        self.look(name)

    def choose(self, *values: str) -> None:
        for value in values:
            field, _, chosen = value.partition("=")
            found = self.page.locator(f"[name={field}]").first
            if found.evaluate("element => element.tagName") == "SELECT":
                found.select_option(chosen)
            else:
                self.page.check(f"[name={field}][value='{chosen}']")

    def look(self, name: str) -> None:
        self.steps += 1
        name = f"{self.name}-{self.steps:02}-{name}"
        self.faults += [f"{name}: {one}" for one in axe_violations(self.page)]
        if scrolls_sideways(self.page):
            self.faults.append(f"{name}: scrolls sideways")
        screenshot(self.page, f"console-{name}")

    def end(self) -> None:
        self.context.close()
        faults = self.faults + self.watcher.faults
        assert not faults, describe(faults)


@by_rotation
@at_the_width_of_today
def test_a_captive_from_his_card_to_his_hospital(browser: Browser, live_server, language, width):
    walk = Walk(browser, live_server.url, Role.REGISTRAR, language, width)
    walk.open("/console/", "home")
    walk.open("/console/captives/", "nobody")
    walk.open("/console/captives/new/", "register")
    walk.send("register-refused", born="99.99.1999")
    walk.choose("rank_said=declined", "service_no_said=unknown", "captor=civilians")
    walk.send(
        "registered", surname=LONG_NAME, given="Прохор", born="spring 2001",
        captured_on="3.05.2022", captured_by="Жители села", captured_where="У реки Вымышленной",
    )  # fmt: skip
    number = Captive.objects.get().bureau_number
    walk.open(f"/console/captives/{number}/event/", "event")
    walk.choose("kind=given to authority")
    walk.send("given", on="5.05.2022", to_authority="Комендатура")
    walk.open(f"/console/captives/{number}/event/", "event")
    walk.choose("kind=hospital")
    walk.send("hospital", on="6.05.2022", new_place="Госпиталь у Вымышленного моста")
    walk.open(f"/console/captives/{number}/duty/", "duty")
    walk.choose("kind=rights", "language=ru")
    walk.send("told-his-rights", on="4.05.2022")
    walk.open(f"/console/captives/{number}/correction/", "correct")
    walk.send("corrected", reason="Он сам назвал имя отца", patronymic="Лаврентьевич")
    walk.open(f"/console/captives/{number}/harm/", "harm")
    walk.send("protected", reason="Его семью уже спрашивали о нём")
    walk.open("/console/captives/?q=Буйн&sort=-name", "found")

    man = Captive.objects.get()
    assert man.custody_events.count() == 3
    assert (man.cards.count(), man.patronymic, man.born) == (2, "Лаврентьевич", "2001-21")
    assert HarmFlag.objects.get().captive == man
    walk.end()


@by_rotation
@at_the_width_of_today
def test_the_physician_and_the_legal_officer(browser: Browser, live_server, language, width):
    man = CustodyEventFactory(captive=CaptiveFactory(surname=LONG_NAME)).captive
    doctor = Walk(browser, live_server.url, Role.PHYSICIAN, language, width)
    doctor.open(f"/console/captives/{man.bureau_number}/", "why")
    doctor.choose("purpose=health")
    doctor.send("captive")
    doctor.open(f"/console/captives/{man.bureau_number}/health/", "health")
    doctor.send("noted", note="Перелом голени, наложена шина")
    doctor.open(f"/console/captives/{man.bureau_number}/harm/", "harm")
    doctor.send("flagged", reason="Боится за сестру")
    doctor.end()

    for role, name in ((Role.LEGAL, "asked"), (Role.NEUTRAL, "lifted")):
        lawyer = Walk(browser, live_server.url, role, language, width)
        lawyer.open("/console/harm/", "flags")
        lawyer.page.click(f"main table >> text={man.bureau_number}")
        lawyer.look("flag")
        if name == "asked":
            lawyer.send(name, reason="Сестра уехала")
        else:
            lawyer.page.check("[name=sure]")
            lawyer.send(name)
        lawyer.end()
    assert HarmFlag.objects.get().lifted_at


@by_rotation
@at_the_width_of_today
def test_a_call_an_enquiry_and_a_second_call(browser: Browser, live_server, language, width):
    cache.clear()  # of the wrong words of other walks
    operator = Walk(browser, live_server.url, Role.OPERATOR, language, width)
    operator.open("/console/", "home")
    operator.open("/console/hotline/new/?family=ru", "new")
    operator.send("new-refused", surname="Буйничeв")  # with a Latin letter
    operator.choose("language=ru", "relation=mother", "party=adverse", "may_tell=yes")
    operator.send("words", surname=LONG_NAME, given="Прохор", spoken="Черёмуха")
    number = Enquiry.objects.get().bureau_number
    operator.page.check("[name=written]")
    operator.send("forgotten-here")
    operator.open("/console/hotline/words/", "no-words")
    operator.open("/console/hotline/caller/", "caller")
    operator.send("caller-refused", which=number, spoken="берёза")
    operator.send("caller-text", which=number, spoken="черемуха")
    assert operator.page.url.endswith("/console/hotline/caller/text/")
    operator.end()

    officer = Walk(browser, live_server.url, Role.CONTACT, language, width)
    officer.open("/console/enquiries/?q=буйн&source=telephone", "enquiries")
    officer.page.click(f"main table >> text={LONG_NAME}")
    officer.choose("purpose=talk")
    officer.send("enquiry")
    officer.open("/console/enquiries/?q=никто", "nobody")
    officer.end()


@by_rotation
@at_the_width_of_today
@pytest.mark.usefixtures("real_sign_in")
def test_signing_in_and_the_second_factor(browser: Browser, live_server, language, width):
    cache.clear()  # of the tries that other languages made from here a minute ago
    clerk = StaffFactory(role=Role.REGISTRAR)
    clerk.set_password("a long invented password")
    clerk.save()
    walk = Walk(browser, live_server.url, Role.REGISTRAR, language, width)
    walk.context.clear_cookies()
    walk.open("/console/", "sign-in")
    walk.send("sign-in-refused", login=clerk.username, password="another")
    assert walk.page.locator("[role=alert]").is_visible()
    assert walk.page.input_value("[name=login]") == clerk.username
    walk.send("set-up", login=clerk.username, password="a long invented password")
    assert walk.page.locator("img[src^='data:image/svg+xml']").is_visible()
    walk.send("set-up-refused", code="000000")
    assert walk.page.locator("[role=alert]").is_visible()
    walk.open("/console/account/password/", "password")
    walk.send("password-refused", oldpassword="x", password1="short", password2="other")
    assert walk.page.locator("[role=alert]").is_visible()
    walk.open("/console/account/logout/", "sign-out")
    walk.open("/console/account/second-factor/", "index")
    walk.end()
