"""Enquiries outside the camp: what each is about, who leads it, what was said, what was found."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wayhome.bureau.captives.models import Captive, CustodyEvent
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.inquests.rules import About, Finding, Source, State, state_of
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class InquestQuerySet(models.QuerySet["Inquest"]):
    def visible_to(self, person: Acting) -> "InquestQuerySet":
        """Whoever is outside every camp: legal officers and the neutral. No camp reads one."""
        return self if person.may(Permission.SEE_INQUEST) else self.none()

    def not_led(self) -> "InquestQuerySet":
        return self.filter(lead=None)

    def open(self) -> "InquestQuerySet":
        """Nothing was reported yet."""
        return self.filter(~Exists(Report.objects.filter(inquest=OuterRef("pk"))))

    def reported(self) -> "InquestQuerySet":
        return self.filter(Exists(Report.objects.filter(inquest=OuterRef("pk"))))

    def needing_the_body(self) -> "InquestQuerySet":
        """Into a death of which no physician's statement is here yet."""
        seen = Testimony.objects.filter(inquest=OuterRef("pk"), source=Source.PHYSICIAN)
        return self.open().filter(~Exists(seen), about=About.DEATH)


class Inquest(models.Model):
    """An official enquiry (GC III 121). At every death in custody the machine opens it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="inquests")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")  # its own
    about = models.CharField(max_length=10, choices=choices(About))
    event = models.OneToOneField(CustodyEvent, models.PROTECT, null=True, related_name="inquest")
    what = EncryptedJSONField(null=True)  # of an injury: what was seen and said of it
    opened_at = models.DateTimeField(db_index=True)
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    lead = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="inquests")
    led_at = models.DateTimeField(null=True)

    objects = InquestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(about=About.DEATH, event__isnull=False, what=None)
                | Q(about=About.INJURY, event=None, what__isnull=False, opened_by__isnull=False),
                name="inquest_is_into_a_death_or_an_injury",
            ),
            models.CheckConstraint(
                condition=Q(lead=None, led_at=None) | Q(lead__isnull=False, led_at__isnull=False),
                name="inquest_is_led_by_somebody",
            ),
        ]

    class Disclosure:
        inquest = ("id", "captive", "about", "what", "opened_at", "opened_by", "lead", "led_at")
        never = ("key", "event")

    def __str__(self) -> str:
        return str(self.pk)

    def state(self) -> State:
        return state_of(led=self.lead_id is not None, reports=self.reports.count())

    def last_report(self) -> "Report | None":
        return self.reports.select_related("key", "by").order_by("-number").first()


class Testimony(models.Model):
    """What a witness, a physician, a place or a paper says. Added, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inquest = models.ForeignKey(Inquest, models.PROTECT, related_name="testimonies")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    source = models.CharField(max_length=10, choices=choices(Source))
    said = EncryptedJSONField()  # {"who", "words", "present"}
    camp_present = models.BooleanField(default=False)
    taken_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquest", "number"], name="testimony_number_once"),
            models.CheckConstraint(
                condition=~Q(source=Source.PRISONER, camp_present=True),
                name="a_captive_is_heard_without_the_camp",
            ),
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        inquest = ("number", "source", "said", "camp_present", "taken_at", "by", "at")
        never = ("id", "inquest", "key")


class Report(models.Model):
    """What the enquiry found. A later one supersedes, with a reason; none is lost."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    inquest = models.ForeignKey(Inquest, models.PROTECT, related_name="reports")
    key = models.ForeignKey(PersonKey, models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    finding = models.CharField(max_length=10, choices=choices(Finding))
    told = EncryptedJSONField()  # {"cause", "no_witness", "measures", "reason"}
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["inquest", "number"], name="report_number_once")
        ]
        ordering: ClassVar = ["number"]

    class Disclosure:
        inquest = ("number", "finding", "told", "by", "at")
        never = ("id", "inquest", "key")
