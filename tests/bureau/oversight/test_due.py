"""What is due, since when, to whom: time is moved by the test; what passes reaches the auditor."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.bureau.identifications.dead import identified
from tests.bureau.identifications.test_telling import family, told
from tests.factories import (
    CaptiveFactory,
    EnquiryFactory,
    HarmFlagFactory,
    MatchFactory,
    SiteFactory,
    StaffFactory,
)
from wayhome.bureau.captives.clocks import clocks_of
from wayhome.bureau.captives.models import Captive
from wayhome.bureau.captives.queries import CARDS_ANEW, times_of, waiting_for
from wayhome.bureau.captives.rules import CustodyState, DutyKind, EventKind
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Relation
from wayhome.bureau.journal.models import Entry as JournalEntry
from wayhome.bureau.oversight import actions as oversight
from wayhome.bureau.oversight.clocks import all_late, late_for, running_for
from wayhome.bureau.oversight.models import Overdue
from wayhome.bureau.oversight.rules import DEADLINES, ClockKind
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Role
from wayhome.bureau.welfare import actions as welfare
from wayhome.bureau.welfare.models import Certificate, DayPage, Entry, Illness, Parcel, WeeklyNote
from wayhome.bureau.welfare.rules import Condition, EntryKind, Issuer, Line, Meal, Treated

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KINDS = st.sampled_from(
    [EventKind.CAPTURED, EventKind.ARRIVED, EventKind.LEFT, EventKind.HOSPITAL, EventKind.ESCAPED]
)
HISTORY = st.lists(st.tuples(KINDS, st.integers(0, 30), st.booleans()), min_size=0, max_size=6)
DONE = st.lists(
    st.tuples(
        st.sampled_from([DutyKind.RIGHTS, DutyKind.FAMILY_CARD, DutyKind.AGENCY_CARD]),
        st.integers(0, 200),
    ),
    max_size=4,
)


def _happened(man: Captive, history: list[tuple[EventKind, int, bool]]) -> None:
    """Each event so many hours after the one before; of some only the day is known."""
    at = NOON
    for number, (kind, hours, only_day) in enumerate(history, start=1):
        at += timedelta(hours=hours)
        day = timezone.localtime(at).replace(hour=0, minute=0, second=0)
        man.custody_events.create(
            key=man.key, number=number, kind=kind,
            happened_at=None if only_day else at,
            happened_on=day.date().isoformat() if only_day else "",
            begins_at=day if only_day else None,
        )  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=HISTORY, done=DONE)
def test_the_board_asks_for_all_men_at_once_what_each_mans_page_says(db, history, done):
    """Two programs for one rule: the ledger of one man in Python, all men in the database."""
    man = CaptiveFactory(registered_at=NOON)
    _happened(man, history)
    for kind, hours in done:
        man.duty_notes.create(kind=kind, done_at=NOON + timedelta(hours=hours), language="ru")
    clocks = {clock.kind: clock for clock in clocks_of(times_of(man)) if not clock.done_at}

    board = {
        kind: waiting_for(kind, Captive.objects.filter(pk=man.pk))
        .values_list("due_since", flat=True).first()
        for kind in (DutyKind.RIGHTS, DutyKind.FAMILY_CARD, DutyKind.AGENCY_CARD)
    }  # fmt: skip

    for kind, since in board.items():
        clock = clocks.get(kind)
        assert since == (clock.started_at if clock else None), kind


def test_cards_are_due_anew_on_arrival_and_on_hospital():
    assert {EventKind.ARRIVED, EventKind.HOSPITAL} == CARDS_ANEW


def late(kind: ClockKind, at: datetime) -> list[str]:
    return [clock.number for clock in all_late(at) if clock.kind == kind]


def _taken(man: Captive) -> datetime:
    officer = StaffFactory(role=Role.WELFARE)
    issuer = Issuer("major B.", "sergeant V.")
    lines = (Line("watch", Decimal(1)),)
    written = welfare.Written(EntryKind.TAKEN, lines, issuer, "ru", "safety")
    return welfare.enter_effects(captive=man, written=written, by=officer).at


def _receipt(man: Captive) -> None:
    entry = Entry.objects.get(captive=man)
    welfare.sign_entry(entry=entry, by=StaffFactory(role=Role.CUSTODY))
    welfare.hand_receipt(entry=entry, by=StaffFactory(role=Role.WELFARE))


def _parcel(man: Captive) -> datetime:
    now, officer = timezone.now(), StaffFactory(role=Role.WELFARE)
    return welfare.note_parcel(captive=man, sender="", arrived_at=now, by=officer).arrived_at


def _opened(man: Captive) -> None:
    welfare.open_parcel(
        parcel=Parcel.objects.get(captive=man), before="himself", comrade="", removed=[],
        by=StaffFactory(role=Role.WELFARE),
    )  # fmt: skip


def _ill(man: Captive) -> datetime:
    return welfare.call_seriously_ill(captive=man, by=StaffFactory(role=Role.PHYSICIAN)).began_at


def _recovered(man: Captive) -> None:
    welfare.call_recovered(captive=man, by=StaffFactory(role=Role.PHYSICIAN))


def _asked(man: Captive) -> datetime:
    officer = StaffFactory(role=Role.WELFARE)
    return welfare.ask_certificate(captive=man, language="ru", by=officer).asked_at


def _issued(man: Captive) -> None:
    welfare.issue_certificate(
        certificate=Certificate.objects.get(captive=man),
        treated=Treated("wound", "stitches", timezone.localdate()),
        by=StaffFactory(role=Role.PHYSICIAN),
    )


STARTED_AND_MET = {
    ClockKind.RECEIPT: (_taken, _receipt),
    ClockKind.PARCEL: (_parcel, _opened),
    ClockKind.WEEKLY_NOTE: (_ill, _recovered),
    ClockKind.CERTIFICATE: (_asked, _issued),
}


@pytest.mark.parametrize("kind", STARTED_AND_MET)
def test_a_clock_of_welfare_is_late_a_moment_after_its_time_and_not_before(kind):
    begin, meet = STARTED_AND_MET[kind]
    man = CaptiveFactory()
    due_at = begin(man) + DEADLINES[kind].within

    assert late(kind, due_at) == []
    assert late(kind, due_at + timedelta(seconds=1)) == [man.bureau_number]
    meet(man)
    assert late(kind, due_at + timedelta(days=400)) == []


def test_of_the_seriously_ill_the_last_note_counts_and_eight_days_after_it_is_late():
    man, physician = CaptiveFactory(), StaffFactory(role=Role.PHYSICIAN)
    welfare.call_seriously_ill(captive=man, by=physician)
    Illness.objects.update(began_at=timezone.now() - timedelta(days=30))
    note = welfare.note_week(captive=man, condition=Condition.SAME, note="", by=physician)

    assert late(ClockKind.WEEKLY_NOTE, note.at + timedelta(days=7)) == []
    assert late(ClockKind.WEEKLY_NOTE, note.at + timedelta(days=8)) == [man.bureau_number]
    assert WeeklyNote.objects.count() == 1


def test_what_is_held_for_a_man_who_is_gone_is_late_after_three_days():
    man = CaptiveFactory()
    _taken(man)
    in_a_year = timezone.now() + timedelta(days=365)
    assert late(ClockKind.EFFECTS, in_a_year) == []

    Captive.objects.filter(pk=man.pk).update(custody_state="escaped")
    man.custody_events.create(key=man.key, number=1, kind=EventKind.ESCAPED)

    gone = man.custody_events.get().recorded_at
    assert late(ClockKind.EFFECTS, gone + timedelta(hours=72)) == []
    assert late(ClockKind.EFFECTS, gone + timedelta(hours=73)) == [man.bureau_number]


def test_a_family_of_whom_a_board_named_is_late_until_a_person_has_told_it():
    identification, enquiry = family()
    later, friend = EnquiryFactory(), EnquiryFactory(relation=Relation.FRIEND)
    flagged = MatchFactory(captive__custody_state=CustodyState.DEAD)
    HarmFlagFactory(captive=flagged.captive)
    for each in (later, friend, flagged.enquiry):  # nobody may tell the last two
        identified(enquiry=each)
    decided, kind = identification.decided_at, ClockKind.DEATH_TO_TELL
    Enquiry.objects.filter(pk=later.pk).update(received_at=decided + timedelta(days=3))
    fortnight = timedelta(days=14)

    assert late(kind, decided + fortnight) == []
    assert late(kind, decided + fortnight + timedelta(days=1)) == [enquiry.bureau_number]
    assert len(late(kind, decided + timedelta(days=18))) == 2
    contact = StaffFactory(role=Role.CONTACT)
    clocks = running_for(contact, number=enquiry.bureau_number.lower())
    assert [(one.kind, one.started_at) for one in clocks] == [(kind, decided)]
    assert late_for(contact, decided + timedelta(days=15)) == 1
    assert kind not in {one.kind for one in running_for(StaffFactory(role=Role.TRACING))}

    told(identification, enquiry)

    assert [one.number for one in running_for(contact)] == [later.bureau_number]


def test_a_day_book_is_due_from_the_end_of_the_last_day_without_a_page():
    two_days = timedelta(days=2)
    man = CaptiveFactory(registered_at=timezone.now() - two_days)
    empty = SiteFactory(code="B", name="Nobody is held here")
    officer = StaffFactory(role=Role.WELFARE)
    now = timezone.now()
    assert late(ClockKind.DAY_BOOK, now) == [man.site.code]
    assert empty.code not in late(ClockKind.DAY_BOOK, now)

    today = timezone.localdate()
    counts = {**dict.fromkeys(Meal), Meal.TEA: 1}
    welfare.keep_day(on=today, counts=counts, by=officer)
    assert late(ClockKind.DAY_BOOK, now) == []
    DayPage.objects.update(on=today - timedelta(days=3))

    (clock,) = [each for each in running_for(officer) if each.kind == ClockKind.DAY_BOOK]
    assert clock.started_at.date() == today - timedelta(days=1)
    assert clock.due_at - clock.started_at == timedelta(hours=12)


def test_what_passed_reaches_the_auditor_once_and_says_when_it_was_met():
    man = CaptiveFactory(registered_at=timezone.now() - timedelta(hours=1))
    _parcel(man)
    later = timezone.now() + timedelta(days=4)

    new = oversight.tell_overdue(later)
    assert oversight.tell_overdue(later) == 0

    told = Overdue.objects.get(kind=ClockKind.PARCEL)
    assert new == Overdue.objects.count()
    assert (told.number, told.met_at) == (man.bureau_number, None)
    assert JournalEntry.objects.filter(action="deadline passed", purpose="parcel: 1").count() == 1
    _opened(man)
    oversight.tell_overdue(later + timedelta(hours=1))
    told.refresh_from_db()
    assert told.met_at == later + timedelta(hours=1)
    assert not Overdue.objects.not_met().filter(kind=ClockKind.PARCEL).exists()


def test_nobody_but_the_auditor_reads_what_passed():
    _parcel(CaptiveFactory())
    oversight.tell_overdue(timezone.now() + timedelta(days=4))

    seen = {
        role
        for role in CONSOLE_ROLES
        if Overdue.objects.visible_to(StaffFactory(role=role)).exists()
    }

    assert seen == {Role.AUDITOR}


MARCH = timezone.make_aware(datetime(2022, 3, 1, 10))


def arrived(man: Captive, at: datetime) -> None:
    man.custody_events.create(
        key=man.key, number=man.custody_events.count() + 1, kind=EventKind.ARRIVED, happened_at=at
    )


def test_cards_not_offered_within_a_week_of_his_arrival_are_late_a_minute_after_it():
    man = CaptiveFactory(registered_at=MARCH)
    arrived(man, MARCH)
    week = timedelta(days=7)

    assert late(ClockKind.AGENCY_CARD, MARCH + week) == []
    assert late(ClockKind.AGENCY_CARD, MARCH + week + timedelta(minutes=1)) == [man.bureau_number]


def test_the_agencys_card_is_still_offered_to_who_declined_his_familys_and_both_anew_elsewhere():
    man, later = CaptiveFactory(registered_at=MARCH), MARCH + timedelta(days=20)
    arrived(man, MARCH)
    man.duty_notes.create(kind=DutyKind.FAMILY_CARD, outcome="declined", done_at=MARCH)
    assert late(ClockKind.FAMILY_CARD, later) == []
    assert late(ClockKind.AGENCY_CARD, later) == [man.bureau_number]

    arrived(man, later)

    assert late(ClockKind.FAMILY_CARD, later + timedelta(days=8)) == [man.bureau_number]


def test_who_is_in_custody_no_more_is_told_no_rights_and_offered_no_cards():
    CaptiveFactory(registered_at=MARCH, custody_state="released")

    due = {clock.kind for clock in all_late(timezone.now())}

    assert not due & {ClockKind.RIGHTS, ClockKind.FAMILY_CARD, ClockKind.AGENCY_CARD}
