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
