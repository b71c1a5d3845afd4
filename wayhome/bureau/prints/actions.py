"""Keep fingerprints of the dead and of persons sought; open them; take one back."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.prints import store
from wayhome.bureau.prints.models import Print
from wayhome.bureau.prints.rules import Taken, why_not_keep, why_not_take_back
from wayhome.bureau.remains.models import Remains
from wayhome.bureau.remains.pictures import drawn_picture
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.dates import read_date
from wayhome.lib.ids import new_id
from wayhome.lib.refusal import refuse_if

Whose = Remains | Enquiry


def keep_of_remains(*, remains: Remains, taken: Taken, content: bytes, by: Staff) -> Print:
    """Keep a print that was taken from the dead."""
    by.must(Permission.EXAMINE_REMAINS)
    return _keep(remains, taken, content, by)


def keep_of_sought(*, enquiry: Enquiry, taken: Taken, content: bytes, by: Staff) -> Print:
    """Keep a print from before death: of a card, a paper, a thing that a person sought touched."""
    by.must(Permission.SEE_ANTEMORTEM)
    return _keep(enquiry, taken, content, by)


def _keep(whose: Whose, taken: Taken, content: bytes, by: Staff) -> Print:
    drawn = drawn_picture(content, of="print")  # outside the transaction: it may take seconds
    print_id = new_id()
    store.keep(print_id, whose.key, drawn)
    try:
        return _keep_row(print_id, whose, taken, content, by)
    except BaseException:
        store.remove(print_id)
        raise


@transaction.atomic
def _keep_row(print_id: UUID, whose: Whose, taken: Taken, content: bytes, by: Staff) -> Print:
    whose = _locked(whose)
    digest = blind_index("print", content.hex())
    rows = Print.objects.standing()
    theirs = (
        rows.filter(remains=whose) if isinstance(whose, Remains) else rows.filter(enquiry=whose)
    )
    refuse_if(why_not_keep(taken, known=theirs.filter(digest=digest).exists(), kept=theirs.count()))
    day = read_date(taken.on)
    kept = Print.objects.create(
        id=print_id,
        remains=whose if isinstance(whose, Remains) else None,
        enquiry=whose if isinstance(whose, Enquiry) else None,
        key=whose.key,
        finger=taken.finger,
        source=taken.source.strip(),
        on=day.text if day else "",
        digest=digest,
        by=by,
    )
    _journal("fingerprint taken in", kept, by)
    return kept


def _locked(whose: Whose) -> Whose:
    if isinstance(whose, Remains):
        rows = Remains.objects.select_for_update(of=("self",))
        return rows.select_related("key").get(pk=whose.pk)
    enquiries = Enquiry.objects.select_for_update(of=("self",))
    return enquiries.select_related("key").get(pk=whose.pk)


def open_print(*, kept: Print, by: Staff) -> bytes:
    """The picture; the look is in the journal. Whether this person may see it the page asked."""
    by.must(Permission.USE_CONSOLE)
    journal.looked(subject=kept, by=by, person=kept.number, purpose="fingerprint")
    return store.read(kept.pk, kept.key)


@transaction.atomic
def take_back(*, kept: Print, reason: str, by: Staff) -> Print:
    """It was of somebody else, or of another finger: it stays, and is compared no more."""
    by.must(Permission.EXAMINE_REMAINS if kept.remains_id else Permission.SEE_ANTEMORTEM)
    rows = Print.objects.select_for_update(of=("self",))
    kept = rows.select_related("key", "remains", "enquiry").get(pk=kept.pk)
    refuse_if(why_not_take_back(standing=kept.taken_back_at is None, reason=reason))
    kept.taken_back_by, kept.taken_back_at = by, timezone.now()
    kept.why_taken_back = reason.strip()
    kept.save(update_fields=["taken_back_by", "taken_back_at", "why_taken_back"])
    _journal("fingerprint taken back", kept, by)
    return kept


def forget_prints(enquiry: Enquiry) -> None:
    """The family was forgotten: its key is destroyed, and the files go too."""
    for print_id in Print.objects.filter(enquiry=enquiry).values_list("pk", flat=True):
        transaction.on_commit(lambda row=print_id: store.remove(row))  # type: ignore[misc]


def _journal(action: str, kept: Print, by: Staff) -> None:
    journal.record(action, subject=kept, by=by, person=kept.number, purpose=kept.finger)
