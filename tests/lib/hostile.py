"""Functions that misbehave, to be run inside the sandbox."""

import os
import socket
import subprocess
import time


def hold_memory(content: bytes) -> int:
    return len(b"x" * 4_000_000_000) + len(content)


def loop(content: bytes) -> None:
    while True:
        pass


def sleep(content: bytes) -> None:
    time.sleep(60)


def crash(content: bytes) -> None:
    os.abort()


def complain(content: bytes) -> None:
    raise ValueError(content.decode())


def tell(content: bytes, **kwargs: object) -> dict[str, object]:
    return {"content": content.decode(), "environment": sorted(os.environ), **kwargs}


def give_bytes(content: bytes) -> bytes:
    return content[::-1]


def print_much(content: bytes) -> str:
    print("not JSON")
    return "done"


def reach_out(content: bytes) -> list[str]:
    """Which ways out are shut."""
    return [name for name in ("socket", "kernel", "process", "fork") if _shut(name)]


def _shut(name: str) -> bool:
    ways = {"socket": socket.socket, "kernel": _kernel, "process": _process, "fork": os.fork}
    try:
        ways[name]()
    except OSError:
        return True
    return False


def _kernel() -> None:
    """As a library in C would: past Python's audit hook."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    if libc.socket(2, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "socket")


def _process() -> None:
    subprocess.run(["/bin/true"], check=False)


def interfaces(content: bytes) -> list[str]:
    with open("/proc/self/net/dev") as told:
        return [line.split(":")[0].strip() for line in told if ":" in line]


def write_much(content: bytes, *, path: str) -> None:
    with open(path, "wb") as out:
        for _ in range(300):
            out.write(b"x" * 1_000_000)
