"""Fingerprints: of the dead, from before death, and both side by side."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.identifications.models import Identification
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.prints import actions
from wayhome.bureau.prints.models import Print
from wayhome.bureau.prints.queries import Prints, prints_between
from wayhome.bureau.prints.rules import FINGER_NAMES, Finger
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import identification_page
from wayhome.web.console.forms.prints import PrintForm
from wayhome.web.console.forms.remains import ReasonForm
from wayhome.web.console.views.custody import show_on
from wayhome.web.once import once, see_other
from wayhome.web.papers import to_read

EXAMINE, BEFORE = Permission.EXAMINE_REMAINS, Permission.SEE_ANTEMORTEM
WEIGH, SIGN = Permission.WEIGH_BY_CODE, Permission.SIGN_IDENTIFICATION


@allowed(EXAMINE)
@once
def of_remains(request: StaffRequest, remains_number: str) -> HttpResponse:
    """The prints of these remains, and one more."""
    rows = Remains.objects.visible_to(request.user).select_related("key")
    this = get_object_or_404(rows, bureau_number=remains_number)
    return _prints_of(request, this, actions.keep_of_remains, ("remains", "remains_prints"))


@allowed(BEFORE)
@once
def of_sought(request: StaffRequest, enquiry_number: str) -> HttpResponse:
    """Prints from before death of the person whom this enquiry seeks; no name stands here."""
    rows = Enquiry.objects.exclude(state=EnquiryState.FORGOTTEN).select_related("key")
    this = get_object_or_404(rows, bureau_number=enquiry_number)
    return _prints_of(request, this, actions.keep_of_sought, ("enquiry", "sought_prints"))


def _prints_of(
    request: StaffRequest,
    this: Remains | Enquiry,
    keep: Callable[..., Print],
    side: tuple[str, str],
) -> HttpResponse:
    """The page of one side: what is kept, and the form; a refused form stands there."""
    number, (end, page) = this.bureau_number, side
    whose: dict[str, Any] = {end: this}
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = PrintForm(*sent)
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            keep(taken=form.taken(), content=content, by=request.user, **whose)
            return see_other(f"console:{page}", number)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        journal.looked(subject=this, by=request.user, person=number, purpose="fingerprint")
    rows = Print.objects.visible_to(request.user).filter(**whose)
    kept = rows.select_related("key", "by", "taken_back_by")
    context = {
        "form": form,
        "number": number,
        "is_of_the_dead": isinstance(this, Remains),
        "prints": [_row(one, request.LANGUAGE_CODE) for one in kept],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/prints/prints.html", context, status=status)


def _row(kept: Print, language: str) -> dict[str, Any]:
    return {
        "print": shown(kept, "prints"),
        "finger": FINGER_NAMES[Finger(kept.finger)],
        "on": display(PartialDate(kept.on), language) if kept.on else "",
    }


@allowed(EXAMINE, BEFORE, methods=("GET",))
def picture(request: StaffRequest, print_id: Any) -> HttpResponse:
    """The print itself, for who may see its side. Its name in a browser says nothing."""
    rows = Print.objects.visible_to(request.user)
    return _picture(request, get_object_or_404(rows.select_related("key"), pk=print_id))


def _picture(request: StaffRequest, kept: Print) -> HttpResponse:
    try:
        content = actions.open_print(kept=kept, by=request.user)
    except (FileNotFoundError, CannotOpen):
        raise Http404 from None
    return to_read(content, "picture.jpg", "image/jpeg")


@allowed(EXAMINE, BEFORE)
@once
def take_back(request: StaffRequest, print_id: Any) -> HttpResponse:
    """It is of another finger, or of somebody else: with the reason it is compared no more."""
    rows = Print.objects.visible_to(request.user)
    kept = get_object_or_404(rows.select_related("key", "remains", "enquiry", "by"), pk=print_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    page = "console:remains_prints" if kept.remains_id else "console:sought_prints"
    if request.method == "POST" and form.is_valid():
        try:
            reason = clean_text(form.cleaned_data["reason"])
            actions.take_back(kept=kept, reason=reason, by=request.user)
            return see_other(page, kept.number)
        except Refused as refused:
            show_on(form, refused)
    context = {"form": form, "number": kept.number, **_row(kept, request.LANGUAGE_CODE)}
    status = 422 if request.method == "POST" else 200
    return render(request, "console/prints/back.html", context, status=status)


def _identification(request: StaffRequest, identification_id: Any) -> Identification:
    rows = Identification.objects.visible_to(request.user).select_related(
        "key", "remains__key", "remains__site", "enquiry__key", "captive__key", "opened_by"
    )
    return get_object_or_404(rows, pk=identification_id)


@allowed(WEIGH, SIGN, methods=("GET",))
def both(request: StaffRequest, identification_id: Any) -> HttpResponse:
    """Before death beside after it, finger by finger: for who weighs, and for the board."""
    this = _identification(request, identification_id)
    number = this.remains.bureau_number
    journal.looked(subject=this, by=request.user, person=number, purpose="fingerprint")
    kept = prints_between(this.remains, this.enquiry)
    context = {
        **identification_page.head(this, request.user),
        "fingers": [_finger(kept, one, request.LANGUAGE_CODE) for one in Finger if _has(kept, one)],
    }
    return render(request, "console/prints/both.html", context)


def _has(kept: Prints, finger: Finger) -> bool:
    return any(one.finger == finger for one in (*kept.before, *kept.after))


def _finger(kept: Prints, finger: Finger, language: str) -> dict[str, Any]:
    return {
        "finger": FINGER_NAMES[finger],
        "before": [_row(one, language) for one in kept.before if one.finger == finger],
        "after": [_row(one, language) for one in kept.after if one.finger == finger],
    }


@allowed(WEIGH, SIGN, methods=("GET",))
def of_identification(request: StaffRequest, identification_id: Any, print_id: Any) -> HttpResponse:
    """A print of one of the two sides that are held against each other; no other one."""
    this = _identification(request, identification_id)
    kept = prints_between(this.remains, this.enquiry)
    found = next((one for one in (*kept.before, *kept.after) if one.pk == print_id), None)
    if found is None:
        raise Http404
    return _picture(request, found)


urlpatterns = [
    path("remains/<str:remains_number>/prints/", of_remains, name="remains_prints"),
    path("prints/of/<str:enquiry_number>/", of_sought, name="sought_prints"),
    path("prints/<uuid:print_id>/", picture, name="print"),
    path("prints/<uuid:print_id>/back/", take_back, name="print_back"),
    path("identifications/<uuid:identification_id>/prints/", both, name="prints_both"),
    path(
        "identifications/<uuid:identification_id>/prints/<uuid:print_id>/",
        of_identification,
        name="print_of_both",
    ),
]
