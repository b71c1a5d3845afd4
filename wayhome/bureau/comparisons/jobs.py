"""The blind search runs by itself."""

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from wayhome.bureau.comparisons.searching import search_all

BEHIND_OTHERS = -10


@app.periodic(cron="45 3 * * *")
@app.task(
    name="comparisons.search", queueing_lock="comparisons.search", lock="comparisons.search",
    priority=BEHIND_OTHERS,
)  # fmt: skip
def search(timestamp: int = 0) -> None:
    """All remains against all families: after each change, and once a day."""
    search_all()


def search_soon() -> None:
    """One search that waits stands for every change before it.

    A search that waits now may begin before this transaction is over: so it is asked for again
    once it is.
    """
    if not _asked_for():
        transaction.on_commit(_asked_for)


def _asked_for() -> bool:
    """Ask for a search; false where one waits already."""
    try:
        with transaction.atomic():
            search.defer()
    except AlreadyEnqueued:
        return False
    return True
