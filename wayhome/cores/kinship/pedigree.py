"""Who descends from whom."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from .faults import MalformedCase

SEXES = ("M", "F", "U")
# How a chromosome comes down: autosomes, X, Y, and mitochondria (M).
AUTOSOME, X, Y, MITOCHONDRIA = "A", "X", "Y", "M"


@dataclass(frozen=True)
class Person:
    """A member of a family, by code. Without parents he is a founder.

    `inbreeding` is the chance that a founder's two alleles are one by descent; `inbreeding_x`
    that of a woman's X chromosomes.
    """

    id: str
    sex: str = "U"
    father: str | None = None
    mother: str | None = None
    inbreeding: float = 0.0
    inbreeding_x: float = 0.0

    @property
    def is_founder(self) -> bool:
        return self.father is None

    def parents(self, chrom: str) -> tuple[str | None, ...]:
        """From whom he has each copy of a chromosome: one entry a copy, None for a founder's.

        Raises KeyError for an X or Y chromosome of somebody of unknown sex.
        """
        if chrom == AUTOSOME:
            return (self.father, self.mother)
        if chrom == MITOCHONDRIA:
            return (self.mother,)
        by_sex: dict[str, tuple[str | None, ...]] = (
            {"M": (self.mother,), "F": (self.father, self.mother)}
            if chrom == X
            else {"M": (self.father,), "F": ()}
        )
        return by_sex[self.sex]


@dataclass(frozen=True)
class Pedigree:
    """Persons and their descent; whoever is not connected is unrelated.

    `twins` are groups of persons who came of one egg. Raises MalformedCase for a pedigree that
    cannot be.
    """

    persons: tuple[Person, ...]
    twins: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        _check_persons(self.persons)
        _check_parents(self)
        _check_twins(self)

    def __iter__(self) -> Iterator[Person]:
        return iter(self.persons)

    def __contains__(self, code: object) -> bool:
        return code in self.by_id

    def __getitem__(self, code: str) -> Person:
        return self.by_id[code]

    @cached_property
    def by_id(self) -> dict[str, Person]:
        return {person.id: person for person in self.persons}

    @cached_property
    def same_as(self) -> dict[str, str]:
        """For each person whose genes he has: the first of his twins, or himself."""
        first = {code: group[0] for group in self.twins for code in group}
        return {person.id: first.get(person.id, person.id) for person in self.persons}

    def ancestors_first(self, wanted: Iterable[str], chrom: str) -> list[str]:
        """The wanted persons and all from whom they have this chromosome, parents before children.

        Twins are told once, by the first of them. Everybody else's genes sum to 1 and are left out.
        """
        found: dict[str, None] = {}
        for code in sorted({self.same_as[code] for code in wanted}):
            self._collect(code, chrom, found)
        return list(found)

    def _collect(self, code: str, chrom: str, found: dict[str, None]) -> None:
        waiting = [code]
        while waiting:
            at = waiting[-1]
            missing = [p for p in self.parents_of(at, chrom) if p is not None and p not in found]
            if at in found or not missing:
                found.setdefault(waiting.pop())
            else:
                waiting.extend(missing)

    def parents_of(self, code: str, chrom: str) -> tuple[str | None, ...]:
        """From whom somebody has each copy of a chromosome, twins told by their first."""
        person = self.by_id[code]
        try:
            parents = person.parents(chrom)
        except KeyError:
            raise MalformedCase(
                f"persons/{self.persons.index(person)}/sex",
                f"{code!r} is of unknown sex and counts for a marker on the {chrom} chromosome",
                "M or F",
            ) from None
        return tuple(None if p is None else self.same_as[p] for p in parents)


def _check_persons(persons: tuple[Person, ...]) -> None:
    seen: set[str] = set()
    for number, person in enumerate(persons):
        place = f"persons/{number}"
        if person.id in seen:
            raise MalformedCase(f"{place}/id", f"{person.id!r} twice", "each person once")
        if person.sex not in SEXES:
            raise MalformedCase(f"{place}/sex", repr(person.sex), "M, F or U")
        if (person.father is None) != (person.mother is None):
            raise MalformedCase(
                place, f"{person.id!r} with one parent only", "both parents or none"
            )
        for name in ("inbreeding", "inbreeding_x"):
            _check_inbreeding(person, name, place)
        seen.add(person.id)


def _check_inbreeding(person: Person, name: str, place: str) -> None:
    value = getattr(person, name)
    at = f"{place}/founder_{name}"
    if not 0 <= value <= 1:
        raise MalformedCase(at, repr(value), "a number from 0 to 1")
    if value and not person.is_founder:
        raise MalformedCase(at, f"{person.id!r} has parents", "founders only")
    if value and name == "inbreeding_x" and person.sex != "F":
        raise MalformedCase(at, f"{person.id!r} is not a woman", "women only")


def _check_parents(pedigree: Pedigree) -> None:
    for number, person in enumerate(pedigree):
        for role, code, sex in (("father", person.father, "M"), ("mother", person.mother, "F")):
            place = f"persons/{number}/{role}"
            if code is None:
                continue
            if code not in pedigree:
                raise MalformedCase(place, f"no person {code!r}", "the id of a person, or null")
            if pedigree[code].sex != sex:
                raise MalformedCase(
                    place, f"{code!r} of sex {pedigree[code].sex}", f"a {role} of sex {sex}"
                )
    _check_descent(pedigree)


def _check_descent(pedigree: Pedigree) -> None:
    """Nobody descends from himself. Twins count as one."""
    left = {p.id: {p.father, p.mother} - {None} for p in pedigree}
    while ready := [code for code, parents in left.items() if not parents]:
        for code in ready:
            del left[code]
        for parents in left.values():
            parents.difference_update(ready)
    if left:
        order = [p.id for p in pedigree]
        code = next(c for c in order if c in left and _own_ancestor(pedigree, c))
        raise MalformedCase(
            f"persons/{order.index(code)}", f"{code!r} descends from himself", "no cycle"
        )


def _own_ancestor(pedigree: Pedigree, code: str) -> bool:
    seen: set[str] = set()
    waiting = [code]
    while waiting:
        person = pedigree[waiting.pop()]
        parents = {p for p in (person.father, person.mother) if p} - seen
        if code in parents:
            return True
        seen |= parents
        waiting.extend(parents)
    return False


def _check_twins(pedigree: Pedigree) -> None:
    grouped: set[str] = set()
    for number, group in enumerate(pedigree.twins):
        place = f"mz_twins/{number}"
        if len(set(group)) < 2:
            raise MalformedCase(place, f"{list(group)!r}", "two different persons or more")
        for code in group:
            if code not in pedigree:
                raise MalformedCase(place, f"no person {code!r}", "ids of persons")
            if code in grouped:
                raise MalformedCase(place, f"{code!r} in two groups", "each person in one group")
            grouped.add(code)
        persons = [pedigree[code] for code in group]
        if len({p.sex for p in persons}) > 1:
            raise MalformedCase(place, "twins of different sexes", "one sex")
        if len({(p.father, p.mother) for p in persons}) > 1:
            raise MalformedCase(place, "twins of different parents", "the same parents")
        if len({(p.inbreeding, p.inbreeding_x) for p in persons}) > 1:
            raise MalformedCase(place, "twins of different inbreeding", "the same inbreeding")
