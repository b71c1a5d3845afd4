"""Who travels, plans, and the journeys that a published plan promises."""

from datetime import date, timedelta
from typing import Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.enquiries.models import Enquirer
from wayhome.bureau.journeys.models.resources import Crossing, Escort, Shelter, Vehicle, Way
from wayhome.bureau.journeys.rules.plans import (
    STANDING,
    STOPPED,
    Cancelled,
    JourneyState,
    PlanState,
)
from wayhome.bureau.persons.fields import EncryptedJSONField
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models import Application
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, person: Acting) -> "PartyQuerySet":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()


class Party(models.Model):
    """Who travels with one enquirer, from where, and when they can."""

    enquirer = models.OneToOneField(Enquirer, models.PROTECT, primary_key=True)
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the enquirer's
    # {"region", "size", "languages", "woman_escort", "from_on", "until_on", "urgent"}
    told = EncryptedJSONField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PartyQuerySet.as_manager()

    class Disclosure:
        file = ("enquirer", "told", "by", "at")
        never = ("key",)


class PlanQuerySet(models.QuerySet["Plan"]):
    def visible_to(self, person: Acting) -> "PlanQuerySet":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()

    def published(self) -> "Plan | None":
        return self.filter(state=PlanState.PUBLISHED).first()


class Plan(models.Model):
    """A plan as the core made it, with the problem that it answers. A draft tells nobody."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    key = models.ForeignKey(PersonKey, models.PROTECT)  # its own: destroyed, nothing can be read
    state = models.CharField(
        max_length=20, choices=choices(PlanState), default=PlanState.DRAFT, db_index=True
    )
    first_on = models.DateField()
    days = models.PositiveIntegerField()
    # The published plan whose promises it keeps where it can.
    rests_on = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    # Of a plan that only supposes a closure: from which it was made, and what is supposed.
    base = models.ForeignKey("self", models.PROTECT, null=True, related_name="supposed_from")
    supposed = models.JSONField(null=True)  # {"crossing", "from_on", "until_on"}
    pins = models.JSONField(default=dict)  # family → the day that a person chose
    problem = EncryptedJSONField()  # wayhome-plan/1, as it was when the plan was made
    promised = EncryptedJSONField(null=True)  # an earlier plan's assignments
    result = EncryptedJSONField()
    families = models.PositiveIntegerField()
    placed = models.PositiveIntegerField()
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    # The search that goes on, or the last: a job of an earlier run changes nothing any more.
    run = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    elapsed = models.FloatField(default=0)
    waiting = models.FloatField()
    at_least = models.FloatField()
    published_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=PlanState.PUBLISHED),
                name="one_published_plan",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[PlanState.PUBLISHED, PlanState.REPLACED],
                    published_by__isnull=False,
                    published_at__isnull=False,
                    supposed=None,
                )
                | ~Q(state__in=[PlanState.PUBLISHED, PlanState.REPLACED])
                & Q(published_by=None, published_at=None),
                name="plan_published_by_somebody_and_supposes_nothing",
            ),
            models.CheckConstraint(
                condition=Q(placed__lte=F("families")), name="no_more_placed_than_families"
            ),
        ]

    class Disclosure:
        file = (
            "id", "state", "first_on", "days", "rests_on", "base", "supposed", "pins", "result",
            "families", "placed", "made_by", "made_at", "seconds", "elapsed", "waiting",
            "at_least", "published_by", "published_at",
        )  # fmt: skip
        # The weights of the problem come from health: nobody reads them.
        never = ("key", "problem", "promised", "run")

    def take(self, result: dict[str, Any]) -> None:
        """The plan as the core gives it, with its counts beside it."""
        self.result = result
        self.families = len(self.problem["families"])
        self.placed = len(result["assignments"])
        self.waiting, self.at_least = result["objective"], result["bound"]

    @property
    def last_on(self) -> date:
        return self.first_on + timedelta(days=self.days - 1)


class JourneyQuerySet(models.QuerySet["Journey"]):
    def visible_to(self, person: Acting) -> "JourneyQuerySet":
        if isinstance(person, Enquirer):
            return self.filter(application__enquiry__enquirer=person)
        if person.may(Permission.PLAN_JOURNEYS):
            return self
        if person.may(Permission.MEET_FAMILY) and isinstance(person, Staff):
            return self.of_convoy(person)
        return self.none()

    def of_convoy(self, escort: Staff) -> "JourneyQuerySet":
        """Today's of one escort alone: yesterday's and tomorrow's are nobody's of theirs."""
        todays = self.filter(on=timezone.localdate(), state=JourneyState.CONFIRMED)
        return todays.filter(escort__staff=escort)

    def standing(self) -> "JourneyQuerySet":
        return self.filter(state__in=STANDING)

    def to_come(self) -> "JourneyQuerySet":
        """Standing, and no act sealed yet: after it only the way out is left."""
        return self.standing().exclude(application__state=ApplicationState.CLOSED)

    def that_count(self) -> "JourneyQuerySet":
        """Standing, but for those whose day passed unconfirmed."""
        passed = Q(state=JourneyState.PLANNED, on__lt=timezone.localdate())
        return self.standing().exclude(passed)

    def stopped(self) -> "JourneyQuerySet":
        """Whose day fell though nobody planned it anew, and is ahead; nothing has followed it."""
        later = Journey.objects.standing().filter(application=OuterRef("application"))
        fell = self.filter(state=JourneyState.CANCELLED, cancelled__in=sorted(STOPPED))
        return fell.filter(~Exists(later), on__gte=timezone.localdate())

    def to_bring_back(self) -> "JourneyQuerySet":
        """Who was on the way when it stopped, and is not home."""
        return self.filter(under_way=True, back_at=None)

    def out_of_reach(self, first: date, last: date) -> "JourneyQuerySet":
        """What a plan of these days leaves alone. What passed unconfirmed is planned anew."""
        today = timezone.localdate()
        ahead = Q(on__gte=today) & (Q(on__lt=first) | Q(on__gt=last))
        begun = Q(on__lt=today, state=JourneyState.CONFIRMED)
        return self.standing().filter(ahead | begun)

    def staying(self, first: date, last: date) -> "JourneyQuerySet":
        """Who has a bed or leaves between these days, whether the act is sealed or not."""
        return self.that_count().filter(on__lte=last, leaves_on__gte=first)

    def with_all(self) -> "JourneyQuerySet":
        return self.select_related(
            "application__captive", "application__enquiry__enquirer__key", "application__key",
            "key", "crossing", "way__crossing", "vehicle", "escort", "shelter", "exit",
            "out_escort",
        )  # fmt: skip


class Journey(models.Model):
    """A day that a published plan promises to a family, and all that it was given."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    application = models.ForeignKey(Application, models.PROTECT, related_name="journeys")
    key = models.ForeignKey(PersonKey, models.PROTECT)  # the application's
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="journeys")
    state = models.CharField(
        max_length=20, choices=choices(JourneyState), default=JourneyState.PLANNED, db_index=True
    )
    on = models.DateField(db_index=True)
    leaves_on = models.DateField()
    persons = models.PositiveIntegerField()  # of the family, without him
    crossing = models.ForeignKey(Crossing, models.PROTECT, related_name="journeys")
    way = models.ForeignKey(Way, models.PROTECT, related_name="journeys")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, related_name="journeys")
    escort = models.ForeignKey(Escort, models.PROTECT, related_name="journeys")
    shelter = models.ForeignKey(Shelter, models.PROTECT, related_name="journeys")
    exit = models.ForeignKey(Crossing, models.PROTECT, related_name="journeys_out")
    # The last leg: from the shelter to the border of exit.
    out_at = models.DateTimeField(null=True)
    out_escort = models.ForeignKey(Escort, models.PROTECT, null=True, related_name="journeys_out")
    made_at = models.DateTimeField()
    cancelled = models.CharField(max_length=20, choices=choices(Cancelled), blank=True)
    cancelled_at = models.DateTimeField(null=True)
    # It stopped while they were on the way: until they are back somebody brings them home.
    under_way = models.BooleanField(default=False)
    back_at = models.DateTimeField(null=True)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=sorted(STANDING)),
                name="one_standing_journey",
            ),
            models.CheckConstraint(
                condition=Q(state=JourneyState.CANCELLED, cancelled_at__isnull=False)
                & ~Q(cancelled="")
                | ~Q(state=JourneyState.CANCELLED) & Q(cancelled_at=None, cancelled=""),
                name="journey_cancelled_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(leaves_on__gt=F("on")), name="both_leave_after_they_met"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[JourneyState.CONFIRMED, JourneyState.OUT])
                | Q(out_at__isnull=False, out_escort__isnull=False),
                name="no_way_in_is_confirmed_without_a_way_out",
            ),
            models.CheckConstraint(
                condition=Q(state=JourneyState.CANCELLED) & (Q(under_way=True) | Q(back_at=None))
                | Q(under_way=False, back_at=None),
                name="who_was_under_way_is_brought_back",
            ),
        ]

    class Disclosure:
        file = (
            "id", "application", "plan", "state", "on", "leaves_on", "persons", "crossing", "way",
            "vehicle", "escort", "shelter", "exit", "out_at", "out_escort", "made_at", "cancelled",
            "cancelled_at", "under_way", "back_at",
        )  # fmt: skip
        self_ = ("on", "way")
        never = ("key",)


class Leg(models.Model):
    """One stretch of the way in, with its hours, each in its own zone."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="legs")
    number = models.PositiveSmallIntegerField()
    begins = models.CharField(max_length=200)
    ends = models.CharField(max_length=200)
    departs_at = models.DateTimeField()
    departs_zone = models.CharField(max_length=40)
    arrives_at = models.DateTimeField()
    arrives_zone = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "number"], name="legs_are_numbered"),
            models.CheckConstraint(
                condition=Q(arrives_at__gt=F("departs_at")), name="leg_arrives_after_it_departs"
            ),
        ]

    class Disclosure:
        file = (
            "id", "journey", "number", "begins", "ends", "departs_at", "departs_zone",
            "arrives_at", "arrives_zone",
        )  # fmt: skip


class NewsQuerySet(models.QuerySet["JourneyNews"]):
    def visible_to(self, person: Acting) -> "NewsQuerySet":
        return self if person.may(Permission.TELL_FAMILY) else self.none()

    def to_call(self) -> "NewsQuerySet":
        """What nobody has said yet, and no e-mail has."""
        return self.that_hold().untold()

    def untold(self) -> "NewsQuerySet":
        return self.filter(told_at=None)

    def that_hold(self) -> "NewsQuerySet":
        """A day that fell or passed is not told any more."""
        stands = Q(journey__state__in=STANDING, journey__on__gte=timezone.localdate())
        return self.filter(Q(is_set=False) | stands)


class JourneyNews(models.Model):
    """A family is to hear that the day of a journey was set, or set no longer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    journey = models.ForeignKey(Journey, models.PROTECT, related_name="news")
    is_set = models.BooleanField()
    at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    told_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # None: e-mail

    objects = NewsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journey", "is_set"], name="each_news_once"),
            models.CheckConstraint(
                condition=Q(told_by=None) | Q(told_at__isnull=False), name="news_told_at_a_moment"
            ),
        ]

    class Disclosure:
        contact = ("id", "journey", "is_set", "at", "told_at", "told_by")
