"""Remains are offered to their home country by number, and each has its own answer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from wayhome.bureau.repatriations.policy import terms
from wayhome.lib.refusal import Refusal

# Customary rule 114 wants the return furthered, and names no time.
ANSWER_WITHIN = terms().answer
MOST_ON_OFFER = 500


class Answer(StrEnum):
    """What the home country said of one of the remains."""

    WAITS = "waits"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SILENCE = "silence"  # noted by a person, once the time was over


ANSWER_NAMES = {
    Answer.WAITS: _("waits for its answer"),
    Answer.ACCEPTED: _("accepted"),
    Answer.REFUSED: _("refused"),
    Answer.SILENCE: _("no answer"),
}
# A country may think better of it; after a silence it may still speak.
MAY_FOLLOW: dict[Answer, frozenset[Answer]] = {
    Answer.WAITS: frozenset({Answer.ACCEPTED, Answer.REFUSED, Answer.SILENCE}),
    Answer.REFUSED: frozenset({Answer.ACCEPTED}),
    Answer.SILENCE: frozenset({Answer.ACCEPTED, Answer.REFUSED}),
    Answer.ACCEPTED: frozenset({Answer.REFUSED}),
}
# While one of these stands, the same remains are not offered a second time.
STANDING = (Answer.WAITS, Answer.ACCEPTED)


@dataclass(frozen=True)
class Offered:
    """One of the remains as somebody would offer them."""

    number: str  # as it was typed
    known: bool = True
    named: bool = False
    grounds: str = ""  # why they are of that force, where nobody knows who they are
    offered: bool = False  # a standing offer lists them
    gone: bool = False
    against: tuple[Refusal, ...] = ()  # of going.why_not_go


def why_not_offer(power: str, many: Sequence[Offered]) -> Iterator[Refusal]:
    """Say why these remains cannot be offered to this country."""
    if not power.strip():
        yield Refusal("offer.no_power", _("Write the country."), field="power")
    if not many:
        yield Refusal("offer.empty", _("Write at least one number."), field="lines")
    if len(many) > MOST_ON_OFFER:
        text = _("An offer lists at most 500. Make a second one.")
        yield Refusal("offer.too_many", text, field="lines")
    for one in many:
        if reason := _why_not_this(one):
            told = _("%(number)s: %(reason)s") % {"number": one.number, "reason": reason.reason}
            yield Refusal(reason.code, told, reason.provision, "lines")


def _why_not_this(one: Offered) -> Refusal | None:
    if not one.known:
        return Refusal("offer.no_number", _("No remains have this number."))
    if one.gone:
        return Refusal("offer.gone", _("They have gone home."))
    if one.offered:
        return Refusal("offer.offered", _("They are offered already."))
    if not one.named and not one.grounds.strip():
        text = _("Nobody knows who they are. Write after a semicolon why they are of that force.")
        return Refusal("offer.no_grounds", text, "GC I 16")
    return one.against[0] if one.against else None


def why_not_send(*, sent: bool, against: Sequence[tuple[str, Refusal]]) -> Iterator[Refusal]:
    """Say why this offer cannot be sent now; `against` is what came up since it was written."""
    if sent:
        yield Refusal("offer.sent", _("This offer is sent."))
        return
    for number, reason in against:
        told = _("%(number)s: %(reason)s") % {"number": number, "reason": reason.reason}
        yield Refusal(reason.code, told, reason.provision)


@dataclass(frozen=True)
class Said:
    """What came as an answer."""

    answer: str
    on: date
    words: str = ""


def why_not_answer(
    said: Said,
    *,
    before: Sequence[Answer],
    sent_at: datetime | None,
    consigned: bool,
    offered_anew: bool = False,
    now: datetime,
    today: date,
) -> Iterator[Refusal]:
    """Say why this answer cannot be noted of those that were chosen."""
    if sent_at is None:
        yield Refusal("offer.not_sent", _("This offer is not sent yet."))
        return
    if not before:
        yield Refusal("offer.none", _("Choose at least one."), field="lines")
    if said.answer not in set(Answer) - {Answer.WAITS}:
        yield Refusal("offer.no_answer", _("Please choose an answer."), field="answer")
        return
    if any(Answer(said.answer) not in MAY_FOLLOW[one] for one in before):
        text = _("One of those that you chose has this answer, or one that it cannot follow.")
        yield Refusal("offer.answered", text, field="answer")
    if said.answer in STANDING and offered_anew:
        text = _("One of those is offered anew. Note the answer at the later offer.")
        yield Refusal("offer.anew", text, field="lines")
    if said.answer == Answer.SILENCE and now < sent_at + ANSWER_WITHIN:
        text = _("Its time is not over yet.")
        yield Refusal("offer.too_soon", text, field="answer")
    if said.answer == Answer.REFUSED and consigned:
        text = _("One of those stands on a consignment. Take it off there first.")
        yield Refusal("offer.consigned", text, field="answer")
    if said.on > today:
        yield Refusal("offer.future", _("This is in the future."), field="on")
    elif said.on < localdate(sent_at):
        yield Refusal("offer.before", _("This is before the offer was sent."), field="on")
