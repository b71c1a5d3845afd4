"""Statements, comrades, complaints and the press: each page looked at, with what stands on it."""

import os

import pytest
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
from tests.bureau.concerns.test_actions import CARD
from tests.bureau.consents.test_actions import sitting_of
from tests.bureau.statements.test_statements import UNIT, sought, taken
from tests.factories import CaptiveFactory, MatchFactory, StaffFactory
from wayhome.bureau.captives.actions import note_health
from wayhome.bureau.captives.models import CaptureCard
from wayhome.bureau.concerns import actions as concerns
from wayhome.bureau.consents.in_his_place import decide_for_him
from wayhome.bureau.consents.rules import Kind, Unable
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.statements.actions import told_of
from wayhome.bureau.statements.models import Weighed

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _beside_the_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright keeps a loop in this thread; the records are made between its steps."""
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "true")


def look(page: Page, name: str, faults: list[str]) -> None:
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if scrolls_sideways(page):
            faults.append(f"{name}: {width} scrolls sideways")
    faults += [f"{name}: {one}" for one in axe_violations(page)]
    faults += [f"{name}: small: {one}" for one in small_targets(page)]
    screenshot(page, f"statements-{name}")


@by_rotation
def test_each_of_these_pages_is_whole_with_what_stands_on_it(
    browser: Browser, live_server, client, language: str
):
    man = CaptiveFactory(surname="Рассказчиков", unit=UNIT, born="1998-01-01")
    CaptureCard.objects.create(captive=man, key=man.key, version=1, as_received=CARD)
    staff = {role: StaffFactory(role=role, site=man.site) for role in Role}
    statement = taken(staff[Role.NEUTRAL], man, seen_on="2022-03", how_asked="Наедине, в комнате")
    enquiry, match = sought(unit=UNIT), MatchFactory(captive=man)
    sitting = sitting_of(man)
    objection = concerns.object_to_line(line="surname", words="Разсказчиков", by=sitting)
    complaint = concerns.complain(text="Третью неделю не дают бумаги.", by=sitting)
    note_health(captive=man, note="Без сознания", cannot_decide=True, by=staff[Role.PHYSICIAN])
    decision = decide_for_him(
        match=match, kind=Kind.LIVES, why=Unable.ILL, grounds="Мать ищет его",
        by=staff[Role.NEUTRAL],
    )  # fmt: skip
    # The first question of a process builds the index and loads machine code: not while one waits.
    assert told_of(enquiry, by=staff[Role.TRACING])
    context, faults = new_context(browser, language=language), []
    context.set_default_timeout(120_000)
    page = context.new_page()
    watcher = watch(page)

    def come_as(role: Role) -> None:
        client.force_login(staff[role])
        cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
        context.clear_cookies()
        context.add_cookies([{**cookie, "url": live_server.url}])

    def open_page(path: str, name: str) -> None:
        answer = page.goto(f"{live_server.url}/console/{path}")
        assert answer is not None
        assert answer.status == 200, path
        look(page, f"{language}-{name}", faults)

    come_as(Role.TRACING)
    open_page(f"enquiries/{enquiry.bureau_number}/comrades/", "01-comrades")
    page.click("main table a")
    page.check("input[value=same]")
    page.fill("textarea", "Имя и день рождения.")
    page.click("main form button")
    look(page, f"{language}-02-told-of-him", faults)
    assert Weighed.objects.get().statement == statement

    come_as(Role.NEUTRAL)
    open_page("statements/", "03-statements")
    open_page(f"statements/{statement.pk}/", "04-statement")
    open_page(f"sittings/{man.bureau_number}/statement/", "05-take")
    page.fill("[name=surname]", "Остроглазов")
    page.fill("[name=account]", "Нам отдали приказ о штурме.")
    page.check("[name=seen][value='seen alive']")
    page.check("[name=free][value=no]")
    page.click("main form button")
    assert page.locator("main [role=alert] li").count() == 3
    look(page, f"{language}-06-warned", faults)
    page.click("main form button")
    assert "/console/statements/" in page.url
    open_page(f"sittings/{man.bureau_number}/in-his-place/", "07-in-his-place")
    come_as(Role.PHYSICIAN)
    open_page("in-his-place/", "08-in-their-place")
    open_page(f"in-his-place/{decision.pk}/", "09-physician")
    come_as(Role.REGISTRAR)
    open_page("objections/", "10-objections")
    open_page(f"objections/{objection.pk}/", "11-objection")
    come_as(Role.AUDITOR)
    open_page("complaints/", "12-complaints")
    open_page(f"complaints/{complaint.pk}/", "13-complaint")

    come_as(Role.LEGAL)
    open_page("press/new/", "14-press-new")
    page.check("[name=asked][value='a blurred call']")
    page.fill("[name=who]", "Кореспондент")
    page.click("main form button")
    look(page, f"{language}-15-press-refused", faults)
    letter = page.request.get(page.url + "letter.pdf")
    assert (letter.status, letter.body()[:5]) == (200, b"%PDF-")
    open_page("press/", "16-press")
    assert PressRequest.objects.get().provision == "GC III 13"

    context.close()
    assert not (faults + watcher.faults), describe(faults + watcher.faults)
