"""Signed notes and log checkpoints, as C2SP describes them (signed-note, tlog-checkpoint).

A note is text, an empty line, and lines of signature: "— name base64(key id, signature)".
Only Ed25519 (signature type 1) is written and checked here; others are kept unread.
"""

import base64
import binascii
import re
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
KEY_ID_BYTES = 4
_DASH = "— "
_NAME = re.compile(r"[^\s+]+")


class BadNote(ValueError):
    """This text is no signed note, no checkpoint or no key of one."""


@dataclass(frozen=True)
class Signature:
    """One line of signature, as read: not yet verified."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True)
class Note:
    """What is signed, with its last newline, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...]


@dataclass(frozen=True)
class Checkpoint:
    """What a log says of itself at one moment: how long it is, and its Merkle root."""

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = (self.origin, str(self.size), _b64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def _b64(octets: bytes) -> str:
    return base64.b64encode(octets).decode()


def _unb64(text: str) -> bytes:
    try:
        octets = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadNote("not base64") from error
    if _b64(octets) != text:
        raise BadNote("not the one way to write these bytes in base64")
    return octets


def key_id(name: str, key: Ed25519PublicKey) -> bytes:
    """The four bytes by which a signature names its key."""
    if not _NAME.fullmatch(name):
        raise BadNote("a key's name has no space and no plus sign")
    return sha256(name.encode() + b"\n" + ED25519 + key.public_bytes_raw()).digest()[:KEY_ID_BYTES]


def verifier_key(name: str, key: Ed25519PublicKey) -> str:
    """A public key in one line: name+key id+base64, as witnesses are given it."""
    return f"{name}+{key_id(name, key).hex()}+{_b64(ED25519 + key.public_bytes_raw())}"


def read_verifier_key(text: str) -> tuple[str, Ed25519PublicKey]:
    """The name and public key of such a line. Raises BadNote."""
    name, _, rest = text.strip().partition("+")
    shown_id, _, encoded = rest.partition("+")
    octets = _unb64(encoded)
    if octets[:1] != ED25519 or len(octets) != 33:
        raise BadNote("not an Ed25519 key")
    key = Ed25519PublicKey.from_public_bytes(octets[1:])
    if key_id(name, key).hex() != shown_id:
        raise BadNote("the key does not fit its name")
    return name, key


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The note that says `text`, signed. Raises BadNote if a note cannot say it."""
    _must_be_signable(text)
    signed = key_id(name, key.public_key()) + key.sign(text.encode())
    return f"{text}\n{_DASH}{name} {_b64(signed)}\n"


def _must_be_signable(text: str) -> None:
    if not text.endswith("\n"):
        raise BadNote("a note's text ends with a newline")
    if any(ord(character) < 0x20 and character != "\n" for character in text):
        raise BadNote("a note holds no control character but the newline")


def parse(note: str) -> Note:
    """Take a note apart, without verifying it. Raises BadNote."""
    text, gap, below = note.rpartition("\n\n")
    if not gap or not below.endswith("\n"):
        raise BadNote("no signatures below an empty line")
    _must_be_signable(f"{text}\n")
    return Note(f"{text}\n", tuple(_parse_signature(line) for line in below[:-1].split("\n")))


def _parse_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not _NAME.fullmatch(name):
        raise BadNote("not a line of signature")
    octets = _unb64(encoded)
    if len(octets) <= KEY_ID_BYTES:
        raise BadNote("no signature in its line")
    return Signature(name, octets[:KEY_ID_BYTES], octets[KEY_ID_BYTES:])


def is_signed_by(note: Note, name: str, key: Ed25519PublicKey) -> bool:
    """Did this key sign this note? A line in its name that is false spoils the note."""
    wanted = (name, key_id(name, key))
    own = [one for one in note.signatures if (one.name, one.key_id) == wanted]
    return bool(own) and all(_fits(one.signature, note.text, key) for one in own)


def _fits(signature: bytes, text: str, key: Ed25519PublicKey) -> bool:
    try:
        key.verify(signature, text.encode())
    except InvalidSignature:
        return False
    return True


def verify(note: str, name: str, key: Ed25519PublicKey) -> str:
    """The text of a note that this key signed. Raises BadNote if it did not."""
    parsed = parse(note)
    if not is_signed_by(parsed, name, key):
        raise BadNote("not signed by this key")
    return parsed.text


def parse_checkpoint(text: str) -> Checkpoint:
    """Read the text of a verified note as a log's checkpoint. Raises BadNote."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise BadNote("a checkpoint has an origin, a size and a root")
    origin, size, root, *extensions = lines[:-1]
    if not re.fullmatch(r"0|[1-9][0-9]*", size):
        raise BadNote("a checkpoint's size is a plain number")
    return Checkpoint(origin, int(size), _unb64(root), tuple(extensions))


def sign_checkpoint(checkpoint: Checkpoint, key: Ed25519PrivateKey) -> str:
    """A checkpoint as a note, signed in the log's own name."""
    return sign(str(checkpoint), checkpoint.origin, key)


def verify_checkpoint(note: str, origin: str, key: Ed25519PublicKey) -> Checkpoint:
    """The checkpoint that this log signed. Raises BadNote if it did not."""
    checkpoint = parse_checkpoint(verify(note, origin, key))
    if checkpoint.origin != origin:
        raise BadNote("the checkpoint of another log")
    return checkpoint
