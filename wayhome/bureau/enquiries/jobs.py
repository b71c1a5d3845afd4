"""Background work on enquiries."""

from procrastinate.contrib.django import app

from wayhome.bureau.enquiries import actions


@app.periodic(cron="17 * * * *")
@app.task(name="enquiries.drop_old_drafts", queueing_lock="enquiries.drop_old_drafts")
def drop_old_drafts(timestamp: int = 0) -> None:
    """Every hour: what somebody began to type and left is not kept."""
    actions.drop_old_drafts()
