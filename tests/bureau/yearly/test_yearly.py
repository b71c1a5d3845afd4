"""A letter a year: wanted by her, the same for all, once, and never to who was told or mourns."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories import EnquirerFactory, EnquiryFactory, MatchFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers.models import Invitation, OutgoingMessage, Told
from wayhome.bureau.answers.rules import InvitationState
from wayhome.bureau.enquiries.announcements import enquiry_forgotten, who_is_left_in_peace
from wayhome.bureau.enquiries.models import Enquiry
from wayhome.bureau.enquiries.rules import Channel
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.oversight.clocks import all_late
from wayhome.bureau.oversight.rules import ClockKind
from wayhome.bureau.staff.permissions import CONSOLE_ROLES, Forbidden, Role
from wayhome.bureau.yearly import actions, rules
from wayhome.bureau.yearly.models import YearlyLetter, YearlyText, YearlyWish
from wayhome.bureau.yearly.rules import LANGUAGES, day_of_the_year
from wayhome.lib.refusal import Refused
from wayhome.web.console.forms.yearly import DRAFT
from wayhome.web.voice import forbidden_in, long_sentences

TODAY = timezone.localdate()
TEXTS = dict(DRAFT)


@pytest.mark.parametrize(
    ("asked", "today", "day"),
    [
        (date(2024, 5, 3), date(2025, 5, 2), None),
        (date(2024, 5, 3), date(2025, 5, 3), date(2025, 5, 3)),
        (date(2024, 5, 3), date(2025, 7, 2), date(2025, 5, 3)),
        (date(2024, 5, 3), date(2025, 7, 3), None),  # too late: the next one comes in a year
        (date(2022, 12, 20), date(2026, 1, 4), date(2025, 12, 20)),
        (date(2024, 2, 29), date(2025, 3, 1), date(2025, 3, 1)),
        (date(2024, 2, 29), date(2028, 2, 29), date(2028, 2, 29)),
        (date(2025, 5, 3), date(2025, 5, 3), None),
    ],
)
def test_on_which_day_another_year_is_full(asked, today, day):
    assert day_of_the_year(asked, today) == day


def test_the_draft_speaks_as_we_speak_to_families():
    for language in LANGUAGES:
        assert forbidden_in(DRAFT[language], language, "family") == []
        assert long_sentences(DRAFT[language]) == []
    assert [one.code for one in rules.why_not_write({**DRAFT, "ru": " "})] == ["yearly.no_text"]


@pytest.fixture
def contact(db):
    return StaffFactory(role=Role.CONTACT)


@pytest.fixture
def text(contact) -> YearlyText:
    written = actions.write_text(texts=TEXTS, by=contact)
    return actions.approve_text(text=written, by=StaffFactory(role=Role.CONTACT))


def waits(channel=Channel.NONE, years=1) -> Enquiry:
    told = {"channel": channel, "to": "mother@example.org"}
    enquirer = EnquirerFactory(contact=told)
    received = timezone.now() - timedelta(days=years * 365 + 2)
    one = EnquiryFactory(enquirer=enquirer, received_at=received)
    actions.say_wish(enquiry=one, wanted=True, by=enquirer)
    return one


def test_a_second_person_approves_what_every_family_reads(contact):
    written = actions.write_text(texts=TEXTS, by=contact)
    waits()
    assert actions.write_letters() == 0
    with pytest.raises(Refused, match=r"yearly\.own"), nothing_written():
        actions.approve_text(text=written, by=contact)
    for role in CONSOLE_ROLES - {Role.CONTACT}:
        with pytest.raises(Forbidden):
            actions.approve_text(text=written, by=StaffFactory(role=role))
    with pytest.raises(IntegrityError), transaction.atomic():
        YearlyText.objects.update(approved_by=contact, approved_at=timezone.now())


def test_each_gets_one_a_year_by_the_way_she_allowed_and_a_second_run_writes_none(text):
    mailed, called, comes_back = (waits(one) for one in (Channel.EMAIL, Channel.TELEPHONE,
                                                         Channel.NONE))  # fmt: skip
    EnquiryFactory(received_at=timezone.now() - timedelta(days=367))  # wants none
    waits(years=0)  # asked this year

    assert (actions.write_letters(), actions.write_letters()) == (3, 0)

    assert [one.page_of for one in OutgoingMessage.objects.all()] == [mailed]
    assert [one.enquiry for one in actions.to_call()] == [called]
    letter = YearlyLetter.objects.get(enquiry=comes_back)
    assert letter.said_in("ru") == TEXTS["ru"]
    late = list(all_late(timezone.now() + timedelta(days=15)))
    assert ClockKind.YEARLY_LETTER in {one.kind for one in late}
    by = StaffFactory(role=Role.CONTACT)
    with pytest.raises(Refused, match=r"yearly\.read"):
        actions.note_read_out(letter=letter, by=by)
    actions.note_read_out(letter=YearlyLetter.objects.get(enquiry=called), by=by)
    assert not actions.to_call()
    written = Entry.objects.get(action="yearly letters written")
    assert (written.purpose, written.person) == ("3", "")


def test_who_was_told_is_invited_or_mourns_gets_none_and_who_is_only_matched_does(text):
    """P5: nothing that she has not heard from a person changes whether the letter comes."""
    told, invited, mourns, matched = (waits() for _ in range(4))
    by = StaffFactory(role=Role.CONTACT)
    now = timezone.now()
    MatchFactory(enquiry=matched)
    match = MatchFactory(enquiry=told)
    for enquiry, state in ((told, InvitationState.TALKED), (invited, InvitationState.OPEN)):
        invitation = Invitation.objects.create(
            enquiry=enquiry, match=match if enquiry == told else None, channel=Channel.NONE,
            by=by, at=now, state=state,
        )  # fmt: skip
        if enquiry == told:
            Told.objects.create(
                invitation=invitation, match=match, key=told.key, said={}, by=by, at=now
            )

    with in_peace(mourns):
        actions.write_letters()

    assert list(YearlyLetter.objects.values_list("enquiry", flat=True)) == [matched.pk]


def test_no_clock_runs_for_a_letter_that_nobody_may_read_out_any_more(text):
    waiting, invited, mourns = (waits(Channel.TELEPHONE) for _ in range(3))
    actions.write_letters()
    by, now = StaffFactory(role=Role.CONTACT), timezone.now()
    Invitation.objects.create(enquiry=invited, channel=Channel.TELEPHONE, by=by, at=now)
    later = now + timedelta(days=15)

    with in_peace(mourns):
        assert [one.enquiry for one in actions.to_call()] == [waiting]
        late = [one for one in all_late(later) if one.kind == ClockKind.YEARLY_LETTER]
    assert [one.number for one in late] == [waiting.bureau_number]


@contextmanager
def in_peace(enquiry: Enquiry) -> Iterator[None]:
    """A board has decided on whom this family seeks."""

    def mourning(sender, **_):
        return {enquiry.pk}

    who_is_left_in_peace.connect(mourning)
    try:
        yield
    finally:
        who_is_left_in_peace.disconnect(mourning)


def test_she_takes_it_back_and_who_is_forgotten_is_called_no_more(text):
    one, other = waits(Channel.TELEPHONE), waits(Channel.TELEPHONE)
    stranger = EnquirerFactory()
    with pytest.raises(Enquiry.DoesNotExist):
        actions.say_wish(enquiry=one, wanted=False, by=stranger)
    actions.write_letters()
    actions.say_wish(enquiry=one, wanted=False, by=one.enquirer)
    enquiry_forgotten.send(Enquiry, enquiry=other, held=False)

    assert not YearlyWish.objects.exists()
    assert [letter.enquiry for letter in actions.to_call()] == [one]
    said = Entry.objects.filter(action="yearly letter wished", person=one.bureau_number)
    assert [entry.purpose for entry in said.order_by("at")] == ["yes", "no"]
