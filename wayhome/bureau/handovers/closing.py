"""A sealed act ends custody: one event in the captive's ledger, in the act's transaction."""

from wayhome.bureau.captives.announcements import custody_changed
from wayhome.bureau.captives.models import Captive, CustodyEvent
from wayhome.bureau.captives.rules import EventKind, state_after, why_not_record
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.lib.refusal import refuse_if


def close_custody(captive: Captive, act: Act, by: Staff) -> CustodyEvent:
    """Add the event "returned". The captive's row is locked by the caller."""
    last = captive.last_event()
    refuse_if(
        why_not_record(
            EventKind.RETURNED,
            last_kind=EventKind(last.kind) if last else None,
            happened_at=act.sealed_at,
            last_at=last.happened_at if last else None,
            now=act.sealed_at or act.prepared_at,
        )
    )
    event = CustodyEvent.objects.create(
        captive=captive,
        key=captive.key,
        number=last.number + 1 if last else 1,
        kind=EventKind.RETURNED,
        happened_at=act.sealed_at,
        recorded_by=by,
    )
    captive.custody_state = state_after(EventKind.RETURNED)
    captive.save(update_fields=["custody_state", "changed_at"])
    journal.record("custody event recorded", subject=event, by=by, person=captive.bureau_number)
    custody_changed.send(Captive, captive=captive, event=event)
    return event
