"""The act of handover and what must stand before it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules import Reason
from wayhome.lib.refusal import Refusal


class ActState(StrEnum):
    PREPARED = "prepared"
    SEALED = "sealed"
    STOPPED = "stopped"  # he said no at the door, or what it rested on was withdrawn


STATE_NAMES = {
    ActState.PREPARED: _("Being prepared"),
    ActState.SEALED: _("Sealed"),
    ActState.STOPPED: _("Stopped"),
}


class MedicalFile(StrEnum):
    """What becomes of what physicians wrote about him. It goes to nobody but him."""

    GIVEN = "given"
    FOLLOWS = "follows"
    NONE = "none"


MEDICAL_FILE_NAMES = {
    MedicalFile.GIVEN: _("Given to him, sealed"),
    MedicalFile.FOLLOWS: _("It follows him by the Red Cross"),
    MedicalFile.NONE: _("There is none"),
}


@dataclass(frozen=True)
class Onward:
    """What goes with him: his medical file; and how he wants to be reached later, if at all."""

    medical: MedicalFile
    reach: str = ""  # empty: nobody calls

    def as_kept(self) -> dict[str, str]:
        return {"medical": self.medical, "reach": self.reach}


class PassHow(StrEnum):
    """How whoever came was known by the pass of the journey."""

    TEXT = "text"  # of its code, scanned or typed
    WORD = "word"  # that the family says
    LOST = "lost"


PASS_NAMES = {
    PassHow.TEXT: _("verified: signed by the bureau, of this journey and this day"),
    PassHow.WORD: _("known by its word, of this journey and this day"),
    PassHow.LOST: _("lost"),
}


@dataclass(frozen=True)
class ShownPass:
    """What whoever came has of the pass: its text, its word, or how it was lost."""

    how: PassHow
    said: str

    def as_kept(self) -> dict[str, str]:
        """That it was verified, or why it is not there; the pass and its word are not kept."""
        return {"how": self.how, "why": self.said if self.how == PassHow.LOST else ""}


@dataclass(frozen=True)
class LookedAt:
    """What the bureau finds of a text or a word."""

    is_ours: bool
    is_theirs: bool = False  # of the journey by which they came
    stands: bool = False
    on: date | None = None


SIGNERS = ("he", "she", "witness")
LARGEST_SIGNATURE_BYTES = 400_000


SECOND = Refusal("handovers.second", _("There is an act for this man already."))


@dataclass(frozen=True)
class Readiness:
    """What of an act is there already."""

    state: ActState
    on: date
    today: date
    granted: bool
    reasons: tuple[Reason, ...]  # against the road and the way out, as returns.rules lists them
    identified: frozenset[str]
    last_answer: str  # "", "yes" or "no"
    belongings_explained: bool
    onward_noted: bool  # what goes with him
    effects_listed: bool  # every line that the register of effects holds for him now
    signed: frozenset[str]
    she_comes: bool
    pass_noted: bool  # or there is none to ask for

    @property
    def needed(self) -> frozenset[str]:
        """Who must be identified and sign, besides the witness: she only where she came."""
        return frozenset({"he", "she"}) if self.she_comes else frozenset({"he"})


def why_not_prepare(
    *,
    granted: bool,
    appointed: bool,
    reasons: list[Reason],
    one_stands: bool,
    yes_is_old: bool = False,
) -> list[Refusal]:
    """Say why an act cannot be begun; an empty list permits it."""
    refusals = [Refusal(reason.code, reason.words, reason.provision) for reason in reasons]
    if not granted:
        refusals.append(Refusal("handovers.not_granted", _("No decision opens this road yet.")))
    if not appointed:
        refusals.append(Refusal("handovers.no_day", _("No day is set.")))
    if one_stands:
        refusals.append(SECOND)
    if yes_is_old:
        refusals.append(_SAY_IT_ANEW)
    return refusals


def why_not_change(state: ActState) -> Refusal | None:
    """Say why an act cannot be worked on, or None if it can."""
    if state == ActState.SEALED:
        return Refusal("handovers.sealed", _("This act is sealed."))
    if state == ActState.STOPPED:
        return Refusal("handovers.stopped", _("This act was stopped."))
    return None


def why_not_ask(*, on: date, today: date, asked: bool) -> Refusal | None:
    """The last question is asked on the day itself, once."""
    if today != on:
        return Refusal("handovers.not_the_day", _("The last question is asked on the day itself."))
    if asked:
        return Refusal("handovers.asked", _("The last question was asked already."))
    return None


def why_not_take_pass(shown: ShownPass | None, looked: LookedAt, *, today: date) -> Refusal | None:
    """Say why a pass does not identify whoever came, or None if it does, or is told lost."""
    if shown is None:
        return _NO_PASS
    if shown.how == PassHow.LOST:
        return None if shown.said else _SAY_HOW_LOST
    if not looked.is_ours:
        return _NOT_ITS_WORD if shown.how == PassHow.WORD else _NOT_OURS
    if not looked.is_theirs:
        return _OTHER_JOURNEY
    if not looked.stands:
        return _INVALID
    return None if looked.on == today else _OTHER_DAY


def why_not_seal(ready: Readiness) -> list[Refusal]:
    """Say everything that stands against the seal; an empty list permits it."""
    refusals = [Refusal(reason.code, reason.words, reason.provision) for reason in ready.reasons]
    missing = [
        (why_not_change(ready.state) is not None, why_not_change(ready.state)),
        (
            not ready.granted,
            Refusal("handovers.not_granted", _("No decision opens this road yet.")),
        ),
        (ready.today != ready.on, Refusal("handovers.not_the_day", _("Today is not the day set."))),
        (not ready.needed <= ready.identified, _NOT_IDENTIFIED),
        (not ready.pass_noted, _NO_PASS),
        (ready.last_answer != "yes", _NOT_ASKED),
        (not ready.onward_noted, _ONWARD),
        (not ready.belongings_explained, _BELONGINGS),
        (not ready.effects_listed, _REGISTER),
        (not (ready.needed | {"witness"}) <= ready.signed, _NOT_SIGNED),
    ]
    return refusals + [refusal for stands, refusal in missing if stands and refusal]


# The same words whatever he said at the last question: his answer is sealed.
_SAY_IT_ANEW = Refusal(
    "handovers.yes_is_old",
    _("An act for him was stopped after the last question. He must first say yes anew."),
    "GC III 7",
)
_NOT_IDENTIFIED = Refusal("handovers.identity", _("Not everybody is identified."))
_NO_PASS = Refusal(
    "handovers.pass", _("The pass of the person who came is neither verified nor told lost.")
)
_SAY_HOW_LOST = Refusal("handovers.pass_lost", _("Write how the pass was lost."))
_NOT_OURS = Refusal(
    "handovers.pass_not_ours", _("This is no pass of ours: it is not signed by us.")
)
_NOT_ITS_WORD = Refusal(
    "handovers.pass_word", _("This is not the word of a pass that is valid for this journey.")
)
_OTHER_JOURNEY = Refusal(
    "handovers.pass_journey",
    _("This pass is ours, but of another journey. It identifies nobody here."),
)
_INVALID = Refusal("handovers.pass_invalid", _("This pass was made invalid."))
_OTHER_DAY = Refusal("handovers.pass_day", _("This pass is ours, but for another day."))
_NOT_ASKED = Refusal(
    "handovers.last_question", _("He has not said yes to the last question, asked alone today.")
)
_BELONGINGS = Refusal(
    "handovers.belongings", _("A belonging is neither returned nor explained."), "GC III 18, 119"
)
_ONWARD = Refusal(
    "handovers.onward",
    _("His medical file, and whether he wants to be reached later, are not noted."),
    "GC III 30",
)
_REGISTER = Refusal(
    "handovers.register",
    _("The list is not what the register of effects holds for him now. List his belongings again."),
    "GC III 18, 119",
)
_NOT_SIGNED = Refusal("handovers.signatures", _("A signature is missing."))
