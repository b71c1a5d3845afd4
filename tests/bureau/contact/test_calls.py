"""A call from the wish to what came of it: who may, what stops it, what her page may show when."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.calling import ANY, Calling
from tests.cases import Case
from tests.traces import nothing_written
from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.actions import note_reached
from wayhome.bureau.answers.mail import written
from wayhome.bureau.answers.models import Freeze, OutgoingMessage
from wayhome.bureau.answers.rules import FreezeEnd, ReachOutcome
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact.calls import actions, rules
from wayhome.bureau.contact.calls.announcements import call_stopped
from wayhome.bureau.contact.calls.models import AfterCall, Call, CallOffer, CallParty
from wayhome.bureau.contact.calls.rules import CallState, How, PartyKind, Reason
from wayhome.bureau.contact.calls.seeing import Look, of_hers
from wayhome.bureau.enquiries.actions import forget_enquiry
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role
from wayhome.bureau.welfare.actions import call_seriously_ill
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
    assert over.learns_at == over.over_at  # she herself ended it
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


def falls_gravely_ill(case):
    call_seriously_ill(captive=case.captive, by=case.staff(Role.PHYSICIAN))


def is_doubted(case):
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))


def is_forgotten(case):
    forget_enquiry(enquiry=case.enquiry, by=case.enquirer)


HAPPENS = {
    takes_back: Reason.NOT_ALLOWED,
    is_protected: Reason.PROTECTION,
    dies: Reason.STATE,
    falls_gravely_ill: Reason.STATE,
    is_doubted: Reason.NO_MATCH,
    is_forgotten: Reason.FORGOTTEN,
}


@pytest.mark.parametrize("as_far_as", ["agreed", "open"])
def test_what_it_rested_on_is_gone_and_the_call_is_over_in_that_moment(calling, as_far_as):
    _ = getattr(calling, as_far_as)
    for role in (Role.NEUTRAL, Role.REGISTRAR, Role.TRACING, Role.PHYSICIAN):
        calling.case.staff(role)

    for happens, reason in HAPPENS.items():
        over, told = _in_another_world(calling, happens)

        assert (over.reason, told) == (reason, [over.pk]), happens
        assert over.state == (CallState.ENDED if as_far_as == "open" else CallState.CANCELLED)
        frozen = happens in (dies, falls_gravely_ill, is_doubted)
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


def test_a_call_cancelled_before_she_was_shown_a_time_changes_nothing_she_could_see(calling):
    _ = calling.offered

    actions.cancel_call(call=calling.call, reason=Reason.SITE_CANNOT, by=calling.supervisor)

    for after in (timedelta(), timedelta(hours=3)):
        assert look(calling, after) == [Look.KEPT]
    assert (calling.call.state, calling.call.over_at) == (CallState.ASKED, None)
    assert calling.call.captive is not None
    assert not CallOffer.objects.filter(closed_at=None).exists()
    with nothing_written(), pytest.raises(Refused, match=r"call\.state"):
        actions.cancel_call(call=calling.call, reason=Reason.SITE_CANNOT, by=calling.supervisor)


def test_what_she_asks_for_does_not_tell_whether_he_asked_too(calling):
    case = calling.case
    _ = case.told
    own = actions.ask_for_call_himself(to=case.match, times=ANY, language="ru", by=case.sitting)

    hers = actions.ask_for_call(enquiry=case.enquiry, times=ANY, language="tt", by=case.enquirer)

    assert hers.pk == own.pk
    assert (
        Call.objects.get(pk=hers.pk).language == "tt"
    )  # her page shows what she said, not what he did
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


def look(calling, after=timedelta()):
    """What her page looks like."""
    case = calling.case
    return [one.look for one in of_hers(case.enquiry, case.enquirer, timezone.now() + after)]


def test_her_page_says_nothing_new_until_the_lot_or_a_person_has_spoken(calling):
    case = calling.case
    _ = calling.agreed
    case.staff(Role.REGISTRAR)
    assert look(calling) == [Look.AGREED]

    point = transaction.savepoint()
    takes_back(case)
    assert look(calling) == [Look.AGREED]
    assert look(calling, timedelta(hours=2)) == [Look.OVER]
    transaction.savepoint_rollback(point)

    dies(case)
    for after in (timedelta(), timedelta(hours=3)):
        assert look(calling, after) == [Look.AGREED]
    actions.remind()
    assert not OutgoingMessage.objects.filter(page_of=case.enquiry).exists()
    contact = case.staff(Role.CONTACT)
    frozen = Freeze.objects.open().get()
    freezing.end_freeze(frozen=frozen, end=FreezeEnd.SPOKEN, by=contact)
    assert look(calling) == [Look.OVER]


def test_what_she_does_with_a_call_that_is_over_unknown_to_her_looks_as_always(calling):
    case = calling.case
    _ = calling.agreed
    takes_back(case)

    for does in (
        lambda call: actions.take_back_wish(call=call, by=case.enquirer),
        lambda call: actions.want_other_times(
            call=call, times=ANY, language="ru", by=case.enquirer
        ),
    ):
        point = transaction.savepoint()
        does(calling.call)
        after = look(calling)
        assert after in ([], [Look.KEPT])
        assert calling.call.reason == Reason.NOT_ALLOWED
        transaction.savepoint_rollback(point)


def test_a_reminder_the_day_before_holds_nothing_but_what_stands_in_every_message(calling):
    _ = calling.agreed
    Call.objects.update(starts_at=timezone.now() + timedelta(hours=20))

    assert (actions.remind(), actions.remind()) == (1, 0)

    message = OutgoingMessage.objects.select_related("key").get(page_of=calling.case.enquiry)
    invitation = OutgoingMessage.objects.exclude(invitation=None).select_related("key").get()
    words = written(message).get_content().split()
    assert " ".join(words) in " ".join(written(invitation).get_content().split())


def test_minutes_run_only_while_both_are_in_and_a_lost_line_gives_them_back(calling):
    _ = calling.open
    captive = calling.party(PartyKind.CAPTIVE)
    began = timezone.now() - timedelta(minutes=5)
    Call.objects.update(running_since=began)

    actions.disconnect(
        party=captive, connection=captive.connection, at=began + timedelta(minutes=4)
    )

    assert calling.call.running_since is None
    assert actions.seconds_left(calling.call) == 11 * 60
    actions.connect(party=captive, device=captive.device, connection=uuid4())
    assert actions.note_together(call=calling.call, together=True).running_since
    actions.stop_by_machine(call=calling.call, reason=Reason.LINE_LOST)
    old = calling.call
    job = ProcrastinateJob.objects.get(task_name="calls.give_back")
    for _ in range(2):
        actions.give_back(job.args["call_id"])
    new = Call.objects.get(instead_of=old)
    assert (new.state, new.minutes, new.captive) == (CallState.ASKED, 11, None)


def test_when_the_minutes_are_over_the_call_is_too(calling):
    _ = calling.open
    assert not actions.over_time()
    Call.objects.update(running_since=timezone.now() - timedelta(minutes=15))

    assert actions.stop_over_time() == 1
    assert calling.call.reason == Reason.TIME_OVER


def test_nobody_talks_for_long_unaccompanied(calling):
    _ = calling.open
    whoever = CallParty.objects.filter(call=calling.call, kind=PartyKind.SUPERVISOR)
    long_ago = timezone.now() - rules.ALONE_AT_MOST - timedelta(seconds=1)
    Call.objects.update(opened_at=long_ago)
    assert not actions.stop_left_alone()
    whoever.update(connection=None, seen_at=long_ago + timedelta(seconds=2))
    assert not actions.stop_left_alone()
    whoever.update(seen_at=long_ago)

    assert actions.stop_left_alone() == 1
    assert calling.call.reason == Reason.LINE_LOST
    assert ProcrastinateJob.objects.filter(task_name="calls.give_back").count() == 1


def test_a_call_by_telephone_is_accompanied_though_no_page_is_open(calling):
    _ = calling.open
    actions.note_by_telephone(call=calling.call, by=calling.supervisor)
    CallParty.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    Call.objects.update(opened_at=timezone.now() - timedelta(hours=1))

    assert not actions.stop_left_alone()


def test_a_call_nobody_opened_and_times_nobody_chose_are_cleared_away(calling):
    _ = calling.yes
    CallOffer.objects.update(starts_at=timezone.now() + timedelta(hours=11))
    assert actions.close_offers_passed() == 1
    assert calling.call.state == CallState.ASKED
    assert not CallOffer.objects.filter(closed_at=None).exists()


def test_a_supervisor_has_one_call_at_a_time_and_no_call_needs_an_interpreter(calling):
    other = Calling(Case())
    for one in (calling, other):
        _ = one.agreed
    Call.objects.update(starts_at=timezone.now() + timedelta(days=3))
    supervisor = calling.supervisor
    actions.assign(call=calling.call, supervisor=supervisor, interpreter=None, by=supervisor)

    with nothing_written(), pytest.raises(Refused, match=r"call\.busy"):
        actions.assign(call=other.call, supervisor=supervisor, interpreter=None, by=supervisor)


@pytest.mark.parametrize(("minutes", "is_given_back"), [(30, True), (45, False)])
def test_whoever_was_given_two_calls_before_their_times_keeps_one_in_an_hour(
    calling, minutes, is_given_back
):
    other = Calling(Case())
    supervisor, second = (calling.case.staff(Role.SUPERVISOR, number) for number in (1, 2))
    actions.assign(call=other.yes, supervisor=second, interpreter=supervisor, by=supervisor)
    actions.assign(call=calling.agreed, supervisor=supervisor, interpreter=None, by=supervisor)
    near = calling.call.starts_at + timedelta(minutes=minutes)
    CallOffer.objects.filter(call=other.call).update(starts_at=near)

    chosen = actions.choose_time(call=other.call, offer=other.offered[0].pk, by=other.case.enquirer)

    # The family's time stands; the desk reads that it is nobody's, and gives it to somebody.
    assert (chosen.state, chosen.starts_at) == (CallState.AGREED, near)
    waiting = Call.objects.visible_to(supervisor).unaccompanied()
    assert list(waiting) == [chosen] * is_given_back
    staff = CallParty.objects.filter(call=chosen, kind__in=rules.STAFF_KINDS)
    assert staff.count() == (0 if is_given_back else 2)
    given_back = Entry.objects.filter(action="call to be given to somebody anew")
    assert given_back.count() == is_given_back
    actions.assign(call=other.call, supervisor=second, interpreter=None, by=supervisor)
    assert not waiting.all().exists()
    assert calling.call.supervisor == supervisor


def test_only_a_reason_of_the_list_mutes_or_ends(calling):
    _ = calling.open
    family, supervisor = calling.party(PartyKind.FAMILY), calling.supervisor
    with nothing_written(), pytest.raises(Refused, match=r"call\.reason"):
        actions.mute(party=family, reason="she cried", by=supervisor)

    actions.mute(party=family, reason=Reason.PLACE, by=supervisor)

    assert calling.party(PartyKind.FAMILY).muted_at
    other = calling.case.staff(Role.SUPERVISOR, 2)
    with pytest.raises(CallParty.DoesNotExist):
        actions.stop(call=calling.call, reason=Reason.PLACE, by=other)


def test_whom_he_named_has_no_page_so_a_person_says_that_a_call_does_not_take_place(calling):
    case, contact = calling.case, calling.case.staff(Role.CONTACT)
    who = {"name": "Аглая", "reach": "+7 000", "question": "Кот?", "right_answer": "Дымок"}
    named = consents.name_person_to_tell(who=who, by=case.sitting)
    note_reached(named=named, outcome=ReachOutcome.TOLD, by=contact)
    own = actions.ask_for_call_himself(to=named, times=ANY, language="ru", by=case.sitting)
    _ = calling.slots
    to_call = Call.objects.visible_to(contact).to_call().filter(spoken_by=None)
    for called_off in (
        lambda: actions.seek_other_times(call=own, by=calling.supervisor),
        lambda: actions.cancel_call(call=own, reason=Reason.SITE_CANNOT, by=calling.supervisor),
    ):
        offers = actions.offer_times(call=own, by=calling.supervisor)
        actions.choose_time_for_her(call=own, offer=offers[0].pk, by=contact)

        called_off()

        assert [one.frozen_at is not None for one in to_call.all()] == [True]
        with nothing_written(), pytest.raises(Refused):
            actions.offer_times(call=own, by=calling.supervisor)
        actions.note_spoken(call=own, by=contact)
        assert not to_call.all().exists()


def test_a_worry_reaches_neutral_and_auditor_and_nobody_else(calling):
    _ = calling.open
    case = calling.case
    actions.stop(call=calling.call, by=case.sitting)
    said = actions.say_how_it_was(
        call=calling.call, how=How.HARD, worry="Он хромает.", by=case.enquirer
    )
    with pytest.raises(Refused, match=r"call\.answered"):
        actions.say_how_it_was(call=calling.call, how=How.GOOD, worry="", by=case.enquirer)

    sees = {role for role in CONSOLE_ROLES if AfterCall.objects.visible_to(case.staff(role))}

    assert sees == {Role.NEUTRAL, Role.AUDITOR}
    assert not AfterCall.objects.visible_to(case.sitting).exists()
    assert said.worry == "Он хромает."
