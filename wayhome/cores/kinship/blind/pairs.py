"""Remains against remains: parts of one body, parents and children, siblings.

Each relation is a small pedigree in which one of the two, a, is typed and the other, b, is missing,
so that remains are compared with remains as they are with families. b counts as a man, who has
haplotypes of both kinds: of a woman no Y haplotype is known, and it says nothing.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..pedigree import SEXES, Pedigree, Person, X
from .families import Families, Group, RemainsList, Shape
from .observed import Kit, Link
from .search import Found, Progress, Ready, Spent, search

TIE = 1e-9  # two directions whose ratios differ by less are alike, and the file's order stands
A, B = "a", "b"
FATHER, MOTHER = Person("f", "M"), Person("m", "F")
BOTH = ("f", "m")
GRANDPARENTS = (Person("gf", "M"), Person("gm", "F"))


Ways = tuple[Pedigree, ...]


@dataclass(frozen=True)
class Relation:
    """How b may be related to a: `ways` are pedigrees by the sex of a, of which the likeliest
    counts.

    `each_way` says whether a and b may change places. Ways after the first that differ in their
    haplotypes only are `by_lines`: without haplotypes they say the same.
    """

    name: str
    what: str
    ways: dict[str, Ways]
    each_way: bool = False
    same: bool = False
    by_lines: bool = False

    def of(self, sex: str, *, lines: bool) -> Ways:
        """The pedigrees in which somebody of this sex may be a; `lines` if haplotypes count."""
        ways = self.ways[sex]
        return ways if lines or not self.by_lines else ways[:1]


def _by_sex(way: Callable[[str], Ways]) -> dict[str, Ways]:
    """Of somebody of unknown sex no Y haplotype is known, so that he may be taken for a man."""
    return {"M": way("M"), "F": way("F"), "U": way("M")}


def _same(sex: str) -> Ways:
    return (Pedigree((Person(A, sex),)),)


def _parents() -> dict[str, Ways]:
    father = Pedigree((Person(A, "M"), MOTHER, Person(B, "M", A, "m")))
    mother = Pedigree((FATHER, Person(A, "F"), Person(B, "M", "f", A)))
    return {"M": (father,), "F": (mother,), "U": (father, mother)}


def _full(sex: str) -> Ways:
    return (Pedigree((FATHER, MOTHER, Person(A, sex, *BOTH), Person(B, "M", *BOTH))),)


def _half(sex: str) -> Ways:
    wives = (Person("m1", "F"), Person("m2", "F"))
    by_father = (FATHER, *wives, Person(A, sex, "f", "m1"), Person(B, "M", "f", "m2"))
    husbands = (Person("f1", "M"), Person("f2", "M"))
    by_mother = (MOTHER, *husbands, Person(A, sex, "f1", "m"), Person(B, "M", "f2", "m"))
    return Pedigree(by_father), Pedigree(by_mother)


def _uncle(sex: str) -> Ways:
    parents = (Person("f", "M", "gf", "gm"), MOTHER)
    uncle = Person(A, sex, "gf", "gm")
    return (Pedigree((*GRANDPARENTS, uncle, *parents, Person(B, "M", *BOTH))),)


def _cousins(sex: str) -> Ways:
    brothers = (Person("f", "M", "gf", "gm"), Person("f1", "M", "gf", "gm"))
    children = (Person(A, sex, "f1", "m1"), Person(B, "M", *BOTH))
    return (Pedigree((*GRANDPARENTS, *brothers, MOTHER, Person("m1", "F"), *children)),)


RELATIONS = {
    one.name: one
    for one in (
        Relation("same", "parts of one body", _by_sex(_same), same=True),
        Relation("PC", "a is a parent of b", _parents(), each_way=True),
        Relation("FS", "full siblings", _by_sex(_full)),
        Relation("HS", "half siblings by a father, or by a mother", _by_sex(_half), by_lines=True),
        Relation("AV", "a is a brother or sister of b's father", _by_sex(_uncle), each_way=True),
        Relation("FC", "first cousins, children of brothers", _by_sex(_cousins)),
    )
}
ASKED = ("same", "PC", "FS", "HS")


@dataclass(frozen=True)
class Pair:
    """Two remains, by number, and how many times likelier they are so related than strangers.

    Where either may be the parent, or it is not known whether as a father or as a mother, it is
    the likeliest of these ways.
    """

    a: int
    b: int
    relation: str
    log10_lr: float
    markers: int


@dataclass(frozen=True)
class Pass:
    """One way in which all remains are compared with each other under one relation."""

    relation: Relation
    families: Families


def without_x(remains: RemainsList) -> RemainsList:
    """The remains at those markers only that do not hang on the sex of both."""
    kit = remains.kit
    kept = [n for n, seen in enumerate(kit.seen) if seen.marker.chrom != X]
    if len(kept) == len(kit):
        return remains
    now = {old: new for new, old in enumerate(kept)}
    links = tuple(
        Link((now[link.places[0]], now[link.places[1]]), link.recombination)
        for link in kit.links
        if link.places[0] in now
    )
    smaller = Kit(tuple(kit.seen[n] for n in kept), kit.theta, links)
    codes = array("i", np.ascontiguousarray(remains.codes[:, kept]).tobytes())
    return RemainsList(smaller, remains.names, remains.sexes, codes)


def passes(remains: RemainsList, relations: Iterable[Relation]) -> Iterator[Pass]:
    """Everything that is to be compared of remains `without_x`."""
    lines = bool(remains.kit.lines)
    for relation in relations:
        for number in range(max(len(relation.of(sex, lines=lines)) for sex in SEXES)):
            families = _as_families(remains, relation, number)
            if families.groups:
                yield Pass(relation, families)


def related(
    one: Pass,
    ready: Ready,
    threshold: float,
    *,
    skip: int = 0,
    spent: Spent | None = None,
    progress: Progress | None = None,
) -> Iterator[list[Pair]]:
    """The pairs of one pass that reach the threshold, block by block; those before `skip` are left
    out. Two passes, or both directions, may tell the same pair: `best_of` chooses."""
    each_other = not one.relation.each_way
    for found in search(
        *(one.families, ready, threshold),
        skip=skip,
        each_other=each_other,
        spent=spent,
        progress=progress,
    ):
        yield list(_told(found, one.relation.name))


def best_of(found: Iterable[Pair]) -> list[Pair]:
    """Each two remains once for each relation, the likelier way, in the order of the file."""
    best: dict[tuple[str, int, int], Pair] = {}
    for pair in found:
        key = (pair.relation, min(pair.a, pair.b), max(pair.a, pair.b))
        old = best.get(key)
        if old is None or _told_rather(pair, old):
            best[key] = pair
    return [best[key] for key in sorted(best)]


def pairs(remains: RemainsList, relation: Relation, threshold: float) -> list[Pair]:
    """Every two remains that may be so related with a log10 ratio of `threshold` or more.

    Markers of the X chromosome are not used.
    """
    remains = without_x(remains)
    ready = Ready.of(remains)
    return best_of(
        pair
        for one in passes(remains, [relation])
        for block in related(one, ready, threshold)
        for pair in block
    )


def _told(found: Found, name: str) -> Iterator[Pair]:
    columns = (found.family, found.remains, found.log10_lr, found.markers)
    for a, b, log10_lr, markers in zip(*(column.tolist() for column in columns), strict=True):
        if a != b:
            yield Pair(a, b, name, log10_lr, markers)


def _told_rather(pair: Pair, old: Pair) -> bool:
    if pair.log10_lr > old.log10_lr + TIE:
        return True
    return pair.log10_lr >= old.log10_lr - TIE and pair.a < pair.b


def _as_families(remains: RemainsList, relation: Relation, number: int) -> Families:
    """Each of the remains as a family of which it is the only one typed."""
    families = Families(remains.kit, [(name, "") for name in remains.names])
    for sex in SEXES:
        ways = relation.of(sex, lines=bool(remains.kit.lines))
        if number >= len(ways):
            continue
        who = np.flatnonzero(np.array([one == sex for one in remains.sexes]))
        missing = A if relation.same else B
        shape = Shape(ways[number], (A,), missing)
        group = families.groups.setdefault(shape, Group(shape))
        group.families.extend(who.tolist())
        group.codes.frombytes(np.ascontiguousarray(remains.codes[who]).tobytes())
    return families
