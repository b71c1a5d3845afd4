"""A coordinator drags a family to another day, in a real browser."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import LANGUAGE_TODAY, axe_violations, describe, new_context, screenshot, watch
from tests.cases import Case
from tests.journeying import BY_TELEPHONE, World
from wayhome.bureau.journeys.models import Plan

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def test_a_family_is_dragged_to_another_day_and_the_form_does_the_rest(
    browser: Browser, live_server, client, monkeypatch
):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    world, case = World(), Case(contact=BY_TELEPHONE)
    world.travels(case)
    plan = world.plan()
    later = plan.last_on
    client.force_login(world.by)
    context = new_context(browser, language=LANGUAGE_TODAY)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    watcher = watch(page)
    page.goto(f"{live_server.url}/console/journeys/plans/{plan.pk}/")
    grip, says = page.locator("[data-grip]"), page.locator("[data-drag-says]")

    def drag() -> None:
        grip.scroll_into_view_if_needed()
        box = grip.bounding_box()
        assert box
        page.mouse.move(box["x"] + 12, box["y"] + 12)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + 20)
        expect(page.locator(".wh-days__day")).to_have_count(6)

    drag()
    page.keyboard.press("Escape")  # and letting go after it does nothing either
    page.mouse.up()
    expect(page.locator(".wh-days")).to_have_count(0)
    expect(says).not_to_be_empty()
    assert Plan.objects.get(pk=plan.pk).pins == {}

    drag()
    target = page.locator(f".wh-days__day[data-day='{later.isoformat()}']").bounding_box()
    assert target
    page.mouse.move(target["x"] + 20, target["y"] + 20, steps=3)
    expect(page.locator(".wh-over")).to_have_count(1)
    screenshot(page, "plan-dragging")
    page.mouse.up()

    told = page.locator("[data-became]")
    expect(told).to_contain_text(f"{later.day}.{later.month}.{later.year}", timeout=60_000)
    expect(says).to_have_text(told.inner_text())
    assert Plan.objects.get(pk=plan.pk).pins == {str(case.enquirer.pk): later.isoformat()}
    faults = axe_violations(page) + watcher.faults
    screenshot(page, "plan-dragged")
    context.close()
    assert not faults, describe(faults)
