"""Laboratories' files on disk."""

from wayhome.bureau.persons.store import Store

_files = Store("comparisons", "comparisons_profilefile")
keep, read, remove, path = _files.keep, _files.read, _files.remove, _files.path
