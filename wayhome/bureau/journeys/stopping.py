"""A road closed: its journey stops in the same moment, and nobody reads why."""

from django.db import transaction

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import cancel_journey
from wayhome.bureau.journeys.models import Journey, WayOut
from wayhome.bureau.journeys.models.plans import JourneyQuerySet
from wayhome.bureau.journeys.rules.plans import Cancelled
from wayhome.bureau.journeys.rules.way_out import Whose
from wayhome.bureau.returns.facts import is_open
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState


def stop_journeys(captive: Captive) -> None:
    """Something changed that a road of his may rest on."""
    records = captive.all_records()
    _stop(Journey.objects.standing().filter(application__captive__in=records))


def stop_journeys_of(enquiry: Enquiry, *, is_told: bool = True) -> None:
    """Something changed on her side: a match, an application, her enquiry itself.

    Where a person must tell her, or she wants to hear nothing more, no machine does.
    """
    _stop(Journey.objects.standing().filter(application__enquiry=enquiry), is_told=is_told)


def forget_his_way_out(enquiry: Enquiry) -> None:
    """It was another man: how he leaves does not serve the next. What was sealed stays."""
    his = WayOut.objects.filter(application__enquiry=enquiry, whose=Whose.HIS)
    his.exclude(application__state=ApplicationState.CLOSED).delete()


@transaction.atomic
def stop_journeys_of_plan(plan_id: str) -> None:
    """After it was published: whose road closed in that very moment."""
    _stop(Journey.objects.standing().filter(plan__pk=plan_id))


@transaction.atomic
def _stop(rows: JourneyQuerySet, *, is_told: bool = True) -> None:
    # Locked, so that nobody confirms it while its road closes.
    for journey in rows.with_all().select_for_update(of=("self",)):
        if not _stands(journey.application):
            cancel_journey(journey, Cancelled.ROAD_CLOSED, journal.MACHINE, is_told=is_told)


def _stands(application: Application) -> bool:
    """Whether his road is open, or was gone to its end: then only the way out is left."""
    if application.state == ApplicationState.CLOSED:
        return True
    return application.state == ApplicationState.GRANTED and is_open(application)
