"""Parcels: those that wait to be opened before him, and what was taken out of the others."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.rules import Purpose
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare import actions
from wayhome.bureau.welfare.models import Parcel
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import welfare_page
from wayhome.web.console.forms.welfare import OpeningForm, ParcelForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import look, one, show_on
from wayhome.web.once import once, see_other

COLUMNS = {
    "arrived": "arrived_at",
    "opened": "opened_at",
    "number": "captive__bureau_number",
}
STATES = {"waits": _("not opened yet"), "opened": _("opened")}


@allowed(Permission.SEE_WELFARE, methods=("GET",))
def parcels(request: StaffRequest) -> HttpResponse:
    """All parcels; those that wait are the first choice of the filter."""
    rows = Parcel.objects.visible_to(request.user).select_related(
        "captive", "key", "by", "opened_by"
    )
    state = asked(request, "state")
    if state in STATES:
        rows = rows.filter(opened_at__isnull=state == "waits")
    if text := asked(request, "q"):
        rows = rows.filter(captive__in=captives_named(text, by=request.user))
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-arrived"))
    context = {
        "page": page,
        "rows": [
            (row, shown(parcel.captive, "file"))
            for row, parcel in zip(welfare_page.parcels(page), page, strict=True)
        ],
        "states": list(STATES.items()),
        "filtered": bool(state or asked(request, "q")),
        "may_keep": request.user.may(Permission.KEEP_WELFARE),
    }
    return render(request, "console/welfare/parcels.html", context)


@allowed(Permission.KEEP_WELFARE)
@once
def new(request: StaffRequest, captive_number: str) -> HttpResponse:
    """A parcel came for him."""
    man = one(request, captive_number)
    sent = request.POST if request.method == "POST" else None
    form = ParcelForm(sent, initial={"arrived_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        sender = clean_line(form.cleaned_data["sender"])
        try:
            actions.note_parcel(
                captive=man, sender=sender, arrived_at=form.arrived_at(), by=request.user
            )
            return see_other("console:welfare", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CARE)
    context = {"form": form, "captive": shown(man, "file")}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/parcel_new.html", context, status=status)


@allowed(Permission.KEEP_WELFARE)
@once
def parcel(request: StaffRequest, parcel_id: Any) -> HttpResponse:
    """Open it before him, and write what was taken out; or read what was written."""
    rows = Parcel.objects.visible_to(request.user).select_related("captive", "key", "opened_by")
    this = get_object_or_404(rows, pk=parcel_id)
    form = OpeningForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.open_parcel(parcel=this, by=request.user, **form.said())
            return see_other("console:welfare", this.captive.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, this.captive, Purpose.CARE)
    (row,) = welfare_page.parcels([this])
    context = {
        "form": None if this.opened_at and request.method == "GET" else form,
        "captive": shown(this.captive, "file"),
        "row": row,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/welfare/parcel.html", context, status=status)


urlpatterns = [
    path("parcels/", parcels, name="parcels"),
    path("parcels/<uuid:parcel_id>/", parcel, name="parcel"),
    path("captives/<str:captive_number>/parcels/new/", new, name="parcel_new"),
]
