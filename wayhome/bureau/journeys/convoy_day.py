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
    journeys = _ways_now(phone)
    files = [each.application_id for each in journeys]
    theirs = JourneyPass.objects.filter(journey__application__in=files)
    standing = {
        one.journey_id: one
        for one in theirs.filter(ended_at=None, journey__in=journeys).select_related("key")
    }
    valid = [one.pk for one in standing.values()]
    with translation.override(language):
        return {
            "on": phone.on.isoformat(),
            "until": phone.until_at.isoformat(),
            "key": base64.b64encode(public_key()).decode(),
            "call": numbers_to_call(),
            "ended": [
                str(each) for each in theirs.exclude(pk__in=valid).values_list("pk", flat=True)
            ],
            "families": [_family(each, standing.get(each.pk)) for each in journeys],
        }


def _ways_now(phone: ConvoyPhone) -> list[Journey]:
    """The way of each family as it is now: another one of this day stands in place of the first."""
    last = {each.application_id: each for each in phone.journeys.with_all().order_by("made_at")}
    return sorted(last.values(), key=lambda each: (each.way.leaves, each.pk))


def _family(journey: Journey, found: JourneyPass | None) -> Document:
    enquiry = journey.application.enquiry
    language = enquiry.enquirer.language if enquiry else ""
    words = (found and found.words) or {}
    stops = journey.state == JourneyState.CANCELLED
    anew = Journey.objects.standing().filter(application=journey.application_id, on=journey.on)
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
        "stops": stops,
        # Another way of this day is not confirmed yet, or another escort's: nobody turns back.
        "waits": stops and anew.exists(),
        "legs": [_leg(each) for each in journey.legs.order_by("number")],
    }


def _leg(leg: Any) -> Document:
    return {
        "number": leg.number,
        **leg_in_words(leg),
        "departs_at": leg.departs_at.isoformat(),
        "arrives_at": leg.arrives_at.isoformat(),
    }
