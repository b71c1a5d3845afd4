"""Once a week: does the machine find invented men among the real ones? Figures alone are kept."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.matches import bridge
from wayhome.bureau.matches.models import Candidate, WeekOfTracing
from wayhome.bureau.matches.planting import Planted, plant
from wayhome.bureau.matches.queue import threshold
from wayhome.bureau.matches.rules import CandidateState
from wayhome.bureau.persons.models import Described

PLANTED = 200  # invented men a week; half as many more are asked for and planted nowhere
ABSENT = 100
CARDS_AT_MOST = 20_000  # of the register, drawn at random: what a worker weighs in a minute
LIKELY = 0.5  # from here on a proposed pair counts as one that shows how true pairs agree


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def try_this_week() -> WeekOfTracing:
    """Try it for this week, and count how the likely pairs of it agree. Once more changes nothing.

    The invented men are never stored: they are made, sought and forgotten in this process.
    """
    now, week = timezone.now(), monday_of(timezone.localdate())
    if (done := WeekOfTracing.objects.filter(week=week).first()) is not None:
        return done
    chance = Random(week.toordinal())
    register = _drawn(chance)
    made = plant(register, pairs=PLANTED + ABSENT, chance=chance)
    there, absent = made[:PLANTED], made[PLANTED:]
    places = _places(register, there, absent)
    with transaction.atomic():
        return WeekOfTracing.objects.get_or_create(
            week=week,
            defaults={
                "at": now,
                "version": bridge.weights_in_use().made.version,
                "cards": len(register),
                "planted": len(there),
                "absent": len(absent),
                "agreeing": how_likely_pairs_agree(week - timedelta(days=7), week),
                **places,
            },
        )[0]


def _drawn(chance: Random) -> list[dict[str, str]]:
    """Descriptions of the register, at most so many, without their numbers."""
    ids = list(Captive.objects.order_by("pk").values_list("pk", flat=True))
    if len(ids) > CARDS_AT_MOST:
        ids = chance.sample(ids, CARDS_AT_MOST)
    rows: QuerySet[Captive, dict[str, str]] = Captive.objects.filter(pk__in=ids).values(
        *Described.DESCRIBING
    )
    return list(rows.order_by("pk"))


def _places(
    register: Sequence[dict[str, str]], there: Sequence[Planted], absent: Sequence[Planted]
) -> dict[str, int]:
    """How many were found first, among ten, and above the threshold."""
    least = threshold()
    cards = {each.id: each.card for each in there}
    asked = [each.enquiry for each in (*there, *absent)]
    found = bridge.search_invented(register, cards, asked)
    counts = Counter({"first": 0, "among_ten": 0, "reached": 0, "absent_reached": 0})
    for each, best in zip(there, found, strict=False):
        ids = [id for id, _ in best]
        counts["first"] += ids[:1] == [each.id]
        counts["among_ten"] += each.id in ids
        counts["reached"] += dict(best).get(each.id, 0.0) >= max(least, 1e-9)
    for best in found[len(there) :]:
        counts["absent_reached"] += any(chance >= max(least, LIKELY) for _, chance in best)
    return dict(counts)


def how_likely_pairs_agree(since: date, until: date) -> dict[str, dict[str, int]]:
    """For each field, by which rule the likely pairs agree that were proposed in these days."""
    rows = Candidate.objects.filter(
        proposed_at__date__gte=since, proposed_at__date__lt=until, probability__gte=LIKELY
    ).exclude(state=CandidateState.GONE)
    counts: dict[str, Counter[str]] = {}
    for evidence in rows.values_list("evidence", flat=True).iterator(chunk_size=2000):
        for field, _verdict, rule, _bits in evidence:
            counts.setdefault(field, Counter())[rule] += 1
    return {field: dict(rules) for field, rules in counts.items()}
