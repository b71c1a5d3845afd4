"""Journeys that a published plan promises, and families to be told of their day."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import Journey, JourneyNews, Leg, Plan
from wayhome.bureau.journeys.queries import to_tell
from wayhome.bureau.journeys.rules.plans import (
    CANCELLED_NAMES,
    JOURNEY_STATES,
    Cancelled,
    JourneyState,
)
from wayhome.bureau.journeys.rules.resources import ZONES
from wayhome.bureau.journeys.telling import note_told, words_of
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other

PLAN, TELL = Permission.PLAN_JOURNEYS, Permission.TELL_FAMILY
COLUMNS = {"on": "on", "state": "state"}
TAGS = {
    JourneyState.PLANNED: "soon",
    JourneyState.CONFIRMED: "now",
    JourneyState.OUT: "done",
    JourneyState.CANCELLED: "late",
}


@allowed(PLAN, methods=("GET",))
def journeys(request: StaffRequest) -> HttpResponse:
    """Every journey that was promised; those that stand, unless others are asked for."""
    rows = Journey.objects.visible_to(request.user)
    state = asked(request, "state")
    rows = rows.filter(state=state) if state in list(JourneyState) else rows.standing()
    on = asked(request, "on")
    if day := parse_day(on):
        rows = rows.filter(on=day)
    if text := asked(request, "q"):
        rows = rows.filter(application__captive__surname__icontains=text) | rows.filter(
            application__captive__bureau_number__iexact=text
        )
    rows = rows.select_related("application__captive", "way", "escort")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "on"))
    context = {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "states": [(each.value, name) for each, name in JOURNEY_STATES.items()],
        "state": state,
        "on": on,
        "q": text,
        "published": Plan.objects.visible_to(request.user).published(),
    }
    return render(request, "console/journeys/journeys.html", context)


def parse_day(text: str) -> date | None:
    """A day as a browser's field gives it; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _row(one: Journey) -> dict[str, Any]:
    state = JourneyState(one.state)
    return {
        "journey": shown(one, "file"),
        "captive": one.application.captive,
        "state": JOURNEY_STATES[state],
        "tag": TAGS[state],
    }


@allowed(PLAN, methods=("GET",))
def journey(request: StaffRequest, journey_id: Any) -> HttpResponse:
    """One journey: its legs with their hours, and all that it was given."""
    one = get_object_or_404(Journey.objects.visible_to(request.user).with_all(), pk=journey_id)
    captive = one.application.captive
    number = captive.bureau_number if captive else ""
    journal.looked(subject=one, by=request.user, person=number, purpose="application")
    return _page(request, one)


def _page(request: StaffRequest, one: Journey, **more: Any) -> HttpResponse:
    context = {
        **_row(one),
        "cancelled": CANCELLED_NAMES[Cancelled(one.cancelled)] if one.cancelled else "",
        "legs": [_leg(each) for each in one.legs.order_by("number")],
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/journey.html", context, status=status)


def _leg(leg: Leg) -> dict[str, str]:
    return {
        "begins": leg.begins,
        "ends": leg.ends,
        "departs": _hour(leg.departs_at, leg.departs_zone),
        "arrives": _hour(leg.arrives_at, leg.arrives_zone),
    }


def _hour(moment: Any, zone: str) -> str:
    there = moment.astimezone(ZoneInfo(zone))
    return f"{there:%d.%m.%Y %H:%M} {ZONES.get(zone, zone)}"


# Families to be told by a person.


@allowed(TELL, methods=("GET",))
def news(request: StaffRequest) -> HttpResponse:
    """Families who are called: those with whom a person must speak first stand elsewhere."""
    rows = to_tell(request.user).select_related("journey__application__enquiry")
    page = page_of(request, rows.order_by("at", "pk"))
    return render(request, "console/journeys/news.html", {"page": page})


@allowed(TELL)
@once
def tell(request: StaffRequest, news_id: Any) -> HttpResponse:
    """One of them: the words to read to her, and that it is done."""
    rows = JourneyNews.objects.visible_to(request.user)
    rows = rows.select_related("journey__application__enquiry__enquirer__key", "journey__way")
    one = get_object_or_404(rows, pk=news_id)
    enquiry = one.journey.application.enquiry
    assert enquiry is not None, "a journey is a family's"
    refusals: list[Any] = []
    if request.method == "POST":
        refusals = press(request, lambda: note_told(news=one, by=request.user))
        if not refusals:
            return see_other("console:journey_news")
    else:
        number = enquiry.bureau_number
        journal.looked(subject=one, by=request.user, person=number, purpose="application")
    enquirer = enquiry.enquirer
    context = {
        "number": enquiry.bureau_number,
        "name": enquirer.name or "–",
        "contact": enquirer.contact or {},
        "language": LANGUAGE_NAMES.get(enquirer.language, enquirer.language),
        "lang": enquirer.language,
        "words": words_of(one, enquirer.language),
        "form": IdempotentForm(),
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/tell.html", context, status=status)


urlpatterns = [
    path("journeys/", journeys, name="journeys"),
    path("journeys/to-tell/", news, name="journey_news"),
    path("journeys/to-tell/<uuid:news_id>/", tell, name="journey_tell"),
    path("journeys/<uuid:journey_id>/", journey, name="journey"),
]
