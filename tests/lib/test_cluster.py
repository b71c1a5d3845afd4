"""A PostgreSQL of our own, made, started, killed and started again, for real."""

import os
import shutil
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from wayhome.lib import cluster as module
from wayhome.lib.cluster import ADMINISTRATOR, HOST, Cluster, free_port
from wayhome.lib.service_user import ServiceUser

pytestmark = pytest.mark.slow
PASSWORD = "a password of the test"
NOBODY = ServiceUser("nobody", 65534, 65534)


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder that the database's own user can pass through, as /tmp is."""
    root = Path("/tmp") / f"wayhome-cluster-{os.getpid()}-{tmp_path_factory.mktemp('x').name}"
    root.mkdir(mode=0o711)
    root.chmod(0o711)
    yield root
    shutil.rmtree(root)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    made = Cluster(place / "postgresql", place / "log")
    made.make(password=PASSWORD)
    yield made
    made.stop()


def ask(port: int, question: str, password: str = PASSWORD) -> object:
    url = f"postgresql://{ADMINISTRATOR}@{HOST}:{port}/postgres"
    with psycopg.connect(url, password=password) as connection:
        row = connection.execute(question).fetchone()
        return row[0] if row else None


def test_it_compares_cyrillic_names(cluster):
    port = cluster.start(port=free_port())
    with psycopg.connect(
        f"postgresql://{ADMINISTRATOR}@{HOST}:{port}/postgres", password=PASSWORD
    ) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        found = connection.execute("SELECT similarity('Їжак', 'Їжаки')").fetchone()

    assert found is not None
    assert found[0] > 0.3


def test_it_is_reached_by_password_on_this_computer_only(cluster):
    port = cluster.start(port=free_port())

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        ask(port, "SELECT 1", "another password")
    assert ask(port, "SHOW listen_addresses") == HOST
    assert ask(port, "SHOW unix_socket_directories") == ""
    assert ask(port, "SHOW data_checksums") == "on"
    assert ask(port, "SHOW fsync") == "on"
    assert str(
        ask(port, "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")
    ).startswith("SCRAM-SHA-256$")


def test_a_second_start_finds_the_first(cluster):
    port = cluster.start(port=free_port())
    pid = cluster.pid()

    assert cluster.start(port=free_port()) == port
    assert cluster.pid() == pid


def test_what_was_committed_outlives_a_kill(cluster):
    port = cluster.start(port=free_port())
    url = f"postgresql://{ADMINISTRATOR}@{HOST}:{port}/postgres"
    with psycopg.connect(url, password=PASSWORD) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    killed = cluster.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    module.wait_for(lambda: cluster.pid() is None, seconds=5)

    assert ask(cluster.start(port=port), "SELECT number FROM kept") == 7
    assert cluster.pid() != killed


def test_a_pid_file_of_another_program_hinders_nothing(cluster):
    port = cluster.start(port=free_port())
    lines = (cluster.data / "postmaster.pid").read_text().splitlines()
    killed = cluster.pid()
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    module.wait_for(lambda: cluster.pid() is None, seconds=5)
    # The pid was given anew: here to the test itself.
    (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert cluster.pid() is None
    assert ask(cluster.start(port=port), "SELECT 1") == 1


def test_a_taken_port_is_exchanged_for_a_free_one(cluster):
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        taken = other.getsockname()[1]
        assert cluster.start(port=taken) != taken


def test_it_stops_and_says_so(cluster):
    cluster.start(port=free_port())

    cluster.stop()

    assert cluster.pid() is None
    assert cluster.port() is None
    assert not (cluster.data / "postmaster.pid").exists()


def test_a_cluster_half_made_is_made_anew(place):
    (place / "postgresql.making").mkdir()
    (place / "postgresql.making" / "PG_VERSION").write_text("18")
    cluster = Cluster(place / "postgresql", place / "log")

    assert not cluster.is_made
    cluster.make(password=PASSWORD)

    assert cluster.is_made
    assert ask(cluster.start(port=free_port()), "SELECT 1") == 1
    cluster.stop()


def test_another_user_reaches_what_all_may_enter_and_nothing_else(place):
    inside = place / "closed" / "inside"
    inside.mkdir(parents=True)
    assert NOBODY.may_traverse(inside)

    (place / "closed").chmod(0o700)

    assert not NOBODY.may_traverse(inside)


@pytest.mark.root
def test_in_a_closed_folder_the_cluster_is_a_link_to_the_state_folder(place, monkeypatch):
    state = place / "state"
    monkeypatch.setattr(module, "STATE", state)
    closed = place / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgresql", closed / "log")

    cluster.make(password=PASSWORD)
    port = cluster.start(port=free_port())

    assert cluster.data.is_symlink()
    assert cluster.data.resolve().parent == state
    assert (closed / "postgresql" / "postmaster.pid").exists()
    assert ask(port, "SELECT 1") == 1
    cluster.stop()


@pytest.mark.root
def test_a_cluster_that_lost_its_folder_is_set_aside_not_deleted(place, monkeypatch):
    state = place / "state"
    monkeypatch.setattr(module, "STATE", state)
    closed = place / "closed"
    for _ in range(2):
        closed.mkdir(mode=0o700)
        Cluster(closed / "postgresql", closed / "log").make(password=PASSWORD)
        shutil.rmtree(closed)

    kept = [one.name for one in state.iterdir() if not one.name.startswith("programs-")]
    assert len(kept) == 2
    assert len([name for name in kept if ".set-aside-" in name]) == 1
