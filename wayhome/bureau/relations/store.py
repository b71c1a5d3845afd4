"""Papers on disk: encrypted under their person's key, bound to their row, named by their id."""

import os
from pathlib import Path
from uuid import UUID

from django.conf import settings

from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import seal, unseal


def _path(paper_id: UUID) -> Path:
    folder: Path = settings.FOLDER.media / "papers" / paper_id.hex[-2:]
    return folder / paper_id.hex


def _bound_to(paper_id: UUID) -> str:
    return f"relations_paper|{paper_id}|file"


def keep(paper_id: UUID, key: PersonKey, content: bytes) -> None:
    """Write a paper's file, whole or not at all, before its row is committed."""
    path = _path(paper_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(seal(key.data_key(), content, _bound_to(paper_id)))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(paper_id: UUID, key: PersonKey) -> bytes:
    """The paper's bytes. Raises FileNotFoundError, or CannotOpen once its key is destroyed."""
    return unseal(key.data_key(), _path(paper_id).read_bytes(), _bound_to(paper_id))


def remove(paper_id: UUID) -> None:
    _path(paper_id).unlink(missing_ok=True)
