"""Her way into a call, and the call."""

from django.http import HttpResponse
from django.urls import path, reverse

from wayhome.web.access import FamilyRequest, family
from wayhome.web.calls import page
from wayhome.web.calls.page import House
from wayhome.web.portal import decoy


def house() -> House:
    return House("portal/base.html", "portal:call_room", reverse("portal:calls"))


@family(methods=("POST",), form_at="portal:calls")
def call_enter(request: FamilyRequest) -> HttpResponse:
    """Use the link that works once. Under her second PIN nothing takes effect."""
    if decoy.is_decoy(request):
        return page.never_in(request, house())
    return page.enter(request, request.family, house())


@family()
def call_room(request: FamilyRequest) -> HttpResponse:
    """The waiting room and the call."""
    if decoy.is_decoy(request):
        return page.never_in(request, house())
    return page.room(request, house())


urlpatterns = [
    path("calls/enter/", call_enter, name="call_enter"),
    path("calls/room/", call_room, name="call_room"),
]
