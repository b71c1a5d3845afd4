"""What a family tells of the person they seek, talk by talk."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.db import models

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.rules.teeth import Tooth, chart_of
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class TalkQuerySet(models.QuerySet["Talk"]):
    def visible_to(self, person: Acting) -> "TalkQuerySet":
        return self if person.may(Permission.SEE_ANTEMORTEM) else self.none()


class Talk(models.Model):
    """One part of one talk. Nothing is overwritten: what is told later stands beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="antemortem_talks")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # the enquiry's
    group = models.CharField(max_length=12)  # of rules.antemortem.GROUPS
    who = EncryptedJSONField()  # who told it
    said = EncryptedJSONField()  # {field: text}
    teeth = EncryptedJSONField()  # {FDI number: Tooth}
    chart_on = models.CharField(max_length=40, blank=True)  # EDTF
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = TalkQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["at", "id"]

    class Disclosure:
        antemortem = ("group", "said", "teeth", "chart_on", "by", "at")
        contact = ("who",)
        never = ("id", "enquiry", "key")


@dataclass(frozen=True)
class AnteMortem:
    """All that was told, put together: the later over the earlier."""

    enquiry: Enquiry
    version: int  # how many parts were told
    fields: dict[str, dict[str, str]]  # group → field → text
    teeth: dict[str, str]
    chart_on: str
    by: Staff
    at: datetime

    def chart(self) -> dict[int, Tooth]:
        return chart_of(self.teeth)
