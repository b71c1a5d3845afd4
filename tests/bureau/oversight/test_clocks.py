"""The clock board: what runs, for whom, since when, and what stops it."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from tests.boards import decided
from tests.cases import Case
from tests.factories import CaptiveFactory, SiteFactory, StaffFactory
from tests.journeying import confirmed_today
from tests.traces import nothing_written
from wayhome.bureau.captives import actions as captives
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.rules import CustodyState, EventKind
from wayhome.bureau.concerns.actions import answer_complaint, complain
from wayhome.bureau.consents import actions as consents
from wayhome.bureau.consents.rules import Answer, Kind
from wayhome.bureau.contact import actions as contact
from wayhome.bureau.contact.rules import LetterKind
from wayhome.bureau.inquests.actions import ask_for_inquest
from wayhome.bureau.journeys.phones import note_heard
from wayhome.bureau.journeys.rules.convoy import EventKind as Told
from wayhome.bureau.matches.actions import ask_withdrawal, withdraw_match
from wayhome.bureau.matches.models import Match
from wayhome.bureau.oversight import clocks as board
from wayhome.bureau.oversight.clocks import late_by_kind, late_for, running_for
from wayhome.bureau.oversight.rules import DEADLINES, KIND_NAMES, SOON, Clock, ClockKind
from wayhome.bureau.repatriations.rules.offering import ANSWER_WITHIN as OFFER_WITHIN
from wayhome.bureau.repatriations.rules.requesting import DECIDE_WITHIN
from wayhome.bureau.returns.rules import Road
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role
from wayhome.bureau.welfare import actions as welfare
from wayhome.bureau.welfare.rules import EntryKind, Issuer, Line
from wayhome.lib.numbers import make

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (timedelta(seconds=-1), "late"),
        (timedelta(0), "soon"),
        (SOON - timedelta(seconds=1), "soon"),
        (SOON, "running"),
        (timedelta(days=3), "running"),
    ],
)
def test_what_a_clock_says(left, state):
    assert Clock(ClockKind.ASKED, "A-1", NOON, NOON + left).state(NOON) == state


def test_every_clock_has_a_deadline_and_words():
    assert set(DEADLINES) == set(KIND_NAMES) == set(ClockKind)
    assert {kind: deadline.within for kind, deadline in DEADLINES.items()} == {
        ClockKind.AUTHORITY: timedelta(hours=24),
        ClockKind.ASKED: timedelta(hours=72),
        ClockKind.NOTICE: timedelta(hours=24),
        ClockKind.LETTER: timedelta(days=2),
        ClockKind.UNREAD: timedelta(days=5),
        ClockKind.INSPECTION: timedelta(days=31),
        ClockKind.RIGHTS: timedelta(hours=24),
        ClockKind.FAMILY_CARD: timedelta(days=7),
        ClockKind.AGENCY_CARD: timedelta(days=7),
        ClockKind.WEEKLY_NOTE: timedelta(days=7),
        ClockKind.CERTIFICATE: timedelta(hours=72),
        ClockKind.RECEIPT: timedelta(hours=24),
        ClockKind.PARCEL: timedelta(hours=72),
        ClockKind.EFFECTS: timedelta(hours=72),
        ClockKind.DAY_BOOK: timedelta(hours=12),
        ClockKind.COMPLAINT: timedelta(days=7),
        ClockKind.PLAN: timedelta(days=1),
        ClockKind.REVIEW: timedelta(days=1),
        ClockKind.DEAD_OFFERED: OFFER_WITHIN,
        ClockKind.DEAD_ASKED_FOR: DECIDE_WITHIN,
        ClockKind.ON_THE_WAY: timedelta(minutes=30),
        ClockKind.INQUEST: timedelta(hours=24),
        ClockKind.INQUEST_REPORT: timedelta(days=30),
        ClockKind.YEARLY_LETTER: timedelta(days=14),
        ClockKind.DEATH_TO_TELL: timedelta(days=14),
    }


@pytest.fixture
def case(db) -> Case:
    return Case()


def kinds(person) -> list[ClockKind]:
    return [clock.kind for clock in running_for(person)]


@pytest.mark.slow
@pytest.mark.django_db
def test_until_an_authority_has_him_a_clock_runs_at_his_own_site(case):
    registrar = case.staff(Role.REGISTRAR)
    assert case.captive.authority_clock_from == case.captured.span.first  # not when it was typed
    elsewhere = StaffFactory(role=Role.CUSTODY, site=SiteFactory(code="B", name="Second"))
    assert ClockKind.AUTHORITY in kinds(registrar)
    assert not running_for(elsewhere)

    given = captives.Happening(
        EventKind.GIVEN_TO_AUTHORITY, at=timezone.now(), to_authority="комендатура"
    )
    captives.record_custody_event(captive=case.captive, happened=given, by=registrar)

    assert ClockKind.AUTHORITY not in kinds(registrar)


@pytest.mark.slow
@pytest.mark.django_db
def test_within_72_hours_of_a_match_he_is_asked_and_his_first_answer_stops_the_clock(case):
    match, neutral = case.match, case.staff(Role.NEUTRAL)
    clock = next(c for c in running_for(neutral) if c.kind == ClockKind.ASKED)
    assert clock.due_at - clock.started_at == timedelta(hours=72)
    assert clock.number == case.captive.bureau_number

    late = timezone.now() - timedelta(hours=80)
    Match.objects.update(confirmed_at=late)
    clock = next(c for c in running_for(neutral) if c.kind == ClockKind.ASKED)
    assert clock.state(timezone.now()) == "late"

    consents.answer(match=match, kind=Kind.LIVES, answer=Answer.NOT_NOW, by=case.sitting)
    assert ClockKind.ASKED not in kinds(neutral)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_withdrawn_match_stops_its_clock(case):
    neutral = case.staff(Role.NEUTRAL)
    ask_withdrawal(match=case.match, reason="не он", by=case.staff(Role.TRACING))
    assert ClockKind.ASKED in kinds(neutral)

    withdraw_match(match=case.match, by=case.staff(Role.TRACING, 2))

    assert ClockKind.ASKED not in kinds(neutral)


@pytest.mark.slow
@pytest.mark.django_db
def test_the_most_urgent_stands_first_and_looking_changes_nothing(case):
    _, second = case.match, Case().match
    assert second
    for role in sorted(CONSOLE_ROLES):
        person = StaffFactory(role=role)
        with nothing_written():
            clocks = running_for(person)
        assert [c.due_at for c in clocks] == sorted(c.due_at for c in clocks)


DUE_TO_HIM = {ClockKind.RIGHTS, ClockKind.FAMILY_CARD, ClockKind.AGENCY_CARD}
OF_WELFARE = {ClockKind.RECEIPT, ClockKind.PARCEL, ClockKind.EFFECTS, ClockKind.DAY_BOOK}
OF_INQUESTS = {ClockKind.INQUEST, ClockKind.INQUEST_REPORT}
OF_HEALTH = {ClockKind.INSPECTION, ClockKind.WEEKLY_NOTE, ClockKind.CERTIFICATE}
# None runs here; each has a test of its own.
ELSEWHERE = {
    ClockKind.REVIEW,
    ClockKind.ON_THE_WAY,
    ClockKind.DEAD_OFFERED,
    ClockKind.DEAD_ASKED_FOR,
    ClockKind.YEARLY_LETTER,
    ClockKind.DEATH_TO_TELL,
}
SEES = {
    Role.REGISTRAR: {ClockKind.AUTHORITY, ClockKind.NOTICE, *DUE_TO_HIM},
    Role.CUSTODY: {ClockKind.AUTHORITY, *DUE_TO_HIM, *OF_WELFARE},
    Role.WELFARE: {ClockKind.AUTHORITY, *DUE_TO_HIM, *OF_WELFARE},
    Role.PHYSICIAN: {ClockKind.AUTHORITY, *OF_HEALTH},
    Role.NEUTRAL: set(ClockKind) - {ClockKind.NOTICE, ClockKind.PLAN, *ELSEWHERE},
    Role.LEGAL: {ClockKind.AUTHORITY, ClockKind.NOTICE, ClockKind.PLAN, *OF_INQUESTS},
    Role.COORDINATOR: {ClockKind.PLAN},
    Role.AUDITOR: set(ClockKind) - ELSEWHERE,
}


def start_clocks_of_welfare(case) -> None:
    """Something of each kind is due: to him, and to another man who is gone."""
    welfare_officer, physician = case.staff(Role.WELFARE), case.staff(Role.PHYSICIAN)
    number = make("A", 700_001)  # one that the bureau itself gives to nobody here
    gone = CaptiveFactory(custody_state=CustodyState.RELEASED, bureau_number=number)
    watch = welfare.Written(
        EntryKind.TAKEN, (Line("годинник", Decimal(1)),), Issuer("майор Б.", "сержант В."), "ru",
        "на збереження",
    )  # fmt: skip
    welfare.enter_effects(captive=gone, written=watch, by=welfare_officer)
    now = timezone.now()
    welfare.note_parcel(captive=case.captive, sender="", arrived_at=now, by=welfare_officer)
    welfare.call_seriously_ill(captive=case.captive, by=physician)
    welfare.ask_certificate(captive=case.captive, language="ru", by=welfare_officer)
    ask_for_inquest(captive=case.captive, what="Синці на спині.", by=physician)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(CONSOLE_ROLES))
def test_who_sees_which_clock(case, role):
    _ = case.match
    to = contact.Addressee("Аглая", "Садовая, 3")
    contact.write_from_him(kind=LetterKind.CARD, to=to, text="Жив.", by=case.sitting)
    month_ago = timezone.now() - timedelta(days=25)
    Captive.objects.update(registered_at=month_ago)
    start_clocks_of_welfare(case)
    complain(text="Не дают бумаги.", by=case.sitting)
    assert Case(road=Road.END_OF_HOSTILITIES).ground

    assert set(kinds(StaffFactory(role=role))) == SEES.get(role, set())


@pytest.mark.slow
@pytest.mark.django_db
def test_all_that_are_late_are_counted_and_found_by_number_were_they_more_than_a_board_shows(
    case, monkeypatch
):
    monkeypatch.setattr(board, "MOST_OF_A_KIND", 1)
    now = captives.Captured(at=timezone.now(), by="патруль")
    first, second = Case(captured=now).captive, Case(captured=now).captive
    registrar = case.staff(Role.REGISTRAR)
    late = timezone.now() + timedelta(hours=25)

    shown = [c.number for c in running_for(registrar) if c.kind == ClockKind.AUTHORITY]
    assert shown == [first.bureau_number]
    found = running_for(registrar, number=second.bureau_number)
    assert {clock.number for clock in found} == {second.bureau_number}
    assert late_for(registrar, timezone.now()) == 0
    assert late_for(registrar, late) >= 2
    by_kind = late_by_kind(registrar, late)
    assert by_kind[ClockKind.AUTHORITY] == 2
    assert list(by_kind.values()) == sorted(by_kind.values(), reverse=True)
    assert sum(by_kind.values()) == late_for(registrar, late)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_clock_runs_for_a_question_that_nobody_may_ask(case):
    """She does not want him to know that she asks: nobody can be late with it."""
    neutral, match = case.staff(Role.NEUTRAL), case.match
    assert ClockKind.ASKED in kinds(neutral)

    match.enquiry.may_tell_him = False
    match.enquiry.save()

    assert ClockKind.ASKED not in kinds(neutral)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_letter_that_nobody_reads_is_late_for_auditor_and_neutral_until_it_is_read(case):
    to = contact.Addressee("Аглая", "Садовая, 3")
    letter = contact.write_from_him(
        kind=LetterKind.LETTER, to=to, text="Баярлалаа", by=case.sitting
    )
    auditor, neutral = case.staff(Role.AUDITOR), case.staff(Role.NEUTRAL)
    in_three_days = timezone.now() + timedelta(days=3)
    assert all(ClockKind.LETTER in kinds(person) for person in (auditor, neutral))
    late = late_for(auditor, in_three_days)

    contact.pass_letter(letter=letter, black_out=frozenset(), by=case.staff(Role.SUPERVISOR))

    assert ClockKind.LETTER not in kinds(auditor)
    assert late_for(auditor, in_three_days) == late - 1


@pytest.mark.slow
@pytest.mark.django_db
def test_whom_no_physician_weighed_for_a_month_is_late_until_he_is(case):
    physician = case.staff(Role.PHYSICIAN)
    physician.site = case.captive.site
    physician.save()
    Captive.objects.update(registered_at=timezone.now() - timedelta(days=32))
    late = late_for(physician, timezone.now())

    captives.note_health(captive=case.captive, note="болит зуб", by=physician)
    assert ClockKind.INSPECTION in kinds(physician)
    captives.note_health(captive=case.captive, note="", weight_kg=71.5, by=physician)

    assert ClockKind.INSPECTION not in kinds(physician)
    assert late_for(physician, timezone.now()) == late - 1


@pytest.mark.slow
@pytest.mark.django_db
def test_a_refusal_runs_until_the_day_is_over_on_which_it_is_looked_at_again(case):
    officer, on = case.staff(Role.DECISION), timezone.localdate() + timedelta(days=3)
    application, against = case.application, (False, False, False)
    decided(application, Road.EXCHANGE, officer, votes=against, review_on=on)
    [clock] = [one for one in running_for(officer) if one.kind == ClockKind.REVIEW]

    assert ClockKind.REVIEW in kinds(StaffFactory(role=Role.AUDITOR))
    assert ClockKind.REVIEW not in kinds(case.staff(Role.NEUTRAL))
    assert clock.number == case.captive.bureau_number
    assert clock.due_at.date() == on + timedelta(days=1)
    assert ClockKind.REVIEW not in late_by_kind(officer, clock.due_at)
    assert late_by_kind(officer, clock.due_at + timedelta(minutes=1))[ClockKind.REVIEW] == 1


@pytest.mark.django_db
def test_a_complaint_runs_until_it_is_answered(case):
    complaint = complain(text="Не дают бумаги.", by=case.sitting)
    auditor = StaffFactory(role=Role.AUDITOR)
    assert ClockKind.COMPLAINT in kinds(auditor)

    answer_complaint(complaint=complaint, text="Бумагу выдали.", by=auditor)

    assert ClockKind.COMPLAINT not in kinds(auditor)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_word_from_the_way_that_does_not_come_is_late_after_half_an_hour():
    journey, desk = confirmed_today(), StaffFactory(role=Role.COORDINATOR)
    now = timezone.now()
    for leg, hours in ((1, 0), (2, 5)):
        departs = now + timedelta(hours=hours, minutes=-20)
        arrives = departs + timedelta(hours=4)
        journey.legs.filter(number=leg).update(departs_at=departs, arrives_at=arrives)
    assert kinds(desk) == [ClockKind.ON_THE_WAY]
    assert late_by_kind(desk, now) == {}

    assert late_by_kind(desk, now + timedelta(minutes=11)) == {ClockKind.ON_THE_WAY: 1}
    note_heard(journey=journey, kind=Told.CHECK_IN, leg=1, by=desk)
    assert ClockKind.ON_THE_WAY not in kinds(desk)
