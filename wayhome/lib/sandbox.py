"""Run a function on a file nobody vouches for, in a process of its own.

The process has bounds of time, memory, files and processes, an environment without secrets, and
no network: a network namespace of its own where the kernel allows one, and in any case a filter
on system calls (seccomp) and an audit hook that refuse sockets and further processes.
"""

import base64
import ctypes
import importlib
import json
import os
import platform
import resource
import signal
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parents[2]
LARGEST_RESULT = 256 * 1024 * 1024
OPEN_FILES = 64
_START = (
    "import sys; sys.path.append(sys.argv[1]); from wayhome.lib import sandbox; sandbox.child()"
)
_CLEAN = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
_NEW_NETWORK, _NEW_USER = 0x40000000, 0x10000000
_DIES_WITH_PARENT, _NO_NEW_RIGHTS, _SECCOMP = 1, 38, 22
# By machine: its audit number, and socket, socketpair, connect, fork, vfork, execve, execveat,
# io_uring_setup, ptrace. `clone` stays: a thread is no danger, and RLIMIT_NPROC bounds the rest.
_CALLS = {
    "x86_64": (0xC000003E, (41, 53, 42, 57, 58, 59, 322, 425, 101)),
    "aarch64": (0xC00000B7, (198, 199, 203, 221, 281, 425, 117)),
}
_REFUSED_EVENTS = ("socket.", "subprocess.", "os.fork", "os.exec", "os.posix_spawn", "os.system")


class FailureKind(StrEnum):
    """Why nothing came back."""

    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    UNREADABLE = "unreadable"
    CRASHED = "crashed"


class SandboxFailure(Exception):
    """The function did not finish. Holds no word of the file."""

    def __init__(self, kind: FailureKind) -> None:
        self.kind = kind
        super().__init__(str(kind))


def run_sandboxed(
    function_path: str, file: Path | bytes, *, seconds: int, memory_bytes: int, **kwargs_json: Any
) -> Any:
    """Call `package.module.function(content, **kwargs_json)` in a process of its own.

    `content` is the file's bytes; the result is JSON, or bytes. A ValueError, KeyError or the
    like of the function is "unreadable". Raises SandboxFailure.
    """
    job = json.dumps([function_path, seconds, memory_bytes, kwargs_json]).encode()
    with _as_file(file) as content, _as_file(job) as task, _as_file(b"") as result:
        ended = _run(content, task, result, seconds)
        result.seek(0)
        return _result(ended, result)


def _run(content: IO[bytes], task: IO[bytes], result: IO[bytes], seconds: int) -> int:
    process = subprocess.Popen(
        [sys.executable, "-I", "-c", _START, str(ROOT), str(task.fileno())],
        stdin=content, stdout=result, stderr=subprocess.DEVNULL, cwd="/", env=_CLEAN,
        pass_fds=(task.fileno(),), start_new_session=True,
    )  # fmt: skip
    try:
        return process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise SandboxFailure(FailureKind.TOO_SLOW) from None
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _result(ended: int, result: IO[bytes]) -> Any:
    if ended == -signal.SIGXCPU:
        raise SandboxFailure(FailureKind.TOO_SLOW)
    if ended in (-signal.SIGKILL, -signal.SIGXFSZ):  # ours in time is told above: out of memory
        raise SandboxFailure(FailureKind.TOO_LARGE)
    try:
        kind, value = json.load(result)
    except (ValueError, TypeError):
        raise SandboxFailure(FailureKind.CRASHED) from None
    if kind == "bytes":
        return base64.b64decode(value)
    if kind != "json":
        raise SandboxFailure(FailureKind(value))
    return value


@contextmanager
def _as_file(content: Path | bytes) -> Iterator[IO[bytes]]:
    """Bytes as a file in memory: what people sent us is not left on a disk in the clear."""
    if isinstance(content, Path):
        with content.open("rb") as opened:
            yield opened
        return
    with _in_memory() as opened:
        opened.write(content)
        opened.flush()
        opened.seek(0)
        yield opened


def _in_memory() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("sandbox"), "w+b")
    return tempfile.TemporaryFile()


# What follows runs in the process of its own.


def child() -> None:
    """Shut the doors, do the job that the parent wrote, and write its result."""
    with open(int(sys.argv[2]), "rb") as task:
        function_path, seconds, memory_bytes, kwargs = json.load(task)
    result = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no result
    namespace = shut_network()
    bound(seconds, memory_bytes)
    answer = _answer(function_path, kwargs, namespace)
    with open(result, "wb") as out:
        out.write(answer)


def _answer(function_path: str, kwargs: dict[str, Any], namespace: list[str]) -> bytes:
    try:
        module, _, name = function_path.rpartition(".")
        function = getattr(importlib.import_module(module), name)
        protections = namespace + shut_calls()
        if kwargs.pop("tell_protections", False):
            kwargs["protections"] = protections
        value = function(sys.stdin.buffer.read(), **kwargs)
        if isinstance(value, bytes):
            return json.dumps(["bytes", base64.b64encode(value).decode()]).encode()
        return json.dumps(["json", value]).encode()
    except MemoryError:
        kind = FailureKind.TOO_LARGE
    except (ValueError, LookupError, EOFError, RecursionError):
        kind = FailureKind.UNREADABLE
    except BaseException:  # a library's panic may derive from this alone
        kind = FailureKind.CRASHED
    return json.dumps(["failure", kind]).encode()


def shut_network() -> list[str]:
    """Leave the host's network, where the kernel allows it. Returns what worked."""
    libc = ctypes.CDLL(None, use_errno=True)
    with suppress(AttributeError):
        libc.prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
        if libc.unshare(_NEW_NETWORK | _NEW_USER) == 0:
            return ["namespace"]
    return []


def bound(seconds: int, memory_bytes: int) -> None:
    """Bound time, memory, files and processes."""
    limits = {
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_FSIZE: LARGEST_RESULT,
        resource.RLIMIT_NOFILE: OPEN_FILES,
        resource.RLIMIT_NPROC: 1,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        resource.setrlimit(limit, (value, value))


def shut_calls() -> list[str]:
    """Refuse sockets and processes: in Python by an audit hook, in the kernel by seccomp.

    Returns what worked.
    """
    sys.addaudithook(_refuse)
    return ["audit hook", "seccomp"] if _filter_calls() else ["audit hook"]


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(_REFUSED_EVENTS):
        raise PermissionError(event)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _filter_calls() -> bool:
    """Have the kernel answer "not permitted" to _CALLS. False where it cannot."""
    if platform.machine() not in _CALLS or sys.platform != "linux":
        return False
    machine, calls = _CALLS[platform.machine()]
    refuse, allow, load, equal, at_least = 0x00050001, 0x7FFF0000, 0x20, 0x15, 0x35
    steps = [(load, 0, 0, 4), (equal, 0, len(calls) + 3, machine), (load, 0, 0, 0)]
    # 0x40000000 and above: the x32 calls, which would go around the list.
    steps += [(at_least, len(calls) + 1, 0, 0x40000000)]
    steps += [(equal, len(calls) - place, 0, call) for place, call in enumerate(calls)]
    steps += [(0x06, 0, 0, allow), (0x06, 0, 0, refuse)]
    packed = b"".join(struct.pack("HBBI", *step) for step in steps)
    program = _Program(len(steps), packed)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0)
    return bool(libc.prctl(_SECCOMP, 2, ctypes.byref(program), 0, 0) == 0)
