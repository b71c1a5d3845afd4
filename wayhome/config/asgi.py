import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wayhome.config.settings")
pages = get_asgi_application()

# After it, since it sets Django up.
from wayhome.web.calls.door import socket  # noqa: E402


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Pages by Django; the lines of calls beside it."""
    await (socket if scope["type"] == "websocket" else pages)(scope, receive, send)
