"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def common(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "phone": settings.PHONE,
        "icrc_phone": settings.ICRC_PHONE,
        "sitting_open": bool(getattr(request, "sitting", None)),
    }
