"""Reference samples of families, each with what its giver allowed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.comparisons.rules.samples import Kin, Scope, State, Way
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class SampleQuerySet(models.QuerySet["ReferenceSample"]):
    def visible_to(self, person: Acting) -> "SampleQuerySet":
        """Her own family's for an enquirer; all for who keeps them, and by code for the bench."""
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        may = person.may(Permission.KEEP_REFERENCES) or person.may(Permission.SEE_GENETICS)
        return self if may else self.none()

    def standing(self) -> "SampleQuerySet":
        return self.exclude(state=State.WITHDRAWN)


class ReferenceSample(models.Model):
    """One relative's sample, under a key of its own: withdrawing it destroys the key.

    Known to the laboratory and to the bench by its code alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="reference_samples")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    code = models.CharField(max_length=16, unique=True)
    kin = models.CharField(max_length=30, choices=choices(Kin))
    giver = EncryptedJSONField(null=True)  # {"name", "to"}: who, and where the kit goes
    way = models.CharField(max_length=10, choices=choices(Way))
    scope = models.CharField(max_length=20, choices=choices(Scope), default=Scope.THIS_BUREAU)
    allowed_at = models.DateTimeField()  # when the giver said yes to that scope
    state = models.CharField(
        max_length=12, choices=choices(State), default=State.ASKED, db_index=True
    )
    changed_at = models.DateTimeField()
    entered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    objects = SampleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=State.WITHDRAWN, withdrawn_at__isnull=False)
                | (~Q(state=State.WITHDRAWN) & Q(withdrawn_at=None)),
                name="reference_withdrawn_at_a_moment",
            )
        ]
        ordering: ClassVar = ["allowed_at", "id"]

    class Disclosure:
        # The bench sees codes and kinship; names and ways are for who speaks with families.
        bench = ("code", "kin", "scope", "state", "changed_at")
        contact = (
            "id",
            "enquiry",
            "code",
            "kin",
            "giver",
            "way",
            "scope",
            "allowed_at",
            "state",
            "changed_at",
            "entered_by",
            "withdrawn_at",
        )
        self_ = ("id", "code", "kin", "giver", "way", "scope", "allowed_at", "withdrawn_at")
        never = ("key",)

    def __str__(self) -> str:
        return self.code
