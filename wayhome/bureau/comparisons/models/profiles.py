"""Profiles by code: each under a key of its own, in a compartment that only the bench opens."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.comparisons.models.samples import ReferenceSample
from wayhome.bureau.comparisons.rules.profiles import Holder
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Sample
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class FileQuerySet(models.QuerySet["ProfileFile"]):
    def visible_to(self, person: Acting) -> "FileQuerySet":
        return self if person.may(Permission.SEE_GENETICS) else self.none()


class ProfileFile(models.Model):
    """A laboratory's file: what came of it, with every fault by its line. No allele, no file."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)  # SHA-256, to know the same file again
    laboratory = EncryptedJSONField()
    form = models.CharField(
        max_length=20
    )  # of cores.kinship.formats; "" where it could not be told
    faults = EncryptedJSONField()  # [{"line", "field", "fault"}]
    notes = EncryptedJSONField()  # [how the file was understood]
    unknown = EncryptedJSONField()  # [codes that are none of ours]
    taken = models.PositiveIntegerField(default=0)  # profiles
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = FileQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at"]

    class Disclosure:
        bench = (
            "id",
            "digest",
            "laboratory",
            "form",
            "faults",
            "notes",
            "unknown",
            "taken",
            "by",
            "at",
        )
        never = ("key",)


class Elimination(models.Model):
    """Somebody of the staff whose own profile tells whether a sample was touched."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    staff = models.OneToOneField(Staff, models.PROTECT, related_name="elimination")
    code = models.CharField(max_length=16, unique=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Disclosure:
        bench = ("staff", "code", "by", "at")
        never = ("id",)


class ProfileQuerySet(models.QuerySet["Profile"]):
    def visible_to(self, person: Acting) -> "ProfileQuerySet":
        return self if person.may(Permission.SEE_GENETICS) else self.none()

    def standing(self) -> "ProfileQuerySet":
        return self.filter(superseded_at=None, destroyed_at=None)


class Profile(models.Model):
    """What a laboratory typed of one sample. Of a living captive there is no such row."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    holder = models.CharField(max_length=12, choices=choices(Holder))
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="profiles")
    reference = models.ForeignKey(
        ReferenceSample, models.PROTECT, null=True, related_name="profiles"
    )
    elimination = models.ForeignKey(Elimination, models.PROTECT, null=True, related_name="profiles")
    typed = EncryptedJSONField()  # {"sex", "genotypes": {marker: [allele, allele]}}
    markers = models.PositiveIntegerField()
    file = models.ForeignKey(ProfileFile, models.PROTECT, related_name="profiles")
    at = models.DateTimeField(auto_now_add=True)
    superseded_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)  # its giver withdrew; the key is gone

    objects = ProfileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    holder=Holder.REMAINS, sample__isnull=False, reference=None, elimination=None
                )
                | Q(
                    holder=Holder.REFERENCE, sample=None, reference__isnull=False, elimination=None
                )
                | Q(
                    holder=Holder.ELIMINATION, sample=None, reference=None,
                    elimination__isnull=False,
                ),
                name="profile_has_one_holder_of_three_kinds",
            ),
            *(
                models.UniqueConstraint(
                    fields=[of],
                    condition=Q(superseded_at=None, destroyed_at=None),
                    name=f"one_standing_profile_of_{of}",
                )
                for of in ("sample", "reference", "elimination")
            ),
        ]  # fmt: skip

    class Disclosure:
        genetics = ("holder", "typed", "markers", "file", "at", "superseded_at")
        never = ("id", "key", "sample", "reference", "elimination", "destroyed_at")

    @property
    def code(self) -> str:
        """The code of whatever was typed."""
        of = self.sample or self.reference or self.elimination
        assert of is not None, "a constraint of the database"
        return of.code
