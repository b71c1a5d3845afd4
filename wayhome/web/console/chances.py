"""Probabilities as people read them: in words, in per cent, as shares of one whole."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from wayhome.bureau.matches.wording import chance_words

SMALLEST = 0.001  # below it, and as near to one, only the bound is said
WIDTH = 100.0  # of a share's drawing


def percent(probability: float) -> str:
    """A probability in per cent with one decimal; never a plain 0 or 100."""
    if 0.0 < probability < SMALLEST:
        return _("under %(number)s %%") % {"number": number_format(100.0 * SMALLEST, 1)}
    if probability > 1.0 - SMALLEST:
        return _("over %(number)s %%") % {"number": number_format(100.0 - 100.0 * SMALLEST, 1)}
    return _("%(number)s %%") % {"number": number_format(100.0 * probability, 1)}


def counted(share: float) -> str:
    """A share that was counted, in per cent: it may be all or none."""
    return _("%(number)s %%") % {"number": number_format(100.0 * share, 1)}


def of_so_many(probability: float) -> str:
    """How many of a round number of such proposals are right."""
    of = 100 if 0.01 <= probability <= 0.99 else 1000
    right = round(of * min(probability, 0.999))
    return _("Of %(of)s such proposals about %(right)s are right.") % {
        "of": number_format(of), "right": number_format(right)
    }  # fmt: skip


@dataclass(frozen=True)
class Share:
    """One of those who could be meant, or nobody of them, with its part of the whole."""

    words: Any
    probability: float
    is_name: bool = False
    url: str = ""
    born: str = ""
    is_here: bool = False
    is_counted: bool = False  # in the share of another, as the machine takes both for one man

    @property
    def percent(self) -> str:
        return percent(self.probability)

    @property
    def chance(self) -> Any:
        return chance_words(self.probability)

    @property
    def width(self) -> float:
        return round(min(self.probability, 1.0) * WIDTH, 1)
