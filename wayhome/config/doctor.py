"""What is wrong with an installation, and how to mend it."""

import os
import platform
import shutil
import sys
from collections.abc import Iterator

from wayhome.config import relay
from wayhome.config.commands.shell import set_up_django
from wayhome.config.database import Database, DatabaseError, connected, unfitness, without_password
from wayhome.config.findings import Finding
from wayhome.config.folder import Folder
from wayhome.lib import locks

OLDEST_PYTHON = (3, 11)
LEAST_FREE_BYTES = 2_000_000_000


def examine(folder: Folder, *, deep: bool = False) -> list[Finding]:
    """Look at everything, from the ground up; what cannot be looked at is ill too."""
    findings = [*python(), *disk(folder), *data_folder(folder)]
    if not folder.is_made:
        return findings
    database = Database.of(folder)
    try:
        with database.running():
            findings += [*accounts(database), *fitness(database)]
            findings += inside(folder, database, deep=deep)
    except DatabaseError as error:
        remedy = f"Read {database.cluster.log}, or set DATABASE_URL."
        findings.append(Finding("database", False, str(error), remedy))
    return findings


def python() -> Iterator[Finding]:
    """Is this Python new enough?"""
    ok = sys.version_info >= OLDEST_PYTHON
    yield Finding("python", ok, platform.python_version(), "" if ok else "Install Python 3.11.")


def disk(folder: Folder) -> Iterator[Finding]:
    """Is there room?"""
    place = next(one for one in (folder.root, *folder.root.parents) if one.exists())
    free = shutil.disk_usage(place).free
    ok = free >= LEAST_FREE_BYTES
    yield Finding("disk", ok, f"{free // 10**6} MB free", "" if ok else f"Make room at {place}.")


def data_folder(folder: Folder) -> Iterator[Finding]:
    """Is the folder whole, and closed to others?"""
    for fault, remedy in folder.faults():
        yield Finding("data folder", False, fault, remedy)
    if not folder.faults():
        yield Finding("data folder", True, f"{folder.root} ({folder.kind})")


def accounts(database: Database) -> Iterator[Finding]:
    """Has each process its own user?"""
    for process, url in database.urls().items():
        with connected(url):
            yield Finding(f"database as {process}", True, without_password(url))
    for warning in database.warnings():
        yield Finding("database users", True, warning)


def fitness(database: Database) -> Iterator[Finding]:
    """Is it a PostgreSQL that will not fail us?"""
    with connected(database.urls()["owner"]) as connection:
        version = connection.info.server_version
        faults = unfitness(connection)
        unchecked = connection.execute("SHOW data_checksums").fetchone() == ("off",)
    for fault in faults:
        yield Finding("PostgreSQL", False, fault)
    if not faults:
        yield Finding("PostgreSQL", True, f"version {version // 10000}.{version % 10000}")
    if unchecked:
        remedy = "Stop it and run pg_checksums --enable."
        yield Finding("page checksums", True, "off: a failing disk may go unnoticed", remedy)


def inside(folder: Folder, database: Database, *, deep: bool) -> Iterator[Finding]:
    """What only the program itself can see: tables, keys, the queue, the journal, the files."""
    os.environ.update(database.environment("owner"))
    set_up_django()
    from wayhome.config import examination as look

    due = list(look.tables_due())
    yield from due
    if not all(one.ok for one in due):
        return
    yield from look.master_key()
    yield from look.worker(is_served=locks.is_held(folder.root / "lock"))
    yield from look.failed_jobs(folder.log / "worker.log")
    yield from look.indexes()
    yield from look.mail()
    yield from relay.findings(folder, is_served=locks.is_held(folder.root / "lock"))
    if folder.is_demo:
        yield from look.demo(is_prepared=folder.is_prepared)
    if deep:
        yield from look.journal()
        yield from look.papers()
        yield from look.letters_by_hand()
        yield from look.sealed_acts()
    if deep and database.is_embedded:
        yield from pages(database)


def pages(database: Database) -> Iterator[Finding]:
    """Does every table and index of our own cluster read as it was written?"""
    try:
        database.check_pages()
    except DatabaseError as error:
        yield Finding("pages", False, str(error), "Restore the database from a backup.")
    else:
        yield Finding("pages", True, "all tables and indexes read well")
