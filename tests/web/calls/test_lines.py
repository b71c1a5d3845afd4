"""A line of a call: who is let in, what may be said, what it hears, without a browser."""

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from tests.calling import Calling
from tests.living_calls import Exchange, in_a_loop
from wayhome.bureau.contact.calls.models import Call, CallParty
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason
from wayhome.bureau.lines.models import Cut, Signal
from wayhome.bureau.lines.rules import IN_SECONDS, MOST_MESSAGES
from wayhome.lib.relay import Relay
from wayhome.web.calls.door import PATH, socket
from wayhome.web.calls.keeping import Keeper, drop_silent
from wayhome.web.calls.switchboard import SWITCHBOARD
from wayhome.web.calls.who import KEY

pytestmark = pytest.mark.slow
with_tables = pytest.mark.django_db(transaction=True)
FAMILY, CAPTIVE, SUPERVISOR = PartyKind.FAMILY, PartyKind.CAPTIVE, PartyKind.SUPERVISOR
FINGERPRINT = ":".join(["AB"] * 32)
HELLO = {"type": "hello", "before": None, "after": 0, "key": FINGERPRINT}
SDP = f"v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=fingerprint:sha-256 {FINGERPRINT}\r\n"
PROMISE = "0a" * 32
ORIGIN = "http://localhost:8000"


@pytest.fixture(autouse=True)
def relay():
    """As if one ran: credentials are made, and nobody is there to be cut off."""
    there = Relay(("turn:127.0.0.1:3478",), ("127.0.0.1",), "secret", 1, "password")
    there.save(settings.RELAY_FILE)
    yield there
    settings.RELAY_FILE.unlink()


@dataclass
class Browser:
    """The other end of a socket."""

    session: str
    origin: str = ORIGIN
    path: str = PATH
    said: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)
    heard: "asyncio.Queue[dict[str, Any]]" = field(default_factory=asyncio.Queue)

    def open(self) -> None:
        cookie = f"{settings.SESSION_COOKIE_NAME}={self.session}".encode()
        headers = [
            (b"host", b"localhost:8000"),
            (b"origin", self.origin.encode()),
            (b"cookie", cookie),
        ]
        scope = {"type": "websocket", "path": self.path, "headers": headers}
        self.said.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(socket(scope, self.said.get, self.heard.put))

    def say(self, **message: Any) -> None:
        self.said.put_nowait({"type": "websocket.receive", "text": json.dumps(message)})

    async def next(self) -> dict[str, Any]:
        """The next message, or {"closed": code}."""
        while True:
            got = await asyncio.wait_for(self.heard.get(), 60)
            if got["type"] == "websocket.close":
                return {"type": "closed", "code": got["code"]}
            if got["type"] == "websocket.send":
                return json.loads(got["text"])

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.next())["type"] != kind:
            assert message["type"] != "closed", message
        return message

    async def leave(self) -> None:
        self.said.put_nowait({"type": "websocket.disconnect"})
        with suppress(asyncio.CancelledError):
            await asyncio.wait_for(self.task, 60)


def session_of(calling: Calling, kind: PartyKind, *, came_in: bool = True) -> str:
    running = Exchange()
    session = running.session(calling, kind)
    if came_in:
        running.enter(calling, kind, session)
    return session


def talk(*browsers: Browser, doing: Any) -> Any:
    """Open the lines, do something with them, and close them."""

    async def all_of_it() -> Any:
        for each in browsers:
            each.open()
            each.say(**HELLO)
        try:
            return await doing(*browsers)
        finally:
            for each in browsers:
                await each.leave()

    return in_a_loop(all_of_it())


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://example.org"},
        {"origin": ""},
        {"path": "/other/"},
        {"session": ""},
    ],
)
def test_a_socket_that_no_page_of_ours_opened_is_not_let_in(change):
    browser = Browser(**{"session": "nobody", **change})

    async def look(one: Browser) -> dict[str, Any]:
        return await one.next()

    assert talk(browser, doing=look) == {"type": "closed", "code": 1008}


NO_MESSAGES = (
    {"type": "chat", "text": "where are you"},
    {"type": "beat", "more": 1},
    {"type": "mute", "party": str(uuid4()), "reason": "place"},
    {"type": "end", "reason": "because"},
    {"type": "together", "yes": "yes"},
    {"type": 7},
)


@with_tables
def test_from_the_door_to_the_end_of_a_call():
    calling = Calling()
    _ = calling.now
    ids = {kind: str(calling.party(kind).pk) for kind in (SUPERVISOR, CAPTIVE, FAMILY)}
    strangers_are_not_let_in(calling)
    three = [Browser(session_of(calling, kind)) for kind in ids]
    told = talk(*three, doing=partial(meet, ids))

    call = calling.call
    assert told["urls"] == ["turn:127.0.0.1:3478"]
    assert told["name"].partition(":")[2] == f"{call.pk}:{ids[FAMILY]}"
    assert told["too early"] == "line.not_in"
    assert told["unchecked"] == "line.corner"
    assert told["herself"] == "line.not_yours"
    assert told["heard"]["from"] == ids[FAMILY]
    assert call.state == CallState.OPEN
    assert [closed_by(three[2].session, message) for message in NO_MESSAGES] == [4003] * 6
    assert who_floods_is_closed(three[2].session) == 4003
    assert calling.call.state == CallState.OPEN
    assert talk(Browser(three[0].session), Browser(three[1].session), doing=end) == ["over", 4000]
    assert calling.call.reason == Reason.CAPTIVE_ENDED
    # An order to cut, and nothing kept of what was said.
    assert Cut.objects.filter(call=call.pk, party=None).count() == 1
    assert not Signal.objects.exists()


def strangers_are_not_let_in(calling: Calling) -> None:
    """Nobody who did not use the link, and nobody with another's place in their session."""
    stranger = Browser(session_of(calling, FAMILY, came_in=False))
    other = Browser(session_of(calling, FAMILY, came_in=False))
    store = import_module(settings.SESSION_ENGINE).SessionStore(other.session)
    store[KEY] = {"party": str(calling.party(CAPTIVE).pk), "device": ""}
    store.save()

    async def look(*both: Browser) -> list[str]:
        return [(await one.next())["type"] for one in both]

    assert talk(stranger, other, doing=look) == ["not_in", "not_in"]


async def meet(
    ids: dict[PartyKind, str], supervisor: Browser, captive: Browser, mother: Browser
) -> dict[str, Any]:
    """They come in; words pass once the supervisor has let both in, the family last."""
    told = {}
    welcome = await mother.until("welcome")
    told["urls"] = welcome["ways"]["urls"]
    told["name"] = welcome["ways"]["username"]
    await captive.until("welcome")
    await supervisor.until("welcome")
    mother.say(type="offer", to=ids[CAPTIVE], attempt=1, sdp=SDP, promise=PROMISE)
    told["too early"] = (await mother.until("no"))["code"]
    supervisor.say(type="admit", party=ids[CAPTIVE], checked=False)
    supervisor.say(type="admit", party=ids[FAMILY], checked=False)
    told["unchecked"] = (await supervisor.until("no"))["code"]
    mother.say(type="admit", party=ids[FAMILY], checked=True)
    told["herself"] = (await mother.until("no"))["code"]
    supervisor.say(type="admit", party=ids[FAMILY], checked=True)
    while not all(one["in"] for one in (await mother.until("state"))["parties"]):
        pass
    mother.say(type="offer", to=ids[CAPTIVE], attempt=1, sdp=SDP, promise=PROMISE)
    told["heard"] = await captive.until("offer")
    return told


def closed_by(session: str, message: dict[str, Any]) -> int:
    """With which code a line is closed that says this."""

    async def speak(one: Browser) -> int:
        await one.until("welcome")
        one.say(**message)
        return int((await one.until("closed"))["code"])

    return int(talk(Browser(session), doing=speak))


def who_floods_is_closed(session: str) -> int:
    async def flood(one: Browser) -> int:
        await one.until("welcome")
        (room,) = SWITCHBOARD._rooms.values()
        (line,) = room.lines
        now = asyncio.get_running_loop().time()
        line.times.extend([now - IN_SECONDS / 2] * MOST_MESSAGES)
        one.say(type="beat")
        return int((await one.until("closed"))["code"])

    return int(talk(Browser(session), doing=flood))


async def end(supervisor: Browser, captive: Browser) -> list[Any]:
    await supervisor.until("welcome")
    await captive.until("welcome")
    captive.say(type="end")
    return [
        (await captive.until("over"))["type"],
        (await supervisor.until("closed"))["code"],
    ]


@with_tables
def test_a_line_that_drops_comes_back_and_what_hides_is_ended():
    calling = Calling()
    call = calling.open
    party, session = calling.party(FAMILY), Exchange().session(calling, FAMILY)
    Exchange().keep(session, party)
    came = first_word(session, before=str(party.connection))
    assert came["type"] == "welcome"  # the same page, by the connection that it had
    assert came["connection"] != str(party.connection)
    assert calling.call.state == CallState.OPEN

    CallParty.objects.filter(call=call, kind=CAPTIVE).update(seen_at="2022-04-01T00:00:00Z")
    drop_silent()
    assert calling.party(CAPTIVE).connection is None
    assert calling.call.running_since is None  # the minutes are given back
    assert [one.party for one in Cut.objects.all()] == [calling.party(CAPTIVE).pk]

    calling.comes_in(CAPTIVE)
    Call.objects.filter(pk=call.pk).update(seconds_used=call.minutes * 60)
    Keeper().look()  # though nobody holds a line
    assert calling.call.reason == Reason.TIME_OVER
    # The relay did not answer: the orders stand until it does.
    assert not Cut.objects.exclude(done_at=None).exists()

    again = Calling(calling.case)
    _ = again.open
    Exchange().keep(session, again.party(FAMILY))
    assert first_word(session) == {"type": "not_in", "code": "call.two_tabs"}
    assert again.call.reason == Reason.EXTRA_CONNECTION


def first_word(session: str, before: str | None = None) -> dict[str, Any]:
    """What a browser is told first, as a page that had this connection before."""

    async def come() -> dict[str, Any]:
        one = Browser(session)
        one.open()
        one.say(**HELLO | {"before": before})
        try:
            return await one.next()
        finally:
            await one.leave()

    return in_a_loop(come())
