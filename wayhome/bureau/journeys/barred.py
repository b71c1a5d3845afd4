"""Journeys to come of which a danger was told, or something closed, since their day was promised.

None of them falls by itself: planned anew, a day may be kept by another way.
"""

from datetime import date

from django.db.models import Q

from wayhome.bureau.journeys.models import Closure, Danger
from wayhome.bureau.journeys.models.plans import JourneyQuerySet

THERE, LEAVING = ("on", "on"), ("leaves_on", "leaves_on")
STAY = ("on", "leaves_on")
# By which names of a journey something closed is used, and on which of its days.
USED_AS = {
    "crossing": (("crossing", THERE), ("exit", LEAVING)),
    "way": (("way", THERE),),
    "vehicle": (("vehicle", THERE),),
    "escort": (("escort", THERE), ("out_escort", LEAVING)),
    "shelter": (("shelter", STAY),),
}
# Where the areas stand that a danger may name.
AREAS_OF = (("way", THERE), ("crossing", THERE), ("shelter", STAY), ("exit", LEAVING))


def barred(rows: JourneyQuerySet, today: date) -> JourneyQuerySet:
    """Of these, those that stand and could not be confirmed now for danger or a closure ahead."""
    found = Q(pk__in=[])
    ahead = Q(until_on=None) | Q(until_on__gte=today)
    for danger in Danger.objects.in_use().filter(ahead):
        for name, days in AREAS_OF:
            found |= Q(**{f"{name}__areas__contains": [danger.area]}) & _on(danger, days, today)
    for closure in Closure.objects.in_use().filter(ahead):
        for name, days in USED_AS[closure.what]:
            code = getattr(closure, f"{closure.what}_id")
            found |= Q(**{f"{name}_id": code}) & _on(closure, days, today)
    for name, (_, last) in (pair for pairs in USED_AS.values() for pair in pairs):
        found |= Q(**{f"{name}__ended_at__isnull": False, f"{last}__gte": today})
    return rows.standing().filter(found)


def _on(one: Danger | Closure, days: tuple[str, str], today: date) -> Q:
    """That it lasts on one of these days of the journey that are still ahead."""
    first, last = days
    found = Q(**{f"{last}__gte": max(one.from_on, today)})
    return found & Q(**{f"{first}__lte": one.until_on}) if one.until_on else found
