"""Places for whole installations."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def passable() -> Iterator[Path]:
    """A folder that the database's own user can pass through.

    In pytest's own, which is closed, the cluster would lie in the system's state folder.
    """
    root = Path(tempfile.mkdtemp(prefix="wayhome-place-"))
    root.chmod(0o711)
    yield root
    shutil.rmtree(root)
