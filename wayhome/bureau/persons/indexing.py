"""Indexes of described persons, kept in the data folder and shared by all processes.

An index is a derived copy: the database is what it is made of, and it may be deleted at any time.
Each process brings it up to date before it asks: what has changed in the database since it last
looked it writes into the files, and the others read it there. The files hold names: they lie in the
data folder, readable by its owner alone (docs/guides/running.md).
"""

import logging
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from django.conf import settings
from django.utils import timezone

from wayhome.bureau.persons.models import Described, NameWeights
from wayhome.cores.names import Candidate, Description, Evidence, Index
from wayhome.cores.names.store import NoIndex
from wayhome.cores.names.weights import WEIGHTS, BadWeights, Weights
from wayhome.lib import locks
from wayhome.lib.parts import in_parts
from wayhome.lib.private import make_folder, write_whole

log = logging.getLogger("wayhome.index")

# A transaction that began earlier may commit later than one we have seen.
OVERLAP = timedelta(minutes=2)
COUNTED_EVERY = timedelta(minutes=1)
COLUMNS = ("pk", "changed_at", *Described.DESCRIBING)
FETCHED_AT_A_TIME = 2000
MANY = 2000  # with more changes than this, and than half its records, it is made anew
T = TypeVar("T")


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


@dataclass(frozen=True)
class Status:
    """What can be said of an index without asking it; numbers only."""

    name: str
    cards: int | None  # None: there is no usable one
    bytes: int
    until: datetime | None  # what changed later is taken in at the next question
    done: int | None = None  # of a building that goes on
    of: int = 0


class Fresh:
    """An index over rows of one kind, brought up to date whenever it is asked.

    `rows` gives all of them, and those who belong into the index pass `belongs`, which `standing`
    asks of the database. It is weighed by what this bureau has learned, with `learns`. Several
    threads may ask; they wait for each other.
    """

    def __init__(
        self,
        name: str,
        rows: Callable[[], Any],
        *,
        belongs: Callable[[Any], bool],
        standing: Callable[[], Any],
        learns: bool = False,
    ) -> None:
        self.name = name
        self._rows, self._belongs, self._standing = rows, belongs, standing
        self._learns = learns
        self._lock = threading.RLock()
        self._held = False
        self._let_go()

    # Asking.

    def search(self, sought: Description, *, top: int, prior: float) -> list[Any]:
        return self.ask(lambda index: index.candidates(sought, top=top, prior=prior))

    def search_others(self, asked: Description, *, top: int, prior: float) -> list[Any]:
        """As `search`, among all others: he himself, who fits best, would outweigh them all."""
        return self.ask(lambda index: index.candidates(asked, top=top, prior=prior, but=asked.id))

    def nearest(self, asked: Description, *, top: int) -> list[Candidate]:
        """Those that fit best, in falling order, however likely it is that he is here at all."""
        return self.ask(lambda index: index.candidates(asked, top=top))

    def is_place(self, words: str) -> bool:
        """Whether its records have these words as a birthplace rather than as a name."""
        with self._lock:
            try:
                return (self._index or self._refreshed()).is_place(words)
            except NoIndex:  # somebody has deleted the files: the next question builds it anew
                return False

    def evidence(self, asked: Description, id: str) -> list[list[Any]]:
        """Why one record fits, by what is counted in this index; no names."""
        with self._lock:
            index = self._index or self._refreshed()
            return kept(index.evidence(asked, id) or ())

    def __len__(self) -> int:
        return self.ask(len)

    def ask(self, question: Callable[[Index], T]) -> T:
        """Whatever else the core can say of an index that is up to date."""
        with self._lock:
            try:
                return question(self._refreshed())
            except NoIndex:  # somebody has deleted the files since
                self._let_go()
                return question(self._refreshed())

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

    # Where it lies.

    @property
    def folder(self) -> Path:
        return Path(settings.FOLDER.index) / self.name

    def _beside(self, ending: str) -> Path:
        return self.folder.with_name(f"{self.name}.{ending}")

    def forget(self) -> None:
        """Delete it; the next question builds it anew."""
        with self._lock, self._alone():
            self._let_go()
            self._beside("until").unlink(missing_ok=True)
            shutil.rmtree(self.folder, ignore_errors=True)

    def rebuild(self, progress: Callable[[int, int], None] | None = None) -> int:
        """Make it anew of the database. Nothing of an erased person is left in any file of it.

        Returns how many records it holds. Other processes go on with the old one meanwhile.
        """
        with self._lock, self._alone():
            self._build(progress)
            return len(self._refreshed())

    def leave_nothing_of_the_removed(self) -> bool:
        """Make it anew if anybody was taken out of it; whether it was."""
        with self._lock:
            self._refreshed()
        if not self._beside("removed").exists():
            return False
        self.rebuild()
        return True

    def status(self) -> Status:
        """How it stands, for whoever examines the installation."""
        done, of = _numbers(self._beside("progress"))
        building = locks.is_held(self._beside("lock")) if done is not None else False
        files = [path for path in self.folder.rglob("*") if path.is_file()]
        try:
            cards: int | None = len(Index.open(self.folder))
        except (NoIndex, OSError):
            cards = None
        return Status(
            self.name,
            cards,
            sum(path.stat().st_size for path in files),
            self._until(),
            done if building else None,
            of,
        )

    # Keeping it up to date.

    def _let_go(self) -> None:
        self._index: Index | None = None
        self._seen_until: datetime | None = None
        self._seen: dict[Any, datetime] = {}  # what was taken in and may come once more
        self._pruned_at: datetime | None = None
        self._counted_at: datetime | None = None
        self._weighed_by: tuple[int, datetime] | None = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process builds; the others wait for it."""
        make_folder(self.folder.parent)
        with locks.exclusive(self._beside("lock")):
            yield

    def _refreshed(self) -> Index:
        if self._held and self._index is not None:
            return self._index
        if self._index is None or not self._take_changed() or self._came_short():
            with self._alone():
                if not self._open() or not self._take_changed() or not self._is_whole():
                    self._build()
        assert self._index is not None
        if self._learns:
            self._weigh(self._index)
        return self._index

    def _weigh(self, index: Index) -> None:
        """By the newest weights, which lie in the database and in no file."""
        newest = NameWeights.newest()
        if newest != self._weighed_by:
            index.use(_weights_of(newest), keep=False)
            self._weighed_by = newest

    def _came_short(self) -> bool:
        """Whether, looked at now and then, it holds other than as many as the database.

        A writer that was killed may leave fewer behind until somebody builds it anew.
        """
        now = timezone.now()
        if self._counted_at and now - self._counted_at < COUNTED_EVERY:
            return False
        self._counted_at = now
        return not self._is_whole()

    def _is_whole(self) -> bool:
        """Whether it holds as many as the database does: else that is another, or was restored."""
        return self._index is not None and len(self._index) == self._standing().count()

    def _open(self) -> bool:
        """Whether there is a usable one."""
        until = self._until()
        if until is None or until > timezone.now():
            return False
        try:
            self._index = Index.open(self.folder)
        except (NoIndex, OSError) as fault:
            log.warning("index %s cannot be used: %s", self.name, type(fault).__name__)
            return False
        self._seen_until, self._seen = until, {}
        return True

    def _build(self, progress: Callable[[int, int], None] | None = None) -> None:
        self._let_go()
        began, told = timezone.now(), self._beside("progress")
        of = self._standing().count()

        def counted() -> Iterator[Description]:
            for done, row in enumerate(self._standing().iterator(FETCHED_AT_A_TIME)):
                if done % FETCHED_AT_A_TIME == 0:
                    write_whole(told, f"{done} {of}".encode())
                    if progress:
                        progress(done, of)
                self._seen[row.pk] = row.changed_at
                yield description_of(row)

        for ending in ("until", "removed"):
            self._beside(ending).unlink(missing_ok=True)
        self._index = Index.build(counted(), folder=self.folder)
        self._cover(began)
        told.unlink(missing_ok=True)
        if progress:
            progress(of, of)
        log.info("index %s was built of %d records", self.name, len(self._index))

    def _take_changed(self) -> bool:
        """Take in what changed since, and note how far the files cover the database.

        False, and nothing is taken in, where so much changed that building it anew is quicker.
        """
        index, since, now = self._index, self._seen_until, timezone.now()
        assert index is not None
        assert since is not None
        few = len(self._seen) < FETCHED_AT_A_TIME
        changed = self._changed_since(since - OVERLAP if few else since)
        if not few and not self._saw_all(since):
            changed = self._changed_since(since - OVERLAP)
        if len(changed) > max(MANY, len(index) // 2):
            return False
        for part in in_parts(changed, FETCHED_AT_A_TIME):
            self._take(index, self._rows().filter(pk__in=part))
        self._seen_until = now
        if changed:
            self._cover(now)
        if self._pruned_at is None or now - self._pruned_at > OVERLAP:
            self._seen = {pk: at for pk, at in self._seen.items() if at >= now - 2 * OVERLAP}
            self._pruned_at = now
        return True

    def _changed_since(self, since: datetime) -> list[Any]:
        rows = self._rows().filter(changed_at__gte=since).values_list("pk", "changed_at")
        return [pk for pk, at in rows if self._seen.get(pk) != at]

    def _saw_all(self, since: datetime) -> bool:
        """Whether no transaction that began before `since` has committed after we looked.

        After an import many rows changed a moment ago: they are counted, not read once more.
        """
        first = since - OVERLAP
        late: int = self._rows().filter(changed_at__gte=first, changed_at__lt=since).count()
        return late == sum(first <= at < since for at in self._seen.values())

    def _take(self, index: Index, rows: Iterable[Any]) -> None:
        added, removed, seen = [], [], {}
        for row in rows:
            seen[row.pk] = row.changed_at
            if self._belongs(row):
                added.append(description_of(row))
            elif str(row.pk) in index:
                removed.append(str(row.pk))
        if removed:
            write_whole(self._beside("removed"), b"")
        index.change(added, removed)
        self._seen |= seen  # what there was no room to write is taken in by the next question

    def _cover(self, until: datetime) -> None:
        self._seen_until = until
        write_whole(self._beside("until"), until.isoformat().encode())

    def _until(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self._beside("until").read_text("ascii"))
        except (OSError, ValueError):
            return None


def _weights_of(newest: tuple[int, datetime] | None) -> Weights:
    """Those of a version; those that came with the program where there is none to use."""
    if newest is None:
        return WEIGHTS
    learned = NameWeights.objects.values_list("learned", flat=True).get(pk=newest[0])
    try:
        return Weights.of_json(learned) if learned else WEIGHTS
    except BadWeights as fault:
        log.warning("weights %d cannot be used: %s", newest[0], fault)
        return WEIGHTS


def _numbers(path: Path) -> tuple[int | None, int]:
    try:
        done, of = map(int, path.read_text("ascii").split())
    except (OSError, ValueError):
        return None, 0
    return done, of
