"""What a family's page may show of a call at this moment; where it really stands is not for it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.contact.calls import rules
from wayhome.bureau.contact.calls.facts import is_frozen
from wayhome.bureau.contact.calls.models import AfterCall, Call, CallOffer
from wayhome.bureau.contact.calls.rules import CallState, Reason, Side
from wayhome.bureau.enquiries.models import Enquirer, Enquiry


class Look(StrEnum):
    """What her page looks like."""

    KEPT = "kept"  # every family that asked reads this, whatever we know
    TIMES = "times"  # choose one
    AGREED = "agreed"
    PASSED = "passed"  # its time is over, and nothing more may be said yet
    OVER = "over"


@dataclass(frozen=True)
class Seen:
    """One call as she may see it."""

    call: Call
    look: Look
    at: datetime | None = None
    minutes: int = 0
    offers: list[CallOffer] = field(default_factory=list)
    may_enter: bool = False
    may_say_how: bool = False

    @property
    def is_to_come(self) -> bool:
        return self.look in (Look.KEPT, Look.TIMES, Look.AGREED)


def of_hers(enquiry: Enquiry, by: Enquirer, now: datetime) -> list[Seen]:
    """Her calls, the latest first. One that he asked for is there from when a time is offered."""
    rows = Call.objects.visible_to(by).filter(enquiry=enquiry).order_by("-asked_at", "-pk")
    return [seen for call in rows if (seen := _seen(call, now))]


def _seen(call: Call, now: datetime) -> Seen | None:
    if call.she_asked_at is None and call.shown_at is None:
        return None
    if call.state in rules.OVER:
        return _over(call, now)
    if call.shown_at is None or call.state == CallState.ASKED:
        return Seen(call, Look.KEPT)
    if call.state == CallState.OFFERED:
        return _offered(call, now, Q(closed_at=None))
    return _agreed(call, now)


def _offered(call: Call, now: datetime, which: Q) -> Seen:
    soon = now + rules.ANSWERED_BEFORE
    rows = CallOffer.objects.filter(which, call=call, suits_him=True, starts_at__gt=soon)
    offers = list(rows.order_by("starts_at"))
    return Seen(call, Look.TIMES, offers=offers) if offers else Seen(call, Look.KEPT)


def _agreed(call: Call, now: datetime) -> Seen:
    """By the clock alone: it looks the same while it is over and she does not know it yet."""
    assert call.starts_at is not None
    enter = rules.in_window(call.starts_at, now)
    if call.state == CallState.OPEN or now <= call.starts_at + rules.LATE_AT_MOST:
        may_enter = enter or call.state == CallState.OPEN
        return Seen(call, Look.AGREED, call.starts_at, call.minutes, may_enter=may_enter)
    return Seen(call, Look.PASSED, call.starts_at, call.minutes)


def _over(call: Call, now: datetime) -> Seen | None:
    if call.reason == Reason.FAMILY_CANNOT:
        return None  # she herself took it back
    if not _learned(call, now):
        if call.starts_at is not None and call.her_yes_at is not None:
            return _agreed(call, now)
        return _offered(call, now, Q(closed_at__gte=call.over_at))
    return Seen(call, Look.OVER, call.starts_at, call.minutes, may_say_how=may_say_how(
        call, Side.FAMILY, now))  # fmt: skip


def _learned(call: Call, now: datetime) -> bool:
    """Whether her page may show that it is over: by lot, or once a person has spoken with her."""
    if call.learns_at is not None:
        return now >= call.learns_at
    return not is_frozen(call)


def may_say_how(call: Call, side: Side, now: datetime) -> bool:
    """Whether this side is still asked how it was."""
    if not call.talked or call.over_at is None or now > call.over_at + rules.ASKED_AGAIN_FOR:
        return False
    return not AfterCall.objects.filter(call=call, side=side).exists()


def call_waits(by: Enquirer, enquiry: Enquiry) -> bool:
    """Whether there is something to do about a call: only for a family that was told of him."""
    seen = of_hers(enquiry, by, timezone.now())
    return any(each.look in (Look.TIMES, Look.AGREED) or each.may_say_how for each in seen)
