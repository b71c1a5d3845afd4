"""On what roads rest: acts of law in a register, and what a person found about one man."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.staff.permissions import Permission
from wayhome.lib.refusal import Refusal

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class GroundKind(StrEnum):
    AGREEMENT = "agreement"  # special agreements: GC III 6, 109(2)
    NEUTRAL = "neutral country"  # GC III 109, 111
    PAROLE_LAW = "law on parole"  # GC III 21: each Power notifies whether its law allows it
    HOSTILITIES_ENDED = "end of hostilities"  # GC III 118: the switch


GROUND_NAMES = {
    GroundKind.AGREEMENT: _("Agreement on an exchange"),
    GroundKind.NEUTRAL: _("Agreement with a neutral Power"),
    GroundKind.PAROLE_LAW: _("His Power's law on parole"),
    GroundKind.HOSTILITIES_ENDED: _("End of active hostilities"),
}
# Of these one stands at a time: there is one end, and one law on parole.
ONE_AT_A_TIME = (GroundKind.PAROLE_LAW, GroundKind.HOSTILITIES_ENDED)


def why_not_record_ground(
    kind: GroundKind, *, reference: str, from_on: date, until_on: date | None, today: date
) -> list[Refusal]:
    """Say why this act of law cannot be kept in the register."""
    refusals = []
    if not reference.strip():
        text = _("Write which act this is, with its date and number.")
        refusals.append(Refusal("grounds.reference", text, field="reference"))
    if until_on and until_on < from_on:
        text = _("This day is before the first.")
        refusals.append(Refusal("grounds.until", text, field="until_on"))
    if kind == GroundKind.HOSTILITIES_ENDED and from_on > today:
        text = _("Hostilities have not ended on a day to come.")
        refusals.append(Refusal("grounds.future", text, "GC III 118", field="from_on"))
    return refusals


def why_not_check_ground(
    *, recorded_by_me: bool, checked: bool, ended: bool, only_improves: bool
) -> Refusal | None:
    """A second lawyer checks it: an agreement may add to the Convention, never take from it."""
    if recorded_by_me:
        return Refusal("grounds.second", _("A second legal officer must check this."))
    if checked or ended:
        return Refusal("grounds.settled", _("This is checked or ended already."))
    if not only_improves:
        text = _("An agreement that takes rights away does not count. End it in the register.")
        return Refusal("grounds.lessens", text, "GC III 6-7", field="only_improves")
    return None


def why_not_end_ground(*, ended: bool, reason: str) -> Refusal | None:
    if ended:
        return Refusal("grounds.settled", _("This is checked or ended already."))
    if not reason.strip():
        return Refusal("grounds.reason", _("Give your reason."), field="reason")
    return None


class FindingKind(StrEnum):
    """What is found about one man; added, never edited. The newest of a kind counts."""

    MEDICAL = "medical"
    FIT = "fit to travel"
    PROPOSED = "proposed"
    COURT = "court"
    RETAINED = "retained"
    LIMITS = "limits"
    GUARDIAN = "guardian"
    WORD = "word of honour"


# Each value, in words. There is no value for discipline: it keeps nobody back (GC III 115).
VALUES: "dict[FindingKind, dict[str, StrOrPromise]]" = {
    FindingKind.MEDICAL: {
        "incurable": _("Incurable, and gravely diminished (110, first paragraph, 1)"),
        "over a year": _("Will not recover within a year, and gravely diminished (110, 2)"),
        "diminished": _("Recovered, but gravely and permanently diminished (110, 3)"),
        "within a year": _("May recover within a year in a neutral country (110, second part)"),
        "captivity harms": _("Captivity threatens his health gravely; a neutral country would not"),
        "none": _("None of these"),
    },
    FindingKind.FIT: {"fit": _("Can travel until the day below"), "not fit": _("Cannot travel")},
    FindingKind.PROPOSED: {
        "physician": _("Proposed by a physician"),
        "representative": _("Proposed by the prisoners' representative"),
        "own power": _("Proposed by his own Power"),
        "himself": _("He presents himself"),
    },
    FindingKind.COURT: {
        "proceedings": _("Criminal proceedings for an indictable offence are pending"),
        "sentence": _("He serves a sentence for an indictable offence"),
        "ended": _("Neither any more"),
    },
    FindingKind.RETAINED: {
        "not needed": _("Medical personnel or chaplain, not needed here"),
        "needed": _("Medical personnel or chaplain, needed by prisoners here"),
        "neither": _("Neither medical personnel nor chaplain"),
    },
    FindingKind.LIMITS: {
        "left out": _("The published limits of the programme leave him out"),
        "within": _("The limits do not leave him out"),
    },
    FindingKind.GUARDIAN: {
        "agrees": _("His guardian agrees: it is best for him. The Central Tracing Agency knows."),
        "does not": _("His guardian does not agree"),
    },
    FindingKind.WORD: {
        "given": _("He accepted freely, alone with the neutral, the text below"),
        "not given": _("He does not accept"),
    },
}  # fmt: skip
FINDING_NAMES = {
    FindingKind.MEDICAL: _("Medical finding (GC III 110)"),
    FindingKind.FIT: _("Fitness to travel"),
    FindingKind.PROPOSED: _("Proposal to a medical commission (GC III 113)"),
    FindingKind.COURT: _("Court (GC III 115, 119)"),
    FindingKind.RETAINED: _("Retained personnel (GC III 33)"),
    FindingKind.LIMITS: _("Limits of the programme"),
    FindingKind.GUARDIAN: _("Word of his guardian"),
    FindingKind.WORD: _("His word of honour (GC III 21)"),
}
SENT_HOME = frozenset({"incurable", "over a year", "diminished"})
TO_NEUTRAL = frozenset({"within a year", "captivity harms"})
HELD_BY_COURT = frozenset({"proceedings", "sentence"})

# Who finds what, and reads it: physician, legal officer, neutral.
FOUND_BY: dict[Permission, tuple[FindingKind, ...]] = {
    Permission.NOTE_HEALTH: (FindingKind.FIT, FindingKind.MEDICAL, FindingKind.PROPOSED),
    Permission.ASSESS_DANGER: (FindingKind.COURT, FindingKind.RETAINED, FindingKind.LIMITS),
    Permission.OPEN_SITTING: (FindingKind.GUARDIAN, FindingKind.WORD),
}
NEEDS_WORDS = frozenset(
    {FindingKind.COURT, FindingKind.LIMITS, FindingKind.GUARDIAN, FindingKind.WORD}
)
LONGEST_CERTIFICATE_DAYS = 31  # policy: a certificate holds until the next monthly inspection


def permission_for(kind: FindingKind) -> Permission:
    return next(permission for permission, kinds in FOUND_BY.items() if kind in kinds)


def why_not_find(
    kind: FindingKind, value: str, *, words: str, until: date | None, today: date
) -> list[Refusal]:
    """Say why this finding cannot be kept."""
    refusals = []
    if value not in VALUES[kind]:
        refusals.append(Refusal("findings.value", _("Choose a finding."), field="value"))
    if kind in NEEDS_WORDS and not words.strip():
        text = _("Write on what it rests: the court and number, the act, the name, the text.")
        refusals.append(Refusal("findings.words", text, field="words"))
    if kind == FindingKind.FIT and value == "fit" and not _is_good(until, today):
        text = _("A certificate needs a last day, at most 31 days from now.")
        refusals.append(Refusal("findings.until", text, "GC III 31, 47", field="until"))
    return refusals


def _is_good(until: date | None, today: date) -> bool:
    return until is not None and 0 <= (until - today).days <= LONGEST_CERTIFICATE_DAYS
