"""What a confirmed journey rests on is asked again; whoever has set out is brought home."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.at_once import DONE, all_at_once
from tests.boards import board_members
from tests.cases import WAY_OUT, Case
from tests.factories import StaffFactory
from tests.journeying import BY_TELEPHONE, TOMORROW, World
from tests.traces import nothing_written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents.models import Consent
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.handovers import actions as handovers
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.journeys import parties, plans
from wayhome.bureau.journeys.barred import barred
from wayhome.bureau.journeys.bridge import Days
from wayhome.bureau.journeys.cancelling import note_back
from wayhome.bureau.journeys.models import Journey, JourneyNews, Plan, Shelter
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import end_resource
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState, PlanState
from wayhome.bureau.journeys.rules.resources import ResourceKind as K
from wayhome.bureau.journeys.stopping import look_at_all
from wayhome.bureau.journeys.telling import note_told, words_of
from wayhome.bureau.journeys.ways_out import confirm_journey, take_back_confirmation
from wayhome.bureau.returns import actions as returns
from wayhome.bureau.returns import boards
from wayhome.bureau.returns.facts import is_open, standing_appointment
from wayhome.bureau.returns.grounds import end_ground
from wayhome.bureau.returns.guarantees import end_guarantee
from wayhome.bureau.returns.models import Application, Board, Programme
from wayhome.bureau.returns.programmes import draft_programme, end_programme, publish_programme
from wayhome.bureau.returns.rules import FRESH_FOR, Road
from wayhome.bureau.returns.rules.programmes import ProgrammeState
from wayhome.bureau.staff.permissions import Role
from wayhome.config.demo.programmes import FIRST, told_in
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
TODAY = timezone.localdate()
LATER = TODAY + timedelta(days=10)
ALWAYS: dict[str, Any] = {"from_on": TODAY, "until_on": TODAY + timedelta(days=60)}


@pytest.fixture
def world() -> World:
    return World()


def confirmed(world: World, case: Case) -> Journey:
    world.travels(case)
    world.published()
    return world.confirmed(case)


def ahead(journey: Journey) -> None:
    """It is still far: nobody has set out."""
    Journey.objects.filter(pk=journey.pk).update(on=LATER, leaves_on=LATER + timedelta(days=14))
    journey.application.appointments.update(on=LATER)


def test_a_word_that_is_taken_back_stops_the_journey_that_rests_on_it(world):
    case, other = Case(), Case()
    world.travels(other)
    journey = confirmed(world, case)
    ahead(journey)
    written = OutgoingMessage.objects.filter(page_of=case.enquiry)
    before = written.count()

    end_guarantee(guarantee=case.guaranteed, by=case.staff(Role.COORDINATOR))

    journey.refresh_from_db()
    assert (journey.state, journey.cancelled) == (JourneyState.CANCELLED, Cancelled.LAPSED)
    assert not journey.under_way
    assert standing_appointment(case.granted) is None
    assert written.count() == before + 1
    assert [one.pk for one in Journey.objects.stopped()] == [journey.pk]
    # Who is not confirmed needs none yet.
    assert world.promised(other).state == JourneyState.PLANNED


def test_when_an_agreement_ends_the_worker_looks_at_every_journey(world):
    case = Case()
    journey = confirmed(world, case)
    ahead(journey)
    jobs = ProcrastinateJob.objects.filter(task_name="journeys.look_at_all")
    before = jobs.count()

    end_ground(ground=case.ground, reason="скасовано", by=case.staff(Role.LEGAL))
    assert jobs.count() == before + 1
    look_at_all()

    journey.refresh_from_db()
    assert journey.cancelled == Cancelled.ROAD_CLOSED


def test_his_yes_covers_the_day_and_one_that_grew_old_stops_the_journey(world):
    case = Case()
    journey = confirmed(world, case)
    take_back_confirmation(journey=journey, by=world.by)
    his, said_at = Consent.objects.filter(match=case.match), timezone.now()
    Journey.objects.filter(pk=journey.pk).update(on=LATER, leaves_on=LATER + timedelta(days=14))
    his.update(at=said_at - FRESH_FOR + timedelta(days=9))
    with nothing_written(), pytest.raises(Refused, match=r"journeys\.yes_ends"):
        confirm_journey(journey=journey, by=world.by)
    his.update(at=said_at - FRESH_FOR + timedelta(days=10, minutes=1))
    confirm_journey(journey=journey, by=world.by)
    look_at_all()
    assert world.promised(case).state == JourneyState.CONFIRMED

    his.update(at=said_at - FRESH_FOR - timedelta(hours=1))
    look_at_all()

    journey.refresh_from_db()
    assert journey.cancelled == Cancelled.LAPSED


def test_an_escort_who_is_away_on_the_day_both_leave_stands_against_the_way_in(world):
    case = Case()
    journey = confirmed(world, case)
    take_back_confirmation(journey=journey, by=world.by)
    away = {"from_on": journey.leaves_on, "until_on": journey.leaves_on}
    world.keep(K.CLOSURE, name="у відпустці", what="escort", escort=journey.out_escort, **away)

    with nothing_written(), pytest.raises(Refused, match=r"journeys\.closed"):
        confirm_journey(journey=journey, by=world.by)
    assert list(barred(Journey.objects.all(), TODAY)) == [journey]


def test_a_danger_or_a_closure_told_after_it_was_promised_is_before_the_coordinator(world):
    case = Case()
    journey = confirmed(world, case)
    on, out, area = journey.on, journey.leaves_on, journey.way.areas[0]

    def lists(kind: K, first: Any, last: Any, **told: Any) -> bool:
        kept = world.keep(kind, name="вигадано", from_on=first, until_on=last, **told)
        found = barred(Journey.objects.all(), TODAY).filter(pk=journey.pk).exists()
        end_resource(resource=kept, by=world.by)
        return found

    assert not barred(Journey.objects.all(), TODAY).exists()
    assert lists(K.DANGER, on, None, area=area)
    assert not lists(K.DANGER, on + timedelta(days=1), None, area=area)
    assert not lists(K.DANGER, on, None, area="інше місце")
    night = {"what": "shelter", "shelter": journey.shelter}
    assert lists(K.CLOSURE, out - timedelta(days=3), out - timedelta(days=2), **night)
    assert lists(K.CLOSURE, out, None, what="crossing", crossing=journey.exit)
    assert not lists(K.CLOSURE, out + timedelta(days=1), None, what="crossing",
                     crossing=journey.exit)  # fmt: skip
    end_resource(resource=journey.vehicle, by=world.by)
    assert barred(Journey.objects.all(), TODAY).exists()


def test_who_cannot_come_any_more_loses_the_journey_and_he_goes_home_without_her(world):
    case = Case()
    journey = confirmed(world, case)
    ahead(journey)

    wish, contact = {"travel": "no", "words": ""}, case.staff(Role.CONTACT)
    returns.write_down_application(enquiry=case.enquiry, wish=wish, by=contact)

    journey.refresh_from_db()
    assert (journey.state, journey.cancelled) == (JourneyState.CANCELLED, Cancelled.LAPSED)
    with pytest.raises(Refused, match=r"plans\.nobody"):
        world.plan()
    # Her coming was never a price: on the same decision he is given a day of his own.
    case.__dict__["granted"] = Application.objects.get(pk=case.granted.pk)
    case.meeting, case.signers = replace(case.meeting, way_out_hers=None), ("he",)
    assert case.sealed.state == ActState.SEALED


def opened(case: Case) -> Programme:
    draft = draft_programme(told=told_in(FIRST), by=case.staff(Role.LEGAL))
    return publish_programme(programme=draft, by=case.staff(Role.LEGAL, 2))


@pytest.mark.parametrize("begun", [True, False], ids=["begun", "not begun"])
def test_a_withdrawn_programme_honours_who_has_set_out_and_stops_who_has_not(world, begun):
    case = Case(road=Road.INVITATION)
    programme = opened(case)
    journey = confirmed(world, case)
    if not begun:
        ahead(journey)

    by = case.staff(Role.LEGAL)
    end_programme(programme=programme, to=ProgrammeState.WITHDRAWN, reason="скасовано", by=by)
    look_at_all()

    journey.refresh_from_db()
    assert journey.state == (JourneyState.CONFIRMED if begun else JourneyState.CANCELLED)
    if begun:
        take_back_confirmation(journey=journey, by=world.by)
    with pytest.raises(Refused, match=r"returns\.no_programme"):  # nothing new is begun
        confirm_journey(journey=journey, by=world.by)


def test_who_was_on_the_way_when_it_stopped_is_called_and_stands_there_until_home(world):
    case = Case()
    journey = confirmed(world, case)
    exchanged = captives.Happening(EventKind.EXCHANGED, at=timezone.now())
    captives.record_custody_event(
        captive=case.captive, happened=exchanged, by=case.staff(Role.REGISTRAR)
    )

    journey.refresh_from_db()
    assert (journey.cancelled, journey.under_way) == (Cancelled.ROAD_CLOSED, True)
    (call,) = JourneyNews.objects.filter(told_at=None)  # no e-mail reaches who travels
    assert "Мы привезём вас обратно" in words_of(call, "ru")
    assert [one.pk for one in Journey.objects.to_bring_back()] == [journey.pk]

    note_back(journey=journey, by=world.by)
    assert not Journey.objects.to_bring_back().exists()
    with nothing_written(), pytest.raises(Refused, match=r"journeys\.back"):
        note_back(journey=journey, by=world.by)


def test_a_no_at_the_door_ends_the_journey_well_and_a_day_that_fell_takes_its_act_with_it(world):
    case, other = world.travels(Case()), world.travels(Case())
    world.published()
    for each in (case, other):
        world.confirmed(each)
        Journey.objects.filter(application=each.granted).update(on=TODAY)
        each.granted.appointments.update(on=TODAY)
        each.__dict__["appointment"] = standing_appointment(each.granted)
    _ = case.act, other.act

    handovers.ask_last_question(act=case.act, wants_to_go=False, by=case.staff(Role.NEUTRAL))
    take_back_confirmation(journey=world.promised(other), by=world.by)

    journey = Journey.objects.get(application=case.granted)
    assert (journey.cancelled, journey.under_way) == (Cancelled.AT_THE_DOOR, True)
    assert {one.state for one in Act.objects.all()} == {ActState.STOPPED}
    # Nobody is planned for him, nor sets out, until he has said yes anew.
    assert not is_open(case.granted)
    with nothing_written(), pytest.raises(Refused, match=r"plans\.nobody"):
        world.plan()
    # Confirmed anew it has an act again: nothing is stuck.
    confirm_journey(journey=world.promised(other), by=world.by)
    again = handovers.prepare_act(application=other.granted, by=world.by)
    assert again.appointment.on == TODAY


def test_a_day_by_hand_sets_no_journey_aside_and_needs_her_way_out(world):
    case, alone = world.travels(Case()), Case()
    world.published()
    _ = case.guaranteed, alone.granted, alone.guaranteed
    whole, half = alone.meeting, {**WAY_OUT, "papers": " "}

    for whom, meeting, code in (
        (case, case.meeting, "planned"),
        (alone, replace(whole, way_out_hers=None), "her_way_out"),
        (alone, replace(whole, way_out_hers=half), "her_way_out"),
        (alone, replace(whole, way_out_his={}), "his_way_out"),
    ):
        with nothing_written(), pytest.raises(Refused, match=rf"returns\.{code}"):
            returns.set_appointment(application=whom.granted, meeting=meeting, by=world.by)
    # Nor does a plan set aside a day by hand.
    returns.set_appointment(application=alone.granted, meeting=whole, by=world.by)
    world.travels(alone)
    families = [one["id"] for one in world.plan().problem["families"]]
    assert families == [str(case.enquirer.pk)]


def test_beds_and_places_at_exits_that_others_have_are_not_given_again(world):
    first, second = world.travels(Case()), world.travels(Case())
    Shelter.objects.update(places=3)  # a family of two, and him
    one_day = plans.make_plan(first_on=TOMORROW, days=1, by=world.by)
    publish_plan(plan=one_day, by=world.by)
    (kept,) = Journey.objects.standing()
    later = first if kept.application == second.granted else second

    plan = plans.make_plan(first_on=TOMORROW + timedelta(days=1), days=16, by=world.by)

    (given,) = plan.result["assignments"]
    assert given["family"] == str(later.enquirer.pk)
    assert given["day"] == kept.leaves_on.isoformat()
    out = next(one for one in plan.problem["exits"] if one["id"] == str(kept.exit_id))
    assert out["taken"] == [[kept.leaves_on.isoformat(), 3]]


def test_who_is_called_about_a_day_hears_one_that_stands(world):
    case = world.travels(Case(contact=BY_TELEPHONE))
    world.published()
    (call,) = JourneyNews.objects.to_call()
    # The same day in another bus: the call stays, about the journey that stands.
    Journey.objects.update(vehicle=world.keep_bus("другий автобус"))
    bus = Journey.objects.get().vehicle
    world.keep(K.CLOSURE, name="у ремонті", what="vehicle", vehicle=bus, **ALWAYS)
    world.published()
    (again,) = JourneyNews.objects.to_call()
    assert (again.pk, again.journey.state) == (call.pk, JourneyState.PLANNED)
    assert again.journey_id != call.journey_id

    Journey.objects.filter(pk=again.journey_id).update(on=TODAY - timedelta(days=1))
    assert not JourneyNews.objects.to_call().exists()
    caller = StaffFactory(role=Role.CONTACT)
    with nothing_written(), pytest.raises(Refused, match=r"journeys\.fell"):
        note_told(news=again, by=caller)
    assert case.granted.journeys.count() == 2


def test_a_board_that_ends_with_what_it_rests_on_stands_in_the_journal():
    case = Case()
    _ = case.application, case.verdict, case.consented, case.assessed, case.ground
    boards.convene_board(
        application=case.application, road=case.road, members=board_members(),
        by=case.staff(Role.DECISION),
    )  # fmt: skip

    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    assert Board.objects.get().state == "dissolved"
    assert Entry.objects.filter(action="board dissolved").count() == 1


def test_the_facts_of_a_family_are_read_once_for_a_plan(world, monkeypatch):
    world.travels(Case())
    asked: list[Any] = []
    read = parties.facts_of
    monkeypatch.setattr(parties, "facts_of", lambda *told: asked.append(told) or read(*told))

    (only,) = parties.travellers(Days(TOMORROW, 3))

    assert len(only.men) == len(asked) == 1


@pytest.mark.django_db(transaction=True)
def test_twenty_who_publish_at_once_give_one_publication_and_confirming_meanwhile_waits(world):
    cases = [world.travels(Case()) for _ in range(2)]
    world.published()
    for case in cases:
        take_back_confirmation(journey=world.confirmed(case), by=world.by)
    journeys = [world.promised(case) for case in cases]
    again = world.plan()

    came = all_at_once(
        [
            *[lambda: publish_plan(plan=again, by=world.by)] * 20,
            *[lambda one=one: confirm_journey(journey=one, by=world.by) for one in journeys],
        ],
        "publish a plan",
    )

    assert came == {DONE: 3, "plans.state": 19}
    assert Plan.objects.filter(state=PlanState.PUBLISHED).count() == 1
    assert Entry.objects.filter(action="plan published").count() == 2
    assert Journey.objects.filter(state=JourneyState.CONFIRMED).count() == 2
