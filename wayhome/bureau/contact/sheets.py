"""Sheets to write on by hand, and what was written on them as it goes on, both at real size."""

import io
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.models import Letter, LetterCopy, Sheet
from wayhome.bureau.contact.printing import LABELS, SIZES_MM
from wayhome.bureau.contact.rules import REPLY_SIDE, SIDES, Direction, LetterKind
from wayhome.bureau.contact.store import GOES_ON
from wayhome.lib.printing import printed
from wayhome.lib.sheet_codes import for_picture, in_groups
from wayhome.lib.two_languages import both

HERE = Path(__file__).parent
CODE_MM = 22  # of 25 modules and the margin: read from a photograph of a telephone
MARGIN_MM = {LetterKind.CARD: 6, LetterKind.LETTER: 8, LetterKind.MESSAGE: 14}
LINE_MM = {LetterKind.CARD: 8, LetterKind.LETTER: 8, LetterKind.MESSAGE: 7}
TO_LINES = {LetterKind.CARD: 4, LetterKind.LETTER: 3, LetterKind.MESSAGE: 2}
HEADINGS = {
    (LetterKind.CARD, Direction.FROM_HIM): _("Correspondence card of a prisoner of war"),
    (LetterKind.LETTER, Direction.FROM_HIM): _("Letter of a prisoner of war"),
    (LetterKind.MESSAGE, Direction.FROM_HIM): _("Red Cross Message"),
    (LetterKind.MESSAGE, Direction.TO_HIM): _("Red Cross Message"),
}
REPLY = _("Reply to this Red Cross Message")
TITLE = _("Sheet")
HINT = _("Family news only. Do not write where anybody is held. Leave the square code free.")
SIDE_OF_A_LETTER = _("Side of a letter written by hand")


def blank(sheets: Sequence[Sheet]) -> bytes:
    """Empty sheets as PDF/A-2b, each side with its code, one after the other."""
    sides = [
        _side(sheet, number)
        for sheet in sheets
        for number in range(1, SIDES[LetterKind(sheet.kind)] + 1)
    ]
    return _printed(sides, sheets[0].printed_at)


def goes_on(letter: Letter) -> bytes:
    """What goes on of a letter by hand, as PDF/A-2b; a Red Cross Message with its empty reply,
    were it typed or not.
    """
    copy = LetterCopy.objects.select_related("key").get(letter=letter)
    sides = [
        _written(letter, GOES_ON.read(picture.pk, picture.key))
        for picture in copy.pictures.select_related("key").order_by("side")
    ]
    sides = sides or [_typed(letter, copy.text)]
    if letter.kind == LetterKind.MESSAGE and letter.answers is None:
        assert letter.sheet is not None, "a constraint of the database"
        sides.append(_side(letter.sheet, REPLY_SIDE))
    return _printed(sides, letter.written_at)


def _printed(sides: list[dict[str, Any]], at: datetime) -> bytes:
    told = {
        "title": str(TITLE),
        "demo": settings.DEMO,
        "labels": {name: both(words) for name, words in LABELS.items()},
        "code_mm": CODE_MM,
        "sides": sides,
    }
    return printed(HERE / "blank.typ", told, at)


def _written(letter: Letter, picture: bytes) -> dict[str, Any]:
    width, height = SIZES_MM[LetterKind(letter.kind)]
    return {
        "width": width,
        "height": height,
        "margin": 0,
        "alt": str(SIDE_OF_A_LETTER),
        "picture": list(picture),
    }


def _typed(letter: Letter, text: str) -> dict[str, Any]:
    """The first part of a Red Cross Message that he typed. Never where he is."""
    captive = letter.captive
    assert captive is not None, "typed by him"
    width, height = SIZES_MM[LetterKind.MESSAGE]
    return {
        "width": width,
        "height": height,
        "margin": MARGIN_MM[LetterKind.MESSAGE],
        "heading": both(HEADINGS[LetterKind.MESSAGE, Direction.FROM_HIM]),
        "sender": [captive.name, captive.bureau_number],
        "to": {name: letter.content.get(name, "") for name in ("name", "address")},
        "reply": settings.POSTAL_ADDRESS,
        "text": text,
        "date": timezone.localtime(letter.written_at).strftime("%d.%m.%Y"),
    }


def _side(sheet: Sheet, number: int) -> dict[str, Any]:
    """Never where he is: the reply goes to the bureau's own address."""
    kind = LetterKind(sheet.kind)
    width, height = SIZES_MM[kind]
    is_reply = kind == LetterKind.MESSAGE and number == REPLY_SIDE
    captive = sheet.captive
    return {
        "number": number,
        "width": width,
        "height": height,
        "margin": MARGIN_MM[kind],
        "gap": LINE_MM[kind],
        "ruled": not (kind == LetterKind.CARD and number == 1),  # its front is for the address
        "heading": both(REPLY if is_reply else HEADINGS[kind, Direction(sheet.direction)]),
        "hint": both(HINT) if number == 1 or is_reply else [],
        "sender": [captive.name, captive.bureau_number] if captive else [],
        "to_lines": TO_LINES[kind],
        "reply": settings.POSTAL_ADDRESS,
        "code": in_groups(sheet.code),
        "qr": list(_qr(sheet.code, number)),
    }


def _qr(code: str, side: int) -> bytes:
    out = io.BytesIO()
    made = segno.make_qr(for_picture(code, side), error="h", boost_error=False)
    made.save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()
