"""A board that votes as a test wants, by the bureau's own actions."""

from collections.abc import Sequence
from datetime import date

from tests.factories import StaffFactory
from wayhome.bureau.returns import boards
from wayhome.bureau.returns.models import Application, Board
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Role
from wayhome.bureau.staff.rules import Profession

THREE = (Profession.LAWYER, Profession.PHYSICIAN, Profession.PSYCHOLOGIST)
FOR, AGAINST = True, False


def board_members(professions: Sequence[Profession] = THREE) -> list[Staff]:
    return [StaffFactory(role=Role.BOARD, profession=each.value) for each in professions]


def convened(
    application: Application,
    road: Road,
    by: Staff,
    members: Sequence[Staff] = (),
    new_fact: str = "",
) -> Board:
    return boards.convene_board(
        application=application,
        road=road,
        members=list(members) or board_members(),
        by=by,
        new_fact=new_fact,
    )


def vote_all(board: Board, votes: Sequence[bool] = (FOR, FOR, FOR)) -> None:
    """Each member says that nothing stands between, then votes."""
    for seat, votes_for in zip(board.seats_standing(), votes, strict=True):
        boards.declare_free(seat=seat, by=seat.member)
        boards.cast_vote(seat=seat, votes_for=votes_for, words="рассудил", by=seat.member)


def decided(
    application: Application,
    road: Road,
    by: Staff,
    votes: Sequence[bool] = (FOR, FOR, FOR),
    review_on: date | None = None,
    new_fact: str = "",
) -> Application:
    """Put before a new board, voted on, recorded. A board that has voted already is kept."""
    board = boards.sitting_board(application)
    if board is None:
        board = convened(application, road, by, new_fact=new_fact)
        vote_all(board, votes)
    decision = boards.Decision("условия есть", review_on)
    return boards.decide_application(application=application, decision=decision, by=by)
