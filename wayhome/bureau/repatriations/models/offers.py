"""Offers of remains to their home country, and its answer about each."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.repatriations.rules.offering import STANDING, Answer
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, person: Acting) -> "OfferQuerySet":
        return self if person.may(Permission.SEE_OFFER) else self.none()


class Offer(models.Model):
    """A list of remains by number, offered to one country through the Red Cross."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    power = models.CharField(max_length=120)
    words = EncryptedJSONField(null=True)
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True, db_index=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sent_at=None, sent_by=None)
                | Q(sent_at__isnull=False, sent_by__isnull=False),
                name="offer_is_sent_by_somebody",
            )
        ]

    class Disclosure:
        work = (
            "id",
            "number",
            "power",
            "words",
            "written_by",
            "written_at",
            "sent_by",
            "sent_at",
        )
        never = ("key",)

    def __str__(self) -> str:
        return str(self.number)


class OfferLineQuerySet(models.QuerySet["OfferLine"]):
    def visible_to(self, person: Acting) -> "OfferLineQuerySet":
        return self if person.may(Permission.SEE_OFFER) else self.none()

    def waiting(self) -> "OfferLineQuerySet":
        """Sent, and not answered."""
        return self.filter(answer=Answer.WAITS, offer__sent_at__isnull=False)


class OfferLine(models.Model):
    """One of the remains on an offer, and what the home country said of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="lines")
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="offer_lines")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # of the remains
    place = models.PositiveIntegerField()
    named = models.BooleanField()  # a board had named them when the offer was written
    grounds = EncryptedJSONField(null=True)  # why they are of that force
    answer = models.CharField(max_length=10, choices=choices(Answer), default=Answer.WAITS)
    answered_on = models.DateField(null=True)
    answer_words = EncryptedJSONField(null=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)

    objects = OfferLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["offer", "remains"], name="remains_once_an_offer"),
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(answer__in=STANDING),
                name="remains_on_one_standing_offer",
            ),
            models.CheckConstraint(
                condition=Q(answer=Answer.WAITS, answered_on=None, noted_by=None, noted_at=None)
                | ~Q(answer=Answer.WAITS)
                & Q(answered_on__isnull=False, noted_by__isnull=False, noted_at__isnull=False),
                name="answer_to_an_offer_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(named=True) | Q(grounds__isnull=False),
                name="unnamed_remains_are_offered_with_grounds",
            ),
        ]
        ordering: ClassVar = ["place"]

    class Disclosure:
        work = (
            "id",
            "offer",
            "remains",
            "place",
            "named",
            "grounds",
            "answer",
            "answered_on",
            "answer_words",
            "noted_by",
            "noted_at",
        )
        never = ("key",)
