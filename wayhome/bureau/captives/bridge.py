"""The register as the names core takes it: who else may be the same man."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import SAME_MAN_AT_MOST, SAME_MAN_PRIOR
from wayhome.bureau.persons.indexing import COLUMNS, Fresh, description_of, evidence_of
from wayhome.cores.names import Candidate

__all__ = ["COLUMNS", "REGISTER", "Candidate", "Fresh", "description_of", "evidence_of", "like"]


def _rows() -> Any:
    return Captive.objects.only(*COLUMNS)


REGISTER = Fresh("register", _rows, belongs=lambda captive: True, standing=_rows, learns=True)


@dataclass(frozen=True)
class Likeness:
    """Two records that may be one man, and why; no names in the evidence."""

    record_id: UUID
    other_id: UUID
    bits: float
    probability: float
    evidence: list[list[Any]]  # [field, verdict, rule, bits]


def like(captive: Captive) -> list[Likeness]:
    """The other records that may be the same man's, best first."""
    asked = description_of(captive)
    found = REGISTER.search_others(asked, top=SAME_MAN_AT_MOST, prior=SAME_MAN_PRIOR)
    return [
        Likeness(captive.pk, UUID(each.id), each.bits, each.probability, evidence_of(each))
        for each in found
    ]
