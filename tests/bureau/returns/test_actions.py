"""Wishes, decisions and the day: what is kept, what is refused, what stops."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.boards import AGAINST, FOR, decided
from tests.cases import WAY_OUT, Case
from tests.factories import EnquirerFactory, HarmFlagFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Danger, Fear, Kind
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.returns import actions, boards
from wayhome.bureau.returns.facts import whole_way_out
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import ApplicationState, Road, looked_at_again_on
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ROAD = Road.UNILATERAL


@pytest.fixture
def case() -> Case:
    return Case()


def withdrawn(case: Case) -> None:
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))


def test_her_wish_is_kept_the_same_whether_or_not_he_is_known(case):
    known, waiting = case, Case()
    _ = known.match

    for each in (known, waiting):
        actions.apply_for_him(enquiry=each.enquiry, wish={"words": "Жду"}, by=each.enquirer)

    assert Application.objects.get(enquiry=known.enquiry).captive == known.captive
    assert Application.objects.get(enquiry=waiting.enquiry).captive is None
    entries = Entry.objects.filter(action="application made")
    assert set(entries.values_list("person", flat=True)) == {
        known.enquiry.bureau_number, waiting.enquiry.bureau_number,
    }  # fmt: skip


def test_a_wish_kept_before_becomes_one_about_him_when_the_match_is_confirmed(case):
    actions.apply_for_him(enquiry=case.enquiry, wish={}, by=case.enquirer)
    assert Application.objects.get().captive is None

    _ = case.match

    assert Application.objects.get().captive == case.captive


def test_a_second_wish_is_refused_and_nobody_wishes_for_another(case):
    _, stranger = case.application, EnquirerFactory()

    with nothing_written(), pytest.raises(Refused, match=r"returns\.open"):
        actions.apply_for_him(enquiry=case.enquiry, wish={}, by=case.enquirer)
    with nothing_written(), pytest.raises(Forbidden):
        actions.apply_for_him(enquiry=case.enquiry, wish={}, by=stranger)


def test_he_asks_himself_without_any_family_and_once(case):
    made = actions.apply_himself(wish={"words": "Домой"}, by=case.sitting)

    assert (made.by_captive, made.captive, made.enquiry) == (True, case.captive, None)
    with nothing_written(), pytest.raises(Refused, match=r"returns\.open"):
        actions.apply_himself(wish={}, by=case.sitting)


def test_his_own_road_needs_his_yes_before_a_neutral_and_no_family(case):
    made = actions.apply_himself(wish={}, by=case.sitting)
    officer = case.staff(Role.DECISION)
    _ = case.assessed
    with pytest.raises(Refused, match=r"returns\.no_yes"):
        decided(made, ROAD, officer)
    assert Application.objects.get().state == ApplicationState.OPEN

    consents.answer(match=None, kind=Kind.GO_HOME, answer=Answer.YES, by=case.sitting)

    granted = decided(made, ROAD, officer)
    assert granted.state == ApplicationState.GRANTED


def _fears(case: Case) -> None:
    consents.answer_fear(fear=Fear.UNSURE, words="", by=case.sitting)


def _danger(case: Case) -> None:
    consents.assess_danger(
        captive=case.captive, danger=Danger.SUBSTANTIAL, reasons="есть", by=case.staff(Role.LEGAL)
    )


def _answers_anew(case: Case) -> None:
    """A new word about fear makes the assessment before it old, even if it is no fear."""
    consents.answer_fear(fear=Fear.NO, words="подумал", by=case.sitting)


def _escapes(case: Case) -> None:
    happened = captives.Happening(EventKind.ESCAPED, on="2022-05-01")
    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )


STOPS = {
    "a harm flag": (lambda case: HarmFlagFactory(captive=case.captive), "returns.legal"),
    "his fear": (_fears, "returns.legal"),
    "danger": (_danger, "returns.legal"),
    "a word after the assessment": (_answers_anew, "returns.legal"),
    "his no": (
        lambda case: consents.withdraw(match=case.match, kind=Kind.GO_HOME, by=case.sitting),
        "returns.no_yes",
    ),
    "his escape": (_escapes, "returns.not_held"),
}


@pytest.mark.parametrize("what", STOPS)
def test_nothing_is_granted_against_what_stands_now(case, what):
    happens, code = STOPS[what]
    _ = case.application, case.verdict, case.consented, case.assessed
    happens(case)
    officer = case.staff(Role.DECISION)

    with pytest.raises(Refused) as refused:
        decided(case.application, ROAD, officer)

    assert code in [refusal.code for refusal in refused.value.refusals]
    assert Application.objects.get().state == ApplicationState.OPEN


def test_a_refusal_has_a_reason_and_a_day_on_which_it_is_looked_at_again(case):
    officer, soon = case.staff(Role.DECISION), looked_at_again_on(timezone.localdate())
    against = (AGAINST, AGAINST, FOR)
    with pytest.raises(Refused, match=r"returns\.review"):
        decided(case.application, ROAD, officer, against)

    refused = decided(case.application, ROAD, officer, review_on=soon)

    assert refused.state == ApplicationState.REFUSED
    again = Application.objects.select_related("key").get()
    assert again.decision == {"reason": "условия есть", "review_on": soon.isoformat()}
    assert again.review_on == soon


def test_what_was_refused_is_looked_at_again_on_its_day_and_may_be_granted_then(case):
    _ = case.application, case.verdict, case.consented, case.assessed
    officer, soon = case.staff(Role.DECISION), looked_at_again_on(timezone.localdate())
    decided(case.application, ROAD, officer, (AGAINST, AGAINST, FOR), soon)
    assert not Application.objects.to_look_at_again(timezone.localdate())
    assert Application.objects.to_look_at_again(soon).get() == case.application

    granted = decided(case.application, ROAD, officer, new_fact="место есть")

    assert (granted.state, granted.review_on) == (ApplicationState.GRANTED, None)
    assert not Application.objects.to_look_at_again(soon)
    taken = Entry.objects.filter(action__in=["application refused", "application granted"])
    assert taken.count() == 2
    with nothing_written(), pytest.raises(Refused, match=r"returns\.decided"):
        boards.decide_application(
            application=case.application, decision=boards.Decision("ещё раз"), by=officer
        )


def test_the_day_is_set_by_hand_and_a_new_one_cancels_the_old(case):
    first = case.appointment
    later = replace(case.meeting, on=timezone.localdate() + timedelta(days=3))

    second = actions.set_appointment(
        application=case.granted, meeting=later, by=case.staff(Role.COORDINATOR)
    )

    assert Appointment.objects.filter(cancelled_at=None).get() == second
    assert Appointment.objects.get(pk=first.pk).cancelled_at
    coordinator = case.staff(Role.COORDINATOR)
    past = replace(case.meeting, on=timezone.localdate() - timedelta(days=1))
    with nothing_written(), pytest.raises(Refused, match=r"returns\.past"):
        actions.set_appointment(application=case.granted, meeting=past, by=coordinator)


@pytest.mark.parametrize("missing", WAY_OUT)
def test_a_way_out_is_whole_or_none(missing):
    assert whole_way_out(WAY_OUT)
    assert not whole_way_out(WAY_OUT | {missing: "  "})
    assert not whole_way_out({k: v for k, v in WAY_OUT.items() if k != missing})
    assert not whole_way_out(None)


def test_a_withdrawn_match_takes_the_road_the_man_and_the_day_from_her_application(case):
    _ = case.appointment

    withdrawn(case)

    kept = Application.objects.select_related("key").get()
    assert (kept.state, kept.road, kept.captive, kept.decision) == (
        ApplicationState.OPEN, "", None, None,
    )  # fmt: skip
    assert not Appointment.objects.filter(cancelled_at=None).exists()
    officer = case.staff(Role.DECISION)
    with pytest.raises(Refused, match=r"returns\.not_held"):
        decided(kept, ROAD, officer)


def test_only_a_decision_officer_decides_and_only_a_coordinator_sets_the_day(case):
    _ = case.granted
    for role in (Role.COORDINATOR, Role.LEGAL, Role.NEUTRAL, Role.CONTACT, Role.BOARD):
        other = StaffFactory(role=role)
        with nothing_written(), pytest.raises(Forbidden):
            boards.decide_application(
                application=case.granted, decision=boards.Decision("да"), by=other
            )
        with nothing_written(), pytest.raises(Forbidden):
            boards.convene_board(application=case.granted, road=ROAD, members=[], by=other)
    for role in (Role.DECISION, Role.LEGAL, Role.NEUTRAL, Role.ESCORT):
        other = StaffFactory(role=role)
        with nothing_written(), pytest.raises(Forbidden):
            actions.set_appointment(application=case.granted, meeting=case.meeting, by=other)


def test_what_she_wishes_is_nobodys_but_hers_and_theirs_who_decide(case):
    _, other = case.application, Case().enquirer

    assert Application.objects.visible_to(case.enquirer).exists()
    assert not Application.objects.visible_to(other).exists()
    assert not Application.objects.visible_to(StaffFactory(role=Role.REGISTRAR)).exists()
