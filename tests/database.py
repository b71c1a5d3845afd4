"""A PostgreSQL for the tests, where DATABASE_URL names none: ours, made anew for every run."""

import atexit
import os
import secrets
import shutil
import tempfile
from pathlib import Path

from wayhome.lib.cluster import ADMINISTRATOR, HOST, Cluster, free_port

# Nothing of it is kept, so it need not survive a power cut.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def ensure() -> None:
    """See to it that DATABASE_URL names a PostgreSQL in which databases may be made."""
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = started()


def started() -> str:
    """The URL of a cluster that ends with this process."""
    root = Path(tempfile.mkdtemp(prefix="wayhome-tests-database-"))
    root.chmod(0o711)  # under root it runs as another user, who must pass
    atexit.register(shutil.rmtree, root, ignore_errors=True)
    cluster, password = Cluster(root / "postgresql", root / "log"), secrets.token_hex(16)
    cluster.make(password=password)
    settings = HASTY | {"max_connections": "200"}
    port = cluster.start(port=free_port(), die_with_me=True, settings=settings)
    atexit.register(cluster.stop)  # before the folder goes: the last registered is the first run
    return f"postgresql://{ADMINISTRATOR}:{password}@{HOST}:{port}/postgres"
