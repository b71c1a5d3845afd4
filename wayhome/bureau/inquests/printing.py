"""The report with its statements, as it goes to the Protecting Power (GC III 121)."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from wayhome.bureau.inquests.models import Inquest, Testimony
from wayhome.bureau.inquests.rules import (
    ABOUT_NAMES,
    FINDING_NAMES,
    SOURCE_NAMES,
    About,
    Finding,
    Source,
)
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.printing import printed

HERE = Path(__file__).parent


def report_paper(inquest: Inquest, language: str) -> bytes:
    """The last report and every statement, as PDF/A-2b. Only what was reported is printed."""
    report = inquest.last_report()
    assert report is not None, "asked for once it is reported"
    told = report.told or {}
    with translation.override(language):
        paper = {
            "title": _("Report of an official enquiry"),
            "article": _("Third Geneva Convention, Article 121"),
            "number": inquest.captive.bureau_number,
            "language": language,
            "demo": _("Demonstration: every person is invented") if settings.DEMO else "",
            "facts": [
                [_("Name"), inquest.captive.name or "–"],
                [_("What it is about"), str(ABOUT_NAMES[About(inquest.about)])],
                [_("When it happened"), _happened(inquest, language)],
                [_("Opened on"), _moment(inquest.opened_at)],
                [_("Led by, outside the camp"), inquest.lead.number if inquest.lead else "–"],
                [_("Reported on"), _moment(report.at)],
                [_("What caused it"), str(FINDING_NAMES[Finding(report.finding)])],
            ],
            "parts": [
                [words, told.get(name, "")]
                for name, words in (
                    ("cause", _("What happened, and what shows it")),
                    ("no_witness", _("Why no captive could be heard")),
                    ("measures", _("What was done so that somebody answers for it")),
                    ("reason", _("Why it supersedes the report before")),
                )
                if told.get(name)
            ],
            "statements_title": pgettext("enquiry", "Statements"),
            "statements": [
                _statement(one) for one in inquest.testimonies.select_related("key", "by")
            ],
            "signature": _("Signature of who led the enquiry"),
        }
        return printed(HERE / "report.typ", paper, report.at)


def _statement(testimony: Testimony) -> dict[str, Any]:
    said = testimony.said or {}
    with_whom = said.get("present", "")
    source = str(SOURCE_NAMES[Source(testimony.source)])
    return {
        "head": f"{testimony.number}. {said.get('who', '–')} – {source}",
        "when": ", ".join(filter(None, [_moment(testimony.taken_at), with_whom])),
        "words": said.get("words", ""),
    }


def _happened(inquest: Inquest, language: str) -> str:
    event = inquest.event
    if event is None:
        return "–"
    if event.happened_at:
        return _moment(event.happened_at)
    return display(PartialDate(event.happened_on), language) if event.happened_on else "–"


def _moment(at: Any) -> str:
    return formats.date_format(timezone.localtime(at), "DATETIME_FORMAT")
