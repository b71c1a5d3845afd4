"""The relay of calls (coturn): who may use it, and how one is cut off.

All media go through it, encrypted from browser to browser: it holds no key. A credential's expiry
does not end an allocation that runs, so ending one for certain is to cancel its session on the
relay's own command port, which listens on loopback alone.
"""

import base64
import hmac
import json
import re
import socket
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

COMMAND_HOST = "127.0.0.1"
CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 3.0
PROMPT = b"> "
SESSION = re.compile(r"\bid=(\d+), user <([^>]*)>")
USAGE = re.compile(r"usage: rp=\d+, rb=(\d+), sp=\d+, sb=(\d+)")


class RelayError(Exception):
    """The relay does not answer on its command port; the text says why."""


@dataclass(frozen=True)
class Credential:
    """What a browser shows the relay: a name that says until when and whose, and a proof of it."""

    username: str
    password: str


@dataclass(frozen=True)
class Session:
    """One allocation at the relay. `received_bytes` came from the browser."""

    number: str
    username: str
    received_bytes: int = 0
    sent_bytes: int = 0


@dataclass(frozen=True)
class Relay:
    """A relay that runs: where browsers reach it, which addresses are its own, its secrets."""

    urls: tuple[str, ...]
    addresses: tuple[str, ...]
    secret: str
    command_port: int
    command_password: str

    def credential(self, user: str, *, until: int) -> Credential:
        """A credential of coturn's REST scheme: it opens allocations until a moment (Unix time).

        `user` is call and participant; no two participants share one, so that one can be cut off.
        """
        username = f"{until}:{user}"
        digest = hmac.digest(self.secret.encode(), username.encode(), "sha1")
        return Credential(username, base64.b64encode(digest).decode())

    def sessions(self) -> list[Session]:
        """Every allocation there is. Raises RelayError."""
        with _Commands(self) as commands:
            return sessions_in(commands.ask("ps"))

    def cancel(self, users: Iterable[str]) -> int:
        """Cut off these users, and return how many allocations they had. Raises RelayError.

        A user that ends in ":" stands for everyone whose name begins so.
        """
        wanted = tuple(users)
        with _Commands(self) as commands:
            theirs = [one for one in sessions_in(commands.ask("ps")) if is_of(one.username, wanted)]
            for one in theirs:
                commands.ask(f"cs {one.number}")
        return len(theirs)

    def save(self, path: Path) -> None:
        """Write it where the other processes of this folder read it; only its owner may."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), "utf-8")

    @classmethod
    def load(cls, path: Path) -> "Relay | None":
        """The relay that runs in this folder, or None if there is none."""
        try:
            kept: dict[str, Any] = json.loads(path.read_text("utf-8"))
            lists = {name: tuple(kept[name]) for name in ("urls", "addresses")}
            return cls(**(kept | lists))
        except (OSError, ValueError, TypeError, KeyError):
            return None


def is_of(username: str, users: tuple[str, ...]) -> bool:
    """Whether an allocation's name is of one of these users, whatever its expiry."""
    user = username.partition(":")[2]
    return any(user.startswith(one) if one.endswith(":") else user == one for one in users)


def sessions_in(listing: str) -> list[Session]:
    """The sessions in an answer to `ps`."""
    found = list(SESSION.finditer(listing))
    ends = [one.start() for one in found[1:]] + [len(listing)]
    return [
        Session(one[1], one[2], *usage_in(listing[one.end() : end]))
        for one, end in zip(found, ends, strict=False)
    ]


def usage_in(told: str) -> tuple[int, int]:
    """Bytes received and sent, as far as the relay has counted."""
    usage = USAGE.search(told)
    return (int(usage[1]), int(usage[2])) if usage else (0, 0)


class _Commands:
    """A conversation on the command port."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay

    def __enter__(self) -> "_Commands":
        port = self._relay.command_port
        try:
            self._socket = socket.create_connection((COMMAND_HOST, port), CONNECT_SECONDS)
        except OSError as error:
            raise RelayError(f"nothing answers on port {port}") from error
        try:
            self._read(b"password: \r\n")
            self.ask(self._relay.command_password)
        except RelayError:
            self._socket.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def ask(self, command: str) -> str:
        """What it answers to one command."""
        try:
            self._socket.sendall(f"{command}\r\n".encode())
        except OSError as error:
            raise RelayError("it has closed its command port") from error
        return self._read(PROMPT)

    def _read(self, until: bytes) -> str:
        told, end = b"", time.monotonic() + ANSWER_SECONDS
        while not told.endswith(until):
            self._socket.settimeout(max(0.01, end - time.monotonic()))
            try:
                part = self._socket.recv(65_536)
            except OSError as error:
                raise RelayError("it does not answer a command") from error
            if not part or time.monotonic() > end or told.count(b"password:") > 1:
                raise RelayError("it refuses our password, or answers no command")
            told += part
        return told.decode(errors="replace")
