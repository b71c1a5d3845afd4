"""`python -m tools.bench_calls`: a call in real browsers by the real relay, measured.

Each figure stands beside a peer of the same run: two connections of one page without relay and
bureau between them. With --write the table of docs/methods/calls.md is made anew.
"""

import argparse
import asyncio
import contextlib
import math
import os
import platform
import re
import sys
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

from tests.thin_line import STEADY_VOICE, VOICES, thin_line
from tools.bench.__main__ import installation, set_up
from tools.bench.figures import Figure, rows_of, shown
from wayhome.config.database import Database

PAGE = Path(__file__).resolve().parents[1] / "docs" / "methods" / "calls.md"
TABLE = re.compile(r"(?<=<!-- measured -->\n).*?(?=<!-- end -->)", re.DOTALL)
JOINS = 5
QUALITY_SECONDS = 20
SETTLING_SECONDS = 5
THIN_BITS = 64_000
SIGNALLED_CALLS = 20
QUALITIES = {"good": "picture", "poor": "picture on a poor line", "none": "voice alone"}

# Until the first frame of somebody is decoded, from now; looked at 50 times a second.
FIRST_FRAME = """(other) => new Promise((resolve) => {
  const began = performance.now();
  const look = async () => {
    const party = window.wayhomeCall.state?.parties.find((one) => one.kind === other);
    const pc = window.wayhomeCall.mesh?.pairs.get(party?.id)?.pc;
    for (const one of (await pc?.getStats())?.values() ?? []) {
      if (one.type === 'inbound-rtp' && one.kind === 'video' && one.framesDecoded > 0) {
        resolve(performance.now() - began);
        return;
      }
    }
    setTimeout(look, 20);
  };
  look();
})"""
# The round trip of each pair.
PAIRS = """async () => {
  const found = [];
  for (const pair of window.wayhomeCall.mesh.pairs.values()) {
    if (pair.pc?.connectionState !== 'connected') continue;
    for (const one of (await pair.pc.getStats()).values()) {
      if (one.type === 'candidate-pair' && one.nominated) {
        found.push({ round: one.currentRoundTripTime });
      }
    }
  }
  return found;
}"""
# One quality for as long as it is measured, whatever the page would choose.
HOLD = """(quality) => {
  const call = window.wayhomeCall;
  call.patience = Infinity;
  call.mesh.measure = async () => ({ lost: 0, waits: 0, fits: Infinity, still: [] });
  call.wanted = quality;
  call.mesh.show(quality);
}"""
# The peer: two ends in one page, from one to the other without any relay.
DIRECT = """async () => {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: true, video: { width: 320, height: 240, frameRate: 15 } });
  const [one, other] = [new RTCPeerConnection(), new RTCPeerConnection()];
  const began = performance.now();
  stream.getTracks().forEach((track) => one.addTrack(track, stream));
  const pass = (to) => ({ candidate }) =>
    candidate && to.addIceCandidate(candidate).catch(() => {});
  one.onicecandidate = pass(other);
  other.onicecandidate = pass(one);
  const offer = await one.createOffer();
  await other.setRemoteDescription(offer);
  await one.setLocalDescription(offer);
  await other.setLocalDescription(await other.createAnswer());
  await one.setRemoteDescription(other.localDescription);
  let first = 0;
  while (!first) {
    await new Promise((go) => setTimeout(go, 20));
    for (const stat of (await other.getStats()).values()) {
      if (stat.type === 'inbound-rtp' && stat.kind === 'video' && stat.framesDecoded > 0) {
        first = performance.now() - began;
      }
    }
  }
  await new Promise((go) => setTimeout(go, 4000));
  const pair = [...(await one.getStats()).values()].find(
    (stat) => stat.type === 'candidate-pair' && stat.nominated);
  stream.getTracks().forEach((track) => track.stop());
  [one, other].forEach((end) => end.close());
  return { first, round: pair.currentRoundTripTime };
}"""


@contextlib.contextmanager
def bureau() -> Iterator[None]:
    """Tables in a folder of their own, as in an installation."""
    with installation() as folder:
        os.environ["WAYHOME_DATA_DIR"] = str(folder.root)
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's driver keeps a loop
        database = Database.of(folder)
        with database.running():
            os.environ.update(database.environment("owner"))
            set_up()
            from django.db import connections

            yield
            connections.close_all()


def measured(joins: int) -> list[Figure]:
    """Everything, in one installation."""
    with bureau():
        from tests.browser import chromium
        from tests.living_calls import exchange

        with (
            chromium() as browser,
            exchange() as running,
            thin_line(running.relay.urls[0]) as line,
        ):
            found = in_browsers(browser, running, line, joins)
            return [*found, *signalled(running)]


def in_browsers(browser: Any, running: Any, line: Any, joins: int) -> list[Figure]:
    """Joins, ends and qualities of calls of two who talk and one who accompanies them."""
    from tests.calling import Calling
    from tests.cases import Case
    from wayhome.bureau.contact.calls.rules import PartyKind

    case = Case()
    kinds = (PartyKind.SUPERVISOR, PartyKind.CAPTIVE, PartyKind.FAMILY)
    windows = [
        running.window(browser, Calling(case), kind, place % 2) for place, kind in enumerate(kinds)
    ]
    for each in windows[:2]:
        each.page.context.add_init_script(STEADY_VOICE)
    line.carries(windows[2].page.context)
    direct = windows[2].page
    direct.goto(running.servers[0].url)
    direct.context.grant_permissions(["camera", "microphone"])
    first, end, figures = [], [], []
    for join in range(joins):
        calling = Calling(case)
        first.append(joined(calling, windows))
        if join == joins - 1:
            figures = qualities(windows, line)
        end.append(ended(running, calling, windows))
    peer = peer_of(browser, running)
    rounds = figures.pop()
    return [
        Figure("calls", "let in to first frame, median", median(first), "ms", peer["first"]),
        Figure("calls", "let in to first frame, slowest", max(first), "ms", peer["first"]),
        Figure("calls", "round trip of a pair", rounds.value, "ms", peer["round"] * 1000),
        Figure("calls", "end pressed to no line at the relay, median", median(end), "ms"),
        Figure("calls", "end pressed to no line at the relay, slowest", max(end), "ms"),
        *figures,
    ]


def joined(calling: Any, windows: list[Any]) -> float:
    """Milliseconds from being let in to the captive's first frame on her side."""
    _ = calling.now
    supervisor, captive, mother = windows
    for each in windows:
        each.come_in(calling)
    supervisor.let_in(captive.kind)
    supervisor.is_("checked").check()
    supervisor.page.locator(f'figure[data-kind="{captive.kind}"]').wait_for()
    supervisor.let_in(mother.kind)
    took: float = mother.page.evaluate(FIRST_FRAME, captive.kind.value)
    return took


def ended(running: Any, calling: Any, windows: list[Any]) -> float:
    """Milliseconds from her pressing the button to no allocation of the call at the relay."""
    call = calling.call.pk
    began = time.perf_counter()
    windows[2].is_("end").click()
    while running.lines_of(call):
        time.sleep(0.01)
    took = (time.perf_counter() - began) * 1000
    for each in windows:
        each.is_("over").wait_for(timeout=60_000)
    return took


def qualities(windows: list[Any], line: Any) -> list[Figure]:
    """What her line carries at each quality, at last on 64 kbit/s; and the round trip of a pair."""
    mother, found = windows[2].page, []
    for quality, name in QUALITIES.items():
        for each in windows:
            each.page.evaluate(HOLD, quality)
        time.sleep(SETTLING_SECONDS)
        bits = carried(line)
        found.append(Figure("calls", f"{name}: of a call of three, each way", bits, "kbit/s"))
        found.append(Figure("calls", f"{name}: of one stream", bits / 2, "kbit/s"))
        a_minute = bits * 60 / 8 / 1000
        found.append(Figure("calls", f"{name}: of a call of three, each way", a_minute, "MB/min"))
    round_trip = median(one["round"] for one in mother.evaluate(PAIRS)) * 1000
    found += on_a_thin_line(mother, line)
    return [*found, Figure("calls", "round trip", round_trip, "ms")]


def carried(line: Any) -> float:
    """Kilobits a second on the fuller way of her line, with the headers of IP, UDP and relay."""
    before, began = line.counted(), time.perf_counter()
    time.sleep(QUALITY_SECONDS)
    after, seconds = line.counted(), time.perf_counter() - began
    octets = max(now.octets - then.octets for then, now in zip(before, after, strict=True))
    return float(octets * 8 / seconds / 1000)


def on_a_thin_line(mother: Any, line: Any) -> list[Figure]:
    """The voices that she hears by 64 kbit/s: packets that were lost, and what was made up."""
    line.widens(THIN_BITS)
    time.sleep(SETTLING_SECONDS)
    before, lost = mother.evaluate(VOICES), [way.lost for way in line.counted()]
    bits = carried(line)
    after, lost_now = mother.evaluate(VOICES), [way.lost for way in line.counted()]
    line.widens(math.inf)
    made_up = max(
        (now["invented"] - then["invented"]) / (now["all"] - then["all"])
        for then, now in zip(before, after, strict=True)
    )
    delays = [
        (now["late"] - then["late"]) / (now["out"] - then["out"]) * 1000
        for then, now in zip(before, after, strict=True)
    ]
    name = "voice alone on a line of 64 kbit/s"
    return [
        Figure("calls", f"{name}: each way", bits, "kbit/s"),
        Figure("calls", f"{name}: packets lost", sum(lost_now) - sum(lost), "packets"),
        Figure("calls", f"{name}: of a voice made up", made_up * 100, "%"),
        Figure("calls", f"{name}: a voice waits at its hearer", max(delays), "ms"),
    ]


def peer_of(browser: Any, running: Any) -> dict[str, float]:
    """The same two ends with nothing between them."""
    context = browser.new_context(permissions=["camera", "microphone"])
    page = context.new_page()
    # A page of nobody's on the same computer: ours forbid the camera.
    page.route("**/*", lambda route: route.fulfill(body="<p>peer", content_type="text/html"))
    page.goto(running.servers[0].url)
    got: dict[str, float] = page.evaluate(DIRECT)
    context.close()
    return got


def signalled(running: Any) -> list[Figure]:
    """Messages that pass from one line to another through two web processes, all at once."""
    from tests.living_calls import in_a_loop
    from tests.stories import test_fifty_calls as fifty

    heard, seconds = in_a_loop(spoken(running, fifty.opened(running, SIGNALLED_CALLS)))
    return [
        Figure("calls", "lines that speak at once", SIGNALLED_CALLS * 3, "lines"),
        Figure("calls", "messages passed on", heard / seconds, "messages/s"),
    ]


async def spoken(running: Any, opened: list[Any]) -> tuple[int, float]:
    from tests.stories import test_fifty_calls as fifty

    gate = asyncio.Event()
    phones = fifty.phones_of(running, opened, gate)
    living = [asyncio.create_task(phone.live()) for phone in phones]
    await fifty.until(lambda: all(phone.came for phone in phones), "all came in")
    began = time.perf_counter()
    gate.set()
    await fifty.until(lambda: all(fifty.is_whole(phone) for phone in phones), "all was heard")
    seconds = time.perf_counter() - began
    await fifty.hung_up(living)
    return sum(len(words) for phone in phones for words in phone.heard.values()), seconds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tools.bench_calls", description=__doc__)
    parser.add_argument("--joins", type=int, default=JOINS, help="calls that are begun and ended")
    parser.add_argument("--write", action="store_true", help=f"write the table of {PAGE.name}")
    asked = parser.parse_args()
    figures = measured(asked.joins)
    print(shown(figures))
    if asked.write:
        table = table_of(figures)
        PAGE.write_text(TABLE.sub(lambda _: table, PAGE.read_text("utf-8")), "utf-8")
    return 0


def table_of(figures: list[Figure]) -> str:
    """The lines of the page, with the machine that they were measured on."""
    machine = f"{os.cpu_count()} shared processor cores ({platform.machine()})"
    lines = [
        f"One run on {machine}, {date.today().isoformat()}.",
        "",
        *rows_of(figures),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
