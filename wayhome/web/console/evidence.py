"""The core's evidence side by side with what both records say."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wayhome.bureau.matches.wording import COLUMNS, field_words, rule_words, weight_words
from wayhome.bureau.persons.models import Described
from wayhome.bureau.staff.disclosure import Shown
from wayhome.lib.dates import PartialDate, display
from wayhome.lib.scripts import in_other_script, is_cyrillic


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
    def weight(self) -> float:
        return abs(self.bits)

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
    """A row for each piece of evidence, with the values that it was read from."""
    rows = []
    for name, verdict, rule, bits in evidence:
        column = COLUMNS.get(name, name)
        one, other = (
            _value(getattr(side, column), column, language)
            if column in Described.DESCRIBING
            else ""
            for side in (sought, found)
        )
        rows.append(Row(field_words(name), one, other, verdict, rule_words(rule), bits))
    return rows


def _value(value: str, column: str, language: str) -> str:
    return display(PartialDate(value), language) if column == "born" and value else value
