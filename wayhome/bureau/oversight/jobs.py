"""Every ten minutes: which deadlines of the law have passed?"""

from django.utils import timezone
from procrastinate.contrib.django import app

from wayhome.bureau.oversight import actions


@app.periodic(cron="*/10 * * * *")
@app.task(name="oversight.tell_overdue", queueing_lock="oversight.tell_overdue", pass_context=False)
def tell_overdue(timestamp: int) -> None:
    """What has passed reaches the auditor without anybody's doing."""
    actions.tell_overdue(timezone.now())
