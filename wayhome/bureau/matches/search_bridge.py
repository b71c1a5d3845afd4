"""A line that somebody types to look for a person, as the names core takes it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from wayhome.bureau.captives.bridge import REGISTER, Fresh
from wayhome.cores.names import Description
from wayhome.cores.names.line import read_line as read_by_core


@dataclass(frozen=True)
class Line:
    """What a line says of the person asked for."""

    asked: Description

    @property
    def has_name(self) -> bool:
        return any(map(str.isalpha, self.asked.full_name))

    @property
    def has_number(self) -> bool:
        return bool(self.asked.service_no)

    @property
    def by_service(self) -> bool:
        """Whether it holds a unit or a rank."""
        return bool(self.asked.unit or self.asked.rank)

    @property
    def without_service(self) -> "Line":
        """The same, but for his unit and his rank."""
        return Line(replace(self.asked, unit="", rank=""))

    @property
    def is_one_word(self) -> bool:
        name = self.asked.full_name
        return len(name.split()) == 1 and self.asked == Description("", full_name=name)


def read_line(text: str) -> Line:
    """A name with a date, a place, a unit or a number anywhere in it, in any script.

    Whoever he served with is left out: a search lists nobody by the unit of another (P18).
    """
    year = timezone.localdate().year
    read = read_by_core(text, is_place=REGISTER.is_place, this_year=year)
    return Line(replace(read.description, comrade=""))


def evidence_of_surname(line: Line, id: str, index: Fresh) -> Iterator[list[list[Any]]]:
    """How each word of the line is tied to his surname, whatever stands beside it."""
    for word in line.asked.full_name.split():
        yield index.evidence(Description("", surname=word), id)
