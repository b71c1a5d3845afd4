"""Parcels: noted when they come, opened before him or before a comrade whom he sent."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.bureau.welfare.models import Parcel
from wayhome.bureau.welfare.rules import Before, why_not_note_parcel, why_not_open_parcel
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def note_parcel(*, captive: Captive, sender: str, arrived_at: datetime, by: Staff) -> Parcel:
    """Note that a parcel came for him: its clock begins. Nothing is ever charged for it."""
    by.must(Permission.KEEP_WELFARE)
    refuse_if(why_not_note_parcel(arrived_at=arrived_at, now=timezone.now()))
    parcel = captive.parcels.create(
        key=captive.key, sender=sender.strip() or None, arrived_at=arrived_at, by=by
    )
    number = captive.bureau_number
    journal.record("parcel noted", subject=parcel, by=by, person=number)
    return parcel


@transaction.atomic
def open_parcel(
    *, parcel: Parcel, before: str, comrade: str, removed: Sequence[tuple[str, str]], by: Staff
) -> Parcel:
    """Note before whom it was opened, what was taken out, and why: each of (what, why).

    Raises Refused, with nothing written, if a rule in welfare.rules forbids it.
    """
    by.must(Permission.KEEP_WELFARE)
    rows = Parcel.objects.select_for_update(of=("self",)).select_related("captive", "key")
    parcel = rows.get(pk=parcel.pk)
    refuse_if(
        why_not_open_parcel(
            opened=parcel.opened_at is not None, before=before, comrade=comrade, removed=removed
        )
    )
    parcel.before = Before(before)
    parcel.opening = {
        "comrade": comrade.strip() if before == Before.COMRADE else "",
        "removed": [{"what": what.strip(), "why": why} for what, why in removed if what.strip()],
    }
    parcel.opened_at, parcel.opened_by = timezone.now(), by
    parcel.save(update_fields=["before", "opening", "opened_at", "opened_by"])
    number = parcel.captive.bureau_number
    journal.record("parcel opened", subject=parcel, by=by, person=number, purpose=before)
    return parcel
