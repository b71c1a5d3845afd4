"""Measure what docs/methods/figures.md says: `python -m tools.bench [--write]`."""
