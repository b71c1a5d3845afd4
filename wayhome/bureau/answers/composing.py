"""The first news as the rules allow it now, with every reason why something is held back."""

from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.consents.actions import why_not_disclose
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.matches.models import Match
from wayhome.lib.refusal import Refusal

HEADINGS = {
    Kind.LIVES: _("That he lives"),
    Kind.HOW_I_AM: _("How he is"),
    Kind.LETTERS: _("Letters"),
    Kind.CALLS: _("Calls"),
}


@dataclass(frozen=True)
class Part:
    """One piece of the news: allowed now, or held back and why."""

    kind: Kind
    against: tuple[Refusal, ...]

    @property
    def allowed(self) -> bool:
        return not self.against

    @property
    def heading(self) -> Any:
        return HEADINGS[self.kind]


@dataclass(frozen=True)
class News:
    """What may be told now. `said` has the keys that answers.Told keeps; never the place."""

    parts: tuple[Part, ...]
    said: dict[str, Any]

    @property
    def against(self) -> tuple[Refusal, ...]:
        """What stands against telling anything at all."""
        return self.parts[0].against


def compose(match: Match) -> News:
    """Compose the first news of a match from what the rules allow at this moment."""
    parts = tuple(Part(kind, tuple(why_not_disclose(match, kind))) for kind in HEADINGS)
    allowed = {part.kind for part in parts if part.allowed}
    if Kind.LIVES not in allowed:
        return News(parts, {})
    return News(parts, _said(match, allowed))


def _said(match: Match, allowed: set[Kind]) -> dict[str, Any]:
    lives = _in_force(match, Kind.LIVES)
    said: dict[str, Any] = {
        "alive_on": timezone.localdate(lives.at).isoformat(),
        "how_known": "spoke with a neutral",
        "letters": Kind.LETTERS in allowed,
        "calls": Kind.CALLS in allowed,
        "his_words": lives.words or "",
        "how_is": "",
    }
    if Kind.HOW_I_AM in allowed:
        said["how_is"] = _in_force(match, Kind.HOW_I_AM).words or _health_on_card(match)
    return said


def _in_force(match: Match, kind: Kind) -> Consent:
    consent = Consent.objects.select_related("key").in_force(match, kind)
    assert consent is not None, "what is allowed rests on a consent"
    return consent


def _health_on_card(match: Match) -> str:
    card = match.captive.cards.select_related("key").order_by("-version").first()
    return str((card.as_received.get("health") if card else "") or "")
