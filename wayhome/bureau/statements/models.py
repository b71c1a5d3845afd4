"""Statements about comrades: who, when, where, before whom, in which language, how free."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import Described, PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.bureau.statements.rules import Seen, Verdict
from wayhome.lib.ids import new_id


class StatementQuerySet(models.QuerySet["Statement"]):
    def visible_to(self, person: Acting) -> "StatementQuerySet":
        """Every one for the neutral; for tracing those that were free and stand. Nobody else."""
        if person.may(Permission.TAKE_STATEMENT):
            return self
        if person.may(Permission.READ_STATEMENT):
            return self.usable()
        return self.none()

    def usable(self) -> "StatementQuerySet":
        return self.filter(free=True, taken_back_at=None)


class Statement(Described):
    """What one captive said about one comrade. The derived columns describe the comrade.

    There is no field for orders, operations or guilt, and none for the comrade's unit (P18).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="statements")  # who said it
    key = models.ForeignKey(PersonKey, models.PROTECT)  # his
    # {"account", "seen_where", "names": as he said them}
    told = EncryptedJSONField()
    seen = models.CharField(max_length=20, choices=choices(Seen))
    seen_on = models.CharField(max_length=40, blank=True)  # EDTF
    told_on = models.DateField()
    # {"where", "translator", "how_asked"}: where it was taken is a place of detention (P4)
    taken = EncryptedJSONField()
    language = models.CharField(max_length=40)
    free = models.BooleanField()
    before = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True)

    objects = StatementQuerySet.as_manager()

    class Disclosure:
        # What he said, for the neutral; tracing reads it through `for_tracing` (actions.py).
        statement = (
            "id", "surname", "given", "patronymic", "full_name", "born", "birthplace",
            "mother_name", "father_name", "told", "seen", "seen_on", "told_on", "language",
            "free", "at", "taken_back_at", "before",
        )  # fmt: skip
        taking = ("taken",)  # whoever takes statements
        # Beside a sought man: what is compared, and when he was seen.
        evidence = (
            "id", "surname", "given", "patronymic", "full_name", "born", "birthplace",
            "mother_name", "father_name", "unit", "rank", "service_no", "seen",
            "seen_on", "told_on", "language",
        )  # fmt: skip
        never = ("captive", "key", "sort_uk", "sort_ru", "sort_en", "changed_at")

    def __str__(self) -> str:
        return str(self.pk)


class WeighedQuerySet(models.QuerySet["Weighed"]):
    def visible_to(self, person: Acting) -> "WeighedQuerySet":
        return self if person.may(Permission.SEE_COMRADES) else self.none()


class Weighed(models.Model):
    """A person's word on whether a statement speaks of a sought man. Matches nobody by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    statement = models.ForeignKey(Statement, models.PROTECT, related_name="weighed")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="statements_weighed")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # of who asks
    verdict = models.CharField(max_length=20, choices=choices(Verdict))
    reason = EncryptedJSONField()
    evidence = models.JSONField(default=list)  # rules and bits as they were shown; no names
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField()

    objects = WeighedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["enquiry", "statement", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__in=[each.value for each in Verdict]),
                name="statement_weighed_in_a_word_of_the_list",
            )
        ]

    class Disclosure:
        judge = ("id", "verdict", "reason", "evidence", "by", "at")
        never = ("statement", "enquiry", "key")
