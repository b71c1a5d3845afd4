"""How each of them leaves: where to, by which paper, with whose consent."""

from datetime import date

from django.db import models

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.journeys.rules.way_out import Out, Whose
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class WayOutQuerySet(models.QuerySet["WayOut"]):
    def visible_to(self, person: Acting) -> "WayOutQuerySet":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()


class WayOut(models.Model):
    """Of one application, for him or for the family; another day does not change it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="ways_out")
    whose = models.CharField(max_length=10, choices=choices(Whose))
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the application's
    # {"destination", "paper", "paper_until", "consents", "phone", "exits"}
    told = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = WayOutQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "whose"], name="one_way_out_each")
        ]

    class Disclosure:
        file = ("id", "application", "whose", "told", "by", "at")
        never = ("key",)

    def out(self) -> Out:
        told = self.told
        until = told["paper_until"]
        return Out(
            destination=told["destination"],
            paper=told["paper"],
            paper_until=date.fromisoformat(until) if until else None,
            consents=tuple(told["consents"]),
            phone=told["phone"],
            exits=tuple(told.get("exits", ())),  # not asked before there was a choice
        )
