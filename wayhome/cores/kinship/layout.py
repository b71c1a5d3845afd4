"""Where the members of a pedigree stand in a drawing: generations in layers, few crossings.

Layers come from descent, and a founder stands beside whom he has children with. The order within
a layer is searched so that couples are neighbours, siblings stand together and lines do not cross;
then each stands as near to his parents and children as the others let him.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from .pedigree import Pedigree

LARGEST_SEARCHED = 40  # beyond, an order by descent has to do
ROUNDS = 12
SWEEPS = 60
NEIGHBOURS, TOGETHER, CROSSING, NEAR, MAN_LEFT = 6.0, 4.0, 5.0, 1.0, 0.2
Couple = tuple[str, str]


@dataclass(frozen=True)
class Family:
    """Who belongs to whom, told for drawing."""

    pedigree: Pedigree

    @cached_property
    def children(self) -> dict[Couple, list[str]]:
        """The children of each couple, father first; twins stand together."""
        found: dict[Couple, list[str]] = {}
        group = {code: n for n, twins in enumerate(self.pedigree.twins) for code in twins}
        for one in self.pedigree:
            if one.father is not None and one.mother is not None:
                found.setdefault((one.father, one.mother), []).append(one.id)
        for born in found.values():
            firsts = {group[c]: born.index(c) for c in reversed(born) if c in group}
            place = {c: (firsts[group[c]] if c in group else n) for n, c in enumerate(born)}
            born.sort(key=place.__getitem__)
        return found

    @cached_property
    def partners(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {one.id: [] for one in self.pedigree}
        for one, other in self.children:
            found[one].append(other)
            found[other].append(one)
        return found

    @cached_property
    def ancestors(self) -> dict[str, frozenset[str]]:
        """Everybody's ancestors and himself."""
        found: dict[str, frozenset[str]] = {}
        waiting = [one.id for one in self.pedigree]
        while waiting:
            code = waiting[-1]
            one = self.pedigree[code]
            parents = [p for p in (one.father, one.mother) if p is not None]
            if lacking := [p for p in parents if p not in found]:
                waiting.extend(lacking)
                continue
            found[code] = frozenset({code}).union(*(found[p] for p in parents))
            waiting.pop()
        return found

    def are_kin(self, couple: Couple) -> bool:
        """Whether a couple has an ancestor in common, or one is the other's."""
        return bool(self.ancestors[couple[0]] & self.ancestors[couple[1]])

    @cached_property
    def layers(self) -> dict[str, int]:
        """Everybody's generation from above, 0 first.

        A founder is let down to his partner, and all below him with him. Where generations are so
        entangled that this has no end, only founders whose children stay where they are move.
        """
        for pushing in (True, False):
            layer = dict.fromkeys((one.id for one in self.pedigree), 0)
            for _ in range(2 * len(layer) + 2):
                before = dict(layer)
                self._below_parents(layer)
                self._beside_partners(layer, pushing)
                if layer == before:
                    return layer
        return layer

    def _below_parents(self, layer: dict[str, int]) -> None:
        for (father, mother), born in self.children.items():
            for child in born:
                layer[child] = max(layer[child], 1 + layer[father], 1 + layer[mother])

    def _beside_partners(self, layer: dict[str, int], pushing: bool) -> None:
        for couple in self.children:
            for one, other in (couple, couple[::-1]):
                if not self.pedigree[one].is_founder or one in self.ancestors[other]:
                    continue
                born = [c for pair, cs in self.children.items() if one in pair for c in cs]
                if pushing or layer[other] < min(layer[child] for child in born):
                    layer[one] = max(layer[one], layer[other])

    @cached_property
    def components(self) -> list[list[str]]:
        """Groups of those who are connected, the largest first."""
        kin: dict[str, set[str]] = {one.id: set() for one in self.pedigree}
        for (father, mother), born in self.children.items():
            for code in (father, mother, *born):
                kin[code] |= {father, mother, *born}
        for twins in self.pedigree.twins:
            for code in twins:
                kin[code] |= {*twins}
        found, seen = [], set[str]()
        for one in self.pedigree:
            if one.id in seen:
                continue
            group, waiting = {one.id}, [one.id]
            while waiting:
                new = kin[waiting.pop()] - group
                group |= new
                waiting.extend(new)
            seen |= group
            found.append([other.id for other in self.pedigree if other.id in group])
        return sorted(found, key=len, reverse=True)


def places(pedigree: Pedigree) -> dict[str, tuple[float, int]]:
    """(x, layer) of everybody; neighbours in a layer are at least 1 apart."""
    family = Family(pedigree)
    lowest = max(family.layers.values())
    found: dict[str, tuple[float, int]] = {}
    offset = 0.0
    for group in family.components:
        orders = _ordered(family, group)
        x = _spread(family, orders)
        left = min(x.values())
        alone = len(group) == 1
        for code in group:
            found[code] = (offset + x[code] - left, lowest if alone else family.layers[code])
        offset += max(x.values()) - left + 1.25
    return found


# The order within each layer


def _ordered(family: Family, group: Sequence[str]) -> list[list[str]]:
    turn = sorted(group, key=family.layers.__getitem__)
    orders = _by_descent(family, turn)
    if len(group) > LARGEST_SEARCHED:
        return orders
    orders = _by_descent(family, _in_better_turn(family, turn))
    best = _cost(family, orders)
    for _ in range(ROUNDS):
        before = best
        for layer in orders:
            best = _improved(family, orders, layer, best)
        if best >= before:
            break
    return orders


def _in_better_turn(family: Family, turn: list[str]) -> list[str]:
    """Persons in another turn, so that branches as wholes stand where lines cross least."""
    best = _cost(family, _by_descent(family, turn))
    for _ in range(ROUNDS):
        before = best
        for code in list(turn):
            for place in (0, len(turn)):
                tried = [one for one in turn if one != code]
                tried.insert(place, code)
                cost = _cost(family, _by_descent(family, tried))
                if cost < best - 1e-9:
                    best, turn = cost, tried
        if best >= before:
            break
    return turn


def _by_descent(family: Family, turn: Sequence[str]) -> list[list[str]]:
    """Everybody followed by his partners, then by their children, each in his layer.

    Who has no parents begins, and siblings follow each other, in the turn that is given.
    """
    orders: list[list[str]] = [[] for _ in range(1 + max(family.layers[c] for c in turn))]
    placed: set[str] = set()
    place = {code: n for n, code in enumerate(turn)}
    for first in sorted(turn, key=lambda code: (family.layers[code], place[code])):
        waiting = [first]
        while waiting:
            code = waiting.pop()
            if code in placed and code != first:
                continue
            for one in (code, *family.partners[code]):
                if one not in placed:
                    placed.add(one)
                    orders[family.layers[one]].append(one)
            born = [c for pair, cs in family.children.items() if code in pair for c in cs]
            waiting.extend(sorted(born, key=place.__getitem__, reverse=True))
    return orders


def _improved(family: Family, orders: list[list[str]], layer: list[str], best: float) -> float:
    """Move each in a layer to where it costs least, alone or with a neighbour."""
    for code in list(layer):
        start = layer.index(code)
        layer.remove(code)
        tried = []
        for place in range(len(layer) + 1):
            layer.insert(place, code)
            tried.append((_cost(family, orders), place != start, place))
            layer.remove(code)
        cost, _, place = min(tried)
        layer.insert(place if cost < best - 1e-9 else start, code)
        best = min(best, cost)
    layer.reverse()
    if (cost := _cost(family, orders)) < best - 1e-9:
        return cost
    layer.reverse()
    return best


def _cost(family: Family, orders: Sequence[Sequence[str]]) -> float:
    """How far an order is from one that is easily read."""
    at = {c: n - (len(layer) - 1) / 2 for layer in orders for n, c in enumerate(layer)}
    cost = 0.0
    lines: dict[int, list[tuple[float, float]]] = {}
    for (father, mother), born in family.children.items():
        if father not in at:
            continue
        if family.layers[father] == family.layers[mother]:
            cost += NEIGHBOURS * (abs(at[father] - at[mother]) - 1)
            cost += MAN_LEFT * (at[father] > at[mother])
        middle = (at[father] + at[mother]) / 2
        there = [at[child] for child in born]
        theirs = [p for child in born for p in family.partners[child] if p in at]
        between = [p for p in theirs if min(there) < at[p] < max(there)]
        cost += TOGETHER * (max(there) - min(there) + 1 - len(there) - len(set(between)) / 2)
        cost += NEAR * abs(middle - sum(there) / len(there))
        lines.setdefault(family.layers[born[0]], []).extend((middle, x) for x in there)
    for band in lines.values():
        for (a, b), (c, d) in combinations(band, 2):
            cost += CROSSING * ((a - c) * (b - d) < 0)
    for twins in family.pedigree.twins:
        if twins[0] in at:
            there = [at[code] for code in twins]
            cost += 3 * TOGETHER * (max(there) - min(there) + 1 - len(there))
    return cost


# How far apart


def _spread(family: Family, orders: Sequence[Sequence[str]]) -> dict[str, float]:
    x = {c: float(n) for layer in orders for n, c in enumerate(layer)}
    couples = [pair for pair in family.children if pair[0] in x]
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for layer in orders if downward else reversed(orders):
            wish = {code: _wished(family, couples, code, x, downward) for code in layer}
            x.update(zip(layer, _apart([wish[code] for code in layer]), strict=True))
    return x


def _wished(
    family: Family, couples: Iterable[Couple], code: str, x: Mapping[str, float], downward: bool
) -> float:
    """Where somebody would stand if he were alone in his layer."""
    one = family.pedigree[code]
    if downward and one.father is not None and one.mother is not None:
        born = family.children[one.father, one.mother]
        middle = (x[one.father] + x[one.mother]) / 2
        return x[code] + middle - sum(x[c] for c in born) / len(born)
    wishes = [
        x[code] + sum(x[c] for c in family.children[pair]) / len(family.children[pair])
        - (x[pair[0]] + x[pair[1]]) / 2
        for pair in couples
        if code in pair and not downward
    ]  # fmt: skip
    return sum(wishes) / len(wishes) if wishes else x[code]


def _apart(wished: Sequence[float]) -> list[float]:
    """The nearest places in this order that are at least 1 apart (pooled adjacent violators)."""
    blocks: list[tuple[float, int]] = []
    for n, wish in enumerate(wished):
        mean, size = wish - n, 1
        while blocks and blocks[-1][0] > mean:
            before, count = blocks.pop()
            mean = (before * count + mean * size) / (count + size)
            size += count
        blocks.append((mean, size))
    level = [mean for mean, size in blocks for _ in range(size)]
    return [mean + n for n, mean in enumerate(level)]
