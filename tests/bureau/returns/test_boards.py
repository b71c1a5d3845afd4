"""A board: who may sit, when votes open, what they come to, and that it is kept as it was."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.boards import AGAINST, FOR, THREE, board_members, convened, decided, vote_all
from tests.cases import Case
from tests.factories import HarmFlagFactory
from tests.traces import nothing_written
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Danger
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.returns import boards
from wayhome.bureau.returns.models import Application, Board, Seat
from wayhome.bureau.returns.rules import ApplicationState, Road, looked_at_again_on
from wayhome.bureau.returns.rules.boards import (
    SEAT_MAY_BECOME,
    SEAT_NAMES,
    BoardState,
    Member,
    SeatState,
    Standing,
    are_open,
    is_granted,
    why_not_change_seat,
    why_not_convene,
    why_not_dissolve,
    why_not_look_again,
    why_not_replace,
)
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.bureau.staff.rules import Profession
from wayhome.lib.refusal import Refused

OPEN, SITS = ApplicationState.OPEN, BoardState.SITTING
LAWYER, DOCTOR, TEACHER = (Member(f"S-{n}", p) for n, p in enumerate(("lawyer", "doctor", "tea")))
GOOD = [LAWYER, DOCTOR, TEACHER]


def codes(refusals):
    return [one.code for one in refusals]


# Rules.


def test_three_of_different_professions_may_be_convened():
    assert why_not_convene(state=OPEN, one_sits=False, members=GOOD, is_new=True) == []


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([LAWYER, DOCTOR], "boards.quorum"),
        ([LAWYER, DOCTOR, Member("S-9", "lawyer")], "boards.quorum"),
        ([*GOOD, Member("S-9", "")], "boards.profession"),
        ([*GOOD, Member("S-9", "priest", had_a_hand=True)], "boards.hand"),
        ([*GOOD, Member("S-9", "priest", sits_on_boards=False)], "boards.not_a_member"),
    ],
    ids=["two", "two lawyers", "no profession", "a hand in the file", "no member"],
)
def test_who_is_not_enough_or_may_not_sit(members, code):
    refusals = why_not_convene(state=OPEN, one_sits=False, members=members, is_new=True)

    assert codes(refusals) == [code]
    assert all("%" not in str(one.reason) for one in refusals)


def test_one_board_at_a_time_on_what_can_be_decided_and_a_second_needs_new_facts():
    told = {"members": GOOD, "one_sits": False, "is_new": True, "state": OPEN}
    assert codes(why_not_convene(**told | {"one_sits": True})) == ["boards.sits"]
    assert codes(why_not_convene(**told | {"is_new": False})) == ["boards.new_facts"]
    granted = ApplicationState.GRANTED
    assert codes(why_not_convene(**told | {"state": granted})) == ["returns.decided"]


@pytest.mark.parametrize("seat", SeatState, ids=lambda one: one.value)
def test_what_a_seat_may_become_stands_in_one_table(seat):
    assert seat in SEAT_NAMES
    for to in SeatState:
        refusal = why_not_change_seat(seat, to, board=SITS)
        assert (refusal is None) == (to in SEAT_MAY_BECOME[seat])
        assert why_not_change_seat(seat, to, board=BoardState.GRANTED)


def test_votes_open_when_all_who_sit_have_voted_and_are_enough():
    three = [Standing(each, has_voted=True) for each in ("lawyer", "doctor", "teacher")]
    assert are_open(three)
    assert not are_open([*three, Standing("priest", has_voted=False)])
    assert not are_open(three[:2])  # a third declared a conflict, and nobody came yet
    assert not are_open([])


@pytest.mark.parametrize(
    ("votes", "granted"),
    [((1, 1, 1), True), ((1, 1, 0), True), ((1, 0, 0), False), ((1, 1, 0, 0), False), ((), False)],
)
def test_more_than_half_open_a_road(votes, granted):
    assert is_granted([bool(each) for each in votes]) is granted


def test_another_comes_to_sit_who_keeps_the_professions_apart():
    told = {"board": SITS, "instead": TEACHER, "has_a_seat": False, "others": ["lawyer", "doctor"]}
    assert why_not_replace(SeatState.CONFLICT, **told) == []
    two = told | {"others": ["lawyer"]}  # two are to be replaced, one after the other
    assert why_not_replace(SeatState.ASKED, **two) == []
    assert codes(why_not_replace(SeatState.ASKED, **told | {"instead": LAWYER})) == [
        "boards.quorum"
    ]
    assert codes(why_not_replace(SeatState.VOTED, **told)) == ["boards.voted"]
    assert codes(why_not_replace(SeatState.ASKED, **told | {"has_a_seat": True})) == [
        "boards.seated"
    ]


def test_a_board_is_not_sent_away_for_how_it_voted():
    assert why_not_dissolve(board=SITS, open_votes=False, reason="не та дорога") == []
    assert codes(why_not_dissolve(board=SITS, open_votes=True, reason="да")) == ["boards.open"]
    over = why_not_dissolve(board=BoardState.REFUSED, open_votes=False, reason=" ")
    assert codes(over) == ["boards.over", "boards.reason"]


def test_only_a_refused_one_without_news_is_looked_at_and_left():
    told = {
        "state": ApplicationState.REFUSED, "one_sits": False, "is_new": False, "reason": "то же",
    }  # fmt: skip
    assert why_not_look_again(**told) == []
    assert codes(why_not_look_again(**told | {"is_new": True})) == ["boards.is_new"]
    assert codes(why_not_look_again(**told | {"state": OPEN})) == ["returns.not_refused"]


# Actions.


@pytest.fixture
def case(db) -> Case:
    one = Case(road=Road.UNILATERAL)
    _ = one.application, one.verdict, one.consented, one.assessed
    return one


@pytest.fixture
def board(case) -> Board:
    return convened(case.application, case.road, case.staff(Role.DECISION))


@pytest.mark.slow
def test_nobody_sees_a_vote_before_all_are_in_and_nobody_changes_one(case, board):
    first, second, third = board.seats_standing()
    with nothing_written(), pytest.raises(Refused, match=r"boards\.not_free"):
        boards.cast_vote(seat=first, votes_for=FOR, words="да", by=first.member)
    for seat in (first, second, third):
        boards.declare_free(seat=seat, by=seat.member)
    boards.cast_vote(seat=first, votes_for=AGAINST, words="рано", by=first.member)
    with nothing_written(), pytest.raises(Refused, match=r"boards\.voted"):
        boards.cast_vote(seat=first, votes_for=FOR, words="нет, да", by=first.member)
    with nothing_written(), pytest.raises(Forbidden):
        boards.cast_vote(seat=second, votes_for=FOR, words="за другого", by=first.member)
    with nothing_written(), pytest.raises(Refused, match=r"boards\.words"):
        boards.cast_vote(seat=second, votes_for=FOR, words="  ", by=second.member)
    officer, decision = case.staff(Role.DECISION), boards.Decision("да")
    with nothing_written(), pytest.raises(Refused, match=r"boards\.waits"):
        boards.decide_application(application=case.application, decision=decision, by=officer)
    assert not board.votes_are_open()

    for seat in (second, third):
        boards.cast_vote(seat=seat, votes_for=FOR, words="да", by=seat.member)

    assert board.votes_are_open()
    assert not Seat.objects.visible_to(officer).to_act().exists()
    granted = boards.decide_application(application=case.application, decision=decision, by=officer)
    assert (granted.state, granted.road) == (ApplicationState.GRANTED, case.road)
    kept = Seat.objects.select_related("key").get(pk=first.pk)
    assert kept.vote == {"for": AGAINST, "words": "рано"}  # dissent stays, with its words
    assert Entry.objects.filter(action="application granted").count() == 1
    assert Entry.objects.filter(action="vote cast").count() == 3


@pytest.mark.slow
def test_whoever_had_a_hand_in_the_file_does_not_sit_whatever_their_role_is_now(case):
    hands = [case.staff(Role.LEGAL), case.staff(Role.TRACING), case.staff(Role.VERIFIER, 2)]
    for person, profession in zip(hands, THREE, strict=True):
        person.role, person.profession = Role.BOARD.value, profession.value
        person.save()
    officer = case.staff(Role.DECISION)

    with nothing_written(), pytest.raises(Refused) as refused:
        convened(case.application, case.road, officer, hands)

    assert codes(refused.value.refusals) == ["boards.hand"]
    assert all(person.number in str(refused.value.refusal.reason) for person in hands)
    three = board_members()
    assert boards.who_may_sit(case.application) == three
    case.staff(Role.NEUTRAL)
    with nothing_written(), pytest.raises(Refused, match=r"boards\.not_a_member"):
        convened(case.application, case.road, officer, [*three, case.staff(Role.NEUTRAL)])


@pytest.mark.slow
def test_who_declares_a_conflict_sits_no_more_and_another_comes(case, board):
    seat = board.seats_standing()[0]
    boards.declare_conflict(seat=seat, words="кум", by=seat.member)
    officer = case.staff(Role.DECISION)
    with nothing_written(), pytest.raises(Refused, match=r"boards\.not_sitting"):
        boards.declare_free(seat=seat, by=seat.member)
    for other in board.seats_standing():
        boards.declare_free(seat=other, by=other.member)
        boards.cast_vote(seat=other, votes_for=FOR, words="да", by=other.member)
    assert not board.votes_are_open()  # two are no board
    (doctor,) = board_members([Profession.PHYSICIAN])
    with nothing_written(), pytest.raises(Refused, match=r"boards\.quorum"):
        boards.replace_member(seat=seat, instead=doctor, reason="", by=officer)
    (teacher,) = board_members([Profession.TEACHER])

    new = boards.replace_member(seat=seat, instead=teacher, reason="", by=officer)

    boards.declare_free(seat=new, by=teacher)
    boards.cast_vote(seat=new, votes_for=FOR, words="да", by=teacher)
    assert board.votes_are_open()
    assert Seat.objects.select_related("key").get(pk=seat.pk).why_not == "кум"
    with nothing_written(), pytest.raises(Refused, match=r"boards\.open"):
        boards.dissolve_board(board=board, reason="не так", by=officer)


@pytest.mark.slow
def test_what_the_board_opened_is_not_recorded_against_what_stands_now(case, board):
    vote_all(board)
    HarmFlagFactory(captive=case.captive)
    officer, decision = case.staff(Role.DECISION), boards.Decision("да")

    with nothing_written(), pytest.raises(Refused, match=r"returns\.legal"):
        boards.decide_application(application=case.application, decision=decision, by=officer)
    ended = boards.dissolve_board(board=board, reason="дорога закрылась", by=officer)
    assert ended.state == BoardState.DISSOLVED


@pytest.mark.slow
def test_a_second_board_needs_a_fact_that_it_can_read(case):
    officer, soon = case.staff(Role.DECISION), looked_at_again_on(timezone.localdate())
    refused = decided(case.application, case.road, officer, (AGAINST, FOR, AGAINST), soon)
    assert refused.state == ApplicationState.REFUSED
    three = board_members()
    with nothing_written(), pytest.raises(Refused, match=r"boards\.new_facts"):
        convened(refused, case.road, officer, three)

    consents.assess_danger(
        captive=case.captive, danger=Danger.SUBSTANTIAL, reasons="есть", by=case.staff(Role.LEGAL)
    )
    assert boards.something_is_new(refused)
    HarmFlagFactory(captive=case.captive)  # one value for both: nothing more is new
    assert convened(refused, case.road, officer).state == BoardState.SITTING


@pytest.mark.slow
def test_a_withdrawn_match_dissolves_the_board_that_sat_on_it(case, board):
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    assert Board.objects.get().state == BoardState.DISSOLVED
    seat = Seat.objects.filter(board=board).first()
    with nothing_written(), pytest.raises(Refused, match=r"boards\.over"):
        boards.declare_free(seat=seat, by=seat.member)


@pytest.mark.slow
def test_the_database_keeps_no_decision_without_a_board_and_no_other_vote(case, board):
    told = {"state": "granted", "road": case.road, "decided_at": timezone.now()}
    told["decided_by"] = case.staff(Role.DECISION)
    for forced in (
        lambda: Application.objects.update(**told),
        lambda: board.seats.update(state=SeatState.VOTED),
        lambda: board.seats.update(state=SeatState.CONFLICT),
        lambda: Board.objects.create(
            application=case.application, key=board.key, road=case.road,
            convened_by=board.convened_by, convened_at=timezone.now(),
        ),
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            forced()
    vote_all(board)
    with pytest.raises(IntegrityError, match="a vote is never changed"), transaction.atomic():
        board.seats.filter(state="voted").update(vote=None, voted_at=None, state="free")
    with pytest.raises(IntegrityError, match="a vote is never changed"), transaction.atomic():
        board.seats.all().delete()
    boards.decide_application(
        application=case.application, decision=boards.Decision("да"), by=case.staff(Role.DECISION)
    )
    with pytest.raises(IntegrityError, match="sits no longer"), transaction.atomic():
        board.seats.update(asked_at=timezone.now())
