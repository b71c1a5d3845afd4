"""Agreements with other bureaus, and every question that was asked or answered under one."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.bureaus.rules import LONGEST_NAME, Direction, State, state_of
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, person: Acting) -> "AgreementQuerySet":
        return self if person.may(Permission.SEE_AGREEMENTS) else self.none()


class Agreement(models.Model):
    """With one bureau, for one purpose, until a day. Never changed: a new one is written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    name = models.CharField(max_length=LONGEST_NAME)
    told = EncryptedJSONField()  # {"purpose", "act"}
    until = models.DateField()
    most_a_month = models.PositiveIntegerField()
    public_key = models.CharField(max_length=120)
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    why_ended = EncryptedJSONField(null=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | (
                    Q(checked_by__isnull=False, checked_at__isnull=False)
                    & ~Q(checked_by=F("recorded_by"))
                ),
                name="agreement_is_checked_by_a_second",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None, why_ended=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False, why_ended__isnull=False),
                name="agreement_is_ended_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["public_key"],
                condition=Q(ended_at=None),
                name="one_agreement_under_a_key",
            ),
        ]

    class Disclosure:
        agreement = (
            "id",
            "name",
            "told",
            "until",
            "most_a_month",
            "public_key",
            "recorded_by",
            "recorded_at",
            "checked_by",
            "checked_at",
            "ended_by",
            "ended_at",
            "why_ended",
        )
        never = ("key",)

    def __str__(self) -> str:
        return str(self.pk)

    def state(self, today: date) -> State:
        return state_of(
            checked=self.checked_at is not None,
            ended=self.ended_at is not None,
            until=self.until,
            today=today,
        )


class AskedQuerySet(models.QuerySet["Asked"]):
    def visible_to(self, person: Acting) -> "AskedQuerySet":
        """Each by number for who works with profiles; others see how many there were."""
        return self if person.may(Permission.SEE_GENETICS) else self.none()


class Asked(models.Model):
    """One question, ours or theirs, and its answer. The profile that came is not kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="questions")
    direction = models.CharField(max_length=3, choices=choices(Direction))
    reference = models.CharField(max_length=36)  # what both ends call it; says nothing
    remains = models.ForeignKey(Remains, models.PROTECT, null=True, related_name="+")  # ours
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="+")  # fits theirs
    file = models.TextField()  # what we send: sealed to them, so that we cannot read it again
    fits = models.BooleanField(null=True)
    log10_lr = models.FloatField(null=True)
    markers = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(db_index=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = AskedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "direction", "reference"], name="question_once"
            ),
            models.CheckConstraint(
                condition=Q(direction=Direction.OUT, remains__isnull=False, enquiry=None)
                | Q(direction=Direction.IN, remains=None, answered_at__isnull=False),
                name="we_ask_for_the_dead_alone",
            ),
            models.CheckConstraint(
                condition=Q(fits=None, log10_lr=None, answered_at=None)
                | Q(fits=True, log10_lr__isnull=False, answered_at__isnull=False)
                | Q(fits=False, log10_lr=None, enquiry=None, answered_at__isnull=False),
                name="a_no_says_nothing_more",
            ),
        ]
        ordering: ClassVar = ["-at"]

    class Disclosure:
        genetics = (
            "id",
            "direction",
            "reference",
            "remains",
            "enquiry",
            "fits",
            "log10_lr",
            "markers",
            "at",
            "by",
            "answered_at",
        )
        never = ("agreement", "file")
