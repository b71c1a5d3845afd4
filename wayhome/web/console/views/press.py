"""Requests of the press: refused with the article, kept, and answered by a letter (P9)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.press.actions import refuse_request
from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.press.printing import letter_of
from wayhome.bureau.press.rules import ASKED_NAMES, Asked, why_not_publish
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.press import PressForm
from wayhome.web.console.listing import page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other
from wayhome.web.papers import to_read

REFUSE, SEE = Permission.REFUSE_PRESS, Permission.SEE_PRESS
COLUMNS = {"at": "at", "asked": "asked"}


@allowed(REFUSE, SEE, methods=("GET",))
def press(request: StaffRequest) -> HttpResponse:
    """The requests until now, the newest first."""
    rows = PressRequest.objects.visible_to(request.user).select_related("key", "by")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-at"))
    context = {
        "page": page,
        "may_refuse": request.user.may(REFUSE),
        "rows": [_row(one) for one in page.object_list],
    }
    return render(request, "console/press/press.html", context)


def _row(one: PressRequest) -> dict[str, Any]:
    return {
        "one": shown(one, "press"),
        "reference": one.reference,
        "asked": ASKED_NAMES[Asked(one.asked)],
        "refusal": why_not_publish(Asked(one.asked)),
    }


@allowed(REFUSE)
@once
def new(request: StaffRequest) -> HttpResponse:
    """A request is written down, and by that refused."""
    form = PressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            asked = Asked(form.cleaned_data["asked"])
            kept = refuse_request(asked=asked, **form.given(), by=request.user)
            return see_other("console:press_request", kept.pk)
        except Refused as refused:
            show_on(form, refused)
    status = 422 if request.method == "POST" else 200
    return render(request, "console/press/new.html", {"form": form}, status=status)


def _one(request: StaffRequest, press_id: Any) -> PressRequest:
    rows = PressRequest.objects.visible_to(request.user).select_related("key", "by")
    return get_object_or_404(rows, pk=press_id)


@allowed(REFUSE, SEE, methods=("GET",))
def press_request(request: StaffRequest, press_id: Any) -> HttpResponse:
    """One request, the article by which it was refused, and the letter."""
    return render(request, "console/press/request.html", _row(_one(request, press_id)))


@allowed(REFUSE, SEE, methods=("GET",))
def letter(request: StaffRequest, press_id: Any) -> HttpResponse:
    """The letter of refusal, to be printed or sent."""
    one = _one(request, press_id)
    return to_read(letter_of(one), f"{one.reference}.pdf")


urlpatterns = [
    path("press/", press, name="press"),
    path("press/new/", new, name="press_new"),
    path("press/<uuid:press_id>/", press_request, name="press_request"),
    path("press/<uuid:press_id>/letter.pdf", letter, name="press_letter"),
]
