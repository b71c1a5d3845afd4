"""How many pairs of a search are to be expected by chance alone: strangers above the threshold.

docs/methods/kinship.md, sections 13 and 14.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..batch import Tables
from ..chance import Between, Spectrum, expected_strangers
from ..faults import MalformedCase, TooLarge
from ..prospects import AtPair
from .families import Families, Group, RemainsList
from .linked import joined_of, observed
from .observed import Seen
from .rows import copies_of, peeled

FAMILIES = 50  # for which it is told, and out of which all are estimated
SETS = 8  # of markers at which remains are typed, told apart for one family
STEP = 0.005  # log10 units: coarser than for one family alone, and many times faster
NONE = Between(0.0, 0.0, 0.0)

Name = tuple[str, str]
Sets = Mapping[frozenset[str], float]


@dataclass(frozen=True)
class Expected:
    """The strangers that each of these families is to meet, and all `families` together.

    `in_all` is the sum where every family is counted, and otherwise estimated from families evenly
    chosen, with the standard error `in_all_error`. `sampled` says that remains are typed at more
    sets of markers than were told apart, `apart` that linked markers of some family count as
    independent, as their tables together would have been too large.
    """

    families: int
    each: Mapping[Name, Between]
    in_all: float
    in_all_error: float
    sampled: bool
    apart: bool = False

    @property
    def total(self) -> Between:
        return _sum(self.each.values())

    def as_dict(self) -> dict[str, Any]:
        """As it is printed."""
        return {
            "expected_in_all": self.in_all,
            "standard_error_in_all": self.in_all_error,
            **self.total.as_dict(),
            "families_counted": len(self.each),
            "families": [
                {"family_id": family, "missing_id": missing, **one.as_dict()}
                for (family, missing), one in self.each.items()
            ],
            "notes": [*self._notes()],
        }

    def _notes(self) -> Iterator[str]:
        if len(self.each) < self.families:
            yield (
                f"counted for {len(self.each)} of {self.families} families: of more than "
                f"{FAMILIES} those with most pairs; none that cannot be or cannot be computed"
            )
        if self.families > FAMILIES:
            yield f"expected_in_all is estimated from {FAMILIES} families, evenly chosen by shape"
        if self.sampled:
            yield (
                f"the markers at which {SETS} of the remains are typed, evenly chosen, stand for "
                "those of all"
            )
        if self.apart:
            yield "linked markers of some families were counted as independent: too large together"


class Counting:
    """Counts for one family after the other; what the remains are typed at is found once."""

    def __init__(self, families: Families, remains: RemainsList, threshold: float) -> None:
        self.families, self.remains, self.threshold = families, remains, threshold
        self.sets: dict[tuple[int, ...], tuple[Sets, bool]] = {}
        self.apart = False  # whether linked markers of some family were too many to count together

    def of(self, group: Group, place: int) -> Between | None:
        """Of one family; None if its profiles cannot be, or cannot be computed."""
        kit = self.families.kit
        codes = group.array(len(kit))[place]
        try:
            tables = {
                seen.marker.name: (table, 0)
                for number, seen in enumerate(kit.seen)
                for table in _tables(group, seen, codes[None, :, number])
            }
        except TooLarge:
            return None
        if not all(table.possible[row] for table, row in tables.values()):
            return None
        try:
            pairs = dict(self._linked(group, codes, tables))
        except TooLarge:
            pairs = {}
            self.apart = True
        except MalformedCase:
            return None
        typed = self._typed(group)
        return expected_strangers(tables, self.threshold, typed, together=pairs, step=STEP)

    def _linked(
        self, group: Group, codes: NDArray[np.int32], tables: Collection[str]
    ) -> Iterator[tuple[tuple[str, str], Spectrum]]:
        """What linked markers may come to together, where linkage changes anything."""
        for joined in joined_of(group.shape, self.families.kit):
            names = (joined.seen[0].marker.name, joined.seen[1].marker.name)
            if set(names) <= set(tables):
                seen = [
                    observed(each, group.shape.members, codes[:, place])
                    for each, place in zip(joined.seen, joined.places, strict=True)
                ]
                at = AtPair(joined.site, group.shape.pedigree, seen, group.shape.missing)
                yield names, at.spectrum

    @property
    def sampled(self) -> bool:
        return any(sampled for _, sampled in self.sets.values())

    def _typed(self, group: Group) -> Sets:
        copies = tuple(copies_of(group.shape, seen) for seen in self.families.kit.seen)
        if copies not in self.sets:
            self.sets[copies] = typed_sets(self.remains, copies)
        return self.sets[copies][0]


def expected(
    families: Families, remains: RemainsList, threshold: float, pairs: Mapping[Name, int]
) -> Expected:
    """How many of the remains would reach the threshold with each family, if all were strangers.

    Of more families than FAMILIES those count that have most pairs; `pairs` says how many each has.
    """
    order = [
        (g, n, families.names[f])
        for g in families.groups.values()
        for n, f in enumerate(g.families)
    ]
    few = len(order) <= FAMILIES
    wanted = {name for name, _ in Counter(pairs).most_common(FAMILIES)}
    evenly = set(np.linspace(0, len(order) - 1, min(FAMILIES, len(order))).astype(int).tolist())
    counting = Counting(families, remains, threshold)
    each: dict[Name, Between] = {}
    chosen: list[Between] = []
    for number, (group, place, name) in enumerate(order):
        if not few and name not in wanted and number not in evenly:
            continue
        found = counting.of(group, place)
        if found and (few or name in wanted):
            each[name] = found
        if number in evenly:
            chosen.append(found or NONE)
    if few:
        whole = _sum(each.values()).about
        return Expected(len(order), each, whole, 0.0, counting.sampled, counting.apart)
    about = np.array([one.about for one in chosen])
    error = float(about.std(ddof=1)) / sqrt(len(chosen))
    whole, error = (len(order) * x for x in (float(about.mean()), error))
    return Expected(len(order), each, whole, error, counting.sampled, counting.apart)


def typed_sets(remains: RemainsList, copies: Sequence[int]) -> tuple[Sets, bool]:
    """For each set of markers how many remains are typed at these and no others, where a marker
    of another number of copies says nothing; and whether few stand for all."""
    typed = np.stack(
        [
            np.array(seen.copies)[remains.codes[:, number]] == copies[number]
            for number, seen in enumerate(remains.kit.seen)
        ],
        axis=1,
    ) & (remains.codes > 0)
    kinds, counts = np.unique(typed, axis=0, return_counts=True)
    sampled = len(kinds) > SETS
    weights = counts.astype(float)
    if sampled:
        order = np.lexsort((*kinds.T, kinds.sum(axis=1)))
        middles = (np.arange(SETS) + 0.5) * len(remains) / SETS
        kinds = kinds[order[np.searchsorted(counts[order].cumsum(), middles, side="right")]]
        weights = np.full(SETS, len(remains) / SETS)
    names = [marker.name for marker in remains.kit.markers]
    found: Counter[frozenset[str]] = Counter()
    for kind, weight in zip(kinds, weights.tolist(), strict=True):
        found[frozenset(names[n] for n in np.flatnonzero(kind))] += weight
    return found, sampled


def _tables(group: Group, seen: Seen, codes: NDArray[np.int32]) -> Iterator[Tables]:
    """One family's table at a marker; none where it is not typed, or the missing has no copy."""
    for row, joint, stranger in peeled(group.shape, seen, codes):
        yield Tables(joint, stranger, row, seen.marker.locus.shown)


def _sum(every: Iterable[Between]) -> Between:
    return reduce(Between.plus, every, NONE)
