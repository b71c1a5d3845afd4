"""Tell every family that something stands on their page: a programme was withdrawn."""

from django.db import transaction
from django.db.models import Exists, OuterRef

from wayhome.bureau.answers.actions import write_reminder
from wayhome.bureau.answers.models import Freeze, Told
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.returns.models import Programme

SLICE = 500


@transaction.atomic
def tell_next(programme: Programme) -> bool:
    """Write to the next families that something stands on their page. Whether there are more.

    All are written to, in the order of their enquiries, whatever the bureau knows of anybody; but
    whoever was told of him, and with whom a person must speak first, hears it from that person.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    told = Told.objects.filter(match=OuterRef("match"), withdrawn_at=None)
    frozen = Freeze.objects.open().filter(Exists(told), match__enquiry=OuterRef("pk"))
    rows = Enquiry.objects.open().filter(received_at__lte=programme.ended_at)
    if programme.told_up_to:
        rows = rows.filter(pk__gt=programme.told_up_to)
    some = list(rows.select_related("enquirer__key").order_by("pk")[:SLICE])
    these = Enquiry.objects.filter(Exists(frozen), pk__in=[each.pk for each in some])
    spared = set(these.values_list("pk", flat=True))
    for enquiry in some:
        if enquiry.pk not in spared:
            write_reminder(enquiry)
    if some:
        programme.told_up_to = some[-1].pk
        programme.save(update_fields=["told_up_to"])
    return len(some) == SLICE
