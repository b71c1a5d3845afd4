"""Calls for real: web processes, worker and relay beside the test, on the test's own database."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection

from tests.calling import Calling
from wayhome.bureau.contact.calls.rules import PartyKind
from wayhome.config import relay
from wayhome.lib.cluster import HOST
from wayhome.lib.relay import Relay

COMMAND = [sys.executable, "-m", "wayhome.config.commands"]
INSTALL_SECONDS = 300
READY_SECONDS = 60


def coturn_or_fail() -> None:
    """See to it that coturn is there, from apt if need be. Without it nothing here can be shown."""
    if relay.program():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        for command in (
            ["update", "-q"],
            ["install", "-y", "-q", "--no-install-recommends", "coturn"],
        ):
            subprocess.run(["apt-get", *command], check=False, timeout=INSTALL_SECONDS)
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


@dataclass
class Exchange:
    """Two web processes, a worker and a relay: what a call needs."""

    servers: list[Server] = field(default_factory=list)

    @property
    def relay(self) -> Relay:
        found = Relay.load(settings.RELAY_FILE)
        assert found
        return found

    def session(self, calling: Calling, kind: PartyKind) -> str:
        """A session of one who takes part, signed in as at the door of their house."""
        session = import_module(settings.SESSION_ENGINE).SessionStore()
        person = calling.person(kind)
        if kind == PartyKind.FAMILY:
            session["enquirer_id"] = str(person.pk)
        elif kind == PartyKind.CAPTIVE:
            session["sitting_id"] = str(person.pk)
        else:
            session[SESSION_KEY] = str(person.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = person.get_session_auth_hash()
            session["second_factor"] = True
        session.create()
        return str(session.session_key)


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
    environment = os.environ | {"DATABASE_URL": database_url()}
    (folder.tmp / "open").touch()
    with ExitStack() as running:
        log = running.enter_context((folder.log / "calls.log").open("wb"))
        relaying = relay.begin(folder, log)
        running.callback(ended, relaying)
        working = subprocess.Popen(
            [*COMMAND, "worker"],
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


def ended(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
