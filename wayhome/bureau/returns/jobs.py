"""Telling every family that a programme was withdrawn, some at a time."""

from procrastinate.contrib.django import app

from wayhome.bureau.captives.jobs import BEHIND_OTHERS
from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.telling import tell_next


@app.task(name="returns.tell_all", priority=BEHIND_OTHERS)
def tell_all(programme_id: str) -> None:
    """Write to the next families, then let other work have its turn. Run twice it goes on."""
    if tell_next(Programme.objects.get(pk=programme_id)):
        tell_all.defer(programme_id=programme_id)
