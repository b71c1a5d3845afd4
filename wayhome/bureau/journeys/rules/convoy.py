"""What an escort tells from the way, and what follows from it: computed from all of it, never kept.

A phone numbers what it tells, from 1, over all its families. What it told arrives late, twice, or
in another order; the trail is the same whatever the order was.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

ON_A_PHONE = timedelta(hours=12)  # so long a phone holds a day; then it is gone from it
# So long a phone may bring what it noted before: its network was away for days.
BRINGS_LATE = timedelta(days=7)
RING_AFTER = timedelta(minutes=30)  # a check-in that did not come rings at the coordinator
CLOCK_MAY_DIFFER = timedelta(minutes=5)
MOST_AT_ONCE = 200  # of what a phone brings in one go


class EventKind(StrEnum):
    PASS = "pass"
    CHECK_IN = "check in"
    CHECK_OUT = "check out"
    TURN_BACK = "turn back"
    STOP_WORD = "stop word"
    LOST = "lost contact"
    ARREST = "arrest"
    WELL = "all well"


K = EventKind
EVENT_NAMES = {
    K.PASS: _("The pass was looked at, and is good"),
    K.CHECK_IN: _("They set out"),
    K.CHECK_OUT: _("They arrived"),
    K.TURN_BACK: _("They turn back"),
    K.STOP_WORD: _("The stop word was said"),
    K.LOST: _("Contact is lost"),
    K.ARREST: _("Somebody was arrested"),
    K.WELL: _("All is well again"),
}
OF_A_LEG = frozenset({K.CHECK_IN, K.CHECK_OUT, K.TURN_BACK})
ALARMS = frozenset({K.TURN_BACK, K.STOP_WORD, K.LOST, K.ARREST})


class Conflict(StrEnum):
    TWO_PHONES = "two phones"
    TWICE = "twice"
    NOT_BEGUN = "not begun"
    TURNED_BACK = "turned back"
    BACKWARDS = "backwards"
    AHEAD = "ahead"
    ONE_NUMBER = "one number"
    AFTER_WIPE = "after wipe"


C = Conflict
CONFLICT_NAMES = {
    C.TWO_PHONES: _("Another phone told of the same leg. The first word counts."),
    C.TWICE: _("This leg was told of already. The first word counts."),
    C.NOT_BEGUN: _("They arrived without having set out."),
    C.TURNED_BACK: _("They had turned back before."),
    C.BACKWARDS: _("The clock of the phone went backwards."),
    C.AHEAD: _("The clock of the phone is ahead."),
    C.ONE_NUMBER: _("The phone gave two entries one number."),
    C.AFTER_WIPE: _("It came after the phone was to be wiped. It does not count."),
}


@dataclass(frozen=True)
class Event:
    """One thing told. `phone` is empty for what the coordinator heard by telephone."""

    id: str
    phone: str
    number: int
    kind: EventKind
    leg: int | None
    at: datetime
    received_at: datetime
    after_wipe: bool = False


@dataclass(frozen=True)
class Line:
    """One event in the trail, with what is wrong with it; `waits` for earlier ones to arrive."""

    event: Event
    conflicts: tuple[Conflict, ...] = ()
    waits: bool = False


@dataclass
class LegTold:
    """What is known of one leg: the first word that counts, of each kind."""

    checked_in: Event | None = None
    checked_out: Event | None = None


@dataclass
class Trail:
    lines: list[Line] = field(default_factory=list)
    legs: dict[int, LegTold] = field(default_factory=dict)
    turned_back: Event | None = None

    @property
    def conflicts(self) -> list[Line]:
        return [line for line in self.lines if line.conflicts]


def complete_to(numbers: Iterable[int]) -> int:
    """The last number up to which none is missing; 0 if the first is."""
    known = set(numbers)
    last = 0
    while last + 1 in known:
        last += 1
    return last


def trail_of(events: Iterable[Event], complete: Mapping[str, int]) -> Trail:
    """The trail of one journey, from events in any order.

    `complete` says for each phone up to which number nothing is missing of all its journeys. What
    stands behind a gap is shown and waits: it closes no leg before the earlier ones are here.
    """
    trail, last_of = Trail(), dict[str, Event]()
    for event in _in_order(events):
        if event.phone and event.number > complete.get(event.phone, 0) and not event.after_wipe:
            trail.lines.append(Line(event, waits=True))
            continue
        wrong = tuple(_wrong(event, trail, last_of.get(event.phone)))
        trail.lines.append(Line(event, wrong))
        if C.AFTER_WIPE not in wrong:
            _count(event, trail)
        if event.phone:
            last_of[event.phone] = event
    return trail


def _in_order(events: Iterable[Event]) -> list[Event]:
    """Each phone's in the order of their numbers; of several phones by the time that each tells."""
    ordered: list[tuple[datetime, str, int, str, Event]] = []
    seen: dict[str, datetime] = {}
    for one in sorted(events, key=lambda one: (one.phone, one.number, one.id)):
        at = max(one.at, seen.get(one.phone, one.at)) if one.phone else one.at
        seen[one.phone] = at
        ordered.append((at, one.phone, one.number, one.id, one))
    return [row[-1] for row in sorted(ordered, key=lambda row: row[:-1])]


def _wrong(event: Event, trail: Trail, last: Event | None) -> Iterator[Conflict]:
    if event.after_wipe:
        yield C.AFTER_WIPE
        return
    if last and last.number == event.number:
        yield C.ONE_NUMBER
    if last and event.at < last.at:
        yield C.BACKWARDS
    if event.at > event.received_at + CLOCK_MAY_DIFFER:
        yield C.AHEAD
    leg = trail.legs.get(event.leg or 0, LegTold())
    first = {
        K.CHECK_IN: leg.checked_in or leg.checked_out,
        K.CHECK_OUT: leg.checked_out,
        K.TURN_BACK: trail.turned_back,
    }.get(event.kind)
    if first:
        yield C.TWICE if first.phone == event.phone else C.TWO_PHONES
    elif event.kind == K.CHECK_OUT and not leg.checked_in:
        yield C.NOT_BEGUN
    if trail.turned_back and event.kind in (K.CHECK_IN, K.CHECK_OUT):
        yield C.TURNED_BACK


def _count(event: Event, trail: Trail) -> None:
    if event.kind == K.TURN_BACK:
        trail.turned_back = trail.turned_back or event
    elif event.kind in OF_A_LEG and event.leg:
        leg = trail.legs.setdefault(event.leg, LegTold())
        if event.kind == K.CHECK_IN and not leg.checked_out:
            leg.checked_in = leg.checked_in or event
        elif event.kind == K.CHECK_OUT:
            leg.checked_out = leg.checked_out or event


def why_not_load(*, families: int) -> Refusal | None:
    if not families:
        return Refusal("convoy.nobody", _("Nobody travels with you today."))
    return None


def why_not_keep(
    *, kind: EventKind, leg: int | None, legs: Iterable[int], is_given: bool
) -> Refusal | None:
    """A phone tells of the families that it was given, and of legs that there are."""
    if not is_given or (kind in OF_A_LEG) != (leg is not None) or leg not in (None, *legs):
        return Refusal("convoy.event", _("This is no entry of this journey."))
    return None


def why_not_bring(*, now: datetime, until: datetime, is_active: bool) -> Refusal | None:
    if now > until + BRINGS_LATE or not is_active:
        return Refusal("convoy.over", _("This phone is known no longer. Sign in and load anew."))
    return None


def why_not_wipe(*, asked: bool, wiped: bool) -> Refusal | None:
    if asked or wiped:
        return Refusal("convoy.wiped", _("This phone is to be wiped already."))
    return None


def why_not_note_seen(*, seen: bool) -> Refusal | None:
    if seen:
        return Refusal("convoy.seen", _("Somebody has noted this already."))
    return None
