"""A sealed message is opened by whom it is written to, by nobody else, and never changed."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wayhome.lib.sealed import (
    LARGEST,
    BadMessage,
    OwnKey,
    PublicKey,
    closed,
    opened,
    seal,
    unseal,
)

OURS, THEIRS, STRANGER = (OwnKey(bytes([n]) * 32, bytes([n + 1]) * 32) for n in (1, 3, 5))
BODY = {"kind": "question", "markers": {"TH01": ["6", "9.3"]}, "words": "Зима"}


def sealed(**more) -> bytes:
    return seal(BODY, **{"by": OURS, "to": THEIRS.public(), **more})


def test_it_says_to_its_reader_what_was_written():
    file = sealed()

    assert unseal(file, by=THEIRS, sender=OURS.public()) == BODY
    assert b"TH01" not in file
    assert sealed() != file  # a new key and nonce each time


@pytest.mark.parametrize(
    ("file", "by", "sender"),
    [
        (sealed(), STRANGER, OURS.public()),  # another reader
        (sealed(), THEIRS, STRANGER.public()),  # from another than was said
        (sealed(to=STRANGER.public()), THEIRS, OURS.public()),
        (b"{}", THEIRS, OURS.public()),
        (b"[" * 100_000, THEIRS, OURS.public()),
        (b" " * (LARGEST + 1), THEIRS, OURS.public()),
    ],
    ids=["reader", "sender", "sealed-to-another", "empty", "deep", "large"],
)
def test_nobody_else_reads_it_and_nothing_else_is_read(file, by, sender):
    with pytest.raises(BadMessage):
        unseal(file, by=by, sender=sender)


def test_one_reader_cannot_pass_it_on_as_written_to_another():
    signed = opened(sealed(), THEIRS)  # whoever opens it has the signed text

    with pytest.raises(BadMessage, match="written to somebody else"):
        unseal(closed(signed, STRANGER.public()), by=STRANGER, sender=OURS.public())


@pytest.mark.parametrize("name", ["once", "nonce", "sealed"])
def test_an_octet_that_was_changed_is_noticed(name):
    file = json.loads(sealed())
    octets = bytearray(base64.b64decode(file[name]))
    octets[len(octets) // 2] ^= 1
    file[name] = base64.b64encode(octets).decode()

    with pytest.raises(BadMessage):
        unseal(json.dumps(file).encode(), by=THEIRS, sender=OURS.public())


def test_a_key_is_a_line_that_can_be_read_aloud_and_a_weak_one_is_refused():
    key = OURS.public()

    assert PublicKey.read(f"  {key}\n") == key
    assert len(key.fingerprint().split()) == 8
    weak = base64.b64encode(key.verifies + bytes(32)).decode()
    for line in ("", "wayhome-key/1:", str(key)[:-4], f"wayhome-key/1:{weak}", f"x{key}"):
        with pytest.raises(BadMessage):
            PublicKey.read(line)


@given(some.binary(max_size=200))
def test_any_octets_are_refused_and_nothing_breaks(content):
    with pytest.raises(BadMessage):
        unseal(content, by=THEIRS, sender=OURS.public())
