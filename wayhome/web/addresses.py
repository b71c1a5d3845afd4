"""The whole address of a page, for what is printed."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse


def address_of(request: HttpRequest, name: str, *args: Any) -> str:
    """As families reach it (`WAYHOME_PUBLIC_URL`); where that is not set, as the browser called."""
    path = reverse(name, args=args)
    return (
        f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)
    )
