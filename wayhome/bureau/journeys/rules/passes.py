"""The pass: made for a confirmed journey, given at the first leg outside her own country."""

from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.lib.refusal import Refusal


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
