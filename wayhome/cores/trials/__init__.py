"""Trials of the names core: registers of invented persons, and how well candidates do on them.

Shares no code with what it judges: it has names, spellings and slips of its own, and an import
contract keeps it so.
"""
