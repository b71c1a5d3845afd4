"""Photographs on disk."""

from wayhome.bureau.persons.store import Store

_photographs = Store("remains", "remains_photograph")
keep, read, remove, path = (
    _photographs.keep, _photographs.read, _photographs.remove, _photographs.path,
)  # fmt: skip
