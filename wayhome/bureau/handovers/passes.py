"""The pass of whoever came, at the act: verified by its text or its word, or told lost."""

from django.utils import timezone

from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import LookedAt, PassHow, ShownPass, why_not_take_pass
from wayhome.bureau.journeys.models import Journey
from wayhome.bureau.journeys.passes import (
    end_lost_pass,
    journey_with_pass,
    pass_in,
    standing_pass,
)
from wayhome.bureau.journeys.rules.plans import JourneyState
from wayhome.bureau.returns.facts import she_comes
from wayhome.bureau.staff.models import Staff
from wayhome.lib.refusal import refuse_if


def journey_of(act: Act) -> Journey | None:
    """The journey whose pass is asked for; None where nobody comes by one."""
    return journey_with_pass(act.application) if she_comes(act.application) else None


def is_noted(act: Act) -> bool:
    """Whether nothing of a pass is left to ask."""
    return bool(act.her_pass) or journey_of(act) is None


def kept_of(act: Act, shown: ShownPass | None) -> dict[str, str] | None:
    """What the act keeps of the pass. Raises Refused with what is wrong with it.

    What was verified before stays, if nothing is shown anew.
    """
    journey = journey_of(act)
    if journey is None or (shown is None and act.her_pass):
        kept: dict[str, str] | None = act.her_pass
        return kept
    looked = LookedAt(is_ours=False) if shown is None else _look(journey, shown)
    refuse_if(why_not_take_pass(shown, looked, today=timezone.localdate()))
    assert shown is not None
    return shown.as_kept()


def end_if_lost(act: Act, shown: ShownPass | None, by: Staff) -> None:
    """What was told lost opens nothing for whoever finds it. The application is locked before."""
    journey = journey_of(act)
    if journey is not None and shown is not None and shown.how == PassHow.LOST:
        end_lost_pass(journey=journey, by=by)


def _look(journey: Journey, shown: ShownPass) -> LookedAt:
    confirmed = journey.state == JourneyState.CONFIRMED
    if shown.how == PassHow.WORD:
        found = standing_pass(journey)
        said = found is not None and _same(shown.said, found.words["hers"])
        return LookedAt(is_ours=said, is_theirs=said, stands=confirmed, on=journey.on)
    found = pass_in(shown.said) if shown.how == PassHow.TEXT else None
    if found is None:
        return LookedAt(is_ours=False)
    return LookedAt(
        is_ours=True,
        is_theirs=found.journey_id == journey.pk,
        stands=confirmed and found.ended_at is None,
        on=found.journey.on,
    )


def _same(said: str, word: str) -> bool:
    return said.strip().casefold() == word.casefold()
