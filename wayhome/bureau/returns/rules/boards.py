"""A board that decides: who may sit, when votes open, what they come to.

The same shape as the board that gives a name to the dead: at least three people of different
professions, none of whom had a hand in the file. Nobody sees another's vote before all are in.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from wayhome.bureau.returns.rules.applying import DECIDABLE, ApplicationState
from wayhome.lib.refusal import Refusal

QUORUM = 3  # members who vote; docs/decisions/0047
PROFESSIONS = 3  # of so many kinds: each sees what another does not


class BoardState(StrEnum):
    SITTING = "sitting"
    GRANTED = "granted"
    REFUSED = "refused"
    DISSOLVED = "dissolved"  # before the votes were open, or what it rested on was withdrawn


BOARD_NAMES = {
    BoardState.SITTING: _("Sits"),
    BoardState.GRANTED: _("Opened the road"),
    BoardState.REFUSED: _("Not possible at present"),
    BoardState.DISSOLVED: _("Dissolved without a decision"),
}


class SeatState(StrEnum):
    ASKED = "asked"  # has not said yet whether something stands between
    FREE = "free"
    VOTED = "voted"
    CONFLICT = "conflict"
    REPLACED = "replaced"


SEAT_NAMES = {
    SeatState.ASKED: _("Is asked about a conflict"),
    SeatState.FREE: _("Reads the file"),
    SeatState.VOTED: _("Has voted"),
    SeatState.CONFLICT: _("Does not sit: a conflict"),
    SeatState.REPLACED: _("Replaced"),
}
S = SeatState
SEAT_MAY_BECOME: dict[SeatState, frozenset[SeatState]] = {
    S.ASKED: frozenset({S.FREE, S.CONFLICT, S.REPLACED}),
    S.FREE: frozenset({S.VOTED, S.CONFLICT, S.REPLACED}),
    S.VOTED: frozenset(),
    S.CONFLICT: frozenset({S.REPLACED}),
    S.REPLACED: frozenset(),
}
STANDING = frozenset({S.ASKED, S.FREE, S.VOTED})


@dataclass(frozen=True)
class Member:
    """Somebody who may come to sit: `had_a_hand` in the file says the machine, of their deeds."""

    number: str
    profession: str
    sits_on_boards: bool = True
    had_a_hand: bool = False


_OVER = Refusal("boards.over", _("This board sits no longer."))
NEW_FACTS = Refusal(
    "boards.new_facts",
    _("Nothing is new since the last decision. A second decision needs new facts."),
    field="new_fact",
)


def why_not_convene(
    *,
    state: ApplicationState,
    one_sits: bool,
    members: Sequence[Member],
    is_new: bool,
) -> list[Refusal]:
    """Say why this board cannot be convened; an empty list permits it.

    `is_new`: nothing was refused before, or a fact has come since.
    """
    refusals = []
    if state not in DECIDABLE:
        refusals.append(Refusal("returns.decided", _("This application is decided already.")))
    if one_sits:
        refusals.append(Refusal("boards.sits", _("A board sits on this application already.")))
    if not is_new:
        refusals.append(NEW_FACTS)
    refusals += why_not_seat(members)
    if not _is_quorum([one.profession for one in members]):
        refusals.append(_NO_QUORUM)
    return refusals


def why_not_seat(members: Sequence[Member]) -> list[Refusal]:
    """Say whom of these the machine already knows not to sit."""
    found = [
        (
            [one.number for one in members if one.had_a_hand],
            "boards.hand",
            _("Had a hand in this file and cannot sit: %(numbers)s."),
        ),
        (
            [one.number for one in members if not one.sits_on_boards],
            "boards.not_a_member",
            _("No member of boards, or their account is closed: %(numbers)s."),
        ),
        (
            [one.number for one in members if not one.profession],
            "boards.profession",
            _("No profession is noted of: %(numbers)s. The administrator notes it."),
        ),
    ]
    return [
        Refusal(code, words % {"numbers": ", ".join(numbers)}, field="members")
        for numbers, code, words in found
        if numbers
    ]


_NO_QUORUM = Refusal(
    "boards.quorum",
    _("A board has at least three members, of three different professions."),
    field="members",
)


def _is_quorum(professions: Collection[str]) -> bool:
    return len(professions) >= QUORUM and len(set(professions)) >= PROFESSIONS


def why_not_change_seat(seat: SeatState, to: SeatState, *, board: BoardState) -> Refusal | None:
    """Say why this member cannot do this now, or None if they can."""
    if board != BoardState.SITTING:
        return _OVER
    if to in SEAT_MAY_BECOME[seat]:
        return None
    if seat == SeatState.VOTED:
        return Refusal("boards.voted", _("This vote is kept already. Nobody changes a vote."))
    if seat == SeatState.ASKED:
        return Refusal("boards.not_free", _("Say first whether something stands between."))
    return Refusal("boards.not_sitting", _("This member does not sit on this board."))


def why_not_replace(
    seat: SeatState,
    *,
    board: BoardState,
    instead: Member,
    has_a_seat: bool,
    others: Collection[str],
) -> list[Refusal]:
    """Say why this person cannot come in another's place. `others`: professions of who sits."""
    refusals = why_not_seat([instead])
    if refusal := why_not_change_seat(seat, SeatState.REPLACED, board=board):
        refusals.append(refusal)
    if has_a_seat:
        text = _("This member has had a seat on this board already.")
        refusals.append(Refusal("boards.seated", text, field="members"))
    together = [*others, instead.profession]
    if len(set(together)) < min(PROFESSIONS, len(together)):
        refusals.append(_NO_QUORUM)
    return refusals


def why_not_vote(*, words: str, had_a_hand: bool) -> list[Refusal]:
    """Say why this vote cannot be kept; an empty list permits it."""
    refusals = []
    if had_a_hand:
        text = _("You had a hand in this file and cannot sit. Declare a conflict.")
        refusals.append(Refusal("boards.hand", text))
    if not words.strip():
        text = _("Write why you vote so. It is kept with your vote, dissent too.")
        refusals.append(Refusal("boards.words", text, field="words"))
    return refusals


@dataclass(frozen=True)
class Standing:
    """A member who still sits, without how they voted."""

    profession: str
    has_voted: bool


def are_open(standing: Sequence[Standing]) -> bool:
    """Whether the votes are open to all: everybody who sits has voted, and they are enough."""
    enough = _is_quorum([one.profession for one in standing])
    return enough and all(one.has_voted for one in standing)


def why_not_count(*, sits: bool, standing: Sequence[Standing]) -> Refusal | None:
    """Say why there is nothing to record yet, or None if the votes are open."""
    if not sits:
        return Refusal("boards.none", _("No board has voted on this application."))
    if not are_open(standing):
        return Refusal("boards.waits", _("Not all members have voted yet."))
    return None


def is_granted(votes: Sequence[bool]) -> bool:
    """More than half are for it. Half is no majority: then it is not possible at present."""
    return sum(votes) * 2 > len(votes)


def why_not_dissolve(
    *, board: BoardState, open_votes: bool, reason: str, road_closed: bool = False
) -> list[Refusal]:
    """Whoever convened it cannot send it away once the votes can be read.

    `road_closed`: they open a road against which something stands now, so nothing can be recorded.
    """
    refusals = []
    if board != BoardState.SITTING:
        refusals.append(_OVER)
    if open_votes and not road_closed:
        text = _("The votes are open. A board is not dissolved for how it voted.")
        refusals.append(Refusal("boards.open", text))
    if not reason.strip():
        refusals.append(Refusal("boards.reason", _("Give your reason."), field="reason"))
    return refusals


def why_not_look_again(
    *, state: ApplicationState, one_sits: bool, is_new: bool, reason: str
) -> list[Refusal]:
    """Say why this cannot be kept as looked at again with nothing new."""
    refusals = []
    if state != ApplicationState.REFUSED:
        refusals.append(Refusal("returns.not_refused", _("Only what was refused is looked at.")))
    if one_sits:
        refusals.append(Refusal("boards.sits", _("A board sits on this application already.")))
    if is_new:
        text = _("Something is new. Put it before a board.")
        refusals.append(Refusal("boards.is_new", text))
    if not reason.strip():
        refusals.append(Refusal("boards.reason", _("Give your reason."), field="reason"))
    return refusals
