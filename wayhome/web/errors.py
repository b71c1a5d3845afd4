"""Error pages with a number to quote, and a log that holds numbers, never names."""

import logging
import secrets
import sys
import traceback
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

log = logging.getLogger("wayhome.web")


def _page(request: HttpRequest, status: int) -> HttpResponse:
    number = secrets.token_hex(4).upper()
    kind, _, where = sys.exc_info()
    level = logging.ERROR if status >= 500 else logging.INFO
    log.log(level, "error %s: %s %s", number, status, kind.__name__ if kind else "")
    if status >= 500 and where is not None:
        # The frames without the exception's own words: those may quote what somebody typed.
        log.error("error %s at:\n%s", number, "".join(traceback.format_tb(where)))
    context = {"error_number": number, "demo": False}
    return render(request, f"{status}.html", context, status=status)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:
    return _page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(
        request, "403_csrf.html", {"error_number": secrets.token_hex(4).upper()}, status=403
    )
