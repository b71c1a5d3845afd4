"""Our records into the names core's descriptions and back; indexes kept fresh in this process."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import EnquiryState
from wayhome.bureau.matches.rules import PRIOR, SHOWN_AT_MOST
from wayhome.bureau.persons.models import Described
from wayhome.cores.names import Description, Index

# A transaction that began earlier may commit later than one we have seen.
OVERLAP = timedelta(minutes=2)
COLUMNS = ("pk", "changed_at", *Described.DESCRIBING)


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


def description_of(record: Described) -> Description:
    """A record's searchable columns as the core takes them."""
    return Description(
        id=str(record.pk), **{name: getattr(record, name) for name in Described.DESCRIBING}
    )


class _Fresh:
    """An index over rows of one kind, brought up to date whenever it is asked."""

    def __init__(self, rows: Callable[[], Any], belongs: Callable[[Any], bool]) -> None:
        self._rows, self._belongs = rows, belongs
        self._lock = threading.RLock()
        self._index: Index | None = None
        self._seen_until: datetime | None = None

    def search(self, sought: Description, *, swap: bool = False) -> list[Any]:
        with self._lock:
            index = self._refreshed()
            if not len(index):
                return []
            return index.candidates(sought, top=SHOWN_AT_MOST, prior=PRIOR, swap=swap)

    def __len__(self) -> int:
        with self._lock:
            return len(self._refreshed())

    def forget(self) -> None:
        """Build anew at the next question."""
        with self._lock:
            self._index = self._seen_until = None

    def _refreshed(self) -> Index:
        now = timezone.now()
        if self._index is None or self._seen_until is None:
            rows = self._rows().only(*COLUMNS).iterator(chunk_size=5000)
            self._index = Index.build(description_of(row) for row in rows if self._belongs(row))
        else:
            changed = self._rows().filter(changed_at__gte=self._seen_until - OVERLAP)
            for row in changed.iterator(chunk_size=2000):
                self._take(self._index, row)
        self._seen_until = now
        return self._index

    def _take(self, index: Index, row: Any) -> None:
        if self._belongs(row):
            index.add(description_of(row))
        elif str(row.pk) in index:
            index.remove(str(row.pk))


def _is_sought(enquiry: Enquiry) -> bool:
    return enquiry.state == EnquiryState.OPEN


REGISTER = _Fresh(lambda: Captive.objects.all(), lambda captive: True)
SOUGHT = _Fresh(lambda: Enquiry.objects.all(), _is_sought)


def proposals_for_enquiry(enquiry: Enquiry) -> list[Proposal]:
    """Who on the register may be the person sought, best first."""
    found = REGISTER.search(description_of(enquiry))
    return [_proposal(str(enquiry.pk), each.id, each) for each in found]


def proposals_for_captive(captive: Captive) -> list[Proposal]:
    """Whose sought person this captive may be. Ranks are each enquiry's to settle."""
    found = SOUGHT.search(description_of(captive), swap=True)
    return [_proposal(each.id, str(captive.pk), each) for each in found]


def principals(captive_ids: list[str]) -> dict[str, str]:
    """For each record the record that stands for the man."""
    rows = Captive.objects.filter(pk__in=captive_ids).values_list("pk", "same_as")
    return {str(pk): str(same_as or pk) for pk, same_as in rows}


def _proposal(enquiry_id: str, captive_id: str, found: Any) -> Proposal:
    evidence = [[e.field, e.verdict, e.rule, round(e.bits, 3)] for e in found.evidence]
    return Proposal(enquiry_id, captive_id, found.rank, found.bits, found.probability, evidence)
