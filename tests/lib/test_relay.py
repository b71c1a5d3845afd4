"""Credentials of the relay, and what its listing of sessions says."""

import base64
import hashlib
import hmac

from wayhome.lib.relay import Relay, is_of, sessions_in

LISTING = """
    1) id=001000000000000003, user <1795651655:call-1:party-1>:
      realm: wayhome
      client protocol UDP, relay protocol UDP
      usage: rp=3, rb=792, sp=4, sb=400
    2) id=000000000000000001, user <1795651700:call-2:party-9>:
      realm: wayhome
  Total sessions: 2
"""


def test_a_credential_is_the_one_that_the_relay_computes(tmp_path):
    relay = Relay(("turn:127.0.0.1:3478",), ("127.0.0.1",), "shared", 5766, "password")

    given = relay.credential("call:party", until=1_795_651_655)

    # draft-uberti-behave-turn-rest-00, section 2.2
    proof = hmac.new(b"shared", b"1795651655:call:party", hashlib.sha1).digest()
    assert given.username == "1795651655:call:party"
    assert base64.b64decode(given.password) == proof
    relay.save(tmp_path / "relay.json")
    assert Relay.load(tmp_path / "relay.json") == relay
    assert (tmp_path / "relay.json").stat().st_mode & 0o77 == 0


def test_without_a_relay_there_is_none(tmp_path):
    assert Relay.load(tmp_path / "relay.json") is None
    (tmp_path / "relay.json").write_text('{"urls": 7}')
    assert Relay.load(tmp_path / "relay.json") is None


def test_a_listing_is_read():
    one, other = sessions_in(LISTING)

    assert (one.number, one.username) == ("001000000000000003", "1795651655:call-1:party-1")
    assert (one.received_bytes, one.sent_bytes) == (792, 400)
    assert other.username.endswith("party-9")
    assert sessions_in("  Total sessions: 0\n") == []


def test_a_cut_finds_one_participant_or_a_whole_call_whatever_the_expiry():
    name = "1795651655:call-1:party-1"

    assert is_of(name, ("call-1:party-1",))
    assert is_of(name, ("call-1:",))
    assert not is_of(name, ("call-1:party-2", "call-2:", "call-1"))
