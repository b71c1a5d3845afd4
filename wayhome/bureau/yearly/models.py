"""Who wants a letter a year, what it says, and each that was written."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class YearlyWish(models.Model):
    """She wants one. Taken back, the row is gone; the journal has both."""

    enquiry = models.OneToOneField(
        Enquiry, models.PROTECT, primary_key=True, related_name="yearly_wish"
    )
    since = models.DateTimeField()

    class Disclosure:
        contact = ("enquiry", "since")


class YearlyTextQuerySet(models.QuerySet["YearlyText"]):
    def visible_to(self, person: Acting) -> "YearlyTextQuerySet":
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def in_use(self) -> "YearlyText | None":
        """The last that a second person approved."""
        return self.filter(approved_at__isnull=False).order_by("-approved_at").first()


class YearlyText(models.Model):
    """One text in every language. It knows nothing of anybody: all families read the same."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    texts = models.JSONField()  # {language: text}
    written_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    objects = YearlyTextQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None, approved_at=None)
                | (
                    Q(approved_by__isnull=False, approved_at__isnull=False)
                    & ~Q(approved_by=F("written_by"))
                ),
                name="yearly_text_is_approved_by_a_second",
            )
        ]

    class Disclosure:
        contact = ("id", "texts", "written_by", "written_at", "approved_by", "approved_at")

    def __str__(self) -> str:
        return str(self.pk)


class YearlyLetterQuerySet(models.QuerySet["YearlyLetter"]):
    def visible_to(self, person: Acting) -> "YearlyLetterQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def to_read_out(self) -> "YearlyLetterQuerySet":
        return self.filter(channel=Channel.TELEPHONE, read_at=None)


class YearlyLetter(models.Model):
    """One letter of one year: it stands on her page, and she is told by the way she allowed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, related_name="yearly_letters")
    text = models.ForeignKey(YearlyText, models.PROTECT, related_name="+")
    on = models.DateField()  # the day on which a year was full
    channel = models.CharField(max_length=20, choices=choices(Channel))
    made_at = models.DateTimeField(db_index=True)
    read_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    read_at = models.DateTimeField(null=True)  # out to her, over the telephone

    objects = YearlyLetterQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["enquiry", "on"], name="one_letter_a_year"),
            models.CheckConstraint(
                condition=Q(read_by=None, read_at=None)
                | Q(read_by__isnull=False, read_at__isnull=False, channel=Channel.TELEPHONE),
                name="yearly_letter_is_read_out_by_somebody",
            ),
        ]
        ordering: ClassVar = ["-on"]

    class Disclosure:
        contact = ("id", "enquiry", "text", "on", "channel", "made_at", "read_by", "read_at")
        self_ = ("text", "on", "made_at")

    def said_in(self, language: str) -> str:
        return str(self.text.texts.get(language) or self.text.texts.get("en", ""))
