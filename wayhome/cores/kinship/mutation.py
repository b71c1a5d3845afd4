"""Mutation models as transition matrices.

Row: the parent's allele; column: the allele that is passed on; rows sum to 1. Formulas and
sources: docs/methods/kinship.md, section 3.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from .faults import MalformedCase

Matrix = NDArray[np.float64]
ROWS_SUM_TO_ONE_WITHIN = 1e-6
TRANSFORMS = ("MH", "BA", "PR", "PM")


@dataclass(frozen=True)
class MutationModel:
    """One sex's mutation model, as named in a case.

    `rate` is the chance that an allele is not passed on as it was; for `stepwise` that of a step
    within its microgroup, `rate2` that of a change of microgroup, `range` the factor by which each
    further step is rarer. `matrix` belongs to `custom` alone. `transform` makes the matrix
    reversible (MH, BA, PR) or stationary (PM) for the frequencies.
    """

    name: str
    rate: float = 0.0
    rate2: float = 0.0
    range: float = 0.0
    matrix: tuple[tuple[float, ...], ...] = ()
    transform: str = ""


@lru_cache(maxsize=4096)
def transition_matrix(
    model: MutationModel, alleles: tuple[str, ...], freqs: tuple[float, ...]
) -> Matrix:
    """The matrix of a model, (alleles, alleles), read-only.

    Raises MalformedCase where the model cannot be had for these alleles: microvariants in a
    one-step model, a rate that leaves less than nothing on the diagonal.
    """
    p = np.array(freqs)
    p = p / p.sum()
    matrix = MODELS[model.name](model, alleles, p)
    if model.transform:
        matrix = _transformed(matrix, p, model.transform)
    _must_be_stochastic(matrix)
    matrix.setflags(write=False)
    return matrix


def _must_be_stochastic(matrix: Matrix) -> None:
    if not (np.isfinite(matrix).all() and (matrix >= 0).all()):
        worst = float(np.nanmin(matrix))
        raise MalformedCase("rate", f"it gives a probability of {worst:.3g}", "a lower rate")


def _equal(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    return _with_diagonal(np.full((len(p), len(p)), model.rate / max(len(p) - 1, 1)))


def _proportional(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    if len(p) == 1:
        return np.ones((1, 1))
    return _with_diagonal(np.tile(model.rate / (p * (1 - p)).sum() * p, (len(p), 1)))


def _onestep(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    repeats = [_repeats(allele) for allele in alleles]
    if any(micro for _, micro in repeats):
        micro = next(a for a, (_, part) in zip(alleles, repeats, strict=True) if part)
        raise MalformedCase("model", f"onestep with the microvariant {micro!r}", "whole repeats")
    whole = np.array([number for number, _ in repeats])
    neighbour = np.abs(np.subtract.outer(whole, whole)) == 1
    return _with_diagonal(model.rate * _rows_to_one(neighbour.astype(float)))


def _stepwise(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    repeats = [_repeats(allele) for allele in alleles]
    whole = np.array([number for number, _ in repeats], dtype=float)
    group = np.array([micro for _, micro in repeats])
    same = np.equal.outer(group, group) & ~np.eye(len(p), dtype=bool)
    steps = np.abs(np.subtract.outer(whole, whole))
    within = _rows_to_one(np.where(same, model.range**steps, 0.0))
    between = _rows_to_one(np.not_equal.outer(group, group).astype(float))
    return _with_diagonal(model.rate * within + model.rate2 * between)


def _dawid(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    length = [number + micro / 10 for number, micro in map(_repeats, alleles)]
    rank = np.argsort(np.argsort(length))
    closeness = model.range ** np.abs(np.subtract.outer(rank, rank)).astype(float)
    np.fill_diagonal(closeness, 0.0)
    total = closeness.sum()
    if not total:
        return np.eye(len(p))
    return _with_diagonal(model.rate * closeness / total / p[:, None])


def _custom(model: MutationModel, alleles: Sequence[str], p: Matrix) -> Matrix:
    return np.array(model.matrix, dtype=float)


MODELS: dict[str, Callable[[MutationModel, Sequence[str], Matrix], Matrix]] = {
    "equal": _equal,
    "proportional": _proportional,
    "onestep": _onestep,
    "stepwise": _stepwise,
    "dawid": _dawid,
    "custom": _custom,
}


def _repeats(allele: str) -> tuple[int, int]:
    """An allele as whole repeats and further bases: 9.3 is (9, 3)."""
    whole, _, part = allele.partition(".")
    if not re.fullmatch(r"[0-9]{1,4}(\.[0-9])?", allele):
        raise MalformedCase("model", f"allele {allele!r} has no length", "alleles like 9 or 9.3")
    return int(whole), int(part or 0)


def _rows_to_one(weights: Matrix) -> Matrix:
    """Each row divided by its sum; a row of zeros stays as it is."""
    total = weights.sum(axis=1, keepdims=True)
    shares: Matrix = np.divide(weights, total, out=np.zeros_like(weights), where=total > 0)
    return shares


def _with_diagonal(matrix: Matrix) -> Matrix:
    """The matrix with each diagonal set so that its row sums to 1."""
    matrix = matrix.copy()
    np.fill_diagonal(matrix, 0.0)
    np.fill_diagonal(matrix, 1.0 - matrix.sum(axis=1))
    return matrix


def _transformed(matrix: Matrix, p: Matrix, transform: str) -> Matrix:
    """The matrix made reversible or stationary for p, with the same overall rate."""
    if transform == "PM":
        return _with_diagonal(matrix * (_to_stationary(matrix, p) / p)[:, None])
    flow = p[:, None] * matrix
    back = flow.T
    if transform == "PR":
        return _with_diagonal((flow + back) / 2 / p[:, None])
    if transform == "MH":
        balanced = np.minimum(flow, back)
    else:
        both = flow + back
        balanced = np.divide(flow * back, both, out=np.zeros_like(flow), where=both > 0)
    return _with_diagonal(balanced / p[:, None] * _rate_kept(flow, balanced))


def _rate_kept(flow: Matrix, new: Matrix) -> float:
    """By how much a new flow is to be multiplied to keep the overall rate of the old one."""
    before, after = (float(m.sum() - np.trace(m)) for m in (flow, new))
    return before / after if after else 1.0


def _to_stationary(matrix: Matrix, p: Matrix) -> Matrix:
    """The stationary distribution v of a matrix, times what keeps the overall rate.

    With D = diag(v / p), p is stationary for D (M - I) + I (Simonsson and Mostad 2016, PM).
    """
    equations = (matrix - np.eye(len(p))).T
    equations[-1] = 1.0
    try:
        v = np.linalg.solve(equations, np.append(np.zeros(len(p) - 1), 1.0))
    except np.linalg.LinAlgError:
        raise MalformedCase(
            "transform", "the matrix has several stationary distributions", "one that mixes"
        ) from None
    changed = 1 - np.diag(matrix)
    return np.asarray(v * (p @ changed) / (v @ changed))
