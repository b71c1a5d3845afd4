"""What was seen, each different thing once and by number, for each marker of a kit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cases import Case, Lineage, Linkage, check_linkage, read_genotype
from ..evidence import ANY, Detection, Genotype, Observation
from ..faults import MalformedCase
from ..markers import Marker
from ..pedigree import MITOCHONDRIA, X, Y
from ..reading import At

NOTHING = 0  # the number of a marker at which somebody is not typed


@dataclass
class Seen:
    """Every different observation at one marker, by number; 0 is none.

    An observation of somebody with one copy (a man's X) is another than that of somebody with two.
    With a `floor`, alleles that the marker lacks are noted in `unknown`, to be added later.
    """

    marker: Marker
    floor: float = 0.0
    theta: float = 0.0
    observations: list[Observation | None] = field(default_factory=lambda: [None])
    copies: list[int] = field(default_factory=lambda: [0])
    unknown: dict[str, int] = field(default_factory=dict)
    numbers: dict[tuple[Observation, int], int] = field(default_factory=dict)
    known_pairs: list[tuple[int, int]] = field(default_factory=list)
    # As genotypes stand in files, in either order: read once, then looked up.
    read: tuple[dict[tuple[Any, ...], int], ...] = field(default_factory=lambda: ({}, {}, {}))

    @property
    def is_lineage(self) -> bool:
        """Whether haplotypes are seen here, that come down whole."""
        return self.marker.chrom in (Y, MITOCHONDRIA)

    def genotype(self, value: Any, copies: int, place: str) -> int:
        """The number of a genotype as a file has it. Raises MalformedCase."""
        if type(value) is list:
            try:
                return self.read[copies][tuple(value)]
            except (KeyError, TypeError):
                pass
        number = self._new_genotype(At(value, place), copies)
        self.read[copies][tuple(value)] = number
        return number

    def _new_genotype(self, at: At, copies: int) -> int:
        genotype = read_genotype(at)
        self._know(genotype, at)
        one, other = sorted(genotype.alleles, key=self._place)
        if copies == 1 and one != other:
            raise at.wrong("one X allele, told twice", f"{one}/{other} of a man")
        return NOTHING if {one, other} == {ANY} else self.number(Genotype((one, other)), copies)

    def haplotype(self, at: At) -> int:
        """The number of a haplotype of this lineage. Raises MalformedCase."""
        return self.number(Genotype((at.one_of(self.marker.index),)), 1)

    def detection(self, detection: Detection, copies: int, place: str) -> int:
        """The number of what was detected in a poor sample. Raises MalformedCase."""
        self._know(detection, At(sorted(detection.alleles), place))
        return self.number(detection, copies)

    def number(self, observation: Observation, copies: int) -> int:
        number = self.numbers.setdefault((observation, copies), len(self.observations))
        if number == len(self.observations):
            self.observations.append(observation)
            self.copies.append(copies)
        return number

    def close(self) -> None:
        """Add the unknown alleles to the marker, at the floor."""
        if self.unknown:
            self.marker = self.marker.with_floor(self.unknown, self.floor)
            self.unknown = {}

    def pairs(self) -> NDArray[np.intp]:
        """For each observation the places of its two alleles, or -1 if it is no whole genotype."""
        index = self.marker.index
        for one in self.observations[len(self.known_pairs) :]:
            alleles = [-1]
            if isinstance(one, Genotype) and ANY not in one.alleles:
                alleles = [index[allele] for allele in one.alleles]
            self.known_pairs.append((alleles[0], alleles[-1]))
        return np.array(self.known_pairs, dtype=np.intp)

    def _place(self, allele: str) -> int:
        size = len(self.marker.alleles)
        if allele == ANY:
            return 2 * size + len(self.unknown)
        known = self.marker.index.get(allele)
        return size + self.unknown[allele] if known is None else known

    def _know(self, observation: Observation, at: At) -> None:
        for allele in sorted(observation.named()):
            if allele in self.marker.index or allele in self.unknown:
                continue
            if not self.floor:
                raise at.wrong(
                    "an allele of the table, or a floor for unknown alleles",
                    f"allele {allele!r} is not in the table of {self.marker.name}",
                )
            self.unknown[allele] = len(self.unknown)


@dataclass(frozen=True)
class Link:
    """Two markers of a kit, by their places, and the chance that they part in a gamete."""

    places: tuple[int, int]
    recombination: float


@dataclass
class Kit:
    """What a search looks at: its markers, then its lineages, and what was seen at each.

    `theta` is the markers' co-ancestry; each lineage has its own.
    """

    seen: tuple[Seen, ...]
    theta: float = 0.0
    links: tuple[Link, ...] = ()
    not_used: dict[str, None] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        markers: Sequence[Marker],
        *,
        theta: float = 0.0,
        floor: float = 0.0,
        linkage: Sequence[Linkage] = (),
        lineages: Sequence[Lineage] = (),
    ) -> "Kit":
        """Raises MalformedCase for pairs that cannot be linked."""
        by_name = {marker.name: marker for marker in markers}
        check_linkage(Case("", {}, "", tuple(markers), {}, linkage=tuple(linkage)), by_name)
        order = list(by_name)
        links = []
        for pair in linkage:
            one, other = sorted(map(order.index, pair.markers))
            links.append(Link((one, other), pair.recombination))
        seen = [Seen(marker, floor, theta) for marker in markers]
        lines = [Seen(lineage.marker, theta=lineage.theta) for lineage in lineages]
        return cls((*seen, *lines), theta, tuple(links))

    def __post_init__(self) -> None:
        every = list(enumerate(self.seen))
        self.places = {one.marker.name: n for n, one in every if not one.is_lineage}
        self.lines = {one.marker.name: n for n, one in every if one.is_lineage}
        self.by_sex = sorted({one.marker.chrom for one in self.seen} & {X, Y})

    def __len__(self) -> int:
        return len(self.seen)

    @property
    def markers(self) -> tuple[Marker, ...]:
        return tuple(one.marker for one in self.seen)

    def linkage(self) -> tuple[Linkage, ...]:
        """The linked pairs by name."""
        names = [one.marker.name for one in self.seen]
        return tuple(
            Linkage((names[link.places[0]], names[link.places[1]]), link.recombination)
            for link in self.links
        )

    def haplotype(self, name: str, at: At, sex: str, into: list[int]) -> None:
        """Write the number of somebody's haplotype of a lineage into a list of zeros."""
        if name not in self.lines:
            raise at.wrong("a lineage of the file of markers", f"no lineage {name!r}")
        seen = self.seen[self.lines[name]]
        if seen.marker.chrom == Y and sex != "M":
            raise at.wrong("a Y haplotype of men only", f"of somebody of sex {sex}")
        into[self.lines[name]] = seen.haplotype(at)

    def close(self) -> tuple[tuple[str, str, float], ...]:
        """Add all unknown alleles; say which, and at what frequency."""
        added = tuple(
            (one.marker.name, allele, one.floor) for one in self.seen for allele in one.unknown
        )
        for one in self.seen:
            one.close()
        return added

    def profile(self, at: At, sex: str, evidence: dict[str, Detection], into: list[int]) -> None:
        """Write the numbers of somebody's observations into a list of zeros.

        Raises MalformedCase, with the place, for what cannot be.
        """
        for name, value in at.object().items():
            number = self.places.get(name)
            if number is None:
                self.not_used[name] = None
                continue
            seen = self.seen[number]
            copies = 2 if seen.marker.chrom != X else self._copies(sex, value)
            if copies:
                into[number] = seen.genotype(value, copies, f"{at.place}/{name}")
        for name, detection in evidence.items():
            number = self.places.get(name)
            place = f"{at.place.replace('genotypes', 'evidence')}/{name}"
            if number is None:
                self.not_used[name] = None
                continue
            if into[number]:
                raise MalformedCase(place, "a genotype too", "a genotype or a poor sample")
            copies = {"M": 1, "F": 2}.get(sex, 0) if self.seen[number].marker.chrom == X else 2
            if copies:
                into[number] = self.seen[number].detection(detection, copies, place)

    def _copies(self, sex: str, value: Any) -> int:
        """How many X chromosomes; 0 where that cannot be known, and the marker says nothing."""
        if sex != "U":
            return 1 if sex == "M" else 2
        both = isinstance(value, list) and len(value) == 2 and value[0] != value[1]
        return 2 if both and ANY not in value else 0
