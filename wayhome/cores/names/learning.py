"""Weights estimated from a register and its enquiries, without anybody saying who is who.

Expectation maximisation (Dempster, Laird and Rubin 1977) for the model of Fellegi and Sunter: the
weights so far say how likely each of the best cards is the person sought; how often each tie then
stands between a person and his card gives the next weights. Each enquiry is for a person who is on
the register, or for one who is not, of whom it may hold a namesake or a brother. First guesses
count as if a few pairs had been seen, so that a small batch changes little. What people judged
counts as known.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain, pairwise
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled, inlined
from .drift import spread_of
from .frequencies import Frequencies
from .likeness import (
    DEEPEST,
    MOST_BITS,
    as_stranger,
    beyond_chance,
    weigh,
)
from .persons import SWAPPED_BITS, Description
from .strings import starts_of
from .together import (
    AGREES,
    Called,
    Names,
    Together,
    in_order,
    learn_together,
    seen_so,
    with_swapped,
)
from .weights import (
    NEW,
    SLIP,
    WEIGHTS,
    Floats,
    Made,
    Weighing,
    WeightArrays,
    Weights,
    kind_here,
    unsure,
)

MOST_ENQUIRIES = 2000
MOST_CARDS = 50_000  # whose names are read to find which go together
BEST = 50
LOTS = 4  # of enquiries, beside each other; always as many, so that sums round alike
ROUNDS = 40
SETTLED = 1e-3  # no share moves further in a round when learning ends
PAIRS_BEFOREHAND = 20.0  # as many pairs of a kind the first guesses count for
ABSENT_BEFOREHAND = 50.0
FIRST_NEW = 0.2  # of strangers' words no card of the register shows
FIRST_SLIP = 0.05  # of strangers' words are rather slips towards others
ON_REGISTER_BEFOREHAND = (1.0, 1.0)
NEGLIGIBLE = 1e-4  # of the odds; what is less changes nothing that is learned
LEAST = 1e-9
WIDE = 1.0  # bits: the width of a step where only a distribution matters

Ties = NDArray[np.uint8]
Starts = NDArray[np.int64]
Judgements = Mapping[str, Mapping[str, bool]]


class Best(NamedTuple):
    """The best rows of asked persons, one person's after another's.

    `many` (persons,): how many rows each has. `ties` (rows, fields); `ways` (rows,): which
    arrangement of his name each row agrees with best.
    """

    many: NDArray[np.int64]
    ties: Ties
    ways: NDArray[np.int64]


class Inspected(NamedTuple):
    """Asked persons: the best rows, and what the register holds of each arrangement of their names.

    `ids` of the rows; `many` (persons,): how many arrangements each person has. Of all of these,
    one after another: `masses` (arrangements, fields, ties), how many cards show a tie, tie 0 being
    how many do not know the field; `asked` (arrangements, 3), which names are asked for; `kinds`
    (arrangements, fields) as `kind_of`; `names` as circles know them; `opposite` as
    `together.opposite`, counted from the first of a person; `orders` what speaks against each
    arrangement.
    """

    best: Best
    ids: list[str]
    many: NDArray[np.int64]
    masses: Floats
    asked: NDArray[np.bool_]
    kinds: NDArray[np.uint8]
    names: list[Names]
    opposite: NDArray[np.int64]
    orders: Floats


class Pair(NamedTuple):
    """What a register holds of asked persons, by all that is known and by their names."""

    by_all: Inspected
    by_name: Best


class Register(Protocol):
    """What learning asks of an index."""

    frequencies: Frequencies

    def __len__(self) -> int: ...
    def inspect(self, asked: Description, top: int) -> Inspected: ...
    def some_names(self, most: int) -> Called: ...


def learn(
    register: Register,
    enquiries: Sequence[Description],
    *,
    judgements: Judgements | None = None,
    start: Weights = WEIGHTS,
    on: str = "",
    progress: Callable[[int, int], None] | None = None,
    inspected: Callable[[Sequence[Description]], Iterable[Pair]] | None = None,
) -> Weights:
    """Weights for this register and enquiries of this sort; the same input gives the same weights.

    `judgements`: by id of enquiry and card, whether a person judged them to be one man. `on` is
    kept as the day on which the weights were made. `inspected` does for lots of them what
    `inspect_all` does for all, in their order; several processors may.
    """
    judged = judgements or {}
    asked = _some(enquiries, judged)
    if not asked or not len(register):
        return start
    found = inspected(asked) if inspected else (inspect_all(register, [x]) for x in asked)
    pairs: list[Pair] = []
    done = 0
    with ThreadPoolExecutor(1) as beside:
        circles = beside.submit(lambda: learn_together(register.some_names(MOST_CARDS)))
        for pair in found:
            pairs.append(pair)
            done += len(pair.by_all.many)
            if progress:
                progress(done, len(asked))
        together = circles.result()
    verdicts = [judged.get(x.id, {}) for x in asked]
    sample = Sample.of(joined(pairs), verdicts, len(register), together)
    learned = estimate(sample, replace(start, together=together))
    made = Made(
        version=start.made.version + 1,
        on=on,
        cards=len(register),
        enquiries=len(enquiries),
        judgements=sum(map(len, judged.values())),
    )
    return replace(learned, made=made, spread=spread_of(register.frequencies.parts))


def inspect_all(register: Register, asked: Sequence[Description]) -> Pair:
    """What a register holds of asked persons, one after another."""
    pairs = []
    for one in asked:
        by_name = _of_his_name(one)
        found = register.inspect(one, BEST)
        like = found if by_name == one else register.inspect(by_name, BEST)
        pairs.append(Pair(found, like.best))
    found_of_all: Pair = joined(pairs)
    return found_of_all


def joined(several: Sequence[Any]) -> Any:
    """Several of what was found, one after another."""
    first = several[0]
    if isinstance(first, np.ndarray):
        return np.concatenate(several)
    if isinstance(first, list):
        return list(chain.from_iterable(several))
    return type(first)(*map(joined, zip(*several, strict=True)))


def _of_his_name(one: Description) -> Description:
    """Only what a namesake or a brother shares, so that none is missed for what speaks against."""
    return replace(one, born="", unit="", rank="", service_no="", comrade="")


def _some(enquiries: Sequence[Description], judged: Judgements) -> list[Description]:
    """Evenly spaced enquiries, and all that were judged."""
    every = max(1, len(enquiries) // MOST_ENQUIRIES)
    return [
        x for number, x in enumerate(enquiries)
        if x.id in judged or (number % every == 0 and number // every < MOST_ENQUIRIES)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Many inspected enquiries; `many` and what follows it as in `Inspected`."""

    cards: int
    best: Best
    like: Best  # the rows that fit best by name, birthplace and mother alone
    many: NDArray[np.int64]
    masses: Floats
    kinds: NDArray[np.uint8]
    offs: Floats  # what is taken off, as `together.of_ways`
    orders: Floats
    seen: Floats  # how common the words are in each way (`together.seen_so`)
    said: NDArray[np.int8]  # by row: 1 judged to be he, -1 judged not to be, 0 not judged

    @classmethod
    def of(
        cls,
        found: Pair,
        judged: Sequence[Mapping[str, bool]],
        cards: int,
        together: Together,
    ) -> "Sample":
        seen, like = found
        opposite = seen.opposite + np.repeat(starts_of(seen.many)[:-1], seen.many)
        offs = with_swapped(together.bits(seen.names), opposite, seen.masses, seen.asked, cards)
        return cls(
            cards=cards,
            best=seen.best,
            like=like,
            many=seen.many,
            masses=seen.masses,
            kinds=_kinds(seen.kinds, seen.masses, WEIGHTS.arrays),
            offs=offs,
            orders=seen.orders,
            seen=seen_so(seen.masses, seen.asked, offs, cards),
            said=_said(seen, judged),
        )


@compiled
def _kinds(kinds: NDArray[np.uint8], masses: Floats, weights: WeightArrays) -> NDArray[np.uint8]:
    """As `kind_here`, of each arrangement and field."""
    found = kinds.copy()
    for way in range(len(kinds)):
        for field in range(kinds.shape[1]):
            held, near = weights.held[field], weights.near[field]
            found[way, field] = kind_here(kinds[way, field], masses[way, field], held, near)
    return found


def _said(seen: Inspected, judged: Sequence[Mapping[str, bool]]) -> NDArray[np.int8]:
    said = np.zeros(len(seen.ids), np.int8)
    ends = starts_of(seen.best.many).tolist()
    for (first, last), verdicts in zip(pairwise(ends), judged, strict=True):
        if verdicts:
            found = map(verdicts.get, seen.ids[first:last])
            said[first:last] = [{None: 0, True: 1, False: -1}[x] for x in found]
    return said


@dataclass(slots=True)
class _Shares:
    """What is being estimated, in arrays: m by (field, kind, tie), and the shares of cases.

    Where it counts whether the register holds a value, m is shared out among its kinds by that, and
    `new` (field, kind) says how often a stranger's value is of each.
    """

    m: Floats
    new: Floats
    prior: float
    namesakes: float
    kin: float
    swapped: float

    @property
    def cases(self) -> Floats:
        return np.array([self.prior, self.namesakes, self.kin, self.swapped])


@dataclass(frozen=True, slots=True)
class _Known:
    """What stays as it is from round to round; by field, kind and tie where nothing else is said.

    `chance`: u in bits by arrangement, field and tie; `against` (fields, ties); `held` (fields,):
    whether it counts if the register holds a value; `strangers` (fields, 3) what is guessed of how
    often a stranger's is held, new, a slip; `sure` (fields, kinds) as of `WeightArrays`.
    """

    sample: Sample
    start: Weights
    guess: Floats
    within: Floats
    chance: Floats
    against: NDArray[np.bool_]
    held: NDArray[np.bool_]
    strangers: Floats
    sure: Floats


def estimate(sample: Sample, start: Weights) -> Weights:
    """The weights that make a sample likeliest, from first guesses."""
    fields = list(start.fields.values())
    kinds, ties = sample.kinds.max(initial=0) + 1, sample.masses.shape[2]
    kinds = max(kinds, *(len(x.kinds) for x in fields))
    within = np.ones((len(fields), kinds, ties))
    guess = np.zeros((len(fields), kinds, ties))
    new, strangers = np.ones((len(fields), kinds)), np.ones((len(fields), SLIP + 1))
    sure = np.ones((len(fields), kinds))
    for place, weighing in enumerate(fields):
        sure[place, : len(weighing.sure)] = weighing.sure
        if weighing.held:
            guessed = FIRST_NEW, FIRST_SLIP if weighing.near else 0.0
            strangers[place] = 1.0 - sum(guessed), *guessed
            told = [
                share if share < 1.0 else first
                for share, first in zip((weighing.new, weighing.slip), guessed, strict=True)
            ]
            new[place, : SLIP + 1] = 1.0 - sum(told), *told
        for kind in range(len(weighing.kinds)):
            count = len(weighing.ties)
            within[place, kind] = _within(sample, place, weighing, kind)
            first = weighing.m_table[kind] * within[place, kind, :count] * new[place, kind]
            guess[place, kind, 1:count] = first[1:]
        if weighing.held:
            guess[place, NEW, list(map(int, weighing.held))] = 0.0
    held = np.array([bool(x.held) for x in fields])
    guess /= np.maximum(_pairs(guess, held), LEAST)
    against = np.zeros((len(fields), ties), np.bool_)
    for place, weighing in enumerate(fields):
        against[place, : len(weighing.ties)] = weighing.against
    shares = _Shares(guess.copy(), new, 0.5, start.namesakes, start.kin, _share_of(start.swapped))
    chance = _chance(sample, fields)
    known = _Known(sample, start, guess, within, chance, against, held, strangers, sure)
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        for _ in range(ROUNDS):
            before = shares.cases
            moved = _round(known, shares, pool)
            if max(moved, float(np.abs(shares.cases - before).max())) < SETTLED:
                break
    learned = {
        name: _learned(weighing, shares.m[place], within[place], shares.new[place])
        for place, (name, weighing) in enumerate(start.fields.items())
    }
    return replace(
        start,
        fields=learned,
        prior=shares.prior,
        namesakes=shares.namesakes,
        kin=shares.kin,
        swapped=float(np.log2(shares.swapped / (1.0 - shares.swapped))),
    )


def _pairs(counts: Floats, held: NDArray[np.bool_]) -> Floats:
    """How many pairs each kind of value was seen in; those that the register tells, together."""
    pairs: Floats = counts.sum(2, keepdims=True)
    pairs[held, : SLIP + 1] = pairs[held, : SLIP + 1].sum(1, keepdims=True)
    return pairs


def _share_of(bits: float) -> float:
    return float(1.0 / (1.0 + 2.0**-bits))


def _within(sample: Sample, place: int, weighing: Weighing, kind: int) -> Floats:
    """Of cards tied by chance in one of the pooled ways, the share tied in each; else 1.

    Of each enquiry's cards first: of common names more have a form in another language.
    """
    share = np.ones(sample.masses.shape[2])
    if weighing.pooled:
        same = [int(x) for x in weighing.pooled]
        first = starts_of(sample.many)[:-1]
        masses = sample.masses[first, place][sample.kinds[first, place] == kind][:, same]
        every = masses.sum(1)
        seen = (masses[every > 0.0] / every[every > 0.0, None]).sum(0)
        share[same] = (seen + 1.0) / (seen.sum() + len(same))
    return share


def _chance(sample: Sample, fields: Sequence[Weighing]) -> Floats:
    """u in bits, by arrangement, field and tie."""
    chance = np.ones(sample.masses.shape)
    for place, weighing in enumerate(fields):
        count = len(weighing.ties)
        for kind in range(len(weighing.kinds)):
            chosen = sample.kinds[:, place] == kind
            masses = sample.masses[chosen, place, :count]
            known = masses[:, 1:].sum(1)
            chance[chosen, place, :count] = weighing.shares(masses, known, kind)
    return np.log2(chance)


def _learned(weighing: Weighing, m: Floats, within: Floats, new: Floats) -> Weighing:
    """A weighing with these shares; its fields no longer count for less across the board."""
    ties = list(weighing.ties)
    learned = tuple(
        {tie: float(max(m[kind, tie], LEAST) / within[kind, tie] / new[kind]) for tie in ties[1:]}
        for kind in range(len(weighing.kinds))
    )
    one, two = (float(new[x]) if weighing.held else 1.0 for x in (NEW, SLIP))
    return replace(weighing, m=learned, new=one, slip=two, strength=1.0)


def _round(known: _Known, shares: _Shares, pool: Executor) -> float:
    """One round; by how much any m moved."""
    sample, start, guess, held = known.sample, known.start, known.guess, known.held
    m = shares.m / known.within / np.maximum(shares.new, LEAST)[:, :, None]
    in_bits = np.log2(np.maximum(m, LEAST))
    worth = _worth(in_bits, sample.kinds, known.chance, known.against, known.sure)
    swappable = sample.orders == SWAPPED_BITS
    orders = np.where(swappable, np.log2(shares.swapped / (1.0 - shares.swapped)), sample.orders)
    whole = beyond_chance(1.0, sample.cards)
    ways = starts_of(sample.many)
    starts = (starts_of(sample.best.many), starts_of(sample.like.many), ways)
    orders = in_orders(orders, sample.seen, ways)
    odds = np.array([shares.prior, whole * shares.namesakes, whole * shares.kin])
    ends = np.linspace(0, len(sample.many), LOTS + 1).astype(int).tolist()
    found = pool.map(
        lambda lot: _expect(
            lot, starts, sample.best, sample.like, sample.masses, sample.kinds, sample.offs,
            orders, swappable, sample.said, worth, odds, sample.cards, known.sure,
        ),
        pairwise(ends),
    )  # fmt: skip
    counts, cases, strangers = (sum(x) for x in zip(*found, strict=True))
    after = (counts + PAIRS_BEFOREHAND * guess) / (_pairs(counts, held) + PAIRS_BEFOREHAND)
    moved = float(np.abs(after - shares.m).max())
    here, enquiries, namesakes, kin, absent, swapped, straight = cases
    one, other = ON_REGISTER_BEFOREHAND
    shares.m = after
    of_words = strangers[held, : SLIP + 1] + ABSENT_BEFOREHAND * known.strangers[held]
    shares.new[held, : SLIP + 1] = of_words / of_words.sum(1, keepdims=True)
    shares.prior = (here + one) / (enquiries + one + other)
    absent += ABSENT_BEFOREHAND
    shares.namesakes = (namesakes / whole + ABSENT_BEFOREHAND * start.namesakes) / absent
    shares.kin = (kin / whole + ABSENT_BEFOREHAND * start.kin) / absent
    first = _share_of(start.swapped)
    shares.swapped = (swapped + PAIRS_BEFOREHAND * first) / (swapped + straight + PAIRS_BEFOREHAND)
    return moved


@compiled
def _worth(
    m: Floats,
    kinds: NDArray[np.uint8],
    chance: Floats,
    against: NDArray[np.bool_],
    sure: Floats,
) -> Floats:
    """Bits by arrangement, field and tie; what agrees is never held against him.

    `m` and `chance` in bits.
    """
    worth = np.zeros_like(chance)
    for way in range(len(chance)):
        for field in range(chance.shape[1]):
            of_kind, right = m[field, kinds[way, field]], sure[field, kinds[way, field]]
            for tie in range(1, chance.shape[2]):
                bits = of_kind[tie] - chance[way, field, tie]
                if right < 1.0:
                    bits = np.log2(unsure(2.0**bits, right))
                if (bits < 0.0) == against[field, tie]:
                    worth[way, field, tie] = bits
    return worth


@inlined
def rightly(bits: float, right: float) -> float:
    """Of pairs tied so, how many are tied because the asked value is the right one."""
    return 1.0 if right == 1.0 else 1.0 - (1.0 - right) / 2.0**bits


@compiled
def in_orders(orders: Floats, seen: Floats, starts: Starts) -> Floats:
    """As `together.in_order`, of each enquiry."""
    found = np.empty_like(orders)
    for q in range(len(starts) - 1):
        first, last = starts[q], starts[q + 1]
        found[first:last] = in_order(orders[first:last], seen[first:last])
    return found


@compiled
def _expect(
    lot: tuple[int, int],
    starts: tuple[Starts, Starts, Starts],
    best: Best,
    like: Best,
    masses: Floats,
    kinds: NDArray[np.uint8],
    offs: Floats,
    orders: Floats,
    swappable: NDArray[np.bool_],
    said: NDArray[np.int8],
    worth: Floats,
    shares: Floats,
    cards: int,
    sure: Floats,
) -> tuple[Floats, Floats, Floats]:
    """How often each tie is expected between a person and his card, and each case.

    Of the enquiries of a lot, from the first up to the last; `starts` of rows, of rows like him, of
    arrangements. Counts by (field, kind, tie); strangers, who are like nobody on the register, by
    (field, kind). Cases: on the register, enquiries, namesakes, kin, absent, cards in the other
    order, cards in the same.
    """
    row_starts, like_starts, way_starts = starts
    fields, many_ties, many_kinds = masses.shape[1], masses.shape[2], sure.shape[1]
    counts = np.zeros((fields, many_kinds, many_ties))
    cases = np.zeros(7)
    strangers = np.zeros((fields, many_kinds))
    prior, namesakes, kin = shares
    unlike = max(1.0 - namesakes - kin, LEAST)
    bits = np.zeros(fields)
    others = np.zeros((fields, many_ties))
    for q in range(lot[0], lot[1]):
        start, rows = row_starts[q], row_starts[q + 1] - row_starts[q]
        first, last = way_starts[q], way_starts[q + 1]
        ties, ways = best.ties[start : start + rows], best.ways[start : start + rows]
        odds = np.zeros(rows)
        known = np.zeros(rows)
        lowest = 0.0
        he = 0
        for r in range(rows):
            way = first + ways[r]
            agreeing = 0
            for field in range(fields):
                tie = ties[r, field]
                bits[field] = worth[way, field, tie]
                if field < 3:
                    agreeing |= AGREES[tie] << field
            total, _ = weigh(bits, agreeing, offs[way], orders[way])
            lowest = total if r == 0 else min(lowest, total)
            odds[r] = 2.0 ** min(total, MOST_BITS) / cards
            if said[start + r] < 0:
                odds[r] = 0.0
            elif said[start + r] > 0:
                known[r] = 1.0
                he += 1
        alike, upto = like_starts[q], like_starts[q + 1]
        as_namesake, as_kin = as_stranger(
            like.ties[alike:upto], like.ways[alike:upto], masses[first:last], worth[first:last],
            offs[first:last], orders[first:last], cards,
        )  # fmt: skip
        apart = unlike + namesakes * as_namesake + kin * as_kin
        on_best = odds.sum()
        rest = 0.0
        if 2.0 ** min(lowest, MOST_BITS) > NEGLIGIBLE * (on_best + apart * (1.0 - prior) / prior):
            others[:] = 0.0
            rest = _rest(masses[first], worth[first], orders[first], lowest, rows, cards, others)
        if he:
            odds = known / he
            share = 1.0
        else:
            all_of_them = (1.0 - prior) * apart + prior * (on_best + rest)
            share = prior / all_of_them
            absent = (1.0 - prior) * apart / all_of_them
            cases[0] += 1.0 - absent
            cases[1] += 1.0
            cases[2] += absent * namesakes * as_namesake / apart
            cases[3] += absent * kin * as_kin / apart
            cases[4] += absent
            stranger = absent * unlike / apart
            for field in range(fields):
                if masses[first, field, 1:].sum() > 0.0:
                    strangers[field, kinds[first, field]] += stranger
            if rest > 0.0:
                for field in range(fields):
                    kind = kinds[first, field]
                    for tie in range(1, many_ties):
                        told = rightly(worth[first, field, tie], sure[field, kind])
                        counts[field, kind, tie] += share * others[field, tie] * told
        can_be = False
        for way in range(first, last):
            can_be = can_be or swappable[way]
        for r in range(rows):
            weight = share * odds[r]
            if weight < LEAST:
                continue
            way = first + ways[r]
            for field in range(fields):
                tie = ties[r, field]
                if tie:
                    kind = kinds[way, field]
                    told = rightly(worth[way, field, tie], sure[field, kind])
                    counts[field, kind, tie] += weight * told
            if can_be:
                cases[5 if swappable[way] else 6] += weight
    return counts, cases, strangers


@compiled
def _rest(
    masses: Floats,
    worth: Floats,
    order: float,
    below: float,
    best: int,
    cards: int,
    others: Floats,
) -> float:
    """What all cards but the best add to the odds; `others` gets it by field and tie.

    As `likeness.expected_odds`, and for each tie on its own: how much of it stands with that tie.
    """
    fields, many_ties = masses.shape
    bins = int((below + 2.0 * DEEPEST) / WIDE) + 2
    if bins < 2:
        return 0.0
    start = int(DEEPEST / WIDE)
    highest = min(int(np.round((below - order) / WIDE)) + start, bins - 1)
    before = np.zeros((fields + 1, bins))  # odds of the fields so far, by the bits they sum to
    after = np.zeros((fields + 1, bins))
    chance = np.zeros((fields, many_ties))
    move = np.zeros((fields, many_ties), np.int64)
    for field in range(fields):
        known = 0.0
        for tie in range(1, many_ties):
            chance[field, tie] = masses[field, tie] / cards
            known += chance[field, tie]
            move[field, tie] = int(np.round(worth[field, tie] / WIDE))
        chance[field, 0] = max(0.0, 1.0 - known)
    mass = np.zeros(bins)
    mass[start] = 1.0
    before[0, start] = 1.0
    after[fields, start] = 1.0
    for field in range(fields):
        spread = np.zeros(bins)
        last = fields - 1 - field
        for tie in range(many_ties):
            if chance[field, tie] > 0.0:
                odds = chance[field, tie] * 2.0 ** worth[field, tie]
                _add_moved(before[field + 1], before[field], move[field, tie], odds)
                _add_moved(spread, mass, move[field, tie], chance[field, tie])
            if chance[last, tie] > 0.0:
                odds = chance[last, tie] * 2.0 ** worth[last, tie]
                _add_moved(after[last], after[last + 1], move[last, tie], odds)
        mass = spread
    factor = 2.0**order
    total = before[fields, :highest].sum() * factor
    found = np.zeros(many_ties)
    upto = np.zeros(bins + 1)
    for field in range(fields):
        upto[1:] = np.cumsum(after[field + 1])
        shown = np.flatnonzero(chance[field, 1:]) + 1
        found[:] = 0.0
        for place in range(bins):
            if before[field, place] > 0.0:
                for held in shown:  # innermost, so that one tie's sum does not wait for itself
                    room = highest - (place - start) - move[field, held]
                    found[held] += before[field, place] * upto[min(max(room, 0), bins)]
        for held in shown:
            odds = chance[field, held] * 2.0 ** worth[field, held] * factor
            others[field, held] = odds * found[held]
    as_good = mass[highest:].sum() - best / cards
    missing = max(0.0, as_good) * 2.0**below
    whole: float = total + missing
    return whole


@inlined
def _add_moved(to: Floats, of: Floats, by: int, times: float) -> None:
    """Add so many times what stands in each place to that so far on; what would leave stays."""
    inner = max(len(of) - abs(by), 0)
    moved, held = to[max(by, 0) :], of[max(-by, 0) :]
    for place in range(len(of) - len(held)):
        to[0] += times * of[place]
    for place in range(inner):
        moved[place] += times * held[place]
    for place in range(max(len(of) - max(by, 0), 0), len(of)):
        to[-1] += times * of[place]
