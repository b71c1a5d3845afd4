"""What a programme says, in one language: for its page, its leaflet and the telephone."""

import io
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wayhome.bureau.returns.models import Programme
from wayhome.bureau.returns.rules.programmes import (
    COMES_NAMES,
    CONDITION_NAMES,
    ENDED,
    Comes,
    Condition,
)
from wayhome.lib.jurisdiction import profile
from wayhome.lib.printing import printed

HERE = Path(__file__).parent


def words_of(programme: Programme, language: str) -> dict[str, Any]:
    """Everything that a family may read of it, in this language."""
    told, of_country = programme.texts.get(language, {}), profile()
    signer = of_country.authority(programme.signed_by)
    with translation.override(language):
        return {
            "number": programme.number,
            "title": told.get("title", ""),
            "lead": told.get("lead", ""),
            "limits": told.get("limits", ""),
            "alone": told.get("alone", ""),
            "way": [step.strip() for step in told.get("way", "").splitlines() if step.strip()],
            "message": told.get("message", ""),
            "act": told.get("act", ""),
            "signed_by": signer.names[language] if signer else "",
            "opens": date_format(programme.opens_on),
            "closes": date_format(programme.closes_on) if programme.closes_on else "",
            "comes": [str(COMES_NAMES[Comes(each)]) for each in programme.comes],
            "conditions": [str(CONDITION_NAMES[Condition(each)]) for each in programme.conditions],
            "crossings": [
                one.names[language] for one in of_country.crossings
                if one.code in programme.crossings
            ],
            "phones": programme.phones,
            "email": programme.email,
            "channel": programme.channel,
            "baggage_kg": programme.baggage_kg,
            "code": programme.codes.get(language, ""),
            "ended": _ended(programme),
        }  # fmt: skip


def _ended(programme: Programme) -> str:
    if programme.state not in ENDED or programme.ended_at is None:
        return ""
    day = date_format(timezone.localdate(programme.ended_at))
    return _("This programme ended on %(day)s. Journeys that have begun go on.") % {"day": day}


def leaflet_of(programme: Programme, language: str, address: str) -> bytes:
    """The leaflet as PDF/A-2b, A5, two sides. Nobody's name is in it."""
    made_at = programme.published_at or programme.drafted_at
    return printed(HERE / "leaflet.typ", told_in_leaflet(programme, language, address), made_at)


def told_in_leaflet(programme: Programme, language: str, address: str) -> dict[str, Any]:
    """Everything that stands in the leaflet, as data."""
    words = words_of(programme, language)
    with translation.override(language):
        return {
            **words,
            "language": language,
            "address": address,
            "qr": list(_qr(address)),
            "demo": _("Demonstration: every person is invented") if settings.DEMO else "",
            "free": _("Everything here is free, from the first question to the last."),
            "no_price": _("Nobody needs to say, sign or pay anything for it."),
            "before": _("Please do not travel before we have talked with you."),
            "second_way": profile().second_way[language],
            "labels": {
                "comes": _("Who may come"),
                "limits": _("For whom it is"),
                "alone": _("If nobody can come"),
                "conditions": _("What is needed"),
                "way": _("The way"),
                "crossings": _("Crossings"),
                "phones": _("Where to call"),
                "rests": _("It rests on"),
                "code": _("Code of this leaflet"),
                "check": _("Is this really from us?"),
                "baggage": _("Baggage: %(kg)s kilograms for each.") % {"kg": words["baggage_kg"]},
            },
        }


def _qr(address: str) -> bytes:
    out = io.BytesIO()
    segno.make_qr(address, error="m").save(out, kind="svg", border=2, xmldecl=False)
    return out.getvalue()
