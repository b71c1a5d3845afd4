"""The first news as the rules allow it now, with every reason why something is held back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.captives.queries import names_his_place
from wayhome.bureau.consents.actions import why_not_disclose
from wayhome.bureau.consents.in_his_place import decided_for_him
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


NAMES_A_PLACE = Refusal(
    "answers.place", _("These words name a place where he is or was. They are not told.")
)


@dataclass(frozen=True)
class Part:
    """One piece of the news: allowed now, or held back and why."""

    kind: Kind
    against: tuple[Refusal, ...]
    heading_of_its_own: Any = ""

    @property
    def allowed(self) -> bool:
        return not self.against

    @property
    def heading(self) -> Any:
        return self.heading_of_its_own or HEADINGS[self.kind]


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
    parts = tuple(Part(kind, tuple(_against(match, kind))) for kind in HEADINGS)
    allowed = {part.kind for part in parts if part.allowed}
    if Kind.LIVES not in allowed:
        return News(parts, {})
    said = _said(match, allowed)
    if names_his_place(match.captive, said["his_words"]):
        said["his_words"] = ""
        parts += (Part(Kind.LIVES, (NAMES_A_PLACE,), _("His own words")),)
    return News(parts, said)


def _against(match: Match, kind: Kind) -> list[Refusal]:
    against = why_not_disclose(match, kind)
    if kind == Kind.HOW_I_AM and not against and names_his_place(match.captive, _how_is(match)):
        against = [NAMES_A_PLACE]
    return against


def _said(match: Match, allowed: set[Kind]) -> dict[str, Any]:
    lives = _in_force(match, Kind.LIVES)
    return {
        "alive_on": timezone.localdate(lives.at).isoformat(),
        "how_known": lives.how_known,
        "letters": Kind.LETTERS in allowed,
        "calls": Kind.CALLS in allowed,
        "his_words": lives.words,
        "how_is": _how_is(match) if Kind.HOW_I_AM in allowed else "",
    }


def _how_is(match: Match) -> str:
    return str(_in_force(match, Kind.HOW_I_AM).words) or _health_on_card(match)


@dataclass(frozen=True)
class Yes:
    """The yes on which a piece of the news rests: his own, or in his place (P3)."""

    at: datetime
    words: str = ""
    how_known: str = "spoke with a neutral"


def _in_force(match: Match, kind: Kind) -> Yes:
    consent = Consent.objects.select_related("key").in_force(match, kind)
    if consent is not None:
        return Yes(consent.at, consent.words or "")
    decision = decided_for_him(match, kind)
    assert decision is not None, "what is allowed rests on a yes"
    assert decision.agreed_at is not None, "what is in force was agreed to"
    return Yes(decision.agreed_at, how_known="seen by a neutral")


def _health_on_card(match: Match) -> str:
    card = match.captive.last_card()
    return str((card.as_received.get("health") if card else "") or "")
