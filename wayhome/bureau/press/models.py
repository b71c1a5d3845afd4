"""Requests of the press: each refused with its article, and kept (P9)."""

from django.db import models

from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.press.rules import Asked
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class PressRequestQuerySet(models.QuerySet["PressRequest"]):
    def visible_to(self, person: Acting) -> "PressRequestQuerySet":
        """All for legal officer and auditor; their own for others who take them."""
        if person.may(Permission.SEE_PRESS):
            return self
        if person.may(Permission.REFUSE_PRESS) and isinstance(person, Staff):
            return self.filter(by=person)
        return self.none()


class PressRequest(models.Model):
    """One request and its refusal, in one moment: there is no other outcome and no state."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    asked = models.CharField(max_length=40, choices=[(each.value, each.value) for each in Asked])
    content = EncryptedJSONField()  # {"who", "outlet", "words"}; a captive's name may stand in it
    provision = models.CharField(max_length=40)
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(db_index=True)

    objects = PressRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(provision=""), name="press_request_refused_with_an_article"
            )
        ]

    class Disclosure:
        press = ("id", "asked", "content", "provision", "by", "at")
        never = ("key",)

    @property
    def reference(self) -> str:
        """By which a letter is named: the day and the last of its id. No number counts them."""
        return f"{self.at:%Y%m%d}-{str(self.pk)[-6:].upper()}"
