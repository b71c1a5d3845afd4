"""What a family says of every way to fill its missing members' places with remains.

A filling is some of a family's missing, each with a body. Its weight is the likelihood of the
family and these remains together, over that of the family by itself and of each of the remains as
nobody's. docs/methods/kinship.md, section 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import comb, fsum, inf, log

import numpy as np
from numpy.typing import NDArray

from .batch import likelihoods
from .elimination import Scaled, Table
from .events import Event, Household
from .evidence import ANY, Genotype, Observation
from .faults import MalformedCase, TooLarge
from .likelihood import genotype_table, likelihood
from .markers import Marker
from .pedigree import AUTOSOME

LOG2 = log(2)
# The place of a missing among his family's, and of a body among all: for each that is found.
Filling = tuple[tuple[int, int], ...]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Body:
    """Remains that are taken to be of one man: their places among the event's, and all seen."""

    of: frozenset[int]
    sex: str
    seen: Mapping[str, tuple[Observation, ...]]


def may_be(one: str, other: str) -> bool:
    """Whether two sexes may be one person's."""
    return one == other or "U" in (one, other)


class Shown:
    """What was seen of all bodies at one marker, each pattern once.

    `pattern` (bodies,) is -1 where nothing was seen.
    """

    def __init__(self, marker: Marker, bodies: Sequence[Body]) -> None:
        self.marker = marker
        number: dict[tuple[Observation, ...], int] = {}
        self.pattern: Indices = np.array(
            [
                number.setdefault(_once(body.seen[marker.name]), len(number))
                if marker.name in body.seen
                else -1
                for body in bodies
            ],
            dtype=np.intp,
        )
        self.patterns = list(number)
        self._weights: dict[int, Table] = {}
        self._alone: dict[int, Table] = {}

    @cached_property
    def plain(self) -> NDArray[np.intp]:
        """Places in the marker's alleles, (patterns, 2); -1 for what is not one whole genotype."""
        found = np.full((len(self.patterns), 2), -1, dtype=np.intp)
        for number, pattern in enumerate(self.patterns):
            if len(pattern) == 1 and is_plain(pattern[0]):
                found[number] = [self.marker.index[a] for a in whole(pattern[0])]
        return found

    def chances(self, table: Table) -> Table:
        """The probability of each pattern, of a table of the probabilities of genotypes."""
        copies = table.ndim
        if copies not in self._weights:
            self._weights[copies] = self._weighed(copies, len(table))
        return np.asarray(self._weights[copies] @ _without_order(table))

    def alone(self, copies: int) -> Table:
        """The probability of each pattern of somebody who is nobody's kin."""
        if copies not in self._alone:
            p = self.marker.locus.p
            pairs = np.multiply.outer(p, p)
            table = p if copies == 1 else 2 * pairs - np.diag(np.diag(pairs))
            self._alone[copies] = self.chances(table)
        return self._alone[copies]

    def _weighed(self, copies: int, size: int) -> Table:
        rows = [np.zeros((0, len(_without_order(np.zeros((size,) * copies)))))]
        for pattern in self.patterns:
            weight = np.ones((size,) * copies)
            for one in pattern:
                weight = weight * one.weight(self.marker, copies)
            rows.append(_without_order(weight)[None])
        return np.concatenate(rows)


def _once(seen: tuple[Observation, ...]) -> tuple[Observation, ...]:
    """Whole genotypes that were seen twice are told once: they cannot be told wrongly."""
    ordered = (Genotype(tuple(sorted(o.alleles))) if isinstance(o, Genotype) else o for o in seen)
    found: list[Observation] = []
    for one in ordered:
        if not (isinstance(one, Genotype) and one in found):
            found.append(one)
    return tuple(found)


def is_plain(one: Observation) -> bool:
    """Whether it is a whole genotype."""
    return isinstance(one, Genotype) and ANY not in one.alleles


def whole(one: Observation) -> tuple[str, str]:
    """The two alleles of a whole genotype; one copy is told twice."""
    assert isinstance(one, Genotype)
    return one.alleles[0], one.alleles[-1]


def _without_order(table: Table) -> Table:
    """Each genotype once: (genotypes,)."""
    return table if table.ndim == 1 else table[np.triu_indices(len(table))]


class Samples:
    """All bodies at all markers, and the logarithm of the likelihood of each as nobody's."""

    def __init__(self, markers: Sequence[Marker], bodies: Sequence[Body]) -> None:
        self.bodies = bodies
        self.shown = {marker.name: Shown(marker, bodies) for marker in markers}

    def alone_at(self, marker: Marker) -> Table:
        """(bodies,), 0 where nothing was seen, -inf where the body cannot be."""
        shown = self.shown[marker.name]
        copies = [self.copies(marker, body) for body in self.bodies]
        found = np.zeros(len(self.bodies))
        for of in set(copies):
            with np.errstate(divide="ignore"):
                logs = np.append(np.log(shown.alone(of)), 0.0)
            here = np.array([one == of for one in copies])
            found[here] = logs[shown.pattern[here]]
        return found

    @cached_property
    def alone_by_marker(self) -> dict[str, Table]:
        return {name: self.alone_at(shown.marker) for name, shown in self.shown.items()}

    @cached_property
    def alone(self) -> Table:
        """Over all markers, (bodies,)."""
        return np.asarray(sum(self.alone_by_marker.values(), np.zeros(len(self.bodies))))

    @staticmethod
    def copies(marker: Marker, body: Body) -> int:
        return 2 if marker.chrom == AUTOSOME or body.sex != "M" else 1


class Family:
    """A family of an event, and what it says of remains."""

    def __init__(self, event: Event, household: Household, samples: Samples) -> None:
        self.event, self.household, self.samples = event, household, samples
        self.pedigree = household.pedigree
        self.bodies = samples.bodies
        self._own = {
            marker.name: self._own_at(marker) for marker in event.markers if not household.missing
        }
        self._pairs = [self._pair_logs(code) for code in household.missing]

    @cached_property
    def log_likelihood(self) -> float:
        """Of the family by itself."""
        return fsum(self._own.values())

    @cached_property
    def pairs(self) -> Table:
        """The log ratio of each single filling, (missing, bodies); NaN where the sexes differ."""
        none = np.zeros((0, len(self.bodies)))
        return np.concatenate([none, *(one[None] for one in self._pairs)])

    def _own_at(self, marker: Marker) -> float:
        typed = self.event.typed(self.household, marker.name)
        return self._possible(_log(likelihood(self.pedigree, marker, typed)), marker)

    def _possible(self, own: float, marker: Marker) -> float:
        if own > -inf:
            return own
        raise MalformedCase(
            f"families/{self.event.households.index(self.household)}",
            f"{self.household.id!r} as it was typed at {marker.name} is impossible",
            "relatives who can be together, or a mutation model",
        )

    def _pair_logs(self, code: str) -> Table:
        """The log ratio of every body as this missing."""
        total = np.zeros(len(self.bodies))
        for marker in self.event.markers:
            typed = self.event.typed(self.household, marker.name)
            table, exponent = genotype_table(self.pedigree, marker, typed, code)
            own = _without_order(table).sum()
            with np.errstate(divide="ignore"):
                self._own[marker.name] = self._possible(
                    float(np.log(own)) + exponent * LOG2, marker
                )
                shown = self.samples.shown[marker.name]
                # Nothing seen is the last of the patterns.
                logs = np.append(np.log(shown.chances(table) / own), 0.0)[shown.pattern]
            # A body that cannot be at all was refused before.
            total += logs - self.samples.alone_by_marker[marker.name]
        sex = self.pedigree[code].sex
        fits = np.array([may_be(sex, body.sex) for body in self.bodies], dtype=bool)
        return np.where(fits, total, np.nan)

    # Several at once

    def fillings(self, limit: int) -> tuple[dict[Filling, float], float]:
        """The log weight of each filling that is possible but that of nobody, and a bound.

        The bound is the logarithm of what all other fillings weigh together at most: -inf where
        all were worked out. Where there are more than `limit`, each missing has several places
        filled beside his own by those remains only that fit him best.
        """
        single: dict[Filling, float] = {
            ((m, b),): float(weight)
            for m, row in enumerate(self.pairs)
            for b, weight in enumerate(row)
            if weight > -inf
        }
        kept, bound = self._few_enough([one for [one] in single], limit)
        found, level = dict(single), {f: w for f, w in single.items() if f[0] in kept}
        while level:
            level = self._weighed(self._longer(level, kept))
            found |= level
        return found, bound

    def _longer(self, level: Mapping[Filling, float], kept: set[tuple[int, int]]) -> list[Filling]:
        """The fillings with one more, all of whose parts are possible."""
        found = []
        pairs = sorted(kept)
        for filling in level:
            taken = frozenset().union(*(self.bodies[b].of for _, b in filling))
            for m, b in pairs:
                if m <= filling[-1][0] or self.bodies[b].of & taken:
                    continue
                longer = (*filling, (m, b))
                parts = (longer[:n] + longer[n + 1 :] for n in range(len(filling)))
                if all(part in level for part in parts):
                    found.append(longer)
        return found

    def _weighed(self, fillings: Sequence[Filling]) -> dict[Filling, float]:
        """The log weight of each of these fillings that is possible."""
        by_places: dict[tuple[int, ...], list[Filling]] = {}
        for filling in fillings:
            by_places.setdefault(tuple(m for m, _ in filling), []).append(filling)
        found: dict[Filling, float] = {}
        for places, some in by_places.items():
            given = np.array([[b for _, b in filling] for filling in some], dtype=np.intp)
            left, logs = np.arange(len(some)), np.zeros(len(some))
            # What is impossible at one marker need not be looked at again.
            for marker in self.event.markers:
                if not len(left):
                    break
                logs[left] += self._at_marker(marker, places, given[left])
                left = left[logs[left] > -inf]
            found |= {some[n]: float(logs[n]) for n in left}
        return found

    def _at_marker(self, marker: Marker, places: tuple[int, ...], given: Indices) -> Table:
        """The log ratio of fillings of these places, with bodies `given` (fillings, places)."""
        patterns = self.samples.shown[marker.name].pattern[given]
        different, row = np.unique(patterns, axis=0, return_inverse=True)
        row = row.reshape(-1)
        logs = np.zeros(len(different))
        for seen in np.unique(different >= 0, axis=0):
            here = ((different >= 0) == seen).all(axis=1)
            filled = [self.household.missing[m] for m, s in zip(places, seen, strict=True) if s]
            if filled:
                logs[here] = self._log_likelihoods(marker, filled, different[here][:, seen])
                logs[here] -= self._own[marker.name]
        strangers: Table = self.samples.alone_by_marker[marker.name][given].sum(axis=1)
        return logs[row] - strangers

    def _log_likelihoods(self, marker: Marker, filled: Sequence[str], patterns: Indices) -> Table:
        """The logarithm of the likelihood of the family with these patterns in these places."""
        typed = self.event.typed(self.household, marker.name)
        shown = self.samples.shown[marker.name]
        genotypes = shown.plain[patterns]
        first = [self.pedigree.same_as[code] for code in (*typed, *filled)]
        if (genotypes < 0).any() or len(set(first)) < len(first) or not _all_plain(typed):
            return np.array(
                [
                    _log(likelihood(self.pedigree, marker, self._beside(typed, filled, row)))
                    for row in ([shown.patterns[p] for p in each] for each in patterns)
                ]
            )
        known = [[marker.index[a] for a in whole(seen[0])] for seen in typed.values()]
        relatives = np.array(known, dtype=np.intp).reshape(1, -1, 2)
        both = np.concatenate([relatives.repeat(len(patterns), axis=0), genotypes], axis=1)
        with np.errstate(divide="ignore"):
            found: Table = np.log(likelihoods(self.pedigree, marker, (*typed, *filled), both))
        return found

    @staticmethod
    def _beside(
        typed: Mapping[str, list[Observation]],
        filled: Sequence[str],
        seen: Sequence[tuple[Observation, ...]],
    ) -> dict[str, list[Observation]]:
        beside = {code: list(one) for code, one in typed.items()}
        for code, more in zip(filled, seen, strict=True):
            beside.setdefault(code, []).extend(more)
        return beside

    # Too many

    def _few_enough(
        self, pairs: Sequence[tuple[int, int]], limit: int
    ) -> tuple[set[tuple[int, int]], float]:
        """The pairs that longer fillings are made of, and a bound on those made of others."""
        by_missing: dict[int, list[tuple[int, int]]] = {}
        for m, b in sorted(pairs, key=lambda pair: -self.pairs[pair]):
            by_missing.setdefault(m, []).append((m, b))
        most = max(map(len, by_missing.values()), default=0)
        while most > 1 and _count([min(most, len(v)) for v in by_missing.values()]) > limit:
            most -= max(1, most // 10)
        kept = {pair for theirs in by_missing.values() for pair in theirs[:most]}
        dropped = [pair for pair in pairs if pair not in kept]
        return kept, self._bound(dropped, len(by_missing))

    def _bound(self, dropped: Sequence[tuple[int, int]], places: int) -> float:
        """What all fillings of two or more with one of these pairs weigh together at most.

        What was seen of the others is not likelier than 1, beside anything: a filling weighs no
        more than one of its pairs over the likelihoods of the others' bodies as nobody's.
        """
        rarest = np.sort(-self.samples.alone)[::-1]
        logs = [
            float(self.pairs[m, b])
            + log(comb(places - 1, more) * float(len(rarest)) ** more)
            + float(rarest[:more].sum())
            for m, b in dropped
            for more in range(1, min(places, len(rarest)))
        ]
        return float(np.logaddexp.reduce(logs)) if logs else -inf


def _count(each: Sequence[int]) -> float:
    """How many fillings there are at most, if each missing has so many bodies that fit."""
    return float(np.prod([1.0 + n for n in each]))


def _all_plain(typed: Mapping[str, Sequence[Observation]]) -> bool:
    return all(len(seen) == 1 and is_plain(seen[0]) for seen in typed.values())


def _log(likelihood: Scaled) -> float:
    if not likelihood.mantissa:
        return -inf
    return log(likelihood.mantissa) + likelihood.exponent * LOG2


# Bodies


def bodies_of(event: Event, most: int) -> list[Body]:
    """Each of the remains by itself; then, with `parts`, all sets that may be of one body.

    Raises MalformedCase for remains that cannot be, and TooLarge for more sets than `most`.
    """
    single = [
        Body(frozenset({number}), remains.sex, _all_seen(event, remains.samples))
        for number, remains in enumerate(event.remains)
    ]
    _check_bodies(event, single)
    found, level = list(single), list(single)
    partners = _partners(event, single) if event.parts else {}
    while level and event.parts:
        longer = [
            _joined(body, single[other])
            for body in level
            for other in sorted(frozenset.intersection(*(partners[n] for n in body.of)))
            if other > max(body.of) and may_be(body.sex, single[other].sex)
        ]
        if len(found) + len(longer) > len(single) + most:
            raise TooLarge(f"more than {most} sets of remains may be of one body; say which are")
        possible = Samples(event.markers, longer).alone > -inf
        level = [body for body, may in zip(longer, possible, strict=True) if may]
        found += level
    return found


def _all_seen(event: Event, samples: Sequence[str]) -> dict[str, tuple[Observation, ...]]:
    found: dict[str, tuple[Observation, ...]] = {}
    for code in samples:
        for marker, seen in event.found[code].items():
            found[marker] = (*found.get(marker, ()), *seen)
    return found


def _joined(one: Body, other: Body) -> Body:
    seen = {
        marker: (*one.seen.get(marker, ()), *other.seen.get(marker, ()))
        for marker in {**one.seen, **other.seen}
    }
    sex = one.sex if one.sex != "U" else other.sex
    return Body(one.of | other.of, sex, seen)


def _partners(event: Event, single: Sequence[Body]) -> dict[int, frozenset[int]]:
    """For each of the remains, those that show no other whole genotype at any marker."""
    alike = np.ones((len(single), len(single)), dtype=bool)
    np.fill_diagonal(alike, False)
    for marker in event.markers:
        shown = Shown(marker, single)
        plain = np.append((shown.plain >= 0).all(axis=1), False)[shown.pattern]
        differ = shown.pattern[:, None] != shown.pattern[None]
        alike &= ~(differ & plain[:, None] & plain[None])
    return {n: frozenset(np.flatnonzero(row).tolist()) for n, row in enumerate(alike)}


def _check_bodies(event: Event, single: Sequence[Body]) -> None:
    for name, alone in Samples(event.markers, single).alone_by_marker.items():
        for number in np.flatnonzero(alone == -inf):
            remains = event.remains[number]
            raise MalformedCase(
                "bodies" if len(remains.samples) > 1 else f"genotypes/pm/{remains.id}/{name}",
                f"{remains.id!r} at {name} is impossible",
                "what one person may show",
            )
