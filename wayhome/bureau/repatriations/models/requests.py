"""Who asks for remains, whether the home country objects, what was decided and why."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.rules.register import choices
from wayhome.bureau.repatriations.rules.requesting import Asker, Home, RequestState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class ReturnRequestQuerySet(models.QuerySet["ReturnRequest"]):
    def visible_to(self, person: Acting) -> "ReturnRequestQuerySet":
        return self if person.may(Permission.SEE_RETURN_REQUEST) else self.none()

    def to_decide(self) -> "ReturnRequestQuerySet":
        return self.filter(state=RequestState.OPEN)


class ReturnRequest(models.Model):
    """A request for the return of remains (AP I 34). A refusal says why, by whom, and a remedy."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    remains = models.ForeignKey(Remains, models.PROTECT, related_name="return_requests")
    # Her key where kin ask, that of the remains where a country does.
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    asker = models.CharField(max_length=12, choices=choices(Asker))
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="return_requests")
    power = models.CharField(max_length=120, blank=True)
    came_on = models.DateField()
    words = EncryptedJSONField()
    home = models.CharField(max_length=16, choices=choices(Home), default=Home.NOT_ASKED)
    home_asked_on = models.DateField(null=True)
    home_answered_on = models.DateField(null=True)
    state = models.CharField(
        max_length=10, choices=choices(RequestState), default=RequestState.OPEN, db_index=True
    )
    reason = EncryptedJSONField(null=True)
    remedy = EncryptedJSONField(null=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    objects = ReturnRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(asker=Asker.KIN, enquiry__isnull=False)
                | Q(asker=Asker.HOME, enquiry=None) & ~Q(power=""),
                name="somebody_asks_for_remains",
            ),
            models.UniqueConstraint(
                fields=["remains", "enquiry"],
                condition=Q(state=RequestState.OPEN, asker=Asker.KIN),
                name="one_open_request_of_a_family",
            ),
            models.UniqueConstraint(
                fields=["remains"],
                condition=Q(state=RequestState.OPEN, asker=Asker.HOME),
                name="one_open_request_of_a_country",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.OPEN, decided_by=None, decided_at=None)
                | ~Q(state=RequestState.OPEN)
                & Q(decided_by__isnull=False, decided_at__isnull=False),
                name="request_is_decided_by_somebody",
            ),
            # ECHR 8: no refusal without its reason and where to turn.
            models.CheckConstraint(
                condition=~Q(state=RequestState.REFUSED)
                | Q(reason__isnull=False, remedy__isnull=False),
                name="refusal_has_reason_and_remedy",
            ),
        ]
        ordering: ClassVar = ["-taken_at"]

    class Disclosure:
        work = (
            "id",
            "number",
            "remains",
            "asker",
            "enquiry",
            "power",
            "came_on",
            "words",
            "home",
            "home_asked_on",
            "home_answered_on",
            "state",
            "reason",
            "remedy",
            "decided_by",
            "decided_at",
            "taken_by",
            "taken_at",
        )
        never = ("key",)

    def __str__(self) -> str:
        return str(self.number)
