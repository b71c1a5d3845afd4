"""What the bits of the fields sum to, and what all those weigh who are not among the best.

Fields are not independent among people. Names that go together count for less than their sum. Who
shares a surname and a father's name may share a mother and a birthplace too, and be another. So
"not he" is taken as three cases: anybody, a namesake (the name agrees as if he were the person,
all else by chance), kin (surname, father, mother and birthplace agree as if he were, all else by
chance).
"""

import numpy as np
from numpy.typing import NDArray

from .compiled import compiled, inlined
from .together import WITHOUT_GIVEN, joined

FEWEST_CARDS = 10_000  # with fewer, it is not likelier that a certain card is a namesake's

MOST_BITS = 900.0  # 2 ** bits must stay a number
Floats = NDArray[np.float64]

# The order of the fields wherever bits or ties stand in a row.
SURNAME, GIVEN, PATRONYMIC, BORN, BIRTHPLACE = range(5)
UNIT, RANK, SERVICE_NO, MOTHER_GIVEN, MOTHER_PATRONYMIC = range(5, 10)
STEP = 0.5  # bits are rounded to so much where only their distribution matters
NEGLIGIBLE = 1e-5  # of the odds; a card that adds less than so much is not looked for
DEEPEST = 60.0  # no card is further below the others


def each_of(share: float, cards: int) -> float:
    """How likely one certain card is a namesake's (or kin's), if so many persons have one."""
    return share / max(cards, FEWEST_CARDS)


@inlined
def weigh(
    bits: Floats, agreeing: int, off: Floats, order: float, namesake: float, kin: float
) -> tuple[float, float, float]:
    """A pair's bits; what of them names that go together take off, and what others like him.

    `bits` of the ten fields; `agreeing` the three names that agree (`AGREES`); `off` by subset
    (`Together.bits`); `order` what speaks against the order of the names; `namesake`, `kin` how
    likely one certain card is one's (`each_of`). Agreement is never held against a person.
    """
    names = joined(bits, agreeing, off)
    father = joined(bits, agreeing & WITHOUT_GIVEN, off) - bits[GIVEN]
    father = min(father, names - bits[GIVEN])  # else what adds nothing to his name would add to kin
    plain = bits[SURNAME] + bits[GIVEN] + bits[PATRONYMIC]
    total = names + order
    related = father + order
    for field in range(BORN, 10):
        total += bits[field]
    related += bits[BIRTHPLACE] + bits[MOTHER_GIVEN] + bits[MOTHER_PATRONYMIC]
    like = namesake * 2.0 ** min(names + order, MOST_BITS) + kin * 2.0 ** min(related, MOST_BITS)
    others = -np.log2(1.0 + like)
    return total + others, min(names - plain, 0.0), others


@compiled
def weigh_rows(
    bits: Floats,
    agreeing: NDArray[np.uint8],
    off: Floats,
    order: float,
    namesake: float,
    kin: float,
) -> Floats:
    """The bits of many pairs: as `weigh`, with `bits` by field and pair."""
    found = np.empty(bits.shape[1])
    for row in range(bits.shape[1]):
        found[row], _, _ = weigh(bits[:, row], agreeing[row], off, order, namesake, kin)
    return found


@compiled
def expected_odds(shares: Floats, bits: Floats, below: float, best: int, cards: int) -> float:
    """What all cards but the best are thought to add to the mean of 2 ** bits over a register.

    `shares`: of all cards of the register, those that show each tie of each field to the asked
    value (tie 0: not known); `bits`: what each tie weighs; both of shape (fields, ties). `below`
    are the bits of the last of the `best` cards. Fields are taken as independent.
    """
    lowest = -DEEPEST
    bins = int((below + 2.0 * DEEPEST) / STEP) + 2
    if bins < 2:
        return 0.0
    mass = np.zeros(bins)
    mass[int(DEEPEST / STEP)] = 1.0
    for field in range(shares.shape[0]):
        spread = np.zeros(bins)
        for tie in range(shares.shape[1]):
            share = shares[field, tie]
            if share > 0.0:
                move = int(np.round(bits[field, tie] / STEP))
                for place in range(bins):
                    if mass[place] > 0.0:
                        spread[min(max(place + move, 0), bins - 1)] += share * mass[place]
        mass = spread
    odds = 0.0
    as_good = 0.0
    for place in range(bins):
        value = lowest + place * STEP
        if value < below - 0.5 * STEP:
            odds += mass[place] * 2.0**value
        else:
            as_good += mass[place]
    missing: float = max(0.0, as_good - best / max(cards, 1)) * 2.0**below
    return odds + missing


def odds_of(bits: Floats, shares: Floats, worth: Floats, cards: int) -> float:
    """The mean of 2 ** bits over a register, from the bits of the best cards and the shares.

    What the others add is worked out only where it can matter. `bits` fall; they are all of the
    register if it holds no more.
    """
    if not cards:
        return 0.0
    known = float(np.exp2(np.minimum(bits, MOST_BITS)).sum()) / cards
    if len(bits) >= cards:
        return known
    last = float(bits[-1]) if len(bits) else 0.0
    if 2.0 ** min(last, MOST_BITS) < NEGLIGIBLE * known:
        return known
    return known + float(expected_odds(shares, worth, last, len(bits), cards))
