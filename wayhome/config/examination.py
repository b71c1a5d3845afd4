"""What the doctor can see only from inside: with the settings, on a database that answers."""

import base64
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

from wayhome.bureau.contact.models import CopyPicture, Scan
from wayhome.bureau.contact.store import CAME, GOES_ON
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.handovers.sealing import sha256
from wayhome.bureau.journal.verification import verify
from wayhome.bureau.matches.bridge import INDEXES
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.store import Store
from wayhome.bureau.persons.vault import CannotOpen
from wayhome.bureau.relations import store
from wayhome.bureau.relations.models import Paper
from wayhome.bureau.statements.bridge import MENTIONED
from wayhome.config.findings import Finding

BEATS_WITHIN = timedelta(seconds=30)  # a worker that lives says so every 5 s
AT_A_TIME = 500


def tables_due() -> Iterator[Finding]:
    """Are the tables those of this version?"""
    executor = MigrationExecutor(connection)
    due = executor.migration_plan(executor.loader.graph.leaf_nodes())
    what = f"{len(due)} changes are due" if due else "as this version needs them"
    yield Finding("tables", not due, what, "wayhome migrate" if due else "")


def master_key() -> Iterator[Finding]:
    """Does our master key open what is stored? The oldest and the newest key are tried."""
    keys = PersonKey.objects.filter(destroyed_at=None).order_by("pk")
    tried = [key for key in (keys.first(), keys.last()) if key]
    try:
        for key in tried:
            key.data_key()
    except CannotOpen:
        path = settings.FOLDER.keys / "master.key"
        remedy = f"Put the master key of this installation back: {path}."
        yield Finding("master key", False, "it does not open what is stored", remedy)
    else:
        what = "opens what is stored" if tried else "nothing is stored under it yet"
        yield Finding("master key", True, what)


def worker(*, is_served: bool) -> Iterator[Finding]:
    """Does the background work go on? `is_served`: the supervisor runs, so a worker must."""
    since = timezone.now() - BEATS_WITHIN
    waiting = ProcrastinateJob.objects.filter(status="todo").count()
    if ProcrastinateWorker.objects.filter(last_heartbeat__gte=since).exists():
        yield Finding("worker", True, f"at work, {waiting} jobs wait")
    elif is_served:
        log = settings.FOLDER.log / "worker.log"
        remedy = f"Read {log}; end `wayhome serve` and start it again."
        yield Finding("worker", False, f"gives no sign of life, {waiting} jobs wait", remedy)
    else:
        what = f"nothing is served now, {waiting} jobs wait"
        yield Finding("worker", True, what, "wayhome serve")


def failed_jobs(log: Path) -> Iterator[Finding]:
    """Has background work failed for good?"""
    failed = ProcrastinateJob.objects.filter(status="failed")
    if names := sorted(set(failed.values_list("task_name", flat=True))):
        what = f"{failed.count()} jobs have failed: {', '.join(names)}"
        yield Finding("jobs", False, what, f"Read {log}.")


def indexes() -> Iterator[Finding]:
    """How do the indexes of names stand? One that is missing or damaged is built when asked."""
    for index in (*INDEXES, MENTIONED):
        status = index.status()
        part, size = f"index of {status.name}", f"{status.bytes / 1_000_000:.1f} MB"
        if status.done is not None:
            what = f"is being built: {status.done} of {status.of} records"
        elif status.cards is None or status.until is None:
            what = "not built yet, or not usable: it is built when it is next asked"
        else:
            until = timezone.localtime(status.until)
            what = f"{status.cards} records, {size}, up to date at {until:%Y-%m-%d %H:%M:%S}"
        remedy = "" if status.cards is not None else "wayhome names index --bureau"
        yield Finding(part, True, what, remedy)


def mail() -> Iterator[Finding]:
    """Can an invitation leave by e-mail?"""
    if settings.SMTP_URL and settings.MAIL_FROM:
        yield Finding("mail", True, f"from {settings.MAIL_FROM}")
    elif settings.SMTP_URL:
        remedy = "Set WAYHOME_MAIL_FROM to the address that families read."
        yield Finding("mail", False, "there is a mail server and no sender", remedy)
    else:
        remedy = "Set WAYHOME_SMTP_URL and WAYHOME_MAIL_FROM, or telephone."
        yield Finding("mail", True, "no mail server is set: no e-mail leaves", remedy)


def demo(*, is_prepared: bool) -> Iterator[Finding]:
    """Does a demo hold all that one of this version does?"""
    what = "prepared" if is_prepared else "not prepared yet, or by an older version"
    yield Finding("demo", is_prepared, what, "" if is_prepared else "wayhome demo")


def journal() -> Iterator[Finding]:
    """Is the journal what it was?"""
    found = verify()
    what = f"{found.entries} entries" if found.ok else f"entry {found.first_bad}: {found.what}"
    remedy = "" if found.ok else "Tell the auditor; compare with the witness's checkpoints."
    yield Finding("journal", found.ok, what, remedy)


def papers() -> Iterator[Finding]:
    """Can every paper that a family sent be read?"""
    rows = Paper.objects.select_related("key").filter(key__destroyed_at=None)
    unread = [paper.pk for paper in rows.iterator(AT_A_TIME) if not _reads(paper)]
    if unread:
        what = f"{len(unread)} cannot be read, the first is {unread[0]}"
        remedy = f"Restore {settings.FOLDER.media} from a backup."
        yield Finding("papers", False, what, remedy)
    else:
        yield Finding("papers", True, f"{rows.count()} read well")


def _reads(paper: Paper) -> bool:
    try:
        store.read(paper.pk, paper.key)
    except (OSError, CannotOpen):
        return False
    return True


def letters_by_hand() -> Iterator[Finding]:
    """Can every picture of a letter written by hand be read, as it came and as it goes on?"""
    came = Scan.objects.exclude(picture=None).filter(key__destroyed_at=None)
    goes_on = CopyPicture.objects.filter(key__destroyed_at=None)
    files = [
        *((CAME, one.picture, one.key) for one in came.select_related("key")),
        *((GOES_ON, one.pk, one.key) for one in goes_on.select_related("key")),
    ]
    unread = [name for where, name, key in files if not _opens(where, name, key)]
    if unread:
        what = f"{len(unread)} cannot be read, the first is {unread[0]}"
        remedy = f"Restore {settings.FOLDER.media} from a backup."
        yield Finding("letters by hand", False, what, remedy)
    else:
        yield Finding("letters by hand", True, f"{len(files)} pictures read well")


def _opens(where: Store, name: Any, key: PersonKey) -> bool:
    try:
        where.read(name, key)
    except (OSError, CannotOpen):
        return False
    return True


def sealed_acts() -> Iterator[Finding]:
    """Is every sealed act the one whose digest the journal holds?"""
    rows = Act.objects.filter(state=ActState.SEALED).select_related("key")
    changed = [act.pk for act in rows.iterator(AT_A_TIME) if not _is_whole(act)]
    if changed:
        what = f"{len(changed)} are not what was sealed, the first is {changed[0]}"
        yield Finding("acts", False, what, "Restore the database from a backup.")
    else:
        yield Finding("acts", True, f"{rows.count()} as they were sealed")


def _is_whole(act: Act) -> bool:
    try:
        return sha256(base64.b64decode(act.document)) == act.sha256
    except CannotOpen:
        return act.key.destroyed_at is not None
