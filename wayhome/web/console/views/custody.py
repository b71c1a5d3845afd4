"""What happens to a captive, what is done for him, how he is: each added to his record."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.captives.actions import (
    find_or_make_place,
    note_duty,
    note_health,
    record_custody_event,
)
from wayhome.bureau.captives.models import Captive, Place
from wayhome.bureau.captives.rules import EventKind, Purpose, why_not_record_any
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.custody import DutyForm, EventForm, HealthForm
from wayhome.web.once import once, see_other

RECORD, NOTE_HEALTH = Permission.RECORD_CUSTODY, Permission.NOTE_HEALTH
# What the rules call a field, and where it stands in the form.
FIELDS = {"happened_at": "on", "at": "on"}


def one(request: StaffRequest, captive_number: str) -> Captive:
    rows = Captive.objects.visible_to(request.user).select_related("key", "site", "same_as")
    return get_object_or_404(rows, bureau_number=captive_number)


def look(request: StaffRequest, man: Captive, purpose: Purpose) -> None:
    """A page whose purpose is plain: it is not asked, but it is in the journal."""
    journal.looked(subject=man, by=request.user, person=man.bureau_number, purpose=purpose.value)


def answer(
    request: StaffRequest, name: str, man: Captive, form: forms.Form, **more: Any
) -> HttpResponse:
    context = {"form": form, "captive": shown(man, "file"), **more}
    status = 422 if request.method == "POST" else 200
    return render(request, f"console/captives/{name}.html", context, status=status)


def show_on(form: forms.Form, refused: Refused) -> None:
    """Each refusal at its field, or above the form."""
    for refusal in refused.refusals:
        field = FIELDS.get(refusal.field, refusal.field)
        form.add_error(field if field in form.fields else None, str(refusal.reason))


@allowed(RECORD)
@once
def event(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Add the next event of his custody."""
    man = one(request, captive_number)
    last = man.last_event()
    last_kind = EventKind(last.kind) if last else None
    form = EventForm(
        request.POST if request.method == "POST" else None,
        last_kind=last_kind,
        places=Place.objects.visible_to(request.user).order_by("name"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            _record(request, man, form)
            return see_other("console:captive", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CUSTODY)
    return answer(request, "event", man, form, refusal=why_not_record_any(last_kind))


@transaction.atomic
def _record(request: StaffRequest, man: Captive, form: EventForm) -> None:
    """A refused event leaves no new place behind."""
    name = form.cleaned_data["new_place"]
    place = find_or_make_place(site=man.site, name=name, by=request.user) if name else None
    record_custody_event(captive=man, happened=form.happened(place), by=request.user)


@allowed(RECORD)
@once
def duty(request: StaffRequest, captive_number: str) -> HttpResponse:
    """Note that he was told his rights, or given his cards."""
    man = one(request, captive_number)
    form = DutyForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note_duty(captive=man, done=form.done(), by=request.user)
            return see_other("console:captive", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.CUSTODY)
    return answer(request, "duty", man, form)


@allowed(NOTE_HEALTH)
@once
def health(request: StaffRequest, captive_number: str) -> HttpResponse:
    """The physician's note."""
    man = one(request, captive_number)
    form = HealthForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            note_health(captive=man, by=request.user, **form.note_of())
            return see_other("console:captive", man.bureau_number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        look(request, man, Purpose.HEALTH)
    return answer(request, "health", man, form)


urlpatterns = [
    path("captives/<str:captive_number>/event/", event, name="custody_event"),
    path("captives/<str:captive_number>/duty/", duty, name="duty"),
    path("captives/<str:captive_number>/health/", health, name="health"),
]
