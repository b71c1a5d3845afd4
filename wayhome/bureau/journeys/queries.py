"""Who waits: to be asked who travels, to be called about a day."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from wayhome.bureau.answers.models import Freeze
from wayhome.bureau.journeys.models import JourneyNews, Party
from wayhome.bureau.journeys.models.plans import NewsQuerySet
from wayhome.bureau.journeys.parties import granted
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission


def unasked(person: Staff) -> "QuerySet[Application]":
    """Granted applications of families of whom it is not known who travels."""
    rows = granted() if person.may(Permission.PLAN_JOURNEYS) else granted().none()
    return rows.exclude(enquiry__enquirer__in=Party.objects.values("pk"))


def to_tell(person: Staff) -> NewsQuerySet:
    """Families who are called; those with whom a person must speak first stand elsewhere."""
    frozen = Freeze.objects.open().filter(match__enquiry=OuterRef("journey__application__enquiry"))
    return JourneyNews.objects.visible_to(person).to_call().filter(~Exists(frozen))


def fell_by_hand(person: Staff) -> "QuerySet[Application]":
    """Applications whose day was set by hand and fell: no journey, and no other day since."""
    rows = Application.objects.visible_to(person).filter(state=ApplicationState.GRANTED)
    days = Appointment.objects.filter(application=OuterRef("pk"), on__gte=timezone.localdate())
    fell, stands = days.exclude(cancelled_at=None), days.filter(cancelled_at=None)
    return rows.filter(Exists(fell), ~Exists(stands), journeys=None, captive__isnull=False)
