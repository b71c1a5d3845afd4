"""Others who are like the person asked for: a namesake, or a brother.

Fields are not independent among people: who shares a surname and a father's name may share a
mother and a birthplace too, and be another. So "not he" is taken as three cases: anybody, a
namesake (the name agrees as if he were the person, all else by chance), kin (surname, father,
mother and birthplace agree as if he were, all else by chance).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

# For what share of the persons who are not on the register it is thought to hold a namesake, or a
# brother, beyond chance. Cautious guesses: docs/methods/names.md, section 4.
NAMESAKES = 0.2
KIN = 0.12
FEWEST_CARDS = 10_000  # with fewer, it is not likelier that a certain card is a namesake's

NAMESAKE_FIELDS = frozenset({"surname", "given", "patronymic", "order"})
KIN_FIELDS = frozenset(
    {"surname", "patronymic", "order", "birthplace", "mother_given", "mother_patronymic"}
)
MOST_BITS = 900.0  # 2 ** bits must stay a number


def bits_of_others(namesake: Any, kin: Any, cards: int) -> NDArray[np.float64]:
    """What is taken off the bits of a pair (0 or less), since it may be one of those others.

    1 / LR = 2^-total + a * 2^-(total - namesake) + b * 2^-(total - kin), where `namesake` and
    `kin` are the bits of the fields that such a person shares, a and b how likely one certain card
    is his. Never falls faster than the total rises: agreement is never held against a person.
    """
    each = 1.0 / max(cards, FEWEST_CARDS)
    like = NAMESAKES * each * np.exp2(np.minimum(namesake, MOST_BITS))
    like = like + KIN * each * np.exp2(np.minimum(kin, MOST_BITS))
    off: NDArray[np.float64] = -np.log2(1.0 + like)
    return off
