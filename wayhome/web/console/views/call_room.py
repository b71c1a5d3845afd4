"""The way into a call of whoever accompanies it, and the call."""

from django.http import HttpResponse
from django.urls import path, reverse

from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.calls import page
from wayhome.web.calls.page import House


def house() -> House:
    return House("console/base.html", "console:call_room", reverse("console:calls"))


@allowed(Permission.ARRANGE_CALL, methods=("POST",), form_at="console:calls")
def call_enter(request: StaffRequest) -> HttpResponse:
    """Use the link that works once."""
    return page.enter(request, request.user, house())


@allowed(Permission.ARRANGE_CALL, methods=("GET",))
def call_room(request: StaffRequest) -> HttpResponse:
    """The waiting room and the call."""
    return page.room(request, house())


urlpatterns = [
    path("calls/enter/", call_enter, name="call_enter"),
    path("calls/room/", call_room, name="call_room"),
]
