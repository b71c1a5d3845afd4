"""What a family tells, corrects and takes back, and how she comes in again."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.cases import BY_EMAIL, PIN, SECOND_PIN, THINGS, Case
from tests.factories import EnquirerFactory, StaffFactory
from tests.traces import nothing_written
from wayhome.bureau.answers.models import Invitation, OutgoingMessage
from wayhome.bureau.answers.rules import InvitationState, MessageState
from wayhome.bureau.enquiries import actions
from wayhome.bureau.enquiries.models import Draft, Enquirer, Enquiry
from wayhome.bureau.enquiries.rules import (
    DRAFT_KEPT_FOR,
    LOCKED_FOR,
    TRIES,
    Channel,
    Contact,
    EnquiryState,
    Party,
    Relation,
    Sought,
    Source,
    Thing,
)
from wayhome.bureau.exchange.models import Notice
from wayhome.bureau.exchange.rules import NoticeKind, Route
from wayhome.bureau.handovers.models import Act
from wayhome.bureau.handovers.rules import ActState
from wayhome.bureau.journal.models import Entry
from wayhome.bureau.matches.models import Match
from wayhome.bureau.persons.models import PersonKey
from wayhome.bureau.returns.models import Application, Appointment
from wayhome.bureau.returns.rules import ApplicationState
from wayhome.bureau.staff.permissions import Forbidden, Role
from wayhome.lib.numbers import is_valid
from wayhome.lib.refusal import Refused

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
SECRET_WORD = "Жимолостка"


@pytest.fixture
def case() -> Case:
    return Case()


def raw(table: str) -> str:
    """Everything that stands in a table, as the database's own files have it."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT string_agg(convert_from(t::text::bytea, 'UTF8'), ' ') FROM {table} t"
        )
        return str(cursor.fetchone()[0])


def test_an_enquiry_has_a_number_a_code_and_an_entry(case):
    made = actions.make_enquiry(particulars=case.told_at_first, by=None)

    assert is_valid(made.enquiry.bureau_number)
    assert made.code.bit_length() > 64
    entry = Entry.objects.get()
    assert (entry.action, entry.person, entry.purpose) == (
        "enquiry made", made.enquiry.bureau_number, "portal",
    )  # fmt: skip
    kept = Enquiry.objects.get()
    assert kept.as_received["sought"]["surname"] == case.surname
    assert kept.three_things == actions.things_as_json(THINGS)
    assert not Notice.objects.exists()


@pytest.mark.parametrize("party", list(Party))
def test_only_their_own_are_asked_for_through_the_agency(case, party):
    told = replace(case.told_at_first, party=party)

    made = actions.make_enquiry(particulars=told, by=None)

    ours = party in (Party.OWN_SOLDIER, Party.OWN_CIVILIAN)
    assert made.enquiry.state == (EnquiryState.FOR_AGENCY if ours else EnquiryState.OPEN)
    notices = list(Notice.objects.values_list("kind", "route"))
    assert notices == ([(NoticeKind.ENQUIRY, Route.AGENCY)] if ours else [])


def test_what_only_she_and_he_know_is_unreadable_in_the_database(case):
    told = replace(
        case.told_at_first,
        enquirer_name=SECRET_WORD,
        three_things=(Thing(SECRET_WORD, SECRET_WORD),),
        contact=replace(BY_EMAIL, code_word=SECRET_WORD),
    )
    actions.make_enquiry(particulars=told, by=None)

    for table in ("enquiries_enquirer", "enquiries_enquiry", "journal_entry"):
        everything = raw(table)
        assert len(everything) > 100
        assert SECRET_WORD.encode().hex() not in everything
        assert SECRET_WORD not in everything


REFUSED = {
    "nobody is named": ({"sought": Sought(given="Прохор")}, "enquiry.nameless"),
    "a telephone without a number": ({"contact": Contact(Channel.TELEPHONE)}, "contact.number"),
    "an e-mail without an address": ({"contact": Contact(Channel.EMAIL)}, "contact.email"),
    "four things": ({"three_things": (Thing("?", "!"),) * 4}, "things.many"),
    "a question without an answer": ({"three_things": (Thing("?", ""),)}, "things.half"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refused_enquiry_leaves_no_trace(case, fault):
    changed, code = REFUSED[fault]
    told = replace(case.told_at_first, **changed)
    actions.default_site()

    with nothing_written(), pytest.raises(Refused, match=code):
        actions.make_enquiry(particulars=told, by=None)


@pytest.mark.parametrize("source", [Source.TELEPHONE, Source.PAPER])
def test_somebody_types_in_what_came_by_telephone_or_paper(case, source):
    told = replace(case.told_at_first, source=source)
    operator = StaffFactory(role=Role.OPERATOR)

    made = actions.make_enquiry(particulars=told, by=operator)

    assert made.enquiry.entered_by == operator
    assert Entry.objects.get().actor_id == operator.number


def test_a_line_of_a_file_that_came_before_is_left_out(case):
    tracing = StaffFactory(role=Role.TRACING)
    line = replace(case.told_at_first, source=Source.FILE, line_digest=b"1" * 32)

    first = actions.make_enquiries(particulars=[line, line], by=tracing)
    with nothing_written():
        again = actions.make_enquiries(particulars=[line], by=tracing)

    assert (len(first), len(again)) == (1, 0)


def test_a_correction_stands_beside_what_was_first_received(case):
    actions.correct_enquiry(
        enquiry=case.enquiry, by=case.enquirer, sought={"given": "Пров"}, relation=Relation.WIFE
    )

    kept = Enquiry.objects.select_related("key").get()
    assert kept.as_received["sought"]["given"] == "Прохор"
    assert kept.as_received["corrections"][0]["changed"] == {"given": "Пров", "relation": "wife"}
    assert (kept.given, kept.surname) == ("Пров", case.surname)
    assert Entry.objects.filter(action="enquiry corrected").count() == 1


def test_a_correction_of_nothing_writes_nothing(case):
    _ = case.made
    with nothing_written():
        actions.correct_enquiry(
            enquiry=case.enquiry, by=case.enquirer, sought={"given": "Прохор"}, three_things=THINGS
        )


def test_a_new_question_is_told_in_the_corrections_but_never_what(case):
    actions.correct_enquiry(
        enquiry=case.enquiry, by=case.enquirer, three_things=[Thing(SECRET_WORD, SECRET_WORD)]
    )

    kept = Enquiry.objects.select_related("key").get()
    assert SECRET_WORD not in str(kept.as_received)
    assert SECRET_WORD in str(kept.three_things)


def test_nobody_corrects_forgets_or_reaches_another_familys_enquiry(case):
    _ = case.made
    stranger = EnquirerFactory()
    attempts = (
        lambda: actions.correct_enquiry(enquiry=case.enquiry, by=stranger, sought={"given": "X"}),
        lambda: actions.forget_enquiry(enquiry=case.enquiry, by=stranger),
        lambda: actions.set_contact(enquirer=case.enquirer, by=stranger, contact=Contact()),
        lambda: actions.change_pin(enquirer=case.enquirer, by=stranger, pin_hash="x"),
    )
    for attempt in attempts:
        with nothing_written(), pytest.raises(Forbidden):
            attempt()


def test_her_pin_and_her_second_pin_both_open_and_are_known_apart(case):
    code = case.made.code

    assert not actions.find_enquirer(code_number=code, pin=PIN).under_second_pin
    assert actions.find_enquirer(code_number=code, pin=SECOND_PIN).under_second_pin
    assert actions.find_enquirer(code_number=code, pin="999999") is None
    assert actions.find_enquirer(code_number=code + 1, pin=PIN) is None
    # The journal does not tell which of the two she gave.
    came = Entry.objects.filter(action="came back")
    assert len(set(came.values_list("action", "purpose", "actor_id", "digest"))) == 1


def test_after_wrong_pins_the_door_stays_shut_for_a_while_even_to_the_right_one(case):
    code = case.made.code
    for _ in range(TRIES):
        assert actions.find_enquirer(code_number=code, pin="999999") is None

    assert actions.find_enquirer(code_number=code, pin=PIN) is None
    assert actions.find_enquirer(code_number=code, pin=SECOND_PIN) is None

    past = timezone.now() - timedelta(seconds=1)
    assert Enquirer.objects.get().locked_until < past + LOCKED_FOR + timedelta(minutes=1)
    Enquirer.objects.update(locked_until=past)
    assert actions.find_enquirer(code_number=code, pin=PIN)


def test_the_right_pin_makes_the_wrong_ones_forgotten(case):
    code = case.made.code
    for _ in range(3):
        for _ in range(TRIES - 1):
            actions.find_enquirer(code_number=code, pin="999999")
        assert actions.find_enquirer(code_number=code, pin=PIN)


def test_a_new_pin_shuts_out_the_old_one(case):
    code = case.made.code
    actions.change_pin(
        enquirer=case.enquirer, by=case.enquirer, pin_hash=actions.hash_pin("902834")
    )

    assert actions.find_enquirer(code_number=code, pin=PIN) is None
    assert actions.find_enquirer(code_number=code, pin="902834")
    assert actions.find_enquirer(code_number=code, pin=SECOND_PIN).under_second_pin


def test_a_forgotten_enquiry_cannot_be_read_by_anybody_any_more(case):
    case.__dict__["made"] = made = actions.make_enquiry(particulars=case.told_at_first, by=None)
    keys = {made.enquiry.key_id, made.enquirer.key_id}
    sealed = bytes(PersonKey.objects.get(pk=made.enquiry.key_id).wrapped)

    actions.forget_enquiry(enquiry=made.enquiry, by=made.enquirer)

    gone = PersonKey.objects.filter(pk__in=keys)
    assert all(key.wrapped is None and key.destroyed_at for key in gone)
    assert sealed.hex() not in raw("persons_personkey")
    kept = Enquiry.objects.get()
    assert kept.state == EnquiryState.FORGOTTEN
    assert not any(getattr(kept, column) for column in Enquiry.DESCRIBING)
    assert kept.as_received is None
    assert case.surname not in raw("enquiries_enquiry")
    assert actions.find_enquirer(code_number=made.code, pin=PIN) is None
    assert Entry.objects.filter(action="enquiry forgotten").count() == 1


def test_a_forgotten_enquiry_is_not_changed_or_forgotten_again(case):
    actions.forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    for again in (
        lambda: actions.forget_enquiry(enquiry=case.enquiry, by=case.enquirer),
        lambda: actions.correct_enquiry(
            enquiry=case.enquiry, by=case.enquirer, sought={"given": "Пров"}
        ),
    ):
        with nothing_written(), pytest.raises(Refused, match=r"enquiry\.forgotten"):
            again()


def test_whatever_rested_on_it_stops_when_an_enquiry_is_forgotten(case):
    _ = case.invitation, case.act
    message = case.message

    actions.forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    assert not Match.objects.standing().exists()
    assert Invitation.objects.get().state == InvitationState.STOPPED
    assert Application.objects.get().state == ApplicationState.WITHDRAWN
    assert not Appointment.objects.filter(cancelled_at=None).exists()
    assert Act.objects.get().state == ActState.STOPPED
    assert OutgoingMessage.objects.get(pk=message.pk).state == MessageState.STOPPED


def test_what_a_named_duty_holds_is_kept_though_her_door_is_closed(case):
    _ = case.sealed

    actions.forget_enquiry(enquiry=case.enquiry, by=case.enquirer)

    kept = Enquiry.objects.select_related("key").get()
    assert kept.state == EnquiryState.FORGOTTEN
    assert kept.as_received["sought"]["surname"] == case.surname
    assert Entry.objects.get(action="enquiry forgotten").purpose == "act of return"
    assert actions.find_enquirer(code_number=case.made.code, pin=PIN) is None
    assert not Enquiry.objects.visible_to(case.enquirer).exists()


def test_a_draft_is_encrypted_grows_and_goes_with_its_key():
    draft = actions.open_draft()
    actions.keep_in_draft(draft=draft, answers={"name": {"surname": SECRET_WORD}})
    actions.keep_in_draft(draft=draft, answers={"born": "1999"})

    kept = Draft.objects.select_related("key").get()
    assert kept.answers == {"name": {"surname": SECRET_WORD}, "born": "1999"}
    assert SECRET_WORD.encode().hex() not in raw("enquiries_draft")
    assert not Entry.objects.exists()

    actions.drop_draft(draft=kept)
    assert not Draft.objects.exists()
    assert not PersonKey.objects.exists()


def test_drafts_that_nobody_comes_back_to_are_not_kept():
    old, new = actions.open_draft(), actions.open_draft()
    past = timezone.now() - DRAFT_KEPT_FOR - timedelta(minutes=1)
    Draft.objects.filter(pk=old.pk).update(changed_at=past)

    assert actions.drop_old_drafts() == 1
    assert list(Draft.objects.values_list("pk", flat=True)) == [new.pk]
