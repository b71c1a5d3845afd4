"""Journeys that a published plan promises, and families to be told of their day."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.barred import barred
from wayhome.bureau.journeys.cancelling import note_back
from wayhome.bureau.journeys.itinerary import leg_in_words
from wayhome.bureau.journeys.models import Crossing, Journey, JourneyNews, Plan
from wayhome.bureau.journeys.models.plans import JourneyQuerySet
from wayhome.bureau.journeys.passes import standing_pass
from wayhome.bureau.journeys.queries import to_tell
from wayhome.bureau.journeys.rules.plans import (
    CANCELLED_NAMES,
    JOURNEY_STATES,
    Cancelled,
    JourneyState,
)
from wayhome.bureau.journeys.rules.way_out import (
    PAPER_NAMES,
    WHOSE_NAMES,
    Out,
    TravelPaper,
    Whose,
)
from wayhome.bureau.journeys.telling import note_told, why_not_note_told_now, words_of
from wayhome.bureau.journeys.ways_out import (
    confirm_journey,
    keep_leg_out,
    keep_way_out,
    note_out,
    take_back_confirmation,
    ways_out_of,
    why_not_confirm_now,
    why_not_out_now,
)
from wayhome.bureau.matches.search import captives_named
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.languages import LANGUAGE_NAMES
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.forms.plans import LegOutForm, WayOutForm
from wayhome.web.console.listing import asked, page_of, sorted_by
from wayhome.web.console.trail_page import on_the_way
from wayhome.web.console.views.custody import show_on
from wayhome.web.forms import IdempotentForm
from wayhome.web.once import once, press, see_other, why_not_press

DAY_AND_HOUR = "%d.%m.%Y %H:%M"
PLAN, TELL = Permission.PLAN_JOURNEYS, Permission.TELL_FAMILY
COLUMNS = {"on": "on", "state": "state"}
TAGS = {
    JourneyState.PLANNED: "soon",
    JourneyState.CONFIRMED: "now",
    JourneyState.OUT: "done",
    JourneyState.CANCELLED: "late",
}


# Whose day fell without anybody's plan, who is on the way back; and who cannot go as it is planned.
STOPPED: dict[str, Callable[[JourneyQuerySet], JourneyQuerySet]] = {
    "stopped": JourneyQuerySet.stopped,
    "back": JourneyQuerySet.to_bring_back,
    "barred": lambda rows: barred(rows, timezone.localdate()),
}
STOPPED_NAMES = (
    ("stopped", _("Stopped, and not planned anew")),
    ("back", _("To be brought back")),
    ("barred", _("Through danger, or by something closed")),
)
SINCE = ("journeys.danger", "journeys.closed")  # of what a journey lacks


@allowed(PLAN, methods=("GET",))
def journeys(request: StaffRequest) -> HttpResponse:
    """Every journey that was promised; those that stand, unless others are asked for."""
    rows = Journey.objects.visible_to(request.user)
    state = asked(request, "state")
    if state in STOPPED:
        rows = STOPPED[state](rows)
    else:
        rows = rows.filter(state=state) if state in list(JourneyState) else rows.standing()
    on = asked(request, "on")
    if day := parse_day(on):
        rows = rows.filter(on=day)
    if text := asked(request, "q"):
        rows = rows.filter(application__captive__in=captives_named(text))
    rows = rows.select_related("application__captive", "way", "escort")
    page = page_of(request, sorted_by(request, rows, COLUMNS, "on"))
    context = {
        "page": page,
        "rows": [_row(one) for one in page.object_list],
        "states": [*((each.value, name) for each, name in JOURNEY_STATES.items()), *STOPPED_NAMES],
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
    one = _one(request, journey_id)
    captive = one.application.captive
    number = captive.bureau_number if captive else ""
    journal.looked(subject=one, by=request.user, person=number, purpose="application")
    return journey_page(request, one)


def _one(request: StaffRequest, journey_id: Any) -> Journey:
    return get_object_or_404(Journey.objects.visible_to(request.user).with_all(), pk=journey_id)


def journey_page(request: StaffRequest, one: Journey, **more: Any) -> HttpResponse:
    state, ways = JourneyState(one.state), ways_out_of(one)
    is_planned = state == JourneyState.PLANNED
    stands = is_planned or state == JourneyState.CONFIRMED
    against = why_not_confirm_now(one) if stands else []
    context = {
        **_row(one),
        "cancelled": CANCELLED_NAMES[Cancelled(one.cancelled)] if one.cancelled else "",
        "legs": [leg_in_words(each, DAY_AND_HOUR) for each in one.legs.order_by("number")],
        "ways_out": [(whose.value, name, _out(ways[whose])) for whose, name in WHOSE_NAMES.items()],
        "is_planned": is_planned,
        "is_confirmed": state == JourneyState.CONFIRMED,
        "against": against if is_planned else [],
        "since": [] if is_planned else [each for each in against if each.code in SINCE],
        "not_out": why_not_out_now(one) if state == JourneyState.CONFIRMED else [],
        "pass": _pass(one),
        **_on_the_way(one, state),
        "pass_form": IdempotentForm(auto_id="pass_%s"),
        "confirm_form": IdempotentForm(auto_id="confirm_%s"),
        "back_form": IdempotentForm(auto_id="back_%s"),
        "out_form": IdempotentForm(auto_id="out_%s"),
        "brings_back": one.under_way and one.back_at is None,
        "home_form": IdempotentForm(auto_id="home_%s"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/journey.html", context, status=status)


def _on_the_way(one: Journey, state: JourneyState) -> dict[str, Any]:
    """Of whom nothing was told yet, and who is not on the way, it has no trail."""
    if state == JourneyState.CONFIRMED or one.events.exists():
        return {"has_trail": True, **on_the_way(one, timezone.now())}
    return {"has_trail": False}


def _pass(one: Journey) -> dict[str, Any] | None:
    found = standing_pass(one)
    return {"words": found.words, "made_at": found.made_at} if found else None


def _out(out: Out) -> dict[str, Any]:
    exits = Crossing.objects.filter(pk__in=out.exits).order_by("name")
    return {
        "destination": out.destination,
        "paper": PAPER_NAMES[TravelPaper(out.paper)] if out.paper else "",
        "paper_until": out.paper_until,
        "consents": ", ".join(out.consents),
        "phone": out.phone,
        "exits": ", ".join(exits.values_list("name", flat=True)),
    }


@allowed(PLAN)
@once
def way_out(request: StaffRequest, journey_id: Any, out_whose: str) -> HttpResponse:
    """How he, or the family, leaves: where to, by which paper, with whose consent."""
    if out_whose not in list(Whose):
        raise Http404
    one, whose = _one(request, journey_id), Whose(out_whose)
    first = WayOutForm.initial_of(ways_out_of(one)[whose])
    sent = request.POST if request.method == "POST" else None
    form = WayOutForm(sent, initial=first, exit=one.exit)
    return _written(
        request, one, form, WHOSE_NAMES[whose],
        lambda: keep_way_out(journey=one, whose=whose, out=form.out(), by=request.user),
    )  # fmt: skip


@allowed(PLAN)
@once
def leg_out(request: StaffRequest, journey_id: Any) -> HttpResponse:
    """When both leave the shelter, and who goes with them to the border of exit."""
    one = _one(request, journey_id)
    first = {"hour": one.out_at and timezone.localtime(one.out_at).time(), "escort": one.out_escort}
    sent = request.POST if request.method == "POST" else None
    form = LegOutForm(sent, initial=first, on=one.leaves_on)
    return _written(
        request, one, form, _("To the border of exit"),
        lambda: keep_leg_out(journey=one, leg=form.leg(), by=request.user),
    )  # fmt: skip


def _written(
    request: StaffRequest, one: Journey, form: Any, heading: Any, keep: Callable[[], object]
) -> HttpResponse:
    if request.method == "POST" and _is_filled(form, request):
        try:
            keep()
            return see_other("console:journey", one.pk)
        except Refused as refused:
            show_on(form, refused)
    context = {"journey": shown(one, "file"), "form": form, "heading": heading,
               "captive": one.application.captive}  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/way_out.html", context, status=status)


def _is_filled(form: Any, request: StaffRequest) -> bool:
    """A form in which nothing is needed is empty without the key that its page gave it."""
    is_valid, refusals = form.is_valid(), why_not_press(request)
    for refusal in refusals:
        form.add_error(None, str(refusal.reason))
    return is_valid and not refusals


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def confirm(request: StaffRequest, journey_id: Any) -> HttpResponse:
    return pressed(request, journey_id, confirm_journey)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def take_back(request: StaffRequest, journey_id: Any) -> HttpResponse:
    return pressed(request, journey_id, take_back_confirmation)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def out(request: StaffRequest, journey_id: Any) -> HttpResponse:
    return pressed(request, journey_id, note_out)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def home(request: StaffRequest, journey_id: Any) -> HttpResponse:
    """Whoever was on the way when it stopped is home."""
    return pressed(request, journey_id, note_back)


def pressed(request: StaffRequest, journey_id: Any, act: Callable[..., object]) -> HttpResponse:
    one = _one(request, journey_id)
    refusals = press(request, lambda: act(journey=one, by=request.user))
    if not refusals:
        return see_other("console:journey", one.pk)
    return journey_page(request, one, refusals=refusals)


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
        "why_not": why_not_note_told_now(one),
        "refusals": refusals,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "console/journeys/tell.html", context, status=status)


urlpatterns = [
    path("journeys/", journeys, name="journeys"),
    path("journeys/to-tell/", news, name="journey_news"),
    path("journeys/to-tell/<uuid:news_id>/", tell, name="journey_tell"),
    path("journeys/<uuid:journey_id>/", journey, name="journey"),
    path("journeys/<uuid:journey_id>/way-out/<str:out_whose>/", way_out, name="journey_way_out"),
    path("journeys/<uuid:journey_id>/leg-out/", leg_out, name="journey_leg_out"),
    path("journeys/<uuid:journey_id>/confirm/", confirm, name="journey_confirm"),
    path("journeys/<uuid:journey_id>/take-back/", take_back, name="journey_take_back"),
    path("journeys/<uuid:journey_id>/out/", out, name="journey_out"),
    path("journeys/<uuid:journey_id>/home/", home, name="journey_home"),
]
