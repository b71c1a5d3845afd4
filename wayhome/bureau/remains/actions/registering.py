"""Give remains their number, say how they were found, link parts of one body."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive, CustodyEvent
from wayhome.bureau.captives.rules import EventKind, span_of
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.announcements import kind_said, parts_linked, remains_registered
from wayhome.bureau.remains.models import Change, PartLink, Recovery, Remains
from wayhome.bureau.remains.queries import gaps_in
from wayhome.bureau.remains.rules.custody import to_the_minute, why_not_times
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.remains.rules.register import (
    Found,
    Pair,
    RemainsKind,
    faults_of_recovery,
    why_not_correct_recovery,
    why_not_link,
    why_not_unlink,
)
from wayhome.bureau.staff.actions import take_number
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@dataclass(frozen=True)
class FirstHands:
    """How they came into the first hands that signed: from whom, and when."""

    given_at: datetime
    taken_at: datetime
    from_outside: str = ""  # a name; empty where the team itself found them
    condition: str = ""


@transaction.atomic
def register_remains(
    *, kind: RemainsKind, bag: str, found: Found, hands: FirstHands, by: Staff
) -> Remains:
    """Register what a team found, and how: its first custodian is who registers it."""
    by.must(Permission.RECORD_REMAINS)
    refuse_if(
        [
            *faults_of_recovery(found, today=timezone.localdate()),
            *why_not_times(
                given_at=hands.given_at, taken_at=hands.taken_at, last_at=None, now=timezone.now()
            ),
        ]
    )
    remains = _register(take_number(by.site), by.site, hands, by, kind=kind, bag=bag)
    _keep_recovery(remains, found, "", by)
    return remains


def register_bag(*, bag: str, hands: FirstHands, site: Site, by: Staff) -> Remains:
    """Give the bag of a lorry its number, in the running transaction."""
    by.must(Permission.RECORD_REMAINS)
    return _register(take_number(site), site, hands, by, kind=RemainsKind.UNKNOWN, bag=bag)


@transaction.atomic
def take_over_from_captives(*, captive: Captive, event: CustodyEvent) -> Remains | None:
    """Who died in custody passes to the remains under the same number (GC III 120).

    His first custodian is who recorded the death. Nothing follows where he had escaped and died
    elsewhere, where nobody is known to have recorded it, or where a linked card brought him here.
    """
    before = captive.custody_events.filter(number__lt=event.number).order_by("-number").first()
    known = Remains.objects.filter(captive__in=captive.all_records()).exists()
    if known or event.recorded_by is None or (before and before.kind == EventKind.ESCAPED):
        return None
    zone = timezone.get_current_timezone()
    died = span_of(event.happened_at, event.happened_on, zone)
    # The last moment at which he can have died: the hours before are his life, and no gap.
    now = timezone.now()
    hands = FirstHands(min(died.last or now, now), now)
    return _register(
        captive.bureau_number, captive.site, hands, event.recorded_by,
        kind=RemainsKind.WHOLE, captive=captive, found_on=event.happened_on,
    )  # fmt: skip


def _register(
    number: str, site: Site, hands: FirstHands, by: Staff, *, bag: str = "", **columns: object
) -> Remains:
    now, key = timezone.now(), PersonKey.make()
    remains = Remains.objects.create(
        bureau_number=number, site=site, key=key, bag=bag, bag_key=bag_key(bag),
        registered_at=now, registered_by=by, **columns,
    )  # fmt: skip
    details = {"giver": hands.from_outside, "condition": hands.condition}
    Change.objects.create(
        remains=remains,
        key=key,
        number=1,
        is_last=True,
        giver_outside=bool(hands.from_outside),
        receiver=by,
        given_at=to_the_minute(hands.given_at),
        taken_at=to_the_minute(hands.taken_at),
        details={name: text.strip() for name, text in details.items() if text.strip()},
        receiver_signed_at=now,
    )
    see_to_gaps(remains)
    journal.record("remains registered", subject=remains, by=by, person=number)
    remains_registered.send(Remains, remains=remains)
    return remains


@transaction.atomic
def say_kind(*, remains: Remains, kind: RemainsKind, by: Staff) -> Remains:
    """Say what is in the bag, once it was opened."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    remains.kind = kind
    remains.save(update_fields=["kind"])
    journal.record("kind of remains noted", subject=remains, by=by, person=remains.bureau_number)
    kind_said.send(Remains, remains=remains)
    return remains


@transaction.atomic
def note_recovery(*, remains: Remains, found: Found, reason: str, by: Staff) -> Recovery:
    """Write how they were found, or correct it by a later version."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    refuse_if(
        [
            *faults_of_recovery(found, today=timezone.localdate()),
            why_not_correct_recovery(version=remains.recoveries.count() + 1, reason=reason),
        ]
    )
    return _keep_recovery(remains, found, reason, by)


def _keep_recovery(remains: Remains, found: Found, reason: str, by: Staff) -> Recovery:
    version = remains.recoveries.count() + 1
    recovery = Recovery.objects.create(
        remains=remains,
        key=remains.key,
        version=version,
        found=found.as_kept(),
        reason=reason.strip() if version > 1 else None,
        by=by,
    )
    remains.found_on = found.on
    remains.save(update_fields=["found_on"])
    number = remains.bureau_number
    journal.record("recovery of remains noted", subject=recovery, by=by, person=number)
    return recovery


@transaction.atomic
def link_parts(*, one: Remains, other: Remains, grounds: str, by: Staff) -> PartLink:
    """Say that two remains are parts of one body. Each keeps its number and its chain."""
    by.must(Permission.EXAMINE_REMAINS)
    first, second = sorted((one, other), key=lambda each: each.pk)
    # Locked in the order of their ids, so that two who link the same pair do not wait in a ring.
    rows = {each.pk: each for each in (locked(first), locked(second))}
    linked = PartLink.objects.standing().filter(one=first, other=second).exists()
    kinds = frozenset(RemainsKind(each.kind) for each in rows.values())
    refuse_if(why_not_link(Pair(first.pk == second.pk, linked, kinds), grounds=grounds))
    link = PartLink.objects.create(
        one=first, other=second, key=rows[first.pk].key, grounds=grounds.strip(), by=by,
        at=timezone.now(),
    )  # fmt: skip
    journal.record("parts linked", subject=link, by=by, person=one.bureau_number)
    parts_linked.send(PartLink, link=link)
    return link


@transaction.atomic
def unlink_parts(*, link: PartLink, reason: str, by: Staff) -> PartLink:
    """Take the link of two parts back. That it stood stays on both pages."""
    by.must(Permission.EXAMINE_REMAINS)
    rows = PartLink.objects.select_for_update(of=("self",)).select_related("key", "one", "other")
    link = rows.get(pk=link.pk)
    refuse_if(why_not_unlink(standing=link.taken_back_at is None, reason=reason))
    link.taken_back_by, link.taken_back_at = by, timezone.now()
    link.why_taken_back = reason.strip()
    link.save(update_fields=["taken_back_by", "taken_back_at", "why_taken_back"])
    journal.record("parts unlinked", subject=link, by=by, person=link.one.bureau_number)
    return link


def see_to_gaps(remains: Remains) -> None:
    """Keep whether the chain is broken, after it grew."""
    broken = bool(gaps_in(remains))
    if broken != remains.has_gap:
        remains.has_gap = broken
        remains.save(update_fields=["has_gap"])


def locked(remains: Remains) -> Remains:
    rows = Remains.objects.select_for_update(of=("self",)).select_related("key", "site")
    return rows.get(pk=remains.pk)
