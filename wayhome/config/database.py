"""Which database this installation has, and as which of its users each process enters it."""

import contextlib
import hashlib
import json
import os
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

from wayhome.config.folder import Folder, write_private
from wayhome.lib import locks
from wayhome.lib.cluster import ADMINISTRATOR, HOST, Cluster, ClusterError, free_port

Process = Literal["owner", "web", "worker"]
# One migrates and owns the tables, one serves, one works: each may do only what it must.
PROCESSES: tuple[Process, ...] = ("owner", "web", "worker")
NAME = "wayhome"
OLDEST_VERSION = 15
CONNECT_SECONDS = 10
START_TRIES = 3
# Trigrams of these differ in one letter; a database that sees no Cyrillic finds 0.
ALIKE = ("Їжак", "Їжаки")
LEAST_ALIKE = 0.3


class DatabaseError(Exception):
    """The database cannot be used; the text says why and what to do."""


@dataclass(frozen=True)
class Account:
    """A database user of ours."""

    user: str
    password: str


@dataclass(frozen=True)
class Database:
    """The database of one data folder: its own cluster, or the one of DATABASE_URL."""

    folder: Folder
    owner_url: str | None  # of the operator; None for our own cluster

    @classmethod
    def of(cls, folder: Folder) -> "Database":
        """The database of this folder, as the environment has it."""
        return cls(folder, os.environ.get("DATABASE_URL") or None)

    @property
    def is_embedded(self) -> bool:
        """Whether the cluster is ours to start and to stop."""
        return self.owner_url is None

    @property
    def cluster(self) -> Cluster:
        """Our own cluster."""
        return Cluster(self.folder.postgresql, self.folder.log / "postgresql.log")

    def start(self, *, die_with_me: bool = False) -> None:
        """Start our own cluster, made if need be, and see to the database's users.

        Does nothing twice, and of an operator's database sees only to the users. Raises
        DatabaseError.
        """
        with locks.exclusive(self.folder.root / "database.starting"):
            for further_tries in reversed(range(START_TRIES)):
                try:
                    self._start_once(die_with_me)
                    return
                except DatabaseError:
                    # If it was killed while we looked at it, it is started again.
                    if self.is_running() or not further_tries:
                        raise

    def stop(self) -> None:
        """Stop our own cluster; leave an operator's alone."""
        if self.is_embedded and self.cluster.pid() is not None:
            self.cluster.stop()

    def is_running(self) -> bool:
        """Whether our own cluster runs; of an operator's nothing is known."""
        return not self.is_embedded or self.cluster.pid() is not None

    def check_pages(self) -> None:
        """Read every table and index of our own cluster. Raises DatabaseError at a bad one."""
        administrator = self._account_or_new("administrator", ADMINISTRATOR)
        options = ["--install-missing", "--heapallindexed"]
        url = without_password(self._embedded_url(administrator, self._port()))
        try:
            self.cluster.call("pg_amcheck", *options, url, password=administrator.password)
        except ClusterError as error:
            raise DatabaseError(str(error)) from error

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """The database for one command: started if it does not run, stopped by who leaves last."""
        using = self.folder.root / "database.using"
        try:
            with locks.shared(using):
                self.start()
                yield
        finally:
            with locks.exclusive(self.folder.root / "database.starting"):
                if not locks.is_held(using):
                    self.stop()

    @contextlib.contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep commands that leave from stopping the database."""
        with locks.shared(self.folder.root / "database.using"):
            yield

    def urls(self) -> dict[Process, str]:
        """The URL for each process. Those without a user of their own enter as the owner."""
        owner = self.owner_url or self._embedded_url(self._account("owner"), self._port())
        urls: dict[Process, str] = {"owner": owner}
        for process in PROCESSES[1:]:
            account = self._account(process)
            urls[process] = entered_as(owner, account) if account else owner
        return urls

    def environment(self, process: Process) -> dict[str, str]:
        """The variables that settings.py reads for this process."""
        accounts = {one: self._account(one) for one in PROCESSES[1:]}
        return {
            "DATABASE_URL": self.urls()[process],
            "WAYHOME_PROCESS": process,
            "WAYHOME_DATA_DIR": str(self.folder.root),
        } | {
            f"WAYHOME_DATABASE_ROLE_{one.upper()}": account.user if account else ""
            for one, account in accounts.items()
        }

    def warnings(self) -> list[str]:
        """What is weaker than it should be, one sentence each."""
        lacking = [one for one in PROCESSES[1:] if self._account(one) is None]
        if not lacking:
            return []
        return [
            f"The database user of DATABASE_URL may not create users, so {' and '.join(lacking)}"
            " also enter as the owner. To separate them let it have CREATEROLE."
        ]

    # What is kept: keys/database.json

    @property
    def _file(self) -> Path:
        return self.folder.keys / "database.json"

    @property
    def _name(self) -> str:
        """What this database is called in the file: several may have been used in turn."""
        if self.owner_url is None:
            return "embedded"
        url = urlsplit(self.owner_url)
        place = f"{url.hostname}:{url.port or 5432}{url.path}?{url.query}"
        return hashlib.sha256(place.encode()).hexdigest()[:12]

    def _kept(self) -> dict[str, Any]:
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise DatabaseError(f"{self._file} cannot be read") from error
        return kept

    def _keep(self, **values: Any) -> None:
        kept = self._kept()
        kept[self._name] = kept.get(self._name, {}) | values
        write_private(self._file, json.dumps(kept, indent=2).encode() + b"\n")

    def _mine(self) -> dict[str, Any]:
        mine: dict[str, Any] = self._kept().get(self._name, {})
        return mine

    def _account(self, process: Process | Literal["administrator"]) -> Account | None:
        entry = self._mine().get(process)
        return Account(**entry) if entry else None

    def _account_or_new(self, process: Process | Literal["administrator"], user: str) -> Account:
        account = self._account(process)
        if account is None:
            account = Account(user, secrets.token_urlsafe(24))
            self._keep(**{process: vars(account)})
        return account

    def _port(self) -> int:
        return int(self._mine().get("port", 0))

    def _start_once(self, die_with_me: bool) -> None:
        if self.is_embedded:
            self._start_cluster(die_with_me)
        self._see_to_accounts()
        refuse_unfit(self.urls()["owner"])

    # Our own cluster

    def _start_cluster(self, die_with_me: bool) -> None:
        administrator = self._account_or_new("administrator", ADMINISTRATOR)
        try:
            self.cluster.make(password=administrator.password)
            port = self.cluster.start(
                port=self._port() or free_port(), die_with_me=die_with_me, settings=tuning()
            )
        except (ClusterError, OSError) as error:
            raise DatabaseError(str(error)) from error
        if port != self._port():
            self._keep(port=port)

    def _embedded_url(self, account: Account | None, port: int, name: str = NAME) -> str:
        if account is None or not port:
            raise DatabaseError("The database has not been started in this folder yet.")
        return f"postgresql://{account.user}:{account.password}@{HOST}:{port}/{name}"

    # Its users

    def _see_to_accounts(self) -> None:
        if self.is_embedded:
            self._see_to_owner()
        suffix = "" if self.is_embedded else f"_{self._suffix()}"
        for process in PROCESSES[1:]:
            self._see_to(process, f"{NAME}_{process}{suffix}")

    def _suffix(self) -> str:
        """Tells users of one database from another's: users belong to the whole cluster."""
        path = urlsplit(self.owner_url or "").path
        return hashlib.sha256(path.encode()).hexdigest()[:8]

    def _see_to_owner(self) -> None:
        owner = self._account_or_new("owner", f"{NAME}_owner")
        if may_connect(self._embedded_url(owner, self._port())):
            return
        administrator = self._account("administrator")
        with connected(self._embedded_url(administrator, self._port(), "postgres")) as connection:
            set_account(connection, owner, "CREATEDB")
            make_database(connection, NAME, owner=owner.user)

    def _see_to(self, process: Process, user: str) -> None:
        """Make the user of this process; without the right to, none is kept."""
        account = self._account(process) or Account(user, secrets.token_urlsafe(24))
        owner_url = self.urls()["owner"]
        if may_connect(entered_as(owner_url, account)):
            return
        try:
            with connected(self._makers_url(owner_url)) as connection:
                set_account(connection, account)
                allow_connect(connection, urlsplit(owner_url).path[1:], account)
        except psycopg.errors.InsufficientPrivilege:
            self._keep(**{process: None})
        else:
            self._keep(**{process: vars(account)})

    def _makers_url(self, owner_url: str) -> str:
        if not self.is_embedded:
            return owner_url
        return self._embedded_url(self._account("administrator"), self._port())


def entered_as(url: str, account: Account) -> str:
    """The same database, entered as another user."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    entry = f"{quote(account.user, safe='')}:{quote(account.password, safe='')}@{place}"
    return urlunsplit(parts._replace(netloc=entry))


def without_password(url: str) -> str:
    """The URL as it may be shown."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{unquote(parts.username or '')}@{place}", query=""))


def tuning() -> dict[str, str]:
    """Settings of our own cluster that a strong or a weak machine may change."""
    named = {
        "shared_buffers": os.environ.get("WAYHOME_DATABASE_MEMORY", ""),
        "max_connections": os.environ.get("WAYHOME_DATABASE_CONNECTIONS", ""),
    }
    return {name: value for name, value in named.items() if value}


@contextlib.contextmanager
def connected(url: str) -> Iterator[psycopg.Connection]:
    """A connection outside any transaction. Raises DatabaseError if there is none to be had."""
    try:
        connection = psycopg.connect(url, autocommit=True, connect_timeout=CONNECT_SECONDS)
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DatabaseError(f"No way into {without_password(url)}: {reason}") from error
    with connection:
        yield connection


def may_connect(url: str) -> bool:
    """Whether this URL opens the database."""
    try:
        with connected(url):
            return True
    except DatabaseError:
        return False


def set_account(connection: psycopg.Connection, account: Account, *rights: str) -> None:
    """Make a user, or give one that is there this password."""
    asked = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [account.user])
    verb = "CREATE" if asked.fetchone() is None else "ALTER"
    # The server gets a verifier, so that no log or view of it ever holds the password.
    verifier = connection.pgconn.encrypt_password(
        account.password.encode(), account.user.encode(), b"scram-sha-256"
    ).decode()
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN {} PASSWORD {}").format(
            sql.SQL(verb),
            sql.Identifier(account.user),
            sql.SQL(" ".join(rights)),
            sql.Literal(verifier),
        )
    )


def make_database(connection: psycopg.Connection, name: str, *, owner: str) -> None:
    """Make the database, closed to everybody but its owner, if it is not there."""
    asked = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    if asked.fetchone() is None:
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(name), sql.Identifier(owner)
            )
        )
    connection.execute(
        sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(sql.Identifier(name))
    )


def allow_connect(connection: psycopg.Connection, database: str, account: Account) -> None:
    """Let a user into the database; what they may do there is granted by the migrations."""
    connection.execute(
        sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(
            sql.Identifier(database), sql.Identifier(account.user)
        )
    )


def refuse_unfit(url: str) -> None:
    """Raise DatabaseError if this PostgreSQL would fail us later and silently."""
    with connected(url) as connection:
        faults = unfitness(connection)
    if faults:
        raise DatabaseError(" ".join(faults))


def unfitness(connection: psycopg.Connection) -> list[str]:
    """What makes this PostgreSQL unfit, one sentence each."""
    if connection.info.server_version < OLDEST_VERSION * 10_000:
        return [f"PostgreSQL {OLDEST_VERSION} or newer is needed."]
    try:
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except psycopg.Error:
        return ["Ask the administrator of PostgreSQL for: CREATE EXTENSION pg_trgm;"]
    row = connection.execute("SELECT similarity(%s, %s)", ALIKE).fetchone()
    if row is None or row[0] <= LEAST_ALIKE:
        return [
            "This database compares no Cyrillic letters, so no name would ever be found:"
            " make it anew with LC_CTYPE 'C.UTF-8' and encoding UTF8."
        ]
    return []


def urls(folder: Folder) -> Mapping[Process, str]:
    """The URL of the database for each process: owner, web, worker."""
    return Database.of(folder).urls()
