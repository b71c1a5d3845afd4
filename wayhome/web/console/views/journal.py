"""The auditor's journal: filtered by person, staff member, action and purpose; verified."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date

from wayhome.bureau.journal.models import Checkpoint, Entry
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by

COLUMNS = {"at": "at", "seq": "seq", "actor": "actor_id", "action": "action", "person": "person"}
FILTERS = {
    "person": "person__iexact",
    "actor": "actor_id__iexact",
    "role": "actor_role",
    "action": "action__icontains",
    "purpose": "purpose__icontains",
    "subject": "subject_id__iexact",
}


@allowed(Permission.READ_JOURNAL, methods=("GET",))
def entries(request: StaffRequest) -> HttpResponse:
    found = _filtered(request, Entry.objects.visible_to(request.user))
    context = {
        "page": page_of(request, sorted_by(request, found, COLUMNS, "-at")),
        "filters": {name: asked(request, name) for name in (*FILTERS, "since", "until")},
        "last": Checkpoint.objects.order_by("-size").first(),
    }
    return render(request, "console/journal/entries.html", context)


def _filtered(request: StaffRequest, rows: "QuerySet[Entry]") -> "QuerySet[Entry]":
    lookups: dict[str, Any] = {
        lookup: asked(request, name) for name, lookup in FILTERS.items() if asked(request, name)
    }
    for name, lookup in (("since", "at__date__gte"), ("until", "at__date__lte")):
        try:
            day = parse_date(asked(request, name))
        except ValueError:
            day = None
        if day:
            lookups[lookup] = day
    return rows.filter(**lookups)


@allowed(Permission.READ_JOURNAL, methods=("GET",))
def verification(request: StaffRequest) -> HttpResponse:
    """The page, and with `?now` the verification itself, which only reads."""
    finding = verify() if "now" in request.GET else None
    return render(request, "console/journal/verification.html", {"finding": finding})


urlpatterns = [
    path("journal/", entries, name="journal"),
    path("journal/verification/", verification, name="journal_verification"),
]
