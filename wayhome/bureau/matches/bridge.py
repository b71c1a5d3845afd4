"""Our records into the names core's descriptions and back; indexes kept fresh in this process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from wayhome.bureau.captives.bridge import COLUMNS, REGISTER, Fresh, description_of, evidence_of
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.rules import PRIOR, SHOWN_AT_MOST


@dataclass(frozen=True)
class Proposal:
    """What the core proposes: an enquiry, a captive, and why; no names in the evidence."""

    enquiry_id: str
    captive_id: str
    rank: int
    bits: float
    probability: float
    evidence: list[list[Any]]  # [field, verdict, rule, bits]

    def about(self, captive_id: str) -> "Proposal":
        """The same proposal about the record that stands for the man."""
        return replace(self, captive_id=captive_id)


def _is_sought(enquiry: Enquiry) -> bool:
    return enquiry.state == EnquiryState.OPEN


SOUGHT = Fresh(lambda: Enquiry.objects.only(*COLUMNS, "state"), _is_sought)


@contextmanager
def held() -> Iterator[None]:
    """Bring both indexes up to date once for many questions in a row."""
    with REGISTER.held(), SOUGHT.held():
        yield


def on_register() -> int:
    """How many records the register holds."""
    return len(REGISTER)


def proposals_for_enquiry(enquiry: Enquiry) -> list[Proposal]:
    """Who on the register may be the person sought, best first."""
    found = REGISTER.search(description_of(enquiry), top=SHOWN_AT_MOST, prior=PRIOR)
    return [_proposal(str(enquiry.pk), each.id, each) for each in found]


def proposals_for_captive(captive: Captive) -> list[Proposal]:
    """Whose sought person this captive may be. Ranks are each enquiry's to settle."""
    found = SOUGHT.search(description_of(captive), top=SHOWN_AT_MOST, prior=PRIOR, swap=True)
    return [_proposal(each.id, str(captive.pk), each) for each in found]


def principals(captive_ids: list[str]) -> dict[str, str]:
    """For each record the record that stands for the man."""
    rows = Captive.objects.filter(pk__in=captive_ids).values_list("pk", "same_as")
    return {str(pk): str(same_as or pk) for pk, same_as in rows}


def _proposal(enquiry_id: str, captive_id: str, found: Any) -> Proposal:
    return Proposal(
        enquiry_id, captive_id, found.rank, found.bits, found.probability, evidence_of(found)
    )
