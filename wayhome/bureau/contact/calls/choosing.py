"""Which times are offered: such as suit both, drawn so that they do not show a camp's hours."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from functools import cache
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.translation import gettext_lazy as _

OFFERS = 3
OFFERED_FROM, OFFERED_UNTIL = timedelta(hours=36), timedelta(days=14)  # from now
STEP = timedelta(minutes=5)  # beginnings are moved by so much within their slot
WAKING = (time(8), time(21))  # nobody is called at night, by either clock


class Part(StrEnum):
    """Of a day, by the clock of whoever says it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


PART_NAMES = {
    Part.MORNING: _("In the morning, before 12"),
    Part.AFTERNOON: _("In the afternoon, from 12 to 17"),
    Part.EVENING: _("In the evening, from 17"),
}
HOURS = {
    Part.MORNING: (time(8), time(12)),
    Part.AFTERNOON: (time(12), time(17)),
    Part.EVENING: (time(17), time(21)),
}
DAYS = tuple(range(7))  # Monday is 0


@dataclass(frozen=True)
class Times:
    """When somebody can talk: days of the week and parts of the day by the clock of a zone."""

    zone: str
    days: Collection[int] = DAYS
    parts: Collection[Part] = tuple(Part)

    def suit(self, at: datetime) -> bool:
        """Whether this moment is among them. Of a zone nobody knows every waking hour is."""
        local = at.astimezone(zone_of(self.zone))
        if local.weekday() not in (self.days or DAYS):
            return False
        hours = [HOURS[part] for part in self.parts] or [WAKING]
        return any(start <= local.time() < end for start, end in hours)

    def as_json(self) -> dict[str, object]:
        return {"zone": self.zone, "days": sorted(self.days), "parts": sorted(self.parts)}


def times_from(kept: dict[str, object] | None, *, zone: str) -> Times:
    """What was kept of somebody's wish; whoever said nothing can at any waking hour."""
    if not kept:
        return Times(zone)
    days = tuple(int(str(day)) for day in kept.get("days") or DAYS)  # type: ignore[attr-defined]
    parts = tuple(Part(str(part)) for part in kept.get("parts") or Part)  # type: ignore[attr-defined]
    return Times(str(kept.get("zone") or zone), days, parts)


@cache
def zone_of(name: str) -> ZoneInfo:
    """The zone of this name; of a name that is none, the bureau's own."""
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return ZoneInfo("Europe/Kyiv")


@dataclass(frozen=True)
class Free:
    """A time that is free at his site."""

    slot: UUID
    starts_at: datetime
    minutes: int


@dataclass(frozen=True)
class Chosen:
    slot: UUID
    starts_at: datetime


def choose(
    free: Iterable[Free], *, minutes: int, hers: Times, his: Times, now: datetime, lot: Random
) -> list[Chosen]:
    """At most three times on different days that suit both, each begun some minutes later by lot.

    Drawn by lot among days, then within the day: how many times are free, and from which hour to
    which, cannot be read from what families are offered. Assumes slots long enough for the call.
    """
    days: dict[object, list[Chosen]] = {}
    for one in free:
        moved = _moved(one, minutes, lot)
        if moved and _fits(moved, minutes, hers, his, now):
            local = moved.starts_at.astimezone(zone_of(hers.zone))
            days.setdefault(local.date(), []).append(moved)
    drawn = lot.sample(sorted(days, key=str), min(OFFERS, len(days)))
    return sorted((lot.choice(days[day]) for day in drawn), key=lambda one: one.starts_at)


def _moved(one: Free, minutes: int, lot: Random) -> Chosen | None:
    room = timedelta(minutes=one.minutes - minutes)
    if room < timedelta():
        return None
    return Chosen(one.slot, one.starts_at + lot.randint(0, room // STEP) * STEP)


def _fits(one: Chosen, minutes: int, hers: Times, his: Times, now: datetime) -> bool:
    if not now + OFFERED_FROM <= one.starts_at <= now + OFFERED_UNTIL:
        return False
    end = one.starts_at + timedelta(minutes=minutes)
    return all(times.suit(one.starts_at) and times.suit(end - STEP) for times in (hers, his))
