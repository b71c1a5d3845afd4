"""Our samples and families into the kinship core's values, and what it finds back.

Nothing else of this subject imports the core. Codes alone go in: no name, no number of a person.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations
from math import inf, log10
from typing import Any

from wayhome.bureau.comparisons.rules.pedigrees import MISSING, Member
from wayhome.bureau.comparisons.rules.profiles import EXCLUDED_FROM, SAME_FROM
from wayhome.bureau.comparisons.rules.search import (
    FLOOR,
    LINKED,
    MIN_LOG10_LR,
    MUTATION,
    POPULATION,
    SURPRISE_FROM,
    TABLE,
    THETA,
)
from wayhome.cores.kinship import (
    Case,
    KinshipError,
    Marker,
    Pedigree,
    Person,
    drawing,
    solve,
    unexplained,
)
from wayhome.cores.kinship.blind.families import Families, RemainsList
from wayhome.cores.kinship.blind.observed import Kit
from wayhome.cores.kinship.blind.pairs import RELATIONS, pairs, passes
from wayhome.cores.kinship.blind.search import Ready, Spent, search
from wayhome.cores.kinship.blind.strangers import expected
from wayhome.cores.kinship.cases import Linkage, read_genotype, read_markers, with_alleles_added
from wayhome.cores.kinship.formats import FaultyFile, detect, read, table_of
from wayhome.cores.kinship.power import power, read_question
from wayhome.cores.kinship.reading import At
from wayhome.cores.kinship.saying import SENTENCES, Sentences

__all__ = ["SENTENCES", "Family", "Found", "KinshipError", "Typed", "compare_all"]

WITHOUT = "\x1f"  # between a family's number and the code of who is left out
RELATED = "related"
COUNTED_FAMILIES = 12  # evenly chosen by shape; a second each at most
Genotypes = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Typed:
    """A profile: whose, by code; the sex that amelogenin tells, U if it does not."""

    code: str
    genotypes: Genotypes
    sex: str = "U"


@dataclass(frozen=True)
class Family:
    """A family by the number of its enquiry: its pedigree, and who of it is typed."""

    number: str
    members: tuple[Member, ...]
    typed: Mapping[str, Genotypes]  # by code

    def without(self, code: str) -> "Family":
        """The same family if this one had given no sample."""
        left = {one: profile for one, profile in self.typed.items() if one != code}
        return replace(self, number=f"{self.number}{WITHOUT}{code}", typed=left)

    def documents(self) -> list[dict[str, Any]]:
        return [one.as_document() for one in self.members]


@dataclass(frozen=True)
class Fit:
    """Remains and a family that fit from the threshold on; `left_out` are references by code."""

    remains: str
    family: str
    log10_lr: float
    markers: int
    left_out: tuple[str, ...] = ()
    theta: float = THETA  # with which the ratio was computed


@dataclass(frozen=True)
class Found:
    """What a search of all against all gives."""

    fits: list[Fit]
    expected: float  # pairs of strangers that reach the threshold
    not_computed: dict[str, str] = field(default_factory=dict)  # family → why


def read_profiles(content: bytes) -> dict[str, Any]:
    """What a laboratory's file holds, in any format of the core, with every fault by line."""
    try:
        form = detect(content)
        told = read(content, form)
    except FaultyFile as faulty:
        return {"faults": [one.as_dict() for one in faulty.faults]}
    return {
        "form": form,
        "genotypes": told.document.get("genotypes", {}),
        "sexes": told.document.get("sexes", {}),
        "faults": [one.as_dict() for one in told.faults],
        "notes": [str(note) for note in told.notes],
    }


@cache
def markers() -> tuple[Marker, ...]:
    """The autosomal markers of the bureau's table, with its mutation model."""
    return read_markers(
        At(
            [
                {
                    "name": name, "chrom": "A", "alleles": list(shares),
                    "freqs": list(shares.values()), "mutation": MUTATION,
                }
                for name, shares in table_of(TABLE).of(POPULATION).items()
            ]
        )
    )  # fmt: skip


def table_in_words() -> str:
    """Where the frequencies come from, for whoever must repeat it."""
    return table_of(TABLE).told(POPULATION, [one.name for one in markers()])


def _linkage() -> tuple[Linkage, ...]:
    return tuple(Linkage((one, other), share) for one, other, share in LINKED)


def _kit(*, linked: bool = True) -> Kit:
    """Without co-ancestry: the search sieves; what it finds is computed with it (`ratio_of`)."""
    return Kit.of(markers(), floor=FLOOR, linkage=_linkage() if linked else ())


def compare_all(remains: Sequence[Typed], families: Sequence[Family]) -> Found:
    """Every remains against every family, and against each family without one of its members.

    A family that fits clearly better without somebody is told without: either the kinship is
    another than was said, or a sample was mixed up.
    """
    kit, wrong = _kit(), dict[str, str]()
    list_ = RemainsList(kit)
    for one in remains:
        list_.add({"id": one.code, "sex": one.sex, "genotypes": one.genotypes})
    every = Families(kit)
    for family in _with_parts(families):
        try:
            every.add(_as_document(family))
        except KinshipError as fault:
            wrong[family.number.split(WITHOUT)[0]] = str(fault)
    kit.close()
    if not len(list_) or not len(every):
        return Found([], 0.0, wrong)
    spent = Spent()
    best = _best(_pairs(every, list_, spent))
    for family_of in spent.impossible:
        number, _, left_out = every.names[family_of.family][0].partition(WITHOUT)
        if not left_out:
            wrong.setdefault(number, family_of.why)
    return Found(best, _by_chance(every, list_), wrong)


def _with_parts(families: Sequence[Family]) -> Iterator[Family]:
    """Each family, and where several are typed each without one of them."""
    for family in families:
        yield family
        if len(family.typed) > 1:
            yield from (family.without(code) for code in family.typed)


def _as_document(family: Family) -> dict[str, Any]:
    return {
        "id": family.number, "missing": MISSING, "persons": family.documents(),
        "genotypes": family.typed,
    }  # fmt: skip


def _pairs(families: Families, remains: RemainsList, spent: Spent) -> Iterator[Fit]:
    for found in search(families, Ready.of(remains), MIN_LOG10_LR, spent=spent):
        for f, r, log10_lr, count in zip(
            found.family.tolist(), found.remains.tolist(), found.log10_lr.tolist(),
            found.markers.tolist(), strict=True,
        ):  # fmt: skip
            number, _, left_out = families.names[f][0].partition(WITHOUT)
            yield Fit(remains.names[r], number, log10_lr, count, (left_out,) if left_out else ())


def _best(fits: Iterable[Fit]) -> list[Fit]:
    """Of each pair the whole family, unless it fits clearly better without one."""
    whole: dict[tuple[str, str], Fit] = {}
    parts: dict[tuple[str, str], Fit] = {}
    for fit in fits:
        into, pair = (parts if fit.left_out else whole), (fit.remains, fit.family)
        if pair not in into or into[pair].log10_lr < fit.log10_lr:
            into[pair] = fit
    for pair, fit in parts.items():
        of_all = whole[pair].log10_lr if pair in whole else MIN_LOG10_LR
        if fit.log10_lr >= of_all + SURPRISE_FROM:
            whole[pair] = fit
    return sorted(whole.values(), key=lambda fit: (-fit.log10_lr, fit.remains, fit.family))


def _by_chance(families: Families, remains: RemainsList) -> float:
    """How many pairs of strangers reach the threshold in all, counted for a few families.

    Linked markers count as independent here: what they change is little, and takes most time.
    """
    kept = Families(Kit(families.kit.seen), families.names)
    order = [
        (shape, group, place)
        for shape, group in families.groups.items()
        for place, number in enumerate(group.families)
        if WITHOUT not in families.names[number][0]  # not those that lack a member
    ]
    step = -(-len(order) // COUNTED_FAMILIES)
    for shape, group, place in order[:: max(step, 1)]:
        width = len(shape.members) * len(families.kit)
        new = kept.groups.setdefault(shape, type(group)(shape))
        new.families.append(group.families[place])
        new.codes.extend(group.codes[place * width : (place + 1) * width])
    counted = sum(map(len, kept.groups.values()))
    return expected(kept, remains, MIN_LOG10_LR, {}).in_all * len(order) / max(counted, 1)


def same_persons(profiles: Sequence[Typed]) -> list[tuple[str, str, float]]:
    """Every two samples that look like one person's, with the log10 of the ratio."""
    kit = _kit(linked=False)
    listed = _listed(profiles, kit)
    kit.close()
    if len(listed) < 2:
        return []
    found = pairs(listed, RELATIONS["same"], SAME_FROM)
    return [(listed.names[one.a], listed.names[one.b], one.log10_lr) for one in found]


def same_between(ones: Sequence[Typed], others: Sequence[Typed]) -> list[tuple[str, str, float]]:
    """As `same_persons`, of these with those alone: neither is compared with its like."""
    kit = _kit(linked=False)
    first, second = _listed(ones, kit), _listed(others, kit)
    kit.close()
    if not len(first) or not len(second):
        return []
    ready = Ready.of(second)
    return [
        (first.names[a], second.names[b], log10_lr)
        for one in passes(first, [RELATIONS["same"]])
        for found in search(one.families, ready, SAME_FROM)
        for a, b, log10_lr in zip(
            found.family.tolist(), found.remains.tolist(), found.log10_lr.tolist(), strict=True
        )
    ]


def _listed(profiles: Sequence[Typed], kit: Kit) -> RemainsList:
    listed = RemainsList(kit)
    for one in profiles:
        listed.add({"id": one.code, "genotypes": one.genotypes})
    return listed


def same_in(family: Family) -> list[tuple[str, str, float]]:
    """Relatives with one profile, and log10 of how rare it is: twins, or one typed twice."""
    shares = {one.name: dict(zip(one.alleles, one.freqs, strict=True)) for one in markers()}
    return [
        (one, other, rare)
        for one, other in combinations(family.typed, 2)
        if (rare := _as_rare(family.typed[one], family.typed[other], shares)) >= SAME_FROM
    ]


def _as_rare(one: Genotypes, other: Genotypes, shares: Mapping[str, Mapping[str, float]]) -> float:
    """log10 of how rare a profile is that both have at every marker of both; 0 if they differ."""
    both = [name for name in one if name in other and name in shares]
    if any(sorted(one[name]) != sorted(other[name]) for name in both):
        return 0.0
    rare = 0.0
    for name in both:
        first, second = (max(shares[name].get(allele, 0.0), FLOOR) for allele in one[name])
        rare -= log10(first * second * (1 if len(set(one[name])) == 1 else 2))
    return rare


def excluded_in(family: Family) -> tuple[list[str], float] | None:
    """Who of a family is likelier no kin as stated, and by how much; None if nobody is.

    Of two alone it cannot be told which: both are named.
    """
    codes = [code for code in family.typed if _has_kin(family, code)]
    if len(codes) < 2:
        return None
    told = codes[:1] if len(codes) == 2 else codes
    try:
        log10_of = {code: _likelier_apart(family, code) for code in told}
    except KinshipError:
        return None
    worst = max(log10_of, key=lambda code: log10_of[code])
    if log10_of[worst] < EXCLUDED_FROM:
        return None
    return (codes if len(codes) == 2 else [worst]), log10_of[worst]


def _has_kin(family: Family, code: str) -> bool:
    """Whether anybody else who is typed is kin by descent: parents of one child are not."""
    above = {one.id: [one.father, one.mother] for one in family.members}

    def line(of: str) -> set[str]:
        found, waiting = set[str](), [of]
        while waiting:
            at = waiting.pop()
            if at and at not in found:
                found.add(at)
                waiting += above.get(at, [])
        return found

    return any(line(code) & line(other) for other in family.typed if other != code)


def _likelier_apart(family: Family, code: str) -> float:
    """log10 of how many times likelier these profiles are if one of them is a stranger's."""
    rest = {one: of for one, of in family.typed.items() if one != code}
    alone = _likelihood([Member(code, _sex(family, code))], {code: family.typed[code]})
    stated = _likelihood(family.members, family.typed)
    return alone + _likelihood(family.members, rest) - stated


def _sex(family: Family, code: str) -> str:
    return next((one.sex for one in family.members if one.id == code), "U")


def _likelihood(members: Sequence[Member], typed: Mapping[str, Genotypes]) -> float:
    """log10 of how likely these profiles are in this pedigree, by markers one by one and without
    co-ancestry."""
    case = _case({RELATED: members}, RELATED, typed)
    values = [one.value for one in solve(case).likelihoods[RELATED]]
    return sum(log10(value) if value else -inf for value in values)


def _pedigree(members: Iterable[Member]) -> Pedigree:
    persons = (Person(one.id, one.sex, one.father or None, one.mother or None) for one in members)
    return Pedigree(tuple(persons))


def _case(
    hypotheses: Mapping[str, Iterable[Member]],
    reference: str,
    typed: Mapping[str, Genotypes],
    *,
    linked: bool = False,
) -> Case:
    known = {one.name for one in markers()}
    told = {marker for profile in typed.values() for marker in profile} & known
    case = Case(
        "bench",
        {name: _pedigree(members) for name, members in hypotheses.items()},
        reference,
        tuple(one for one in markers() if one.name in told),
        {
            code: {
                marker: read_genotype(At(list(alleles)))
                for marker, alleles in profile.items()
                if marker in known
            }
            for code, profile in typed.items()
        },
        theta=THETA if linked else 0.0,
        linkage=tuple(pair for pair in _linkage() if linked and set(pair.markers) <= told),
    )
    return with_alleles_added(case, FLOOR)


def ratio_of(family: Family, remains: Typed, left_out: Iterable[str] = ()) -> float | None:
    """log10 of the ratio with co-ancestry and linked markers; None where that is too large.

    Then what the search found stands, for which nobody of the family is kin by old descent.
    """
    typed = {code: of for code, of in family.typed.items() if code not in set(left_out)}
    members = list(family.members)
    stranger = [replace(one, id=f"{MISSING} of the family") if one.id == MISSING else
                _renamed(one) for one in members]  # fmt: skip
    stranger.append(Member(MISSING, _sex(family, MISSING)))
    case = _case(
        {RELATED: members, "stranger": stranger}, "stranger",
        {**typed, MISSING: remains.genotypes}, linked=True,
    )  # fmt: skip
    try:
        return solve(case).log10_ratio(RELATED)
    except KinshipError:
        return None


def _renamed(one: Member) -> Member:
    """A child of the person sought, in a pedigree in which the remains are a stranger."""
    new = {MISSING: f"{MISSING} of the family"}
    return replace(
        one, father=new.get(one.father, one.father), mother=new.get(one.mother, one.mother)
    )


def against(family: Family, remains: Typed, left_out: Iterable[str] = ()) -> list[dict[str, Any]]:
    """What does not fit if the remains are the person sought: by marker, who, and how shown.

    Where living relatives do not fit each other, what the remains do not fit is looked for anew
    without them: the core tells one clash a marker.
    """
    typed = {code: of for code, of in family.typed.items() if code not in set(left_out)}
    clashes = _clashes(family, remains, typed)
    living = {code for one in clashes if MISSING not in one["persons"] for code in one["persons"]}
    if living:
        fewer = {code: of for code, of in typed.items() if code not in living}
        told = {one["marker"] for one in clashes if MISSING in one["persons"]}
        again = _clashes(family, remains, fewer)
        clashes += [one for one in again if one["marker"] not in told]
    missing = _sex(family, MISSING)
    if {remains.sex, missing} == {"M", "F"}:
        clash = {"marker": "AMEL", "persons": {MISSING: remains.sex}, "possible": False}
        return [clash, *clashes]
    return clashes


def _clashes(
    family: Family, remains: Typed, typed: Mapping[str, Genotypes]
) -> list[dict[str, Any]]:
    case = _case({RELATED: family.members}, RELATED, {**typed, MISSING: remains.genotypes})
    return [
        {"marker": one.marker, "persons": dict(one.persons), "possible": one.possible}
        for one in unexplained(case)
    ]


def why_not_computed(members: Sequence[Member]) -> str:
    """What the core says against a pedigree, in its own words; "" if nothing."""
    try:
        _pedigree(members)
    except KinshipError as fault:
        return str(fault)
    return ""


def picture(
    members: Sequence[Member], typed: Iterable[str], title: str, sentences: Sentences = SENTENCES
) -> str:
    """The pedigree drawn, as SVG. Raises KinshipError."""
    marks = drawing.Marks(typed=set(typed), missing={MISSING})
    return drawing.sheet({title: _pedigree(members)}, marks, title, sentences)


def in_words(
    members: Sequence[Member], typed: Iterable[str], sentences: Sentences = SENTENCES
) -> str:
    """The pedigree told. Raises KinshipError."""
    marks = drawing.Marks(typed=set(typed), missing={MISSING})
    return drawing.described(_pedigree(members), marks, sentences)


@dataclass(frozen=True)
class Next:
    """What one more sample would add, before anybody knows what it shows."""

    person: str
    gain: float  # log10 units, on average, if the remains are theirs
    mean_log10_lr: float
    reaches: float  # the share in which 10^4 is reached, if they are


def whom_to_ask(family: Family, remains: int) -> tuple[float, list[Next]]:
    """What the family can decide now (mean log10 of the ratio), and which relative adds most.

    Raises KinshipError for a family that cannot be.
    """
    untyped = [one.id for one in family.members if one.id != MISSING and one.id not in family.typed]
    question = read_question(
        {
            "schema": "wayhome-kinship-family/1", "id": "bench", "persons": family.documents(),
            "missing": MISSING, "theta": THETA, "candidates": untyped,
            "unknown_alleles": {"floor": FLOOR},
            "markers": _documents(), "genotypes": _known_only(family.typed),
        }
    )  # fmt: skip
    found = power(question, thresholds=(4.0,), remains=remains)
    told = [
        Next(
            one.persons[0], one.gain, one.power.mean_log10,
            one.power.reaching(4.0, missing=True).about,
        )
        for one in found.next
    ]  # fmt: skip
    return found.sets["all"].mean_log10, told


def _documents() -> list[dict[str, Any]]:
    table = table_of(TABLE).of(POPULATION)
    return [
        {
            "name": name, "chrom": "A", "alleles": list(shares), "freqs": list(shares.values()),
            "mutation": MUTATION,
        }
        for name, shares in table.items()
    ]  # fmt: skip


def _known_only(typed: Mapping[str, Genotypes]) -> dict[str, dict[str, list[str]]]:
    known = {one.name for one in markers()}
    return {
        code: {marker: list(of) for marker, of in profile.items() if marker in known}
        for code, profile in typed.items()
    }
