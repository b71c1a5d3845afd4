"""Invented families and their dead, drawn from the bureau's own frequency table with a seed."""

import random
from collections.abc import Iterable

from wayhome.bureau.comparisons import bridge

Genotypes = dict[str, list[str]]


class Drawn:
    """Draws people: the same seed gives the same."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)

    def stranger(self) -> Genotypes:
        return {
            one.name: self.random.choices(one.alleles, weights=one.freqs, k=2)
            for one in bridge.markers()
        }

    def child(self, father: Genotypes, mother: Genotypes) -> Genotypes:
        return {
            name: [self.random.choice(father[name]), self.random.choice(mother[name])]
            for name in father
        }


def as_csv(profiles: Iterable[tuple[str, str, Genotypes]]) -> bytes:
    """A laboratory's table: code, sex and profile of each; a row a sample and marker."""
    lines = ["sample,marker,allele1,allele2"]
    for code, sex, genotypes in profiles:
        lines.append(f"{code},AMEL,X,{'Y' if sex == 'M' else 'X'}")
        lines += [f"{code},{name},{one},{other}" for name, (one, other) in genotypes.items()]
    return "\n".join(lines).encode()
