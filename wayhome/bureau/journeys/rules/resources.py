"""What journeys are made of: crossings, ways, vehicles, escorts, beds; closures and dangers."""

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from wayhome.lib.jurisdiction import LEAST_BAGGAGE_KG
from wayhome.lib.refusal import Refusal


class ResourceKind(StrEnum):
    CROSSING = "crossing"
    WAY = "way"
    VEHICLE = "vehicle"
    ESCORT = "escort"
    SHELTER = "shelter"
    DANGER = "danger"
    CLOSURE = "closure"


K = ResourceKind
KIND_NAMES = {
    K.CROSSING: _("Crossings"),
    K.WAY: _("Ways"),
    K.VEHICLE: _("Vehicles"),
    K.ESCORT: _("Escorts"),
    K.SHELTER: _("Shelters"),
    K.DANGER: _("Danger notices"),
    K.CLOSURE: _("Closures"),
}
# What may be closed for some days.
CLOSABLE = (K.CROSSING, K.WAY, K.VEHICLE, K.ESCORT, K.SHELTER)
ZONES = {
    "Europe/Kyiv": _("Kyiv time"),
    "Europe/Warsaw": _("Warsaw time"),
    "Europe/Bratislava": _("Bratislava time"),
    "Europe/Budapest": _("Budapest time"),
    "Europe/Bucharest": _("Bucharest time"),
    "Europe/Chisinau": _("Chișinău time"),
    "Europe/Vilnius": _("Vilnius time"),
    "Europe/Riga": _("Riga time"),
    "Europe/Minsk": _("Minsk time"),
    "Europe/Kaliningrad": _("Kaliningrad time"),
}
SEXES = {"F": _("Woman"), "M": _("Man")}
LONGEST_DUTY_HOURS = 15  # with 9 hours of rest between two days (Directive 2003/88/EC asks 11)


def why_not_crossing(*, opens: time, closes: time, out: int, baggage_kg: int) -> list[Refusal]:
    """Say what is wrong with a crossing. Whoever leaves by it may take 25 kg along (GC III 119)."""
    refusals = []
    if closes <= opens:
        text = _("It must close after it opens.")
        refusals.append(Refusal("journeys.hours", text, field="closes"))
    if out and baggage_kg < LEAST_BAGGAGE_KG:
        text = _("Whoever leaves by it may take at least 25 kilograms.")
        refusals.append(Refusal("journeys.baggage", text, "GC III 119", field="baggage_kg"))
    return refusals


def moments_of(
    times: Sequence[time], zones: Sequence[str], on: date
) -> tuple[datetime, datetime, datetime]:
    """When it leaves, crosses and arrives on this day, each in its own zone."""
    leaves, crosses, arrives = (
        datetime.combine(on, each, ZoneInfo(zone)) for each, zone in zip(times, zones, strict=True)
    )
    return leaves, crosses, arrives


def why_not_way(
    *, leaves: datetime, crosses: datetime, arrives: datetime, opens: time, closes: time
) -> list[Refusal]:
    """Say what is wrong with the hours of a way. Each moment knows its zone."""
    refusals = []
    days = {each.astimezone(arrives.tzinfo).date() for each in (leaves, crosses, arrives)}
    if not leaves < crosses < arrives or len(days) > 1:
        text = _("It must leave before it crosses, and cross before it arrives, on one day.")
        refusals.append(Refusal("journeys.order", text, field="leaves"))
    if not opens <= crosses.timetz().replace(tzinfo=None) <= closes:
        text = _("The crossing is closed at this hour.")
        refusals.append(Refusal("journeys.closed_then", text, field="crosses"))
    return refusals


def why_not_days(*, first: date, last: date | None) -> Refusal | None:
    """The last day is not before the first."""
    if last is not None and last < first:
        return Refusal("journeys.days", _("This day is before the first."), field="until_on")
    return None


def why_not_change(*, ended: bool) -> Refusal | None:
    if ended:
        return Refusal("journeys.ended", _("This is used no longer."))
    return None
