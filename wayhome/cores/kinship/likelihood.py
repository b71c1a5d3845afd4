"""The likelihood of what was seen of a family, exactly, at one marker or two linked ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce

import numpy as np
from numpy.typing import NDArray

from .coancestry import points
from .descent import Descent, Family, free_choices, linked_choices
from .elimination import Network, Plan, Scaled, Table
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
    one, other = (
        Family(pedigree, *_lumped(pedigree, marker, at), theta)
        for marker, at in zip(markers, seen, strict=True)
    )
    return _only(*Written.linked(one, other, recombination).total())


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


def joint_genotype_table(
    pedigree: Pedigree,
    markers: tuple[Marker, Marker],
    seen: tuple[Seen, Seen],
    recombination: float,
    person: str,
    *,
    theta: float = 0.0,
) -> tuple[Table, int]:
    """As `genotype_table`, at two linked markers: his genotypes at the one, then at the other.

    Shape (alleles, alleles, alleles of the other, alleles of the other); of one copy two axes.
    """
    one, other = (
        Family(pedigree, marker.locus, weights(pedigree, marker, at), theta, (person,))
        for marker, at in zip(markers, seen, strict=True)
    )
    table, exponent = Written.linked(one, other, recombination).total()
    return without_order(table, 2)[0], int(exponent[0])


def _total(family: Family) -> tuple[Table, NDArray[np.int64]]:
    """The sum over everything that is not open.

    With theta and many founders one table over all of their genes may be too large; then the urn
    is a mixture, if there are few alleles.
    """
    try:
        written = network_of(family)
    except TooLarge:
        return _mixed(family)
    return written.total()


def _mixed(family: Family) -> tuple[Table, NDArray[np.int64]]:
    alone = replace(family, theta=0.0, shares=family.locus.p[None])
    mixture = points(family.locus.p, family.theta, *Descent(alone, Network()).drawn())
    # Two points have the plan that many have.
    first_two = network_of(replace(alone, shares=mixture.shares[[0, 0]]))
    total: Table = np.zeros(1)
    for first in range(0, len(mixture.weights), first_two.at_once):
        some = slice(first, first + first_two.at_once)
        shares = mixture.shares[some]
        table, exponent = first_two.alike(replace(alone, shares=shares)).total()
        weights = np.ldexp(mixture.weights[some], exponent)
        total = total + np.tensordot(weights, table, axes=1)
    return total[None] if family.opened else total, np.zeros(1, dtype=np.int64)


def without_order(table: Table, markers: int = 1) -> Table:
    """Of (families, father's allele, mother's), the genotypes without order, in both halves.

    Of two markers the axes of the one stand before those of the other.
    """
    if table.ndim - 1 < 2 * markers:
        return table
    for first in range(1, table.ndim, 2):
        turned = table + table.swapaxes(first, first + 1)
        diagonal = np.arange(table.shape[first])
        at: list[slice | NDArray[np.intp]] = [slice(None)] * table.ndim
        at[first] = at[first + 1] = diagonal
        turned[tuple(at)] /= 2
        table = turned
    return table


@dataclass(frozen=True)
class Written:
    """A family's network, with or without choices, and the variables of whom it leaves open."""

    network: Network
    opened: tuple[int, ...]
    choices: bool

    @classmethod
    def of(cls, family: Family, *, choices: bool) -> "Written":
        network = Network()
        descent = Descent(family, network, choices=choices)
        free_choices(network, descent.chosen.values())
        return cls(network, descent.open_variables(), choices)

    @classmethod
    def linked(cls, one: Family, other: Family, recombination: float) -> "Written":
        """A family at two linked markers. At the other what is known of founders bears order."""
        network = Network()
        first = Descent(one, network, choices=True)
        second = Descent(other, network, choices=True, ordered=True)
        linked_choices(network, first, second, recombination)
        opened = (*first.open_variables(), *second.open_variables())
        return cls(network, opened, choices=True)

    @cached_property
    def plan(self) -> Plan:
        """How its variables are summed out; the network is whole when it is asked for."""
        return self.network.plan(self.opened)

    @property
    def at_once(self) -> int:
        """How many families may be summed in one turn."""
        return max(1, AT_ONCE // self.plan.largest_each)

    def alike(self, family: Family) -> "Written":
        """Another family, or many, written as this one."""
        return Written.of(family, choices=self.choices)

    def total(self) -> tuple[Table, NDArray[np.int64]]:
        return self.network.total(self.opened)


def network_of(family: Family) -> Written:
    """The cheaper of the two networks of a family. The first that is cheap enough is taken."""
    plain = Written.of(family, choices=False)
    if plain.plan.cost < CHEAP:
        return plain
    return min(plain, Written.of(family, choices=True), key=lambda one: one.plan.cost)


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
