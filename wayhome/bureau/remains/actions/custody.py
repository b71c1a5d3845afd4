"""Give remains from hand to hand: each change is signed at both ends, and the chain only grows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.actions.registering import locked, see_to_gaps
from wayhome.bureau.remains.announcements import remains_came_back
from wayhome.bureau.remains.models import Change, Remains, Seal
from wayhome.bureau.remains.rules.custody import (
    LONGEST_SEAL,
    to_the_minute,
    why_not_gone,
    why_not_hand_over,
    why_not_name,
    why_not_receive,
    why_not_seal,
    why_not_take,
    why_not_take_back,
    why_not_take_over,
    why_not_times,
)
from wayhome.bureau.remains.rules.intake import bag_key
from wayhome.bureau.remains.rules.opening import Opened
from wayhome.bureau.remains.rules.register import State
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, refuse_if


@dataclass(frozen=True)
class Seen:
    """What is seen at a change of hands: when it was, the seal as it is read, how all looks."""

    at: datetime
    seal: str
    condition: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", to_the_minute(self.at))


@transaction.atomic
def hand_over(*, remains: Remains, receiver: Staff, seen: Seen, by: Staff) -> Change:
    """Give them to one of the staff, who must sign too: until then they stay where they are."""
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(remains)
    to_oneself = receiver.pk == by.pk
    refuse_if([*_why_not_give(remains, last, seen, by, to_oneself), _why_not_receive(receiver)])
    change = _begin(remains, seen, giver=by, giver_signed_at=timezone.now(), receiver=receiver)
    change.save(force_insert=True)
    _journal("remains given", change, by)
    return change


@transaction.atomic
def hand_over_many(
    *, many: Sequence[Remains], receiver: Staff, seen: Seen, by: Staff
) -> list[Change]:
    """Give many at once, all or none; each is a change of hands of its own, with its own seal."""
    by.must(Permission.RECORD_REMAINS)
    in_order = sorted(many, key=lambda each: each.pk)  # so that two batches do not wait in a ring
    return [
        hand_over(remains=each, receiver=receiver, seen=replace(seen, seal=each.last_seal()), by=by)
        for each in in_order
    ]


@transaction.atomic
def hand_outside(*, remains: Remains, receiver: str, seen: Seen, by: Staff) -> Change:
    """Give them to somebody from outside, who signs on paper: here one signature stands."""
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(remains)
    refuse_if([*_why_not_give(remains, last, seen, by, False), why_not_name(receiver, "receiver")])
    change = _begin(
        remains, seen, giver=by, giver_signed_at=timezone.now(), receiver_outside=True,
        names={"receiver": receiver},
    )  # fmt: skip
    return _link(remains, last, change, seen.at, by)


@transaction.atomic
def take(*, change: Change, seen: Seen, by: Staff) -> Change:
    """The receiver signs: from now on they are in these hands, and in no others."""
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(change.remains)
    change = remains.changes.select_related("key", "giver", "receiver").get(pk=change.pk)
    refuse_if(
        [
            why_not_take(waits=_waits(change), for_them=change.receiver_id == by.pk),
            *why_not_times(
                given_at=change.given_at, taken_at=seen.at, last_at=None, now=timezone.now()
            ),
        ]
    )
    change.seal = seen.seal.strip()[:LONGEST_SEAL]
    change.details = {**(change.details or {}), "taken_as": seen.condition.strip()}
    return _link(remains, last, change, seen.at, by)


@transaction.atomic
def take_many(*, changes: Sequence[Change], taken_at: datetime, by: Staff) -> list[Change]:
    """Sign for many at once: their seals were read, and are those that were put on."""
    by.must(Permission.RECORD_REMAINS)
    in_order = sorted(changes, key=lambda each: each.remains_id)
    return [
        take(change=each, seen=Seen(taken_at, each.seal_put_on, ""), by=by) for each in in_order
    ]


@transaction.atomic
def take_over(
    *, remains: Remains, giver: str, given_at: datetime, seen: Seen, reason: str, by: Staff
) -> Change:
    """Take them by one signature: from named hands outside, or, with a reason, unsigned.

    Unsigned is a gap, and is shown as one for ever.
    """
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(remains)
    outside_holds = last.receiver_outside
    refuse_if(
        [
            *why_not_take_over(
                outside_holds=outside_holds,
                waits=remains.waiting() is not None,
                buried=remains.state == State.BURIED,
                holds=last.receiver_id == by.pk,
                reason=reason,
            ),
            why_not_name(giver, "giver") if outside_holds else None,
            *why_not_times(
                given_at=to_the_minute(given_at),
                taken_at=seen.at,
                last_at=last.taken_at,
                now=timezone.now(),
            ),
        ]
    )
    ends = {"giver_outside": True} if outside_holds else {"giver": last.receiver}
    names = {"giver": giver if outside_holds else "", "reason": reason, "taken_as": seen.condition}
    begun = Seen(given_at, seen.seal, "")
    change = _begin(remains, begun, receiver=by, names=names, **ends)
    return _link(remains, last, change, seen.at, by)


@transaction.atomic
def take_back(*, change: Change, by: Staff) -> Change:
    """Take an offer back that nobody has signed for: they never left these hands."""
    by.must(Permission.RECORD_REMAINS)
    remains, _last = _held(change.remains)
    change = remains.changes.get(pk=change.pk)
    refuse_if(why_not_take_back(waits=_waits(change), own=change.giver_id == by.pk))
    change.taken_back_at = timezone.now()
    change.save(update_fields=["taken_back_at"])
    _journal("remains not given", change, by)
    return change


@transaction.atomic
def put_seal_on(*, remains: Remains, seal: str, reason: str, by: Staff) -> Seal:
    """Put a seal on; the one before is opened with it, and why is kept."""
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(remains)
    number = remains.seals.count() + 1
    key = bag_key(seal)
    refuse_if(
        why_not_seal(
            holds=last.receiver_id == by.pk,
            seal=key,
            used=Seal.objects.filter(seal_key=key).exists(),
            first=number == 1,
            reason=reason,
        )
    )
    put_on = Seal.objects.create(
        remains=remains,
        key=remains.key,
        number=number,
        seal=seal.strip()[:LONGEST_SEAL],
        seal_key=key,
        reason=reason.strip() or None,
        by=by,
        at=timezone.now(),
    )
    number_of = remains.bureau_number
    journal.record("seal put on", subject=put_on, by=by, person=number_of, purpose=put_on.seal)
    return put_on


@transaction.atomic
def note_gone_home(*, remains: Remains, by: Staff) -> Remains:
    """Note that they are home: whoever has them outside has signed for them."""
    by.must(Permission.RECORD_REMAINS)
    remains, last = _held(remains)
    refuse_if(why_not_gone(outside_holds=last.receiver_outside))
    remains.state = State.HOME
    remains.save(update_fields=["state"])
    remains.stays.filter(ended_at=None).update(ended_at=last.taken_at)
    number = remains.bureau_number
    journal.record("remains gone home", subject=remains, by=by, person=number)
    return remains


def link_from_grave(remains: Remains, *, grave: str, opened: Opened, by: Staff) -> Change:
    """A grave was opened, in the running transaction: who opened it has them from there."""
    by.must(Permission.RECORD_REMAINS)
    last = remains.last_change()
    assert last is not None, "a constraint of the database"
    seen = Seen(opened.at, opened.seal, opened.condition)
    change = _begin(
        remains, seen, names={"giver": grave, "grave": grave}, giver_outside=True, receiver=by
    )
    return _link(remains, last, change, opened.at, by)


def _held(remains: Remains) -> tuple[Remains, Change]:
    """Locked, so that of two who take them at once the second finds them gone."""
    remains = locked(remains)
    last = remains.last_change()
    assert last is not None, "a constraint of the database"
    return remains, last


def _waits(change: Change) -> bool:
    return change.number is None and change.taken_back_at is None


def _why_not_give(
    remains: Remains, last: Change, seen: Seen, by: Staff, to_oneself: bool
) -> "list[Refusal | None]":
    return [
        *why_not_hand_over(
            holds=last.receiver_id == by.pk,
            waits=remains.waiting() is not None,
            buried=remains.state == State.BURIED,
            to_oneself=to_oneself,
            condition=seen.condition,
        ),
        *why_not_times(
            given_at=seen.at, taken_at=None, last_at=last.taken_at, now=timezone.now()
        ),
    ]  # fmt: skip


def _why_not_receive(receiver: Staff) -> Refusal | None:
    able = receiver.is_active and receiver.may(Permission.RECORD_REMAINS)
    return why_not_receive(able=able)


def _begin(
    remains: Remains, seen: Seen, *, names: dict[str, str] | None = None, **ends: object
) -> Change:
    told = {"condition": seen.condition, **(names or {})}
    return Change(
        remains=remains,
        key=remains.key,
        given_at=seen.at,
        seal=seen.seal.strip()[:LONGEST_SEAL],
        seal_put_on=remains.last_seal(),
        details={name: text.strip() for name, text in told.items() if text.strip()},
        **ends,
    )


def _link(remains: Remains, last: Change, change: Change, taken_at: datetime, by: Staff) -> Change:
    """Make it the last link of the chain. Who had gone home and is taken back is kept again."""
    last.is_last = False
    last.save(update_fields=["is_last"])
    change.number, change.is_last = (last.number or 0) + 1, True
    change.taken_at, change.receiver_signed_at = taken_at, timezone.now()
    change.save()
    if remains.state == State.HOME:
        remains.state = State.KEPT
        remains.save(update_fields=["state"])
        remains_came_back.send(Remains, remains=remains)
    see_to_gaps(remains)
    _journal("remains taken", change, by)
    return change


def _journal(action: str, change: Change, by: Staff) -> None:
    number = change.remains.bureau_number
    journal.record(action, subject=change, by=by, person=number, purpose=str(change.number or ""))
