"""The tables of families: log10 of the ratio of everything that remains may show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..batch import tables, with_stranger
from ..evidence import Genotype
from ..likelihood import genotype_table
from ..pedigree import Pedigree, Person
from .families import Shape
from .observed import NOTHING, Seen

AT_ONCE = 4096  # rows that are computed together
Codes = NDArray[np.int32]
Logs = NDArray[np.float64]


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
        copies = joint.ndim - 1
        size = joint.shape[1]
        places = np.triu_indices(size) if copies == 2 else (np.arange(size),)
        above, below = joint[:, *places], stranger[:, *places]
        ratios = np.ones((len(joint), len(self)))
        whole = self.seen.pairs()
        spread: list[int] = []
        for number, code in enumerate(self.numbers):
            if code == NOTHING or self.seen.copies[code] != copies:
                continue
            one, other = whole[code]
            if one < 0 or (one == other and self.seen.marker.silent):
                spread.append(number)
                continue
            place = one * size - one * (one - 1) // 2 + other - one if copies == 2 else one
            ratios[:, number] = _ratio(above[:, place], below[:, place])
        if spread:
            weights = np.stack([self._weight(n, copies)[places] for n in spread], axis=1)
            ratios[:, spread] = _ratio(above @ weights, below @ weights)
        with np.errstate(divide="ignore"):
            return np.log10(ratios)

    def _weight(self, number: int, copies: int) -> Logs:
        observation = self.seen.observations[self.numbers[number]]
        assert observation
        return observation.weight(self.seen.marker, copies)


def _ratio(above: Logs, below: Logs) -> Logs:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def log10_rows(
    shape: Shape, classes: Classes, codes: Codes, theta: float
) -> tuple[Logs, NDArray[np.bool_]]:
    """Of different rows of observations (rows, members): log10 ratios (rows, classes), and which
    rows are of families that can be at all."""
    logs = np.zeros((len(codes), len(classes)))
    possible = np.ones(len(codes), dtype=bool)
    for patterns, members in _patterns(codes):
        for first in range(0, len(patterns), AT_ONCE):
            rows = patterns[first : first + AT_ONCE]
            if not members:
                continue
            joint, stranger = _tables(shape, classes.seen, codes[rows], members, theta)
            logs[rows] = classes.log10_ratios(joint, stranger)
            axes = tuple(range(1, joint.ndim))
            possible[rows] = (joint > 0).any(axis=axes) & (stranger > 0).any(axis=axes)
    return logs, possible


def _patterns(codes: Codes) -> list[tuple[NDArray[np.intp], tuple[int, ...]]]:
    """The rows by which of the members are typed."""
    kinds, kind = np.unique(codes > NOTHING, axis=0, return_inverse=True)
    kind = kind.reshape(-1)
    return [
        (np.flatnonzero(kind == n), tuple(map(int, np.flatnonzero(typed))))
        for n, typed in enumerate(kinds)
    ]


def _tables(
    shape: Shape, seen: Seen, codes: Codes, members: Sequence[int], theta: float
) -> tuple[Logs, Logs]:
    """The tables of rows with the same members typed: by the batch, where all is whole."""
    typed = [shape.members[n] for n in members]
    same = shape.pedigree.same_as
    pairs = seen.pairs()[codes[:, members]]
    once = {same[code] for code in (*typed, shape.missing)}
    whole: NDArray[np.bool_]
    if len(once) <= len(typed):
        whole = np.zeros(len(codes), dtype=bool)
    else:
        whole = np.asarray((pairs >= 0).all(axis=(1, 2)))
    found: list[tuple[Logs, Logs]] = []
    if whole.any():
        of = tables(shape.pedigree, seen.marker, typed, pairs[whole], shape.missing, theta=theta)
        stranger = np.broadcast_to(of.stranger, of.joint.shape)
        found.append((of.joint[of.row], stranger[of.row]))
    rest = [_table(shape, seen, codes[n], members, theta) for n in np.flatnonzero(~whole)]
    if rest:
        joint, stranger = (np.stack(column) for column in zip(*rest, strict=True))
        found.append((joint, stranger))
    order = np.argsort(np.concatenate([np.flatnonzero(whole), np.flatnonzero(~whole)]))
    joint, stranger = (np.concatenate(column)[order] for column in zip(*found, strict=True))
    return joint, stranger


def _table(
    shape: Shape, seen: Seen, codes: Codes, members: Sequence[int], theta: float
) -> tuple[Logs, Logs]:
    """One family's: with poor samples, alleles that were not seen, twins, or himself typed."""
    observed = {shape.members[n]: [seen.observations[codes[n]]] for n in members}
    known = {code: [one for one in every if one] for code, every in observed.items()}
    pedigree, missing = shape.pedigree, shape.missing
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


def is_whole(seen: Seen, number: int) -> bool:
    """Whether an observation is a genotype of which nothing is left open."""
    one = seen.observations[number]
    return isinstance(one, Genotype) and bool(seen.pairs()[number, 0] >= 0)
