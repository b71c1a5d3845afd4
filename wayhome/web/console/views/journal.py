"""The auditor's journal: filtered by person, staff member, case and purpose; verified."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal.models import Checkpoint, Entry
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.journal.wording import ACTIONS, PURPOSES, fault_in_words
from wayhome.bureau.staff.permissions import ROLE_NAMES, Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console import file_page
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.wording import DUTIES
from wayhome.web.console.wording_enquiries import SOURCES

ROLES = {
    **{role.value: words for role, words in ROLE_NAMES.items()},
    "machine": _("the bureau itself"),
}
# Of many entries the purpose is a value that another page names in words.
SAID_ELSEWHERE: "dict[str, Any]" = {**ROLES, **SOURCES, **DUTIES, **file_page.KINDS}
COLUMNS = {"at": "at", "seq": "seq", "actor": "actor_id", "action": "action", "person": "person"}
FILTERS = {
    "person": "person__iexact",
    "actor": "actor_id__iexact",
    "role": "actor_role",
    "action": "action",
    "purpose": "purpose__icontains",
    "subject": "subject_id__iexact",
}


@allowed(Permission.READ_JOURNAL, methods=("GET",))
def entries(request: StaffRequest) -> HttpResponse:
    found = _filtered(request, Entry.objects.visible_to(request.user))
    page = page_of(request, sorted_by(request, found, COLUMNS, "-at"))
    context = {
        "page": page,
        "rows": [_row(entry) for entry in page.object_list],
        "actions": _in_words(ACTIONS),
        "roles": _in_words(ROLES),
        "purposes": _in_words(PURPOSES),
        "filters": {name: asked(request, name) for name in (*FILTERS, "since", "until")},
        "last": Checkpoint.objects.order_by("-size").first(),
    }
    return render(request, "console/journal/entries.html", context)


def _row(entry: Entry) -> dict[str, Any]:
    """An entry in the auditor's language; a purpose that is a code or a number stays as it is."""
    return {
        "entry": entry,
        "action": ACTIONS.get(entry.action, entry.action),
        "role": ROLES.get(entry.actor_role, entry.actor_role),
        "purpose": PURPOSES.get(entry.purpose) or SAID_ELSEWHERE.get(entry.purpose, entry.purpose),
    }


def _in_words(words: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Choices in the order of their words."""
    return sorted(words.items(), key=lambda choice: str(choice[1]))


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
    context = {"finding": finding, "what": fault_in_words(finding.what) if finding else ""}
    return render(request, "console/journal/verification.html", context)


urlpatterns = [
    path("journal/", entries, name="journal"),
    path("journal/verification/", verification, name="journal_verification"),
]
