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
    *,
    captive: Captive,
    note: str,
    by: Staff,
    cannot_decide: bool = False,
    weight_kg: float | None = None,
) -> HealthNote:
    """Add a note on his health; `cannot_decide` says that he is unable to decide for himself.

    With a weight it is the monthly inspection and stops its clock. Raises Refused, with nothing
    written, if it says nothing or the weight cannot be one.
    """
    by.must(Permission.NOTE_HEALTH)
    refuse_if(why_not_note_health(note, weight_kg))
    new = captive.health_notes.create(
        key=captive.key,
        note=note.strip(),
        cannot_decide=cannot_decide,
        inspection=weight_kg is not None,
        weight_kg=weight_kg,
        by=by,
    )
    action = "medical inspection noted" if new.inspection else "health noted"
    journal.record(action, subject=new, by=by, person=captive.bureau_number)
    return new
