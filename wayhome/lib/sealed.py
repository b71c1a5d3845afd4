"""One message from one bureau to another: signed, sealed to its reader, opened by nobody else.

Format "wayhome-sealed/1", described in docs/methods/other-bureaus.md. The signature (Ed25519) lies
inside; outside stand an ephemeral key, a nonce and what is sealed (X25519, HKDF-SHA-256,
ChaCha20-Poly1305). What is signed names both ends, so that a reader cannot pass it on as if it had
been written to somebody else.
"""

import base64
import binascii
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = "wayhome-sealed/1"
KEY_FORMAT = "wayhome-key/1"
LARGEST = 64 * 1024
KEY_BYTES, NONCE_BYTES, SIGNATURE_BYTES = 32, 12, 64
GROUP, GROUPS = 4, 8  # of the fingerprint that two people read to each other


class BadMessage(ValueError):
    """This is no message to us from whom we know, or no key. Holds no word of what it says."""


@dataclass(frozen=True)
class PublicKey:
    """What others know of a bureau: what verifies its words, and to what they are sealed."""

    verifies: bytes
    seals: bytes

    def __str__(self) -> str:
        return f"{KEY_FORMAT}:{_b64(self.verifies + self.seals)}"

    @classmethod
    def read(cls, text: str) -> "PublicKey":
        """The key of such a line. Raises BadMessage."""
        form, _, encoded = "".join(text.split()).partition(":")
        octets = _unb64(encoded)
        if form != KEY_FORMAT or len(octets) != 2 * KEY_BYTES:
            raise BadMessage("no key of a bureau")
        key = cls(octets[:KEY_BYTES], octets[KEY_BYTES:])
        try:
            # A key of low order would make one secret of every seal.
            X25519PrivateKey.generate().exchange(X25519PublicKey.from_public_bytes(key.seals))
        except ValueError as fault:
            raise BadMessage("no key of a bureau") from fault
        return key

    def fingerprint(self) -> str:
        """What two people read to each other on the telephone before they trust a key."""
        told = sha256(self.verifies + self.seals).hexdigest()[: GROUP * GROUPS]
        return " ".join(told[at : at + GROUP] for at in range(0, len(told), GROUP))


@dataclass(frozen=True)
class OwnKey:
    """Both secrets of a bureau, 32 octets each."""

    signs: bytes
    opens: bytes

    def public(self) -> PublicKey:
        return PublicKey(
            Ed25519PrivateKey.from_private_bytes(self.signs).public_key().public_bytes_raw(),
            X25519PrivateKey.from_private_bytes(self.opens).public_key().public_bytes_raw(),
        )


def seal(body: Mapping[str, Any], *, by: OwnKey, to: PublicKey) -> bytes:
    """The file that says `body` to one bureau."""
    told = {"from": str(by.public()), "to": str(to), "body": dict(body)}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False).encode()
    signed = Ed25519PrivateKey.from_private_bytes(by.signs).sign(FORMAT.encode() + text) + text
    return closed(signed, to)


def closed(signed: bytes, to: PublicKey) -> bytes:
    """The file that only one reader opens."""
    once, nonce = X25519PrivateKey.generate(), os.urandom(NONCE_BYTES)
    sent = once.public_key().public_bytes_raw()
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(to.seals)), sent, to.seals)
    octets = ChaCha20Poly1305(key).encrypt(nonce, signed, FORMAT.encode())
    file = {"format": FORMAT, "once": _b64(sent), "nonce": _b64(nonce), "sealed": _b64(octets)}
    return (json.dumps(file, indent=1) + "\n").encode()


def unseal(content: bytes, *, by: OwnKey, sender: PublicKey) -> dict[str, Any]:
    """What a file says, if this sender wrote it to us. Raises BadMessage."""
    signed, own = opened(content, by), by.public()
    signature, text = signed[:SIGNATURE_BYTES], signed[SIGNATURE_BYTES:]
    try:
        known = Ed25519PublicKey.from_public_bytes(sender.verifies)
        known.verify(signature, FORMAT.encode() + text)
    except InvalidSignature as fault:
        raise BadMessage("not signed by this bureau") from fault
    told = _object(text)
    if (told.get("from"), told.get("to")) != (str(sender), str(own)):
        raise BadMessage("written to somebody else")
    body = told.get("body")
    if not isinstance(body, dict):
        raise BadMessage("no body")
    return body


def opened(content: bytes, by: OwnKey) -> bytes:
    """What is signed in a file to us; not verified yet. Raises BadMessage."""
    if len(content) > LARGEST:
        raise BadMessage("too large")
    file = _object(content)
    if file.get("format") != FORMAT:
        raise BadMessage("another format")
    sent, nonce, octets = (_unb64(file.get(name)) for name in ("once", "nonce", "sealed"))
    try:
        shared = X25519PrivateKey.from_private_bytes(by.opens).exchange(
            X25519PublicKey.from_public_bytes(sent)
        )
        key = _key(shared, sent, by.public().seals)
        return ChaCha20Poly1305(key).decrypt(nonce, octets, FORMAT.encode())
    except (InvalidTag, ValueError) as fault:
        raise BadMessage("not sealed to us") from fault


def _key(shared: bytes, sent: bytes, to: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=sent + to, info=FORMAT.encode()).derive(shared)


def _object(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError) as fault:
        raise BadMessage("no JSON") from fault
    if not isinstance(read, dict):
        raise BadMessage("no object")
    return read


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _unb64(text: object) -> bytes:
    if not isinstance(text, str):
        raise BadMessage("not base64")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as fault:
        raise BadMessage("not base64") from fault
