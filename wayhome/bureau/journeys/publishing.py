"""Publish a plan: its days become journeys, and those concerned are told."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.bridge import Days, broken_rules, problem_of
from wayhome.bureau.journeys.cancelling import cancel_journey, person_of
from wayhome.bureau.journeys.jobs import look_again
from wayhome.bureau.journeys.models import Journey, JourneyNews, Leg, Plan, Way
from wayhome.bureau.journeys.models.plans import JourneyQuerySet
from wayhome.bureau.journeys.parties import travellers
from wayhome.bureau.journeys.plans import locked
from wayhome.bureau.journeys.resources import hours_of
from wayhome.bureau.journeys.rules.plans import (
    NIGHTS,
    Cancelled,
    PlanState,
    why_not_publish,
)
from wayhome.bureau.journeys.telling import tell
from wayhome.bureau.returns.models import Application
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.jurisdiction import profile
from wayhome.lib.refusal import Refusal, refuse_if

PUBLISHING = 7_305_061  # the lock of whoever publishes
RESOURCES = ("crossing", "vehicle", "escort", "shelter", "exit")
Document = dict[str, Any]


@transaction.atomic
def publish_plan(*, plan: Plan, by: Staff) -> Plan:
    """Promise these days. What is promised already and stays is not touched.

    Raises Refused with everything that stands against it; the plan is checked anew, against what is
    in use and open at this moment, by the checker that made none of it.
    """
    by.must(Permission.PLAN_JOURNEYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])
    plan = locked(plan)
    refuse_if(why_not_publish_now(plan))
    if last := Plan.objects.published():
        last.state = PlanState.REPLACED
        last.save(update_fields=["state"])
    plan.state, plan.published_by, plan.published_at = PlanState.PUBLISHED, by, timezone.now()
    plan.save()
    journal.record("plan published", subject=plan, by=by)
    earlier = Journey.objects.to_come().filter(
        on__range=(max(plan.first_on, timezone.localdate()), plan.last_on)
    )
    files = _locked(plan, earlier)
    kept = [_promise(plan, one, by) for one in _given(plan, files)]
    for one in earlier.exclude(pk__in=[one.pk for one in kept]).with_all():
        cancel_journey(one, Cancelled.NO_DAY, by)
    # A road that closes while this is published has no journey yet that could fall with it.
    look_again.defer(plan_id=str(plan.pk))
    return plan


def why_not_publish_now(plan: Plan) -> list[Refusal]:
    """What stands against publishing this plan; asked by the page and by the action."""
    published = Plan.objects.published()
    return why_not_publish(
        state=PlanState(plan.state),
        supposed=plan.supposed is not None,
        stale=plan.rests_on_id != (published and published.pk),
        placed=plan.placed,
        faults=_broken(plan) if plan.state == PlanState.DRAFT else [],
    )


def _broken(plan: Plan) -> list[str]:
    days = Days(plan.first_on, plan.days)
    now = problem_of(travellers(days), days, None)
    return broken_rules(now, plan.result)


def _locked(plan: Plan, earlier: JourneyQuerySet) -> list[Application]:
    """The files of this plan and of what it may replace, so that nobody decides anew meanwhile.

    All at once and in one order, before any journey: docs/ARCHITECTURE.md, "Locks".
    """
    codes = [one["id"] for one in plan.problem["captives"]]
    of_earlier = earlier.values("application")
    rows = Application.objects.filter(Q(pk__in=codes) | Q(pk__in=of_earlier)).order_by("pk")
    return list(rows.select_for_update(of=("self",)).select_related("key", "enquiry"))


def _given(plan: Plan, files: list[Application]) -> Iterator[tuple[Application, Document, int]]:
    """Each application with what its family was given, and how many of it travel."""
    sizes = {one["id"]: one["size"] for one in plan.problem["families"]}
    given = {one["family"]: one for one in plan.result["assignments"]}
    family_of = {one["id"]: one["family"] for one in plan.problem["captives"]}
    for each in files:
        family = family_of.get(str(each.pk))
        if family in given:
            yield each, given[family], sizes[family]


def _promise(plan: Plan, given: tuple[Application, Document, int], by: Staff) -> Journey:
    application, told, persons = given
    found = application.journeys.standing().with_all().first()
    if found and _is_same(found, told, persons):
        found.plan = plan
        found.save(update_fields=["plan"])
        return found
    if found:
        cancel_journey(found, Cancelled.REPLANNED, by, is_told=False)
    new = Journey.objects.create(
        application=application,
        key=application.key,
        plan=plan,
        on=told["day"],
        leaves_on=date.fromisoformat(told["day"]) + timedelta(days=NIGHTS),
        persons=persons,
        way_id=told["route"],
        made_at=timezone.now(),
        **{f"{name}_id": told[name] for name in RESOURCES},
    )
    new = Journey.objects.with_all().get(pk=new.pk)
    Leg.objects.bulk_create(_legs(new, new.way))
    journal.record("journey planned", subject=new, by=by, person=person_of(new))
    if found and found.on == new.on:
        # The same day by another way: whoever is to be called about it still is.
        JourneyNews.objects.filter(journey=found).untold().update(journey=new)
        if found.on == timezone.localdate() and found.persons == new.persons:
            # They carry it already, and it says nothing of the way.
            found.passes.filter(ended_at=None).update(journey=new)
    else:
        tell(new, is_set=True)
    return new


def _is_same(found: Journey, told: Document, persons: int) -> bool:
    now = {"day": found.on.isoformat(), "route": str(found.way_id)}
    now |= {name: str(getattr(found, f"{name}_id")) for name in RESOURCES}
    return found.persons == persons and all(told[name] == now[name] for name in now)


def _legs(journey: Journey, way: Way) -> list[Leg]:
    told = {name: getattr(way, name) for name in ("leaves", "crosses", "arrives", "zone")}
    leaves, crosses, arrives = hours_of({**told, "crossing": way.crossing}, journey.on)
    here, there = way.crossing.zone, settings.TIME_ZONE
    capital = profile().capital["uk"]
    stretches = (
        (way.region, way.crossing.name, leaves, way.zone, crosses, here),
        (way.crossing.name, capital, crosses, here, arrives, there),
    )
    return [
        Leg(journey=journey, number=number, begins=begins, ends=ends, departs_at=departs,
            departs_zone=zone, arrives_at=comes, arrives_zone=other)
        for number, (begins, ends, departs, zone, comes, other) in enumerate(stretches, start=1)
    ]  # fmt: skip
