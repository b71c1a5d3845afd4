"""Data folders that are made once and copied: to migrate an empty database takes twenty seconds.

They lie in build/prepared/, each named for a digest of what it was made of, so that a changed
migration makes another one. What is copied is whole: its cluster was ended in order.

`python -m tests.prepared` makes them before they are asked for, and gets a browser and a relay.
"""

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.browser import LIGHTEST, find_browser, install_from_apt
from wayhome.config import relay
from wayhome.config.folder import Folder, write_private
from wayhome.lib import locks

ROOT = Path(__file__).resolve().parent.parent
PLACE = ROOT / "build" / "prepared"
KEPT = 3  # of each kind: several branches may be tried in turn
COMMAND = [sys.executable, "-m", "wayhome.config.commands"]
OF_TABLES = (
    "tests/prepared.py",
    "requirements.txt",
    "wayhome/**/migrations/*.py",
    "wayhome/bureau/journal/grants.py",
    "wayhome/config/database.py",
    "wayhome/config/folder.py",
    "wayhome/config/settings.py",
    "wayhome/lib/cluster.py",
)
OF_STAFF = (*OF_TABLES, "wayhome/**/*.py", "tests/stories/hiring.py", "tests/stories/living.py")


def migrated(to: Path) -> Folder:
    """A data folder at `to` with all tables, and nobody in them."""
    return _copied("migrated", OF_TABLES, _migrate, to)


def hired(to: Path) -> Folder:
    """A data folder at `to` in which the staff of the stories have their accounts."""
    return _copied("hired", OF_STAFF, _hire, to)


def environment(folder: Folder) -> dict[str, str]:
    """The environment of a command on this folder: nothing of the tests' own."""
    ours = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WAYHOME_", "DJANGO_")) and name != "DATABASE_URL"
    }
    return ours | {"WAYHOME_DATA_DIR": str(folder.root)}


def _migrate(folder: Folder) -> None:
    folder.create("live")
    _call([*COMMAND, "migrate"], folder)


def _hire(folder: Folder) -> None:
    migrated(folder.root)
    _call([sys.executable, "-m", "tests.stories.hiring"], folder)


def _call(command: list[str], folder: Folder) -> None:
    done = subprocess.run(
        command, env=environment(folder), cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command[-1]} failed: {done.stdout}{done.stderr}")


def _copied(kind: str, of: tuple[str, ...], make: Callable[[Folder], None], to: Path) -> Folder:
    whole = PLACE / f"{kind}-{_digest(of)}"
    with _alone(kind):
        if not whole.exists():
            _make(whole, make)
        os.utime(whole)
        _copy(whole, to)
    return Folder(to)


@contextlib.contextmanager
def _alone(kind: str) -> Iterator[None]:
    """Of all processes only this one makes, copies or clears away folders of this kind."""
    PLACE.mkdir(parents=True, exist_ok=True)
    with locks.exclusive(PLACE / f"{kind}.lock"):
        yield


def _make(whole: Path, make: Callable[[Folder], None]) -> None:
    """Make it where the database's own user may pass; it comes to its place when it is whole."""
    passable = Path(tempfile.mkdtemp(prefix="wayhome-prepared-"))
    passable.chmod(0o711)
    making = whole.with_name(f"{whole.name}.making")
    try:
        folder = Folder(passable / "data")
        make(folder)
        _forget_the_port(folder)
        shutil.rmtree(making, ignore_errors=True)
        _copy(folder.root, making)
        making.rename(whole)
    finally:
        shutil.rmtree(passable, ignore_errors=True)
    kind = whole.name.partition("-")[0]
    older = sorted(PLACE.glob(f"{kind}-*"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in older[KEPT:]:
        shutil.rmtree(path, ignore_errors=True)


def _forget_the_port(folder: Folder) -> None:
    """Copies run beside each other."""
    file = folder.keys / "database.json"
    kept = json.loads(file.read_text("utf-8"))
    for entry in kept.values():
        entry.pop("port", None)
    write_private(file, json.dumps(kept, indent=2).encode() + b"\n")


def _copy(one: Path, to: Path) -> None:
    """With all owners and rights: the cluster's files are its own user's."""
    subprocess.run(["cp", "-a", str(one), str(to)], check=True)


def _digest(patterns: tuple[str, ...]) -> str:
    files = sorted({path for pattern in patterns for path in ROOT.glob(pattern)})
    digest = hashlib.sha256(sys.version.encode())
    for path in files:
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def main() -> None:
    """Make all that the first tests would wait for."""
    with tempfile.TemporaryDirectory() as unused:
        hired(Path(unused) / "data")
    if not shutil.which(LIGHTEST):
        install_from_apt(LIGHTEST)
    find_browser()
    if not relay.program():
        install_from_apt("coturn")


if __name__ == "__main__":
    main()
