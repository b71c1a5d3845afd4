"""Plans: their states, what a journey weighs, and when a plan may be published."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules import begins_on
from wayhome.lib.refusal import Refusal


class PlanState(StrEnum):
    DRAFT = "draft"
    IMPROVING = "improving"  # the worker seeks a better one
    PUBLISHED = "published"
    REPLACED = "replaced"  # was published; a later one is
    DROPPED = "dropped"


S = PlanState
PLAN_STATES = {
    S.DRAFT: _("Draft"),
    S.IMPROVING: _("Is being improved"),
    S.PUBLISHED: _("Published"),
    S.REPLACED: _("Replaced by a later plan"),
    S.DROPPED: _("Thrown away"),
}
MAY_BECOME: dict[PlanState, frozenset[PlanState]] = {
    S.DRAFT: frozenset({S.IMPROVING, S.PUBLISHED, S.DROPPED}),
    S.IMPROVING: frozenset({S.DRAFT}),
    S.PUBLISHED: frozenset({S.REPLACED}),
    S.REPLACED: frozenset(),
    S.DROPPED: frozenset(),
}


class Urgent(StrEnum):
    """What makes a family's wait heavier. Nothing that it says or pays is among these (P17)."""

    ILL = "ill"
    OLD = "old"
    CHILDREN = "children"


URGENT_NAMES = {
    Urgent.ILL: _("Somebody of them is ill"),
    Urgent.OLD: _("Somebody of them is over 70"),
    Urgent.CHILDREN: _("Children are with them"),
}
# GC III 16 lets health and age count, and nothing else.
EXTRA_WEIGHT = {Urgent.ILL: 2, Urgent.OLD: 1, Urgent.CHILDREN: 1}
HIS_ILLNESS = 2
HEAVIEST = 1 + sum(EXTRA_WEIGHT.values()) + HIS_ILLNESS
# Whoever waits longer goes before whoever waits shorter, however urgent: docs/methods/planning.md.
CAP_DAYS, OVER_CAP = 120, HEAVIEST + 1
UNPLACED_DAYS = 30
NIGHTS = 14  # both have a bed so long, and leave then
REST_HOURS = 11  # Directive 2003/88/EC, article 3
LONGEST_PLAN_DAYS = 90
LONGEST_SEARCH = 600  # seconds
MOST_TRAVELLERS = 12
# Rules that a plan keeps, in words for whoever plans. None of them tells why a road is closed.
RULE_NAMES = {
    "days": _("not one of the days of this plan"),
    "free": _("the family is not free"),
    "same_day": _("he cannot be brought"),
    "fit": _("he cannot be brought"),
    "route": _("no way leads from this region"),
    "opens": _("the crossing is closed at that hour"),
    "danger": _("danger on the way"),
    "closed": _("something on the way is closed"),
    "places": _("the crossing is full"),
    "vehicle": _("no vehicle in this region"),
    "seats": _("no seat is left"),
    "convoy": _("no vehicle goes this way"),
    "escort": _("no escort is free"),
    "language": _("no escort speaks their language"),
    "woman_escort": _("no woman is free to go with them"),
    "hours": _("the way is longer than an escort's duty"),
    "rest": _("the escorts must rest"),
    "shelter": _("no bed is left"),
    "exit": _("no place to leave by is left"),
    "papers": _("no exit leads where they chose to go"),
    "baggage": _("no way out lets 25 kg through"),
}


def weight_of(urgent: Collection[str], *, he_is_ill: bool) -> int:
    """How heavy a day of waiting is."""
    of_theirs = sum(EXTRA_WEIGHT[each] for each in Urgent if each in urgent)
    return 1 + of_theirs + (HIS_ILLNESS if he_is_ill else 0)


def why_not_plan(*, families: int, first: date, today: date, days: int) -> list[Refusal]:
    """Say what stands against making a plan; an empty list permits it."""
    refusals = []
    if first < today:
        refusals.append(Refusal("plans.past", _("This day has passed."), field="first_on"))
    if not 1 <= days <= LONGEST_PLAN_DAYS:
        text = _("A plan has 1 to 90 days.")
        refusals.append(Refusal("plans.days", text, field="days"))
    if not families:
        text = _("No road is open for a family of which it is known who travels.")
        refusals.append(Refusal("plans.nobody", text))
    return refusals


def why_not_become(state: PlanState, to: PlanState) -> Refusal | None:
    """The states of a plan, and nothing else."""
    if to not in MAY_BECOME[state]:
        return Refusal("plans.state", _("This plan is no draft."))
    return None


def why_not_pin(*, day: date | None, days: Collection[date]) -> Refusal | None:
    if day is not None and day not in days:
        return Refusal("plans.pin", _("This day is not one of the plan."), field="day")
    return None


def why_not_suppose(*, first: date, last: date, days: Sequence[date]) -> Refusal | None:
    """A closure that is only supposed touches the days of the plan."""
    if last < first:
        return Refusal("journeys.days", _("This day is before the first."), field="until_on")
    if last < days[0] or first > days[-1]:
        text = _("These days are not in the plan.")
        return Refusal("plans.suppose", text, field="from_on")
    return None


def why_not_publish(
    *, state: PlanState, supposed: bool, stale: bool, placed: int, faults: Collection[str]
) -> list[Refusal]:
    """Say everything that stands against publishing; an empty list permits it.

    `faults` are the rules that the independent checker finds broken, against what is known now.
    """
    only_supposed = _("This plan only supposes that something is closed.")
    found = [
        (
            S.PUBLISHED not in MAY_BECOME[state],
            Refusal("plans.state", _("This plan is no draft.")),
        ),
        (supposed, Refusal("plans.supposed", only_supposed)),
        (stale, Refusal("plans.stale", _("Another plan was published since. Plan anew."))),
        (not placed, Refusal("plans.empty", _("Nobody has a day in this plan."))),
        (bool(faults), Refusal("plans.faults", _("Something has changed since. Plan anew."))),
    ]
    return [refusal for stands, refusal in found if stands]


class JourneyState(StrEnum):
    PLANNED = "planned"  # a day is promised
    CONFIRMED = "confirmed"  # the way out of both is there
    OUT = "out"  # both have left by the exit crossing
    CANCELLED = "cancelled"


J = JourneyState
JOURNEY_STATES = {
    J.PLANNED: _("Planned"),
    J.CONFIRMED: _("Confirmed"),
    J.OUT: _("Safely out"),
    J.CANCELLED: _("Cancelled"),
}
JOURNEY_MAY_BECOME: dict[JourneyState, frozenset[JourneyState]] = {
    J.PLANNED: frozenset({J.CONFIRMED, J.CANCELLED}),
    J.CONFIRMED: frozenset({J.PLANNED, J.OUT, J.CANCELLED}),
    J.OUT: frozenset(),
    J.CANCELLED: frozenset(),
}
STANDING = frozenset({J.PLANNED, J.CONFIRMED})


class Cancelled(StrEnum):
    """Why a journey does not take place. The families read none of these."""

    REPLANNED = "replanned"
    NO_DAY = "no day"
    ROAD_CLOSED = "road closed"
    LAPSED = "lapsed"
    AT_THE_DOOR = "at the door"


# A person called the day off, or the machine found that what it rests on holds no more.
STOPPED = frozenset({Cancelled.ROAD_CLOSED, Cancelled.LAPSED, Cancelled.AT_THE_DOOR})
CANCELLED_NAMES = {
    Cancelled.REPLANNED: _("Another day or way was published"),
    Cancelled.NO_DAY: _("A later plan has no day for it"),
    Cancelled.ROAD_CLOSED: _("The road home is not open any more"),
    Cancelled.LAPSED: _("What it was confirmed on does not hold any more"),
    Cancelled.AT_THE_DOOR: _("The act did not come about"),
}


def has_begun(state: JourneyState, *, on: date, today: date) -> bool:
    """Whether whoever travels on this day may be on the way: only a confirmed journey begins."""
    return state == JourneyState.CONFIRMED and begins_on(on) <= today


def why_it_falls(
    state: JourneyState, *, granted: bool, is_open: bool, comes: bool, may_set_out: bool
) -> Cancelled | None:
    """Asked again on each change and each day: a day needs an open road and somebody who comes,
    a confirmed one more.
    """
    if not (granted and is_open):
        return Cancelled.ROAD_CLOSED
    if not comes or (state == JourneyState.CONFIRMED and not may_set_out):
        return Cancelled.LAPSED
    return None


def why_not_note_back(*, under_way: bool, back: bool) -> Refusal | None:
    if not under_way:
        return Refusal("journeys.not_under_way", _("Nobody was on the way when it stopped."))
    if back:
        return Refusal("journeys.back", _("This family is home already."))
    return None
