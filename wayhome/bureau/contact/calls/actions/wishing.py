"""Ask for a call: she from her page, he from the tablet; and bring her wish forward to him."""

from math import ceil
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.consents.actions import lock_sitting
from wayhome.bureau.consents.models import PersonToTell, Sitting, of_same_man
from wayhome.bureau.consents.rules import Answer
from wayhome.bureau.contact.calls import facts, rules
from wayhome.bureau.contact.calls.announcements import wish_kept
from wayhome.bureau.contact.calls.choosing import Times
from wayhome.bureau.contact.calls.keeping import (
    changed,
    keep_wish,
    locked,
    record,
)
from wayhome.bureau.contact.calls.models import Call, CallWish
from wayhome.bureau.contact.calls.rules import CallState, Side
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal, Refused, refuse_if


@transaction.atomic
def ask_for_call(*, enquiry: Enquiry, times: Times, language: str, by: Enquirer) -> Call:
    """Keep her wish for a call: from every family alike, whatever we know (P5)."""
    by.must(Permission.ASK_OWN)
    now = timezone.now()
    call, made = _live_or_new(
        enquiry=enquiry,
        named=None,
        defaults={
            "asked_by": Side.FAMILY,
            "asked_at": now,
            "she_asked_at": now,
            "language": language,
        },
    )
    if not made:
        # One that he asked for and she was not shown yet becomes hers too, and she is told nothing.
        hidden = call.she_asked_at is None and call.shown_at is None
        refuse_if(rules.why_not_ask(one_is_asked=not hidden))
        call.she_asked_at, call.language = now, language
        call.save(update_fields=["she_asked_at", "language"])
    keep_wish(call, Side.FAMILY, by.key, times)
    # In the journal under her enquiry alone: his number must not follow from what she does.
    record("call asked for", call if made else Call(pk=call.pk, enquiry=enquiry), by)
    wish_kept.send(Call, enquiry=enquiry)
    return call


@transaction.atomic
def ask_for_call_himself(
    *, to: Match | PersonToTell, times: Times, language: str, by: Sitting
) -> Call:
    """Keep his wish: it is his yes to this very call, and so is said before a neutral (P7).

    To somebody who asks for him and whom he allows calls, or to somebody whom he named.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(rules.why_not_yes(neutral=by.neutral_id is not None))
    sides = _sides(to, by)
    now = timezone.now()
    call, made = _live_or_new(
        enquiry=sides.get("enquiry"),
        named=sides.get("named"),
        defaults={
            **sides,
            "asked_by": Side.CAPTIVE,
            "asked_at": now,
            "language": language,
            "sitting": by,
        },
    )
    refuse_if(rules.why_not_ask(one_is_asked=not made and call.his_answer == Answer.YES))
    refuse_if(rules.why_not_ask(one_is_asked=call.state != CallState.ASKED))
    for name, value in sides.items():
        setattr(call, name, value)
    call.his_answer, call.his_answer_at, call.his_yes_before = Answer.YES, now, by.neutral
    call.save()
    keep_wish(call, Side.CAPTIVE, by.captive.key, times)
    record("call asked for", call, by)
    changed(call)
    return call


def _sides(to: Match | PersonToTell, by: Sitting) -> dict[str, Any]:
    if isinstance(to, PersonToTell):
        own = PersonToTell.objects.visible_to(by).select_related("sitting").get(pk=to.pk)
        if not facts.may_be_called(own):
            raise Refused(NOT_REACHED)
        return {"named": own, "captive": by.captive}
    # Locked before the call, as his consent and its withdrawal lock it.
    rows = Match.objects.standing().select_for_update(of=("self",))
    match = rows.select_related("enquiry", "captive").filter(of_same_man(by.captive)).get(pk=to.pk)
    if not facts.allows_calls(match):
        raise Refused(ALLOW_FIRST)
    return {"enquiry": match.enquiry, "match": match, "captive": match.captive}


NOT_REACHED = Refusal(
    "call.not_reached", _("This person has not been reached yet. We go on trying.")
)
ALLOW_FIRST = Refusal("call.allow_first", _("First allow this person to talk with you in a call."))


def _live_or_new(*, enquiry: Any, named: Any, defaults: dict[str, Any]) -> tuple[Call, bool]:
    """The one live call of these two, locked; made if there is none, by one of twenty at once."""
    rows = Call.objects.live().filter(enquiry=enquiry, named=named)
    found = rows.first()
    if found is None:
        try:
            with transaction.atomic():
                new = {"enquiry": enquiry, "named": named, **defaults}
                return Call.objects.create(**new), True
        except IntegrityError:
            found = rows.get()
    return locked(Call.objects.get_queryset(), found.pk), False


@transaction.atomic
def bring_forward(enquiry_id: Any) -> None:
    """Let her wish reach him while he allows calls of hers; otherwise it is kept as it was."""
    enquiry = Enquiry.objects.filter(pk=enquiry_id).first()
    match = facts.open_way(enquiry) if enquiry else None
    if match is None:
        return
    # Locked before the call, as an event of his custody locks him.
    Captive.objects.select_for_update(of=("self",)).get(pk=match.captive_id)
    kept = Call.objects.filter(enquiry=enquiry, state=CallState.ASKED, captive=None)
    for call in kept.select_for_update(of=("self",)):
        call.match, call.captive = match, match.captive
        call.save(update_fields=["match", "captive"])
        changed(call)


@transaction.atomic
def give_back(call_id: Any) -> None:
    """What is left of a call whose line was lost becomes a new one, kept as asked for. Once."""
    old = Call.objects.filter(pk=call_id).first()
    if old is None or Call.objects.filter(instead_of=old).exists():
        return
    left = rules.seconds_left(old.minutes, old.seconds_used, None, timezone.now())
    if left < rules.GIVEN_BACK_FROM:
        return
    named = {"named": old.named, "captive": old.captive} if old.named_id else {}
    call, made = _live_or_new(
        enquiry=old.enquiry,
        named=old.named,
        defaults={
            **named,
            "asked_by": old.asked_by,
            "asked_at": timezone.now(),
            "she_asked_at": old.she_asked_at,
            "language": old.language,
            "minutes": ceil(left / 60),
        },
    )
    if not made:  # one was asked for meanwhile: it is made longer
        call.minutes += ceil(left / 60)
    call.instead_of = old
    call.save(update_fields=["minutes", "instead_of"])
    if made:
        _copy_wishes(old, call)
        if call.enquiry is not None:
            wish_kept.send(Call, enquiry=call.enquiry)


def _copy_wishes(old: Call, new: Call) -> None:
    for wish in CallWish.objects.filter(call=old).select_related("key"):
        CallWish.objects.create(call=new, side=wish.side, key=wish.key, times=wish.times)
