"""Folders and files that only their owner may read, whatever the process's mask says."""

import os
import secrets
from pathlib import Path

FOLDER, FILE = 0o700, 0o600


def make_folder(path: Path) -> None:
    """Make a folder for its owner alone; one that is there is closed to others."""
    path.mkdir(parents=True, exist_ok=True)
    if path.stat().st_mode & 0o777 != FOLDER:
        path.chmod(FOLDER)


def write_whole(path: Path, content: bytes) -> None:
    """Write or replace a small file; whoever reads it meets the old content or the new."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE)
    with open(handle, "wb") as file:
        file.write(content)
    beside.replace(path)
