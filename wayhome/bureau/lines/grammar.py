"""What two browsers may say to each other through us: a strict grammar, and no room beside it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from wayhome.bureau.lines.sdp import NotPassed, passed_candidate, passed_description

MOST_ATTEMPTS = 10_000
LONGEST_MID = 16
# A code stands between two browsers by shares of both; the one who offers promises theirs first.
PROMISE = re.compile(r"[0-9a-f]{64}")
SHARE = re.compile(r"[0-9a-f]{32}")
HEXADECIMAL = {"promise": PROMISE, "share": SHARE}
KINDS = {
    "offer": ("sdp", "promise"),
    "answer": ("sdp", "share"),
    "share": ("share",),
    "candidate": ("candidate", "mid", "line"),
    "again": (),  # the one who offers is asked to offer anew
}


@dataclass(frozen=True)
class Words:
    """One message of a browser to another. `attempt` tells a try from the one before."""

    kind: str
    to: UUID
    attempt: int
    content: dict[str, Any]

    def body(self) -> dict[str, Any]:
        """As it is stored and sent on."""
        return {"type": self.kind, "attempt": self.attempt, **self.content}


def words_in(message: Mapping[str, Any], relay: Collection[str], *, fingerprint: str) -> Words:
    """What may go on of a message. Raises NotPassed."""
    kind = message.get("type")
    if not isinstance(kind, str) or kind not in KINDS:
        raise NotPassed("no message of ours")
    if set(message) != {"type", "to", "attempt", *KINDS[kind]}:
        raise NotPassed("too much or too little")
    attempt = number_in(message["attempt"], MOST_ATTEMPTS)
    to = id_in(message["to"])
    return Words(kind, to, attempt, content_in(message, relay, fingerprint))


def content_in(
    message: Mapping[str, Any], relay: Collection[str], fingerprint: str
) -> dict[str, Any]:
    """What a message holds besides whom it is for."""
    if "candidate" in message:
        return candidate_in(message, relay)
    content = {name: hexadecimal_in(message, name) for name in HEXADECIMAL if name in message}
    if "sdp" in message:
        text = text_in(message["sdp"])
        content["sdp"] = passed_description(text, relay, fingerprint=fingerprint)
    return content


def candidate_in(message: Mapping[str, Any], relay: Collection[str]) -> dict[str, Any]:
    """A candidate and the part of the description that it belongs to."""
    mid = text_in(message["mid"])
    if len(mid) > LONGEST_MID or not mid.isalnum():
        raise NotPassed("no part of a description")
    return {
        "candidate": passed_candidate(text_in(message["candidate"]), relay),
        "mid": mid,
        "line": number_in(message["line"], 1),
    }


def hexadecimal_in(message: Mapping[str, Any], name: str) -> str:
    """A promise or a share, of its one length. Raises NotPassed for anything else."""
    text = text_in(message[name])
    if not HEXADECIMAL[name].fullmatch(text):
        raise NotPassed(f"no {name}")
    return text


def id_in(value: Any) -> UUID:
    """Raises NotPassed if it is no id."""
    try:
        return UUID(text_in(value))
    except ValueError as error:
        raise NotPassed("no id") from error


def number_in(value: Any, most: int) -> int:
    """Raises NotPassed if it is no number from 0 to `most`."""
    if type(value) is not int or not 0 <= value <= most:
        raise NotPassed("no number")
    return value


def text_in(value: Any) -> str:
    """Raises NotPassed if it is no text."""
    if not isinstance(value, str):
        raise NotPassed("no text")
    return value
