"""On what roads rest: acts of law, and findings about one man."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import of_same_man
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.rules.grounds import (
    FOUND_BY,
    ONE_AT_A_TIME,
    FindingKind,
    GroundKind,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class GroundQuerySet(models.QuerySet["Ground"]):
    def visible_to(self, person: Acting) -> "GroundQuerySet":
        """Acts of law, of nobody in particular: for whoever reads the table of the roads."""
        allowed = any(person.may(each) for each in READS_ROADS)
        return self if allowed else self.none()

    def in_force(self, today: date) -> "GroundQuerySet":
        """Checked by a second lawyer, begun and not over."""
        checked = self.filter(checked_at__isnull=False, ended_at=None, from_on__lte=today)
        return checked.filter(Q(until_on=None) | Q(until_on__gte=today))

    def hostilities_ended_on(self, today: date) -> date | None:
        """The switch: the day on which active hostilities ended, once two people say so."""
        ended = self.in_force(today).filter(kind=GroundKind.HOSTILITIES_ENDED)
        return ended.values_list("from_on", flat=True).first()


# Who reads the table of the roads, and the acts of law on which they rest.
READS_ROADS = (
    Permission.SEE_APPLICATION,
    Permission.ASSESS_DANGER,
    Permission.OPEN_SITTING,
    Permission.READ_JOURNAL,
)


class Ground(models.Model):
    """An act of law on which roads rest: an agreement, a law on parole, the end of hostilities."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=20, choices=choices(GroundKind))
    reference = models.CharField(max_length=300)
    signed_by = models.CharField(max_length=200, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    allows = models.BooleanField(default=True)  # of a law on parole: whether it allows it
    recorded_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = GroundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(checked_by=None, checked_at=None)
                | Q(checked_by__isnull=False, checked_at__isnull=False)
                & ~Q(checked_by=F("recorded_by")),
                name="ground_checked_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(ended_by=None, ended_at=None)
                | Q(ended_by__isnull=False, ended_at__isnull=False),
                name="ground_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(until_on=None) | Q(until_on__gte=F("from_on")),
                name="ground_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["kind"],
                condition=Q(kind__in=ONE_AT_A_TIME, ended_at=None),
                name="one_ground_of_its_kind_stands",
            ),
        ]

    class Disclosure:
        file = (
            "id", "kind", "reference", "signed_by", "from_on", "until_on", "allows", "recorded_by",
            "recorded_at", "checked_by", "checked_at", "ended_by", "ended_at",
        )  # fmt: skip


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, person: Acting) -> "FindingQuerySet":
        """Each kind for whoever finds it: physician, legal officer, neutral."""
        kinds = [kind for need, found in FOUND_BY.items() if person.may(need) for kind in found]
        return self.filter(kind__in=kinds, captive__in=Captive.objects.visible_to(person))

    def newest_of(self, captive: Captive) -> "dict[FindingKind, Finding]":
        """The newest of each kind, of whichever record of this man."""
        rows = self.filter(of_same_man(captive)).select_related("key").order_by("at", "id")
        return {FindingKind(one.kind): one for one in rows}


class Finding(models.Model):
    """What a person found about one man, on which a road rests. Added, never edited."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="findings")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the captive's
    kind = models.CharField(max_length=20, choices=choices(FindingKind))
    told = EncryptedJSONField()  # {"value", "words"}
    until = models.DateField(null=True)  # the last day of a certificate
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = FindingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["captive", "kind", "-at"])]

    class Disclosure:
        # Which kinds somebody reads says `visible_to`; health, court and his word never meet.
        finding = ("id", "captive", "kind", "told", "until", "by", "at")
        never = ("key",)
