"""Custody is a chain: each change of hands has two ends, and what breaks the chain is computed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal

LONGEST_SEAL = 40
# Between giving and taking; a shorter one is the way between two rooms. Policy of the bureau:
# the Minnesota Protocol (2016) wants a chain without gaps and names no time.
GAP_FROM = timedelta(minutes=30)


class Break(StrEnum):
    """Why a chain is broken at a change of hands."""

    TIME = "time"
    HANDS = "hands"
    SEAL = "seal"
    NO_SEAL = "no seal"
    UNSIGNED = "unsigned"


BREAK_NAMES = {
    Break.TIME: _("between giving and taking nobody held them"),
    Break.HANDS: _("who gave them is not who had taken them"),
    Break.SEAL: _("the seal is not the one that was put on"),
    Break.NO_SEAL: _("they came without a seal"),
    Break.UNSIGNED: _("who gave them has not signed"),
}


@dataclass(frozen=True)
class Link:
    """One change of hands as the rules see it. Hands are a number of the staff, or a name."""

    number: int
    giver: str  # "" where they were found
    receiver: str
    given_at: datetime
    taken_at: datetime
    seal: str = ""  # as the receiver read it
    seal_put_on: str = ""  # the last that was put on before; "" for none yet
    giver_signed: bool = True
    from_grave: bool = False  # what lay in the earth was in no hands


@dataclass(frozen=True)
class Gap:
    """Where a chain is broken, and why."""

    number: int
    kind: Break
    lasted: timedelta | None = None


def to_the_minute(at: datetime) -> datetime:
    """A moment as people write it down: a later one of the same minute is not earlier than it."""
    return at.replace(second=0, microsecond=0)


def same_hands(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def same_seal(one: str, other: str) -> bool:
    return one.replace(" ", "").casefold() == other.replace(" ", "").casefold()


def gaps_of(links: Sequence[Link]) -> list[Gap]:
    """What breaks this chain; in the order of its links, nothing if it is whole."""
    before = [None, *links[:-1]] if links else []
    return [gap for last, link in zip(before, links, strict=True) for gap in _breaks(last, link)]


def _breaks(last: Link | None, link: Link) -> Iterator[Gap]:
    if link.taken_at - link.given_at > GAP_FROM:
        yield Gap(link.number, Break.TIME, link.taken_at - link.given_at)
    if not link.giver_signed:
        yield Gap(link.number, Break.UNSIGNED)
    if last is None:
        return
    if not link.from_grave and not same_hands(link.giver, last.receiver):
        yield Gap(link.number, Break.HANDS)
    if not link.seal:
        yield Gap(link.number, Break.NO_SEAL)
    elif not same_seal(link.seal, link.seal_put_on):
        yield Gap(link.number, Break.SEAL)


def why_not_hold(*, holds: bool, waits: bool, buried: bool) -> Refusal | None:
    """Say why nothing can be done with remains by whoever must have them for it."""
    if buried:
        return Refusal("custody.buried", _("They are buried."), "AP I 34")
    if waits:
        text = _("A change of hands waits for the second signature already.")
        return Refusal("custody.waits", text)
    if not holds:
        text = _("Somebody else has them. Only who has them can give them.")
        return Refusal("custody.not_yours", text, "Minnesota Protocol")
    return None


def why_not_hand_over(
    *, holds: bool, waits: bool, buried: bool, to_oneself: bool, condition: str
) -> Iterator[Refusal]:
    """Say why somebody cannot give these remains into other hands."""
    if refusal := why_not_hold(holds=holds, waits=waits, buried=buried):
        yield refusal
    if to_oneself:
        yield Refusal("custody.oneself", _("Nobody gives to themselves."), field="receiver")
    if not condition.strip():
        text = _("Write how bag and seal look.")
        yield Refusal("custody.no_condition", text, field="condition")


def why_not_times(
    *, given_at: datetime, taken_at: datetime | None, last_at: datetime | None, now: datetime
) -> Iterator[Refusal]:
    """Say why these moments cannot be those of the next change of hands."""
    if given_at > now:
        yield Refusal("custody.future", _("This is in the future."), field="given_on")
    if last_at and given_at < last_at:
        text = _("This is earlier than the change of hands before.")
        yield Refusal("custody.before_last", text, field="given_on")
    if taken_at and taken_at > now:
        yield Refusal("custody.taken_future", _("This is in the future."), field="taken_on")
    if taken_at and taken_at < given_at:
        text = _("They cannot be taken before they are given.")
        yield Refusal("custody.taken_before", text, field="taken_on")


def why_not_name(name: str, field: str) -> Refusal | None:
    """Say why somebody from outside cannot be an end of a change of hands."""
    if not name.strip():
        text = _("Write the name, and for whom they work.")
        return Refusal("custody.no_name", text, "Minnesota Protocol", field=field)
    return None


def why_not_receive(*, able: bool) -> Refusal | None:
    """Say why one of the staff cannot be an end of a change of hands."""
    if not able:
        text = _("This person does not keep remains.")
        return Refusal("custody.not_able", text, field="receiver")
    return None


def why_not_take_over(
    *, outside_holds: bool, waits: bool, buried: bool, holds: bool, reason: str
) -> Iterator[Refusal]:
    """Say why they cannot be taken by one signature alone.

    From named hands outside one signature is enough. Who has them here must sign; where that is
    not possible the reason stands in the chain, as a gap.
    """
    if buried:
        yield Refusal("custody.buried", _("They are buried."), "AP I 34")
    elif waits:
        text = _("A change of hands waits for the second signature already.")
        yield Refusal("custody.waits", text)
    elif holds:
        yield Refusal("custody.yours", _("You have them already."))
    elif not outside_holds and not reason.strip():
        text = _("Who has them must give them. Write why they cannot sign: it stands as a gap.")
        yield Refusal("custody.unsigned", text, "Minnesota Protocol", field="reason")


def why_not_take(*, waits: bool, for_them: bool) -> Refusal | None:
    """Say why this person cannot sign for taking what another gives."""
    if not waits:
        return Refusal("custody.signed", _("This change of hands is signed or taken back already."))
    if not for_them:
        text = _("Only who is named as the receiver can sign.")
        return Refusal("custody.another", text, "Minnesota Protocol")
    return None


def why_not_take_back(*, waits: bool, own: bool) -> Refusal | None:
    """Say why this offer cannot be taken back."""
    if not waits:
        return Refusal("custody.signed", _("This change of hands is signed or taken back already."))
    if not own:
        return Refusal("custody.not_yours", _("Only who gives them can take this back."))
    return None


def why_not_gone(*, outside_holds: bool) -> Refusal | None:
    """Say why it cannot be noted that they have gone home."""
    if not outside_holds:
        text = _("They are in hands of ours.")
        return Refusal("custody.with_us", text, "Minnesota Protocol")
    return None


def why_not_seal(
    *, holds: bool, seal: str, used: bool, first: bool, reason: str
) -> Iterator[Refusal]:
    """Say why this seal cannot be put on."""
    if not holds:
        text = _("Somebody else has them. Only who has them can seal them.")
        yield Refusal("custody.not_yours", text, "Minnesota Protocol")
    if not seal.strip():
        yield Refusal("custody.no_seal", _("Write the number of the seal."), field="seal")
    elif used:
        text = _("This seal was put on before. A seal is used once.")
        yield Refusal("custody.seal_used", text, "Minnesota Protocol", field="seal")
    if not first and not reason.strip():
        text = _("Write why the seal before was opened.")
        yield Refusal("custody.no_reason", text, "Minnesota Protocol", field="reason")
