"""A page that keeps itself on a phone: a shell with nobody in it, and the worker that keeps it."""

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from csp.constants import SELF
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse

from wayhome.lib.refusal import Refusal

UNPROCESSABLE = 422


@dataclass(frozen=True)
class Shell:
    """Under which name it lies on the phone, the page, and the files that it needs."""

    store: str
    page: str
    files: tuple[str, ...]


def may_stay(response: HttpResponse) -> HttpResponse:
    """Of all our pages the shells alone may keep themselves on the device."""
    setattr(response, "_csp_update", {"worker-src": [SELF], "manifest-src": [SELF]})
    return response


def worker_of(request: HttpRequest, shell: Shell) -> HttpResponse:
    """The service worker of one shell."""
    told = {
        "store": shell.store,
        "version": _version(shell.files),
        "page": reverse(shell.page),
        "files": [static(name) for name in shell.files],
    }
    context = {"told": json.dumps(told)}
    return render(request, "escort/worker.js", context, content_type="text/javascript")


@cache
def _version(files: tuple[str, ...]) -> str:
    """Another one as soon as one octet of the shell's files is another."""
    digest = hashlib.sha256()
    for name in files:
        found = finders.find(name)
        assert isinstance(found, str), name
        digest.update(Path(found).read_bytes())
    return digest.hexdigest()[:16]


def told_why(request: HttpRequest, *refusals: Refusal, status: int = UNPROCESSABLE) -> HttpResponse:
    """Why it was refused: a page, of which the script shows the reasons."""
    return render(request, "escort/refused.html", {"refusals": refusals}, status=status)
