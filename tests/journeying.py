"""One region, two crossings, a bus of two seats: one family a day travels in it."""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import Any

from django.utils import timezone

from tests.cases import Case
from tests.factories import StaffFactory
from wayhome.bureau.enquiries.rules import Channel, Contact
from wayhome.bureau.journeys import plans
from wayhome.bureau.journeys.models import Crossing, Plan
from wayhome.bureau.journeys.parties import Told, keep_party
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import keep_resource
from wayhome.bureau.journeys.rules.resources import ResourceKind as K
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
        self.bus = self.keep(K.VEHICLE, name="автобус", region="Варшава", seats=2, **DAYS)
        escort = StaffFactory(role=Role.ESCORT)
        self.keep(K.ESCORT, name=escort.number, staff=escort, languages=["ru"], sex="F", hours=15,
                  **DAYS)  # fmt: skip
        self.keep(K.SHELTER, name="дім", places=50, areas=[])

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
