"""What a page shows of a journey that is on the way: its trail, its phones, what did not come."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.bureau.journeys.models import ConvoyEvent, Journey, Leg
from wayhome.bureau.journeys.rules.convoy import (
    ALARMS,
    CONFLICT_NAMES,
    EVENT_NAMES,
    OF_A_LEG,
    RING_AFTER,
    EventKind,
    Line,
    Trail,
)
from wayhome.bureau.journeys.trails import awaited, phones_of, trails
from wayhome.bureau.staff.disclosure import shown
from wayhome.web.forms import IdempotentForm

Row = dict[str, Any]


class HeardForm(IdempotentForm):
    """What somebody told by telephone, of which leg."""

    what = forms.ChoiceField(
        label=gettext_lazy("What was told"),
        error_messages={"required": gettext_lazy("Choose what was told.")},
    )

    def __init__(self, *args: Any, legs: Sequence[Leg], **more: Any) -> None:
        super().__init__(*args, **more)
        kinds = [kind for kind in EventKind if kind not in OF_A_LEG and kind != EventKind.PASS]
        of_legs = [
            (
                f"{kind}:{leg.number}",
                f"{leg.number}. {leg.begins} → {leg.ends}: {EVENT_NAMES[kind]}",
            )
            for leg in legs
            for kind in EventKind
            if kind in OF_A_LEG
        ]
        choices = [("", "–"), *of_legs, *((f"{kind}:", EVENT_NAMES[kind]) for kind in kinds)]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]

    def told(self) -> tuple[EventKind, int | None]:
        kind, _sep, leg = self.cleaned_data["what"].partition(":")
        return EventKind(kind), int(leg) if leg else None


def on_the_way(journey: Journey, now: datetime) -> Row:
    """All that its page needs of it."""
    legs = list(journey.legs.order_by("number"))
    trail = trails([journey])[journey.pk]
    rows = {str(row.pk): row for row in journey.events.select_related("by", "phone__escort")}
    phones = list(phones_of(journey))
    names = {str(one.pk): number for number, one in enumerate(reversed(phones), start=1)}
    return {
        "lines": [line_row(line, rows[line.event.id], names) for line in trail.lines],
        "rings": ringing(list(awaited(now).filter(journey=journey)), now),
        "phones": [{"phone": shown(one, "file"), "number": names[str(one.pk)]} for one in phones],
        "heard_form": HeardForm(legs=legs, auto_id="heard_%s"),
        "seen_form": IdempotentForm(auto_id=False),
    }


def line_row(line: Line, row: ConvoyEvent, phones: dict[str, int]) -> Row:
    event = line.event
    return {
        "event": shown(row, "file"),
        "words": EVENT_NAMES[event.kind],
        "phone": phones.get(event.phone),
        "waits": line.waits,
        "conflicts": [CONFLICT_NAMES[each] for each in line.conflicts],
        "is_alarm": event.kind in ALARMS,
        "is_open": row.seen_at is None and bool(event.kind in ALARMS or line.conflicts),
    }


def ringing(legs: Sequence[Any], now: datetime) -> list[Row]:
    """Words that are due; of those that ring it is said since when."""
    return [
        {
            "words": EVENT_NAMES[EventKind(leg.awaits)],
            "where": leg.begins if leg.awaits == EventKind.CHECK_IN else leg.ends,
            "since": leg.awaited_since,
            "rings": leg.awaited_since + RING_AFTER < now,
        }
        for leg in legs
    ]


def state_of(trail: Trail, legs: Sequence[Leg]) -> str:
    """Where they are, in one sentence."""
    if trail.turned_back:
        return _("They turn back.")
    known = [(leg, trail.legs.get(leg.number)) for leg in legs]
    for leg, told in reversed(known):
        if told and told.checked_out:
            return _("They arrived: %(place)s") % {"place": leg.ends}
        if told and told.checked_in:
            gap = {"one": leg.begins, "other": leg.ends}
            return _("On the way from %(one)s to %(other)s") % gap
    return _("They have not set out.")


def by_journey(legs: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for leg in legs:
        found.setdefault(leg.journey_id, []).append(leg)
    return found
