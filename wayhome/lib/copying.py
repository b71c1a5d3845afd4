"""New rows into a table by COPY: several times faster than INSERT where there are many."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import Model
from psycopg import sql


def copy_in(rows: Sequence[Model]) -> None:
    """Store new records of one model, in the running transaction.

    Primary keys are made in Python, and every field has its value: defaults of the database are
    not asked for. A row that breaks a constraint raises IntegrityError, and none is stored.
    """
    if not rows:
        return
    meta = rows[0]._meta
    fields = meta.concrete_fields
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
    )
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
            )
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
