"""Send invitations by e-mail: each tried once by itself, whatever crashes."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from wayhome.bureau.answers.mail import TIMEOUT_SECONDS, configured, try_once, written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.answers.rules import InvitationState, MessageState
from wayhome.bureau.enquiries.announcements import who_is_left_in_peace
from wayhome.bureau.enquiries.models import Enquiry

# A try that was begun and has no end after this long was cut off: nobody knows how it ended.
CUT_OFF_AFTER = timedelta(seconds=4 * TIMEOUT_SECONDS)


def left_in_peace(enquiry: Enquiry | None = None) -> set[UUID]:
    """Ids of the enquiries, of this one or of all, to whose families no machine writes now.

    From the decision of a board on whoever they seek, until people have told them and after it; so
    too while somebody must tell them of an error.
    """
    answers: Any = who_is_left_in_peace.send(Enquiry, enquiry=enquiry)
    return {pk for _, ids in answers for pk in ids}


@app.task(name="answers.send_message")
def send_message(message_id: str) -> None:
    """Try one message. The try is on record before it begins, so no crash makes a second one."""
    server = configured()
    if server is None:
        return  # it stays written until one is set; the console says that none is
    with transaction.atomic():
        rows = OutgoingMessage.objects.select_for_update(of=("self",)).select_related(
            "key", "page_of", "asked__enquiry"
        )
        message = rows.get(pk=message_id)
        if message.state != MessageState.WRITTEN:
            return
        if message.invitation_id is None and left_in_peace(message.enquiry):
            # What was written before is asked at the moment at which it would go out (P6, P20).
            message.state = MessageState.STOPPED
            message.save(update_fields=["state"])
            return
        message.state, message.tried_at = MessageState.TRYING, timezone.now()
        message.save(update_fields=["state", "tried_at"])
    outcome = try_once(written(message), server)
    trying = OutgoingMessage.objects.filter(pk=message_id, state=MessageState.TRYING)
    trying.update(state=outcome)


@app.periodic(cron="* * * * *")
@app.task(
    name="answers.send_what_waited",
    queueing_lock="answers.send_what_waited",
    pass_context=False,
)
def send_what_waited(timestamp: int) -> None:
    """Let invitations that were written while no mail server was set go out once one is.

    Only those that stand: a question or a reminder of then has grown old.
    """
    if configured() is None:
        return
    waiting = OutgoingMessage.objects.filter(
        state=MessageState.WRITTEN, invitation__state=InvitationState.OPEN
    )
    for pk in waiting.values_list("pk", flat=True):
        send_message.defer(message_id=str(pk))


@app.periodic(cron="* * * * *")
@app.task(name="answers.note_cut_off", queueing_lock="answers.note_cut_off", pass_context=False)
def note_cut_off(timestamp: int) -> None:
    """Mark tries that never ended: a person decides, never an automatic second try."""
    begun = OutgoingMessage.objects.filter(
        state=MessageState.TRYING, tried_at__lt=timezone.now() - CUT_OFF_AFTER
    )
    begun.update(state=MessageState.UNKNOWN)
