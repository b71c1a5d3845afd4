"""The web process: uvicorn on a socket that its supervisor opened, with limits before Django."""

import asyncio
import gc
import logging
import os
import socket
import time
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from wayhome.config.folder import Folder

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]  # frameworks type these differently

MOST_CONNECTIONS = 500
KEEP_ALIVE_SECONDS = 15
# A phone on 2G is slow, not silent: these are pauses, never the length of the whole.
HEADERS_SECONDS = 30
BODY_PAUSE_SECONDS = 60
SHUTDOWN_SECONDS = 3
# Above what any form takes: those answer too large a file at its field, in words.
LARGEST_BODY_BYTES = 64_000_000
RETRY_AFTER_SECONDS = 5
# Of a call's line (web/calls): what one browser says to another is small, and says so often.
LARGEST_MESSAGE_BYTES = 32_000
PING_SECONDS = 20.0

PREPARING = """<!doctype html><html lang="uk"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5">
<title>503</title>
<p lang="uk">Ця служба саме запускається. Спробуйте за хвилину.</p>
<p lang="ru">Эта служба сейчас запускается. Попробуйте через минуту.</p>
<p lang="en">This service is starting now. Try again in a minute.</p></html>
""".encode()

logger = logging.getLogger("wayhome.access")


def serve(handle: int, folder: Folder) -> None:
    """Serve on the listening socket `handle` until SIGTERM."""
    config = uvicorn.Config(
        Door(loaded(), opened_by(folder)),
        http=PatientProtocol,
        ws="websockets-sansio",
        ws_max_size=LARGEST_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        lifespan="off",
        server_header=False,
        access_log=False,
        log_config=None,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=SHUTDOWN_SECONDS,
        limit_concurrency=MOST_CONNECTIONS,
        **proxy_options(),
    )
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=handle)])


def loaded() -> Application:
    """Django with every page, which takes a second; callers wait in the socket's queue."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.config.settings")
    # What is loaded here stays: to look through it for garbage holds all requests up for 0.2 s.
    gc.disable()
    from django.urls import get_resolver

    from wayhome.config.asgi import application

    get_resolver().url_patterns  # noqa: B018 – read, they load every page
    gc.freeze()
    gc.enable()
    return application


def proxy_options() -> dict[str, Any]:
    """Whether a proxy in front of us is believed: only one that the operator named."""
    trusted = os.environ.get("WAYHOME_TRUSTED_PROXIES", "")
    return {"proxy_headers": bool(trusted), "forwarded_allow_ips": trusted or None}


def opened_by(folder: Folder) -> Path:
    """The file whose presence says that the database has its tables."""
    return folder.tmp / "open"


class PatientProtocol(HttpToolsProtocol):
    """HTTP that closes a connection on which no request has come for HEADERS_SECONDS."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start to wait for the headers."""
        super().connection_made(transport)
        self._waiting = self.loop.call_later(HEADERS_SECONDS, transport.close)

    def on_headers_complete(self) -> None:
        """The headers are here."""
        self._waiting.cancel()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._waiting.cancel()
        super().connection_lost(exc)


@dataclass
class Door:
    """What stands before Django: closed until there are tables, then limits and a log."""

    inside: Application
    opened_by: Path
    _is_open: bool = field(default=False, init=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "websocket":
            await (self.inside if self._opened() else turn_away)(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        if not self._opened():
            await refuse(send, 503, PREPARING, [(b"retry-after", b"%d" % RETRY_AFTER_SECONDS)])
            return
        if announced_bytes(scope) > LARGEST_BODY_BYTES:
            await refuse(send, 413, b"", [(b"connection", b"close")])
            return
        await self._let_in(scope, receive, send)

    def _opened(self) -> bool:
        self._is_open = self._is_open or self.opened_by.exists()
        return self._is_open

    async def _let_in(self, scope: Scope, receive: Receive, send: Send) -> None:
        visit = Visit(scope, receive, send)
        try:
            await self.inside(scope, visit.receive, visit.send)
        finally:
            visit.log()


@dataclass
class Visit:
    """One request on its way in and its answer on its way out."""

    scope: Scope
    receive_from: Receive
    send_to: Send
    began: float = field(default_factory=time.monotonic)
    received_bytes: int = 0
    body_is_here: bool = False
    status: int = 0

    async def receive(self) -> Message:
        """The next part of the body; a client that stays silent, or never ends, has left."""
        if self.body_is_here:
            return await self.receive_from()
        try:
            message = await asyncio.wait_for(self.receive_from(), BODY_PAUSE_SECONDS)
        except TimeoutError:
            return {"type": "http.disconnect"}
        self.body_is_here = not message.get("more_body", False)
        self.received_bytes += len(message.get("body", b""))
        if self.received_bytes > LARGEST_BODY_BYTES:
            return {"type": "http.disconnect"}
        return message

    async def send(self, message: Message) -> None:
        """The answer, whose status is noted."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
        await self.send_to(message)

    def log(self) -> None:
        """Note the visit: no address of a visitor, no query, no path that we do not have."""
        is_ours = self.status not in (0, 404) and self.status < 500
        path = self.scope["path"] if is_ours else "-"
        took_ms = (time.monotonic() - self.began) * 1000
        logger.info("%s %s %d %.0f ms", self.scope["method"], path, self.status, took_ms)


def announced_bytes(scope: Scope) -> int:
    """How long the client says its body is."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def turn_away(scope: Scope, receive: Receive, send: Send) -> None:
    """Close a socket that comes before there are tables: its page tries again."""
    await receive()
    await send({"type": "websocket.close", "code": 1013})


async def refuse(send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Answer without Django."""
    always = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": always + headers})
    await send({"type": "http.response.body", "body": body})
