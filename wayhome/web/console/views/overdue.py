"""For the auditor: every deadline that passed, found by the machine, whether met since or not."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.oversight.rules import DEADLINES, KIND_NAMES, ClockKind
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by

COLUMNS = {"due": "due_at", "number": "number", "found": "found_at", "met": "met_at"}
STATES = {"open": _("not met yet"), "met": _("met late")}


@allowed(Permission.READ_JOURNAL, methods=("GET",))
def overdue(request: StaffRequest) -> HttpResponse:
    rows = Overdue.objects.visible_to(request.user)
    state, kind, number = (asked(request, name) for name in ("state", "kind", "q"))
    if state in STATES:
        rows = rows.filter(met_at__isnull=state == "open")
    if kind in set(ClockKind):
        rows = rows.filter(kind=kind)
    if number:
        rows = rows.filter(number__icontains=number)
    page = page_of(request, sorted_by(request, rows, COLUMNS, "due"))
    context = {
        "page": page,
        "rows": [
            (shown(each, "journal"), DEADLINES[ClockKind(each.kind)]) for each in page.object_list
        ],
        "kinds": [(each.value, words) for each, words in KIND_NAMES.items()],
        "states": list(STATES.items()),
        "filtered": bool(state or kind or number),
        "open": Overdue.objects.visible_to(request.user).not_met().count(),
    }
    return render(request, "console/welfare/overdue.html", context)


urlpatterns = [path("overdue/", overdue, name="overdue")]
