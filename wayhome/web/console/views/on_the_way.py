"""Who is on the way today: what was told, what did not come, and phones to be wiped."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey
from wayhome.bureau.journeys.phones import ask_wipe, note_heard, note_seen
from wayhome.bureau.journeys.rules.convoy import ALARMS
from wayhome.bureau.journeys.trails import awaited, trails
from wayhome.bureau.staff.disclosure import shown
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused
from wayhome.web.access import StaffRequest, allowed
from wayhome.web.console.listing import page_of
from wayhome.web.console.trail_page import HeardForm, by_journey, ringing, state_of
from wayhome.web.console.views.custody import show_on
from wayhome.web.console.views.journeys import journey_page
from wayhome.web.once import once, press, see_other

PLAN = Permission.PLAN_JOURNEYS


@allowed(PLAN, methods=("GET",))
def on_the_way(request: StaffRequest) -> HttpResponse:
    """Journeys of today, every other of which a word is due, and whoever is on the way back.

    An alarm stands here also where the journey stopped. The page asks again by itself.
    """
    now = timezone.now()
    due = by_journey(awaited(now))
    rows = Journey.objects.visible_to(request.user)
    todays = rows.standing().filter(on=timezone.localdate()) | rows.filter(pk__in=due)
    todays |= rows.to_bring_back()
    todays |= rows.filter(events__in=ConvoyEvent.objects.alarms())
    page = page_of(request, todays.distinct().with_all().order_by("on", "way__leaves", "pk"))
    told = trails(page.object_list)
    for each in page.object_list:
        journal.looked(subject=each, by=request.user, person=_number(each), purpose="convoy")
    context = {
        "page": page,
        "rows": [_row(each, told[each.pk], due.get(each.pk, ()), now) for each in page.object_list],
        "now": now,
    }
    return render(request, "console/journeys/on_the_way.html", context)


def _number(journey: Journey) -> str:
    captive = journey.application.captive
    return captive.bureau_number if captive else ""


def _row(journey: Journey, trail: Any, due: Any, now: Any) -> dict[str, Any]:
    seen = set(journey.events.exclude(seen_at=None).values_list("pk", flat=True))
    unseen = [line for line in trail.lines if line.event.id not in {str(pk) for pk in seen}]
    last = max((line.event.received_at for line in trail.lines), default=None)
    return {
        "journey": shown(journey, "file"),
        "captive": journey.application.captive,
        "brings_back": journey.under_way and journey.back_at is None,
        "state": state_of(trail, list(journey.legs.order_by("number"))),
        "due": ringing(due, now),
        "alarms": [line for line in unseen if line.event.kind in ALARMS],
        "conflicts": [line for line in unseen if line.conflicts],
        "last": last,
    }


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def heard(request: StaffRequest, journey_id: Any) -> HttpResponse:
    """The coordinator heard it on the telephone."""
    one = get_object_or_404(Journey.objects.visible_to(request.user).with_all(), pk=journey_id)
    legs = list(one.legs.order_by("number"))
    form = HeardForm(request.POST, legs=legs, auto_id="heard_%s")
    if form.is_valid():
        kind, leg = form.told()
        try:
            note_heard(journey=one, kind=kind, leg=leg, by=request.user)
            return see_other("console:journey", one.pk)
        except Refused as refused:
            show_on(form, refused)
    return journey_page(request, one, heard_form=form)


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def seen(request: StaffRequest, event_id: Any) -> HttpResponse:
    """Somebody acts on an alarm, or on what does not fit together."""
    events = ConvoyEvent.objects.visible_to(request.user)
    one = get_object_or_404(events, pk=event_id)
    return _pressed(request, one.journey_id, lambda: note_seen(event=one, by=request.user))


@allowed(PLAN, methods=("POST",), form_at="console:journey")
@once
def wipe(request: StaffRequest, journey_id: Any, phone_id: Any) -> HttpResponse:
    """At its next contact the phone deletes all that it holds."""
    phones = ConvoyPhone.objects.visible_to(request.user).filter(journeys=journey_id)
    one = get_object_or_404(phones, pk=phone_id)
    return _pressed(request, journey_id, lambda: ask_wipe(phone=one, by=request.user))


def _pressed(request: StaffRequest, journey_id: Any, act: Callable[[], object]) -> HttpResponse:
    one = get_object_or_404(Journey.objects.visible_to(request.user).with_all(), pk=journey_id)
    refusals = press(request, act)
    if not refusals:
        return see_other("console:journey", one.pk)
    return journey_page(request, one, refusals=refusals)


urlpatterns = [
    path("journeys/on-the-way/", on_the_way, name="on_the_way"),
    path("journeys/<uuid:journey_id>/heard/", heard, name="journey_heard"),
    path("journeys/told/<uuid:event_id>/seen/", seen, name="journey_told_seen"),
    path("journeys/<uuid:journey_id>/phones/<uuid:phone_id>/wipe/", wipe, name="phone_wipe"),
]
