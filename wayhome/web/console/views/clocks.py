"""The clock board: which deadlines of the law run, and which have passed."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import KIND_NAMES
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of


@allowed(Permission.SEE_CLOCKS, methods=("GET",))
def board(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    clocks = running_for(request.user)
    if kind := asked(request, "kind"):
        clocks = [clock for clock in clocks if clock.kind == kind]
    if number := asked(request, "q"):
        clocks = [clock for clock in clocks if number.casefold() in clock.number.casefold()]
    page = page_of(request, clocks)
    context = {
        "page": page,
        "rows": [(clock, clock.state(now)) for clock in page.object_list],
        "kinds": [(kind.value, words) for kind, words in KIND_NAMES.items()],
        "late": sum(clock.due_at < now for clock in clocks),
    }
    return render(request, "console/clocks/board.html", context)


urlpatterns = [path("clocks/", board, name="clocks")]
