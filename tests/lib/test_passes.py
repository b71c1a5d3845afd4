"""A pass is read by whoever has the public key, and no other text is one."""

import uuid
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wayhome.lib.passes import BadPass, Pass, read_pass, write_pass

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ONE = Pass(uuid.UUID("01a216b2-9445-70db-aae0-a10f03265e93"), date(2026, 11, 27), 2)
TEXT = write_pass(ONE, KEY)


@given(st.uuids(), st.dates(date(2020, 1, 1), date(2190, 1, 1)), st.integers(1, 255))
def test_what_is_written_is_read(pk, on, persons):
    one = Pass(pk, on, persons)
    assert read_pass(write_pass(one, KEY), KEY.public_key()) == one


@given(st.integers(4, len(TEXT) - 1), st.sampled_from("ABCXYZ234567"))
def test_a_changed_sign_makes_it_no_pass(at, sign):
    changed = TEXT[:at] + sign + TEXT[at + 1 :]
    if changed != TEXT:
        with pytest.raises(BadPass):
            read_pass(changed, KEY.public_key())


@given(st.text(max_size=300))
def test_no_other_text_is_a_pass(text):
    with pytest.raises(BadPass):
        read_pass(text, KEY.public_key())


def test_a_pass_of_another_key_is_none_and_it_fits_a_small_code():
    with pytest.raises(BadPass):
        read_pass(write_pass(ONE, OTHER), KEY.public_key())
    assert read_pass(f" {TEXT.lower()} \n", KEY.public_key()) == ONE
    assert len(TEXT) == 137
    with pytest.raises(ValueError, match="persons"):
        write_pass(Pass(ONE.id, ONE.on, 0), KEY)
