"""Let a family's letters follow what he allows: never in her own request, whose time would tell.

And take in, every minute, what scanners put into their folder.
"""

from procrastinate.contrib.django import app

from wayhome.bureau.contact.actions import bring_forward, end_holds
from wayhome.bureau.contact.folder import take_scans
from wayhome.bureau.enquiries.models import Enquiry

# A lane of its own in the worker: a comparison of many names keeps no letter and no scan waiting.
LETTERS = "letters"


@app.task(name="contact.bring_letters_forward", queue=LETTERS)
def bring_letters_forward(enquiry_id: str) -> None:
    enquiry = Enquiry.objects.filter(pk=enquiry_id).first()
    if enquiry:
        bring_forward(enquiry)


@app.periodic(cron="* * * * *")
@app.task(
    name="contact.take_scans",
    queue=LETTERS,
    queueing_lock="contact.take_scans",
    lock="contact.take_scans",
    pass_context=False,
)
def take_scans_in(timestamp: int = 0) -> None:
    take_scans()


@app.periodic(cron="7 * * * *")
@app.task(
    name="contact.end_holds", queue=LETTERS, queueing_lock="contact.end_holds", pass_context=False
)
def end_holds_passed(timestamp: int = 0) -> None:
    """Every hour: what was held until a day that has passed waits for its review again."""
    end_holds()
