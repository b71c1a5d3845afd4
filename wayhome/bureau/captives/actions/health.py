"""The physician's notes: a compartment of their own."""

from django.db import transaction

from wayhome.bureau.captives.models import Captive, HealthNote
from wayhome.bureau.captives.rules import why_not_note_health
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def note_health(
    *, captive: Captive, note: str, by: Staff, cannot_decide: bool = False
) -> HealthNote:
    """Add a note on his health; `cannot_decide` says that he is unable to decide for himself.

    Raises Refused, with nothing written, if the note is empty.
    """
    by.must(Permission.NOTE_HEALTH)
    refuse_if(why_not_note_health(note))
    new = captive.health_notes.create(
        key=captive.key, note=note.strip(), cannot_decide=cannot_decide, by=by
    )
    journal.record("health noted", subject=new, by=by, person=captive.bureau_number)
    return new
