"""What a family's typed members can decide, and which relative to sample next.

Everything is exact but for the grid that `chance` puts ratios on. docs/methods/kinship.md,
section 13; the schema `wayhome-kinship-family/1` is written down there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .batch import Tables, tables
from .cases import (
    Case,
    check,
    linked_but_not_declared,
    not_used,
    read_floor,
    read_genotype,
    read_markers,
    read_pedigree,
    read_source,
    read_theta,
    with_alleles_added,
)
from .chance import (
    STEP,
    Between,
    Spectrum,
    mean_log10,
    merged,
    reaching,
    reported,
    spectrum,
    spread,
)
from .elimination import Table
from .evidence import Genotype
from .faults import MalformedCase
from .fillings import is_plain, whole
from .likelihood import genotype_table
from .markers import Marker
from .pedigree import Pedigree, Person
from .ratios import printed, rests_on, strict
from .reading import At

SCHEMA = "wayhome-kinship-family/1"
FAMILY_KEYS = (
    *("schema", "id", "persons", "mz_twins", "missing", "theta", "markers", "genotypes"),
    *("marker_sets", "candidates", "unknown_alleles", "frequencies"),
    *("category", "description", "source"),
)
ALL = "all"  # the set of all markers
THRESHOLDS = (2.0, 4.0, 6.0)
SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
STRANGER = "(a stranger)"
STEP_OF_NEXT = 0.002  # log10 units; beside a sample not yet taken a ratio has many more values


@dataclass(frozen=True)
class Question:
    """A family that misses one of its members, and who of it might be sampled next."""

    case: Case
    missing: str
    marker_sets: Mapping[str, tuple[str, ...]]
    candidates: tuple[str, ...]

    @property
    def pedigree(self) -> Pedigree:
        return self.case.hypotheses[self.case.reference]


def read_question(document: Any) -> Question:
    """A family out of a JSON document. Raises MalformedCase."""
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    notes = [f"{key} is not part of the schema and was not read" for key in at.knows(FAMILY_KEYS)]
    code = at.get("id").text()
    pedigree = read_pedigree(At({k: at.value[k] for k in ("persons", "mz_twins") if at.has(k)}))
    case = Case(
        code,
        {code: pedigree},
        code,
        read_markers(at.get("markers")),
        {
            person: {marker: read_genotype(one) for marker, one in profile.items()}
            for person, profile in at.get("genotypes").items()
        },
        theta=read_theta(at),
        frequencies=read_source(at),
    )
    if floor := read_floor(at):
        case = with_alleles_added(case, floor)
    _check(case)
    missing = at.get("missing").one_of(pedigree.by_id)
    if missing in case.genotypes:
        raise at.get("missing").wrong("somebody of whom nothing was seen", f"{missing!r} is typed")
    _check_sex(case, missing)
    notes += [*not_used(case), *linked_but_not_declared(case)]
    return Question(
        replace(case, notes=tuple(notes)), missing, _sets(at, case), _candidates(at, case, missing)
    )


def _check(case: Case) -> None:
    try:
        check(case)
    except MalformedCase as fault:
        place = fault.place.removeprefix(f"hypotheses/{case.reference}").lstrip("/")
        raise MalformedCase(place, fault.found, fault.expected) from None


def _check_sex(case: Case, missing: str) -> None:
    pedigree = case.hypotheses[case.reference]
    for marker in case.markers:
        pedigree.ancestors_first([missing], marker.chrom)


def _sets(at: At, case: Case) -> dict[str, tuple[str, ...]]:
    names = [marker.name for marker in case.markers]
    found = {ALL: tuple(names)}
    for name, markers in at.get("marker_sets").items() if at.has("marker_sets") else ():
        chosen = tuple(one.one_of(names) for one in markers)
        if not chosen or len(set(chosen)) < len(chosen) or name == ALL:
            raise markers.wrong("names of markers, each once, under a name of its own")
        found[name] = chosen
    return found


def _candidates(at: At, case: Case, missing: str) -> tuple[str, ...]:
    """Who may be sampled next: those who are told, or all of whom nothing was seen."""
    open_to = [
        person.id
        for person in case.hypotheses[case.reference]
        if person.id != missing and person.id not in case.genotypes
    ]
    if not at.has("candidates"):
        return tuple(open_to)
    found = tuple(one.one_of(open_to) for one in at.get("candidates"))
    if len(set(found)) < len(found):
        raise at.get("candidates").wrong("each person once")
    return found


@dataclass(frozen=True)
class Power:
    """What the total ratio over some markers may come to.

    `exclusion` has, by marker, the chance that a stranger fits the family by no descent without
    mutation; it is 0 where the family itself does not.
    """

    spectra: tuple[Spectrum, ...]
    exclusion: Mapping[str, float]
    step: float

    @property
    def mean_log10(self) -> float:
        return mean_log10(self.spectra)

    def reaching(self, threshold: float, *, missing: bool) -> Between:
        return reaching(self.spectra, threshold, missing=missing, step=self.step)

    def as_dict(self, thresholds: Sequence[float]) -> dict[str, Any]:
        """As it is printed; quantiles are right to `within`."""
        his, strangers = (spread(self.spectra, missing=missing) for missing in (True, False))
        return {
            "he_is": {
                "mean_log10_lr": self.mean_log10,
                "quantiles": {f"{q:g}": printed(his.quantile(q)) for q in SHARES},
                "reaching": self._reaching(thresholds, missing=True),
            },
            "he_is_not": {
                "impossible": strangers.impossible,
                "quantiles": {f"{q:g}": printed(strangers.quantile(q)) for q in SHARES},
                "reaching": self._reaching(thresholds, missing=False),
            },
            "exclusion": {
                "by_marker": dict(self.exclusion),
                "at_least_one": 1 - prod(1 - one for one in self.exclusion.values()),
                "markers": sum(self.exclusion.values()),
            },
            "within": his.moved,
        }

    def _reaching(self, thresholds: Sequence[float], *, missing: bool) -> dict[str, Any]:
        return {f"{one:g}": self.reaching(one, missing=missing).as_dict() for one in thresholds}


@dataclass(frozen=True)
class Next:
    """What a sample of one more relative would add, before anybody knows what it shows."""

    person: str
    power: Power
    gain: float

    def as_dict(self, thresholds: Sequence[float]) -> dict[str, Any]:
        """As it is printed."""
        return {
            "person": self.person,
            "mean_log10_lr": self.power.mean_log10,
            "gain": self.gain,
            "he_is": self.power._reaching(thresholds, missing=True),
            "he_is_not": self.power._reaching(thresholds, missing=False),
        }


@dataclass(frozen=True)
class Answer:
    """What a family can decide, by set of markers, and with each relative more, the best first."""

    question: Question
    sets: Mapping[str, Power]
    next: tuple[Next, ...]
    thresholds: tuple[float, ...]
    remains: int = 0

    def chance_matches(self, name: str) -> dict[str, Any]:
        """How many strangers among so many remains are to be expected, by threshold."""
        power = self.sets[name]
        return {
            f"{one:g}": power.reaching(one, missing=False).times(self.remains).as_dict()
            for one in self.thresholds
        }

    def as_dict(self) -> dict[str, Any]:
        """As it is printed."""
        sets: dict[str, dict[str, Any]] = {}
        for name, power in self.sets.items():
            sets[name] = {"markers": list(self.question.marker_sets[name])}
            sets[name] |= power.as_dict(self.thresholds)
            if self.remains:
                sets[name]["chance_matches"] = {
                    "remains": self.remains,
                    "reaching": self.chance_matches(name),
                }
        return {
            "id": self.question.case.id,
            "missing": self.question.missing,
            "typed": list(self.question.case.genotypes),
            "marker_sets": sets,
            "next": [one.as_dict(self.thresholds) for one in self.next],
            "rests_on": rests_on(self.question.case),
        }


def power(
    question: Question, *, thresholds: Sequence[float] = THRESHOLDS, remains: int = 0
) -> Answer:
    """Work a question out. Raises MalformedCase for a family that cannot be, and TooLarge."""
    by_marker = {one.name: _OneMarker(question, one) for one in question.case.markers}
    sets = {
        name: Power(
            tuple(by_marker[m].spectrum for m in markers),
            {m: by_marker[m].exclusion for m in markers},
            STEP,
        )
        for name, markers in question.marker_sets.items()
    }
    now = sets[ALL].mean_log10
    with_more = []
    for person in question.candidates:
        spectra = tuple(one.with_sample_of(person) for one in by_marker.values())
        more = Power(spectra, {}, STEP_OF_NEXT)
        with_more.append(Next(person, more, more.mean_log10 - now))
    ranked = sorted(with_more, key=lambda one: -one.gain)
    return Answer(question, sets, tuple(ranked), tuple(thresholds), remains)


class _OneMarker:
    """A family at one marker."""

    def __init__(self, question: Question, marker: Marker) -> None:
        self.question, self.marker = question, marker
        self.pedigree, self.theta = question.pedigree, question.case.theta
        self.seen = question.case.seen(marker.name)

    @cached_property
    def spectrum(self) -> Spectrum:
        try:
            return spectrum(self._tables(self.marker))
        except ValueError:
            raise MalformedCase(
                "genotypes",
                f"the family as it was typed at {self.marker.name} is impossible",
                "relatives who can be together, or a mutation model",
            ) from None

    @cached_property
    def exclusion(self) -> float:
        """The chance that a stranger's genotype fits in no way if nothing mutates or is silent."""
        found = self._tables(strict(self.marker))
        if not found.possible[0]:
            return 0.0
        one = spectrum(found)
        return float(one.stranger[one.log10_lr == -inf].sum())

    def with_sample_of(self, person: str) -> Spectrum:
        """The ratios with one more relative typed, over all that he may show."""
        chances = dict(self._may_show(person))
        alleles = np.array(list(chances), dtype=np.intp).reshape(-1, 2)
        found = self._tables_with(person, alleles)
        parts = [
            (chance, spectrum(*found[n])) for n, chance in enumerate(chances.values()) if chance
        ]
        # If nothing of him can be seen, all is as before.
        hidden = 1 - sum(chances.values())
        return merged([*parts, *([(hidden, self.spectrum)] if hidden > 1e-14 else [])])

    def _may_show(self, person: str) -> Iterator[tuple[tuple[int, int], float]]:
        """Each genotype that a relative may show, and the chance of it, given the family."""
        if not self.pedigree.parents_of(self.pedigree.same_as[person], self.marker.chrom):
            return
        table, _ = genotype_table(self.pedigree, self.marker, self.seen, person, theta=self.theta)
        shown = reported(table, self.marker.locus.shown)
        n = self.marker.locus.shown
        places = [(a, a) for a in range(n)] if table.ndim == 1 else _pairs(n)
        total = shown.sum()
        for place, chance in zip(places, shown / total, strict=False):
            if chance > 0:
                yield place, float(chance)

    def _tables(self, marker: Marker) -> Tables:
        return _tables(self.pedigree, marker, self.seen, self.question.missing, self.theta)

    def _tables_with(self, person: str, alleles: NDArray[np.intp]) -> list[tuple[Tables, int]]:
        """The family's table with each of these genotypes of a relative, and its row."""
        members = (*self.seen, person)
        first = {self.pedigree.same_as[code] for code in members}
        whole_ones = all(is_plain(one) for each in self.seen.values() for one in each)
        his_twin = self.pedigree.same_as[self.question.missing] in first
        if whole_ones and len(first) == len(members) and not his_twin:
            known = [[self.marker.index[a] for a in whole(one)] for [one] in self.seen.values()]
            relatives = np.array(known, dtype=np.intp).reshape(1, -1, 2).repeat(len(alleles), 0)
            genotypes = np.concatenate([relatives, alleles[:, None]], axis=1)
            many = tables(
                self.pedigree,
                self.marker,
                members,
                genotypes,
                self.question.missing,
                theta=self.theta,
            )
            return [(many, int(row)) for row in many.row]
        return [(self._one_table_with(person, pair), 0) for pair in alleles.tolist()]

    def _one_table_with(self, person: str, pair: Sequence[int]) -> Tables:
        shows = Genotype(tuple(self.marker.alleles[n] for n in pair))
        seen = {**self.seen, person: [shows]}
        return _tables(self.pedigree, self.marker, seen, self.question.missing, self.theta)


def _pairs(n: int) -> list[tuple[int, int]]:
    one, other = np.triu_indices(n)
    return list(zip(one.tolist(), other.tolist(), strict=True))


def _tables(
    pedigree: Pedigree, marker: Marker, seen: Mapping[str, Any], missing: str, theta: float
) -> Tables:
    """One family's table, whatever was seen of it."""
    joint, above = genotype_table(pedigree, marker, seen, missing, theta=theta)
    beside = Pedigree((*pedigree.persons, Person(STRANGER, pedigree[missing].sex)), pedigree.twins)
    stranger, below = genotype_table(beside, marker, seen, STRANGER, theta=theta)
    both: list[Table] = [np.ldexp(joint, above - below)[None], stranger[None]]
    return Tables(both[0], both[1], np.zeros(1, dtype=np.intp), marker.locus.shown)
