"""Background work: nothing of a statement that was taken back is left in the index."""

from procrastinate.contrib.django import app

from wayhome.bureau.statements.bridge import MENTIONED


@app.periodic(cron="*/10 * * * *")
@app.task(
    name="statements.forget_names", queueing_lock="statements.forget_names", pass_context=False
)
def forget_names(timestamp: int) -> None:
    """What was taken back is left in no file of the index either."""
    MENTIONED.leave_nothing_of_the_removed()
