"""The way home by action: offered, counted out and in, received; what is refused, what stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.at_once import DONE, all_at_once
from tests.bureau.identifications.dead import identified
from tests.bureau.remains.test_actions import registered, seen
from tests.bureau.remains.test_burial import grave, plot_of
from tests.bureau.repatriations.homeward import (
    AS_NEW,
    DELEGATE,
    JOURNEY,
    POWER,
    accepted,
    consignment,
    count_all,
    counted,
    handed_outside,
    leg,
    named,
    offered,
    ready,
    told,
    wishes,
)
from tests.factories import MatchFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind
from wayhome.bureau.identifications import actions as naming
from wayhome.bureau.identifications.rules.board import Cause
from wayhome.bureau.oversight.clocks import running_for
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.remains import actions as the_dead
from wayhome.bureau.remains.queries import chain_of, gaps_in
from wayhome.bureau.remains.rules.opening import Opened
from wayhome.bureau.remains.rules.opening import Why as OpenedFor
from wayhome.bureau.remains.rules.register import State as WhereState
from wayhome.bureau.repatriations import actions
from wayhome.bureau.repatriations.actions.offering import Wanted
from wayhome.bureau.repatriations.facts import bag_of
from wayhome.bureau.repatriations.models import (
    Consignment,
    Count,
    Discrepancy,
    OfferLine,
    Piece,
    ReturnRequest,
)
from wayhome.bureau.repatriations.rules.consigning import LegState, PieceKind, State, Way
from wayhome.bureau.repatriations.rules.offering import Answer, Said
from wayhome.bureau.repatriations.rules.requesting import Asked, Asker, Home, RequestState
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Permission, Role, roles_with
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PICTURE = b"\x89PNG a name, written by hand"


@pytest.fixture
def officer(db):
    return StaffFactory(role=Role.CUSTODY)


@pytest.fixture
def driver(db):
    return StaffFactory(role=Role.CUSTODY)


def pieces(opened: Consignment) -> list[str]:
    return [piece.code for piece in opened.standing_pieces()]


def received(opened: Consignment, by):
    return actions.receive(consignment=opened, who=DELEGATE, picture=PICTURE, by=by)


# Consignments


def test_two_bags_go_home_counted_out_and_in_twice_and_signed_for(officer, driver):
    one, two = ready(officer, 1), ready(officer, 2, packet=False)
    opened = consignment(officer, one, two)
    assert pieces(opened) == [one.bureau_number, "П 1", two.bureau_number]

    first = leg(opened, officer, to=driver)
    counted(first, officer)
    assert one.waiting().receiver == driver
    counted(first, driver)
    assert {each.last_change().receiver for each in (one, two)} == {driver}
    last = handed_outside(opened, driver)
    received(opened, driver)

    for each in (one, two):
        each.refresh_from_db()
        assert each.state == WhereState.HOME
        assert each.last_change().taking == DELEGATE
        assert len(chain_of(each)) == 3
        assert gaps_in(each) == []
    opened.refresh_from_db()
    assert opened.state == State.CLOSED
    assert last.state == LegState.DONE
    told_of = Notice.objects.get(kind=NoticeKind.DEAD_RETURNED)
    assert told_of.particulars["remains"] == [one.bureau_number, two.bureau_number]
    assert told_of.about == str(opened.number)


def test_what_is_missing_before_remains_are_put_on_a_manifest_is_said_at_once(officer):
    bare = registered(officer)
    opened = actions.open_consignment(journey=JOURNEY, by=officer)

    with nothing_written(), pytest.raises(Refused) as refused:
        actions.add(consignment=opened, remains=bare, by=officer)

    assert {one.code for one in refused.value.refusals} == {
        "consignment.no_seal", "consignment.not_agreed", "burial.no_examination",
        "burial.no_photograph", "burial.no_effects", "burial.no_sample",
    }  # fmt: skip


def test_a_count_that_differs_is_kept_and_blocks_until_two_people_explained_it(officer, driver):
    one, two = ready(officer, 1), ready(officer, 2)
    opened = consignment(officer, one, two)
    out = leg(opened, officer, to=driver)
    count_all(out, officer, besides=(two.bureau_number,))
    actions.count(leg=out, read="В-77", seal="", by=driver)
    with nothing_written(), pytest.raises(Refused, match=r"count\.again"):
        actions.count(leg=out, read="в 77".replace(" ", "-"), seal="", by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"count\.not_yours"):
        actions.close_count(leg=out, condition=AS_NEW, by=driver)

    out = actions.close_count(leg=out, condition=AS_NEW, by=officer)

    assert out.state == LegState.OUT_DIFFERS
    assert {each.kind for each in out.differences.all()} == {"missing", "unlisted"}
    assert one.waiting() is None  # nothing moved
    with nothing_written(), pytest.raises(Refused, match=r"leg\.unexplained"):
        actions.sign(leg=out, by=officer)
    for each in out.differences.all():
        actions.explain(difference=each, words="Лишився в контейнері.", by=officer)
        with nothing_written(), pytest.raises(Refused, match=r"difference\.own"):
            actions.confirm(difference=each, by=officer)
        actions.confirm(difference=each, by=driver)
    actions.sign(leg=out, by=officer)
    assert one.waiting().receiver == driver
    assert two.waiting() is None
    assert pieces(opened) == [one.bureau_number, "П 1"]  # it stays with its packet
    stayed = Piece.objects.get(code=two.bureau_number)
    assert stayed.why_stayed == "Лишився в контейнері."
    counted(out, driver)
    assert out.consignment.last_leg().receiver == driver


def test_a_seal_that_is_another_one_is_a_difference_and_a_gap_of_the_chain(officer):
    one = ready(officer, 1)
    opened = consignment(officer, one)
    out = leg(opened, officer)
    actions.count(leg=out, read=one.bureau_number, seal="М 999", by=officer)
    actions.count(leg=out, read="П 1", seal="", by=officer)
    out = actions.close_count(leg=out, condition=AS_NEW, by=officer)
    (found,) = out.differences.all()
    assert (found.kind, found.seal) == ("seal", "М 999")
    _explained(out, officer)
    actions.sign(leg=out, by=officer)
    actions.count(leg=out, read=one.bureau_number, seal="М 999", by=officer)
    actions.count(leg=out, read="П 1", seal="", by=officer)
    out = actions.close_count(leg=out, condition=AS_NEW, by=officer)
    _explained(out, officer)
    actions.sign(leg=out, by=officer)
    one.refresh_from_db()
    assert one.has_gap


def _explained(one, by):
    second = StaffFactory(role=Role.CUSTODY)
    for each in one.unexplained():
        actions.explain(difference=each, words="Пломбу переклеїли.", by=by)
        actions.confirm(difference=each, by=second)


def test_the_seal_itself_may_be_scanned_and_a_bag_by_its_own_number(officer):
    one, two = ready(officer, 1, packet=True), ready(officer, 2, packet=False)
    out = leg(consignment(officer, one, two), officer)

    by_seal = actions.count(leg=out, read="м101", seal="", by=officer)
    by_bag = actions.count(leg=out, read="П-2", seal="М 102", by=officer)

    assert by_seal.piece.code == one.bureau_number
    assert by_seal.seal == "м101"
    assert by_bag.piece.code == two.bureau_number
    assert actions.tally_of(out, Way.OUT).missing == 1  # the packet


def test_only_who_has_them_gives_them(officer, driver):
    one = ready(officer, 1)
    opened = consignment(officer, one)
    offer = the_dead.hand_over(remains=one, receiver=driver, seen=seen("М 101"), by=officer)
    the_dead.take(change=offer, seen=seen("М 101"), by=driver)

    with nothing_written(), pytest.raises(Refused, match=r"leg\.not_held"):
        leg(opened, officer)
    leg(opened, driver)


def test_what_is_signed_for_or_taken_back_on_its_own_page_does_not_block_the_count(officer, driver):
    one, two = ready(officer, 1), ready(officer, 2)
    opened = consignment(officer, one, two)
    running = counted(leg(opened, officer, to=driver), officer)
    the_dead.take(change=one.waiting(), seen=seen("М 101"), by=driver)
    the_dead.take_back(change=two.waiting(), by=officer)
    count_all(running, driver)

    with nothing_written(), pytest.raises(Refused, match=r"leg\.not_given"):
        actions.close_count(leg=running, condition=AS_NEW, by=driver)
    the_dead.hand_over(remains=two, receiver=driver, seen=seen("М 102"), by=officer)
    actions.close_count(leg=running, condition=AS_NEW, by=driver)

    assert {each.last_change().receiver for each in (one, two)} == {driver}
    assert len(chain_of(one)) == len(chain_of(two)) == 2


def test_what_is_taken_off_or_stopped_may_go_with_another(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    opened = consignment(officer, one, two)
    other = actions.open_consignment(journey=JOURNEY, by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"consignment\.elsewhere"):
        actions.add(consignment=other, remains=one, by=officer)
    piece = opened.standing_pieces().get(code=one.bureau_number)

    actions.take_off(piece=piece, reason="Родина просить почекати.", by=officer)
    actions.add(consignment=other, remains=one, by=officer)
    actions.stop(consignment=opened, reason="Дорогу закрито.", by=officer)
    actions.add(consignment=other, remains=two, by=officer)

    assert pieces(opened) == []
    assert len(pieces(other)) == 4
    with nothing_written(), pytest.raises(Refused, match=r"consignment\.closed"):
        actions.add(consignment=opened, remains=one, by=officer)


def test_a_doubt_that_comes_on_the_way_holds_them_until_they_are_taken_off(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    identification, enquiry = named(one)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})
    opened = consignment(officer, one, two)
    doubter = StaffFactory(role=Role.TRACING)
    naming.doubt(identification=identification, cause=Cause.MIX_UP, reason="дві бирки", by=doubter)

    with nothing_written(), pytest.raises(Refused, match=r"going\.doubted"):
        leg(opened, officer)
    piece = opened.standing_pieces().get(code=one.bureau_number)
    actions.take_off(piece=piece, reason="Сумнів.", by=officer)
    handed_outside(opened, officer)

    assert pieces(opened) == [two.bureau_number, "П 2"]


def test_a_doubt_about_who_is_in_hands_outside_is_told_the_agency_with_the_consignment(officer):
    one = ready(officer, 1)
    identification, enquiry = named(one)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})
    opened = consignment(officer, one)
    assert not Consignment.objects.doubted()
    handed_outside(opened, officer)

    doubter = StaffFactory(role=Role.TRACING)
    naming.doubt(identification=identification, cause=Cause.MIX_UP, reason="дві бирки", by=doubter)

    assert Consignment.objects.doubted().get() == opened
    told_of = Notice.objects.get(kind=NoticeKind.DOUBTED)
    assert told_of.particulars == {
        "remains": one.bureau_number, "consignment": opened.number,
    }  # fmt: skip


def test_a_later_part_names_the_consignment_that_went_before(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    first = consignment(officer, one)
    handed_outside(first, officer)
    received(first, officer)
    the_dead.say_kind(remains=two, kind="part", by=officer)
    expert = StaffFactory(role=Role.FORENSIC)
    the_dead.link_parts(one=one, other=two, grounds="одна стегнова", by=expert)

    second = consignment(officer, two)

    bag = second.standing_pieces().get(kind=PieceKind.BAG)
    assert bag.follows.consignment == first


def test_packets_that_a_family_wants_for_itself_do_not_go(officer):
    one = ready(officer, 1)
    identification, enquiry = named(one)
    heard = told(identification, enquiry, days_ago=3)
    wishes(heard, **{"return": "home", "belongings": "to her"})

    assert pieces(consignment(officer, one)) == [one.bureau_number]


def test_a_body_that_comes_back_is_in_keeping_again_and_may_go_home_again(officer):
    one = ready(officer, 1)
    opened = consignment(officer, one)
    handed_outside(opened, officer)
    received(opened, officer)

    given_back(one, officer)

    one.refresh_from_db()
    assert one.state == WhereState.KEPT
    by = StaffFactory(role=Role.COORDINATOR)
    _answer(OfferLine.objects.get(remains=one).offer, by, one, answer=Answer.REFUSED)
    again = consignment(officer, one)
    handed_outside(again, officer)
    received(again, officer)
    one.refresh_from_db()
    assert one.state == WhereState.HOME
    assert Piece.objects.standing().filter(remains=one).values("consignment").distinct().get()
    assert pieces(opened) == pieces(again)  # what went first stays written


def test_what_hands_outside_give_back_is_taken_off_and_the_others_are_received(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    opened = consignment(officer, one, two)
    handed_outside(opened, officer)
    back = opened.standing_pieces().get(code=one.bureau_number)
    with nothing_written(), pytest.raises(Refused, match=r"consignment\.runs"):
        actions.take_off(piece=back, reason="Сумнів.", by=officer)
    given_back(one, officer)
    with nothing_written(), pytest.raises(Refused, match=r"custody\.with_us"):
        received(opened, officer)

    actions.take_off(piece=back, reason="Сумнів.", by=officer)
    received(opened, officer)

    for each in (one, two):
        each.refresh_from_db()
    assert (one.state, two.state) == (WhereState.KEPT, WhereState.HOME)


def test_a_consignment_of_which_all_was_given_back_is_stopped(officer):
    one = ready(officer, 1)
    opened = consignment(officer, one)
    handed_outside(opened, officer)
    given_back(one, officer)
    with nothing_written(), pytest.raises(Refused, match=r"consignment\.left_us"):
        actions.stop(consignment=opened, reason="Повернуто.", by=officer)
    actions.take_off(piece=opened.standing_pieces().first(), reason="Повернуто.", by=officer)

    actions.stop(consignment=opened, reason="Повернуто.", by=officer)

    opened.refresh_from_db()
    assert opened.state == State.STOPPED


def given_back(remains, by) -> None:
    """Somebody of ours took them over from the hands outside that had them."""
    the_dead.take_over(remains=remains, giver=DELEGATE, given_at=timezone.now(),
                       seen=seen(remains.last_seal()), reason="", by=by)  # fmt: skip


# What the database holds


def test_the_database_closes_no_consignment_with_uncounted_bags(officer):
    opened = consignment(officer, ready(officer, 1))

    with pytest.raises(IntegrityError, match="not counted and signed"), transaction.atomic():
        _closed_past_the_actions(opened, officer)
    handed_outside(opened, officer)
    with pytest.raises(IntegrityError, match="not counted and signed"), transaction.atomic():
        _closed_past_the_actions(opened, officer)  # no receipt
    received(opened, officer)
    _checked()


def _closed_past_the_actions(opened: Consignment, by) -> None:
    closed = {"state": State.CLOSED, "ended_by": by, "ended_at": timezone.now()}
    Consignment.objects.filter(pk=opened.pk).update(**closed)
    _checked()


def _checked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_the_database_keeps_manifest_counts_and_differences_as_they_were(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    opened = consignment(officer, one, two)
    out = leg(opened, officer)
    bag = opened.standing_pieces().get(code=one.bureau_number)
    count_all(out, officer, besides=(two.bureau_number,))
    out = actions.close_count(leg=out, condition=AS_NEW, by=officer)
    (found,) = out.differences.all()
    other = actions.open_consignment(journey=JOURNEY, by=officer)
    twice = Piece(
        consignment=other, remains=one, key=one.key, kind=PieceKind.BAG, place=1, code="1",
        code_key="1", seal="1", by=officer, at=timezone.now(),
    )  # fmt: skip
    late = Piece(
        consignment=opened, remains=one, key=one.key, kind=PieceKind.BAG, place=9, code="1",
        code_key="1", seal="1", by=officer, at=timezone.now(),
    )  # fmt: skip
    actions.explain(difference=found, words="Лишився.", by=officer)
    by_one = {"second_by": officer, "second_at": timezone.now()}
    for wrong, message in (
        (lambda: twice.save(force_insert=True), "one_consignment"),
        (lambda: late.save(force_insert=True), "before it travels"),
        (lambda: Piece.objects.filter(pk=bag.pk).update(seal="інша"), "never rewritten"),
        (lambda: Piece.objects.filter(pk=bag.pk)._raw_delete("default"), "never rewritten"),
        (lambda: Count.objects.filter(leg=out).update(seal="інша"), "never changed"),
        (lambda: Count.objects.filter(leg=out).delete(), "never changed"),
        (lambda: Discrepancy.objects.filter(pk=found.pk).delete(), "as it was found"),
        (lambda: Discrepancy.objects.filter(pk=found.pk).update(**by_one), "two_people"),
    ):
        with pytest.raises(IntegrityError, match=message), transaction.atomic():
            wrong()


@pytest.mark.django_db(transaction=True)
def test_remains_that_eight_put_on_eight_consignments_at_once_stand_on_one():
    officer = StaffFactory(role=Role.CUSTODY)
    one = ready(officer, 1)
    accepted(one)
    many = [actions.open_consignment(journey=JOURNEY, by=officer) for _ in range(8)]

    came = all_at_once(
        [lambda each=each: actions.add(consignment=each, remains=one, by=officer) for each in many],
        "put the same remains on eight consignments",
    )

    assert came == {DONE: 1, "consignment.elsewhere": 7}
    assert Piece.objects.bags().filter(remains=one, stayed_at=None).count() == 1


# Offers


def test_an_offer_lists_numbers_is_sent_and_answered_one_by_one(officer):
    one, two = ready(officer, 1), ready(officer, 2)
    by = StaffFactory(role=Role.COORDINATOR)
    offer = offered(one, two, sent=False)
    assert not running(by)
    with nothing_written(), pytest.raises(Refused, match=r"offer\.not_sent"):
        _answer(offer, by, one, answer=Answer.ACCEPTED)
    with nothing_written(), pytest.raises(Refused, match=r"offer\.offered"):
        actions.write_offer(power=POWER, wanted=[Wanted(one.bureau_number, "шеврон")], by=by)

    actions.send_offer(offer=offer, by=by)

    told_of = Notice.objects.get(kind=NoticeKind.DEAD_OFFERED)
    assert told_of.particulars["remains"] == [one.bureau_number, two.bureau_number]
    assert running(by) == {one.bureau_number, two.bureau_number}
    _answer(offer, by, one, answer=Answer.ACCEPTED)
    assert running(by) == {two.bureau_number}
    with nothing_written(), pytest.raises(Refused, match=r"offer\.too_soon"):
        _answer(offer, by, two, answer=Answer.SILENCE)
    offer.__class__.objects.filter(pk=offer.pk).update(sent_at=timezone.now() - timedelta(31))
    _answer(offer, by, two, answer=Answer.SILENCE)
    assert not running(by)
    assert offered(two).pk != offer.pk  # after silence they are offered anew
    with nothing_written(), pytest.raises(Refused, match=r"offer\.anew"):
        _answer(offer, by, two, answer=Answer.ACCEPTED)
    _answer(offer, by, two, answer=Answer.REFUSED)
    consignment_of_one = actions.open_consignment(journey=JOURNEY, by=officer)
    actions.add(consignment=consignment_of_one, remains=one, by=officer)
    with nothing_written(), pytest.raises(Refused, match=r"offer\.consigned"):
        _answer(offer, by, one, answer=Answer.REFUSED)


def _answer(offer, by, *many, answer):
    lines = list(offer.lines.filter(remains__in=many))
    actions.answer(offer=offer, lines=lines, said=Said(answer, timezone.localdate()), by=by)


def running(by) -> set[str]:
    return {one.number for one in running_for(by) if one.kind == ClockKind.DEAD_OFFERED}


def test_whoever_is_named_is_offered_once_the_family_was_told_and_wants_it(officer):
    one = ready(officer, 1)
    identification, enquiry = named(one)
    with pytest.raises(Refused, match=r"going\.not_told"):
        offered(one)
    heard = told(identification, enquiry, days_ago=3)
    with pytest.raises(Refused, match=r"going\.term"):
        offered(one)
    wishes(heard, **{"return": "here"})
    with pytest.raises(Refused, match=r"going\.no_return"):
        offered(one)
    wishes(heard, **{"return": "home"})

    assert offered(one).lines.get().named


def test_an_answer_counts_for_the_country_that_gave_it(officer):
    one = ready(officer, 1)
    accepted(one, power="Білорусь")
    opened = actions.open_consignment(journey=JOURNEY, by=officer)

    with nothing_written(), pytest.raises(Refused, match=r"consignment\.not_agreed"):
        actions.add(consignment=opened, remains=one, by=officer)
    with pytest.raises(IntegrityError, match="has_its_day"), transaction.atomic():
        OfferLine.objects.update(answered_on=None)


# Requests


def test_kin_who_ask_wait_for_the_home_country_and_are_granted(officer):
    one = ready(officer, 1)
    identification, enquiry = named(one)
    contact, decider = StaffFactory(role=Role.CONTACT), StaffFactory(role=Role.DECISION)
    asked = Asked(Asker.KIN, timezone.localdate(), "Просимо віддати тіло.")
    with nothing_written(), pytest.raises(Refused, match=r"request\.not_kin"):
        actions.take_request(remains=one, asked=asked, enquiry=enquiry, by=contact)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})
    request = actions.take_request(remains=one, asked=asked, enquiry=enquiry, by=contact)
    with nothing_written(), pytest.raises(Refused, match=r"request\.open"):
        actions.take_request(remains=one, asked=asked, enquiry=enquiry, by=contact)
    with nothing_written(), pytest.raises(Refused, match=r"request\.not_asked"):
        actions.grant(request=request, by=decider)
    for home in (Home.ASKED, Home.AGREES):
        actions.note_home(request=request, home=home, on=timezone.localdate(), by=contact)

    actions.grant(request=request, by=decider)

    opened = actions.open_consignment(journey=JOURNEY, by=officer)
    assert bag_of(one, POWER).agreed
    assert actions.add(consignment=opened, remains=one, by=officer)
    doubter = StaffFactory(role=Role.TRACING)
    naming.doubt(identification=identification, cause=Cause.MIX_UP, reason="дві бирки", by=doubter)
    assert not bag_of(one, POWER).agreed  # whoever they are: not by the word of this family


def test_a_refusal_says_why_by_whom_and_where_to_turn(officer):
    one, decider = ready(officer, 1), StaffFactory(role=Role.DECISION)
    asked = Asked(Asker.HOME, timezone.localdate(), "Нота 4", POWER)
    by = StaffFactory(role=Role.COORDINATOR)
    request = actions.take_request(remains=one, asked=asked, enquiry=None, by=by)
    with nothing_written(), pytest.raises(Refused, match=r"request\.no_remedy"):
        actions.refuse(request=request, reason="Слідство.", remedy=" ", by=decider)
    with pytest.raises(IntegrityError, match="reason_and_remedy"), transaction.atomic():
        ReturnRequest.objects.filter(pk=request.pk).update(
            state=RequestState.REFUSED, decided_by=decider, decided_at=timezone.now()
        )

    refused = actions.refuse(
        request=request, reason="Слідство.", remedy="Суд міста, 30 днів.", by=decider
    )

    assert (refused.state, refused.decided_by) == (RequestState.REFUSED, decider)
    assert not [one for one in running_for(decider) if one.kind == ClockKind.DEAD_ASKED_FOR]


def test_nobody_goes_home_under_the_name_of_a_man_who_is_held(officer):
    one = ready(officer, 1)
    identification, enquiry = named(one)
    wishes(told(identification, enquiry, days_ago=3), **{"return": "home"})
    opened = consignment(officer, one)

    MatchFactory(enquiry=enquiry)

    with nothing_written(), pytest.raises(Refused, match=r"going\.doubted"):
        leg(opened, officer)


def test_no_grave_is_opened_for_the_way_home_before_somebody_asked_for_them(officer):
    one = ready(officer, 1)
    plot = plot_of(officer)
    the_dead.bury(remains=one, grave=grave(plot), by=officer)
    opened = Opened(OpenedFor.HOME, "№ 7", "двоє", "М 101", "вологий", timezone.now())
    with nothing_written(), pytest.raises(Refused, match=r"going\.not_asked_for"):
        the_dead.open_grave(remains=one, opened=opened, by=officer)
    accepted(one)

    the_dead.open_grave(remains=one, opened=opened, by=officer)

    one.refresh_from_db()
    assert one.state == WhereState.KEPT


def test_two_families_of_one_man_are_both_told_before_he_goes(officer):
    one = ready(officer, 1)
    identified(one)

    with pytest.raises(Refused, match=r"going\.not_told"):
        accepted(one)


# Permissions


def test_only_who_may_does(officer):
    one = ready(officer, 1)
    opened = consignment(officer, one)
    for permission, act in (
        (Permission.RECORD_REMAINS, lambda by: actions.open_consignment(journey=JOURNEY, by=by)),
        (
            Permission.RECORD_REMAINS,
            lambda by: actions.add(consignment=opened, remains=one, by=by),
        ),
        (
            Permission.OFFER_REMAINS,
            lambda by: actions.write_offer(power=POWER, wanted=[], by=by),
        ),
        (
            Permission.DECIDE_RETURN,
            lambda by: actions.grant(request=ReturnRequest(remains=one), by=by),
        ),
    ):
        for role in sorted(CONSOLE_ROLES - roles_with(permission)):
            with pytest.raises(Forbidden):
                act(StaffFactory(role=role))
