"""What a family's ratio may come to at one site, now and with more of its relatives typed.

A site is a marker, a haplotype, or two linked markers together: docs/methods/kinship.md,
section 13.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import product
from math import inf

import numpy as np
from numpy.typing import NDArray

from .batch import Genotypes, Tables, joint_tables, tables
from .chance import Spectrum, merged, mixed, mixed_at_both, reported, reported_at_both, spectrum
from .elimination import Table
from .evidence import Genotype, Observation
from .faults import MalformedCase
from .fillings import is_plain, whole
from .likelihood import Seen, genotype_table, joint_genotype_table
from .markers import Indices, Marker
from .pedigree import Pedigree, Person
from .ratios import strict
from .sites import Site

STRANGER = "(a stranger)"
MOST_COMBINATIONS = 1024  # of what several may show together; of more, so many stand for all
MOST_NUMBERS = 2**25  # in all tables of two linked markers together
FEWEST_COMBINATIONS = 64  # however large these tables are
HIDDEN = -1  # in the place of an allele: nothing of the person is seen
NOTHING_TO_SAY = Spectrum(np.zeros(1), np.ones(1), np.ones(1))
Observed = Mapping[str, Sequence[Observation]]


def at_site(site: Site, pedigree: Pedigree, seen: Sequence[Observed], missing: str) -> "AtSite":
    """The family at a site; `seen` is what was seen of it at each of its markers."""
    kind = AtMarker if len(site.markers) == 1 else AtPair
    return kind(site, pedigree, seen, missing)


class AtSite(ABC):
    """A family that misses somebody, at one site."""

    def __init__(
        self, site: Site, pedigree: Pedigree, seen: Sequence[Observed], missing: str
    ) -> None:
        self.site, self.pedigree, self.seen, self.missing = site, pedigree, seen, missing
        # Whether the missing has anything here that may be compared.
        self.says = bool(self._copies(missing))

    @cached_property
    def spectrum(self) -> Spectrum:
        """What it may come to as the family is typed. Raises MalformedCase if it cannot be."""
        found = self._spectrum(self.site.markers) if self.says else NOTHING_TO_SAY
        if found is None:
            names = " and ".join(marker.name for marker in self.site.markers)
            raise MalformedCase(
                "genotypes",
                f"the family as it was typed at {names} is impossible",
                "relatives who can be together, or a mutation model",
            )
        return found

    @cached_property
    def exclusion(self) -> float:
        """The chance that what a stranger shows fits in no way if nothing mutates or is silent."""
        found = self._spectrum(tuple(map(strict, self.site.markers))) if self.says else None
        return float(found.stranger[found.log10_lr == -inf].sum()) if found else 0.0

    def with_samples_of(self, persons: Sequence[str]) -> tuple[Spectrum, bool]:
        """The ratios with more relatives typed, over all that they may show together; and whether
        some combinations stood for all."""
        if not self.says:
            return NOTHING_TO_SAY, False
        rows: Genotypes = np.zeros((1, 0, len(self.site.markers), 2), dtype=np.intp)
        weights, some = np.ones(1), False
        for person in persons:
            copies = self._copies(person)
            if not copies:
                unseen = np.full((len(rows), 1, *rows.shape[2:]), HIDDEN)
                rows = np.concatenate([rows, unseen], axis=1)
                continue
            parts = [
                _possible(here, weights[here, None] * chances / chances.sum(axis=1, keepdims=True))
                for here, chances in self._chances(persons, rows, person)
            ]
            row, genotype, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
            chosen, weights, fewer = _few(weights, self._most)
            shown = self._every_genotype(copies)[genotype[chosen]]
            rows = np.concatenate([rows[row[chosen]], shown[:, None]], axis=1)
            some |= fewer
        return merged((1.0, one) for one in self._spectra(persons, rows, weights)), some

    @property
    @abstractmethod
    def _most(self) -> int:
        """Of more combinations than this so many stand for all."""

    @abstractmethod
    def _spectrum(self, markers: Sequence[Marker]) -> Spectrum | None:
        """With these markers in the place of its own; None for a family that cannot be."""

    @abstractmethod
    def _chances(
        self, persons: Sequence[str], rows: Genotypes, person: str
    ) -> Iterator[tuple[Indices, Table]]:
        """Some of the rows of what others show, and how likely each genotype of a person is beside
        each of them, (rows, genotypes)."""

    @abstractmethod
    def _spectra(
        self, persons: Sequence[str], rows: Genotypes, weights: Table
    ) -> Iterator[Spectrum]:
        """What the ratio may come to beside rows of what others show, each with its weight."""

    def _every_genotype(self, copies: int) -> Genotypes:
        """What may be shown at the site, (genotypes, markers, 2), as the chances are ordered."""
        each = [_genotypes(marker, copies) for marker in self.site.markers]
        return np.array(list(product(*each)), dtype=np.intp)

    def _copies(self, person: str) -> int:
        return len(self.pedigree.parents_of(self.pedigree.same_as[person], self.site.chrom))

    def _by_who_is_seen(
        self, persons: Sequence[str], rows: Genotypes
    ) -> Iterator[tuple[Indices, list[list[str]]]]:
        """Rows in which the same persons are seen, and who these are at each marker."""
        seen = rows[..., 0] != HIDDEN
        kinds, kind = np.unique(seen.reshape(len(rows), -1), axis=0, return_inverse=True)
        for number, of in enumerate(kinds.reshape(len(kinds), *seen.shape[1:])):
            typed = [
                [code for code, is_seen in zip(persons, column, strict=False) if is_seen]
                for column in of.T
            ]
            yield np.flatnonzero(kind.reshape(-1) == number), typed

    def _beside_relatives(
        self, typed: Sequence[Sequence[str]], rows: Genotypes, of: str, persons: Sequence[str]
    ) -> tuple[list[list[str]], list[Genotypes]] | None:
        """Members and genotypes at each marker of a batch, of the family and of these; None unless
        all is whole and of nobody twice."""
        members, genotypes = [], []
        for n, (marker, seen) in enumerate(zip(self.site.markers, self.seen, strict=True)):
            every = [*seen, *typed[n]]
            first = {self.pedigree.same_as.get(code, code) for code in every}
            plain = all(len(each) == 1 and is_plain(each[0]) for each in seen.values())
            if not plain or len(first) < len(every) or self.pedigree.same_as.get(of, of) in first:
                return None
            known = [[marker.index[a] for a in whole(one)] for [one] in seen.values()]
            relatives = np.array(known, dtype=np.intp).reshape(1, -1, 2).repeat(len(rows), axis=0)
            here = [number for number, code in enumerate(persons) if code in typed[n]]
            members.append(every)
            genotypes.append(np.concatenate([relatives, rows[:, here, n]], axis=1))
        return members, genotypes

    def _with(
        self, typed: Sequence[Sequence[str]], row: Genotypes, persons: Sequence[str]
    ) -> list[Seen]:
        """What is seen at each marker with what these show beside, (persons, markers, 2)."""
        return [
            dict(seen)
            | {
                code: [Genotype(tuple(marker.alleles[a] for a in row[persons.index(code), n]))]
                for code in typed[n]
            }
            for n, (marker, seen) in enumerate(zip(self.site.markers, self.seen, strict=True))
        ]


class AtMarker(AtSite):
    """At one marker, or a haplotype."""

    @property
    def _most(self) -> int:
        return MOST_COMBINATIONS

    def _spectrum(self, markers: Sequence[Marker]) -> Spectrum | None:
        found = self._one(markers[0], self.seen[0], self.missing)
        return spectrum(found) if found.possible[0] else None

    def _chances(
        self, persons: Sequence[str], rows: Genotypes, person: str
    ) -> Iterator[tuple[Indices, Table]]:
        for found, here in self._tables_with(persons, rows, person):
            yield here, reported(found.joint[found.row], found.shown)

    def _spectra(
        self, persons: Sequence[str], rows: Genotypes, weights: Table
    ) -> Iterator[Spectrum]:
        for found, here in self._tables_with(persons, rows, self.missing):
            stranger = np.broadcast_to(found.stranger, found.joint.shape)
            row = found.row
            yield mixed(found.joint[row], stranger[row], found.shown, weights[here])

    def _tables_with(
        self, persons: Sequence[str], rows: Genotypes, of: str
    ) -> Iterator[tuple[Tables, Indices]]:
        [marker] = self.site.markers
        for here, typed in self._by_who_is_seen(persons, rows):
            batch = self._beside_relatives(typed, rows[here], of, persons)
            if batch:
                [members], [genotypes] = batch
                theta = self.site.theta
                yield tables(self.pedigree, marker, members, genotypes, of, theta=theta), here
                continue
            each = [self._one(marker, self._with(typed, row, persons)[0], of) for row in rows[here]]
            joint, stranger = (
                np.concatenate(column)
                for column in zip(*((one.joint, one.stranger) for one in each), strict=True)
            )
            yield Tables(joint, stranger, np.arange(len(each)), marker.locus.shown), here

    def _one(self, marker: Marker, seen: Seen, of: str) -> Tables:
        """One family's table, whatever was seen of it."""
        theta = self.site.theta
        joint, above = genotype_table(self.pedigree, marker, seen, of, theta=theta)
        beside = with_stranger(self.pedigree, of)
        stranger, below = genotype_table(beside, marker, seen, STRANGER, theta=theta)
        both: list[Table] = [np.ldexp(joint, above - below)[None], stranger[None]]
        return Tables(both[0], both[1], np.zeros(1, dtype=np.intp), marker.locus.shown)


class AtPair(AtSite):
    """At two linked markers: what is shown at the one counts beside what is shown at the other."""

    @property
    def _most(self) -> int:
        copies = self._copies(self.missing)
        sizes = [len(marker.locus) ** copies for marker in self.site.markers]
        return max(FEWEST_COMBINATIONS, MOST_NUMBERS // int(sizes[0] * sizes[1]))

    @property
    def _shown(self) -> tuple[int, int]:
        one, other = self.site.markers
        return one.locus.shown, other.locus.shown

    def _spectrum(self, markers: Sequence[Marker]) -> Spectrum | None:
        one, other = markers
        seen = self.seen[0], self.seen[1]
        joint = self._one((one, other), seen, self.pedigree, self.missing)
        if not joint.any():
            return None
        beside = with_stranger(self.pedigree, self.missing)
        stranger = self._one((one, other), seen, beside, STRANGER)
        return mixed_at_both(joint, stranger, (one.locus.shown, other.locus.shown), np.ones(1))

    def _chances(
        self, persons: Sequence[str], rows: Genotypes, person: str
    ) -> Iterator[tuple[Indices, Table]]:
        for joint, here in self._tables_with(persons, rows, self.pedigree, person):
            yield here, reported_at_both(joint, self._shown).reshape(len(here), -1)

    def _spectra(
        self, persons: Sequence[str], rows: Genotypes, weights: Table
    ) -> Iterator[Spectrum]:
        for joint, here in self._tables_with(persons, rows, self.pedigree, self.missing):
            stranger = self._strangers(persons, rows[here])
            yield mixed_at_both(joint, stranger, self._shown, weights[here])

    def _strangers(self, persons: Sequence[str], rows: Genotypes) -> Table:
        """The tables of a stranger, (rows, ...); without co-ancestry one for all rows."""
        one, other = self.site.markers
        if not self.site.theta:
            alone = Pedigree((Person(STRANGER, self.pedigree[self.missing].sex),))
            return self._one((one, other), ({}, {}), alone, STRANGER)
        beside = with_stranger(self.pedigree, self.missing)
        found = list(self._tables_with(persons, rows, beside, STRANGER))
        order = np.argsort(np.concatenate([here for _, here in found]))
        return np.concatenate([table for table, _ in found])[order]

    def _tables_with(
        self, persons: Sequence[str], rows: Genotypes, pedigree: Pedigree, of: str
    ) -> Iterator[tuple[Table, Indices]]:
        one, other = self.site.markers
        r, theta = self.site.recombination, self.site.theta
        for here, typed in self._by_who_is_seen(persons, rows):
            batch = self._beside_relatives(typed, rows[here], of, persons)
            if batch:
                (a, b), (c, d) = batch
                found = joint_tables(pedigree, (one, other), (a, b), (c, d), r, of, theta=theta)
                yield from ((table, here[every]) for table, every in found)
                continue
            for number in here:
                first, second = self._with(typed, rows[number], persons)
                yield self._one((one, other), (first, second), pedigree, of), number[None]

    def _one(
        self, markers: tuple[Marker, Marker], seen: tuple[Seen, Seen], pedigree: Pedigree, of: str
    ) -> Table:
        r, theta = self.site.recombination, self.site.theta
        table, exponent = joint_genotype_table(pedigree, markers, seen, r, of, theta=theta)
        return np.asarray(np.ldexp(table, exponent))[None]


def with_stranger(pedigree: Pedigree, missing: str) -> Pedigree:
    """The family and somebody who is nobody's kin, of the sex of the missing."""
    stranger = Person(STRANGER, pedigree[missing].sex)
    return Pedigree((*pedigree.persons, stranger), pedigree.twins)


def _genotypes(marker: Marker, copies: int) -> NDArray[np.intp]:
    """What may be shown, as `reported` orders it, (genotypes, 2); nothing comes last, where there
    is a silent allele."""
    places = np.arange(marker.locus.shown)
    one, other = np.triu_indices(marker.locus.shown) if copies == 2 else (places, places)
    shown = np.stack([one, other], axis=1)
    return np.concatenate([shown, [[HIDDEN, HIDDEN]]]) if marker.silent else shown


def _possible(here: Indices, chances: Table) -> tuple[Indices, Indices, Table]:
    """Of chances (rows, genotypes) those above 0: the row, the genotype, and the chance."""
    row, genotype = np.nonzero(chances)
    return here[row], genotype, chances[row, genotype]


def _few(weights: Table, most: int) -> tuple[Indices, Table, bool]:
    """Which are taken, and their weights: all, or where they are too many some evenly chosen by
    weight, which weigh the same."""
    if len(weights) <= most:
        return np.arange(len(weights)), weights, False
    ends = np.cumsum(weights)
    middles = (np.arange(most) + 0.5) * ends[-1] / most
    chosen = np.minimum(np.searchsorted(ends, middles), len(weights) - 1)
    different, count = np.unique(chosen, return_counts=True)
    return different, count * ends[-1] / most, True
