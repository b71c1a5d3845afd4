"""The invitation, the talk, what was said, and what was wrong."""

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from tests.cases import BY_EMAIL, Case
from tests.factories import HarmFlagFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers import actions, rules
from wayhome.bureau.answers.composing import compose
from wayhome.bureau.answers.models import Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import (
    MESSAGE_MAY_FOLLOW,
    MESSAGE_STATE_NAMES,
    InvitationState,
    MessageState,
)
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Kind
from wayhome.bureau.enquiries.rules import Channel, Contact
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CHANNELS = {
    Channel.NONE: Contact(),
    Channel.TELEPHONE: Contact(Channel.TELEPHONE, "+380000000000"),
    Channel.EMAIL: BY_EMAIL,
}


@pytest.fixture
def case() -> Case:
    return Case()


def withdrawn(case: Case) -> None:
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))


def jobs() -> list[str]:
    sends = ProcrastinateJob.objects.filter(task_name="answers.send_message")
    return [job.args["message_id"] for job in sends]


@pytest.mark.parametrize("channel", list(Channel))
def test_she_is_invited_only_where_she_allowed(channel):
    case = Case(contact=CHANNELS[channel])

    invitation = case.invitation

    assert invitation.channel == channel
    letters = [str(message.pk) for message in OutgoingMessage.objects.all()]
    assert len(letters) == (channel == Channel.EMAIL)
    assert jobs() == letters
    assert Entry.objects.filter(action="family invited").count() == 1


def test_the_number_of_a_letter_is_fixed_before_any_try_and_its_address_unreadable(case):
    message = case.message

    assert message.state == MessageState.WRITTEN
    assert message.tried_at is None
    assert message.message_id.startswith("<")
    assert message.to == BY_EMAIL.to
    assert case.enquiry.bureau_number not in message.message_id


def _harm(case: Case) -> None:
    HarmFlagFactory(captive=case.captive)


def _takes_back(case: Case) -> None:
    consents.withdraw(match=case.match, kind=Kind.LIVES, by=case.sitting)


def _died(case: Case) -> None:
    clerk = case.staff(Role.REGISTRAR)
    happened = captives.Happening(EventKind.DIED, on="2022-05-01")
    captives.record_custody_event(captive=case.captive, happened=happened, by=clerk)


def _invited(case: Case) -> None:
    _ = case.invitation


def _told(case: Case) -> None:
    _ = case.told


AGAINST = {
    "a harm flag": (_harm, "consents.harm"),
    "his no": (_takes_back, "consents.no_yes"),
    "his death": (_died, "consents.state"),
    "a withdrawn match": (withdrawn, "consents.no_match"),
    "an open invitation": (_invited, "answers.invited"),
    "a talk that was held": (_told, "answers.told"),
}


@pytest.mark.parametrize("what", AGAINST)
def test_what_stands_against_an_invitation(case, what):
    happens, code = AGAINST[what]
    _ = case.verdict, case.consented
    happens(case)

    codes = [refusal.code for refusal in actions.why_not_invite_for(case.match)]
    assert code in codes
    contact = case.staff(Role.CONTACT)
    with nothing_written(), pytest.raises(Refused, match=code.replace(".", r"\.")):
        actions.invite(match=case.match, by=contact)


@pytest.mark.parametrize("what", ["a harm flag", "his no", "his death", "a withdrawn match"])
def test_nothing_is_told_in_a_talk_once_something_stands_against_it(case, what):
    happens, _ = AGAINST[what]
    invitation, contact = case.invitation, case.staff(Role.CONTACT)
    happens(case)

    assert compose(case.match).said == {}
    with nothing_written(), pytest.raises(Refused):
        actions.note_told(invitation=invitation, by=contact)


def test_what_was_told_is_what_he_allowed_at_that_moment(case):
    _ = case.invitation
    consents.withdraw(match=case.match, kind=Kind.CALLS, by=case.sitting)

    said = case.told.said

    assert (said["letters"], said["calls"]) == (True, False)
    assert said["alive_on"]
    assert Invitation.objects.get().state == InvitationState.TALKED
    with nothing_written(), pytest.raises(Refused, match=r"answers\.not_open"):
        actions.note_told(invitation=case.invitation, by=case.staff(Role.CONTACT))


def test_a_withdrawn_match_stops_the_invitation_and_its_letter(case):
    _ = case.invitation

    withdrawn(case)

    assert Invitation.objects.get().state == InvitationState.STOPPED
    assert case.message.state == MessageState.STOPPED


def test_what_was_told_wrongly_is_withdrawn_and_a_person_tells_her_once(case):
    told, contact = case.told, case.staff(Role.CONTACT)
    with nothing_written(), pytest.raises(Refused):
        actions.note_withdrawal_told(told=told, by=contact)

    withdrawn(case)

    assert list(actions.everyone_told(case.match)) == [told]
    assert actions.owes_a_correction(case.enquiry)
    actions.note_withdrawal_told(told=told, by=contact)
    assert Told.objects.get().withdrawal_told_by == contact
    assert not actions.owes_a_correction(case.enquiry)
    with nothing_written(), pytest.raises(Refused):
        actions.note_withdrawal_told(told=told, by=contact)


SETTLES = {MessageState.UNKNOWN, MessageState.REFUSED}


@pytest.mark.parametrize("again", [False, True])
@pytest.mark.parametrize("state", list(MessageState))
def test_a_person_decides_only_where_the_machine_cannot_know(case, state, again):
    message, contact = case.message, case.staff(Role.CONTACT)
    OutgoingMessage.objects.update(state=state)
    before = len(jobs())

    if state not in SETTLES:
        with nothing_written(), pytest.raises(Refused, match=r"answers\.not_unknown"):
            actions.settle_message(message=message, again=again, by=contact)
        return
    settled = actions.settle_message(message=message, again=again, by=contact)

    assert settled.state == (MessageState.WRITTEN if again else MessageState.SETTLED)
    assert settled.settled_by == contact
    assert len(jobs()) == before + again


def test_nobody_sends_a_letter_again_once_its_invitation_was_stopped(case):
    message, contact = case.message, case.staff(Role.CONTACT)
    OutgoingMessage.objects.update(state=MessageState.UNKNOWN)
    withdrawn(case)

    with nothing_written(), pytest.raises(Refused, match=r"answers\.not_open"):
        actions.settle_message(message=message, again=True, by=contact)
    assert actions.settle_message(message=message, again=False, by=contact)


def test_only_whoever_tells_families_invites_tells_and_settles(case):
    _ = case.invitation
    for role in (Role.TRACING, Role.NEUTRAL, Role.LEGAL, Role.ADMINISTRATOR, Role.AUDITOR):
        other = StaffFactory(role=role)
        for act in (
            lambda by: actions.invite(match=case.match, by=by),
            lambda by: actions.note_told(invitation=case.invitation, by=by),
            lambda by: actions.settle_message(message=case.message, again=False, by=by),
        ):
            with nothing_written(), pytest.raises(Forbidden):
                act(other)


def test_every_state_of_a_letter_has_a_name_and_stands_in_the_table():
    assert set(MESSAGE_MAY_FOLLOW) == set(MESSAGE_STATE_NAMES) == set(MessageState)
    by_person = {s for s, after in MESSAGE_MAY_FOLLOW.items() if MessageState.SETTLED in after}
    assert by_person == rules.BY_A_PERSON
    assert {s for s, after in MESSAGE_MAY_FOLLOW.items() if MessageState.TRYING in after} == {
        MessageState.WRITTEN
    }
