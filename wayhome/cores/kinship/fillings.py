"""What a family says of every way to fill its missing members' places with remains.

A filling is some of a family's missing, each with a body. Its weight is the likelihood of the
family and these remains together, over that of the family by itself and of each of the remains as
nobody's. docs/methods/kinship.md, section 12.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import comb, fsum, inf, log

import numpy as np
from numpy.typing import NDArray

from .batch import with_stranger
from .elimination import Scaled, Table
from .events import Event, Household
from .evidence import ANY, Genotype, Observation
from .faults import MalformedCase, TooLarge
from .likelihood import genotype_table
from .markers import Marker
from .pedigree import AUTOSOME, Pedigree, Person, X
from .sites import Site

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

    def __init__(self, marker: Marker, bodies: Sequence[Body], theta: float) -> None:
        self.marker, self.theta = marker, theta
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
            apart = p if copies == 1 else 2 * pairs - np.diag(np.diag(pairs))
            alike = p if copies == 1 else np.diag(p)
            self._alone[copies] = self.chances((1 - self.theta) * apart + self.theta * alike)
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
    """All bodies at all sites, and the logarithm of the likelihood of each as nobody's."""

    def __init__(self, sites: Sequence[Site], bodies: Sequence[Body]) -> None:
        self.bodies = bodies
        self.shown = {
            marker.name: Shown(marker, bodies, site.theta)
            for site in sites
            for marker in site.markers
        }

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
        if marker.chrom == AUTOSOME:
            return 2
        return 2 if marker.chrom == X and body.sex != "M" else 1


@dataclass(frozen=True)
class Filled:
    """Places of a family, `codes`, and the patterns in them: (fillings, markers, places).

    `seen` (markers, places) says where there is anything.
    """

    codes: Sequence[str]
    patterns: Indices
    seen: NDArray[np.bool_]

    def typed_at(self, marker: int) -> list[str]:
        return [code for code, seen in zip(self.codes, self.seen[marker], strict=True) if seen]

    def beside(
        self,
        typed: Sequence[Mapping[str, Sequence[Observation]]],
        patterns: Indices,
        shown: Sequence[Shown],
    ) -> list[dict[str, list[Observation]]]:
        """What was seen of the family at each marker, and of one filling beside it."""
        found = []
        for n, known in enumerate(typed):
            here = {code: list(seen) for code, seen in known.items()}
            for place, code in enumerate(self.codes):
                if self.seen[n, place]:
                    here.setdefault(code, []).extend(shown[n].patterns[patterns[n, place]])
            found.append(here)
        return found


def _in_family(missing: str, code: str) -> str:
    """The code of a member where a stranger has taken that of the missing."""
    return f"{missing} of the family" if code == missing else code


class Family:
    """A family of an event, and what it says of remains.

    With co-ancestry a family is weighed with its remains in one urn, against the family and the
    same remains as strangers in one urn.
    """

    def __init__(self, event: Event, household: Household, samples: Samples) -> None:
        self.event, self.household, self.samples = event, household, samples
        self.pedigree = household.pedigree
        self.bodies = samples.bodies
        self._own: dict[str, float] = {}
        self._pairs = [self._pair_logs(code) for code in household.missing]

    @cached_property
    def log_likelihood(self) -> float:
        """Of the family by itself."""
        return fsum(self._own_at(site) for site in self.event.sites)

    @cached_property
    def pairs(self) -> Table:
        """The log ratio of each single filling, (missing, bodies); NaN where the sexes differ."""
        none = np.zeros((0, len(self.bodies)))
        return np.concatenate([none, *(one[None] for one in self._pairs)])

    def _own_at(self, site: Site) -> float:
        """The log likelihood of the family by itself, at one site."""
        if site.name not in self._own:
            own = _log(site.likelihood(self.pedigree, self._typed(site)))
            self._own[site.name] = self._possible(own, site)
        return self._own[site.name]

    def _possible(self, own: float, site: Site) -> float:
        if own > -inf:
            return own
        raise MalformedCase(
            f"families/{self.event.households.index(self.household)}",
            f"{self.household.id!r} as it was typed at {site.name} is impossible",
            "relatives who can be together, or a mutation model",
        )

    def _typed(self, site: Site) -> list[dict[str, list[Observation]]]:
        return [self.event.typed(self.household, marker.name) for marker in site.markers]

    def _pair_logs(self, code: str) -> Table:
        """The log ratio of every body as this missing."""
        sex = self.pedigree[code].sex
        fits = np.array([may_be(sex, body.sex) for body in self.bodies], dtype=bool)
        total = np.where(fits, 0.0, np.nan)
        place = self.household.missing.index(code)
        for site in self.event.sites:
            if len(site.markers) == 1:
                total += self._peeled(site, code)
            else:
                given = np.flatnonzero(fits & ~np.isneginf(total))
                total[given] += self._at_site(site, (place,), given[:, None])
        return total

    def _peeled(self, site: Site, code: str) -> Table:
        """At one marker: the family is peeled once, with the missing as root."""
        [marker], [typed] = site.markers, self._typed(site)
        if not self.pedigree.parents_of(self.pedigree.same_as[code], marker.chrom):
            return np.zeros(len(self.bodies))
        joint, up = genotype_table(self.pedigree, marker, typed, code, theta=site.theta)
        shown = self.samples.shown[marker.name]
        with np.errstate(divide="ignore"):
            # Over all that he may have, the family by itself.
            own = float(np.log(_without_order(joint).sum())) + up * LOG2
            self._own[site.name] = self._possible(own, site)
            above = np.log(shown.chances(joint)) + up * LOG2
            # Nothing seen is the last of the patterns.
            logs = np.append(above - own, 0.0)[shown.pattern]
            if not site.theta:
                # A body that cannot be at all was refused before.
                return np.asarray(logs - self.samples.alone_by_marker[marker.name])
            beside = with_stranger(self.pedigree, code)
            typed = {_in_family(code, one): seen for one, seen in typed.items()}
            stranger, level = genotype_table(beside, marker, typed, code, theta=site.theta)
            below = np.log(shown.chances(stranger)) + level * LOG2
            return np.append(above - below, 0.0)[shown.pattern]

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
            for site in self.event.sites:
                if not len(left):
                    break
                logs[left] += self._at_site(site, places, given[left])
                left = left[logs[left] > -inf]
            found |= {some[n]: float(logs[n]) for n in left}
        return found

    def _at_site(self, site: Site, places: tuple[int, ...], given: Indices) -> Table:
        """The log ratio of fillings of these places, with bodies `given` (fillings, places)."""
        shown = [self.samples.shown[marker.name] for marker in site.markers]
        patterns = np.stack([one.pattern[given] for one in shown], axis=1)
        different, row = np.unique(patterns, axis=0, return_inverse=True)
        row = row.reshape(-1)
        logs = np.zeros(len(different))
        codes = [self.household.missing[m] for m in places]
        for seen in np.unique(different >= 0, axis=0):
            here = ((different >= 0) == seen).all(axis=(1, 2))
            if seen.any():
                some = Filled(codes, different[here], seen)
                logs[here] = self._log_likelihoods(site, self.pedigree, some)
                logs[here] -= self._of_strangers(site, some)
        if site.theta:
            return logs[row]
        alone = (self.samples.alone_by_marker[marker.name] for marker in site.markers)
        strangers: Table = sum((each[given].sum(axis=1) for each in alone), np.zeros(len(given)))
        return logs[row] - strangers

    def _of_strangers(self, site: Site, some: "Filled") -> Table:
        """The log likelihood of the family with these as strangers in its urn; without
        co-ancestry of the family alone, as they are independent of it."""
        if not site.theta:
            return np.full(len(some.patterns), self._own_at(site))
        codes = [f"(a stranger in the place of {code})" for code in some.codes]
        strangers = tuple(
            Person(code, self.pedigree[of].sex) for code, of in zip(codes, some.codes, strict=True)
        )
        beside = Pedigree((*self.pedigree.persons, *strangers), self.pedigree.twins)
        return self._log_likelihoods(site, beside, replace(some, codes=codes))

    def _log_likelihoods(self, site: Site, pedigree: Pedigree, some: "Filled") -> Table:
        """The logarithm of the likelihood of the family with these patterns in these places."""
        typed = self._typed(site)
        shown = [self.samples.shown[marker.name] for marker in site.markers]
        members = [(*one, *some.typed_at(n)) for n, one in enumerate(typed)]
        if not self._is_plain(pedigree, some, typed, members, shown):
            return np.array(
                [_log(site.likelihood(pedigree, some.beside(typed, row, shown)))
                 for row in some.patterns]
            )  # fmt: skip
        genotypes = []
        for n, (marker, one) in enumerate(zip(site.markers, typed, strict=True)):
            known = [[marker.index[a] for a in whole(seen[0])] for seen in one.values()]
            relatives = np.array(known, dtype=np.intp).reshape(1, -1, 2)
            theirs = shown[n].plain[some.patterns[:, n, some.seen[n]]]
            genotypes.append(np.concatenate([relatives.repeat(len(theirs), axis=0), theirs], 1))
        with np.errstate(divide="ignore"):
            found: Table = np.log(site.likelihoods(pedigree, members, genotypes))
        return found

    @staticmethod
    def _is_plain(
        pedigree: Pedigree,
        some: "Filled",
        typed: Sequence[Mapping[str, Sequence[Observation]]],
        members: Sequence[Sequence[str]],
        shown: Sequence[Shown],
    ) -> bool:
        """Whether all is whole genotypes, of nobody twice."""
        for n, theirs in enumerate(members):
            first = {pedigree.same_as[code] for code in theirs}
            patterns = some.patterns[:, n, some.seen[n]]
            whole_ones = (shown[n].plain[patterns] >= 0).all() and _all_plain(typed[n])
            if len(first) < len(theirs) or not whole_ones:
                return False
        return True

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
        if not dropped:
            return -inf
        rarest = np.sort(-self._least_alone(places))[::-1]
        logs = [
            float(self.pairs[m, b])
            + log(comb(places - 1, more) * float(len(rarest)) ** more)
            + float(rarest[:more].sum())
            for m, b in dropped
            for more in range(1, min(places, len(rarest)))
        ]
        return float(np.logaddexp.reduce(logs)) if logs else -inf

    def _least_alone(self, places: int) -> Table:
        """The log likelihood that each body has at least as a stranger, (bodies,), whoever else is
        drawn from its urn: a gene among n has (1 - theta) p / (1 + n theta) or more."""
        apart = [replace(site, theta=0.0) for site in self.event.sites]
        least = np.array(Samples(apart, self.bodies).alone)
        n = 2 * (len(self.pedigree.persons) + places)
        for site in self.event.sites:
            each = np.log((1 - site.theta) / (1 + n * site.theta))
            for marker in site.markers:
                copies = np.array([Samples.copies(marker, body) for body in self.bodies])
                least += each * copies * (self.samples.shown[marker.name].pattern >= 0)
        return least


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
        possible = Samples(event.sites, longer).alone > -inf
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
    for shown in Samples(event.sites, single).shown.values():
        plain = np.append((shown.plain >= 0).all(axis=1), False)[shown.pattern]
        differ = shown.pattern[:, None] != shown.pattern[None]
        alike &= ~(differ & plain[:, None] & plain[None])
    return {n: frozenset(np.flatnonzero(row).tolist()) for n, row in enumerate(alike)}


def _check_bodies(event: Event, single: Sequence[Body]) -> None:
    for name, alone in Samples(event.sites, single).alone_by_marker.items():
        for number in np.flatnonzero(alone == -inf):
            remains = event.remains[number]
            raise MalformedCase(
                "bodies" if len(remains.samples) > 1 else f"genotypes/pm/{remains.id}/{name}",
                f"{remains.id!r} at {name} is impossible",
                "what one person may show",
            )
