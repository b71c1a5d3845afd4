"""Questions about captives that several pages ask."""

from datetime import datetime

from django.db.models import DateTimeField, Exists, Max, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from wayhome.bureau.captives.clocks import Times
from wayhome.bureau.captives.models import Captive, CaptiveQuerySet, CustodyEvent, DutyNote
from wayhome.bureau.captives.rules import DutyKind, EventKind, IdentityState, span_of
from wayhome.lib.place_names import names_one

MOMENT: "DateTimeField[datetime, datetime]" = DateTimeField()
CARDS_ANEW = frozenset({EventKind.ARRIVED, EventKind.HOSPITAL})


def unable_to_say_who(rows: CaptiveQuerySet) -> CaptiveQuerySet:
    """Those who wait for the physician (GC III 17)."""
    return rows.in_custody().filter(identity_state=IdentityState.UNABLE, health_notes=None)


def not_given_to_authority(rows: CaptiveQuerySet) -> CaptiveQuerySet:
    """Those for whom the 24 hours run, or have passed."""
    waiting = rows.in_custody().filter(given_to_authority_at=None)
    return waiting.filter(authority_clock_from__isnull=False)


def times_of(captive: Captive) -> Times:
    """What his clocks run from: the last capture, and what has happened and was done since.

    Of an event of which only the day is known the first moment counts: a clock is never kind.
    """
    zone = timezone.get_current_timezone()
    spans = [
        (EventKind(event.kind), span_of(event.happened_at, event.happened_on, zone).first)
        for event in captive.custody_events.all()
    ]
    captured = [at for kind, at in spans if kind == EventKind.CAPTURED and at]
    since = captured[-1] if captured else captive.registered_at
    notes = captive.duty_notes.order_by("done_at").values_list("kind", "done_at")
    return Times(
        captured_at=since,
        given_at=captive.given_to_authority_at,
        must_be_given_from=captive.authority_clock_from,
        cards_from=tuple(at for kind, at in spans if kind in CARDS_ANEW and at and at >= since),
        done=tuple((DutyKind(kind), at) for kind, at in notes if at >= since),
    )


def waiting_for(kind: DutyKind, rows: CaptiveQuerySet) -> "QuerySet[Captive]":
    """Those in custody to whom this is due and was not done since: `due_since` says since when.

    Rights are due from the last capture, cards from the last arrival or hospital after it: the
    same moments as `times_of`, for all men at once.
    """
    at = Coalesce("happened_at", "begins_at", output_field=MOMENT)
    events = CustodyEvent.objects.filter(captive=OuterRef("pk")).annotate(at=at)
    captured = events.filter(kind=EventKind.CAPTURED, at__isnull=False).order_by("-number")
    due_since = Coalesce(Subquery(captured.values("at")[:1]), "registered_at")
    if kind != DutyKind.RIGHTS:
        anew = events.filter(kind__in=CARDS_ANEW).order_by().values("captive")
        last = Subquery(anew.annotate(last=Max("at")).values("last"))
        due_since = Greatest(due_since, last)  # type: ignore[assignment]  # a null is left out
    since = rows.in_custody().filter(same_as=None).annotate(due_since=due_since)
    done = DutyNote.objects.filter(
        captive=OuterRef("pk"), kind=kind, done_at__gte=OuterRef("due_since")
    )
    return since.filter(~Exists(done))


def places_of(captive: Captive) -> list[str]:
    """Where he is, was, or was captured, as the ledger names it."""
    events = CustodyEvent.objects.filter(captive__in=captive.all_records())
    places: list[str] = []
    for event in events.select_related("place", "key"):
        places += [event.place.name] if event.place else []
        places += [(event.details or {}).get(said, "") for said in ("where", "to")]
    return places


def names_his_place(captive: Captive, text: str) -> bool:
    """Whether this text tells where he is, was, or was captured (P4)."""
    return names_one(text, places_of(captive))
