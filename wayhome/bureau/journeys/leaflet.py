"""The leaflet for whoever thinks of a journey: one sheet of A5, the same for everybody."""

from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.itinerary import numbers_to_call
from wayhome.bureau.returns.rules.guarantees import PROMISES
from wayhome.lib.jurisdiction import LEAST_BAGGAGE_KG
from wayhome.lib.printing import printed

HERE = Path(__file__).parent
TITLE = _("If you think of a journey")
LEAD = (
    _("Everything here is free, from the first question to the last."),
    _("Nobody needs to say, sign or pay anything for it."),
    _("No road depends on your coming. Whoever cannot travel loses nothing."),
)
Part = tuple[str | Promise, tuple[str | Promise, ...]]
PARTS: tuple[Part, ...] = (
    (
        _("What is needed"),
        (
            _("The person you seek is asked alone, before a neutral person, and decides."),
            _("Nobody is sent where danger threatens."),
            _("You show that you are family, or the person chose you."),
            _("An authority signs its word for you. The way back is ready before the way there."),
            _("Please do not travel before we have talked about everything."),
        ),
    ),
    (_("What the authority promises you"), PROMISES),
    (
        _("What you take along"),
        (
            _("Leave this sheet where you read it. In your own country carry nothing of ours."),
            _("Keep two words and one telephone number in your memory."),
            _("Your passport, and a plain phone without chats, accounts and photos."),
            _("Each of you may take at least %(kg)s kilograms."),
            _("Outside your country the escort gives you one page with the way."),
        ),
    ),
    (
        _("On the way"),
        (
            _("You say your word. The escort answers with the other one. Else do not go along."),
            _("You may turn back at every stop, without a reason."),
            _("Nobody plans a way through a place of fighting."),
            _("A day may fall. Then we call you, and bring you back if you are on the way."),
        ),
    ),
    (
        _("If the person you seek says no"),
        (
            _("The person you seek decides alone. A no needs no reason."),
            _("You may meet and talk all the same, if both of you wish."),
            _("We bring you back. Nothing is held against anybody."),
        ),
    ),
    (
        _("If somebody wants money"),
        (
            _("It is not us. Nobody sells a place on a list."),
            _("Hang up, and call one of the numbers below."),
        ),
    ),
)


def told_in_leaflet(language: str) -> dict[str, Any]:
    """Everything that stands on it, as data. It says nothing of anybody."""
    with translation.override(language):
        kilograms = {"kg": LEAST_BAGGAGE_KG}
        return {
            "language": language,
            "title": str(TITLE),
            "demo": gettext("Demonstration: every person is invented") if settings.DEMO else "",
            "lead": [str(each) for each in LEAD],
            "parts": [
                {"heading": str(heading), "lines": [str(each) % kilograms for each in lines]}
                for heading, lines in PARTS
            ],
            "call": numbers_to_call(),
            "call_label": gettext("Where to call"),
        }


def leaflet_of(language: str, made_at: datetime) -> bytes:
    """The sheet as PDF/A-2b."""
    return printed(HERE / "leaflet.typ", told_in_leaflet(language), made_at)


def as_page(language: str) -> str:
    """The same words for docs/guides, without the numbers, which are each bureau's own."""
    told = told_in_leaflet(language)
    parts = [f"## {part['heading']}\n\n{_listed(part['lines'])}" for part in told["parts"]]
    return "\n\n".join([f"# {told['title']}", " ".join(told["lead"]), *parts]) + "\n"


def _listed(lines: list[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
