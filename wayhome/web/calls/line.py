"""One browser's line: comes in, speaks a strict grammar, hears, and closes for certain."""

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wayhome.bureau.lines.models import Signal
from wayhome.bureau.lines.rules import IN_SECONDS, LARGEST_MESSAGE_BYTES, MOST_MESSAGES
from wayhome.bureau.lines.sdp import NotPassed
from wayhome.lib.refusal import Refused
from wayhome.web.calls import doing
from wayhome.web.calls.database import in_database
from wayhome.web.calls.switchboard import SWITCHBOARD

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

HELLO_SECONDS = 15
SILENT_SECONDS = 20  # a page says every five seconds that it is there
# Codes of our own (RFC 6455, 7.4.2): what the page does then stands in calls/socket.js.
OVER, REPLACED, REFUSED, UNCLEAR, SILENT = 4000, 4001, 4002, 4003, 4004


@dataclass(eq=False)
class Line:
    """A socket that was let in. `heard` is the last signal that its browser was sent."""

    receive: Receive
    send: Send
    came: doing.Came
    heard: int
    shown: str = ""
    closed: bool = False
    times: "deque[float]" = field(default_factory=lambda: deque(maxlen=MOST_MESSAGES))
    sending: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def party(self) -> UUID:
        """Whose it is."""
        return self.came.party

    @property
    def connection(self) -> UUID:
        """Which of their connections it is."""
        return self.came.connection

    async def run(self) -> None:
        """Hold the line until either side ends it."""
        SWITCHBOARD.enter(self.came.call, self, self.heard)
        try:
            while not self.closed:
                await self._take(await self._next())
        except NotPassed:
            await self._end(UNCLEAR)
        except TimeoutError:
            await self._end(SILENT)
        except (EOFError, OSError, RuntimeError):  # its browser is gone
            self.closed = True
        finally:
            SWITCHBOARD.leave(self.came.call, self)
            await in_database(doing.go_out, self.came)

    async def _next(self) -> dict[str, Any]:
        message = await asyncio.wait_for(self.receive(), SILENT_SECONDS)
        self._count()
        return message_in(message)

    def _count(self) -> None:
        now = asyncio.get_running_loop().time()
        if len(self.times) == MOST_MESSAGES and now - self.times[0] < IN_SECONDS:
            raise NotPassed("too many messages")
        self.times.append(now)

    async def _take(self, said: dict[str, Any]) -> None:
        try:
            answer = await in_database(doing.take, self.came, said)
        except Refused as refused:
            await self.say({"type": "no", "code": refused.refusal.code})
            return
        if answer is not None:
            await self.say(answer)

    async def say(self, message: dict[str, Any]) -> None:
        """Send one message."""
        async with self.sending:
            await self.send({"type": "websocket.send", "text": json.dumps(message)})

    async def hear(self, signals: list[Signal]) -> None:
        """What others said to this browser, once each and in order."""
        for one in signals:
            if one.pk > self.heard:
                self.heard = one.pk
                await self.say({**one.body, "from": str(one.sender), "id": one.pk})

    async def show(self, state: dict[str, Any]) -> None:
        """The call as it stands, if it stands differently."""
        told = json.dumps(state)
        if told != self.shown:
            self.shown = told
            await self.say(state)

    async def close(self, *, over: bool) -> None:
        """End it from our side. A family reads of an end later, by lot, and never why."""
        await self._end(OVER if over else REPLACED)

    async def _end(self, code: int) -> None:
        if not self.closed:
            self.closed = True
            async with self.sending:
                await self.send({"type": "websocket.close", "code": code})


def message_in(message: Message) -> dict[str, Any]:
    """What a browser said. Raises NotPassed if it is none of ours, EOFError if it is gone."""
    if message["type"] == "websocket.disconnect":
        raise EOFError
    text = message.get("text") or ""
    if not text or len(text) > LARGEST_MESSAGE_BYTES:
        raise NotPassed("no message of ours")
    try:
        said = json.loads(text)
    except ValueError as error:
        raise NotPassed("no message of ours") from error
    if not isinstance(said, dict) or not isinstance(said.get("type"), str):
        raise NotPassed("no message of ours")
    return said


async def answer(receive: Receive, send: Send, session_key: str) -> None:
    """Take a socket from its first word to its last."""
    await send({"type": "websocket.accept"})
    try:
        hello = message_in(await asyncio.wait_for(receive(), HELLO_SECONDS))
        came, heard, welcome = await in_database(doing.come_in, session_key, hello)
    except (NotPassed, TimeoutError):
        await send({"type": "websocket.close", "code": UNCLEAR})
        return
    except EOFError:
        return
    except doing.NotIn as no:
        await send({"type": "websocket.send", "text": json.dumps(no.told)})
        await send({"type": "websocket.close", "code": REFUSED})
        return
    line = Line(receive, send, came, heard)
    await line.say(welcome)
    await line.run()
