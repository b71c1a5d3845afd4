"""Something happened to him: no machine tells his family anything until a person spoke (P20)."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.cases import Case
from tests.traces import nothing_written
from wayhome.bureau.answers import actions as answers
from wayhome.bureau.answers import freezing
from wayhome.bureau.answers.models import Freeze, Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import FREEZE_CAUSES, FREEZE_ENDS, FreezeCause, FreezeEnd
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.rules import EventKind
from wayhome.bureau.enquiries.asking import ask_question_of_month
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.bureau.welfare.actions.illness import call_seriously_ill
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def case() -> Case:
    made = Case()
    made.staff(Role.CONTACT)
    return made


def happens(case: Case, kind: EventKind) -> None:
    on = timezone.localdate().isoformat()
    captives.record_custody_event(
        captive=case.captive,
        happened=captives.Happening(kind, on=on),
        by=case.staff(Role.REGISTRAR),
    )


def frozen(case: Case) -> Freeze:
    return Freeze.objects.open().get(match=case.match)


def contact(case: Case):
    return case.staff(Role.CONTACT)


@pytest.mark.parametrize("kind", sorted(freezing.CAUSE_OF))
def test_what_ends_his_captivity_elsewhere_freezes_his_family(case, kind):
    _ = case.match

    happens(case, kind)

    assert frozen(case).cause == freezing.CAUSE_OF[kind]
    assert freezing.is_frozen(case.enquiry)


def test_serious_illness_and_doubt_freeze_it_too(case):
    _ = case.match
    call_seriously_ill(captive=case.captive, by=case.staff(Role.PHYSICIAN))
    ask_withdrawal(match=case.match, reason="другой", by=case.staff(Role.TRACING))

    assert set(Freeze.objects.values_list("cause", flat=True)) == {"seriously ill", "doubt"}


def test_a_family_without_a_match_is_not_touched(case):
    _ = case.captive, case.enquiry
    happens(case, EventKind.DIED)

    assert not Freeze.objects.exists()


def test_what_was_not_sent_yet_never_goes_out(case):
    message = case.message
    assert message.state == "written"

    happens(case, EventKind.ESCAPED)

    assert OutgoingMessage.objects.get(pk=message.pk).state == "stopped"


def test_no_first_news_goes_its_usual_way_while_it_is_frozen(case):
    _ = case.verdict, case.consented
    call_seriously_ill(captive=case.captive, by=case.staff(Role.PHYSICIAN))
    with nothing_written(), pytest.raises(Refused, match=r"answers\.frozen"):
        answers.invite(match=case.match, by=contact(case))

    freezing.end_freeze(frozen=frozen(case), end=FreezeEnd.LOOKED_AT, by=contact(case))

    assert answers.invite(match=case.match, by=contact(case))


def test_of_a_death_she_is_invited_in_the_same_words_and_a_person_speaks(case):
    _ = case.verdict  # he said neither yes nor no; his no would end with his death (P7)
    happens(case, EventKind.DIED)
    one = frozen(case)
    with nothing_written(), pytest.raises(Refused, match=r"freeze\.not_invited"):
        freezing.end_freeze(frozen=one, end=FreezeEnd.SPOKEN, by=contact(case))

    invitation = freezing.invite_after(frozen=one, by=contact(case))
    with nothing_written(), pytest.raises(Refused, match=r"answers\.invited"):
        freezing.invite_after(frozen=one, by=contact(case))
    with nothing_written(), pytest.raises(Refused, match=r"freeze\.must_speak"):
        freezing.end_freeze(frozen=one, end=FreezeEnd.LOOKED_AT, by=contact(case))
    freezing.end_freeze(frozen=one, end=FreezeEnd.SPOKEN, by=contact(case))

    assert Invitation.objects.get(pk=invitation.pk).state == "talked"
    assert not freezing.is_frozen(case.enquiry)
    with nothing_written(), pytest.raises(Refused, match=r"freeze\.ended"):
        freezing.end_freeze(frozen=one, end=FreezeEnd.SPOKEN, by=contact(case))


def test_of_an_escape_nobody_is_told_whom_he_did_not_want_told(case):
    _ = case.verdict
    happens(case, EventKind.ESCAPED)
    one = frozen(case)
    with nothing_written(), pytest.raises(Refused, match=r"consents\.no_yes"):
        freezing.invite_after(frozen=one, by=contact(case))

    freezing.end_freeze(frozen=one, end=FreezeEnd.LOOKED_AT, by=contact(case))

    assert not freezing.is_frozen(case.enquiry)


def test_whoever_was_told_of_him_is_called_and_nothing_less(case):
    _ = case.told
    happens(case, EventKind.EXCHANGED)
    one = frozen(case)
    with nothing_written(), pytest.raises(Refused, match=r"freeze\.must_speak"):
        freezing.end_freeze(frozen=one, end=FreezeEnd.LOOKED_AT, by=contact(case))

    assert freezing.end_freeze(frozen=one, end=FreezeEnd.SPOKEN, by=contact(case)).ended_at


def test_a_harm_flag_closes_this_way_too(case):
    _ = case.told
    captives.set_harm_flag(captive=case.captive, reason="угрожают", by=case.staff(Role.NEUTRAL))
    happens(case, EventKind.DIED)

    with nothing_written(), pytest.raises(Refused, match=r"consents\.harm"):
        freezing.end_freeze(frozen=frozen(case), end=FreezeEnd.SPOKEN, by=contact(case))


def test_a_match_withdrawn_goes_to_the_desk_of_errors(case):
    _ = case.told
    ask_withdrawal(match=case.match, reason="другой", by=case.staff(Role.TRACING))
    one = frozen(case)

    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    one.refresh_from_db()
    assert one.end == FreezeEnd.MATCH_WITHDRAWN
    assert Told.objects.to_correct_for(case.enquiry).exists()


@pytest.mark.parametrize("told", [False, True])
def test_the_question_of_the_month_skips_the_frozen_only_once_they_were_told(case, told):
    _ = case.told if told else case.match
    happens(case, EventKind.DIED)

    ask_question_of_month()

    assert OutgoingMessage.objects.filter(asked__isnull=False).count() == (0 if told else 1)


def test_only_who_tells_families_sees_and_ends_a_freeze(case):
    _ = case.told
    happens(case, EventKind.DIED)
    one = frozen(case)
    others = [case.staff(role) for role in sorted(CONSOLE_ROLES - {Role.CONTACT})]
    with nothing_written():
        for somebody in others:
            assert not Freeze.objects.visible_to(somebody).exists()
            with pytest.raises(Forbidden):
                freezing.end_freeze(frozen=one, end=FreezeEnd.SPOKEN, by=somebody)


@pytest.mark.parametrize("broken", [{"end": "spoken"}, {"ended_at": timezone.now()}])
def test_the_database_wants_an_end_whole(case, broken):
    _ = case.told
    happens(case, EventKind.DIED)
    with pytest.raises(IntegrityError), transaction.atomic():
        Freeze.objects.update(**broken)


def test_every_cause_and_end_has_its_words():
    assert set(FREEZE_CAUSES) == set(FreezeCause)
    assert set(FREEZE_ENDS) == set(FreezeEnd)
