"""A call between three real browsers by the real relay, and every way in which it ends."""

import re
import time

import pytest
from django.conf import settings
from playwright.sync_api import Browser, expect

from tests.browser import (
    axe_violations,
    by_thirds,
    describe,
    screenshot,
    scrolls_sideways,
    small_targets,
)
from tests.calling import Calling
from tests.cases import Case
from tests.living_calls import Exchange, Window, exchange
from tests.stories.living import within
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.contact.calls.models import Call
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.story]
FAMILY, CAPTIVE, SUPERVISOR = PartyKind.FAMILY, PartyKind.CAPTIVE, PartyKind.SUPERVISOR
SECONDS = 60  # a machine may be slow; what is waited for comes at once
ADDRESS = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
STUBBORN = """() => {
  const call = window.wayhomeCall;
  call.mesh.close = call.mesh.keep = call.mesh.drop = () => {};
  call.line.end = () => {};
  call.stream.getTracks().forEach((track) => { track.stop = () => {}; });
}"""
ANOTHER = """line => new Promise((resolve) => {
  const socket = new WebSocket(line.replace('http', 'ws'));
  const key = Array(32).fill('EE').join(':');
  socket.onopen = () => socket.send(JSON.stringify({type: 'hello', before: null, after: 0, key}));
  socket.onmessage = (event) => resolve(JSON.parse(event.data).type);
})"""


@by_thirds(1)
@pytest.mark.django_db(transaction=True)
def test_a_call_and_every_way_in_which_it_ends(browser: Browser):
    with exchange() as running:
        case = Case()
        people = three_talk_and_the_mother_ends_it(running, browser, case)
        the_captive_ends_it(running, case, people)
        its_time_ends_it(running, case, people)
        a_connection_too_many_ends_it(running, case, people)
        who_ignores_the_end_is_cut_off(running, case, people)
        he_allows_it_no_more(running, case, people)
        for each in people:
            each.page.context.close()


def three_talk_and_the_mother_ends_it(
    running: Exchange, browser: Browser, case: Case
) -> list[Window]:
    calling = Calling(case)
    _ = calling.now
    three = [
        running.window(browser, calling, kind, place % 2)
        for place, kind in enumerate((SUPERVISOR, CAPTIVE, FAMILY))
    ]
    supervisor, captive, mother = three
    for each in three:
        each.come_in(calling)
    looked_at(mother, "before")
    supervisor.let_in(CAPTIVE)
    expect(supervisor.page.locator(f'li[data-kind="{FAMILY}"] button').first).to_be_disabled()
    supervisor.is_("checked").check()
    supervisor.let_in(FAMILY)
    for each in three:
        within(SECONDS, lambda each=each: each.sees_and_hears(2), f"{each.kind} sees and hears")
        looked_at(each, "during")
    only_the_relay(running, three)
    both_read_one_code(mother, captive)
    within(SECONDS, lambda: calling.call.running_since, "the minutes run")
    a_voice_is_muted(supervisor, mother)
    mother.is_("end").click()
    over(running, calling, Reason.FAMILY_ENDED)
    for each in three:
        expect(each.is_("over")).to_be_visible(timeout=SECONDS * 1000)
        assert not each.watcher.faults, describe(each.watcher.faults)
    supervisor.page.context.close()
    return [mother, captive]


def looked_at(window: Window, part: str) -> None:
    """Everybody can read and press it, at an old telephone's width too."""
    page, width = window.page, 320 if window.kind == FAMILY else 1280
    page.set_viewport_size({"width": width, "height": 800})
    screenshot(page, f"call-{window.kind}-{part}")
    assert not (found := axe_violations(page)), describe(found)
    assert not scrolls_sideways(page)
    assert not (small := small_targets(page)), describe(small)


def only_the_relay(running: Exchange, windows: list[Window]) -> None:
    """Every candidate and description of the call: no address but the relay's."""
    ours = set(running.relay.addresses) | {"0.0.0.0"}
    candidates = descriptions = 0
    for window in windows:
        assert all(one["ends"] == ["relay", "relay"] for one in window.heard())
        for message in window.sent + window.received:
            if message["type"] == "candidate":
                candidates += 1
                assert " typ relay " in message["candidate"]
            if message["type"] in ("offer", "answer"):
                descriptions += 1
                assert all(" typ relay " in line for line in candidates_in(message["sdp"]))
        for message in window.received:
            told = str(message) if message["type"] != "welcome" else ""
            assert set(ADDRESS.findall(told)) <= ours, message["type"]
    print(f"{candidates} candidates, {descriptions} descriptions read")
    assert candidates >= 12
    assert descriptions >= 12  # of three pairs an offer and an answer, each sent and received


def candidates_in(sdp: str) -> list[str]:
    return [line for line in sdp.splitlines() if line.startswith("a=candidate:")]


def both_read_one_code(mother: Window, captive: Window) -> None:
    codes = []
    for window, other in ((mother, CAPTIVE), (captive, FAMILY)):
        place = window.page.locator(f'figure[data-kind="{other}"] [data-is="code"]')
        expect(place).to_have_text(re.compile(r"^[1-9]{3} [1-9]{3} [1-9]{3}$"))
        codes.append(place.inner_text())
    assert codes[0] == codes[1]


def a_voice_is_muted(supervisor: Window, mother: Window) -> None:
    off = mother.page.locator(f'figure[data-kind="{CAPTIVE}"].wh-call__tile--off')
    button = supervisor.page.locator(f'li[data-kind="{CAPTIVE}"] button').last
    began = time.monotonic()
    button.click()
    expect(off).to_have_count(1)
    print(f"muted after {time.monotonic() - began:.2f} s")
    assert off.locator("audio").evaluate("voice => voice.muted")
    button.click()
    expect(off).to_have_count(0)


def two_talk(running: Exchange, case: Case, people: list[Window]) -> tuple[Calling, object]:
    """Another call of the same two; who accompanies it has no browser this time."""
    calling = Calling(case)
    _ = calling.now
    companion = running.companion(calling)
    for each in people:
        each.come_in(calling)
    companion.let_in(calling, CAPTIVE, FAMILY)
    for each in people:
        within(SECONDS, lambda each=each: each.sees_and_hears(1), f"{each.kind} sees and hears")
    return calling, companion


def over(running: Exchange, calling: Calling, reason: Reason) -> None:
    """The call is ended in the books, and at the relay nothing of it is left."""
    began, call = time.monotonic(), calling.call.pk
    within(SECONDS, lambda: calling.call.state == CallState.ENDED, f"{reason}: ended")
    within(SECONDS, lambda: not running.lines_of(call), f"{reason}: cut off")
    assert calling.call.reason == reason
    print(f"{reason}: nothing flows after {time.monotonic() - began:.2f} s")


def the_captive_ends_it(running: Exchange, case: Case, people: list[Window]) -> None:
    calling, companion = two_talk(running, case, people)
    people[1].is_("end").click()
    over(running, calling, Reason.CAPTIVE_ENDED)
    # His window says so; hers, for a while that is drawn by lot, only that the line is lost.
    expect(people[1].is_("over")).to_be_visible()
    expect(people[0].is_("says")).to_have_text(re.compile("interrupted"))
    expect(people[0].is_("over")).to_be_visible(timeout=SECONDS * 1000)
    companion.leave()


def its_time_ends_it(running: Exchange, case: Case, people: list[Window]) -> None:
    calling, companion = two_talk(running, case, people)
    within(SECONDS, lambda: calling.call.running_since, "the minutes run")
    Call.objects.filter(pk=calling.call.pk).update(seconds_used=calling.call.minutes * 60)
    over(running, calling, Reason.TIME_OVER)
    companion.leave()


def a_connection_too_many_ends_it(running: Exchange, case: Case, people: list[Window]) -> None:
    calling, companion = two_talk(running, case, people)
    other = people[0].page.context.new_page()
    other.goto(f"{people[0].server.url}/calls/room/")
    assert other.locator("[role=alert]").count() == 1  # a second window is told so, and no more
    assert calling.call.state == CallState.OPEN
    assert other.evaluate(ANOTHER, f"{people[0].server.url}/line/") == "not_in"
    over(running, calling, Reason.EXTRA_CONNECTION)
    other.close()
    companion.leave()


def who_ignores_the_end_is_cut_off(running: Exchange, case: Case, people: list[Window]) -> None:
    calling, companion = two_talk(running, case, people)
    for each in people:
        each.page.evaluate(STUBBORN)
    companion.say(type="end", reason=Reason.THREAT.value)
    over(running, calling, Reason.THREAT)
    for each in people:
        frames = each.frames()
        time.sleep(1)
        assert each.frames() - frames <= 2, "frames go on against the end"
    companion.leave()


def he_allows_it_no_more(running: Exchange, case: Case, people: list[Window]) -> None:
    calling, companion = two_talk(running, case, people)
    consents.withdraw(match=case.match, kind=Kind.CALLS, by=case.sitting)
    over(running, calling, Reason.NOT_ALLOWED)
    for each in people:
        frames = each.frames()
        time.sleep(1)
        assert each.frames() - frames <= 2
    companion.leave()
    assert settings.RELAY_FILE.exists()
