"""Passes: two words in memory, and a signed text that a QR code carries."""

from django.db import models
from django.db.models import Q

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
