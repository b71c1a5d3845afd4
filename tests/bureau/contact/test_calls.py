"""A call from the wish to what came of it: who may, what stops it, what her page may show when."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from tests.calling import ANY, Calling
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.calls import actions
from wayhome.bureau.contact.calls.announcements import call_stopped
from wayhome.bureau.contact.calls.models import Call, CallOffer, CallParty
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.matches.actions import ask_withdrawal
from wayhome.bureau.staff.permissions import Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def calling() -> Calling:
    return Calling()


def test_a_wish_goes_the_whole_way_to_the_end(calling):
    assert calling.asked.captive == calling.case.captive
    assert len(calling.offered) == 3
    assert calling.yes.shown_at is not None
    assert calling.agreed.state == CallState.AGREED
    assert calling.open.talked

    actions.stop(call=calling.call, by=calling.case.enquirer)

    over = calling.call
    assert (over.state, over.reason) == (CallState.ENDED, Reason.FAMILY_ENDED)
    assert over.learns_at is not None
    assert over.learns_at > over.over_at
    assert not CallParty.objects.filter(left_at=None).exists()


def test_her_wish_is_kept_until_he_is_found_and_allows_calls(calling):
    case = calling.case
    _ = calling._asked
    actions.bring_forward(case.enquiry.pk)
    assert calling.call.captive is None

    _ = case.verdict, case.consented
    actions.bring_forward(case.enquiry.pk)

    assert calling.call.captive == case.captive


def takes_back(case):
    consents.withdraw(match=case.match, kind=Kind.CALLS, by=case.sitting)


def is_protected(case):
    captives.set_harm_flag(
        captive=case.captive, reason="семью расспрашивали", by=case.staff(Role.NEUTRAL)
    )


def dies(case):
    happened = captives.Happening(EventKind.DIED, on=timezone.localdate().isoformat())
    captives.record_custody_event(
        captive=case.captive, happened=happened, by=case.staff(Role.REGISTRAR)
    )


def is_in_hospital(case):
    clerk = case.staff(Role.REGISTRAR)
    place = captives.find_or_make_place(site=clerk.site, name="Госпиталь", by=clerk)
    happened = captives.Happening(EventKind.HOSPITAL, at=timezone.now(), place=place)
    captives.record_custody_event(captive=case.captive, happened=happened, by=clerk)


def is_doubted(case):
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))


def is_forgotten(case):
    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)


HAPPENS = {
    takes_back: Reason.NOT_ALLOWED,
    is_protected: Reason.PROTECTION,
    dies: Reason.STATE,
    is_in_hospital: Reason.STATE,
    is_doubted: Reason.NO_MATCH,
    is_forgotten: Reason.FORGOTTEN,
}


@pytest.mark.parametrize("as_far_as", ["agreed", "open"])
def test_what_it_rested_on_is_gone_and_the_call_is_over_in_that_moment(calling, as_far_as):
    _ = getattr(calling, as_far_as)
    for role in (Role.NEUTRAL, Role.REGISTRAR, Role.TRACING):
        calling.case.staff(role)

    for happens, reason in HAPPENS.items():
        over, told = _in_another_world(calling, happens)

        assert (over.reason, told) == (reason, [over.pk]), happens
        assert over.state == (CallState.ENDED if as_far_as == "open" else CallState.CANCELLED)
        frozen = happens in (dies, is_in_hospital, is_doubted)
        assert (over.learns_at is None, over.frozen_at is not None) == (frozen, frozen)


def _in_another_world(calling, happens):
    """What the call is after it, and what was announced; then none of it has been."""
    told = []

    def heard(sender, call, **_):
        told.append(call.pk)

    call_stopped.connect(heard)
    point = transaction.savepoint()
    try:
        happens(calling.case)
        return calling.call, told
    finally:
        transaction.savepoint_rollback(point)
        call_stopped.disconnect(heard)


def test_a_yes_to_this_very_call_is_said_before_a_neutral(calling):
    _ = calling.offered
    type(calling.case.sitting).objects.update(neutral=None)
    calling.case.sitting.neutral = calling.case.sitting.neutral_id = None

    with nothing_written(), pytest.raises(Refused, match=r"call\.yes_before_neutral"):
        actions.say_yes(call=calling.call, offers=[], times=None, by=calling.case.sitting)


def test_his_no_before_she_was_shown_a_time_changes_nothing_she_could_see(calling):
    _ = calling.offered

    actions.say_no(call=calling.call, answer=Answer.NO, by=calling.case.sitting)

    call = calling.call
    assert (call.state, call.shown_at, call.over_at) == (CallState.ASKED, None, None)
    assert not CallOffer.objects.filter(closed_at=None).exists()
    with pytest.raises(Refused, match=r"call\.his_no"):
        actions.offer_times(call=call, by=calling.supervisor)


def test_what_she_asks_for_does_not_tell_whether_he_asked_too(calling):
    case = calling.case
    _ = case.told
    own = actions.ask_for_call_himself(to=case.match, times=ANY, language="ru", by=case.sitting)

    hers = actions.ask_for_call(enquiry=case.enquiry, times=ANY, language="ru", by=case.enquirer)

    assert hers.pk == own.pk
    with pytest.raises(Refused, match=r"call\.asked"):
        actions.ask_for_call(enquiry=case.enquiry, times=ANY, language="ru", by=case.enquirer)


def test_a_link_works_once_for_its_own_person_in_its_time(calling):
    family = calling.party(PartyKind.FAMILY)
    link, case = actions.link_for(family), calling.case
    with nothing_written(), pytest.raises(Refused, match=r"call\.link_used"):
        actions.enter(token=link, device="d", by=case.sitting)  # forwarded
    with nothing_written(), pytest.raises(Refused, match=r"call\.link_used"):
        actions.enter(token=link + "x", device="d", by=case.enquirer)

    calling.comes_in(PartyKind.FAMILY)

    with nothing_written(), pytest.raises(Refused, match=r"call\.link_used"):
        actions.enter(token=link, device="d", by=case.enquirer)  # replayed
    with nothing_written(), pytest.raises(Refused, match=r"call\.two_tabs"):
        actions.enter(
            token=actions.link_for(calling.party(PartyKind.FAMILY)), device="e", by=case.enquirer
        )
    Call.objects.update(starts_at=timezone.now() - timedelta(minutes=31))
    party = calling.party(PartyKind.CAPTIVE)
    with nothing_written(), pytest.raises(Refused, match=r"call\.not_now"):
        actions.enter(token=actions.link_for(party), device="d", by=case.sitting)
