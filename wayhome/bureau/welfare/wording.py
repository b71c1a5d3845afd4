"""A line of the register in words, the same on every page and paper."""

from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.welfare.rules import Line

MONEY = _("Money")


@dataclass(frozen=True)
class Thing:
    """How many of what, or how much money."""

    what: str  # "" for money
    quantity: str


def thing(line: Line) -> Thing:
    return Thing(line.what, quantity_of(line))


def quantity_of(line: Line) -> str:
    """As it is written in the language that is on; money with its currency behind it."""
    number = number_format(abs(line.quantity), decimal_pos=2 if line.currency else 0)
    signed = f"−{number}" if line.quantity < 0 else number
    return f"{signed} {line.currency}".strip()
