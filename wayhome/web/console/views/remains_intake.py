"""Lorries: open one with its list, tick bags in by keyboard, see what differs, close it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains import actions
from wayhome.bureau.remains.models import BagLine, Intake, Remains
from wayhome.bureau.remains.printing import bag_labels, seal_labels
from wayhome.bureau.staff.disclosure import shown
from wayhome.lib.refusal import Refused
from wayhome.lib.text import clean_line, clean_text
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import remains_page
from wayhome.web.console.forms.remains import BagForm, CloseForm, LorryForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.remains import RECORD
from wayhome.web.once import once, see_other, why_not_press
from wayhome.web.papers import to_read

COLUMNS = {"arrived": "arrived_at", "closed": "closed_at"}
SHOWN = {"missing": _("on the list, not in the lorry"), "unlisted": _("in the lorry, on no list"),
         "came": _("came")}  # fmt: skip
LATEST = 5


@allowed(RECORD)
@once
def lorries(request: StaffRequest) -> HttpResponse:
    """Open a lorry's intake; below it the lorries of this site."""
    form = LorryForm()
    if request.method == "POST":
        form = LorryForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                intake = actions.open_intake(
                    lorry=form.lorry(), bags=form.list_of_bags(), by=request.user
                )
                return see_other("console:lorry", intake.pk)
            except Refused as refused:
                show_on(form, refused)
    rows = Intake.objects.visible_to(request.user).select_related("key", "site", "by")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "-arrived"))
    context = {
        "form": form,
        "page": page,
        "lorries": [(shown(each, "file"), actions.count(each)) for each in page.object_list],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/lorries.html", context, status=status)


def _one(request: StaffRequest, lorry_id: Any) -> Intake:
    rows = Intake.objects.visible_to(request.user).select_related("key", "site", "by", "closed_by")
    return get_object_or_404(rows, pk=lorry_id)


@allowed(RECORD)
@once
def lorry(request: StaffRequest, lorry_id: Any) -> HttpResponse:
    """One lorry: its list, a box for the next bag, what differs."""
    intake = _one(request, lorry_id)
    form = BagForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            bag = clean_line(form.cleaned_data["bag"])
            actions.take_in(intake=intake, bag=bag, by=request.user)
            return see_other("console:lorry", intake.pk)
        except Refused as refused:
            show_on(form, refused)
    elif request.method == "GET":
        journal.looked(subject=intake, by=request.user, person="", purpose="remains")
    status = 422 if request.method == "POST" else 200
    context = {**_page(request, intake), "form": form}
    return render(request, "console/remains/lorry.html", context, status=status)


def _page(request: StaffRequest, intake: Intake) -> dict[str, Any]:
    lines = intake.lines.select_related("remains", "came_by")
    latest = lines.filter(remains__isnull=False).order_by("-came_at")[:LATEST]
    page = page_of(request, _shown(lines, asked(request, "show")).order_by("place"))
    return {
        "lorry": shown(intake, "file"),
        "brought": intake.brought or {},
        "count": actions.count(intake),
        "latest": [remains_page.bag(line) for line in latest],
        "page": page,
        "bags": [remains_page.bag(line) for line in page.object_list],
        "tabs": list(SHOWN.items()),
        "show": asked(request, "show"),
    }


def _shown(lines: Any, which: str) -> Any:
    if which == "missing":
        return lines.filter(listed=True, remains=None)
    if which == "unlisted":
        return lines.filter(listed=False)
    return lines.filter(remains__isnull=False) if which == "came" else lines


@allowed(RECORD)
@once
def close(request: StaffRequest, lorry_id: Any) -> HttpResponse:
    """Close it; what differs is kept with what is known of it."""
    intake = _one(request, lorry_id)
    form = CloseForm(request.POST if request.method == "POST" else None)
    refusals = why_not_press(request) if request.method == "POST" else []
    if request.method == "POST" and form.is_valid() and not refusals:
        try:
            words = clean_text(form.cleaned_data["words"])
            actions.close_intake(intake=intake, words=words, by=request.user)
            return see_other("console:lorry", intake.pk)
        except Refused as refused:
            show_on(form, refused)
    differing = [
        remains_page.bag(line)
        for line in intake.lines.select_related("remains")
        if not line.listed or line.remains_id is None
    ]
    context = {
        "lorry": shown(intake, "file"),
        "count": actions.count(intake),
        "differing": differing,
        "form": form,
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/remains/close.html", context, status=status)


@allowed(RECORD, methods=("GET",))
def lorry_labels(request: StaffRequest, lorry_id: Any) -> HttpResponse:
    """The labels of all bags that came, in the order of the list; with ?of=seal of their seals."""
    intake = _one(request, lorry_id)
    lines = BagLine.objects.filter(intake=intake, remains__isnull=False).order_by("place")
    ids = list(lines.values_list("remains_id", flat=True))
    found = Remains.objects.select_related("key").in_bulk(ids)
    journal.looked(subject=intake, by=request.user, person="", purpose="labels printed")
    make = seal_labels if asked(request, "of") == "seal" else bag_labels
    return to_read(make([found[pk] for pk in ids], request.LANGUAGE_CODE), "labels.pdf")


urlpatterns = [
    path("remains/lorries/", lorries, name="lorries"),
    path("remains/lorries/<uuid:lorry_id>/", lorry, name="lorry"),
    path("remains/lorries/<uuid:lorry_id>/close/", close, name="lorry_close"),
    path("remains/lorries/<uuid:lorry_id>/labels/", lorry_labels, name="lorry_labels"),
]
