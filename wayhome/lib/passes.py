"""A pass as a short signed text: a QR code carries it, and a phone without a network verifies it.

"WP1:" and base32 of: id (16 octets), day since 2020 (2), persons (1), and an Ed25519 signature (64)
over the prefix and these 19. No name is in it, and no place.
"""

import base64
import binascii
import re
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX = "WP1:"
FIRST_DAY = date(2020, 1, 1)
ID_OCTETS, DAY_OCTETS, SIGNATURE_OCTETS = 16, 2, 64
TOLD_OCTETS = ID_OCTETS + DAY_OCTETS + 1
MOST_PERSONS = 255
SHAPE = re.compile(rf"{PREFIX}[A-Z2-7]{{133}}")


class BadPass(ValueError):
    """This text is no pass of ours. Says nothing about why: whoever forges one learns nothing."""


@dataclass(frozen=True)
class Pass:
    """What a pass says: which one it is, for which day and how many persons."""

    id: uuid.UUID
    on: date
    persons: int


def write_pass(one: Pass, key: Ed25519PrivateKey) -> str:
    """The signed text of a pass. Raises ValueError for a day or a number that cannot be written."""
    if not 1 <= one.persons <= MOST_PERSONS:
        raise ValueError("a pass is for 1 to 255 persons")
    day = (one.on - FIRST_DAY).days
    told = one.id.bytes + day.to_bytes(DAY_OCTETS, "big") + bytes([one.persons])
    signed = told + key.sign(PREFIX.encode() + told)
    return PREFIX + base64.b32encode(signed).decode().rstrip("=")


def read_pass(text: str, key: Ed25519PublicKey) -> Pass:
    """The pass, if this key signed it. Raises BadPass for every other text."""
    compact = "".join(text.split()).upper()
    if not SHAPE.fullmatch(compact):
        raise BadPass
    body = compact.removeprefix(PREFIX)
    try:
        signed = base64.b32decode(body + "=" * (-len(body) % 8))
        if base64.b32encode(signed).decode().rstrip("=") != body:
            raise BadPass  # one pass has one text
        told, signature = signed[:TOLD_OCTETS], signed[TOLD_OCTETS:]
        key.verify(signature, PREFIX.encode() + told)
    except (binascii.Error, InvalidSignature) as fault:
        raise BadPass from fault
    day = int.from_bytes(told[ID_OCTETS : ID_OCTETS + DAY_OCTETS], "big")
    return Pass(uuid.UUID(bytes=told[:ID_OCTETS]), FIRST_DAY + timedelta(days=day), told[-1])
