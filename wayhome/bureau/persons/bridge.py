"""Other spellings of a name, as the names core proposes them: from its tables, not from records."""

from wayhome.cores.names.suggest import How, Kind, Suggestion, suggest

__all__ = ["How", "Kind", "Suggestion", "suggest"]
