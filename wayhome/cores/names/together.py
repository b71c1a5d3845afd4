"""Names that go together: who is called Рамзан is likelier than others to be a Кадыров.

Three names of one man are not three facts. A register's names are shared out among a few circles,
within each of which surname, given name and patronymic are taken as independent. The circles are
found by expectation maximisation in the register alone, bear no label, and say nothing of any
person: all they give is by how much agreement in two or three names counts for less than the sum.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import count

import numpy as np
from numpy.typing import NDArray

from .compiled import Box, boxed, compiled, inlined
from .growing import layout_of, string_of
from .reading import Records
from .records import FOLDED, GROUPS, HEAD, INITIAL, STEMS, Record
from .spelling import SAME, Spelling, Tie
from .strings import Strings

Floats = NDArray[np.float64]
# Of each of three words what circles may know it by, in one reading or another; and what they may
# know the word by that is meant, if another is (`Frequencies.called`).
Names = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
# What a register's cards are called: of each of the three names what circles know its words by,
# which may repeat, and for each card the place of its word.
Called = Sequence[tuple[Sequence[str], NDArray[np.int64]]]
Words = tuple[Spelling, Spelling, Spelling]

CIRCLES = 20
TRIES = 8
TRIED_ON = 6000  # cards, of which the best try goes on with all
TRIED = 20  # rounds of a try
ROUNDS = 40
ENOUGH = 2e-5  # a round that makes a card likelier by less than so many nats is the last
SMOOTHED = 50.0  # so many cards of the whole register stand in each circle beside its own
FEWEST_SURNAMES = 4  # a rarer surname is known by its ending
FEWEST_NAMES = 2
ENDING = 3
SUBSETS = 8  # of surname (1), given name (2) and patronymic (4)
BOTH = (3, 7)  # those with surname and given name
FIRST_SAME, LAST_SAME = SAME[0], SAME[-1]
MOST_SWAPPED = 60.0  # bits; rarer in its own place than in the other is no word
SWAPPED = 0.044  # of cards have them in each other's place


def known_by(place: int, read: Records) -> list[str]:
    """What circles know the words of a name by: the first of `known_so`, of their records."""
    groups, letters, starts = _known_by(place, *read)
    texts = Strings(letters, starts).texts()
    return [
        text if group < 0 else f"#{group}"
        for text, group in zip(texts, groups.tolist(), strict=True)
    ]


@compiled
def _known_by(
    place: int, numbers: Record, starts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], Record, NDArray[np.int64]]:
    """Of each record the group that it is known by, or -1; else the letters of its first stem."""
    many = len(starts) - 1
    groups, ends = np.full(many, -1), np.zeros(many + 1, np.int64)
    letters = np.empty(len(numbers), np.uint32)
    for i in range(many):
        read = numbers[starts[i] : starts[i + 1]]
        ends[i + 1] = ends[i]
        if not read[FOLDED] or read[INITIAL]:
            continue
        if place and read[GROUPS]:
            groups[i] = read[HEAD]  # they are sorted
        elif read[STEMS]:
            stem = string_of(read, layout_of(read), np.int64(read[FOLDED]))
            ends[i + 1] += len(stem)
            letters[ends[i] : ends[i + 1]] = stem
    return groups, letters[: ends[-1]].copy(), ends


def known_so(place: int, word: Spelling) -> tuple[str, ...]:
    """What circles may know a word of a name by, in whatever language it is written."""
    if not word.folded or word.initial:
        return ()
    return (f"#{min(word.groups)}",) if place and word.groups else word.stems


@dataclass(frozen=True, eq=False)
class Together:
    """Circles of names: how large each is, and how much likelier each name is in it."""

    sizes: tuple[float, ...] = (1.0,)
    likelier: tuple[Mapping[str, tuple[float, ...]], ...] = ({}, {}, {})

    def bits(self, names: Sequence[Names]) -> Floats:
        """By how many bits agreement in each subset of three names counts for less: (names, 8).

        By subset: 1 stands for the surname, 2 for the given name, 4 for the patronymic. Names
        that keep apart count for what they are alone.
        """
        places = [
            [self.row(place, known, partial(tuple, meant)) for place, (known, meant) in of_all]
            for of_all in map(enumerate, names)
        ]
        found: Floats = offs_of(self.circles, np.array(places, np.int64).reshape(-1, 3))
        return found

    def row(self, place: int, known: Sequence[str], meant: Callable[[], Sequence[str]]) -> int:
        """Where a word stands among the names of the circles, -1 if it does not.

        It may be known by these names, or else by those of the word that is `meant`. One that is
        too rare stands with others of its ending.
        """
        rows = self._rows[place]
        found = next(filter(rows.__contains__, known), None)
        if found is None and rows and known:
            others = [*meant(), *known]
            ends = [known_as(place, x, rows) for x in others]
            found = next(filter(rows.__contains__, (*others, *ends)), None)
        return -1 if found is None else rows[found]

    @cached_property
    def _rows(self) -> list[dict[str, int]]:
        rows = count()
        return [{name: next(rows) for name in table} for table in self.likelier]

    @cached_property
    def circles(self) -> Box:
        """How large each circle is, and how much likelier each name in it, (names, circles)."""
        likelier = [shares for table in self.likelier for shares in table.values()]
        sizes = np.array(self.sizes)
        return boxed((sizes, np.array(likelier, np.float64).reshape(len(likelier), len(sizes))))


def opposite(orders: Sequence[tuple[Hashable, ...]]) -> list[int]:
    """For each way to share out the words of a name the one that swaps surname and given name.

    `orders` are surname, given name and patronymic of each way. Where there is none, or nothing to
    swap, its own place.
    """
    places = {order: place for place, order in enumerate(orders)}
    return [
        place if one == other else places.get((other, one, *rest), place)
        for place, (one, other, *rest) in enumerate(orders)
    ]


def known_as(place: int, name: str, table: Mapping[str, object]) -> str:
    """The key of a name in a table: itself if it is common enough to stand there."""
    if not name or name in table:
        return name
    return f"-{name[-ENDING:]}" if place == 0 else "?"


@compiled
def seen_so(masses: Floats, asked: NDArray[np.bool_], off: Floats, cards: int) -> Floats:
    """How common the words of a name are, shared out in each way: bits below all cards, (ways,).

    `masses` (ways, fields, ties) are cards of the register, `asked` (ways, 3) the names that are
    asked for, `off` (ways, subsets). A word that no card shows counts as half a card; a name that
    is not asked for, as all of them.
    """
    found = np.zeros(len(off))
    for way in range(len(off)):
        subset = 0
        for place in range(3):
            if asked[way, place]:
                same = masses[way, place, FIRST_SAME : LAST_SAME + 1].sum()
                subset |= 1 << place
                found[way] += np.log2((same + 0.5) / (cards + 1.0))
        found[way] += off[way, subset]
    return found


@compiled
def offs_of(circles: Box, places: NDArray[np.int64]) -> Floats:
    """As `Together.bits`, of each way; `places` as `Frequencies.places` gives them."""
    sizes, likelier = circles[0]
    found = np.zeros((len(places), SUBSETS))
    if len(sizes) < 2:
        return found
    for way in range(len(places)):
        for subset in range(SUBSETS):
            total = 0.0
            for circle in range(len(sizes)):
                share = sizes[circle]
                for place in range(3):
                    if subset >> place & 1 and places[way, place] >= 0:
                        share *= likelier[places[way, place], circle]
                total += share
            found[way, subset] = max(np.log2(total), 0.0)
    return found


@compiled
def with_swapped(
    off: Floats,
    opposite: NDArray[np.int64],
    masses: Floats,
    asked: NDArray[np.bool_],
    cards: int,
) -> Floats:
    """What is taken off, with the cards that hold the names in the other way's order."""
    found, alone = off.copy(), seen_so(masses, asked, off, cards)
    for way in range(len(off)):
        other = opposite[way]
        if other != way:
            more = SWAPPED * 2.0 ** min(alone[other] - alone[way], MOST_SWAPPED)
            for subset in BOTH:
                found[way, subset] += np.log2(1.0 + more)
    return found


@compiled
def in_order(orders: Floats, seen: Floats) -> Floats:
    """What is left of each way's bits once the register shows how common its words are so.

    Of a stranger, too, the words are shared out in one of these ways. `seen` as of `seen_so`.
    """
    weights = orders + seen
    most = weights.max()
    found: Floats = weights - most - np.log2(np.exp2(weights - most).sum())
    return found


@compiled
def of_ways(
    circles: Box,
    places: NDArray[np.int64],
    opposite: NDArray[np.int64],
    first: Floats,
    masses: Floats,
    asked: NDArray[np.bool_],
    cards: int,
) -> tuple[Floats, Floats]:
    """Of each way to share out the words of a name: what is taken off, and its order's bits.

    `places` as `Frequencies.places`, `opposite` as `opposite` gives them; `first` (ways,) bits of
    the order beforehand; `masses` and `asked` as of `seen_so`; (ways, subsets) and (ways,). Some
    cards have surname and given name in each other's place. On those both are words that are rare
    there, and yet go together.
    """
    off = with_swapped(offs_of(circles, places), opposite, masses, asked, cards)
    return off, in_order(first, seen_so(masses, asked, off, cards))


ALONE = Together()


# Whether a tie of one name puts it into the set of those that agree; surname is bit 0.
AGREES: NDArray[np.int64] = np.array(
    [0 if tie in (Tie.UNKNOWN, Tie.DIFFERS) else 1 for tie in Tie], np.int64
)
WITHOUT_GIVEN = 0b101  # surname and patronymic, of such a set


@inlined
def joined_as(bits: Floats, agreeing: int, off: Floats) -> tuple[float, int]:
    """As `joined`, and the subset that was taken together."""
    best, against, chosen = 0.0, 0.0, 0
    for place in range(3):
        if not agreeing >> place & 1:
            against += bits[place]
    for subset in range(1, 8):
        if subset & agreeing == subset:
            found = -off[subset]
            for place in range(3):
                if subset >> place & 1:
                    found += bits[place]
            if found > best:
                best, chosen = found, subset
    return best + against, chosen


@inlined
def joined(bits: Floats, agreeing: int, off: Floats) -> float:
    """What surname, given name and patronymic weigh together.

    The best subset of those that agree (`AGREES`), taken together, plus what the others say against
    him. One more that agrees therefore never weighs less than nothing.
    """
    found, _ = joined_as(bits, agreeing, off)
    return found


def learn_together(names: Called, *, circles: int = CIRCLES, seed: int = 0) -> Together:
    """Circles found in the names of a register, at most `CIRCLES`."""
    tables = [_numbered(place, words, of_card) for place, (words, of_card) in enumerate(names)]
    held = np.stack(
        [
            np.array([*(table.get(known_as(i, x, table), -1) for x in words), -1])[of_card]
            for i, (table, (words, of_card)) in enumerate(zip(tables, names, strict=True))
        ],
        axis=1,
    )
    held = held[(held >= 0).sum(1) >= 2]
    if len(held) < circles * 100:
        return ALONE
    sizes, likelier = _circles(held, [len(x) for x in tables], circles, seed)
    return Together(
        sizes=tuple(sizes.tolist()),
        likelier=tuple(
            dict(zip(table, map(tuple, figures.tolist()), strict=True))
            for table, figures in zip(tables, likelier, strict=True)
        ),
    )


def _numbered(place: int, words: Sequence[str], of_card: NDArray[np.int64]) -> dict[str, int]:
    count: Counter[str] = Counter()
    for word, cards in zip(words, np.bincount(of_card, minlength=len(words)).tolist(), strict=True):
        if word:
            count[word] += cards
    fewest = FEWEST_NAMES if place else FEWEST_SURNAMES
    common = {x: n for x, n in count.items() if n >= fewest}
    keys = sorted({known_as(place, x, common) for x in count})
    return {key: number for number, key in enumerate(keys)}


def _circles(
    held: NDArray[np.int64], lengths: Sequence[int], circles: int, seed: int
) -> tuple[Floats, list[Floats]]:
    """Sizes, and how much likelier each name is in each circle.

    The best of a few tries with some of the cards, each from another first guess, goes on with all.
    """
    starts = np.cumsum([0, *(x + 1 for x in lengths)])  # the last of each place: not known
    rows = np.where(held < 0, lengths, held) + starts[:-1]
    whole = np.bincount(rows.ravel(), minlength=starts[-1]).astype(np.float64)
    whole[starts[1:] - 1] = 0.0
    known = np.maximum(np.add.reduceat(whole, starts[:-1]), 1.0)
    whole /= np.repeat(known, np.diff(starts))
    some = np.ascontiguousarray(rows[:: -(-len(rows) // TRIED_ON)])
    random = np.random.default_rng(seed)
    tries = []
    for _ in range(TRIES):
        places = some * CIRCLES + random.integers(0, circles, (len(some), 1))
        first = np.bincount(places.ravel(), minlength=len(whole) * CIRCLES).astype(np.float64)
        tries.append(_settled(some, whole, starts, first.reshape(-1, CIRCLES), TRIED))
    counts, _ = max(tries, key=lambda x: x[1])
    counts, _ = _settled(rows, whole, starts, counts * (len(rows) / len(some)), ROUNDS)
    sizes, likelier = _figures(counts, whole, starts)
    likelier /= (likelier @ sizes)[:, None]
    spans = zip(starts[:-1].tolist(), lengths, strict=True)
    return sizes[:circles], [likelier[x : x + many, :circles] for x, many in spans]


@compiled
def _settled(
    held: NDArray[np.int64],
    whole: Floats,
    starts: NDArray[np.int64],
    counts: Floats,
    rounds: int,
) -> tuple[Floats, float]:
    """Expectation maximisation: how many cards of each name stand in each circle; nats.

    Each round begins further on in the direction of the last (Nesterov 1983), until that no longer
    makes the cards likelier.
    """
    best = -np.inf
    last, pace = counts, 0
    for _ in range(rounds):
        after, found = _shared_out(held, *_figures(counts, whole, starts))
        if found < best:
            counts, pace = last, 0
            continue
        if found - best < ENOUGH * len(held):
            return after, found
        best = found
        further = pace / (pace + 3.0)
        counts = np.maximum(after + further * (after - last), 0.0)
        last, pace = after, pace + 1
    return last, best


@compiled
def _figures(counts: Floats, whole: Floats, starts: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Sizes of the circles, and how much likelier each name is in each than among all."""
    sizes = counts[: starts[1]].sum(0)
    likelier = np.ones_like(counts)
    for place in range(len(starts) - 1):
        first, last = starts[place], starts[place + 1] - 1
        one_of = 1.0 / (counts[first:last].sum(0) + SMOOTHED)
        for name in range(first, last):
            if whole[name] > 0.0:
                cards = 1.0 / whole[name]
                for circle in range(CIRCLES):
                    seen = counts[name, circle] * cards + SMOOTHED
                    likelier[name, circle] = seen * one_of[circle]
    return sizes / sizes.sum(), likelier


@compiled
def _shared_out(held: NDArray[np.int64], sizes: Floats, likelier: Floats) -> tuple[Floats, float]:
    """How many cards of each name are expected in each circle; the log likelihood of all cards.

    That is counted from what it would be if no names went together.
    """
    counts = np.zeros_like(likelier)
    share = np.empty(CIRCLES)  # a constant, so that the loops become a few instructions
    found = 0.0
    for row in range(len(held)):
        one, two, three = held[row, 0], held[row, 1], held[row, 2]
        total = 0.0
        for circle in range(CIRCLES):
            share[circle] = (
                sizes[circle]
                * likelier[one, circle]
                * likelier[two, circle]
                * likelier[three, circle]
            )
        for circle in range(CIRCLES):
            total += share[circle]
        found += np.log(total)
        one_of = 1.0 / total
        for circle in range(CIRCLES):
            part = share[circle] * one_of
            counts[one, circle] += part
            counts[two, circle] += part
            counts[three, circle] += part
    return counts, found
