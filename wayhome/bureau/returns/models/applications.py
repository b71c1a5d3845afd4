"""Applications to go home, their decisions, the appointment."""

from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import choices
from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.rules import MAY_LEAD_HOME, ApplicationState, Road
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
        if isinstance(person, Sitting):
            return self.filter(application__captive__in=person.captive.all_records())
        return self if person.may(Permission.SEE_APPLICATION) else self.none()

    def that_stand(self, today: date) -> "AppointmentQuerySet":
        """Days ahead that have not fallen, and were not used."""
        standing = self.filter(cancelled_at=None, on__gte=today)
        return standing.exclude(application__state=ApplicationState.CLOSED)


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
        self_ = ("on",)
        never = ("key",)


class DayToldQuerySet(models.QuerySet["DayTold"]):
    def visible_to(self, person: Acting) -> "DayToldQuerySet":
        sees = person.may(Permission.SEE_APPLICATION) or person.may(Permission.OPEN_SITTING)
        return self if sees else self.none()

    def that_fell(self, today: date) -> "DayToldQuerySet":
        """Of days ahead that fell since he was told of them, and nobody has told him that."""
        again = DayTold.objects.filter(appointment=OuterRef("appointment"), fell=True)
        fell = self.filter(fell=False, appointment__cancelled_at__isnull=False)
        return fell.filter(~Exists(again), appointment__on__gte=today)


class DayTold(models.Model):
    """Somebody told him, in person, that his day was set, or that it fell."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="told")
    # Whom: an application names him no longer once its match was withdrawn.
    captive = models.ForeignKey(Captive, models.PROTECT, related_name="+")
    fell = models.BooleanField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DayToldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["appointment", "fell"], name="he_is_told_each_once")
        ]

    class Disclosure:
        file = ("id", "appointment", "captive", "fell", "by", "at")
