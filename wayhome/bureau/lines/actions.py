"""Pass a browser's words on, bind its key, give it a credential, cut it off."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.lines.grammar import Words
from wayhome.bureau.lines.models import BoundKey, Cut, Signal
from wayhome.bureau.lines.rules import CREDENTIAL, KEPT_AT_MOST, LINGERING
from wayhome.lib.relay import Credential, Relay, RelayError

# Of PostgreSQL's NOTIFY; what is told is the call's id.
CHANNEL = "calls"
CUTS = "cuts"


@dataclass(frozen=True)
class Ways:
    """How one participant reaches the relay, and until when that opens a line."""

    urls: tuple[str, ...]
    credential: Credential
    until: datetime


def relay() -> Relay | None:
    """The relay that runs in this folder."""
    return Relay.load(settings.RELAY_FILE)


def tell(call: UUID, channel: str = CHANNEL) -> None:
    """Wake everybody who holds a line of this call, after the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, str(call)])


@transaction.atomic
def pass_on(*, call: UUID, sender: UUID, words: Words) -> Signal:
    """Store what one browser says to another, and wake its server."""
    with connection.cursor() as cursor:
        # So that the order of ids is the order of commits: whoever has read one has missed none.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"line {call}"])
    signal = Signal.objects.create(call=call, sender=sender, to=words.to, body=words.body())
    tell(call)
    return signal


def bind_key(*, call: UUID, party: UUID, connection_id: UUID, fingerprint: str) -> None:
    """Note with which key this connection encrypts; every description of it must name that key.

    Whoever was let in again is not cut off again for what was before.
    """
    Cut.objects.filter(call=call, party=party).update(until=timezone.now())
    BoundKey.objects.update_or_create(
        party=party,
        defaults={"call": call, "connection": connection_id, "fingerprint": fingerprint},
    )


def ways_of(*, call: UUID, party: UUID) -> Ways | None:
    """What this participant shows the relay; None if there is no relay."""
    there = relay()
    if there is None:
        return None
    until = timezone.now() + CREDENTIAL
    credential = there.credential(f"{call}:{party}", until=int(until.timestamp()))
    return Ways(there.urls, credential, until)


def cut(*, call: UUID, party: UUID | None = None, for_good: bool = True) -> None:
    """Order that a call, or one participant of it, be cut off at the relay.

    Stands or falls with the transaction that asks for it; done within two seconds of its commit.
    Not `for_good` it is done once: whoever comes back may open a line.
    """
    now = timezone.now()
    until = now + LINGERING if for_good else now
    Cut.objects.create(call=call, party=party, at=now, until=until)
    tell(call)
    tell(call, CUTS)


def forget(call: UUID) -> None:
    """The call has ended: nothing that was said to open its lines is kept."""
    Signal.objects.filter(call=call).delete()
    BoundKey.objects.filter(call=call).delete()


def forget_old() -> None:
    """What calls left behind whose end nobody noted."""
    before = timezone.now() - KEPT_AT_MOST
    Signal.objects.filter(at__lt=before).delete()
    BoundKey.objects.filter(at__lt=before).delete()
    Cut.objects.filter(at__lt=before).delete()


def carry_out_cuts() -> int:
    """Cut off at the relay whom it was ordered, and return how many lines fell. May run twice.

    Raises RelayError, with the orders still standing, if the relay does not answer.
    """
    now = timezone.now()
    orders = list(Cut.objects.due(now))
    there = relay()
    if not orders:
        return 0
    if there is None:
        raise RelayError("no relay runs")
    fallen = there.cancel({f"{one.call}:{one.party or ''}" for one in orders})
    Cut.objects.filter(pk__in=[one.pk for one in orders], done_at=None).update(
        done_at=timezone.now()
    )
    return fallen
