"""What a captive may allow, and when an answer of his counts."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.lib.dates import DateUnreadable, PartialDate
from wayhome.lib.refusal import Refusal

IDLE_FOR = timedelta(minutes=20)  # a sitting nobody touches for so long is over
SECRET_TRIES = 5  # wrong ones in a row; then the neutral lets him choose a new one
SECRET_AT_LEAST = 6  # digits or letters
SECRET_AT_MOST = 60
IN_HIS_INTEREST_FOR = timedelta(days=7)  # P3: what others decide for him holds a week at a time
OF_AGE = 18
ROWS = ("01234567890", "09876543210")


class Kind(StrEnum):
    """What he is asked, each separately and to a named person."""

    LIVES = "that I live"
    HOW_I_AM = "how I am"
    LETTERS = "letters"
    CALLS = "calls"
    PAPERS = "papers compared"
    DNA = "sample compared"  # once, before a neutral, and destroyed the same day
    GO_HOME = "go home"


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_NOW = "not now"


class Unable(StrEnum):
    """Why somebody else decides in his interest (P3)."""

    ILL = "ill"  # unconscious, or too ill: physician and neutral, a week at a time
    CHILD = "child"  # his guardian


class Fear(StrEnum):
    YES = "yes"
    UNSURE = "unsure"
    NO = "no"


class Danger(StrEnum):
    """The legal officer's assessment of the danger of return."""

    NONE_KNOWN = "no danger known"
    SUBSTANTIAL = "substantial grounds"
    MORE_NEEDED = "more to find out"


# What others may decide in his place: nothing that takes him anywhere or takes anything of him.
DECIDED_FOR_HIM = (Kind.LIVES, Kind.HOW_I_AM)

# Yes to these opens disclosure, call, travel or handover: given or repeated before a neutral (P7).
NEEDS_NEUTRAL = frozenset(Kind)


@dataclass(frozen=True)
class Disclosing:
    """What telling one thing to one family rests on, at this moment (P3)."""

    match_stands: bool
    kinship_proven: bool
    said_yes: bool
    before_neutral: bool
    harm_flag: bool
    held: bool


def why_not_disclose(facts: Disclosing) -> list[Refusal]:
    """Every reason why this may not be told to this family now; an empty list permits it."""
    asked = (
        (facts.match_stands, "consents.no_match", _("No confirmed match stands.")),
        (facts.kinship_proven, "consents.kinship", _("Kinship is not proven yet.")),
        (facts.said_yes, "consents.no_yes", _("He has not said yes to this.")),
        (facts.before_neutral, "consents.neutral", _("No neutral was there when he said yes.")),
        (not facts.harm_flag, "consents.harm", _("Stopped by the legal officer.")),
        (facts.held, "consents.state", _("His state changed. A person must look at it first.")),
    )
    # Without a yes there was nobody who could have heard it: said once, not twice.
    return [
        Refusal(code, reason)
        for holds, code, reason in asked
        if not holds and not (code == "consents.neutral" and not facts.said_yes)
    ]


def why_not_open(
    *, held: bool, one_is_open: bool, neutral: bool = True, has_secret: bool = True
) -> Refusal | None:
    """Say why no sitting can be opened for him now, or None if one can.

    Without a neutral it is opened by his secret alone, so one must be set (P7).
    """
    if not neutral and not has_secret:
        return Refusal(
            "sitting.no_secret",
            _("He has no secret yet. The first time a neutral must be with him."),
        )
    if not held:
        return Refusal("sitting.held", _("This person is not in custody now."))
    if one_is_open:
        return Refusal("sitting.open", _("A sitting of this person is open already."))
    return None


def why_not_act(*, is_open: bool, unlocked: bool) -> Refusal | None:
    """Say why nothing can be answered in this sitting any more, or None if it can."""
    if not is_open:
        return Refusal("sitting.closed", _("This conversation is over."))
    if not unlocked:
        return Refusal("sitting.locked", _("Please write your secret first."))
    return None


def why_not_answer(
    *, kind: Kind, answer: Answer, his_standing_match: bool, neutral: bool
) -> Refusal | None:
    """A no needs nobody; a yes needs a neutral and a match that stands (P7)."""
    if not his_standing_match:
        return Refusal("consents.gone", _("This question is not asked any more."))
    if answer == Answer.YES and kind in NEEDS_NEUTRAL and not neutral:
        return Refusal(
            "consents.yes_before_neutral",
            _("A yes can be given only when a neutral person is with you."),
            field="answer",
        )
    return None


def why_not_secret(secret: str, again: str) -> Refusal | None:
    """Say why this cannot be his secret, or None if it can."""
    secret, again = normal_secret(secret), normal_secret(again)
    if not SECRET_AT_LEAST <= len(secret) <= SECRET_AT_MOST:
        return Refusal(
            "secret.short", _("Please choose at least 6 digits or letters."), field="secret"
        )
    if len(set(secret)) == 1 or any(secret in row for row in ROWS):
        return Refusal("secret.easy", _("This is easy to guess. Please choose another."),
                       field="secret")  # fmt: skip
    if secret != again:
        return Refusal("secret.differs", _("The two are not the same."), field="again")
    return None


def why_not_set_secret(*, one_is_set: bool, neutral: bool) -> Refusal | None:
    """His secret is set once, before a neutral; a new one only after a reset."""
    if one_is_set:
        return Refusal("secret.set", _("A secret is set already."))
    if not neutral:
        return Refusal(
            "secret.neutral", _("A secret can be chosen only when a neutral person is with you.")
        )
    return None


def why_not_try(failed_tries: int) -> Refusal | None:
    """Say why no secret is taken any more, or None if he may try."""
    if failed_tries >= SECRET_TRIES:
        return Refusal(
            "secret.tries",
            _("Too many tries. The person with you can let you choose a new secret."),
        )
    return None


def normal_secret(typed: str) -> str:
    """Capitals, spaces and the writing of one letter in two ways make no difference."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", typed)).casefold()


def why_not_assess(reasons: str) -> Refusal | None:
    """A finding without reasons is none (P15)."""
    if not reasons.strip():
        return Refusal("danger.reasons", _("Give your reasons."), field="reasons")
    return None


@dataclass(frozen=True)
class DecidingForHim:
    """What a decision in a man's place rests on, at the moment in which it is made."""

    kind: Kind
    his_standing_match: bool
    answered_himself: bool
    held: bool
    unable_by_physician: bool
    may_be_a_child: bool
    grounds: str
    guardian: str


def why_not_decide_for_him(why: Unable, facts: DecidingForHim) -> Refusal | None:
    """Say why nobody may decide this in his place, or None if it may be decided."""
    if facts.kind not in DECIDED_FOR_HIM:
        return Refusal("for_him.kind", _("Only he himself can allow this."), field="kind")
    if not facts.his_standing_match:
        return Refusal("consents.gone", _("This question is not asked any more."))
    if not facts.held:
        return Refusal("consents.state", _("His state changed. A person must look at it first."))
    if facts.answered_himself:
        return Refusal("for_him.himself", _("He has answered this himself. His answer counts."))
    if why == Unable.ILL and not facts.unable_by_physician:
        return Refusal(
            "for_him.physician",
            _("No physician has noted within a week that he is unable to decide."),
            field="why",
        )
    if why == Unable.CHILD and not facts.may_be_a_child:
        return Refusal("for_him.age", _("By his date of birth he is of age."), field="why")
    if why == Unable.CHILD and not facts.guardian.strip():
        return Refusal("for_him.guardian", _("Say who his guardian is."), field="guardian")
    if not facts.grounds.strip():
        return Refusal("for_him.grounds", _("Say why it is in his interest."), field="grounds")
    return None


def why_not_agree(*, waits: bool, unable_by_physician: bool) -> Refusal | None:
    """Say why a physician cannot agree to what a neutral proposed in his interest."""
    if not waits:
        return Refusal("for_him.settled", _("Nothing waits for your word here any more."))
    if not unable_by_physician:
        return Refusal(
            "for_him.physician",
            _("No physician has noted within a week that he is unable to decide."),
        )
    return None


def may_be_a_child(born: str, on: date) -> bool:
    """Whether he can be under age on this day; a date of birth that is not known leaves it open."""
    try:
        youngest = PartialDate(born).latest() if born else None
    except DateUnreadable:
        return True
    if youngest is None:
        return True
    had_birthday = (on.month, on.day) >= (youngest.month, youngest.day)
    return on.year - youngest.year - (0 if had_birthday else 1) < OF_AGE
