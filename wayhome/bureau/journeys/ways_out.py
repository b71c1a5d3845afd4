"""Keep how both leave, confirm a journey, take that back, close the duty at the exit crossing."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import locked, person_of
from wayhome.bureau.journeys.models import Closure, Danger, Escort, Journey, WayOut
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.journeys.rules.way_out import (
    PAPER_NAMES,
    Out,
    Readiness,
    TravelPaper,
    Whose,
    why_not_change_way_out,
    why_not_confirm,
    why_not_out,
    why_not_take_back,
)
from wayhome.bureau.returns.actions import Meeting, appoint_journey, cancel_appointment
from wayhome.bureau.returns.facts import missing_for_travel, said_yes_at
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import FRESH_FOR, NEEDS_HIS_YES, ApplicationState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if

USED = ("crossing", "way", "vehicle", "escort", "shelter", "exit", "out_escort")


@transaction.atomic
def keep_way_out(*, journey: Journey, whose: Whose, out: Out, by: Staff) -> WayOut:
    """Keep how he, or the family, leaves."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    refuse_if(why_not_change_way_out(JourneyState(journey.state)))
    application = journey.application
    kept = application.ways_out.filter(whose=whose).first()
    kept = kept or WayOut(application=application, whose=whose, key=application.key)
    kept.told = {
        "destination": out.destination,
        "paper": out.paper,
        "paper_until": out.paper_until and out.paper_until.isoformat(),
        "consents": list(out.consents),
        "phone": out.phone,
        "exits": list(out.exits),
    }
    kept.by, kept.at = by, timezone.now()
    kept.save()
    journal.record("way out kept", subject=kept, by=by, person=person_of(journey))
    return kept


@dataclass(frozen=True)
class LegOut:
    """When both leave the shelter, and who goes with them to the border of exit."""

    departs_at: datetime
    escort: Escort


@transaction.atomic
def keep_leg_out(*, journey: Journey, leg: LegOut, by: Staff) -> Journey:
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    refuse_if(why_not_change_way_out(JourneyState(journey.state)))
    journey.out_at, journey.out_escort = leg.departs_at, leg.escort
    journey.save(update_fields=["out_at", "out_escort"])
    journal.record("way out kept", subject=journey, by=by, person=person_of(journey))
    return journey


@transaction.atomic
def confirm_journey(*, journey: Journey, by: Staff) -> Journey:
    """Confirm it: its day is the appointment, with the way out of both. Raises Refused."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    refuse_if(why_not_confirm_now(journey))
    ways = ways_out_of(journey)
    appoint_journey(
        application=journey.application,
        meeting=Meeting(
            on=journey.on,
            crossing=journey.crossing.name,
            way_out_his=_in_words(journey, ways[Whose.HIS]),
            way_out_hers=_in_words(journey, ways[Whose.HERS]),
        ),
        by=by,
    )
    journey.state = JourneyState.CONFIRMED
    journey.save(update_fields=["state"])
    journal.record("journey confirmed", subject=journey, by=by, person=person_of(journey))
    return journey


@transaction.atomic
def take_back_confirmation(*, journey: Journey, by: Staff) -> Journey:
    """Something of the way out is to be changed: until it is confirmed anew no act rests on it."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    sealed = journey.application.state == ApplicationState.CLOSED
    refuse_if(why_not_take_back(JourneyState(journey.state), act_sealed=sealed))
    journey.state = JourneyState.PLANNED
    journey.save(update_fields=["state"])
    cancel_appointment(journey.application)
    journal.record("journey confirmed no longer", subject=journey, by=by, person=person_of(journey))
    return journey


@transaction.atomic
def note_out(*, journey: Journey, by: Staff) -> Journey:
    """Both have crossed at the exit: the duty to bring them out closes. Nobody is tracked after."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    refuse_if(why_not_out_now(journey))
    journey.state = JourneyState.OUT
    journey.save(update_fields=["state"])
    journal.record("both out", subject=journey, by=by, person=person_of(journey))
    return journey


def why_not_out_now(journey: Journey) -> list[Refusal]:
    sealed = journey.application.state == ApplicationState.CLOSED
    return why_not_out(state=JourneyState(journey.state), act_sealed=sealed)


def ways_out_of(journey: Journey) -> dict[Whose, Out]:
    kept = journey.application.ways_out.select_related("key")
    found = {Whose(one.whose): one.out() for one in kept}
    return {whose: found.get(whose, Out()) for whose in Whose}


def why_not_confirm_now(journey: Journey) -> list[Refusal]:
    """What this journey lacks; asked by the page and by the action."""
    ways = ways_out_of(journey)
    return why_not_confirm(
        Readiness(
            state=JourneyState(journey.state),
            on=journey.on,
            leaves_on=journey.leaves_on,
            today=timezone.localdate(),
            his=ways[Whose.HIS],
            hers=ways[Whose.HERS],
            exit=str(journey.exit_id),
            states=tuple(journey.exit.states),
            has_escort_out=journey.out_escort_id is not None,
            has_hour_out=journey.out_at is not None,
            dangers=_dangers(journey),
            closed=_is_closed(journey),
            missing=tuple(missing_for_travel(journey.application)),
            yes_until=_yes_until(journey.application),
        )
    )


def _yes_until(application: Application) -> date | None:
    """The last day on which his yes is fresh, on a road that needs it."""
    needed = application.road in NEEDS_HIS_YES
    said_at = said_yes_at(application) if needed else None
    return timezone.localdate(said_at + FRESH_FOR) if said_at else None


def _dangers(journey: Journey) -> list[str]:
    """Areas in danger: of the way on its day, of the shelter in any night, of the exit at last."""
    way = {*journey.way.areas, *journey.crossing.areas}
    on, out = journey.on, journey.leaves_on
    asked = ((way, on, on), (journey.shelter.areas, on, out), (journey.exit.areas, out, out))
    return [
        area
        for areas, first, last in asked
        for area in Danger.objects.between(first, last)
        .filter(area__in=list(areas))
        .values_list("area", flat=True)
    ]


def _is_closed(journey: Journey) -> bool:
    """Whether something that it uses is closed on its days, or used no longer."""
    used = [getattr(journey, name) for name in USED]
    if any(one and one.ended_at for one in used):
        return True
    on, out = journey.on, journey.leaves_on
    day, stay, last = (Closure.objects.between(*days) for days in ((on, on), (on, out), (out, out)))
    in_day = Q(crossing=journey.crossing) | Q(way=journey.way) | Q(vehicle=journey.vehicle)
    return (
        day.filter(in_day | Q(escort=journey.escort)).exists()
        or stay.filter(shelter=journey.shelter).exists()
        or last.filter(crossing=journey.exit).exists()
        or (journey.out_escort is not None and last.filter(escort=journey.out_escort).exists())
    )


def _in_words(journey: Journey, out: Out) -> dict[str, str]:
    """As the act and the appointment hold it: in the language of the State."""
    assert journey.out_at is not None
    assert journey.out_escort is not None
    with translation.override("uk"):
        paper = str(PAPER_NAMES[TravelPaper(out.paper)])
        leaves = timezone.localtime(journey.out_at).strftime("%d.%m.%Y %H:%M %Z")
    return {
        "destination": out.destination,
        "papers": paper,
        "shelter": journey.shelter.name,
        "legs": f"{leaves}: {journey.exit.name} ({journey.out_escort.name})",
    }
