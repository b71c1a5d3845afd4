"""Signed guarantees: what an authority promises to whoever travels."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models.applications import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class GuaranteeQuerySet(models.QuerySet["Guarantee"]):
    def visible_to(self, person: Acting) -> "GuaranteeQuerySet":
        return self if person.may(Permission.SEE_APPLICATION) else self.none()

    def standing(self) -> "GuaranteeQuerySet":
        """Signed, and not taken back."""
        return self.filter(ended_at=None, signed_on__isnull=False)


class Guarantee(models.Model):
    """An authority's word that she may come and go freely (GC IV 27, 35); printed, then signed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="guarantees")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the application's
    authority = models.CharField(max_length=40)  # of the profile
    code = EncryptedJSONField()  # on the paper: whether it is from us
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    signed_by = EncryptedJSONField(null=True)  # name and office, as on the paper
    signed_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = GuaranteeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(ended_at=None),
                name="one_guarantee_stands_an_application",
            ),
            models.CheckConstraint(
                condition=Q(signed_by=None, signed_on=None, recorded_by=None, recorded_at=None)
                | Q(
                    signed_by__isnull=False,
                    signed_on__isnull=False,
                    recorded_by__isnull=False,
                    recorded_at__isnull=False,
                ),
                name="guarantee_signed_and_recorded",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="guarantee_ended_by_somebody",
            ),
        ]

    class Disclosure:
        file = (
            "id", "application", "authority", "code", "made_by", "made_at", "signed_by",
            "signed_on", "recorded_by", "recorded_at", "ended_by", "ended_at",
        )  # fmt: skip
        never = ("key",)
