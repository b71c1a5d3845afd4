"""How many true pairs a queue may hold, and how many stay below it: expected, from probabilities.

If the probabilities are right, their sum over any set of pairs is the number of true pairs in it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import fsum, sqrt


@dataclass(frozen=True, slots=True)
class Share:
    """What lies at and above a threshold, and what below; `rough` is one standard deviation."""

    threshold: float
    pairs: int
    true: float
    below: float
    rough: float

    @property
    def recall(self) -> float:
        """The expected share of the true pairs that lie at or above the threshold."""
        whole = self.true + self.below
        return self.true / whole if whole else 1.0


def expected(probabilities: Iterable[float], threshold: float) -> Share:
    """What to expect at and above a threshold, of pairs of an enquiry and a person.

    Where two cards are one person's, they count as one pair, with one probability.
    """
    above: list[float] = []
    below: list[float] = []
    for probability in probabilities:
        (above if probability >= threshold else below).append(probability)
    return Share(
        threshold=threshold,
        pairs=len(above),
        true=fsum(above),
        below=fsum(below),
        rough=sqrt(fsum(x * (1.0 - x) for x in below)),
    )


def threshold_for(probabilities: Iterable[float], places: int) -> float:
    """The lowest threshold by which no more than so many pairs reach a queue."""
    ranked = sorted(probabilities, reverse=True)
    if places >= len(ranked):
        return 0.0
    first_out = ranked[places]
    taken = [x for x in ranked[:places] if x > first_out]
    return taken[-1] if taken else 1.0 + first_out
