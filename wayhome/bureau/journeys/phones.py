"""The escort's phone: load a day onto it, keep what it tells, wipe it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.cancelling import person_of
from wayhome.bureau.journeys.models import ConvoyEvent, ConvoyPhone, Journey
from wayhome.bureau.journeys.rules.convoy import (
    ON_A_PHONE,
    EventKind,
    complete_to,
    why_not_bring,
    why_not_keep,
    why_not_load,
    why_not_note_seen,
    why_not_wipe,
)
from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

TOKEN, KNOCK = "convoy token", "convoy knock"


@dataclass(frozen=True)
class Told:
    """One thing as it was told: of which journey, under which number of the phone's own."""

    journey: UUID
    number: int
    kind: EventKind
    leg: int | None
    at: datetime

    def digest(self) -> bytes:
        """Of all that was told: the same words again are the same event."""
        facts = [str(self.journey), self.number, self.kind, self.leg, self.at.isoformat()]
        return hashlib.sha256(json.dumps(facts).encode()).digest()


@transaction.atomic
def load_day(*, token: str, knock: str, by: Staff) -> ConvoyPhone:
    """Give today's families of one escort to a phone, which made both its secrets itself.

    Asked again with the same token, it is the same phone.
    """
    by.must(Permission.MEET_FAMILY)
    known = ConvoyPhone.objects.filter(token_index=blind_index(TOKEN, token), escort=by).first()
    if known:
        return known
    journeys = list(Journey.objects.of_convoy(by).with_all().order_by("pk"))
    refuse_if(why_not_load(families=len(journeys)))
    now = timezone.now()
    phone = ConvoyPhone.objects.create(
        escort=by,
        on=timezone.localdate(),
        token_index=blind_index(TOKEN, token),
        knock_index=blind_index(KNOCK, knock),
        loaded_at=now,
        until_at=now + ON_A_PHONE,
        seen_at=now,
    )
    phone.journeys.set(journeys)
    journal.record("day loaded onto a phone", subject=phone, by=by)
    for each in journeys:
        journal.looked(subject=each, by=by, person=person_of(each), purpose="convoy")
    return phone


def phone_of(token: str) -> ConvoyPhone | None:
    """The phone that holds this secret, wiped or not."""
    return _phones().filter(token_index=blind_index(TOKEN, token)).first()


def phone_that_knocks(knock: str) -> ConvoyPhone | None:
    """The phone that only asks whether it is to be wiped."""
    return _phones().filter(knock_index=blind_index(KNOCK, knock)).first()


def _phones() -> "QuerySet[ConvoyPhone]":
    return ConvoyPhone.objects.select_related("escort")


@transaction.atomic
def keep_events(*, phone: ConvoyPhone, told: Sequence[Told]) -> int:
    """Keep each once, whatever of it was here already. Returns up to which number none is missing.

    What comes after the phone was to be wiped is kept too, and does not count.
    """
    phone = _locked(phone)
    now, escort = timezone.now(), phone.escort
    active = escort.is_active and escort.may(Permission.MEET_FAMILY)
    refuse_if(why_not_bring(now=now, until=phone.until_at, is_active=active))
    journeys = {each.pk: each for each in phone.journeys.with_all()}
    legs = _legs_of(journeys.values())
    for one in told:
        given = one.journey in journeys
        refuse_if(why_not_keep(kind=one.kind, leg=one.leg, legs=legs.get(one.journey, ()),
                               is_given=given))  # fmt: skip
    for one in told:
        _keep(one, phone, now, journeys[one.journey])
    if now < phone.until_at and not is_to_wipe(phone):
        _give_new_ways(phone, journeys.values())
    phone.seen_at = now
    phone.save(update_fields=["seen_at"])
    return complete_to(phone.events.all().numbers())


def _give_new_ways(phone: ConvoyPhone, given: Iterable[Journey]) -> None:
    """Who is on this phone and goes another way today, confirmed and with the same escort: the
    phone gets that way. What was told of the earlier one stays with it.
    """
    those = list(given)
    todays = Journey.objects.of_convoy(phone.escort).filter(
        on=phone.on, application__in=[each.application_id for each in those]
    )
    for each in todays.exclude(pk__in=[each.pk for each in those]).with_all().order_by("pk"):
        phone.journeys.add(each)
        journal.looked(subject=each, by=phone.escort, person=person_of(each), purpose="convoy")


def _keep(one: Told, phone: ConvoyPhone, now: datetime, journey: Journey) -> None:
    event, is_new = ConvoyEvent.objects.get_or_create(
        phone=phone,
        number=one.number,
        digest=one.digest(),
        defaults={
            "journey": journey,
            "kind": one.kind,
            "leg": one.leg,
            "at": one.at,
            "received_at": now,
            "by": phone.escort,
            "after_wipe": bool(phone.wipe_asked_at or phone.wiped_at),
        },
    )
    if is_new:
        _journal(event, phone.escort)


def _journal(event: ConvoyEvent, by: Staff) -> None:
    number = person_of(event.journey)
    journal.record("told from the way", subject=event, by=by, person=number, purpose=event.kind)


def _legs_of(journeys: Iterable[Journey]) -> dict[UUID, list[int]]:
    return {each.pk: list(each.legs.values_list("number", flat=True)) for each in journeys}


def _locked(phone: ConvoyPhone) -> ConvoyPhone:
    rows = ConvoyPhone.objects.select_for_update(of=("self",)).select_related("escort")
    return rows.get(pk=phone.pk)


@transaction.atomic
def note_heard(*, journey: Journey, kind: EventKind, leg: int | None, by: Staff) -> ConvoyEvent:
    """The coordinator heard it on the telephone: the paper way."""
    by.must(Permission.PLAN_JOURNEYS)
    legs = _legs_of([journey])[journey.pk]
    refuse_if(why_not_keep(kind=kind, leg=leg, legs=legs, is_given=True))
    now = timezone.now()
    event = ConvoyEvent.objects.create(
        journey=journey, kind=kind, leg=leg, at=now, received_at=now, by=by, seen_at=now,
        seen_by=by,
    )  # fmt: skip
    _journal(event, by)
    return event


@transaction.atomic
def note_seen(*, event: ConvoyEvent, by: Staff) -> None:
    """Somebody at the desk acts on it: an alarm, or what does not fit together."""
    by.must(Permission.PLAN_JOURNEYS)
    event = ConvoyEvent.objects.select_for_update(of=("self",)).get(pk=event.pk)
    refuse_if(why_not_note_seen(seen=event.seen_at is not None))
    event.seen_at, event.seen_by = timezone.now(), by
    event.save(update_fields=["seen_at", "seen_by"])
    number = person_of(event.journey)
    journal.record("word from the way seen", subject=event, by=by, person=number)


@transaction.atomic
def ask_wipe(*, phone: ConvoyPhone, by: Staff) -> None:
    """At its next contact it deletes all that it holds. What it still brings does not count."""
    by.must(Permission.PLAN_JOURNEYS)
    phone = _locked(phone)
    refuse_if(why_not_wipe(asked=phone.wipe_asked_at is not None, wiped=bool(phone.wiped_at)))
    phone.wipe_asked_at, phone.wipe_asked_by = timezone.now(), by
    phone.save(update_fields=["wipe_asked_at", "wipe_asked_by"])
    journal.record("wipe of a phone asked", subject=phone, by=by)


@transaction.atomic
def note_knock(*, phone: ConvoyPhone, wiped: bool, last: int) -> bool:
    """A phone asks whether it is to be wiped, or says that it was. Returns whether it is to be.

    `last` is the number of the last thing that it noted: what never came is known by it.
    """
    phone = _locked(phone)
    phone.seen_at = timezone.now()
    if wiped and phone.wiped_at is None:
        phone.wiped_at = phone.seen_at
        phone.never_brought = max(0, last - len(set(phone.events.all().numbers())))
        journal.record("phone wiped", subject=phone, by=phone.escort)
    phone.save(update_fields=["seen_at", "wiped_at", "never_brought"])
    return is_to_wipe(phone)


def is_to_wipe(phone: ConvoyPhone) -> bool:
    """Asked for, done already, or its escort works here no longer."""
    escort = phone.escort
    return bool(
        phone.wipe_asked_at
        or phone.wiped_at
        or not escort.is_active
        or not escort.may(Permission.MEET_FAMILY)
    )
