"""The folder into which scanners put what was written by hand, and how it is emptied.

A file is taken once nobody writes to it any more. It leaves the folder only after what it held is
stored; met again after a crash, it is known by its digest and only leaves.
"""

import time
from pathlib import Path

from django.conf import settings

from wayhome.bureau.contact import paper
from wayhome.bureau.contact.models import Scan
from wayhome.bureau.contact.rules import ScanState
from wayhome.lib.media import MediaRefused
from wayhome.lib.private import make_folder
from wayhome.lib.refusal import Refused
from wayhome.lib.scans import LARGEST_FILE, sides_of

QUIET_SECONDS = 10  # a scanner or a network copy that pauses longer begins a new file
NOT_OPENED = "not-opened"  # beside the files, for what a person must scan again


def take_scans() -> int:
    """Take in every file that lies ready. Returns how many left the folder.

    One that may not be read or moved keeps no other waiting. Raises its OSError after all others.
    """
    left, faults = 0, []
    for path in _ready(settings.FOLDER.scans):
        try:
            left += take_file(path)
        except OSError as fault:
            faults.append(fault)
    if faults:
        raise faults[0]
    return left


def _ready(folder: Path) -> list[Path]:
    before = time.time() - QUIET_SECONDS
    files = [
        (path.stat().st_mtime, path)
        for path in folder.glob("*")
        if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    ]
    return [path for at, path in sorted(files) if at <= before]


def take_file(path: Path) -> bool:
    """Take in one file. May be cut off anywhere, and begun again. False if it is not ready yet."""
    if (found := path.stat()).st_size > LARGEST_FILE:
        known_by = f"{path.name}|{found.st_size}|{found.st_mtime_ns}"
        _set_apart(path, paper.note_unreadable(digest=paper.digest_of(known_by.encode())))
        return True
    content = path.read_bytes()
    digest = paper.digest_of(content)
    if not paper.came_before(digest):
        try:
            paper.take_in(digest=digest, sides=sides_of(content), by=None)
        except MediaRefused:
            paper.note_unreadable(digest=digest)
        except Refused:
            pass  # another worker was quicker
    if path.read_bytes() != content:
        return False  # written to meanwhile: what is there now is another file
    unreadable = Scan.objects.filter(digest=digest, state=ScanState.UNREADABLE).first()
    if unreadable is not None:
        _set_apart(path, unreadable)
    else:
        path.unlink()
    return True


def _set_apart(path: Path, scan: Scan) -> None:
    """Out of the way of those that can be opened, under a name that tells nothing."""
    make_folder(path.parent / NOT_OPENED)
    path.replace(path.parent / NOT_OPENED / f"{scan.pk.hex}{path.suffix.lower()[:5]}")
