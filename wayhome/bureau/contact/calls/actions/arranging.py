"""Open times at a site, offer some, give a call to a supervisor, cancel, remind."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.answers.actions import write_reminder
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls import facts, rules
from wayhome.bureau.contact.calls.choosing import Free, Times, choose, times_from
from wayhome.bureau.contact.calls.keeping import (
    LOT,
    ask_anew,
    changed,
    close_offers,
    is_told_by_telephone,
    locked,
    make_over,
    move,
    record,
    seat,
)
from wayhome.bureau.contact.calls.models import Call, CallOffer, CallParty, CallWish, Slot
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason, Side
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission, Role
from wayhome.lib.refusal import Refusal, Refused, refuse_if

SLOT_MINUTES = 45  # a call, some minutes before and after it
MOST_SLOTS = 40  # in one step
DRAWS = 20  # while others draw at the same moment
NO_TIME = Refusal(
    "call.no_time", _("No free time suits both. Open more times, or ask one side anew.")
)


@dataclass(frozen=True)
class Opening:
    """On which day, from when until when, calls can be held, and how many at once."""

    on: date
    start: time
    end: time
    rooms: int = 1

    def beginnings(self) -> list[datetime]:
        zone = timezone.get_default_timezone()
        at = datetime.combine(self.on, self.start, zone)
        last = datetime.combine(self.on, self.end, zone) - timedelta(minutes=SLOT_MINUTES)
        found: list[datetime] = []
        while at <= last and len(found) < MOST_SLOTS:
            found.append(at)
            at += timedelta(minutes=SLOT_MINUTES)
        return found


@transaction.atomic
def open_times(*, opening: Opening, by: Staff) -> int:
    """Make the times of one day free for calls at the supervisor's site. Twice is once."""
    by.must(Permission.ARRANGE_CALL)
    slots = [
        Slot(site=by.site, starts_at=at, minutes=SLOT_MINUTES, room=room, made_by=by)
        for at in opening.beginnings()
        for room in range(1, opening.rooms + 1)
    ]
    if not slots or opening.on < timezone.localdate():
        raise Refused(Refusal("call.opening", _("Give a day to come, and at least 45 minutes."),
                              field="start"))  # fmt: skip
    before = Slot.objects.filter(site=by.site).count()
    Slot.objects.bulk_create(slots, ignore_conflicts=True)
    journal.record("times for calls opened", subject=by.site, by=by)
    return Slot.objects.filter(site=by.site).count() - before


@transaction.atomic
def offer_times(*, call: Call, by: Staff) -> list[CallOffer]:
    """Offer up to three times that suit both, drawn by lot. He is asked first, then she chooses.

    Raises Refused if anything stands against the call (P3), or no free time suits.
    """
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by), call.pk)
    refuse_if(facts.why_not(call))
    move(call, CallState.OFFERED)
    offers = _offered(call)
    if call.his_answer == Answer.YES:
        call.shown_at = call.shown_at or timezone.now()
    call.save(update_fields=["state", "shown_at"])
    record("times of a call offered", call, by)
    changed(call)
    return offers


def _offered(call: Call) -> list[CallOffer]:
    """Draw times and keep them. Of a draw that another call was given a part of, one more."""
    for _draw in range(DRAWS):
        try:
            with transaction.atomic():
                return _drawn(call)
        except IntegrityError:
            continue
    raise Refused(NO_TIME)


def _drawn(call: Call) -> list[CallOffer]:
    hers, his = wishes_of(call)
    assert call.captive is not None, "nothing stands against it"
    now = timezone.now()
    free = [
        Free(slot.pk, slot.starts_at, slot.minutes)
        for slot in Slot.objects.free().filter(site=call.captive.site, starts_at__gt=now)
    ]
    drawn = choose(free, minutes=call.minutes, hers=hers, his=his, now=now, lot=LOT)
    if not drawn:
        raise Refused(NO_TIME)
    return [
        CallOffer.objects.create(
            call=call,
            slot_id=one.slot,
            starts_at=one.starts_at,
            offered_at=now,
            # He asked before a neutral, for times like these: that is his yes to them.
            suits_him=call.his_answer == Answer.YES,
        )
        for one in drawn
    ]


def wishes_of(call: Call) -> tuple[Times, Times]:
    """When she can, and when he can; whoever said nothing can at any waking hour."""
    wishes = CallWish.objects.filter(call=call).select_related("key")
    kept = {wish.side: wish.times for wish in wishes}
    hers, his = kept.get(Side.FAMILY), kept.get(Side.CAPTIVE)
    return times_from(hers, zone=settings.TIME_ZONE), times_from(his, zone=settings.TIME_ZONE)


@transaction.atomic
def assign(*, call: Call, supervisor: Staff, interpreter: Staff | None, by: Staff) -> Call:
    """Say who accompanies this call; both are seen by everybody in it. Without an interpreter too:
    a language that nobody understands does not stop a call.
    """
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by).live(), call.pk)
    people = [staff for staff in (supervisor, interpreter) if staff]
    _lock(people)
    for staff in people:
        refuse_if(_why_not_assign(call, staff))
    if interpreter is not None and interpreter.pk == supervisor.pk:
        raise Refused(Refusal("call.one_person", _("These are two people."), field="interpreter"))
    call.supervisor, call.interpreter = supervisor, interpreter
    call.save(update_fields=["supervisor", "interpreter"])
    seat(call, PartyKind.SUPERVISOR, supervisor)
    if interpreter is not None:
        seat(call, PartyKind.INTERPRETER, interpreter)
    else:
        CallParty.objects.filter(call=call, kind=PartyKind.INTERPRETER).delete()
    record("call given to a supervisor", call, by)
    changed(call)
    return call


def _why_not_assign(call: Call, staff: Staff) -> Refusal | None:
    if staff.acting_role != Role.SUPERVISOR or not staff.is_active:
        return Refusal("call.not_supervisor", _("This person does not accompany calls."),
                       field="supervisor")  # fmt: skip
    if _is_busy(call, staff):
        return Refusal("call.busy", _("This person accompanies another call at that time."),
                       field="supervisor")  # fmt: skip
    return None


def _lock(people: list[Staff]) -> None:
    """So that nobody is given two calls of one hour at once; in one order, whoever is first."""
    rows = Staff.objects.get_queryset().filter(pk__in=[one.pk for one in people])
    list(rows.select_for_update().order_by("pk"))


def _is_busy(call: Call, staff: Staff) -> bool:
    """Whether this person accompanies another call at the time of this one."""
    if call.starts_at is None:
        return False
    near = timedelta(minutes=SLOT_MINUTES)
    others = Call.objects.live().exclude(pk=call.pk)
    others = others.filter(starts_at__gt=call.starts_at - near, starts_at__lt=call.starts_at + near)
    return (others.filter(supervisor=staff) | others.filter(interpreter=staff)).exists()


def give_back_if_busy(call: Call) -> None:
    """A time was chosen at which somebody of those who were to accompany it has another call: it
    is nobody's, and stands among those that somebody must be given to.
    """
    people = [staff for staff in (call.supervisor, call.interpreter) if staff]
    _lock(people)
    if not any(_is_busy(call, staff) for staff in people):
        return
    call.supervisor = call.interpreter = None
    call.parties.filter(kind__in=rules.STAFF_KINDS).delete()
    record("call to be given to somebody anew", call, MACHINE)


def supervisors_of(by: Staff) -> list[Staff]:
    """Who can accompany a call at this site."""
    rows = Staff.objects.get_queryset().filter(role=Role.SUPERVISOR, site=by.site, is_active=True)
    return list(rows.order_by("number"))


@transaction.atomic
def cancel_call(*, call: Call, reason: str, by: Staff) -> Call:
    """Cancel it for a reason of the list. What she was not shown is only kept again."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by).to_come(), call.pk)
    refuse_if(rules.why_not_reason(reason, rules.TO_CANCEL))
    if call.is_only_kept_for_her:
        _take_back(call, by)
    else:
        make_over(call, Reason(reason), by)
    return call


@transaction.atomic
def seek_other_times(*, call: Call, by: Staff) -> Call:
    """Take the offered or agreed time back and look for others."""
    by.must(Permission.ARRANGE_CALL)
    call = locked(Call.objects.visible_to(by).to_come(), call.pk)
    _take_back(call, by)
    return call


def _take_back(call: Call, by: Staff) -> None:
    if is_told_by_telephone(call):
        call.frozen_at, call.spoken_by = timezone.now(), None
    ask_anew(call)
    call.save()
    record("times of a call taken back", call, by)
    changed(call)


def close_offers_passed() -> int:
    """Times that came too near without being chosen are free again; others are sought."""
    soon = timezone.now() + rules.ANSWERED_BEFORE
    near = CallOffer.objects.filter(closed_at=None, starts_at__lt=soon)
    waiting = Call.objects.filter(state=CallState.OFFERED, pk__in=near.values("call"))
    return sum(_close_passed(pk, soon) for pk in waiting.values_list("pk", flat=True))


@transaction.atomic
def _close_passed(pk: Any, soon: datetime) -> int:
    call = locked(Call.objects.get_queryset(), pk)
    if call.state != CallState.OFFERED or facts.is_frozen(call):
        return 0
    to_come = CallOffer.objects.filter(call=call, closed_at=None, starts_at__gte=soon)
    close_offers(call, but=to_come.values_list("pk", flat=True))
    if not to_come.exists():
        ask_anew(call)
        call.save()
    changed(call)
    return 1


def cancel_calls_passed() -> int:
    """A call that nobody opened in its window did not take place."""
    gone = timezone.now() - rules.LATE_AT_MOST
    rows = Call.objects.filter(state=CallState.AGREED, starts_at__lt=gone)
    return sum(_cancel_passed(pk, gone) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _cancel_passed(pk: Any, gone: datetime) -> int:
    call = locked(Call.objects.get_queryset(), pk)
    if call.state != CallState.AGREED or call.starts_at is None or call.starts_at >= gone:
        return 0
    if facts.is_frozen(call):
        return 0
    make_over(call, Reason.NOBODY_CAME, MACHINE)
    return 1


def remind() -> int:
    """The day before, one message without content to whoever allowed e-mail; never to a family
    with whom a person must speak first (P20).
    """
    soon = timezone.now() + rules.REMINDED_BEFORE
    rows = Call.objects.filter(state=CallState.AGREED, starts_at__lt=soon, reminded_at=None)
    return sum(_remind(pk) for pk in rows.values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: Any) -> int:
    call = locked(Call.objects.get_queryset(), pk)
    if call.state != CallState.AGREED or call.reminded_at is not None or facts.why_not(call):
        return 0
    call.reminded_at = timezone.now()
    call.save(update_fields=["reminded_at"])
    if call.enquiry is not None:
        write_reminder(call.enquiry)
    return 1
