"""Is the machine right about how sure it is, and is the register still what its weights are for?"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log, sqrt
from uuid import UUID

from wayhome.bureau.matches.models import Candidate, Judgement, WeekOfTracing
from wayhome.bureau.matches.rules import VERDICTS_TO_CONFIRM, CandidateState, Verdict

# Bins of the calibration curve: narrow where decisions are made.
BINS = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98, 1.0)
Z = 1.96  # 95 per cent of a normal distribution
FEWEST_JUDGED = 30  # with fewer pairs the curve says nothing
# The population stability index of credit scoring: below 0.1 as before, from 0.25 on another.
DRIFT_SEEN, DRIFT_ALARM = 0.1, 0.25
FEWEST_PAIRS = 50  # with fewer likely pairs in a week chance alone moves the index so far
SMOOTHED = 0.5  # pairs added to each rule, so that one never seen is not impossible
AS_FAR_BACK = 4  # weeks taken together on either side


@dataclass(frozen=True)
class Bin:
    """Judged pairs of about one probability: what the machine said, and what people found."""

    least: float
    most: float
    pairs: int
    said: float  # mean probability
    same: float  # share that people found to be the same man
    low: float  # of that share, 95 per cent
    high: float

    @property
    def is_off(self) -> bool:
        """Whether what was said lies outside what chance allows."""
        return not self.low <= self.said <= self.high


def calibration(judged: Iterable[tuple[float, bool]]) -> list[Bin]:
    """Bins of (probability, whether people found him the same); empty ones are left out."""
    pairs = sorted(judged)
    bins = []
    for least, most in pairwise(BINS):
        is_last = most == BINS[-1]
        inside = [x for x in pairs if least <= x[0] and (x[0] < most or is_last)]
        if inside:
            bins.append(_bin(least, most, inside))
    return bins


def _bin(least: float, most: float, inside: Sequence[tuple[float, bool]]) -> Bin:
    count, same = len(inside), sum(is_same for _, is_same in inside)
    low, high = wilson(same, count)
    said = sum(probability for probability, _ in inside) / count
    return Bin(least, most, count, said, same / count, low, high)


def wilson(found: int, of: int) -> tuple[float, float]:
    """The 95 per cent interval of a share (Wilson 1927)."""
    share = found / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Agreed:
    """A pair on which two people gave one verdict, "same" or "different", in one round.

    The probability is the one that stood when the first of them gave it.
    """

    candidate_id: UUID
    probability: float
    is_same: bool


def agreed_pairs() -> list[Agreed]:
    """All on which two people agreed, the earliest verdict first."""
    settled = (CandidateState.CONFIRMED, CandidateState.REJECTED)
    rows = Judgement.objects.filter(candidate__state__in=settled, probability__isnull=False)
    rounds: dict[tuple[UUID, int], list[tuple[float, str]]] = {}
    for candidate, number, probability, verdict in rows.order_by("at", "id").values_list(
        "candidate_id", "round", "probability", "verdict"
    ):
        rounds.setdefault((candidate, number), []).append((probability or 0.0, verdict))
    return [
        Agreed(candidate, given[0][0], given[0][1] == Verdict.SAME)
        for (candidate, _), given in rounds.items()
        if len(given) == VERDICTS_TO_CONFIRM
        and {verdict for _, verdict in given} in ({Verdict.SAME}, {Verdict.DIFFERENT})
    ]


def judged_pairs() -> list[tuple[float, bool]]:
    """What the machine said of each pair on which two people agreed, and what they said."""
    return [(each.probability, each.is_same) for each in agreed_pairs()]


@dataclass(frozen=True)
class Drift:
    """How far the likely pairs of one field agree otherwise than when the weights came into use."""

    field: str
    index: float
    pairs: int  # of the last weeks

    @property
    def is_alarm(self) -> bool:
        return self.index >= DRIFT_ALARM

    @property
    def is_seen(self) -> bool:
        return self.index >= DRIFT_SEEN


def stability_index(before: Mapping[str, int], now: Mapping[str, int]) -> float:
    """The population stability index of two counts of the same kinds; 0 if they are alike."""
    kinds = before.keys() | now.keys()
    whole = [sum(side.values()) + SMOOTHED * len(kinds) for side in (before, now)]
    shares = [
        ((before.get(x, 0) + SMOOTHED) / whole[0], (now.get(x, 0) + SMOOTHED) / whole[1])
        for x in kinds
    ]
    return sum((then - here) * log(then / here) for then, here in shares)


def drift(weeks: Sequence[WeekOfTracing]) -> list[Drift]:
    """Each field's drift under the weights in use; empty until there are pairs enough to say.

    The first weeks under these weights stand for what they were made for, the last ones for now.
    """
    if not weeks:
        return []
    in_use = sorted(
        (each for each in weeks if each.version == weeks[0].version), key=lambda each: each.week
    )
    first, last = _agreeing(in_use[:AS_FAR_BACK]), _agreeing(in_use[AS_FAR_BACK:][-AS_FAR_BACK:])
    found = [
        Drift(field, stability_index(first[field], last[field]), last[field].total())
        for field in first.keys() & last.keys()
        if min(first[field].total(), last[field].total()) >= FEWEST_PAIRS
    ]
    return sorted(found, key=lambda each: (-each.index, each.field))


def _agreeing(weeks: Sequence[WeekOfTracing]) -> dict[str, "Counter[str]"]:
    together: dict[str, Counter[str]] = {}
    for each in weeks:
        for field, rules in each.agreeing.items():
            together.setdefault(field, Counter()).update(rules)
    return together


@dataclass(frozen=True)
class Worth:
    """What one field weighs in this bureau: the mean over its proposals."""

    field: str
    agrees: float | None
    disagrees: float | None
    known: float  # share of proposals in which both sides say something


LOOKED_AT = 2000  # proposals, the newest


def worth_here() -> list[Worth]:
    """What agreement and disagreement weighed in the newest proposals, field by field."""
    rows = Candidate.objects.exclude(state=CandidateState.GONE).order_by("-computed_at", "pk")
    bits: dict[str, dict[str, list[float]]] = {}
    count = 0
    for evidence in rows.values_list("evidence", flat=True)[:LOOKED_AT]:
        count += bool(evidence)
        for field, verdict, _rule, weight in evidence:
            bits.setdefault(field, {}).setdefault(verdict, []).append(weight)
    return [
        Worth(
            field,
            _mean(found.get("agrees")),
            _mean(found.get("disagrees")),
            1.0 - len(found.get("unknown", ())) / max(count, 1),
        )
        for field, found in bits.items()
    ]


def _mean(weights: Sequence[float] | None) -> float | None:
    return sum(weights) / len(weights) if weights else None
