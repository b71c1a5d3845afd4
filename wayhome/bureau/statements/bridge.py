"""Statements as the names core takes them, and what it reads of a unit; nothing else imports it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.persons.indexing import COLUMNS, Fresh, description_of, evidence_of
from wayhome.bureau.statements.models import Statement
from wayhome.bureau.statements.rules import MOST_FITTING
from wayhome.cores.names.marks import read_unit

PRIOR = 0.02  # as of the register: most sought men are in no statement


def _is_usable(statement: Statement) -> bool:
    return statement.free and statement.taken_back_at is None


MENTIONED = Fresh(
    "statements",
    lambda: Statement.objects.only(*COLUMNS, "free", "taken_back_at"),
    belongs=_is_usable,
    standing=lambda: Statement.objects.usable().only(*COLUMNS, "free", "taken_back_at"),
    learns=True,
)


@dataclass(frozen=True)
class Fitting:
    """A statement that may speak of a man, and why; no names in the evidence."""

    statement_id: UUID
    bits: float
    evidence: list[list[Any]]


def fitting(enquiry: Enquiry) -> list[Fitting]:
    """The statements that fit the man sought best. His unit is no part of it."""
    asked = description_of(enquiry)
    found = MENTIONED.search(asked, top=MOST_FITTING, prior=PRIOR)
    return [Fitting(UUID(each.id), each.bits, evidence_of(each)) for each in found]


def unit_of(text: str) -> tuple[str, str]:
    """A unit's number and kind in one form; ("", "") where no number is named."""
    mark = read_unit(text)
    return (mark.text, mark.kind) if mark.digits else ("", "")
