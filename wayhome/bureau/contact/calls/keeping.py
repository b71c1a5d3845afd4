"""What all actions on a call do: lock it, move it, note what happened, tell whoever listens."""

from collections.abc import Iterable
from datetime import datetime
from random import SystemRandom
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.answers.actions import stop_reminders
from wayhome.bureau.contact.calls import rules
from wayhome.bureau.contact.calls.announcements import (
    call_changed,
    call_stopped,
    minutes_owed,
)
from wayhome.bureau.contact.calls.choosing import Times
from wayhome.bureau.contact.calls.models import (
    Call,
    CallEvent,
    CallOffer,
    CallParty,
    CallWish,
)
from wayhome.bureau.contact.calls.rules import CallState, EventOfCall, PartyKind, Reason, Side
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import Actor
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.lib.refusal import Refused, refuse_if

LOT = SystemRandom()
WITH = ("captive__key", "captive__same_as", "enquiry__key", "enquiry__enquirer__key", "named__key",
        "named__sitting", "match", "supervisor", "interpreter")  # fmt: skip


def locked(rows: "QuerySet[Call]", pk: Any) -> Call:
    """The call alone, so that of twenty who press at once one after another decides.

    Raises Refused for one that is not among the rows any more.
    """
    try:
        return rows.select_for_update(of=("self",)).select_related(*WITH).get(pk=pk)
    except Call.DoesNotExist:
        raise Refused(rules.NOT_AT_THAT_STAGE) from None


def move(call: Call, then: CallState) -> None:
    refuse_if(rules.why_not_move(CallState(call.state), then))
    call.state = then


def note(
    call: Call, what: EventOfCall, by: Actor, *, kind: str = "", reason: Reason | str = ""
) -> None:
    """Add one event. No words of anybody have a place in it."""
    CallEvent.objects.create(
        call=call, at=timezone.now(), what=what, kind=kind, reason=reason, by_role=by.actor_role
    )


def record(action: str, call: Call, by: Actor) -> None:
    journal.record(action, subject=call, by=by, person=call.person)


def changed(call: Call) -> None:
    call_changed.send(Call, call=call)


def keep_wish(call: Call, side: Side, key: PersonKey, times: Times) -> None:
    """When this side can talk; what it said before gives way."""
    CallWish.objects.filter(call=call, side=side).delete()
    CallWish.objects.create(call=call, side=side, key=key, times=times.as_json())


def close_offers(call: Call, *, but: Iterable[object] = ()) -> None:
    """The times go back to where others can have them."""
    open_ones = CallOffer.objects.filter(call=call, closed_at=None).exclude(pk__in=list(but))
    open_ones.update(closed_at=timezone.now())


def seat(call: Call, kind: PartyKind, staff: Staff | None = None) -> None:
    """Make the part of one of those who will be there."""
    CallParty.objects.update_or_create(call=call, kind=kind, defaults={"staff": staff})


def ask_anew(call: Call) -> None:
    """Back to where times are sought; what both said of the old ones is gone."""
    move(call, CallState.ASKED)
    close_offers(call)
    call.starts_at = call.her_yes_at = call.reminded_at = None


def stop_minutes(call: Call, at: datetime) -> None:
    """The minutes stop running, from the last moment at which both were seen."""
    if call.running_since is not None:
        call.seconds_used += max(0.0, (at - call.running_since).total_seconds())
        call.running_since = None


def put_back(call: Call) -> None:
    """She was shown nothing of it yet: her wish is kept as before, as every family's is."""
    call.state = CallState.ASKED
    close_offers(call)
    call.captive = call.match = call.starts_at = call.her_yes_at = None
    call.supervisor = call.interpreter = None
    call.his_answer, call.his_answer_at, call.his_yes_before = "", None, None
    call.parties.all().delete()
    call.save()
    changed(call)


def is_told_by_telephone(call: Call) -> bool:
    """Whom he named has no page: that a time which was agreed is not kept a person must say."""
    return call.named_id is not None and call.her_yes_at is not None


def make_over(call: Call, reason: Reason, by: Actor) -> None:
    """It is over from this moment, for all; what her page shows follows by lot or by a person."""
    now = timezone.now()
    was_open = call.state == CallState.OPEN
    stop_minutes(call, now)
    call.state = CallState.ENDED if was_open else CallState.CANCELLED
    call.over_at, call.reason = now, reason
    call.learns_at = rules.learns_at(reason, was_open=was_open, now=now, lot=LOT)
    if call.learns_at is None or (not was_open and is_told_by_telephone(call)):
        call.frozen_at, call.spoken_by = now, None
    close_offers(call)
    if call.enquiry is not None:
        stop_reminders(call.enquiry)
    CallParty.objects.filter(call=call, left_at=None).update(left_at=now, connection=None)
    call.save()
    note(call, EventOfCall.OVER, by, reason=reason)
    record("call ended" if was_open else "call cancelled", call, by)
    if was_open and reason in rules.GIVEN_BACK:
        minutes_owed.send(Call, call=call)
    call_stopped.send(Call, call=call)
    changed(call)
