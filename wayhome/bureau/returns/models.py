"""Applications to go home, their decisions, the appointment; on what roads rest; programmes."""

from datetime import date, datetime
from enum import StrEnum

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import Sitting, of_same_man
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.rules import MAY_LEAD_HOME, ApplicationState, Road
from wayhome.bureau.returns.rules.grounds import (
    FOUND_BY,
    ONE_AT_A_TIME,
    FindingKind,
    GroundKind,
)
from wayhome.bureau.returns.rules.programmes import ENDED, PUBLIC, Condition, ProgrammeState, Told
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class ApplicationQuerySet(models.QuerySet["Application"]):
    def visible_to(self, person: Acting) -> "ApplicationQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(enquiry__enquirer=person)
        if isinstance(person, Sitting):
            return self.filter(captive=person.captive)
        return self if person.may(Permission.SEE_APPLICATION) else self.none()

    def that_may_lead_home(self) -> "ApplicationQuerySet":
        """About a known man, and neither ended nor withdrawn."""
        return self.filter(state__in=MAY_LEAD_HOME, captive__isnull=False)

    def to_look_at_again(self, today: date) -> "ApplicationQuerySet":
        """Refused ones whose day has come."""
        refused = self.filter(state=ApplicationState.REFUSED)
        return refused.filter(Q(review_on__lte=today) | Q(review_on=None))


class Application(models.Model):
    """She asks to bring him home, or he asks to go, or the law wants it of us."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    # Known once a match stands; her wish is stored before it and does not show whether one does.
    captive = models.ForeignKey(Captive, models.PROTECT, null=True, related_name="applications")
    enquiry = models.ForeignKey(Enquiry, models.PROTECT, null=True, related_name="applications")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    by_captive = models.BooleanField()
    # Nobody asked: hostilities have ended, and every man who is held goes home (GC III 118).
    by_law = models.BooleanField(default=False)
    wish = EncryptedJSONField(null=True)  # {"words", "can_travel", …}
    road = models.CharField(max_length=30, choices=choices(Road), blank=True)
    state = models.CharField(
        max_length=20, choices=choices(ApplicationState), default=ApplicationState.OPEN
    )
    made_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = EncryptedJSONField(null=True)  # {"reason", "review_on"}
    review_on = models.DateField(null=True)  # a refused one is looked at again then

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(by_captive=True, by_law=False, captive__isnull=False)
                | Q(by_captive=False, by_law=False, enquiry__isnull=False)
                | Q(by_captive=False, by_law=True, captive__isnull=False, enquiry=None),
                name="application_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ApplicationState.GRANTED, ApplicationState.REFUSED])
                | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="application_decided_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["enquiry"],
                condition=Q(state=ApplicationState.OPEN),
                name="one_open_application_an_enquiry",
            ),
            models.UniqueConstraint(
                fields=["captive"],
                condition=Q(state=ApplicationState.OPEN, by_captive=True),
                name="one_open_application_of_his_own",
            ),
            models.UniqueConstraint(
                fields=["captive"],
                condition=Q(state=ApplicationState.OPEN, by_law=True),
                name="one_open_application_by_the_law",
            ),
        ]

    class Disclosure:
        file = (
            "id",
            "captive",
            "enquiry",
            "by_captive",
            "by_law",
            "wish",
            "road",
            "state",
            "made_at",
            "decided_by",
            "decided_at",
            "decision",
            "review_on",
        )
        self_ = ("wish", "made_at", "by_captive")
        never = ("key",)


class AppointmentQuerySet(models.QuerySet["Appointment"]):
    def visible_to(self, person: Acting) -> "AppointmentQuerySet":
        return self if person.may(Permission.SEE_APPLICATION) else self.none()


class Appointment(models.Model):
    """A day and a crossing set by hand, and the way out of both."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="appointments")
    key = models.ForeignKey(PersonKey, models.PROTECT)
    on = models.DateField()
    crossing = EncryptedJSONField()
    way_out_his = EncryptedJSONField()  # {"destination", "papers", "shelter", "legs"}
    way_out_hers = EncryptedJSONField(null=True)
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(cancelled_at=None),
                name="one_standing_appointment",
            )
        ]

    class Disclosure:
        file = (
            "id",
            "application",
            "on",
            "crossing",
            "way_out_his",
            "way_out_hers",
            "by",
            "at",
            "cancelled_at",
        )
        never = ("key",)


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

    def honouring(self, begun_at: datetime) -> "ProgrammeQuerySet":
        """Those under which a journey began while they were open; they are honoured when ended."""
        while_open = Q(ended_at=None) | Q(ended_at__gte=begun_at)
        return self.public().filter(while_open, published_at__lte=begun_at)


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


class PrintedCode(models.Model):
    """A keyed digest of a code on a paper of ours. Tells nobody more than that it is there."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    digest = models.BinaryField(unique=True)
    what = models.CharField(max_length=10, choices=choices(What))
    subject_id = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Disclosure:
        never = ("id", "digest", "what", "subject_id", "at")
