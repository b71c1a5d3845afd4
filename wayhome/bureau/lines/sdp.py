"""Session descriptions and candidates as they may pass: no address but the relay's, ever.

RFC 8866 (descriptions), RFC 8839 (candidates). A browser may lie about the type of a candidate, so
its address is compared too. What is not known here does not pass.
"""

import re
from collections.abc import Collection

LARGEST_CHARACTERS = 16_000
NOWHERE = "0.0.0.0"
KINDS_OF_MEDIA = ("audio", "video")
# Line types of a description, and the attributes that two browsers need to hear and see each other.
PASSING_LINES = frozenset("vostmcab")
PASSING_ATTRIBUTES = frozenset(
    {
        "group", "extmap-allow-mixed", "msid-semantic", "rtcp", "ice-ufrag", "ice-pwd",
        "ice-options", "fingerprint", "setup", "mid", "extmap", "sendrecv", "sendonly", "recvonly",
        "inactive", "msid", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "rtpmap", "rtcp-fb", "fmtp",
        "ssrc", "ssrc-group", "end-of-candidates", "bundle-only", "ptime", "maxptime",
    }
)  # fmt: skip
FINGERPRINT = re.compile(r"sha-256 ([0-9A-F]{2}(?::[0-9A-F]{2}){31})", re.IGNORECASE)
# foundation component transport priority address port "typ" type; then pairs of name and value.
CANDIDATE = re.compile(
    r"candidate:([A-Za-z0-9+/]{1,32}) (\d{1,3}) (udp|tcp) (\d{1,10})"
    r" ([0-9A-Fa-f.:]{2,45}) (\d{1,5}) typ (host|srflx|prflx|relay)"
    r"((?: [a-z-]{1,32} [^\s]{1,64})*)",
    re.IGNORECASE,
)
# Of the pairs that follow, those that tell no address.
PASSING_PAIRS = frozenset({"generation", "ufrag", "network-cost", "tcptype"})
ADDRESS = re.compile(r"\bIN (IP4|IP6) (\S+)")


class NotPassed(ValueError):
    """What a browser sent may not go to another; the text says why, without what it held."""


def passed_candidate(line: str, relay: Collection[str]) -> str:
    """A candidate as it goes on: the relay's own address, and nothing that tells another.

    Raises NotPassed for every other kind, and for an address that only says it is the relay's.
    """
    found = CANDIDATE.fullmatch(line.strip().removeprefix("a="))
    if found is None:
        raise NotPassed("no candidate")
    if found[7].lower() != "relay" or found[5].lower() not in relay:
        raise NotPassed("an address that is not the relay's")
    head = " ".join(found[number] for number in range(1, 7))
    return f"candidate:{head} typ relay raddr {NOWHERE} rport 0{_harmless(found[8])}"


def _harmless(pairs: str) -> str:
    words = pairs.split()
    kept = zip(words[::2], words[1::2], strict=True)
    return "".join(f" {name} {value}" for name, value in kept if name in PASSING_PAIRS)


def passed_description(text: str, relay: Collection[str], *, fingerprint: str) -> str:
    """A description as it goes on: sound and picture only, under the key bound to its sender.

    Candidates that are not the relay's are taken out, addresses blanked, attributes that are not
    needed dropped. Raises NotPassed if it is none, asks for data, or has another key.
    """
    if not 0 < len(text) <= LARGEST_CHARACTERS:
        raise NotPassed("too long")
    lines = [kept for line in text.splitlines() if (kept := _passed_line(line, relay))]
    _look_at_keys(lines, fingerprint)
    return "\r\n".join(lines) + "\r\n"


def _passed_line(line: str, relay: Collection[str]) -> str:
    kind, equals, value = line.partition("=")
    if equals != "=" or len(kind) != 1 or not line.isprintable():
        raise NotPassed("no session description")
    if kind not in PASSING_LINES:
        return ""
    if kind == "m":
        return _media(value)
    return _attribute(value, relay) if kind == "a" else blanked(line)


def _media(value: str) -> str:
    kind, *rest = value.split(" ")
    if kind not in KINDS_OF_MEDIA or len(rest) < 3:
        raise NotPassed("something besides sound and picture")
    return f"m={kind} 9 {' '.join(rest[1:])}"


def _attribute(value: str, relay: Collection[str]) -> str:
    name = value.partition(":")[0]
    if name == "candidate":
        try:
            return f"a={passed_candidate(value, relay)}"
        except NotPassed:
            return ""
    return blanked(f"a={value}") if name in PASSING_ATTRIBUTES else ""


def blanked(line: str) -> str:
    """The line without an address."""
    return ADDRESS.sub(f"IN IP4 {NOWHERE}", line)


def _look_at_keys(lines: list[str], fingerprint: str) -> None:
    told = [line.removeprefix("a=fingerprint:") for line in lines if "fingerprint" in line]
    media = sum(line.startswith("m=") for line in lines)
    if not media or media > len(KINDS_OF_MEDIA) or not told:
        raise NotPassed("no session description")
    if any(normal_fingerprint(one) != fingerprint for one in told):
        raise NotPassed("another key than the one bound to this session")


def normal_fingerprint(told: str) -> str:
    """A SHA-256 fingerprint in capitals, without its name. Raises NotPassed for anything else."""
    found = FINGERPRINT.fullmatch(told.strip())
    if found is None:
        raise NotPassed("no fingerprint")
    return found[1].upper()
