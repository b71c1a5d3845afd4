"""The register as the names core takes it: an index kept fresh in this process."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import SAME_MAN_AT_MOST, SAME_MAN_PRIOR
from wayhome.bureau.persons.models import Described
from wayhome.cores.names import Description, Evidence, Index, compare

# A transaction that began earlier may commit later than one we have seen.
OVERLAP = timedelta(minutes=2)
COLUMNS = ("pk", "changed_at", *Described.DESCRIBING)
FETCHED_AT_A_TIME = 2000


@dataclass(frozen=True)
class Likeness:
    """Two records that may be one man, and why; no names in the evidence."""

    record_id: UUID
    other_id: UUID
    bits: float
    probability: float
    evidence: list[list[Any]]  # [field, verdict, rule, bits]


def description_of(record: Described) -> Description:
    """A record's searchable columns as the core takes them."""
    return Description(
        id=str(record.pk), **{name: getattr(record, name) for name in Described.DESCRIBING}
    )


def evidence_of(found: Any) -> list[list[Any]]:
    """The core's evidence as it is kept: no names, those are read from both records."""
    return kept(found.evidence)


def kept(evidence: Iterable[Evidence]) -> list[list[Any]]:
    return [[e.field, e.verdict, e.rule, round(e.bits, 3)] for e in evidence]


class Fresh:
    """An index over rows of one kind, brought up to date whenever it is asked."""

    def __init__(self, rows: Callable[[], Any], belongs: Callable[[Any], bool]) -> None:
        self._rows, self._belongs = rows, belongs
        self._lock = threading.RLock()
        self._held = False
        self.forget()

    def forget(self) -> None:
        """Build anew at the next question."""
        with self._lock:
            self._index: Index | None = None
            self._seen_until: datetime | None = None
            self._seen: dict[Any, datetime] = {}  # what was taken in and may come once more

    def search(
        self, sought: Description, *, top: int, prior: float, swap: bool = False
    ) -> list[Any]:
        with self._lock:
            index = self._refreshed()
            if not len(index):
                return []
            return index.candidates(sought, top=top, prior=prior, swap=swap)

    def search_others(self, asked: Description, *, top: int, prior: float) -> list[Any]:
        """As `search`, among all others: he himself, who fits best, would outweigh them all."""
        with self._lock:
            return self._refreshed().candidates(asked, top=top, prior=prior, but=asked.id)

    def nearest(self, asked: Description, *, top: int) -> list[tuple[str, float]]:
        """The ids that fit best with their bits, in falling order; their evidence comes later."""
        with self._lock:
            index = self._refreshed()
            ranking = index.rank(asked, top)
            return list(zip(ranking.ids, map(float, ranking.bits), strict=True))

    def evidence(self, asked: Description, record: Described) -> list[list[Any]]:
        """Why one record fits, by what is counted in this index; no names."""
        with self._lock:
            index = self._index or self._refreshed()
            return kept(compare(asked, description_of(record), index.frequencies))

    def __len__(self) -> int:
        with self._lock:
            return len(self._refreshed())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Bring it up to date once for many questions in a row."""
        with self._lock:
            self._refreshed()
            before, self._held = self._held, True
            try:
                yield
            finally:
                self._held = before

    def _refreshed(self) -> Index:
        if self._held and self._index is not None:
            return self._index
        now = timezone.now()
        index = self._index
        if index is None or self._seen_until is None:
            index = self._index = Index()
            self._take_all(index, self._rows())
        else:
            self._take_changed(index, self._seen_until - OVERLAP)
        self._seen = {pk: at for pk, at in self._seen.items() if at >= now - 2 * OVERLAP}
        self._seen_until = now
        return index

    def _take_changed(self, index: Index, since: datetime) -> None:
        rows = self._rows().filter(changed_at__gte=since)
        changed = [
            pk for pk, at in rows.values_list("pk", "changed_at") if self._seen.get(pk) != at
        ]
        for at in range(0, len(changed), FETCHED_AT_A_TIME):
            part = changed[at : at + FETCHED_AT_A_TIME]
            self._take_all(index, self._rows().filter(pk__in=part))

    def _take_all(self, index: Index, rows: Any) -> None:
        for row in rows.iterator(chunk_size=FETCHED_AT_A_TIME):
            self._seen[row.pk] = row.changed_at
            if self._belongs(row):
                index.add(description_of(row))
            elif str(row.pk) in index:
                index.remove(str(row.pk))


REGISTER = Fresh(lambda: Captive.objects.only(*COLUMNS), lambda captive: True)


def like(captive: Captive) -> list[Likeness]:
    """The other records that may be the same man's, best first."""
    asked = description_of(captive)
    found = REGISTER.search_others(asked, top=SAME_MAN_AT_MOST, prior=SAME_MAN_PRIOR)
    return [
        Likeness(captive.pk, UUID(each.id), each.bits, each.probability, evidence_of(each))
        for each in found
    ]
