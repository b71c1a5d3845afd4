"""Passes: two words in memory, and a signed text that a QR code carries."""

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.journeys.models.plans import Journey
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.lib.ids import new_id


class JourneyPass(models.Model):
    """The pass of one journey. What it says is signed, and never stored."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="passes")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the application's
    words = EncryptedJSONField()  # {"hers", "ours"}: she says the one, the escort the other
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["journey"], condition=Q(ended_at=None), name="one_standing_pass"
            )
        ]

    class Disclosure:
        file = ("id", "journey", "words", "made_by", "made_at", "ended_at")
        never = ("key",)


class PassPhoneQuerySet(models.QuerySet["PassPhone"]):
    def with_all(self) -> "PassPhoneQuerySet":
        return self.select_related(
            "travel_pass__key", "travel_pass__journey__application__captive",
            "travel_pass__journey__application__enquiry__enquirer",
        )  # fmt: skip


class PassPhone(models.Model):
    """Her own phone: a number that gives it the pass once, and the secret by which it is known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    travel_pass = models.ForeignKey(JourneyPass, models.PROTECT, related_name="phones")
    code_index = models.BinaryField(unique=True)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    until_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    # It only asks whether the phone is to be deleted.
    knock_index = models.BinaryField(null=True, unique=True)
    wiped_at = models.DateTimeField(null=True)  # the phone said that it was

    objects = PassPhoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["travel_pass"], condition=Q(taken_at=None), name="one_number_waits"
            ),
            models.CheckConstraint(
                condition=Q(taken_at=None, knock_index=None, wiped_at=None)
                | Q(taken_at__isnull=False, knock_index__isnull=False),
                name="her_phone_is_known_once_it_has_taken",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("made_at")), name="her_number_until_after_made"
            ),
        ]

    class Disclosure:
        file = ("id", "travel_pass", "made_by", "made_at", "until_at", "taken_at", "wiped_at")
        never = ("code_index", "knock_index")
