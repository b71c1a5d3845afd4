"""Blind search: every remains against every family. Method: docs/methods/kinship.md, section 14."""
