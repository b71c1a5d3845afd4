"""Theta in large families: the urn as a mixture over populations.

Drawing from the urn of Balding and Nichols is drawing independently from shares that are
themselves drawn once, from a Dirichlet distribution with parameters p (1 - theta) / theta. Given
the shares, a likelihood is a polynomial in them, of the degree of how many founders' genes are
unknown. Gauss-Jacobi points integrate such a polynomial exactly, and all of them are one batch of
the engine. Every weight is positive: nothing cancels, and 0 stays 0.
"""

from collections import Counter
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from .elimination import Table
from .faults import TooLarge

MOST_POINTS = 2**17
NEWTON_STEPS = 3


@dataclass(frozen=True)
class Points:
    """Shares (points, alleles), each row summing to 1, and the weight of each."""

    shares: Table
    weights: Table


def points(p: Table, theta: float, settled: Counter[int], unknown: int) -> Points:
    """Points that integrate every polynomial of this degree exactly.

    `settled` counts the founders' alleles that are known; the weights hold their probability.
    Raises TooLarge where that takes too many points.
    """
    each = unknown // 2 + 1
    if each ** (len(p) - 1) > MOST_POINTS:
        raise TooLarge(
            f"theta with {unknown} unknown genes of founders and {len(p)} alleles "
            f"needs {each ** (len(p) - 1):.3g} points; the most is {MOST_POINTS:.3g}"
        )
    counts = np.array([settled[allele] for allele in range(len(p))])
    alpha = p * (1 - theta) / theta + counts
    shares, weights, left = np.zeros((1, 0)), np.ones(1), np.ones(1)
    for number in range(len(p) - 1):
        broken, chance = beta_points(alpha[number], float(alpha[number + 1 :].sum()), each)
        taken = (left[:, None] * broken).reshape(-1, 1)
        left = (left[:, None] * (1 - broken)).ravel()
        weights = (weights[:, None] * chance).ravel()
        shares = np.hstack([np.repeat(shares, each, axis=0), taken])
    return Points(np.hstack([shares, left[:, None]]), weights * urn(p, theta, counts))


def urn(p: Table, theta: float, counts: NDArray[np.integer]) -> float:
    """The probability of a row of draws with these counts, in any order."""
    rises = [
        (1 - theta) * float(share) + j * theta
        for share, count in zip(p, counts, strict=True)
        for j in range(count)
    ]
    return prod(rises) / prod(1 - theta + j * theta for j in range(len(rises)))


def beta_points(a: float, b: float, number: int) -> tuple[Table, Table]:
    """The Gauss points of a beta distribution on (0, 1) and their weights, which sum to 1.

    Eigenvalues of the Jacobi matrix (Golub and Welsch 1969, doi:10.1090/S0025-5718-69-99647-1),
    then made exact by Newton's method, and the weights by Christoffel's numbers: so that small
    ones are exact too.
    """
    middle, side = _recurrence(a, b, number)
    jacobi = np.diag(middle) + np.diag(side[1:], 1) + np.diag(side[1:], -1)
    x = np.linalg.eigvalsh(jacobi).astype(np.float64)
    for _ in range(NEWTON_STEPS):
        values, slopes = _polynomials(x, middle, side)
        x = x - values[-1] / slopes[-1]
    values, _ = _polynomials(x, middle, side)
    return x, np.asarray(1 / (values[:-1] ** 2).sum(axis=0))


def _recurrence(a: float, b: float, number: int) -> tuple[Table, Table]:
    """Of the orthonormal polynomials: x p_n = side_(n+1) p_(n+1) + middle_n p_n + side_n p_(n-1).

    They are Jacobi's, moved to (0, 1).
    """
    n = np.arange(1, number)
    c = 2 * n + a + b - 2
    middle = np.append(a / (a + b), 0.5 + ((a - 1) ** 2 - (b - 1) ** 2) / (2 * c * (c + 2)))
    first = a * b / ((a + b) ** 2 * (a + b + 1))
    m, d = n[1:], c[1:]
    rest = m * (m + a - 1) * (m + b - 1) * (m + a + b - 2) / (d**2 * (d + 1) * (d - 1))
    side = np.sqrt(np.concatenate([[0.0], [first] * (number > 1), rest]))
    return middle, side


def _polynomials(x: Table, middle: Table, side: Table) -> tuple[Table, Table]:
    """The polynomials of degree 0 to the number of points at x, and their slopes.

    The last is not normalised: only its zeros are asked for.
    """
    values, slopes = [np.zeros_like(x), np.ones_like(x)], [np.zeros_like(x), np.zeros_like(x)]
    for n, centre in enumerate(middle):
        scale = side[n + 1] if n + 1 < len(side) else 1.0
        value = ((x - centre) * values[-1] - side[n] * values[-2]) / scale
        slope = (values[-1] + (x - centre) * slopes[-1] - side[n] * slopes[-2]) / scale
        values.append(value)
        slopes.append(slope)
    return np.array(values[1:]), np.array(slopes[1:])
