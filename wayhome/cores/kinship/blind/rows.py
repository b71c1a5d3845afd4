"""The tables of families: log10 of the ratio of everything that remains may show."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ..batch import Tables, tables, tables_of, with_stranger
from ..evidence import Weight
from ..faults import TooLarge
from ..likelihood import genotype_table
from ..pedigree import Pedigree, Person
from .families import Shape
from .observed import NOTHING, Seen

AT_ONCE = 4096  # rows that are computed together
Codes = NDArray[np.int32]
Logs = NDArray[np.float64]
# Columns that are one genotype each and its place; columns that are several, and their weights.
Reading = tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp], Logs]


@dataclass(frozen=True)
class Classes:
    """What remains may show at a marker: `numbers` of observations, the first is nothing."""

    seen: Seen
    numbers: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.numbers)

    def log10_ratios(self, joint: Logs, stranger: Logs) -> Logs:
        """Of tables (rows, alleles, alleles), or (rows, alleles) of one copy: (rows, classes).

        Both tables are of true genotypes, without order. What the missing person's number of
        copies cannot show says nothing, like a marker that is not typed.
        """
        above, below = unordered(joint), unordered(stranger)
        columns, places, spread, weights = self._reading[joint.ndim - 1]
        ratios = np.ones((len(joint), len(self)))
        ratios[:, columns] = ratio(above[:, places], below[:, places])
        if len(spread):
            ratios[:, spread] = ratio(above @ weights, below @ weights)
        with np.errstate(divide="ignore"):
            return np.log10(ratios)

    @cached_property
    def _reading(self) -> dict[int, Reading]:
        return {copies: self._read(copies) for copies in (1, 2)}

    def _read(self, copies: int) -> Reading:
        """How what was seen is read from a table of genotypes without order."""
        size, pairs = len(self.seen.marker.locus), self.seen.pairs()
        plain: list[tuple[int, int]] = []
        spread: list[int] = []
        for column, number in enumerate(self.numbers):
            one, other = pairs[number]
            if number == NOTHING or self.seen.copies[number] != copies:
                continue
            if one < 0 or (one == other and self.seen.marker.silent):
                spread.append(column)
            else:
                before = one * size - one * (one - 1) // 2 if copies == 2 else one
                plain.append((column, before + (other - one)))
        genotypes = size * (size + 1) // 2 if copies == 2 else size
        weights = np.zeros((genotypes, 0))
        if spread:
            weights = unordered(np.stack([self._weight(n, copies) for n in spread])).T
        columns, places = np.array(plain, dtype=np.intp).reshape(-1, 2).T
        return columns, places, np.array(spread, dtype=np.intp), weights

    def _weight(self, number: int, copies: int) -> Logs:
        observation = self.seen.observations[self.numbers[number]]
        assert observation
        return observation.weight(self.seen.marker, copies)


def unordered(table: Logs) -> Logs:
    """Of tables (rows, alleles, alleles) with both halves filled, each genotype once."""
    if table.ndim == 2:
        return table
    one, other = np.triu_indices(table.shape[1])
    return np.asarray(table[:, one, other])


def log10_rows(shape: Shape, classes: Classes, codes: Codes) -> tuple[Logs, NDArray[np.bool_]]:
    """Of different rows of observations (rows, members): log10 ratios (rows, classes), and which
    rows are of families that can be at all."""
    logs = np.zeros((len(codes), len(classes)))
    possible = np.ones(len(codes), dtype=bool)
    for rows, joint, stranger in peeled(shape, classes.seen, codes):
        logs[rows] = classes.log10_ratios(joint, stranger)
        possible[rows] = can_be(joint, stranger)
    return logs, possible


def peeled(shape: Shape, seen: Seen, codes: Codes) -> Iterator[tuple[NDArray[np.intp], Logs, Logs]]:
    """Portions of the rows in which anybody is typed, with their tables of true genotypes: of the
    missing person's, and of a stranger's, (rows, alleles, alleles) or of one copy (rows, alleles).
    None where he has no copy.
    """
    if not copies_of(shape, seen):
        return
    for every, members in _patterns(codes):
        for first in range(0, len(every) if members else 0, AT_ONCE):
            rows = every[first : first + AT_ONCE]
            yield (rows, *_tables(shape, seen, codes[rows], members))


def can_be(joint: Logs, stranger: Logs) -> NDArray[np.bool_]:
    """Which rows are of families that can be at all."""
    axes = tuple(range(1, joint.ndim))
    return np.asarray((joint > 0).any(axis=axes) & (stranger > 0).any(axis=axes))


def ratio(above: Logs, below: Logs) -> Logs:
    """Above over below, and 0 over 0 is 0."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def copies_of(shape: Shape, seen: Seen) -> int:
    """How many copies of the marker the missing person has."""
    missing = shape.pedigree.same_as[shape.missing]
    return len(shape.pedigree.parents_of(missing, seen.marker.chrom))


def _patterns(codes: Codes) -> list[tuple[NDArray[np.intp], tuple[int, ...]]]:
    """The rows by which of the members are typed."""
    if len(codes) == 1:
        return [(np.zeros(1, dtype=np.intp), tuple(map(int, np.flatnonzero(codes[0] > NOTHING))))]
    kinds, kind = np.unique(codes > NOTHING, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    return [
        (np.flatnonzero(kind == n), tuple(map(int, np.flatnonzero(typed))))
        for n, typed in enumerate(kinds)
    ]


def _tables(shape: Shape, seen: Seen, codes: Codes, members: Sequence[int]) -> tuple[Logs, Logs]:
    """The tables of rows with the same members typed: by the batch, where nobody is typed twice."""
    typed = [shape.members[n] for n in members]
    same = shape.pedigree.same_as
    if len({same[code] for code in (*typed, shape.missing)}) <= len(typed):
        return _one_by_one(shape, seen, codes, members)
    pairs = seen.pairs()[codes[:, members]]
    whole = np.asarray((pairs >= 0).all(axis=(1, 2)))
    found: list[tuple[Logs, Logs]] = []
    if whole.any():
        of = tables(
            shape.pedigree, seen.marker, typed, pairs[whole], shape.missing, theta=seen.theta
        )
        found.append(_of_rows(of))
        if whole.all():
            return found[0]
    try:
        found.append(_of_rows(_of_any(shape, seen, codes[~whole][:, members], typed)))
    except TooLarge:
        # By itself a family may be had as a mixture, if there are few alleles.
        found.append(_one_by_one(shape, seen, codes[~whole], members))
    order = np.argsort(np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)]))
    joint, stranger = (np.concatenate(column)[order] for column in zip(*found, strict=True))
    return joint, stranger


def _of_any(shape: Shape, seen: Seen, codes: Codes, typed: Sequence[str]) -> Tables:
    """The tables of rows in which something is no whole genotype."""
    weights: list[list[Weight]] = []
    which = np.zeros(codes.shape, dtype=np.intp)
    for number, code in enumerate(typed):
        different, place = np.unique(codes[:, number], return_inverse=True)
        which[:, number] = place.reshape(-1)
        person = shape.pedigree.same_as[code]
        copies = len(shape.pedigree.parents_of(person, seen.marker.chrom))
        observations = [seen.observations[one] for one in different.tolist()]
        weights.append([one.weight(seen.marker, copies) for one in observations if one and copies])
    pedigree, missing, theta = shape.pedigree, shape.missing, seen.theta
    return tables_of(pedigree, seen.marker, typed, weights, which, missing, theta=theta)


def _of_rows(of: Tables) -> tuple[Logs, Logs]:
    """Both tables, a row for each family."""
    return of.joint[of.row], np.broadcast_to(of.stranger, of.joint.shape)[of.row]


def _one_by_one(
    shape: Shape, seen: Seen, codes: Codes, members: Sequence[int]
) -> tuple[Logs, Logs]:
    joint, stranger = zip(*(_table(shape, seen, row, members) for row in codes), strict=True)
    return np.stack(joint), np.stack(stranger)


def _table(shape: Shape, seen: Seen, codes: Codes, members: Sequence[int]) -> tuple[Logs, Logs]:
    """One family's, with twins both typed, or himself; or too large for the batch."""
    observed = {shape.members[n]: [seen.observations[codes[n]]] for n in members}
    known = {code: [one for one in every if one] for code, every in observed.items()}
    pedigree, missing = shape.pedigree, shape.missing
    theta = seen.theta
    joint, up = genotype_table(pedigree, seen.marker, known, missing, theta=theta)
    if theta:
        beside = with_stranger(pedigree, missing)
        own = f"{missing} of the family"
        known = {own if code == missing else code: every for code, every in known.items()}
        stranger, level = genotype_table(beside, seen.marker, known, missing, theta=theta)
        return joint, np.ldexp(stranger, level - up)
    alone = Pedigree((Person(missing, pedigree[missing].sex),))
    own_table, level = genotype_table(alone, seen.marker, {}, missing)
    whole = np.triu(joint) if joint.ndim == 2 else joint
    return joint, np.ldexp(own_table, level) * whole.sum()
