"""Sites: a marker, two linked ones, or a haplotype. What is seen at one tells nothing of others."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .batch import Genotypes, joint_likelihoods, likelihoods
from .cases import Lineage, Linkage
from .elimination import Scaled, Table
from .likelihood import Seen, joint_likelihood, likelihood
from .markers import Marker
from .pedigree import Pedigree


@dataclass(frozen=True)
class Site:
    """One marker, or two of which `recombination` is the chance that they part in a gamete."""

    markers: tuple[Marker, ...]
    theta: float = 0.0
    recombination: float = 0.5

    @property
    def name(self) -> str:
        """A linked pair counts at its first marker."""
        return self.markers[0].name

    @property
    def chrom(self) -> str:
        return self.markers[0].chrom

    def likelihood(self, pedigree: Pedigree, seen: Sequence[Seen]) -> Scaled:
        """The probability of what was seen at each of the markers, by this pedigree."""
        if len(self.markers) == 1:
            return likelihood(pedigree, self.markers[0], seen[0], theta=self.theta)
        one, other = self.markers
        both = seen[0], seen[1]
        return joint_likelihood(pedigree, (one, other), both, self.recombination, theta=self.theta)

    def likelihoods(
        self,
        pedigree: Pedigree,
        members: Sequence[Sequence[str]],
        genotypes: Sequence[Genotypes],
    ) -> Table:
        """That of many families, (families,), with the members typed at each of the markers."""
        if len(self.markers) == 1:
            return likelihoods(
                pedigree, self.markers[0], members[0], genotypes[0], theta=self.theta
            )
        one, other = self.markers
        return joint_likelihoods(
            pedigree,
            (one, other),
            (members[0], members[1]),
            (genotypes[0], genotypes[1]),
            self.recombination,
            theta=self.theta,
        )


def sites_of(
    markers: Sequence[Marker], linkage: Iterable[Linkage] = (), theta: float = 0.0
) -> tuple[Site, ...]:
    """The markers as sites, in their order: a linked pair stands where its first marker does."""
    by_name = {marker.name: marker for marker in markers}
    order = list(by_name)
    pairs = {min(pair.markers, key=order.index): pair for pair in linkage}
    second = {name for first, pair in pairs.items() for name in pair.markers if name != first}
    found = []
    for name, marker in by_name.items():
        if name in pairs:
            [other] = (by_name[n] for n in pairs[name].markers if n != name)
            found.append(Site((marker, other), theta, pairs[name].recombination))
        elif name not in second:
            found.append(Site((marker,), theta))
    return tuple(found)


def sites_of_lineages(lineages: Iterable[Lineage]) -> tuple[Site, ...]:
    """Haplotypes as sites; each has a theta of its own."""
    return tuple(Site((lineage.marker,), lineage.theta) for lineage in lineages)
