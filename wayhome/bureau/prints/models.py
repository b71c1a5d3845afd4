"""Fingerprints as pictures: of remains, and of persons sought from before their death."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.prints.rules import Finger
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class PrintQuerySet(models.QuerySet["Print"]):
    def visible_to(self, person: Acting) -> "PrintQuerySet":
        """Of the dead for who examines; from before death for who takes or reads such data."""
        seen = Q(pk=None)
        if person.may(Permission.EXAMINE_REMAINS):
            seen |= Q(remains__isnull=False)
        if person.may(Permission.SEE_ANTEMORTEM):
            seen |= Q(enquiry__isnull=False)
        return self.filter(seen)

    def standing(self) -> "PrintQuerySet":
        return self.filter(taken_back_at=None)


class Print(models.Model):
    """A picture, drawn anew and encrypted on disk. Of nobody alive: a captive has no place here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    remains = models.ForeignKey(Remains, models.PROTECT, null=True, related_name="prints")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="prints")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of either
    finger = models.CharField(max_length=10, choices=choices(Finger))
    source = EncryptedJSONField()  # how it was taken, or from which card or thing it is
    on = models.CharField(max_length=40, blank=True)  # EDTF
    digest = models.BinaryField()  # keyed, of the file as it came: the same one is taken once
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    why_taken_back = EncryptedJSONField(null=True)

    objects = PrintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(remains=None, enquiry__isnull=False)
                | Q(remains__isnull=False, enquiry=None),
                name="a_print_is_of_one_side",
            ),
            models.UniqueConstraint(
                fields=["remains", "digest"],
                condition=Q(remains__isnull=False, taken_back_at=None),
                name="print_of_remains_once",
            ),
            models.UniqueConstraint(
                fields=["enquiry", "digest"],
                condition=Q(enquiry__isnull=False, taken_back_at=None),
                name="print_of_enquiry_once",
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at=None, taken_back_by=None, why_taken_back=None)
                | Q(
                    taken_back_at__isnull=False,
                    taken_back_by__isnull=False,
                    why_taken_back__isnull=False,
                ),
                name="a_print_is_taken_back_by_somebody",
            ),
        ]
        ordering: ClassVar = ["at", "id"]

    class Disclosure:
        prints = (
            "id",
            "finger",
            "source",
            "on",
            "by",
            "at",
            "taken_back_at",
            "taken_back_by",
            "why_taken_back",
        )
        never = ("remains", "enquiry", "key", "digest")

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def number(self) -> str:
        """Of whom: the number of the remains or of the enquiry."""
        whose = self.remains or self.enquiry
        assert whose is not None, "a constraint of the database"
        return whose.bureau_number
