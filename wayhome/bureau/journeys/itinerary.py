"""The itinerary: one page in her language, with the pass as a QR code. Nobody's name is in it."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import segno
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wayhome.bureau.journeys.models import JourneyPass, Leg
from wayhome.bureau.journeys.passes import text_of
from wayhome.bureau.journeys.rules.resources import ZONES
from wayhome.lib.printing import printed

HERE = Path(__file__).parent


def itinerary_of(one: JourneyPass, language: str) -> bytes:
    """The page as PDF/A-2b."""
    return printed(HERE / "itinerary.typ", told_in_itinerary(one, language), one.made_at)


def told_in_itinerary(one: JourneyPass, language: str) -> dict[str, Any]:
    """Everything that stands on it, as data. The two words are in memory, never on paper."""
    journey = one.journey
    with translation.override(language):
        persons = ngettext("For %(number)s person", "For %(number)s persons", journey.persons)
        return {
            "language": language,
            "title": _("On the way"),
            "day": date_format(journey.on, "DATE_FORMAT"),
            "persons": persons % {"number": journey.persons},
            "demo": _("Demonstration: every person is invented") if settings.DEMO else "",
            "free": _("Everything here is free, from the first question to the last."),
            "no": _("You may say no at any time, without a reason."),
            "qr": list(_qr(text_of(one))),
            "legs": [leg_in_words(each) for each in journey.legs.order_by("number")],
            "call": numbers_to_call(),
            "if_no": [
                _("The person you seek decides alone. A no needs no reason."),
                _("You may meet and talk all the same, if both of you wish."),
                _("We bring you back. Nothing is held against anybody."),
            ],
            "stop": [
                _("Tell the escort, or call. You may turn back at every stop."),
                _("Nobody may question you, film you or search your telephone."),
            ],
            "labels": {
                "legs": _("The way"),
                "departs": _("Departs"),
                "from": _("From"),
                "arrives": _("Arrives"),
                "to": _("To"),
                "call": _("Where to call"),
                "if_no": _("If the person you seek says no"),
                "stop": _("If you want to stop"),
                "qr": _("Code for the escort"),
            },
        }


def leg_in_words(leg: Leg, moment: str = "%H:%M") -> dict[str, str]:
    """From where to where, and when, by the clocks of both places; `moment` as strftime has it."""

    def told(at: datetime, zone: str) -> str:
        return f"{at.astimezone(ZoneInfo(zone)):{moment}} {ZONES.get(zone, zone)}"

    return {
        "begins": leg.begins,
        "ends": leg.ends,
        "departs": told(leg.departs_at, leg.departs_zone),
        "arrives": told(leg.arrives_at, leg.arrives_zone),
    }


def numbers_to_call() -> list[dict[str, str]]:
    """Our telephone and the Red Cross's, of a demo marked as invented."""
    told = [(_("This service"), settings.PHONE), (_("Red Cross (ICRC)"), settings.ICRC_PHONE)]
    invented = _("%(number)s (invented)")
    return [
        {"who": who, "number": invented % {"number": number} if settings.DEMO else number}
        for who, number in told
        if number
    ]


def _qr(text: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()
