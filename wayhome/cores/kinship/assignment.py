"""Who takes what: sums, maxima and marginals over all ways to share things out.

A `Choice` takes some things, each of which only one can have; a unit is a list of choices, of
which it makes one or none. The weight of a way to share is the product of the weights of the
choices made.
Nothing here knows of kinship. docs/methods/kinship.md, section 12, derives it.
"""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import count, islice
from math import exp, fsum, inf, log1p

import numpy as np
from numpy.typing import NDArray

from .elimination import Table

WIDEST = 16  # things that may be open at once: 2**16 states
LEFT_OUT = 1e-9  # what may be left out where not everything can be counted
NODES = 20_000  # partial ways that branch and bound opens, at most

NONE = -1  # in the place of a choice: that none is made
Key = tuple[int, int]  # a unit and its choice


@dataclass(frozen=True)
class Choice:
    """A choice that takes these things; `log_weight` is natural, against that of no choice, 0."""

    log_weight: float
    takes: frozenset[int]


Unit = Sequence[Choice]


@dataclass(frozen=True)
class Way:
    """A way to share: the choices made, as unit → number of the choice."""

    log_weight: float
    made: Mapping[int, int]


@dataclass(frozen=True)
class Shared:
    """Everything about all ways to share.

    `log_total` is the logarithm of the sum over those that were counted. Those that were not have a
    share of `left_out` at most; `methods` say how the sum was found. `marginal` has the share of
    each choice, and under NONE that of a unit making none; `free` that of each thing being
    nobody's, where it might be somebody's. `top` are the best ways.
    """

    log_total: float
    marginal: Mapping[Key, float]
    free: Mapping[int, float]
    top: tuple[Way, ...]
    left_out: float = 0.0
    methods: frozenset[str] = frozenset({"exact"})


EXACT = frozenset({"exact"})
NOTHING = Shared(0.0, {}, {}, (Way(0.0, {}),))


def share_out(
    units: Mapping[int, Unit],
    *,
    top: int,
    widest: int = WIDEST,
    left_out: float = LEFT_OUT,
    nodes: int = NODES,
) -> Shared:
    """All ways to share, exactly where that can be done.

    Units that have nothing in common are worked out apart. Where more than `widest` things are open
    at once, choices are left out that have together a share of at most `left_out`; and where that
    is not enough the best ways are listed until the rest is as small, or `nodes` were opened.
    """
    possible = {
        unit: {n: c for n, c in enumerate(choices) if c.log_weight > -inf}
        for unit, choices in units.items()
    }
    found = NOTHING
    for part in _parts(possible):
        found = _together(found, _worked_out(part, top, widest, left_out, nodes), top)
    return replace(found, methods=found.methods - EXACT or EXACT)


Part = dict[int, dict[int, Choice]]


def _worked_out(part: Part, top: int, widest: int, left_out: float, nodes: int) -> Shared:
    order = _Order(part)
    if order.width <= widest:
        return _Counted(order).shared(top)
    turned = _turned(part)
    if turned and (other := _Order(turned)).width <= widest:
        return _turned_back(_Counted(other).shared(top), part)
    thinned, lost = _thinned(part, left_out)
    if lost:
        found = NOTHING
        for smaller in _parts(thinned):
            found = _together(found, _worked_out(smaller, top, widest, 0.0, nodes), top)
        methods = found.methods - EXACT | {"weak pairs left out"}
        return replace(found, left_out=min(1.0, found.left_out + lost), methods=methods)
    return _branch_and_bound(part, top, left_out or LEFT_OUT, nodes)


def _together(one: Shared, other: Shared, top: int) -> Shared:
    """Two parts that have nothing in common."""
    methods = one.methods | other.methods
    return Shared(
        one.log_total + other.log_total,
        {**one.marginal, **other.marginal},
        {**one.free, **other.free},
        tuple(islice(_best_pairs(one.top, other.top), top)),
        min(1.0, one.left_out + other.left_out),
        methods,
    )


def _best_pairs(one: Sequence[Way], other: Sequence[Way]) -> Iterator[Way]:
    """The sums of two descending lists, in descending order."""
    if not one or not other:
        return
    heap = [(-one[0].log_weight - other[0].log_weight, 0, 0)]
    while heap:
        weight, i, j = heapq.heappop(heap)
        yield Way(-weight, {**one[i].made, **other[j].made})
        if j + 1 < len(other):
            heapq.heappush(heap, (-one[i].log_weight - other[j + 1].log_weight, i, j + 1))
        if j == 0 and i + 1 < len(one):
            heapq.heappush(heap, (-one[i + 1].log_weight - other[0].log_weight, i + 1, 0))


def _parts(units: Part) -> Iterator[Part]:
    """The units in groups that have nothing in common; those without a choice are left out."""
    left = {unit for unit, choices in units.items() if choices}
    takers: dict[int, list[int]] = {}
    for unit in sorted(left):
        for thing in _things(units[unit]):
            takers.setdefault(thing, []).append(unit)
    while left:
        group, waiting = set(), [min(left)]
        while waiting:
            unit = waiting.pop()
            if unit not in group:
                group.add(unit)
                waiting.extend(u for thing in _things(units[unit]) for u in takers[thing])
        left -= group
        yield {unit: units[unit] for unit in sorted(group)}


def _things(choices: Mapping[int, Choice]) -> set[int]:
    return {thing for choice in choices.values() for thing in choice.takes}


def _turned(part: Part) -> Part | None:
    """The things as units that take the units, where each choice takes one and no two the same."""
    turned: Part = {}
    for unit, choices in part.items():
        taken = [thing for choice in choices.values() for thing in choice.takes]
        if len(taken) != len(set(taken)) or len(taken) != len(choices):
            return None
        for choice in choices.values():
            [thing] = choice.takes
            turned.setdefault(thing, {})[unit] = Choice(choice.log_weight, frozenset({unit}))
    return turned


def _turned_back(found: Shared, part: Part) -> Shared:
    number = {
        (unit, thing): n
        for unit, choices in part.items()
        for n, choice in choices.items()
        for thing in choice.takes
    }
    marginal = {(unit, NONE): share for unit, share in found.free.items()}
    free = {}
    for (thing, unit), share in found.marginal.items():
        if unit == NONE:
            free[thing] = share
        else:
            marginal[unit, number[unit, thing]] = share
    top = tuple(
        Way(way.log_weight, {unit: number[unit, thing] for thing, unit in way.made.items()})
        for way in found.top
    )
    return replace(found, marginal=marginal, free=free, top=top)


# Counting all


class _Order:
    """In which order the units choose, and which things are open before and while each does."""

    def __init__(self, part: Part) -> None:
        self.part = part
        left = {unit: _things(choices) for unit, choices in part.items()}
        takers: dict[int, int] = {}
        for things in left.values():
            for thing in things:
                takers[thing] = takers.get(thing, 0) + 1
        self.units: list[int] = []
        self.before: list[list[int]] = []  # things taken or free, before the unit chooses
        self.during: list[list[int]] = []
        open_now: list[int] = []
        while left:
            unit = min(left, key=lambda u: (*self._weighed(left[u], open_now, takers), u))
            things = left.pop(unit)
            during = open_now + sorted(things.difference(open_now))
            self.units.append(unit)
            self.before.append(open_now)
            self.during.append(during)
            for thing in things:
                takers[thing] -= 1
            open_now = [thing for thing in during if takers[thing]]
        self.width = max(map(len, self.during))

    @staticmethod
    def _weighed(things: set[int], opened: list[int], takers: dict[int, int]) -> tuple[int, int]:
        fresh = len(things.difference(opened))
        closed = sum(1 for thing in things if takers[thing] == 1)
        return fresh - closed, fresh


class _Counted:
    """The sum over all ways, by states: which of the open things are taken.

    Arrays have one axis for each open thing, free or taken, and hold logarithms. `ahead` and
    `after` are the sums over what was done before each unit chose, and after; `behind` those over
    what may follow, `best` the most that this can weigh.
    """

    def __init__(self, order: _Order) -> None:
        self.order = order
        self.ahead: list[Table] = []
        self.after: list[Table] = []
        self._forward()
        self.behind = self._backward(np.logaddexp)
        self.best = self._backward(np.maximum)

    @cached_property
    def log_total(self) -> float:
        return float(self.behind[0])

    def _choices(self, n: int) -> Iterator[tuple[int, Choice, list[int]]]:
        """The choices of the n-th unit, each with the axes of what it takes."""
        place = {thing: axis for axis, thing in enumerate(self.order.during[n])}
        for number, choice in self.order.part[self.order.units[n]].items():
            yield number, choice, [place[thing] for thing in choice.takes]

    def _forward(self) -> None:
        now: Table = np.zeros(())
        for n, during in enumerate(self.order.during):
            fresh = len(during) - now.ndim
            opened = np.full(now.shape + (2,) * fresh, -inf)
            opened[_at(range(now.ndim, len(during)), 0)] = now
            self.ahead.append(opened)
            after = opened.copy()
            for _, choice, axes in self._choices(n):
                free, taken = _at(axes, 0), _at(axes, 1)
                after[taken] = np.logaddexp(after[taken], opened[free] + choice.log_weight)
            self.after.append(after)
            gone = self._closed(n)
            now = np.logaddexp.reduce(after, axis=gone) if gone else after

    def _backward(self, joined: np.ufunc) -> list[Table]:
        """For each unit, and after the last, what may follow, by the things open before it."""
        found: list[Table] = [np.zeros(())]
        for n in reversed(range(len(self.order.units))):
            later = self._seen_from(n, found[0])
            now = later.copy()
            for _, choice, axes in self._choices(n):
                free, taken = _at(axes, 0), _at(axes, 1)
                now[free] = joined(now[free], later[taken] + choice.log_weight)
            fresh = len(self.order.during[n]) - len(self.order.before[n])
            found.insert(0, now[_at(range(now.ndim - fresh, now.ndim), 0)] if fresh else now)
        return found

    def _seen_from(self, n: int, later: Table) -> Table:
        """What follows the n-th unit, with an axis for each thing open while it chooses."""
        closed = self._closed(n)
        during = range(len(self.order.during[n]))
        shape = tuple(1 if axis in closed else 2 for axis in during)
        return np.broadcast_to(later.reshape(shape), (2,) * len(during))

    def shared(self, top: int) -> Shared:
        return Shared(self.log_total, *self._shares(), tuple(islice(self._ways(), top)))

    def _shares(self) -> tuple[dict[Key, float], dict[int, float]]:
        """The share of each choice, and of each thing being free."""
        made: dict[Key, float] = {}
        free: dict[int, float] = {}
        for n, unit in enumerate(self.order.units):
            later = self._seen_from(n, self.behind[n + 1])
            made[unit, NONE] = self._share(self.ahead[n] + later)
            for number, choice, axes in self._choices(n):
                ways = self.ahead[n][_at(axes, 0)] + later[_at(axes, 1)] + choice.log_weight
                made[unit, number] = self._share(ways)
            for axis in self._closed(n):
                at = _at([axis], 0)
                free[self.order.during[n][axis]] = self._share(self.after[n][at] + later[at])
        return made, free

    def _share(self, logs: Table) -> float:
        return exp(_log_sum(logs) - self.log_total)

    def _closed(self, n: int) -> tuple[int, ...]:
        """The axes of the things that nobody after the n-th unit may take."""
        kept = self.order.before[n + 1] if n + 1 < len(self.order.units) else []
        return tuple(axis for axis, thing in enumerate(self.order.during[n]) if thing not in kept)

    def _ways(self) -> Iterator[Way]:
        """All ways, the best first: what the rest may add at most is known exactly."""
        ties = count()
        start = (-float(self.best[0]), next(ties), 0, 0.0, frozenset[int](), ())
        heap: list[tuple[float, int, int, float, frozenset[int], tuple[Key, ...]]] = [start]
        while heap:
            _, _, n, weight, taken, made = heapq.heappop(heap)
            if n == len(self.order.units):
                yield Way(weight, dict(made))
                continue
            later = self._seen_from(n, self.best[n + 1])
            none = Choice(0.0, frozenset())
            unit = self.order.units[n]
            for number, choice in [(NONE, none), *self.order.part[unit].items()]:
                if choice.takes & taken:
                    continue
                now = taken | choice.takes
                at = tuple(1 if thing in now else 0 for thing in self.order.during[n])
                reached = weight + choice.log_weight
                more = made if number == NONE else (*made, (unit, number))
                bound = -(reached + float(later[at]))
                heapq.heappush(heap, (bound, next(ties), n + 1, reached, now, more))


def _at(axes: Iterable[int], state: int) -> tuple[slice | int, ...]:
    """The part of an array where these axes stand at a state."""
    chosen = set(axes)
    return tuple(state if n in chosen else slice(None) for n in range(max(chosen, default=-1) + 1))


def _log_sum(logs: NDArray[np.float64]) -> float:
    return float(np.logaddexp.reduce(logs, axis=None))


# Where not all can be counted


def _thinned(part: Part, left_out: float) -> tuple[Part, float]:
    """The part without its weakest choices, and a bound on the share of all ways with one of them.

    Let a choice be made in some ways. Undo it in each, or make instead another of the same unit
    that takes no more: these are other ways, all different. So its share is at most its weight
    over the sum of the weights of all those, of itself and of none.
    """
    bounds = []
    for unit, choices in part.items():
        for number, choice in choices.items():
            instead = [
                other.log_weight for other in choices.values() if other.takes <= choice.takes
            ]
            bounds.append(
                (exp(choice.log_weight - _log_sum(np.array([0.0, *instead]))), unit, number)
            )
    thinned = {unit: dict(choices) for unit, choices in part.items()}
    lost = 0.0
    for bound, unit, number in sorted(bounds):
        if lost + bound > left_out:
            break
        lost += bound
        del thinned[unit][number]
    return thinned, lost


@dataclass(frozen=True)
class _Node:
    """A way that is half made: units before `n` have chosen."""

    n: int
    log_weight: float
    taken: frozenset[int]
    made: tuple[Key, ...]


def _branch_and_bound(part: Part, top: int, left_out: float, nodes: int) -> Shared:
    """The ways that weigh most, until the others are known to weigh little.

    What may follow a half-made way is bounded by letting every unit that is left choose as if it
    were alone: the product of the sums of their free choices.
    """
    order = sorted(part, key=lambda u: -max(c.log_weight for c in part[u].values()))

    def bound(node: _Node) -> float:
        return node.log_weight + fsum(
            _log_sum(
                np.array(
                    [0.0, *(c.log_weight for c in part[u].values() if not c.takes & node.taken)]
                )
            )
            for u in order[node.n :]
        )

    ties = count()
    root = _Node(0, 0.0, frozenset(), ())
    heap = [(-bound(root), next(ties), root)]
    ways: list[_Node] = []
    counted = open_sum = 0.0
    scale = -heap[0][0]
    open_sum = 1.0
    for opened in count():
        if not heap or open_sum <= left_out * counted or opened >= nodes:
            break
        weight, _, node = heapq.heappop(heap)
        open_sum -= exp(-weight - scale)
        if node.n == len(order):
            ways.append(node)
            counted += exp(node.log_weight - scale)
            continue
        for after in _opened(node, order[node.n], part):
            limit = bound(after)
            open_sum += exp(limit - scale)
            heapq.heappush(heap, (-limit, next(ties), after))
        if opened % 1000 == 0:
            open_sum = fsum(exp(-one[0] - scale) for one in heap)
    rest = _log_sum(np.array([-inf, *(-one[0] for one in heap)]))
    if not ways:
        # Nothing was finished: make the most promising one whole, so that there is an answer.
        ways = [_finished(heap[0][2], order, part)]
    return _listed(part, ways, rest, top)


def _opened(node: _Node, unit: int, part: Part) -> Iterator[_Node]:
    yield _Node(node.n + 1, node.log_weight, node.taken, node.made)
    for number, choice in part[unit].items():
        if not choice.takes & node.taken:
            yield _Node(
                node.n + 1,
                node.log_weight + choice.log_weight,
                node.taken | choice.takes,
                (*node.made, (unit, number)),
            )


def _finished(node: _Node, order: Sequence[int], part: Part) -> _Node:
    while node.n < len(order):
        node = max(_opened(node, order[node.n], part), key=lambda one: one.log_weight)
    return node


def _listed(part: Part, ways: Sequence[_Node], rest: float, top: int) -> Shared:
    log_total = _log_sum(np.array([way.log_weight for way in ways]))
    marginal = dict.fromkeys(((unit, NONE) for unit in part), 0.0)
    free = dict.fromkeys((thing for choices in part.values() for thing in _things(choices)), 0.0)
    for way in ways:
        share = exp(way.log_weight - log_total)
        idle = set(part) - {unit for unit, _ in way.made}
        for key in (*way.made, *((unit, NONE) for unit in idle)):
            marginal[key] = marginal.get(key, 0.0) + share
        for thing in free.keys() - way.taken:
            free[thing] += share
    ranked = sorted(ways, key=lambda way: -way.log_weight)
    # rest / (rest + counted), without overflow.
    missed = exp(-log1p(exp(min(700.0, log_total - rest)))) if rest > -inf else 0.0
    return Shared(
        log_total,
        marginal,
        free,
        tuple(Way(way.log_weight, dict(way.made)) for way in ranked[:top]),
        missed,
        frozenset({"branch and bound"}),
    )
