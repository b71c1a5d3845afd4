"""Add to a captive's custody record; his state and his place follow from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.actions.harm import Protecting
from wayhome.bureau.captives.announcements import custody_changed
from wayhome.bureau.captives.models import Captive, CustodyEvent, DutyNote, Place
from wayhome.bureau.captives.rules import (
    RIGHTS_VERSION,
    DutyKind,
    EventKind,
    Outcome,
    Span,
    span_of,
    state_after,
    why_not_by_hand,
    why_not_note_duty,
    why_not_record,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if
from wayhome.lib.text import clean_line

LONGEST_PLACE = 200


@dataclass(frozen=True)
class Happening:
    """What happened to him, and when: a moment, or a day as an EDTF text."""

    kind: EventKind
    at: datetime | None = None
    on: str = ""
    place: Place | None = None
    to_authority: str = ""
    by: str = ""
    note: str = ""

    @property
    def span(self) -> Span:
        return span_of(self.at, self.on, timezone.get_current_timezone())

    def details(self) -> dict[str, str] | None:
        told = {"to": self.to_authority, "by": self.by, "note": self.note}
        return {name: text.strip() for name, text in told.items() if text.strip()} or None


@transaction.atomic
def record_custody_event(*, captive: Captive, happened: Happening, by: Staff) -> CustodyEvent:
    """Add one event to a captive's custody record.

    Raises Refused, with nothing written, if a rule in captives.rules forbids it.
    """
    by.must(Permission.RECORD_CUSTODY)
    # Locked, so that two clerks cannot each add "the next" event.
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.pk)
    last = captive.last_event()
    refuse_if(_why_not(happened, last))
    event = captive.custody_events.create(
        key=captive.key,
        number=last.number + 1 if last else 1,
        kind=happened.kind,
        happened_at=happened.at,
        happened_on="" if happened.at else happened.on,
        begins_at=None if happened.at else happened.span.first,
        place=happened.place,
        details=happened.details(),
        recorded_by=by,
    )
    _follow(captive, happened)
    number = captive.bureau_number
    journal.record("custody event recorded", subject=event, by=by, person=number)
    custody_changed.send(Captive, captive=captive, event=event)
    return event


def _why_not(happened: Happening, last: CustodyEvent | None) -> Iterator[Refusal | None]:
    zone = timezone.get_current_timezone()
    yield from why_not_by_hand(
        happened.kind,
        has_place=happened.place is not None,
        to_authority=happened.to_authority,
        has_time=happened.span.first is not None,
    )
    yield why_not_record(
        happened.kind,
        last_kind=EventKind(last.kind) if last else None,
        happened_at=happened.span.first,
        happened_until=happened.span.last,
        last_at=span_of(last.happened_at, last.happened_on, zone).first if last else None,
        now=timezone.now(),
    )


def _follow(captive: Captive, happened: Happening) -> None:
    """What follows for the captive's own columns. A new capture starts the 24 hours anew."""
    captive.custody_state = state_after(happened.kind)
    if happened.kind == EventKind.CAPTURED:
        captive.given_to_authority_at = None
        captive.authority_clock_from = happened.span.first or timezone.now()
    elif happened.kind == EventKind.GIVEN_TO_AUTHORITY:
        last = happened.span.last
        captive.given_to_authority_at = min(last, timezone.now()) if last else None
    columns = ["custody_state", "given_to_authority_at", "authority_clock_from", "changed_at"]
    captive.save(update_fields=columns)


def find_or_make_place(*, site: Site, name: str, by: Staff) -> Place:
    """The place of this name at a site; a new one is made by whoever may record custody."""
    by.must(Permission.RECORD_CUSTODY)
    return Place.objects.get_or_create(site=site, name=clean_line(name)[:LONGEST_PLACE])[0]


@dataclass(frozen=True)
class DutyDone:
    """What was done for him, when, and whether he wanted it."""

    kind: DutyKind
    at: datetime
    outcome: Outcome = Outcome.DONE
    language: str = ""


@transaction.atomic
def note_duty(*, captive: Captive, done: DutyDone, by: Staff) -> DutyNote:
    """Note that he was told his rights, or was given his cards: it stops that clock.

    Raises Refused, with nothing written, if a rule in captives.rules forbids it.
    """
    by.must(Permission.RECORD_CUSTODY)
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.pk)
    refuse_if(why_not_note_duty(done.kind, at=done.at, now=timezone.now(), language=done.language))
    note = captive.duty_notes.create(
        kind=done.kind,
        outcome=done.outcome,
        language=done.language,
        version=RIGHTS_VERSION if done.kind == DutyKind.RIGHTS else None,
        done_at=done.at,
        noted_by=by,
    )
    number = captive.bureau_number
    journal.record("duty noted", subject=note, by=by, person=number, purpose=done.kind.value)
    return note


def note_own_card(*, captive: Captive, kind: DutyKind, by: Protecting) -> DutyNote:
    """Note that he wrote his card himself, at the tablet: that stops its clock."""
    by.must(Permission.ANSWER_FOR_SELF)
    note = captive.duty_notes.create(kind=kind, done_at=timezone.now())
    number = captive.bureau_number
    journal.record("duty noted", subject=note, by=by, person=number, purpose=kind.value)
    return note


def note_told_rights(
    *, captive: Captive, language: str, before: Staff | None, since: datetime, by: Protecting
) -> DutyNote:
    """Note that he read his rights at the tablet: text, language, moment, and before whom.

    Read again since the same sitting began, in the same language, it is noted once.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    told = {"kind": DutyKind.RIGHTS, "language": language, "version": RIGHTS_VERSION}
    known = captive.duty_notes.filter(**told, done_at__gte=since).first()
    if known:
        return known
    note = captive.duty_notes.create(**told, done_at=timezone.now(), noted_by=before)
    purpose = f"text {RIGHTS_VERSION}, {language}"
    number = captive.bureau_number
    journal.record("rights given", subject=note, by=by, person=number, purpose=purpose)
    return note
