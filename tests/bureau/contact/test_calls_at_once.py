"""Twenty press at the same moment: one effect, plain refusals, no deadlock."""

from functools import partial

import pytest

from tests.at_once import DONE, all_at_once
from tests.calling import ANY, Calling
from tests.cases import Case
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.calls import actions
from wayhome.bureau.contact.calls.models import Call, CallOffer
from wayhome.bureau.contact.calls.rules import CallState, PartyKind, Reason

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_twenty_at_once_ask_choose_enter_and_end_one_call():
    calling = Calling()
    case = calling.case
    _ = case.told, case.sitting, calling.supervisor

    def ask():
        actions.ask_for_call(enquiry=case.enquiry, times=ANY, language="ru", by=case.enquirer)

    assert all_at_once([ask] * 20, "ask") == {DONE: 1, "call.asked": 19}
    actions.bring_forward(case.enquiry.pk)
    calling.__dict__["_asked"] = Call.objects.get()
    _ = calling.yes
    choose = [
        lambda pk=one.pk: actions.choose_time(call=calling.call, offer=pk, by=case.enquirer)
        for one in calling.offered * 7
    ][:20]

    assert all_at_once(choose, "choose") == {DONE: 1, "call.time_gone": 19}
    assert CallOffer.objects.filter(chosen=True, closed_at=None).count() == 1
    calling.__dict__["agreed"] = calling.call
    _ = calling.now
    link = actions.link_for(calling.party(PartyKind.FAMILY))
    enter = [
        lambda n=n: actions.enter(token=link, device=str(n), by=case.enquirer) for n in range(20)
    ]
    assert all_at_once(enter, "enter") == {DONE: 1, "call.link_used": 19}
    actions.open_call(call=calling.call, by=calling.supervisor)

    ends = [
        lambda: actions.stop(call=calling.call, by=case.enquirer),
        lambda: actions.stop(call=calling.call, by=case.sitting),
        lambda: actions.stop(call=calling.call, reason=Reason.ALARM, by=calling.supervisor),
        lambda: actions.stop_by_machine(call=calling.call, reason=Reason.EXTRA_CONNECTION),
        lambda: consents.withdraw(match=case.match, kind=Kind.CALLS, by=case.sitting),
    ]
    assert all_at_once(ends * 4, "end") == {DONE: 20}
    assert calling.call.state == CallState.ENDED
    assert calling.call.events.filter(what="over").count() == 1


def test_two_families_are_never_offered_one_time_nor_given_one_supervisor_in_it():
    callings = [Calling(Case()) for _ in range(4)]
    for one in callings:
        _ = one.asked
    _ = callings[0].slots
    offers = [
        lambda one=one: actions.offer_times(call=one.asked, by=one.supervisor) for one in callings
    ]

    assert all_at_once(offers, "offer") == {DONE: 4}
    slots = list(CallOffer.objects.filter(closed_at=None).values_list("slot", flat=True))
    assert len(slots) == len(set(slots)) == 12

    # There are more rooms than supervisors: four choose one hour of whom one was given all four.
    supervisor = callings[0].supervisor
    hour = CallOffer.objects.latest("starts_at").starts_at
    CallOffer.objects.update(starts_at=hour, suits_him=True)
    for one in callings:
        actions.assign(call=one.call, supervisor=supervisor, interpreter=None, by=supervisor)
    Call.objects.update(his_answer=Answer.YES, his_yes_before=callings[0].case.sitting.neutral)

    def choose(one):
        offer = CallOffer.objects.filter(call=one.call)[0]
        actions.choose_time(call=one.call, offer=offer.pk, by=one.case.enquirer)

    assert all_at_once([partial(choose, one) for one in callings], "choose") == {DONE: 4}
    assert Call.objects.filter(supervisor=supervisor, state=CallState.AGREED).count() == 1
    assert Call.objects.unaccompanied().count() == 3
