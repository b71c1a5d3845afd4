"""Once a day: for whom is another year full?"""

from procrastinate.contrib.django import app

from wayhome.bureau.yearly import actions


@app.periodic(cron="20 7 * * *")
@app.task(name="yearly.write_letters", queueing_lock="yearly.write_letters", pass_context=False)
def write_letters(timestamp: int) -> None:
    """May run twice and do no harm: one letter a year and enquiry."""
    actions.write_letters()
