"""The doctor: what is wrong, and how to mend it."""

import pytest

from wayhome.config import doctor
from wayhome.config.folder import Folder


def test_without_a_data_folder_it_says_how_to_begin(tmp_path):
    findings = doctor.examine(Folder(tmp_path / "none"))

    ill = [one for one in findings if not one.ok]
    assert [one.part for one in ill] == ["data folder"]
    assert "wayhome serve" in ill[0].remedy


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:1/none")
    folder = Folder(tmp_path)
    folder.create("live")

    ill = [one for one in doctor.examine(folder) if not one.ok]

    assert [one.part for one in ill] == ["database"]
    assert "127.0.0.1:1" in ill[0].what
    assert "secret" not in ill[0].what


def test_a_full_disk_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 10**18)

    (finding,) = doctor.disk(Folder(tmp_path))

    assert not finding.ok
    assert finding.remedy
