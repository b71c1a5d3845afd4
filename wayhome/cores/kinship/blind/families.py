"""Families and remains as numbers: those of one shape together."""

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..cases import optional, read_detected, read_pedigree
from ..faults import MalformedCase
from ..pedigree import SEXES, Pedigree, Person
from ..reading import At
from .observed import Kit

FAMILY_KEYS = (
    *("id", "missing", "persons", "mz_twins", "genotypes", "evidence", "lineages"),
    *("type", "description", "source"),
)
REMAINS_KEYS = ("id", "sex", "genotypes", "evidence", "lineages", "description", "source")
UNKNOWN_SEX = "U"


@dataclass(frozen=True)
class Shape:
    """A pedigree whose persons are numbered, who of it is typed, and who is missing."""

    pedigree: Pedigree
    members: tuple[str, ...]
    missing: str


@dataclass
class Group:
    """Families of one shape. `codes` are numbers of observations: families, members, markers."""

    shape: Shape
    codes: "array[int]" = field(default_factory=lambda: array("i"))
    families: "array[int]" = field(default_factory=lambda: array("i"))

    def __len__(self) -> int:
        return len(self.families)

    def array(self, markers: int) -> NDArray[np.int32]:
        members = len(self.shape.members)
        flat = np.frombuffer(self.codes, dtype=np.int32) if self.codes else np.zeros(0, np.int32)
        return flat.reshape(len(self), members, markers)


@dataclass
class Families:
    """All families, those of one shape together.

    A family with several missing stands once for each: `names` are pairs of its code and the code
    of the missing person.
    """

    kit: Kit
    names: list[tuple[str, str]] = field(default_factory=list)
    groups: dict[Shape, Group] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids: set[str] = set()
        self.known: dict[Any, Pedigree] = {}
        self.shapes: dict[Any, Shape] = {}

    def __len__(self) -> int:
        return len(self.names)

    def add(self, document: Any, place: str = "") -> None:
        """Add a family as a file has it. Raises MalformedCase, with nothing added."""
        at = At(document, place)
        code = at.get("id").text()
        if code in self.ids:
            raise at.get("id").wrong("each family once")
        at.knows(FAMILY_KEYS)
        pedigree, places = self._pedigree(at)
        every = [item.text() for item in _one_or_more(at.get("missing"))]
        for name in every:
            if name not in places:
                raise at.get("missing").wrong("the code of a person", f"no person {name!r}")
        if len(set(every)) < len(every):
            raise at.get("missing").wrong("each missing person once")
        members, profiles = self._profiles(at, pedigree, places)
        shapes = [self._shape(at, pedigree, members, str(places[name])) for name in every]
        self.ids.add(code)
        for name, shape in zip(every, shapes, strict=True):
            group = self.groups.setdefault(shape, Group(shape))
            group.families.append(len(self.names))
            group.codes.extend(profiles)
            self.names.append((code, name))

    def _pedigree(self, at: At) -> tuple[Pedigree, dict[Any, int]]:
        """The family's pedigree with its persons numbered, and the number of each."""
        persons = at.get("persons").value
        try:
            places = {None: -1} | {person["id"]: n for n, person in enumerate(persons)}
            twins = tuple(tuple(places[c] for c in group) for group in at.value.get("mz_twins", ()))
            key = (
                *(
                    (
                        *(*person, person["sex"], places[person.get("father")]),
                        *(places[person.get("mother")], type(person["id"])),
                        *(person.get("founder_inbreeding"), person.get("founder_inbreeding_x")),
                    )
                    for person in persons
                ),
                twins,
            )
            if len(places) == len(persons) + 1 and key in self.known:
                return self.known[key], places
        except (AttributeError, KeyError, TypeError):
            key = None
        family = {name: at.value[name] for name in ("persons", "mz_twins") if at.has(name)}
        pedigree = _numbered(read_pedigree(At(family, at.place)))
        places = {None: -1} | {person["id"]: n for n, person in enumerate(persons)}
        if key is not None:
            self.known[key] = pedigree
        return pedigree, places

    def _profiles(
        self, at: At, pedigree: Pedigree, places: dict[Any, int]
    ) -> "tuple[tuple[str, ...], array[int]]":
        """Who is typed, in the order of the pedigree, and what was seen of each at each marker."""
        poor = {person: read_detected(one) for person, one in optional(at, "evidence")}
        found: dict[int, list[int]] = {}
        genotypes = at.get("genotypes")
        lines = _by_person(at)
        for person in dict.fromkeys((*genotypes.object(), *poor, *lines)):
            if person not in places:
                raise MalformedCase(
                    f"{genotypes.place}/{person}", f"no person {person!r}", "a person's code"
                )
            codes = [0] * len(self.kit)
            whole = genotypes.object().get(person, {})
            profile = At(whole, f"{genotypes.place}/{person}")
            number = places[person]
            sex = pedigree.persons[number].sex
            self.kit.profile(profile, sex, poor.get(person, {}), codes)
            for name, one in lines.get(person, ()):
                self.kit.haplotype(name, one, sex, codes)
            if any(codes):
                found[number] = codes
        order = sorted(found)
        flat = array("i")
        for number in order:
            flat.extend(found[number])
        return tuple(map(str, order)), flat

    def _shape(self, at: At, pedigree: Pedigree, members: tuple[str, ...], missing: str) -> Shape:
        key = (id(pedigree), members, missing)
        if key not in self.shapes:
            for chrom in self.kit.by_sex:
                _check_sexes(at, pedigree, (*members, missing), chrom)
            if self.kit.links and any(p.inbreeding or p.inbreeding_x for p in pedigree):
                raise at.get("persons").wrong(
                    "no inbred founders where markers are linked", "an inbred founder"
                )
            self.shapes[key] = Shape(pedigree, members, missing)
        return self.shapes[key]


@dataclass
class RemainsList:
    """Remains: their codes, their sexes and what was seen of each."""

    kit: Kit
    names: list[str] = field(default_factory=list)
    sexes: list[str] = field(default_factory=list)
    flat: "array[int]" = field(default_factory=lambda: array("i"))

    def __post_init__(self) -> None:
        self.ids: set[str] = set()

    def __len__(self) -> int:
        return len(self.names)

    def add(self, document: Any, place: str = "") -> None:
        """Add remains as a file has them. Raises MalformedCase, with nothing added."""
        at = At(document, place)
        code = at.get("id").text()
        if code in self.ids:
            raise at.get("id").wrong("each remains once")
        at.knows(REMAINS_KEYS)
        sex = at.get("sex").one_of(SEXES) if at.has("sex") else UNKNOWN_SEX
        codes = [0] * len(self.kit)
        poor = read_detected(at.get("evidence")) if at.has("evidence") else {}
        told = at.has("genotypes") or not (poor or at.has("lineages"))
        genotypes = at.get("genotypes") if told else At({}, "genotypes")
        self.kit.profile(genotypes, sex, poor, codes)
        for name, one in optional(at, "lineages"):
            self.kit.haplotype(name, one, sex, codes)
        self.ids.add(code)
        self.names.append(code)
        self.sexes.append(sex)
        self.flat.extend(codes)

    @cached_property
    def codes(self) -> NDArray[np.int32]:
        """Numbers of observations, (remains, markers)."""
        flat = np.frombuffer(self.flat, dtype=np.int32) if self.flat else np.zeros(0, np.int32)
        return flat.reshape(len(self), len(self.kit))


def _one_or_more(at: At) -> Iterator[At]:
    if not isinstance(at.value, list):
        return iter((at,))
    if not at.value:
        raise at.wrong("one missing person or more")
    return iter(at)


def _numbered(pedigree: Pedigree) -> Pedigree:
    """The pedigree with its persons' places as their codes."""
    places = {person.id: str(n) for n, person in enumerate(pedigree)}
    new: Callable[[str | None], str | None] = lambda code: code and places[code]  # noqa: E731
    persons = tuple(
        Person(places[p.id], p.sex, new(p.father), new(p.mother), p.inbreeding, p.inbreeding_x)
        for p in pedigree
    )
    return Pedigree(persons, tuple(tuple(places[code] for code in g) for g in pedigree.twins))


def _by_person(at: At) -> dict[str, list[tuple[str, At]]]:
    """Of haplotypes told as lineage → person → haplotype, those of each person."""
    found: dict[str, list[tuple[str, At]]] = {}
    for name, profiles in optional(at, "lineages"):
        for person, one in profiles.items():
            found.setdefault(person, []).append((name, one))
    return found


def _check_sexes(at: At, pedigree: Pedigree, codes: tuple[str, ...], chrom: str) -> None:
    """Whoever passes on an X or Y chromosome has a known sex."""
    try:
        pedigree.ancestors_first(codes, chrom)
    except MalformedCase as fault:
        number = int(fault.place.split("/")[1])
        person = at.get("persons").value[number]["id"]
        raise MalformedCase(
            f"{at.place}/{fault.place}".strip("/"),
            f"{person!r} is of unknown sex and counts for a marker on the {chrom} chromosome",
            "M or F",
        ) from None
