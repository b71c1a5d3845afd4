"""Cases: what was seen of whom, and the pedigrees that might explain it.

The schema `wayhome-kinship-case/1` and its extensions are written down in docs/methods/kinship.md,
section 8. A case that means nothing is refused with its place and with what was expected there.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from typing import Any

from .evidence import ANY, Detection, Genotype, Observation
from .faults import MalformedCase
from .markers import Marker
from .mutation import MODELS, ROWS_SUM_TO_ONE_WITHIN, TRANSFORMS, MutationModel, transition_matrix
from .pedigree import AUTOSOME, MITOCHONDRIA, SEXES, Pedigree, Person, X, Y
from .reading import At
from .saying import Said

SCHEMA = "wayhome-kinship-case/1"
MATRIX_SCHEMA = "wayhome-mutmat/1"
OTHERS = "(others)"  # all haplotypes that a table of haplotypes does not name
PARAMETERS = {
    "equal": ("rate",),
    "proportional": ("rate",),
    "onestep": ("rate",),
    "stepwise": ("rate", "rate2", "range"),
    "dawid": ("rate", "range"),
    "custom": ("matrix",),
}
# Pairs of the common kits that lie so near on one chromosome that families show it:
# docs/methods/kinship.md, sources 8 and 9.
KNOWN_LINKED = (
    ("vWA", "D12S391"),
    ("D5S818", "CSF1PO"),
    ("D21S11", "Penta D"),
    ("SE33", "D6S1043"),
)
CASE_KEYS = (
    *("schema", "id", "hypotheses", "reference", "theta", "markers", "genotypes", "evidence"),
    *("linkage", "unknown_alleles", "lineages", "frequencies"),
    *("category", "description", "expected", "source"),
)


@dataclass(frozen=True)
class Linkage:
    """Two markers that are passed on together but for recombination."""

    markers: tuple[str, str]
    recombination: float


@dataclass(frozen=True)
class Lineage:
    """Haplotypes that come down whole, by the father (Y) or the mother (mitochondria).

    The marker's alleles are the haplotypes; `theta` is its own, since lines of descent are more
    alike than autosomes.
    """

    marker: Marker
    theta: float
    profiles: Mapping[str, str]


@dataclass(frozen=True)
class Case:
    """A whole case. `added` are alleles that no table had; `notes` what a reader should know."""

    id: str
    hypotheses: Mapping[str, Pedigree]
    reference: str
    markers: tuple[Marker, ...]
    genotypes: Mapping[str, Mapping[str, Genotype]]
    evidence: Mapping[str, Mapping[str, Detection]] = field(default_factory=dict)
    theta: float = 0.0
    linkage: tuple[Linkage, ...] = ()
    lineages: tuple[Lineage, ...] = ()
    frequencies: str = ""
    added: tuple[tuple[str, str, float], ...] = ()
    notes: tuple[str, ...] = ()

    @cached_property
    def linked_to(self) -> dict[str, Linkage]:
        """For the first marker, in the order of the case, of each linked pair: the pair."""
        order = [marker.name for marker in self.markers]
        return {min(pair.markers, key=order.index): pair for pair in self.linkage}

    def seen(self, marker: str) -> dict[str, list[Observation]]:
        """All that was seen at a marker, by person."""
        found: dict[str, list[Observation]] = {}
        for source in (self.genotypes, self.evidence):
            for person, profile in source.items():
                if marker in profile:
                    found.setdefault(person, []).append(profile[marker])
        return found


def read_case(document: Any) -> Case:
    """A case out of a JSON document. Raises MalformedCase."""
    at = At(document)
    at.get("schema").one_of([SCHEMA])
    notes = [Said("not read", part=key) for key in at.knows(CASE_KEYS)]
    markers = read_markers(at.get("markers"))
    hypotheses = {name: read_pedigree(one) for name, one in at.get("hypotheses").items()}
    if not hypotheses:
        raise at.get("hypotheses").wrong("one hypothesis or more")
    case = Case(
        id=at.get("id").text(),
        hypotheses=hypotheses,
        reference=at.get("reference").one_of(hypotheses),
        markers=markers,
        genotypes={
            person: {name: read_genotype(one) for name, one in profile.items()}
            for person, profile in at.get("genotypes").items()
        },
        evidence={p: read_detected(one) for p, one in optional(at, "evidence")},
        theta=read_theta(at),
        linkage=read_linkage(at),
        lineages=read_lineages(at),
        frequencies=read_source(at),
    )
    floor = read_floor(at)
    case = with_alleles_added(case, floor) if floor else case
    check(case)
    return replace(case, notes=(*notes, *not_used(case), *linked_but_not_declared(case)))


def read_markers(at: At) -> tuple[Marker, ...]:
    """The markers of a case, or a list of markers by itself."""
    markers = tuple(_marker(one) for one in at)
    if not markers:
        raise at.wrong("one marker or more")
    for number, marker in enumerate(markers):
        if marker.name in {other.name for other in markers[:number]}:
            raise At(marker.name, f"{at.place}/{number}/name").wrong("each marker once")
    return markers


def read_model(at: At) -> MutationModel:
    """One sex's mutation model."""
    name = at.get("model").one_of(MODELS)
    parameters = PARAMETERS[name]
    for key in at.knows(("model", "transform", *parameters, *_idle(at, parameters))):
        raise MalformedCase(key, f"{name} has no such parameter", ", ".join(parameters))
    numbers = {
        key: at.get(key).number(0, 1, open_below=key == "range")
        for key in parameters
        if key != "matrix"
    }
    matrix = tuple(map(_row, at.get("matrix"))) if name == "custom" else ()
    for number, row in enumerate(matrix):
        if len(row) != len(matrix):
            raise At(None, f"{at.place}/matrix/{number}").wrong(
                f"{len(matrix)}, as many as rows", f"{len(row)} numbers"
            )
    transform = at.get("transform").one_of(TRANSFORMS) if at.has("transform") else ""
    return MutationModel(name, **numbers, matrix=matrix, transform=transform)


def _idle(at: At, parameters: Collection[str]) -> list[str]:
    """What pedmut writes beside every model, and what then means nothing: rate2 0, and a range."""
    stands = {"rate2": at.object().get("rate2") == 0, "range": at.has("range")}
    return [
        key for key, idle in stands.items() if idle and {"rate", key} - set(parameters) == {key}
    ]


def read_matrices(document: Any) -> list[dict[str, Any]]:
    """Of one mutation model, or of each in a file of several, its alleles and its matrix."""
    at = At(document)
    if at.has("schema"):
        at.get("schema").one_of([MATRIX_SCHEMA])
    return [_matrix(one) for one in at.get("cases")] if at.has("cases") else [_matrix(at)]


def _matrix(at: At) -> dict[str, Any]:
    at.knows(("schema", "marker", "alleles", "freqs", "model", "matrix"))
    alleles = tuple(one.text() for one in at.get("alleles"))
    freqs = tuple(one.number(0, 1, open_below=True) for one in at.get("freqs"))
    model = read_model(at.get("model"))
    if model.matrix and len(model.matrix) != len(alleles):
        raise (
            at.get("model")
            .get("matrix")
            .wrong(f"{len(alleles)}, one an allele", f"{len(model.matrix)} rows")
        )
    try:
        Marker("a model by itself", alleles, freqs)
        matrix = transition_matrix(model, alleles, freqs)
    except MalformedCase as fault:
        within = fault.place.partition("/")[0] in ("alleles", "freqs")
        raise fault.under(at.place if within else f"{at.place}/model".strip("/")) from None
    return {"alleles": list(alleles), "matrix": matrix.tolist()}


def _row(at: At) -> tuple[float, ...]:
    row = tuple(one.number(0, 1) for one in at)
    if abs(sum(row) - 1) > ROWS_SUM_TO_ONE_WITHIN:
        raise at.wrong("a row that sums to 1", f"a sum of {sum(row):.9g}")
    return row


def _marker(at: At) -> Marker:
    at.knows(("name", "chrom", "alleles", "freqs", "mutation", "silent_freq"))
    maternal, paternal = _mutation(at)
    alleles = tuple(one.text() for one in at.get("alleles"))
    for role, model in (("female", maternal), ("male", paternal)):
        if model and model.matrix and len(model.matrix) != len(alleles):
            raise At(None, f"{at.place}/mutation/{role}/matrix").wrong(
                f"{len(alleles)}, one an allele", f"{len(model.matrix)} rows"
            )
    if ANY in alleles:
        raise at.get("alleles").wrong(f"no allele called {ANY}, which means any")
    try:
        return Marker(
            name=at.get("name").text(),
            alleles=alleles,
            freqs=tuple(one.number(0, 1, open_below=True) for one in at.get("freqs")),
            chrom=at.get("chrom").one_of((AUTOSOME, X)),
            maternal=maternal,
            paternal=paternal,
            silent=at.get("silent_freq").number(0, 1) if at.has("silent_freq") else 0.0,
        )
    except MalformedCase as fault:
        raise _once_under(at.place, fault) from None


def _once_under(place: str, fault: MalformedCase) -> MalformedCase:
    return fault if place and fault.place.startswith(f"{place}/") else fault.under(place)


def _mutation(at: At) -> tuple[MutationModel | None, MutationModel | None]:
    if not at.has("mutation"):
        return None, None
    mutation = at.get("mutation")
    for key in mutation.knows(("female", "male")):
        raise MalformedCase(key, "an unknown key", "female and male")
    female, male = mutation.get("female"), mutation.get("male")
    return (
        read_model(female) if female.value is not None else None,
        read_model(male) if male.value is not None else None,
    )


def read_pedigree(at: At) -> Pedigree:
    at.knows(("persons", "mz_twins"))
    persons = tuple(map(_person, at.get("persons")))
    if not persons:
        raise at.get("persons").wrong("one person or more")
    twins: tuple[tuple[str, ...], ...] = ()
    if at.has("mz_twins"):
        twins = tuple(tuple(code.text() for code in group) for group in at.get("mz_twins"))
    try:
        return Pedigree(persons, twins)
    except MalformedCase as fault:
        raise fault.under(at.place) from None


def _person(at: At) -> Person:
    keys = ("id", "sex", "father", "mother", "founder_inbreeding", "founder_inbreeding_x")
    at.knows(keys)
    father, mother = (at.get(key).text() if at.has(key) else None for key in ("father", "mother"))
    inbreeding, inbreeding_x = (
        at.get(key).number(0, 1) if at.has(key) else 0.0 for key in keys[-2:]
    )
    sex = at.get("sex").one_of(SEXES)
    return Person(at.get("id").text(), sex, father, mother, inbreeding, inbreeding_x)


def read_genotype(at: At) -> Genotype:
    alleles = tuple(one.text() for one in at)
    if len(alleles) != 2:
        raise at.wrong(
            f"two, the second like the first if there is one copy, {ANY} if unseen",
            f"{len(alleles)} alleles",
        )
    return Genotype(alleles)


def read_detected(at: At) -> dict[str, Detection]:
    at.knows(("model", "d", "d_hom", "drop_in", "alleles"))
    at.get("model").one_of(["per_allele_bernoulli"])
    chances = [at.get(key).number(0, 1) for key in ("d", "d_hom", "drop_in")]
    found = {}
    for marker, alleles in at.get("alleles").items():
        names = [one.text() for one in alleles]
        if len(set(names)) < len(names):
            raise alleles.wrong("each allele once")
        found[marker] = Detection(frozenset(names), *chances)
    return found


def optional(at: At, key: str) -> Iterable[tuple[str, At]]:
    return at.get(key).items() if at.has(key) else ()


def read_theta(at: At) -> float:
    theta = at.get("theta").number(0, 1) if at.has("theta") else 0.0
    if theta == 1:
        raise at.get("theta").wrong("a number below 1")
    return theta


def read_floor(at: At) -> float:
    if not at.has("unknown_alleles"):
        return 0.0
    unknown = at.get("unknown_alleles")
    for key in unknown.knows(("floor",)):
        raise MalformedCase(key, "an unknown key", "floor")
    return unknown.get("floor").number(0, 0.5, open_below=True)


def read_source(at: At) -> str:
    """Where the frequencies come from, in words."""
    return at.get("frequencies").text() if at.has("frequencies") else ""


def read_linkage(at: At) -> tuple[Linkage, ...]:
    return tuple(map(_linkage, at.get("linkage"))) if at.has("linkage") else ()


def _linkage(at: At) -> Linkage:
    at.knows(("markers", "recombination"))
    names = tuple(one.text() for one in at.get("markers"))
    if len(names) != 2 or names[0] == names[1]:
        raise at.get("markers").wrong("two different markers")
    return Linkage((names[0], names[1]), at.get("recombination").number(0, 0.5))


# Haplotypes


def read_lineages(at: At) -> tuple[Lineage, ...]:
    """The lineages of a case, each with whose haplotype is which."""
    return tuple(map(_lineage, at.get("lineages"))) if at.has("lineages") else ()


def _lineage(at: At) -> Lineage:
    table = read_lineage(at, ("profiles",))
    return replace(table, profiles=read_haplotypes(at.get("profiles"), table.marker))


def read_haplotypes(at: At, marker: Marker) -> dict[str, str]:
    """Whose haplotype is which, by code."""
    return {code: one.one_of(marker.alleles) for code, one in at.items()}


def read_lineage(at: At, more: Collection[str] = ()) -> Lineage:
    """The table of one kind of haplotype, of nobody yet; `more` keys are for others to read."""
    keys = (*LINEAGE_KEYS, *more)
    for key in at.knows(keys):
        raise MalformedCase(key, "an unknown key", ", ".join(keys))
    shares = _haplotype_shares(at)
    rest = 1 - sum(shares.values())
    if rest > 1e-12:
        shares[OTHERS] = rest
    elif rest < -1e-9:
        raise at.get("frequencies").wrong("a sum of 1 at most", f"a sum of {1 - rest:.9g}")
    rate = at.get("mutation").get("rate").number(0, 1) if at.has("mutation") else 0.0
    model = MutationModel("custom", matrix=_haplotypes_changing(list(shares.values()), rate))
    chrom = at.get("chrom").one_of((Y, MITOCHONDRIA))
    marker = Marker(
        at.get("name").text(), tuple(shares), tuple(shares.values()), chrom, model, model
    )
    return Lineage(marker, read_theta(at), {})


LINEAGE_KEYS = ("name", "chrom", "frequencies", "database", "mutation", "theta")


def _haplotype_shares(at: At) -> dict[str, float]:
    """The share of each haplotype, given or counted.

    Counted c times among N: (c + 1) / (N + 1), the person himself counted in.
    """
    if at.has("frequencies") == at.has("database"):
        raise at.wrong("one of the two", "frequencies and database both, or neither")
    if at.has("frequencies"):
        named = at.get("frequencies").items()
        return {name: one.number(0, 1, open_below=True) for name, one in named}
    database = at.get("database")
    size = _count(database.get("size"))
    counts = {name: _count(one) for name, one in database.get("counts").items()}
    if sum(counts.values()) > size:
        raise database.get("counts").wrong(f"{size} at most", f"{sum(counts.values())} in all")
    if not size:
        raise database.get("size").wrong("one haplotype or more")
    return {name: (count + 1) / (size + 1) for name, count in counts.items()}


def _count(at: At) -> int:
    if isinstance(at.value, bool) or not isinstance(at.value, int) or at.value < 0:
        raise at.wrong("a whole number from 0")
    return at.value


def _haplotypes_changing(shares: list[float], rate: float) -> tuple[tuple[float, ...], ...]:
    """Every haplotype changes at this rate, into others by their shares."""
    if len(shares) == 1:
        return ((1.0,),)
    return tuple(
        tuple(
            1 - rate if i == j else rate * share / (1 - shares[i]) for j, share in enumerate(shares)
        )
        for i in range(len(shares))
    )


# What must hold between the parts of a case


def with_alleles_added(case: Case, floor: float) -> Case:
    """The case with every allele that no table has added at the floor."""
    markers: list[Marker] = []
    added: list[tuple[str, str, float]] = []
    for number, marker in enumerate(case.markers):
        named = {
            allele
            for observations in case.seen(marker.name).values()
            for one in observations
            for allele in one.named()
        }
        unknown = sorted(named - set(marker.alleles))
        try:
            markers.append(marker.with_floor(unknown, floor) if unknown else marker)
        except MalformedCase as fault:
            raise fault.under(f"markers/{number}") from None
        added.extend((marker.name, allele, floor) for allele in unknown)
    return replace(case, markers=tuple(markers), added=tuple(added))


def check(case: Case) -> None:
    """Raise MalformedCase unless the parts of a case fit each other."""
    by_name = {marker.name: marker for marker in case.markers}
    for source, place in ((case.genotypes, "genotypes"), (case.evidence, "evidence")):
        for person, profile in source.items():
            _check_person(case, person, f"{place}/{person}")
            for name, observation in profile.items():
                at = f"{place}/{person}/" + ("alleles/" if place == "evidence" else "") + name
                if name in by_name:
                    _check_observation(case, by_name[name], person, observation, at)
    for number, lineage in enumerate(case.lineages):
        for person in lineage.profiles:
            at = f"lineages/{number}/profiles/{person}"
            _check_person(case, person, at)
            if lineage.marker.chrom == Y and _sex(case, person) != "M":
                raise MalformedCase(at, f"{person!r} is not a man", "a Y haplotype of men only")
    check_linkage(case, by_name)
    _check_sexes(case)


def _sex(case: Case, person: str) -> str:
    return case.hypotheses[case.reference][person].sex


def _check_person(case: Case, person: str, place: str) -> None:
    for name, pedigree in case.hypotheses.items():
        if person not in pedigree:
            raise MalformedCase(
                place, f"{person!r} is not in {name}", "persons who are in every hypothesis"
            )
    for name, pedigree in case.hypotheses.items():
        if pedigree[person].sex != _sex(case, person):
            raise MalformedCase(
                place,
                f"{person!r} is {pedigree[person].sex} in {name}, "
                f"{_sex(case, person)} in {case.reference}",
                "one sex",
            )


def _check_observation(
    case: Case, marker: Marker, person: str, observation: Observation, place: str
) -> None:
    for allele in sorted(observation.named()):
        if allele not in marker.index:
            raise MalformedCase(
                place,
                f"allele {allele!r} is not in the table of {marker.name}",
                "an allele of the table, or unknown_alleles with a floor",
            )
    if marker.chrom != X:
        return
    if _sex(case, person) == "U":
        raise MalformedCase(place, f"an X marker of {person!r} of unknown sex", "sex M or F")
    one_copy = isinstance(observation, Genotype) and _sex(case, person) == "M"
    if one_copy and len(set(observation.alleles)) > 1:
        shown = "/".join(observation.alleles)
        raise MalformedCase(place, f"{shown} of a man", "one X allele, told twice")


def _check_sexes(case: Case) -> None:
    """Whoever passes on an X or Y chromosome to somebody typed has a known sex."""
    typed = [(X, list(case.seen(marker.name))) for marker in case.markers if marker.chrom == X]
    typed += [(lineage.marker.chrom, list(lineage.profiles)) for lineage in case.lineages]
    for name, pedigree in case.hypotheses.items():
        for chrom, persons in typed:
            try:
                pedigree.ancestors_first(persons, chrom)
            except MalformedCase as fault:
                raise fault.under(f"hypotheses/{name}") from None


def check_linkage(case: Case, by_name: Mapping[str, Marker]) -> None:
    """Raise MalformedCase unless the linked pairs are markers of one chromosome, each in one."""
    used: set[str] = set()
    for number, pair in enumerate(case.linkage):
        place = f"linkage/{number}/markers"
        for name in pair.markers:
            if name not in by_name:
                raise MalformedCase(place, f"no marker {name!r}", "names of markers")
            if name in used:
                raise MalformedCase(place, f"{name!r} in two pairs", "each marker in one pair")
            used.add(name)
        if len({by_name[name].chrom for name in pair.markers}) > 1:
            raise MalformedCase(place, "an autosomal and an X marker", "one chromosome")
    founders = (person for pedigree in case.hypotheses.values() for person in pedigree)
    if case.linkage and any(one.inbreeding or one.inbreeding_x for one in founders):
        raise MalformedCase(
            "linkage", "inbred founders", "no inbred founders: their phases would not be defined"
        )


def not_used(case: Case) -> list[str]:
    """Markers that a profile has and the case has not: no frequencies, no use."""
    known = {marker.name for marker in case.markers}
    typed = {
        name
        for source in (case.genotypes, case.evidence)
        for profile in source.values()
        for name in profile
    }
    return [Said("not used", marker=name) for name in sorted(typed - known)]


def linked_but_not_declared(case: Case) -> tuple[str, ...]:
    declared = {frozenset(pair.markers) for pair in case.linkage}
    names = {marker.name.upper(): marker.name for marker in case.markers}
    notes = []
    for pair in KNOWN_LINKED:
        here = [names.get(name.upper()) for name in pair]
        if all(here) and frozenset(here) not in declared:
            notes.append(Said("not declared", one=pair[0], other=pair[1]))
    on_x = [marker.name for marker in case.markers if marker.chrom == X]
    if any(frozenset(pair) not in declared for pair in combinations(on_x, 2)):
        notes.append(Said("x apart"))
    return tuple(notes)
