"""Many families of one shape at once.

Families of one shape differ only in what was seen of the same members. Their networks differ in
numbers only, so one plan serves them all, and each step of it is one operation on an array whose
first axis counts the families. Genotypes are given as places in the marker's alleles: an integer
array (families, members, 2); somebody with one copy has it twice.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .descent import Family, States
from .elimination import Table
from .evidence import Weight
from .faults import MalformedCase
from .likelihood import Written, network_of, without_order
from .markers import Indices, Marker
from .pedigree import Pedigree, Person
from .sources import rows_of, seen_alike

Genotypes = NDArray[np.integer]
# What is known of a pedigree at a marker in some of the families, by their part of the data.
Known = Callable[[Pedigree, Marker, NDArray[Any]], dict[str, States]]


@dataclass(frozen=True)
class Tables:
    """What each of many families says of every genotype of the one it misses, at one marker.

    Families that were seen alike share a row: the table of family f is row `row[f]`. `joint` (rows,
    alleles, alleles) is the probability of what was seen of the family and of his genotype
    together, both halves filled, a silent allele last; `stranger` that of the family and of the
    same genotype if it is a stranger's. Of one copy (a man's X) there is one axis of alleles.
    """

    joint: Table
    stranger: Table
    row: NDArray[np.intp]
    shown: int

    @cached_property
    def possible(self) -> NDArray[np.bool_]:
        """Which rows are of families that can be at all: of the others no ratio can be told."""
        axes = tuple(range(1, self.joint.ndim))
        return np.asarray((self.joint > 0).any(axis=axes) & (self.stranger > 0).any(axis=axes))

    @cached_property
    def ratios(self) -> Table:
        """The likelihood ratio of each genotype that a laboratory may report: (rows, alleles,
        alleles), or one axis of alleles for one copy.

        A homozygote that is reported may hide a silent allele. Rows that are not `possible` have 0
        everywhere.
        """
        above, below = self._reported(self.joint), self._reported(self.stranger)
        return np.divide(above, below, out=np.zeros_like(above), where=below > 0)

    def _reported(self, table: Table) -> Table:
        n = self.shown
        if table.ndim == 2:
            return table[:, :n]
        found = table[:, :n, :n].copy()
        places = np.arange(n)
        found[:, places, places] += table[:, :n, n:].sum(axis=2)
        return found


def tables(
    pedigree: Pedigree,
    marker: Marker,
    members: Sequence[str],
    genotypes: Genotypes,
    missing: str,
    *,
    theta: float = 0.0,
) -> Tables:
    """Every family's table for the genotypes of its missing member.

    Each family is peeled once, with him as root. With `theta` the stranger's alleles are drawn
    from the same urn as the family's founders', without it he is independent of them. Neither he
    nor his twin may be among the members: for that there is `genotype_table`.
    """
    _check(pedigree, marker, members, genotypes)
    _check_others(pedigree, members, missing)
    genotypes, row = _seen_alike(genotypes)
    return _tables(pedigree, marker, partial(_known, members), genotypes, row, missing, theta)


def tables_of(
    pedigree: Pedigree,
    marker: Marker,
    members: Sequence[str],
    seen: Sequence[Sequence[Weight]],
    which: Indices,
    missing: str,
    *,
    theta: float = 0.0,
) -> Tables:
    """As `tables`, whatever was seen: half a genotype, or a poor sample.

    `seen` has, for each member, the weights of all that is seen in any family of whoever stands in
    his place, and `which` (families, members) says which of these it is.
    """
    _check_others(pedigree, members, missing)
    every = {
        code: _padded(weights, founder=not any(pedigree.parents_of(first, marker.chrom)))
        for code, weights in zip(members, seen, strict=True)
        if pedigree.parents_of(first := pedigree.same_as[code], marker.chrom)
    }
    order = np.arange(len(which), dtype=np.intp)
    known = partial(_chosen, [every.get(code) for code in members], members)
    return _tables(pedigree, marker, known, which, order, missing, theta)


def _tables(
    pedigree: Pedigree,
    marker: Marker,
    known: Known,
    data: NDArray[Any],
    row: Indices,
    missing: str,
    theta: float,
) -> Tables:
    joint = _open(pedigree, marker, known, data, missing, theta)
    if theta:
        beside = with_stranger(pedigree, missing)
        stranger = _open(beside, marker, known, data, missing, theta)
    else:
        own = _own_shares(marker, pedigree[missing].sex)
        # Over genotypes without order: each pair of different alleles stands in both halves.
        whole = np.triu(joint) if joint.ndim == 3 else joint
        stranger = own * whole.sum(axis=tuple(range(1, joint.ndim)), keepdims=True)
    return Tables(joint, stranger, row, marker.locus.shown)


def likelihoods(
    pedigree: Pedigree,
    marker: Marker,
    members: Sequence[str],
    genotypes: Genotypes,
    *,
    theta: float = 0.0,
) -> Table:
    """The likelihood of each family, (families,): as `likelihood`, for all of them together."""
    _check(pedigree, marker, members, genotypes)
    genotypes, row = _seen_alike(genotypes)
    found = _run(pedigree, marker, partial(_known, members), genotypes, (), theta)
    return np.concatenate([np.zeros(0), *found])[row]


def joint_likelihoods(
    pedigree: Pedigree,
    markers: tuple[Marker, Marker],
    members: tuple[Sequence[str], Sequence[str]],
    genotypes: tuple[Genotypes, Genotypes],
    recombination: float,
    *,
    theta: float = 0.0,
) -> Table:
    """The likelihood of each family at two linked markers, (families,): as `joint_likelihood`.

    At each marker other members may be typed; `genotypes` has as many families at both.
    """
    found, row = _jointly(pedigree, markers, members, genotypes, recombination, theta, ())
    return np.concatenate([np.zeros(0), *found])[row]


def joint_tables(
    pedigree: Pedigree,
    markers: tuple[Marker, Marker],
    members: tuple[Sequence[str], Sequence[str]],
    genotypes: tuple[Genotypes, Genotypes],
    recombination: float,
    missing: str,
    *,
    theta: float = 0.0,
) -> Iterator[tuple[Table, NDArray[np.intp]]]:
    """As `joint_genotype_table` for each family, so many at a time as the memory allows: their
    tables (families, alleles...), and which families they are. Each family comes once."""
    found, row = _jointly(pedigree, markers, members, genotypes, recombination, theta, (missing,))
    order, first = np.argsort(row, kind="stable"), 0
    edges = np.searchsorted(row[order], np.arange(row.max(initial=-1) + 2))
    for part in found:
        every = order[edges[first] : edges[first + len(part)]]
        yield without_order(part, 2)[row[every] - first], every
        first += len(part)


def _jointly(
    pedigree: Pedigree,
    markers: tuple[Marker, Marker],
    members: tuple[Sequence[str], Sequence[str]],
    genotypes: tuple[Genotypes, Genotypes],
    recombination: float,
    theta: float,
    opened: tuple[str, ...],
) -> tuple[Iterator[Table], NDArray[np.intp]]:
    """The sums of the different families at two linked markers, and which of them each is."""
    for marker, typed, some in zip(markers, members, genotypes, strict=True):
        _check(pedigree, marker, typed, some)
    split = len(members[0])
    both, row = _seen_alike(np.concatenate(genotypes, axis=1))

    def written(some: Genotypes) -> Written:
        parts = some[:, :split], some[:, split:]
        one, other = (
            Family(
                *(pedigree, marker.locus, _known(typed, pedigree, marker, part, ordered=ordered)),
                *(theta, opened),
            )
            for marker, typed, part, ordered in zip(
                markers, members, parts, (False, True), strict=True
            )
        )
        return Written.linked(one, other, recombination)

    if not len(both):
        return iter(()), row
    return _in_turns(both, written(_first_two(both)), written), row


def _seen_alike(genotypes: Genotypes) -> tuple[Genotypes, NDArray[np.intp]]:
    """The different families, genotypes without order, and which of them each family is."""
    ordered = np.sort(genotypes, axis=2)
    families, members, copies = ordered.shape
    different, row = seen_alike(ordered.reshape(families, members * copies))
    return different.reshape(len(different), members, copies), row


def _open(
    pedigree: Pedigree,
    marker: Marker,
    known: Known,
    data: NDArray[Any],
    missing: str,
    theta: float,
) -> Table:
    copies = len(pedigree.parents_of(pedigree.same_as[missing], marker.chrom))
    none = np.zeros((0, *[len(marker.locus)] * copies))
    parts = _run(pedigree, marker, known, data, (missing,), theta)
    return without_order(np.concatenate([none, *parts]))


@lru_cache(maxsize=1024)
def _own_shares(marker: Marker, sex: str) -> Table:
    """How often each genotype is met in somebody of whom nothing is known, (1, alleles...)."""
    alone = Pedigree((Person("own", sex),))
    nobody = np.zeros((1, 0, 2), dtype=np.intp)
    return _open(alone, marker, partial(_known, ()), nobody, "own", 0.0)


def with_stranger(pedigree: Pedigree, missing: str) -> Pedigree:
    """The pedigree with an unseen member in the place of the missing, who is nobody's kin."""
    renamed = {person.id: person.id for person in pedigree} | {missing: f"{missing} of the family"}

    def new(code: str | None) -> str | None:
        return None if code is None else renamed[code]

    persons = tuple(
        Person(renamed[p.id], p.sex, new(p.father), new(p.mother), p.inbreeding, p.inbreeding_x)
        for p in pedigree
    )
    twins = tuple(tuple(renamed[code] for code in group) for group in pedigree.twins)
    return Pedigree((*persons, Person(missing, pedigree[missing].sex)), twins)


def _run(
    pedigree: Pedigree,
    marker: Marker,
    known: Known,
    data: NDArray[Any],
    opened: tuple[str, ...],
    theta: float,
) -> Iterator[Table]:
    """The sums of all families, each opened where it is."""

    def family(some: NDArray[Any]) -> Family:
        return Family(pedigree, marker.locus, known(pedigree, marker, some), theta, opened)

    if len(data):
        first_two = network_of(family(_first_two(data)))
        yield from _in_turns(data, first_two, lambda some: first_two.alike(family(some)))


def _first_two(data: NDArray[Any]) -> NDArray[Any]:
    """Two families, which are written and summed as many are; of one, that one."""
    return data[[0, 0]] if len(data) > 1 else data


def _in_turns(
    data: NDArray[Any], first_two: Written, written: Callable[[NDArray[Any]], Written]
) -> Iterator[Table]:
    """The sums of as many families at a time as the memory allows."""
    for first in range(0, len(data), first_two.at_once):
        some = data[first : first + first_two.at_once]
        network = first_two if len(data) == 1 else written(some)
        table, exponent = network.total()
        table = np.ldexp(table, exponent.reshape(-1, *[1] * (table.ndim - 1)))
        yield np.broadcast_to(table, (len(some), *table.shape[1:]))


def _check(
    pedigree: Pedigree, marker: Marker, members: Sequence[str], genotypes: Genotypes
) -> None:
    if genotypes.ndim != 3 or genotypes.shape[1:] != (len(members), 2):
        raise MalformedCase(
            "genotypes", f"an array {genotypes.shape}", f"(families, {len(members)}, 2)"
        )
    if len({pedigree.same_as[code] for code in members}) < len(members):
        raise MalformedCase("members", "twins both, or somebody twice", "one of each")
    if genotypes.size and not 0 <= genotypes.min() <= genotypes.max() < len(marker.alleles):
        raise MalformedCase(
            "genotypes", "an allele out of range", f"0 to {len(marker.alleles) - 1}"
        )


def _check_others(pedigree: Pedigree, members: Sequence[str], missing: str) -> None:
    if pedigree.same_as[missing] in {pedigree.same_as[code] for code in members}:
        raise MalformedCase("members", f"the missing {missing!r}, or his twin", "others than he")


def _padded(weights: Sequence[Weight], *, founder: bool) -> States:
    """Weights of genotypes as rows of states, as many for each."""
    every = [States.of_weight(weight) for weight in weights]
    every = [one.without_order() for one in every] if founder else every
    room = max(one.weight.shape[1] for one in every)

    def rows(arrays: Iterable[NDArray[Any]]) -> NDArray[Any]:
        return np.concatenate([np.pad(a, ((0, 0), (0, room - a.shape[1]))) for a in arrays])

    copies = range(len(every[0].genes))
    genes = tuple(rows(one.genes[copy] for one in every) for copy in copies)
    return States(genes, rows(one.weight for one in every))


def _chosen(
    every: Sequence[States | None],
    members: Sequence[str],
    pedigree: Pedigree,
    marker: Marker,
    which: Indices,
) -> dict[str, States]:
    """The states of each member for each different thing that is seen of him."""
    found = {}
    for number, (code, states) in enumerate(zip(members, every, strict=True)):
        if states is None:
            continue
        rows, chosen = None, which[:, number]
        if len(which) > 1:
            rows = rows_of(chosen, len(states.weight))
            chosen = chosen[rows.first]
        genes = tuple(gene[chosen] for gene in states.genes)
        most = 1 << (len(states.weight) - 1).bit_length()
        found[pedigree.same_as[code]] = States(genes, states.weight[chosen], rows, most)
    return found


def _known(
    members: Sequence[str],
    pedigree: Pedigree,
    marker: Marker,
    genotypes: Genotypes,
    *,
    ordered: bool = False,
) -> dict[str, States]:
    """The states of each member for each genotype that any family has: as many for a homozygote
    as for others, so that all rows have one shape; those too many weigh nothing. A founder's two
    genes bear no order unless they must."""
    found, size = {}, len(marker.alleles)
    for number, code in enumerate(members):
        first = pedigree.same_as[code]
        parents = pedigree.parents_of(first, marker.chrom)
        pairs = genotypes[:, number].astype(np.intp)
        rows = None
        if len(pairs) > 1:
            rows = rows_of(pairs @ np.array([size, 1]), size**2)
            pairs = pairs[rows.first]
        one, other = pairs.T
        if len(parents) == 2:
            apart = ordered or any(parents)
            states = _states(one, other, marker, ordered=apart)
            found[first] = replace(states, rows=rows, most=size * (size + 1) // 2)
        elif parents:
            if (one != other).any():
                raise MalformedCase("genotypes", f"two alleles of {code!r}", "one, told twice")
            found[first] = States((one[:, None],), np.ones((len(one), 1)), rows, size)
    return found


def _states(one: Indices, other: Indices, marker: Marker, *, ordered: bool) -> States:
    same = one == other
    ways = [(one, other, np.ones(len(one)))]
    different = np.where(same, 0.0, 1.0)
    if ordered:
        ways.append((other, one, different))
    else:
        ways[0] = (one, other, 1.0 + different)
    if marker.silent:
        silent = np.full_like(one, marker.locus.shown)
        hidden = np.where(same, 1.0 if ordered else 2.0, 0.0)
        ways.append((one, silent, hidden))
        if ordered:
            ways.append((silent, one, hidden))
    first, second, weight = (np.stack(column, axis=1) for column in zip(*ways, strict=True))
    return States((first, second), weight)
