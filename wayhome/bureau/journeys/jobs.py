"""Seek a better plan, in a lane of its own: a long search keeps no family's letter waiting."""

from procrastinate.contrib.django import app

from wayhome.bureau.journeys import improving

PLANS = "plans"


@app.task(name="journeys.improve", queue=PLANS)
def improve(plan_id: str, run: int) -> None:
    improving.go_on(plan_id, run)
