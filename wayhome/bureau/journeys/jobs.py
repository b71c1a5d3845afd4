"""Seek a better plan, in a lane of its own; look again at what was published."""

from procrastinate.contrib.django import app

from wayhome.bureau.journeys import improving, stopping

# A long search keeps no family's letter waiting.
PLANS = "plans"


@app.task(name="journeys.improve", queue=PLANS)
def improve(plan_id: str, run: int) -> None:
    improving.go_on(plan_id, run)


@app.task(name="journeys.look_again")
def look_again(plan_id: str) -> None:
    stopping.stop_journeys_of_plan(plan_id)
