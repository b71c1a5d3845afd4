"""The database's users: the owner, the web and the worker, on our cluster and on another's."""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from wayhome.config.database import (
    Account,
    Database,
    DatabaseError,
    connected,
    entered_as,
    may_connect,
    refuse_unfit,
    without_password,
)
from wayhome.config.folder import Folder

pytestmark = pytest.mark.slow
URL = "postgresql://o%40ne:p%2Fw@db.example:5433/bureau?sslmode=require"


@pytest.fixture
def folder(passable: Path) -> Folder:
    made = Folder(passable / secrets.token_hex(4))
    made.create("live")
    return made


@pytest.fixture
def operators_url() -> Iterator[str]:
    """A new database, as an operator would give us one."""
    name = f"operator_{secrets.token_hex(4)}"
    with connected(os.environ["DATABASE_URL"]) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        yield os.environ["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        roles = connection.execute(
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^wayhome_(web|worker|limited)_'"
            " AND NOT EXISTS (SELECT FROM pg_shdepend WHERE refobjid = pg_roles.oid)"
        )
        for (role,) in roles.fetchall():
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def user_of(url: str) -> object:
    with connected(url) as connection:
        row = connection.execute("SELECT current_user").fetchone()
        return row[0] if row else None


def test_each_process_enters_our_own_cluster_as_its_own_user(folder):
    database = Database(folder, None)
    with database.running():
        urls = database.urls()
        assert [user_of(url) for url in urls.values()] == [
            "wayhome_owner",
            "wayhome_web",
            "wayhome_worker",
        ]
        for process in ("web", "worker"):
            with connected(urls[process]) as connection, pytest.raises(psycopg.Error):
                connection.execute("CREATE TABLE theirs (id int)")
        with connected(urls["owner"]) as connection:
            connection.execute("CREATE TABLE ours (id int)")
    assert database.cluster.pid() is None


def test_passwords_lie_where_only_the_owner_reads_them(folder):
    database = Database(folder, None)
    with database.running():
        log = database.cluster.log.read_text()
        kept = json.loads((folder.keys / "database.json").read_text())["embedded"]

    assert (folder.keys / "database.json").stat().st_mode & 0o777 == 0o600
    for process in ("administrator", "owner", "web", "worker"):
        assert kept[process]["password"] not in log


def test_the_database_stays_until_the_last_command_has_left(folder):
    with Database(folder, None).running():
        with Database(folder, None).running():
            pass
        assert Database(folder, None).cluster.pid() is not None
    assert Database(folder, None).cluster.pid() is None


def test_a_command_that_fails_stops_the_database_it_started(folder):
    with pytest.raises(ZeroDivisionError), Database(folder, None).running():
        raise ZeroDivisionError
    assert Database(folder, None).cluster.pid() is None


def test_an_operators_database_gets_users_of_its_own(folder, operators_url):
    database = Database(folder, operators_url)
    database.start()
    first = database.urls()
    database.start()

    assert first == database.urls()
    assert len({user_of(url) for url in first.values()}) == 3
    assert database.warnings() == []
    assert not (folder.root / "postgresql").exists()


def test_an_owner_who_may_make_no_users_is_used_for_all_and_told(folder, operators_url):
    limited = Account(f"wayhome_limited_{secrets.token_hex(4)}", "limited")
    with connected(operators_url) as connection:
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN PASSWORD 'limited'").format(sql.Identifier(limited.user))
        )
        connection.execute("GRANT ALL ON SCHEMA public TO PUBLIC")
        connection.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    url = entered_as(operators_url, limited)
    database = Database(folder, url)
    database.start()

    assert set(database.urls().values()) == {url}
    assert "CREATEROLE" in database.warnings()[0]
    assert database.environment("web")["WAYHOME_DATABASE_ROLE_WEB"] == ""


def test_a_database_that_sees_no_cyrillic_is_refused(operators_url):
    name = f"blind_{secrets.token_hex(4)}"
    with connected(operators_url) as connection:
        connection.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C' LC_COLLATE 'C'"
                " LOCALE_PROVIDER libc"
            ).format(sql.Identifier(name))
        )
        try:
            with pytest.raises(DatabaseError, match="compares no Cyrillic"):
                refuse_unfit(operators_url.rpartition("/")[0] + f"/{name}")
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


def test_a_url_keeps_its_place_when_another_user_enters():
    entered = entered_as(URL, Account("web", "a:b@c/d"))

    assert entered == "postgresql://web:a%3Ab%40c%2Fd@db.example:5433/bureau?sslmode=require"


def test_a_url_is_shown_without_its_password():
    assert without_password(URL) == "postgresql://o@ne@db.example:5433/bureau"


def test_nobody_answers_is_told_in_one_line():
    url = "postgresql://nobody:secret@127.0.0.1:1/none"

    assert not may_connect(url)
    with pytest.raises(DatabaseError) as told, connected(url):
        pass
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)
