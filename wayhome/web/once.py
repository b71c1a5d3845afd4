"""Creating forms take effect once: same key, same answer."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseRedirectBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal.models import Once
from wayhome.lib.refusal import Refusal, Refused

KEY_LENGTH = 64
OUT_OF_DATE = Refusal("form.key", _("This page is out of date. Open it again."))


def see_other(to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Redirect after a success, with 303."""
    response: HttpResponse = redirect(to, *args, **kwargs)
    response.status_code = 303
    return response


def key_of(request: HttpRequest) -> str:
    key: str = request.headers.get("Idempotency-Key") or request.POST.get("idempotency_key", "")
    return key[:KEY_LENGTH]


def why_not_press(request: HttpRequest) -> list[Refusal]:
    """A form of one button is empty without the key that its page gave it: then nothing is done."""
    return [] if key_of(request) else [OUT_OF_DATE]


def press(request: HttpRequest, act: Callable[[], object]) -> list[Refusal]:
    """Do what a form of one button asks for; what it was refused for, nothing where it was done."""
    refusals = why_not_press(request)
    if not refusals:
        try:
            act()
        except Refused as refused:
            refusals = list(refused.refusals)
    return refusals


def _whose(request: HttpRequest) -> str:
    if getattr(request, "family", None):
        return str(request.family.actor_id)  # type: ignore[attr-defined]
    if getattr(request, "sitting", None):
        return str(request.sitting.actor_id)  # type: ignore[attr-defined]
    if request.user.is_authenticated:
        return request.user.actor_id
    return f"session:{request.session.session_key or ''}"


class _NothingDone(Exception):
    """Takes the key back: the form was refused, so a mended one may come with the same key."""

    def __init__(self, response: HttpResponse) -> None:
        self.response = response


def once(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a creating view its effect at most once for each idempotency key.

    The view runs in the key's transaction: a second request with the same key waits for the
    first and is then sent where the first was sent. A refusal (4xx) gives the key back.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        key = key_of(request) if request.method == "POST" else ""
        if not key:
            return view(request, *args, **kwargs)
        try:
            with transaction.atomic():
                return _first_time(request, key, lambda: view(request, *args, **kwargs))
        except _NothingDone as nothing:
            return nothing.response

    return guarded


def _first_time(request: HttpRequest, key: str, answer: Callable[[], HttpResponse]) -> HttpResponse:
    whose = _whose(request)
    try:
        with transaction.atomic():
            taken = Once.objects.create(key=key, actor_id=whose, path=request.path[:200])
    except IntegrityError:
        done = Once.objects.get(key=key, actor_id=whose, path=request.path[:200])
        return see_other(done.location)
    response = answer()
    if not isinstance(response, HttpResponseRedirectBase):
        raise _NothingDone(response)
    taken.location = response.url
    taken.save(update_fields=["location"])
    return response
