"""The lines that one web process holds, woken by PostgreSQL whichever process was spoken to."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Protocol
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection

from wayhome.bureau.lines import actions as lines
from wayhome.bureau.lines.models import Signal
from wayhome.lib.relay import RelayError
from wayhome.web.calls.database import in_database
from wayhome.web.calls.showing import Seen, look

PAUSE_SECONDS = 0.5
LOOKED_AT_LEAST_SECONDS = 5.0  # a word of the database that was lost is made good so soon
log = logging.getLogger("wayhome.calls")


class Line(Protocol):
    """One browser's line, as the switchboard uses it."""

    @property
    def party(self) -> UUID: ...
    @property
    def connection(self) -> UUID: ...
    async def hear(self, signals: list[Signal]) -> None: ...
    async def show(self, state: dict[str, Any]) -> None: ...
    async def close(self, *, over: bool) -> None: ...


@dataclass
class Room:
    """The lines of one call in this process, and how far they have heard."""

    lines: set[Line] = field(default_factory=set)
    heard: int = 0
    again: asyncio.Event = field(default_factory=asyncio.Event)
    task: "asyncio.Task[None] | None" = None


class Switchboard:
    """All rooms of one process."""

    def __init__(self) -> None:
        self._rooms: dict[UUID, Room] = defaultdict(Room)
        self._listening: asyncio.Task[None] | None = None

    def enter(self, call: UUID, line: Line, after: int) -> None:
        """Hold a line, from the signal on that its browser heard last."""
        room = self._rooms[call]
        room.lines.add(line)
        room.heard = min(room.heard, after) if room.task else after
        if self._listening is None or self._listening.done():
            self._listening = asyncio.create_task(self._listen())
        if room.task is None or room.task.done():
            room.task = asyncio.create_task(self._keep(call, room))
        room.again.set()

    def leave(self, call: UUID, line: Line) -> None:
        """A line is gone."""
        room = self._rooms.get(call)
        if room is None:
            return
        room.lines.discard(line)
        if not room.lines:
            del self._rooms[call]
            room.again.set()

    async def _listen(self) -> None:
        """Hear of every change; after a break look at all rooms, as some may have been missed."""
        while self._rooms:
            with contextlib.suppress(psycopg.Error, OSError):
                async with await connected() as listening:
                    await listening.execute(f"LISTEN {lines.CHANNEL}")
                    self._wake_all()
                    async for told in listening.notifies():
                        self._wake(told.payload)
            await asyncio.sleep(PAUSE_SECONDS)

    def _wake(self, call: str) -> None:
        room = self._rooms.get(UUID(call))
        if room:
            room.again.set()

    def _wake_all(self) -> None:
        for room in self._rooms.values():
            room.again.set()

    async def _keep(self, call: UUID, room: Room) -> None:
        """Look whenever something was told, and now and then; ends with the last line."""
        while room.lines:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(room.again.wait(), LOOKED_AT_LEAST_SECONDS)
            room.again.clear()
            if not room.lines:
                return
            try:
                seen = await in_database(look, call, room.heard)
            except DatabaseError:  # away for a moment
                await asyncio.sleep(PAUSE_SECONDS)
                room.again.set()
                continue
            await self._pass_on(room, seen)

    async def _pass_on(self, room: Room, seen: Seen) -> None:
        if seen.signals:
            room.heard = seen.signals[-1].pk
        gone = [line for line in room.lines if is_gone(line, seen)]
        for line in list(room.lines):
            with contextlib.suppress(OSError, RuntimeError):  # its browser left this moment
                if line in gone:
                    await line.close(over=seen.is_over or line.party in seen.left)
                    continue
                # First who is in with which key: what they say is to be understood by it.
                await line.show(seen.state)
                await line.hear([one for one in seen.signals if one.to == line.party])
        if gone:
            await cut_off()


def is_gone(line: Line, seen: Seen) -> bool:
    """Whether this line must close: the call is over, its person left, or came in anew."""
    now = seen.connections.get(line.party)
    return seen.is_over or line.party in seen.left or (now is not None and now != line.connection)


async def cut_off() -> None:
    """Carry out orders to cut at the relay; the worker does it too, whichever is quicker."""
    try:
        await in_database(lines.carry_out_cuts)
    except RelayError as error:
        log.warning("the relay: %s", error)


async def connected() -> "psycopg.AsyncConnection[Any]":
    """A connection that listens, none of Django's: it waits for as long as there are rooms."""
    told = connection.settings_dict
    return await psycopg.AsyncConnection.connect(
        host=told["HOST"],
        port=told["PORT"],
        user=told["USER"],
        password=told["PASSWORD"],
        dbname=told["NAME"],
        autocommit=True,
        keepalives_idle=10,
    )


SWITCHBOARD = Switchboard()
