"""Come in by a link that works once, and the page of the call: the same for all who take part."""

import json
import secrets
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import CallParty
from wayhome.bureau.contact.calls.rules import (
    LINK_USED,
    REASON_NAMES,
    STAFF_KINDS,
    TO_END,
    TO_MUTE,
    TWO_TABS,
    PartyKind,
)
from wayhome.bureau.lines import actions as lines
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.calls.door import PATH
from wayhome.web.calls.who import KEY, Person, caller_of
from wayhome.web.calls.words import words_for
from wayhome.web.once import see_other

UNPROCESSABLE = 422
DEVICE_BYTES = 24
# Pages of a call alone may ask for the camera (web/headers.py forbids it to all others).
CAMERA = "camera=(self), microphone=(self), geolocation=(), interest-cohort=()"
NOT_IN = Refusal("call.none_open", _("No call is open in this window. Open it on your own page."))


class LinkForm(forms.Form):
    """The link that works once, from the person's own page."""

    token = forms.CharField(max_length=400)


@dataclass(frozen=True)
class House:
    """Portal, tablet or console: whose pages, and where one goes from the call."""

    base: str
    room: str  # name of the address of the call
    own_page: str  # address of the page from which one came


def enter(request: HttpRequest, person: Person, house: House) -> HttpResponse:
    """Use the link; on a refusal say why, and nothing is done."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        return _refused(request, house, NOT_IN)
    device = secrets.token_urlsafe(DEVICE_BYTES)
    try:
        party = calls.enter(token=form.cleaned_data["token"], device=device, by=person)
    except Refused as refused:
        return _refused(request, house, refused.refusal)
    request.session[KEY] = {"party": str(party.pk), "device": device}
    return see_other(house.room)


def room(request: HttpRequest, house: House) -> HttpResponse:
    """The waiting room and the call. A second window of it is told so, plainly."""
    caller = caller_of(request.session.session_key or "")
    if caller is None:
        return never_in(request, house)
    party = caller.party
    is_over = party.left_at is not None or party.call.over_at is not None
    if is_over and not calls.seconds_until_told(party):
        return see_other(house.own_page)
    if party.is_alive(timezone.now()):
        return _page(request, house, {"refusal": TWO_TABS, "again": True}, 200)
    response = render(request, "calls/room.html", context(party, house))
    response.headers["Permissions-Policy"] = CAMERA
    return response


def context(party: CallParty, house: House) -> dict[str, Any]:
    """What the page is made of."""
    staff = party.kind in STAFF_KINDS
    kinds = CallParty.objects.filter(call=party.call_id).values_list("kind", flat=True)
    return {
        "base": house.base,
        "line": PATH,
        "kind": party.kind,
        "is_staff": staff,
        "is_supervisor": party.kind == PartyKind.SUPERVISOR,
        "words": json.dumps(words_for(staff=staff), ensure_ascii=False),
        "own_page": house.own_page,
        "with_interpreter": PartyKind.INTERPRETER in set(kinds),
        "minutes": party.call.minutes,
        "no_relay": lines.relay() is None,
        "mute_reasons": [(each.value, REASON_NAMES[each]) for each in TO_MUTE],
        "end_reasons": [(each.value, REASON_NAMES[each]) for each in TO_END],
    }


def never_in(request: HttpRequest, house: House) -> HttpResponse:
    """What somebody meets who has no call: opened, or entered by no link or by a used one."""
    if request.method != "POST":
        return _page(request, house, {"none_open": NOT_IN.reason}, 200)
    came = LinkForm(request.POST).is_valid()
    return _refused(request, house, LINK_USED if came else NOT_IN)


def _refused(request: HttpRequest, house: House, refusal: Refusal) -> HttpResponse:
    return _page(request, house, {"refusal": refusal}, UNPROCESSABLE)


def _page(request: HttpRequest, house: House, told: dict[str, Any], status: int) -> HttpResponse:
    own = {"base": house.base, "own_page": house.own_page, "room": house.room}
    return render(request, "calls/not_in.html", {**own, **told}, status=status)
