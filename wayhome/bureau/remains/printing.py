"""Labels for bags and seals, and the sheet of custody: what goes with the remains."""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from wayhome.bureau.remains.models import Change, EffectsList, Opening, Remains
from wayhome.bureau.remains.queries import chain_of
from wayhome.bureau.remains.rules.custody import gaps_of
from wayhome.bureau.remains.rules.opening import WHY_NAMES, Why
from wayhome.bureau.remains.rules.register import KIND_NAMES, RemainsKind
from wayhome.bureau.remains.wording import gap_in_words
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.printing import printed

HERE = Path(__file__).parent
# Width, height, margin, code and letters; the code of the bag's label is read from two metres.
BAG = {"width": 100, "height": 70, "margin": 5, "code": 42, "size": 10}
SEAL = {"width": 60, "height": 30, "margin": 2.5, "code": 24, "size": 6.5}


def bag_labels(remains: Sequence[Remains], language: str) -> bytes:
    """A label for each bag, as PDF/A-2b, in one language. No name stands on it, and no place."""
    with translation.override(language):
        labels = [_label(one, _bag_rows(one, language), warns=True) for one in remains]
        return _labels(_("Labels for bags"), BAG, labels, language)


def seal_labels(remains: Sequence[Remains], language: str) -> bytes:
    """A small label for each seal."""
    with translation.override(language):
        labels = [_label(one, _seal_rows(one), warns=False) for one in remains]
        return _labels(_("Labels for seals"), SEAL, labels, language)


def custody_sheet(remains: Remains, language: str) -> bytes:
    """Every change of hands, and where the chain is broken, as PDF/A-2b."""
    changes = chain_of(remains)
    with translation.override(language):
        told = paper(_("Chain of custody"), remains, language) | {
            "wide": True,
            "article": _("Minnesota Protocol on the investigation of potentially unlawful death"),
            "head": [
                _("No."),
                _("Given by"),
                _("Given at"),
                _("Received by"),
                _("Taken on"),
                _("Seal as read"),
                _("Condition"),
                _("Signed"),
            ],
            "widths": [0, 3, 2, 3, 2, 2, 4, 3],
            "rows": [_change(change) for change in changes],
            "signatures": [[_("Given by"), ""], [_("Received by"), ""]],
        }
        return printed(HERE / "sheet.typ", told, timezone.now())


def paper(title: str, remains: Remains, language: str) -> dict[str, Any]:
    """What every paper about remains says: whose it is, and where its chain is broken."""
    gaps = gaps_of([change.as_link() for change in chain_of(remains)])
    return {
        "title": title,
        "number": remains.bureau_number,
        "article": "",
        "language": language,
        "wide": False,
        "demo": _demo(),
        "qr": list(_qr(remains.bureau_number)),
        "facts": [
            *_bag_rows(remains, language),
            [_("Printed on"), moment(timezone.now())],
        ],
        "broken_title": _("The chain of custody is broken"),
        "broken": [str(gap_in_words(gap)) for gap in gaps],
        "nothing": _("Nothing"),
        "head": [],
        "widths": [],
        "rows": [],
        "after": [],
        "signatures": [],
    }


def _change(change: Change) -> list[str]:
    details = change.details or {}  # nothing is left once the key is destroyed
    assert change.taken_at is not None, "only links of the chain are printed"
    seen = [details.get(name, "") for name in ("condition", "taken_as", "reason")]
    return [
        str(change.number),
        change.giving or _("found"),
        moment(change.given_at),
        change.taking,
        moment(change.taken_at),
        change.seal or "–",
        ". ".join(text.rstrip(".") for text in seen if text) or "–",
        ", ".join(_signed(change)) or "–",
    ]


def _signed(change: Change) -> list[str]:
    """Who signed here; hands from outside sign this paper."""
    ends = ((change.giver, change.giver_signed_at), (change.receiver, change.receiver_signed_at))
    return [staff.number for staff, at in ends if staff is not None and at is not None]


def _labels(
    title: str, shape: Mapping[str, float], labels: list[dict[str, Any]], language: str
) -> bytes:
    told = {"title": title, "language": language, "demo": _demo(), "labels": labels, **shape}
    return printed(HERE / "label.typ", told, timezone.now())


def _label(remains: Remains, rows: list[list[str]], *, warns: bool) -> dict[str, Any]:
    broken = warns and remains.has_gap
    return {
        "number": remains.bureau_number,
        "qr": list(_qr(remains.bureau_number)),
        "rows": [row for row in rows if row[1]],
        "warning": _("The chain of custody is broken") if broken else "",
    }


def _bag_rows(remains: Remains, language: str) -> list[list[str]]:
    found = display(PartialDate(remains.found_on), language) if remains.found_on else ""
    rows = [
        [_("Bag"), remains.bag],
        [_("What they are"), str(KIND_NAMES[RemainsKind(remains.kind)])],
        [_("Found on"), found],
        [_("Seal on the bag"), remains.last_seal()],
    ]
    return [row for row in rows if row[1]]


def _seal_rows(remains: Remains) -> list[list[str]]:
    return [[_("Seal on the bag"), remains.last_seal() or "…………"]]


def _demo() -> str:
    return _("Demonstration: every person is invented") if settings.DEMO else ""


def moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _qr(number: str) -> bytes:
    """The number alone: a scanner types it as a person would."""
    out = io.BytesIO()
    made = segno.make_qr(number, error="h", boost_error=False)
    made.save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()


def effects_paper(effects: EffectsList, language: str) -> bytes:
    """The complete list that goes into the sealed packet, with who they are as far as it is known.

    GC I 16 and GC III 122 want the statement and the list; where there is no name it says so.
    """
    remains = effects.remains
    with translation.override(language):
        told = paper(_("Effects of the dead: list of the packet"), remains, language)
        told["article"] = _("First Geneva Convention, Article 16; Third, Article 122")
        told["facts"] += [
            [_("Seal of the packet"), effects.packet or "–"],
            [_("Listed on"), moment(effects.at)],
            [_("Who they are"), _who(remains)],
        ]
        told |= {
            "head": [_("No."), _("Thing"), _("How many")],
            "widths": [0, 5, 1],
            "rows": [
                [str(place), piece.what, str(piece.pieces)]
                for place, piece in enumerate(effects.listed(), start=1)
            ],
            "nothing": _("Nothing was found on them."),
            "signatures": [
                [_("Listed by"), effects.by.number],
                [_("Second signature"), effects.second_by.number if effects.second_by else ""],
            ],
        }
        return printed(HERE / "sheet.typ", told, timezone.now())


def opened_grave_paper(opening: Opening, language: str) -> bytes:
    """The record of an opened grave, for both sides: order, who was there, how it looked."""
    burial, told = opening.burial, opening.told or {}
    remains = burial.remains
    with translation.override(language):
        grave = _("row %(row)s, grave %(number)s") % {"row": burial.row, "number": burial.number}
        page = paper(_("Record of an opened grave"), remains, language)
        page["article"] = _("First Additional Protocol, Article 34")
        page["facts"] += [
            [_("Grave"), f"{burial.plot.name}, {grave}"],
            [_("Buried on"), moment(burial.buried_at)],
            [_("The grave was opened on"), moment(burial.opened_at) if burial.opened_at else "–"],
            [_("Why the grave is opened"), str(WHY_NAMES[Why(opening.ground)])],
            [_("On whose order: office, number, day"), told.get("order", "–")],
            [_("Who was there: who dug, who examined"), told.get("present", "–")],
            [_("How grave, bag and seal look"), told.get("condition", "–")],
        ]
        if opening.told_on:
            day = formats.date_format(opening.told_on, "DATE_FORMAT")
            page["facts"].append([_("Their country was told on"), day])
            page["facts"].append([_("Where they are buried again"), told.get("again_at", "–")])
        page["nothing"] = ""
        second = opening.second_by.number if opening.second_by else ""
        page["signatures"] = [[_("Opened by"), opening.by.number], [_("Second signature"), second]]
        return printed(HERE / "sheet.typ", page, timezone.now())


def _who(remains: Remains) -> str:
    """A number that the Central Tracing Agency can ask by; a name waits for an identification."""
    if remains.captive_id:
        return _("Died in custody; the number is that of the capture card.")
    return _("Not identified yet.")
