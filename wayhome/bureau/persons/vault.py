"""The master key and what is derived from it.

AES-256-GCM throughout (NIST SP 800-38D) with random 96-bit nonces; each ciphertext is bound by its
additional data to the row and column it stands in, so that a value copied elsewhere does not open.
"""

import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

NONCE_BYTES = 12
KEY_BYTES = 32


class CannotOpen(ValueError):
    """A ciphertext was altered, moved to another row, or its key is another or destroyed."""


@functools.cache
def derived_key(purpose: str) -> bytes:
    """A key of 32 bytes for one purpose, from the master key (HKDF, RFC 5869)."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(
        settings.FOLDER.master_key()
    )


def seal(key: bytes, plain: bytes, bound_to: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, bound_to: str) -> bytes:
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to.encode())
    except InvalidTag as fault:
        raise CannotOpen(bound_to) from fault


def blind_index(purpose: str, value: str) -> bytes:
    """A keyed digest by which equal values are found without storing them (HMAC-SHA-256)."""
    return hmac.new(derived_key(f"blind:{purpose}"), value.encode(), hashlib.sha256).digest()
