"""What journeys are made of. Nobody travels here yet; an escort is known by number alone."""

from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.db.models import F, Q

from wayhome.bureau.captives.rules import choices
from wayhome.bureau.journeys.rules.resources import CLOSABLE, SEXES, ZONES, ResourceKind
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Acting, Permission
from wayhome.lib.ids import new_id

Row = TypeVar("Row", bound="Resource")


class ResourceQuerySet(models.QuerySet[Row]):
    def visible_to(self, person: Acting) -> "ResourceQuerySet[Row]":
        return self if person.may(Permission.PLAN_JOURNEYS) else self.none()

    def in_use(self) -> "ResourceQuerySet[Row]":
        return self.filter(ended_at=None)

    def between(self, first: date, last: date) -> "ResourceQuerySet[Row]":
        """Those that have days, where one of these is among them."""
        begun = self.in_use().filter(from_on__lte=last)
        return begun.filter(Q(until_on=None) | Q(until_on__gte=first))


class Resource(models.Model):
    """Something of which journeys are made, as the coordinator keeps it. Never deleted."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects: "ResourceQuerySet[Any]" = ResourceQuerySet.as_manager()  # type: ignore[assignment]
    kind: ResourceKind

    class Meta:
        abstract = True


OF_ALL = ("id", "name", "by", "at", "ended_at")
DAYS_IN_ORDER = Q(until_on=None) | Q(until_on__gte=F("from_on"))
ZONE = [(zone, zone) for zone in ZONES]


class Crossing(Resource):
    """A crossing of the border: its hours, and how many it lets in and out on a day."""

    kind = ResourceKind.CROSSING
    zone = models.CharField(max_length=40, choices=ZONE)
    opens = models.TimeField()
    closes = models.TimeField()
    places_in = models.PositiveIntegerField()
    places_out = models.PositiveIntegerField()
    baggage_kg = models.PositiveIntegerField()
    areas = models.JSONField(default=list)
    states = models.JSONField(default=list)  # each whose consent to transit is needed beyond it

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closes__gt=F("opens")), name="crossing_closes_after_it_opens"
            ),
            models.CheckConstraint(
                condition=Q(places_out=0) | Q(baggage_kg__gte=25),
                name="nobody_leaves_with_less_than_25_kg",
            ),
        ]

    class Disclosure:
        file = (
            *OF_ALL, "zone", "opens", "closes", "places_in", "places_out", "baggage_kg", "areas",
            "states",
        )  # fmt: skip


class Way(Resource):
    """From a region over a crossing to the destination, within one day."""

    kind = ResourceKind.WAY
    region = models.CharField(max_length=120, db_index=True)
    crossing = models.ForeignKey(Crossing, models.PROTECT, related_name="ways")
    zone = models.CharField(max_length=40, choices=ZONE)  # of where it begins
    leaves = models.TimeField()
    crosses = models.TimeField()  # in the zone of the crossing
    arrives = models.TimeField()  # in the zone of the bureau
    areas = models.JSONField(default=list)

    class Disclosure:
        file = (*OF_ALL, "region", "crossing", "zone", "leaves", "crosses", "arrives", "areas")


class Vehicle(Resource):
    """A bus or a car: one journey a day from its region, on the days on which it is there."""

    kind = ResourceKind.VEHICLE
    region = models.CharField(max_length=120, db_index=True)
    seats = models.PositiveIntegerField()  # for families; driver and escort have their own
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seats__gte=1), name="vehicle_has_a_seat"),
            models.CheckConstraint(condition=DAYS_IN_ORDER, name="vehicle_days_in_order"),
        ]

    class Disclosure:
        file = (*OF_ALL, "region", "seats", "from_on", "until_on")


class Escort(Resource):
    """Somebody who goes with families, by their number; the name is never here."""

    kind = ResourceKind.ESCORT
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="escorting")
    languages = models.JSONField(default=list)
    sex = models.CharField(max_length=1, choices=[(each, each) for each in SEXES])
    hours = models.PositiveIntegerField()  # the longest day on duty
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at=None), name="one_standing_escort_a_person"
            ),
            models.CheckConstraint(condition=DAYS_IN_ORDER, name="escort_days_in_order"),
        ]

    class Disclosure:
        file = (*OF_ALL, "staff", "languages", "sex", "hours", "from_on", "until_on")


class Shelter(Resource):
    """Beds at the destination for both, until they leave."""

    kind = ResourceKind.SHELTER
    places = models.PositiveIntegerField()
    areas = models.JSONField(default=list)

    class Disclosure:
        file = (*OF_ALL, "places", "areas")


class Danger(Resource):
    """An area through which nobody is sent on these days."""

    kind = ResourceKind.DANGER
    area = models.CharField(max_length=120, db_index=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=DAYS_IN_ORDER, name="danger_days_in_order")]

    class Disclosure:
        file = (*OF_ALL, "area", "from_on", "until_on")


def _exactly_one() -> Q:
    found = Q()
    for one in CLOSABLE:
        found |= Q(**{f"{each}__isnull": each != one for each in CLOSABLE})
    return found


class Closure(Resource):
    """Something that is not to be had on these days: its name says why."""

    kind = ResourceKind.CLOSURE
    crossing = models.ForeignKey(Crossing, models.PROTECT, null=True, related_name="closures")
    way = models.ForeignKey(Way, models.PROTECT, null=True, related_name="closures")
    vehicle = models.ForeignKey(Vehicle, models.PROTECT, null=True, related_name="closures")
    escort = models.ForeignKey(Escort, models.PROTECT, null=True, related_name="closures")
    shelter = models.ForeignKey(Shelter, models.PROTECT, null=True, related_name="closures")
    what = models.CharField(max_length=20, choices=choices(CLOSABLE))
    from_on = models.DateField()
    until_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=_exactly_one(), name="closure_of_one_thing"),
            models.CheckConstraint(condition=DAYS_IN_ORDER, name="closure_days_in_order"),
        ]

    class Disclosure:
        file = (*OF_ALL, *(each.value for each in CLOSABLE), "what", "from_on", "until_on")

    @property
    def closed(self) -> Resource:
        """What is closed."""
        found: Resource = getattr(self, self.what)
        return found


RESOURCES: dict[ResourceKind, type[Resource]] = {
    each.kind: each for each in (Crossing, Way, Vehicle, Escort, Shelter, Danger, Closure)
}
