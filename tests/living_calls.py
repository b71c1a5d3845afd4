"""Calls for real: web processes, the watch and the relay beside a test, on its own database."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import Browser, Locator, Page, WebSocket, expect
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.browser import Watch, install_from_apt, new_context, watch
from tests.calling import Calling
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import CallParty
from wayhome.bureau.contact.calls.rules import PartyKind
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.config import relay
from wayhome.config.sessions import sign_in
from wayhome.lib.cluster import HOST
from wayhome.lib.relay import Relay
from wayhome.web.calls.door import PATH
from wayhome.web.calls.who import KEY

COMMAND = [sys.executable, "-m", "wayhome.config.commands"]
# What the worker does for calls, without its jobs, which would meet a test's rows half made.
KEEPER = """
import threading, django
django.setup()
from wayhome.web.calls.keeping import Keeper
Keeper().keep(threading.Event())
"""
READY_SECONDS = 60
WAIT_SECONDS = 60
BEAT_SECONDS = 3


def coturn_or_fail() -> None:
    """See to it that coturn is there, from apt if need be. Without it nothing here can be shown."""
    if relay.program():
        return
    install_from_apt("coturn")
    if not relay.program():
        pytest.fail("coturn is needed for calls, and could not be installed: apt install coturn")


@dataclass
class Server:
    """One web process, on a port of its own."""

    port: int
    door: socket.socket
    environment: dict[str, str]
    log: Any
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def begin(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "web", "--handle", str(self.door.fileno())],
            env=self.environment | {"WAYHOME_PROCESS": "web"},
            pass_fds=[self.door.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
        )

    def end(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()


# What a browser has decoded and heard, of each other that it is connected with.
HEARD = """async () => {
  const heard = {};
  for (const [id, pair] of window.wayhomeCall?.mesh?.pairs ?? []) {
    const stats = [...((await pair.pc?.getStats()) ?? new Map()).values()];
    const of = (type, kind) => stats.find((one) => one.type === type && one.kind === kind);
    const used = stats.find((one) => one.type === 'candidate-pair' && one.nominated);
    const end = (name) => stats.find((one) => one.id === used?.[name])?.candidateType;
    heard[id] = {
      state: pair.pc?.connectionState,
      frames: of('inbound-rtp', 'video')?.framesDecoded ?? 0,
      energy: of('inbound-rtp', 'audio')?.totalAudioEnergy ?? 0,
      ends: [end('localCandidateId'), end('remoteCandidateId')],
    };
  }
  return heard;
}"""
WAYS_IN = {
    PartyKind.FAMILY: "/calls/",
    PartyKind.CAPTIVE: "/tablet/calls/",
    PartyKind.SUPERVISOR: "/console/calls/{call}/",
}


@dataclass
class Window:
    """One participant's browser, in the call of a case; what its socket said is kept."""

    page: Page
    server: Server
    kind: PartyKind
    watcher: Watch
    sent: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("websocket", self._listen)

    def _listen(self, line: WebSocket) -> None:
        line.on("framesent", lambda text: self.sent.append(json.loads(text)))
        line.on("framereceived", lambda text: self.received.append(json.loads(text)))

    def is_(self, name: str) -> Locator:
        """A part of the page of the call."""
        return self.page.locator(f'[data-is="{name}"]')

    def come_in(self, calling: Calling) -> None:
        """From the person's own page by the link, and try camera, microphone and relay."""
        self.page.goto(self.server.url + WAYS_IN[self.kind].format(call=calling.call.pk))
        way_in = self.page.locator('form[action$="calls/enter/"] button')
        assert way_in.count(), self.page.content()
        way_in.click()
        self.page.wait_for_load_state()
        assert self.page.url.endswith("/room/"), self.page.locator("main").inner_text()
        self.is_("try").click()
        expect(self.is_("try")).to_be_hidden(timeout=WAIT_SECONDS * 1000)

    def let_in(self, kind: PartyKind) -> None:
        """Whoever accompanies the call lets somebody in."""
        self.page.locator(f'li[data-kind="{kind}"] button').first.click()

    def heard(self) -> list[dict[str, Any]]:
        """What this browser decodes and hears now."""
        return list(self.page.evaluate(HEARD).values())

    def sees_and_hears(self, others: int) -> bool:
        """Whether frames are decoded, and a voice has energy, of so many others."""
        good = [one for one in self.heard() if one["frames"] > 5 and one["energy"] > 0.01]
        return len(good) == others

    def frames(self) -> int:
        return sum(one["frames"] for one in self.heard())


class Companion:
    """Whoever accompanies a call, without a browser: lets in, mutes and ends, and hears of it."""

    def __init__(self, server: Server, session: str, key: str = ":".join(["AB"] * 32)) -> None:
        self._open = ExitStack()
        self._socket = self._open.enter_context(
            connect(
                server.url.replace("http", "ws") + PATH,
                additional_headers={"Cookie": f"{settings.SESSION_COOKIE_NAME}={session}"},
                origin=server.url,  # type: ignore[arg-type]
            )
        )
        self.say(type="hello", before=None, after=0, key=key)
        self._left = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    def say(self, **message: Any) -> None:
        self._socket.send(json.dumps(message))

    def _beat(self) -> None:
        while not self._left.wait(BEAT_SECONDS):
            with suppress(ConnectionClosed):
                self.say(type="beat")

    def hears(self, kind: str, seconds: float = 60) -> dict[str, Any]:
        """The next message of this kind."""
        while True:
            message: dict[str, Any] = json.loads(self._socket.recv(timeout=seconds))
            if message["type"] == kind:
                return message

    def let_in(self, calling: Calling, *kinds: PartyKind) -> None:
        """Each as soon as they are there."""
        for kind in kinds:
            party = str(calling.party(kind).pk)
            while not any(p["id"] == party and p["here"] for p in self.hears("state")["parties"]):
                pass
            self.say(type="admit", party=party, checked=True)

    def leave(self) -> None:
        self._left.set()
        self._open.close()


@dataclass
class Exchange:
    """Two web processes, the watch of the worker and a relay: what a call needs."""

    servers: list[Server] = field(default_factory=list)

    @property
    def relay(self) -> Relay:
        found = Relay.load(settings.RELAY_FILE)
        assert found
        return found

    def session(self, calling: Calling, kind: PartyKind) -> str:
        """A session of one who takes part, signed in as at the door of their house."""
        return self.session_of(calling.person(kind))

    def session_of(self, person: Any) -> str:
        """A session of a family, a captive in his sitting, or staff."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        if isinstance(person, Enquirer):
            session["enquirer_id"] = str(person.pk)
        elif isinstance(person, Sitting):
            session["sitting_id"] = str(person.pk)
        else:
            sign_in(session, person)
        session.create()
        return str(session.session_key)

    def window(self, browser: Browser, calling: Calling, kind: PartyKind, server: int) -> Window:
        """A browser of somebody who takes part, signed in."""
        context, at = new_context(browser, language="en"), self.servers[server]
        context.set_default_timeout(WAIT_SECONDS * 1000)
        cookies = {settings.SESSION_COOKIE_NAME: self.session(calling, kind), "language": "en"}
        context.add_cookies(
            [{"name": name, "value": value, "url": at.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        return Window(page, at, kind, watch(page))

    def companion(self, calling: Calling, server: int = 0) -> Companion:
        """The supervisor of the case's call, come in and heard."""
        session, kind = self.session(calling, PartyKind.SUPERVISOR), PartyKind.SUPERVISOR
        self.enter(calling, kind, session)
        return Companion(self.servers[server], session)

    def enter(self, calling: Calling, kind: PartyKind, session: str) -> None:
        """Use the link, as the pages do."""
        token = calls.link_for(calling.party(kind))
        self.keep(session, calls.enter(token=token, device=f"of {kind}", by=calling.person(kind)))

    def keep(self, session: str, party: CallParty) -> None:
        """Note in a session that it came in as this participant."""
        kept = import_module(settings.SESSION_ENGINE).SessionStore(session)
        kept[KEY] = {"party": str(party.pk), "device": party.device}
        kept.save()

    def lines_of(self, call: object) -> int:
        """How many allocations this call has at the relay."""
        return sum(f":{call}:" in one.username for one in self.relay.sessions())


def database_url() -> str:
    """The test's own database, for another process."""
    told = connection.settings_dict
    return (
        f"postgresql://{told['USER']}:{told['PASSWORD']}@{told['HOST']}:{told['PORT']}"
        f"/{told['NAME']}"
    )


@contextmanager
def exchange(*, processes: int = 2) -> Iterator[Exchange]:
    """Begin it all, and end it."""
    coturn_or_fail()
    folder = settings.FOLDER
    # Beside other tests the settings may have been read in another folder than the one named last.
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "WAYHOME_DATA_DIR": str(folder.root),
    }
    (folder.tmp / "open").touch()
    with ExitStack() as running:
        log = running.enter_context((folder.log / "calls.log").open("wb"))
        relaying = relay.begin(folder, log)
        running.callback(ended, relaying)
        working = subprocess.Popen(
            [sys.executable, "-c", KEEPER],
            env=environment | {"WAYHOME_PROCESS": "worker"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        running.callback(ended, working)
        made = Exchange()
        for _ in range(processes):
            door = running.enter_context(socket.socket())
            door.bind((HOST, 0))
            door.listen(128)
            server = Server(door.getsockname()[1], door, environment, log)
            server.begin()
            running.callback(server.end)
            made.servers.append(server)
        assert relay.wait_until_it_answers(folder, READY_SECONDS)
        yield made
        (folder.tmp / "open").unlink()


def in_a_loop(todo: Coroutine[Any, Any, Any]) -> Any:
    """What a coroutine returns, beside the loop that a browser's driver keeps in this thread."""
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, todo).result()


def ended(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
