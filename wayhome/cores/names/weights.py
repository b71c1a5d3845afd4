"""What each tie is worth: m, the share of true pairs that show it, and a first guess at u.

u, the share of chance pairs, is counted in the register at hand for each asked value, so that a
rare name weighs more; the guess here stands in for it as if PRIOR_CARDS cards had been seen, so
that a bureau works on its first day. The m given here are set by judgement; `learning.learn`
estimates them from a register and its enquiries. Method: docs/methods/names.md, section 3.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, boxed, compiled, inlined
from .dates import Born, BornTie
from .likeness import beyond_chance
from .marks import MarkTie, RankTie
from .persons import SWAPPED_BITS
from .spelling import SAME, Spelling, Tie
from .together import ALONE, Together

FORMAT = 1  # of the text that weights are kept in
PRIOR_CARDS = 300.0
# Names of one people and one place go together: each tells a little of what the others told. Until
# it is learned which do, all count for a little less.
DEPENDENT = 0.9
Floats = NDArray[np.float64]
Shares = Mapping[Any, float]
# Kinds that only the register tells, in the fields where that counts: it does not hold the value,
# or so much more seldom than values close to it that it is rather one of these, slipped.
NEW, SLIP = 1, 2
SELDOM = 100.0


class NameKind(IntEnum):
    """What is asked for by a name.

    A word that the register holds; one that it does not hold in any spelling, so that he who is
    meant must be written otherwise there; one that it holds as rarely as slips of the pen towards a
    far commoner word; an initial, which can agree no better; a double name.
    """

    WORD = 0
    NEW = 1
    SLIP = 2
    INITIAL = 3
    DOUBLE = 4


class MarkKind(IntEnum):
    """What is asked for by a number: one that the register holds, or a new one."""

    KNOWN = 0
    NEW = 1


class UnitKind(IntEnum):
    """Whose unit is asked for: the one he is said to be of, or that of a comrade on the register.

    A comrade's by how sure it is that this is the man who was named, and so his unit (`SURE`).
    """

    ANY = 0
    CERTAIN = 1
    LIKELY = 2
    MAYBE = 3
    DOUBTFUL = 4


SURE = {
    UnitKind.CERTAIN: 0.9, UnitKind.LIKELY: 0.6, UnitKind.MAYBE: 0.3, UnitKind.DOUBTFUL: 0.1,
}  # fmt: skip


def kind_of_comrade(sure: float) -> UnitKind | None:
    """How the unit of a comrade is asked for, who is the man named so surely; None if hardly so."""
    return next((kind for kind, least in SURE.items() if sure >= least), None)


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
    """Which kind of value is asked for, of the kinds that its field has; m is kept for each.

    Whether the register holds it, `kind_here` finds out.
    """
    if isinstance(value, Spelling):
        if value.initial:
            return NameKind.INITIAL
        return NameKind.DOUBLE if value.parts else NameKind.WORD
    if isinstance(value, Born):
        if value.about:
            return BornKind.ABOUT
        return BornKind.DAY if value.full else BornKind.MONTH if value.month else BornKind.YEAR
    return OneKind.ANY


@dataclass(frozen=True, eq=False)
class Weighing:
    """The ties of one field with their m and first u, for each kind of asked value.

    `pooled` ties share one u; their m is what it would be if each of them were the only one. With
    `held` ties a value of kind 0 is new if no card shows one of them to it, and a slip if far more
    cards show one of the `near` ties. `new` and `slip` are how often that is so of strangers; the m
    of such a value are divided by them. `sure` is, for each kind, how likely the asked value is the
    right one (1 where nothing is said): else it agrees with a card by chance.
    """

    ties: type[IntEnum]
    kinds: type[IntEnum]
    m: tuple[Shares, ...]
    u: tuple[Shares, ...]
    disagreeing: frozenset[IntEnum]
    pooled: tuple[IntEnum, ...] = ()
    held: tuple[IntEnum, ...] = ()
    near: tuple[IntEnum, ...] = ()
    new: float = 1.0
    slip: float = 1.0
    sure: tuple[float, ...] = ()
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

    def kind(self, kind: int, masses: Floats) -> int:
        """The kind of an asked value, once it is known how many cards show each tie to it."""
        _, _, _, held, near, *_ = self.arrays
        found: int = kind_here(int(kind), masses, held[0], near[0])
        return found

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

    @cached_property
    def arrays(self) -> "WeightArrays":
        """The figures of this field in arrays."""
        return WeightArrays.of([self])

    def bits(self, masses: Floats, cards: float, kind: int = 0) -> Floats:
        """Bits of each tie, from how many cards of the register show it to the asked value.

        Tie 0, not known, weighs 0 bits. What agrees is never held against a person, nor what
        disagrees for him.
        """
        seen = np.array(masses, np.float64)[None]
        kinds = np.array([int(kind)])
        found: Floats = worth_of(_FIRST, kinds, seen, np.array([cards], np.float64), self.arrays)[0]
        return found


_FIRST = np.zeros(1, np.int64)


SLIPS = ("CONFUSED", "TYPO1", "TYPO2", "TYPO3")
HELD_AND_SLIPPED = 0.25  # so often a slip of the pen makes another word that the register holds
SLIPPED_ALIKE = 0.05  # so often two who write one name make the same slip, where it is likelier one


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
    m = {**same, **near, "INITIAL": 0.01}  # a whole name meets an initial if the register holds one
    slipped = {x: m[x] * (1.0 - HELD_AND_SLIPPED) for x in SLIPS}
    likely = _of(Tie, u | {"INITIAL": 7e-4, "DIFFERS": 0.9})
    return Weighing(
        ties=Tie,
        kinds=NameKind,
        m=(
            _of(Tie, m | {x: m[x] * HELD_AND_SLIPPED for x in SLIPS}),
            _of(Tie, m | slipped),
            _of(Tie, m | slipped | {x: m[x] * SLIPPED_ALIKE for x in same}),
            _of(Tie, m | {"INITIAL": initial}),
            _of(Tie, m | {"PART": 0.6}),
        ),
        u=(likely, likely, likely, _of(Tie, u | {"INITIAL": 0.07, "DIFFERS": 0.9}), likely),
        disagreeing=frozenset({Tie.DIFFERS}),
        pooled=tuple(map(Tie, SAME)),
        held=tuple(map(Tie, SAME)),
        near=(Tie.CONFUSED, Tie.TYPO1),
        strength=strength,
    )


def _of(ties: type[IntEnum], shares: Mapping[str, float]) -> Shares:
    return {tie: shares[tie.name] for tie in ties if tie}


def _born(shares: Mapping[str, float], rest: float) -> Shares:
    """The shares of the ties that this kind of date can show; of any other, next to nothing."""
    return {tie: shares.get(tie.name, rest) for tie in BornTie if tie}


_MARKS_U = {
    MarkTie.EXACT: 1e-4, MarkTie.SAME_DIGITS: 1e-4, MarkTie.ONE_SLIP: 1e-4,
    MarkTie.TWO_SLIPS: 1e-3, MarkTie.OTHER_KIND: 0.5, MarkTie.DIFFERS: 0.9,
}  # fmt: skip

# Both their cards hold a unit as it was told there, and men who served together were moved apart.
_OF_A_COMRADE = {
    MarkTie.EXACT: 0.6, MarkTie.SAME_DIGITS: 0.05, MarkTie.ONE_SLIP: 0.02,
    MarkTie.TWO_SLIPS: 0.01, MarkTie.OTHER_KIND: 0.12, MarkTie.DIFFERS: 0.2,
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
        kinds=UnitKind,
        m=(
            {
                MarkTie.EXACT: 0.8, MarkTie.SAME_DIGITS: 0.05, MarkTie.ONE_SLIP: 0.03,
                MarkTie.TWO_SLIPS: 0.01, MarkTie.OTHER_KIND: 0.1, MarkTie.DIFFERS: 0.08,
            },
            *[_OF_A_COMRADE] * len(SURE),
        ),
        u=(_MARKS_U | {MarkTie.EXACT: 5e-3, MarkTie.SAME_DIGITS: 5e-3},) * len(UnitKind),
        sure=(1.0, *SURE.values()),
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
        kinds=MarkKind,
        m=({
            MarkTie.EXACT: 0.85, MarkTie.SAME_DIGITS: 0.04, MarkTie.ONE_SLIP: 0.09,
            MarkTie.TWO_SLIPS: 0.02, MarkTie.OTHER_KIND: 0.01, MarkTie.DIFFERS: 0.02,
        },) * 2,
        u=(_MARKS_U,) * 2,
        disagreeing=frozenset({MarkTie.OTHER_KIND, MarkTie.DIFFERS}),
        held=(MarkTie.EXACT, MarkTie.SAME_DIGITS),
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


class WeightArrays(NamedTuple):
    """`m` and `u` (fields, kinds, ties), 1 where a field has no such kind or tie.

    `pooled`, `held`, `near`, `against`, `ties` (fields, ties): which ties share one u, show that
    the register holds a value, or values close to it, speak against a person, are there at all and
    weigh anything. `strength` (fields,). `sure` (fields, kinds).
    """

    m: Floats
    u: Floats
    pooled: NDArray[np.bool_]
    held: NDArray[np.bool_]
    near: NDArray[np.bool_]
    against: NDArray[np.bool_]
    ties: NDArray[np.bool_]
    strength: Floats
    sure: Floats

    @classmethod
    def of(cls, fields: Sequence[Weighing]) -> "WeightArrays":
        kinds, ties = max(len(x.kinds) for x in fields), max(len(x.ties) for x in fields)
        found = cls(
            m=np.ones((len(fields), kinds, ties)),
            u=np.ones((len(fields), kinds, ties)),
            pooled=np.zeros((len(fields), ties), np.bool_),
            held=np.zeros((len(fields), ties), np.bool_),
            near=np.zeros((len(fields), ties), np.bool_),
            against=np.zeros((len(fields), ties), np.bool_),
            ties=np.zeros((len(fields), ties), np.bool_),
            strength=np.array([x.strength for x in fields]),
            sure=np.ones((len(fields), kinds)),
        )
        for place, weighing in enumerate(fields):
            found.m[place, : len(weighing.kinds), : len(weighing.ties)] = weighing.m_table
            found.u[place, : len(weighing.kinds), : len(weighing.ties)] = weighing.u_table
            found.pooled[place, list(map(int, weighing.pooled))] = True
            found.held[place, list(map(int, weighing.held))] = True
            found.near[place, list(map(int, weighing.near))] = True
            found.against[place, : len(weighing.ties)] = weighing.against
            found.ties[place, 1 : len(weighing.ties)] = True
            found.sure[place, : len(weighing.sure)] = weighing.sure
        return found


@inlined
def kind_here(kind: int, masses: Floats, held: NDArray[np.bool_], near: NDArray[np.bool_]) -> int:
    """The kind of an asked value, once it is known how many cards show each tie to it."""
    holds, close, matters = 0.0, 0.0, False
    for tie in range(1, len(held)):
        matters = matters or held[tie]
        holds += masses[tie] if held[tie] else 0.0
        close += masses[tie] if near[tie] else 0.0
    if kind or not matters:
        return kind
    if holds <= 0.0:
        return NEW
    return SLIP if holds * SELDOM < close else kind


@inlined
def unsure(odds: float, right: float) -> float:
    """What odds come to if they count only where the asked value is the right one."""
    return right * odds + (1.0 - right)


@compiled
def worth_of(
    fields: NDArray[np.int64],
    kinds: NDArray[np.int64],
    masses: Floats,
    cards: Floats,
    weights: WeightArrays,
) -> Floats:
    """The bits of each tie to some asked values, shape as `masses` (values, ties).

    `fields`, `kinds` and `cards` (values,): the field of each, its kind, how many know the field.
    """
    m, u, pooled, held, near, against, ties, strength, sure = weights
    found = np.zeros_like(masses)
    for row in range(len(fields)):
        field, together = fields[row], 0.0
        of_kind = kind_here(kinds[row], masses[row], held[field], near[field])
        for tie in range(1, masses.shape[1]):
            if pooled[field, tie]:
                together += masses[row, tie]
        right = sure[field, of_kind]
        for tie in range(1, masses.shape[1]):
            if not ties[field, tie]:
                continue
            seen = together if pooled[field, tie] else masses[row, tie]
            guess = PRIOR_CARDS * u[field, of_kind, tie]
            share = (seen + guess) / (cards[row] + PRIOR_CARDS)
            bits = strength[field] * np.log2(unsure(m[field, of_kind, tie] / share, right))
            found[row, tie] = min(bits, 0.0) if against[field, tie] else max(bits, 0.0)
    return found


@compiled
def most_of(weights: Box, seen: Floats, known: Floats) -> Floats:
    """The most that a value can weigh which agrees with the asked one: bits (fields,).

    `seen` (fields,): so many cards at least hold it; `known` (fields,) know the field.
    """
    m, u, _, _, _, against, ties, strength, _ = weights[0]
    found = np.zeros(len(seen))
    for place in range(len(seen)):
        for kind in range(m.shape[1]):
            for tie in range(1, m.shape[2]):
                if ties[place, tie] and not against[place, tie]:
                    guess = PRIOR_CARDS * u[place, kind, tie]
                    share = (seen[place] + guess) / (known[place] + PRIOR_CARDS)
                    bits = strength[place] * np.log2(m[place, kind, tie] / share)
                    found[place] = max(found[place], bits)
    return found


@dataclass(frozen=True, eq=False)
class Weights:
    """Everything that a pair is weighed by, beside the counts of the register itself.

    `namesakes` and `kin`: for what share of the persons who are not on the register it holds a
    namesake, or a brother, beyond chance. `prior`: the share of persons sought who are on it.
    `spread`: what the register held when they were made, by which `drift.drift` knows whether they
    still fit.
    """

    fields: Mapping[str, Weighing] = field(default_factory=lambda: FIELDS)
    together: Together = ALONE
    swapped: float = SWAPPED_BITS
    namesakes: float = 0.3
    kin: float = 0.2
    prior: float = 0.02
    spread: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    made: Made = Made()

    @cached_property
    def arrays(self) -> "WeightArrays":
        """The figures of all fields in arrays."""
        return WeightArrays.of(list(self.fields.values()))

    @cached_property
    def box(self) -> Box:
        """The same in a box."""
        return boxed(self.arrays)

    def beyond_chance(self, cards: int) -> tuple[float, float]:
        """Of those who are not among so many cards, how many have a namesake there; a brother."""
        return beyond_chance(self.namesakes, cards), beyond_chance(self.kin, cards)

    def order_bits(self, bits: float) -> float:
        """What an arrangement of the words of a name weighs, as it was learned."""
        return self.swapped if bits == SWAPPED_BITS else bits

    def to_json(self) -> str:
        """As a text that `of_json` reads; figures to six digits."""
        kept = {
            "format": FORMAT,
            "made": asdict(self.made),
            "prior": _short(self.prior),
            "namesakes": _short(self.namesakes),
            "kin": _short(self.kin),
            "swapped": _short(self.swapped),
            "fields": {name: _kept(weighing) for name, weighing in self.fields.items()},
            "spread": {x: {k: _short(v) for k, v in y.items()} for x, y in self.spread.items()},
            "together": {
                "sizes": list(map(_short, self.together.sizes)),
                "likelier": [
                    {name: list(map(_short, shares)) for name, shares in table.items()}
                    for table in self.together.likelier
                ],
            },
        }
        return json.dumps(kept, ensure_ascii=False, indent=1)

    @classmethod
    def of_json(cls, text: str) -> "Weights":
        """Weights as they were kept. Raises BadWeights if the text holds none that can be used."""
        try:
            kept = json.loads(text)
            if kept["format"] != FORMAT:
                raise BadWeights(f"weights of format {kept['format']}; this program reads {FORMAT}")
            circles = kept["together"]
            return cls(
                fields={name: _read(x, kept["fields"][name]) for name, x in FIELDS.items()},
                together=Together(
                    sizes=tuple(circles["sizes"]),
                    likelier=tuple(
                        {name: tuple(shares) for name, shares in table.items()}
                        for table in circles["likelier"]
                    ),
                ),
                swapped=float(kept["swapped"]),
                namesakes=float(kept["namesakes"]),
                kin=float(kept["kin"]),
                prior=float(kept["prior"]),
                spread=kept["spread"],
                made=Made(**kept["made"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            if isinstance(error, BadWeights):
                raise
            raise BadWeights(f"these are no weights: {error}") from error


class BadWeights(ValueError):
    """A text that should hold weights does not."""


def _short(figure: float) -> float:
    return float(f"{figure:.6g}")


def _kept(weighing: Weighing) -> dict[str, Any]:
    return {
        "m": {
            kind.name.lower(): {tie.name.lower(): _short(m) for tie, m in shares.items()}
            for kind, shares in zip(weighing.kinds, weighing.m, strict=True)
        },
        "new": _short(weighing.new),
        "slip": _short(weighing.slip),
        "strength": _short(weighing.strength),
    }


def _read(first: Weighing, kept: Mapping[str, Any]) -> Weighing:
    """A weighing with kept figures; ties and kinds younger than they keep their first guess."""
    m = tuple(
        {tie: float(kept["m"].get(kind.name.lower(), {}).get(tie.name.lower(), guess))
         for tie, guess in shares.items()}
        for kind, shares in zip(first.kinds, first.m, strict=True)
    )  # fmt: skip
    new, slip = float(kept["new"]), float(kept.get("slip", first.slip))
    return replace(first, m=m, new=new, slip=slip, strength=float(kept["strength"]))


WEIGHTS = Weights()
