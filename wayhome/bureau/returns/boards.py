"""Boards: convened, asked about conflicts, voting apart; the decision is recorded once.

Everything locks the application first, so that of twenty who press at once each finds what the
one before left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from wayhome.bureau.consents.models import DangerAssessment, of_same_man
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.journal import actions as journal
from wayhome.bureau.matches.models import Judgement, Match
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.returns.announcements import application_changed
from wayhome.bureau.returns.facts import facts_of
from wayhome.bureau.returns.models import Application, Board, Finding, Seat
from wayhome.bureau.returns.rules import (
    DECIDABLE,
    ApplicationState,
    Reason,
    Road,
    looked_at_again_on,
    reasons_against,
    why_not_decide,
)
from wayhome.bureau.returns.rules.boards import (
    BoardState,
    Member,
    SeatState,
    is_granted,
    why_not_change_seat,
    why_not_convene,
    why_not_count,
    why_not_dissolve,
    why_not_look_again,
    why_not_replace,
    why_not_vote,
)
from wayhome.bureau.staff.models import Staff
from wayhome.bureau.staff.permissions import Forbidden, Permission, roles_with
from wayhome.lib.refusal import refuse_if


def who_may_sit(application: Application) -> list[Staff]:
    """Members of boards with a noted profession who had no hand in this file."""
    rows = Staff.objects.get_queryset().filter(
        is_active=True, role__in=roles_with(Permission.SIT_ON_BOARD)
    )
    rows = rows.exclude(profession="").exclude(pk__in=had_a_hand_in(application))
    return list(rows.order_by("number"))


def had_a_hand_in(application: Application) -> set[Any]:
    """Who assessed his danger, judged the match, verified kinship, found something.

    Of accounts: whoever changes their role keeps their account's past.
    """
    hands: set[Any] = {application.decided_by_id}
    enquiry = application.enquiry_id
    if enquiry:
        judged = Judgement.objects.filter(candidate__enquiry=enquiry)
        weighed = KinshipVerdict.objects.filter(match__enquiry=enquiry)
        hands.update(judged.values_list("by", flat=True))
        hands.update(weighed.values_list("by", flat=True))
        hands.update(weighed.values_list("confirmed_by", flat=True))
    if application.captive:
        his = of_same_man(application.captive)
        for model in (DangerAssessment, Finding):
            hands.update(model.objects.filter(his).values_list("by", flat=True))
    return hands - {None}


def reasons_that_it_may_read(application: Application) -> dict[str, list[Reason]]:
    """On each road what stands against it, as whoever decides may read it: never why."""
    facts = facts_of(application, None)
    return {road.value: reasons_against(replace(facts, road=road)) for road in Road}


def _codes(application: Application) -> dict[str, list[str]]:
    read = reasons_that_it_may_read(application)
    return {road: [reason.code for reason in reasons] for road, reasons in read.items()}


def something_is_new(application: Application) -> bool:
    """Whether a board would read something else than the one that refused."""
    last = _last_refusal(application)
    return last is None or last.read is None or last.read != _codes(application)


def _last_refusal(application: Application) -> Board | None:
    refused = application.boards.filter(state=BoardState.REFUSED).select_related("key")
    return refused.order_by("-ended_at").first()


def sitting_board(application: Application) -> Board | None:
    return application.boards.sitting().select_related("key", "convened_by").first()


@transaction.atomic
def convene_board(
    *,
    application: Application,
    road: Road,
    members: Sequence[Staff],
    by: Staff,
    new_fact: str = "",
) -> Board:
    """Put an application before a board. Raises Refused with everything that is against it."""
    by.must(Permission.DECIDE_APPLICATION)
    application = locked(application)
    refuse_if(
        why_not_convene(
            state=ApplicationState(application.state),
            one_sits=sitting_board(application) is not None,
            members=_asked(application, members),
            is_new=bool(new_fact.strip()) or something_is_new(application),
        )
    )
    board = Board.objects.create(
        application=application,
        key=application.key,
        road=road.value,
        new_fact=new_fact.strip() or None,
        convened_by=by,
        convened_at=timezone.now(),
    )
    for member in members:
        _seat(board, member)
    journal.record("board convened", subject=board, by=by, person=person_of(application))
    return board


def _asked(application: Application, members: Sequence[Staff]) -> list[Member]:
    hands = had_a_hand_in(application)
    return [
        Member(
            number=one.number,
            profession=one.profession,
            sits_on_boards=one.is_active and one.may(Permission.SIT_ON_BOARD),
            had_a_hand=one.pk in hands,
        )
        for one in members
    ]


def _seat(board: Board, member: Staff) -> Seat:
    return Seat.objects.create(
        board=board,
        key=board.key,
        member=member,
        profession=member.profession,
        asked_at=timezone.now(),
    )


@transaction.atomic
def declare_free(*, seat: Seat, by: Staff) -> Seat:
    """A member says that nothing stands between them and these people."""
    seat = _own(seat, SeatState.FREE, by)
    seat.state, seat.said_at = SeatState.FREE, timezone.now()
    seat.save(update_fields=["state", "said_at"])
    _tell("seat free", seat, by)
    return seat


@transaction.atomic
def declare_conflict(*, seat: Seat, words: str, by: Staff) -> Seat:
    """A member says that something does, and sits no more. Needs no words."""
    seat = _own(seat, SeatState.CONFLICT, by)
    seat.state, seat.said_at = SeatState.CONFLICT, timezone.now()
    seat.why_not = words.strip()
    seat.save(update_fields=["state", "said_at", "why_not"])
    _tell("conflict declared", seat, by)
    return seat


@transaction.atomic
def cast_vote(*, seat: Seat, votes_for: bool, words: str, by: Staff) -> Seat:
    """Keep a vote, sealed until all are in. It never changes; dissent is kept with its words."""
    seat = _own(seat, SeatState.VOTED, by)
    application = seat.board.application
    hand = by.pk in had_a_hand_in(application)
    refuse_if(why_not_vote(words=words, had_a_hand=hand))
    seat.state, seat.voted_at = SeatState.VOTED, timezone.now()
    seat.vote = {"for": votes_for, "words": words.strip()}
    seat.save(update_fields=["state", "voted_at", "vote"])
    _tell("vote cast", seat, by)
    return seat


@transaction.atomic
def replace_member(*, seat: Seat, instead: Staff, reason: str, by: Staff) -> Seat:
    """Another sits where somebody has a conflict, or cannot come. Who has voted stays."""
    by.must(Permission.DECIDE_APPLICATION)
    application = locked(seat.board.application)
    seat = _again(seat)
    board = seat.board
    others = [one.profession for one in board.seats_standing() if one.pk != seat.pk]
    refuse_if(
        why_not_replace(
            SeatState(seat.state),
            board=BoardState(board.state),
            instead=_asked(application, [instead])[0],
            has_a_seat=board.seats.filter(member=instead).exists(),
            others=others,
        )
    )
    if seat.state != SeatState.CONFLICT:  # what was declared stays
        seat.why_not = reason.strip()
    seat.state = SeatState.REPLACED
    seat.save(update_fields=["state", "why_not"])
    _tell("board member replaced", seat, by)
    return _seat(board, instead)


@transaction.atomic
def dissolve_board(*, board: Board, reason: str, by: Staff) -> Board:
    """Send a board away before its votes are open: the road was wrong, or nobody comes."""
    by.must(Permission.DECIDE_APPLICATION)
    application = locked(board.application)
    board = Board.objects.select_related("key").get(pk=board.pk)
    refuse_if(
        why_not_dissolve(
            board=BoardState(board.state),
            open_votes=board.votes_are_open(),
            reason=reason,
            road_closed=_road_closed(application, board),
        )
    )
    board.reason, board.ended_by = reason.strip(), by
    board.state, board.ended_at = BoardState.DISSOLVED, timezone.now()
    board.save()
    journal.record("board dissolved", subject=board, by=by, person=person_of(application))
    return board


def _road_closed(application: Application, board: Board) -> bool:
    """Whether the road that its open votes grant closed before that was recorded."""
    votes = [bool(seat.vote["for"]) for seat in board.seats_standing() if seat.vote]
    return is_granted(votes) and bool(reasons_against(facts_of(application, Road(board.road))))


@dataclass(frozen=True)
class Decision:
    """What whoever convened it writes down of it: why, and when it is looked at again."""

    reason: str
    review_on: date | None = None


@transaction.atomic
def decide_application(*, application: Application, decision: Decision, by: Staff) -> Application:
    """Record what the board came to: the road it opens, or a refusal until a day.

    The majority decides; nobody can record another outcome. Raises Refused while votes are
    sealed, and for a road against which something stands now, whatever the board voted.
    """
    by.must(Permission.DECIDE_APPLICATION)
    application = locked(application)
    board = sitting_board(application)
    standing = board.seats_standing() if board else []
    if application.state in DECIDABLE:
        refuse_if(why_not_count(sits=board is not None, standing=[s.standing for s in standing]))
    granted = is_granted([bool(seat.vote["for"]) for seat in standing if seat.vote])
    road = Road(board.road) if board else None
    refuse_if(
        why_not_decide(
            state=ApplicationState(application.state),
            granted=granted,
            reasons=reasons_against(facts_of(application, road)),
            reason=decision.reason,
            review_on=None if granted else decision.review_on,
            today=timezone.localdate(),
        )
    )
    assert board is not None
    _end(board, decision, granted=granted, by=by)
    _keep_outcome(application, board)
    journal.record(
        f"application {application.state}",
        subject=application,
        by=by,
        person=person_of(application),
        facts={
            "board": str(board.pk),
            "road": board.road,
            "reason": decision.reason,
            "votes": [[seat.member.number, seat.profession, seat.vote] for seat in standing],
        },
    )
    application_changed.send(Application, application=application)
    return application


def _end(board: Board, decision: Decision, *, granted: bool, by: Staff) -> None:
    board.state = BoardState.GRANTED if granted else BoardState.REFUSED
    board.read = _codes(board.application)
    board.reason = decision.reason.strip()
    board.review_on = None if granted else decision.review_on
    board.ended_by, board.ended_at = by, timezone.now()
    board.save()


def _keep_outcome(application: Application, board: Board) -> None:
    application.road = board.road
    application.state = ApplicationState(board.state)
    application.decided_by, application.decided_at = board.ended_by, board.ended_at
    application.decision = {"reason": board.reason, "review_on": board.review_on}
    application.review_on = board.review_on
    application.save()


@transaction.atomic
def look_again(*, application: Application, reason: str, by: Staff) -> Application:
    """On its day a refused one was looked at, and nothing is new: it has a next day."""
    by.must(Permission.DECIDE_APPLICATION)
    application = locked(application)
    refuse_if(
        why_not_look_again(
            state=ApplicationState(application.state),
            one_sits=sitting_board(application) is not None,
            is_new=something_is_new(application),
            reason=reason,
        )
    )
    application.review_on = looked_at_again_on(timezone.localdate())
    application.save(update_fields=["review_on"])
    journal.record(
        "looked at again", subject=application, by=by, person=person_of(application),
        facts={"reason": reason.strip()},
    )  # fmt: skip
    return application


def dissolve_boards_of(match: Match) -> None:
    """A match was withdrawn: who decided about this man for her decides no more."""
    _dissolve(Q(application__enquiry=match.enquiry, application__captive=match.captive))


def dissolve_boards_for(enquiry: Enquiry) -> None:
    """She took her enquiry back."""
    _dissolve(Q(application__enquiry=enquiry))


def _dissolve(which: Q) -> None:
    rows = Board.objects.sitting().filter(which).select_related(
        "application__captive", "application__enquiry"
    )  # fmt: skip
    for board in rows.order_by("pk"):
        board.state, board.ended_at = BoardState.DISSOLVED, timezone.now()
        board.save(update_fields=["state", "ended_at"])
        journal.record(
            "board dissolved",
            subject=board,
            by=journal.MACHINE,
            person=person_of(board.application),
        )


def locked(application: Application) -> Application:
    """The application, locked for this transaction."""
    rows = Application.objects.select_for_update(of=("self",))
    return rows.select_related("captive", "enquiry", "key").get(pk=application.pk)


def person_of(application: Application) -> str:
    """Whom the journal names: the man once he is known, else her enquiry."""
    about = application.captive or application.enquiry
    return about.bureau_number if about else ""


def _own(seat: Seat, to: SeatState, by: Staff) -> Seat:
    """This member's own seat, locked with its application, if they can do this now."""
    by.must(Permission.SIT_ON_BOARD)
    if seat.member_id != by.pk:
        raise Forbidden(Permission.SIT_ON_BOARD.value)
    locked(seat.board.application)
    seat = _again(seat)
    refuse_if(why_not_change_seat(SeatState(seat.state), to, board=BoardState(seat.board.state)))
    return seat


def _again(seat: Seat) -> Seat:
    rows = Seat.objects.select_related(
        "key", "member", "board__key", "board__application__captive",
        "board__application__enquiry", "board__application__key",
    )  # fmt: skip
    return rows.get(pk=seat.pk)


def _tell(done: str, seat: Seat, by: Staff) -> None:
    """Never how somebody votes, nor why they do not sit."""
    journal.record(done, subject=seat, by=by, person=person_of(seat.board.application))
