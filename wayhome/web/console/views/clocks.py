"""The clock board: which deadlines of the law run, and which have passed."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone

from wayhome.bureau.oversight.clocks import MOST_OF_A_KIND, late_by_kind, running_for
from wayhome.bureau.oversight.rules import KIND_NAMES, OF_A_SITE, Clock, ClockKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of


@allowed(Permission.SEE_CLOCKS, methods=("GET",))
def board(request: StaffRequest) -> HttpResponse:
    now = timezone.now()
    clocks = running_for(request.user, number=asked(request, "q"))
    if kind := asked(request, "kind"):
        clocks = [clock for clock in clocks if clock.kind == kind]
    page, late = page_of(request, clocks), late_by_kind(request.user, now)
    context = {
        "page": page,
        "rows": [
            (clock, clock.state(now), _where(clock, request.user)) for clock in page.object_list
        ],
        "kinds": [(kind.value, words) for kind, words in KIND_NAMES.items()],
        "late": [(kind.value, KIND_NAMES[kind], number) for kind, number in late.items()],
        "late_in_all": sum(late.values()),
        "most": MOST_OF_A_KIND,
    }
    return render(request, "console/clocks/board.html", context)


PAGES = {
    "console:welfare": {ClockKind.RECEIPT, ClockKind.PARCEL, ClockKind.EFFECTS},
    "console:day_book": {ClockKind.DAY_BOOK},
    "console:his_health": {ClockKind.WEEKLY_NOTE, ClockKind.INSPECTION, ClockKind.CERTIFICATE},
    "console:duty": {ClockKind.RIGHTS, ClockKind.FAMILY_CARD, ClockKind.AGENCY_CARD},
}
NEEDED = {
    "console:welfare": Permission.SEE_WELFARE,
    "console:day_book": Permission.SEE_WELFARE,
    "console:his_health": Permission.SEE_HEALTH,
    "console:duty": Permission.RECORD_CUSTODY,
}


def _page_of(kind: ClockKind, person: Staff) -> str:
    """Where this kind of clock is met, if it is theirs to open."""
    theirs = (name for name, kinds in PAGES.items() if kind in kinds and person.may(NEEDED[name]))
    return next(theirs, "")


def _where(clock: Clock, person: Staff) -> str:
    """The page on which this person can meet the deadline; "" where none is theirs."""
    if clock.kind == ClockKind.ASKED and person.may(Permission.OPEN_SITTING):
        return reverse("console:sitting", args=[clock.number])
    if clock.kind == ClockKind.NOTICE and person.may(Permission.SEE_OUTBOX):
        return f"{reverse('console:outbox')}?{urlencode({'q': clock.number})}"
    if clock.kind == ClockKind.COMPLAINT:  # their list; his file is no part of it
        return reverse("console:complaints")
    if clock.kind == ClockKind.REVIEW and person.may(Permission.DECIDE_APPLICATION):
        return f"{reverse('console:applications')}?{urlencode({'q': clock.number})}"
    if clock.kind == ClockKind.DEATH_TO_TELL and person.may(Permission.TELL_FAMILY):
        return reverse("console:deaths")
    if name := _page_of(clock.kind, person):
        return reverse(name) if clock.kind in OF_A_SITE else reverse(name, args=[clock.number])
    if person.may(Permission.SEE_CAPTIVE) and clock.kind not in OF_A_SITE:
        return reverse("console:captive", args=[clock.number])
    return ""


urlpatterns = [path("clocks/", board, name="clocks")]
