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


@app.task(name="journeys.look_at_all")
def look_at_all() -> None:
    """The law changed: an agreement or a programme ended."""
    stopping.look_at_all()


# After the day turned, when certificates and agreements end, and before the first leg departs.
@app.periodic(cron="10 0,4 * * *")
@app.task(name="journeys.look_each_day", queueing_lock="journeys.look_each_day", pass_context=False)
def look_each_day(timestamp: int) -> None:
    stopping.look_at_all()
