"""Three talk, each by a line of 64 kbit/s: no picture then, and every voice comes through."""

import time
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser

from tests.calling import Calling
from tests.cases import Case
from tests.living_calls import Window, exchange
from tests.stories.living import within
from tests.thin_line import VOICES, ThinLine, Way, thin_line
from wayhome.bureau.contact.calls.rules import PartyKind

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.story, pytest.mark.all]
LINE_BITS = 64_000  # a second, each way
SECONDS = 60
LISTENING_SECONDS = 20
MOST_LOST = 0.02  # of the packets
MOST_INVENTED = 0.05  # of what is heard: what a browser invents where a packet is missing
NO_PICTURE = "() => window.wayhomeCall.wanted === 'none'"


@pytest.mark.django_db(transaction=True)
def test_three_hear_each_other_by_lines_of_64_kilobits(browser: Browser):
    with exchange() as running, ExitStack() as lines:
        calling = Calling(Case())
        _ = calling.now
        windows, thin = [], []
        for kind in (PartyKind.SUPERVISOR, PartyKind.CAPTIVE, PartyKind.FAMILY):
            window = running.window(browser, calling, kind, len(windows) % 2)
            line = lines.enter_context(thin_line(running.relay.urls[0], LINE_BITS))
            line.carries(window.page.context)
            windows.append(window)
            thin.append(line)
        all_three_talk(calling, windows)
        every_voice_comes_through(windows, thin)
        for each in windows:
            each.page.context.close()


def all_three_talk(calling: Calling, windows: list[Window]) -> None:
    supervisor, captive, family = windows
    for each in windows:
        each.come_in(calling)
    supervisor.let_in(captive.kind)
    supervisor.is_("checked").check()
    supervisor.let_in(family.kind)
    for each in windows:
        within(SECONDS, lambda each=each: hears(each, 2), f"{each.kind} hears two")
        within(SECONDS, lambda each=each: each.page.evaluate(NO_PICTURE), "the voice alone")


def hears(window: Window, others: int) -> bool:
    return sum(one["energy"] > 0.01 for one in window.heard()) == others


def every_voice_comes_through(windows: list[Window], thin: list[ThinLine]) -> None:
    both = list(zip(windows, thin, strict=True))
    before = [(window.page.evaluate(VOICES), *line.counted()) for window, line in both]
    time.sleep(LISTENING_SECONDS)
    for (window, line), (voices, up, down) in zip(both, before, strict=True):
        now_up, now_down = line.counted()
        for way, then, now in (("up", up, now_up), ("down", down, now_down)):
            bits = kilobits(then, now)
            print(f"{window.kind} {way}: {bits:.1f} kbit/s, {now.lost - then.lost} packets lost")
            assert bits < LINE_BITS / 1000
            assert now.lost - then.lost <= MOST_LOST * (now.packets - then.packets)
        for then, now in zip(voices, window.page.evaluate(VOICES), strict=True):
            invented = (now["invented"] - then["invented"]) / (now["all"] - then["all"])
            assert now["energy"] - then["energy"] > 0.01
            print(f"{window.kind}: {invented:.1%} of a voice made up")
            assert invented < MOST_INVENTED


def kilobits(then: Way, now: Way) -> float:
    """What the line carried a second in between."""
    return (now.octets - then.octets) * 8 / LISTENING_SECONDS / 1000
