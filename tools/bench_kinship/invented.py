"""An invented kit of 24 markers, and the families that are measured."""

import numpy as np
from numpy.typing import NDArray

from wayhome.cores.kinship import Marker, MutationModel, Pedigree, Person

SEED = 7
# How many alleles the tables of common kits have, SE33 among them.
SIZES = (8, 9, 8, 8, 8, 10, 12, 14, 8, 9, 7, 12, 9, 7, 8, 8, 8, 11, 13, 12, 9, 16, 13, 26)
MICROVARIANTS_FROM = 10  # tables of this size and more have alleles like 13.2
MATERNAL = MutationModel("stepwise", rate=0.0005, rate2=1e-6, range=0.1)
PATERNAL = MutationModel("stepwise", rate=0.002, rate2=1e-6, range=0.1)

MOTHER_AND_SON = Pedigree(
    (Person("FA", "M"), Person("MO", "F"), Person("MP", "M", "FA", "MO")),
)
MOTHER_AND_STRANGER = Pedigree((Person("MO", "F"), Person("MP", "M")))
# Ten persons like the paternal side of case k24: only an aunt, a brother and a cousin are typed.
TEN = (
    *(Person("GF", "M"), Person("GM", "F"), Person("MO", "F"), Person("W", "F")),
    *(Person(code, sex, "GF", "GM") for code, sex in (("FA", "M"), ("U1", "M"), ("A1", "F"))),
    *(Person("S1", "M", "FA", "MO"), Person("C1", "M", "U1", "W")),
)
FAMILY_OF_TEN = Pedigree((*TEN, Person("MP", "M", "FA", "MO")))
TEN_AND_STRANGER = Pedigree((*TEN, Person("MP", "M")))
TYPED_OF_TEN = ("A1", "S1", "C1")


def kit() -> list[Marker]:
    """The markers, the same at every call."""
    chance = np.random.default_rng(SEED)
    return [_marker(number, size, chance) for number, size in enumerate(SIZES, 1)]


def _marker(number: int, size: int, chance: np.random.Generator) -> Marker:
    whole = size if size < MICROVARIANTS_FROM else size - size // 4
    alleles = [str(8 + n) for n in range(whole)] + [f"{9 + n}.2" for n in range(size - whole)]
    freqs = chance.dirichlet(np.full(size, 1.5)) * 0.99 + 0.01 / size
    return Marker(f"M{number}", tuple(alleles), tuple(freqs), "A", MATERNAL, PATERNAL)


def genotypes(marker: Marker, families: int, members: int) -> NDArray[np.intp]:
    """Random genotypes, (families, members, 2): with stepwise mutation all are possible."""
    chance = np.random.default_rng(SEED + families)
    shares = np.array(marker.freqs)
    shape = (families, members, 2)
    return chance.choice(len(shares), size=shape, p=shares / shares.sum()).astype(np.intp)
