"""Markers: their alleles, how often each is met, and how it is passed on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .faults import MalformedCase
from .mutation import Matrix, MutationModel, transition_matrix
from .pedigree import AUTOSOME

FREQUENCIES_SUM_TO_ONE_WITHIN = 1e-6
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class Marker:
    """A marker as a case describes it.

    `freqs` are those of `alleles`, and with `silent`, the share of alleles that no laboratory
    sees, they sum to 1. `maternal` and `paternal` say how a mother's and a father's alleles
    change on their way; None is never. Raises MalformedCase for a marker that cannot be.
    """

    name: str
    alleles: tuple[str, ...]
    freqs: tuple[float, ...]
    chrom: str = AUTOSOME
    maternal: MutationModel | None = None
    paternal: MutationModel | None = None
    silent: float = 0.0

    def __post_init__(self) -> None:
        if len(self.alleles) != len(self.freqs):
            raise MalformedCase(
                "freqs", f"{len(self.freqs)} frequencies", f"{len(self.alleles)}, one an allele"
            )
        for number, (allele, freq) in enumerate(zip(self.alleles, self.freqs, strict=True)):
            if allele in self.alleles[:number]:
                raise MalformedCase(f"alleles/{number}", f"{allele!r} twice", "each allele once")
            if not 0 < freq <= 1:
                raise MalformedCase(f"freqs/{number}", repr(freq), "a number above 0, at most 1")
        if not 0 <= self.silent < 1:
            raise MalformedCase("silent_freq", repr(self.silent), "a number from 0, below 1")
        if abs(self.total - 1) > FREQUENCIES_SUM_TO_ONE_WITHIN:
            raise MalformedCase("freqs", f"a sum of {self.total:.9g}", "a sum of 1")
        for role, model in (("female", self.maternal), ("male", self.paternal)):
            if model:
                try:
                    transition_matrix(model, self.alleles, self.freqs)
                except MalformedCase as fault:
                    raise fault.under(f"mutation/{role}") from None

    @property
    def total(self) -> float:
        return sum(self.freqs) + self.silent

    @cached_property
    def index(self) -> dict[str, int]:
        return {allele: n for n, allele in enumerate(self.alleles)}

    @cached_property
    def locus(self) -> "Locus":
        """The marker as numbers. A silent allele is the last, and neither comes nor goes."""
        p = np.array(self.freqs + ((self.silent,) if self.silent else ()))
        maternal, paternal = (
            self._passed_on(model, len(p)) for model in (self.maternal, self.paternal)
        )
        return Locus(self.chrom, p, maternal, paternal, len(self.alleles))

    def _passed_on(self, model: MutationModel | None, size: int) -> Matrix:
        matrix = np.eye(size)
        if model:
            shown = len(self.alleles)
            matrix[:shown, :shown] = transition_matrix(model, self.alleles, self.freqs)
        return matrix

    def with_floor(self, unknown: Iterable[str], floor: float) -> "Marker":
        """The marker with unknown alleles added at this frequency and the others rescaled.

        Raises MalformedCase where a mutation matrix was given: it has no row for them.
        """
        added = tuple(unknown)
        for model in (self.maternal, self.paternal):
            if model and model.name == "custom":
                raise MalformedCase(
                    "mutation", f"a custom matrix without {added[0]!r}", "a matrix for every allele"
                )
        left = 1 - len(added) * floor
        if left <= 0:
            raise MalformedCase("freqs", f"{len(added)} unknown alleles", "a lower floor")
        freqs = tuple(f * left for f in self.freqs) + (floor,) * len(added)
        return replace(self, alleles=self.alleles + added, freqs=freqs, silent=self.silent * left)


@dataclass(frozen=True)
class Locus:
    """A marker as numbers: frequencies (alleles,), matrices (parent's allele, passed on).

    The first `shown` alleles are seen by a laboratory; one more, if there is, is silent.
    """

    chrom: str
    p: Matrix
    maternal: Matrix
    paternal: Matrix
    shown: int

    def __len__(self) -> int:
        return len(self.p)

    def lumped(self, kept: Iterable[int]) -> tuple["Locus", Indices]:
        """The locus with all alleles but these made one, if that loses nothing.

        Also one old allele for each new one. It loses nothing when, in the matrices of both
        sexes, the alleles to be lumped all become each kept allele equally often (Kemeny and
        Snell 1960). Otherwise the locus comes back as it is.
        """
        keep = np.array(sorted({*kept, *range(self.shown, len(self))}), dtype=np.intp)
        rest = np.setdiff1d(np.arange(len(self), dtype=np.intp), keep)
        lumpable = all(
            np.allclose(m[np.ix_(rest, keep)], m[rest[:1]][:, keep], rtol=1e-13, atol=1e-300)
            for m in (self.maternal, self.paternal)
        )
        if len(rest) < 2 or not lumpable:
            return self, np.arange(len(self), dtype=np.intp)
        shown = keep[keep < self.shown]
        # The lump stands between those that are seen and the silent one.
        chosen = np.concatenate([shown, rest[:1], keep[len(shown) :]])
        p = self.p[chosen].copy()
        p[len(shown)] = self.p[rest].sum()
        matrices = []
        for matrix in (self.maternal, self.paternal):
            small = matrix[np.ix_(chosen, chosen)]
            small[:, len(shown)] = matrix[np.ix_(chosen, rest)].sum(axis=1)
            matrices.append(small)
        return Locus(self.chrom, p, matrices[0], matrices[1], len(shown) + 1), chosen
