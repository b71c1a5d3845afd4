"""Come into a call by a link that works once, be let in, drop and come back, be muted, leave."""

from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.contact.calls import facts, rules
from wayhome.bureau.contact.calls.announcements import party_muted, party_stopped
from wayhome.bureau.contact.calls.keeping import (
    changed,
    locked,
    make_over,
    move,
    note,
    record,
    stop_minutes,
)
from wayhome.bureau.contact.calls.models import Call, CallEvent, CallParty
from wayhome.bureau.contact.calls.rules import (
    STAFF_KINDS,
    CallState,
    Entering,
    EventOfCall,
    PartyKind,
    Reason,
)
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.journal.actions import MACHINE, Actor
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused, refuse_if

SALT = "link into a call"
Person = Enquirer | Sitting | Staff


def link_for(party: CallParty) -> str:
    """A link that works once: it names the number that its use will take. Stored nowhere."""
    return signing.dumps([str(party.pk), party.links_used + 1], salt=SALT)


def _read(token: str) -> tuple[str, int]:
    try:
        pk, number = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Refused(rules.LINK_USED) from None
    return pk, number


@transaction.atomic
def enter(*, token: str, device: str, by: Person) -> CallParty:
    """Use the link: its own person comes into the waiting room, with this device.

    Raises Refused for a link that was used, forwarded, comes too early or too late, or while the
    same person is in with another connection.
    """
    _must(by)
    pk, number = _read(token)
    mine = CallParty.objects.of(by).filter(pk=pk).first()
    if mine is None:
        raise Refused(rules.LINK_USED)
    call = locked(Call.objects.get_queryset(), mine.call_id)
    party = _party(pk)
    now = timezone.now()
    refuse_if(
        rules.why_not_enter(
            Entering(
                used=number != party.links_used + 1,
                starts_at=call.starts_at,
                state=CallState(call.state),
                came_before=party.link_used_at is not None,
            ),
            now,
        )
    )
    refuse_if(rules.why_not_connect(same_device=True, another_is_alive=party.is_alive(now)))
    party.links_used, party.link_used_at = number, now
    party.device, party.connection, party.left_at = device, None, None
    # Whoever comes in by a new link waits to be let in anew.
    party.admitted_at = now if party.is_staff else None
    party.save()
    note(call, EventOfCall.ENTERED, by, kind=party.kind)
    record("call entered", call, by)
    changed(call)
    return party


def _must(by: Person) -> None:
    if isinstance(by, Enquirer):
        by.must(Permission.ASK_OWN)
    elif isinstance(by, Sitting):
        by.must(Permission.ANSWER_FOR_SELF)
    else:
        by.must(Permission.ARRANGE_CALL)


def _party(pk: object) -> CallParty:
    return CallParty.objects.select_for_update(of=("self",)).get(pk=pk)  # type: ignore[misc]


@transaction.atomic
def connect(*, party: CallParty, device: str, connection: object) -> CallParty:
    """A socket of this device is there. A dead one gives way; beside a living one it is refused."""
    call = locked(Call.objects.get_queryset(), party.call_id)
    party, now = _party(party.pk), timezone.now()
    if call.state not in (CallState.AGREED, CallState.OPEN) or party.left_at is not None:
        raise Refused(rules.NOT_AT_THAT_STAGE)
    other = party.is_alive(now) and str(party.connection) != str(connection)
    refuse_if(
        rules.why_not_connect(
            same_device=bool(device) and party.device == device, another_is_alive=other
        )
    )
    party.connection, party.seen_at = connection, now  # type: ignore[assignment]
    party.save(update_fields=["connection", "seen_at"])
    note(call, EventOfCall.CONNECTED, MACHINE, kind=party.kind)
    changed(call)
    return party


def beat(*, party: CallParty, connection: object) -> bool:
    """A sign of life; False if this connection is not the party's any more."""
    mine = CallParty.objects.filter(pk=party.pk, connection=connection, left_at=None)  # type: ignore[misc]
    return mine.update(seen_at=timezone.now()) == 1


@transaction.atomic
def disconnect(*, party: CallParty, connection: object, at: datetime | None = None) -> None:
    """The connection dropped: the minutes stop, from when it was last seen, and are given back."""
    call = locked(Call.objects.get_queryset(), party.call_id)
    party = _party(party.pk)
    if str(party.connection) != str(connection):
        return  # another one took its place
    party.connection = None
    party.save(update_fields=["connection"])
    if call.state != CallState.OPEN:
        changed(call)
        return
    if party.kind in rules.TALKING:
        stop_minutes(call, at or party.seen_at or timezone.now())
        call.save(update_fields=["seconds_used", "running_since"])
    note(call, EventOfCall.DROPPED, MACHINE, kind=party.kind)
    changed(call)


@transaction.atomic
def open_call(*, call: Call, by: Staff) -> Call:
    """The supervisor opens it, in its time. Everything that it rests on is asked once more."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by), call.pk)
    _must_accompany(call, by)
    _open(call, by)
    return call


def _open(call: Call, by: Staff) -> None:
    now = timezone.now()
    refuse_if(rules.why_not_open(supervisor=call.supervisor_id is not None,
                                 starts_at=call.starts_at, now=now))  # fmt: skip
    refuse_if(facts.why_not(call))
    move(call, CallState.OPEN)
    call.opened_at = now
    call.save()
    note(call, EventOfCall.OPENED, by)
    record("call opened", call, by)
    changed(call)


def _must_accompany(call: Call, by: Staff) -> None:
    if by.pk not in (call.supervisor_id, call.interpreter_id):
        raise Refused(NOT_YOURS)


NOT_YOURS = Refusal("call.not_yours", _("This call is given to somebody else."))


@transaction.atomic
def admit(*, party: CallParty, by: Staff) -> CallParty:
    """The supervisor lets somebody in from the waiting room; the first one opens the call."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.get_queryset(), party.call_id)
    _must_accompany(call, by)
    if call.state == CallState.AGREED:
        _open(call, by)
    if call.state != CallState.OPEN:
        refuse_if(rules.why_not_move(CallState(call.state), CallState.OPEN))
    refuse_if(facts.why_not(call))
    party = _party(party.pk)
    if party.connection is None or party.left_at is not None:
        raise Refused(Refusal("call.nobody_there", _("This person is not there yet.")))
    if party.admitted_at is None:
        party.admitted_at = timezone.now()
        party.save(update_fields=["admitted_at"])
        note(call, EventOfCall.ADMITTED, by, kind=party.kind)
        changed(call)
    return party


@transaction.atomic
def note_together(*, call: Call, together: bool) -> Call:
    """The two hear and see each other, or not any more: their minutes run only meanwhile."""
    call = locked(Call.objects.get_queryset(), call.pk)
    if call.state != CallState.OPEN:
        return call
    now = timezone.now()
    if together and call.running_since is None:
        if not _both_in(call, now):
            return call
        call.running_since, call.talked = now, True
    elif not together:
        stop_minutes(call, now)
    call.save(update_fields=["seconds_used", "running_since", "talked"])
    changed(call)
    return call


@transaction.atomic
def note_by_telephone(*, call: Call, by: Staff) -> Call:
    """The line is too thin, or she has no page: the two talk by telephone, and the minutes run."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by), call.pk)
    _must_accompany(call, by)
    if call.state == CallState.AGREED:
        _open(call, by)
    if call.state != CallState.OPEN:
        refuse_if(rules.why_not_move(CallState(call.state), CallState.OPEN))
    call.talked = True
    call.running_since = call.running_since or timezone.now()
    call.save(update_fields=["talked", "running_since"])
    note(call, EventOfCall.BY_TELEPHONE, by)
    changed(call)
    return call


def _both_in(call: Call, now: datetime) -> bool:
    rows = CallParty.objects.filter(call=call, kind__in=rules.TALKING, admitted_at__isnull=False)
    return sum(party.is_alive(now) for party in rows) == len(rules.TALKING)


def seconds_until_told(party: CallParty) -> float:
    """How long this person's window may not show yet that the call is over; 0 is now.

    Only the family waits, as if the line had dropped; while a person must speak with her first
    the window says nothing for a minute at a time.
    """
    call = Call.objects.get(pk=party.call_id)
    if party.kind != PartyKind.FAMILY or call.state not in rules.OVER:
        return 0.0
    if call.learns_at is None:
        return 60.0
    return max(0.0, (call.learns_at - timezone.now()).total_seconds())


def seconds_left(call: Call) -> int:
    """What is left of its minutes at this moment."""
    return rules.seconds_left(call.minutes, call.seconds_used, call.running_since, timezone.now())


@transaction.atomic
def mute(*, party: CallParty, reason: str, by: Staff) -> CallParty:
    """Nobody hears this voice from now, for a reason of the list; nobody is told which."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.filter(state=CallState.OPEN), party.call_id)
    _must_accompany(call, by)
    refuse_if(rules.why_not_reason(reason, rules.TO_MUTE))
    party = _party(party.pk)
    party.muted_at, party.mute_reason = timezone.now(), reason
    party.save(update_fields=["muted_at", "mute_reason"])
    note(call, EventOfCall.MUTED, by, kind=party.kind, reason=reason)
    party_muted.send(CallParty, party=party, muted=True)
    changed(call)
    return party


@transaction.atomic
def unmute(*, party: CallParty, by: Staff) -> CallParty:
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.filter(state=CallState.OPEN), party.call_id)
    _must_accompany(call, by)
    party = _party(party.pk)
    party.muted_at, party.mute_reason = None, ""
    party.save(update_fields=["muted_at", "mute_reason"])
    note(call, EventOfCall.UNMUTED, by, kind=party.kind)
    party_muted.send(CallParty, party=party, muted=False)
    changed(call)
    return party


@transaction.atomic
def leave(*, party: CallParty, by: Person) -> None:
    """Somebody goes out: then the call is over; only without its interpreter it goes on."""
    _must(by)
    call = locked(Call.objects.get_queryset(), party.call_id)
    party = _party(CallParty.objects.of(by).get(pk=party.pk).pk)
    ends = {
        PartyKind.FAMILY: Reason.FAMILY_ENDED,
        PartyKind.CAPTIVE: Reason.CAPTIVE_ENDED,
        PartyKind.SUPERVISOR: Reason.SUPERVISOR_ENDED,
    }
    if call.state == CallState.OPEN and party.kind in ends:
        make_over(call, ends[PartyKind(party.kind)], by)
        return
    _put_out(call, party, by)


@transaction.atomic
def put_out(*, party: CallParty, by: Staff) -> None:
    """The supervisor sends somebody back out of the call, without ending it."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.live(), party.call_id)
    _must_accompany(call, by)
    _put_out(call, _party(party.pk), by)


def _put_out(call: Call, party: CallParty, by: Actor) -> None:
    now = timezone.now()
    party.left_at, party.connection = now, None
    party.save(update_fields=["left_at", "connection"])
    if party.kind in rules.TALKING:
        stop_minutes(call, now)
        call.save(update_fields=["seconds_used", "running_since"])
    note(call, EventOfCall.LEFT, by, kind=party.kind)
    party_stopped.send(CallParty, party=party)
    changed(call)


@transaction.atomic
def stop(*, call: Call, by: Person, reason: str = "") -> Call:
    """One button ends it: family and captive need no reason, staff take one of the list."""
    _must(by)
    party = CallParty.objects.of(by).get(call=call)
    call = locked(Call.objects.get_queryset(), call.pk)
    if call.state in rules.OVER:
        return call  # pressed twice, or another was first
    if isinstance(by, Staff):
        _must_accompany(call, by)
        refuse_if(rules.why_not_reason(reason, rules.TO_END))
        make_over(call, Reason(reason), by)
    elif call.state == CallState.OPEN:
        family = party.kind == PartyKind.FAMILY
        make_over(call, Reason.FAMILY_ENDED if family else Reason.CAPTIVE_ENDED, by)
    else:
        _put_out(call, _party(party.pk), by)  # out of the waiting room; the call stays agreed
    return call


@transaction.atomic
def stop_by_machine(*, call: Call, reason: Reason) -> Call:
    """What the switchboard sees: an extra connection, a line lost for good, the time over."""
    call = locked(Call.objects.get_queryset(), call.pk)
    if call.state == CallState.OPEN:
        make_over(call, reason, MACHINE)
    return call


def over_time() -> list[Call]:
    """Open calls whose minutes are used, or that were open for too long."""
    now = timezone.now()
    return [
        call
        for call in Call.objects.filter(state=CallState.OPEN)
        if call.opened_at
        and rules.is_over(
            left=seconds_left(call), minutes=call.minutes, opened_at=call.opened_at, now=now
        )
    ]


def stop_over_time() -> int:
    """End those whose time is over."""
    return len([stop_by_machine(call=call, reason=Reason.TIME_OVER) for call in over_time()])


def left_alone() -> QuerySet[Call]:
    """Open calls in which nobody who accompanies them was seen for too long.

    Not those that went over to the telephone: whoever accompanies these sits at no page.
    """
    since = timezone.now() - rules.ALONE_AT_MOST
    there = CallParty.objects.filter(call=OuterRef("pk"), kind__in=STAFF_KINDS, seen_at__gte=since)
    by_telephone = CallEvent.objects.filter(call=OuterRef("pk"), what=EventOfCall.BY_TELEPHONE)
    rows = Call.objects.filter(~Exists(there), ~Exists(by_telephone))
    return rows.filter(state=CallState.OPEN, opened_at__lt=since)


def stop_left_alone() -> int:
    """End those: nobody talks unaccompanied, and what is left of the minutes is given back."""
    return len([stop_by_machine(call=call, reason=Reason.LINE_LOST) for call in left_alone()])
