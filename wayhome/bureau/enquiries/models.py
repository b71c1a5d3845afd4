"""Enquirers, the persons they seek, and the way back to the waiting page."""

from django.db import models
from django.db.models import Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.rules import (
    MONTHLY_QUESTIONS,
    Channel,
    EnquiryState,
    Relation,
    Source,
)
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import Described, PersonKey
from wayhome.bureau.staff.models import Site, Staff
from wayhome.bureau.staff.permissions import Acting, Permission, Role
from wayhome.lib.ids import new_id


class Enquirer(Acting, models.Model):
    """A relative or friend. Known by a code in words and a PIN of her own; no account."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT)
    language = models.CharField(max_length=2)
    name = EncryptedJSONField(null=True)
    # {"channel", "to", "hours", "code_word", "society_route": bool}
    contact = EncryptedJSONField(null=True)
    code_index = models.BinaryField(unique=True, null=True)  # blind index of the code's number
    pin_hash = models.CharField(max_length=200, blank=True)
    second_pin_hash = models.CharField(max_length=200, blank=True)
    # The word agreed with her when staff wrote for her: she says it on the telephone, and it opens
    # her page in place of a PIN until she has chosen one.
    spoken_hash = models.CharField(max_length=200, blank=True)
    failed_tries = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    forgotten_at = models.DateTimeField(null=True)

    class Disclosure:
        contact = ("name", "contact", "language")  # whoever must reach her
        work = ("language",)  # whoever works on what she asks
        self_ = ("name", "contact", "language", "made_at")
        never = (
            "id",
            "key",
            "code_index",
            "pin_hash",
            "second_pin_hash",
            "spoken_hash",
            "failed_tries",
            "locked_until",
            "forgotten_at",
        )

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def actor_id(self) -> str:
        return f"family:{self.pk}"

    def reachable_by(self) -> Channel:
        """The one channel she allowed; NONE is "I come back myself"."""
        return Channel((self.contact or {}).get("channel", Channel.NONE))

    @property
    def acting_role(self) -> Role:
        return Role.FAMILY


class EnquiryQuerySet(models.QuerySet["Enquiry"]):
    def visible_to(self, person: Acting) -> "EnquiryQuerySet":
        """Her own for an enquirer; all for those whose work is enquiries."""
        if isinstance(person, Enquirer):
            return self.filter(enquirer=person).exclude(state=EnquiryState.FORGOTTEN)
        return self if person.may(Permission.SEE_ENQUIRY) else self.none()

    def open(self) -> "EnquiryQuerySet":
        return self.filter(state=EnquiryState.OPEN)


class Enquiry(Described):
    """One question about one sought person. The derived columns describe the sought person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bureau_number = models.CharField(max_length=24, unique=True)
    site = models.ForeignKey(Site, models.PROTECT)
    enquirer = models.ForeignKey(Enquirer, models.PROTECT, related_name="enquiries")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    relation = models.CharField(max_length=20, choices=choices(Relation))
    as_received = EncryptedJSONField()
    # [{"question": …, "answer": …}] up to three, in her words
    three_things = EncryptedJSONField(null=True)
    may_tell_him = models.BooleanField(default=True)
    state = models.CharField(
        max_length=20, choices=choices(EnquiryState), default=EnquiryState.OPEN, db_index=True
    )
    source = models.CharField(max_length=20, choices=choices(Source), default=Source.PORTAL)
    entered_by = models.ForeignKey(Staff, models.PROTECT, null=True)
    received_at = models.DateTimeField(db_index=True)
    line_digest = models.BinaryField(null=True, unique=True)
    list_number = models.CharField(max_length=40, blank=True)  # the number in the file it came in
    comrade = models.CharField(max_length=300, blank=True, default="")

    DESCRIBING = (*Described.DESCRIBING, "comrade")

    objects = EnquiryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(source__in=[Source.TELEPHONE, Source.PAPER])
                | Q(entered_by__isnull=False),
                name="enquiry_typed_in_by_somebody",
            )
        ]

    class Disclosure:
        file = (
            "bureau_number",
            "site",
            "relation",
            "as_received",
            "may_tell_him",
            "state",
            "source",
            "received_at",
            "list_number",
            "surname",
            "given",
            "patronymic",
            "full_name",
            "born",
            "birthplace",
            "unit",
            "rank",
            "service_no",
            "mother_name",
            "father_name",
            "comrade",
        )
        things = ("three_things",)  # the kinship verifier and herself
        contact = ("enquirer",)
        never = (
            "id",
            "key",
            "sort_uk",
            "sort_ru",
            "sort_en",
            "changed_at",
            "entered_by",
            "line_digest",
        )

    def __str__(self) -> str:
        return self.bureau_number


class QuestionRound(models.Model):
    """One question that goes out in a month, the same to all who left its answer empty."""

    month = models.DateField(primary_key=True)  # its first day
    question = models.CharField(max_length=20)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(question__in=MONTHLY_QUESTIONS), name="question_is_of_the_fixed_list"
            )
        ]

    class Disclosure:
        everybody = ("month", "question", "at")

    def __str__(self) -> str:
        return self.month.isoformat()


class Asked(models.Model):
    """To whom a round went out."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(QuestionRound, models.PROTECT, related_name="asked")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="asked")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "enquiry"], name="asked_once_a_round")
        ]

    class Disclosure:
        work = ("round",)
        never = ("id", "enquiry")

    def __str__(self) -> str:
        return str(self.pk)


class Draft(models.Model):
    """Answers on their way: nothing typed is lost on an error or a dropped connection."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.CASCADE)
    answers = EncryptedJSONField()
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    class Disclosure:
        self_ = ("answers",)
        never = ("id", "key", "changed_at")
