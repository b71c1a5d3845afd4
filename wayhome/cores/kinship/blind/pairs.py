"""Remains against remains: parts of one body, parents and children, siblings.

Each relation is a small pedigree in which one of the two is typed and the other is missing, so that
remains are compared with remains as they are with families.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from ..pedigree import AUTOSOME, Pedigree, Person
from .families import Families, Group, RemainsList, Shape
from .observed import Kit, Link
from .search import Found, Progress, Ready, Spent, search

TIE = 1e-9  # two directions whose ratios differ by less are alike, and the file's order stands
A, B = "a", "b"
FATHER, MOTHER = Person("f", "M"), Person("m", "F")
BOTH = ("f", "m")
GRANDPARENTS = (Person("gf", "M"), Person("gm", "F"))


@dataclass(frozen=True)
class Relation:
    """How b may be related to a: `ways` are pedigrees by the sex of a.

    `each_way` says whether a and b may change places.
    """

    name: str
    what: str
    ways: dict[str, Pedigree]
    each_way: bool = False
    same: bool = False

    def of(self, sex: str) -> tuple[Pedigree, ...]:
        """Every pedigree in which somebody of this sex may be a."""
        return (self.ways[sex],) if sex in self.ways else tuple(self.ways.values())


def _all(*persons: Person) -> dict[str, Pedigree]:
    return {"": Pedigree(persons)}


def _parent(sex: str) -> Pedigree:
    parents = (Person(A, "M"), MOTHER) if sex == "M" else (FATHER, Person(A, "F"))
    return Pedigree((*parents, Person(B, "U", parents[0].id, parents[1].id)))


def _half() -> Pedigree:
    others = (FATHER, Person("m1", "F"), Person("m2", "F"))
    return Pedigree((*others, Person(A, "U", "f", "m1"), Person(B, "U", "f", "m2")))


def _uncle() -> Pedigree:
    parents = (Person("f", "M", "gf", "gm"), MOTHER)
    uncle = Person(A, "U", "gf", "gm")
    return Pedigree((*GRANDPARENTS, uncle, *parents, Person(B, "U", *BOTH)))


def _cousins() -> Pedigree:
    brothers = (Person("f", "M", "gf", "gm"), Person("f1", "M", "gf", "gm"))
    wives = (MOTHER, Person("m1", "F"))
    return Pedigree(
        (*GRANDPARENTS, *brothers, *wives, Person(A, "U", "f1", "m1"), Person(B, "U", *BOTH))
    )


RELATIONS = {
    one.name: one
    for one in (
        Relation("same", "parts of one body", _all(Person(A)), same=True),
        Relation("PC", "a is a parent of b", {x: _parent(x) for x in "MF"}, each_way=True),
        Relation(
            "FS", "full siblings", _all(FATHER, MOTHER, *(Person(c, "U", *BOTH) for c in "ab"))
        ),
        Relation("HS", "half siblings by one father", {"": _half()}),
        Relation("AV", "a is a brother or sister of b's father", {"": _uncle()}, each_way=True),
        Relation("FC", "first cousins, sons of brothers", {"": _cousins()}),
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


def autosomal(remains: RemainsList) -> RemainsList:
    """The remains at those markers only of which everybody has two copies."""
    kit = remains.kit
    kept = [n for n, seen in enumerate(kit.seen) if seen.marker.chrom == AUTOSOME]
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
    """Everything that is to be compared of `autosomal` remains."""
    for relation in relations:
        for number in range(max(map(len, map(relation.of, "MFU")))):
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

    Markers of the X chromosome and haplotypes are not used.
    """
    remains = autosomal(remains)
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
    for sex in "MFU":
        ways = relation.of(sex)
        if number >= len(ways):
            continue
        who = np.flatnonzero(np.array([one == sex for one in remains.sexes]))
        missing = A if relation.same else B
        shape = Shape(ways[number], (A,), missing)
        group = families.groups.setdefault(shape, Group(shape))
        group.families.extend(who.tolist())
        group.codes.frombytes(np.ascontiguousarray(remains.codes[who]).tobytes())
    return families
