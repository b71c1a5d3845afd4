"""What one browser may say to another: never an address, never under another key."""

import re
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wayhome.bureau.lines.grammar import words_in
from wayhome.bureau.lines.sdp import (
    NOWHERE,
    NotPassed,
    normal_fingerprint,
    passed_candidate,
    passed_description,
)

RELAY = ("203.0.113.7",)
KEY = ":".join(["AB"] * 32)
TO = str(UUID(int=7))
HOST = "candidate:1 1 udp 2122260223 192.168.7.5 54321 typ host generation 0 network-id 1"
RELAYED = "candidate:3 1 udp 41885439 203.0.113.7 49200 typ relay raddr 198.51.100.9 rport 5000"
DESCRIPTION = f"""v=0
o=- 46117 2 IN IP4 192.168.7.5
s=-
t=0 0
a=group:BUNDLE 0
m=audio 54321 UDP/TLS/RTP/SAVPF 111
c=IN IP4 192.168.7.5
a=rtcp:9 IN IP4 192.168.7.5
a={HOST}
a={RELAYED}
a=ice-ufrag:abcd
a=fingerprint:sha-256 {KEY}
a=remote-candidates:1 192.168.7.5 9
a=x-note:192.168.7.5
a=rtpmap:111 opus/48000/2
"""
PROMISE, SHARE = "0a" * 32, "f9" * 16
ADDRESS = re.compile(r"\d+\.\d+\.\d+\.\d+")


def addresses_in(text):
    return set(ADDRESS.findall(text)) - {NOWHERE}


def test_a_relays_candidate_goes_on_without_the_address_behind_it():
    assert addresses_in(passed_candidate(RELAYED, RELAY)) == set(RELAY)


@pytest.mark.parametrize(
    "line",
    [
        HOST,
        HOST.replace("typ host", "typ srflx raddr 10.0.0.1 rport 9"),
        HOST.replace("typ host", "typ prflx"),
        HOST.replace("typ host", "typ relay"),  # it only says that it is the relay's
        RELAYED.replace("203.0.113.7", "2001:db8::1"),
        RELAYED.replace("203.0.113.7", "a1b2c3.local"),
        RELAYED + "\r\na=" + HOST,
        "",
        "candidate:",
    ],
)
def test_every_other_candidate_is_refused(line):
    with pytest.raises(NotPassed):
        passed_candidate(line, RELAY)


def test_a_description_goes_on_without_any_other_address():
    passed = passed_description(DESCRIPTION, RELAY, fingerprint=KEY)

    assert addresses_in(passed) == set(RELAY)
    assert "opus" in passed
    assert passed.count("a=candidate") == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace(KEY, ":".join(["CD"] * 32)),
        lambda text: text.replace("a=fingerprint", "a=nothing"),
        lambda text: text + f"a=fingerprint:sha-256 {':'.join(['CD'] * 32)}\n",
        lambda text: text + "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\n",
        lambda text: text.replace("m=audio", "x=audio"),
        lambda text: text + "no line\n",
        lambda text: text + "a=mid:\x00\n",
        lambda text: text + "a=mid:0\n" * 3000,
        lambda text: "",
    ],
)
def test_what_is_no_such_description_is_refused(change):
    with pytest.raises(NotPassed):
        passed_description(change(DESCRIPTION), RELAY, fingerprint=KEY)


LINES = st.one_of(
    st.sampled_from(DESCRIPTION.splitlines()),
    st.from_regex(r"\A[a-z]=[ -~]{0,60}\Z"),
    st.builds(
        "a=candidate:1 1 {} 1 {} 9 typ {} raddr {} rport 7".format,
        st.sampled_from(["udp", "tcp", "UDP"]),
        st.ip_addresses().map(str),
        st.sampled_from(["host", "srflx", "relay", "RELAY"]),
        st.ip_addresses().map(str),
    ),
)


@given(st.lists(LINES, max_size=30))
def test_whatever_is_sent_a_candidate_that_goes_on_is_the_relays(lines):
    try:
        passed = passed_description("\n".join(lines), RELAY, fingerprint=KEY)
    except NotPassed:
        return
    told = [line.split() for line in passed.splitlines() if "candidate" in line]
    assert {line[4] for line in told if line[0].startswith("a=candidate:")} <= set(RELAY)


def said(kind, **content):
    return {"type": kind, "to": TO, "attempt": 1, **content}


def test_words_hold_what_they_must_and_nothing_else():
    candidate = said("candidate", candidate=RELAYED, mid="0", line=0)
    words = [
        words_in(each, RELAY, fingerprint=KEY)
        for each in (
            said("offer", sdp=DESCRIPTION, promise=PROMISE),
            said("answer", sdp=DESCRIPTION, share=SHARE),
            said("share", share=SHARE),
            candidate,
            said("again"),
        )
    ]

    assert [each.kind for each in words] == ["offer", "answer", "share", "candidate", "again"]
    assert words[0].body()["promise"] == PROMISE
    assert words[2].body() == {"type": "share", "attempt": 1, "share": SHARE}
    assert not addresses_in(str([each.body() for each in words])) - set(RELAY)


@pytest.mark.parametrize(
    "message",
    [
        said("offer"),
        said("offer", sdp=DESCRIPTION),
        said("offer", sdp=DESCRIPTION, promise=PROMISE, note="I am at"),
        said("offer", sdp=7, promise=PROMISE),
        said("offer", sdp=DESCRIPTION, promise="192.168.7.5"),
        said("answer", sdp=DESCRIPTION, share=SHARE + "0"),
        said("share", share=SHARE + "\n"),
        said("share", share=7),
        said("candidate", candidate=RELAYED, mid="0 192.168.7.5", line=0),
        said("candidate", candidate=RELAYED, mid="0", line=True),
        said("chat", text="where are you"),
        said("again") | {"to": "you"},
        said("again") | {"attempt": -1},
        said("again") | {"attempt": 1.5},
        {"type": ["offer"]},
    ],
)
def test_everything_else_is_refused(message):
    with pytest.raises(NotPassed):
        words_in(message, RELAY, fingerprint=KEY)


def test_a_fingerprint_is_one_of_sha_256():
    assert normal_fingerprint(f"sha-256 {KEY.lower()}") == KEY
    for other in (f"sha-1 {KEY}", KEY, f"sha-256 {KEY[:-3]}", str(uuid4())):
        with pytest.raises(NotPassed):
            normal_fingerprint(other)
