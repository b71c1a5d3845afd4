"""What he says is wrong: a line of his file, for the registrar; his treatment, past the camp."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.models import Captive, CaptureCard
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.concerns.rules import ComplaintState, ObjectionState
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def visible_to(self, person: Acting) -> "ObjectionQuerySet":
        """His own; of the men of their own site for whoever keeps the cards there."""
        if isinstance(person, Sitting):
            return self.filter(of_same_man(person.captive))
        if not person.may(Permission.CORRECT_CARD):
            return self.none()
        return self.filter(captive__in=Captive.objects.visible_to(person))

    def open(self) -> "ObjectionQuerySet":
        return self.filter(state=ObjectionState.OPEN)


class Objection(models.Model):
    """He said of one line of his card that it is wrong. A request: it never changes the card."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="objections")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    card = models.ForeignKey(CaptureCard, models.PROTECT)  # the version that was read to him
    line = models.CharField(max_length=40)
    words = EncryptedJSONField(null=True)  # what is right, in his words, if he likes
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    at = models.DateTimeField()
    state = models.CharField(
        max_length=20, choices=choices(ObjectionState), default=ObjectionState.OPEN, db_index=True
    )
    reason = EncryptedJSONField(null=True)  # what he is told of it
    settled_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    settled_at = models.DateTimeField(null=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["captive", "line"],
                condition=Q(state=ObjectionState.OPEN),
                name="one_open_objection_a_line",
            ),
            models.CheckConstraint(
                condition=Q(state=ObjectionState.OPEN, settled_by=None, settled_at=None)
                | (
                    ~Q(state=ObjectionState.OPEN)
                    & Q(settled_by__isnull=False, settled_at__isnull=False, reason__isnull=False)
                ),
                name="objection_settled_by_somebody",
            ),
        ]

    class Disclosure:
        file = ("id", "line", "words", "at", "state", "reason", "settled_at")
        never = ("captive", "key", "card", "sitting", "settled_by")


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def visible_to(self, person: Acting) -> "ComplaintQuerySet":
        """His own; every one for auditor and neutral; none for anybody who decides on him."""
        if isinstance(person, Sitting):
            return self.filter(of_same_man(person.captive))
        return self if person.may(Permission.READ_COMPLAINT) else self.none()

    def open(self) -> "ComplaintQuerySet":
        return self.filter(state=ComplaintState.OPEN)


class Complaint(models.Model):
    """What he complains of. Goes past the camp, and nothing that decides on him reads it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="complaints")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    text = EncryptedJSONField()
    language = models.CharField(max_length=2)
    sitting = models.ForeignKey(Sitting, models.PROTECT)
    at = models.DateTimeField(db_index=True)
    state = models.CharField(
        max_length=20, choices=choices(ComplaintState), default=ComplaintState.OPEN, db_index=True
    )
    answer = EncryptedJSONField(null=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    answered_at = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ComplaintState.OPEN, answered_by=None, answered_at=None)
                | (
                    ~Q(state=ComplaintState.OPEN)
                    & Q(answered_by__isnull=False, answered_at__isnull=False, answer__isnull=False)
                ),
                name="complaint_answered_by_somebody",
            )
        ]

    class Disclosure:
        concern = ("id", "text", "language", "at", "state", "answer", "answered_at")
        never = ("captive", "key", "sitting", "answered_by")
