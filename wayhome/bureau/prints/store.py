"""Prints on disk."""

from wayhome.bureau.persons.store import Store

_prints = Store("prints", "prints_print")
keep, read, remove, path = _prints.keep, _prints.read, _prints.remove, _prints.path
