"""Programmes, and the codes that are printed on our papers."""

from datetime import date
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.returns.rules.programmes import ENDED, PUBLIC, Condition, ProgrammeState, Told
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    def visible_to(self, person: Acting) -> "ProgrammeQuerySet":
        """Drafts for whoever writes them; what is public for everybody."""
        return self if person.may(Permission.KEEP_PROGRAMME) else self.public()

    def public(self) -> "ProgrammeQuerySet":
        return self.filter(state__in=PUBLIC)

    def open(self, today: date) -> "ProgrammeQuerySet":
        """Published, begun, and neither over, closed nor withdrawn."""
        begun = self.filter(state=ProgrammeState.PUBLISHED, opens_on__lte=today)
        return begun.filter(Q(closes_on=None) | Q(closes_on__gte=today))

    def that_uses(self, road: Road) -> "ProgrammeQuerySet":
        return self.filter(roads__contains=road.value)

    def honouring(self, begun_on: date) -> "ProgrammeQuerySet":
        """Those that were open on the day on which a journey began: it is honoured after them."""
        not_ended = Q(ended_at=None) | Q(ended_at__date__gte=begun_on)
        not_over = Q(closes_on=None) | Q(closes_on__gte=begun_on)
        return self.public().filter(not_ended, not_over, opens_on__lte=begun_on)


class Programme(models.Model):
    """An announcement of the State by which men go home: data, never code. Holds nobody's name."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField(unique=True)
    profile = models.CharField(max_length=40)
    state = models.CharField(
        max_length=20, choices=choices(ProgrammeState), default=ProgrammeState.DRAFT, db_index=True
    )
    legal_act = models.CharField(max_length=300, blank=True)
    signed_by = models.CharField(max_length=40, blank=True)  # an authority of the profile
    opens_on = models.DateField()
    closes_on = models.DateField(null=True)
    comes = models.JSONField(default=list)
    roads = models.JSONField(default=list)
    alone = models.CharField(max_length=30, blank=True)  # the road of whoever nobody comes for
    crossings = models.JSONField(default=list)
    phones = models.JSONField(default=list)
    email = models.CharField(max_length=200, blank=True)
    channel = models.CharField(max_length=200, blank=True)
    baggage_kg = models.PositiveIntegerField(default=25)
    conditions = models.JSONField(default=list)
    texts = models.JSONField(default=dict)  # {language: {part: text}}
    codes = models.JSONField(default=dict)  # {language: code on its leaflet}
    drafted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    told_up_to = models.UUIDField(null=True)  # the last enquiry whose family was written to

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.DRAFT, published_by=None, published_at=None)
                | Q(published_by__isnull=False, published_at__isnull=False)
                & ~Q(state=ProgrammeState.DRAFT)
                & ~Q(published_by=F("drafted_by")),
                name="programme_published_by_a_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=ENDED, ended_by__isnull=False, ended_at__isnull=False)
                | ~Q(state__in=ENDED) & Q(ended_by=None, ended_at=None),
                name="programme_ended_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.DRAFT) | ~Q(alone=""),
                name="programme_has_a_road_for_whom_nobody_comes",
            ),
            models.CheckConstraint(
                condition=Q(state=ProgrammeState.DRAFT)
                | Q(conditions__contained_by=[condition.value for condition in Condition]),
                name="programme_names_no_price",
            ),
        ]

    class Disclosure:
        public = (
            "number", "state", "legal_act", "signed_by", "opens_on", "closes_on", "comes", "roads",
            "alone", "crossings", "phones", "email", "channel", "baggage_kg", "conditions",
            "texts", "codes", "published_at", "ended_at",
        )  # fmt: skip
        file = ("id", "profile", "drafted_by", "drafted_at", "published_by", "ended_by")
        never = ("told_up_to",)

    def told(self) -> Told:
        """What it says, as the rules ask it."""
        return Told(
            legal_act=self.legal_act,
            signed_by=self.signed_by,
            opens_on=self.opens_on,
            closes_on=self.closes_on,
            comes=tuple(self.comes),
            roads=tuple(self.roads),
            alone=self.alone,
            crossings=tuple(self.crossings),
            phones=tuple(self.phones),
            email=self.email,
            channel=self.channel,
            baggage_kg=self.baggage_kg,
            conditions=tuple(self.conditions),
            texts=self.texts,
        )


class What(StrEnum):
    """On what a code is printed."""

    LEAFLET = "leaflet"
    ACT = "act"
    GUARANTEE = "guarantee"


class PrintedCode(models.Model):
    """A keyed digest of a code on a paper of ours. Tells nobody more than that it is there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(unique=True)
    what = models.CharField(max_length=10, choices=choices(What))
    subject_id = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Disclosure:
        never = ("id", "digest", "what", "subject_id", "at")
