"""Linked markers in a search: pairs are found as if the markers were independent, with a lower
threshold, and their ratios are then made those of both markers together.

How much lower is enough is derived in docs/methods/kinship.md, section 14.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log10

import numpy as np
from numpy.typing import NDArray

from ..batch import with_stranger
from ..elimination import Scaled
from ..evidence import Observation
from ..likelihood import likelihood
from ..pedigree import Pedigree, Person
from ..sites import Site
from .families import Group, Shape
from .observed import NOTHING, Kit, Link, Seen
from .rows import Codes, Logs, copies_of

CERTAIN = Scaled(1.0)


@dataclass(frozen=True)
class Joined:
    """A linked pair as families of one shape see it; `meioses` are those that may tie the two."""

    shape: Shape
    link: Link
    seen: tuple[Seen, Seen]
    meioses: int

    @property
    def site(self) -> Site:
        one, other = self.seen
        return Site((one.marker, other.marker), one.theta, self.link.recombination)

    @property
    def places(self) -> tuple[int, int]:
        return self.link.places


def joined_of(shape: Shape, kit: Kit) -> list[Joined]:
    """The linked pairs that are not as good as independent in families of this shape."""
    found = []
    for link in kit.links:
        one, other = (kit.seen[place] for place in link.places)
        meioses = meioses_of(shape, one.marker.chrom)
        if meioses and copies_of(shape, one):
            found.append(Joined(shape, link, (one, other), meioses))
    return found


def meioses_of(shape: Shape, chrom: str) -> int:
    """How many passages may tie what is seen at two markers: all from parents with two genes, but
    the first of each founder, whose genes bear no names."""
    pedigree = shape.pedigree
    persons = pedigree.ancestors_first((*shape.members, shape.missing), chrom)
    given = Counter(p for code in persons for p in pedigree.parents_of(code, chrom) if p)
    return sum(
        count - (not any(parents))
        for code, count in given.items()
        if len(parents := pedigree.parents_of(code, chrom)) == 2
    )


def slack_of(joined: Sequence[Joined], codes: Codes) -> tuple[Logs, NDArray[np.bool_]]:
    """Of families (families, members, markers): by how much the log10 ratio of a pair may be more
    than that of its markers as independent, and which families cannot be at all."""
    slack, possible = np.zeros(len(codes)), np.ones(len(codes), dtype=bool)
    for one in joined:
        both = [codes[:, :, place] for place in one.places]
        typed = [(each > NOTHING).any(axis=1) for each in both]
        rows = np.flatnonzero(typed[0] & typed[1])
        here = both[0][rows], both[1][rows]
        together = _log10(one, one.site, one.seen, here)
        apart = sum(
            _log10(one, Site((seen.marker,), seen.theta), (seen,), (each,))
            for seen, each in zip(one.seen, here, strict=True)
        )
        possible[rows] &= together > -inf
        with np.errstate(invalid="ignore"):
            slack[rows] += np.where(together > -inf, _most(one) - (together - apart), 0.0)
    return slack, possible


def _most(one: Joined) -> float:
    """The most that linkage multiplies a family's likelihood with; with co-ancestry over the least
    for the family and a stranger."""
    r = one.link.recombination
    if not one.seen[0].theta:
        return one.meioses * log10(2 * (1 - r))
    return one.meioses * (log10((1 - r) / r) if r else inf)


def corrections(
    joined: Sequence[Joined], group: Group, places: NDArray[np.intp], own: Codes, apart: Logs
) -> Logs:
    """What is to be added to the log10 ratio of pairs of a group's families with remains.

    `own` (pairs, markers) is what the remains show; `apart` (pairs, markers) what each marker
    says by itself. Nothing where it is 0.
    """
    total = np.zeros(len(own))
    for one in joined:
        codes = group.array(own.shape[1])[places]
        first, second = one.places
        copies = copies_of(one.shape, one.seen[0])
        says = np.isfinite(apart[:, [first, second]]).all(axis=1)
        for place, seen in zip(one.places, one.seen, strict=True):
            says &= (codes[:, :, place] > NOTHING).any(axis=1)
            says &= np.array(seen.copies)[own[:, place]] == copies
        rows = np.flatnonzero(says)
        if not len(rows):
            continue
        members = codes[rows][:, :, first], codes[rows][:, :, second]
        theirs = own[rows, first], own[rows, second]
        ratio = _log10_ratio(one, members, theirs)
        total[rows] += ratio - apart[rows, first] - apart[rows, second]
    return total


def _log10_ratio(one: Joined, members: tuple[Codes, Codes], own: tuple[Codes, Codes]) -> Logs:
    above = _log10(one, one.site, one.seen, members, own)
    if one.seen[0].theta:
        return above - _log10(one, one.site, one.seen, members, own, stranger=True)
    below = _log10(one, one.site, one.seen, members)
    sex = one.shape.pedigree[one.shape.missing].sex
    return above - below - sum(_alone(s, sex, c) for s, c in zip(one.seen, own, strict=True))


def _alone(seen: Seen, sex: str, codes: Codes) -> Logs:
    """log10 of how often each of these observations is met."""
    different, row = np.unique(codes, return_inverse=True)
    alone = Pedigree((Person("own", sex),))
    logs = [
        _log10_of(likelihood(alone, seen.marker, {"own": [_known(seen, code)]}))
        for code in different.tolist()
    ]
    return np.array(logs)[row.reshape(-1)]


def _log10(
    one: Joined,
    site: Site,
    seen: Sequence[Seen],
    members: Sequence[Codes],
    own: Sequence[Codes] | None = None,
    *,
    stranger: bool = False,
) -> Logs:
    """log10 of the likelihood of families (families,), and of what remains show if any are told.

    `members` (families, members) and `own` (families,) are numbers of observations, at each
    marker of the site. With `stranger` the remains are not the missing's.
    """
    shape, pedigree = one.shape, one.shape.pedigree
    who = [*shape.members]
    if stranger:
        pedigree = with_stranger(pedigree, shape.missing)
        who = [f"{c} of the family" if c == shape.missing else c for c in who]
    every = list(members)
    if own is not None:
        who.append(shape.missing)
        every = [np.column_stack(pair) for pair in zip(members, own, strict=True)]
    table = np.stack(every, axis=1)
    different, row = np.unique(table, axis=0, return_inverse=True)
    logs = np.zeros(len(different))
    for typed in np.unique(different > NOTHING, axis=0):
        here = np.flatnonzero(((different > NOTHING) == typed).all(axis=(1, 2)))
        logs[here] = _of_rows(site, pedigree, seen, who, typed, different[here])
    return logs[row.reshape(-1)]


def _of_rows(
    site: Site,
    pedigree: Pedigree,
    seen: Sequence[Seen],
    who: Sequence[str],
    typed: NDArray[np.bool_],
    rows: Codes,
) -> Logs:
    """Of rows (rows, markers, persons) with the same persons typed: together where all is whole."""
    names = [[code for code, is_typed in zip(who, of, strict=True) if is_typed] for of in typed]
    pairs = [each.pairs()[rows[:, n][:, typed[n]]] for n, each in enumerate(seen)]
    whole = np.ones(len(rows), dtype=bool)
    for theirs, of in zip(pairs, names, strict=True):
        whole &= (theirs >= 0).all(axis=(1, 2))
        whole &= len({pedigree.same_as[code] for code in of}) == len(of)
    logs = np.zeros(len(rows))
    if whole.any():
        with np.errstate(divide="ignore"):
            many = site.likelihoods(pedigree, names, [one[whole] for one in pairs])
            logs[whole] = np.log10(many)
    for n in np.flatnonzero(~whole):
        at = [observed(each, who, rows[n, m]) for m, each in enumerate(seen)]
        logs[n] = _log10_of(site.likelihood(pedigree, at))
    return logs


def observed(seen: Seen, who: Sequence[str], codes: Codes) -> Mapping[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for person, code in zip(who, codes.tolist(), strict=True):
        if code != NOTHING:
            found.setdefault(person, []).append(_known(seen, code))
    return found


def _known(seen: Seen, code: int) -> Observation:
    observation = seen.observations[code]
    assert observation
    return observation


def _log10_of(likelihood: Scaled) -> float:
    log = likelihood.log10_over(CERTAIN)
    return -inf if log is None else log
