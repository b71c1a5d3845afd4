"""The foreground supervisor: database, web, worker and relay of one data folder, and their end."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO, Never

from wayhome.config import relay
from wayhome.config.database import Database, DatabaseError, Process
from wayhome.config.folder import Folder
from wayhome.lib import locks
from wayhome.lib.death import dying_with_me

HOST = "127.0.0.1"
WAITING_CONNECTIONS = 512
WATCH_SECONDS = 0.2
# All have ended within 10 s: children, then the database (lib/cluster.py).
CHILDREN_END_SECONDS = 4
DATABASE_PAUSE_SECONDS = 1.0
STEP_TRIES = 10
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 30.0  # who has lived so long may be restarted at once again
LARGEST_LOG_BYTES = 20_000_000
# sysexits.h has no better one for "somebody else has it": docs/guides/running.md
EXIT_IN_USE = 3


class CannotRun(Exception):
    """The supervisor cannot start or go on; the text says why."""

    def __init__(self, reason: str, exit_code: int = 1) -> None:
        self.exit_code = exit_code
        super().__init__(reason)


class EndAsked(Exception):
    """SIGTERM or SIGINT came."""


@dataclass
class Child:
    """One process that is kept running."""

    name: str
    begin: Callable[[], "subprocess.Popen[bytes]"]
    process: "subprocess.Popen[bytes] | None" = None
    began: float = 0.0
    pause_seconds: float = 0.0

    def see_to(self, now: float) -> None:
        """Start it if it does not run and its pause is over; pauses grow while it falls."""
        if self.process is not None and self.process.poll() is None:
            return
        if self.process is not None and now - self.began > STEADY_SECONDS:
            self.pause_seconds = 0.0
        if now < self.began + self.pause_seconds:
            return
        doubled = max(FIRST_PAUSE_SECONDS, self.pause_seconds * 2)
        self.began, self.pause_seconds = now, min(doubled, LONGEST_PAUSE_SECONDS)
        self.process = self.begin()


@dataclass
class Supervisor:
    """Runs everything that one data folder needs, until it is asked to end."""

    folder: Folder
    port: int
    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    step: "subprocess.Popen[bytes] | None" = None
    database_restarts: int = 0

    def run(self) -> None:
        """Start, watch and end it all. Raises CannotRun; returns when it was asked to end."""
        with (
            self._alone(),
            listening(self.port) as door,
            self.database.in_use(),
            ended_by_signals(),
        ):
            try:
                self._start(door)
                while True:
                    self._watch()
            except EndAsked:
                self.say("Ending …")
            finally:
                ignore_signals()
                self._end()

    @property
    def database(self) -> Database:
        """The database of the folder."""
        return Database.of(self.folder)

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with locks.exclusive_or_refused(self.folder.root / "lock"):
                yield
        except locks.Locked as locked:
            reason = f"{self.folder.root} is in use by process {locked.by}"
            raise CannotRun(reason, EXIT_IN_USE) from None

    def _start(self, door: socket.socket) -> None:
        self._opened.unlink(missing_ok=True)
        self._start_database()
        for number in range(1, web_processes() + 1):
            name = "web" if number == 1 else f"web-{number}"
            self._keep(Child(name, lambda name=name: self._begin_web(name, door)))  # type: ignore[misc]
        self._do("migrate")
        self._opened.touch(mode=0o600)
        if self.folder.is_demo and not self.folder.is_prepared:
            self._do("prepare-demo")
        # After it, since preparing does the worker's first work itself, and sooner.
        self._keep(Child("worker", lambda: self._begin("worker", "worker", "worker")))
        self._keep_relay()
        self._tell_that_ready()

    def _keep_relay(self) -> None:
        """Run the relay of calls, if there is one: without it no call can be held."""
        relay.state_file(self.folder).unlink(missing_ok=True)
        if why := relay.why_none():
            self.say(f"No video call can be held. {why}")
            return
        self._keep(Child("relay", self._begin_relay))

    def _begin_relay(self) -> "subprocess.Popen[bytes]":
        with opened_log(self.folder.log / "relay.log") as log:
            return relay.begin(self.folder, log)

    def _tell_that_ready(self) -> None:
        self.say(f"Wayhome is ready: http://localhost:{self.port}/")
        if self.folder.is_demo:
            self._do("log-ins")
        self.say("Ctrl-C ends it.")

    def _start_database(self) -> None:
        try:
            self.database.start(die_with_me=True)
        except DatabaseError as error:
            raise CannotRun(str(error)) from error
        for warning in self.database.warnings():
            self.say(f"Warning: {warning}")

    def _restart_database(self) -> None:
        """Start a database that was killed, again and again if need be."""
        self.say("The database has ended. It is started again.")
        self.database_restarts += 1
        before = self.database.urls()
        try:
            self.database.start(die_with_me=True)
        except DatabaseError as error:
            self.say(str(error))
            time.sleep(DATABASE_PAUSE_SECONDS)
        if self.database.urls() != before:  # its port was taken meanwhile
            end_all(self._processes())

    def _keep(self, child: Child) -> None:
        self.children.append(child)
        child.see_to(time.monotonic())

    def _watch(self) -> None:
        """One look at everything that must run."""
        if not self.database.is_running():
            self._restart_database()
        for child in self.children:
            self._see_to(child)
        time.sleep(WATCH_SECONDS)

    def _see_to(self, child: Child) -> None:
        """Keep it running; where there is no memory or room to start it, there may be again."""
        try:
            child.see_to(time.monotonic())
        except OSError as error:
            self.say(f"{child.name} cannot be started now: {error.strerror}")

    def _do(self, command: str) -> None:
        """Run one of our commands as the owner to its end, while the rest is kept running.

        Each may be begun again: if it, or the database under it, was killed, it is.
        """
        for _ in range(STEP_TRIES):
            restarts = self.database_restarts
            self.step = self._launch("owner", [command], None, None)
            while self.step.poll() is None:
                self._watch()
            if self.step.returncode == 0:
                return
            if self.step.returncode > 0 and restarts == self.database_restarts:
                break  # it ended by itself: a further try would end so too
        raise CannotRun(f"`wayhome {command}` has failed")

    def _begin_web(self, name: str, door: socket.socket) -> "subprocess.Popen[bytes]":
        return self._begin("web", name, "web", "--handle", str(door.fileno()), door=door)

    def _begin(
        self, process: Process, name: str, *command: str, door: socket.socket | None = None
    ) -> "subprocess.Popen[bytes]":
        with opened_log(self.folder.log / f"{name}.log") as log:
            return self._launch(process, list(command), log, door)

    def _launch(
        self,
        process: Process,
        command: list[str],
        log: IO[bytes] | None,
        door: socket.socket | None,
    ) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "wayhome.config.commands", *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=os.environ | self.database.environment(process),
            pass_fds=[door.fileno()] if door else [],
            # Ctrl-C is for us alone; we tell them in our order.
            start_new_session=True,
            preexec_fn=dying_with_me(),
        )

    def _end(self) -> None:
        self._opened.unlink(missing_ok=True)
        relay.state_file(self.folder).unlink(missing_ok=True)
        end_all(self._processes())
        self.database.stop()

    def _processes(self) -> "list[subprocess.Popen[bytes]]":
        possible = [self.step, *(child.process for child in self.children)]
        return [one for one in possible if one is not None and one.poll() is None]

    @property
    def _opened(self) -> Path:
        return self.folder.tmp / "open"


def end_all(processes: "list[subprocess.Popen[bytes]]") -> None:
    """Ask processes to end, and after CHILDREN_END_SECONDS make them."""
    for process in processes:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    until = time.monotonic() + CHILDREN_END_SECONDS
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def web_processes() -> int:
    """How many processes serve pages; one is enough for two cores."""
    wanted = os.environ.get("WAYHOME_WEB_PROCESSES", "1")
    if not wanted.isdigit() or int(wanted) < 1:
        raise CannotRun("WAYHOME_WEB_PROCESSES must be a number from 1 on", 2)
    return int(wanted)


@contextlib.contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on this computer only. Raises CannotRun if the port is taken.

    It is ours and not the web process's, so that callers wait while that is restarted.
    """
    with socket.socket() as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((HOST, port))
        except OSError:
            reason = f"Port {port} is taken by another program: choose one with --port"
            raise CannotRun(reason) from None
        door.listen(WAITING_CONNECTIONS)
        yield door


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Turn the first SIGTERM, SIGINT or SIGHUP into EndAsked."""
    before = {one: signal.getsignal(one) for one in ENDING_SIGNALS}
    for number, handler in before.items():
        if number != signal.SIGHUP or handler != signal.SIG_IGN:  # nohup ignores it for us
            signal.signal(number, ask_to_end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


ENDING_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def ask_to_end(number: int, frame: FrameType | None) -> Never:
    """What the first such signal does; further ones do nothing."""
    ignore_signals()
    raise EndAsked


def ignore_signals() -> None:
    """Let nothing disturb an orderly end."""
    for number in ENDING_SIGNALS:
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def opened_log(path: Path) -> Iterator[IO[bytes]]:
    """A log to add to; one that has grown large is put aside as `.1` first."""
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_name(f"{path.name}.1"))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(handle, "ab") as log:
        yield log
