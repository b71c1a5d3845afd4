"""How a rule says no, in a value, and how an action stops, with an exception."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Refusal:
    """One reason why something may not be done now.

    `code` is for programs, journals and tests; `reason` for the person, in their language;
    `provision` the article it rests on; `field` the form's field at fault, if there is one.
    """

    code: str
    reason: "StrOrPromise"
    provision: str = ""
    field: str = ""


class Refused(Exception):
    """An action stopped by a rule. As text it is codes only, so that a log holds no names."""

    def __init__(self, *refusals: Refusal) -> None:
        if not refusals:
            raise ValueError("a Refused needs at least one refusal")
        self.refusals = refusals
        super().__init__(", ".join(refusal.code for refusal in refusals))

    @property
    def refusal(self) -> Refusal:
        """The first reason; usually the only one."""
        return self.refusals[0]


def refuse_if(refusal: Refusal | Iterable[Refusal | None] | None) -> None:
    """Raise Refused if a rule said no; of several rules, with every no in their order."""
    several = [refusal] if refusal is None or isinstance(refusal, Refusal) else refusal
    refusals = [one for one in several if one is not None]
    if refusals:
        raise Refused(*refusals)
