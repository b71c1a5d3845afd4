"""What a search of the console may ask, what fits it, and how much of it one person may read."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from wayhome.lib.refusal import Refusal

SHOWN_AS_TYPED = 8  # a list that is read at a glance
MOST_SHOWN = 200  # who wants more adds a date or a place
# Of all sites, before those are left out whom this person may not see: first so many, then more.
LOOKED_THROUGH = (50, 1000)
LEAST_LETTERS = 2
MISSES_IN_A_ROW = 30  # in falling order: then nobody further down fits either
GAP_BITS = 14.0  # what fits ten thousand times worse than the best is no answer
# Persons whom searches show to one member of staff in a day (P18): enough for the busiest desk of
# the first such bureau (300 enquiries a day among all), a tenth of a register of ten thousand.
READING_BUDGET = 1000
READING_WARNED = 800  # from here on the page says so
# How closely a word must be his surname where the line holds a unit: what many men share, as a
# beginning or an initial, would list the unit.
CLOSE = frozenset(("exact", "translit", "variant", "form", "likely", "confused", "one_slip"))

# Too far off to narrow a list, where nothing tells the nearer from the further ones.
FAR = frozenset(("two_slips", "three_slips"))
LITTLE = frozenset(("initial", "shortened"))  # by which alone nobody is meant
LEAST_BITS = 2.0  # an initial one slip away is worth none
NAMES = frozenset(("surname", "given", "patronymic"))

Evidence = Sequence[Sequence[Any]]  # [[field, verdict, rule, bits], …]


def why_not_search(*, names: bool, numbers: bool) -> Refusal | None:
    """Say why a line is not searched, or None: no list of a unit, a place or a year (P18)."""
    if names or numbers:
        return None
    reason = _("Add a name or a number. A unit, a place or a date alone is not searched.")
    return Refusal("search.nobody", reason)


def why_not_read(read_today: int) -> Refusal | None:
    """Say why no more persons are shown to somebody today, or None."""
    if read_today < READING_BUDGET:
        return None
    reason = ngettext_lazy(
        "Searches have shown you %(count)d person today, as many as in one day they may. "
        "The auditor sees this.",
        "Searches have shown you %(count)d persons today, as many as in one day they may. "
        "The auditor sees this.",
        READING_BUDGET,
    ) % {"count": READING_BUDGET}
    return Refusal("search.budget", reason)


def fits(evidence: Evidence) -> bool:
    """Whether a person is an answer: by number, by surname, or by a given name asked alone."""
    verdicts = {field: verdict for field, verdict, _rule, _bits in evidence}
    surname = verdicts.get("surname", "unknown")
    by_given = surname == "unknown" and verdicts.get("given") == "agrees"
    return verdicts.get("service_no") == "agrees" or surname == "agrees" or by_given


def fits_closely(evidence: Evidence) -> bool:
    """Whether a list that a line narrows holds a person: no word of his name is another, or far.

    And one is more than an initial, where there are any.
    """
    named = [
        (verdict, rule.split(".")[1])
        for field, verdict, rule, _bits in evidence
        if field in NAMES and verdict != "unknown"
    ]
    far = any(verdict == "disagrees" or how in FAR for verdict, how in named)
    is_meant = not named or any(how not in LITTLE for _, how in named)
    return fits(evidence) and not far and is_meant


def is_his_surname(evidence: Evidence) -> bool:
    """Whether one word is a man's surname: asked of each where the line holds a unit or a rank.

    A unit only orders those whom their surname finds; it never brings a man onto the list (P18).
    """
    return any(
        field == "surname" and rule.split(".")[1] in CLOSE
        for field, _verdict, rule, _bits in evidence
    )


def least_bits_beside(best: float) -> float:
    """Whoever fits by fewer bits is too far below the best to be meant."""
    return best - GAP_BITS
