"""Plans of families whose road is open: made, improved, published, planned anew, stopped."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cases import SECRET, Case
from tests.factories import HarmFlagFactory, StaffFactory
from tests.journeying import BY_TELEPHONE, TOMORROW, World
from tests.traces import nothing_written
from wayhome.bureau.answers.models import OutgoingMessage
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.consents.sittings import close_sitting, give_secret, open_sitting
from wayhome.bureau.handovers.actions import ask_last_question, why_not_prepare_act
from wayhome.bureau.journeys import improving, plans
from wayhome.bureau.journeys.bridge import Days
from wayhome.bureau.journeys.models import Crossing, Journey, JourneyNews, Leg, Plan, WayOut
from wayhome.bureau.journeys.parties import travellers
from wayhome.bureau.journeys.publishing import publish_plan
from wayhome.bureau.journeys.resources import end_resource
from wayhome.bureau.journeys.rules.plans import Cancelled, JourneyState, PlanState
from wayhome.bureau.journeys.rules.way_out import Out, Whose
from wayhome.bureau.journeys.stopping import stop_journeys_of_plan
from wayhome.bureau.journeys.telling import note_told, words_of
from wayhome.bureau.journeys.ways_out import confirm_journey, keep_way_out
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.returns.facts import is_open, missing_for_travel
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def world() -> World:
    return World()


def journeys_of(case: Case) -> Any:
    return Journey.objects.filter(application=case.granted)


def day_of(case: Case) -> date:
    found: date = journeys_of(case).standing().get().on
    return found


def test_a_published_plan_promises_days_with_legs_and_tells_those_concerned(world):
    mother, wife = world.travels(Case()), world.travels(Case(contact=BY_TELEPHONE), urgent=("ill",))
    draft = world.plan()
    assert not Journey.objects.exists()
    assert not OutgoingMessage.objects.filter(page_of__isnull=False).exists()
    assert draft.placed == draft.families == 2
    second = draft.result["assignments"][1]
    assert [one["rules"] for one in second["why"]] == [["seats"]]

    publish_plan(plan=draft, by=world.by)

    # One bus: who is ill waits less.
    assert (day_of(wife), day_of(mother)) == (TOMORROW, TOMORROW + timedelta(days=1))
    legs = Leg.objects.filter(journey__application=wife.granted).order_by("number")
    assert [one.departs_zone for one in legs] == ["Europe/Warsaw", "Europe/Kyiv"]
    assert legs[0].arrives_at == legs[1].departs_at
    message = OutgoingMessage.objects.get(page_of=mother.enquiry)
    assert JourneyNews.objects.get(journey__application=mother.granted).told_at
    (call,) = JourneyNews.objects.to_call()
    assert call.journey.application == wife.granted
    assert message.language == "ru"
    words = words_of(call, "uk")
    assert "призначено" in words
    note_told(news=call, by=StaffFactory(role=Role.CONTACT))
    with pytest.raises(Refused, match=r"journeys\.told"):
        note_told(news=call, by=StaffFactory(role=Role.CONTACT))


def test_planning_anew_keeps_promises_and_says_which_it_breaks(world):
    one, other = world.travels(Case()), world.travels(Case())
    world.published()
    late, kept = (one, other) if day_of(one) > day_of(other) else (other, one)
    promised = day_of(late)
    for crossing in (world.first, world.second):
        world.close(crossing, promised)

    again = world.plan()

    told = again.result["promises"]
    assert (told["made"], told["kept"]) == (2, 1)
    assert told["broken"][0]["rules"] == ["closed"]
    publish_plan(plan=again, by=world.by)
    assert day_of(late) == promised + timedelta(days=1)
    old = journeys_of(late).get(state=JourneyState.CANCELLED)
    assert old.cancelled == Cancelled.REPLANNED
    assert journeys_of(kept).count() == 1
    assert Plan.objects.filter(state=PlanState.REPLACED).count() == 1
    # Who keeps the day hears nothing a second time.
    assert OutgoingMessage.objects.filter(page_of=kept.enquiry).count() == 1
    assert OutgoingMessage.objects.filter(page_of=late.enquiry).count() == 2


def test_a_draft_is_played_with_and_published_only_as_it_still_holds(world):
    case = world.travels(Case())
    plan, other, family = world.plan(), world.plan(), str(case.enquirer.pk)
    third = TOMORROW + timedelta(days=2)

    # A person chooses a day, and the plan again.
    pinned = plans.pin_family(plan=plan, family=family, day=third, by=world.by)
    assert [one["day"] for one in pinned.result["assignments"]] == [third.isoformat()]
    freed = plans.pin_family(plan=plan, family=family, day=None, by=world.by)
    (given,) = freed.result["assignments"]
    assert given["day"] == TOMORROW.isoformat()
    with pytest.raises(Refused, match=r"plans\.pin"):
        plans.pin_family(plan=plan, family=family, day=date(2001, 1, 1), by=world.by)

    # What if its crossing were closed: the same day by the other one; never published.
    crossing = Crossing.objects.get(pk=given["crossing"])
    supposed = plans.Supposed(crossing, TOMORROW, TOMORROW)
    what_if = plans.suppose(plan=plan, supposed=supposed, by=world.by)
    assert what_if.result["promises"]["kept"] == 1
    assert what_if.result["promises"]["changed"][0]["crossing"][0] == str(crossing.pk)
    with nothing_written(), pytest.raises(Refused, match=r"plans\.supposed"):
        publish_plan(plan=what_if, by=world.by)

    # A draft that a real closure breaks is not published, nor one that another has overtaken.
    closures = [world.close(each, TOMORROW) for each in (world.first, world.second)]
    with nothing_written(), pytest.raises(Refused, match=r"plans\.faults"):
        publish_plan(plan=plan, by=world.by)
    for closure in closures:
        end_resource(resource=closure, by=world.by)
    publish_plan(plan=plan, by=world.by)
    with nothing_written(), pytest.raises(Refused, match=r"plans\.stale"):
        publish_plan(plan=other, by=world.by)


def test_a_road_that_closed_since_forbids_publishing_the_draft(world):
    case = world.travels(Case())
    draft = world.plan()
    HarmFlagFactory(captive=case.captive)

    with nothing_written(), pytest.raises(Refused, match=r"plans\.faults"):
        publish_plan(plan=draft, by=world.by)
    with nothing_written(), pytest.raises(Refused, match=r"plans\.nobody"):
        world.plan()


@pytest.mark.parametrize("road", [Road.EXCHANGE, Road.END_OF_HOSTILITIES])
def test_after_a_no_at_the_door_no_road_has_a_day_until_he_says_yes_anew(world, road):
    """Also where no yes is needed: the act would refuse it, and the family travel in vain."""
    case = Case(road=road)
    neutral = case.staff(Role.NEUTRAL)
    ask_last_question(act=case.act, wants_to_go=False, by=neutral)
    case.granted.appointments.update(cancelled_at=timezone.now())
    world.travels(case)
    code = "returns.no_yes" if road == Road.EXCHANGE else "returns.say_anew"
    assert not travellers(Days(TOMORROW, 6))
    assert not is_open(case.granted)
    assert [reason.code for reason in missing_for_travel(case.granted)] == [code]
    refusals = [refusal.code for refusal in why_not_prepare_act(case.granted)]
    assert "handovers.yes_is_old" in refusals

    close_sitting(sitting=case.sitting, by=case.sitting)
    opened = open_sitting(captive=case.captive, language="ru", by=neutral)
    assert give_secret(secret=SECRET, by=opened)
    consents.answer(match=case.match, kind=Kind.GO_HOME, answer=Answer.YES, by=opened)

    assert len(travellers(Days(TOMORROW, 6))) == 1
    assert is_open(case.granted)
    assert not missing_for_travel(case.granted)
    refusals = [refusal.code for refusal in why_not_prepare_act(case.granted)]
    assert "handovers.yes_is_old" not in refusals


def test_his_no_stops_the_journey_in_the_same_moment_and_nobody_reads_why(world):
    case = world.travels(Case())
    plan = world.published()
    stop_journeys_of_plan(str(plan.pk))  # nothing closed while it was published
    assert journeys_of(case).standing().exists()

    consents.withdraw(match=case.match, kind=Kind.GO_HOME, by=case.sitting)

    journey = journeys_of(case).get()
    assert (journey.state, journey.cancelled) == (JourneyState.CANCELLED, Cancelled.ROAD_CLOSED)
    assert not travellers(Days(TOMORROW, 6))
    assert JourneyNews.objects.filter(journey=journey, is_set=False).exists()


def test_the_worker_seeks_a_better_plan_tells_how_far_it_is_and_is_stopped(world):
    for size in (1, 1, 2):
        world.travels(Case(), size=size)
    plan = plans.improve_plan(plan=world.plan(), seconds=2, by=world.by)
    waiting = plan.waiting

    improving.go_on(str(plan.pk), plan.run)

    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT
    assert plan.result["ended"] == "proven"
    assert plan.waiting <= waiting
    again = plans.improve_plan(plan=plan, seconds=600, by=world.by)
    assert not improving.Watching(again).stop()
    plans.stop_improving(plan=again, by=world.by)
    assert improving.Watching(again).stop()
    with pytest.raises(Refused, match=r"plans\.state"):
        plans.stop_improving(plan=again, by=world.by)
    # A job of an earlier run changes nothing.
    before = Plan.objects.get(pk=plan.pk).result
    improving.keep_better(plan, {**before, "objective": -1})
    assert Plan.objects.get(pk=plan.pk).result == before


def test_a_plan_of_other_days_leaves_what_is_promised_outside_them(world):
    kept, later = world.travels(Case()), world.travels(Case())
    world.published()
    first, last = sorted([day_of(kept), day_of(later)])
    out = Journey.objects.get(on=first).application

    publish_plan(plan=plans.make_plan(first_on=last, days=3, by=world.by), by=world.by)

    assert out.journeys.standing().get().on == first
    assert Journey.objects.standing().count() == 2
    assert {man.code for one in travellers(Days(last, 3)) for man in one.men}.isdisjoint(
        {str(out.pk)}
    )


def test_the_plan_chooses_no_exit_that_leads_elsewhere_than_they_chose_to_go(world):
    case = world.travels(Case())
    world.published()
    journey = journeys_of(case).get()
    [other] = Crossing.objects.exclude(pk=journey.exit_id)

    def goes_by(whose, *exits):
        out = Out("Вільнюс", exits=[str(one.pk) for one in exits])
        keep_way_out(journey=journeys_of(case).standing().get(), whose=whose, out=out, by=world.by)

    goes_by(Whose.HIS, other)
    with pytest.raises(Refused, match=r"journeys\.his_exit"):
        confirm_journey(journey=journey, by=world.by)
    world.published()

    # The day stays promised, and they hear nothing: another exit is no other day.
    moved = journeys_of(case).standing().get()
    assert (moved.on, moved.exit) == (journey.on, other)
    assert OutgoingMessage.objects.filter(page_of=case.enquiry).count() == 1
    # Where each chose to go another exit leads: there is none by which both can leave.
    goes_by(Whose.HERS, journey.exit)
    (left,) = world.plan().result["unplaced"]
    assert left["rules"] == ["papers"]
    # An exit that is used no longer leads nowhere.
    goes_by(Whose.HERS)
    assert world.plan().placed == 1
    end_resource(resource=other, by=world.by)
    assert world.plan().placed == 0


def test_a_withdrawn_match_takes_the_call_and_his_way_out_with_it(world):
    case = world.travels(Case(contact=BY_TELEPHONE))
    world.published()
    assert JourneyNews.objects.to_call().exists()
    for whose in Whose:
        keep_way_out(journey=journeys_of(case).get(), whose=whose, out=Out("Вільнюс"), by=world.by)

    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    assert not journeys_of(case).standing().exists()
    assert not JourneyNews.objects.to_call().exists()
    assert [one.whose for one in WayOut.objects.all()] == [Whose.HERS]
