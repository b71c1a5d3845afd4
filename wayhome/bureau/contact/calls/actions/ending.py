"""What happens elsewhere in the bureau and ends a call: decided in that same transaction (0003)."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.contact.calls import facts, rules
from wayhome.bureau.contact.calls.keeping import (
    changed,
    locked,
    make_over,
    put_back,
    record,
)
from wayhome.bureau.contact.calls.models import Call
from wayhome.bureau.contact.calls.rules import CallState, Reason
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


def look_again(rows: Any, *, because: Reason | None = None) -> None:
    """Whether these calls may still stand; those that may not are over in this transaction.

    `because`: what happened stops them whatever else holds, such as an injury.
    """
    for pk in rows.live().order_by("pk").values_list("pk", flat=True):
        call = locked(Call.objects.get_queryset(), pk)
        reason = because if because and call.captive else facts.what_stops(call)
        if reason is not None and call.state in (*LIVE_STATES,):
            _stop(call, reason)


LIVE_STATES = (CallState.ASKED, CallState.OFFERED, CallState.AGREED, CallState.OPEN)


def _stop(call: Call, reason: Reason) -> None:
    if call.shown_at is not None:
        make_over(call, reason, MACHINE)
    elif call.she_asked_at is not None:
        put_back(call)  # her wish is kept as every family's is
    else:
        make_over(call, reason, MACHINE)


def calls_of(captive: Captive) -> Any:
    """Calls of any record of this man."""
    man = captive.principal
    return Call.objects.filter(Q(captive=man) | Q(captive__same_as=man))


@transaction.atomic
def forget(enquiry: Enquiry) -> None:
    """She had her enquiry forgotten: her wishes and calls go with it."""
    for pk in Call.objects.filter(enquiry=enquiry).live().values_list("pk", flat=True):
        call = locked(Call.objects.get_queryset(), pk)
        if call.state in LIVE_STATES:
            make_over(call, Reason.FORGOTTEN, MACHINE)
    Call.objects.filter(enquiry=enquiry).update(learns_at=timezone.now())


@transaction.atomic
def note_spoken(*, call: Call, by: Staff) -> Call:
    """A person has spoken with her about what happened: now her page shows that it is over."""
    by.must(Permission.TELL_FAMILY)
    call = locked(Call.objects.visible_to(by), call.pk)
    refuse_if(
        rules.why_not_note_spoken(
            frozen=call.frozen_at is not None, spoken=call.spoken_by_id is not None
        )
    )
    call.spoken_by, call.learns_at = by, timezone.now()
    call.save(update_fields=["spoken_by", "learns_at"])
    record("family spoken with about a call", call, by)
    changed(call)
    return call
