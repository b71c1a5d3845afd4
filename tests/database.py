"""A PostgreSQL for the tests, where DATABASE_URL names none: ours, of every run its own.

It is a copy of one that was migrated before (prepared.py); where that cannot be, an empty one.
"""

import atexit
import json
import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

from tests.prepared import migrated
from wayhome.config.database import NAME, Database
from wayhome.lib.cluster import ADMINISTRATOR, HOST, Cluster, free_port

# Nothing of it is kept, so it need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


# The migrated database of our own cluster; empty where there is none.
TEMPLATE = "WAYHOME_TEST_TEMPLATE"


def ensure() -> None:
    """See to it that DATABASE_URL names a PostgreSQL in which databases may be made."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = started()


def started() -> str:
    """The URL of a cluster that ends with this process."""
    root = Path(tempfile.mkdtemp(prefix="wayhome-tests-database-"))
    root.chmod(0o711)  # under root it runs as another user, who must pass
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    cluster, password = _prepared(root) or _empty(root)
    settings = HASTY | {"max_connections": "200"}
    port = cluster.start(port=free_port(), die_with_me=True, settings=settings)
    atexit.register(cluster.stop)  # before the folder goes: the last registered is the first run
    return f"postgresql://{ADMINISTRATOR}:{password}@{HOST}:{port}/postgres"


def _prepared(root: Path) -> tuple[Cluster, str] | None:
    try:
        folder = migrated(root / "data")
    except RuntimeError as why:  # then the first test that asks for the database fails of it too
        print(f"The tests' database is migrated anew: {why}", file=sys.stderr)
        return None
    os.environ[TEMPLATE] = NAME
    kept = json.loads((folder.keys / "database.json").read_text("utf-8"))
    return Database(folder, None).cluster, kept["embedded"]["administrator"]["password"]


def _empty(root: Path) -> tuple[Cluster, str]:
    cluster, password = Cluster(root / "postgresql", root / "log"), secrets.token_hex(16)
    cluster.make(password=password)
    return cluster, password


def copy_of_the_template(name: str) -> None:
    """Make the database of this name as a copy of the migrated one, if that is there."""
    template = os.environ.get(TEMPLATE)
    if not template:
        return
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as connection:
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(made.format(sql.Identifier(name), sql.Identifier(template)))
