"""Show of a record only what its Disclosure lists allow.

Each model has `class Disclosure` with lists of its fields, named for the compartment that may be
shown them (`file`, `place`, `sealed`, `health`, `contact`, `evidence`, `self_`, …); `never` is
shown to nobody. A page is given `shown(record, "file", "place")` and cannot read further.
"""

from typing import Any

from django.db import models


class NotShown(AttributeError):
    """The page asked for a field that it was not given."""


class Shown:
    """A record through its lists: fields of other lists raise, properties pass if named."""

    def __init__(self, record: models.Model, fields: frozenset[str]) -> None:
        self._record = record
        self._fields = fields

    def __getattr__(self, name: str) -> Any:
        if name in self._fields or name in ("pk", "name"):
            return getattr(self._record, name)
        plain = name.removesuffix("_id").removeprefix("get_").removesuffix("_display")
        if plain in self._fields:
            return getattr(self._record, name)
        raise NotShown(name)


def shown(record: models.Model, *lists: str) -> Shown:
    """The record as a page may see it, by the named Disclosure lists of its model."""
    disclosure = record.Disclosure  # type: ignore[attr-defined]
    fields = frozenset().union(*(getattr(disclosure, each) for each in lists))
    return Shown(record, fields)
