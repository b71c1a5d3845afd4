"""What tests do otherwise than the bureau, so that thousands of them take minutes.

Passwords and PINs are hashed at the least cost, and after a test that commits only those tables
are emptied that hold something. Processes that stories start do neither.
"""

from functools import cache
from typing import Any

import django.test
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import ProgrammingError, connection, transaction
from psycopg import errors, sql

# What Django asks of whoever tries a password; tests/test_quick.py wants it.
COST_OF_THE_BUREAU = {
    name: getattr(Argon2PasswordHasher, name)
    for name in ("time_cost", "memory_cost", "parallelism")
}
LEAST_COST = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
# Written by migrations and what follows them; no test changes them.
KEPT = {"django_content_type", "auth_permission"}
# The tables of jobs are not Django's, which would leave them as they are.
JOBS = ("procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers")
_empty_with_django = django.test.TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def be_quick() -> None:
    """From now on all tests of this process are."""
    for name, value in LEAST_COST.items():
        setattr(Argon2PasswordHasher, name, value)
    django.test.TransactionTestCase._fixture_teardown = _empty_after  # type: ignore[attr-defined]


def _empty_after(case: Any) -> None:
    try:
        empty()
    except ProgrammingError as refused:
        if not isinstance(refused.__cause__, errors.InsufficientPrivilege):
            raise
        _empty_with_django(case)  # the user of this DATABASE_URL is no administrator
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def empty() -> None:
    """Delete every row that a test left: to truncate a hundred empty tables takes half a second."""
    with transaction.atomic(), connection.cursor() as cursor:
        # No trigger is asked: not those that guard the journal, nor those of foreign keys.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(_which_hold_something())
        for (table,) in cursor.fetchall():
            cursor.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))


@cache
def _which_hold_something() -> sql.Composable:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    emptied = sorted({*tables, *JOBS} - KEPT)
    asked = sql.SQL("SELECT {name} WHERE EXISTS (SELECT FROM {table})")
    return sql.SQL(" UNION ALL ").join(
        asked.format(name=sql.Literal(table), table=sql.Identifier(table)) for table in emptied
    )
