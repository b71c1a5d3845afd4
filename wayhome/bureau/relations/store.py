"""Papers on disk."""

from wayhome.bureau.persons.store import Store

_papers = Store("papers", "relations_paper")
keep, read, remove, _path = _papers.keep, _papers.read, _papers.remove, _papers.path
