"""Pedigrees, how many may be meant, and what a blind search of all against all found."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.comparisons.rules.pedigrees import MISSING
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class FamilyPedigree(models.Model):
    """A family's pedigree written by hand, where it does not follow from what each giver is."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="pedigrees")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    members = EncryptedJSONField()  # [rules.pedigrees.Member]
    reason = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "version"], name="pedigree_version_once")
        ]
        ordering: ClassVar = ["version"]

    class Disclosure:
        genetics = ("version", "members", "reason", "by", "at")
        never = ("id", "enquiry", "key")


class MissingCount(models.Model):
    """How many missing people the dead may be: what a prior rests on. The last one counts."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    grounds = models.TextField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Disclosure:
        bench = ("number", "grounds", "by", "at")
        never = ("id",)


class Run(models.Model):
    """One blind search of all remains against all families."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    remains = models.PositiveIntegerField()
    families = models.PositiveIntegerField()
    missing = models.PositiveIntegerField()  # on which the prior rests
    pairs = models.PositiveIntegerField()  # that reach the threshold
    expected = models.FloatField()  # of strangers that reach it, in all
    seconds = models.FloatField()
    suspicions = EncryptedJSONField()  # [{"kind", "codes", "log10"}]
    checked = EncryptedJSONField()  # {digest: what was computed}, for the next search

    class Meta:
        ordering: ClassVar = ["-at"]

    class Disclosure:
        bench = ("at", "remains", "families", "missing", "pairs", "expected", "seconds")
        genetics = ("suspicions",)
        never = ("id", "key", "checked")


class HitQuerySet(models.QuerySet["Hit"]):
    def visible_to(self, person: Acting) -> "HitQuerySet":
        """The bench's; what rested on a sample that was taken back is gone for everybody."""
        seen = self.exclude(key__wrapped=None)
        return seen if person.may(Permission.SEE_GENETICS) else seen.none()

    def standing(self) -> "HitQuerySet":
        return self.filter(fell_at=None)

    current = standing


class Hit(models.Model):
    """How well the DNA of remains fits a family, as a search found it.

    A row never changes what was found: where another search finds other numbers, it falls and a
    new one stands. So whoever signs may keep its id with what it said. Only the strangers to be
    expected grow with the remains.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="hits")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="hits")
    log10_lr = models.FloatField()
    missing = models.PositiveIntegerField()
    prior = models.FloatField()
    posterior = models.FloatField()
    chance_matches = models.FloatField()  # strangers among all remains, at most
    markers = models.PositiveIntegerField()
    rank = models.PositiveIntegerField()  # among the families of these remains
    # {"against": [{"marker", "persons": {code: alleles}, "possible"}], "left_out", "theta"}
    found = EncryptedJSONField()
    found_at = models.DateTimeField(db_index=True)
    fell_at = models.DateTimeField(null=True)

    objects = HitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["remains", "enquiry"],
                condition=Q(fell_at=None),
                name="one_standing_hit_of_a_pair",
            )
        ]
        ordering: ClassVar = ["-log10_lr"]

    class Disclosure:
        # Numbers with the codes of what speaks against them: for who weighs an identification.
        weighing = (
            "id",
            "remains",
            "enquiry",
            "log10_lr",
            "missing",
            "prior",
            "posterior",
            "chance_matches",
            "markers",
            "rank",
            "found_at",
            "fell_at",
        )
        genetics = ("found",)  # alleles, and what it means that a reference was left out
        never = ("key",)

    @property
    def is_standing(self) -> bool:
        return self.fell_at is None

    @property
    def against(self) -> list[dict[str, Any]]:
        """What does not fit, with alleles: for the geneticist alone."""
        return list((self.found or {}).get("against", []))

    @property
    def contradictions(self) -> list[str]:
        """The markers at which the remains do not fit the family; no code and no allele.

        What does not fit among living relatives says nothing of the remains, and is told to
        nobody but the geneticist (LAW 69).
        """
        return sorted({one["marker"] for one in self.against if MISSING in one["persons"]})

    @property
    def surprises(self) -> bool:
        """Whether living relatives do not fit each other; others read LAW 69's sentence."""
        return any(MISSING not in one["persons"] for one in self.against)

    @property
    def not_supported(self) -> list[str]:
        """References that were left out, by code. Why is for the geneticist alone (LAW 69)."""
        return list((self.found or {}).get("left_out", []))
