"""Background work on captives: importing files, and looking who has two cards."""

from procrastinate.contrib.django import app

from wayhome.bureau.captives.actions import files, same_man
from wayhome.bureau.captives.importing import CARDS, SLICE_SECONDS
from wayhome.bureau.captives.models import Captive, CardFile
from wayhome.bureau.captives.rules import FileKind, FileState

# A file of many waits for the one family that asks now; matching goes before looking for two
# cards of one man.
BEHIND_OTHERS, LAST = -5, -20


@app.task(name="captives.import_cards", priority=BEHIND_OTHERS)
def import_cards(file_id: str) -> None:
    """Go on with a file for a few seconds, then let other work have its turn."""
    file = CardFile.objects.filter(pk=file_id, kind=FileKind.CARDS).first()
    if file and CARDS.go_on(file, seconds=SLICE_SECONDS).state == FileState.IMPORTING:
        import_cards.defer(file_id=file_id)


@app.task(name="captives.propose_same_men", priority=LAST)
def propose_same_men(captive_ids: list[str]) -> None:
    """Look whether these men have a card already."""
    same_man.propose_same_men(Captive.objects.filter(pk__in=captive_ids))


@app.periodic(cron="27 4 * * *")
@app.task(name="captives.drop_forgotten_files", queueing_lock="captives.drop_forgotten_files")
def drop_forgotten_files(timestamp: int = 0) -> None:
    """Every night: a file that nobody decided about is not kept."""
    files.drop_forgotten_files()
