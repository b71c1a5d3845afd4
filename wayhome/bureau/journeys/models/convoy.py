"""The phone of an escort for one day, and what is told from the way. Added to, never changed."""

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.journeys.models.plans import Journey
from wayhome.bureau.journeys.rules.convoy import ALARMS, OF_A_LEG, EventKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id

DIGEST_BYTES = 32


class PhoneQuerySet(models.QuerySet["ConvoyPhone"]):
    def visible_to(self, person: Acting) -> "PhoneQuerySet":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()


class ConvoyPhone(models.Model):
    """A phone that holds one escort's families of one day. It is known by what it alone holds."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    escort = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    journeys = models.ManyToManyField(Journey, related_name="phones")
    on = models.DateField()
    token_index = models.BinaryField(unique=True)  # it lies on the phone under the escort's word
    # It lies there openly, and only asks whether the phone is to be wiped: a locked one asks too.
    knock_index = models.BinaryField(unique=True)
    loaded_at = models.DateTimeField()
    until_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    wipe_asked_at = models.DateTimeField(null=True)
    wipe_asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    wiped_at = models.DateTimeField(null=True)  # the phone said that it did
    never_brought = models.PositiveIntegerField(null=True)  # entries that were wiped with it

    objects = PhoneQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wipe_asked_at=None, wipe_asked_by=None)
                | Q(wipe_asked_at__isnull=False, wipe_asked_by__isnull=False),
                name="wipe_asked_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(until_at__gt=F("loaded_at")), name="phone_until_after_loaded"
            ),
        ]

    class Disclosure:
        file = (
            "id", "escort", "journeys", "on", "loaded_at", "until_at", "seen_at", "wipe_asked_at",
            "wipe_asked_by", "wiped_at", "never_brought",
        )  # fmt: skip
        never = ("token_index", "knock_index")


class EventQuerySet(models.QuerySet["ConvoyEvent"]):
    def visible_to(self, person: Acting) -> "EventQuerySet":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()

    def counted(self) -> "EventQuerySet":
        return self.filter(after_wipe=False)

    def numbers(self) -> list[int]:
        """Under which numbers something is here of a phone."""
        return [number or 0 for number in self.values_list("number", flat=True)]

    def alarms(self) -> "EventQuerySet":
        """Nobody at the desk has noted them yet."""
        return self.filter(kind__in=sorted(ALARMS), seen_at=None)


class ConvoyEvent(models.Model):
    """One thing told from the way: by a phone with its number, or heard on the telephone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="events")
    phone = models.ForeignKey(ConvoyPhone, models.PROTECT, null=True, related_name="events")
    number = models.PositiveIntegerField(null=True)
    digest = models.BinaryField(max_length=DIGEST_BYTES, null=True)  # of what was told under it
    kind = models.CharField(max_length=20, choices=choices(EventKind))
    leg = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()  # by the clock of the phone
    received_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    after_wipe = models.BooleanField(default=False)
    seen_at = models.DateTimeField(null=True)
    seen_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = EventQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["phone", "number", "digest"], name="told_once_by_a_phone"
            ),
            models.CheckConstraint(
                condition=Q(phone=None, number=None, digest=None, after_wipe=False)
                | Q(phone__isnull=False, number__gte=1, digest__isnull=False),
                name="a_phone_numbers_what_it_tells",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=sorted(OF_A_LEG), leg__isnull=False)
                | ~Q(kind__in=sorted(OF_A_LEG)) & Q(leg=None),
                name="a_leg_where_it_is_of_one",
            ),
            models.CheckConstraint(
                condition=Q(seen_at=None, seen_by=None)
                | Q(seen_at__isnull=False, seen_by__isnull=False),
                name="convoy_event_seen_by_somebody",
            ),
        ]

    class Disclosure:
        file = (
            "id", "journey", "phone", "number", "kind", "leg", "at", "received_at", "by",
            "after_wipe", "seen_at", "seen_by",
        )  # fmt: skip
        never = ("digest",)
