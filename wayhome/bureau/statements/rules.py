"""What a captive says of his own will about comrades: kept for tracing, and for nothing else."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

LONGEST = 4_000
MOST_FITTING = 10  # statements that may speak of one man, shown to whoever traces him
MOST_COMRADES = 30  # whom one enquiry shows; there is no second page, and no count of the rest
LEAST_BITS = 6.0  # a statement that fits worse than this speaks of somebody else
HELD_BACK = "█████"  # in place of a sentence that names a place where he is or was (P4)


class Seen(StrEnum):
    """How he knows of his comrade."""

    ALIVE = "seen alive"
    WOUNDED = "seen wounded"
    DEAD = "seen dead"
    HEARD = "heard of"


class Verdict(StrEnum):
    SAME = "same"
    DIFFERENT = "different"
    UNDECIDED = "undecided"


class Tie(StrEnum):
    """Why somebody counts as a comrade of the man sought."""

    CAPTURE = "taken with him"
    UNIT = "same unit"


# Words by which a sentence tells of orders, operations or guilt: beginnings, in three languages.
# Wary rather than exact: the form only warns, and whoever takes the statement decides.
NOT_FOR_TRACING = re.compile(
    r"\b(наказ|приказ|розстріл|расстрел|обстріл|обстрел|штурм|злочин|преступл|вбив|убив|убил"
    r"|катув|пыта[лтю]|мародер|позиц|координат|батаре|склад\b|арсенал|завдання|боев\w+ задан"
    r"|бойов|командувал|командовал|стріляв|стрелял|зброя|оружи|order(ed|s)?\b|shell(ed|ing)"
    r"|execut|crime|guilt|tortur|murder|killed|position|coordinat|ammunition|weapon|mission"
    r"|провин|виноват|винен|винн|вина\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Told:
    """What is about to be kept, as far as a warning looks at it."""

    account: str
    free: bool
    how_asked: str
    names_a_place: bool


def warnings_of(told: Told) -> list[Refusal]:
    """What whoever takes a statement should look at again. Nothing of it is ever refused."""
    return list(_warnings(told))


def _warnings(told: Told) -> Iterator[Refusal]:
    if not told.free:
        yield Refusal(
            "statement.free",
            _("It is not sure that he speaks freely. It is kept, and tracing never reads it."),
        )
    if not told.how_asked.strip():
        yield Refusal(
            "statement.how", _("Nothing says how he was asked whether he speaks of his own will.")
        )
    if NOT_FOR_TRACING.search(told.account):
        yield Refusal(
            "statement.beyond",
            _("It seems to speak of orders, operations or guilt. Leave that out: it is not asked."),
        )
    if told.names_a_place:
        yield Refusal(
            "statement.place",
            _("It names a place where he is or was. Tracing does not read that sentence."),
        )


def why_not_take(*, name: str, account: str) -> Refusal | None:
    """Without a name and without a word there is nothing to keep."""
    if name.strip() or account.strip():
        return None
    return Refusal(
        "statement.empty", _("Write of whom he speaks, or what he said."), field="account"
    )


def why_not_see_comrades(*, is_open: bool, entered_by_same: bool) -> Refusal | None:
    """Say why this officer sees no comrades of this man, or None.

    Whoever wrote an enquiry down could write any unit into it: another officer looks (P18).
    """
    if not is_open:
        return Refusal("comrades.closed", _("This enquiry is not open any more."))
    if entered_by_same:
        return Refusal(
            "comrades.own",
            _("You wrote this enquiry down yourself. Another officer looks for his comrades."),
        )
    return None


def why_not_weigh(reason: str) -> Refusal | None:
    if reason.strip():
        return None
    return Refusal("statement.reason", _("Give your reason."), field="reason")


def without_places(text: str, names_one: Callable[[str], bool]) -> str:
    """The text with each sentence held back that names such a place."""
    parts = re.split(r"((?<=[.!?…])\s+|\n+)", text)
    return "".join(HELD_BACK if part.strip() and names_one(part) else part for part in parts)
