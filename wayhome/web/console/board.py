"""What a page tells of a board. Votes are told once they are open, and to nobody before."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from wayhome.bureau.returns.models import Application, Board, Seat
from wayhome.bureau.returns.rules import ROAD_NAMES, Road
from wayhome.bureau.returns.rules.boards import (
    BOARD_NAMES,
    SEAT_NAMES,
    BoardState,
    SeatState,
    is_granted,
)
from wayhome.bureau.staff.rules import PROFESSION_NAMES, Profession

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class SeatTold:
    """One line: who sits, and how they voted if that is open."""

    number: str
    profession: "StrOrPromise"
    state: "StrOrPromise"
    why_not: str = ""
    votes_for: bool | None = None
    words: str = ""
    voted_at: datetime | None = None


@dataclass(frozen=True)
class BoardTold:
    road: "StrOrPromise"
    state: "StrOrPromise"
    convened_at: datetime
    convened_by: str
    seats: list[SeatTold]
    is_open: bool
    granted: bool
    votes_for: int
    voted: int
    reason: str = ""
    new_fact: str = ""
    ended_at: datetime | None = None
    review_on: date | None = None


def told_of(board: Board) -> BoardTold:
    """Everything of this board that may be told now to whoever convened it, or sat on it."""
    is_open = board.state in (BoardState.GRANTED, BoardState.REFUSED) or board.votes_are_open()
    rows = board.seats.select_related("member", "key").order_by("asked_at", "pk")
    seats = [_seat(seat, is_open=is_open) for seat in rows]
    votes = [bool(one.votes_for) for one in seats if one.votes_for is not None]
    return BoardTold(
        road=ROAD_NAMES[Road(board.road)],
        state=BOARD_NAMES[BoardState(board.state)],
        convened_at=board.convened_at,
        convened_by=board.convened_by.number,
        seats=seats,
        is_open=is_open,
        granted=is_open and is_granted(votes),
        votes_for=sum(votes),
        voted=len(votes),
        reason=board.reason or "",
        new_fact=board.new_fact or "",
        ended_at=board.ended_at,
        review_on=board.review_on,
    )


def _seat(seat: Seat, *, is_open: bool) -> SeatTold:
    vote: dict[str, Any] = (seat.vote or {}) if is_open else {}
    return SeatTold(
        number=seat.member.number,
        profession=PROFESSION_NAMES[Profession(seat.profession)],
        state=SEAT_NAMES[SeatState(seat.state)],
        why_not=seat.why_not or "",
        votes_for=vote.get("for"),
        words=vote.get("words", ""),
        voted_at=seat.voted_at if is_open else None,
    )


def boards_told(application: Application) -> list[BoardTold]:
    """Boards that are over, the newest first: each decision with its votes and dissent."""
    over = application.boards.exclude(state=BoardState.SITTING)
    over = over.select_related("key", "convened_by").order_by("-ended_at")
    return [told_of(board) for board in over]
