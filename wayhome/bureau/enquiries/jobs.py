"""Background work on enquiries."""

from procrastinate.contrib.django import app

from wayhome.bureau.captives.importing import SLICE_SECONDS
from wayhome.bureau.captives.jobs import BEHIND_OTHERS
from wayhome.bureau.captives.models import CardFile
from wayhome.bureau.captives.rules import FileKind, FileState
from wayhome.bureau.enquiries import actions, asking
from wayhome.bureau.enquiries.importing import ENQUIRIES


@app.task(name="enquiries.import_enquiries", priority=BEHIND_OTHERS)
def import_enquiries(file_id: str) -> None:
    """Go on with a file for a few seconds, then let other work have its turn."""
    file = CardFile.objects.filter(pk=file_id, kind=FileKind.ENQUIRIES).first()
    if file and ENQUIRIES.go_on(file, seconds=SLICE_SECONDS).state == FileState.IMPORTING:
        import_enquiries.defer(file_id=file_id)


@app.periodic(cron="30 6 1 * *")
@app.task(name="enquiries.ask_question", queueing_lock="enquiries.ask_question")
def ask_question(timestamp: int = 0) -> None:
    """On the first of each month: one question to all who left its answer empty."""
    asking.ask_question_of_month()


@app.periodic(cron="17 * * * *")
@app.task(name="enquiries.drop_old_drafts", queueing_lock="enquiries.drop_old_drafts")
def drop_old_drafts(timestamp: int = 0) -> None:
    """Every hour: what somebody began to type and left is not kept."""
    actions.drop_old_drafts()
