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
from .together import AGREES, WITHOUT_GIVEN, joined, joined_as

FEWEST_CARDS = 10_000  # with fewer, it is not likelier that a certain card is a namesake's

MOST_BITS = 900.0  # 2 ** bits must stay a number
Floats = NDArray[np.float64]

# The order of the fields wherever bits or ties stand in a row.
SURNAME, GIVEN, PATRONYMIC, BORN, BIRTHPLACE = range(5)
UNIT, RANK, SERVICE_NO, MOTHER_GIVEN, MOTHER_PATRONYMIC = range(5, 10)
STEP = 0.5  # bits are rounded to so much where only their distribution matters
NEGLIGIBLE = 1e-5  # of the odds; a card that adds less than so much is not looked for
MANY = 3.0  # cards that agree alike are too many to be told apart from chance
DEEPEST = 60.0  # no card is further below the others


def beyond_chance(share: float, cards: int) -> float:
    """Of those who are not on the register, how many have one like them there, if so many would.

    With few cards it is not likelier that it holds a certain man's namesake, or his brother.
    """
    return share * min(1.0, cards / FEWEST_CARDS)


@inlined
def weigh(bits: Floats, agreeing: int, off: Floats, order: float) -> tuple[float, float]:
    """A pair's bits, and what of them names that go together take off.

    `bits` of the ten fields; `agreeing` the three names that agree (`AGREES`); `off` by subset
    (`Together.bits`); `order` what speaks against the order of the names. Agreement is never held
    against a person.
    """
    names = joined(bits, agreeing, off)
    plain = bits[SURNAME] + bits[GIVEN] + bits[PATRONYMIC]
    total = names + order
    for field in range(BORN, 10):
        total += bits[field]
    return total, min(names - plain, 0.0)


@compiled
def weigh_rows(bits: Floats, agreeing: NDArray[np.uint8], off: Floats, order: float) -> Floats:
    """The bits of many pairs: as `weigh`, with `bits` by field and pair."""
    found = np.empty(bits.shape[1])
    for row in range(bits.shape[1]):
        found[row], _ = weigh(bits[:, row], agreeing[row], off, order)
    return found


@compiled
def as_stranger(
    ties: NDArray[np.uint8],
    ways: NDArray[np.int64],
    masses: Floats,
    worth: Floats,
    offs: Floats,
    orders: Floats,
    cards: int,
) -> tuple[float, float]:
    """How much likelier than anybody's a register is a namesake's of his; and a brother's.

    Of a person who is not on it. `ties` (rows, fields) and `ways` (rows,) of the best rows,
    `masses` and `worth` (ways, fields, ties), `offs` (ways, 8), `orders` (ways,).
    """
    namesake, kin = 0.0, 0.0
    for way in range(len(orders)):
        one, other = common(masses[way], worth[way], offs[way], orders[way], cards)
        namesake += one
        kin += other
    for row in range(len(ties)):
        way = ways[row]
        one, other = like_him(ties[row], masses[way], worth[way], offs[way], orders[way], cards)
        namesake += one / cards
        kin += other / cards
    return namesake, kin


@compiled
def like_him(
    ties: NDArray[np.uint8], masses: Floats, worth: Floats, off: Floats, order: float, cards: int
) -> tuple[float, float]:
    """How much likelier a card is a namesake's, or a brother's, than anybody's; 0 for the many."""
    bits = np.zeros(len(ties))
    agreeing = 0
    for field in range(len(ties)):
        bits[field] = worth[field, ties[field]]
        if field < 3:
            agreeing |= AGREES[ties[field]] << field
    names, all_three = joined_as(bits, agreeing, off)
    father, both = joined_as(bits, agreeing & WITHOUT_GIVEN, off)
    names += order
    # What adds nothing to his name must not add to kin.
    father = min(father - bits[GIVEN] + order, names - bits[GIVEN])
    father += bits[BIRTHPLACE] + bits[MOTHER_GIVEN] + bits[MOTHER_PATRONYMIC]
    three, two = _chance_of(masses, ties, cards)
    namesake, kin = 0.0, 0.0
    if three * cards * 2.0 ** off[all_three] < MANY:
        namesake = 2.0 ** min(names, MOST_BITS)
    if two * cards * 2.0 ** off[both] < MANY:
        kin = 2.0 ** min(father, MOST_BITS)
    return namesake, kin


@compiled
def _chance_of(masses: Floats, ties: NDArray[np.uint8], cards: int) -> tuple[float, float]:
    """What share of the cards shows such ties in the three names; and in surname and father's."""
    three, two = 1.0, 1.0
    for field in range(3):
        share = masses[field, ties[field]] / cards
        if ties[field] == 0:
            share = max(0.0, 1.0 - masses[field, 1:].sum() / cards)
        three *= share
        if field != 1:
            two *= share
    return three, two


@compiled
def common(
    masses: Floats, worth: Floats, off: Floats, order: float, cards: int
) -> tuple[float, float]:
    """What the many cards that agree alike in their names add to the odds of others like him.

    They cannot all be among the best, and are expected to be as many as chance makes them.
    """
    ties, here = masses.shape[1], 2.0**order
    fewest = MANY / cards / 2.0 ** off.max()  # where names go together, as far as they may
    shares = np.zeros((3, ties))
    for field in range(3):
        shares[field, 1:] = masses[field, 1:] / cards
        shares[field, 0] = max(0.0, 1.0 - shares[field, 1:].sum())
    bits = np.zeros(3)
    namesakes, kin = 0.0, 0.0
    for one in range(ties):
        bits[SURNAME] = worth[SURNAME, one]
        for two in range(ties):
            apart = shares[SURNAME, one] * shares[PATRONYMIC, two]
            if apart < fewest:
                continue
            bits[PATRONYMIC], bits[GIVEN] = worth[PATRONYMIC, two], 0.0
            agreeing = AGREES[one] | AGREES[two] << PATRONYMIC
            found, together = joined_as(bits, agreeing, off)
            both = apart * 2.0 ** off[together]
            if both * cards < MANY:
                continue
            kin += here * both * 2.0 ** min(found, MOST_BITS)
            for three in range(ties):
                if apart * shares[GIVEN, three] < fewest:
                    continue
                bits[GIVEN] = worth[GIVEN, three]
                found, together = joined_as(bits, agreeing | AGREES[three] << GIVEN, off)
                all_three = apart * shares[GIVEN, three] * 2.0 ** off[together]
                if all_three * cards >= MANY:
                    namesakes += here * all_three * 2.0 ** min(found, MOST_BITS)
    return namesakes, kin


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


@compiled
def odds_of(bits: Floats, shares: Floats, worth: Floats, cards: int, others: float) -> float:
    """The mean of 2 ** bits over a register, from the bits of the best cards and the shares.

    `others` are bits that every card has beside those of its ties.

    What the others add is worked out only where it can matter. `bits` fall; they are all of the
    register if it holds no more.
    """
    if not cards:
        return 0.0
    known = 0.0
    for each in bits:
        known += 2.0 ** min(each, MOST_BITS)
    known /= cards
    if len(bits) >= cards:
        return known
    last = bits[-1] if len(bits) else 0.0
    if 2.0 ** min(last, MOST_BITS) < NEGLIGIBLE * known:
        return known
    rest = expected_odds(shares, worth, last - others, len(bits), cards)
    odds: float = known + rest * 2.0**others
    return odds
