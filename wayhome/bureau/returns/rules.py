"""Roads home, applications and their decisions."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Road(StrEnum):
    """The lawful roads home (docs/GLOSSARY.md). An act without one is refused (G2)."""

    MEDICAL = "medical return"  # GC III 109-110
    EXCHANGE = "agreed exchange"  # GC III 109(2), special agreements
    PAROLE = "parole"  # GC III 21
    UNILATERAL = "unilateral release"
    END_OF_HOSTILITIES = "end of hostilities"  # GC III 118


ROAD_NAMES = {
    Road.MEDICAL: _("Medical return (GC III 109–110)"),
    Road.EXCHANGE: _("Agreed exchange (GC III 109, special agreements)"),
    Road.PAROLE: _("Release on his word (GC III 21)"),
    Road.UNILATERAL: _("Unilateral release"),
    Road.END_OF_HOSTILITIES: _("End of hostilities (GC III 118)"),
}
FRESH_FOR = timedelta(days=14)  # policy: so long a yes before a neutral carries to the act
NEEDS_HIS_YES = frozenset(Road) - {Road.END_OF_HOSTILITIES}


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


@dataclass(frozen=True)
class Facts:
    """What a road home rests on, for one man. Nothing here tells religion, origin or opinion.

    `his_yes`: he said yes to going home, before a neutral, and it is in force; `yes_is_fresh`: not
    longer ago than FRESH_FOR. `fears`: his last
    answer was yes or unsure. `assessed`: the legal officer knows of no danger; None is not yet.
    """

    road: Road | None
    in_custody: bool
    his_yes: bool
    fears: bool
    assessed: bool | None
    harm_flag: bool
    by_family: bool
    match_stands: bool
    kinship_proven: bool
    she_comes: bool  # her family applied, and she did not say that she cannot travel
    way_out_his: bool = False
    way_out_hers: bool = False
    yes_is_fresh: bool = False


class Whose(StrEnum):
    """Who can change a reason. The family reads only its own (P7)."""

    FAMILY = "family"
    CAPTIVE = "captive"
    LEGAL = "legal officer"
    DECISION = "decision officer"
    COORDINATOR = "coordinator"
    TRACING = "tracing officer"


@dataclass(frozen=True)
class Reason:
    """One thing that stands against the road, with what it rests on and who can change it."""

    code: str
    words: "StrOrPromise"
    whose: Whose
    provision: str = ""


STOPPED_BY_LEGAL = Reason(
    "returns.legal", _("Stopped by the legal officer."), Whose.LEGAL, "CAT 3; GC III 12"
)


def reasons_against(facts: Facts) -> list[Reason]:
    """Everything that stands against the road now; an empty list opens it.

    Fear, danger, harm flag and a missing assessment are one value here: whoever decides reads
    that the legal officer stops it, never why.
    """
    found = [
        (facts.road is None, _ROAD),
        (not facts.in_custody, _CUSTODY),
        (facts.road in NEEDS_HIS_YES and not facts.his_yes, _WILL),
        (facts.fears or facts.harm_flag or facts.assessed is not True, STOPPED_BY_LEGAL),
        (facts.by_family and not facts.match_stands, _MATCH),
        (facts.by_family and facts.match_stands and not facts.kinship_proven, _KINSHIP),
    ]
    return [reason for stands, reason in found if stands]


def missing_for_act(facts: Facts) -> list[Reason]:
    """What stands against the act itself: the road's reasons, a stale yes, no way out for both.

    Her coming is help with travel, never a price (customary rule 96): he goes home without it.
    """
    is_stale = facts.his_yes and not facts.yes_is_fresh
    found = [
        (facts.road in NEEDS_HIS_YES and is_stale, _ANEW),
        (not facts.way_out_his, _WAY_OUT_HIS),
        (facts.she_comes and not facts.way_out_hers, _WAY_OUT_HERS),
    ]
    return reasons_against(facts) + [reason for stands, reason in found if stands]


_ROAD = Reason(
    "returns.no_road", _("No lawful road home is named."), Whose.DECISION, "GC III 109-118"
)
_CUSTODY = Reason("returns.not_held", _("He is not in custody."), Whose.COORDINATOR)
_WILL = Reason(
    "returns.no_yes",
    _("His own yes before a neutral is not in force."),
    Whose.CAPTIVE,
    "GC III 7, 21, 109",
)
_ANEW = Reason(
    "returns.stale_yes",
    _("His yes was given long ago. He must be asked anew before a neutral."),
    Whose.CAPTIVE,
    "GC III 7",
)
_MATCH = Reason("returns.no_match", _("No confirmed match stands."), Whose.TRACING)
_KINSHIP = Reason("returns.kinship", _("Her kinship is not proven yet."), Whose.FAMILY)
_WAY_OUT_HIS = Reason("returns.his_way_out", _("His way out is not set."), Whose.COORDINATOR)
_WAY_OUT_HERS = Reason("returns.her_way_out", _("Her way out is not set."), Whose.COORDINATOR)


def why_not_apply(*, one_is_open: bool) -> Refusal | None:
    if one_is_open:
        return Refusal("returns.open", _("Your wish is kept already."))
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


def why_not_appoint(*, state: ApplicationState, on: date, today: date) -> list[Refusal]:
    refusals = []
    if state != ApplicationState.GRANTED:
        refusals.append(Refusal("returns.not_granted", _("No decision opens this road yet.")))
    if on < today:
        refusals.append(Refusal("returns.past", _("This day has passed."), field="on"))
    return refusals
