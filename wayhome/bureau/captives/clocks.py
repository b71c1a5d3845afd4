"""What the Conventions give every captive within hours and days: computed, never kept."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from wayhome.bureau.captives.rules import (
    AUTHORITY_WITHIN,
    CARD_WITHIN,
    RIGHTS_WITHIN,
    SOON,
    DutyKind,
)

WITHIN = {
    DutyKind.RIGHTS: RIGHTS_WITHIN,
    DutyKind.AUTHORITY: AUTHORITY_WITHIN,
    DutyKind.FAMILY_CARD: CARD_WITHIN,
    DutyKind.AGENCY_CARD: CARD_WITHIN,
}
PROVISIONS = {
    DutyKind.RIGHTS: "GC III 69",
    DutyKind.AUTHORITY: "GC III 12",
    DutyKind.FAMILY_CARD: "GC III 70",
    DutyKind.AGENCY_CARD: "GC III 70",
}


@dataclass(frozen=True)
class Times:
    """What the clocks of one captive run from, and what has stopped them.

    `cards_from`: each moment after which two cards are his anew (arrival, transfer, hospital).
    """

    captured_at: datetime
    must_be_given_from: datetime | None = None  # none where an authority took, or lists, him
    given_at: datetime | None = None
    cards_from: tuple[datetime, ...] = ()
    done: tuple[tuple[DutyKind, datetime], ...] = ()


@dataclass(frozen=True)
class Clock:
    """One deadline: since when it runs, until when, and when it was met."""

    kind: DutyKind
    started_at: datetime
    done_at: datetime | None = None

    @property
    def due_at(self) -> datetime:
        return self.started_at + WITHIN[self.kind]

    @property
    def provision(self) -> str:
        return PROVISIONS[self.kind]

    def state(self, now: datetime) -> str:
        """done, done late, late, soon or running: what the page shows in colour and in words."""
        if self.done_at:
            return "done" if self.done_at <= self.due_at else "done late"
        if now > self.due_at:
            return "late"
        return "soon" if self.due_at - now < SOON else "running"


def clocks_of(times: Times) -> list[Clock]:
    """All clocks of one captive."""
    rights = Clock(DutyKind.RIGHTS, times.captured_at, _done(times, DutyKind.RIGHTS, None))
    return [*_authority(times), rights, *_cards(times)]


def _authority(times: Times) -> Iterable[Clock]:
    if times.must_be_given_from:
        yield Clock(DutyKind.AUTHORITY, times.must_be_given_from, times.given_at)


def _cards(times: Times) -> Iterable[Clock]:
    """The cards due since the last arrival or hospital, or, before any, since the capture."""
    since = max(times.cards_from, default=times.captured_at)
    for kind in (DutyKind.FAMILY_CARD, DutyKind.AGENCY_CARD):
        yield Clock(kind, since, _done(times, kind, since))


def _done(times: Times, kind: DutyKind, since: datetime | None) -> datetime | None:
    """When it was first done, counting only what was done since."""
    found = [at for one, at in times.done if one == kind and (since is None or at >= since)]
    return min(found, default=None)
