"""What may be done with a captive's card and custody, and what follows."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

AUTHORITY_WITHIN = timedelta(hours=24)  # GC III 12; policy of the bureau
RIGHTS_WITHIN = timedelta(hours=24)
CARD_WITHIN = timedelta(days=7)  # GC III 70


def choices(kinds: Iterable[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class StatusBasis(StrEnum):
    PRESUMED = "presumed"  # GC III 5: in doubt, treated as a prisoner of war
    DETERMINED = "determined"


class IdentityState(StrEnum):
    STATED = "stated"
    DECLINED = "declined"
    UNKNOWN = "unknown"
    UNABLE = "unable"  # GC III 17(5): goes to the physician


class CustodyState(StrEnum):
    HELD = "held"
    RETURNED = "returned"
    RELEASED = "released"
    EXCHANGED = "exchanged"
    ESCAPED = "escaped"
    DEAD = "dead"


class EventKind(StrEnum):
    CAPTURED = "captured"
    GIVEN_TO_AUTHORITY = "given to authority"
    ARRIVED = "arrived"
    LEFT = "left"
    HOSPITAL = "hospital"
    RETURNED = "returned"
    RELEASED = "released"
    EXCHANGED = "exchanged"
    ESCAPED = "escaped"
    DIED = "died"


CLOSING = [EventKind.RETURNED, EventKind.RELEASED, EventKind.EXCHANGED, EventKind.DIED]
STATE_AFTER = {
    EventKind.RETURNED: CustodyState.RETURNED,
    EventKind.RELEASED: CustodyState.RELEASED,
    EventKind.EXCHANGED: CustodyState.EXCHANGED,
    EventKind.ESCAPED: CustodyState.ESCAPED,
    EventKind.DIED: CustodyState.DEAD,
}
_HELD_KINDS = frozenset(
    {
        EventKind.GIVEN_TO_AUTHORITY,
        EventKind.ARRIVED,
        EventKind.LEFT,
        EventKind.HOSPITAL,
        EventKind.RETURNED,
        EventKind.RELEASED,
        EventKind.EXCHANGED,
        EventKind.ESCAPED,
        EventKind.DIED,
    }
)
# What may follow what; None is a captive without an event yet.
MAY_FOLLOW: dict[EventKind | None, frozenset[EventKind]] = {
    None: frozenset({EventKind.CAPTURED}),
    EventKind.CAPTURED: _HELD_KINDS,
    EventKind.GIVEN_TO_AUTHORITY: _HELD_KINDS - {EventKind.GIVEN_TO_AUTHORITY},
    EventKind.ARRIVED: _HELD_KINDS - {EventKind.ARRIVED, EventKind.GIVEN_TO_AUTHORITY},
    EventKind.LEFT: _HELD_KINDS - {EventKind.LEFT, EventKind.GIVEN_TO_AUTHORITY},
    EventKind.HOSPITAL: _HELD_KINDS - {EventKind.GIVEN_TO_AUTHORITY},
    EventKind.ESCAPED: frozenset({EventKind.CAPTURED, EventKind.DIED}),
    EventKind.RETURNED: frozenset(),
    EventKind.RELEASED: frozenset(),
    EventKind.EXCHANGED: frozenset(),
    EventKind.DIED: frozenset(),
}


class ProposalState(StrEnum):
    OPEN = "open"
    SAME = "same"
    DIFFERENT = "different"


class FileState(StrEnum):
    CHECKED = "checked"
    IMPORTING = "importing"
    DONE = "done"
    CANCELLED = "cancelled"


def state_after(kind: EventKind) -> CustodyState:
    return STATE_AFTER.get(kind, CustodyState.HELD)


def why_not_record(
    kind: EventKind,
    *,
    last_kind: EventKind | None,
    happened_at: datetime | None,
    last_at: datetime | None,
    now: datetime,
) -> Refusal | None:
    """Say why this custody event cannot be the next one, or None if it can."""
    if kind not in MAY_FOLLOW[last_kind]:
        return Refusal("captives.order", _("This event cannot follow the last one."), field="kind")
    if happened_at and happened_at > now:
        return Refusal("captives.future", _("This is in the future."), field="happened_at")
    if happened_at and last_at and happened_at < last_at:
        return Refusal(
            "captives.before", _("This is earlier than the last event."), field="happened_at"
        )
    return None
