"""The data folder: everything of one installation that is not the program itself."""

import json
import os
import secrets
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, cast

Kind = Literal["demo", "live"]
KINDS: tuple[Kind, ...] = ("demo", "live")
MASTER_KEY = "master.key"
MASTER_KEY_BYTES = 32  # AES-256, bureau/persons/vault.py
PRIVATE_DIRECTORY = 0o700
PRIVATE_FILE = 0o600
# The database runs as a user of its own under root: it may pass through, and list nothing.
PASSABLE_DIRECTORY = 0o711
# What a demo holds (config/demo): one more whenever a step is added, so that older ones get it.
DEMO_EDITION = 5


class FolderError(Exception):
    """The data folder is missing, broken, or of another kind than asked for."""


@dataclass(frozen=True)
class Folder:
    """One data folder, and where each kind of data lies in it."""

    root: Path

    @classmethod
    def current(cls) -> "Folder":
        """The folder of this process: WAYHOME_DATA_DIR, or ./data."""
        return cls(Path(os.environ.get("WAYHOME_DATA_DIR") or "data").absolute())

    @property
    def postgresql(self) -> Path:
        """The embedded database, or a link to it."""
        return self.root / "postgresql"

    @property
    def media(self) -> Path:
        """Uploads and sealed acts, encrypted."""
        return self._movable("media")

    @property
    def log(self) -> Path:
        """Logs: numbers and ids, never names."""
        return self._movable("log")

    @property
    def tmp(self) -> Path:
        """What may be deleted whenever nothing runs."""
        return self._movable("tmp")

    @property
    def queue(self) -> Path:
        """Files on their way in or out."""
        return self._movable("queue")

    @property
    def scans(self) -> Path:
        """Where scanners put pictures of letters written by hand; taken in, they leave it."""
        return self._movable("scans")

    @property
    def mail(self) -> Path:
        """The spool of messages to be sent."""
        return self._movable("mail")

    @property
    def index(self) -> Path:
        """Indexes of names, made of the database: may be deleted, never copied elsewhere."""
        return self._movable("index")

    @property
    def keys(self) -> Path:
        """Keys and passwords: never in a backup of the rest."""
        return self._movable("keys")

    @property
    def is_made(self) -> bool:
        """Whether create() has finished here."""
        return self._description.exists()

    @property
    def is_demo(self) -> bool:
        """Whether every person in here is invented: fixed when the folder was made."""
        return self.is_made and self.kind == "demo"

    @property
    def kind(self) -> Kind:
        """What this folder was made for. Raises FolderError if it does not say."""
        try:
            kind = json.loads(self._description.read_text("utf-8"))["kind"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise FolderError(f"{self._description} cannot be read") from error
        if kind not in KINDS:
            raise FolderError(f"{self._description} names no kind of folder that is known")
        return cast(Kind, kind)

    @property
    def is_prepared(self) -> bool:
        """Whether a demo holds all that one of this version does, imported and matched."""
        edition = self.prepared().get("edition", 0)
        return isinstance(edition, int) and edition >= DEMO_EDITION

    def prepared(self) -> dict[str, Any]:
        """What was noted when a demo was prepared: its edition, and what was measured."""
        try:
            noted = json.loads((self.root / "prepared.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return noted if isinstance(noted, dict) else {}

    def mark_prepared(self, facts: dict[str, Any]) -> None:
        """Note that the demo's data are there, and what was measured while they came."""
        noted = {"edition": DEMO_EDITION, "version": program_version(), **facts}
        write_private(self.root / "prepared.json", json.dumps(noted, indent=2).encode() + b"\n")

    def create(self, kind: Kind) -> None:
        """Make the folder and its keys, or complete one begun before. Keeps what is there.

        Raises FolderError if the folder was made for another kind, which cannot be changed, or if
        its master key is gone.
        """
        if self.is_made and self.kind != kind:
            raise FolderError(f"{self.root} was made as a {self.kind} folder and stays one")
        if self.is_made and not (self.keys / MASTER_KEY).exists():
            # Never a new one in its place: what is stored could not be read again.
            raise FolderError(f"{self.keys / MASTER_KEY} is missing: put it back from your copy")
        self._make_directories()
        write_once(self.keys / MASTER_KEY, secrets.token_bytes(MASTER_KEY_BYTES))
        write_once(self.keys / "django-secret", secrets.token_urlsafe(50).encode())
        # Last: a folder that says what it is, is complete.
        write_once(self._description, json.dumps(describe(kind), indent=2).encode() + b"\n")

    def master_key(self) -> bytes:
        """The key that wraps every person's key. Raises FolderError if it is not there."""
        return self._read_key(MASTER_KEY)

    def django_secret(self) -> str:
        """Django's SECRET_KEY; without a made folder one that ends with this process."""
        if not (self.keys / "django-secret").exists():
            return secrets.token_urlsafe(50)
        return self._read_key("django-secret").decode("ascii")

    def keep_key(self, name: str, fresh: bytes) -> None:
        """Keep a new key under this name, unless one is there."""
        write_once(self.keys / name, fresh)

    def faults(self) -> list[tuple[str, str]]:
        """What is wrong with the folder, and what mends it, one sentence each."""
        if not self.is_made:
            return [(f"{self.root} is not a data folder yet.", "Start `wayhome serve` or `demo`.")]
        needed = (*self._directories(), self.keys / MASTER_KEY, self.keys / "django-secret")
        missing = [path for path in needed if not path.exists()]
        return [*map(self._missing, missing), *map(_open_to_others, self._open_to_others())]

    def _missing(self, path: Path) -> tuple[str, str]:
        if path.parent == self.keys:
            return f"{path} is missing.", f"Put it back from your copy of the keys: {path}."
        return f"{path} is missing.", f"Restore it from a backup, or: mkdir -m 700 {path}"

    def _open_to_others(self) -> list[Path]:
        others = stat.S_IRWXG | stat.S_IRWXO
        private = [
            path for kept in (self.keys, self.index) for path in (kept, *sorted(kept.rglob("*")))
        ]
        return [path for path in private if path.exists() and path.stat().st_mode & others]

    @property
    def _description(self) -> Path:
        return self.root / "folder.json"

    def _movable(self, name: str) -> Path:
        moved_to = os.environ.get(f"WAYHOME_{name.upper()}_DIR")
        return Path(moved_to).absolute() if moved_to else self.root / name

    def _directories(self) -> tuple[Path, ...]:
        return (
            self.media,
            self.log,
            self.tmp,
            self.queue,
            self.scans,
            self.mail,
            self.index,
            self.keys,
        )

    def _make_directories(self) -> None:
        mode = PASSABLE_DIRECTORY if os.geteuid() == 0 else PRIVATE_DIRECTORY
        if not self.root.exists():
            self.root.mkdir(parents=True)
            self.root.chmod(mode)
        for path in self._directories():
            if not path.exists():
                path.mkdir(parents=True)
                path.chmod(PRIVATE_DIRECTORY)

    def _read_key(self, name: str) -> bytes:
        try:
            return (self.keys / name).read_bytes()
        except OSError as error:
            raise FolderError(f"The key {self.keys / name} cannot be read") from error


def _open_to_others(path: Path) -> tuple[str, str]:
    mode = "700" if path.is_dir() else "600"
    return f"{path} can be read by other users of this computer.", f"chmod {mode} {path}"


def describe(kind: Kind) -> dict[str, str]:
    """What folder.json says of a folder made now."""
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    return {"kind": kind, "made_at": made_at, "version": program_version()}


def program_version() -> str:
    """The version of Wayhome that runs."""
    try:
        return version("wayhome")
    except PackageNotFoundError:
        return "unknown"


def write_once(path: Path, content: bytes) -> None:
    """Write a private file, whole or not at all; leave one that is there as it is."""
    if path.exists():
        return
    beside = _written_beside(path, content)
    try:
        path.hardlink_to(beside)  # unlike a rename, it never replaces what another has written
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def write_private(path: Path, content: bytes) -> None:
    """Write or replace a file that only its owner may read, whole or not at all."""
    _written_beside(path, content).replace(path)


def _written_beside(path: Path, content: bytes) -> Path:
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE)
    with open(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return beside
