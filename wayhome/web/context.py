"""What every page may show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _


def common(request: HttpRequest) -> dict[str, Any]:
    return {
        "demo": settings.DEMO,
        "quick_exit_url": settings.QUICK_EXIT_URL,
        "phone": _telephone(settings.PHONE),
        "icrc_phone": _telephone(settings.ICRC_PHONE),
        "sitting_open": bool(getattr(request, "sitting", None)),
    }


def _telephone(number: str) -> str:
    """A number as families read it: nobody may dial one of a demo in earnest."""
    return _("%(number)s (invented)") % {"number": number} if number and settings.DEMO else number
