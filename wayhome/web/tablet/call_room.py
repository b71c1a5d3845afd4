"""His way into a call, and the call."""

from django.http import HttpResponse
from django.urls import path, reverse

from wayhome.bureau.consents.sittings import touch
from wayhome.web.access import CaptiveRequest, captive
from wayhome.web.calls import page
from wayhome.web.calls.page import House


def house() -> House:
    return House("tablet/base.html", "tablet:call_room", reverse("tablet:calls"))


@captive(methods=("POST",), form_at="tablet:call")
def call_enter(request: CaptiveRequest) -> HttpResponse:
    """Use the link that works once."""
    touch(request.sitting)
    return page.enter(request, request.sitting, house())


@captive()
def call_room(request: CaptiveRequest) -> HttpResponse:
    """The waiting room and the call."""
    touch(request.sitting)
    return page.room(request, house())


urlpatterns = [
    path("calls/enter/", call_enter, name="call_enter"),
    path("calls/room/", call_room, name="call_room"),
]
