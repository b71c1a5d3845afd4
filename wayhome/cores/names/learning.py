"""Weights estimated from a register and its enquiries, without anybody saying who is who.

Expectation maximisation (Dempster, Laird and Rubin 1977) for the model of Fellegi and Sunter: the
weights so far say how likely each of the best cards is the person sought; how often each tie then
stands between a person and his card gives the next weights. Each enquiry is for a person who is on
the register, or for one who is not, of whom it may hold a namesake or a brother. First guesses
count as if a few pairs had been seen, so that a small batch changes little. What people judged
counts as known.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled
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
from .together import AGREES, Called, Words, in_order, learn_together, seen_so
from .weights import FIELDS, NEW, WEIGHTS, Floats, Made, Weighing, Weights

MOST_ENQUIRIES = 2000
MOST_CARDS = 50_000  # whose names are read to find which go together
BEST = 50
ROUNDS = 40
SETTLED = 1e-3  # no share moves further in a round when learning ends
PAIRS_BEFOREHAND = 20.0  # as many pairs of a kind the first guesses count for
ABSENT_BEFOREHAND = 50.0
FIRST_NEW = 0.2  # of strangers' words no card of the register shows
ON_REGISTER_BEFOREHAND = (1.0, 1.0)
NEGLIGIBLE = 1e-4  # of the odds; what is less changes nothing that is learned
LEAST = 1e-9
WIDE = 1.0  # bits: the width of a step where only a distribution matters

Ties = NDArray[np.uint8]
Judgements = Mapping[str, Mapping[str, bool]]


@dataclass(frozen=True, slots=True)
class Inspected:
    """One asked person: the best rows with their ties, and what the register holds of him.

    `ties` of shape (rows, fields); `ways` which arrangement of his name each row agrees with best;
    `masses` of shape (arrangements, fields, ties): how many cards show a tie, tie 0 being how many
    do not know the field; `kinds` (arrangements, fields) as `kind_of`; `offs` (arrangements, 8) as
    `Together.bits`; `orders` what speaks against each arrangement.
    """

    ids: Sequence[str]
    ties: Ties
    ways: NDArray[np.int64]
    masses: Floats
    kinds: NDArray[np.uint8]
    names: Sequence[Words]
    orders: Floats


Pair = tuple[Inspected, Inspected]


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
    kept as the day on which the weights were made. `inspected` does for many what `inspect_both`
    does for one, in their order; several processors may.
    """
    judged = judgements or {}
    asked = _some(enquiries, judged)
    if not asked or not len(register):
        return start
    together = learn_together(register.some_names(MOST_CARDS))
    seen, like = [], []
    pairs = inspected(asked) if inspected else (inspect_both(register, x) for x in asked)
    for number, (by_all, by_name) in enumerate(pairs, 1):
        seen.append(by_all)
        like.append(by_name)
        if progress:
            progress(number, len(asked))
    verdicts = [judged.get(x.id, {}) for x in asked]
    sample = Sample.of(seen, like, verdicts, len(register), together.offs)
    found = estimate(sample, replace(start, together=together))
    made = Made(
        version=start.made.version + 1,
        on=on,
        cards=len(register),
        enquiries=len(enquiries),
        judgements=sum(map(len, judged.values())),
    )
    return replace(found, made=made, spread=spread_of(register.frequencies.parts))


def inspect_both(register: Register, one: Description) -> Pair:
    """What a register holds of one asked person, by all that is known and by his name."""
    by_name = _of_his_name(one)
    found = register.inspect(one, BEST)
    return found, found if by_name == one else register.inspect(by_name, BEST)


def _of_his_name(one: Description) -> Description:
    """Only what a namesake or a brother shares, so that none is missed for what speaks against."""
    return replace(one, born="", unit="", rank="", service_no="")


def _some(enquiries: Sequence[Description], judged: Judgements) -> list[Description]:
    """Evenly spaced enquiries, and all that were judged."""
    every = max(1, len(enquiries) // MOST_ENQUIRIES)
    return [
        x for number, x in enumerate(enquiries)
        if x.id in judged or (number % every == 0 and number // every < MOST_ENQUIRIES)
    ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sample:
    """Many inspected enquiries in arrays: (enquiries, rows or arrangements, fields, ties)."""

    cards: int
    rows: NDArray[np.int64]  # how many rows each enquiry has
    ties: Ties
    ways: NDArray[np.uint8]
    masses: Floats
    kinds: NDArray[np.uint8]
    offs: Floats
    orders: Floats
    seen: Floats  # how common the words are in each way (`together.seen_so`)
    said: NDArray[np.int8]  # by row: 1 judged to be he, -1 judged not to be, 0 not judged
    like_ties: Ties  # of the rows that fit best by name, birthplace and mother alone
    like_ways: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        seen: Sequence[Inspected],
        like: Sequence[Inspected],
        judged: Sequence[Mapping[str, bool]],
        cards: int,
        off: Callable[[Sequence[Words], Floats, int], Floats],
    ) -> "Sample":
        ways = max(len(x.orders) for x in seen)
        rows = max(1, *(len(x.ids) for x in seen))
        many, fields, ties = len(seen), len(FIELDS), seen[0].masses.shape[2]
        sample = cls(
            cards=cards,
            rows=np.array([len(x.ids) for x in seen], np.int64),
            ties=np.zeros((many, rows, fields), np.uint8),
            ways=np.zeros((many, rows), np.uint8),
            masses=np.zeros((many, ways, fields, ties)),
            kinds=np.zeros((many, ways, fields), np.uint8),
            offs=np.zeros((many, ways, 8)),
            orders=np.full((many, ways), -MOST_BITS),
            seen=np.zeros((many, ways)),
            said=np.zeros((many, rows), np.int8),
            like_ties=np.zeros((many, rows, fields), np.uint8),
            like_ways=np.zeros((many, rows), np.int64),
        )
        for place, (one, verdicts) in enumerate(zip(seen, judged, strict=True)):
            sample._put(place, one, verdicts, off)
            sample.like_ties[place, : len(like[place].ids)] = like[place].ties
            sample.like_ways[place, : len(like[place].ids)] = like[place].ways
        return sample

    def _put(
        self,
        place: int,
        one: Inspected,
        verdicts: Mapping[str, bool],
        off: Callable[[Sequence[Words], Floats, int], Floats],
    ) -> None:
        rows, ways, weighings = len(one.ids), len(one.orders), list(FIELDS.values())
        self.ties[place, :rows] = one.ties
        self.ways[place, :rows] = one.ways
        self.masses[place, :ways] = one.masses
        for way, field in np.ndindex(ways, len(FIELDS)):
            self.kinds[place, way, field] = weighings[field].kind(
                int(one.kinds[way, field]), one.masses[way, field]
            )
        self.orders[place, :ways] = one.orders
        self.offs[place, :ways] = off(one.names, one.masses, self.cards)
        self.seen[place, :ways] = seen_so(one.masses, self.offs[place, :ways], self.cards)
        if verdicts:
            self.said[place, :rows] = [
                {None: 0, True: 1, False: -1}[verdicts.get(x)] for x in one.ids
            ]


@dataclass(slots=True)
class _Shares:
    """What is being estimated, in arrays: m by (field, kind, tie), and the shares of cases.

    Where it counts whether the register holds a value, m is shared out among both of those kinds,
    and `new` (field, kind) says how often a stranger's value is new.
    """

    m: Floats
    new: Floats
    prior: float
    namesakes: float
    kin: float
    swapped: float


def estimate(sample: Sample, start: Weights) -> Weights:
    """The weights that make a sample likeliest, from first guesses."""
    fields = list(start.fields.values())
    kinds, ties = sample.kinds.max(initial=0) + 1, sample.masses.shape[3]
    kinds = max(kinds, *(len(x.kinds) for x in fields))
    within = np.ones((len(fields), kinds, ties))
    guess = np.zeros((len(fields), kinds, ties))
    new = np.ones((len(fields), kinds))
    for place, weighing in enumerate(fields):
        if weighing.held:
            share = weighing.new if weighing.new < 1.0 else FIRST_NEW
            new[place, [0, NEW]] = 1.0 - share, share
        for kind in range(len(weighing.kinds)):
            count = len(weighing.ties)
            within[place, kind] = _within(sample, place, weighing, kind)
            first = weighing.m_table[kind] * within[place, kind, :count] * new[place, kind]
            guess[place, kind, 1:count] = first[1:]
        if weighing.held:
            guess[place, NEW, list(map(int, weighing.held))] = 0.0
    joint = np.array([bool(x.held) for x in fields])
    guess /= np.maximum(_pairs(guess, joint), LEAST)
    chance = _chance(sample, fields)
    against = np.zeros((len(fields), ties), np.bool_)
    for place, weighing in enumerate(fields):
        against[place, : len(weighing.ties)] = weighing.against
    shares = _Shares(guess.copy(), new, 0.5, start.namesakes, start.kin, _share_of(start.swapped))
    for _ in range(ROUNDS):
        before = np.array([shares.prior, shares.namesakes, shares.kin, shares.swapped])
        moved = _round(sample, shares, guess, within, chance, against, joint, start)
        after = np.array([shares.prior, shares.namesakes, shares.kin, shares.swapped])
        if max(moved, float(np.abs(after - before).max())) < SETTLED:
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


def _pairs(counts: Floats, joint: NDArray[np.bool_]) -> Floats:
    """How many pairs each kind of value was seen in; the two kinds of a word count together."""
    pairs: Floats = counts.sum(2, keepdims=True)
    pairs[joint, : NEW + 1] = pairs[joint, : NEW + 1].sum(1, keepdims=True)
    return pairs


def _share_of(bits: float) -> float:
    return float(1.0 / (1.0 + 2.0**-bits))


def _within(sample: Sample, place: int, weighing: Weighing, kind: int) -> Floats:
    """Of cards tied by chance in one of the pooled ways, the share tied in each; else 1.

    Of each enquiry's cards first: of common names more have a form in another language.
    """
    share = np.ones(sample.masses.shape[3])
    if weighing.pooled:
        same = [int(x) for x in weighing.pooled]
        masses = sample.masses[:, 0, place][sample.kinds[:, 0, place] == kind][:, same]
        every = masses.sum(1)
        seen = (masses[every > 0.0] / every[every > 0.0, None]).sum(0)
        share[same] = (seen + 1.0) / (seen.sum() + len(same))
    return share


def _chance(sample: Sample, fields: Sequence[Weighing]) -> Floats:
    """u by enquiry, arrangement, field and tie."""
    chance = np.ones(sample.masses.shape)
    for place, weighing in enumerate(fields):
        count = len(weighing.ties)
        for kind in range(len(weighing.kinds)):
            chosen = sample.kinds[:, :, place] == kind
            masses = sample.masses[chosen][:, place, :count].astype(np.float64)
            known = masses[:, 1:].sum(1)
            chance[chosen, place, :count] = weighing.shares(masses, known, kind)
    return chance


def _learned(weighing: Weighing, m: Floats, within: Floats, new: Floats) -> Weighing:
    """A weighing with these shares; its fields no longer count for less across the board."""
    ties = list(weighing.ties)
    learned = tuple(
        {tie: float(max(m[kind, tie], LEAST) / within[kind, tie] / new[kind]) for tie in ties[1:]}
        for kind in range(len(weighing.kinds))
    )
    return replace(weighing, m=learned, new=float(new[NEW]) if weighing.held else 1.0, strength=1.0)


def _round(
    sample: Sample,
    shares: _Shares,
    guess: Floats,
    within: Floats,
    chance: Floats,
    against: NDArray[np.bool_],
    joint: NDArray[np.bool_],
    start: Weights,
) -> float:
    """One round; by how much any m moved."""
    worth = _worth(sample, shares.m / within / shares.new[:, :, None], chance, against)
    orders = np.where(
        sample.orders == SWAPPED_BITS,
        np.log2(shares.swapped / (1.0 - shares.swapped)),
        sample.orders,
    )
    whole = beyond_chance(1.0, sample.cards)
    counts, cases, strangers = _expect(
        sample.rows, sample.ties, sample.ways, sample.masses, sample.kinds, sample.offs,
        in_orders(orders, sample.seen), sample.orders == SWAPPED_BITS, sample.said,
        sample.like_ties, sample.like_ways,
        worth,
        np.array([shares.prior, whole * shares.namesakes, whole * shares.kin]),
        sample.cards, guess.shape[1],
    )  # fmt: skip
    after = (counts + PAIRS_BEFOREHAND * guess) / (_pairs(counts, joint) + PAIRS_BEFOREHAND)
    moved = float(np.abs(after - shares.m).max())
    here, enquiries, namesakes, kin, absent, swapped, straight = cases
    one, other = ON_REGISTER_BEFOREHAND
    shares.m = after
    of_words = strangers[joint, : NEW + 1].sum(1)
    seen = strangers[joint, NEW] + ABSENT_BEFOREHAND * FIRST_NEW
    shares.new[joint, NEW] = seen / (of_words + ABSENT_BEFOREHAND)
    shares.new[joint, 0] = 1.0 - shares.new[joint, NEW]
    shares.prior = (here + one) / (enquiries + one + other)
    absent += ABSENT_BEFOREHAND
    shares.namesakes = (namesakes / whole + ABSENT_BEFOREHAND * start.namesakes) / absent
    shares.kin = (kin / whole + ABSENT_BEFOREHAND * start.kin) / absent
    first = _share_of(start.swapped)
    shares.swapped = (swapped + PAIRS_BEFOREHAND * first) / (swapped + straight + PAIRS_BEFOREHAND)
    return moved


def _worth(sample: Sample, m: Floats, chance: Floats, against: NDArray[np.bool_]) -> Floats:
    """Bits by enquiry, arrangement, field and tie; what agrees is never held against him."""
    asked = m[np.arange(len(m)), sample.kinds]
    worth = np.log2(np.maximum(asked, LEAST) / chance)
    worth = np.where(against, np.minimum(worth, 0.0), np.maximum(worth, 0.0))
    worth[..., 0] = 0.0
    return worth


@compiled
def in_orders(orders: Floats, seen: Floats) -> Floats:
    """As `together.in_order`, of each enquiry."""
    found = np.empty_like(orders)
    for q in range(len(orders)):
        found[q] = in_order(orders[q], seen[q])
    return found


@compiled
def _expect(
    rows: NDArray[np.int64],
    ties: Ties,
    ways: NDArray[np.uint8],
    masses: Floats,
    kinds: NDArray[np.uint8],
    offs: Floats,
    orders: Floats,
    swappable: NDArray[np.bool_],
    said: NDArray[np.int8],
    like_ties: Ties,
    like_ways: NDArray[np.int64],
    worth: Floats,
    shares: Floats,
    cards: int,
    many_kinds: int,
) -> tuple[Floats, Floats, Floats]:
    """How often each tie is expected between a person and his card, and each case.

    Counts by (field, kind, tie); strangers, who are like nobody on the register, by (field, kind).
    Cases: on the register, enquiries, namesakes, kin, absent, cards
    in the other order, cards in the same.
    """
    fields, many_ties = masses.shape[2], masses.shape[3]
    counts = np.zeros((fields, many_kinds, many_ties))
    cases = np.zeros(7)
    strangers = np.zeros((fields, many_kinds))
    prior, namesakes, kin = shares
    unlike = max(1.0 - namesakes - kin, LEAST)
    bits = np.zeros(fields)
    others = np.zeros((fields, many_ties))
    for q in range(len(rows)):
        like = np.zeros(rows[q])
        known = np.zeros(rows[q])
        last = 0.0
        he = 0
        for r in range(rows[q]):
            way = ways[q, r]
            agreeing = 0
            for field in range(fields):
                tie = ties[q, r, field]
                bits[field] = worth[q, way, field, tie]
                if field < 3:
                    agreeing |= AGREES[tie] << field
            order = orders[q, way]
            off = offs[q, way]
            total, _ = weigh(bits, agreeing, off, order)
            last = total if r == 0 else min(last, total)
            like[r] = 2.0 ** min(total, MOST_BITS) / cards
            if said[q, r] < 0:
                like[r] = 0.0
            elif said[q, r] > 0:
                known[r] = 1.0
                he += 1
        as_namesake, as_kin = as_stranger(
            like_ties[q, : rows[q]], like_ways[q, : rows[q]], masses[q], worth[q], offs[q],
            orders[q], cards,
        )  # fmt: skip
        apart = unlike + namesakes * as_namesake + kin * as_kin
        best = like.sum()
        rest = 0.0
        if 2.0 ** min(last, MOST_BITS) > NEGLIGIBLE * (best + apart * (1.0 - prior) / prior):
            others[:] = 0.0
            rest = _rest(masses[q, 0], worth[q, 0], orders[q, 0], last, rows[q], cards, others)
        if he:
            like = known / he
            share = 1.0
        else:
            all_of_them = (1.0 - prior) * apart + prior * (best + rest)
            share = prior / all_of_them
            absent = (1.0 - prior) * apart / all_of_them
            cases[0] += 1.0 - absent
            cases[1] += 1.0
            cases[2] += absent * namesakes * as_namesake / apart
            cases[3] += absent * kin * as_kin / apart
            cases[4] += absent
            stranger = absent * unlike / apart
            for field in range(fields):
                if masses[q, 0, field, 1:].sum() > 0.0:
                    strangers[field, kinds[q, 0, field]] += stranger
            if rest > 0.0:
                for field in range(fields):
                    for tie in range(1, many_ties):
                        counts[field, kinds[q, 0, field], tie] += share * others[field, tie]
        can_be = False
        for way in range(orders.shape[1]):
            can_be = can_be or swappable[q, way]
        for r in range(rows[q]):
            weight = share * like[r]
            if weight < LEAST:
                continue
            way = ways[q, r]
            for field in range(fields):
                tie = ties[q, r, field]
                if tie:
                    counts[field, kinds[q, way, field], tie] += weight
            if can_be:
                cases[5 if swappable[q, way] else 6] += weight
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
                for place in range(bins):
                    to = min(max(place + move[field, tie], 0), bins - 1)
                    before[field + 1, to] += odds * before[field, place]
                    spread[to] += chance[field, tie] * mass[place]
            if chance[last, tie] > 0.0:
                odds = chance[last, tie] * 2.0 ** worth[last, tie]
                for place in range(bins):
                    to = min(max(place + move[last, tie], 0), bins - 1)
                    after[last, to] += odds * after[last + 1, place]
        mass = spread
    factor = 2.0**order
    total = before[fields, :highest].sum() * factor
    for field in range(fields):
        upto = np.cumsum(after[field + 1])
        for tie in range(1, many_ties):
            if chance[field, tie] > 0.0:
                odds = chance[field, tie] * 2.0 ** worth[field, tie] * factor
                found = 0.0
                for place in range(bins):
                    room = highest - 1 - (place - start) - move[field, tie]
                    if room >= 0 and before[field, place] > 0.0:
                        found += before[field, place] * upto[min(room, bins - 1)]
                others[field, tie] = odds * found
    as_good = mass[highest:].sum() - best / cards
    missing = max(0.0, as_good) * 2.0**below
    whole: float = total + missing
    return whole
