"""One region, two crossings, a bus of two seats: one family a day travels in it."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from tests.cases import Case
from tests.factories import StaffFactory
from wayhome.bureau.enquiries.rules import Channel, Contact
from wayhome.bureau.journeys import plans
from wayhome.bureau.journeys.models import Crossing, Journey, Plan
from wayhome.bureau.journeys.parties import Told, keep_party
from wayhome.bureau.journeys.passes import make_pass
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import keep_resource
from wayhome.bureau.journeys.rules.resources import ResourceKind as K
from wayhome.bureau.journeys.rules.way_out import Out, TravelPaper, Whose
from wayhome.bureau.journeys.ways_out import LegOut, confirm_journey, keep_leg_out, keep_way_out
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role

TOMORROW = timezone.localdate() + timedelta(days=1)
DAYS: dict[str, Any] = {"from_on": timezone.localdate(), "until_on": None}
BY_TELEPHONE = Contact(Channel.TELEPHONE, "+380 00", "after six", "подсолнух")


@dataclass
class World:
    """One region, two crossings, a bus of two seats: one family a day."""

    by: Staff = field(default_factory=lambda: StaffFactory(role=Role.COORDINATOR))

    def keep(self, kind: K, **told: Any) -> Any:
        return keep_resource(kind=kind, told=told, by=self.by)

    def __post_init__(self) -> None:
        self.first, self.second = (self.crossing(name) for name in ("перший", "другий"))
        self.way(self.first)
        self.way(self.second)
        self.bus = self.keep_bus("автобус")
        escort = StaffFactory(role=Role.ESCORT)
        self.keep(K.ESCORT, name=escort.number, staff=escort, languages=["ru"], sex="F", hours=15,
                  **DAYS)  # fmt: skip
        self.keep(K.SHELTER, name="дім", places=50, areas=[])

    def keep_bus(self, name: str) -> Any:
        return self.keep(K.VEHICLE, name=name, region="Варшава", seats=2, **DAYS)

    def crossing(self, name: str) -> Crossing:
        found: Crossing = self.keep(
            K.CROSSING, name=name, zone="Europe/Kyiv", opens=time(6), closes=time(20),
            places_in=10, places_out=20, baggage_kg=30, areas=[], states=["Польща"],
        )  # fmt: skip
        return found

    def way(self, crossing: Crossing) -> Any:
        return self.keep(
            K.WAY, name=crossing.name, region="Варшава", crossing=crossing, zone="Europe/Warsaw",
            leaves=time(5), crosses=time(10), arrives=time(17), areas=[crossing.name],
        )  # fmt: skip

    def close(self, crossing: Crossing, on: date) -> Any:
        return self.keep(K.CLOSURE, name="обстріл", what="crossing", crossing=crossing, from_on=on,
                         until_on=on)  # fmt: skip

    def travels(self, case: Case, size: int = 2, urgent: tuple[str, ...] = ()) -> Case:
        told = Told("Варшава", size, ("ru",), False, None, None, urgent)
        _ = case.told  # a day is never the first news
        keep_party(application=case.granted, told=told, by=self.by)
        return case

    def plan(self) -> Plan:
        return plans.make_plan(first_on=TOMORROW, days=6, by=self.by)

    def published(self) -> Plan:
        return publish_plan(plan=self.plan(), by=self.by)

    def promised(self, case: Case) -> Journey:
        """The journey that stands for this family."""
        found: Journey = Journey.objects.standing().with_all().get(application=case.granted)
        return found

    def confirmed(self, case: Case) -> Journey:
        """Its journey with the way out of both, and the word of an authority."""
        journey, _ = self.promised(case), case.guaranteed
        out = Out("Вільнюс", TravelPaper.PASSPORT, None, ("Польща",), "+370 00 (вигаданий)")
        for whose in Whose:
            keep_way_out(journey=journey, whose=whose, out=out, by=self.by)
        leaves = timezone.make_aware(datetime.combine(journey.leaves_on, time(9)))
        keep_leg_out(journey=journey, leg=LegOut(leaves, journey.escort), by=self.by)
        return confirm_journey(journey=journey, by=self.by)


def confirmed_today(language: str = "ru") -> Journey:
    """A journey of today, confirmed, with its pass: an escort has it on the page of the day."""
    world, case = World(), Case(contact=BY_TELEPHONE, language=language)
    world.travels(case)
    world.published()
    journey = world.confirmed(case)
    make_pass(journey=journey, by=world.by)
    # Its day has come.
    Journey.objects.filter(pk=journey.pk).update(on=timezone.localdate())
    for leg in journey.legs.all():
        leg.departs_at -= timedelta(days=1)
        leg.arrives_at -= timedelta(days=1)
        leg.save()
    return Journey.objects.with_all().get(pk=journey.pk)
