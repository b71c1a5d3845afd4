"""The core's evidence side by side with what both records say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Any

from django.utils.translation import gettext as _

from wayhome.bureau.matches.wording import COLUMNS, field_words, rule_words, weight_words
from wayhome.bureau.persons.models import Described
from wayhome.bureau.staff.disclosure import Shown
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.scripts import in_other_script, is_cyrillic

# The bar of one field: an axis in the middle, what speaks for him to the right of it.
MIDDLE, REACH = 60.0, 56.0  # in the units of the drawing
WHOLE_BAR_BITS = 16.0
SHORTEST = 1.5
SILENT_BITS = 0.05  # which are written as 0.0


@dataclass(frozen=True)
class Bar:
    """Where a bar stands: solid to the right for him, hollow to the left against him."""

    x: float
    width: float
    is_for: bool


def bar_of(bits: float, whole: float = WHOLE_BAR_BITS) -> Bar:
    """The bar of so many bits; one of 0 has no width."""
    share = min(abs(bits) / whole, 1.0)
    width = round(max(share * REACH, SHORTEST if bits else 0.0), 1)
    return Bar(MIDDLE if bits > 0 else round(MIDDLE - width, 1), width, bits > 0)


@dataclass(frozen=True)
class Total:
    """All evidence of a pair together."""

    bits: float
    agrees: int
    disagrees: int
    unknown: int

    @property
    def bar(self) -> Bar:
        return bar_of(self.bits, WHOLE_BAR_BITS * 2)

    @property
    def weight_words(self) -> Any:
        return weight_words(self.bits)


@dataclass(frozen=True)
class Row:
    """One field side by side."""

    field: Any
    sought: str
    found: str
    verdict: str
    how: Any
    bits: float

    @property
    def bar(self) -> Bar:
        return bar_of(self.bits)

    @property
    def weight_words(self) -> Any:
        return weight_words(self.bits)

    @property
    def sought_other(self) -> str:
        return in_other_script(self.sought) if self._of_two_scripts else ""

    @property
    def found_other(self) -> str:
        return in_other_script(self.found) if self._of_two_scripts else ""

    @property
    def _of_two_scripts(self) -> bool:
        """Where one script stands beside another each is read in the other's letters too."""
        return bool(self.sought and self.found) and (
            is_cyrillic(self.sought) != is_cyrillic(self.found)
        )


def side_by_side(
    evidence: Iterable[list[Any]], sought: Shown, found: Shown, language: str
) -> list[Row]:
    """A row for each piece of evidence, with the values that it was read from.

    What weighs nothing and stands on neither record is left out.
    """
    rows = []
    for name, verdict, rule, bits in evidence:
        column = COLUMNS.get(name, name)
        is_written = column in Described.DESCRIBING
        if not is_written and abs(bits) < SILENT_BITS:
            continue
        one, other = (
            _value(side, column, language) if is_written else "" for side in (sought, found)
        )
        if rule.startswith("unit.comrade"):
            one = _("%(name)s (comrade)") % {"name": sought.comrade}
        rows.append(Row(field_words(name), one, other, verdict, rule_words(rule), bits))
    return rows


def together(rows: Sequence[Row]) -> Total:
    """The sum of the bits, and how many fields agree, disagree and say nothing."""
    verdicts = [row.verdict for row in rows]
    counts = (verdicts.count(each) for each in ("agrees", "disagrees", "unknown"))
    return Total(fsum(row.bits for row in rows), *counts)


def _value(side: Shown, column: str, language: str) -> str:
    value: str = getattr(side, column)
    if column == "patronymic" and not value and side.father_name:
        return _("%(name)s (first name of the father)") % {"name": side.father_name}
    return display(PartialDate(value), language) if column == "born" and value else value
