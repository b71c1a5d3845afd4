"""The pages' tests; their browser is of the whole run (tests/conftest.py)."""
