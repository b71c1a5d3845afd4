"""What each process's database user may do, asked of the database itself."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from wayhome.bureau.journal import grants

pytestmark = pytest.mark.django_db
PROCESSES = ("web", "worker")


@pytest.fixture
def users() -> Iterator[dict[str, str]]:
    """Two users as the supervisor makes them, with the grants of the migrations; rolled back."""
    names = {process: f"wayhome_{process}_of_a_test" for process in PROCESSES}
    before = dict(settings.DATABASE_ROLES)
    with connection.cursor() as cursor:
        for name in names.values():
            cursor.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(name)))
    settings.DATABASE_ROLES.update(names)
    grants.give(None, "default")
    yield names
    settings.DATABASE_ROLES.update(before)


def may(user: str, table: str, *what: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::text[]) AS p WHERE has_table_privilege(%s, %s, p)",
            [list(what), user, table],
        )
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize("table", ["journal_entry", "journal_checkpoint"])
def test_the_journal_is_only_added_to_and_read(users, process, table):
    all_of_it = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "TRIGGER", "REFERENCES")

    assert may(users[process], table, *all_of_it) == {"SELECT", "INSERT"}


def test_only_the_worker_gives_an_entry_its_place_and_changes_nothing_else_of_it(users):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT u, c.column_name FROM information_schema.columns c, unnest(%s::text[]) u"
            " WHERE table_name = 'journal_entry' AND has_column_privilege(u, 'journal_entry',"
            " c.column_name, 'UPDATE')",
            [list(users.values())],
        )
        changed = set(cursor.fetchall())
    assert changed == {(users["worker"], c) for c in ("seq", "leaf_hash", "chain_hash")}


@pytest.mark.parametrize("process", PROCESSES)
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal_entry",
        "UPDATE journal_entry SET action = 'x'",
        "TRUNCATE journal_entry",
        "TRUNCATE journal_entry CASCADE",
        "ALTER TABLE journal_entry DISABLE TRIGGER ALL",
        "DROP TRIGGER journal_only_grows ON journal_entry",
        "ALTER TABLE captives_captive ADD COLUMN x int",
        "DROP TABLE captives_captive",
        "CREATE TABLE mine (x int)",
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('x', 'x', now())",
        "SET session_replication_role = replica",
        "COPY journal_entry TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')",
        "CREATE ROLE other",
    ],
)
def test_what_neither_may(users, process, statement):
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        _tried_as(users[process], statement)
    cause = refused.value.__cause__
    assert isinstance(cause, psycopg.errors.InsufficientPrivilege), cause


def _tried_as(user: str, statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(user)))
        cursor.execute(statement)


@pytest.mark.parametrize("process", PROCESSES)
def test_what_both_must(users, process):
    """Read and write every other table of the bureau, and no more than that."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor))
    closed = {"journal_entry", "journal_checkpoint", "django_migrations"}
    for table in tables - closed:
        got = may(users[process], table, "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE")
        assert got == {"SELECT", "INSERT", "UPDATE", "DELETE"}, table
