"""One new family against all remains, and one new remains against all families, at once.

remains = AgainstRemains(everybody, 4.0)      # made ready once
remains.family(document)                       # what fits this family
families = AgainstFamilies(every_family, 4.0)  # their tables are kept
families.remains(document)                     # whom these remains fit
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..faults import KinshipError
from ..likelihood import genotype_table
from ..pedigree import SEXES, Pedigree, Person
from ..sources import seen_alike
from .families import Families, Group, RemainsList, Shape
from .linked import Joined, corrections, joined_of, slack_of
from .observed import NOTHING, Seen
from .rows import Logs, can_be, peeled, ratio, unordered
from .search import Ready, Spent, search


@dataclass(frozen=True)
class Hit:
    """A pair that reaches the threshold: remains, and a family with who is missing in it.

    `markers` is how many say something about it.
    """

    remains: str
    family: tuple[str, str]
    log10_lr: float
    markers: int


class AgainstRemains:
    """Remains made ready, to be compared with one new family after the other."""

    def __init__(self, remains: RemainsList, threshold: float) -> None:
        remains.kit.close()
        self.list, self.threshold = remains, threshold
        self.ready = Ready.of(remains)

    def family(self, document: Any) -> list[Hit]:
        """Remains that fit a family, the best first. Raises KinshipError.

        The family's alleles must all be in the markers' tables.
        """
        families = Families(self.list.kit)
        families.add(document)
        spent = Spent()
        hits = [
            Hit(self.list.names[r], families.names[f], log10_lr, markers)
            for found in search(families, self.ready, self.threshold, spent=spent)
            for f, r, log10_lr, markers in zip(
                *(found.family.tolist(), found.remains.tolist()),
                *(found.log10_lr.tolist(), found.markers.tolist()),
                strict=True,
            )
        ]
        for one in spent.impossible:
            raise KinshipError(f"{families.names[one.family][0]}: {one.marker}: {one.why}")
        return sorted(hits, key=lambda hit: -hit.log10_lr)


@dataclass(frozen=True)
class Held:
    """The tables of some families at one marker: `row` (families,) is each one's row.

    `ratios` (true genotypes, rows) are likelihood ratios; `stranger` is the likelihood if it is a
    stranger's, of the same shape, or (true genotypes, 1) where that is the same but for a factor.
    `informs` (families,) says whether they say anything.
    """

    seen: Seen
    copies: int
    row: NDArray[np.intp]
    ratios: Logs
    stranger: Logs
    informs: NDArray[np.bool_]

    def column(self, code: int) -> Logs | None:
        """log10 of the ratio of what was seen, (rows,); None if it says nothing of them."""
        observation = self.seen.observations[code]
        if observation is None or self.seen.copies[code] != self.copies:
            return None
        weight = unordered(observation.weight(self.seen.marker, self.copies)[None])[0]
        places = np.flatnonzero(weight)
        found = self.ratios[places[0]]
        if len(places) > 1:
            share = weight[places, None] * self.stranger[places]
            found = ratio((share * self.ratios[places]).sum(axis=0), share.sum(axis=0))
        with np.errstate(divide="ignore"):
            return np.asarray(np.log10(found))


@dataclass(frozen=True)
class Half:
    """All families whose missing person is of one sex.

    `lowest` (families,) is the least log10 ratio that may still reach the threshold when linked
    markers count together; `joined` are the linked pairs of each group, and where it begins.
    """

    families: NDArray[np.int32]
    held: tuple[Held, ...]
    possible: NDArray[np.bool_]
    lowest: Logs
    joined: tuple[tuple[Sequence[Joined], Group, int], ...]


class AgainstFamilies:
    """The tables of all families, to be compared with one new remains after the other.

    They are held for every true genotype, so that whatever remains show can be read from them:
    some hundred bytes to a kilobyte for each different row, and twice that with co-ancestry.
    """

    def __init__(self, families: Families, threshold: float) -> None:
        families.kit.close()
        self.families, self.kit, self.threshold = families, families.kit, threshold
        self.halves = []
        for sex in SEXES:
            groups = [g for s, g in families.groups.items() if s.pedigree[s.missing].sex == sex]
            if groups:
                self.halves.append(self._half(groups))

    def remains(self, document: Any) -> list[Hit]:
        """Families that fit remains, the best first. Raises KinshipError.

        The alleles of the remains must all be in the markers' tables.
        """
        one = RemainsList(self.kit)
        one.add(document)
        hits = [
            Hit(one.names[0], self.families.names[half.families[place]], log10_lr, markers)
            for half in self.halves
            for place, log10_lr, markers in self._fits(half, one.codes[0].tolist())
        ]
        return sorted(hits, key=lambda hit: -hit.log10_lr)

    def _fits(self, half: Half, codes: Sequence[int]) -> Iterator[tuple[int, float, int]]:
        apart = np.zeros((len(half.families), len(codes)))
        markers = np.zeros(len(half.families), dtype=np.int16)
        for number, (held, code) in enumerate(zip(half.held, codes, strict=True)):
            column = held.column(code)
            if column is not None:
                apart[:, number] = column[held.row]
                markers += held.informs
        total = sum(apart.T, np.zeros(len(apart)))
        places = np.flatnonzero((total >= half.lowest) & half.possible)
        own = np.tile(np.array(codes, dtype=np.int32), (len(places), 1))
        for joined, group, first in half.joined:
            here = (places >= first) & (places < first + len(group))
            at = places[here]
            total[at] += corrections(joined, group, at - first, own[here], apart[at])
        for place in places[total[places] >= self.threshold]:
            yield int(place), float(total[place]), int(markers[place])

    def _half(self, groups: Sequence[Group]) -> Half:
        families = np.concatenate([np.array(g.families, dtype=np.int32) for g in groups])
        possible = np.ones(len(families), dtype=bool)
        held = tuple(self._held(groups, number, possible) for number in range(len(self.kit)))
        lowest, together, first = np.full(len(families), self.threshold), [], 0
        for group in groups:
            some = slice(first, first + len(group))
            joined = joined_of(group.shape, self.kit)
            slack, can = slack_of(joined, group.array(len(self.kit)))
            lowest[some] -= slack
            possible[some] &= can
            if joined:
                together.append((joined, group, first))
            first += len(group)
        return Half(families, held, possible, lowest, tuple(together))

    def _held(self, groups: Sequence[Group], number: int, possible: NDArray[np.bool_]) -> Held:
        """The tables of one marker; families that cannot be are marked in `possible`."""
        seen, shape = self.kit.seen[number], groups[0].shape
        copies = len(shape.pedigree.parents_of(shape.missing, seen.marker.chrom))
        own = _own_shares(seen, copies)
        rows, ratios, strangers, informs, count, done = [], [], [], [], 0, 0
        for group in groups:
            codes, row = seen_alike(group.array(len(self.kit))[:, :, number])
            ratio_of, stranger, can = _peeled(group.shape, seen, codes, own)
            possible[done : done + len(group)] &= can[row]
            rows.append(count + row)
            ratios.append(ratio_of)
            strangers.append(stranger)
            informs.append(np.asarray((codes > NOTHING).any(axis=1))[row])
            count, done = count + len(codes), done + len(group)
        return Held(
            seen=seen,
            copies=copies,
            row=np.concatenate(rows),
            ratios=np.ascontiguousarray(np.concatenate(ratios).T),
            stranger=np.concatenate(strangers if seen.theta else [own[None]]).T,
            informs=np.concatenate(informs),
        )


def _own_shares(seen: Seen, copies: int) -> Logs:
    """How often each genotype is met, (true genotypes,); of no copy there is one, nothing."""
    if not copies:
        return np.ones(1)
    alone = Pedigree((Person("own", "M" if copies == 1 else "F"),))
    table, exponent = genotype_table(alone, seen.marker, {}, "own")
    return np.asarray(np.ldexp(unordered(table[None])[0], exponent))


def _peeled(
    shape: Shape, seen: Seen, codes: NDArray[np.int32], own: Logs
) -> tuple[Logs, Logs, NDArray[np.bool_]]:
    """Of each row: the ratios, a stranger's likelihoods (rows, true genotypes), and whether its
    families can be."""
    ratios = np.ones((len(codes), len(own)))
    stranger = np.tile(own, (len(codes) if seen.theta else 1, 1))
    possible = np.ones(len(codes), dtype=bool)
    for rows, joint, other in peeled(shape, seen, codes):
        ratios[rows] = ratio(unordered(joint), unordered(other))
        possible[rows] = can_be(joint, other)
        if seen.theta:
            stranger[rows] = unordered(other)
    return ratios, stranger, possible
