"""What the page of a call shows at one moment: who is in, what is left, which key is whose."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone

from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import Call, CallParty
from wayhome.bureau.contact.calls.rules import CallState
from wayhome.bureau.lines.models import BoundKey, Signal

MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Seen:
    """A call as it stands, and what was said since a signal."""

    is_over: bool
    state: dict[str, Any]
    connections: dict[UUID, UUID | None]  # the one that each participant has
    left: frozenset[UUID]  # who left or was put out
    signals: list[Signal]


def look(call_id: UUID, after: int) -> Seen:
    """Read all of it at once, for every line of this call in this process."""
    call = Call.objects.get(pk=call_id)
    parties = list(CallParty.objects.filter(call=call).order_by("kind"))
    keys = dict(BoundKey.objects.filter(call=call_id).values_list("party", "fingerprint"))
    signals = Signal.objects.filter(call=call_id, pk__gt=after).order_by("pk")[:MOST_AT_ONCE]
    return Seen(
        call.state != CallState.OPEN and call.over_at is not None,
        state_of(call, parties, keys),
        {party.pk: party.connection for party in parties},
        frozenset(party.pk for party in parties if party.left_at),
        list(signals),
    )


def state_of(call: Call, parties: list[CallParty], keys: dict[UUID, str]) -> dict[str, Any]:
    """What a browser is told. No name, no place, no reason."""
    return {
        "type": "state",
        "open": call.state == CallState.OPEN,
        "left": calls.seconds_left(call),
        "running": call.running_since is not None,
        "parties": [party_shown(party, keys.get(party.pk, "")) for party in parties],
    }


def party_shown(party: CallParty, fingerprint: str) -> dict[str, Any]:
    """One participant, as the others see them."""
    return {
        "id": str(party.pk),
        "kind": party.kind,
        "here": party.is_alive(timezone.now()),
        "in": party.admitted_at is not None and party.left_at is None,
        "muted": party.muted_at is not None,
        "key": fingerprint,
    }
