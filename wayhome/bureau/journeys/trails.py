"""Trails of journeys, and check-ins that did not come."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import (
    Case,
    CharField,
    DateTimeField,
    Exists,
    F,
    OuterRef,
    QuerySet,
    Value,
    When,
)

from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey, Leg
from wayhome.bureau.journeys.rules.convoy import (
    RING_AFTER,
    Event,
    EventKind,
    Trail,
    complete_to,
    trail_of,
)
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.returns.rules import ApplicationState


def trails(journeys: Iterable[Journey]) -> dict[UUID, Trail]:
    """The trail of each, from all that was told of it."""
    pks = [each.pk for each in journeys]
    rows = ConvoyEvent.objects.filter(journey__in=pks)
    told: dict[UUID, list[Event]] = {pk: [] for pk in pks}
    for row in rows:
        told[row.journey_id].append(_event(row))
    complete = _complete({row.phone_id for row in rows if row.phone_id})
    return {pk: trail_of(events, complete) for pk, events in told.items()}


def _event(row: ConvoyEvent) -> Event:
    return Event(
        id=str(row.pk),
        phone=str(row.phone_id or ""),
        number=row.number or 0,
        kind=EventKind(row.kind),
        leg=row.leg,
        at=row.at,
        received_at=row.received_at,
        after_wipe=row.after_wipe,
    )


def _complete(phones: set[UUID]) -> dict[str, int]:
    """A phone numbers over all its journeys, so that a gap is one of the phone."""
    numbers: dict[str, list[int]] = {str(each): [] for each in phones}
    rows = ConvoyEvent.objects.filter(phone__in=phones)
    for phone, number in rows.values_list("phone_id", "number"):
        numbers[str(phone)].append(number or 0)
    return {phone: complete_to(each) for phone, each in numbers.items()}


def awaited(by: datetime) -> "QuerySet[Leg]":
    """Legs of which a word was due `by` then: that they set out, or that they arrived.

    Once they turned back, or the act is sealed, nothing more is awaited. What stands behind a gap
    is a sign of life too.
    """
    told = ConvoyEvent.objects.counted().filter(journey=OuterRef("journey"))
    of_leg = told.filter(leg=OuterRef("number"))
    legs = Leg.objects.filter(journey__state=JourneyState.CONFIRMED)
    legs = legs.exclude(journey__application__state=ApplicationState.CLOSED)
    legs = legs.filter(
        ~Exists(told.filter(kind=EventKind.TURN_BACK)),
        ~Exists(of_leg.filter(kind=EventKind.CHECK_OUT)),
    )
    set_out = When(Exists(of_leg.filter(kind=EventKind.CHECK_IN)), then=F("arrives_at"))
    out_word = When(Exists(of_leg.filter(kind=EventKind.CHECK_IN)), then=Value(EventKind.CHECK_OUT))
    legs = legs.annotate(
        awaited_since=Case(set_out, default=F("departs_at"), output_field=DateTimeField()),
        awaits=Case(out_word, default=Value(EventKind.CHECK_IN), output_field=CharField()),
    )
    return legs.filter(awaited_since__lte=by).order_by("awaited_since", "journey", "number")


def missed(now: datetime) -> "QuerySet[Leg]":
    """Those that ring: the word did not come within half an hour."""
    return awaited(now - RING_AFTER)


def phones_of(journey: Journey) -> "QuerySet[ConvoyPhone]":
    rows = ConvoyPhone.objects.filter(journeys=journey)
    return rows.select_related("escort", "wipe_asked_by").order_by("-loaded_at")
