"""The pass: made for a confirmed journey, given at the first leg outside her own country."""

from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.lib.refusal import Refusal

CODE_DIGITS = 12  # of the number for her phone: good once, for one day
AFTER_THE_DAY = timedelta(hours=6)  # so long after midnight her phone holds it
# While a journey is one of these, a phone may hold its pass.
LIVES = frozenset({JourneyState.CONFIRMED, JourneyState.OUT})


def why_not_make_pass(*, state: JourneyState, one_stands: bool) -> Refusal | None:
    if state != JourneyState.CONFIRMED:
        return Refusal("passes.not_confirmed", _("A pass is made once the journey is confirmed."))
    if one_stands:
        return Refusal("passes.one", _("A pass is there. Make it invalid first."))
    return None


def why_not_end_pass(*, ended: bool) -> Refusal | None:
    if ended:
        return Refusal("passes.ended", _("This pass is invalid already."))
    return None


def why_not_give_code(*, stands: bool, on: date, today: date) -> Refusal | None:
    """In her own country she carries nothing of ours: there is no number before the day."""
    if not stands:
        return Refusal("passes.none", _("This journey has no pass that is valid."))
    if on != today:
        return Refusal(
            "passes.not_today",
            _("There is a number on the day of the journey alone. Before it they carry nothing."),
        )
    return None


def why_not_take(*, holds: bool) -> Refusal | None:
    """The same words for every number: whoever tries numbers learns nothing."""
    if not holds:
        return Refusal(
            "passes.code",
            _("This number opens nothing now. It is good once. Ask the escort for another."),
        )
    return None


class Verdict(StrEnum):
    """What whoever holds a pass before them is told."""

    GOOD = "good"
    OTHER_DAY = "other day"
    OTHER_CONVOY = "other convoy"
    INVALID = "invalid"


VERDICT_NAMES = {
    Verdict.GOOD: _("This pass is ours, and for today."),
    Verdict.OTHER_DAY: _("This pass is ours, but for another day. Call the coordinator."),
    Verdict.OTHER_CONVOY: _("This pass is ours, but of another convoy. Call the coordinator."),
    Verdict.INVALID: _("This pass is not valid. Ask nothing, and call the coordinator."),
}


def verdict_of(*, is_ours: bool, stands: bool, on: date, today: date, mine: bool) -> Verdict:
    """What a pass is worth now, to whoever looks at it."""
    if not is_ours or not stands:
        return Verdict.INVALID
    if on != today:
        return Verdict.OTHER_DAY
    return Verdict.GOOD if mine else Verdict.OTHER_CONVOY
