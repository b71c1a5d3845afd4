"""Acts of handover: prepared, signed, witnessed, sealed once."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class ActQuerySet(models.QuerySet["Act"]):
    def visible_to(self, person: Acting) -> "ActQuerySet":
        allowed = person.may(Permission.PREPARE_ACT) or person.may(Permission.WITNESS_ACT)
        return self if allowed else self.none()


class Act(models.Model):
    """The act of return. At most one sealed act a man, whatever is pressed at once."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="acts")
    application = models.ForeignKey(Application, models.PROTECT, related_name="acts")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="acts")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    road = models.CharField(max_length=30, choices=choices(Road))
    state = models.CharField(max_length=20, choices=choices(ActState), default=ActState.PREPARED)
    identified = EncryptedJSONField(null=True)  # {"he": how, "she": how}
    her_pass = EncryptedJSONField(null=True)  # {"how": rules.PassHow, "why": how it was lost}
    # [{"item", "how"}], and of a line of the register of effects {"record", "line", "returned"} too
    belongings = EncryptedJSONField(null=True)
    onward = EncryptedJSONField(null=True)  # rules.Onward
    # The last question, asked alone on the day, before the neutral.
    last_answer = EncryptedJSONField(null=True)
    last_asked_at = models.DateTimeField(null=True)
    last_asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    signatures = EncryptedJSONField(null=True)  # {"he", "she", "witness"}: PNG as base64
    prepared_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    witness = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    sealed_at = models.DateTimeField(null=True)
    document = EncryptedJSONField(null=True)  # the signed PDF, base64
    sha256 = models.CharField(max_length=64, blank=True, db_index=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive"],
                condition=Q(state=ActState.SEALED),
                name="a_man_is_handed_over_at_most_once",
            ),
            models.UniqueConstraint(
                fields=["captive"],
                condition=Q(state=ActState.PREPARED),
                name="one_prepared_act_a_man",
            ),
            models.CheckConstraint(
                condition=~Q(state=ActState.SEALED)
                | Q(
                    sealed_at__isnull=False,
                    witness__isnull=False,
                    document__isnull=False,
                    signatures__isnull=False,
                    identified__isnull=False,
                    last_asked_at__isnull=False,
                    last_asked_by__isnull=False,
                )
                & ~Q(sha256=""),
                name="sealed_act_is_whole",
            ),
        ]

    class Disclosure:
        file = (
            "id",
            "captive",
            "application",
            "appointment",
            "road",
            "state",
            "identified",
            "her_pass",
            "belongings",
            "onward",
            "last_asked_at",
            "last_asked_by",
            "signatures",
            "prepared_by",
            "prepared_at",
            "witness",
            "sealed_at",
            "document",
            "sha256",
        )
        sealed = ("last_answer",)
        never = ("key",)
