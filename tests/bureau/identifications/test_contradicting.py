"""What people say elsewhere contradicts a name: the machine doubts it, and tells nobody."""

import pytest

from tests.at_once import beside
from tests.bureau.identifications.dead import (
    before_the_board,
    identified,
    members,
    opened,
    remains_found,
)
from tests.bureau.identifications.test_telling import family, told
from tests.bureau.repatriations.homeward import consignment, leg, named, ready, wishes
from tests.bureau.repatriations.homeward import told as told_earlier
from tests.factories import CandidateFactory, CaptiveFactory, EnquiryFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState, ProposalState
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind
from wayhome.bureau.identifications import actions, telling
from wayhome.bureau.identifications.comparing import facts_of
from wayhome.bureau.identifications.models import DeathTold, Identification
from wayhome.bureau.identifications.rules.board import Cause, Outcome, State
from wayhome.bureau.identifications.rules.evidence import Word
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import Judged, judge_candidate
from wayhome.bureau.matches.models import Match, SameSought
from wayhome.bureau.matches.rules import Verdict
from wayhome.bureau.matches.same_sought import judge_same_sought
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.models import PartLink, Remains
from wayhome.bureau.remains.rules.register import RemainsKind
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

pytestmark = pytest.mark.django_db
SAME = Judged(Verdict.SAME, "дата й місце збігаються")


def matched(enquiry: Enquiry, captive: Captive | None = None) -> Match:
    """Confirmed by the actions of two people."""
    candidate = half_matched(enquiry, captive)
    made = judge_candidate(candidate=candidate, judged=SAME, by=StaffFactory(role=Role.TRACING))
    assert made is not None
    return made


def half_matched(enquiry: Enquiry, captive: Captive | None = None):
    candidate = CandidateFactory(enquiry=enquiry, captive=captive or CaptiveFactory())
    judge_candidate(candidate=candidate, judged=SAME, by=StaffFactory(role=Role.TRACING))
    return candidate


def linked(one: Remains, other: Remains) -> PartLink:
    expert = StaffFactory(role=Role.FORENSIC)
    return the_dead.link_parts(one=one, other=other, grounds="одна стегнова", by=expert)


def said_to_seek_one_man(one: Enquiry, other: Enquiry) -> None:
    pair = SameSought.objects.create(earlier=one, later=other, bits=30, probability=0.9)
    by = StaffFactory(role=Role.TRACING)
    judge_same_sought(pair=pair, verdict=ProposalState.SAME, reason="одна мати", by=by)


def state_of(identification: Identification) -> State:
    identification.refresh_from_db()
    return State(identification.state)


def causes(identification: Identification) -> list[Cause]:
    return [Cause(doubt.cause) for doubt in identification.doubts.all()]


def test_a_match_with_a_living_man_doubts_the_name_and_a_person_tells_whoever_was_told():
    identification, enquiry = family()
    heard = told(identification, enquiry)

    matched(enquiry)

    assert state_of(identification) == State.REOPENED
    assert causes(identification) == [Cause.ALIVE]
    doubt = identification.doubts.get()
    assert (doubt.by, doubt.reason) == (None, None)
    entry = Entry.objects.get(action="identification doubted")
    assert (entry.actor_id, entry.purpose) == ("machine", "alive")
    # Everybody who was told is listed; nobody is told by it, and no machine writes to her.
    assert list(DeathTold.objects.to_correct()) == [heard]
    assert telling.owes_a_correction(enquiry)
    assert telling.left_in_peace(enquiry) == {enquiry.pk}
    assert not OutgoingMessage.objects.exists()
    assert not enquiry.invitations.filter(state="open").exists()
    told_agency = Notice.objects.get(kind=NoticeKind.DOUBTED)
    assert told_agency.particulars == {"remains": identification.remains.bureau_number}
    assert telling.families_to_tell() == []


def test_a_match_of_a_relative_whose_enquiry_was_linked_doubts_it_too():
    identification, other = identified(), EnquiryFactory()
    said_to_seek_one_man(identification.enquiry, other)
    assert state_of(identification) == State.IDENTIFIED

    matched(other)

    assert causes(identification) == [Cause.ALIVE]


def test_a_link_with_an_enquiry_whose_man_is_on_the_register_doubts_it_too():
    identification, other = identified(), EnquiryFactory()
    matched(other)
    assert state_of(identification) == State.IDENTIFIED

    said_to_seek_one_man(identification.enquiry, other)

    assert causes(identification) == [Cause.ALIVE]


def test_a_match_with_a_man_who_died_doubts_nothing_and_with_one_of_another_name_neither():
    identification, stranger = identified(), EnquiryFactory()

    matched(identification.enquiry, CaptiveFactory(custody_state=CustodyState.DEAD))
    matched(stranger)

    assert state_of(identification) == State.IDENTIFIED
    assert not Notice.objects.filter(kind=NoticeKind.DOUBTED).exists()


def test_what_is_not_decided_or_excluded_is_not_doubted():
    gathered = opened()

    matched(gathered.enquiry)

    assert state_of(gathered) == State.OPEN
    assert causes(gathered) == []


def test_parts_linked_as_one_body_that_bear_two_names_are_both_doubted():
    one, other = identified(remains_found(RemainsKind.PART)), identified()

    linked(one.remains, other.remains)

    assert [causes(each) for each in (one, other)] == [[Cause.TWO_NAMES]] * 2
    assert {state_of(one), state_of(other)} == {State.REOPENED}
    assert Notice.objects.filter(kind=NoticeKind.DOUBTED).count() == 2


def test_parts_of_one_name_are_linked_without_a_doubt():
    enquiry, other = EnquiryFactory(), EnquiryFactory()
    said_to_seek_one_man(enquiry, other)
    one = identified(remains_found(RemainsKind.PART), enquiry)
    two = identified(remains_found(RemainsKind.PART), other)
    nameless = remains_found(RemainsKind.PART)

    linked(one.remains, two.remains)
    linked(two.remains, nameless)

    assert {state_of(one), state_of(two)} == {State.IDENTIFIED}


def test_a_body_is_one_through_a_part_without_a_name_and_not_through_parts_of_several():
    one, other = (identified(remains_found(RemainsKind.PART)) for _ in range(2))
    several = remains_found(RemainsKind.PARTS)
    for each in (one, other):
        linked(each.remains, several)
    assert {state_of(one), state_of(other)} == {State.IDENTIFIED}

    between = remains_found(RemainsKind.PART)
    for each in (one, other):
        linked(each.remains, between)

    assert [causes(each) for each in (one, other)] == [[Cause.TWO_NAMES]] * 2


def test_remains_linked_with_a_name_are_not_given_another():
    one, part = identified(), remains_found(RemainsKind.PART)
    linked(one.remains, part)

    assert facts_of(opened(part)).linked_otherwise
    assert not facts_of(opened(part, one.enquiry)).linked_otherwise


def test_two_whole_bodies_that_turn_out_to_bear_one_name_are_both_doubted():
    one, other, part = identified(), identified(), identified(remains_found(RemainsKind.PART))
    said_to_seek_one_man(one.enquiry, part.enquiry)
    assert state_of(one) == State.IDENTIFIED

    said_to_seek_one_man(one.enquiry, other.enquiry)

    assert [causes(each) for each in (one, other)] == [[Cause.TWO_BODIES]] * 2
    assert state_of(part) == State.IDENTIFIED


def test_a_bag_that_travels_stops_when_its_man_is_found_alive():
    officer = StaffFactory(role=Role.CUSTODY)
    one = ready(officer, 1)
    identification, enquiry = named(one)
    wishes(told_earlier(identification, enquiry, days_ago=3), **{"return": "home"})
    going = consignment(officer, one)

    matched(enquiry)

    with nothing_written(), pytest.raises(Refused, match=r"going\.doubted"):
        leg(going, officer)


@pytest.mark.django_db(transaction=True)
def test_a_board_that_signs_while_a_match_is_confirmed_gives_no_name():
    identification = before_the_board(opened())
    first, second, third = members()
    said = {"identification": identification, "word": Word.ESTABLISHED, "reason": "так"}
    for by in (first, second):
        actions.sign(**said, by=by)
    candidate, judge = half_matched(identification.enquiry), StaffFactory(role=Role.TRACING)

    with beside(lambda: actions.sign(**said, by=third)):
        judge_candidate(candidate=candidate, judged=SAME, by=judge)

    assert state_of(identification) == State.OPEN
    assert identification.rounds.get().outcome == Outcome.STOPPED


@pytest.mark.django_db(transaction=True)
def test_a_match_confirmed_while_a_board_signs_finds_the_name_and_doubts_it():
    identification = before_the_board(opened())
    first, second, third = members()
    said = {"identification": identification, "word": Word.ESTABLISHED, "reason": "так"}
    for by in (first, second):
        actions.sign(**said, by=by)
    candidate, judge = half_matched(identification.enquiry), StaffFactory(role=Role.TRACING)

    with beside(lambda: judge_candidate(candidate=candidate, judged=SAME, by=judge)):
        actions.sign(**said, by=third)

    assert state_of(identification) == State.REOPENED
    assert causes(identification) == [Cause.ALIVE]
