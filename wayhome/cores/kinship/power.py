"""What a family's typed members can decide, and which relatives to sample next.

Everything is exact but for the grid that `chance` puts ratios on. docs/methods/kinship.md,
section 13; the schema `wayhome-kinship-family/1` is written down there.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb, prod
from typing import Any

from .cases import (
    Case,
    check,
    linked_but_not_declared,
    not_used,
    optional,
    read_detected,
    read_floor,
    read_genotype,
    read_lineages,
    read_linkage,
    read_markers,
    read_pedigree,
    read_source,
    read_theta,
    with_alleles_added,
)
from .chance import STEP, Between, Spectrum, mean_log10, reaching, spread
from .evidence import Genotype, Observation
from .faults import MalformedCase
from .pedigree import Pedigree
from .prospects import AtSite, at_site
from .ratios import printed, rests_on
from .reading import At
from .saying import Said
from .sites import Site, sites_of, sites_of_lineages

SCHEMA = "wayhome-kinship-family/1"
FAMILY_KEYS = (
    *("schema", "id", "persons", "mz_twins", "missing", "theta", "markers", "genotypes"),
    *("marker_sets", "candidates", "unknown_alleles", "frequencies"),
    *("evidence", "linkage", "lineages"),
    *("category", "description", "source"),
)
ALL = "all"  # the set of all markers
THRESHOLDS = (2.0, 4.0, 6.0)
SHARES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
MOST_SETS = 45  # of one size, of which each is looked at
SETS_TOLD = 5  # of each size
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

    def seen(self, name: str) -> dict[str, list[Observation]]:
        """What was seen of the family at a marker, or which haplotypes of this name."""
        shown = [one.profiles for one in self.case.lineages if one.marker.name == name]
        if not shown:
            return self.case.seen(name)
        return {code: [Genotype((label,))] for code, label in shown[0].items()}


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
        evidence={person: read_detected(one) for person, one in optional(at, "evidence")},
        theta=read_theta(at),
        linkage=read_linkage(at),
        lineages=read_lineages(at),
        frequencies=read_source(at),
    )
    if floor := read_floor(at):
        case = with_alleles_added(case, floor)
    _check(case)
    missing = at.get("missing").one_of(pedigree.by_id)
    if missing in _typed(case):
        raise at.get("missing").wrong("somebody of whom nothing was seen", f"{missing!r} is typed")
    _check_sex(case, missing)
    notes += [*not_used(case), *linked_but_not_declared(case)]
    return Question(
        replace(case, notes=tuple(notes)), missing, _sets(at, case), _candidates(at, case, missing)
    )


def _typed(case: Case) -> list[str]:
    """Of whom anything was seen."""
    profiles = (case.genotypes, case.evidence, *(one.profiles for one in case.lineages))
    return list(dict.fromkeys(code for each in profiles for code in each))


def _check(case: Case) -> None:
    try:
        check(case)
    except MalformedCase as fault:
        place = fault.place.removeprefix(f"hypotheses/{case.reference}").lstrip("/")
        raise MalformedCase(place, fault.found, fault.expected) from None


def _check_sex(case: Case, missing: str) -> None:
    pedigree = case.hypotheses[case.reference]
    for marker in (*case.markers, *(one.marker for one in case.lineages)):
        pedigree.ancestors_first([missing], marker.chrom)


def _sets(at: At, case: Case) -> dict[str, tuple[str, ...]]:
    names = [marker.name for marker in (*case.markers, *(one.marker for one in case.lineages))]
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
        if person.id != missing and person.id not in _typed(case)
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
            who = {"persons": list(self.persons)}
        return who | {
            "sampled": self.sampled,
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
            "typed": _typed(self.question.case),
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
    known: dict[Site, AtSite] = {}
    by_set = {
        name: [_at(question, site, known) for site in _sites(question, markers)]
        for name, markers in question.marker_sets.items()
    }
    sets = {
        name: Power(
            tuple(one.spectrum for one in every),
            {one.site.name: one.exclusion for one in every},
            STEP,
        )
        for name, every in by_set.items()
    }
    now = sets[ALL].mean_log10

    def worth(persons: tuple[str, ...]) -> Next:
        each = [one.with_samples_of(persons) for one in by_set[ALL]]
        more = Power(tuple(spectrum for spectrum, _ in each), {}, STEP_OF_NEXT)
        sampled = any(some for _, some in each)
        return Next(persons, more, more.mean_log10 - now, sampled)

    ranked = _ranked(map(worth, ((person,) for person in question.candidates)))
    larger, every_set = _larger(question.candidates, ranked, worth, together)
    return Answer(
        question, sets, tuple(ranked), tuple(larger), every_set, tuple(thresholds), remains
    )


def _sites(question: Question, names: Collection[str]) -> list[Site]:
    """What is independent of each other among these markers and haplotypes."""
    case = question.case
    markers = [marker for marker in case.markers if marker.name in names]
    linkage = [pair for pair in case.linkage if set(pair.markers) <= set(names)]
    lineages = [lineage for lineage in case.lineages if lineage.marker.name in names]
    return [*sites_of(markers, linkage, case.theta), *sites_of_lineages(lineages)]


def _at(question: Question, site: Site, known: dict[Site, AtSite]) -> AtSite:
    """The family at a site, made once for all sets of markers."""
    if site not in known:
        seen = [question.seen(marker.name) for marker in site.markers]
        known[site] = at_site(site, question.pedigree, seen, question.missing)
    return known[site]


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
