from contextlib import suppress

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.merkle import EMPTY_ROOT
from wayhome.lib.signed_note import (
    BadNote,
    Checkpoint,
    parse,
    parse_checkpoint,
    read_verifier_key,
    sign,
    sign_checkpoint,
    verifier_key,
    verify,
    verify_checkpoint,
)

# The note that the documentation of Go's sumdb/note, where the format began, publishes.
PUBLISHED_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_NOTE = (
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n"
    "\n"
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6"
    "KE6RyyBwJnAM=\n"
)
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
LOG = "bureau.example/journal"
CHECKPOINT = Checkpoint(LOG, 3, EMPTY_ROOT)


def test_the_published_note_is_verified():
    name, key = read_verifier_key(PUBLISHED_KEY)

    assert verify(PUBLISHED_NOTE, name, key).startswith("If you think")
    assert verifier_key(name, key) == PUBLISHED_KEY


def test_a_checkpoint_is_three_lines_and_a_signature():
    note = sign_checkpoint(CHECKPOINT, KEY)

    lines = note.split("\n")
    assert lines[:4] == [LOG, "3", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", ""]
    assert lines[4].startswith(f"— {LOG} ")
    assert lines[5:] == [""]
    assert verify_checkpoint(note, LOG, KEY.public_key()) == CHECKPOINT


@given(st.integers(0, 10**12), st.binary(min_size=32, max_size=32))
def test_what_a_log_signs_is_read_again(size, head):
    checkpoint = Checkpoint(LOG, size, head, ("timestamp 1",))

    assert verify_checkpoint(sign_checkpoint(checkpoint, KEY), LOG, KEY.public_key()) == checkpoint


def test_a_changed_checkpoint_is_noticed():
    note = sign_checkpoint(CHECKPOINT, KEY)

    with pytest.raises(BadNote, match="not signed"):
        verify_checkpoint(note.replace("\n3\n", "\n4\n"), LOG, KEY.public_key())


def test_another_key_does_not_do():
    with pytest.raises(BadNote, match="not signed"):
        verify_checkpoint(sign_checkpoint(CHECKPOINT, OTHER_KEY), LOG, KEY.public_key())


def test_another_log_does_not_do_though_its_key_is_ours():
    with pytest.raises(BadNote, match="another log"):
        verify_checkpoint(sign(str(CHECKPOINT), "elsewhere", KEY), "elsewhere", KEY.public_key())


def test_a_witness_may_sign_below_us():
    ours = sign_checkpoint(CHECKPOINT, KEY)
    theirs = sign(str(CHECKPOINT), "witness.example", OTHER_KEY)
    both = ours + theirs.split("\n\n")[1]

    assert len(parse(both).signatures) == 2
    assert verify(both, LOG, KEY.public_key()) == str(CHECKPOINT)
    assert verify(both, "witness.example", OTHER_KEY.public_key()) == str(CHECKPOINT)


def test_a_false_line_in_our_name_spoils_the_note():
    note = sign_checkpoint(CHECKPOINT, KEY)
    other = sign_checkpoint(Checkpoint(LOG, 4, EMPTY_ROOT), KEY)

    with pytest.raises(BadNote, match="not signed"):
        verify(note + other.split("\n\n")[1], LOG, KEY.public_key())


@pytest.mark.parametrize("text", ["no newline", "bell \a\n", "carriage\r\n", ""])
def test_what_a_note_cannot_say_is_not_signed(text):
    with pytest.raises(BadNote):
        sign(text, LOG, KEY)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_a_key_has_a_name_that_notes_can_hold(name):
    with pytest.raises(BadNote, match="name"):
        sign("text\n", name, KEY)


@pytest.mark.parametrize(
    "text",
    [
        "a\n1\n",
        "a\n01\nAA==\n",
        "a\n-1\nAA==\n",
        "a\n1\nA\n",
        "a\n1\n\n",
        "a\n1\nAA==",
        "\n1\nAA==\n",
    ],
)
def test_text_that_is_no_checkpoint_is_refused(text):
    with pytest.raises(BadNote):
        parse_checkpoint(text)


@pytest.mark.parametrize("key", ["", "a", "a+b+c", PUBLISHED_KEY.replace("c7", "c8")])
def test_a_key_that_is_none_is_refused(key):
    with pytest.raises(BadNote):
        read_verifier_key(key)


@given(st.text())
def test_any_text_is_a_note_or_a_fault(text):
    for reader in (parse, parse_checkpoint, read_verifier_key):
        with suppress(BadNote):
            assert reader(text)
