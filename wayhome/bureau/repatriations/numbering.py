"""The numbers of consignments, offers and requests: one after the other, none twice."""

from django.db import connection, models
from django.db.models import Max

TAKING = 7_305_055  # the lock of whoever takes a number


def next_number(model: type[models.Model]) -> int:
    """The next number of its kind, in the running transaction; another waits for its end."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TAKING])
    last: int | None = model._default_manager.aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
