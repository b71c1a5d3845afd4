"""How far kinship is proven, and what proves it."""

from collections.abc import Mapping, Set
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.lib.media import Refused as PaperRefused
from wayhome.lib.refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST_PAPERS = 20  # of one enquiry


class PaperFor(StrEnum):
    """What a paper is sent for. A passport serves a journey, and proves no kinship by itself."""

    KINSHIP = "kinship"
    JOURNEY = "journey"


class Level(StrEnum):
    CLAIMED = "claimed"
    SUPPORTED = "supported"
    PROVEN = "proven"
    NOT_SUPPORTED = "not supported"


LEVEL_NAMES = {
    Level.CLAIMED: _("Claimed only"),
    Level.SUPPORTED: _("Supported"),
    Level.PROVEN: _("Proven"),
    Level.NOT_SUPPORTED: _("Not supported"),
}


class Rung(StrEnum):
    """What a verifier checks, one by one."""

    THINGS = "three things"
    BIRTH = "birth or marriage paper"
    NAMES = "names fit through changes"
    IDENTITY = "her identity paper"
    HIS_WORD = "he knows who asks"
    DNA = "samples of her family"
    RELATIVE = "a proven relative knows who asks"


# DNA is never asked of the living (LAW 53), and the dead answer nothing.
OF_THE_LIVING = (Rung.THINGS, Rung.BIRTH, Rung.NAMES, Rung.IDENTITY, Rung.HIS_WORD)
OF_THE_DEAD = (Rung.BIRTH, Rung.NAMES, Rung.IDENTITY, Rung.DNA, Rung.RELATIVE)
RUNG_NAMES = {
    Rung.THINGS: _("Her three things and his answers"),
    Rung.BIRTH: _("A paper of birth, marriage or adoption"),
    Rung.NAMES: _("Names and dates fit through every change"),
    Rung.IDENTITY: _("Her own identity paper"),
    Rung.HIS_WORD: _("He says who she is to him"),
    Rung.DNA: _("Her family's samples, on which the name of the dead rests"),
    Rung.RELATIVE: _("Another relative, whose kinship is proven, says who she is"),
}


class Check(StrEnum):
    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNCLEAR = "unclear"


CHECK_NAMES = {
    Check.AGREES: _("agrees"),
    Check.DISAGREES: _("disagrees"),
    Check.UNCLEAR: _("unclear or not there"),
}

PAPER_REFUSALS = {
    PaperRefused.TOO_LARGE: _("This file is too large. It may have at most 10 megabytes."),
    PaperRefused.NOT_A_PICTURE_OR_PDF: _("This is neither a picture nor a PDF."),
    PaperRefused.ENCRYPTED_PDF: _("This PDF has a password. Send it without one, or a photo."),
    PaperRefused.TOO_MANY_PAGES: _("This PDF has too many pages. It may have at most 20."),
    PaperRefused.UNREADABLE: _("This file cannot be read. Take a photo and send that."),
}


def why_not_take(*, papers: int) -> Refusal | None:
    """Say why another paper cannot be kept, or None if it can."""
    if papers >= MOST_PAPERS:
        return Refusal("relations.many", _("You have sent as many papers as we can keep."))
    return None


def why_not_verdict(
    *, level: Level, checks: Mapping[str, str], reason: str, match_stands: bool
) -> list[Refusal]:
    """Say why this verdict cannot stand; an empty list permits it.

    His knowing the three things, or one paper, proves it; a disagreement must be explained by
    another level than proven. DNA is never asked of the living.
    """
    text = _("Proven needs his answers to her three things, or a paper.")
    refusals = _why_not_so_far(level, checks, reason, {Rung.THINGS, Rung.BIRTH}, text)
    if not match_stands:
        refusals.insert(0, Refusal("relations.no_match", _("No confirmed match stands.")))
    return refusals


def why_not_verdict_of_the_dead(
    *, level: Level, checks: Mapping[str, str], reason: str, forgotten: bool
) -> list[Refusal]:
    """As `why_not_verdict`, of somebody who can answer nothing any more, or was never matched."""
    text = _("Proven needs a paper, her family's samples, or a relative who is proven.")
    proofs = {Rung.BIRTH, Rung.DNA, Rung.RELATIVE}
    refusals = _why_not_so_far(level, checks, reason, proofs, text)
    if forgotten:
        refusals.insert(0, Refusal("relations.forgotten", _("She had her enquiry forgotten.")))
    return refusals


def _why_not_so_far(
    level: Level,
    checks: Mapping[str, str],
    reason: str,
    proofs: Set[Rung],
    no_proof: "StrOrPromise",
) -> list[Refusal]:
    refusals = []
    if not reason.strip():
        refusals.append(Refusal("relations.reason", _("Give your reason."), field="reason"))
    agreeing = {rung for rung, check in checks.items() if check == Check.AGREES}
    if level == Level.PROVEN and not agreeing & proofs:
        refusals.append(Refusal("relations.no_proof", no_proof, field="level"))
    if level == Level.PROVEN and Check.DISAGREES in checks.values():
        refusals.append(
            Refusal(
                "relations.contradiction",
                _("Something disagrees: it cannot be proven as it stands."),
                field="level",
            )
        )
    return refusals


def why_not_confirm(*, own: bool, confirmed: bool, stopped: bool) -> Refusal | None:
    """Say why a second verifier cannot confirm, or None if they can."""
    if own:
        return Refusal("relations.own", _("A second person confirms."))
    if confirmed:
        return Refusal("relations.confirmed", _("This is confirmed already."))
    if stopped:
        return Refusal("relations.stopped", _("This verdict no longer stands."))
    return None
