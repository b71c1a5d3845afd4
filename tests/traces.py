"""What is written in the database: compared before and after, row by row, in every table."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager

from django.db import connection


def digests() -> dict[str, tuple[int, str]]:
    """Every table of ours: how many rows, and a digest of all that stands in them."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(
                f"SELECT count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '')"
                f' FROM "{table}" AS t'
            )
            row = cursor.fetchone()
            assert row
            found[table] = row
    return found


@contextmanager
def nothing_written(besides: Collection[str] = ()) -> Iterator[None]:
    """Fails if any row of any table was added, changed or taken away meanwhile."""
    before = digests()
    yield
    after = digests()
    assert len(before) > 40
    changed = {name for name in before if before[name] != after[name]} - set(besides)
    assert not changed, f"written to {sorted(changed)}"
