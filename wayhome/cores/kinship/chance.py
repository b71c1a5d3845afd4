"""What a family's ratio may come to, for a stranger and for the missing himself.

At each marker the ratio is one of few numbers, and markers are independent, so that the log10 of
the total is a sum of independent numbers whose distribution is found by adding one marker after
the other, on a grid. Each number is rounded to the grid; how far the sum may have been moved is
known, and so every probability comes with a bound below and above. docs/methods/kinship.md,
section 13.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, floor, fsum

import numpy as np
from numpy.typing import NDArray

from .batch import Tables
from .elimination import Table

STEP = 0.0002  # log10 units between the points of the grid
STEP_OF_SPREAD = 0.002
HAIR = 1e-6  # of a step: what rounding may do to a threshold that stands on the grid
ROUNDING = 1e-12  # of a probability: what adding in floating point may do to it
POINTS = 2**22  # the grid is made coarser rather than have more


@dataclass(frozen=True)
class Spectrum:
    """The ratios that one marker may give: log10 (values,), -inf for a ratio of 0, and the
    probability of each if the remains are a stranger's, and if they are the missing man's."""

    log10_lr: Table
    stranger: Table
    missing: Table

    @property
    def top(self) -> float:
        return float(self.log10_lr.max(initial=-np.inf))


@dataclass(frozen=True)
class Between:
    """A number, and what it surely lies between."""

    low: float
    about: float
    high: float

    def times(self, factor: float) -> "Between":
        return Between(self.low * factor, self.about * factor, self.high * factor)

    def plus(self, other: "Between") -> "Between":
        return Between(self.low + other.low, self.about + other.about, self.high + other.high)

    def as_dict(self) -> dict[str, float]:
        """As it is printed."""
        return {"expected": self.about, "at_least": self.low, "at_most": self.high}


def spectrum(tables: Tables, row: int = 0) -> Spectrum:
    """The ratios of one family at one marker, out of its table of genotypes.

    Raises ValueError for a family that cannot be.
    """
    if not tables.possible[row]:
        raise ValueError("a family whose own members cannot be together has no ratio")
    whole = np.ones(1)
    return mixed(tables.joint[[row]], tables.stranger[[row]], tables.shown, whole)


def mixed(joint: Table, stranger: Table, shown: int, weights: Table) -> Spectrum:
    """The ratios of several families (rows, alleles...), each with its weight, as one.

    A genotype of which a laboratory would see nothing counts as untyped: its ratio is 1. Weights
    are of families that can be.
    """
    above, below = reported(joint, shown), reported(stranger, shown)
    above = above / above.sum(axis=1, keepdims=True)
    below = np.broadcast_to(below / below.sum(axis=1, keepdims=True), above.shape)
    ratio = np.divide(above, below, out=np.ones_like(above), where=below > 0)
    if joint.shape[-1] > shown:
        ratio[:, -1] = 1.0
    with np.errstate(divide="ignore"):
        log10_lr = np.log10(ratio)
    each = weights[:, None]
    return _told_once(log10_lr.ravel(), (each * below).ravel(), (each * above).ravel())


def mixed_at_both(
    joint: Table, stranger: Table, shown: tuple[int, int], weights: Table
) -> Spectrum:
    """As `mixed`, at two linked markers: tables (rows, alleles of the one..., of the other...).

    Where a laboratory would see nothing at one of the two, the other speaks alone.
    """
    above, below = (reported_at_both(table, shown) for table in (joint, stranger))
    above = above / above.sum(axis=(1, 2), keepdims=True)
    below = np.broadcast_to(below / below.sum(axis=(1, 2), keepdims=True), above.shape)
    ratio = np.divide(above, below, out=np.ones_like(above), where=below > 0)
    copies = (joint.ndim - 1) // 2
    for marker, alone in ((0, ratio[:, -1, :]), (1, ratio[:, :, -1])):
        if joint.shape[1 + copies * marker] > shown[marker]:
            one, other = (table.sum(axis=1 + marker) for table in (above, below))
            alone[...] = np.divide(one, other, out=np.ones_like(one), where=other > 0)
    if all(joint.shape[1 + copies * n] > shown[n] for n in (0, 1)):
        ratio[:, -1, -1] = 1.0
    with np.errstate(divide="ignore"):
        log10_lr = np.log10(ratio)
    each = weights[:, None, None]
    return _told_once(log10_lr.ravel(), (each * below).ravel(), (each * above).ravel())


def merged(parts: Iterable[tuple[float, Spectrum]]) -> Spectrum:
    """One spectrum out of several, each with its weight."""
    weighed = list(parts)
    return _told_once(
        np.concatenate([one.log10_lr for _, one in weighed]),
        np.concatenate([weight * one.stranger for weight, one in weighed]),
        np.concatenate([weight * one.missing for weight, one in weighed]),
    )


def _told_once(log10_lr: Table, stranger: Table, missing: Table) -> Spectrum:
    """Ratios that are equal but for rounding, told once: to twelve places."""
    values, place = np.unique(np.round(log10_lr, 12), return_inverse=True)
    place = place.reshape(-1)
    return Spectrum(values, _counted(place, stranger), _counted(place, missing))


def reaching(
    spectra: Sequence[Spectrum], threshold: float, *, missing: bool = False, step: float = STEP
) -> Between:
    """The probability that the total log10 ratio reaches a threshold.

    For a stranger's remains, or for the missing man's own, typed at all these markers. Sums that
    cannot reach it are left out on the way, so that small probabilities keep all their digits.
    """
    tops = [one.top for one in spectra]
    if not all(map(np.isfinite, tops)):
        return Between(0.0, 0.0, 0.0)
    width = max(fsum(tops) - threshold, 0.0)
    step = max(step, width / POINTS)
    slack = len(spectra) / 2  # steps by which rounding may have moved a sum
    # The marker with most values first, while the sums are few.
    order = sorted(spectra, key=lambda one: -len(one.log10_lr))
    added = [_on_grid(one, step, missing) for one in order]
    to_come = [*accumulate((int(k.max()) for k, _ in reversed(added)), initial=0)][-2::-1]
    lowest = threshold / step - slack - 1
    sums, first = np.ones(1), 0
    for (places, chances), later in zip(added, to_come, strict=True):
        sums, first = _added(sums, first, places, chances, floor(lowest) - later)
    slack += HAIR
    low, about, high = (_from(sums, first, threshold / step + slack * sign) for sign in (1, 0, -1))
    return Between(low * (1 - ROUNDING), about, min(1.0, high * (1 + ROUNDING)))


def expected_strangers(
    tables: Mapping[str, tuple[Tables, int]],
    threshold: float,
    remains: int | Mapping[frozenset[str], float],
    *,
    together: Mapping[tuple[str, str], Spectrum] | None = None,
    step: float = STEP,
) -> Between:
    """How many strangers among so many remains are to be expected at or above a log10 ratio.

    `tables` are a family's, by marker, each with its row. `remains` counts those typed at all of
    these markers; or, for each set of markers, the remains typed at these and no others. Linked
    markers count `together` where remains are typed at both.
    """
    spectra = {name: spectrum(each, row) for name, (each, row) in tables.items()}
    counts = remains if isinstance(remains, Mapping) else {frozenset(spectra): remains}
    total = Between(0.0, 0.0, 0.0)
    for typed, count in counts.items():
        pairs = {pair: one for pair, one in (together or {}).items() if typed.issuperset(pair)}
        left = typed.difference(*pairs)
        used = [*pairs.values(), *(one for name, one in spectra.items() if name in left)]
        total = total.plus(reaching(used, threshold, step=step).times(count))
    return total


@dataclass(frozen=True)
class Spread:
    """The distribution of a total log10 ratio: the chance of each point of a grid, and of -inf.

    A sum may have been moved by rounding by `moved` at most.
    """

    first: int
    step: float
    chances: Table
    impossible: float
    moved: float

    def quantile(self, share: float) -> float:
        """The least ratio that this share of cases does not exceed; -inf where it is 0."""
        if share <= self.impossible:
            return -np.inf
        sums = self.impossible + np.cumsum(self.chances)
        place = int(np.searchsorted(sums, share * sums[-1]))
        return (self.first + min(place, len(sums) - 1)) * self.step

    def reaching(self, threshold: float) -> float:
        """The chance of this log10 ratio or more."""
        return _from(self.chances, self.first, threshold / self.step)


def spread(spectra: Sequence[Spectrum], *, missing: bool, step: float = STEP_OF_SPREAD) -> Spread:
    """The whole distribution of the total.

    By the fast Fourier transform: right to about 1e-15 of the whole. `reaching` is for less.
    """
    step = max(step, _width(spectra) / POINTS)
    added = [_on_grid(one, step, missing) for one in spectra]
    never = [_impossible(one, missing) for one in spectra]
    first = sum(int(places.min()) for places, _ in added)
    size = 1 + sum(int(np.ptp(places)) for places, _ in added)
    product = np.ones(size // 2 + 1, dtype=complex)
    for places, chances in added:
        product *= np.fft.rfft(np.bincount(places - places.min(), chances, size))
    chances = np.maximum(np.fft.irfft(product, size) if size > 1 else product.real, 0.0)
    impossible = float(-np.expm1(np.log1p(-np.array(never)).sum())) if max(never) < 1 else 1.0
    return Spread(first, step, chances, impossible, len(added) * step / 2)


def mean_log10(spectra: Sequence[Spectrum]) -> float:
    """What the total log10 ratio of the missing man's own remains comes to on average."""
    return fsum(
        float(one.missing[held] @ one.log10_lr[held])
        for one in spectra
        for held in [one.missing > 0]
    )


# The grid


def _on_grid(one: Spectrum, step: float, missing: bool) -> tuple[NDArray[np.int64], Table]:
    """The points of the grid that a marker may add, and the chance of each."""
    chances = one.missing if missing else one.stranger
    held = np.isfinite(one.log10_lr) & (chances > 0)
    if not held.any():
        return np.zeros(1, dtype=np.int64), np.zeros(1)
    rounded = np.rint(one.log10_lr[held] / step).astype(np.int64)
    places, where = np.unique(rounded, return_inverse=True)
    return places, _counted(where.reshape(-1), chances[held])


def _counted(places: NDArray[np.intp], chances: Table) -> Table:
    return np.asarray(np.bincount(places, chances), dtype=np.float64)


def _impossible(one: Spectrum, missing: bool) -> float:
    """The chance that a marker gives a ratio of 0."""
    chances = one.missing if missing else one.stranger
    return min(1.0, float(chances[one.log10_lr == -np.inf].sum()))


def _added(
    sums: Table, first: int, places: NDArray[np.int64], chances: Table, least: int
) -> tuple[Table, int]:
    """The sums with one more marker, from `least` upwards; `first` is the place of the first."""
    lowest, highest = first + int(places.min()), first + len(sums) - 1 + int(places.max())
    start = max(lowest, least)
    found = np.zeros(max(0, highest - start + 1))
    for place, chance in zip(places.tolist(), chances.tolist(), strict=True):
        skipped = max(0, start - first - place)
        if skipped < len(sums):
            at = first + place + skipped - start
            found[at : at + len(sums) - skipped] += chance * sums[skipped:]
    return found, start


def _from(sums: Table, first: int, lowest: float) -> float:
    """The chance of all points from this one upwards."""
    return float(min(1.0, sums[max(0, ceil(lowest - HAIR) - first) :].sum()))


def _width(spectra: Sequence[Spectrum]) -> float:
    finite = [one.log10_lr[np.isfinite(one.log10_lr)] for one in spectra]
    return fsum(float(np.ptp(one)) for one in finite if len(one))


# Tables


def reported(tables: Table, shown: int) -> Table:
    """The probabilities of what a laboratory may report, of those of genotypes (rows, alleles...).

    (rows, genotypes) in the order of the upper triangle; where there is a silent allele, that
    nothing is seen comes last.
    """
    every = range(tables.ndim - 1)
    nothing = (slice(None), *(slice(shown, None) for _ in every))
    hidden = tables[nothing].reshape(len(tables), -1)
    if tables.ndim == 2:
        return np.concatenate([tables[:, :shown], hidden], axis=1)
    seen = tables[:, :shown, :shown].copy()
    places = np.arange(shown)
    seen[:, places, places] += tables[:, :shown, shown:].sum(axis=2)
    one, other = np.triu_indices(shown)
    return np.concatenate([seen[:, one, other], hidden], axis=1)


def reported_at_both(tables: Table, shown: tuple[int, int]) -> Table:
    """As `reported`, at two markers: (rows, genotypes of the one, genotypes of the other)."""
    copies = (tables.ndim - 1) // 2
    rows, one, other = len(tables), tables.shape[1 : 1 + copies], tables.shape[1 + copies :]
    flat = np.moveaxis(tables.reshape(rows, *one, -1), -1, 1).reshape(-1, *one)
    at_one = reported(flat, shown[0])
    at_one = at_one.reshape(rows, -1, at_one.shape[1])
    flat = np.moveaxis(at_one, 1, -1).reshape(-1, *other)
    return reported(flat, shown[1]).reshape(rows, at_one.shape[2], -1)
