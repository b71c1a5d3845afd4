"""What each process's database user may do: given anew after every migration.

The web reads and writes the bureau's tables but may not migrate them, change a journal entry or
read the tables of migrations; the worker besides may give journal entries their place.
"""

from typing import Any

from django.conf import settings
from django.db import connections
from psycopg import sql

# Only ever added to; the sequencer in the worker fills the place and the hashes of an entry.
ADDED_TO = ("journal_entry", "journal_checkpoint")
PLACE_OF_AN_ENTRY = "seq, leaf_hash, chain_hash"


def give(sender: Any, using: str, **_: Any) -> None:
    """Listener of post_migrate."""
    roles = {process: role for process, role in settings.DATABASE_ROLES.items() if role}
    with connections[using].cursor() as cursor:
        for process, role in roles.items():
            for statement in _statements(process):
                cursor.execute(sql.SQL(statement).format(role=sql.Identifier(role)))


def _statements(process: str) -> list[str]:
    statements = [
        "GRANT USAGE ON SCHEMA public TO {role}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
        "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role}",
    ]
    for table in ADDED_TO:
        statements.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{role}}")
    if process == "worker":
        statements.append(f"GRANT UPDATE ({PLACE_OF_AN_ENTRY}) ON journal_entry TO {{role}}")
    return statements
