"""Sums of products over many variables, one variable after the other.

A `Network` holds tables of numbers, each over some variables. Its sum over all of them, or over
all but a few, is what a likelihood is. Where a table is not the same for each of many families,
its first axis counts rows that families share (`sources`): so one plan serves a whole batch.
"""

from bisect import insort
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations
from math import copysign, exp, prod
from random import Random

import numpy as np
from numpy.typing import NDArray

from .faults import TooLarge
from .sources import FAMILIES, NOTHING, Sources, Which

Table = NDArray[np.float64]
Scope = tuple[int, ...]
LARGEST_TABLE = 2**26  # numbers in one table: half a gigabyte
COMPARED = 12  # of many tables that meet, so many of the smallest are tried against each other
NONE_LIFTED = np.zeros(1, dtype=np.int64)
TRIED = 24  # orders at most in which chance has a hand
NOISE = 3.0  # by so many powers of e at most
WORTH_A_TRY = 2**21  # numbers multiplied in the time that one more order takes to try
SMALL = 2.0**-300  # below this a table is lifted, so that large families do not sink to 0


@dataclass(frozen=True)
class Scaled:
    """A number as mantissa times a power of 2: what would be 0 in floating point is not lost."""

    mantissa: float
    exponent: int = 0

    @property
    def value(self) -> float:
        return float(np.ldexp(self.mantissa, self.exponent))

    def __mul__(self, other: "Scaled") -> "Scaled":
        mantissa, exponent = np.frexp(self.mantissa * other.mantissa)
        return Scaled(float(mantissa), int(exponent) + self.exponent + other.exponent)

    def over(self, other: "Scaled") -> float | None:
        """The ratio to another; None where the other is 0."""
        if not other.mantissa:
            return None
        ratio = self.mantissa / other.mantissa
        return float(np.ldexp(ratio, self.exponent - other.exponent))

    def log10_over(self, other: "Scaled") -> float | None:
        """The logarithm of the ratio, which may be beyond what `over` can hold."""
        if not other.mantissa:
            return None
        if not self.mantissa:
            return -np.inf
        powers = (self.exponent - other.exponent) * np.log10(2)
        return float(np.log10(self.mantissa / other.mantissa) + powers)


@dataclass
class Network:
    """Tables over numbered variables. A table has shape (rows or 1, *sizes of its scope), where
    its rows are those of the sources it hangs on.

    The first is the number 1, so that a network of nothing has a sum.
    """

    sizes: list[int] = field(default_factory=list)
    scopes: list[Scope] = field(default_factory=lambda: [()])
    tables: list[Table] = field(default_factory=lambda: [np.ones(1)])
    hang_on: list[Which] = field(default_factory=lambda: [NOTHING])
    sources: Sources = field(default_factory=Sources)

    def variable(self, size: int) -> int:
        """A new variable with so many states."""
        self.sizes.append(size)
        return len(self.sizes) - 1

    def add(self, scope: Sequence[int], table: Table, hangs_on: Which = NOTHING) -> None:
        """Add a table; axes of one state are taken out of its scope."""
        kept = tuple(v for v in scope if self.sizes[v] > 1)
        self.scopes.append(kept)
        self.tables.append(table.reshape(table.shape[:1] + tuple(self.sizes[v] for v in kept)))
        self.hang_on.append(hangs_on)

    def plan(self, kept: Sequence[int] = ()) -> "Plan":
        """How to sum over all variables but these."""
        kept = tuple(v for v in kept if self.sizes[v] > 1)
        most = tuple(self.sources.most)
        return _planned(tuple(self.sizes), tuple(self.scopes), kept, tuple(self.hang_on), most)

    def total(self, kept: Sequence[int] = ()) -> tuple[Table, NDArray[np.int64]]:
        """The sum over all variables but `kept`, and the power of 2 it is to be multiplied by.

        Shape (families or 1, *sizes of kept), and (families or 1,).
        """
        parts = map(Part, self.tables, self.hang_on)
        last = self.plan(kept).run(parts, self.sources)
        table, exponent = last.table, last.exponent
        if last.hangs_on:
            of = self.sources.joined(last.hangs_on).of
            table, exponent = table[of], exponent[of] if len(exponent) > 1 else exponent
        return table.reshape(table.shape[:1] + tuple(self.sizes[v] for v in kept)), exponent


@dataclass(frozen=True)
class Part:
    """A table on its way into the sum, and the power of 2 that its rows are to be multiplied by:
    (rows,), or (1,) for all."""

    table: Table
    hangs_on: Which
    exponent: NDArray[np.int64] = field(default_factory=lambda: NONE_LIFTED)

    def rows(self, wanted: Which, sources: Sources) -> "Part":
        """For the rows of more sources."""
        if not self.hangs_on or self.hangs_on == wanted:
            return self
        exponent = self.exponent
        if len(exponent) > 1:
            exponent = sources.taken(exponent, self.hangs_on, wanted)
        return Part(sources.taken(self.table, self.hangs_on, wanted), wanted, exponent)


@dataclass(frozen=True)
class Contraction:
    """Multiply two tables and sum out what nobody else needs.

    Each table is turned so that its axes stand as (rows, shared, own, summed), and the two
    then meet in a matrix product.
    """

    one: int
    other: int
    turns: tuple[Scope, Scope]
    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    result: tuple[int, ...]

    def run(self, one: Part, other: Part, sources: Sources) -> Part:
        hangs_on = one.hangs_on | other.hangs_on
        left, right = (part.rows(hangs_on, sources) for part in (one, other))
        table, lifted = _lifted(self._product(left.table, right.table))
        return Part(table, hangs_on, left.exponent + right.exponent + lifted)

    def _product(self, one: Table, other: Table) -> Table:
        left = one.transpose(self.turns[0]).reshape(one.shape[0], *self.shapes[0])
        right = other.transpose(self.turns[1]).reshape(other.shape[0], *self.shapes[1])
        _, own, summed = self.shapes[0]
        if summed == 1:
            product = left * right.swapaxes(2, 3)
        elif own == 1 and right.shape[2] == 1:
            product = np.einsum("bklc,bkrc->bklr", left, right)
        elif len(right) == 1 and left.shape[1] == 1:
            # The same for all: one large product instead of many small ones.
            product = (left.reshape(-1, summed) @ right[0, 0].T).reshape(len(left), 1, own, -1)
        elif len(left) == 1 and left.shape[1] == 1:
            turned = (right.reshape(-1, summed) @ left[0, 0].T).reshape(len(right), 1, -1, own)
            product = turned.swapaxes(2, 3)
        else:
            product = left @ right.swapaxes(2, 3)
        return product.reshape(product.shape[0], *self.result)


@dataclass(frozen=True)
class Plan:
    """The contractions in order, what is summed in single tables first, and what it costs.

    `largest` is the largest table of one family, `largest_each` that of those that differ from
    family to family.
    """

    alone: tuple[tuple[int, tuple[int, ...]], ...]
    contractions: tuple[Contraction, ...]
    last_turn: Scope
    cost: int
    largest: int
    largest_each: int

    def run(self, parts: Iterable[Part], sources: Sources) -> Part:
        """Carry it out. Raises TooLarge rather than ask for more memory than there should be."""
        if self.largest > LARGEST_TABLE:
            raise TooLarge(
                f"an exact answer needs a table of {self.largest:.3g} numbers; "
                f"the most is {LARGEST_TABLE:.3g}"
            )
        slots: list[Part | None] = list(parts)
        for slot, axes in self.alone:
            part = _taken(slots, slot)
            slots[slot] = Part(part.table.sum(axis=axes), part.hangs_on)
        for step in self.contractions:
            slots.append(step.run(_taken(slots, step.one), _taken(slots, step.other), sources))
        last = _taken(slots, len(slots) - 1)
        return Part(last.table.transpose(self.last_turn), last.hangs_on, last.exponent)


def _taken(slots: list[Part | None], number: int) -> Part:
    """A table out of its slot, which is free for the memory's sake afterwards."""
    part = slots[number]
    assert part is not None
    slots[number] = None
    return part


def _lifted(table: Table) -> tuple[Table, NDArray[np.int64]]:
    """The table with the rows whose numbers grew very small multiplied by a power of 2."""
    top = table.reshape(len(table), -1).max(axis=1)
    if top.min() >= SMALL:
        return table, NONE_LIFTED
    shift = np.where((top < SMALL) & (top > 0), np.frexp(top)[1], 0).astype(np.int64)
    return np.ldexp(table, -shift.reshape(-1, *[1] * (table.ndim - 1))), shift


@lru_cache(maxsize=2048)
def _planned(
    sizes: tuple[int, ...],
    scopes: tuple[Scope, ...],
    kept: Scope,
    hang_on: tuple[Which, ...],
    most: tuple[int, ...],
) -> Plan:
    """The cheapest of two greedy orders, by the work of each step and by what it leaves behind,
    and, for what is dear, of as many of the latter in which chance has a hand as are worth it."""

    def plan(by_work: bool, chance: Random | None = None) -> Plan:
        return _Planner(sizes, scopes, kept, hang_on, most, by_work, chance).plan()

    def dear(plan: Plan) -> tuple[bool, int]:
        return plan.largest > LARGEST_TABLE, plan.cost

    best = min(plan(by_work=True), plan(by_work=False), key=dear)
    for tried in range(TRIED):
        if dear(best) < (False, WORTH_A_TRY * (tried + 1)):
            break
        best = min(best, plan(by_work=False, chance=Random(tried)), key=dear)
    return best


class _Planner:
    """Chooses an order of elimination and writes it down as contractions."""

    def __init__(
        self,
        sizes: tuple[int, ...],
        scopes: tuple[Scope, ...],
        kept: Scope,
        hang_on: tuple[Which, ...],
        most: tuple[int, ...],
        by_work: bool,
        chance: Random | None = None,
    ) -> None:
        self.sizes, self.kept, self.most = sizes, kept, most
        self.by_work, self.chance = by_work, chance
        self.scopes = list(scopes)
        self.hang_on = list(hang_on)
        self.live = set(range(len(scopes)))
        self.holders: dict[int, set[int]] = {}
        for number, scope in enumerate(scopes):
            for v in scope:
                self.holders.setdefault(v, set()).add(number)
        self.weights: dict[int, tuple[float, int, int]] = {}
        self.alone: list[tuple[int, tuple[int, ...]]] = []
        self.contractions: list[Contraction] = []
        self.cost = 0
        self.largest = max(self._size(scope) for scope in scopes)
        sizes_each = (self._size(s) for s, h in zip(scopes, hang_on, strict=True) if h)
        self.largest_each = max(sizes_each, default=1)

    def plan(self) -> Plan:
        self._sum_what_stands_alone()
        for variable in self.holders:
            self._weigh(variable)
        while self.weights:
            best = min(self.weights, key=self.weights.__getitem__)
            self._join(self.holders[best])
        self._join(self.live)
        [last] = self.live
        turn = (0, *(1 + self.scopes[last].index(v) for v in self.kept))
        steps = tuple(self.alone), tuple(self.contractions), turn
        return Plan(*steps, self.cost, self.largest, self.largest_each)

    def _size(self, variables: Iterable[int]) -> int:
        return prod(self.sizes[v] for v in variables)

    def _weigh(self, variable: int) -> None:
        """Note what it would cost to sum over this variable next."""
        if variable in self.kept:
            return
        touching = self.holders[variable]
        work = self._work(touching)
        grown = work // self.sizes[variable] - sum(self._work([n]) for n in touching)
        first: float
        first, second = (work, grown) if self.by_work else (grown, work)
        if self.chance:
            first = first * exp(copysign(NOISE * self.chance.random(), first))
        self.weights[variable] = (first, second, variable)

    def _work(self, numbers: Collection[int]) -> int:
        """How many numbers a product of these tables has, in all of its rows."""
        sources = NOTHING.union(*(self.hang_on[n] for n in numbers))
        rows = min(FAMILIES, prod(self.most[n] for n in sources))
        return rows * self._size({v for n in numbers for v in self.scopes[n]})

    def _sum_what_stands_alone(self) -> None:
        for number, scope in enumerate(self.scopes):
            gone = self._only_in(scope, {number})
            if gone:
                self.alone.append((number, tuple(1 + n for n, v in enumerate(scope) if v in gone)))
                self.scopes[number] = tuple(v for v in scope if v not in gone)
                for v in gone:
                    del self.holders[v]

    def _only_in(self, variables: Iterable[int], numbers: set[int]) -> list[int]:
        """Which of these variables nobody but these tables holds, so that they may be summed."""
        return [v for v in variables if v not in self.kept and self.holders[v] <= numbers]

    def _join(self, numbers: Iterable[int]) -> None:
        """Contract these tables into one, the two that make the smallest first."""
        waiting = sorted(numbers, key=lambda n: self._work([n]))
        while len(waiting) > 1:
            one, other = min(combinations(waiting[:COMPARED], 2), key=self._work)
            waiting = [n for n in waiting if n not in (one, other)]
            insort(waiting, self._contract(one, other), key=lambda n: self._work([n]))

    def _contract(self, one: int, other: int) -> int:
        left, right = self.scopes[one], self.scopes[other]
        both = set(left) & set(right)
        # No table holds alone what may be summed: it would have been summed before.
        summed = self._only_in(sorted(both), {one, other})
        shared = [v for v in left if v in both and v not in summed]
        own_left, own_right = ([v for v in scope if v not in both] for scope in (left, right))
        result = (*shared, *own_left, *own_right)
        self.contractions.append(
            Contraction(
                one,
                other,
                (
                    _turned(left, shared, own_left, summed),
                    _turned(right, shared, own_right, summed),
                ),
                (self._shape(shared, own_left, summed), self._shape(shared, own_right, summed)),
                tuple(self.sizes[v] for v in result),
            )
        )
        self._replace(one, other, result, summed)
        return len(self.scopes) - 1

    def _shape(self, *groups: Iterable[int]) -> tuple[int, ...]:
        return tuple(map(self._size, groups))

    def _replace(self, one: int, other: int, result: Scope, summed: list[int]) -> None:
        """Put the new table in the place of the two."""
        self.cost += self._work((one, other))
        self.hang_on.append(self.hang_on[one] | self.hang_on[other])
        self.largest = max(self.largest, self._size(result))
        if self.hang_on[-1]:
            self.largest_each = max(self.largest_each, self._size(result))
        number = len(self.scopes)
        self.scopes.append(result)
        self.live = self.live - {one, other} | {number}
        for v in summed:
            del self.holders[v]
            self.weights.pop(v, None)
        for v in result:
            self.holders[v] = self.holders[v] - {one, other} | {number}
        for v in result:
            self._weigh(v)


def _turned(scope: Scope, *groups: Iterable[int]) -> Scope:
    """How to turn a table whose first axis counts rows so that its axes stand like this."""
    return (0, *(1 + scope.index(v) for group in groups for v in group))
