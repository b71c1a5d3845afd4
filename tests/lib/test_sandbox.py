import time
from pathlib import Path

import pytest

from wayhome.lib import sandbox
from wayhome.lib.sandbox import SandboxFailure, run_sandboxed

pytestmark = pytest.mark.slow
MEMORY = 512 * 1024 * 1024


def run(name, content=b"abc", seconds=20, **kwargs):
    path = f"tests.lib.hostile.{name}"
    return run_sandboxed(path, content, seconds=seconds, memory_bytes=MEMORY, **kwargs)


@pytest.mark.parametrize(
    ("name", "kind"),
    [("hold_memory", "too_large"), ("complain", "unreadable"), ("crash", "crashed"),
     ("no_such_function", "crashed")],
)  # fmt: skip
def test_what_stops_a_reader_is_told_by_its_kind(name, kind):
    with pytest.raises(SandboxFailure) as failure:
        run(name)
    assert failure.value.kind == kind
    assert "abc" not in str(failure.value)


@pytest.mark.parametrize("name", ["loop", "sleep"])
def test_a_reader_that_does_not_end_is_ended(name):
    began = time.monotonic()
    with pytest.raises(SandboxFailure, match="too_slow"):
        run(name, seconds=1)
    assert time.monotonic() - began < 5


def test_no_way_leads_out():
    assert run("reach_out") == ["socket", "kernel", "process", "fork"]


def test_the_hosts_network_is_not_there_where_the_kernel_allows_it():
    told = run("tell", tell_protections=True)["protections"]
    if "namespace" in told:
        assert run("interfaces") == ["lo"]
    assert "seccomp" in told  # on every machine that Wayhome is tested on


def test_nothing_secret_is_in_its_environment(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://secret")

    told = run("tell", a=1)

    assert "DATABASE_URL" not in told["environment"]
    assert (told["content"], told["a"]) == ("abc", 1)


def test_a_file_is_read_by_path_too(tmp_path: Path):
    file = tmp_path / "x"
    file.write_bytes(b"from a path")

    assert run("tell", file)["content"] == "from a path"


def test_it_gives_bytes_back_and_does_not_mind_what_is_printed():
    assert run("give_bytes") == b"cba"
    assert run("print_much") == "done"


def test_it_cannot_fill_the_disk(tmp_path: Path):
    with pytest.raises(SandboxFailure):
        run("write_much", path=str(tmp_path / "much"))
    assert (tmp_path / "much").stat().st_size <= sandbox.LARGEST_RESULT
