"""Resources, plans and journeys."""

from wayhome.bureau.journeys.models.convoy import ConvoyEvent, ConvoyPhone
from wayhome.bureau.journeys.models.passes import JourneyPass, PassPhone
from wayhome.bureau.journeys.models.plans import Journey, JourneyNews, Leg, Party, Plan
from wayhome.bureau.journeys.models.resources import (
    RESOURCES,
    Closure,
    Crossing,
    Danger,
    Escort,
    Resource,
    Shelter,
    Vehicle,
    Way,
)
from wayhome.bureau.journeys.models.ways_out import WayOut

__all__ = [
    "RESOURCES",
    "Closure",
    "ConvoyEvent",
    "ConvoyPhone",
    "Crossing",
    "Danger",
    "Escort",
    "Journey",
    "JourneyNews",
    "JourneyPass",
    "Leg",
    "Party",
    "PassPhone",
    "Plan",
    "Resource",
    "Shelter",
    "Vehicle",
    "Way",
    "WayOut",
]
