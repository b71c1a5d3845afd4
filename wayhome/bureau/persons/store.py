"""Files of persons: encrypted under their person's key, bound to their row, named by their id."""

import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.persons.vault import seal, unseal


@dataclass(frozen=True)
class Store:
    """The files of one table's rows: a folder in the media folder, outside all that is served."""

    folder: str
    table: str

    def keep(self, row_id: UUID, key: PersonKey, content: bytes) -> None:
        """Write a row's file, whole or not at all, before the row is committed."""
        path = self.path(row_id)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(".part")
        with beside.open("wb") as file:
            os.fchmod(file.fileno(), 0o600)
            file.write(seal(key.data_key(), content, self._bound_to(row_id)))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)

    def read(self, row_id: UUID, key: PersonKey) -> bytes:
        """The file's bytes. Raises FileNotFoundError, or CannotOpen once its key is destroyed."""
        return unseal(key.data_key(), self.path(row_id).read_bytes(), self._bound_to(row_id))

    def remove(self, row_id: UUID) -> None:
        self.path(row_id).unlink(missing_ok=True)

    def path(self, row_id: UUID) -> Path:
        folder: Path = settings.FOLDER.media / self.folder / row_id.hex[-2:]
        return folder / row_id.hex

    def _bound_to(self, row_id: UUID) -> str:
        return f"{self.table}|{row_id}|file"
