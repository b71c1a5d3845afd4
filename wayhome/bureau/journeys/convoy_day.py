"""What a phone holds of a day: no name, no number of his, only what meeting them needs."""

import base64
from typing import Any

from django.utils import timezone, translation

from wayhome.bureau.journeys.itinerary import leg_in_words, numbers_to_call
from wayhome.bureau.journeys.models import ConvoyPhone, Journey, JourneyPass
from wayhome.bureau.journeys.passes import public_key
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.lib.languages import LANGUAGE_NAMES

Document = dict[str, Any]


def day_of(phone: ConvoyPhone, language: str) -> Document | None:
    """The day of this phone as it is now, in the language of its page; None once it is over."""
    if timezone.now() >= phone.until_at:
        return None
    journeys = phone.journeys.with_all().order_by("way__leaves", "pk")
    passes = JourneyPass.objects.filter(journey__in=journeys)
    standing = {one.journey_id: one for one in passes.filter(ended_at=None).select_related("key")}
    with translation.override(language):
        return {
            "on": phone.on.isoformat(),
            "until": phone.until_at.isoformat(),
            "key": base64.b64encode(public_key()).decode(),
            "call": numbers_to_call(),
            "ended": [
                str(each) for each in passes.exclude(ended_at=None).values_list("pk", flat=True)
            ],
            "families": [_family(each, standing.get(each.pk)) for each in journeys],
        }


def _family(journey: Journey, found: JourneyPass | None) -> Document:
    enquiry = journey.application.enquiry
    language = enquiry.enquirer.language if enquiry else ""
    words = (found and found.words) or {}
    return {
        "id": str(journey.pk),
        "pass": str(found.pk) if found else "",
        "hers": words.get("hers", ""),
        "ours": words.get("ours", ""),
        "persons": journey.persons,
        "language": str(LANGUAGE_NAMES.get(language, language)),
        "way": journey.way.name,
        "vehicle": journey.vehicle.name,
        "shelter": journey.shelter.name,
        # Its road closed, or its day fell: they are brought back, and nobody is told why.
        "stops": journey.state == JourneyState.CANCELLED,
        "legs": [_leg(each) for each in journey.legs.order_by("number")],
    }


def _leg(leg: Any) -> Document:
    return {
        "number": leg.number,
        **leg_in_words(leg),
        "departs_at": leg.departs_at.isoformat(),
        "arrives_at": leg.arrives_at.isoformat(),
    }
