"""Letters written by hand: print a sheet with its code, take in what comes back, file it.

A file is stored before it leaves the folder, so that a crash at any moment leaves it there or here.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.contact import rules
from wayhome.bureau.contact.announcements import letter_to_him_written
from wayhome.bureau.contact.models import Letter, Scan, Sheet
from wayhome.bureau.contact.rules import (
    Direction,
    LetterKind,
    LetterState,
    NotFiled,
    ScanState,
)
from wayhome.bureau.contact.store import CAME
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.ids import new_id
from wayhome.lib.media import MediaRefused
from wayhome.lib.media import Refused as NotTaken
from wayhome.lib.refusal import Refusal, Refused, refuse_if
from wayhome.lib.scans import Side
from wayhome.lib.sheet_codes import OnSheet, new_sheet_code, read_typed

CAME_ALREADY = Refusal(
    "scan.twice", rules.WHY_NOT_FILED[NotFiled.CAME_BEFORE], field="file"
)  # of a whole file
NOT_TAKEN = {
    NotTaken.TOO_LARGE: _("This file is too large. Scan fewer sheets at once."),
    NotTaken.NOT_A_PICTURE_OR_PDF: _("This is neither a picture nor a PDF."),
    NotTaken.ENCRYPTED_PDF: _("This PDF has a password. Scan the sheets without one."),
    NotTaken.TOO_MANY_PAGES: _("This file has more than 60 sides. Scan fewer sheets at once."),
    NotTaken.UNREADABLE: _("This file cannot be opened. Scan the sheets again."),
}


def not_taken(fault: MediaRefused) -> Refusal:
    """Why a file of a scanner was not taken, in plain words."""
    return Refusal(f"scan.{fault.kind}", NOT_TAKEN[fault.kind], field="file")


@transaction.atomic
def print_for_him(
    *, captive: Captive, kind: LetterKind, copies: int, language: str, by: Staff
) -> list[Sheet]:
    """Empty sheets for a man to write on, each with a code of its own."""
    by.must(Permission.SEND_LETTER)
    captive = Captive.objects.visible_to(by).get(pk=captive.pk)
    refuse_if(rules.why_not_print(kind=kind, copies=copies, from_him=True))
    now = timezone.now()
    sheets = [
        Sheet.objects.create(
            code=new_sheet_code(),
            direction=Direction.FROM_HIM,
            kind=kind,
            captive=captive,
            language=language,
            printed_at=now,
            printed_by=by,
        )
        for _ in range(copies)
    ]
    journal.record("sheets printed", subject=sheets[0], by=by, person=captive.bureau_number)
    return sheets


@transaction.atomic
def print_for_her(*, enquiry: Enquiry, by: Enquirer) -> Sheet:
    """A Red Cross Message for a family to write on: the same for every one of them (P5)."""
    by.must(Permission.ASK_OWN)
    enquiry = Enquiry.objects.visible_to(by).get(pk=enquiry.pk)
    sheet = Sheet.objects.create(
        code=new_sheet_code(),
        direction=Direction.TO_HIM,
        kind=LetterKind.MESSAGE,
        enquiry=enquiry,
        language=by.language,
        printed_at=timezone.now(),
    )
    journal.record("sheets printed", subject=sheet, by=by, person=enquiry.bureau_number)
    return sheet


def sheet_of_nobody(*, code: str, at: datetime) -> Sheet:
    """A sheet like hers that is kept nowhere: what comes back on it waits for a person."""
    return Sheet(code=code, direction=Direction.TO_HIM, kind=LetterKind.MESSAGE, printed_at=at)


# What comes back.


def digest_of(content: bytes) -> bytes:
    """By which a file is known again."""
    return hashlib.sha256(content).digest()


def came_before(digest: bytes) -> bool:
    """Whether this very file was taken in already."""
    return Scan.objects.filter(digest=digest).exists()


@transaction.atomic
def take_in(*, digest: bytes, sides: Sequence[Side], by: Staff | None) -> list[Scan]:
    """Keep every side of a file; file those whose code says whose they are.

    All or none: a second taking of the same file finds the first. Raises Refused if it came before.
    """
    if by is not None:
        by.must(Permission.BRING_SCAN)
    try:
        with transaction.atomic():
            return [_keep(digest, place, side, by) for place, side in enumerate(sides)]
    except IntegrityError:
        if came_before(digest):
            raise Refused(CAME_ALREADY) from None
        raise


@transaction.atomic
def note_unreadable(*, digest: bytes) -> Scan:
    """A file of the folder could not be opened: somebody must scan that sheet again."""
    scan, made = Scan.objects.get_or_create(
        digest=digest,
        place=0,
        defaults={
            "key": PersonKey.make(),
            "state": ScanState.UNREADABLE,
            "why": NotFiled.NOT_OPENED,
            "came_at": timezone.now(),
        },
    )
    if made:
        journal.record("scan not opened", subject=scan, by=journal.MACHINE)
    return scan


def _keep(digest: bytes, place: int, side: Side, by: Staff | None) -> Scan:
    scan = Scan(
        digest=digest,
        place=place,
        width=side.width,
        height=side.height,
        state=ScanState.NOT_FILED,
        brought_by=by,
        came_at=timezone.now(),
    )
    if len(side.codes) == 1:
        (on,) = side.codes
        scan.code, scan.side = on.code, on.side
        found = _where(on)
        if isinstance(found, _Place):
            return _file(scan, found, side.picture, by)
        scan.why = found
    else:
        scan.why = NotFiled.SEVERAL_CODES if side.codes else NotFiled.NO_CODE
    scan.key, scan.picture = PersonKey.make(), new_id()
    CAME.keep(scan.picture, scan.key, side.picture)
    scan.save(force_insert=True)
    journal.record("scan taken in", subject=scan, by=by or journal.MACHINE)
    return scan


@dataclass(frozen=True)
class _Place:
    """Where a side belongs: the letter that is there, or how to begin it."""

    side: int
    key: PersonKey
    person: str  # a bureau number
    letter: Letter | None
    begin: Callable[[], Letter]


def _where(on: OnSheet) -> _Place | NotFiled:
    # Locked, so that two sides that come at once make one letter.
    rows = Sheet.objects.select_for_update(of=("self",)).filter(code=on.code)
    sheet = rows.select_related("captive__key", "enquiry__enquirer__key").first()
    return NotFiled.UNKNOWN_CODE if sheet is None else _on_sheet(sheet, on.side)


def _on_sheet(sheet: Sheet, side: int) -> _Place | NotFiled:
    # Locked, so that no side is filed to a letter that goes on at this moment.
    rows = Letter.objects.select_for_update(of=("self",)).select_related("captive__key")
    first = rows.filter(sheet=sheet, answers=None).first()
    state = LetterState(first.state) if first else None
    if first and rules.is_reply(kind=LetterKind(sheet.kind), side=side, letter=state):
        return _as_reply(first, side)
    key, person = _sender(sheet)
    forgotten = sheet.enquiry is not None and sheet.enquiry.state == EnquiryState.FORGOTTEN
    if forgotten or key.is_destroyed:
        return NotFiled.SENDER_FORGOTTEN
    found = _why_not(first, side)
    return found or _Place(side, key, person, first, partial(_begin, sheet, key))


def _as_reply(first: Letter, side: int) -> _Place | NotFiled:
    """The second part of a Red Cross Message answers the first, whichever way that went."""
    captive = first.captive
    assert captive is not None, "what went on has him at one end"
    reply = Letter.objects.select_for_update(of=("self",)).filter(answers=first).first()
    found = _why_not(reply, side)
    begin = partial(_begin_reply, first, captive)
    return found or _Place(side, captive.key, captive.bureau_number, reply, begin)


def _why_not(letter: Letter | None, side: int) -> NotFiled | None:
    filed = letter.scans.values_list("side", flat=True) if letter else ()
    return rules.why_not_file(
        side=side,
        came=frozenset(each for each in filed if each),
        letter=LetterState(letter.state) if letter else None,
    )


def _sender(sheet: Sheet) -> tuple[PersonKey, str]:
    if sheet.captive is not None:
        return sheet.captive.key, sheet.captive.bureau_number
    assert sheet.enquiry is not None, "a constraint of the database"
    return sheet.enquiry.enquirer.key, sheet.enquiry.bureau_number


def _begin(sheet: Sheet, key: PersonKey) -> Letter:
    """A letter by hand, as of a family for every one alike, whatever we know (P5)."""
    now = timezone.now()
    from_him = sheet.direction == Direction.FROM_HIM
    letter = Letter.objects.create(
        direction=sheet.direction,
        kind=sheet.kind,
        captive=sheet.captive,
        enquiry=sheet.enquiry,
        sheet=sheet,
        key=key,
        content={},
        language=sheet.language,
        state=LetterState.TO_REVIEW if from_him else LetterState.KEPT,
        written_at=now,
        waits_since=now if from_him else None,
    )
    if sheet.enquiry is not None:
        letter_to_him_written.send(Letter, enquiry=sheet.enquiry)
    return letter


def _begin_reply(first: Letter, captive: Captive) -> Letter:
    now = timezone.now()
    from_him = first.direction == Direction.TO_HIM
    return Letter.objects.create(
        direction=Direction.FROM_HIM if from_him else Direction.TO_HIM,
        kind=first.kind,
        captive=captive,
        sheet=first.sheet,
        answers=first,
        key=captive.key,
        content={},
        language=first.language,
        state=LetterState.TO_REVIEW,
        written_at=now,
        waits_since=now,
    )


def _file(scan: Scan, to: _Place, picture: bytes, by: Staff | None) -> Scan:
    scan.letter = to.letter or to.begin()
    scan.state, scan.why, scan.side = ScanState.FILED, "", to.side
    scan.key, scan.picture = to.key, new_id()
    CAME.keep(scan.picture, scan.key, picture)
    scan.save()
    journal.record("scan filed", subject=scan, by=by or journal.MACHINE, person=to.person)
    return scan


# The desk for what the machine did not file.


@transaction.atomic
def file_scan(*, scan: Scan, code: str, side: int, of_its_own: bool, by: Staff) -> Scan:
    """A person says to which sheet a side belongs, by the code that is printed on it.

    `of_its_own`: the sheet was copied, or its letter went on: this is another letter of its sender.
    """
    by.must(Permission.BRING_SCAN)
    scan = _locked(scan, by)
    refuse_if(rules.why_not_move_scan(ScanState(scan.state), ScanState.FILED))
    typed = read_typed(code)
    refuse_if(rules.why_not_code(typed))
    found = _where_as_typed(OnSheet(typed or "", side), of_its_own)
    if not isinstance(found, _Place):
        raise Refused(Refusal(f"scan.{found}", rules.WHY_NOT_FILED[found], field="code"))
    assert scan.picture is not None, "what may be filed has its picture"
    before, own_key = scan.picture, scan.key
    picture = CAME.read(before, own_key)
    scan.code, scan.decided_by, scan.decided_at = typed or "", by, timezone.now()
    _file(scan, found, picture, by)
    own_key.destroy()
    # A new file under a new name: a crash before the commit leaves the old one as it was.
    transaction.on_commit(partial(CAME.remove, before))
    return scan


def _where_as_typed(on: OnSheet, of_its_own: bool) -> _Place | NotFiled:
    if not of_its_own:
        return _where(on)
    rows = Sheet.objects.select_related("captive__key", "enquiry__enquirer__key")
    copied = rows.filter(code=on.code).first()
    if copied is None:
        return NotFiled.UNKNOWN_CODE
    copied.pk, copied.code, copied.printed_at = new_id(), new_sheet_code(), timezone.now()
    copied.save(force_insert=True)
    return _on_sheet(copied, on.side)


@transaction.atomic
def put_aside(*, scan: Scan, by: Staff) -> Scan:
    """A blank side, one that came twice, or a file that was scanned again. Its picture is kept."""
    by.must(Permission.BRING_SCAN)
    scan = _locked(scan, by)
    refuse_if(rules.why_not_move_scan(ScanState(scan.state), ScanState.PUT_ASIDE))
    scan.state, scan.decided_by, scan.decided_at = ScanState.PUT_ASIDE, by, timezone.now()
    scan.save(update_fields=["state", "decided_by", "decided_at"])
    journal.record("scan put aside", subject=scan, by=by)
    return scan


def _locked(scan: Scan, by: Staff) -> Scan:
    rows = Scan.objects.visible_to(by).select_for_update(of=("self",)).select_related("key")
    return rows.get(pk=scan.pk)
