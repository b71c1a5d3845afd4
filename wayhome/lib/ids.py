"""Identifiers and secrets, made here, not in the database: sites that worked apart must merge."""

import secrets
import uuid

import uuid_utils.compat

TOKEN_BYTES = 32


def new_id() -> uuid.UUID:
    """A new UUID of version 7: it sorts by the moment it was made, and so keeps indexes short."""
    made: uuid.UUID = uuid_utils.compat.uuid7()
    return made


def secret_token() -> str:
    """256 random bits as text that is safe in a form, a cookie or a file name."""
    return secrets.token_urlsafe(TOKEN_BYTES)
