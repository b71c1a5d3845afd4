"""Make a plan, pin a family, suppose a closure, improve, stop, throw away."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.bridge import SCHEMA, Days, pinned, plan_at_once, problem_of
from wayhome.bureau.journeys.jobs import improve
from wayhome.bureau.journeys.models import Crossing, Journey, Plan
from wayhome.bureau.journeys.parties import travellers
from wayhome.bureau.journeys.rules.plans import (
    LONGEST_SEARCH,
    PlanState,
    why_not_become,
    why_not_pin,
    why_not_plan,
    why_not_suppose,
)
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import refuse_if

Document = dict[str, Any]


@transaction.atomic
def make_plan(*, first_on: date, days: int, by: Staff) -> Plan:
    """A plan at hand at once, which keeps what is promised where it can. It tells nobody."""
    by.must(Permission.PLAN_JOURNEYS)
    those = travellers(Days(first_on, days))
    refuse_if(
        why_not_plan(families=len(those), first=first_on, today=timezone.localdate(), days=days)
    )
    problem = problem_of(those, Days(first_on, days), None)
    made = _new(problem, promised_now(problem), by, first_on=first_on, days=days)
    made.rests_on = Plan.objects.published()
    made.save(force_insert=True)
    journal.record("plan made", subject=made, by=by)
    return made


def promised_now(problem: Document) -> Document | None:
    """The days that are promised, as an earlier plan has them."""
    rows = Journey.objects.to_come().select_related("application__enquiry")
    asked = {one["id"] for one in problem["captives"]}
    found = {}
    for one in rows.filter(application__in=asked).order_by("made_at", "pk"):
        assert one.application.enquiry is not None
        family = str(one.application.enquiry.enquirer_id)
        found[family] = {
            "family": family, "day": one.on.isoformat(), "crossing": str(one.crossing_id),
            "vehicle": str(one.vehicle_id), "escort": str(one.escort_id),
            "route": str(one.way_id), "shelter": str(one.shelter_id), "exit": str(one.exit_id),
        }  # fmt: skip
    return _promises(list(found.values())) if found else None


def _promises(assignments: list[Document]) -> Document:
    kept = [{name: one[name] for name in one if name != "why"} for one in assignments]
    return {
        "schema": SCHEMA, "assignments": kept, "unplaced": [], "objective": 0, "bound": 0,
        "gap": 0, "seconds": 0,
    }  # fmt: skip


def _new(problem: Document, promised: Document | None, by: Staff, **more: Any) -> Plan:
    plan = Plan(key=PersonKey.make(), problem=problem, promised=promised, made_by=by,
                made_at=timezone.now(), **more)  # fmt: skip
    plan.take(plan_at_once(pinned(problem, plan.pins), promised))
    return plan


@transaction.atomic
def pin_family(*, plan: Plan, family: str, day: date | None, by: Staff) -> Plan:
    """Let a person choose the day of a family, or the planner again; everything is planned anew."""
    by.must(Permission.PLAN_JOURNEYS)
    plan = locked(plan)
    days = Days(plan.first_on, plan.days).each
    refuse_if([why_not_become(PlanState(plan.state), PlanState.PUBLISHED),
               why_not_pin(day=day, days=days)])  # fmt: skip
    others = {code: kept for code, kept in plan.pins.items() if code != family}
    plan.pins = {**others, family: day.isoformat()} if day else others
    plan.run += 1
    plan.take(plan_at_once(pinned(plan.problem, plan.pins), plan.promised))
    plan.save()
    journal.record("plan pinned", subject=plan, by=by, facts={"family": family, "day": day})
    return plan


@dataclass(frozen=True)
class Supposed:
    """A closure that nobody has seen yet."""

    crossing: Crossing
    from_on: date
    until_on: date


@transaction.atomic
def suppose(*, plan: Plan, supposed: Supposed, by: Staff) -> Plan:
    """Ask what if: a plan beside this one, in which a crossing is closed. Never published."""
    by.must(Permission.PLAN_JOURNEYS)
    days = Days(plan.first_on, plan.days)
    refuse_if(why_not_suppose(first=supposed.from_on, last=supposed.until_on, days=days.each))
    told = {
        "crossing": str(supposed.crossing.pk),
        "from_on": supposed.from_on.isoformat(),
        "until_on": supposed.until_on.isoformat(),
    }
    problem = problem_of(travellers(days), days, told)
    made = _new(problem, _promises(plan.result["assignments"]), by, first_on=plan.first_on,
                days=plan.days, pins=plan.pins, base=plan, supposed=told)  # fmt: skip
    made.save(force_insert=True)
    journal.record("plan made", subject=made, by=by)
    return made


@transaction.atomic
def improve_plan(*, plan: Plan, seconds: int, by: Staff) -> Plan:
    """Let the worker seek a better one; what is at hand stays until it is found."""
    by.must(Permission.PLAN_JOURNEYS)
    plan = locked(plan)
    refuse_if(why_not_become(PlanState(plan.state), PlanState.IMPROVING))
    plan.state, plan.seconds, plan.elapsed = PlanState.IMPROVING, min(seconds, LONGEST_SEARCH), 0
    plan.run += 1
    plan.save(update_fields=["state", "seconds", "elapsed", "run"])
    journal.record("plan improvement begun", subject=plan, by=by)
    improve.defer(plan_id=str(plan.pk), run=plan.run)
    return plan


@transaction.atomic
def stop_improving(*, plan: Plan, by: Staff) -> Plan:
    """Stop the search; the best plan that it has found is kept when it hears of it."""
    by.must(Permission.PLAN_JOURNEYS)
    plan = locked(plan)
    refuse_if(why_not_become(PlanState(plan.state), PlanState.DRAFT))
    plan.state = PlanState.DRAFT
    plan.take(plan.result)  # what the search has told of itself is not at hand yet
    plan.save()
    journal.record("plan improvement stopped", subject=plan, by=by)
    return plan


@transaction.atomic
def drop_plan(*, plan: Plan, by: Staff) -> Plan:
    """Throw a draft away. It stays in the journal that there was one."""
    by.must(Permission.PLAN_JOURNEYS)
    plan = locked(plan)
    refuse_if(why_not_become(PlanState(plan.state), PlanState.DROPPED))
    plan.state = PlanState.DROPPED
    plan.save(update_fields=["state"])
    journal.record("plan thrown away", subject=plan, by=by)
    return plan


def locked(plan: Plan) -> Plan:
    rows = Plan.objects.select_for_update(of=("self",)).select_related("key")
    return rows.get(pk=plan.pk)
