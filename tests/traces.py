"""What is written in the database: compared before and after, row by row, in every table."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from functools import cache

from django.db import connection

Digests = dict[str, tuple[int, str]]
_last: tuple[str, Digests] = ("", {})


def digests() -> Digests:
    """Every table of ours: how many rows, and a digest of all that stands in them.

    Taken anew only where PostgreSQL has counted a row written in this transaction since the last.
    """
    global _last
    written = _written()
    if not written or written != _last[0]:
        _last = written, _digests()
    return _last[1]


def _digests() -> Digests:
    with connection.cursor() as cursor:
        cursor.execute(_every_table())
        return {table: (rows, digest) for table, rows, digest in cursor.fetchall()}


@cache
def _every_table() -> str:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    return " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
        f' FROM "{table}" AS t'
        for table in tables
    )


def _written() -> str:
    """Which transaction this is, and how many rows it wrote, kept or not; empty outside any."""
    if not connection.in_atomic_block:
        return ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT now() || string_agg(relid || ':' || n_tup_ins + n_tup_upd + n_tup_del, ' '"
            " ORDER BY relid) FROM pg_stat_xact_user_tables"
        )
        row = cursor.fetchone()
    assert row
    return f"{id(connection.connection)} {row[0]}"


@contextmanager
def nothing_written(besides: Collection[str] = ()) -> Iterator[None]:
    """Fails if any row of any table was added, changed or taken away meanwhile."""
    before = digests()
    yield
    after = digests()
    assert len(before) > 40
    changed = {name for name in before if before[name] != after[name]} - set(besides)
    assert not changed, f"written to {sorted(changed)}"
