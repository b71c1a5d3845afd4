"""A journey does not take place; whoever is on the way already is brought back."""

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import Journey, JourneyNews
from wayhome.bureau.journeys.rules.plans import (
    Cancelled,
    JourneyState,
    has_begun,
    why_not_note_back,
)
from wayhome.bureau.journeys.telling import tell
from wayhome.bureau.returns.actions import cancel_appointment
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


def cancel_journey(
    journey: Journey, why: Cancelled, by: journal.Actor, *, is_told: bool = True
) -> None:
    """It does not take place. Its appointment falls with it. The application is locked before."""
    journey.under_way = why != Cancelled.REPLANNED and has_begun(
        JourneyState(journey.state), on=journey.on, today=timezone.localdate()
    )
    journey.state, journey.cancelled, journey.cancelled_at = (
        JourneyState.CANCELLED, why.value, timezone.now(),
    )  # fmt: skip
    journey.save(update_fields=["state", "cancelled", "cancelled_at", "under_way"])
    cancel_appointment(journey.application)
    journal.record("journey cancelled", subject=journey, by=by, person=person_of(journey))
    if is_told:
        tell(journey, is_set=False)
    elif why != Cancelled.REPLANNED:  # nobody calls her about a day that fell
        news = JourneyNews.objects.filter(journey__application=journey.application)
        news.untold().delete()


def turn_back(application: Application, by: journal.Actor) -> None:
    """He said no at the door: the journey ends, and whoever came is brought home."""
    found = application.journeys.standing().with_all().first()
    if found:
        cancel_journey(found, Cancelled.AT_THE_DOOR, by, is_told=False)  # she was told there


@transaction.atomic
def note_back(*, journey: Journey, by: Staff) -> Journey:
    """Whoever was on the way when it stopped is home. Nobody is tracked after."""
    by.must(Permission.PLAN_JOURNEYS)
    journey = locked(journey)
    refuse_if(why_not_note_back(under_way=journey.under_way, back=journey.back_at is not None))
    journey.back_at = timezone.now()
    journey.save(update_fields=["back_at"])
    journal.record("family brought back", subject=journey, by=by, person=person_of(journey))
    return journey


def locked(journey: Journey) -> Journey:
    """The journey, its application locked before it (docs/ARCHITECTURE.md, "Locks")."""
    Application.objects.select_for_update(of=("self",)).get(pk=journey.application_id)
    Journey.objects.select_for_update(of=("self",)).get(pk=journey.pk)
    return Journey.objects.with_all().get(pk=journey.pk)


def person_of(journey: Journey) -> str:
    captive = journey.application.captive
    return captive.bureau_number if captive else ""
