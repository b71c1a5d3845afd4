"""Who is who, over all remains and all families of an event at once.

Families are independent of each other, so that a way to say who is who weighs the product of what
each family says of the remains that are given to it. docs/methods/kinship.md, section 12.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice
from math import exp, fsum, inf, log, prod
from typing import Any

import numpy as np

from .assignment import EXACT, LEFT_OUT, NODES, NONE, WIDEST, Choice, Shared, Way, share_out
from .elimination import Table
from .events import Event
from .evidence import Detection
from .fillings import Body, Family, Filling, Samples, bodies_of, may_be
from .ratios import ENGINE, lines_of, linked_pairs, models_of, printed
from .saying import Said

NOBODY = "*"
TOP = 200
FILLINGS = 100_000  # ways to fill one family's places that are worked out, at most
BLOCKS = 4096  # sets of remains that may be of one body, at most
TINY = 1e-300
MOST_COUNTED = 2**16  # states that the number of all ways is counted over


@dataclass(frozen=True)
class Limits:
    """How far exact work goes: docs/methods/kinship.md, section 12, says what follows beyond."""

    widest: int = WIDEST
    left_out: float = LEFT_OUT
    nodes: int = NODES
    fillings: int = FILLINGS


@dataclass(frozen=True)
class Row:
    """One way to say who is who: the remains of each missing who is found, by their places.

    `together` are remains of one body that is nobody's. `log_likelihood` is natural; `posterior`
    is the share of this way among all.
    """

    named: Mapping[str, frozenset[int]]
    together: tuple[frozenset[int], ...]
    log_likelihood: float
    posterior: float


@dataclass(frozen=True)
class Joint:
    """All ways to say who is who.

    `ways` counts those in which sexes fit and nobody is found twice, None if they are too many to
    count. `log_ratio` (remains, missing) is the natural logarithm of the ratio of each pair by
    itself, NaN where the sexes differ. `posterior` (remains, missing) is over all ways, each with
    its prior; `unidentified` (remains,) that they are of nobody who is missed, `not_among_them`
    (missing,) that none of the remains are his, `same_body` that remains told apart are of one
    body. What was left out has a share of `left_out` at most, and no posterior is off by more.
    """

    event: Event
    ways: int | None
    rows: tuple[Row, ...]
    log_ratio: Table
    posterior: Table
    unidentified: Table
    not_among_them: Table
    same_body: Mapping[tuple[int, int], float]
    left_out: float
    methods: tuple[str, ...]

    @property
    def exact(self) -> bool:
        """Whether nothing was left out."""
        return not self.left_out

    def as_dict(self) -> dict[str, Any]:
        """As it is printed: -inf is a text, and what does not exist is null."""
        event = self.event
        whose = {code: n for n, remains in enumerate(event.remains) for code in remains.samples}
        samples = list(event.found)
        of = [whose[code] for code in samples]
        ratios = np.exp(np.minimum(self.log_ratio, 709.0))
        ratios[self.log_ratio > 709.0] = inf
        found: dict[str, Any] = {
            "id": event.id,
            "joint_n_assignments": self.ways,
            "joint_top": [self._printed(row) for row in self.rows],
            "pairwise_LR": {
                "rows": samples,
                "cols": list(event.missing),
                "LR": [[_number(x) for x in ratios[n]] for n in of],
            },
            "marginal_posterior": {
                "rows": samples,
                "cols": [*event.missing, NOBODY],
                "P": [[*self.posterior[n].tolist(), float(self.unidentified[n])] for n in of],
            },
            "unidentified": {
                code: float(self.unidentified[n]) for code, n in zip(samples, of, strict=True)
            },
            "not_among_them": dict(zip(event.missing, self.not_among_them.tolist(), strict=True)),
        }
        if event.parts:
            found["same_body"] = [
                {"a": event.remains[a].id, "b": event.remains[b].id, "P": share}
                for (a, b), share in self.same_body.items()
            ]
        return found | {
            "exact": self.exact,
            "left_out": self.left_out,
            "methods": list(self.methods),
            "rests_on": self.rests_on(),
        }

    def rests_on(self) -> dict[str, Any]:
        """What the result stands on, for whoever must repeat it."""
        event = self.event
        return {
            "engine": ENGINE,
            "prior": {
                "each": event.prior.each,
                "pairs": [
                    {"remains": code, "missing": missing, "factor": factor}
                    for (code, missing), factor in event.prior.pairs.items()
                ],
            },
            "parts": event.parts,
            "bodies": [list(one.samples) for one in event.remains if len(one.samples) > 1],
            "theta": event.theta,
            "linked": linked_pairs(event.linkage),
            "lineages": lines_of((one.marker, one.theta) for one in event.lineages),
            "drop_out": self._poor(),
            "frequencies": event.frequencies or Said("given"),
            "mutation": {marker.name: models_of(marker) for marker in event.markers},
            "silent": {marker.name: marker.silent for marker in event.markers if marker.silent},
            "added_alleles": [
                {"marker": marker, "allele": allele, "frequency": floor}
                for marker, allele, floor in event.added
            ],
            "unrelated": "founders of the families, families to each other, remains of nobody",
            "notes": list(event.notes),
        }

    def _poor(self) -> list[str]:
        """Remains and members of which a poor sample was seen."""
        remains = {
            code
            for code, profile in self.event.found.items()
            if any(isinstance(one, Detection) for seen in profile.values() for one in seen)
        }
        return sorted(remains) + sorted(self.event.poor)

    def _printed(self, row: Row) -> dict[str, Any]:
        whose = {
            code: missing
            for missing, body in row.named.items()
            for n in body
            for code in self.event.remains[n].samples
        }
        printed_row: dict[str, Any] = {code: whose.get(code, NOBODY) for code in self.event.found}
        behind = self.rows[0].log_likelihood - row.log_likelihood
        printed_row["loglik"] = printed(row.log_likelihood)
        printed_row["LR"] = None if behind == inf else printed(exp(behind) if behind < 709 else inf)
        printed_row["posterior"] = row.posterior
        for missing in self.event.missing:
            printed_row[missing] = self._code(row.named.get(missing, frozenset()))
        if row.together:
            printed_row["bodies"] = [self._code(body).split("+") for body in row.together]
        return printed_row

    def _code(self, body: frozenset[int]) -> str:
        return "+".join(self.event.remains[n].id for n in sorted(body)) or NOBODY


def _number(ratio: float) -> float | str | None:
    return None if np.isnan(ratio) else printed(float(ratio))


def identify(event: Event, *, top: int = TOP, limits: Limits | None = None) -> Joint:
    """Weigh all ways to say who is who, exactly where that can be done.

    Every way in which nobody is found twice and all sexes fit is admissible, and all weigh the same
    before any DNA is seen unless the event says otherwise. Raises MalformedCase for a family, or
    remains, that cannot be as they are told, and TooLarge where a likelihood cannot be had.
    """
    return _Work(event, limits or Limits()).joint(top)


class _Work:
    """Families and bodies, their choices, and what came of them."""

    def __init__(self, event: Event, limits: Limits) -> None:
        self.event, self.limits = event, limits
        self.bodies = bodies_of(event, BLOCKS)
        self.samples = Samples(event.sites, self.bodies)
        self.families = [Family(event, one, self.samples) for one in event.households]
        worked_out = [family.fillings(limits.fillings) for family in self.families]
        self.fillings = [list(found.items()) for found, _ in worked_out]
        self.bounds = [bound for _, bound in worked_out]
        self.blocks = [number for number, body in enumerate(self.bodies) if len(body.of) > 1]

    def joint(self, top: int) -> Joint:
        units = self._units()
        limits = self.limits
        shared = share_out(
            units,
            top=top,
            widest=limits.widest,
            left_out=limits.left_out,
            nodes=limits.nodes,
        )
        beyond = self._beyond(units, shared)
        methods = shared.methods
        if beyond:
            methods = methods - EXACT | {"fillings left out"}
        rows = [self._row(way, shared.log_total) for way in shared.top]
        left_out = min(1.0, shared.left_out + beyond)
        ways = self._ways()
        if (
            not left_out
            and not self.event.parts
            and ways is not None
            and len(rows) < min(top, ways)
        ):
            rows += islice(self._impossible(rows), top - len(rows))
        return Joint(
            self.event,
            ways,
            tuple(rows),
            self._log_ratio(),
            *self._posteriors(shared),
            self._same_body(shared),
            left_out,
            tuple(sorted(methods)),
        )

    # Weights

    @cached_property
    def one_body(self) -> Table:
        """For each body, the log ratio of its remains being of one man, over several strangers."""
        single = self.samples.alone
        return np.array(
            [single[n] - fsum(single[v] for v in body.of) for n, body in enumerate(self.bodies)]
        )

    def _units(self) -> dict[int, list[Choice]]:
        """The families, and after them the bodies that may be of several remains and nobody's."""
        units = {
            number: [
                Choice(
                    self._against_strangers(filling, weight) + self._log_prior(number, filling),
                    frozenset().union(*(self.bodies[b].of for _, b in filling)),
                )
                for filling, weight in fillings
            ]
            for number, fillings in enumerate(self.fillings)
        }
        first = len(units)
        for n, block in enumerate(self.blocks):
            units[first + n] = [Choice(float(self.one_body[block]), self.bodies[block].of)]
        return units

    def _ruled_out(self, n: int, missing: str) -> bool:
        """Whether the prior leaves no chance that these remains are this missing man's."""
        pairs = self.event.prior.pairs
        return any(pairs.get((code, missing)) == 0 for code in self.event.remains[n].samples)

    def _against_strangers(self, filling: Filling, weight: float) -> float:
        return weight + fsum(float(self.one_body[b]) for _, b in filling)

    def _log_prior(self, family: int, filling: Filling) -> float:
        prior = self.event.prior
        total = len(filling) * log(prior.each)
        for m, b in filling:
            missing = self.event.households[family].missing[m]
            for v in self.bodies[b].of:
                for code in self.event.remains[v].samples:
                    factor = prior.pairs.get((code, missing), 1.0)
                    total += log(factor) if factor else -inf
        return total

    def _beyond(self, units: Mapping[int, list[Choice]], shared: Shared) -> float:
        """A bound on the share of all ways with a filling that was not worked out."""
        total = 0.0
        for number, bound in enumerate(self.bounds):
            if bound == -inf:
                continue
            others = {unit: choices for unit, choices in units.items() if unit != number}
            limits = self.limits
            rest = share_out(others, top=1, widest=limits.widest, nodes=limits.nodes)
            missed = -np.log1p(-min(rest.left_out, 1 - 1e-12))
            most = bound + self._most_prior(number) + rest.log_total + missed - shared.log_total
            total += exp(min(most, 0.0))
        # However little: what was left out is never 0.
        return min(1.0, max(total, TINY)) if max(self.bounds, default=-inf) > -inf else 0.0

    def _most_prior(self, family: int) -> float:
        """The most that a prior may add to the logarithm of a filling's weight."""
        prior = self.event.prior
        places = len(self.event.households[family].missing)
        factors = sum(log(factor) for factor in prior.pairs.values() if factor > 1)
        return places * max(0.0, log(prior.each)) + factors

    # Results

    def _row(self, way: Way, log_total: float) -> Row:
        named: dict[str, frozenset[int]] = {}
        together = []
        logs = [self._base]
        for unit, number in way.made.items():
            if unit >= len(self.families):
                block = self.blocks[unit - len(self.families)]
                together.append(self.bodies[block].of)
                logs.append(float(self.one_body[block]))
                continue
            filling, weight = self.fillings[unit][number]
            logs.append(self._against_strangers(filling, weight))
            for m, b in filling:
                named[self.event.households[unit].missing[m]] = self.bodies[b].of
        return Row(named, tuple(together), fsum(logs), exp(way.log_weight - log_total))

    @cached_property
    def _base(self) -> float:
        """The log likelihood if nobody of the missing were among the remains."""
        alone = self.samples.alone[: len(self.event.remains)]
        return fsum([*alone.tolist(), *(family.log_likelihood for family in self.families)])

    def _log_ratio(self) -> Table:
        count = len(self.event.remains)
        none = np.zeros((count, 0))
        return np.concatenate([none, *(f.pairs[:, :count].T for f in self.families)], axis=1)

    def _posteriors(self, shared: Shared) -> tuple[Table, Table, Table]:
        place = {code: n for n, code in enumerate(self.event.missing)}
        posterior = np.zeros((len(self.event.remains), len(place)))
        absent = np.ones(len(place))
        for unit, household in enumerate(self.event.households):
            columns = [place[code] for code in household.missing]
            if (unit, NONE) not in shared.marginal:
                continue
            absent[columns] = shared.marginal[unit, NONE]
            for number, (filling, _) in enumerate(self.fillings[unit]):
                share = shared.marginal.get((unit, number), 0.0)
                found = {m for m, _ in filling}
                for m, b in filling:
                    posterior[sorted(self.bodies[b].of), columns[m]] += share
                absent[[columns[m] for m in range(len(columns)) if m not in found]] += share
        # Sums of shares that are rounded may stand a hair above 1.
        unidentified = np.minimum(self._unidentified(shared), 1.0)
        return np.minimum(posterior, 1.0), unidentified, np.minimum(absent, 1.0)

    def _unidentified(self, shared: Shared) -> Table:
        found = np.array([shared.free.get(n, 1.0) for n in range(len(self.event.remains))])
        for n, block in enumerate(self.blocks):
            share = shared.marginal.get((len(self.families) + n, 0), 0.0)
            found[sorted(self.bodies[block].of)] += share
        return found

    def _same_body(self, shared: Shared) -> dict[tuple[int, int], float]:
        found: dict[tuple[int, int], float] = {}

        def add(body: Body, share: float) -> None:
            for a in sorted(body.of):
                for b in sorted(other for other in body.of if other > a):
                    found[a, b] = found.get((a, b), 0.0) + share

        for unit, fillings in enumerate(self.fillings):
            for number, (filling, _) in enumerate(fillings):
                for _, b in filling:
                    add(self.bodies[b], shared.marginal.get((unit, number), 0.0))
        for n, block in enumerate(self.blocks):
            add(self.bodies[block], shared.marginal.get((len(self.families) + n, 0), 0.0))
        return dict(sorted(found.items()))

    # Counting

    def _ways(self) -> int | None:
        """How many ways are admissible; None where there are too many to count one by one."""
        sexes = [h.pedigree[code].sex for h in self.event.households for code in h.missing]
        places = tuple(sexes.count(sex) for sex in "MFU")
        size = 2 ** len(self.event.remains) if self.blocks else len(self.event.remains)
        if size * prod(1 + n for n in places) > MOST_COUNTED * 64:
            return None
        return self._counted(places)

    def _counted(self, places: tuple[int, ...]) -> int:
        containing = [
            [body for body in self.bodies if min(body.of) == n]
            for n in range(len(self.event.remains))
        ]

        @cache
        def ways(n: int, gone: frozenset[int], left: tuple[int, ...]) -> int:
            if n == len(containing):
                return 1
            if n in gone:
                return ways(n + 1, gone - {n}, left)
            total = 0
            for body in containing[n]:
                if body.of & gone:
                    continue
                later = gone | body.of - {n}
                total += ways(n + 1, later, left)
                for place, sex in enumerate("MFU"):
                    if left[place] and may_be(sex, body.sex):
                        fewer = tuple(k - (at == place) for at, k in enumerate(left))
                        total += left[place] * ways(n + 1, later, fewer)
            return total

        return ways(0, frozenset(), places)

    def _impossible(self, listed: list[Row]) -> Iterator[Row]:
        """Ways whose likelihood is 0, while all others are listed already."""
        known = {frozenset(row.named.items()) for row in listed}
        for named in self._admissible(0, {}):
            if frozenset(named.items()) not in known:
                yield Row(named, (), -inf, 0.0)

    def _admissible(
        self, n: int, named: dict[str, frozenset[int]]
    ) -> Iterator[dict[str, frozenset[int]]]:
        if n == len(self.event.remains):
            yield named
            return
        body = self.bodies[n]
        for household in self.event.households:
            for code in household.missing:
                fits = may_be(household.pedigree[code].sex, body.sex)
                if code not in named and fits and not self._ruled_out(n, code):
                    yield from self._admissible(n + 1, {**named, code: body.of})
        yield from self._admissible(n + 1, named)
