"""What each tie is worth: m, the share of true pairs that show it, and a first guess at u.

u, the share of chance pairs, is counted in the register at hand for each asked value, so that a
rare name weighs more; the guess here stands in for it as if PRIOR_CARDS cards had been seen, so
that a bureau works on its first day. m is set by judgement, after looking at generated data; no
real case is in it. Method and sources: docs/methods/names.md, section 3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .dates import BornTie
from .marks import MarkTie, RankTie
from .spelling import SAME, Tie

PRIOR_CARDS = 300.0
# Names of one people and one place go together: each tells a little of what the others told.
DEPENDENT = 0.9
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Weighing:
    """The ties of one field with their m and first u; `pooled` ties share one u."""

    ties: type[IntEnum]
    m: Mapping[Any, float]
    u: Mapping[Any, float]
    disagreeing: frozenset[IntEnum]
    pooled: tuple[IntEnum, ...] = ()
    strength: float = 1.0  # below 1 where fields depend on each other, and would be counted twice

    @cached_property
    def _arrays(self) -> tuple[Floats, Floats, NDArray[np.bool_]]:
        ties = list(self.ties)[1:]
        return (
            np.array([self.m[x] for x in ties]),
            np.array([self.u[x] for x in ties]),
            np.array([x in self.disagreeing for x in ties]),
        )

    def bits(self, masses: Floats, cards: float) -> Floats:
        """Bits of each tie, from how many cards of the register show it to the asked value.

        `masses` has one number for each tie (tie 0, not known, weighs 0 bits). What agrees is
        never held against a person, nor what disagrees for him.
        """
        m, u, against = self._arrays
        seen = masses[1:].copy()
        if self.pooled:
            same = [int(x) - 1 for x in self.pooled]
            seen[same] = seen[same].sum()
        share = (seen + PRIOR_CARDS * u) / (cards + PRIOR_CARDS)
        found = self.strength * np.log2(m / share)
        bounded = np.where(against, np.minimum(found, 0.0), np.maximum(found, 0.0))
        return np.concatenate([[0.0], bounded])


def _names(
    same_u: float, *, differs: float, typo1: float, strength: float = 1.0, initial: float = 0.9
) -> Weighing:
    near = {
        Tie.TYPO1: typo1, Tie.TYPO2: typo1 / 3, Tie.TYPO3: typo1 / 15,
        Tie.PART: 0.03, Tie.PREFIX: 0.02, Tie.INITIAL: initial, Tie.DIFFERS: differs,
    }  # fmt: skip
    same = {
        Tie.EXACT: 0.72, Tie.TRANSLIT: 0.72, Tie.VARIANT: 0.5, Tie.FORM: 0.5,
        Tie.LANGUAGE: 0.7, Tie.DIMINUTIVE: 0.6,
    }  # fmt: skip
    chance = {
        Tie.TYPO1: 1.0, Tie.TYPO2: 3.0, Tie.TYPO3: 8.0, Tie.PART: 0.3, Tie.PREFIX: 0.5,
    }  # fmt: skip
    u = dict.fromkeys(map(Tie, SAME), same_u) | {x: same_u * y for x, y in chance.items()}
    return Weighing(
        ties=Tie,
        m={**same, **near},
        u=u | {Tie.INITIAL: 0.07, Tie.DIFFERS: 0.9},
        disagreeing=frozenset({Tie.DIFFERS}),
        pooled=tuple(map(Tie, SAME)),
        strength=strength,
    )


_MARKS_U = {
    MarkTie.EXACT: 1e-4, MarkTie.SAME_DIGITS: 1e-4, MarkTie.ONE_SLIP: 1e-4,
    MarkTie.TWO_SLIPS: 1e-3, MarkTie.OTHER_KIND: 0.5, MarkTie.DIFFERS: 0.9,
}  # fmt: skip

WEIGHTS: dict[str, Weighing] = {
    "surname": _names(5e-4, differs=0.03, typo1=0.12),
    "given": _names(0.02, differs=0.025, typo1=0.08, strength=DEPENDENT),
    "patronymic": _names(0.02, differs=0.03, typo1=0.08, strength=DEPENDENT),
    "born": Weighing(
        ties=BornTie,
        m={
            BornTie.EXACT: 0.75, BornTie.DAY_MONTH_SWAPPED: 0.025, BornTie.YEAR_OFF: 0.07,
            BornTie.ONE_DIGIT: 0.03, BornTie.DAYS_OFF: 0.06, BornTie.SAME_MONTH: 0.88,
            BornTie.SAME_YEAR: 0.88, BornTie.ABOUT: 0.9, BornTie.NEXT_YEAR: 0.07,
            BornTie.YEAR_AGREES_ONLY: 0.01, BornTie.DIFFERS: 0.025,
        },
        u={
            BornTie.EXACT: 1e-4, BornTie.DAY_MONTH_SWAPPED: 1e-4, BornTie.YEAR_OFF: 5e-4,
            BornTie.ONE_DIGIT: 2e-3, BornTie.DAYS_OFF: 6e-3, BornTie.SAME_MONTH: 4e-3,
            BornTie.SAME_YEAR: 0.04, BornTie.ABOUT: 0.2, BornTie.NEXT_YEAR: 0.15,
            BornTie.YEAR_AGREES_ONLY: 0.04, BornTie.DIFFERS: 0.9,
        },
        disagreeing=frozenset({BornTie.DIFFERS, BornTie.YEAR_AGREES_ONLY, BornTie.NEXT_YEAR}),
    ),
    "birthplace": _names(5e-3, differs=0.2, typo1=0.1, strength=DEPENDENT),
    "unit": Weighing(
        ties=MarkTie,
        m={
            MarkTie.EXACT: 0.8, MarkTie.SAME_DIGITS: 0.05, MarkTie.ONE_SLIP: 0.03,
            MarkTie.TWO_SLIPS: 0.01, MarkTie.OTHER_KIND: 0.1, MarkTie.DIFFERS: 0.08,
        },
        u=_MARKS_U | {MarkTie.EXACT: 5e-3, MarkTie.SAME_DIGITS: 5e-3},
        disagreeing=frozenset({MarkTie.OTHER_KIND, MarkTie.DIFFERS}),
    ),
    "rank": Weighing(
        ties=RankTie,
        m={
            RankTie.EXACT: 0.85, RankTie.ONE_STEP: 0.08, RankTie.TWO_STEPS: 0.03,
            RankTie.DIFFERS: 0.04,
        },
        u={
            RankTie.EXACT: 0.2, RankTie.ONE_STEP: 0.15, RankTie.TWO_STEPS: 0.15,
            RankTie.DIFFERS: 0.5,
        },
        disagreeing=frozenset({RankTie.TWO_STEPS, RankTie.DIFFERS}),
    ),
    "service_no": Weighing(
        ties=MarkTie,
        m={
            MarkTie.EXACT: 0.85, MarkTie.SAME_DIGITS: 0.04, MarkTie.ONE_SLIP: 0.09,
            MarkTie.TWO_SLIPS: 0.02, MarkTie.OTHER_KIND: 0.01, MarkTie.DIFFERS: 0.02,
        },
        u=_MARKS_U,
        disagreeing=frozenset({MarkTie.OTHER_KIND, MarkTie.DIFFERS}),
    ),
    "mother_given": _names(0.03, differs=0.03, typo1=0.06, strength=DEPENDENT),
    "mother_patronymic": _names(0.03, differs=0.03, typo1=0.08, strength=DEPENDENT),
}  # fmt: skip
