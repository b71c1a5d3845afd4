"""The board: members of different professions, each signing apart; its decision and its doubts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.identifications.policy import Policy
from wayhome.bureau.identifications.rules.evidence import GUIDE, Word
from wayhome.lib.refusal import Refusal


class State(StrEnum):
    """Where an identification stands."""

    OPEN = "open"
    BEFORE_BOARD = "before the board"
    IDENTIFIED = "identified"
    EXCLUDED = "excluded"
    REOPENED = "reopened"


STATE_NAMES = {
    State.OPEN: _("evidence is gathered"),
    State.BEFORE_BOARD: _("before the board"),
    State.IDENTIFIED: _("identified"),
    State.EXCLUDED: _("excluded"),
    State.REOPENED: _("reopened"),
}
# What may follow what. A name is given by the board alone, and doubted by anybody with a reason.
MAY_FOLLOW: dict[State, frozenset[State]] = {
    State.OPEN: frozenset({State.BEFORE_BOARD}),
    State.BEFORE_BOARD: frozenset(
        {State.IDENTIFIED, State.EXCLUDED, State.OPEN, State.REOPENED}
    ),
    State.IDENTIFIED: frozenset({State.REOPENED}),
    State.EXCLUDED: frozenset({State.REOPENED}),
    State.REOPENED: frozenset({State.BEFORE_BOARD}),
}  # fmt: skip
WEIGHED_IN = frozenset({State.OPEN, State.REOPENED})
DECIDED = frozenset({State.IDENTIFIED, State.EXCLUDED})


class Asked(StrEnum):
    """What a board is asked."""

    IDENTIFY = "identify"
    EXCLUDE = "exclude"


class Outcome(StrEnum):
    IDENTIFIED = "identified"
    EXCLUDED = "excluded"
    NOT_YET = "not yet"
    STOPPED = "stopped"  # the evidence changed before all had signed


OUTCOME_NAMES = {
    Outcome.IDENTIFIED: _("identified"),
    Outcome.EXCLUDED: _("excluded"),
    Outcome.NOT_YET: _("not enough yet"),
    Outcome.STOPPED: _("stopped: the evidence changed"),
}
STATE_AFTER = {
    Outcome.IDENTIFIED: State.IDENTIFIED,
    Outcome.EXCLUDED: State.EXCLUDED,
    Outcome.NOT_YET: State.OPEN,
    Outcome.STOPPED: State.OPEN,
}
# What a member may say; that nothing can be compared is a word for a line, not for a board.
VERDICTS = (Word.ESTABLISHED, Word.PROBABLE, Word.POSSIBLE, Word.EXCLUDED)


def why_not_present(*, state: State, against: Sequence[Refusal]) -> Iterator[Refusal]:
    """Say why this cannot go before the board now; `against` is what is missing."""
    if state not in WEIGHED_IN:
        text = _("It lies before the board, or is decided.")
        yield Refusal("board.not_open", text)
    yield from against


@dataclass(frozen=True)
class Member:
    """Who would sign, as far as the rule asks."""

    profession: str  # "" where none is noted
    weighed_a_line: bool
    has_signed: bool
    professions_signed: frozenset[str]


def why_not_sign(member: Member, *, is_open: bool) -> Iterator[Refusal]:
    """Say why this person cannot sign as a member of this board."""
    if not is_open:
        yield Refusal("board.decided", _("The board has decided."))
        return
    if member.has_signed:
        yield Refusal("board.signed", _("You have signed already. Nothing is changed afterwards."))
        return
    if not member.profession:
        text = _("Your profession is not noted. The administrator notes it.")
        yield Refusal("board.no_profession", text, GUIDE)
    elif member.profession in member.professions_signed:
        text = _("Somebody of your profession has signed. The members are of different ones.")
        yield Refusal("board.same_profession", text, GUIDE)
    if member.weighed_a_line:
        text = _("You weighed a line of it. Somebody else decides.")
        yield Refusal("board.weighed", text, GUIDE)


def why_not_word(word: str, reason: str) -> Iterator[Refusal]:
    """Say why this is no statement of a member."""
    if word not in VERDICTS:
        yield Refusal("board.no_word", _("Please choose a word."), field="word")
    if not reason.strip():
        text = _("Write what convinced you, or what did not.")
        yield Refusal("board.no_reason", text, field="reason")


def outcome_of(words: Sequence[Word], asked: Asked, policy: Policy) -> Outcome | None:
    """What the board decided; None until all have signed. Whoever dissents stays written.

    One who says that it is excluded is not outvoted: then more is gathered.
    """
    if len(words) < policy.members:
        return None
    said = Counter(words)
    if said[Word.ESTABLISHED] >= policy.agreeing and not said[Word.EXCLUDED]:
        return Outcome.IDENTIFIED if asked == Asked.IDENTIFY else Outcome.NOT_YET
    if said[Word.EXCLUDED] >= policy.agreeing and not said[Word.ESTABLISHED]:
        return Outcome.EXCLUDED
    return Outcome.NOT_YET


def dissents(word: Word, outcome: str) -> bool:
    """Whether a member said something else than was decided."""
    decided = {Outcome.IDENTIFIED.value: Word.ESTABLISHED, Outcome.EXCLUDED.value: Word.EXCLUDED}
    return outcome in decided and word != decided[outcome]


class Cause(StrEnum):
    """Why a decision is doubted."""

    CONTRADICTION = "contradiction"
    MIX_UP = "mix-up"
    FAMILY = "family"
    OTHER = "other"
    # By the machine, when what a name rests on, or what people say elsewhere, contradicts it.
    NUMBERS = "numbers"  # what was computed has changed
    ALIVE = "alive"  # a match joins him to the register, where he is not dead
    TWO_NAMES = "two names"  # remains that were said to be one body bear two
    TWO_BODIES = "two bodies"  # whom two whole bodies are called, is one man


CAUSE_NAMES = {
    Cause.CONTRADICTION: _("something contradicts"),
    Cause.MIX_UP: _("samples, bags or papers may be mixed up"),
    Cause.FAMILY: _("the family doubts it"),
    Cause.OTHER: _("another reason"),
    Cause.NUMBERS: _("the comparison of DNA has changed"),
    Cause.ALIVE: _("a match joins him to the register, where he is not dead"),
    Cause.TWO_NAMES: _("remains that were linked as one body bear two names"),
    Cause.TWO_BODIES: _("two whole bodies bear this name"),
}
BY_PEOPLE = (Cause.CONTRADICTION, Cause.MIX_UP, Cause.FAMILY, Cause.OTHER)
BY_MACHINE = (Cause.NUMBERS, Cause.ALIVE, Cause.TWO_NAMES, Cause.TWO_BODIES)


def why_not_doubt(*, state: State, signed: bool, reason: str) -> Iterator[Refusal]:
    """Say why a decision cannot be doubted so. Who signed it asks somebody else to."""
    if state not in DECIDED:
        yield Refusal("doubt.not_decided", _("Nothing is decided that could be doubted."))
    if signed:
        text = _("You signed it. A third person must doubt it.")
        yield Refusal("doubt.own", text)
    if not reason.strip():
        yield Refusal("doubt.no_reason", _("Give your reason."), field="reason")


def why_not_open(*, same: bool, has_person: bool, known: bool) -> Iterator[Refusal]:
    """Say why no identification of this pair can be opened."""
    if not has_person:
        text = _("No enquiry and no captive has this number.")
        yield Refusal("identification.nobody", text, field="person")
    if same:
        text = _("This is the number of the remains themselves.")
        yield Refusal("identification.itself", text, field="person")
    if known:
        text = _("These two are held against each other already.")
        yield Refusal("identification.known", text, field="person")
