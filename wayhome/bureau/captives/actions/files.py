"""Take in a file of cards or enquiries, import it batch by batch, stop it, throw it away."""

import base64
import hashlib
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from wayhome.bureau.captives.announcements import file_import_begun
from wayhome.bureau.captives.models import IMPORTED_WITH, CardFile
from wayhome.bureau.captives.reading.lines import CardFile as Read
from wayhome.bureau.captives.reading.lines import (
    CardLine,
    content_of_line,
    heading_of,
    is_telling,
    line_from,
)
from wayhome.bureau.captives.rules import (
    FILE_KEPT_FOR,
    FileFacts,
    FileKind,
    FileState,
    why_not_drop_file,
    why_not_import,
    why_not_stop_import,
)
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.journal.actions import MACHINE, Actor
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import blind_index
from wayhome.bureau.staff.models import Site, Staff
from wayhome.lib.refusal import refuse_if

AT_A_TIME = 500  # lines in one transaction
IMPORTING = 0x57415949  # this lock's number; no other of ours has it
# Read without what is large and sealed, unless a page asks for it.
LARGE = ("content", "found")


@dataclass(frozen=True)
class Fresh:
    """A line that the register does not have yet, with the digest by which it is known again."""

    line: CardLine
    digest: bytes


@dataclass(frozen=True)
class Importer:
    """How the lines of one kind of file are kept."""

    kind: FileKind
    number: str  # the field that is the list's own number
    known: Callable[[Sequence[bytes]], set[bytes]]  # which of these digests are kept already
    likely: Callable[[Sequence[CardLine]], int]  # how many clearly speak of somebody kept already
    store: Callable[[CardFile, Sequence[Fresh]], None]


def digest_of_file(content: bytes) -> bytes:
    return blind_index("file of cards", hashlib.sha256(content).hexdigest())


def digests_of(read: Read, file_digest: bytes, importer: Importer) -> list[Fresh]:
    """The lines without faults, each with its digest.

    Equal lines of one file count: two men of whom little is said may have equal cards. A line that
    says too little to mean one man is known again in the same file only, and never lost.
    """
    headings, seen = heading_of(read.columns), Counter[Any]()
    fresh = []
    for line in read.good:
        content = content_of_line(line, headings, importer.number)
        told = json.dumps([importer.kind, seen[content], content], ensure_ascii=False)
        own = "" if is_telling(line) else file_digest.hex()
        fresh.append(Fresh(line, blind_index("line of a file", told + own)))
        seen[content] += 1
    return fresh


@transaction.atomic
def take_file(
    *, read: Read, content: bytes, importer: Importer, site: Site, by: Staff | None
) -> CardFile:
    """Keep a file that was read and checked. Nothing of it is on the register yet."""
    if by is not None:
        by.must(IMPORTED_WITH[importer.kind])
    digest = digest_of_file(content)
    fresh = digests_of(read, digest, importer)
    file = CardFile(
        key=PersonKey.make(),
        kind=importer.kind,
        site=site,
        digest=digest,
        name=read.name,
        found=_found(read, fresh, importer),
        content=_packed(read.lines),
        lines=len(read.lines),
        by=by,
    )
    file.save(force_insert=True)
    journal.record("file taken in", subject=file, by=by or MACHINE, purpose=importer.kind)
    return file


def _found(read: Read, fresh: Sequence[Fresh], importer: Importer) -> dict[str, Any]:
    known = importer.known([one.digest for one in fresh])
    new = [one.line for one in fresh if one.digest not in known]
    return {
        "columns": read.columns,
        "problem": read.problem,
        "expected": read.expected,
        "heading_row": read.heading_row,
        "warnings": read.warnings,
        "file_faults": len(read.file_faults),
        "faults": [[one.row, one.field, one.fault] for one in read.faults],
        "line_warnings": [[line.row, *one] for line in read.lines for one in line.warnings],
        "faulty": len(read.faulty),
        "good": len(fresh),
        "new": len(new),
        "known": len(fresh) - len(new),
        "likely": importer.likely(new),
    }


def _packed(lines: Iterable[CardLine]) -> str:
    plain = json.dumps([vars(line) for line in lines], ensure_ascii=False).encode()
    return base64.b64encode(zlib.compress(plain, 1)).decode()


def lines_of(file: CardFile) -> list[CardLine]:
    """The lines that the file still holds: all, or when it is done those set aside."""
    plain = zlib.decompress(base64.b64decode(file.content or "")) if file.content else b"[]"
    return [line_from(told) for told in json.loads(plain)]


def facts_of(file: CardFile) -> FileFacts:
    found = file.found or {}
    return FileFacts(
        state=FileState(file.state),
        problem=found.get("problem", ""),
        whole_faulty=bool(found.get("file_faults")),
        faulty_lines=found.get("faulty", 0),
        good_lines=found.get("good", 0),
    )


def locked(file: CardFile) -> CardFile:
    rows = CardFile.objects.select_for_update(of=("self",)).defer(*LARGE)
    return rows.select_related("key", "site", "by").get(pk=file.pk)


@transaction.atomic
def start_import(*, file: CardFile, set_aside: bool, by: Staff | None) -> CardFile:
    """Begin to import a file, or go on with it; the work itself is done batch by batch.

    With `set_aside` the lines with faults are left out, to be mended. Raises Refused.
    """
    if by is not None:
        by.must(IMPORTED_WITH[FileKind(file.kind)])
    file = locked(file)
    goes_on = file.state in (FileState.IMPORTING, FileState.STOPPED)
    facts = facts_of(file)
    refuse_if(why_not_import(facts, set_aside=set_aside or goes_on))
    file.state, file.set_aside = FileState.IMPORTING, facts.faulty_lines
    file.save(update_fields=["state", "set_aside"])
    action = "import resumed" if goes_on else "import begun"
    journal.record(action, subject=file, by=by or MACHINE, purpose=file.kind)
    file_import_begun.send(CardFile, file=file)
    return file


@transaction.atomic
def stop_import(*, file: CardFile, by: Staff) -> CardFile:
    """Stop after the batch that runs; what was imported stays, and it can go on any day."""
    by.must(IMPORTED_WITH[FileKind(file.kind)])
    file = locked(file)
    refuse_if(why_not_stop_import(FileState(file.state)))
    file.state = FileState.STOPPED
    file.save(update_fields=["state"])
    journal.record("import stopped", subject=file, by=by, purpose=file.kind)
    return file


@transaction.atomic
def drop_file(*, file: CardFile, by: Staff) -> CardFile:
    """Throw away a file of which nothing was imported: its key is destroyed."""
    by.must(IMPORTED_WITH[FileKind(file.kind)])
    return _dropped(file, by)


def _dropped(file: CardFile, by: Actor) -> CardFile:
    file = locked(file)
    refuse_if(why_not_drop_file(FileState(file.state)))
    file.state, file.name, file.found, file.content = FileState.CANCELLED, None, None, None
    file.save(update_fields=["state", "name", "found", "content"])
    file.key.destroy()
    journal.record("file thrown away", subject=file, by=by, purpose=file.kind)
    return file


@transaction.atomic
def drop_forgotten_files() -> int:
    """Throw away the files that nobody decided about. Returns how many."""
    before = timezone.now() - FILE_KEPT_FOR
    files = CardFile.objects.filter(state=FileState.CHECKED, at__lt=before).defer(*LARGE)
    return len([_dropped(file, MACHINE) for file in files])


class Import:
    """A file that is being imported by this process."""

    def __init__(self, file: CardFile, importer: Importer) -> None:
        self.file, self.importer = file, importer

    @cached_property
    def _read(self) -> Read:
        columns = [(heading, name) for heading, name in self.file.found["columns"]]
        return Read(columns=columns, lines=lines_of(self.file))

    @cached_property
    def _good(self) -> list[Fresh]:
        return digests_of(self._read, bytes(self.file.digest), self.importer)

    @transaction.atomic
    def batch(self) -> CardFile:
        """Import the next lines, whole or not at all. Returns the file as it stands after."""
        # One batch of the bureau at a time: two files with the same line cannot both bring it.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [IMPORTING])
        file = locked(self.file)
        if file.state != FileState.IMPORTING:
            return file
        lines = self._good[file.done : file.done + AT_A_TIME]
        known = self.importer.known([one.digest for one in lines])
        fresh = [one for one in lines if one.digest not in known]
        self.importer.store(file, fresh)
        file.done += len(lines)
        file.added += len(fresh)
        file.known += len(lines) - len(fresh)
        changed = ["done", "added", "known"]
        if file.done == len(self._good):
            changed += self._finish(file)
        file.save(update_fields=changed)
        return file

    def _finish(self, file: CardFile) -> list[str]:
        """What was taken lies under each person's own key; the rest waits to be mended."""
        file.state = FileState.DONE
        file.content = _packed(self._read.faulty)
        journal.record("import done", subject=file, by=file.by or MACHINE, purpose=file.kind)
        return ["state", "content"]
