"""Where sockets come in: beside Django, which answers everything else."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from wayhome.web.calls.line import answer
from wayhome.web.calls.who import is_from_our_page, session_key_in

PATH = "/line/"
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


async def socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one WebSocket: refused before it is open, unless a page of ours opened it."""
    headers = dict(scope["headers"])
    key = session_key_in(headers)
    await receive()  # websocket.connect
    if scope["path"] != PATH or not key or not is_from_our_page(headers):
        await send({"type": "websocket.close", "code": 1008})  # becomes 403
        return
    await answer(receive, send, key)
