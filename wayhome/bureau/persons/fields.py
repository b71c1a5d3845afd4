"""Encrypted columns: the value opens only with its person's key, in its own row and column."""

import json
from dataclasses import dataclass
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from wayhome.bureau.persons.vault import seal, unseal


@dataclass(frozen=True)
class Sealed:
    """What the database holds, not opened yet."""

    ciphertext: bytes


class _Opening:
    """Opens a sealed value the first time somebody asks the record for it."""

    def __init__(self, field: "EncryptedJSONField") -> None:
        self.field = field

    def __get__(self, record: models.Model | None, owner: type[models.Model]) -> Any:
        if record is None:
            return self
        name = self.field.attname
        if name not in record.__dict__:
            record.refresh_from_db(fields=[name])
        value = record.__dict__[name]
        if isinstance(value, Sealed):
            if record.key.is_destroyed:  # type: ignore[attr-defined]
                return None  # erased; what the database holds stays as it is
            value = record.__dict__[name] = self.field.open(record, value)
        return value

    def __set__(self, record: models.Model, value: Any) -> None:
        record.__dict__[self.field.attname] = value


class EncryptedJSONField(models.BinaryField):  # type: ignore[type-arg]
    """Any JSON value, encrypted under `record.key` and bound to table, row and column.

    The record needs a foreign key `key` to persons.PersonKey and a primary key made in Python.
    Cannot be searched or sorted. Under a destroyed key every value is gone for ever and reads as
    None; `record.key.is_destroyed` tells it from one that was never there.
    """

    def contribute_to_class(
        self, cls: type[models.Model], name: str, private_only: bool = False
    ) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, self.attname, _Opening(self))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is not None and not isinstance(value, (Sealed, bytes)):
            raise TypeError(f"{self.name} is encrypted: save the record, do not use update()")
        raw = value.ciphertext if isinstance(value, Sealed) else value
        return super().get_db_prep_value(raw, connection, prepared)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Sealed):
            return value
        plain = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
        return Sealed(seal(_key_of(model_instance), plain, self._bound_to(model_instance)))

    def open(self, record: models.Model, value: Sealed) -> Any:
        return json.loads(unseal(_key_of(record), value.ciphertext, self._bound_to(record)))

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("encrypted fields are never serialised")

    def _bound_to(self, record: models.Model) -> str:
        return f"{record._meta.db_table}|{record.pk}|{self.column}"


def _key_of(record: models.Model) -> bytes:
    opened: bytes = record.key.data_key()  # type: ignore[attr-defined]
    return opened
