"""Who waits: for an assessment of danger, and, once hostilities have ended, for a plan."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.models import Consent, DangerAssessment
from wayhome.bureau.consents.queries import men_to_assess
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.returns.models import Application, Appointment, Ground


def to_assess(today: date) -> Q:
    """Men whose danger of return is assessed now, as a filter of captives.

    Once hostilities have ended these are all who are held, and anew whoever said no since (118).
    """
    if Ground.objects.hostilities_ended_on(today) is None:
        applying = Application.objects.that_may_lead_home().values("captive_id")
        return Q(pk__in=men_to_assess(applying=applying))
    held = Captive.objects.in_custody().values("pk")
    return Q(pk__in=men_to_assess(applying=held)) | Q(pk__in=_said_no_since())


def _said_no_since() -> "QuerySet[Captive, Any]":
    """Held men whose last word to going home is a no that came after their last assessment."""
    man = Q(captive=OuterRef("pk")) | Q(captive__same_as=OuterRef("pk"))
    words = Consent.objects.filter(man, kind=Kind.GO_HOME, stopped_at=None).order_by("-at", "-id")
    assessed = DangerAssessment.objects.filter(man).order_by("-at")
    men = (
        Captive.objects.in_custody()
        .filter(same_as=None)
        .annotate(
            last_word=Subquery(words.values("answer")[:1]),
            said_at=Subquery(words.values("at")[:1]),
            assessed_at=Subquery(assessed.values("at")[:1]),
        )
    )
    said_no = men.exclude(last_word=None).exclude(last_word=Answer.YES)
    return said_no.filter(assessed_at__lt=F("said_at")).values("pk")


def without_plan(today: date) -> "QuerySet[Captive]":
    """Once hostilities have ended: every man who is held and has no day ahead (GC III 118)."""
    if Ground.objects.hostilities_ended_on(today) is None:
        return Captive.objects.none()
    day = Appointment.objects.filter(cancelled_at=None, on__gte=today)
    day = day.filter(
        Q(application__captive=OuterRef("pk")) | Q(application__captive__same_as=OuterRef("pk"))
    )
    return Captive.objects.in_custody().filter(same_as=None).exclude(Exists(day))
