"""Papers for his hand, in his language: the receipt of an entry, the medical certificate."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from wayhome.bureau.welfare.actions import with_balance
from wayhome.bureau.welfare.models import Certificate, Entry
from wayhome.bureau.welfare.rules import ENTRY_NAMES, EntryKind, Line
from wayhome.bureau.welfare.wording import MONEY, quantity_of
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.printing import printed

TEMPLATE = Path(__file__).parent / "paper.typ"


def receipt_of(entry: Entry) -> bytes:
    """The itemised receipt of GC III 18, as PDF/A-2b. Never where he is."""
    with translation.override(entry.language):
        told = _paper(entry.language) | _told_of_entry(entry)
    return printed(TEMPLATE, told, entry.at)


def certificate_of(certificate: Certificate) -> bytes:
    """The official certificate of GC III 30, as PDF/A-2b. Never where he is, nor in which ward."""
    assert certificate.issued_at is not None, "only what is issued is printed"
    with translation.override(certificate.language):
        told = _paper(certificate.language) | _told_of_certificate(certificate)
    return printed(TEMPLATE, told, certificate.issued_at)


def _paper(language: str) -> dict[str, Any]:
    demo = _("Demonstration: every person is invented") if settings.DEMO else ""
    return {
        "language": language,
        "demo": demo,
        "table": [],
        "after": [],
        "free": _("Free of charge"),
    }


def _told_of_entry(entry: Entry) -> dict[str, Any]:
    captive = entry.captive
    entries = captive.effects.select_related("key").order_by("number")
    held = next(held for one, held in with_balance(list(entries)) if one.pk == entry.pk)
    details = entry.details or {}  # nothing is left once his key is destroyed
    return {
        "title": _("Receipt"),
        "number": f"{captive.bureau_number} / {entry.number}",
        "article": _("Third Geneva Convention, Article 18"),
        "facts": _facts(
            (_("Name"), captive.name),
            (_("Number"), captive.bureau_number),
            (_("What was done"), str(ENTRY_NAMES[EntryKind(entry.kind)])),
            (_("Date"), _moment(entry.at)),
            (_("By order of"), details.get("officer", "")),
            (_("Reason"), details.get("reason", "")),
            (_("Corrects entry"), _number_corrected(entry)),
        ),
        "table": _rows(entry.said()),
        "after": [
            {"title": _("Held for you after this entry"), "rows": _rows(held)},
        ],
        "nothing": _("Nothing"),
        "promise": _("It is given back to you, or forwarded, as it was taken.") if held else "",
        "signatures": [
            [_("Issued by: name, rank and unit"), details.get("issued_by", ""), entry.by.number],
            [
                _("Second signature"),
                "",
                entry.second_by.number if entry.second_by else "",
            ],
        ],
    }


def _number_corrected(entry: Entry) -> str:
    return str(entry.corrects.number) if entry.corrects else ""


def _rows(lines: Sequence[Line]) -> list[list[str]]:
    return [[line.what or str(MONEY), quantity_of(line)] for line in lines]


def _told_of_certificate(certificate: Certificate) -> dict[str, Any]:
    captive, said = certificate.captive, certificate.content or {}
    assert certificate.issued_at is not None
    assert certificate.issued_by is not None
    return {
        "title": _("Medical certificate"),
        "number": captive.bureau_number,
        "article": _("Third Geneva Convention, Article 30"),
        "facts": _facts(
            (_("Name"), captive.name),
            (_("Number"), captive.bureau_number),
            (_("Date of birth"), _born(captive.born, certificate.language)),
            (_("Nature of the illness or injury"), said.get("illness", "")),
            (_("How it was treated"), said.get("treatment", "")),
            (_("Treated since"), _day(said.get("since", ""))),
            (_("Treated until"), _day(said.get("until", "")) or _("the treatment goes on")),
            (_("Issued on"), _moment(certificate.issued_at)),
        ),
        "nothing": "",
        "promise": _("A duplicate goes to the Central Tracing Agency."),
        "signatures": [[_("Physician"), "", certificate.issued_by.number]],
    }


def _born(text: str, language: str) -> str:
    return display(PartialDate(text), language) if text else ""


def _facts(*pairs: tuple[str, str]) -> list[list[str]]:
    return [[words, said] for words, said in pairs if said]


def _moment(at: datetime) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")


def _day(text: str) -> str:
    return formats.date_format(date.fromisoformat(text), "DATE_FORMAT") if text else ""
