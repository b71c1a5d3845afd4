"""Register a captive from his capture card, and supersede a card by a corrected one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.announcements import card_changed, custody_changed
from wayhome.bureau.captives.models import Captive, CaptureCard, CardFile, CustodyEvent
from wayhome.bureau.captives.rules import (
    SAID,
    Captor,
    EventKind,
    Span,
    authority_clock_runs,
    faults_of_capture,
    faults_of_card,
    identity_state_of,
    span_of,
    stated,
    status_basis_of,
    why_not_correct,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.actions import take_number
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import PartialDate
from wayhome.lib.refusal import Refusal, refuse_if

LONGEST_LANGUAGES = 60


@dataclass(frozen=True)
class Captured:
    """How he came into custody. Days are EDTF texts; a moment, where it is known, counts more.

    Until he is `given_to` an authority the 24 hours of rule 8 run from the capture.
    """

    on: str = ""
    at: datetime | None = None
    captor: Captor = Captor.UNKNOWN
    by: str = ""
    where: str = ""
    given_to: str = ""
    given_on: str = ""
    given_at: datetime | None = None

    @property
    def span(self) -> Span:
        return span_of(self.at, self.on, timezone.get_current_timezone())

    @property
    def given_span(self) -> Span:
        """When an authority had him; at once, if it took him itself."""
        if self.captor == Captor.AUTHORITY and not (self.given_at or self.given_on):
            return self.span
        return span_of(self.given_at, self.given_on, timezone.get_current_timezone())

    @property
    def authority(self) -> str:
        return self.given_to or (self.by if self.captor == Captor.AUTHORITY else "")


@dataclass(frozen=True)
class Received:
    """One card as it came: typed by a clerk, or a line of a file."""

    card: Mapping[str, str]  # {field: text | "declined" | "unknown" | "unable"}
    captured: Captured = field(default_factory=Captured)
    languages: str = ""  # codes, a space between them
    source: str = "typed"
    from_file: CardFile | None = None
    line: int | None = None
    line_digest: bytes | None = None


@dataclass(frozen=True)
class NewCaptive:
    """The rows of one captive, not stored yet: to be stored in this order."""

    key: PersonKey
    captive: Captive
    card: CaptureCard
    events: tuple[CustodyEvent, ...]


def unsaved_captive(
    *, received: Received, number: str, site: Site, by: Staff | None, now: datetime
) -> NewCaptive:
    """Make the rows of one captive; whoever calls asks permission, stores and announces them."""
    key = PersonKey.unsaved()
    captive = Captive(
        bureau_number=number,
        site=site,
        key=key,
        registered_at=now,
        registered_by=by,
        captured_on=_day_of(received.captured),
        given_to_authority_at=_given_at(received.captured, now),
        authority_clock_from=_clock_from(received, now),
        languages=received.languages[:LONGEST_LANGUAGES],
    )
    _derive(captive, received.card)
    card = CaptureCard(
        captive=captive,
        key=key,
        version=1,
        as_received=dict(received.card),
        source=received.source,
        from_file=received.from_file,
        line=received.line,
        line_digest=received.line_digest,
        entered_by=by,
    )
    events = tuple(_first_events(captive, received.captured, by))
    return NewCaptive(key, captive, card, events)


def _derive(captive: Captive, card: Mapping[str, str]) -> None:
    """The searchable copies, and what follows from the card. A word like "declined" is no name."""
    captive.describe({name: stated(card, name) for name in card})
    captive.identity_state = identity_state_of(card)
    captive.status_basis = status_basis_of(card)
    if "captured_on" in card:
        captive.captured_on = stated(card, "captured_on")


def _day_of(captured: Captured) -> str:
    if captured.at:
        return timezone.localdate(captured.at).isoformat()
    return captured.on if captured.on not in SAID else ""


def _given_at(captured: Captured, now: datetime) -> datetime | None:
    """The last moment at which he can have been given over: what the clock is measured by."""
    last = captured.given_span.last
    return min(last, now) if last else None


def _clock_from(received: Received, now: datetime) -> datetime | None:
    """The first moment at which he can have been captured; none where no clock runs."""
    listed = received.from_file is not None
    if not authority_clock_runs(received.captured.captor, listed=listed):
        return None
    return received.captured.span.first or now


def _first_events(captive: Captive, captured: Captured, by: Staff | None) -> Iterator[CustodyEvent]:
    yield CustodyEvent(
        captive=captive,
        key=captive.key,
        number=1,
        kind=EventKind.CAPTURED,
        happened_at=captured.at,
        happened_on="" if captured.at else captured.on,
        begins_at=None if captured.at else captured.span.first,
        details=_told(captor=captured.captor.value, by=captured.by, where=captured.where),
        recorded_by=by,
    )
    if captured.given_span.last:
        itself = not (captured.given_at or captured.given_on)
        at, on = (captured.at, captured.on) if itself else (captured.given_at, captured.given_on)
        yield CustodyEvent(
            captive=captive,
            key=captive.key,
            number=2,
            kind=EventKind.GIVEN_TO_AUTHORITY,
            happened_at=at,
            happened_on="" if at else on,
            begins_at=None if at else captured.given_span.first,
            details=_told(to=captured.authority),
            recorded_by=by,
        )


def _told(**details: str) -> dict[str, str] | None:
    return {name: text for name, text in details.items() if text} or None


def faults_of(received: Received, now: datetime) -> Iterator[Refusal]:
    """Everything that stands against this card, each at its field of the form."""
    captured = received.captured
    captured_on = PartialDate(captured.on if captured.on not in SAID else "")
    if captured.at:
        captured_on = PartialDate(timezone.localdate(captured.at).isoformat())
    yield from faults_of_card(received.card, captured_on=captured_on, today=timezone.localdate(now))
    yield from faults_of_capture(
        captured.span,
        captured.given_span,
        given_to=captured.authority,
        war_began_on=date.fromisoformat(settings.WAR_BEGAN_ON),
        now=now,
    )


@transaction.atomic
def register_captive(*, received: Received, by: Staff, site: Site | None = None) -> Captive:
    """Put a captive on the register, with his first card and how he came into custody.

    Presumed a prisoner of war unless a tribunal decided. Raises Refused, with nothing written.
    """
    by.must(Permission.REGISTER_CAPTIVE)
    now = timezone.now()
    refuse_if(faults_of(received, now))
    site = site or by.site
    new = unsaved_captive(received=received, number=take_number(site), site=site, by=by, now=now)
    new.key.save(force_insert=True)
    new.captive.save(force_insert=True)
    new.card.save(force_insert=True)
    for event in new.events:
        event.save(force_insert=True)
    number = new.captive.bureau_number
    journal.record("captive registered", subject=new.captive, by=by, person=number)
    card_changed.send(Captive, captive=new.captive)
    for event in new.events:
        custody_changed.send(Captive, captive=new.captive, event=event)
    return new.captive


@transaction.atomic
def correct_card(
    *, captive: Captive, card: Mapping[str, str], reason: str, by: Staff
) -> CaptureCard:
    """Supersede his card by a corrected one; the old one stays as it was received.

    What is in no field of `card` is carried over. Raises Refused, with nothing written.
    """
    by.must(Permission.CORRECT_CARD)
    # Locked, so that two clerks cannot each write "the next" version.
    captive = Captive.objects.select_for_update(of=("self",)).get(pk=captive.pk)
    last = captive.last_card()
    old: Mapping[str, str] = last.as_received if last else {}
    new = {name: text for name, text in {**old, **card}.items() if text}
    refuse_if(_why_not_correct(captive, old, new, reason))
    corrected = captive.cards.create(
        key=captive.key,
        version=last.version + 1 if last else 1,
        as_received=new,
        reason=reason.strip() if last else None,
        entered_by=by,
    )
    _derive(captive, new)
    captive.save()
    number = captive.bureau_number
    journal.record("card corrected", subject=corrected, by=by, person=number)
    card_changed.send(Captive, captive=captive)
    return corrected


def _why_not_correct(
    captive: Captive, old: Mapping[str, str], new: Mapping[str, str], reason: str
) -> Iterator[Refusal]:
    yield from why_not_correct(old=dict(old), new=new, reason=reason)
    captured_on = PartialDate(captive.captured_on)
    yield from faults_of_card(new, captured_on=captured_on, today=timezone.localdate())
