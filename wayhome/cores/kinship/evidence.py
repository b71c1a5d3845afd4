"""What a laboratory saw of a person at a marker, as a weight for each genotype.

A weight is the probability of what was seen if that is the genotype: shape (alleles, alleles) for
two copies, paternal first, and symmetric; (alleles,) for one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .markers import Locus, Marker

Weight = NDArray[np.float64]
ANY = "-"


@dataclass(frozen=True)
class Genotype:
    """Two alleles, or one of somebody with one copy; ANY is one that was not seen."""

    alleles: tuple[str, ...]

    def named(self) -> frozenset[str]:
        return frozenset(self.alleles) - {ANY}

    def keeps_lumps(self) -> bool:
        """Whether all alleles that it does not name are alike to it."""
        return True

    def weight(self, marker: Marker, copies: int) -> Weight:
        locus = marker.locus
        seen = sorted(marker.index[a] for a in self.named())
        if copies == 1:
            return _one_of(seen[:1], len(locus))
        if ANY in self.alleles:
            return _with_any(seen, len(locus))
        return _both(seen, locus)


def _one_of(seen: list[int], size: int) -> Weight:
    weight = np.zeros(size)
    weight[seen or slice(None)] = 1.0
    return weight


def _with_any(seen: list[int], size: int) -> Weight:
    weight = np.zeros((size, size))
    for allele in seen:
        weight[allele, :] = weight[:, allele] = 1.0
    return weight if seen else np.ones((size, size))


def _both(seen: list[int], locus: Locus) -> Weight:
    weight = np.zeros((len(locus), len(locus)))
    one, other = seen[0], seen[-1]
    weight[one, other] = weight[other, one] = 1.0
    if one == other:
        silent = slice(locus.shown, None)
        weight[one, silent] = weight[silent, one] = 1.0
    return weight


@dataclass(frozen=True)
class Detection:
    """The set of alleles that was detected in a poor sample.

    Each allele is missed or seen by itself: `drop_out` is the chance that one copy is missed,
    `drop_out_twice` that both copies of a homozygote are; a foreign allele is seen with
    probability `drop_in` times its frequency (Haned and others 2012).
    """

    alleles: frozenset[str]
    drop_out: float
    drop_out_twice: float
    drop_in: float

    def named(self) -> frozenset[str]:
        return self.alleles

    def keeps_lumps(self) -> bool:
        """Whether two unseen alleles weigh the same, be they the same allele or not."""
        return bool(np.isclose(self.drop_out_twice, self.drop_out**2, rtol=1e-13, atol=0.0))

    def weight(self, marker: Marker, copies: int) -> Weight:
        locus = marker.locus
        shown = np.arange(locus.shown)
        missed = np.array([1.0, self.drop_out, self.drop_out_twice])
        genotypes = np.indices((len(locus),) * copies)
        held = (genotypes[..., None] == shown).sum(axis=0)
        unseen = (1 - self.drop_in * locus.p[shown]) * missed[held]
        seen = np.isin(shown, [marker.index[a] for a in self.alleles])
        weight: Weight = np.where(seen, 1 - unseen, unseen).prod(axis=-1)
        return weight


Observation = Genotype | Detection
