"""Deadlines that passed: found by the machine, told to the auditor without anybody's doing."""

from datetime import datetime

from django.db import models

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class OverdueQuerySet(models.QuerySet["Overdue"]):
    def visible_to(self, person: Acting) -> "OverdueQuerySet":
        return self if person.may(Permission.READ_JOURNAL) else self.none()

    def not_met(self) -> "OverdueQuerySet":
        return self.filter(met_at=None)


class Overdue(models.Model):
    """One deadline of the law that passed. It stays when it is met: how late is then known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=choices(ClockKind))
    number = models.CharField(max_length=24, db_index=True)  # a bureau number, or a site's code
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    found_at = models.DateTimeField()
    # When its clock was first seen to run no longer: done, or no longer due.
    met_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        null=True, db_index=True
    )

    objects = OverdueQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "number", "started_at"], name="overdue_is_told_once"
            )
        ]

    class Disclosure:
        journal = ("kind", "number", "started_at", "due_at", "found_at", "met_at")
        never = ("id",)
