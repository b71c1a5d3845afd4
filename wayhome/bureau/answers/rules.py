"""How a family is invited to a talk, and what is told in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.refusal import Refusal


class MessageState(StrEnum):
    """Of one e-mail. Its Message-ID is written before the first try."""

    WRITTEN = "written"
    TRYING = "trying"
    SENT = "sent"
    REFUSED = "refused"  # the server said no: certainly not sent
    UNKNOWN = "unknown"  # the server's answer is unknown: a person decides
    SETTLED = "settled"  # a person decided that it counts as sent
    STOPPED = "stopped"  # before any try: what it rested on was withdrawn


MESSAGE_STATE_NAMES = {
    MessageState.WRITTEN: _("Waits to be sent"),
    MessageState.TRYING: _("Being sent"),
    MessageState.SENT: _("Sent"),
    MessageState.REFUSED: _("Refused by the mail server"),
    MessageState.UNKNOWN: _("It is not known whether it was sent"),
    MessageState.SETTLED: _("Settled by a person"),
    MessageState.STOPPED: _("Stopped"),
}
# What may follow what. Only a person leads out of UNKNOWN and REFUSED.
MESSAGE_MAY_FOLLOW: dict[MessageState, frozenset[MessageState]] = {
    MessageState.WRITTEN: frozenset({MessageState.TRYING, MessageState.STOPPED}),
    MessageState.TRYING: frozenset({MessageState.SENT, MessageState.REFUSED, MessageState.UNKNOWN}),
    MessageState.SENT: frozenset(),
    MessageState.REFUSED: frozenset({MessageState.WRITTEN, MessageState.SETTLED}),
    MessageState.UNKNOWN: frozenset({MessageState.WRITTEN, MessageState.SETTLED}),
    MessageState.SETTLED: frozenset(),
    MessageState.STOPPED: frozenset(),
}
BY_A_PERSON = frozenset({MessageState.REFUSED, MessageState.UNKNOWN})


class InvitationState(StrEnum):
    OPEN = "open"
    TALKED = "talked"
    STOPPED = "stopped"


class ReachOutcome(StrEnum):
    """What came of one try to reach somebody whom a captive named."""

    TOLD = "told"
    NOT_REACHED = "not reached"
    WRONG_ANSWER = "wrong answer"


OUTCOME_NAMES = {
    ReachOutcome.TOLD: _("told"),
    ReachOutcome.NOT_REACHED: _("not reached yet"),
    ReachOutcome.WRONG_ANSWER: _("the answer was wrong, nothing was told"),
}


@dataclass(frozen=True)
class Naming:
    """What telling somebody whom he named rests on, at this moment."""

    before_neutral: bool
    has_question: bool
    harm_flag: bool
    held: bool
    settled: bool  # told, or the answer was wrong


def why_not_reach(facts: Naming) -> list[Refusal]:
    """Every reason why this person may not be told now; an empty list permits it.

    His naming is the yes, so a neutral must have been there (P7); the answer to his question is
    the proof that the voice on the line is whom he meant.
    """
    asked = (
        (not facts.settled, "reach.settled", _("This is settled. He may name the person anew.")),
        (facts.before_neutral, "reach.neutral",
         _("No neutral was there when he named this person. He is asked once more.")),
        (facts.has_question, "reach.question",
         _("He gave no question that only this person can answer. He is asked for one.")),
        (not facts.harm_flag, "consents.harm", _("Stopped by the legal officer.")),
        (facts.held, "consents.state", _("His state changed. A person must look at it first.")),
    )  # fmt: skip
    return [Refusal(code, reason) for holds, code, reason in asked if not holds]


def why_not_invite(
    *, against: Sequence[Refusal], one_is_open: bool, told: bool, frozen: bool
) -> list[Refusal]:
    """Say why a family cannot be invited to a talk; an empty list permits it.

    `against` is what stands against telling that he lives. `frozen`: he died, fled, was exchanged
    or returned since: no invitation by habit, a person looks first (P20).
    """
    refusals = list(against)
    if one_is_open:
        refusals.append(Refusal("answers.invited", _("An invitation is open already.")))
    if told:
        refusals.append(Refusal("answers.told", _("The first news was told already.")))
    if frozen:
        refusals.append(
            Refusal("answers.frozen", _("His state changed. A person must look at it first."))
        )
    return refusals


def why_not_tell(*, state: InvitationState, against: Sequence[Refusal]) -> list[Refusal]:
    """Say why what was said cannot be noted as told; an empty list permits it."""
    refusals = list(against)
    if state != InvitationState.OPEN:
        refusals.append(Refusal("answers.not_open", _("This invitation is not open.")))
    return refusals


def why_not_settle(state: MessageState) -> Refusal | None:
    """A person decides only where the machine cannot know."""
    if state not in BY_A_PERSON:
        return Refusal("answers.not_unknown", _("This message needs no decision."))
    return None


def why_not_ask_again(*, is_of_now: bool) -> Refusal | None:
    """The question of another month is not sent again."""
    if not is_of_now:
        return Refusal("answers.other_month", _("Another question is asked now."))
    return None


def why_not_try_again(state: InvitationState) -> Refusal | None:
    """What an invitation rested on may have been withdrawn since: then no letter follows."""
    if state != InvitationState.OPEN:
        return Refusal("answers.not_open", _("This invitation is not open."))
    return None


class FreezeCause(StrEnum):
    """What happened, after which no machine tells, reminds or prompts a family (P20)."""

    DIED = "died"
    ESCAPED = "escaped"
    EXCHANGED = "exchanged"
    RELEASED = "released"
    ILL = "seriously ill"
    DOUBT = "doubt"  # whether he is the person sought


FREEZE_CAUSES = {
    FreezeCause.DIED: _("He died."),
    FreezeCause.ESCAPED: _("He escaped."),
    FreezeCause.EXCHANGED: _("He was exchanged."),
    FreezeCause.RELEASED: _("He was released."),
    FreezeCause.ILL: _("He is seriously ill or wounded."),
    FreezeCause.DOUBT: _("It is doubted that he is the person sought."),
}
# After these he is not with us any more: what was told of him before is not shown as it stood.
GONE = frozenset(
    {FreezeCause.DIED, FreezeCause.ESCAPED, FreezeCause.EXCHANGED, FreezeCause.RELEASED}
)


class FreezeEnd(StrEnum):
    SPOKEN = "spoken"
    LOOKED_AT = "looked at"  # she knows nothing of him yet, and nothing may be told
    MATCH_WITHDRAWN = "match withdrawn"  # what she was told is told again by its own desk


FREEZE_ENDS = {
    FreezeEnd.SPOKEN: _("a person has spoken with her"),
    FreezeEnd.LOOKED_AT: _("looked at: she knows nothing yet, and nothing may be told"),
    FreezeEnd.MATCH_WITHDRAWN: _("the match was withdrawn"),
}


def what_holds_back(*, cause: FreezeCause, told: bool, against: Sequence[Refusal]) -> list[Refusal]:
    """What of `against`, asked of telling that he lives, forbids a talk about the change.

    That his state changed is what the talk is about. His no ends with his death as to the fact of
    death (P7), and was no no to a family that was told of him. A harm flag closes it always.
    """
    over = {"consents.state"}
    if told or cause == FreezeCause.DIED:
        over |= {"consents.no_yes", "consents.neutral"}
    return [refusal for refusal in against if refusal.code not in over]


def why_not_invite_after(
    *, ended: bool, told: bool, one_is_open: bool, held_back: Sequence[Refusal]
) -> list[Refusal]:
    """Say why a family whose messages are frozen cannot be invited; empty permits it.

    Whoever was told of him already is simply called: there is nothing to be kept alike any more.
    """
    refusals = list(held_back)
    if ended:
        refusals.append(Refusal("freeze.ended", _("A person has looked at this already.")))
    if one_is_open:
        refusals.append(Refusal("answers.invited", _("An invitation is open already.")))
    if told:
        refusals.append(Refusal("answers.told", _("The first news was told already.")))
    return refusals


def why_not_end_freeze(
    *, end: str, ended: bool, told: bool, invited: bool, held_back: Sequence[Refusal]
) -> list[Refusal]:
    """Say why a person cannot note this; an empty list permits it."""
    if ended:
        return [Refusal("freeze.ended", _("A person has looked at this already."))]
    if end == FreezeEnd.SPOKEN:
        if told or invited:
            return list(held_back)
        return [Refusal("freeze.not_invited", _("She is invited first, in the same words as all."))]
    if end == FreezeEnd.LOOKED_AT:
        if told or invited:
            return [Refusal("freeze.must_speak", _("She was told of him, or is invited: speak."))]
        return []
    return [Refusal("freeze.end", _("Please choose what came of it."), field="end")]
