"""What each tie is worth: m, the share of true pairs that show it, and a first guess at u.

u, the share of chance pairs, is counted in the register at hand for each asked value, so that a
rare name weighs more; the guess here stands in for it as if PRIOR_CARDS cards had been seen, so
that a bureau works on its first day. The m given here are set by judgement; `learning.learn`
estimates them from a register and its enquiries. Method: docs/methods/names.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dates import Born, BornTie
from .marks import MarkTie, RankTie
from .persons import SWAPPED_BITS
from .spelling import SAME, Spelling, Tie
from .together import ALONE, Together

PRIOR_CARDS = 300.0
# Names of one people and one place go together: each tells a little of what the others told. Until
# it is learned which do, all count for a little less.
DEPENDENT = 0.9
Floats = NDArray[np.float64]
Shares = Mapping[Any, float]


class NameKind(IntEnum):
    """What is asked for by a name: a whole word, or an initial, which can agree no better."""

    WORD = 0
    INITIAL = 1


class BornKind(IntEnum):
    """How exactly the asked date is known: no closer a tie can be had."""

    DAY = 0
    MONTH = 1
    YEAR = 2
    ABOUT = 3


class OneKind(IntEnum):
    """Of a field all of whose values are of one kind."""

    ANY = 0


def kind_of(value: object) -> int:
    """Which kind of value is asked for, of the kinds that its field has; m is kept for each."""
    if isinstance(value, Spelling):
        return NameKind.INITIAL if value.initial else NameKind.WORD
    if isinstance(value, Born):
        if value.about:
            return BornKind.ABOUT
        return BornKind.DAY if value.full else BornKind.MONTH if value.month else BornKind.YEAR
    return OneKind.ANY


@dataclass(frozen=True, eq=False)
class Weighing:
    """The ties of one field with their m and first u, for each kind of asked value.

    `pooled` ties share one u; their m is what it would be if each of them were the only one.
    """

    ties: type[IntEnum]
    kinds: type[IntEnum]
    m: tuple[Shares, ...]
    u: tuple[Shares, ...]
    disagreeing: frozenset[IntEnum]
    pooled: tuple[IntEnum, ...] = ()
    strength: float = 1.0  # below 1 where fields depend on each other, and would be counted twice

    @cached_property
    def m_table(self) -> Floats:
        """m by kind and tie; tie 0, not known, has 1."""
        return self._table(self.m)

    @cached_property
    def u_table(self) -> Floats:
        """The first guess at u by kind and tie; tie 0, not known, has 1."""
        return self._table(self.u)

    def _table(self, shares: tuple[Shares, ...]) -> Floats:
        return np.array([[1.0, *(x[tie] for tie in list(self.ties)[1:])] for x in shares])

    @cached_property
    def against(self) -> NDArray[np.bool_]:
        """Which ties speak against a person."""
        return np.array([x in self.disagreeing for x in self.ties])

    def shares(self, masses: Floats, cards: float, kind: int = 0) -> Floats:
        """u of each tie, smoothed by the first guess; `masses` may have more axes before the last.

        `masses` has one number for each tie: how many cards show it to the asked value.
        """
        seen = np.array(masses, np.float64)
        seen[..., 0] = 0.0
        if self.pooled:
            same = [int(x) for x in self.pooled]
            seen[..., same] = seen[..., same].sum(-1, keepdims=True)
        guess = self.u_table[kind]
        share: Floats = (seen + PRIOR_CARDS * guess) / (np.asarray(cards)[..., None] + PRIOR_CARDS)
        return share

    def bits(self, masses: Floats, cards: float, kind: int = 0) -> Floats:
        """Bits of each tie, from how many cards of the register show it to the asked value.

        Tie 0, not known, weighs 0 bits. What agrees is never held against a person, nor what
        disagrees for him.
        """
        found = self.strength * np.log2(self.m_table[kind] / self.shares(masses, cards, kind))
        bounded = np.where(self.against, np.minimum(found, 0.0), np.maximum(found, 0.0))
        bounded[0] = 0.0
        return bounded


def _names(
    same_u: float, *, differs: float, typo1: float, strength: float = 1.0, initial: float = 0.9
) -> Weighing:
    near = {
        "LIKELY": typo1, "CONFUSED": typo1, "TYPO1": typo1, "TYPO2": typo1 / 3, "TYPO3": typo1 / 15,
        "PART": 0.03, "PREFIX": 0.02, "DIFFERS": differs,
    }  # fmt: skip
    same = {
        "EXACT": 0.72, "TRANSLIT": 0.72, "VARIANT": 0.5, "FORM": 0.5, "LANGUAGE": 0.7,
        "DIMINUTIVE": 0.6,
    }  # fmt: skip
    chance = {
        "LIKELY": 1.0, "CONFUSED": 0.5, "TYPO1": 1.0, "TYPO2": 3.0, "TYPO3": 8.0, "PART": 0.3,
        "PREFIX": 0.5,
    }  # fmt: skip
    u = dict.fromkeys(same, same_u) | {x: same_u * y for x, y in chance.items()}
    m = {**same, **near}
    return Weighing(
        ties=Tie,
        kinds=NameKind,
        # A whole name meets an initial only where the register holds one.
        m=(_of(Tie, m | {"INITIAL": 0.01}), _of(Tie, m | {"INITIAL": initial})),
        u=(_of(Tie, u | {"INITIAL": 7e-4, "DIFFERS": 0.9}),
           _of(Tie, u | {"INITIAL": 0.07, "DIFFERS": 0.9})),
        disagreeing=frozenset({Tie.DIFFERS}),
        pooled=tuple(map(Tie, SAME)),
        strength=strength,
    )  # fmt: skip


def _of(ties: type[IntEnum], shares: Mapping[str, float]) -> Shares:
    return {tie: shares[tie.name] for tie in ties if tie}


def _born(shares: Mapping[str, float], rest: float) -> Shares:
    """The shares of the ties that this kind of date can show; of any other, next to nothing."""
    return {tie: shares.get(tie.name, rest) for tie in BornTie if tie}


_MARKS_U = {
    MarkTie.EXACT: 1e-4, MarkTie.SAME_DIGITS: 1e-4, MarkTie.ONE_SLIP: 1e-4,
    MarkTie.TWO_SLIPS: 1e-3, MarkTie.OTHER_KIND: 0.5, MarkTie.DIFFERS: 0.9,
}  # fmt: skip

FIELDS: dict[str, Weighing] = {
    "surname": _names(5e-4, differs=0.03, typo1=0.12),
    "given": _names(0.02, differs=0.025, typo1=0.08, strength=DEPENDENT),
    "patronymic": _names(0.02, differs=0.03, typo1=0.08, strength=DEPENDENT),
    "born": Weighing(
        ties=BornTie,
        kinds=BornKind,
        m=(
            _born({
                "EXACT": 0.72, "DAY_MONTH_SWAPPED": 0.025, "YEAR_OFF": 0.07, "ONE_DIGIT": 0.04,
                "DAYS_OFF": 0.05, "SAME_MONTH": 0.01, "SAME_YEAR": 0.04, "ABOUT": 0.01,
                "NEXT_YEAR": 0.005, "YEAR_AGREES_ONLY": 0.01, "DIFFERS": 0.02,
            }, 0.0),
            _born({
                "SAME_MONTH": 0.87, "SAME_YEAR": 0.04, "ABOUT": 0.01, "NEXT_YEAR": 0.05,
                "YEAR_AGREES_ONLY": 0.01, "DIFFERS": 0.02,
            }, 1e-4),
            _born({"SAME_YEAR": 0.9, "ABOUT": 0.01, "NEXT_YEAR": 0.06, "DIFFERS": 0.03}, 1e-4),
            _born({"ABOUT": 0.93, "DIFFERS": 0.07}, 1e-4),
        ),
        u=(
            _born({
                "EXACT": 1e-4, "DAY_MONTH_SWAPPED": 1e-4, "YEAR_OFF": 5e-4, "ONE_DIGIT": 2e-3,
                "DAYS_OFF": 6e-3, "SAME_MONTH": 4e-5, "SAME_YEAR": 2e-3, "ABOUT": 2e-3,
                "NEXT_YEAR": 6e-3, "YEAR_AGREES_ONLY": 0.04, "DIFFERS": 0.9,
            }, 0.0),
            _born({
                "SAME_MONTH": 4e-3, "SAME_YEAR": 2e-3, "ABOUT": 2e-3, "NEXT_YEAR": 0.15,
                "YEAR_AGREES_ONLY": 0.04, "DIFFERS": 0.8,
            }, 1e-4),
            _born({"SAME_YEAR": 0.04, "ABOUT": 2e-3, "NEXT_YEAR": 0.15, "DIFFERS": 0.8}, 1e-4),
            _born({"ABOUT": 0.2, "DIFFERS": 0.8}, 1e-4),
        ),
        disagreeing=frozenset({BornTie.DIFFERS, BornTie.YEAR_AGREES_ONLY, BornTie.NEXT_YEAR}),
    ),
    "birthplace": _names(5e-3, differs=0.2, typo1=0.1, strength=DEPENDENT),
    "unit": Weighing(
        ties=MarkTie,
        kinds=OneKind,
        m=({
            MarkTie.EXACT: 0.8, MarkTie.SAME_DIGITS: 0.05, MarkTie.ONE_SLIP: 0.03,
            MarkTie.TWO_SLIPS: 0.01, MarkTie.OTHER_KIND: 0.1, MarkTie.DIFFERS: 0.08,
        },),
        u=(_MARKS_U | {MarkTie.EXACT: 5e-3, MarkTie.SAME_DIGITS: 5e-3},),
        disagreeing=frozenset({MarkTie.OTHER_KIND, MarkTie.DIFFERS}),
    ),
    "rank": Weighing(
        ties=RankTie,
        kinds=OneKind,
        m=({
            RankTie.EXACT: 0.85, RankTie.ONE_STEP: 0.08, RankTie.TWO_STEPS: 0.03,
            RankTie.DIFFERS: 0.04,
        },),
        u=({
            RankTie.EXACT: 0.2, RankTie.ONE_STEP: 0.15, RankTie.TWO_STEPS: 0.15,
            RankTie.DIFFERS: 0.5,
        },),
        disagreeing=frozenset({RankTie.TWO_STEPS, RankTie.DIFFERS}),
    ),
    "service_no": Weighing(
        ties=MarkTie,
        kinds=OneKind,
        m=({
            MarkTie.EXACT: 0.85, MarkTie.SAME_DIGITS: 0.04, MarkTie.ONE_SLIP: 0.09,
            MarkTie.TWO_SLIPS: 0.02, MarkTie.OTHER_KIND: 0.01, MarkTie.DIFFERS: 0.02,
        },),
        u=(_MARKS_U,),
        disagreeing=frozenset({MarkTie.OTHER_KIND, MarkTie.DIFFERS}),
    ),
    "mother_given": _names(0.03, differs=0.03, typo1=0.06, strength=DEPENDENT),
    "mother_patronymic": _names(0.03, differs=0.03, typo1=0.08, strength=DEPENDENT),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """Where weights come from: 0 for those set by judgement, which shipped with the program."""

    version: int = 0
    on: str = ""
    cards: int = 0
    enquiries: int = 0
    judgements: int = 0


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that a pair is weighed by, beside the counts of the register itself.

    `namesakes` and `kin`: for what share of the persons who are not on the register it holds a
    namesake, or a brother, beyond chance. `prior`: the share of persons sought who are on it.
    """

    fields: Mapping[str, Weighing] = field(default_factory=lambda: FIELDS)
    together: Together = ALONE
    swapped: float = SWAPPED_BITS
    namesakes: float = 0.2
    kin: float = 0.12
    prior: float = 0.02
    made: Made = Made()

    def order_bits(self, bits: float) -> float:
        """What an arrangement of the words of a name weighs, as it was learned."""
        return self.swapped if bits == SWAPPED_BITS else bits


WEIGHTS = Weights()
