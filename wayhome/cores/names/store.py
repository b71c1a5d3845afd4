"""An index in a folder: parts that never change, a log of what came since, and what of it counts.

CURRENT names the parts, the rows taken out of each, and the log; it is replaced in one step, so
that whoever reads always finds whole files. The log is only ever added to: each entry has its
length and a checksum, and an entry that a killed process left half written is cut off by the next
writer. Writers take turns by a lock that the kernel releases however a process ends.
"""

import contextlib
import fcntl
import hashlib
import json
import mmap
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

import numpy as np

from .part import Arrays, Part

MAGIC = b"WHNAMES1"
ALIGNED = 64
HEAD = 8  # bytes before each entry of a log: its length and checksum
LONGEST_ENTRY = 1 << 24
TRIES = 20  # to read CURRENT while others replace it


class NoIndex(FileNotFoundError):
    """A folder holds no index, or one that another version of the program made: build it anew."""


@dataclass(frozen=True, slots=True)
class Current:
    """What counts in the folder."""

    made_by: str
    number: int
    parts: tuple[str, ...] = ()
    gone: tuple[tuple[int, ...], ...] = ()  # rows taken out of each part
    log: str = ""


class Store:
    """The files of one folder. Nothing is cached here but where the log was read to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._current = folder / "CURRENT"
        self._stamped = str(self._current)  # it is looked at before every question

    # Who writes --------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one who writes; wait for whoever does."""
        handle = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def publish(self, before: Current, parts: Sequence[tuple[str, Sequence[int]]]) -> None:
        """Make these parts count, with an empty log, and delete what counts no more."""
        number = before.number + 1
        log = f"log-{number:06d}"
        _created(self.folder / log).close()
        gone = tuple(tuple(sorted(rows)) for _, rows in parts)
        current = Current(fingerprint(), number, tuple(name for name, _ in parts), gone, log)
        put(self._current, json.dumps(asdict(current)).encode())
        kept = {*current.parts, log}
        for path in self.folder.iterdir():
            if path.name.startswith(("part-", "log-")) and path.name not in kept:
                path.unlink(missing_ok=True)

    def write_part(self, arrays: Arrays, number: int) -> str:
        """Write a part's arrays into a file of their own; its name."""
        name = f"part-{number:06d}"
        _write_arrays(self.folder / name, arrays)
        return name

    def append(self, log: str, entries: Sequence[Any], read_to: int) -> int:
        """Add entries after what is whole in the log; its new length."""
        data = b"".join(map(_entry, entries))
        handle = os.open(self.folder / log, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(handle).st_size > read_to:
                os.ftruncate(handle, read_to)
            written = os.pwrite(handle, data, read_to)
            if written != len(data):
                os.ftruncate(handle, read_to)
                raise OSError(f"{log}: no room for {len(data)} bytes")
        finally:
            os.close(handle)
        return read_to + len(data)

    # Who reads ---------------------------------------------------------------------------------

    def stamp(self) -> tuple[int, int]:
        """What changes whenever CURRENT is replaced. Raises NoIndex."""
        try:
            found = os.stat(self._stamped)
        except OSError:
            raise NoIndex(f"{self.folder} holds no index") from None
        return found.st_ino, found.st_mtime_ns

    def current(self) -> Current:
        """What counts now. Raises NoIndex."""
        try:
            found = json.loads(self._current.read_bytes())
            gone = tuple(tuple(rows) for rows in found.pop("gone"))
            current = Current(**found, gone=gone)
        except (OSError, ValueError, TypeError, AttributeError, KeyError):
            raise NoIndex(f"{self.folder} holds no index") from None
        if current.made_by != fingerprint():
            raise NoIndex(f"{self.folder} holds the index of another version")
        return replace(current, parts=tuple(current.parts))

    def open_part(self, name: str) -> Part:
        """A part, memory-mapped. Raises NoIndex if its file is not there or not whole."""
        try:
            return Part(_read_arrays(self.folder / name))
        except (OSError, ValueError, KeyError, TypeError):
            raise NoIndex(f"{self.folder}: {name} cannot be read") from None

    def log_size(self, log: str) -> int:
        try:
            return os.stat(f"{self.folder}/{log}").st_size
        except OSError:
            return 0

    def entries(self, log: str, start: int) -> tuple[list[Any], int]:
        """Whole entries of the log from a place on, and where they end."""
        with (self.folder / log).open("rb") as file:
            file.seek(start)
            data = file.read()
        found, at = [], 0
        while at + HEAD <= len(data):
            length = int.from_bytes(data[at : at + 4], "little")
            payload = data[at + HEAD : at + HEAD + length]
            check = int.from_bytes(data[at + 4 : at + HEAD], "little")
            if length > LONGEST_ENTRY or len(payload) < length or zlib.crc32(payload) != check:
                break
            found.append(json.loads(payload))
            at += HEAD + length
        return found, start + at

    def size(self) -> int:
        """Bytes of all files."""
        return sum(x.stat().st_size for x in self.folder.iterdir() if x.is_file())


# What decides how names are read and how files are laid out; other code may change.
READING = (
    "dates", "forms", "given_names", "letters", "likely", "marks", "persons", "places", "spelling",
)  # fmt: skip
LAID_OUT = ("arranging", "columns", "ids", "near_dates", "near_numbers", "part", "records", "topk")


@cache
def fingerprint() -> str:
    """Changes whenever the program may read names otherwise, or lay out files otherwise."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parent.iterdir()):
        if path.stem in (*READING, *LAID_OUT) and path.suffix in (".py", ".npz", ".txt"):
            found.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:16]


def _entry(value: Any) -> bytes:
    data = json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode()
    return len(data).to_bytes(4, "little") + zlib.crc32(data).to_bytes(4, "little") + data


def _created(path: Path) -> IO[bytes]:
    """An empty file that nobody else may read."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC
    return open(os.open(path, flags, 0o600), "wb")


def put(path: Path, data: bytes) -> None:
    """Replace a file in one step."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.new")
    with _created(beside) as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _write_arrays(path: Path, arrays: Arrays) -> None:
    head: dict[str, tuple[str, list[int], int]] = {}
    at = 0
    for name, array in arrays.items():
        head[name] = array.dtype.str, list(array.shape), at
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    text = json.dumps(head).encode()
    start = -(-(len(MAGIC) + 4 + len(text)) // ALIGNED) * ALIGNED
    beside = path.with_name(f"{path.name}.new")
    with _created(beside) as file:
        file.write(MAGIC + len(text).to_bytes(4, "little") + text)
        for name, array in arrays.items():
            file.seek(start + head[name][2])
            file.write(np.ascontiguousarray(array).data)
        file.truncate(start + at)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def _read_arrays(path: Path) -> Arrays:
    with path.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if data[: len(MAGIC)] != MAGIC:
        raise ValueError(f"{path.name}: not a part of an index")
    size = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 4], "little")
    head = json.loads(data[len(MAGIC) + 4 : len(MAGIC) + 4 + size])
    start = -(-(len(MAGIC) + 4 + size) // ALIGNED) * ALIGNED
    arrays: Arrays = {}
    for name, (dtype, shape, at) in head.items():
        count = int(np.prod(shape))
        array = np.frombuffer(data, dtype, count, start + at) if count else np.empty(0, dtype)
        arrays[name] = array.reshape(shape)
    return arrays
