"""Fifty calls are signalled at once, and every web process is killed in the middle."""

import asyncio
import json
import random
import time
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.utils import timezone
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.calling import Calling
from tests.cases import Case
from tests.factories import StaffFactory
from tests.living_calls import Exchange, exchange, in_a_loop
from wayhome.bureau.consents.models import PersonToTell
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import Call, CallParty
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason, Side
from wayhome.bureau.lines.models import Signal
from wayhome.bureau.staff.permissions import Role
from wayhome.web.calls.door import PATH

pytestmark = [pytest.mark.slow, pytest.mark.all, pytest.mark.timeout(1800)]
CALLS = 50
MESSAGES = 20  # of each to each other, as two browsers say to open a line
KINDS = (PartyKind.SUPERVISOR, PartyKind.CAPTIVE, PartyKind.INTERPRETER)
SECONDS = 600
WATCH_SECONDS = 8  # as a browser's: who has not heard all by then asks for it anew
ASKING = 9_999  # the try that asks
KEY = ":".join(["AB"] * 32)
SDP = "\r\n".join(
    [
        "v=0",
        "o=- 1 2 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        "m=audio 9 UDP/TLS/RTP/SAVPF 111",
        f"a=fingerprint:sha-256 {KEY}",
        *(f"a=rtpmap:{number} opus/48000/2" for number in range(100, 180)),
    ]
)
OFFER = {"type": "offer", "sdp": SDP, "promise": "0a" * 32}


@dataclass
class Open:
    """A call, and the session of each who takes part."""

    call: Call
    lines: dict[str, str] = field(default_factory=dict)


@dataclass(eq=False)
class Phone:
    """A line without a browser: comes back whenever it drops, and hears all in order."""

    url: str
    session: str
    party: str
    others: list[str]
    gate: asyncio.Event
    heard: dict[str, list[int]] = field(default_factory=dict)
    state: dict[str, Any] = field(default_factory=dict)
    before: str | None = None
    after: int = 0
    said: int = 0
    heard_at: float = 0.0
    asked: list[str] = field(default_factory=list)
    came: int = 0
    over: bool = False

    async def live(self) -> None:
        while not self.over:
            try:
                async with connect(
                    self.url.replace("http", "ws") + PATH,
                    additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session}"},
                    origin=self.url,  # type: ignore[arg-type]
                    open_timeout=60,
                    close_timeout=2,
                ) as line:
                    await self._talk(line)
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                await asyncio.sleep(random.uniform(0.2, 1.0))

    async def _talk(self, line: ClientConnection) -> None:
        hello = {"type": "hello", "before": self.before, "after": self.after, "key": KEY}
        await line.send(json.dumps(hello))
        doing = (self._beat, self._speak, self._watch)
        beside = [asyncio.create_task(one(line)) for one in doing]
        try:
            async for text in line:
                self._take(json.loads(text))
                await self._say_anew(line)
        finally:
            for task in beside:
                task.cancel()

    async def _beat(self, line: ClientConnection) -> None:
        while True:
            await asyncio.sleep(3)
            await line.send(json.dumps({"type": "beat"}))

    def _take(self, message: dict[str, Any]) -> None:
        if message["type"] == "welcome":
            self.before, self.came = message["connection"], self.came + 1
            self.after = message["after"]
        elif message["type"] == "state":
            self.state = message
        elif message["type"] in ("over", "wait"):
            self.over = True
        elif "from" in message:
            self.after, self.heard_at = message["id"], time.monotonic()
            if message["attempt"] == ASKING:
                self.asked.append(message["from"])
            else:
                self.heard.setdefault(message["from"], []).append(message["attempt"])

    async def _speak(self, line: ClientConnection) -> None:
        while not self.state.get("open") or self.before is None:
            await asyncio.sleep(0.1)
        await self.gate.wait()
        while self.said < MESSAGES:
            number, self.said = self.said, self.said + 1
            for other in self.others:
                words = {"to": other, "attempt": number}
                kind = OFFER if number % 7 == 0 else {"type": "again"}
                await line.send(json.dumps({**kind, **words}))
            await asyncio.sleep(random.uniform(0.0, 0.2))

    async def _watch(self, line: ClientConnection) -> None:
        """Of whom the last word has not come, it is asked for: it may have died with a process."""
        wait = WATCH_SECONDS
        while True:
            await asyncio.sleep(wait)
            if self.said < MESSAGES or time.monotonic() < self.heard_at + WATCH_SECONDS:
                continue
            wait *= 2
            for other in self.others:
                if not has_all(self.heard.get(other, [])):
                    again = {"type": "again", "to": other, "attempt": ASKING}
                    await line.send(json.dumps(again))

    async def _say_anew(self, line: ClientConnection) -> None:
        for other in self.asked if self.said >= MESSAGES else ():
            await line.send(json.dumps({**OFFER, "to": other, "attempt": self.said}))
            self.said += 1
        if self.said >= MESSAGES:
            self.asked.clear()


@pytest.mark.django_db(transaction=True)
def test_fifty_calls_go_on_when_every_web_process_is_killed():
    with exchange() as running:
        opened_ones = opened(running, CALLS)
        phones = in_a_loop(all_talk(running, opened_ones))
        settled(opened_ones, phones)


def opened(running: Exchange, number: int) -> list[Open]:
    """So many open calls of one captive, each with somebody else whom he named; nobody is in yet.

    Three can hold a line to each without a family: he, who accompanies and who interprets.
    """
    calling = Calling()
    case, now = calling.case, timezone.now()
    people = {
        PartyKind.SUPERVISOR: calling.supervisor,
        PartyKind.CAPTIVE: case.sitting,
        PartyKind.INTERPRETER: StaffFactory(role=Role.SUPERVISOR),
    }
    return [one_opened(running, people, case, now) for _ in range(number)]


def one_opened(running: Exchange, people: dict[PartyKind, Any], case: Case, now: datetime) -> Open:
    sitting = case.sitting
    named = PersonToTell.objects.create(
        captive=sitting.captive, key=sitting.captive.key, who={}, sitting=sitting, at=now
    )
    call = Call.objects.create(
        **{"named": named, "captive": sitting.captive, "sitting": sitting, "language": "ru"},
        **{"asked_by": Side.CAPTIVE, "asked_at": now, "starts_at": now, "opened_at": now},
        **{"state": CallState.OPEN, "his_answer": Answer.YES, "her_yes_at": now},
        his_yes_before=sitting.neutral,
        supervisor=people[PartyKind.SUPERVISOR],
        interpreter=people[PartyKind.INTERPRETER],
    )
    made = Open(call)
    for kind in KINDS:
        staff = people[kind] if kind != PartyKind.CAPTIVE else None
        party = CallParty.objects.create(
            call=call, kind=kind, staff=staff, device="its own", link_used_at=now, admitted_at=now
        )
        session = running.session_of(people[kind])
        running.keep(session, party)
        made.lines[str(party.pk)] = session
    return made


async def all_talk(running: Exchange, opened_ones: list[Open]) -> list[Phone]:
    gate = asyncio.Event()
    phones = phones_of(running, opened_ones, gate)
    living = [asyncio.create_task(phone.live()) for phone in phones]
    await until(lambda: all(phone.came for phone in phones), "all came in")
    began = time.monotonic()
    gate.set()
    await until(lambda: sum(phone.said for phone in phones) > len(phones) * MESSAGES / 3, "a third")
    for server in running.servers:
        server.end()
        server.begin()
    await until(lambda: all(phone.said >= MESSAGES for phone in phones), "all was said")
    await until(lambda: all(phone.came > 1 for phone in phones), "all came back")
    await until(lambda: all(is_whole(phone) for phone in phones), "all was heard")
    seconds = time.monotonic() - began
    total = sum(len(heard) for phone in phones for heard in phone.heard.values())
    print(f"{total} messages of {CALLS} calls in {seconds:.1f} s, the servers killed in between")
    await sync_to_async(end_half, thread_sensitive=False)(opened_ones)
    await until(lambda: sum(phone.over for phone in phones) >= len(phones) // 2, "half are over")
    await hung_up(living)
    return phones


async def hung_up(living: list["asyncio.Task[None]"]) -> None:
    """Every line is closed before its loop is."""
    for task in living:
        task.cancel()
    await asyncio.gather(*living, return_exceptions=True)


def phones_of(running: Exchange, opened_ones: list[Open], gate: asyncio.Event) -> list[Phone]:
    """One for each who takes part, on one web process or the other."""
    return [
        Phone(
            running.servers[place % 2].url,
            session,
            party,
            [other for other in each.lines if other != party],
            gate,
        )
        for each in opened_ones
        for place, (party, session) in enumerate(each.lines.items())
    ]


def is_whole(phone: Phone) -> bool:
    """Whether of each other the last word was heard."""
    return all(has_all(phone.heard.get(other, [])) for other in phone.others)


def has_all(heard: list[int]) -> bool:
    return bool(heard) and heard[-1] >= MESSAGES - 1


async def until(happens: Any, what: str) -> None:
    end = time.monotonic() + SECONDS
    while not happens():
        assert time.monotonic() < end, f"not within {SECONDS} s: {what}"
        await asyncio.sleep(0.2)


def end_half(opened_ones: list[Open]) -> None:
    for each in opened_ones[: CALLS // 2]:
        calls.stop_by_machine(call=each.call, reason=Reason.TIME_OVER)
    connections.close_all()


def settled(opened_ones: list[Open], phones: list[Phone]) -> None:
    """Each word was heard in its order and none twice; states are right; the ended kept nothing."""
    lost = 0
    for phone in phones:
        for heard in phone.heard.values():
            assert heard == sorted(set(heard)), heard
            lost += MESSAGES - sum(number < MESSAGES for number in heard)
    print(f"{lost} words died with a process; the last of each pair was asked for anew")
    states = [Call.objects.get(pk=each.call.pk).state for each in opened_ones]
    assert states == [CallState.ENDED] * (CALLS // 2) + [CallState.OPEN] * (CALLS - CALLS // 2)
    ended = Call.objects.filter(state=CallState.ENDED).values("pk")
    assert not Signal.objects.filter(call__in=ended).exists()
    assert not CallParty.objects.filter(call__in=ended, left_at=None).exists()
