"""Events: remains on one side, families with their missing on the other.

The schema `wayhome-dvi/1` and its extensions are written down in docs/methods/kinship.md,
section 12.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from .cases import (
    Case,
    Lineage,
    Linkage,
    check,
    linked_but_not_declared,
    not_used,
    optional,
    read_detected,
    read_floor,
    read_genotype,
    read_haplotypes,
    read_lineage,
    read_linkage,
    read_markers,
    read_pedigree,
    read_source,
    read_theta,
    with_alleles_added,
)
from .evidence import Detection, Genotype, Observation
from .faults import MalformedCase
from .markers import Marker
from .pedigree import SEXES, Pedigree, Person, X, Y
from .reading import At
from .saying import Said
from .sites import Site, sites_of, sites_of_lineages

SCHEMA = "wayhome-dvi/1"
EVENT_KEYS = (
    *("schema", "id", "markers", "victims", "families", "missing", "genotypes", "evidence"),
    *("bodies", "parts", "prior", "theta", "linkage", "lineages", "unknown_alleles"),
    *("frequencies",),
    *("category", "description", "expected", "source"),
)
LONGEST_MISSING = 10**6
Detected = dict[str, dict[str, Detection]]


@dataclass(frozen=True)
class Remains:
    """Remains by code, of one body; `samples` are their codes where they were told as several."""

    id: str
    sex: str
    samples: tuple[str, ...]


@dataclass(frozen=True)
class Household:
    """A family: its pedigree, and which of its members are missing."""

    id: str
    pedigree: Pedigree
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Prior:
    """What is held likely before any DNA is seen.

    A way to say who is who weighs `each` for each identification in it, times the factor of each
    pair, by (sample, missing); 1 where nothing is told, so that all ways weigh the same.
    """

    each: float = 1.0
    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)


@dataclass(frozen=True)
class Event:
    """A whole event. With `parts` any remains may be of one body that can be.

    Haplotypes stand among `genotypes` and `found`, each under the name of its lineage. `poor` are
    poor samples of members of families.
    """

    id: str
    markers: tuple[Marker, ...]
    remains: tuple[Remains, ...]
    households: tuple[Household, ...]
    genotypes: Mapping[str, Mapping[str, Genotype]]
    found: Mapping[str, Mapping[str, Sequence[Observation]]]
    poor: Mapping[str, Mapping[str, Detection]] = field(default_factory=dict)
    theta: float = 0.0
    linkage: tuple[Linkage, ...] = ()
    lineages: tuple[Lineage, ...] = ()
    parts: bool = False
    prior: Prior = Prior()
    frequencies: str = ""
    added: tuple[tuple[str, str, float], ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """All that is independent of each other: markers, linked pairs, haplotypes."""
        return (
            *sites_of(self.markers, self.linkage, self.theta),
            *sites_of_lineages(self.lineages),
        )

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(code for household in self.households for code in household.missing)

    def typed(self, household: Household, marker: str) -> dict[str, list[Observation]]:
        """What was seen of a household at a marker."""
        found: dict[str, list[Observation]] = {}
        for code in household.pedigree.by_id:
            for source in (self.genotypes, self.poor):
                if marker in (profile := source.get(code, {})):
                    found.setdefault(code, []).append(profile[marker])
        return found


def read_event(document: Any) -> Event:
    """An event out of a JSON document. Raises MalformedCase."""
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    notes = [Said("not read", part=key) for key in at.knows(EVENT_KEYS)]
    theta = read_theta(at)
    markers = read_markers(at.get("markers"))
    sexes = _victims(at.get("victims"))
    genotypes = at.get("genotypes")
    genotypes.knows(("pm", "am"))
    pm, am = _profiles(genotypes.get("pm")), _profiles(genotypes.get("am"))
    evidence, poor, place = _evidence(at, sexes)
    households = _households(at)
    case = Case(
        *(at.get("id").text(), {}, "", markers),
        genotypes={**am, **_told_apart(pm)},
        evidence={**poor, **_told_apart(evidence)},
        linkage=read_linkage(at),
    )
    if floor := read_floor(at):
        case = with_alleles_added(case, floor)
    _check_found(replace(case, genotypes=pm, evidence=evidence), sexes, place)
    _check_households(replace(case, genotypes=am, evidence=poor), households)
    lineages = _lineages(at, case.markers)
    shown_pm, shown_am = _haplotypes(at, lineages, sexes, households)
    found = {code: _observed(pm.get(code, {}), evidence.get(code, {})) for code in sexes}
    event = Event(
        id=case.id,
        markers=case.markers,
        remains=_bodies(at, sexes),
        households=households,
        genotypes={code: am.get(code, {}) | shown_am.get(code, {}) for code in {**am, **shown_am}},
        found={
            code: seen | {name: [one] for name, one in shown_pm.get(code, {}).items()}
            for code, seen in found.items()
        },
        poor=poor,
        theta=theta,
        linkage=case.linkage,
        lineages=lineages,
        parts=_yes(at, "parts"),
        frequencies=read_source(at),
        added=case.added,
        notes=(*notes, *not_used(case), *linked_but_not_declared(case)),
    )
    _check_lines(event)
    return replace(event, prior=_prior(at, event, sexes))


def _evidence(at: At, sexes: Collection[str]) -> tuple[Detected, Detected, str]:
    """What was detected in poor samples: of remains, and of members of families; and where that
    of remains is told.

    They are told as genotypes are, under `pm` and `am`; or of remains alone, by their codes.
    """
    if not at.has("evidence"):
        return {}, {}, ""
    told = at.get("evidence")
    if set(told.object()) - {"pm", "am"} or set(told.object()) & set(sexes):
        return {code: read_detected(one) for code, one in told.items()}, {}, "evidence"
    pm, am = (
        {code: read_detected(one) for code, one in optional(told, side)} for side in ("pm", "am")
    )
    return pm, am, "evidence/pm"


def _told_apart(pm: Mapping[str, Any]) -> dict[str, Any]:
    """Remains may bear the code of a relative: for the alleles alone it is all one."""
    return {f"remains {code}": profile for code, profile in pm.items()}


def _observed(
    genotypes: Mapping[str, Genotype], detected: Mapping[str, Detection]
) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for source in (genotypes, detected):
        for marker, one in source.items():
            found.setdefault(marker, []).append(one)
    return found


def _profiles(at: At) -> dict[str, dict[str, Genotype]]:
    return {
        code: {marker: read_genotype(one) for marker, one in profile.items()}
        for code, profile in at.items()
    }


def _lineages(at: At, markers: Sequence[Marker]) -> tuple[Lineage, ...]:
    """Tables of haplotypes, each under a name of its own."""
    found: list[Lineage] = []
    for one in at.get("lineages") if at.has("lineages") else ():
        lineage = read_lineage(one, ("profiles",))
        if lineage.marker.name in {m.name for m in (*markers, *(other.marker for other in found))}:
            raise one.get("name").wrong("a name that no marker and no other lineage has")
        found.append(lineage)
    return tuple(found)


Profiles = dict[str, dict[str, Genotype]]


def _haplotypes(
    at: At,
    lineages: Sequence[Lineage],
    sexes: Mapping[str, str],
    households: Sequence[Household],
) -> tuple[Profiles, Profiles]:
    """What remains and members show of each lineage, by code and name."""
    homes = [person for household in households for person in household.pedigree]
    members = {person.id: person.sex for person in homes}
    shown: tuple[Profiles, Profiles] = {}, {}
    for number, lineage in enumerate(lineages):
        profiles = At(at.get("lineages").value[number], f"lineages/{number}").get("profiles")
        profiles.knows(("pm", "am"))
        for side, known, into in zip(("pm", "am"), (sexes, members), shown, strict=True):
            told = profiles.get(side) if profiles.has(side) else At({}, profiles.place)
            for code, label in read_haplotypes(told, lineage.marker).items():
                place = At(code, f"{told.place}/{code}")
                if code not in known or (known is members and _told_twice(code, homes)):
                    raise place.wrong("one of victims" if side == "pm" else "a member of a family")
                if lineage.marker.chrom == Y and known[code] != "M":
                    raise place.wrong("a Y haplotype of men only", f"{code!r} is not a man")
                into.setdefault(code, {})[lineage.marker.name] = Genotype((label,))
    return shown


def _check_lines(event: Event) -> None:
    """Whoever passes on a haplotype to somebody typed or missing has a known sex."""
    for number, household in enumerate(event.households):
        for lineage in event.lineages:
            typed = event.typed(household, lineage.marker.name)
            with _places({"persons": f"families/{number}/persons"}):
                household.pedigree.ancestors_first(
                    (*typed, *household.missing), lineage.marker.chrom
                )


def _told_twice(code: str, homes: Sequence[Person]) -> bool:
    return sum(person.id == code for person in homes) > 1


def _yes(at: At, key: str) -> bool:
    if not at.has(key):
        return False
    if not isinstance(at.get(key).value, bool):
        raise at.get(key).wrong("true or false")
    return bool(at.get(key).value)


def _victims(at: At) -> dict[str, str]:
    sexes: dict[str, str] = {}
    for one in at:
        one.knows(("id", "sex"))
        code = one.get("id").text()
        if code in sexes:
            raise one.get("id").wrong("each remains once")
        sexes[code] = one.get("sex").one_of(SEXES)
    return sexes


def _bodies(at: At, sexes: Mapping[str, str]) -> tuple[Remains, ...]:
    """The remains, those of one body together, in the order of the first of each."""
    body_of: dict[str, tuple[str, ...]] = {}
    for body in at.get("bodies") if at.has("bodies") else ():
        codes = tuple(one.one_of(sexes) for one in body)
        for code in codes:
            if code in body_of or codes.count(code) > 1:
                raise body.wrong("each remains in one body")
            body_of[code] = codes
        if len({sexes[code] for code in codes} - {"U"}) > 1:
            raise body.wrong("remains of one sex", "remains of both sexes")
    found: dict[str, Remains] = {}
    for code in sexes:
        samples = body_of.get(code, (code,))
        known = {sexes[one] for one in samples} - {"U"}
        found.setdefault(samples[0], Remains("+".join(samples), (known or {"U"}).pop(), samples))
    return tuple(found.values())


def _households(at: At) -> tuple[Household, ...]:
    missing = [one.text() for one in at.get("missing")]
    if len(set(missing)) < len(missing):
        raise at.get("missing").wrong("each missing once")
    read: dict[str, tuple[Pedigree, list[str]]] = {}
    for one in at.get("families"):
        one.knows(("id", "persons", "mz_twins"))
        code = one.get("id").text()
        if code in read:
            raise one.get("id").wrong("each family once")
        pedigree = read_pedigree(one)
        read[code] = pedigree, [m for m in missing if m in pedigree]
    homes = [m for _, theirs in read.values() for m in theirs]
    for number, code in enumerate(missing):
        if homes.count(code) != 1:
            place = f"missing/{number}"
            raise MalformedCase(
                place, f"{code!r} in {homes.count(code)} families", "a member of one family"
            )
    return tuple(Household(code, *_of(pair)) for code, pair in read.items())


def _of(pair: tuple[Pedigree, Iterable[str]]) -> tuple[Pedigree, tuple[str, ...]]:
    return pair[0], tuple(pair[1])


def _prior(at: At, event: Event, sexes: Mapping[str, str]) -> Prior:
    if not at.has("prior"):
        return Prior()
    prior = at.get("prior")
    for key in prior.knows(("each", "pairs")):
        raise MalformedCase(key, "an unknown key", "each and pairs")
    each = prior.get("each").number(0, LONGEST_MISSING, open_below=True) if prior.has("each") else 1
    pairs: dict[tuple[str, str], float] = {}
    for code, of in optional(prior, "pairs"):
        At(code, of.place).one_of(sexes)
        for missing, factor in of.items():
            At(missing, factor.place).one_of(event.missing)
            pairs[code, missing] = factor.number(0, LONGEST_MISSING)
    return Prior(float(each), pairs)


# What must hold between the parts


def _check_found(case: Case, sexes: Mapping[str, str], evidence: str) -> None:
    """The case has what was seen of remains only; `evidence` is where poor samples are told."""
    for source, place in ((case.genotypes, "genotypes/pm"), (case.evidence, evidence)):
        for code in source:
            if code not in sexes:
                raise MalformedCase(f"{place}/{code}", f"{code!r} is not told", "one of victims")
    alone = Pedigree(tuple(Person(code, sex) for code, sex in sexes.items()))
    with _places({"genotypes": "genotypes/pm", "evidence": evidence}):
        check(replace(case, hypotheses={"": alone}))


def _check_households(case: Case, households: Sequence[Household]) -> None:
    """The case has what was seen of members only."""
    homes = [code for household in households for code in household.pedigree.by_id]
    for source, place in ((case.genotypes, "genotypes/am"), (case.evidence, "evidence/am")):
        for code in source:
            if homes.count(code) != 1:
                raise MalformedCase(
                    f"{place}/{code}",
                    f"{code!r} is in {homes.count(code)} families",
                    "a member of one family",
                )
    for number, household in enumerate(households):
        home = household.pedigree
        theirs = replace(
            case,
            hypotheses={"": home},
            genotypes={code: one for code, one in case.genotypes.items() if code in home},
            evidence={code: one for code, one in case.evidence.items() if code in home},
        )
        names = {"genotypes": "genotypes/am", "evidence": "evidence/am"}
        with _places(names | {"hypotheses": f"families/{number}"}):
            check(theirs)
            _check_sexes_of_missing(household, case.markers)


def _check_sexes_of_missing(household: Household, markers: Sequence[Marker]) -> None:
    """Whoever is missing may be found with an X marker: his sex must be known, and his mother's."""
    if any(marker.chrom == X for marker in markers):
        household.pedigree.ancestors_first(household.missing, X)


@contextmanager
def _places(names: Mapping[str, str]) -> Iterator[None]:
    """Tell a fault of a case at its place in an event."""
    try:
        yield
    except MalformedCase as fault:
        top, _, rest = fault.place.partition("/")
        place = "/".join(filter(None, (names.get(top, top), rest.lstrip("/"))))
        raise MalformedCase(place, fault.found, fault.expected) from None
