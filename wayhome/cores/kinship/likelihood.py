"""The likelihood of what was seen of a family, exactly, at one marker or two linked ones."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from .coancestry import points
from .descent import Descent, Family, free_choices, linked_choices
from .elimination import Network, Scaled, Table
from .evidence import Observation, Weight
from .faults import TooLarge
from .markers import Locus, Marker
from .pedigree import Pedigree

AT_ONCE = 2**22  # numbers in the largest table of one turn
CHEAP = 2**13  # numbers multiplied: to look for less would cost more
# What was seen of each person at one marker: several observations are independent of each other.
Seen = Mapping[str, Sequence[Observation]]


def likelihood(pedigree: Pedigree, marker: Marker, seen: Seen, *, theta: float = 0.0) -> Scaled:
    """The probability of all that was seen of these persons at one marker, by this pedigree.

    Genotypes are told without order: a heterozygous founder counts 2pq. Every passage may mutate.
    With `theta` all founders' alleles are drawn from one urn. Exact up to rounding; raises
    TooLarge where that would need more memory than there should be.
    """
    locus, known = _lumped(pedigree, marker, seen)
    return _only(*_total(Family(pedigree, locus, known, theta)))


def joint_likelihood(
    pedigree: Pedigree,
    markers: tuple[Marker, Marker],
    seen: tuple[Seen, Seen],
    recombination: float,
    *,
    theta: float = 0.0,
) -> Scaled:
    """The probability of what was seen at two linked markers, phases unknown.

    `recombination` is the chance that one gamete has the two from different chromosomes of the
    parent. The markers are taken to be in linkage equilibrium, their mutations as independent.
    """
    network = Network()
    descents = []
    for number, (marker, at) in enumerate(zip(markers, seen, strict=True)):
        locus, known = _lumped(pedigree, marker, at)
        family = Family(pedigree, locus, known, theta)
        descents.append(Descent(family, network, choices=True, ordered=number == 1))
    linked_choices(network, descents[0], descents[1], recombination)
    return _only(*network.total())


def genotype_table(
    pedigree: Pedigree, marker: Marker, seen: Seen, person: str, *, theta: float = 0.0
) -> tuple[Table, int]:
    """The family peeled with one person as root: the probability of what was seen and of each of
    his genotypes.

    Shape (alleles, alleles), alleles as in the marker and a silent one last; entry a, b is that of
    the genotype a/b without order, and stands in both halves. Of one copy: (alleles,). The second
    value is the power of 2 that all is to be multiplied by. What was seen of himself, or of his
    twin, is weighed in, whether he is a founder or a child.
    """
    known = weights(pedigree, marker, seen)
    table, exponent = _total(Family(pedigree, marker.locus, known, theta, (person,)))
    return without_order(table)[0], int(exponent[0])


def _total(family: Family) -> tuple[Table, NDArray[np.int64]]:
    """The sum over everything that is not open.

    With theta and many founders one table over all of their genes may be too large; then the urn
    is a mixture, if there are few alleles.
    """
    try:
        network, opened = network_of(family)
    except TooLarge:
        return _mixed(family)
    return network.total(opened)


def _mixed(family: Family) -> tuple[Table, NDArray[np.int64]]:
    alone = replace(family, theta=0.0, shares=family.locus.p[None])
    mixture = points(family.locus.p, family.theta, *Descent(alone, Network()).drawn())
    # Two points have the plan that many have.
    network, opened = network_of(replace(alone, shares=mixture.shares[[0, 0]]))
    at_once = max(1, AT_ONCE // network.plan(opened).largest_each)
    total: Table = np.zeros(1)
    for first in range(0, len(mixture.weights), at_once):
        some = slice(first, first + at_once)
        network, opened = network_of(replace(alone, shares=mixture.shares[some]))
        table, exponent = network.total(opened)
        weights = np.ldexp(mixture.weights[some], exponent)
        total = total + np.tensordot(weights, table, axes=1)
    return total[None] if opened else total, np.zeros(1, dtype=np.int64)


def without_order(table: Table) -> Table:
    """Of (families, father's allele, mother's), the genotypes without order, in both halves."""
    if table.ndim < 3:
        return table
    turned = table + table.swapaxes(1, 2)
    diagonal = np.arange(table.shape[1])
    turned[:, diagonal, diagonal] /= 2
    return turned


def network_of(family: Family) -> tuple[Network, tuple[int, ...]]:
    """The cheaper of the two networks of a family, and the variables of whom it leaves open.

    The first that is cheap enough is taken.
    """
    written = []
    for choices in (False, True):
        network = Network()
        descent = Descent(family, network, choices=choices)
        free_choices(network, descent.chosen.values())
        opened = descent.open_variables()
        if network.plan(opened).cost < CHEAP:
            return network, opened
        written.append((network, opened))
    return min(written, key=lambda pair: pair[0].plan(pair[1]).cost)


def weights(pedigree: Pedigree, marker: Marker, seen: Seen) -> dict[str, Weight]:
    """The weight of each genotype of whoever was seen; twins are one."""
    found: dict[str, Weight] = {}
    for code, observations in seen.items():
        first = pedigree.same_as[code]
        copies = len(pedigree.parents_of(first, marker.chrom))
        each = [one.weight(marker, copies) for one in observations if copies]
        if each:
            found[first] = reduce(np.multiply, each, found.get(first, np.ones(1)))
    return {code: weight for code, weight in found.items() if not (weight == 1).all()}


def _lumped(pedigree: Pedigree, marker: Marker, seen: Seen) -> tuple[Locus, dict[str, Weight]]:
    """The locus with what nobody shows made one allele, where that loses nothing."""
    known = weights(pedigree, marker, seen)
    every = [one for observations in seen.values() for one in observations]
    if not all(one.keeps_lumps() for one in every):
        return marker.locus, known
    named = {marker.index[allele] for one in every for allele in one.named()}
    locus, chosen = marker.locus.lumped(named)
    return locus, {code: w[np.ix_(*[chosen] * w.ndim)] for code, w in known.items()}


def _only(table: Table, exponent: np.ndarray) -> Scaled:
    """The one number of a table without axes."""
    return Scaled(float(table.item()), int(exponent[0])) * Scaled(1.0)
