"""A letter or card as a sheet at its real size (Annex IV B and C of the Third Convention)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.contact.models import Letter, LetterCopy
from wayhome.bureau.contact.rules import HEALTH_NAMES, Direction, Health, LetterKind
from wayhome.lib.printing import printed
from wayhome.lib.two_languages import both

HERE = Path(__file__).parent
SIZES_MM = {  # width, height: Annex IV B, C 1, C 2; a Red Cross Message is A4
    LetterKind.CAPTURE_CARD: (150, 105),
    LetterKind.CARD: (150, 100),
    LetterKind.LETTER: (150, 290),
    LetterKind.MESSAGE: (210, 297),
}
HEADINGS = {
    LetterKind.CAPTURE_CARD: _("Capture card of a prisoner of war"),
    LetterKind.CARD: _("Correspondence card of a prisoner of war"),
    LetterKind.LETTER: _("Letter of a prisoner of war"),
}
TO_HIM = _("Letter to a prisoner of war")
AGENCY = _("Central Tracing Agency")
LABELS = {
    "free": _("Prisoner of war mail, free of postage"),
    "to": _("To whom"),
    "from": _("From whom"),
    "reply": _("Where to write back"),
    "surname": _("Surname"),
    "given": _("First names"),
    "patronymic": _("First name of the father, or patronymic"),
    "born": _("Date of birth"),
    "birthplace": _("Place of birth"),
    "rank": _("Rank"),
    "service_no": _("Service number"),
    "kin": _("Address of next of kin"),
    "health": _("How he is"),
    "date": _("Date"),
    "signature": _("Signature"),
    "demo": _("Demonstration: every person is invented"),
}
ON_THE_CARD = ("surname", "given", "patronymic", "born", "birthplace", "rank", "service_no")


def sheet_of(letter: Letter) -> bytes:
    """The sheet as PDF/A-2b. Never where he is: the reply goes to the bureau's own address."""
    return printed(HERE / "sheet.typ", told_on_sheet(letter), letter.written_at)


def told_on_sheet(letter: Letter) -> dict[str, Any]:
    """Everything that stands on the sheet, as data."""
    kind, captive = LetterKind(letter.kind), letter.captive
    assert captive is not None, "what is printed has him at one end"
    width, height = SIZES_MM[kind]
    him = {"name": captive.name, "number": captive.bureau_number}
    to_him = letter.direction == Direction.TO_HIM
    return {
        "width": width,
        "height": height,
        "heading": both(TO_HIM if to_him else HEADINGS[kind]),
        "labels": {name: both(words) for name, words in LABELS.items()},
        "demo": settings.DEMO,
        "addressees": [_addressee(*him.values())] if to_him else _addressees(kind, letter.content),
        "sender": {"name": "", "number": ""} if to_him else him,
        "reply": settings.POSTAL_ADDRESS,
        "date": timezone.localtime(letter.written_at).strftime("%d.%m.%Y"),
        "rows": _rows(letter) if kind == LetterKind.CAPTURE_CARD else [],
        "text": "" if kind == LetterKind.CAPTURE_CARD else _text(letter),
    }


def _addressee(name: str, address: str) -> dict[str, str]:
    return {"name": name, "address": address}


def _addressees(kind: LetterKind, content: dict[str, str]) -> list[dict[str, str]]:
    """Two of a capture card: the agency, and whomever he named (70)."""
    named = _addressee(content.get("name", ""), content.get("address", ""))
    if kind != LetterKind.CAPTURE_CARD:
        return [named]
    agency = _addressee(" / ".join(both(AGENCY)), "")
    return [agency, named] if named["name"] else [agency]


def _rows(letter: Letter) -> list[list[Any]]:
    captive = letter.captive
    assert captive is not None
    said = {name: getattr(captive, name) for name in ON_THE_CARD}
    kin = ", ".join(x for x in (letter.content["name"], letter.content["address"]) if x)
    health = both(HEALTH_NAMES[Health(letter.content["health"])])
    rows = [[both(LABELS[name]), said[name] or "–"] for name in ON_THE_CARD]
    return [
        *rows,
        [both(LABELS["kin"]), kin or "–"],
        [both(LABELS["health"]), " / ".join(health)],
    ]


def _text(letter: Letter) -> str:
    return str(LetterCopy.objects.select_related("key").get(letter=letter).text)
