"""How it was: each side is asked apart; a worry goes outside the camp."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from wayhome.bureau.consents.actions import lock_sitting
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.contact.calls import rules
from wayhome.bureau.contact.calls.models import AfterCall, Call
from wayhome.bureau.contact.calls.rules import How, Side
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refused, refuse_if


@transaction.atomic
def say_how_it_was(*, call: Call, how: How, worry: str, by: Enquirer | Sitting) -> AfterCall:
    """Keep what one side says, once. Raises Refused before the call is over and after it is said.

    The journal says only that they answered: whoever reads it at the camp learns of no worry.
    """
    if isinstance(by, Sitting):
        by.must(Permission.ANSWER_FOR_SELF)
        lock_sitting(by)
        side, key = Side.CAPTIVE, by.captive.key
    else:
        by.must(Permission.ASK_OWN)
        side, key = Side.FAMILY, by.key
    call = Call.objects.visible_to(by).get(pk=call.pk)
    answered = AfterCall.objects.filter(call=call, side=side).exists()
    over = call.state in rules.OVER
    refuse_if(rules.why_not_answer_after(over=over, talked=call.talked, answered=answered))
    try:
        with transaction.atomic():
            new = AfterCall.objects.create(
                call=call, side=side, key=key, how=how, worry=worry or None, at=timezone.now()
            )
    except IntegrityError:
        raise Refused(rules.ANSWERED) from None
    journal.record("said how a call was", subject=call, by=by)
    return new


@transaction.atomic
def look_into_worry(*, worry: AfterCall, by: Staff) -> AfterCall:
    """The neutral or the auditor has looked into it; both see who did, and when."""
    by.must(Permission.SEE_WORRY)
    rows = AfterCall.objects.visible_to(by).select_for_update(of=("self",))
    worry = rows.get(pk=worry.pk)
    if worry.looked_into_at is None:
        worry.looked_into_at, worry.looked_into_by = timezone.now(), by
        worry.save(update_fields=["looked_into_at", "looked_into_by"])
        journal.record("worry after a call looked into", subject=worry, by=by)
    return worry
