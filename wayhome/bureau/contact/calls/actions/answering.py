"""He says yes or no to this very call; she chooses among the times that suit him."""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.actions import lock_sitting
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls import facts, rules
from wayhome.bureau.contact.calls.actions.arranging import give_back_if_busy
from wayhome.bureau.contact.calls.actions.wishing import ask_for_call
from wayhome.bureau.contact.calls.choosing import Times
from wayhome.bureau.contact.calls.keeping import (
    ask_anew,
    changed,
    close_offers,
    keep_wish,
    locked,
    make_over,
    move,
    put_back,
    record,
    seat,
)
from wayhome.bureau.contact.calls.models import Call, CallOffer
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason, Side
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused, refuse_if

# One wording for every answer of his: the journal says that he answered, never how.
ANSWERED = "answered for himself"


@transaction.atomic
def say_yes(*, call: Call, offers: Collection[object], times: Times | None, by: Sitting) -> Call:
    """His yes to this very call, before a neutral: to some of the offered times, or to none of
    them but to others like those he names.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(rules.why_not_yes(neutral=by.neutral_id is not None))
    call = locked(Call.objects.visible_to(by).to_come(), call.pk)
    now = timezone.now()
    call.his_answer, call.his_answer_at, call.his_yes_before = Answer.YES, now, by.neutral
    if times is not None:
        keep_wish(call, Side.CAPTIVE, by.captive.key, times)
    if call.state == CallState.OFFERED:
        _take_offers(call, offers)
    call.save()
    record(ANSWERED, call, by)
    changed(call)
    return call


def _take_offers(call: Call, offers: Collection[object]) -> None:
    open_ones = CallOffer.objects.filter(call=call, closed_at=None)
    good = open_ones.filter(pk__in=list(offers))
    if not good.exists():
        ask_anew(call)
        return
    close_offers(call, but=good.values_list("pk", flat=True))
    good.update(suits_him=True)
    call.shown_at = call.shown_at or timezone.now()


@transaction.atomic
def say_no(*, call: Call, answer: Answer, by: Sitting) -> Call:
    """His no, or not now. Needs nobody; to her it is as every other reason, or nothing at all."""
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    call = locked(Call.objects.visible_to(by).live(), call.pk)
    record(ANSWERED, call, by)
    if call.state == CallState.OPEN or call.shown_at is not None:
        reason = Reason.CAPTIVE_ENDED if call.state == CallState.OPEN else Reason.CAPTIVE_CANNOT
        make_over(call, reason, by)
        return call
    if call.she_asked_at is None:
        make_over(call, Reason.CAPTIVE_CANNOT, by)  # it was his own wish alone
        return call
    captive, match = call.captive, call.match
    put_back(call)
    # It stays with him, so that he may say otherwise on another day.
    call.captive, call.match = captive, match
    call.his_answer, call.his_answer_at = answer, timezone.now()
    call.save()
    changed(call)
    return call


@transaction.atomic
def choose_time(*, call: Call, offer: object, by: Enquirer) -> Call:
    """Her yes to one of the times that suit him: then the call is agreed."""
    by.must(Permission.ASK_OWN)
    call = locked(Call.objects.visible_to(by), call.pk)
    _choose(call, offer, by)
    return call


@transaction.atomic
def choose_time_for_her(*, call: Call, offer: object, by: Staff) -> Call:
    """Somebody whom he named has no page: she says which time suits her on the telephone."""
    by.must(Permission.TELL_FAMILY)
    call = locked(Call.objects.visible_to(by).filter(named__isnull=False), call.pk)
    _choose(call, offer, by)
    return call


def _choose(call: Call, offer: object, by: Enquirer | Staff) -> None:
    rows = CallOffer.objects.filter(call=call, closed_at=None, suits_him=True)
    chosen = rows.filter(pk=offer).first()  # type: ignore[misc]
    now = timezone.now()
    refuse_if(
        rules.why_not_choose(
            still_offered=chosen is not None and call.state == CallState.OFFERED,
            starts_at=chosen.starts_at if chosen else None,
            now=now,
        )
    )
    assert chosen is not None
    if facts.why_not(call):  # she reads no reason
        raise Refused(NOT_NOW)
    move(call, CallState.AGREED)
    chosen.chosen = True
    chosen.save(update_fields=["chosen"])
    close_offers(call, but=[chosen.pk])
    call.starts_at, call.her_yes_at = chosen.starts_at, now
    give_back_if_busy(call)
    call.save()
    seat(call, PartyKind.FAMILY)
    seat(call, PartyKind.CAPTIVE)
    record("time of a call chosen", call, by)
    changed(call)


NOT_NOW = Refusal("call.not_possible", _("Not possible at present."))


@transaction.atomic
def want_other_times(*, call: Call, times: Times, language: str, by: Enquirer) -> Call:
    """None of the times suits her, or the agreed one not any more: others are sought.

    One that is over without her knowing gives way to a new wish, and looks the same.
    """
    by.must(Permission.ASK_OWN)
    call = locked(Call.objects.visible_to(by).exclude(state=CallState.OPEN), call.pk)
    if call.state in rules.OVER:
        assert call.enquiry is not None, "hers"
        asked_at = call.she_asked_at or call.asked_at
        _hide(call)
        new = ask_for_call(enquiry=call.enquiry, times=times, language=language, by=by)
        Call.objects.filter(pk=new.pk).update(she_asked_at=asked_at)
        return new
    keep_wish(call, Side.FAMILY, by.key, times)
    call.language = language
    if call.state != CallState.ASKED:
        ask_anew(call)
    call.save()
    record("times of a call taken back", call, by)
    changed(call)
    return call


def _hide(call: Call) -> None:
    """Her page shows nothing more of it."""
    call.she_asked_at = call.shown_at = None
    call.save(update_fields=["she_asked_at", "shown_at"])


@transaction.atomic
def take_back_wish(*, call: Call, by: Enquirer) -> None:
    """She does not want the call after all. Wherever it is, her page says the same."""
    by.must(Permission.ASK_OWN)
    call = locked(Call.objects.visible_to(by).exclude(state=CallState.OPEN), call.pk)
    if call.state in rules.OVER:
        _hide(call)
        return
    if call.shown_at is None and call.his_answer == Answer.YES and call.she_asked_at:
        call.she_asked_at = None  # it stays his own wish, of which she knows nothing
        call.save(update_fields=["she_asked_at"])
        record("call taken back", Call(pk=call.pk, enquiry=call.enquiry), by)
        return
    make_over(call, Reason.FAMILY_CANNOT, by)
    call.learns_at = call.over_at  # she herself did it
    call.save(update_fields=["learns_at"])
