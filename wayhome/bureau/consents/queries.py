"""Who waits for the legal officer."""

from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState
from wayhome.bureau.consents.models import Consent, DangerAssessment, FearAnswer
from wayhome.bureau.consents.rules import Answer, Kind


def men_to_assess(*, applying: Any) -> "QuerySet[Captive, Any]":
    """Ids of the men, each by his first record, whose danger of return must be assessed now.

    They answered about fear, said yes to going home, or a road home is asked for (`applying`:
    ids of those captives); and nothing was assessed since, whatever they said (P8).
    """
    held = Captive.objects.filter(custody_state=CustodyState.HELD)
    named = held.filter(Q(pk__in=applying) | Q(pk__in=_wanting()) | Q(pk__in=_asked_about_fear()))
    men = Captive.objects.filter(
        pk__in=named.annotate(man=Coalesce("same_as_id", "id")).values("man")
    )
    dated = men.annotate(
        feared_at=Subquery(_latest(FearAnswer.objects.all())),
        assessed_at=Subquery(_latest(DangerAssessment.objects.all())),
    )
    return dated.filter(Q(assessed_at=None) | Q(feared_at__gt=F("assessed_at"))).values("pk")


def _latest(rows: Any) -> Any:
    man = Q(captive=OuterRef("pk")) | Q(captive__same_as=OuterRef("pk"))
    return rows.filter(man).order_by("-at").values("at")[:1]


def _asked_about_fear() -> Any:
    return FearAnswer.objects.values("captive_id")


def _wanting() -> Any:
    """Whose latest word to going home, to somebody or of his own wish, is yes."""
    rows = Consent.objects.filter(kind=Kind.GO_HOME, stopped_at=None)
    latest = rows.order_by("captive_id", "match_id", "-at", "-id").distinct(
        "captive_id", "match_id"
    )
    return Consent.objects.filter(pk__in=latest.values("pk"), answer=Answer.YES).values(
        "captive_id"
    )
