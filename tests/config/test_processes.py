"""The supervisor, in a process of its own, with kills and signals for real."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import psycopg
import pytest

from tests.prepared import COMMAND, migrated
from tests.prepared import environment as of_a_command
from wayhome.config.database import Database
from wayhome.config.folder import Folder
from wayhome.config.processes import FIRST_PAUSE_SECONDS, Child, Supervisor
from wayhome.lib.cluster import Cluster, free_port, is_alive

END_SECONDS = 10
READY_SECONDS = 120


@dataclass
class Service:
    folder: Folder
    port: int
    process: "subprocess.Popen[str]"

    def status(self) -> int:
        try:
            url = f"http://127.0.0.1:{self.port}/healthz"
            with urllib.request.urlopen(url, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            return 0

    def is_ready(self) -> bool:
        return self.status() == 200

    def child(self, name: str) -> int:
        """The pid of the web process or the worker."""
        found = subprocess.run(
            ["pgrep", "-P", str(self.process.pid), "-f", f"commands {name}"],
            capture_output=True,
            text=True,
        )
        return int(found.stdout.split()[0]) if found.stdout.split() else 0

    def database(self) -> int:
        return Cluster(self.folder.postgresql, self.folder.log / "postgresql.log").pid() or 0


def within(seconds: float, happens: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if happens():
            return True
        time.sleep(0.05)
    return False


def environment(folder: Folder) -> dict[str, str]:
    return of_a_command(folder) | {"PYTHONWARNINGS": "default"}


def begun(folder: Folder) -> Service:
    port = free_port()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=environment(folder),
    )
    return Service(folder, port, process)


def ended(service: Service, how: int = signal.SIGTERM) -> tuple[int, str]:
    with contextlib.suppress(ProcessLookupError):
        service.process.send_signal(how)
    said, _ = service.process.communicate(timeout=END_SECONDS)
    return service.process.returncode, said


@pytest.fixture(scope="module")
def folder(passable: Path) -> Folder:
    return migrated(passable / "served")


@contextlib.contextmanager
def served(folder: Folder) -> Iterator[Service]:
    running = begun(folder)
    assert within(READY_SECONDS, running.is_ready)
    yield running
    if running.process.poll() is None:
        ended(running)
    if running.process.stdout:
        running.process.stdout.close()


@pytest.fixture(scope="module")
def service(folder: Folder) -> Iterator[Service]:
    """A service for all tests that leave it running."""
    with served(folder) as running:
        yield running


@pytest.fixture(scope="module")
def passing_folder(passable: Path) -> Folder:
    return migrated(passable / "served-and-ended")


@pytest.fixture
def passing(passing_folder: Folder) -> Iterator[Service]:
    """A service for one test, which ends it."""
    with served(passing_folder) as running:
        yield running


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_in_order(passing, how):
    pids = [passing.child("web"), passing.child("worker"), passing.database()]
    assert all(pids)

    code, said = ended(passing, how)

    assert code == 0
    assert "Traceback" not in said
    assert not any(is_alive(pid) for pid in pids)
    assert not (passing.folder.postgresql / "postmaster.pid").exists()


@pytest.mark.slow
def test_a_second_start_on_the_same_folder_names_the_first(service):
    second = subprocess.run(
        [*COMMAND, "serve", "--port", str(free_port())],
        capture_output=True,
        text=True,
        env=environment(service.folder),
    )

    assert second.returncode == 3
    assert re.search(rf"in use by process {service.process.pid}$", second.stderr.strip())
    assert service.is_ready()


@pytest.mark.slow
@pytest.mark.parametrize("part", ["web", "worker", "database"])
def test_a_part_that_is_killed_comes_back(service, part):
    def running() -> int:
        return service.database() if part == "database" else service.child(part)

    killed = running()
    os.kill(killed, signal.SIGKILL)

    assert within(READY_SECONDS, lambda: running() not in (0, killed) and service.is_ready())


JOB = "INSERT INTO procrastinate_jobs (task_name, queue_name, args) VALUES (%s, %s, %s)"
STATUS = "SELECT status FROM procrastinate_jobs WHERE task_name = %s"
NOW = '{"timestamp": 0}'


@pytest.mark.slow
def test_a_scan_does_not_wait_for_a_long_comparison_of_names(service, folder):
    scan = folder.scans / "sheet.pdf"
    url = Database(folder, None).urls()["owner"]
    with psycopg.connect(url) as holding, psycopg.connect(url, autocommit=True) as eye:

        def status(task: str) -> list[str]:
            return [str(row[0]) for row in eye.execute(STATUS, [task])]

        holding.execute("LOCK TABLE enquiries_enquiry IN ACCESS EXCLUSIVE MODE")
        eye.execute(JOB, ["matches.compare_all", "default", NOW])
        assert within(READY_SECONDS, lambda: status("matches.compare_all") == ["doing"])

        scan.write_bytes(b"a file that nobody can open")
        os.utime(scan, (time.time() - 60,) * 2)  # quiet for long enough
        eye.execute(JOB, ["contact.take_scans", "letters", NOW])
        began = time.monotonic()
        assert within(READY_SECONDS, lambda: not scan.exists())

        print(f"taken in after {time.monotonic() - began:.1f} s, while names were compared")
        assert list((folder.scans / "not-opened").iterdir())
        assert status("matches.compare_all") == ["doing"]


@pytest.mark.slow
def test_nothing_outlives_a_killed_supervisor_and_the_next_start_recovers(passing, passing_folder):
    pids = [passing.child("web"), passing.child("worker"), passing.database()]
    passing.process.kill()
    passing.process.wait()

    again = begun(passing_folder)
    try:
        assert within(READY_SECONDS, again.is_ready)
        assert not any(pid in (again.child("web"), again.database()) for pid in pids)
    finally:
        code, _ = ended(again)
    assert code == 0
    assert within(END_SECONDS, lambda: not any(is_alive(pid) for pid in pids))


@pytest.mark.slow
def test_it_serves_this_computer_only(service):
    listening = Path("/proc/net/tcp").read_text().splitlines()[1:]
    here = [line.split()[1] for line in listening if line.split()[3] == "0A"]

    assert f"0100007F:{service.port:04X}" in here
    assert f"00000000:{service.port:04X}" not in here


@pytest.mark.slow
def test_a_taken_port_is_told_in_one_line(passing_folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = subprocess.run(
            [*COMMAND, "serve", "--port", str(port)],
            capture_output=True,
            text=True,
            env=environment(passing_folder),
        )

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(port) in done.stderr


@pytest.mark.slow
def test_the_log_of_visits_holds_no_query_and_no_unknown_path(service):
    for path in ("/healthz?name=Secret", "/Secret/of/nobody"):
        with contextlib.suppress(urllib.error.HTTPError):
            urllib.request.urlopen(f"http://127.0.0.1:{service.port}{path}", timeout=10).close()

    log = service.folder.log / "web.log"
    assert within(READY_SECONDS, lambda: "GET - 404" in log.read_text())
    visits = [line for line in log.read_text().splitlines() if "wayhome.access" in line]
    assert any("GET /healthz 200" in visit for visit in visits)
    assert "Secret" not in log.read_text()
    assert not any("127.0.0.1" in visit for visit in visits)


def test_a_demo_is_refused_in_a_live_folder(tmp_path):
    Folder(tmp_path).create("live")

    done = subprocess.run(
        [*COMMAND, "demo"], capture_output=True, text=True, env=environment(Folder(tmp_path))
    )

    assert done.returncode == 1
    assert "was made as a live folder" in done.stderr
    assert json.loads((tmp_path / "folder.json").read_text())["kind"] == "live"


def test_a_child_that_cannot_be_started_now_ends_nothing_else_and_is_started_later(tmp_path):
    """There may be no memory for it, or no room for its file."""
    told, begun = [], []

    def begin() -> "subprocess.Popen[bytes]":
        begun.append(child.began)
        return subprocess.Popen([str(tmp_path / "program")])

    child = Child("relay", begin)
    supervisor = Supervisor(Folder(tmp_path), 0, told.append)
    supervisor._see_to(child)
    supervisor._see_to(child)
    (tmp_path / "program").symlink_to("/bin/true")
    child.began -= FIRST_PAUSE_SECONDS
    supervisor._see_to(child)

    assert len(told) == 1
    assert told[0].startswith("relay cannot be started now: ")
    assert len(begun) == 2
    assert child.process.wait() == 0


def test_a_child_that_falls_again_and_again_is_started_more_and_more_rarely():
    begun_at: list[float] = []

    def begin() -> "subprocess.Popen[bytes]":
        begun_at.append(now)
        process = subprocess.Popen(["false"])
        process.wait()
        return process

    child = Child("web", begin)
    for tenth in range(300):
        now = 1000 + tenth / 10
        child.see_to(now)

    pauses = [after - before for before, after in pairwise(begun_at)]
    assert 4 < len(begun_at) < 10
    assert pauses == sorted(pauses)
