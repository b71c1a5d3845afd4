"""The letter by which a request is refused, in three languages on one sheet."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wayhome.bureau.press.models import PressRequest
from wayhome.bureau.press.rules import ASKED_NAMES, WHY, Asked
from wayhome.lib.printing import printed

HERE = Path(__file__).parent
DEMO = gettext_lazy("Demonstration: every person is invented")


def letter_of(request: PressRequest) -> bytes:
    """The letter as PDF/A-2b. It says neither whether anybody is held nor what was looked for."""
    return printed(HERE / "refusal.typ", told_in_letter(request), request.at)


def told_in_letter(request: PressRequest) -> dict[str, Any]:
    """Everything that stands in the letter, as data. What was asked for by name is not repeated."""
    return {
        "reference": request.reference,
        "date": timezone.localtime(request.at).strftime("%d.%m.%Y"),
        "who": request.content["who"],
        "outlet": request.content["outlet"],
        "reply": settings.POSTAL_ADDRESS,
        "demo": str(DEMO) if settings.DEMO else "",
        "parts": [_part(request, language) for language, _name in settings.LANGUAGES],
    }


def _part(request: PressRequest, language: str) -> dict[str, Any]:
    asked = Asked(request.asked)
    with translation.override(language):
        return {
            "language": language,
            "heading": _("Your request about captives"),
            "signed": _("Information service"),
            "asked": str(ASKED_NAMES[asked]),
            "paragraphs": [
                _("We cannot do what you ask."),
                str(WHY[asked]),
                _(
                    "Article 13 of the Third Geneva Convention protects every prisoner of war "
                    "against public curiosity. His own consent does not change that (Article 7)."
                ),
                _(
                    "The answer is the same for everybody, and whether or not we know anything. "
                    "We publish no list, no picture and no statement of captives."
                ),
                _("A family finds us by itself, without the press. It costs nothing."),
            ],
        }
