"""A search of the worker for a better plan: it tells how far it is, and hears when to stop."""

import time

from django.db import transaction

from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journeys.bridge import Document, Seen, better_plan, pinned
from wayhome.bureau.journeys.models import Plan
from wayhome.bureau.journeys.models.plans import PlanQuerySet
from wayhome.bureau.journeys.rules.plans import PlanState

TOLD_EVERY = 1.0  # seconds


class Watching:
    """What the search tells, written down now and then by the job's own thread."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._begun = plan, time.monotonic()
        self._told, self._stop = 0.0, False
        self._seen: Seen | None = None

    def hear(self, seen: Seen) -> None:
        """Called from the solver's thread, which has no database of its own."""
        self._seen = seen

    def stop(self) -> bool:
        """Whether somebody stopped it; asked many times a second, and looked up once."""
        now = time.monotonic()
        if now - self._told >= TOLD_EVERY:
            self._told = now
            self._stop = not self._tell(now - self._begun)
        return self._stop

    def _tell(self, elapsed: float) -> bool:
        changed: dict[str, float] = {"elapsed": elapsed}
        if self._seen and self._seen.waiting <= self._plan.waiting:
            changed |= {"waiting": self._seen.waiting, "at_least": self._seen.at_least}
        return bool(_searching(self._plan).update(**changed))


def _searching(plan: Plan) -> PlanQuerySet:
    return Plan.objects.filter(pk=plan.pk, run=plan.run, state=PlanState.IMPROVING)


def go_on(plan_id: str, run: int) -> None:
    """Seek until the time is over or somebody stops it. Run twice it begins anew."""
    plan = Plan.objects.select_related("key").filter(pk=plan_id, run=run).first()
    if plan is None or plan.state != PlanState.IMPROVING:
        return
    watching = Watching(plan)
    problem = pinned(plan.problem, plan.pins)
    found = better_plan(problem, plan.promised, plan.seconds, watching.hear, watching.stop)
    keep_better(plan, found)


@transaction.atomic
def keep_better(plan: Plan, found: Document) -> None:
    """Keep what was found, if it is no worse and nothing was changed in the meantime."""
    rows = Plan.objects.select_for_update(of=("self",)).select_related("key")
    now = rows.filter(pk=plan.pk, run=plan.run).first()
    if now is None or now.state not in (PlanState.IMPROVING, PlanState.DRAFT):
        return
    plan = now
    plan.state = PlanState.DRAFT
    plan.take(min(found, plan.result, key=rank))
    plan.save()
    journal.record("plan improved", subject=plan, by=journal.MACHINE)


def rank(result: Document) -> tuple[int, float]:
    """Less is better: first promises, then waiting."""
    promises = result["promises"]
    return (-promises["kept"] if promises else 0, result["objective"])
