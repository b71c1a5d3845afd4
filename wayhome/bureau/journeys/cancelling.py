"""A journey does not take place."""

from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.models import Journey, JourneyNews
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState
from wayhome.bureau.journeys.telling import tell
from wayhome.bureau.returns.actions import cancel_appointment


def cancel_journey(
    journey: Journey, why: Cancelled, by: journal.Actor, *, is_told: bool = True
) -> None:
    """It does not take place. Its appointment falls with it."""
    journey.state, journey.cancelled, journey.cancelled_at = (
        JourneyState.CANCELLED, why.value, timezone.now(),
    )  # fmt: skip
    journey.save(update_fields=["state", "cancelled", "cancelled_at"])
    cancel_appointment(journey.application)
    journal.record("journey cancelled", subject=journey, by=by, person=person_of(journey))
    if is_told:
        tell(journey, is_set=False)
    elif why != Cancelled.REPLANNED:  # nobody calls her about a day that fell
        news = JourneyNews.objects.filter(journey__application=journey.application)
        news.to_call().delete()


def person_of(journey: Journey) -> str:
    captive = journey.application.captive
    return captive.bureau_number if captive else ""
