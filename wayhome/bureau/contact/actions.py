"""Write, bring forward, review, pass on, take back."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image, ImageDraw

from wayhome.bureau.answers.freezing import is_frozen
from wayhome.bureau.captives.actions import note_own_card
from wayhome.bureau.captives.models import Captive, Place
from wayhome.bureau.captives.queries import places_of
from wayhome.bureau.captives.rules import CustodyState, DutyKind
from wayhome.bureau.consents.actions import lock_sitting
from wayhome.bureau.consents.models import Consent, Sitting
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact import rules
from wayhome.bureau.contact.announcements import letter_to_him_written
from wayhome.bureau.contact.models import CopyPicture, Letter, LetterCopy, Scan, Sheet
from wayhome.bureau.contact.rules import Box, Direction, Health, LetterKind, LetterState
from wayhome.bureau.contact.store import CAME, GOES_ON
from wayhome.bureau.enquiries.models import Enquirer, Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Match
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.ids import new_id
from wayhome.lib.media import clean_jpeg
from wayhome.lib.place_names import names_one
from wayhome.lib.refusal import refuse_if
from wayhome.lib.sheet_codes import new_sheet_code


@dataclass(frozen=True)
class Addressee:
    name: str = ""
    address: str = ""


@transaction.atomic
def write_from_him(
    *, kind: LetterKind, to: Addressee, text: str, by: Sitting, language: str = ""
) -> Letter:
    """Take a letter or card of his. Writing is his consent: no match and no neutral is asked.

    `language` is the one it is written in: that of his session, if he says nothing of it. Raises
    Refused, with nothing written, if it is empty, too long or goes to nobody.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(rules.why_not_write(kind=kind, text=text, name=to.name, address=to.address))
    now = timezone.now()
    letter = _new_from_him(by, kind, {"text": text, "name": to.name, "address": to.address})
    letter.language = language or by.language
    if kind == LetterKind.MESSAGE:
        letter.sheet = _sheet_for_reply(letter, now)
    letter.state, letter.written_at, letter.waits_since = LetterState.TO_REVIEW, now, now
    letter.save(force_insert=True)
    _journal("letter written", letter, by)
    return letter


@transaction.atomic
def write_capture_card(*, health: Health, to: Addressee, by: Sitting) -> Letter:
    """Take his capture card: on its way at once, to the Central Tracing Agency and, if he names
    somebody, to them (GC III 70). Stops the clocks of the two cards.
    """
    by.must(Permission.ANSWER_FOR_SELF)
    lock_sitting(by)
    refuse_if(rules.why_not_card(name=to.name, address=to.address))
    content = {"health": health.value, "name": to.name, "address": to.address}
    letter = _new_from_him(by, LetterKind.CAPTURE_CARD, content)
    letter.state, letter.written_at = LetterState.PASSED, timezone.now()
    letter.save(force_insert=True)
    note_own_card(captive=by.captive, kind=DutyKind.AGENCY_CARD, by=by)
    if to.name:
        note_own_card(captive=by.captive, kind=DutyKind.FAMILY_CARD, by=by)
    _journal("capture card written", letter, by)
    return letter


def _sheet_for_reply(letter: Letter, now: datetime) -> Sheet:
    """Of a typed Red Cross Message the second part is printed, with its code, for the answer."""
    return Sheet.objects.create(
        code=new_sheet_code(),
        direction=Direction.FROM_HIM,
        kind=letter.kind,
        captive=letter.captive,
        language=letter.language,
        printed_at=now,
    )


def _new_from_him(by: Sitting, kind: LetterKind, content: dict[str, str]) -> Letter:
    return Letter(
        direction=Direction.FROM_HIM,
        kind=kind,
        captive=by.captive,
        sitting=by,
        key=by.captive.key,
        content=content,
        language=by.language,
    )


@transaction.atomic
def write_to_him(*, enquiry: Enquiry, text: str, by: Enquirer, language: str = "") -> Letter:
    """Take a letter to the person sought: kept for every family alike, whatever we know (P5)."""
    by.must(Permission.ASK_OWN)
    refuse_if(rules.why_not_text(LetterKind.LETTER, text))
    letter = Letter.objects.create(
        direction=Direction.TO_HIM,
        kind=LetterKind.LETTER,
        enquiry=enquiry,
        key=by.key,
        content={"text": text},
        language=language or by.language,
        state=LetterState.KEPT,
        written_at=timezone.now(),
    )
    _journal("letter written", letter, by)
    letter_to_him_written.send(Letter, enquiry=enquiry)
    return letter


@transaction.atomic
def bring_forward(enquiry: Enquiry) -> None:
    """Let her letters go on while he allows them, and come back while he does not."""
    match = _open_way(enquiry)
    mine = Letter.objects.filter(enquiry=enquiry, direction=Direction.TO_HIM)
    if match:
        kept = mine.filter(state=LetterState.KEPT)
        kept.update(state=LetterState.TO_REVIEW, captive=match.captive, waits_since=timezone.now())
        return
    # Locked first: one that is passed at this moment is seen as passed, its copy with it.
    stopped = mine.filter(state__in=[LetterState.TO_REVIEW, LetterState.HELD, LetterState.PASSED])
    locked = stopped.select_for_update().values_list("pk", flat=True)
    back = Letter.objects.filter(pk__in=list(locked))
    _drop_copies(back)
    back.update(
        state=LetterState.KEPT,
        captive=None,
        waits_since=None,
        reviewed_by=None,
        reviewed_at=None,
        hold_reason="",
        held_until=None,
    )


def _drop_copies(letters: "QuerySet[Letter]") -> None:
    """What was to go on does not: the copies end, and the files of their pictures with them."""
    pictures = CopyPicture.objects.filter(copy__letter__in=letters)
    for picture in pictures:
        transaction.on_commit(partial(GOES_ON.remove, picture.pk))
    pictures.delete()
    LetterCopy.objects.filter(letter__in=letters).delete()


def _open_way(enquiry: Enquiry) -> Match | None:
    """The match by which her letters reach him now: he is held and allowed letters of hers.

    While a person must speak with her first, her page tells of them as before (P20): nobody reads
    or gives them. Locked, as his consent and its withdrawal lock it; before any letter.
    """
    rows = Match.objects.standing().filter(enquiry=enquiry)
    if not is_frozen(enquiry):
        rows = rows.filter(captive__custody_state=CustodyState.HELD)
    # Not its key: an event of his custody, which keeps a row beside it, need not wait.
    rows = rows.select_for_update(of=("self",), no_key=True)
    for match in rows.select_related("captive").order_by("confirmed_at"):
        consent = Consent.objects.in_force(match, Kind.LETTERS)
        if consent is not None and consent.answer == Answer.YES:
            return match
    return None


def take_back_all(enquiry: Enquiry) -> None:
    """She had her enquiry forgotten: what has not reached him goes with it."""
    mine = Letter.objects.filter(enquiry=enquiry)
    for scan in Scan.objects.filter(letter__in=mine).select_related("key"):
        if scan.picture is not None and scan.key.is_destroyed:
            transaction.on_commit(partial(CAME.remove, scan.picture))
    mine.filter(state__in=rules.ON_ITS_WAY).update(state=LetterState.TAKEN_BACK)


@transaction.atomic
def ask_back(*, letter: Letter, by: Enquirer) -> Letter:
    """She wants it back: it stops where it is, unless it is past stopping; either looks alike."""
    by.must(Permission.ASK_OWN)
    letter = _locked(Letter.objects.visible_to(by), letter)
    refuse_if(rules.why_not_ask_back(asked=letter.asked_back_at is not None))
    letter.asked_back_at = timezone.now()
    if letter.state in rules.ON_ITS_WAY:
        letter.state = LetterState.TAKEN_BACK
    letter.save(update_fields=["state", "asked_back_at"])
    _journal("letter taken back", letter, by)
    return letter


@transaction.atomic
def take_back(*, letter: Letter, by: Sitting) -> Letter:
    """He takes back what has not passed its review."""
    by.must(Permission.ANSWER_FOR_SELF)
    letter = _locked(Letter.objects.visible_to(by), letter)
    _move(letter, LetterState.TAKEN_BACK)
    letter.save(update_fields=["state"])
    _journal("letter taken back", letter, by)
    return letter


@transaction.atomic
def pass_letter(
    *,
    letter: Letter,
    black_out: frozenset[int],
    boxes: Mapping[UUID, Sequence[Box]] | None = None,
    sides: int | None = None,
    by: Staff,
) -> Letter:
    """Pass a letter on, without the passages that are blacked out. Each letter is reviewed once.

    `boxes`, by the id of a side of a letter by hand, are what is made black in its picture;
    `sides` is how many of them its reader was shown.
    """
    by.must(Permission.REVIEW_LETTER)
    letter = _locked(Letter.objects.visible_to(by), letter)
    refuse_if(rules.why_not_pass(shown=sides, came=letter.scans.count()))
    _move(letter, LetterState.PASSED)
    assert letter.captive is not None, "what is reviewed is from him or for him"
    copy = LetterCopy.objects.create(
        letter=letter,
        key=letter.captive.key,
        text=rules.blacked_out(letter.content.get("text", ""), black_out),
        blacked_out=len(black_out) + sum(map(len, (boxes or {}).values())),
    )
    for scan in letter.scans.select_related("key").order_by("side"):
        _copy_picture(copy, scan, (boxes or {}).get(scan.pk, ()))
    _reviewed(letter, by)
    _journal("letter passed", letter, by)
    return letter


def _copy_picture(copy: LetterCopy, scan: Scan, boxes: Sequence[Box]) -> None:
    """One side as it goes on, under his key: what is made black is not in the file any more."""
    assert scan.picture is not None, "a constraint of the database"
    assert scan.side is not None, "a constraint of the database"
    picture = CopyPicture(
        id=new_id(), copy=copy, key=copy.key, side=scan.side, boxes=len(boxes)
    )  # fmt: skip
    GOES_ON.keep(picture.pk, copy.key, _made_black(CAME.read(scan.picture, scan.key), boxes))
    picture.save(force_insert=True)


# A JPEG holds squares of so many pixels: black to their edges, no shade is left beside.
SQUARE = 16


def _made_black(picture: bytes, boxes: Sequence[Box]) -> bytes:
    if not boxes:
        return picture
    opened = Image.open(io.BytesIO(picture), formats=("JPEG",)).convert("RGB")
    draw = ImageDraw.Draw(opened)
    for box in boxes:
        first = [_edge(box.left * opened.width - 1), _edge(box.top * opened.height - 1)]
        last = [_edge(box.right * opened.width, 1), _edge(box.bottom * opened.height, 1)]
        draw.rectangle((*first, *last), fill="black")
    return clean_jpeg(opened)


def _edge(at: float, further: int = 0) -> int:
    return (int(at) // SQUARE + further) * SQUARE


@transaction.atomic
def hold_letter(*, letter: Letter, reason: str, until: date | None, by: Staff) -> Letter:
    """Hold a letter back for a reason of the list, until a day; its sender reads both."""
    by.must(Permission.REVIEW_LETTER)
    letter = _locked(Letter.objects.visible_to(by), letter)
    refuse_if(
        rules.why_not_hold(
            reason=reason,
            until=until,
            today=timezone.localdate(),
            held_before=letter.state != LetterState.HELD and letter.held_until is not None,
        )
    )
    _move(letter, LetterState.HELD)
    letter.hold_reason, letter.held_until = reason, until
    _reviewed(letter, by)
    _journal("letter held back", letter, by)
    return letter


@transaction.atomic
def end_holds() -> int:
    """Let every letter whose day has passed wait for its review again. Returns how many.

    The clock of its review runs from that day on: it is never held silently (76).
    """
    over = Letter.objects.filter(state=LetterState.HELD, held_until__lt=timezone.localdate())
    letters = list(over.select_for_update(of=("self",)).select_related("captive", "enquiry"))
    for letter in letters:
        _move(letter, LetterState.TO_REVIEW)
        letter.waits_since = timezone.now()
        letter.save(update_fields=["state", "waits_since"])
        whose = letter.enquiry or letter.captive
        number = whose.bureau_number if whose else ""
        journal.record("letter held no longer", subject=letter, by=journal.MACHINE, person=number)
    return len(letters)


@transaction.atomic
def note_language(*, letter: Letter, language: str, by: Staff) -> Letter:
    """A reviewer saw that it is in another language: it goes to whoever reads that. It waits on
    since the same moment, so that its clock tells how long it really waits.
    """
    by.must(Permission.REVIEW_LETTER)
    letter = _locked(Letter.objects.visible_to(by), letter)
    refuse_if(
        rules.why_not_language(
            language=language, written_in=letter.language, letter=LetterState(letter.state)
        )
    )
    letter.language = language
    letter.save(update_fields=["language"])
    _journal("language of letter noted", letter, by)
    return letter


def _reviewed(letter: Letter, by: Staff) -> None:
    letter.reviewed_by, letter.reviewed_at = by, timezone.now()
    letter.save(update_fields=["state", "reviewed_by", "reviewed_at", "hold_reason", "held_until"])


@transaction.atomic
def note_sent(*, letter: Letter, by: Staff) -> Letter:
    """Note that a letter of his was given to the post or to the Central Tracing Agency; or that
    one to him was given to him on paper.
    """
    by.must(Permission.SEND_LETTER)
    letter = _locked(Letter.objects.visible_to(by), letter)
    _move(letter, LetterState.DELIVERED)
    letter.delivered_by, letter.delivered_at = by, timezone.now()
    letter.save(update_fields=["state", "delivered_by", "delivered_at"])
    _journal("letter sent", letter, by)
    return letter


@transaction.atomic
def read_letter(*, letter: Letter, by: Sitting) -> LetterCopy:
    """He opens a letter that came to him; the first time delivers it."""
    by.must(Permission.ANSWER_FOR_SELF)
    came = Letter.objects.visible_to(by).filter(direction=Direction.TO_HIM)
    letter = _locked(came, letter)
    if letter.state == LetterState.PASSED:
        letter.state, letter.delivered_at = LetterState.DELIVERED, timezone.now()
        letter.save(update_fields=["state", "delivered_at"])
        _journal("letter delivered", letter, by)
    return LetterCopy.objects.select_related("key").get(letter=letter)


def picture_for_him(*, letter: Letter, side: int) -> bytes | None:
    """A side of a letter by hand: of his own as it came, of one to him only what goes on."""
    if letter.direction == Direction.FROM_HIM:
        scan = letter.scans.select_related("key").filter(side=side).first()
        return CAME.read(scan.picture, scan.key) if scan and scan.picture else None
    pictures = CopyPicture.objects.filter(copy__letter=letter, side=side).select_related("key")
    goes_on = pictures.first()
    return GOES_ON.read(goes_on.pk, goes_on.key) if goes_on else None


def passages_that_tell_a_place(letter: Letter) -> frozenset[int]:
    """Which passages name a place where people are held, or a position: shown to the reviewer."""
    assert letter.captive is not None
    captive: Captive = letter.captive
    places = [*Place.objects.values_list("name", flat=True), *places_of(captive)]
    return frozenset(
        place
        for place, passage in enumerate(rules.passages_of(letter.content.get("text", "")))
        if names_one(passage, places) or rules.tells_a_position(passage)
    )


def _locked(rows: "QuerySet[Letter]", letter: Letter) -> Letter:
    # Locked, so that of two who decide about one letter only the first does.
    related = rows.select_for_update(of=("self",)).select_related("key", "captive__key")
    return related.get(pk=letter.pk)


def _move(letter: Letter, then: LetterState) -> None:
    refuse_if(rules.why_not_move(LetterState(letter.state), then))
    letter.state = then


def _journal(action: str, letter: Letter, by: Enquirer | Sitting | Staff) -> None:
    person = letter.captive.bureau_number if letter.captive else ""
    if letter.enquiry is not None:
        person = letter.enquiry.bureau_number
    journal.record(action, subject=letter, by=by, person=person)
