"""A family's genes at one marker, as a network of tables.

Variables are the states of persons and genes, tables the chances of founders' alleles, of their
passage from parent to child, and of what was seen. docs/methods/kinship.md, section 2, derives it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import numpy as np

from .elimination import LARGEST_TABLE, Network, Table
from .faults import TooLarge
from .markers import Indices, Locus
from .pedigree import Pedigree, X, Y
from .sources import FAMILIES, NOTHING, Rows, Which

LARGEST_COANCESTRY_TABLE = LARGEST_TABLE // 16


@dataclass(frozen=True)
class States:
    """The genotypes that somebody may have, and the weight of each.

    `genes` has one array (rows or 1, states) for each copy, the father's first; `rows` says which
    row each of many families has, and `most` how many there may be.
    """

    genes: tuple[Indices, ...]
    weight: Table
    rows: Rows | None = None
    most: int = 1

    @classmethod
    def of_weight(cls, weight: Table) -> "States":
        """Of the weight of every genotype, those that are possible."""
        genes = np.nonzero(weight)
        if not len(genes[0]):
            genes = tuple(np.zeros(1, dtype=np.intp) for _ in range(weight.ndim))
        return cls(tuple(g[None] for g in genes), weight[genes][None])

    def without_order(self) -> "States":
        """Each pair of alleles once, with the weight of both orders."""
        if len(self.genes) == 1:
            return self
        one, other = self.genes
        kept = (one <= other)[0]
        twice = np.where(one == other, 1.0, 2.0)
        return States((one[:, kept], other[:, kept]), (self.weight * twice)[:, kept])


@dataclass(frozen=True)
class Gene:
    """One copy: the variable it depends on, and its allele in each state of it, (rows or 1,
    states)."""

    variable: int
    allele: Indices
    hangs_on: Which = NOTHING


@dataclass(frozen=True)
class Family:
    """Everything that a network is made of: who descends from whom, and what is known of whom.

    `known` has, for each person of whom something is known, the weight of every genotype, or the
    States of each of many families, a founder's without order. The genotypes of the `opened` stay
    open. With `shares` (points, alleles) the founders' alleles have these instead of the marker's,
    and the alleles of founders that are known for certain are already weighed.
    """

    pedigree: Pedigree
    locus: Locus
    known: Mapping[str, States | Table]
    theta: float = 0.0
    opened: tuple[str, ...] = ()
    shares: Table | None = None


@dataclass(frozen=True)
class Founder:
    """A founder's genes, for the table that joins all founders."""

    genes: tuple[Gene, ...]
    inbreeding: float


class Descent:
    """Writes a family's network.

    With `choices`, which of a parent's two genes is passed on is a variable of its own: cheaper
    in some families, and needed where a second marker lies near. `ordered` keeps the two orders
    of a founder's genes apart, as that second marker must.
    """

    def __init__(
        self, family: Family, network: Network, *, choices: bool = False, ordered: bool = False
    ) -> None:
        self.family, self.network = family, network
        self.choices, self.ordered = choices, ordered
        self.locus = family.locus
        self.every = np.arange(len(self.locus), dtype=np.intp)[None]
        self.genes: dict[str, tuple[Gene, ...]] = {}
        self.founders: list[Founder] = []
        # The variable that says which gene a child got: None where it is the first for certain.
        self.chosen: dict[tuple[str, int], int | None] = {}
        self._write()

    def open_variables(self) -> tuple[int, ...]:
        """The variables of the opened persons' genes, in their order."""
        same = self.family.pedigree.same_as
        return tuple(
            gene.variable for code in self.family.opened for gene in self.genes[same[code]]
        )

    def _write(self) -> None:
        family, chrom = self.family, self.locus.chrom
        wanted = [*family.known, *family.opened]
        persons = family.pedigree.ancestors_first(wanted, chrom)
        parents = {code: family.pedigree.parents_of(code, chrom) for code in persons}
        self.children = Counter(p for pair in parents.values() for p in pair if p is not None)
        for code in persons:
            if any(p is not None for p in parents[code]):
                self._child(code, parents[code])
            elif parents[code]:
                self._founder(code, len(parents[code]))
        self._join_founders()

    # Founders

    def _founder(self, code: str, copies: int) -> None:
        known = self.family.known.get(code)
        inbreeding = self._inbreeding(code, copies)
        if known is None and not self._is_split(code) and self.children[code] == 1:
            # The one gene that he passes on is a draw by itself, whatever the other is.
            genes: tuple[Gene, ...] = (self._gene(),)
            inbreeding = 0.0
        elif self._is_split(code) or (known is None and self.choices and not inbreeding):
            genes = tuple(self._gene() for _ in range(copies))
        else:
            genes = self._founder_states(known, copies)
        self.genes[code] = genes
        if self._is_split(code):
            self._weigh(code, known)
        self.founders.append(Founder(genes, inbreeding))

    def _inbreeding(self, code: str, copies: int) -> float:
        person = self.family.pedigree[code]
        if copies == 1:
            return 0.0
        return person.inbreeding_x if self.locus.chrom == X else person.inbreeding

    def _is_split(self, code: str) -> bool:
        same = self.family.pedigree.same_as
        return code in {same[c] for c in self.family.opened}

    def _founder_states(self, known: States | Table | None, copies: int) -> tuple[Gene, ...]:
        if isinstance(known, States):
            return self._states(known)
        every = np.ones([len(self.locus)] * copies)
        states = States.of_weight(every if known is None else known)
        return self._states(states if self.ordered else states.without_order())

    def _join_founders(self) -> None:
        if self.family.theta:
            self._join_by_coancestry()
            return
        for founder in self.founders:
            self._unrelated(founder)

    def _unrelated(self, founder: Founder) -> None:
        one, other = founder.genes[0], founder.genes[-1]
        if self.family.shares is None:
            p, hangs_on = self.locus.p[None], one.hangs_on
        elif self._is_settled(founder):
            return
        else:
            p, hangs_on = self.family.shares, self._points
        first, second = (_of_allele(p, gene.allele) for gene in (one, other))
        if len(founder.genes) == 1:
            self.network.add((one.variable,), first, hangs_on)
        elif one.variable == other.variable:
            same = founder.inbreeding * (one.allele == other.allele)
            table = first * ((1 - founder.inbreeding) * second + same)
            self.network.add((one.variable,), table, hangs_on)
        else:
            same = founder.inbreeding * np.eye(len(self.locus))
            table = first[:, :, None] * ((1 - founder.inbreeding) * second[:, None] + same)
            self.network.add((one.variable, other.variable), table, hangs_on)

    @cached_property
    def _points(self) -> Which:
        """What hangs on the shares differs from point to point."""
        assert self.family.shares is not None
        every = np.arange(len(self.family.shares), dtype=np.intp)
        return self.network.sources.add(Rows(every, every), FAMILIES)

    def _is_settled(self, founder: Founder) -> bool:
        """Whether his alleles are known for certain."""
        sizes = [self.network.sizes[gene.variable] for gene in founder.genes]
        return not founder.inbreeding and set(sizes) == {1}

    def drawn(self) -> tuple[Counter[int], int]:
        """Of one family: which alleles of founders are known, and how many genes are not."""
        settled = [one for one in self.founders if self._is_settled(one)]
        alleles = Counter(int(gene.allele[0, 0]) for one in settled for gene in one.genes)
        rest = (one for one in self.founders if not self._is_settled(one))
        return alleles, sum(len(one.genes) for one in rest)

    def _join_by_coancestry(self) -> None:
        """One table over all founders' genes: the urn of Balding and Nichols (1994).

        The chance of n genes of which m are a is the product over alleles of
        (1 - theta) p_a + j theta for j < m, over that of 1 - theta + j theta for j < n.
        """
        scope = tuple(dict.fromkeys(g.variable for f in self.founders for g in f.genes))
        sizes = [self.network.sizes[v] for v in scope]
        hangs_on = NOTHING.union(*(g.hangs_on for f in self.founders for g in f.genes))
        rows = len(self.network.sources.joined(hangs_on).first) if hangs_on else 1
        if rows * float(np.prod(sizes)) > LARGEST_COANCESTRY_TABLE:
            raise TooLarge(
                f"theta with so many founders needs a table of {np.prod(sizes, dtype=float):.3g} "
                f"numbers; the most is {LARGEST_COANCESTRY_TABLE:.3g}"
            )
        table = np.zeros((1, *sizes))
        inbred = [n for n, f in enumerate(self.founders) if f.inbreeding]
        for one_by_descent in product((False, True), repeat=len(inbred)):
            known = dict(zip(inbred, one_by_descent, strict=True))
            table = table + self._urn(scope, hangs_on, known)
        self.network.add(scope, table, hangs_on)

    def _urn(
        self, scope: Sequence[int], hangs_on: Which, one_by_descent: Mapping[int, bool]
    ) -> Table:
        """The urn's table where these inbred founders have, or have not, one gene twice."""
        theta, p = self.family.theta, self.locus.p
        drawn: list[Gene] = []
        table = np.ones((1, *[1] * len(scope)))
        for number, founder in enumerate(self.founders):
            if one_by_descent.get(number):
                one, other = (self._spread(g, scope, hangs_on) for g in founder.genes)
                table = table * founder.inbreeding * (one == other)
                drawn.append(founder.genes[0])
            else:
                table = table * (1 - founder.inbreeding)
                drawn.extend(founder.genes)
        alleles = [self._spread(gene, scope, hangs_on) for gene in drawn]
        steps = np.arange(len(drawn)) * theta
        for allele, share in enumerate(p):
            rise = np.cumprod(np.append(1.0, (1 - theta) * share + steps))
            table = table * rise[sum((one == allele).astype(np.intp) for one in alleles)]
        return np.asarray(table / np.prod(1 - theta + steps))

    def _spread(self, gene: Gene, scope: Sequence[int], hangs_on: Which) -> Indices:
        """A gene's alleles along the axis of its variable."""
        allele = self.network.sources.taken(gene.allele, gene.hangs_on, hangs_on)
        shape = [len(allele), *[1] * len(scope)]
        shape[1 + scope.index(gene.variable)] = allele.shape[1]
        return allele.reshape(shape)

    # Children

    def _child(self, code: str, parents: Sequence[str | None]) -> None:
        known = self.family.known.get(code)
        few = known is not None and not isinstance(known, States) and self._has_few(known)
        if few and not self._is_split(code):
            known = States.of_weight(known)  # type: ignore[arg-type]
        if isinstance(known, States):
            self.genes[code] = self._states(known)
        else:
            self.genes[code] = tuple(self._gene() for _ in parents)
            self._weigh(code, known)
        for copy, parent in enumerate(parents):
            assert parent is not None
            self._pass_on(code, copy, parent)

    def _has_few(self, weight: Table) -> bool:
        """Whether so few genotypes are possible that they are better told one by one."""
        return bool(np.count_nonzero(weight) <= 2 * len(self.locus))

    def _weigh(self, code: str, known: States | Table | None) -> None:
        if known is not None and not isinstance(known, States):
            self.network.add([g.variable for g in self.genes[code]], known[None])

    def _pass_on(self, code: str, copy: int, parent: str) -> None:
        """The table of one passage, from a parent's genes to one of a child's."""
        given, got = self.genes[parent], self.genes[code][copy]
        fathers = copy == 0 and self._has_father_first(code)
        matrix = self.locus.paternal if fathers else self.locus.maternal
        hangs_on = given[0].hangs_on | got.hangs_on
        every = [self.network.sources.taken(g.allele, g.hangs_on, hangs_on) for g in (*given, got)]
        tables = [matrix[one[:, :, None], every[-1][:, None, :]] for one in every[:-1]]
        passages = list(zip(given, tables, strict=True))
        if len(passages) == 1:
            self.network.add((given[0].variable, got.variable), tables[0], hangs_on)
        elif self.choices:
            self._by_choice(code, copy, parent, passages, hangs_on)
        else:
            self._by_halves(passages, got, hangs_on)

    def _has_father_first(self, code: str) -> bool:
        chrom = self.locus.chrom
        parents = self.family.pedigree.parents_of(code, chrom)
        return len(parents) == 2 or chrom == Y

    def _by_halves(
        self, passages: Sequence[tuple[Gene, Table]], got: Gene, hangs_on: Which
    ) -> None:
        (one, first), (other, second) = passages
        if one.variable == other.variable:
            self.network.add((one.variable, got.variable), (first + second) / 2, hangs_on)
        else:
            table = (first[:, :, None, :] + second[:, None, :, :]) / 2
            self.network.add((one.variable, other.variable, got.variable), table, hangs_on)

    def _by_choice(
        self,
        code: str,
        copy: int,
        parent: str,
        passages: Sequence[tuple[Gene, Table]],
        hangs_on: Which,
    ) -> None:
        (one, first), (other, second) = passages
        got = self.genes[code][copy].variable
        if self._may_fix(parent, one, other):
            # A founder's genes bear no names: call first the one that his first child got.
            self.chosen[code, copy] = None
            self.network.add((one.variable, got), first, hangs_on)
            return
        choice = self.chosen[code, copy] = self.network.variable(2)
        if one.variable == other.variable:
            table = np.stack(np.broadcast_arrays(first, second), axis=2)
            self.network.add((one.variable, choice, got), table, hangs_on)
        else:
            for gene, chosen in (
                (one, [first, np.ones_like(first)]),
                (other, [np.ones_like(second), second]),
            ):
                table = np.stack(chosen, axis=2)
                self.network.add((gene.variable, choice, got), table, hangs_on)

    def _may_fix(self, parent: str, one: Gene, other: Gene) -> bool:
        if self.ordered or one.variable == other.variable or self._is_split(parent):
            return False
        fixed = {self._giver(key) for key, choice in self.chosen.items() if choice is None}
        founder = not any(self.family.pedigree.parents_of(parent, self.locus.chrom))
        return founder and parent not in fixed

    def _giver(self, key: tuple[str, int]) -> str | None:
        code, copy = key
        return self.family.pedigree.parents_of(code, self.locus.chrom)[copy]

    # Variables

    def _gene(self) -> Gene:
        return Gene(self.network.variable(len(self.locus)), self.every)

    def _states(self, states: States) -> tuple[Gene, ...]:
        variable = self.network.variable(states.weight.shape[1])
        hangs_on = NOTHING
        if states.rows is not None:
            hangs_on = self.network.sources.add(states.rows, states.most)
        self.network.add((variable,), states.weight, hangs_on)
        return tuple(Gene(variable, allele, hangs_on) for allele in states.genes)


def _of_allele(p: Table, allele: Indices) -> Table:
    """The share of each state's allele: (families or 1, states)."""
    return p[:, allele[0]] if len(allele) == 1 else p[0][allele]


def free_choices(network: Network, chosen: Collection[int | None]) -> None:
    """Weigh by a half each choice that nothing else decides."""
    for choice in chosen:
        if choice is not None:
            network.add((choice,), np.full((1, 2), 0.5))


def linked_choices(network: Network, one: Descent, other: Descent, recombination: float) -> None:
    """Tie the choices at two linked markers: alike but for recombination."""
    along = np.array([[1 - recombination, recombination], [recombination, 1 - recombination]])
    for key in {**one.chosen, **other.chosen}:
        first, second = one.chosen.get(key, -1), other.chosen.get(key, -1)
        if second == -1 or first == -1:
            free_choices(network, [c for c in (first, second) if c != -1])
        elif first is None:
            assert second is not None
            network.add((second,), along[:1])
        else:
            assert second is not None
            network.add((first, second), along[None] / 2)
