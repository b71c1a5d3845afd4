"""Telling every family of a programme that was withdrawn; looking at days set by hand again."""

from procrastinate.contrib.django import app

from wayhome.bureau.captives.jobs import BEHIND_OTHERS
from wayhome.bureau.returns import days
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.telling import tell_next


@app.task(name="returns.tell_all", priority=BEHIND_OTHERS)
def tell_all(programme_id: str) -> None:
    """Write to the next families, then let other work have its turn. Run twice it goes on."""
    if tell_next(Programme.objects.get(pk=programme_id)):
        tell_all.defer(programme_id=programme_id)


@app.task(name="returns.look_at_days")
def look_at_days() -> None:
    """The law changed: an agreement or a programme ended."""
    days.look_at_all_days()


# After the day turned, when certificates and agreements end.
@app.periodic(cron="15 0,4 * * *")
@app.task(name="returns.look_each_day", queueing_lock="returns.look_each_day", pass_context=False)
def look_each_day(timestamp: int) -> None:
    days.look_at_all_days()
