"""What the machine does when a deadline passes: it tells the auditor."""

from collections import Counter
from datetime import datetime

from django.db import connection, transaction

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE
from wayhome.bureau.oversight.clocks import all_late
from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.oversight.rules import Clock, ClockKind

TELLING = 7_305_021  # the lock of whoever looks for passed deadlines
SLICE = 1000


@transaction.atomic
def tell_overdue(now: datetime) -> int:
    """Keep every deadline that has passed, once, and note of the others that they are met.

    Returns how many are new. Run twice, or by two workers at once, it adds nothing a second time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TELLING])
    late = {(clock.kind.value, clock.number, clock.started_at): clock for clock in all_late(now)}
    columns = ("kind", "number", "started_at", "pk", "met_at")  # of thousands: no records
    known = {tuple(row[:3]): row[3:] for row in Overdue.objects.values_list(*columns)}
    met = [pk for key, (pk, met_at) in known.items() if met_at is None and key not in late]
    again = [pk for key, (pk, met_at) in known.items() if met_at and key in late]
    Overdue.objects.filter(pk__in=met).update(met_at=now)
    Overdue.objects.filter(pk__in=again).update(met_at=None)
    new = [_overdue(clock, now) for key, clock in late.items() if key not in known]
    Overdue.objects.bulk_create(new, batch_size=SLICE)
    _journal(new)
    return len(new)


def _overdue(clock: Clock, now: datetime) -> Overdue:
    return Overdue(
        kind=clock.kind,
        number=clock.number,
        started_at=clock.started_at,
        due_at=clock.due_at,
        found_at=now,
    )


def _journal(new: list[Overdue]) -> None:
    """One entry for each kind: of a list imported late there are thousands of one kind."""
    for kind, many in sorted(Counter(row.kind for row in new).items()):
        first = next(row for row in new if row.kind == kind)
        number = first.number if many == 1 and kind != ClockKind.DAY_BOOK else ""
        purpose = f"{kind}: {many}"
        journal.record("deadline passed", subject=first, by=MACHINE, person=number, purpose=purpose)
