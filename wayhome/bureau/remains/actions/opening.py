"""Open a grave: they are in keeping again, in the hands of who opened it; a second signs."""

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.remains.actions.custody import link_from_grave
from wayhome.bureau.remains.actions.registering import locked
from wayhome.bureau.remains.announcements import grave_opens_for_home
from wayhome.bureau.remains.models import Opening, Remains
from wayhome.bureau.remains.rules.opening import Opened, Why, why_not_open, why_not_sign
from wayhome.bureau.remains.rules.register import State
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if


@transaction.atomic
def open_grave(*, remains: Remains, opened: Opened, by: Staff) -> Opening:
    """Raises Refused, with nothing written, if a rule forbids it."""
    by.must(Permission.RECORD_REMAINS)
    remains = locked(remains)
    burial = remains.burials.select_related("plot", "key").filter(opened_at=None).first()
    buried_at = burial.buried_at if burial and remains.state == State.BURIED else None
    refuse_if(why_not_open(opened, buried_at=buried_at, now=timezone.now()))
    assert burial is not None, "a rule"
    if opened.ground == Why.HOME:
        grave_opens_for_home.send(Remains, remains=remains)
    burial.opened_at = opened.at
    burial.save(update_fields=["opened_at"])
    remains.state = State.KEPT
    remains.save(update_fields=["state"])
    made = Opening.objects.create(
        burial=burial, key=remains.key, ground=opened.ground, told=opened.as_kept(),
        told_on=opened.told_on, by=by,
    )  # fmt: skip
    grave = f"{burial.plot.name}, {burial.row}/{burial.number}"
    link_from_grave(remains, grave=grave, opened=opened, by=by)
    number = remains.bureau_number
    journal.record("grave opened", subject=made, by=by, person=number, purpose=opened.ground)
    return made


@transaction.atomic
def sign_opening(*, opening: Opening, by: Staff) -> Opening:
    """The second of the two who were there signs."""
    by.must(Permission.RECORD_REMAINS)
    rows = Opening.objects.select_for_update(of=("self",)).select_related("burial__remains")
    opening = rows.get(pk=opening.pk)
    refuse_if([why_not_sign(signed=opening.second_at is not None, own=opening.by_id == by.pk)])
    opening.second_by, opening.second_at = by, timezone.now()
    opening.save(update_fields=["second_by", "second_at"])
    number = opening.burial.remains.bureau_number
    journal.record("opened grave signed", subject=opening, by=by, person=number)
    return opening
