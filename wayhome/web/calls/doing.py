"""What a message on a line does: each a transaction, each asked again whether it may."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import Max
from django.utils import timezone

from wayhome.bureau.consents.models import Sitting
from wayhome.bureau.consents.sittings import touch
from wayhome.bureau.contact.calls import actions as calls
from wayhome.bureau.contact.calls.models import CallParty
from wayhome.bureau.contact.calls.rules import (
    STAFF_KINDS,
    TALKING,
    CallState,
    PartyKind,
    Reason,
)
from wayhome.bureau.lines import actions as lines
from wayhome.bureau.lines.grammar import KINDS, id_in, number_in, text_in, words_in
from wayhome.bureau.lines.models import BoundKey, Signal
from wayhome.bureau.lines.sdp import NotPassed, normal_fingerprint
from wayhome.bureau.staff.models import Staff
from wayhome.lib.refusal import Refusal, Refused
from wayhome.web.calls.who import Caller, caller_of

LAST_SIGNAL = 2**53 - 1  # that a page can count exactly
Answer = dict[str, Any] | None


class NotIn(Exception):
    """A browser that is not let in; `told` is the whole of what it hears."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told
        super().__init__(told["type"])


@dataclass(frozen=True)
class Came:
    """One connection that was let in."""

    session_key: str
    call: UUID
    party: UUID
    connection: UUID


def come_in(session_key: str, hello: dict[str, Any]) -> tuple[Came, int, dict[str, Any]]:
    """Let a browser in, bind its key, and say how it reaches the relay.

    Raises NotIn. A second connection of somebody who is in a running call is one too many: it is
    refused, and the call ends.
    """
    before, after, fingerprint = hello_in(hello)
    caller = caller_of(session_key)
    if caller is None:
        raise NotIn({"type": "not_in"})
    party = caller.party
    look_whether_over(caller)
    if before is not None and before == party.connection:
        calls.disconnect(party=party, connection=before, at=party.seen_at)
    came = Came(session_key, party.call_id, party.pk, uuid4())
    try:
        calls.connect(party=party, device=caller.device, connection=came.connection)
    except Refused as refused:
        end_if_one_too_many(party, refused.refusal)
        raise NotIn({"type": "not_in", "code": refused.refusal.code}) from refused
    lines.bind_key(
        call=came.call, party=came.party, connection_id=came.connection, fingerprint=fingerprint
    )
    lines.tell(came.call)
    heard = after if before is not None else last_signal(came.call)
    return came, heard, welcome(came, party, heard)


def hello_in(hello: dict[str, Any]) -> tuple[UUID | None, int, str]:
    """The first word: which connection this page had before, what it heard, its key."""
    if set(hello) != {"type", "before", "after", "key"} or hello["type"] != "hello":
        raise NotPassed("no greeting")
    before = id_in(hello["before"]) if hello["before"] else None
    key = normal_fingerprint(f"sha-256 {text_in(hello['key'])}")
    return before, number_in(hello["after"], LAST_SIGNAL), key


def look_whether_over(caller: Caller) -> None:
    """Say that a call is over: to a family only from the moment on that its page does."""
    party = caller.party
    if party.call.over_at is None and party.left_at is None:
        return
    wait = calls.seconds_until_told(party)
    raise NotIn({"type": "wait", "seconds": wait} if wait else {"type": "over"})


def end_if_one_too_many(party: CallParty, refusal: Refusal) -> None:
    """End a running call that somebody else tries to be in."""
    if refusal.code in ("call.two_tabs", "call.device") and party.admitted_at is not None:
        calls.stop_by_machine(call=party.call, reason=Reason.EXTRA_CONNECTION)


def last_signal(call: UUID) -> int:
    """From where a page that was opened anew hears."""
    return Signal.objects.filter(call=call).aggregate(last=Max("pk"))["last"] or 0


def welcome(came: Came, party: CallParty, heard: int) -> dict[str, Any]:
    """What a browser is told when it was let in."""
    return {
        "type": "welcome",
        "you": str(came.party),
        "kind": party.kind,
        "connection": str(came.connection),
        "after": heard,
        "ways": ways(came),
    }


def ways(came: Came) -> Answer:
    """How it reaches the relay; nothing where there is none, and so no call."""
    given = lines.ways_of(call=came.call, party=came.party)
    if given is None:
        return None
    return {
        "urls": list(given.urls),
        "username": given.credential.username,
        "credential": given.credential.password,
    }


def go_out(came: Came) -> None:
    """The socket has closed: the line may come back."""
    party = CallParty.objects.select_related("call").get(pk=came.party)
    if party.connection == came.connection:
        calls.disconnect(party=party, connection=came.connection, at=timezone.now())


def take(came: Came, said: dict[str, Any]) -> Answer:
    """Do what was said. Raises NotPassed for what is no message, Refused for what may not be."""
    kind = said["type"]
    if kind in KINDS:
        return speak(came, said)
    caller = caller_of(came.session_key)
    if caller is None or caller.party.pk != came.party:
        raise NotPassed("the session is over")
    if caller.party.connection != came.connection:
        raise NotPassed("another connection came in")
    act = ACTS.get(kind)
    if act is None:
        raise NotPassed("no message of ours")
    return act(came, caller, said)


def speak(came: Came, said: dict[str, Any]) -> Answer:
    """Pass words on to another browser of the call, if both are let in by the supervisor.

    The session is not asked here, as there may be a hundred in a second: each beat asks it.
    """
    relay, key = lines.relay(), BoundKey.objects.filter(party=came.party).first()
    if relay is None or key is None or key.connection != came.connection:
        raise Refused(Refusal("line.none", "no relay, or no key"))
    words = words_in(said, relay.addresses, fingerprint=key.fingerprint)
    in_it = CallParty.objects.filter(call=came.call, call__state=CallState.OPEN, left_at=None)
    both = in_it.exclude(admitted_at=None).filter(pk__in=[words.to, came.party])
    ends = dict(both.values_list("pk", "connection"))
    if set(ends) != {came.party, words.to}:
        raise Refused(Refusal("line.not_in", "one of the two is not in"))
    if ends[came.party] != came.connection:
        raise NotPassed("it fell silent, or another connection came in")
    lines.pass_on(call=came.call, sender=came.party, words=words)
    return None


def beat(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """It is there. A captive's sitting stays open while he talks."""
    only(said)
    calls.beat(party=caller.party, connection=came.connection)
    if isinstance(caller.person, Sitting):
        touch(caller.person)
    return {"type": "beat", "left": calls.seconds_left(caller.party.call)}


def ask_ways(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """A new credential for a line that is to be mended."""
    only(said)
    given = ways(came) if caller.party.call.over_at is None else None
    return {"type": "ways", "ways": given}


def together(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """The two hear each other, or not any more: their minutes run only meanwhile."""
    only(said, "yes")
    if type(said["yes"]) is not bool:
        raise NotPassed("neither yes nor no")
    if caller.party.kind in TALKING:
        calls.note_together(call=caller.party.call, together=said["yes"])
    return None


def end(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """The one big button. Family and captive need no reason; who accompanies takes one."""
    names = {"reason"} & set(said)
    only(said, *names)
    if caller.party.kind == PartyKind.INTERPRETER and not names:
        calls.leave(party=caller.party, by=caller.person)
    else:
        reason = reason_in(said) if names else ""
        calls.stop(call=caller.party.call, by=caller.person, reason=reason)
    return {"type": "over"}


def admit(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """Somebody is let in from the waiting room.

    The family last: who accompanies the call has seen the captive's corner, which tells no place.
    """
    party = other(came, said, "checked")
    if party.kind == PartyKind.FAMILY and said["checked"] is not True:
        raise Refused(Refusal("line.corner", "the captive's corner was not looked at"))
    calls.admit(party=party, by=companion(caller))
    return None


def mute(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """A voice and a picture are taken away, for a reason of the list."""
    party = other(came, said, "reason")
    calls.mute(party=party, reason=reason_in(said), by=companion(caller))
    return None


def unmute(came: Came, caller: Caller, said: dict[str, Any]) -> Answer:
    """And given back."""
    calls.unmute(party=other(came, said), by=companion(caller))
    return None


ACTS: dict[str, Callable[[Came, Caller, dict[str, Any]], Answer]] = {
    "beat": beat,
    "ways": ask_ways,
    "together": together,
    "end": end,
    "admit": admit,
    "mute": mute,
    "unmute": unmute,
}


def only(said: dict[str, Any], *names: str) -> None:
    """Raises NotPassed if a message holds anything else."""
    if set(said) != {"type", *names}:
        raise NotPassed("too much or too little")


def other(came: Came, said: dict[str, Any], *names: str) -> CallParty:
    """The participant that a message is about."""
    only(said, "party", *names)
    party = CallParty.objects.filter(call=came.call, pk=id_in(said["party"])).first()
    if party is None:
        raise NotPassed("nobody of this call")
    return party


def reason_in(said: dict[str, Any]) -> Reason:
    """Raises NotPassed if it is not of the list."""
    try:
        return Reason(text_in(said["reason"]))
    except ValueError as error:
        raise NotPassed("no reason of the list") from error


def companion(caller: Caller) -> Staff:
    """The one who accompanies the call. Raises Refused for anybody else."""
    if caller.party.kind not in STAFF_KINDS or not isinstance(caller.person, Staff):
        raise Refused(Refusal("line.not_yours", "only who accompanies the call may do this"))
    return caller.person
