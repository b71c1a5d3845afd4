"""What a journey rests on is asked again: with each change, and each day. Nobody reads why it fell.

The application is locked before its journey, as everywhere (docs/ARCHITECTURE.md, "Locks").
"""

from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import cancel_journey
from wayhome.bureau.journeys.models import Journey, WayOut
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState, why_it_falls
from wayhome.bureau.journeys.rules.way_out import Whose
from wayhome.bureau.returns.facts import is_open, missing_for_travel, she_comes
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState


def stop_journeys(captive: Captive) -> None:
    """Something changed that a road of his may rest on."""
    _look(Application.objects.filter(captive__in=captive.all_records()))


def stop_journeys_of(enquiry: Enquiry, *, is_told: bool = True) -> None:
    """Something changed on her side: a match, an application, her enquiry itself.

    Where a person must tell her, or she wants to hear nothing more, no machine does.
    """
    _look(Application.objects.filter(enquiry=enquiry), is_told=is_told)


def stop_journey_on(application: Application) -> None:
    """The word of an authority on which somebody travels stands no longer."""
    _look(Application.objects.filter(pk=application.pk))


def stop_journeys_of_plan(plan_id: str) -> None:
    """After it was published: whose road closed in that very moment."""
    of_plan = Journey.objects.standing().filter(plan__pk=plan_id)
    _look(Application.objects.filter(pk__in=of_plan.values("application")))


def look_at_all() -> None:
    """Every journey to come: an act of law ended, or a day passed that something lasted until.

    Each in a transaction of its own: it may be hundreds.
    """
    to_come = Journey.objects.to_come().order_by("on", "pk")
    for application in list(to_come.values_list("application", flat=True)):
        _look(Application.objects.filter(pk=application))


def is_planned(application: Application) -> bool:
    """Whether a journey stands, whose day is its own."""
    return application.journeys.that_count().exists()


def forget_his_way_out(enquiry: Enquiry) -> None:
    """It was another man: how he leaves does not serve the next. What was sealed stays."""
    his = WayOut.objects.filter(application__enquiry=enquiry, whose=Whose.HIS)
    his.exclude(application__state=ApplicationState.CLOSED).delete()


@transaction.atomic
def _look(rows: "QuerySet[Application, Any]", *, is_told: bool = True) -> None:
    journeys = Journey.objects.standing().filter(application=OuterRef("pk"))
    rows = rows.filter(Exists(journeys)).exclude(state=ApplicationState.CLOSED)
    # Locked, so that nobody confirms it while its road closes.
    for application in rows.select_for_update(of=("self",)).order_by("pk"):
        journey = application.journeys.standing().with_all().first()
        why = _why_it_falls(journey) if journey else None
        if journey and why:
            cancel_journey(journey, why, journal.MACHINE, is_told=is_told)


def _why_it_falls(journey: Journey) -> Cancelled | None:
    state, application = JourneyState(journey.state), journey.application
    return why_it_falls(
        state,
        granted=application.state == ApplicationState.GRANTED,
        is_open=is_open(application),
        comes=she_comes(application),
        may_set_out=state != JourneyState.CONFIRMED or not missing_for_travel(application),
    )
