"""Whether remains may go home now: who doubts, who was told, what the families wish."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.identifications.rules.telling import Belongings, Return
from wayhome.bureau.repatriations.policy import terms
from wayhome.lib.refusal import Refusal

# For a family that was told and has chosen nothing. AP I 34 wants the next of kin heard, and names
# no time.
KIN_TERM = terms().kin
# The effects go with the body but where a family wants them for itself.
STAY_WITH_US = frozenset({Belongings.TO_HER, Belongings.KEEP})


NOT_ASKED_FOR = Refusal(
    "going.not_asked_for",
    _("No country has accepted an offer of them, and no request for them is granted."),
    "AP I 34",
)


@dataclass(frozen=True)
class Kin:
    """A family that seeks him, by what it was told and what it chose last."""

    told_on: date | None = None
    wish: str = ""  # of identifications.rules.telling.Return; "" for none yet

    @property
    def objects(self) -> bool:
        return self.wish in (Return.HERE, Return.PARTS_FIRST)

    @property
    def is_undecided(self) -> bool:
        return self.wish in ("", Return.NOT_YET)


@dataclass(frozen=True)
class Case:
    """What sending remains home rests on at this moment."""

    doubted: bool = False  # a name was given and is doubted
    before_board: bool = False
    kin: tuple[Kin, ...] = ()  # of whoever a board named; nobody's where they have no name


def why_not_go(case: Case, *, today: date) -> Iterator[Refusal]:
    """Say everything that keeps these remains here now, whoever asks for them."""
    if case.doubted:
        text = _("Who they are is doubted. They stay until a board has decided.")
        yield Refusal("going.doubted", text, "Customary rule 116")
    if case.before_board:
        text = _("A board sits on who they are. They stay until it has decided.")
        yield Refusal("going.board", text, "Customary rule 116")
    if any(kin.told_on is None for kin in case.kin):
        text = _("A family of theirs was not told yet. A person tells it first.")
        yield Refusal("going.not_told", text, "AP I 32")
    if any(kin.wish == Return.HERE for kin in case.kin):
        yield Refusal("going.no_return", _("Their family wishes no return."), "AP I 34")
    if any(kin.wish == Return.PARTS_FIRST for kin in case.kin):
        text = _("Their family waits first whether further parts are found.")
        yield Refusal("going.parts_first", text, "AP I 34")
    if until := term_of(case, today=today):
        text = _("Their family was told and has not chosen yet. Its term ends on %(day)s.")
        told = text % {"day": until.strftime("%d.%m.%Y")}
        yield Refusal("going.term", told, "AP I 34")


def term_of(case: Case, *, today: date) -> date | None:
    """The day on which the last family that has not chosen had its term; None once it is over."""
    ends = [kin.told_on + KIN_TERM for kin in case.kin if kin.told_on and kin.is_undecided]
    return max((end for end in ends if end > today), default=None)
