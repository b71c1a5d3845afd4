"""What a family's typed members can decide, and which relatives to sample next.

Everything is exact but for the grid that `chance` puts ratios on. docs/methods/kinship.md,
section 13; the schema `wayhome-kinship-family/1` is written down there.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import combinations
from math import comb, inf, prod
from typing import Any

import numpy as np

from .batch import Genotypes, Tables, tables
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
    mixed,
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
from .saying import Said

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
MOST_SETS = 45  # of one size, of which each is looked at
SETS_TOLD = 5  # of each size
MOST_COMBINATIONS = 1024  # of what several may show together; of more, so many stand for all
HIDDEN = -1  # in the place of an allele: nothing of the person is seen
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
    notes: list[str] = [Said("not read", part=key) for key in at.knows(FAMILY_KEYS)]
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
    """What samples of more relatives would add, before anybody knows what they show.

    `sampled` says that some of what they may show together stood for all.
    """

    persons: tuple[str, ...]
    power: Power
    gain: float
    sampled: bool

    def as_dict(self, thresholds: Sequence[float]) -> dict[str, Any]:
        """As it is printed."""
        who: dict[str, Any] = {"person": self.persons[0]}
        if len(self.persons) > 1:
            who = {"persons": list(self.persons), "sampled": self.sampled}
        return who | {
            "mean_log10_lr": self.power.mean_log10,
            "gain": self.gain,
            "he_is": self.power._reaching(thresholds, missing=True),
            "he_is_not": self.power._reaching(thresholds, missing=False),
        }


@dataclass(frozen=True)
class Answer:
    """What a family can decide, by set of markers, and with each relative more, the best first.

    `together` has sets of several relatives, the best first of each size; `every_set` is how many
    relatives the largest sets have of which all were looked at.
    """

    question: Question
    sets: Mapping[str, Power]
    next: tuple[Next, ...]
    together: tuple[Next, ...]
    every_set: int
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
            "together": [one.as_dict(self.thresholds) for one in self.together],
            "every_set_to": self.every_set,
            "rests_on": rests_on(self.question.case),
        }


def power(
    question: Question,
    *,
    thresholds: Sequence[float] = THRESHOLDS,
    remains: int = 0,
    together: int = 1,
) -> Answer:
    """Work a question out, with sets of up to `together` relatives to be sampled at once.

    Raises MalformedCase for a family that cannot be, and TooLarge.
    """
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

    def worth(persons: tuple[str, ...]) -> Next:
        each = [one.with_samples_of(persons) for one in by_marker.values()]
        more = Power(tuple(spectrum for spectrum, _ in each), {}, STEP_OF_NEXT)
        sampled = any(some for _, some in each)
        return Next(persons, more, more.mean_log10 - now, sampled)

    ranked = _ranked(map(worth, ((person,) for person in question.candidates)))
    larger, every_set = _larger(question.candidates, ranked, worth, together)
    return Answer(
        question, sets, tuple(ranked), tuple(larger), every_set, tuple(thresholds), remains
    )


def _ranked(found: Iterable[Next]) -> list[Next]:
    return sorted(found, key=lambda one: -one.gain)


def _larger(
    candidates: Sequence[str],
    ranked: Sequence[Next],
    worth: Callable[[tuple[str, ...]], Next],
    most: int,
) -> tuple[list[Next], int]:
    """The best sets of two relatives and more, and to which size every set was looked at: beyond
    MOST_SETS of one size the best smaller set is added to, one relative at a time."""
    found: list[Next] = []
    every_set, best = 1, list(ranked)
    for size in range(2, min(most, len(candidates)) + 1):
        if comb(len(candidates), size) <= MOST_SETS:
            every_set = size if every_set == size - 1 else every_set
            tried = list(combinations(candidates, size))
        else:
            known = best[0].persons
            tried = [(*known, code) for code in candidates if code not in known]
        best = _ranked(map(worth, tried))
        found += best[:SETS_TOLD]
    return found, every_set


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

    def with_samples_of(self, persons: Sequence[str]) -> tuple[Spectrum, bool]:
        """The ratios with more relatives typed, over all that they may show together; and whether
        some combinations stood for all."""
        rows: Genotypes = np.zeros((1, 0, 2), dtype=np.intp)
        weights, some = np.ones(1), False
        shown = self.marker.locus.shown
        for person in persons:
            if not self.pedigree.parents_of(self.pedigree.same_as[person], self.marker.chrom):
                rows = np.concatenate([rows, np.full((len(rows), 1, 2), HIDDEN)], axis=1)
                continue
            longer = []
            for his, row, here in self._tables_with(persons, rows, person):
                chances = reported(his.joint[row], shown)
                chances = weights[here, None] * chances / chances.sum(axis=1, keepdims=True)
                longer.append(_extended(rows[here], chances, _genotypes(shown, his.joint.ndim - 1)))
            rows, weights = (np.concatenate(column) for column in zip(*longer, strict=True))
            rows, weights, fewer = _few(rows, weights)
            some |= fewer
        spectra = []
        for his, row, here in self._tables_with(persons, rows, self.question.missing):
            stranger = np.broadcast_to(his.stranger, his.joint.shape)
            spectra.append((1.0, mixed(his.joint[row], stranger[row], shown, weights[here])))
        return merged(spectra), some

    def _tables_with(
        self, persons: Sequence[str], rows: Genotypes, of: str
    ) -> Iterator[tuple[Tables, Genotypes, Genotypes]]:
        """The tables of somebody, with these genotypes (rows, persons, 2) of others: for rows in
        which the same of them are seen, each one's row in the tables, and which these are."""
        kinds, kind = np.unique(rows[:, :, 0] != HIDDEN, axis=0, return_inverse=True)
        for number, seen in enumerate(kinds):
            here = np.flatnonzero(kind.reshape(-1) == number)
            typed = [code for code, is_seen in zip(persons, seen, strict=False) if is_seen]
            found = self._of_typed(typed, rows[here][:, seen], of)
            yield found, found.row, here

    def _of_typed(self, typed: Sequence[str], genotypes: Genotypes, of: str) -> Tables:
        members = (*self.seen, *typed)
        first = {self.pedigree.same_as[code] for code in members}
        whole_ones = all(is_plain(one) for each in self.seen.values() for one in each)
        alone = len(first) == len(members) and self.pedigree.same_as[of] not in first
        if whole_ones and alone:
            known = [[self.marker.index[a] for a in whole(one)] for [one] in self.seen.values()]
            relatives = np.array(known, dtype=np.intp).reshape(1, -1, 2)
            both = np.concatenate([relatives.repeat(len(genotypes), 0), genotypes], axis=1)
            return tables(self.pedigree, self.marker, members, both, of, theta=self.theta)
        each = [self._of_one(typed, pairs, of) for pairs in genotypes.tolist()]
        return Tables(
            np.concatenate([one.joint for one in each]),
            np.concatenate([one.stranger for one in each]),
            np.arange(len(each)),
            self.marker.locus.shown,
        )

    def _of_one(self, typed: Sequence[str], pairs: Sequence[Sequence[int]], of: str) -> Tables:
        shows = {
            code: [Genotype(tuple(self.marker.alleles[n] for n in pair))]
            for code, pair in zip(typed, pairs, strict=True)
        }
        return _tables(self.pedigree, self.marker, {**self.seen, **shows}, of, self.theta)

    def _tables(self, marker: Marker) -> Tables:
        return _tables(self.pedigree, marker, self.seen, self.question.missing, self.theta)


def _genotypes(shown: int, copies: int) -> Genotypes:
    """What may be shown, as `reported` orders it, (genotypes, 2); nothing comes last."""
    places = np.arange(shown)
    one, other = np.triu_indices(shown) if copies == 2 else (places, places)
    return np.concatenate([np.stack([one, other], axis=1), [[HIDDEN, HIDDEN]]])


def _extended(rows: Genotypes, chances: Table, shown: Genotypes) -> tuple[Genotypes, Table]:
    """The rows with each genotype of one person more that has a chance, and the chance of each."""
    row, genotype = np.nonzero(chances)
    longer = np.concatenate([rows[row], shown[genotype][:, None]], axis=1)
    return longer, chances[row, genotype]


def _few(rows: Genotypes, weights: Table) -> tuple[Genotypes, Table, bool]:
    """The rows, or where they are too many some evenly chosen by weight, which weigh the same."""
    if len(rows) <= MOST_COMBINATIONS:
        return rows, weights, False
    ends = np.cumsum(weights)
    middles = (np.arange(MOST_COMBINATIONS) + 0.5) * ends[-1] / MOST_COMBINATIONS
    chosen = np.minimum(np.searchsorted(ends, middles), len(rows) - 1)
    different, count = np.unique(chosen, return_counts=True)
    return rows[different], count * ends[-1] / MOST_COMBINATIONS, True


def _tables(
    pedigree: Pedigree, marker: Marker, seen: Mapping[str, Any], missing: str, theta: float
) -> Tables:
    """One family's table, whatever was seen of it."""
    joint, above = genotype_table(pedigree, marker, seen, missing, theta=theta)
    beside = Pedigree((*pedigree.persons, Person(STRANGER, pedigree[missing].sex)), pedigree.twins)
    stranger, below = genotype_table(beside, marker, seen, STRANGER, theta=theta)
    both: list[Table] = [np.ldexp(joint, above - below)[None], stranger[None]]
    return Tables(both[0], both[1], np.zeros(1, dtype=np.intp), marker.locus.shown)
