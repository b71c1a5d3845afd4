"""A match is withdrawn: all that rested on it stops in that moment, everyone told is listed."""

import pytest
from django.db import connection, transaction

from tests.cases import Case
from tests.factories import StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers.actions import everyone_told, why_not_invite_for
from wayhome.bureau.answers.models import Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import InvitationState, MessageState
from wayhome.bureau.consents.models import Consent, ThingsAnswer
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.matches.announcements import match_withdrawn
from wayhome.bureau.matches.models import Candidate, Match
from wayhome.bureau.matches.rules import CandidateState
from wayhome.bureau.relations.models import KinshipVerdict
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    """Everything that can rest on a match does."""
    case = Case()
    _ = case.told, case.act
    assert standing(case) == STOOD
    return case


def standing(case: Case) -> dict[str, int]:
    """How much of what rests on the match is in force."""
    match = case.match
    return {
        "match": Match.objects.standing().filter(pk=match.pk).count(),
        "kinship": KinshipVerdict.objects.standing().filter(match=match).count(),
        "consents": Consent.objects.filter(match=match, stopped_at=None).count(),
        "answers": ThingsAnswer.objects.filter(match=match, stopped_at=None).count(),
        "told": Told.objects.filter(match=match, withdrawn_at=None).count(),
        "roads": Application.objects.filter(state=ApplicationState.GRANTED).count(),
        "days": Appointment.objects.filter(cancelled_at=None).count(),
        "acts": Act.objects.filter(state=ActState.PREPARED).count(),
    }


STOOD = {"match": 1, "kinship": 1, "consents": 7, "answers": 1, "told": 1, "roads": 1, "days": 1,
         "acts": 1}  # fmt: skip


def withdraw(case: Case) -> None:
    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))
    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))


def test_everything_that_rested_on_it_stops_and_everyone_told_is_listed(case):
    withdraw(case)

    assert not any(standing(case).values())
    assert [told.invitation.enquiry for told in everyone_told(case.match)] == [case.enquiry]
    assert Candidate.objects.get().state == CandidateState.DISAGREED
    assert Application.objects.get().captive is None
    told = Entry.objects.filter(action__in=["withdrawal asked", "match withdrawn"]).order_by("at")
    by = [case.staff(Role.TRACING).number, case.staff(Role.TRACING, 2).number]
    assert list(told.values_list("actor_id", flat=True)) == by


def test_an_invitation_that_was_open_stops_with_its_letter():
    case = Case()
    _ = case.invitation

    withdraw(case)

    assert Invitation.objects.get().state == InvitationState.STOPPED
    assert OutgoingMessage.objects.get().state == MessageState.STOPPED
    assert "consents.no_match" in [r.code for r in why_not_invite_for(case.match)]


def test_it_is_one_step_or_none(case):
    """Whoever listens last and fails takes everything with them."""

    def fail(sender, **_):
        assert connection.in_atomic_block
        raise RuntimeError

    ask_withdrawal(match=case.match, reason="другой человек", by=case.staff(Role.TRACING))
    second = case.staff(Role.TRACING, 2)
    match_withdrawn.connect(fail)
    try:
        with nothing_written(), pytest.raises(RuntimeError), transaction.atomic():
            withdraw_match(match=case.match, by=second)
    finally:
        match_withdrawn.disconnect(fail)

    assert standing(case) == STOOD


def test_a_refused_withdrawal_leaves_no_trace(case):
    one, two = case.staff(Role.TRACING), case.staff(Role.TRACING, 2)
    with nothing_written(), pytest.raises(Refused, match=r"matches\.not_asked"):
        withdraw_match(match=case.match, by=one)
    with nothing_written(), pytest.raises(Refused, match=r"matches\.reason"):
        ask_withdrawal(match=case.match, reason=" ", by=one)
    ask_withdrawal(match=case.match, reason="не он", by=one)
    with nothing_written(), pytest.raises(Refused, match=r"matches\.asked"):
        ask_withdrawal(match=case.match, reason="не он", by=two)
    with nothing_written(), pytest.raises(Refused, match=r"matches\.second"):
        withdraw_match(match=case.match, by=one)
    withdraw_match(match=case.match, by=two)
    with nothing_written(), pytest.raises(Refused, match=r"matches\.withdrawn"):
        withdraw_match(match=case.match, by=two)


@pytest.mark.parametrize("role", [Role.CONTACT, Role.NEUTRAL, Role.LEGAL, Role.DECISION])
def test_only_tracing_officers_withdraw(case, role):
    other = StaffFactory(role=role)
    for act in (
        lambda: ask_withdrawal(match=case.match, reason="не он", by=other),
        lambda: withdraw_match(match=case.match, by=other),
    ):
        with nothing_written(), pytest.raises(Forbidden):
            act()
