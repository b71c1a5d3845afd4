"""The data folder: what it is stays as it was made."""

import json
import os
from pathlib import Path

import pytest

from wayhome.config.folder import MASTER_KEY_BYTES, Folder, FolderError, write_once, write_private

PARTS = ("media", "log", "tmp", "queue", "mail", "index", "keys")


@pytest.fixture(autouse=True)
def _nothing_is_moved(monkeypatch):
    for name in PARTS:
        monkeypatch.delenv(f"WAYHOME_{name.upper()}_DIR", raising=False)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    made.create("live")
    return made


def test_no_variable_turns_a_live_folder_into_a_demo(folder, monkeypatch):
    for name in ("DEMO", "WAYHOME_DEMO", "WAYHOME_KIND", "WAYHOME_IS_DEMO"):
        monkeypatch.setenv(name, "1")
    monkeypatch.setenv("WAYHOME_DATA_DIR", str(folder.root))

    assert not Folder.current().is_demo


@pytest.mark.parametrize(("first", "second"), [("live", "demo"), ("demo", "live")])
def test_a_folder_stays_what_it_was_made_as(tmp_path, first, second):
    folder = Folder(tmp_path)
    folder.create(first)

    with pytest.raises(FolderError, match=f"was made as a {first} folder"):
        folder.create(second)
    assert folder.kind == first


def test_making_it_again_keeps_its_keys(folder):
    master, secret = folder.master_key(), folder.django_secret()
    folder.create("live")

    assert (folder.master_key(), folder.django_secret()) == (master, secret)
    assert len(master) == MASTER_KEY_BYTES


def test_only_its_owner_may_read_what_is_in_it(folder):
    for name in PARTS:
        assert (folder.root / name).stat().st_mode & 0o777 == 0o700
    for key in folder.keys.iterdir():
        assert key.stat().st_mode & 0o777 == 0o600
    assert folder.faults() == []


def test_it_tells_what_is_wrong_with_it(folder):
    folder.keys.chmod(0o755)
    (folder.keys / "master.key").unlink()

    assert len(folder.faults()) == 2
    with pytest.raises(FolderError, match=r"master\.key"):
        folder.master_key()


def test_a_lost_master_key_is_never_replaced(folder):
    (folder.keys / "master.key").unlink()

    with pytest.raises(FolderError, match=r"put it back"):
        folder.create("live")

    assert not (folder.keys / "master.key").exists()


def test_each_fault_names_what_mends_it(folder):
    (folder.keys / "master.key").chmod(0o644)
    (folder.root / "mail").rmdir()

    remedies = [remedy for _, remedy in folder.faults()]

    assert remedies == [
        f"Restore it from a backup, or: mkdir -m 700 {folder.root / 'mail'}",
        f"chmod 600 {folder.keys / 'master.key'}",
    ]


@pytest.mark.parametrize("name", PARTS)
def test_each_part_is_moved_by_one_variable(folder, tmp_path, monkeypatch, name):
    monkeypatch.setenv(f"WAYHOME_{name.upper()}_DIR", str(tmp_path / "elsewhere"))

    assert getattr(folder, name) == tmp_path / "elsewhere"


def test_without_a_variable_data_lie_here(monkeypatch, tmp_path):
    monkeypatch.delenv("WAYHOME_DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)

    assert Folder.current() == Folder(tmp_path / "data")


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"kind": "other"}', "\x00"])
def test_a_broken_description_is_an_error_and_never_a_demo(folder, written):
    (folder.root / "folder.json").write_text(written)

    with pytest.raises(FolderError):
        assert not folder.is_demo


def test_a_half_made_folder_is_completed(tmp_path):
    folder = Folder(tmp_path / "data")
    folder.create("demo")
    (folder.root / "folder.json").unlink()
    master = folder.master_key()

    folder.create("demo")

    assert folder.is_demo
    assert folder.master_key() == master
    assert set(json.loads((folder.root / "folder.json").read_text())) == {
        "kind",
        "made_at",
        "version",
    }


def test_a_key_written_once_is_never_replaced(tmp_path):
    path = tmp_path / "key"
    write_once(path, b"first")
    write_once(path, b"second")

    assert path.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["key"]


def test_a_private_file_is_replaced_whole(tmp_path):
    path = tmp_path / "file"
    write_private(path, b"first")
    write_private(path, b"second")

    assert path.read_bytes() == b"second"
    assert os.listdir(tmp_path) == ["file"]
