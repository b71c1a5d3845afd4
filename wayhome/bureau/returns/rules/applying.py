"""Applying to go home, deciding, and setting a day: what may be done now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules.roads import HER_WAY_OUT, HIS_WAY_OUT, STALE_YES, Reason
from wayhome.lib.refusal import Refusal


class ApplicationState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    CLOSED = "closed"  # the act is sealed


# What was not possible once is looked at again, as every family is told.
DECIDABLE = frozenset({ApplicationState.OPEN, ApplicationState.REFUSED})
# Where he may still go home by it: for him the danger is assessed, and anew after a new word.
MAY_LEAD_HOME = DECIDABLE | {ApplicationState.GRANTED}


# Policy: so long before its day a journey has begun; in her own country nobody follows her.
SETS_OUT = timedelta(days=3)


def begins_on(day: date) -> date:
    """From when on whoever meets on this day may be on the way; what began is honoured."""
    return day - SETS_OUT


def why_not_apply(*, one_is_open: bool) -> Refusal | None:
    if one_is_open:
        return Refusal("returns.open", _("Your wish is kept already."))
    return None


def why_not_open_by_law(*, hostilities_ended: bool, held: bool, one_stands: bool) -> Refusal | None:
    """Say why his file cannot be opened though nobody asked, or None if it can (GC III 118)."""
    if not hostilities_ended:
        return Refusal("returns.not_ended", _("Active hostilities have not ended."), "GC III 118")
    if not held:
        return Refusal("returns.not_held", _("He is not in custody."))
    if one_stands:
        return Refusal("returns.file", _("A road home is asked for him already."))
    return None


def why_not_decide(
    *,
    state: ApplicationState,
    granted: bool,
    reasons: list[Reason],
    reason: str,
    review_on: date | None,
    today: date,
) -> list[Refusal]:
    """Say why this decision cannot be taken; an empty list permits it."""
    refusals = []
    if state not in DECIDABLE:
        refusals.append(Refusal("returns.decided", _("This application is decided already.")))
    if granted:
        refusals += [Refusal(each.code, each.words, each.provision) for each in reasons]
    if not reason.strip():
        refusals.append(Refusal("returns.reason", _("Give your reason."), field="reason"))
    if not granted and (refusal := _why_not_review(review_on, today)):
        refusals.append(refusal)
    return refusals


def _why_not_review(review_on: date | None, today: date) -> Refusal | None:
    """What is not possible now is looked at again, no later than families read."""
    if review_on is None:
        reason = _("A refusal needs a date on which it is looked at again.")
        return Refusal("returns.review", reason, "AP I 74", field="review_on")
    if review_on > looked_at_again_on(today):
        reason = _("Families read that every wish is looked at on the first of the next month.")
        return Refusal("returns.review_late", reason, field="review_on")
    return None


def looked_at_again_on(today: date) -> date:
    """The bureau's day on which every wish is looked at again: the first of the next month."""
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


@dataclass(frozen=True)
class WaysOut:
    """Whether both leave, as the day is set: of hers None where nobody of his family comes."""

    his: bool
    hers: bool | None


def why_not_appoint(
    *,
    state: ApplicationState,
    on: date,
    today: date,
    ways_out: WaysOut,
    missing: Sequence[Reason] = (),
    planned: bool = False,
) -> list[Refusal]:
    """Say why no day can be set; `missing` is what stands against setting out at all.

    `planned`: a journey stands, whose day is its own. The way out is there before the way in.
    """
    lacking = [(not ways_out.his, HIS_WAY_OUT), (ways_out.hers is False, HER_WAY_OUT)]
    against = [*missing, *(reason for lacks, reason in lacking if lacks)]
    refusals = [Refusal(each.code, each.words, each.provision) for each in against]
    if planned:
        text = _("A journey is planned for this family. Its day is set by confirming it.")
        refusals.append(Refusal("returns.planned", text))
    if state != ApplicationState.GRANTED:
        refusals.append(Refusal("returns.not_granted", _("No decision opens this road yet.")))
    if on < today:
        refusals.append(Refusal("returns.past", _("This day has passed."), field="on"))
    return refusals


def holds_still(missing: Sequence[Reason]) -> bool:
    """Whether a day set by hand stands; `missing` is what stands against setting out now.

    A yes that grew old is asked anew before the day, and the act wants it fresh.
    """
    return all(reason == STALE_YES for reason in missing)


def why_not_note_he_knows(*, waits: bool) -> Refusal | None:
    """`waits`: a day was set and nobody has told him, or he was told of one that fell since."""
    if not waits:
        text = _("There is nothing of this day that he waits to hear.")
        return Refusal("returns.day_told", text)
    return None
